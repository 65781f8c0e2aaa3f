Feature: A safeguarding concern about a Universal Credit claimant
  Where a concern remains after the conference the Senior Safeguarding Leader is always asked, and a review date is set.

  Background:
    Given it is 2026-06-10 12:00
    And the leader of "Somewhere" is "l.evans"
    And a UC case was handed over after visits on 2026-06-01 14:00 and 2026-06-10 11:00
    And enquiries are complete
    And the team leader determined that there is a concern, with the assent of the team leader and the referrer
    And it is 2026-06-10 13:00

  @UC-9 @R-LEADER-ALWAYS
  Scenario: The leader is always asked
    Then at safeguarding the stage is "referral due"
    When the team leader decides that no leader is needed
    Then it is refused under R-LEADER-ALWAYS at stage "referral due"
    When the team leader concludes the escalation
    Then it is refused under UC-9 at stage "referral due"
    And it is refused under R-LEADER-ALWAYS at stage "referral due"
    When the team leader refers the case to the leader
    Then the leader asked is "l.evans"

  @UC-10
  Scenario: A review date is set, and the next steps are considered on it
    When the team leader refers the case to the leader
    Then under UC-10 at safeguarding the team leader owes "Set a review date"
    When the team leader concludes the escalation
    Then it is refused under UC-10 at stage "review date due"
    When the leader sets the review date to 2026-06-17
    And the leader concludes the escalation
    Then it is refused under UC-10 at stage "review due"
    When it is 2026-06-17 10:00
    And the leader reviewed the case on 2026-06-17 09:30
    And the leader concludes the escalation
    Then at safeguarding the stage is "concluded"
    And at conferencing the escalation outcome names the leader "l.evans" and 2 steps
    And at conferencing the stage is "documentation due"

  @UC-9 @R-NOT-PRESCRIBED
  Scenario: What the text does not prescribe is recorded all the same
    When the team leader tried the claimant on 2026-06-10 12:30 without a reply
    Then the reply cites R-NOT-PRESCRIBED
    And at safeguarding the stage is "referral due"
    When the team leader disclosed data to the police on 2026-06-10 12:40
    Then the reply cites R-NOT-PRESCRIBED
    When the team leader concludes the escalation
    Then it is refused under UC-9 at stage "referral due"

  @R-NO-LEADER
  Scenario: Nothing is concluded while the area has no leader who could be asked
    Given the area "Somewhere" has no leader
    When the team leader refers the case to the leader
    Then under R-NO-LEADER the area "Somewhere" is listed as uncovered, with 1 case waiting
    When the team leader concludes the escalation
    Then it is refused under R-NO-LEADER at stage "awaiting leader"
