Feature: The case conference about a Universal Credit claimant
  After two ineffective visits the team leader and the referrer always confer before anything is decided on the claim: they
  review what is known, consider who else could help, and both have to be satisfied.

  Background:
    Given it is 2026-06-10 12:00
    And a UC case was handed over after visits on 2026-06-01 14:00 and 2026-06-10 11:00

  @UC-3
  Scenario: The conference takes place in every case, whether or not information is missing
    Then at conferencing the stage is "conference due"
    And at conferencing the team leader owes "Hold a case conference between the team leader and the referrer"
    When the assurance check is complete
    And the team leader decides that further information is not required
    Then it is refused under R-NOT-PRESCRIBED at stage "conference due"
    When the team leader determines that there is no concern, with the assent of the team leader and the referrer
    Then it is refused under UC-3 at stage "conference due"
    When the team leader calls a case conference for 2026-06-12 10:00
    And a case conference took place on 2026-06-10 11:30 with the team leader; the partnership manager is not involved
    Then the reply notes that "does not count"
    And at conferencing the stage is "conference due"
    When a case conference took place on 2026-06-10 11:45 with the team leader and the referrer; the partnership manager is not involved
    Then at conferencing the stage is "determination due"

  @UC-4 @R-ASSURANCE-ITEMS
  Scenario: Every item of the assurance check is looked at
    When the team leader reviewed "circumstances"
    And the referrer reviewed "previous interactions"
    And the team leader found nothing on "documents"
    And the team leader reviewed "third parties"
    And the team leader determines that there is no concern
    Then it is refused under UC-4 at stage "conference due"
    And it is refused under R-ASSURANCE-ITEMS at stage "conference due"
    And the refusal says "whether deferring the original intervention or appointment is appropriate"
    When the team leader reviewed "deferral"
    And the team leader determines that there is no concern
    Then it is refused under UC-3 at stage "conference due"

  @UC-5
  Scenario: The conference considers the local partnership manager
    When the assurance check is complete
    And a case conference took place on 2026-06-10 11:30 with the team leader and the referrer
    And the team leader determines that there is no concern, with the assent of the team leader and the referrer
    Then it is refused under UC-5 at stage "conference due"
    And the refusal says "partnership manager"
    When a case conference took place on 2026-06-10 11:45 with the team leader and the referrer; the partnership manager is involved
    Then at conferencing the stage is "determination due"

  @UC-6 @R-SATISFIED
  Scenario: Both of those who confer have to be satisfied
    When enquiries are complete
    And the team leader determines that there is no concern, with the assent of the team leader
    Then it is refused under UC-6 at stage "determination due"
    And it is refused under R-SATISFIED at stage "determination due"
    When the team leader determines that there is no concern, with the assent of the team leader and the referrer
    Then at conferencing the stage is "documentation due"
    And the case shows the assent of the team leader and the referrer

  @R-DIFFERENT-PERSONS
  Scenario: The team leader and the referrer are two persons
    When the assurance check is complete
    And a case conference took place on 2026-06-10 11:30 with a deputy as the team leader and a deputy as the referrer; the partnership manager is not involved
    Then the reply notes that "R-DIFFERENT-PERSONS"
    When a case conference took place on 2026-06-10 11:45 with the team leader and the referrer, a deputy as the team leader and a deputy as the referrer; the partnership manager is not involved
    And the team leader determines that there is no concern, with the assent of a deputy as the team leader and a deputy as the referrer
    Then it is refused under R-DIFFERENT-PERSONS at stage "determination due"

  @UC-6 @R-OPEN-ACTION
  Scenario: Nobody can be satisfied while an agreed action is open
    When enquiries are complete
    And it is agreed that the referrer takes an action by 2026-06-12
    And the team leader determines that there is no concern, with the assent of the team leader and the referrer
    Then it is refused under UC-6 at stage "determination due"
    And it is refused under R-OPEN-ACTION at stage "determination due"
    When the referrer reports that action 1 was taken
    And the team leader determines that there is no concern, with the assent of the team leader and the referrer
    Then at conferencing the stage is "documentation due"

  @UC-7
  Scenario: What was considered and agreed is noted
    When enquiries are complete
    Then under UC-7 at conferencing the team leader owes "Review the information, and record in the claimant history"
    When the team leader determines that there is no concern, with the assent of the team leader and the referrer
    And the referrer gathers the documentation
    Then the reply notes that "does not count"
    When the referrer returns the case
    Then it is refused under UC-7 at stage "documentation due"
    When at conferencing the team leader has done "Review the information, and record in the claimant history" on 2026-06-10 12:00 in UC-ACCOUNT
    Then at conferencing the team leader does not owe "Review the information, and record in the claimant history"
    And the case shows the review note in UC-ACCOUNT
