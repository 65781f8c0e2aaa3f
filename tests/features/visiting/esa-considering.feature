Feature: Considering a Core Visit to an ESA claimant
  Where a condition is known that could affect understanding or compliance, a Core Visit is considered before any
  sanction or disallowance. What is still to be considered is owed, and whoever deals with the claimant next reads it.

  Background:
    Given it is 2026-06-01 15:00

  @ESA-107 @ESA-106H @ESA-110
  Scenario: What is still to be considered is owed
    When the referrer considers a Core Visit for an ESA claimant on 2026-06-01 10:00
      | situation            | failed to attend interview, evidence not provided |
      | considered           | deferral, notification                            |
      | safeguarding concern | yes                                               |
      | appointee            | yes                                               |
    Then the stage is "consideration due"
    And the referrer owes "Consider encouraging the support of an advocate"
    And under ESA-107 the referrer owes "Check for indicators, such as a mental health marker"
    And under ESA-106H the referrer owes "Consider contacting the appointee"
    And under ESA-110 the referrer owes "Consider whether the appointee or attorney fulfils their responsibilities"
    When the referrer goes on considering on 2026-06-01 14:00
      | records show | found                                                                      |
      | considered   | advocacy, attendance issues, reminder, hardship contacts, representative responsibilities |
    Then the referrer does not owe "Consider"
    And the referrer does not owe "Check for indicators"
    And the referrer owes "Conclude whether a visit is required"
    And the stage is "consideration due"

  @ESA-106
  Scenario: No visit cannot be concluded before everything was considered
    Given the referrer considered a Core Visit for an ESA claimant on 2026-06-01 10:00
      | situation    | failed to attend interview |
      | records show | found       |
      | considered   | deferral, notification     |
    When the referrer goes on considering on 2026-06-01 14:00
      | spoken with, staff are | confident |
      | conclusion             | no visit  |
    Then it is refused under ESA-106 at stage "consideration due"

  @ESA-111
  Scenario: No visit cannot be concluded while nobody is confident that the claimant understands
    Given the referrer considered a Core Visit for an ESA claimant on 2026-06-01 10:00
      | situation      | failed to attend assessment                                        |
      | correspondence | no response                                                        |
      | records show   | found                                                |
      | considered     | deferral, notification, advocacy, attendance issues, reminder      |
    When the referrer goes on considering on 2026-06-01 14:00
      | conclusion | no visit |
    Then it is refused under ESA-111 at stage "consideration due"
    When the referrer goes on considering on 2026-06-01 14:10
      | spoken with, staff are | in doubt |
      | conclusion             | no visit |
    Then it is refused under ESA-111 at stage "consideration due"

  @ESA-111
  Scenario: No visit cannot be concluded over a concern, unchecked records or an appointee nobody thought of
    Given the referrer considered a Core Visit for an ESA claimant on 2026-06-01 10:00
      | situation            | failed to attend interview                                    |
      | considered           | deferral, notification, advocacy, attendance issues, reminder |
      | safeguarding concern | yes                                                           |
      | appointee            | yes                                                           |
    When the referrer goes on considering on 2026-06-01 14:00
      | conclusion | no visit |
    Then it is refused under ESA-111 at stage "consideration due"
    And it is refused under ESA-107 at stage "consideration due"
    And it is refused under ESA-106H at stage "consideration due"
    And it is refused under ESA-110 at stage "consideration due"

  @ESA-107N @ESA-106N
  Scenario: Staff who are confident note it, and no visit is made
    When the referrer considers a Core Visit for an ESA claimant on 2026-06-01 10:00
      | situation              | failed to attend assessment                                   |
      | correspondence         | no response                                                   |
      | records show           | found                                           |
      | considered             | deferral, notification, advocacy, attendance issues, reminder |
      | spoken with, staff are | confident                                                     |
      | conclusion             | no visit                                                      |
    Then the reply cites ESA-107N
    And the stage is "ended visit not required"
    And the referrer owes "Note in the relevant systems"
    And under ESA-106N whoever deals with the claimant next reads the steps taken in fact 1
    When the referrer has done "Note in the relevant systems" on 2026-06-01 14:30 in JSAPS
    Then nothing is owed

  @ESA-112A
  Scenario: Any doubt leads to a visit, as soon as possible
    When the referrer considers a Core Visit for an ESA claimant on 2026-06-01 10:00
      | situation              | contributory benefit exhausting |
      | correspondence         | no response                     |
      | records show           | found            |
      | spoken with, staff are | in doubt                        |
      | conclusion             | refer                           |
    Then the stage is "referral due"
    And under ESA-112A the referrer owes "Refer"
    When the referrer refers an ESA claimant for a visit on 2026-06-01 14:00
    Then the stage is "first visit due"
    And the referrer does not owe "Refer"

  @R-CARE-OF @ESA-107U
  Scenario: No address can be traced before the referral, which counts as two ineffective visits once it is made
    Given the referrer considered a Core Visit for an ESA claimant on 2026-06-01 10:00
      | situation    | failed to attend interview |
      | records show | found       |
      | conclusion   | refer                      |
    When the referrer can trace no address on 2026-06-01 11:00
    And the referrer refers an ESA claimant for a visit on 2026-06-01 14:00, and the form gives a care-of address
    Then under ESA-107U fact 2 counts as "counts as two"
    And under R-CARE-OF fact 2 counts as "counts as two"
    And the stage is "handed over"

  @R-CARE-OF @ESA-107U
  Scenario: While no address can be traced nobody concludes that no visit is required
    Given the referrer considered a Core Visit for an ESA claimant on 2026-06-01 10:00
      | situation    | failed to attend interview                                    |
      | records show | none found                                                     |
      | considered   | deferral, notification, advocacy, attendance issues, reminder |
    When the referrer can trace no address on 2026-06-01 11:00
    Then the reply notes that "counts as two ineffective visits from the referral on"
    When the referrer goes on considering on 2026-06-01 12:00
      | conclusion | no visit |
    Then it is refused under ESA-107U at stage "consideration due"
    And it is refused under R-CARE-OF at stage "consideration due"
    And the refusal says "conclude REFER"
    When the referrer refers an ESA claimant for a visit on 2026-06-01 14:00, and the form gives a care-of address
    Then under ESA-107U fact 2 counts as "counts as two"
    And under R-CARE-OF fact 2 counts as "counts as two"

  @ESA-107
  Scenario: What was considered stays owed however often the case is looked at
    When the referrer considers a Core Visit for an ESA claimant on 2026-06-01 10:00
      | situation | work related activity not undertaken |
    And it is 2026-07-01 09:00
    Then under ESA-107 the referrer owes "Check for indicators"

  @ESA-106
  Scenario: Other benefits prescribe no consideration
    When the referrer considers a Core Visit for a PIP claimant on 2026-06-01 10:00
      | situation | failed to attend interview |
    Then it is refused under R-NOT-PRESCRIBED at stage "not opened"
    When the referrer considers a Core Visit for an ESA claimant on 2026-06-01 10:00
      | situation  | failed to attend interview |
      | conclusion | no visit                   |
    Then it is refused under ESA-106 at stage "not opened"
    When the referrer considers a Core Visit for an ESA claimant on 2026-06-01 10:00
      | situation | failed to attend interview |
    Then the stage is "consideration due"
