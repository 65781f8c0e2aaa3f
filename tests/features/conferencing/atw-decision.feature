Feature: From CEAST's determination to the informed decision on the grant
  Without a concern the case goes straight back to the adviser. After one, the SPOC first updates DISC and ATWIS on CEAST's
  request. The adviser decides on the full circumstances whether to award a grant.

  Background:
    Given it is 2026-06-10 12:00
    And an AtW case was handed over after visits on 2026-06-01 14:00 and 2026-06-10 11:00
    And enquiries are complete

  @ATW-18
  Scenario: Without a concern no closing note is owed first
    When CEAST determines that there is no concern
    Then under ATW-18 at conferencing the stage is "return due"
    And at conferencing the SPOC does not owe "At CEAST's request, update"
    When CEAST returns the case
    Then at conferencing the stage is "decision due"

  @ATW-22
  Scenario: After a concern the SPOC records the steps taken before the case goes back
    Given CEAST determined that there is a concern
    When CEAST tried the claimant on 2026-06-10 12:00 without a reply
    And CEAST decides that no leader is needed
    And CEAST concludes the escalation
    Then at conferencing the stage is "closing note due"
    And at conferencing the SPOC owes "At CEAST's request, update"
    When CEAST returns the case
    Then it is refused under ATW-22 at stage "closing note due"
    When CEAST made the closing note on 2026-06-10 12:00 in DISC
    Then it is refused under ATW-22 at stage "closing note due"
    When the SPOC made the closing note on 2026-06-10 12:00 in DISC
    Then at conferencing the stage is "return due"

  @ATW-23 @R-DECISIONS
  Scenario: The adviser decides whether to award the grant
    When CEAST determines that there is no concern
    And the AtW adviser decides not to award the grant
    Then it is refused under ATW-23 at stage "return due"
    When the referrer returns the case
    Then it is refused under ATW-23 at stage "return due"
    When CEAST returns the case
    Then at conferencing the AtW adviser owes "Decide on the full circumstances"
    When the AtW adviser decides to disallow
    Then it is refused under R-DECISIONS at stage "decision due"
    When the AtW adviser decides to award the grant, without saying what was weighed
    Then the request is not valid in "weighed"
    When the AtW adviser decides to award the grant
    Then at conferencing the stage is "decided"
    And at DWP Visiting the stage is "ended decided"

  @ATW-13 @ATW-14
  Scenario: What was owed since the case arrived is done before it goes back
    Given another AtW case was handed over after visits on 2026-06-01 14:00 and 2026-06-10 11:00
    Then under ATW-13 at conferencing the SPOC owes "Note DISC"
    And under ATW-14 at conferencing CEAST owes "Consider the Additional Support marker"
    When the assurance check is complete
    And CEAST decides that further information is not required
    And CEAST determines that there is no concern
    And CEAST returns the case
    Then it is refused under ATW-13 at stage "return due"
    And it is refused under ATW-14 at stage "return due"

  @ATW-17
  Scenario: The case is not returned before it is determined whether there is a concern
    When CEAST returns the case
    Then it is refused under ATW-17 at stage "determination due"
    When CEAST determines that there is a concern
    And CEAST returns the case
    Then it is refused under ATW-19 at stage "escalated"

  @R-LATER-CONTACT
  Scenario: What is said later is considered before the case goes back
    When the claimant rings the SPOC at conferencing on 2026-06-10 11:50
    Then the reply cites R-LATER-CONTACT
    When CEAST returns the case
    Then it is refused under R-LATER-CONTACT at stage "determination due"
    When at conferencing CEAST has done "Consider what was said" on 2026-06-10 12:00 in DISC
    And CEAST determines that there is no concern
    And CEAST returns the case
    Then at conferencing the stage is "decision due"

  @R-LATER-CONTACT
  Scenario: Nothing is taken from a claimant to whom nobody has listened
    When CEAST determines that there is no concern
    And CEAST returns the case
    And the claimant rings CEAST at conferencing on 2026-06-10 11:50
    Then the reply cites R-LATER-CONTACT
    When the AtW adviser decides not to award the grant
    Then it is refused under R-LATER-CONTACT at stage "decision due"
    When at conferencing the AtW adviser has done "Consider what was said" on 2026-06-10 12:00 in DISC
    And the AtW adviser decides not to award the grant
    Then at conferencing the stage is "decided"

  @R-DEATH-VERIFIED
  Scenario: Nothing is taken from a claimant who is said to have died before that is settled
    When CEAST determines that there is no concern
    And CEAST returns the case
    And an officer reports the claimant's death
    And the AtW adviser decides not to award the grant
    Then it is refused under R-DEATH-VERIFIED at stage "decision due"
    When an officer says that the report of the death was mistaken
    And the AtW adviser decides not to award the grant
    Then at conferencing the stage is "decided"

  @R-SECOND-PERSON @R-WITHDRAWAL
  Scenario: Nothing is taken from a claimant whose visits were recorded in error
    When CEAST determines that there is a concern
    And it is 2026-06-10 13:00
    And fact 4 is corrected: it never happened
    And another Visiting Officer confirms that it was recorded in error
    Then at conferencing the stage is "escalated"
    When CEAST tried the claimant on 2026-06-10 12:30 without a reply
    And CEAST decides that no leader is needed
    And CEAST concludes the escalation
    And the SPOC made the closing note on 2026-06-10 13:00 in DISC
    And CEAST returns the case
    And the AtW adviser decides not to award the grant
    Then it is refused under R-SECOND-PERSON at stage "decision due"
    And it is refused under R-WITHDRAWAL at stage "decision due"
    When the AtW adviser decides to award the grant
    Then at conferencing the stage is "decided"
