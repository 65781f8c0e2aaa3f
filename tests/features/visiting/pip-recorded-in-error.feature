Feature: What counted as two ineffective visits to a PIP claimant was recorded in error
  One person says so, and another confirms it. Until then the case stays where it is and the claimant stays protected. After
  it DWP Visiting has the case back, unless a concern is followed up or a decision was made.

  Background:
    Given it is 2026-06-10 12:00
    And the leader of "Somewhere" is "l.evans"
    And a PIP case was handed over to the CES Team after visits on 2026-06-01 14:00 and 2026-06-10 11:00

  @R-SECOND-PERSON @R-HOLD-UNTIL
  Scenario: The case goes back to DWP Visiting, and the claimant is protected until it is there
    Given enquiries are complete
    When fact 2 is corrected: it never happened
    And another Visiting Officer confirms that it was recorded in error
    Then the reply notes that "What they hold for it is released once it is back here"
    And at conferencing the stage is "ended taken back"
    And at conferencing the case shows that the Visiting Officer and another Visiting Officer took it back
    And at conferencing the CES Team owes "Take note that DWP Visiting has taken the case back"
    And at conferencing the CES Team does not owe "Determine whether there is a safeguarding concern"
    When the CES Team determines that there is no concern
    Then it is refused under R-SECOND-PERSON at stage "ended taken back"
    When payments ask whether they may stop the award
    Then it is permitted
    And under R-OPEN-REFERRAL the answer tells of "open referral"
    When the Visiting Officer calls on 2026-06-10 11:30 and sees the claimant
    And the Visiting Officer has done "Return the outcome" on 2026-06-10 11:50 in e-mail
    And payments ask whether they may stop the award
    Then it is permitted
    And under R-HOLD-UNTIL the protection ended with "effective visit"

  @PIP-5 @PIP-6
  Scenario: Nobody else thinks that it was an error
    When fact 2 is corrected: it never happened
    And another Visiting Officer says that nothing was recorded in error
    Then the reply cites R-SECOND-PERSON
    And nobody says that anything was recorded in error
    And the Visiting Officer does not owe "Confirm as a second person"
    And under PIP-5 the stage is "handed over"
    And at conferencing the stage is "assurance"
    When payments ask whether they may stop the award
    Then under PIP-6 it is prohibited
    When fact 1 is corrected: it never happened
    Then the case shows that the Visiting Officer said that fact 1 was recorded in error

  @R-SECOND-PERSON
  Scenario: One error is settled before another is told
    When another Visiting Officer confirms that it was recorded in error
    Then it is refused under R-SECOND-PERSON at stage "handed over"
    When fact 2 is corrected: it never happened
    And the referrer withdraws the referral because it was recorded in error
    Then it is refused under R-SECOND-PERSON at stage "handed over"
    When the Visiting Officer says that nothing was recorded in error
    And the referrer withdraws the referral because it was recorded in error
    Then the case shows that the referrer said that the referral was recorded in error

  @R-HOLD-UNTIL
  Scenario: A referral that should never have been made ends, and protects nobody
    When the referrer withdraws the referral because it was recorded in error
    And payments ask whether they may stop the award
    Then under PIP-6 it is prohibited
    When the Visiting Officer confirms that it was recorded in error
    Then the stage is "ended withdrawn"
    And at conferencing the stage is "ended taken back"
    When payments ask whether they may stop the award
    Then it is permitted
    And under R-HOLD-UNTIL the protection ended with "withdrawn"

  @PIP-5 @PIP-6 @PIP-8 @PIP-12
  Scenario: A second visit that was ineffective after all hands the case over anew
    Given at conferencing the CES Team has done "Take ownership of the associated PIPCS tasks" on 2026-06-10 12:00 in PIPCS
    And at conferencing the referrer has done "Take note that two visits were ineffective" on 2026-06-10 12:00 in PIPCS
    And enquiries are complete
    When fact 2 is corrected: it never happened
    And another Visiting Officer confirms that it was recorded in error
    Then at conferencing the stage is "ended taken back"
    When it is 2026-06-11 12:00
    And the Visiting Officer calls on 2026-06-11 11:00 and nobody answers, leaving the letter
    Then under PIP-5 the stage is "handed over"
    And at conferencing the stage is "assurance"
    And the file names 2 visits that count, on 2026-06-01 and 2026-06-11
    And at conferencing nobody took the case back
    And under PIP-8 at conferencing the CES Team owes "Note PIPCS (Person Home page"
    And at conferencing the CES Team owes "Take ownership of the associated PIPCS tasks"
    And at conferencing the referrer owes "Take note that two visits were ineffective"
    When the CES Team returns the case
    Then it is refused under PIP-12 at stage "assurance"
    When payments ask whether they may stop the award
    Then under PIP-6 it is prohibited
    When enquiries are complete
    And the CES Team determines that there is no concern
    And the CES Team made the closing note on 2026-06-11 11:55
    And the CES Team returns the case
    And the Case Manager decides to disallow
    Then at conferencing the stage is "decided"
    And at DWP Visiting the stage is "ended decided"

  @R-HOLD-FROM @PIP-14 @R-SECOND-PERSON @R-WITHDRAWAL
  Scenario: A concern is followed up to the decision, and nothing is taken from the claimant
    Given enquiries are complete
    And the CES Team determined that there is a concern
    When it is 2026-06-10 13:00
    And fact 2 is corrected: it never happened
    And another Visiting Officer confirms that it was recorded in error
    Then at conferencing the stage is "escalated"
    And at DWP Visiting the stage is "second visit due"
    When payments ask whether they may stop the award
    Then under PIP-14 it is prohibited
    When the CES Team tried the claimant on 2026-06-10 12:30 without a reply
    And the CES Team decides that no leader is needed
    And the CES Team concludes the escalation
    And the CES Team made the closing note on 2026-06-10 13:00
    And the CES Team returns the case
    And the Case Manager decides to disallow
    Then it is refused under R-SECOND-PERSON at stage "decision due"
    And it is refused under R-WITHDRAWAL at stage "decision due"
    When payments ask whether they may disallow the award
    Then under PIP-14 it is prohibited
    When the Case Manager decides not to disallow
    Then at conferencing the stage is "decided"
    When payments ask whether they may stop the award
    Then it is permitted
    And under R-OPEN-REFERRAL the answer tells of "open referral"
    When it is 2026-06-11 12:00
    And the Visiting Officer calls on 2026-06-11 11:00 and nobody answers, leaving the letter
    Then at conferencing the stage is "assurance"
    When payments ask whether they may stop the award
    Then under R-HOLD-FROM it is prohibited

  @PIP-14
  Scenario: A concern that is found after the case was taken back is followed up all the same
    When fact 2 is corrected: it never happened
    And another Visiting Officer confirms that it was recorded in error
    And the CES Team determines, without being satisfied, that there is a concern
    Then at conferencing the stage is "escalated"
    When payments ask whether they may stop the award
    Then under PIP-14 it is prohibited

  @R-RECONSIDERATION
  Scenario: A referral that was made in error is decided on before another person has confirmed it
    Given enquiries are complete
    When the CES Team determines that there is no concern
    And the CES Team made the closing note on 2026-06-10 11:55
    And the CES Team returns the case
    And the referrer withdraws the referral because it was recorded in error
    And the Case Manager decides to disallow
    Then at DWP Visiting the stage is "ended decided"
    And the referrer owes "Confirm as a second person that the referral was made in error"
    When the Visiting Officer confirms that it was recorded in error
    Then the reply notes that "considers whether the decision stands"
    And at DWP Visiting the stage is "ended decided"
    And nothing is owed
    And at conferencing the stage is "decided"
    And at conferencing the Case Manager owes "Consider whether the decision is to be reconsidered: what counted as two ineffective visits"
    When the Case Manager reopens the case
    Then at conferencing the stage is "determination due"
    When payments ask whether they may stop the award
    Then under R-RECONSIDERATION it is prohibited

  @R-RECONSIDERATION @R-SECOND-PERSON
  Scenario: A decision stands, and whoever made it is asked to reconsider
    Given enquiries are complete
    When the CES Team determines that there is no concern
    And the CES Team made the closing note on 2026-06-10 11:55
    And the CES Team returns the case
    And the Case Manager decides to disallow
    And fact 2 is corrected: it never happened
    And another Visiting Officer confirms that it was recorded in error
    Then the reply notes that "considers whether the decision stands"
    And at DWP Visiting the stage is "ended decided"
    And at conferencing the stage is "decided"
    And at conferencing the Case Manager owes "Consider whether the decision is to be reconsidered: what counted as two ineffective visits"
    When payments ask whether they may stop the award
    Then it is permitted
    When the Case Manager reopens the case
    Then at conferencing the stage is "determination due"
    When payments ask whether they may stop the award
    Then under R-RECONSIDERATION it is prohibited
    When the CES Team determines that there is no concern
    And the CES Team made the closing note on 2026-06-10 11:55
    And the CES Team returns the case
    And the Case Manager decides to disallow
    Then it is refused under R-SECOND-PERSON at stage "decision due"
    When the Case Manager decides not to disallow
    Then at conferencing the stage is "decided"
