Feature: Triage of concerns about an Access to Work customer
  Every visiting referral goes through the Single Point of Contact, who looks at the concern that a processor or an adviser
  sends, and refers, keeps it, or gives the case to an adviser.

  Background:
    Given it is 2026-06-01 15:00

  @ATW-3
  Scenario: No referral goes ahead without triage
    When the SPOC refers an AtW customer for a visit on 2026-06-01 10:00
    Then it is refused under ATW-3 at stage "not opened"
    When the AtW processor raises a concern about an AtW customer on 2026-06-01 11:00
    And the SPOC refers an AtW customer for a visit on 2026-06-01 12:00
    Then it is refused under ATW-3 at stage "triage due"

  @ATW-4
  Scenario: The SPOC triages and refers, and nobody else does
    Given the AtW processor raised a concern about an AtW customer on 2026-06-01 10:00
    Then the stage is "triage due"
    And the SPOC owes "Check whether there is a concern"
    When the AtW processor finds on 2026-06-01 11:00 that there is no concern
    Then it is refused under ATW-4 at stage "triage due"
    When the SPOC finds on 2026-06-01 11:00 that there is a concern and a visit is appropriate
    Then the stage is "referral due"
    And the SPOC owes "Refer the customer for a visit"
    When the AtW adviser refers an AtW customer for a visit on 2026-06-01 12:00
    Then it is refused under ATW-4 at stage "referral due"
    When the SPOC refers an AtW customer for a visit on 2026-06-01 12:00
    Then the stage is "first visit due"

  @ATW-5 @ATW-4N
  Scenario: A concern that the adviser finds goes back to the SPOC
    Given the AtW processor raised a concern about an AtW customer on 2026-06-01 10:00
    And the SPOC found on 2026-06-01 11:00 that there is no concern
    Then the stage is "with adviser"
    When the AtW adviser raises a further concern on 2026-06-01 12:00
    Then the reply cites ATW-4N
    And the stage is "triage due"
    When the SPOC refers an AtW customer for a visit on 2026-06-01 13:00
    Then it is refused under ATW-5 at stage "triage due"
    When the SPOC finds on 2026-06-01 13:30 that there is a concern and a visit is appropriate
    And the SPOC refers an AtW customer for a visit on 2026-06-01 14:00
    Then the stage is "first visit due"

  @ATW-4N
  Scenario: A concern that the adviser finds after the visit goes back to the SPOC, and protects until it is triaged
    Given an AtW customer in England was referred for a visit on 2026-05-29 10:00
    When the Visiting Officer calls on 2026-06-01 11:00 and sees the claimant
    And the AtW adviser raises a further concern on 2026-06-01 12:00
    Then the reply cites ATW-4N
    And the stage is "triage due"
    When the Visiting Officer has done "Return" on 2026-06-01 13:00 in e-mail
    And payments ask whether they may end the award
    Then under GEN-2 it is prohibited
    And the SPOC owes "Check whether there is a concern"
    When the SPOC finds on 2026-06-01 14:00 that there is no concern
    And payments ask whether they may end the award
    Then it is permitted

  @ATW-3
  Scenario: The triage comes before the referral, not only before it is recorded
    Given the AtW processor raised a concern about an AtW customer on 2026-06-01 10:00
    When the SPOC finds on 2026-06-01 09:00 that there is no concern
    Then the reply notes that "The concern is to be triaged still"
    And the stage is "triage due"
    When the SPOC finds on 2026-06-01 12:00 that there is a concern and a visit is appropriate
    And the SPOC refers an AtW customer for a visit on 2026-06-01 11:00
    Then it is refused under ATW-3 at stage "referral due"
    And the refusal says "on 1 June 2026 at 11:00, before the concern was triaged, on 1 June 2026 at 12:00"

  @R-NO-VISIT
  Scenario: A concern for which no visit is appropriate stays with the SPOC
    Given the AtW processor raised a concern about an AtW customer on 2026-06-01 10:00
    When the SPOC finds on 2026-06-01 11:00 that there is a concern but no visit is appropriate
    Then the reply cites R-NO-VISIT
    And the stage is "concern with spoc"

  @ATW-4N
  Scenario: Anyone involved may raise a concern at any stage
    Given an AtW customer in England was referred for a visit on 2026-05-29 10:00
    When the officer raises a further concern on 2026-06-01 12:00
    Then the reply cites ATW-4N
    And the stage is "first visit due"

  @R-WITHDRAWAL
  Scenario: A case may be withdrawn before its referral, by the SPOC
    Given the AtW processor raised a concern about an AtW customer on 2026-06-01 10:00
    When the referrer withdraws the referral because the claim was withdrawn
    Then it is refused under R-WITHDRAWAL at stage "triage due"
    When the SPOC withdraws the referral because the claim was withdrawn
    Then the stage is "ended withdrawn"
    And nothing is owed

  @ATW-4N
  Scenario: In other benefits no concern opens a case
    When the officer raises a concern about an ESA claimant on 2026-06-01 10:00
    Then it is refused under R-NOT-PRESCRIBED at stage "not opened"
    When the officer raises a concern about an AtW customer on 2026-06-01 10:00
    Then the reply cites ATW-4N
    And the stage is "triage due"
