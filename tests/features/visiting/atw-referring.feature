Feature: Referring an Access to Work customer for a visit
  A visit is there for those who cannot do their business otherwise, once every other source of support is exhausted, and
  the referral form needs an Advanced Customer Support concern.

  Background:
    Given it is 2026-06-01 15:00
    And the AtW processor raised a concern about an AtW customer on 2026-06-01 10:00
    And the SPOC found on 2026-06-01 11:00 that there is a concern and a visit is appropriate

  @ATW-1
  Scenario: Why the customer is visited is recorded
    When the SPOC refers an AtW customer for a visit on 2026-06-01 12:00, and the form tells that legislation requires a face to face meeting
    Then the reply cites ATW-1
    And the form tells that legislation requires a face to face meeting

  @R-FORM-NEEDS-CONCERN
  Scenario: Vulnerability does not stand in for a concern
    When the SPOC refers an AtW customer for a visit on 2026-06-01 12:00, and the form tells of vulnerability alone
    Then it is refused under R-FORM-NEEDS-CONCERN at stage "referral due"
    When the SPOC refers an AtW customer for a visit on 2026-06-01 12:00, and the form tells of complex needs and a concern
    Then the stage is "first visit due"

  @ATW-2 @R-SUPPORT-EXHAUSTED
  Scenario: Every other source of support is exhausted first
    When the SPOC refers an AtW customer for a visit on 2026-06-01 12:00, and the form does not say that other support is exhausted
    Then it is refused under ATW-2 at stage "referral due"
    And it is refused under R-SUPPORT-EXHAUSTED at stage "referral due"

  @ATW-2
  Scenario: Where notes are made goes with the form
    When the SPOC refers an AtW customer for a visit on 2026-06-01 12:00, and the form does not say where notes are made
    Then it is refused under ATW-8 at stage "referral due"
    When the SPOC refers an AtW customer for a visit on 2026-06-01 12:00, and the form does not say that other support is exhausted
    Then it is refused under ATW-2 at stage "referral due"
