Feature: An Advanced Customer Support concern about an Access to Work customer
  CEAST attempts contact, asks the Advanced Customer Support Senior Leader of the area where further support is needed, and
  the outcome comes back only after all reasonable steps.

  Background:
    Given it is 2026-06-10 12:00
    And the leader of "Somewhere" is "l.evans"
    And an AtW case was handed over after visits on 2026-06-01 14:00 and 2026-06-10 11:00
    And enquiries are complete
    And CEAST determined that there is a concern
    And it is 2026-06-10 13:00

  @ATW-20 @R-CONTACT-ATTEMPT
  Scenario: Contact has to be attempted, through whom is CEAST's choice
    Then at safeguarding the stage is "contact due"
    When CEAST concludes the escalation
    Then it is refused under ATW-20 at stage "contact due"
    And it is refused under R-CONTACT-ATTEMPT at stage "contact due"
    When CEAST tried the claimant on 2026-06-10 12:50 without a reply, and sent a text
    Then at safeguarding CEAST owes the call back until 2026-06-10 13:20
    When it is 2026-06-10 13:25
    And CEAST tried social services on 2026-06-10 13:20 with success
    Then at safeguarding CEAST owes "Call the"
    When CEAST decides that no leader is needed
    And CEAST concludes the escalation
    Then it is refused under R-CALL-BACK at stage "contact due"

  @ATW-21 @R-LEADER-NEED @ATW-21R
  Scenario: Where further support is needed the senior leader is asked, and a review date is set
    When CEAST tried the claimant on 2026-06-10 12:30 without a reply
    And CEAST concludes the escalation
    Then it is refused under ATW-21 at stage "leader undecided"
    And it is refused under R-LEADER-NEED at stage "leader undecided"
    When CEAST decides that a leader is needed
    And CEAST concludes the escalation
    Then it is refused under ATW-21 at stage "referral due"
    When CEAST refers the case to the leader
    Then under ATW-21R at safeguarding CEAST owes "Set a review date"
    When CEAST concludes the escalation
    Then it is refused under ATW-21R at stage "review date due"
    When the leader sets the review date to 2026-06-17
    And the leader concludes the escalation
    Then it is refused under ATW-21R at stage "review due"

  @R-ONE-OFFICE
  Scenario: The Senior Safeguarding Leader of the area is the Advanced Customer Support Senior Leader
    When CEAST tried the claimant on 2026-06-10 12:30 without a reply
    And CEAST refers the case to the leader
    Then under R-ONE-OFFICE the leader asked is "l.evans"

  @ATW-15D
  Scenario: A disclosure in good faith is recorded with its basis
    When CEAST disclosed data to the police on 2026-06-10 12:40
    Then the reply cites ATW-15D
    And under ATW-15D the disclosure is read back with its basis

  @R-NO-LEADER
  Scenario: Nothing is concluded while the area has no leader who could be asked
    Given the area "Somewhere" has no leader
    When CEAST tried the claimant on 2026-06-10 12:30 without a reply
    And CEAST refers the case to the leader
    Then under R-NO-LEADER the area "Somewhere" is listed as uncovered, with 1 case waiting
    When CEAST concludes the escalation
    Then it is refused under R-NO-LEADER at stage "awaiting leader"
