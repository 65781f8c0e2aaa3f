Feature: Told once, known everywhere
  Relatives report a death once; every service stops contacting the claimant at once. A mistake is put right just as
  quickly.

  Background:
    Given it is 2026-06-10 12:00
    And the leader of "Somewhere" is "l.evans"
    And a PIP case was handed over to the CES Team after visits on 2026-06-01 14:00 and 2026-06-10 11:00
    And enquiries are complete
    And the CES Team determined that there is a concern

  @GEN-3 @R-DEATH
  Scenario: A death reported to conferencing stops contact at safeguarding
    Then at safeguarding the CES Team owes "Attempt to make contact"
    When an officer reports the claimant's death
    Then under GEN-3 and R-DEATH at safeguarding the CES Team does not owe "Attempt to make contact"
    And at safeguarding the officer owes "Verify the reported death"
    And at DWP Visiting the officer owes "Verify the reported death"
    And every service shows the death as "reported"

  @R-DEATH-REVIEW
  Scenario: Only whoever leads the case is asked to consider a review
    When an officer reports the claimant's death
    Then under R-DEATH-REVIEW at conferencing the officer owes "Consider referring the case for an Internal Process Review"
    And at DWP Visiting the officer does not owe "Consider referring the case for an Internal Process Review"
    And at safeguarding the officer does not owe "Consider referring the case for an Internal Process Review"

  @R-DEATH-VERIFIED
  Scenario: A second person verifies the death
    When an officer reports the claimant's death
    And the same officer verifies the death
    Then it is refused under R-DEATH-VERIFIED at stage "escalated"
    When another officer verifies the death
    Then at conferencing the stage is "ended death"
    And at safeguarding the stage is "ended death"
    And at DWP Visiting the stage is "ended death"
    And every service shows the death as "confirmed"

  @R-DEATH-MISTAKEN @GEN-3
  Scenario: A mistaken report is put right, and everything resumes
    When an officer reports the claimant's death
    Then under GEN-3 and R-DEATH at safeguarding the CES Team does not owe "Attempt to make contact"
    When an officer says that the report of the death was mistaken
    Then the reply cites R-DEATH-MISTAKEN
    And every service shows the death as "not reported"
    And at safeguarding the CES Team owes "Attempt to make contact"
    And at safeguarding the stage is "contact due"

  @GEN-3
  Scenario: A death reported for one award stops the visits about another
    Given the same claimant was referred for a visit about another award on 2026-06-10 10:00
    Then at DWP Visiting the Visiting Officer owes "Make the first visit"
    When an officer reports the claimant's death on the case with the CES Team
    Then under GEN-3 and R-DEATH at DWP Visiting the Visiting Officer does not owe "Make the first visit"

  @R-RECORDED-ALWAYS
  Scenario: A second referral for the same award joins the first
    When another referrer refers the same award on 2026-06-10 10:00
    Then the reply cites R-RECORDED-ALWAYS
    And the reply notes that "joined the case"
    And at conferencing the referrer "s.khan" owes "Take note that two visits were ineffective"

  @GEN-3
  Scenario: A death reported before a new referral is known there at once
    When an officer reports the claimant's death
    And the same claimant was referred for a visit about another award on 2026-06-10 10:00
    Then the reply notes that "The customer is said to have died, as was told of another case"
    And under GEN-3 and R-DEATH at DWP Visiting the Visiting Officer does not owe "Make the first visit"
    And at DWP Visiting the officer owes "Verify the reported death"
