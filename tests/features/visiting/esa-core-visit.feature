Feature: A Core Visit to an ESA claimant
  The Visiting Officer establishes what the claimant understands, explains why and what follows, and arranges what comes
  next with the referrer. The officer decides nothing.

  Background:
    Given it is 2026-06-10 15:00
    And an ESA claimant in England was referred for a visit on 2026-06-08 10:00

  @ESA-108 @ESA-113 @ESA-109
  Scenario: What the visit established is read back
    When the Visiting Officer sees the claimant on 2026-06-10 11:00
      | understands attendance            | yes           |
      | understands work-related activity | not discussed |
      | understands evidence              | no            |
      | why and what follows              | explained     |
      | appointee                         | present       |
      | reasons for not attending         | given         |
    Then the reply cites ESA-108
    And the reply cites ESA-113
    And the reply cites ESA-109
    And fact 1 tells that attendance is understood, evidence is not, and that an appointee was present
    And the reasons for not attending are read by the referrer in fact 1

  @ESA-117
  Scenario: The referral and all the information go back for good cause to be considered
    When the Visiting Officer sees the claimant on 2026-06-10 11:00
      | understands attendance    | yes                            |
      | reasons for not attending | given                          |
      | booked                    | interview on 2026-06-20 10:00  |
    Then the Visiting Officer owes "Return"
    When the referrer accepts good cause
    Then it is refused under ESA-117 at stage "ended visit effective"
    When the Visiting Officer has done "Return" on 2026-06-10 14:00 in e-mail
    Then the stage is "ended visit effective"
    And the referrer owes "Consider good cause"
    When the referrer accepts good cause, and defers the interview
    Then the reply cites ESA-117
    And the referrer does not owe "Consider good cause"
    And good cause is read back as accepted, decided by "r.patel"

  @ESA-114
  Scenario: Dates and times are agreed with the claimant and the referrer
    When the Visiting Officer sees the claimant on 2026-06-10 11:00
      | understands attendance | yes |
    Then under ESA-114 the Visiting Officer owes "Agree a date and time"
    When the Visiting Officer records on 2026-06-10 12:00 that "interview on 2026-06-20 10:00" is booked
    Then the Visiting Officer does not owe "Agree a date and time"

  @ESA-116
  Scenario: An appointment letter follows a confirmed booking
    When the Visiting Officer sees the claimant on 2026-06-10 11:00
      | understands attendance | yes                                      |
      | booked                 | assessment on 2026-06-20 10:00, confirmed |
    Then under ESA-116 the Visiting Officer owes "Complete an appointment letter"
    When the Visiting Officer has done "Complete an appointment letter" on 2026-06-10 12:00 in e-mail
    Then the Visiting Officer does not owe "Complete an appointment letter"

  @ESA-116 @ESA-114
  Scenario: The referrer confirms later
    When the Visiting Officer sees the claimant on 2026-06-10 11:00
      | booked | interview on 2026-06-20 10:00 |
    Then the Visiting Officer does not owe "Complete an appointment letter"
    And the Visiting Officer does not owe "Agree a date and time"
    When the referrer records on 2026-06-10 13:00 that "interview on 2026-06-20 10:00, confirmed" is booked
    Then under ESA-116 the Visiting Officer owes "Complete an appointment letter"
    When fact 2 is corrected: it never happened
    Then the Visiting Officer does not owe "Complete an appointment letter"
    When fact 1 is corrected: the Visiting Officer called on 2026-06-10 11:00 and sees the claimant
    Then under ESA-114 the Visiting Officer owes "Agree a date and time"

  @ESA-115
  Scenario: Where deferral looks appropriate the referrer is told at once
    When the Visiting Officer sees the claimant on 2026-06-10 11:00
      | deferral | looks appropriate |
    Then under ESA-115 the Visiting Officer owes "Contact the referrer at once"
    When the Visiting Officer has done "Contact the referrer at once" on 2026-06-10 11:10 in telephone
    Then the Visiting Officer does not owe "Contact the referrer at once"

  @ESA-114N
  Scenario: The Visiting Officer decides neither deferral nor good cause
    Given the Visiting Officer saw the claimant on 2026-06-10 11:00
      | deferral | looks appropriate |
    When the Visiting Officer has done "Return" on 2026-06-10 14:00 in e-mail
    And the Visiting Officer accepts good cause
    Then it is refused under ESA-114N at stage "ended visit effective"
    When the referrer accepts good cause
    Then good cause is read back as accepted, decided by "r.patel"

  @ESA-112R
  Scenario: Where it is not known whether the claimant is a lone parent, the officer is asked to check
    Given the referrer withdrew the referral because it was recorded in error
    When the referrer refers an ESA claimant for a visit on 2026-06-10 12:00, and the form lacks the condition
    Then it is refused under ESA-112R at stage "not opened"
    When the referrer refers an ESA claimant for a visit on 2026-06-10 12:00, and the form asks to check whether the claimant is a lone parent
    Then the Visiting Officer owes "Find out whether the claimant is a lone parent with a child under one"
    When the Visiting Officer sees the claimant on 2026-06-10 14:00
      | lone parent with a child under one | yes |
    Then fact 1 tells that the claimant is a lone parent with a child under one
    And the Visiting Officer does not owe "Find out"
