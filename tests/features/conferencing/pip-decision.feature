Feature: From the determination to the informed decision
  The case goes back to the Case Manager with the safeguarding steps noted, and the Case Manager decides on the full
  circumstances.

  Background:
    Given it is 2026-06-10 12:00
    And a PIP case was handed over to the CES Team after visits on 2026-06-01 14:00 and 2026-06-10 11:00
    And enquiries are complete

  @PIP-13 @PIP-17
  Scenario: Without a concern the case goes straight on to the closing note
    When the CES Team determines that there is no concern
    Then under PIP-13 at conferencing the stage is "closing note due"
    When the CES Team returns the case
    Then it is refused under PIP-17 at stage "closing note due"
    When the CES Team made the closing note on 2026-06-10 11:55
    Then at conferencing the stage is "return due"

  @PIP-17
  Scenario: A closing note made before all reasonable steps were taken does not count
    When the CES Team made the closing note on 2026-06-10 11:55
    Then the reply notes that "does not count as the closing note"
    When the CES Team determines that there is no concern
    And the CES Team returns the case
    Then it is refused under PIP-17 at stage "closing note due"

  @PIP-18
  Scenario: The Case Manager decides only on a file that was returned
    When the CES Team determines that there is no concern
    And the CES Team made the closing note on 2026-06-10 11:55
    And the Case Manager decides not to disallow
    Then it is refused under PIP-18 at stage "return due"
    When the CES Team returns the case
    Then at conferencing the stage is "decision due"
    And at conferencing the Case Manager owes "Decide on the full circumstances"
    When the Case Manager decides not to disallow
    Then at conferencing the stage is "decided"
    And at DWP Visiting the stage is "ended decided"

  @PIP-18
  Scenario: The case is not returned before a concern has come back from safeguarding
    When the CES Team determines that there is a concern
    Then at conferencing the stage is "escalated"
    When the CES Team returns the case
    Then it is refused under PIP-17 at stage "escalated"
    And it is refused under PIP-14 at stage "escalated"
    When the Case Manager decides to disallow
    Then it is refused under PIP-18 at stage "escalated"

  @R-RECONSIDERATION @PIP-18
  Scenario: A reconsideration opens the case again
    When the CES Team determines that there is no concern
    And the CES Team made the closing note on 2026-06-10 11:55
    And the CES Team returns the case
    And the Case Manager decides to disallow
    And the Case Manager reopens the case
    Then the reply cites R-RECONSIDERATION
    And at conferencing the stage is "determination due"
    And at DWP Visiting the stage is "handed over"
    When the Case Manager decides not to disallow
    Then it is refused under PIP-18 at stage "determination due"

  @PIP-10 @R-LEADER-ANY-STAGE
  Scenario: A concern is taken up before everything was looked at
    Given another PIP case was handed over to the CES Team after visits on 2026-06-01 14:00 and 2026-06-10 11:00
    When the CES Team determines, without being satisfied, that there is a concern
    Then at conferencing the stage is "escalated"
    And the reply cites R-LEADER-ANY-STAGE
    When the CES Team determines that there is a concern
    Then it is refused under PIP-10 at stage "escalated"

  @PIP-8 @PIP-9
  Scenario: What the CES Team owes since the case arrived is done before the case goes back
    Given another PIP case was handed over to the CES Team after visits on 2026-06-01 14:00 and 2026-06-10 11:00
    When the assurance check is complete
    And the CES Team decides that further information is not required
    And the CES Team determines that there is no concern
    And the CES Team made the closing note on 2026-06-10 11:55
    And the CES Team returns the case
    Then it is refused under PIP-8 at stage "return due"
    And it is refused under PIP-9 at stage "return due"
    And under PIP-8 at conferencing the CES Team owes "Note PIPCS (Person Home page"
    And under PIP-9 at conferencing the CES Team owes "Consider the Additional Support marker"
    When at conferencing the CES Team has done "Note PIPCS" on 2026-06-10 12:00 in PIPCS
    And the CES Team decides that the Additional Support marker is put on
    And the CES Team returns the case
    Then at conferencing the stage is "decision due"

  @PIP-18 @R-LATER-CONTACT
  Scenario: Nothing is taken from a claimant to whom nobody has listened
    When the CES Team determines that there is no concern
    And the CES Team made the closing note on 2026-06-10 11:55
    And the CES Team returns the case
    And the claimant rings the CES Team at conferencing on 2026-06-10 11:50
    Then the reply cites R-LATER-CONTACT
    And at conferencing the Case Manager owes "Consider what was said"
    When the Case Manager decides to disallow
    Then it is refused under PIP-18 at stage "decision due"
    And it is refused under R-LATER-CONTACT at stage "decision due"
    When at conferencing the Case Manager has done "Consider what was said" on 2026-06-10 12:00 in PIPCS
    And the Case Manager decides to disallow
    Then at conferencing the stage is "decided"

  @PIP-12
  Scenario: The case is not returned before it is determined whether there is a concern
    When the CES Team returns the case
    Then it is refused under PIP-12 at stage "determination due"

  @R-LATER-CONTACT
  Scenario: What is said later is considered before the case goes back
    When the claimant rings the referrer at conferencing on 2026-06-10 11:50
    Then the reply cites R-LATER-CONTACT
    When the CES Team returns the case
    Then it is refused under R-LATER-CONTACT at stage "determination due"
    When at conferencing the CES Team has done "Consider what was said" on 2026-06-10 12:00 in PIPCS
    And the CES Team determines that there is no concern
    And the CES Team made the closing note on 2026-06-10 11:55
    And the CES Team returns the case
    Then at conferencing the stage is "decision due"

  @R-DEATH-VERIFIED
  Scenario: Nothing is taken from a claimant who is said to have died before that is settled
    When the CES Team determines that there is no concern
    And the CES Team made the closing note on 2026-06-10 11:55
    And the CES Team returns the case
    And an officer reports the claimant's death
    And the Case Manager decides to disallow
    Then it is refused under R-DEATH-VERIFIED at stage "decision due"
    When an officer says that the report of the death was mistaken
    And the Case Manager decides to disallow
    Then at conferencing the stage is "decided"
