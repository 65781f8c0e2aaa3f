Feature: What was recorded wrongly about a concern is corrected
  A wrong fact is superseded with a reason and stays readable, at safeguarding and wherever it was passed on to.

  Background:
    Given it is 2026-06-10 12:00
    And the leader of "Somewhere" is "l.evans"
    And a PIP case was handed over to the CES Team after visits on 2026-06-01 14:00 and 2026-06-10 11:00
    And enquiries are complete
    And the CES Team determined that there is a concern
    And it is 2026-06-10 13:00

  @PIP-15 @R-RECORDED-ALWAYS
  Scenario: An attempt at contact that never took place is owed again
    When the CES Team tried the claimant on 2026-06-10 12:30 without a reply
    And at safeguarding the CES Team corrects fact 1: it never happened
    Then the reply cites R-RECORDED-ALWAYS
    And at safeguarding the stage is "contact due"
    And at safeguarding fact 1 is read back as never having happened
    When the CES Team concludes the escalation
    Then it is refused under PIP-15 at stage "contact due"

  @PIP-15
  Scenario: A conclusion does not lose what it rests on until the concern is determined again
    When the CES Team tried the claimant on 2026-06-10 12:30 without a reply
    And the CES Team decides that no leader is needed
    And the CES Team concludes the escalation
    And at safeguarding the CES Team corrects fact 1: it never happened
    Then it is refused under PIP-15 at stage "concluded"
    And the refusal says "Let the concern be determined again"
    When at safeguarding the CES Team corrects fact 1: the claimant was tried on 2026-06-10 12:40
    Then the reply notes that "The outcome goes to the CES Team again"
    And at safeguarding fact 1 is read back as superseded by fact 2
    And at conferencing the CES Team owes "Consider what safeguarding corrected in its outcome"
    When at conferencing the CES Team has done "Consider what safeguarding corrected in its outcome" on 2026-06-10 12:59 in PIPCS
    And the CES Team determines that there is a concern
    And at safeguarding the CES Team corrects fact 2: it never happened
    Then the reply cites R-RECORDED-ALWAYS
    And at safeguarding the stage is "contact due"

  @R-RECORDED-ALWAYS
  Scenario: Contact that was passed on is corrected where it went to
    When the claimant rings the officer at safeguarding on 2026-06-10 12:55
    Then at conferencing the CES Team owes "Consider what was said when somebody got in touch"
    When at safeguarding the CES Team corrects fact 1: it never happened
    Then the reply cites R-RECORDED-ALWAYS
    And at conferencing the CES Team does not owe "Consider what was said when somebody got in touch"
    And at conferencing fact 5 is read back as never having happened
