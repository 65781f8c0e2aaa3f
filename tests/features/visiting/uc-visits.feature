Feature: Visits to a Universal Credit claimant
  The Universal Credit text says what follows two visits without contact, and nothing of what comes before. What its
  sister texts say of the grounds applies as a ruling; a letter and a window for contact are not prescribed.

  Background:
    Given it is 2026-06-01 15:00
    And a UC claimant in England was referred for a visit on 2026-05-29 10:00

  @UC-1 @R-UC-GROUNDS
  Scenario: Two visits without contact go back to the referring agent and their team leader
    When the Visiting Officer calls on 2026-06-01 11:00 and nobody answers, leaving the letter
    Then under R-UC-GROUNDS fact 1 counts as "first ineffective"
    And the reply notes that "prescribes nothing between the first and the second visit"
    And no window for contact is open
    And the stage is "second visit due"
    When the Visiting Officer calls on 2026-06-01 14:00 and nobody is at home, leaving the letter
    Then under UC-1 the stage is "handed over"
    And the details go back to the team leader, the referrer and to the original referrer, on the strength of facts 1 and 2

  @R-UC-GROUNDS
  Scenario Outline: The grounds of the sister texts apply, marked as a ruling
    When the Visiting Officer calls on 2026-06-01 14:00 and <ground>, leaving the letter
    Then under R-UC-GROUNDS fact 1 counts as "first ineffective"

    Examples:
      | ground                            |
      | nobody is at home                 |
      | nobody answers                    |
      | the claimant refuses to cooperate |

  @R-UC-GROUNDS @UC-1
  Scenario: The sister texts' step for an unsafe area applies too
    When DWP Visiting deems the area unsafe on 2026-06-01 14:00 without a visit
    Then under R-UC-GROUNDS fact 1 counts as "counts as two"
    And under UC-1 the stage is "handed over"
    And the details go back to the team leader, the referrer and to the original referrer, on the strength of fact 1

  @UC-1
  Scenario: A claimant who is seen needs no conference
    When the Visiting Officer calls on 2026-06-01 11:00 and nobody answers, leaving the letter
    And the Visiting Officer calls on 2026-06-01 14:00 and sees the claimant
    Then the stage is "ended visit effective"
    When fact 2 is corrected: the Visiting Officer called on 2026-06-01 14:00 and nobody answers, leaving the letter
    Then under UC-1 the stage is "handed over"

  @UC-1
  Scenario: Contact between the visits is recorded, and the text prescribes nothing for it
    When the Visiting Officer calls on 2026-06-01 11:00 and nobody answers, leaving the letter
    And the claimant rings the referrer on 2026-06-01 12:00
    Then the reply notes that "prescribes nothing"
    And the stage is "second visit due"
    When the Visiting Officer calls on 2026-06-01 14:00 and nobody answers, leaving the letter
    Then under UC-1 the stage is "handed over"
