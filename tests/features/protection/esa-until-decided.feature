Feature: An ESA claimant stays protected until the informed decision
  From the second ineffective visit until the Decision Maker has decided, nothing ends and no payment stops.

  Background:
    Given it is 2026-06-10 12:00
    And the leader of "Somewhere" is "l.evans"
    And an ESA case was handed over after visits on 2026-06-01 14:00 and 2026-06-10 11:00

  @ESA-125P @R-HOLD-FROM @R-ACTIONS
  Scenario: Pending the conference every action is prohibited
    When payments ask whether they may suspend the award
    Then under ESA-125P it is prohibited
    And under R-HOLD-FROM it is prohibited
    And under R-ACTIONS every action is prohibited on every ground

  @ESA-125H @GEN-2 @R-NO-LAPSE
  Scenario: A concern that remains protects until further action was taken
    Given enquiries are complete
    When the HEO determines that there is a concern, with the assent of the HEO and the referrer
    And payments ask whether they may stop the award
    Then under ESA-125H it is prohibited
    And under GEN-2 it is prohibited
    When it is 2027-06-10 12:00
    And payments ask whether they may end the award
    Then under ESA-125H it is prohibited
    And under R-NO-LAPSE the protection still stands

  @ESA-125P @R-HOLD-UNTIL @R-RECONSIDERATION
  Scenario: The informed decision ends the protection, and a reconsideration protects again
    Given enquiries are complete
    And at conferencing the HEO has done "Review the information" on 2026-06-10 12:00 in JSAPS
    When the HEO determines that there is no concern, with the assent of the HEO and the referrer
    And the referrer gathers the documentation
    And the referrer returns the case
    And payments ask whether they may disallow the award
    Then under ESA-125P it is prohibited
    When the Decision Maker decides to disallow
    And payments ask whether they may disallow the award
    Then it is permitted
    When payments ask whether they may disallow the award, knowing of a condition
    Then it is permitted
    And under R-HOLD-UNTIL the protection ended with "informed decision"
    When the Decision Maker reopens the case
    And payments ask whether they may stop the award
    Then under R-RECONSIDERATION it is prohibited

  @ESA-112 @ESA-125P
  Scenario: Where the second visit was recorded in error the visit that is due protects instead
    When fact 2 is corrected: it never happened
    And payments ask whether they may stop the award
    Then under ESA-125P it is prohibited
    When another Visiting Officer confirms that it was recorded in error
    Then at DWP Visiting the stage is "second visit due"
    When payments ask whether they may stop the award because of a missed appointment
    Then under ESA-112 it is prohibited
    And under R-OPEN-REFERRAL the answer tells of "open referral"
