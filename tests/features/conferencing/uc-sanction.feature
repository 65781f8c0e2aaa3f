Feature: The conference before a Universal Credit sanction
  Where a claimant has no good reason for failing a requirement, the work coach and the site leader confer before anybody
  refers them for a sanction. The Decision Maker invites them to explain and weighs everything before deciding.

  Background:
    Given it is 2026-06-08 12:00
    And a Universal Credit claimant failed a requirement on 2026-06-08 10:00

  @UC-SAN
  Scenario: Nobody is referred before the work coach and the site leader have conferred
    Then under UC-SAN the work coach owes "Hold a case conference" on the failed requirement
    When "w.coach" refers the claimant for a sanction
    Then it is refused under UC-SAN at stage "conference due"
    When "w.coach" as work coach confers alone
    Then the reply notes that "does not count"
    When "w.coach" refers the claimant for a sanction
    Then it is refused under UC-SAN at stage "conference due"
    When "w.coach" as work coach and "s.leader" as site leader confer and see no good reason
    Then nothing is owed on the failed requirement
    When "w.coach" refers the claimant for a sanction
    Then the failed requirement is at "invitation due"

  @UC-SAN @R-DIFFERENT-PERSONS
  Scenario: One person is not two parties
    When "w.coach" as work coach and "w.coach" as site leader confer and see no good reason
    Then the reply notes that "as two persons"
    When "w.coach" refers the claimant for a sanction
    Then it is refused under UC-SAN at stage "conference due"
    When "w.coach" as work coach and "s.leader" as site leader confer and see no good reason
    And "w.coach" refers the claimant for a sanction
    And the Decision Maker invites the claimant to explain
    And it is 2026-06-15 12:00
    And no answer comes from the claimant
    And "s.leader" decides that a sanction is warranted
    Then it is refused under R-DIFFERENT-PERSONS at stage "decision due"
    When "d.maker" decides that no sanction is warranted
    Then the failed requirement is at "decided"

  @UC-SAN
  Scenario Outline: What the conference finds may end it
    When "w.coach" as work coach and "s.leader" as site leader confer and see <found>
    Then the failed requirement is at "no referral"
    And nothing is owed on the failed requirement
    When "w.coach" refers the claimant for a sanction
    Then it is refused under UC-SAN at stage "no referral"

    Examples:
      | found                      |
      | a good reason              |
      | a requirement out of reach |

  @UC-SAN @R-WEIGHED
  Scenario: The claimant is invited to explain, and what they say is weighed
    When "w.coach" as work coach and "s.leader" as site leader confer and see no good reason
    And "d.maker" decides that a sanction is warranted
    Then it is refused under UC-SAN at stage "referral open"
    When "w.coach" refers the claimant for a sanction
    And "d.maker" decides that a sanction is warranted
    Then it is refused under UC-SAN at stage "invitation due"
    And under UC-SAN the Decision Maker owes "Invite the claimant to explain" on the failed requirement
    When the Decision Maker invites the claimant to explain
    Then under UC-SAN the Decision Maker owes "Record what the claimant explains" on the failed requirement
    When "d.maker" decides that a sanction is warranted
    Then it is refused under UC-SAN at stage "explanation due"
    When the claimant explains
    And "d.maker" decides that a sanction is warranted, with nothing known of a good reason
    Then it is refused under R-WEIGHED at stage "decision due"
    When "d.maker" decides that no sanction is warranted
    Then the failed requirement is at "decided"
    And the decisions on the sanction are "no sanction"
    And the journal of the failed requirement stands on UC-SAN throughout

  @UC-SAN
  Scenario: A claimant who disagrees asks for a reconsideration
    When "w.coach" as work coach and "s.leader" as site leader confer and see no good reason
    And "w.coach" refers the claimant for a sanction
    And the claimant asks for a reconsideration of the sanction
    Then it is refused under UC-SAN at stage "invitation due"
    When the Decision Maker invites the claimant to explain
    And it is 2026-06-15 12:00
    And no answer comes from the claimant
    And "d.maker" decides that a sanction is warranted
    Then the failed requirement is found in the list of those "decided"
    When the claimant asks for a reconsideration of the sanction
    Then under UC-SAN the Decision Maker owes "Decide whether a sanction is warranted" on the failed requirement
    When the claimant explains
    And "d.maker" decides that no sanction is warranted
    Then the decisions on the sanction are "sanction, no sanction"

  @GEN-3 @UC-SAN
  Scenario: Contact stops with a report of death
    When "w.coach" as work coach and "s.leader" as site leader confer and see no good reason
    And "w.coach" refers the claimant for a sanction
    When an officer reports the claimant's death
    Then the reply cites GEN-3
    And the Decision Maker owes nothing on the failed requirement
    When another officer verifies the death
    Then the failed requirement is at "ended death"
    When "d.maker" decides that a sanction is warranted
    Then it is refused under GEN-3 at stage "ended death"
    When the work coach records that a PIP claimant failed a requirement
    Then it is refused under UC-SAN at stage "conference due"

  @GEN-3 @UC-SAN
  Scenario: A new case knows of a death that was reported on another one
    When an officer reports the claimant's death
    Then the reply cites GEN-3
    When the same claimant failed a requirement on 2026-06-08 11:00
    And "w.coach" as work coach and "s.leader" as site leader confer and see no good reason
    And "w.coach" refers the claimant for a sanction
    Then the Decision Maker owes nothing on the failed requirement
    When "d.maker" decides that a sanction is warranted
    Then it is refused under UC-SAN at stage "invitation due"
    When the Decision Maker invites the claimant to explain
    And it is 2026-06-15 12:00
    And no answer comes from the claimant
    And "d.maker" decides that a sanction is warranted
    Then it is refused under GEN-3 at stage "decision due"

  @UC-SAN
  Scenario: What a conference finds after the referral ends it without an invitation
    When "w.coach" as work coach and "s.leader" as site leader confer and see no good reason
    And "w.coach" refers the claimant for a sanction
    And it is 2026-06-09 12:00
    And "w.coach" as work coach and "s.leader" as site leader confer and see a requirement out of reach
    Then the reply notes that "the Decision Maker weighs"
    When "d.maker" decides that a sanction is warranted, with nothing known of a good reason
    Then it is refused under R-WEIGHED at stage "invitation due"
    And it is refused under UC-SAN at stage "invitation due"
    When "d.maker" decides that no sanction is warranted
    Then the failed requirement is at "decided"

  @UC-SAN
  Scenario: No sanction is decided while the award is held after two visits
    Given a UC case was handed over after visits on 2026-06-01 14:00 and 2026-06-08 11:30
    When the same claimant failed a requirement on 2026-06-08 11:45
    And "w.coach" as work coach and "s.leader" as site leader confer and see no good reason
    And "w.coach" refers the claimant for a sanction
    And "d.maker" decides that a sanction is warranted
    Then it is refused under UC-SAN at stage "invitation due"
    And it is refused under UC-2 at stage "invitation due"
    When the Decision Maker invites the claimant to explain
    And it is 2026-06-15 12:00
    And no answer comes from the claimant
    And "d.maker" decides that a sanction is warranted
    Then it is refused under UC-2 at stage "decision due"
    And it is refused under R-ACTIONS at stage "decision due"
    When "d.maker" decides that no sanction is warranted
    Then the failed requirement is at "decided"

  @UC-SAN
  Scenario: No sanction is decided while DWP Visiting holds the award over a concern
    Given a UC claimant in England was referred for a visit on 2026-06-05 10:00
    And an officer raises a concern that arose on 2026-06-08 09:00
    When the same claimant failed a requirement on 2026-06-08 11:45
    And "w.coach" as work coach and "s.leader" as site leader confer and see no good reason
    And "w.coach" refers the claimant for a sanction
    And "d.maker" decides that a sanction is warranted
    Then it is refused under UC-SAN at stage "invitation due"
    And it is refused under GEN-2 at stage "invitation due"
    When the Decision Maker invites the claimant to explain
    And it is 2026-06-15 12:00
    And no answer comes from the claimant
    And "d.maker" decides that a sanction is warranted
    Then it is refused under GEN-2 at stage "decision due"
    And it is refused under R-ACTIONS at stage "decision due"
    When "d.maker" decides that no sanction is warranted
    Then the failed requirement is at "decided"

  @UC-SAN
  Scenario: A conference that was otherwise than recorded bears no sanction
    When "w.coach" as work coach and "s.leader" as site leader confer and see no good reason
    And "w.coach" refers the claimant for a sanction
    And the Decision Maker invites the claimant to explain
    And it is 2026-06-15 12:00
    And no answer comes from the claimant
    And "w.coach" corrects the conference to have been without the site leader
    Then the reply notes that "The referral stays on record"
    And the failed requirement is at "referral unsupported"
    And the conference as it was recorded first is still on record
    And under UC-SAN the work coach owes "Hold a case conference" on the failed requirement
    When "d.maker" decides that a sanction is warranted
    Then it is refused under UC-SAN at stage "referral unsupported"
    When "w.coach" as work coach and "s.leader" as site leader confer and see no good reason
    Then under UC-SAN the Decision Maker owes "Decide whether a sanction is warranted" on the failed requirement
    When "d.maker" decides that a sanction is warranted
    Then the failed requirement is at "decided"

  @UC-SAN
  Scenario: After the decision a correction is for the Decision Maker to consider
    When "w.coach" as work coach and "s.leader" as site leader confer and see no good reason
    And "w.coach" refers the claimant for a sanction
    And the Decision Maker invites the claimant to explain
    And it is 2026-06-15 12:00
    And no answer comes from the claimant
    And "d.maker" decides that a sanction is warranted
    And "w.coach" corrects that the conference never took place
    Then the reply notes that "The decision stands"
    And the failed requirement is at "decided"
    And under UC-SAN the Decision Maker owes "Consider whether the decision is to be reconsidered" on the failed requirement
    When "w.coach" withdraws the case, as a good reason became known
    Then it is refused under UC-SAN at stage "decided"
    When the claimant asks for a reconsideration of the sanction
    Then the failed requirement is at "referral unsupported"
    When "d.maker" decides that a sanction is warranted
    Then it is refused under UC-SAN at stage "referral unsupported"
    When "d.maker" decides that no sanction is warranted
    Then the decisions on the sanction are "sanction, no sanction"

  @UC-SAN
  Scenario Outline: A failure that is not pursued is withdrawn, and bars no new case
    When "w.coach" as work coach and "s.leader" as site leader confer and see no good reason
    And "w.coach" refers the claimant for a sanction
    And "w.coach" withdraws the case, as <why>
    Then the failed requirement is at "ended withdrawn"
    And nothing is owed on the failed requirement
    And the failed requirement is found in the list of those "ended withdrawn"
    When "d.maker" decides that no sanction is warranted
    Then it is refused under UC-SAN at stage "ended withdrawn"
    When the Decision Maker invites the claimant to explain
    Then the failed requirement is at "ended withdrawn"
    And the journal of the failed requirement stands on UC-SAN throughout
    When the same claimant failed a requirement on 2026-06-08 10:00
    Then under UC-SAN the work coach owes "Hold a case conference" on the failed requirement

    Examples:
      | why                        |
      | it was recorded in error   |
      | a good reason became known |
      | the claim was closed       |

  @UC-SAN
  Scenario: One failure has one case, however often it is recorded
    When "w.coach" as work coach and "s.leader" as site leader confer and see a good reason
    And the same claimant failed a requirement on 2026-06-08 10:00
    Then the reply notes that "no other is opened"
    And the failed requirement is at "no referral"
    When "w.coach" refers the claimant for a sanction
    Then it is refused under UC-SAN at stage "no referral"
    When the same claimant failed a requirement on 2026-06-08 11:00
    Then the reply notes that "of 2026-06-08 (NO_REFERRAL)"
    And under UC-SAN the work coach owes "Hold a case conference" on the failed requirement

  @R-DIFFERENT-PERSONS
  Scenario: Whoever took part in a conference does not decide, be it one that does not count
    When "d.maker" as work coach confers alone
    Then the reply notes that "does not count"
    When "w.coach" as work coach and "s.leader" as site leader confer and see no good reason
    And "w.coach" refers the claimant for a sanction
    And "d.maker" decides that no sanction is warranted
    Then it is refused under R-DIFFERENT-PERSONS at stage "invitation due"

  @UC-SAN
  Scenario: That no sanction is warranted stands
    When "w.coach" as work coach and "s.leader" as site leader confer and see no good reason
    And "w.coach" refers the claimant for a sanction
    And "d.maker" decides that no sanction is warranted
    Then the reply notes that "none to apply"
    When the claimant asks for a reconsideration of the sanction
    Then it is refused under UC-SAN at stage "decided"

  @UC-SAN @R-SANCTION-CONFERENCE
  Scenario Outline: It is a conference of Universal Credit alone
    When the work coach records that <article> <benefit> claimant failed a requirement
    Then it is refused under UC-SAN at stage "conference due"
    And it is refused under R-SANCTION-CONFERENCE at stage "conference due"

    Examples:
      | article | benefit        |
      | a       | PIP            |
      | an      | ESA            |
      | an      | Access to Work |
