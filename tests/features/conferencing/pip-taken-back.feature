Feature: What DWP Visiting takes back leaves nobody without an answer
  Where the referral was recorded in error the case ends. What came to light meanwhile is considered first, and whoever
  decided without knowing it considers whether the decision stands.

  Background:
    Given it is 2026-06-10 12:00
    And a PIP case was handed over to the CES Team after visits on 2026-06-01 14:00 and 2026-06-10 11:00

  @R-HOLD-UNTIL
  Scenario: A concern that nobody has considered stays with the CES Team until somebody has
    When an officer raises a concern that arose on 2026-06-10 11:30
    And the referrer withdraws the referral because it was recorded in error
    And the Visiting Officer confirms that it was recorded in error
    Then the stage is "ended withdrawn"
    And at conferencing the stage is "assurance"
    And under R-LATER-CONTACT at conferencing the CES Team owes "Consider the concern of 10 June 2026"
    When payments ask whether they may stop the award
    Then it is permitted
    And under R-HOLD-UNTIL the protection ended with "withdrawn"
    When at conferencing the CES Team has done "Consider the concern of 10 June 2026" on 2026-06-10 12:00 in PIPCS
    Then at conferencing the stage is "ended taken back"
    And at conferencing the CES Team does not owe "Consider the concern of 10 June 2026"

  @R-RECONSIDERATION
  Scenario: Whoever decided before the error was confirmed is asked to reconsider, once
    Given enquiries are complete
    When the referrer withdraws the referral because it was recorded in error
    And the CES Team determines that there is no concern
    And the CES Team made the closing note on 2026-06-10 12:00
    And the CES Team returns the case
    And the Case Manager decides to disallow
    And the Visiting Officer confirms that it was recorded in error
    Then at conferencing the stage is "decided"
    And under R-RECONSIDERATION at conferencing the Case Manager owes "Consider whether the decision is to be reconsidered"
    When the Case Manager reopens the case
    Then the reply cites R-RECONSIDERATION
    When the CES Team determines that there is no concern
    And the CES Team made the closing note on 2026-06-10 12:00
    And at conferencing the CES Team has done "Take ownership" on 2026-06-10 12:00 in PIPCS
    And the CES Team returns the case
    And the Case Manager decides not to disallow
    Then at conferencing the stage is "decided"
    And at conferencing the Case Manager does not owe "Consider whether the decision is to be reconsidered"
