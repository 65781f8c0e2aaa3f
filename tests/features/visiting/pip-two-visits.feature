Feature: Two ineffective visits to a PIP claimant
  After two ineffective visits the details go back to the CES Team and to the original referrer. Nothing that comes to
  light later undoes that, but for a record made in error, as two persons say.

  Background:
    Given it is 2026-06-01 15:00
    And a PIP claimant in England was referred for a visit on 2026-05-29 10:00
    And the Visiting Officer called on 2026-06-01 14:00 and nobody answers, leaving the letter

  @PIP-5
  Scenario: The second visit is ineffective too
    When it is 2026-06-10 12:00
    And the Visiting Officer calls on 2026-06-10 11:00 and nobody is at home, leaving the letter
    Then fact 2 counts as "second ineffective"
    And under PIP-5 the stage is "handed over"
    And the details go back to the CES Team and to the original referrer, on the strength of facts 1 and 2

  @PIP-4 @PIP-5
  Scenario: The second visit is made as soon as it is due
    When it is 2026-06-10 10:00
    Then under PIP-4 the stage is "second visit due"
    When the Visiting Officer calls on 2026-06-10 09:30 and nobody answers, leaving the letter
    Then under PIP-5 the stage is "handed over"

  @PIP-1
  Scenario: A claimant who is seen at the second visit needs no conference
    When it is 2026-06-10 12:00
    And the Visiting Officer calls on 2026-06-10 11:00 and sees the claimant
    Then under PIP-1 fact 2 counts as "effective"
    And the stage is "ended visit effective"

  @R-TOO-EARLY @PIP-4 @PIP-5
  Scenario: A second visit within the five working days does not count
    When it is 2026-06-04 12:00
    And the Visiting Officer calls on 2026-06-04 11:00 and nobody answers, leaving the letter
    Then under R-TOO-EARLY fact 2 counts as "too early"
    And the reply notes that "does not count as the second ineffective visit"
    And the stage is "awaiting contact"
    When it is 2026-06-09 09:00
    Then under PIP-4 the stage is "second visit due"
    When the Visiting Officer calls on 2026-06-09 08:30 and nobody answers, leaving the letter
    Then under PIP-5 the stage is "handed over"

  @PIP-3 @PIP-5
  Scenario: A second visit that the CES Team asked for may be made at once
    When it is 2026-06-03 16:00
    And the claimant rings the CES Team on 2026-06-03 11:00, and a second visit is needed
    Then under PIP-3 the CES Team owes "Complete a communications note in PIPCS"
    When the Visiting Officer calls on 2026-06-03 15:00 and nobody answers, leaving the letter
    Then under PIP-5 the stage is "handed over"

  @PIP-5 @R-LATER-CONTACT
  Scenario: Contact after two ineffective visits releases nothing and is passed on
    When it is 2026-06-10 16:00
    And the Visiting Officer calls on 2026-06-10 11:00 and nobody answers, leaving the letter
    And the claimant rings the Visiting Officer on 2026-06-10 15:00
    Then under R-LATER-CONTACT fact 3 counts as "afterwards"
    And the reply notes that "it is passed to whoever leads the case"
    And under PIP-5 the stage is "handed over"

  @PIP-5 @R-LATER-CONTACT
  Scenario: Contact in time that comes to light after two ineffective visits undoes nothing
    When it is 2026-06-10 16:00
    And the Visiting Officer calls on 2026-06-10 11:00 and nobody answers, leaving the letter
    And the claimant rings the Visiting Officer on 2026-06-05 15:00
    Then under R-LATER-CONTACT fact 3 counts as "afterwards"
    And under PIP-5 the stage is "handed over"

  @R-WITHDRAWAL @R-SECOND-PERSON @PIP-5
  Scenario: After two ineffective visits the referral is withdrawn for an error alone, and not by one person
    When it is 2026-06-10 16:00
    And the Visiting Officer calls on 2026-06-10 11:00 and nobody answers, leaving the letter
    And the referrer withdraws the referral because the customer is abroad
    Then it is refused under R-WITHDRAWAL at stage "handed over"
    When the referrer withdraws the referral because it was recorded in error
    Then the reply cites R-WITHDRAWAL
    And under PIP-5 the stage is "handed over"
    And the case shows that the referrer said that the referral was recorded in error
    And the referrer owes "Confirm as a second person that the referral was made in error"
    When the referrer confirms that it was recorded in error
    Then it is refused under R-SECOND-PERSON at stage "handed over"
    When the Visiting Officer confirms that it was recorded in error
    Then the stage is "ended withdrawn"
    And nothing is owed
    And at conferencing the stage is "ended taken back"

  @R-WITHDRAWAL
  Scenario: Before two ineffective visits the referral may be withdrawn
    When it is 2026-06-02 12:00
    And the referrer withdraws the referral because the customer is abroad
    Then the stage is "ended withdrawn"
    And nothing is owed
    When the referrer withdraws the referral because the customer is abroad
    Then it is refused under R-WITHDRAWAL at stage "ended withdrawn"
