Feature: From the conference about a Universal Credit claimant to the informed decision
  The referrer gathers what was done and sends it to the Decision Maker, who decides on the full circumstances.

  Background:
    Given it is 2026-06-10 12:00
    And the leader of "Somewhere" is "l.evans"
    And a UC case was handed over after visits on 2026-06-01 14:00 and 2026-06-10 11:00
    And enquiries are complete
    And at conferencing the team leader has done "Review the information" on 2026-06-10 12:00 in UC-ACCOUNT

  @UC-11
  Scenario: The referrer gathers the documentation before the case goes to the Decision Maker
    When the team leader determines that there is no concern, with the assent of the team leader and the referrer
    Then at conferencing the stage is "documentation due"
    And at conferencing the referrer owes "Gather the documentation for the Decision Maker"
    When the referrer returns the case
    Then it is refused under UC-11 at stage "documentation due"
    When the team leader made the closing note on 2026-06-10 11:55
    Then it is refused under R-NOT-PRESCRIBED at stage "documentation due"
    When the team leader gathers the documentation
    Then it is refused under UC-11 at stage "documentation due"
    When the referrer gathers the documentation
    Then at conferencing the stage is "return due"
    And the case shows the documentation, without referrals to other organisations
    When the referrer returns the case
    Then at conferencing the stage is "decision due"

  @UC-11
  Scenario: Documentation gathered before all reasonable steps were taken does not count
    When the referrer gathers the documentation
    Then the reply notes that "does not count"
    When the team leader determines that there is no concern, with the assent of the team leader and the referrer
    And the referrer returns the case
    Then it is refused under UC-11 at stage "documentation due"

  @UC-12 @R-DECISIONS
  Scenario: The Decision Maker decides on a file that was returned
    When the team leader determines that there is no concern, with the assent of the team leader and the referrer
    And the referrer gathers the documentation
    And the Decision Maker decides to take the decision
    Then it is refused under UC-12 at stage "return due"
    When the referrer returns the case
    Then at conferencing the Decision Maker owes "Decide on the full circumstances"
    When the Decision Maker decides to disallow
    Then it is refused under R-DECISIONS at stage "decision due"
    When the Decision Maker decides not to take the decision
    Then at conferencing the stage is "decided"
    And at DWP Visiting the stage is "ended decided"

  @UC-12
  Scenario: A decision says what was weighed
    When the team leader determines that there is no concern, with the assent of the team leader and the referrer
    And the referrer gathers the documentation
    And the Case Manager decides to take the decision
    Then it is refused under UC-12 at stage "return due"
    When the referrer returns the case
    And the Decision Maker decides to take the decision, without saying what was weighed
    Then the request is not valid in "weighed"
    When the Decision Maker decides to take the decision
    Then at conferencing the stage is "decided"

  @R-RECONSIDERATION
  Scenario: A reconsideration opens the case again
    When the team leader determines that there is no concern, with the assent of the team leader and the referrer
    And the referrer gathers the documentation
    And the referrer returns the case
    And the Decision Maker decides to take the decision
    And the Decision Maker reopens the case
    Then the reply cites R-RECONSIDERATION
    And at conferencing the stage is "determination due"

  @UC-6
  Scenario: The case is not returned before it is determined whether there is a concern
    When the referrer returns the case
    Then it is refused under UC-6 at stage "determination due"
    When the team leader determines that there is a concern, with the assent of the team leader and the referrer
    And the referrer returns the case
    Then it is refused under UC-8 at stage "escalated"

  @R-LATER-CONTACT
  Scenario: What is said later is considered before the case goes back
    When the claimant rings the referrer at conferencing on 2026-06-10 11:50
    Then the reply cites R-LATER-CONTACT
    When the referrer returns the case
    Then it is refused under R-LATER-CONTACT at stage "determination due"
    When at conferencing the team leader has done "Consider what was said" on 2026-06-10 12:00 in UC-ACCOUNT
    And the team leader determines that there is no concern, with the assent of the team leader and the referrer
    And the referrer gathers the documentation
    And the referrer returns the case
    Then at conferencing the stage is "decision due"

  @R-LATER-CONTACT
  Scenario: Nothing is taken from a claimant to whom nobody has listened
    When the team leader determines that there is no concern, with the assent of the team leader and the referrer
    And the referrer gathers the documentation
    And the referrer returns the case
    And the claimant rings the team leader at conferencing on 2026-06-10 11:50
    Then the reply cites R-LATER-CONTACT
    When the Decision Maker decides to take the decision
    Then it is refused under R-LATER-CONTACT at stage "decision due"
    When at conferencing the Decision Maker has done "Consider what was said" on 2026-06-10 12:00 in UC-ACCOUNT
    And the Decision Maker decides to take the decision
    Then at conferencing the stage is "decided"

  @R-DEATH-VERIFIED
  Scenario: Nothing is taken from a claimant who is said to have died before that is settled
    When the team leader determines that there is no concern, with the assent of the team leader and the referrer
    And the referrer gathers the documentation
    And the referrer returns the case
    And an officer reports the claimant's death
    And the Decision Maker decides to take the decision
    Then it is refused under R-DEATH-VERIFIED at stage "decision due"
    When an officer says that the report of the death was mistaken
    And the Decision Maker decides to take the decision
    Then at conferencing the stage is "decided"

  @R-SECOND-PERSON @R-WITHDRAWAL
  Scenario: Nothing is taken from a claimant whose visits were recorded in error
    When the team leader determines that there is a concern, with the assent of the team leader and the referrer
    And it is 2026-06-10 13:00
    And fact 2 is corrected: it never happened
    And another Visiting Officer confirms that it was recorded in error
    Then at conferencing the stage is "escalated"
    When the team leader refers the case to the leader
    And the leader sets the review date to 2026-06-17
    And it is 2026-06-17 10:00
    And the leader reviewed the case on 2026-06-17 09:30
    And the leader concludes the escalation
    And the referrer gathers the documentation
    And the referrer returns the case
    And the Decision Maker decides to take the decision
    Then it is refused under R-SECOND-PERSON at stage "decision due"
    And it is refused under R-WITHDRAWAL at stage "decision due"
    When the Decision Maker decides not to take the decision
    Then at conferencing the stage is "decided"
