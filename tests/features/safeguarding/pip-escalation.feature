Feature: A safeguarding concern about a PIP claimant
  The CES Team attempts contact, asks the Senior Safeguarding Leader of the area where further support is needed, and the
  outcome comes back only after all reasonable steps.

  Background:
    Given it is 2026-06-10 12:00
    And the leader of "Somewhere" is "l.evans"
    And a PIP case was handed over to the CES Team after visits on 2026-06-01 14:00 and 2026-06-10 11:00
    And enquiries are complete
    And the CES Team determined that there is a concern
    And it is 2026-06-10 13:00

  @PIP-15 @R-CONTACT-ATTEMPT
  Scenario: Contact has to be attempted
    Then at safeguarding the stage is "contact due"
    And at safeguarding the CES Team owes "Attempt to make contact"
    When the CES Team concludes the escalation
    Then it is refused under PIP-15 at stage "contact due"
    And it is refused under R-CONTACT-ATTEMPT at stage "contact due"
    When the CES Team tried the claimant on 2026-06-10 12:30 without a reply
    Then at safeguarding the stage is "leader undecided"

  @PIP-15
  Scenario: A text says that another call follows in half an hour
    When the CES Team tried the claimant on 2026-06-10 12:50 without a reply, and sent a text
    Then at safeguarding the CES Team owes the call back until 2026-06-10 13:20
    When the CES Team concludes the escalation
    Then it is refused under PIP-15 at stage "leader undecided"
    When it is 2026-06-10 13:25
    And the CES Team tried the claimant on 2026-06-10 13:20 without a reply
    Then at safeguarding the CES Team does not owe "Call the"

  @PIP-15
  Scenario: The claimant who rings back is not called again
    When the CES Team tried the claimant on 2026-06-10 12:50 without a reply, and sent a text
    And the CES Team decides that no leader is needed
    And the CES Team concludes the escalation
    Then it is refused under PIP-15 at stage "contact due"
    When the claimant rings the CES Team at safeguarding on 2026-06-10 12:55
    Then the reply notes that "owed no longer"
    When the CES Team concludes the escalation
    Then at safeguarding the stage is "concluded"

  @PIP-16 @R-LEADER-NEED
  Scenario: Whether a leader is needed is decided either way
    When the CES Team tried the claimant on 2026-06-10 12:30 without a reply
    And the CES Team concludes the escalation
    Then it is refused under PIP-16 at stage "leader undecided"
    And it is refused under R-LEADER-NEED at stage "leader undecided"
    When the CES Team decides that no leader is needed
    And the CES Team concludes the escalation
    Then at safeguarding the stage is "concluded"
    And at conferencing the stage is "closing note due"

  @PIP-16 @PIP-16R @R-LEADER-OF-AREA
  Scenario: The leader of the area is asked, and a review date is set
    When the CES Team tried social services on 2026-06-10 12:30 with success
    And the CES Team decides that a leader is needed
    And the CES Team concludes the escalation
    Then it is refused under PIP-16 at stage "referral due"
    When the CES Team refers the case to the leader
    Then under R-LEADER-OF-AREA the leader asked is "l.evans"
    And under PIP-16R at safeguarding the CES Team owes "Set a review date"
    When the CES Team concludes the escalation
    Then it is refused under PIP-16R at stage "review date due"
    When the leader sets the review date to 2026-06-17
    And the leader concludes the escalation
    Then it is refused under PIP-16R at stage "review due"
    When it is 2026-06-17 10:00
    And the leader reviewed the case on 2026-06-17 09:30
    And the leader concludes the escalation
    Then at safeguarding the stage is "concluded"
    And at conferencing the escalation outcome names the leader "l.evans" and 3 steps

  @PIP-16R
  Scenario: A review that is not held on its day alerts the leader, once
    When the CES Team tried social services on 2026-06-10 12:30 with success
    And the CES Team refers the case to the leader
    And the leader sets the review date to 2026-06-17
    And it is 2026-06-17 23:59
    Then at safeguarding the journal tells of 0 overdue reviews
    When it is 2026-06-18 00:00
    Then at safeguarding the journal tells of 1 overdue review
    And under PIP-16R at safeguarding the leader "l.evans" owes "See to it that the next steps are considered"
    When it is 2026-06-19 10:00
    Then at safeguarding the journal tells of 1 overdue review
    When the leader reviewed the case on 2026-06-19 09:30
    And the leader concludes the escalation
    Then at safeguarding the stage is "concluded"

  @PIP-10D
  Scenario: A disclosure in good faith is recorded with its basis
    When the CES Team disclosed data to the police on 2026-06-10 12:40
    Then the reply cites PIP-10D
    And under PIP-10D the disclosure is read back with its basis
    And at safeguarding the stage is "contact due"

  @R-NO-LEADER
  Scenario: An area without a leader is loud and listable
    Given the area "Somewhere" has no leader
    When the CES Team tried the claimant on 2026-06-10 12:30 without a reply
    And the CES Team decides that a leader is needed
    And the CES Team refers the case to the leader
    Then the reply cites R-NO-LEADER
    And at safeguarding the stage is "awaiting leader"
    And under R-NO-LEADER the area "Somewhere" is listed as uncovered, with 1 case waiting
    When the CES Team concludes the escalation
    Then it is refused under R-NO-LEADER at stage "awaiting leader"
    When the leader of "Somewhere" becomes "l.evans"
    Then at safeguarding the stage is "review date due"
    And no area is listed as uncovered

  @R-LEADER-ON-MOVE
  Scenario: A claimant who moves keeps the former leader until the case is handed over
    Given the leader of "Elsewhere" is "l.owen"
    When the CES Team tried the claimant on 2026-06-10 12:30 without a reply
    And the CES Team decides that a leader is needed
    And the CES Team refers the case to the leader
    And the claimant moved to "Elsewhere"
    Then under R-LEADER-ON-MOVE at safeguarding the leader is still "l.evans", and the new area's is to be told
    When the CES Team refers the case to the leader
    Then the leader asked is "l.owen"
