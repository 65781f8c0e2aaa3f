Feature: Facts that come late, out of order, or wrong
  What happened is always recorded, with its real date. What the guidance makes of it is worked out from all the facts
  together, whatever the order they were recorded in.

  Background:
    Given it is 2026-06-01 15:00
    And a PIP claimant in England was referred for a visit on 2026-05-29 10:00

  @PIP-5
  Scenario: The second visit is recorded before the first
    When it is 2026-06-10 12:00
    And the Visiting Officer calls on 2026-06-10 11:00 and nobody answers, leaving the letter
    Then fact 1 counts as "first ineffective"
    When the Visiting Officer calls on 2026-06-01 14:00 and nobody is at home, leaving the letter
    Then fact 2 counts as "first ineffective"
    And fact 1 counts as "second ineffective"
    And under PIP-5 the stage is "handed over"
    And the details go back to the CES Team and to the original referrer, on the strength of facts 2 and 1

  @R-LATE-REASON @PIP-4
  Scenario: A fact recorded more than ten working days late states why
    When it is 2026-06-16 12:00
    And the Visiting Officer calls on 2026-06-01 14:00 and nobody answers, leaving the letter
    Then under R-LATE-REASON the request is not valid in "late_reason"
    When the Visiting Officer calls on 2026-06-01 14:00 and nobody answers, leaving the letter; recorded late
    Then fact 1 counts as "first ineffective"
    And under PIP-4 the stage is "second visit due"

  @PIP-2
  Scenario: On the tenth working day no reason is asked for
    When it is 2026-06-15 23:59
    And the Visiting Officer calls on 2026-06-01 14:00 and nobody answers, unable to leave the letter
    Then under PIP-2 the Visiting Officer owes "Post the letter"

  @PIP-1
  Scenario: A visit in the future, or before its referral, cannot have happened
    When the Visiting Officer calls on 2026-06-01 16:00 and nobody answers, leaving the letter
    Then the request is not valid in "visit.occurred_at"
    When the Visiting Officer calls on 2026-05-28 16:00 and nobody answers, leaving the letter
    Then the request is not valid in "visit.occurred_at"
    When the Visiting Officer calls on 2026-06-01 14:00 and nobody answers, leaving the letter
    Then under PIP-1 fact 1 counts as "first ineffective"

  @R-RECORDED-ALWAYS @PIP-1
  Scenario: A visit recorded as ineffective turns out to have been effective
    Given the Visiting Officer called on 2026-06-01 14:00 and nobody answers, leaving the letter
    When it is 2026-06-02 12:00
    And fact 1 is corrected: the Visiting Officer called on 2026-06-01 14:00 and sees the claimant
    Then the reply cites R-RECORDED-ALWAYS
    And fact 1 counts as "superseded"
    And under PIP-1 fact 2 counts as "effective"
    And no window for contact is open
    And the stage is "ended visit effective"

  @PIP-4
  Scenario: A wrong date is corrected, and the window with it
    Given the Visiting Officer called on 2026-06-01 14:00 and nobody answers, leaving the letter
    When it is 2026-06-08 12:00
    And fact 1 is corrected: the Visiting Officer called on 2026-05-29 14:00 and nobody answers, leaving the letter
    Then the claimant has until the end of 2026-06-05
    And under PIP-4 the stage is "second visit due"

  @R-SECOND-PERSON @PIP-5
  Scenario: A correction that would undo two ineffective visits needs a second person
    Given the Visiting Officer called on 2026-06-01 14:00 and nobody answers, leaving the letter
    When it is 2026-06-10 12:00
    And the Visiting Officer calls on 2026-06-10 11:00 and nobody answers, leaving the letter
    And fact 2 is corrected: it never happened
    Then the reply cites R-SECOND-PERSON
    And the reply notes that "until another person confirms it"
    And the case shows that the Visiting Officer said that fact 2 was recorded in error
    And the Visiting Officer owes "Confirm as a second person"
    And under PIP-5 the stage is "handed over"
    And fact 2 counts as "second ineffective"
    When payments ask whether they may stop the award
    Then under PIP-6 it is prohibited
    When the Visiting Officer confirms that it was recorded in error
    Then it is refused under R-SECOND-PERSON at stage "handed over"
    When another Visiting Officer confirms that it was recorded in error
    Then the reply cites R-SECOND-PERSON
    And fact 2 counts as "superseded"
    And the stage is "second visit due"
    And the claimant has until the end of 2026-06-08
    And nobody says that anything was recorded in error
    And the Visiting Officer does not owe "Confirm as a second person"
    And at conferencing the stage is "ended taken back"
