Feature: The case conference about an ESA claimant
  After two ineffective visits the HEO and the referrer always confer before anything is decided on the claim: they
  review what is known, consider who else could help, and both have to be satisfied.

  Background:
    Given it is 2026-06-10 12:00
    And an ESA case was handed over after visits on 2026-06-01 14:00 and 2026-06-10 11:00

  @ESA-125C
  Scenario: The conference takes place in every case, whether or not information is missing
    Then at conferencing the stage is "conference due"
    And at conferencing the HEO owes "Hold a case conference between the HEO and the referrer"
    When the assurance check is complete
    And the HEO decides that further information is not required
    Then it is refused under R-NOT-PRESCRIBED at stage "conference due"
    When the HEO determines that there is no concern, with the assent of the HEO and the referrer
    Then it is refused under ESA-125C at stage "conference due"
    When the HEO calls a case conference for 2026-06-12 10:00
    And a case conference took place on 2026-06-10 11:30 with the HEO; the partnership manager is not involved
    Then the reply notes that "does not count"
    And at conferencing the stage is "conference due"
    When a case conference took place on 2026-06-10 11:45 with the HEO and the referrer; the partnership manager is not involved
    Then at conferencing the stage is "determination due"

  @ESA-125A @R-ASSURANCE-ITEMS
  Scenario: Every item of the assurance check is looked at
    When the HEO reviewed "circumstances"
    And the referrer reviewed "previous interactions"
    And the HEO found nothing on "documents"
    And the HEO reviewed "third parties"
    And the HEO determines that there is no concern
    Then it is refused under ESA-125A at stage "conference due"
    And it is refused under R-ASSURANCE-ITEMS at stage "conference due"
    And the refusal says "whether deferring the original intervention or appointment is appropriate"
    When the HEO reviewed "deferral"
    And the HEO determines that there is no concern
    Then it is refused under ESA-125C at stage "conference due"

  @ESA-125L
  Scenario: The conference considers the local partnership manager
    When the assurance check is complete
    And a case conference took place on 2026-06-10 11:30 with the HEO and the referrer
    And the HEO determines that there is no concern, with the assent of the HEO and the referrer
    Then it is refused under ESA-125L at stage "conference due"
    And the refusal says "partnership manager"
    When a case conference took place on 2026-06-10 11:45 with the HEO and the referrer; the partnership manager is involved
    Then at conferencing the stage is "determination due"

  @ESA-125S @R-SATISFIED
  Scenario: Both of those who confer have to be satisfied
    When enquiries are complete
    And the HEO determines that there is no concern, with the assent of the HEO
    Then it is refused under ESA-125S at stage "determination due"
    And it is refused under R-SATISFIED at stage "determination due"
    When the HEO determines that there is no concern, with the assent of the HEO and the referrer
    Then at conferencing the stage is "documentation due"
    And the case shows the assent of the HEO and the referrer

  @R-DIFFERENT-PERSONS
  Scenario: The HEO and the referrer are two persons
    When the assurance check is complete
    And a case conference took place on 2026-06-10 11:30 with a deputy as the HEO and a deputy as the referrer; the partnership manager is not involved
    Then the reply notes that "R-DIFFERENT-PERSONS"
    When a case conference took place on 2026-06-10 11:45 with the HEO and the referrer, a deputy as the HEO and a deputy as the referrer; the partnership manager is not involved
    And the HEO determines that there is no concern, with the assent of a deputy as the HEO and a deputy as the referrer
    Then it is refused under R-DIFFERENT-PERSONS at stage "determination due"

  @ESA-125S @R-OPEN-ACTION
  Scenario: Nobody can be satisfied while an agreed action is open
    When enquiries are complete
    And it is agreed that the referrer takes an action by 2026-06-12
    And the HEO determines that there is no concern, with the assent of the HEO and the referrer
    Then it is refused under ESA-125S at stage "determination due"
    And it is refused under R-OPEN-ACTION at stage "determination due"
    When the referrer reports that action 1 was taken
    And the HEO determines that there is no concern, with the assent of the HEO and the referrer
    Then at conferencing the stage is "documentation due"

  @ESA-125N
  Scenario: What was considered and agreed is noted
    When enquiries are complete
    Then under ESA-125N at conferencing the HEO owes "Review the information, and note on the relevant systems"
    When the HEO determines that there is no concern, with the assent of the HEO and the referrer
    And the referrer gathers the documentation
    Then the reply notes that "does not count"
    When the referrer returns the case
    Then it is refused under ESA-125N at stage "documentation due"
    When at conferencing the HEO has done "Review the information, and note on the relevant systems" on 2026-06-10 12:00 in JSAPS
    Then at conferencing the HEO does not owe "Review the information, and note on the relevant systems"
    And the case shows the review note in JSAPS
