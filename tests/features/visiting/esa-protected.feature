Feature: What ESA payments are told while a Core Visit is thought of or under way
  A known condition keeps sanction and disallowance back until a Core Visit was considered. Once a visit is due, nothing is
  done about the non-attendance or the missing evidence until its outcome is known.

  Background:
    Given it is 2026-06-01 15:00

  @ESA-106P @R-HOLD-FROM-CONDITION
  Scenario: A known condition holds sanction and disallowance
    Given the referrer considered a Core Visit for an ESA claimant on 2026-06-01 10:00
      | situation    | failed to attend interview |
      | records show | found       |
    When payments ask whether they may sanction the award
    Then under ESA-106P it is prohibited
    And under R-HOLD-FROM-CONDITION it is prohibited
    When payments ask whether they may disallow the award
    Then under ESA-106P it is prohibited
    When the referrer goes on considering on 2026-06-01 14:00
      | considered             | deferral, notification, advocacy, attendance issues, reminder |
      | spoken with, staff are | confident                                                     |
      | conclusion             | no visit                                                      |
    And payments ask whether they may sanction the award
    Then it is permitted

  @ESA-112 @R-HOLD-FROM-CORE-VISIT
  Scenario: No response and a known condition hold action over the missed appointment
    Given the referrer considered a Core Visit for an ESA claimant on 2026-06-01 10:00
      | situation      | failed to attend assessment |
      | correspondence | no response                 |
      | records show   | found        |
    When payments ask whether they may end the award because of a missed appointment
    Then under ESA-112 it is prohibited
    And under R-HOLD-FROM-CORE-VISIT it is prohibited

  @ESA-112
  Scenario: From the decision to refer until the outcome is back nothing is done about it
    Given the referrer considered a Core Visit for an ESA claimant on 2026-06-01 10:00
      | situation    | evidence not provided |
      | records show | found   |
      | conclusion   | refer                 |
    When payments ask whether they may stop the award because of missing evidence
    Then under ESA-112 it is prohibited
    When the referrer refers an ESA claimant for a visit on 2026-06-01 11:00
    And payments ask whether they may stop the award because of missing evidence
    Then under ESA-112 it is prohibited
    When the Visiting Officer sees the claimant on 2026-06-01 14:00
      | understands evidence | yes                                           |
      | booked               | next steps on the evidence on 2026-06-10 10:00 |
    And payments ask whether they may stop the award because of missing evidence
    Then under ESA-112 it is prohibited
    When the Visiting Officer has done "Return" on 2026-06-01 14:30 in e-mail
    And payments ask whether they may stop the award because of missing evidence
    Then it is permitted

  @ESA-112 @R-HOLD-UNTIL
  Scenario: Contact in time releases only with confidence
    Given an ESA claimant in England was referred for a visit on 2026-05-29 10:00
    And the Visiting Officer called on 2026-06-01 14:00 and nobody is at home, leaving the letter
    When it is 2026-06-03 12:00
    And the claimant rings the referrer on 2026-06-03 11:00
    And payments ask whether they may sanction the award because of a missed appointment
    Then under ESA-112 it is prohibited
    When the referrer tells DWP Visiting that no second visit is needed, and is confident
    And payments ask whether they may sanction the award because of a missed appointment
    Then it is permitted
    And under R-HOLD-UNTIL the protection ended with "contact in time"
