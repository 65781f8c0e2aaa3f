Feature: Contact after the first ineffective visit
  A PIP claimant who rings within five working days is listened to, the conversation is noted in PIPCS, and DWP Visiting
  is told whether it has to call again. One who does not ring is visited again.

  Background:
    Given it is 2026-06-01 15:00
    And a PIP claimant in England was referred for a visit on 2026-05-29 10:00
    And the Visiting Officer called on 2026-06-01 14:00 and nobody answers, leaving the letter

  @PIP-3
  Scenario: The claimant rings in time, and a note and a decision are owed
    When it is 2026-06-03 12:00
    And the claimant rings the CES Team on 2026-06-03 11:00
    Then fact 2 counts as "in time"
    And the stage is "second visit undecided"
    And under PIP-3 the CES Team owes "Complete a communications note in PIPCS"
    And under PIP-3 the CES Team owes "Tell DWP Visiting whether a second visit is needed"
    When the CES Team has done "Complete a communications note" on 2026-06-03 11:30 in PIPCS
    And the CES Team tells DWP Visiting that no second visit is needed
    Then the stage is "ended no second visit"
    And nothing is owed

  @PIP-3
  Scenario: The claimant rings in time and is to be visited again
    When it is 2026-06-03 12:00
    And the claimant rings the CES Team on 2026-06-03 11:00, and a second visit is needed
    Then under PIP-3 the stage is "second visit due"
    And under PIP-3 the CES Team owes "Complete a communications note in PIPCS"
    And the CES Team does not owe "Tell DWP Visiting"
    And the Visiting Officer owes "Attempt a second visit"

  @PIP-3
  Scenario: An attorney rings for the claimant in time
    When it is 2026-06-08 12:00
    And an attorney rings the CES Team on 2026-06-08 11:00, and no second visit is needed
    Then fact 2 counts as "in time"
    And under PIP-3 the CES Team owes "Complete a communications note in PIPCS"
    And the stage is "ended no second visit"

  @PIP-3
  Scenario: Whether a second visit is needed is for the CES Team to say
    When it is 2026-06-03 12:00
    And the claimant rings the Visiting Officer on 2026-06-03 11:00, and no second visit is needed
    Then it is refused under PIP-3 at stage "awaiting contact"
    When the claimant rings the Visiting Officer on 2026-06-03 11:00
    Then under PIP-3 the CES Team owes "Tell DWP Visiting whether a second visit is needed"

  @PIP-4
  Scenario: Whose call it was is for the CES Team to correct, where they have settled what follows from it
    When it is 2026-06-05 12:00
    And a neighbour rings the CES Team on 2026-06-04 11:00, and no second visit is needed
    Then the stage is "awaiting contact"
    When the Visiting Officer corrects fact 2: the claimant rang on 2026-06-04 11:00, and no second visit is needed
    Then it is refused under PIP-3 at stage "awaiting contact"
    When the CES Team corrects fact 2: the claimant rang on 2026-06-04 11:00, and no second visit is needed
    Then the stage is "ended no second visit"
    When the Visiting Officer corrects fact 3: a neighbour rang on 2026-06-04 11:00, and no second visit is needed
    Then it is refused under PIP-3 at stage "ended no second visit"
    When the CES Team corrects fact 3: a neighbour rang on 2026-06-04 11:00, and no second visit is needed
    Then the stage is "awaiting contact"
    When it is 2026-06-09 00:00
    Then under PIP-4 the stage is "second visit due"

  @PIP-4
  Scenario: A neighbour's call is not contact by the claimant
    When it is 2026-06-03 12:00
    And a neighbour rings the CES Team on 2026-06-03 11:00
    Then fact 2 counts as "not the customer"
    And the stage is "awaiting contact"
    When it is 2026-06-09 00:00
    Then under PIP-4 the stage is "second visit due"

  @PIP-4
  Scenario: Nobody rings within five working days
    When it is 2026-06-08 23:59:59
    Then the stage is "awaiting contact"
    When it is 2026-06-09 00:00
    Then under PIP-4 the stage is "second visit due"
    And the Visiting Officer owes "Attempt a second visit"

  @PIP-4
  Scenario: The claimant rings a day too late
    When it is 2026-06-09 12:00
    And the claimant rings the CES Team on 2026-06-09 11:00
    Then fact 2 counts as "not in time"
    And the reply notes that "The guidance prescribes nothing for contact outside the window"
    And under PIP-4 the stage is "second visit due"

  @PIP-3 @PIP-4
  Scenario: Contact in time that is recorded after the window still counts
    When it is 2026-06-09 12:00
    Then under PIP-4 the stage is "second visit due"
    When the claimant rings the CES Team on 2026-06-08 16:00
    Then fact 2 counts as "in time"
    And under PIP-3 the CES Team owes "Tell DWP Visiting whether a second visit is needed"
