Feature: An area that DWP Visiting deems unsafe
  Nobody is sent where it is not safe, and the claimant loses nothing by it: the case goes on as if two visits had been
  ineffective.

  Background:
    Given it is 2026-06-01 15:00
    And a PIP claimant in Wales was referred for a visit on 2026-05-29 10:00

  @PIP-1U @PIP-5
  Scenario: The officer finds the area unsafe on calling
    When the Visiting Officer calls on 2026-06-01 14:00 and finds the area unsafe
    Then under PIP-1U fact 1 counts as "counts as two"
    And under PIP-5 the stage is "handed over"
    And the details go back to the CES Team and to the original referrer, on the strength of fact 1

  @PIP-1U @PIP-5 @R-UNSAFE-AREA
  Scenario: The area is deemed unsafe without anybody calling
    When DWP Visiting deems the area unsafe on 2026-06-01 14:00 without a visit
    Then the reply cites R-UNSAFE-AREA
    And under PIP-1U fact 1 counts as "counts as two"
    And under PIP-5 the stage is "handed over"

  @PIP-1U @PIP-5
  Scenario: The area is deemed unsafe while the first window runs, which takes effect at once
    Given the Visiting Officer called on 2026-06-01 14:00 and nobody answers, leaving the letter
    When it is 2026-06-03 12:00
    And DWP Visiting deems the area unsafe on 2026-06-03 11:00 without a visit
    Then under PIP-1U fact 2 counts as "counts as two"
    And under PIP-5 the stage is "handed over"
    And the details go back to the CES Team and to the original referrer, on the strength of facts 1 and 2

  @PIP-1U
  Scenario: An area deemed unsafe after the claimant was seen changes nothing
    Given the Visiting Officer called on 2026-06-01 14:00 and sees the claimant
    When it is 2026-06-02 12:00
    And DWP Visiting deems the area unsafe on 2026-06-02 11:00 without a visit
    Then fact 2 counts as "afterwards"
    And the stage is "ended visit effective"
    When fact 1 is corrected: it never happened
    Then under PIP-1U fact 2 counts as "counts as two"
