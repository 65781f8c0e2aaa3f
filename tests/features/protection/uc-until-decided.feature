Feature: A Universal Credit claimant stays protected until the informed decision
  From the second ineffective visit until the Decision Maker has decided, nothing ends and no payment stops.

  Background:
    Given it is 2026-06-10 12:00
    And the leader of "Somewhere" is "l.evans"
    And a UC case was handed over after visits on 2026-06-01 14:00 and 2026-06-10 11:00

  @UC-2 @R-HOLD-FROM @R-ACTIONS
  Scenario: Pending the conference every action is prohibited
    When payments ask whether they may suspend the award
    Then under UC-2 it is prohibited
    And under R-HOLD-FROM it is prohibited
    And under R-ACTIONS every action is prohibited on every ground

  @UC-8 @GEN-2 @R-NO-LAPSE
  Scenario: A concern that remains protects until further action was taken
    Given enquiries are complete
    When the team leader determines that there is a concern, with the assent of the team leader and the referrer
    And payments ask whether they may stop the award
    Then under UC-8 it is prohibited
    And under GEN-2 it is prohibited
    When it is 2027-06-10 12:00
    And payments ask whether they may end the award
    Then under UC-8 it is prohibited
    And under R-NO-LAPSE the protection still stands

  @UC-2 @R-HOLD-UNTIL @R-RECONSIDERATION
  Scenario: The informed decision ends the protection, and a reconsideration protects again
    Given enquiries are complete
    And at conferencing the team leader has done "Review the information" on 2026-06-10 12:00 in UC-ACCOUNT
    When the team leader determines that there is no concern, with the assent of the team leader and the referrer
    And the referrer gathers the documentation
    And the referrer returns the case
    And payments ask whether they may disallow the award
    Then under UC-2 it is prohibited
    When the Decision Maker decides to take the decision
    And payments ask whether they may disallow the award
    Then it is permitted
    And under R-HOLD-UNTIL the protection ended with "informed decision"
    When the Decision Maker reopens the case
    And payments ask whether they may stop the award
    Then under R-RECONSIDERATION it is prohibited
