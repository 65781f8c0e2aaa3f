Feature: Guidance that changes while cases are open
  Each action is judged by the version of the guidance in force when it was taken, not when the case began, and the
  journal says which.

  Background:
    Given it is 2026-06-01 15:00
    And from 2026-06-03 00:00 a newer version of the PIP guidance allows 7 working days
    And a PIP claimant in England was referred for a visit on 2026-05-29 10:00

  @GEN-1
  Scenario: A case that began under the older version goes on under the newer one
    When it is 2026-06-03 15:00
    And the Visiting Officer calls on 2026-06-03 14:00 and nobody answers, leaving the letter
    Then under GEN-1 fact 1 is judged by version "pip/2"
    And the window was opened by version "pip/2"
    And the claimant has until the end of 2026-06-12

  @GEN-1
  Scenario: A window that runs keeps the version that opened it
    Given the Visiting Officer called on 2026-06-01 14:00 and nobody answers, leaving the letter
    When it is 2026-06-04 12:00
    And the claimant rings the CES Team on 2026-06-04 11:00
    Then the window was opened by version "pip/1"
    And the claimant has until the end of 2026-06-08
    And under GEN-1 fact 1 is judged by version "pip/1"
    And under GEN-1 fact 2 is judged by version "pip/2"

  @GEN-1
  Scenario: A fact that comes late is judged by the version in force when it happened
    When it is 2026-06-05 12:00
    And the Visiting Officer calls on 2026-06-02 14:00 and nobody answers, leaving the letter
    Then under GEN-1 fact 1 is judged by version "pip/1"
    And the claimant has until the end of 2026-06-09
    When the claimant rings the CES Team on 2026-06-05 11:00
    Then under GEN-1 fact 2 is judged by version "pip/2"
