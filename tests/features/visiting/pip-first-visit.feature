Feature: The first visit to a PIP claimant
  A claimant who has not answered letters is visited at home. Where nobody is seen, the officer leaves a letter and the
  claimant has five working days to ring the CES Team.

  Background:
    Given it is 2026-06-01 09:00
    And a PIP claimant in England was referred for a visit on 2026-05-29 10:00

  @PIP-1
  Scenario Outline: A visit is ineffective on each of the guidance's grounds
    When it is 2026-06-01 15:00
    And the Visiting Officer calls on 2026-06-01 14:00 and <ground>, leaving the letter
    Then under PIP-1 fact 1 counts as "first ineffective"
    And the stage is "awaiting contact"
    And the claimant has until the end of 2026-06-08

    Examples:
      | ground                             |
      | nobody is at home                  |
      | nobody answers                     |
      | the claimant refuses to cooperate  |

  @PIP-1
  Scenario: A visit at which the claimant was seen is not ineffective
    When it is 2026-06-01 15:00
    And the Visiting Officer calls on 2026-06-01 14:00 and sees the claimant
    Then under PIP-1 fact 1 counts as "effective"
    And the stage is "ended visit effective"
    And no window for contact is open
    And the Visiting Officer owes "Return the outcome of the visit to the referrer"

  @R-BROKEN-OFF
  Scenario: A visit broken off is neither effective nor ineffective
    When it is 2026-06-01 15:00
    And the Visiting Officer calls on 2026-06-01 14:00 and has to break off
    Then under R-BROKEN-OFF fact 1 counts as "neither"
    And the stage is "first visit due"
    And the Visiting Officer owes "Make the first visit"

  @PIP-2
  Scenario: A letter that was left at the address is not owed any more
    When it is 2026-06-01 15:00
    And the Visiting Officer calls on 2026-06-01 14:00 and nobody answers, unable to leave the letter
    Then under PIP-2 the Visiting Officer owes "Post the letter"
    When the letter is posted on 2026-06-01 14:40
    Then the Visiting Officer does not owe "Post the letter"

  @PIP-2
  Scenario: A letter that could not be left is owed by post, and the window runs from the visit all the same
    When it is 2026-06-01 15:00
    And the Visiting Officer calls on 2026-06-01 14:00 and nobody answers, unable to leave the letter
    Then under PIP-2 the Visiting Officer owes "Post the letter"
    And the claimant has until the end of 2026-06-08
    When it is 2026-06-03 12:00
    And the letter is posted on 2026-06-03 11:00
    Then the reply cites R-LETTER-BY-POST
    And the Visiting Officer does not owe "Post the letter"
    And the claimant has until the end of 2026-06-08

  @PIP-2
  Scenario: A letter that was never posted stays owed while the second visit falls due
    When it is 2026-06-01 15:00
    And the Visiting Officer calls on 2026-06-01 14:00 and nobody answers, unable to leave the letter
    And it is 2026-06-09 00:00
    Then under PIP-2 the Visiting Officer owes "Post the letter"
    And the Visiting Officer owes "Attempt a second visit"
