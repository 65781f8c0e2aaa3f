Feature: A safeguarding concern about an ESA claimant
  Where a concern remains after the conference the Senior Safeguarding Leader is always asked, and a review date is set.

  Background:
    Given it is 2026-06-10 12:00
    And the leader of "Somewhere" is "l.evans"
    And an ESA case was handed over after visits on 2026-06-01 14:00 and 2026-06-10 11:00
    And enquiries are complete
    And the HEO determined that there is a concern, with the assent of the HEO and the referrer
    And it is 2026-06-10 13:00

  @ESA-125R @R-LEADER-ALWAYS
  Scenario: The leader is always asked
    Then at safeguarding the stage is "referral due"
    When the HEO decides that no leader is needed
    Then it is refused under R-LEADER-ALWAYS at stage "referral due"
    When the HEO concludes the escalation
    Then it is refused under ESA-125R at stage "referral due"
    And it is refused under R-LEADER-ALWAYS at stage "referral due"
    When the HEO refers the case to the leader
    Then the leader asked is "l.evans"

  @ESA-125R
  Scenario: A review date is set, and the next steps are considered on it
    When the HEO refers the case to the leader
    Then at safeguarding the HEO owes "Set a review date"
    When the HEO concludes the escalation
    Then it is refused under ESA-125R at stage "review date due"
    When the leader sets the review date to 2026-06-17
    And the leader concludes the escalation
    Then it is refused under ESA-125R at stage "review due"
    When it is 2026-06-17 10:00
    And the leader reviewed the case on 2026-06-17 09:30
    And the leader concludes the escalation
    Then at safeguarding the stage is "concluded"
    And at conferencing the escalation outcome names the leader "l.evans" and 2 steps
    And at conferencing the stage is "documentation due"

  @ESA-106D @ESA-106G
  Scenario: What was shared is recorded, and that it was received, never what was found
    When the HEO disclosed data to the police on 2026-06-10 12:40, who received it
    Then the reply cites ESA-106D
    And under ESA-106D the disclosure is read back with its basis
    And the reply notes that "not reported back"
    And under ESA-106G the disclosure is read back as received
    When the HEO liaised with social services on 2026-06-10 12:45, who received what was shared
    Then the reply cites ESA-106G
    And under ESA-106G the liaison is read back as received

  @R-NO-LEADER
  Scenario: Nothing is concluded while the area has no leader who could be asked
    Given the area "Somewhere" has no leader
    When the HEO refers the case to the leader
    Then under R-NO-LEADER the area "Somewhere" is listed as uncovered, with 1 case waiting
    When the HEO concludes the escalation
    Then it is refused under R-NO-LEADER at stage "awaiting leader"
