Feature: CEAST's enquiries
  CEAST reviews all it holds. Where further information is required it confers with the SPOC within three days, and it has to
  be satisfied before it rules a concern out.

  Background:
    Given it is 2026-06-10 12:00
    And an AtW case was handed over after visits on 2026-06-01 14:00 and 2026-06-10 11:00

  @ATW-15 @R-ASSURANCE-ITEMS
  Scenario: Nothing is determined before the assurance check is complete
    When CEAST reviewed "circumstances"
    And the SPOC found nothing on "previous interactions"
    And CEAST decides that further information is not required
    And CEAST determines that there is no concern
    Then it is refused under ATW-15 at stage "assurance"
    And it is refused under R-ASSURANCE-ITEMS at stage "assurance"
    When CEAST reviewed "documents"
    And CEAST reviewed "third parties"
    Then at conferencing the stage is "determination due"

  @ATW-16 @R-CALENDAR-DAYS
  Scenario Outline: A required conference takes place within three calendar days
    Given it is <required> 12:00
    When the assurance check is complete
    And CEAST decides that further information is required
    Then under R-CALENDAR-DAYS the conference is due by the end of <due>
    And at conferencing CEAST owes "Hold a case conference between" until the end of <due>
    When CEAST determines that there is no concern
    Then it is refused under ATW-16 at stage "conference due"
    When it is <held> 12:00
    And a case conference took place on <held> 11:45 with CEAST and the SPOC
    Then at conferencing the stage is "determination due"

    Examples:
      | required   | due        | held       |
      | 2026-06-10 | 2026-06-13 | 2026-06-13 |
      | 2026-06-12 | 2026-06-15 | 2026-06-17 |

  @ATW-16 @R-FURTHER-INFORMATION
  Scenario: Whether further information is required is decided either way
    When the assurance check is complete
    And CEAST determines that there is no concern
    Then it is refused under R-FURTHER-INFORMATION at stage "assurance"
    And it is refused under ATW-16 at stage "assurance"

  @ATW-17 @R-SATISFIED @R-OPEN-ACTION
  Scenario: CEAST has to be satisfied that agreed actions were taken
    When enquiries are complete
    And CEAST determines, without being satisfied, that there is no concern
    Then it is refused under ATW-17 at stage "determination due"
    And it is refused under R-SATISFIED at stage "determination due"
    When it is agreed that the SPOC takes an action by 2026-06-12
    And CEAST determines that there is no concern
    Then it is refused under ATW-17 at stage "determination due"
    And it is refused under R-OPEN-ACTION at stage "determination due"
    When the SPOC reports that action 1 was taken
    And CEAST determines that there is no concern
    Then at conferencing the stage is "return due"
