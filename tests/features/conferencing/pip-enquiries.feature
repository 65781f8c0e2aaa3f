Feature: The CES Team's enquiries
  Before anything else is done about the claim, all information is reviewed, further information is asked for in a
  conference where it is needed, and agreed actions are seen through.

  Background:
    Given it is 2026-06-10 12:00
    And a PIP case was handed over to the CES Team after visits on 2026-06-01 14:00 and 2026-06-10 11:00

  @PIP-10 @R-ASSURANCE-ITEMS
  Scenario: Nothing is determined before the assurance check is complete
    When the CES Team reviewed "circumstances"
    And the CES Team decides that further information is not required
    And the CES Team determines that there is no concern
    Then it is refused under PIP-10 at stage "assurance"
    And it is refused under R-ASSURANCE-ITEMS at stage "assurance"
    And the refusal says "previous interactions"
    When the CES Team found nothing on "previous interactions"
    And the CES Team reviewed "documents"
    And the CES Team reviewed "third parties"
    Then at conferencing the stage is "determination due"

  @PIP-11 @R-FURTHER-INFORMATION
  Scenario: Whether further information is required is decided either way
    When the assurance check is complete
    And the CES Team determines that there is no concern
    Then it is refused under R-FURTHER-INFORMATION at stage "assurance"
    And it is refused under PIP-11 at stage "assurance"

  @PIP-11
  Scenario: Where further information is required a conference with the referrer comes first
    When the assurance check is complete
    And the CES Team decides that further information is required
    Then at conferencing the stage is "conference due"
    And at conferencing the CES Team owes "Hold a case conference between the CES Team and the referrer"
    When the CES Team determines that there is no concern
    Then it is refused under PIP-11 at stage "conference due"
    When the CES Team calls a case conference for 2026-06-12 10:00
    And a case conference took place on 2026-06-10 11:30 with the CES Team
    Then the reply notes that "does not count"
    And at conferencing the stage is "conference due"
    When a case conference took place on 2026-06-10 11:45 with the CES Team and the referrer
    Then at conferencing the stage is "determination due"

  @GEN-4 @PIP-11
  Scenario: Health and social services take part in the conference
    When the assurance check is complete
    And the CES Team decides that further information is required
    And the CES Team determines that there is no concern
    Then it is refused under PIP-11 at stage "conference due"
    When a case conference took place on 2026-06-10 11:30 with the CES Team, the referrer, health services and social services
    Then the reply cites GEN-4
    And under GEN-4 the conference is read back with health services and social services

  @PIP-12 @R-OPEN-ACTION
  Scenario: An agreed action stands in the way until it was taken
    When enquiries are complete
    And it is agreed that the referrer takes an action by 2026-06-12
    Then at conferencing the referrer owes "Take agreed action 1" until the end of 2026-06-12
    When the CES Team determines that there is no concern
    Then it is refused under PIP-12 at stage "determination due"
    And it is refused under R-OPEN-ACTION at stage "determination due"
    And the refusal says "agreed actions are open: 1"
    When the referrer reports that action 1 was not taken
    And the CES Team determines that there is no concern
    Then it is refused under PIP-12 at stage "determination due"
    When the referrer reports that action 1 was taken
    And the CES Team determines that there is no concern
    Then at conferencing the stage is "closing note due"

  @PIP-12 @R-SATISFIED
  Scenario: The CES Team has to be satisfied before it rules a concern out
    When enquiries are complete
    And the CES Team determines, without being satisfied, that there is no concern
    Then it is refused under PIP-12 at stage "determination due"
    And it is refused under R-SATISFIED at stage "determination due"
