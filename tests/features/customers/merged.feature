Feature: One person on record twice
  Two references turn out to be one person's. What protects either is met under both, whichever was told first. What two
  persons verified of one of them was verified of nobody else.

  @PIP-6
  Scenario: A death that was verified of one record is only reported of the other
    Given it is 2026-06-10 12:00
    And the death of a PIP claimant on record as "C-2" was verified
    And a PIP claimant in England was referred for a visit on 2026-05-29 10:00
    And the Visiting Officer called on 2026-06-01 14:00 and nobody answers, leaving the letter
    And the Visiting Officer called on 2026-06-10 11:00 and nobody answers, leaving the letter
    When payments ask whether they may stop the award
    Then under PIP-6 it is prohibited
    When it is 2026-06-10 12:10
    And an officer says that the claimant is the same person as "C-2"
    Then the reply notes that "Here it will count as reported"
    When payments ask whether they may stop the award
    Then under PIP-6 it is prohibited
    And at conferencing the officer owes "Verify the reported death"
    When it is 2026-06-10 12:20
    And another officer verifies the death
    Then at conferencing the stage is "ended death"
    When payments ask whether they may stop the award
    Then it is permitted

  @UC-2
  Scenario: A merge told of a case that holds nothing reaches what holds the other record
    Given it is 2026-06-10 12:00
    And a Universal Credit claimant failed a requirement on 2026-06-08 10:00
    And a UC claimant on record as "C-2" is held after visits on 2026-06-01 14:00 and 2026-06-10 11:00
    When payments ask whether they may sanction the award of "C-1", who failed the requirement
    Then it is permitted
    When an officer says that the claimant who failed the requirement is the same person as "C-2"
    And payments ask whether they may sanction the award of "C-1", who failed the requirement
    Then under UC-2 it is prohibited

  @UC-2
  Scenario: What is held later of the other record is met under the reference given up
    Given it is 2026-06-10 12:00
    And a Universal Credit claimant failed a requirement on 2026-06-08 10:00
    When an officer says that the claimant who failed the requirement is the same person as "C-2"
    And a UC claimant on record as "C-2" is held after visits on 2026-06-01 14:00 and 2026-06-10 11:00
    And payments ask whether they may sanction the award of "C-1", who failed the requirement
    Then under UC-2 it is prohibited
