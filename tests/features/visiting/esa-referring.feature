Feature: Referring an ESA claimant for a Core Visit
  The referral tool is fully completed, so that the Visiting Officer knows whom to see and whom to ring.

  Background:
    Given it is 2026-06-01 15:00

  @ESA-112R
  Scenario Outline: A referral that lacks something is refused
    When the referrer refers an ESA claimant for a visit on 2026-06-01 10:00, and the form <form>
    Then it is refused under ESA-112R at stage "not opened"
    And the refusal says "<field>"
    When the referrer refers an ESA claimant for a visit on 2026-06-01 10:00
    Then the stage is "first visit due"

    Examples:
      | form                                                   | field                        |
      | lacks the condition                                    | form.condition               |
      | does not say whether anybody represents the claimant   | form.representative          |
      | does not say whether the claimant is a lone parent     | form.lone_parent             |
      | lacks the action taken to contact the claimant         | form.contact_attempts        |
      | lacks what is asked of previous visits and good cause  | form.previous_visit          |
      | lacks what is asked of previous visits and good cause  | form.good_cause_considered   |
      | does not say which activity was not undertaken         | form.activity                |

  @ESA-112T
  Scenario Outline: The referring officer's number is given, and somebody answers it
    When the referrer refers an ESA claimant for a visit on 2026-06-01 10:00, and the form <form>
    Then it is refused under ESA-112T at stage "not opened"
    And the refusal says "<field>"
    When the referrer refers an ESA claimant for a visit on 2026-06-01 10:00
    Then the stage is "first visit due"
    And the Visiting Officer reads the referring officer's number

    Examples:
      | form                            | field                  |
      | lacks the telephone number      | form.telephone         |
      | has a number that nobody staffs | form.telephone_staffed |

  @ESA-112R
  Scenario: Work-related activity is named with the day it was due
    When the referrer refers an ESA claimant for a visit on 2026-06-01 10:00, and the form does not say which activity was not undertaken
    Then it is refused under ESA-112R at stage "not opened"
    When the referrer refers an ESA claimant for a visit on 2026-06-01 10:00, and the form names the activity and the day it was due
    Then the stage is "first visit due"
    And the form names the activity that was due on 2026-05-15

  @ESA-107C @ESA-107U
  Scenario: A care-of address is not visited
    When the referrer refers an ESA claimant for a visit on 2026-06-01 10:00, and the form gives a care-of address
    Then it is refused under ESA-107C at stage "not opened"
    And the refusal says "RecordAddressTrace"
    When the referrer considers a Core Visit for an ESA claimant on 2026-06-01 10:00
      | situation    | failed to attend interview |
      | records show | found       |
      | conclusion   | refer                      |
    And the referrer refers an ESA claimant for a visit on 2026-06-01 11:00, and the form gives a care-of address
    Then it is refused under ESA-107C at stage "referral due"
    When the referrer can trace no address on 2026-06-01 12:00
    And the referrer refers an ESA claimant for a visit on 2026-06-01 13:00, and the form gives a care-of address
    Then under ESA-107U fact 2 counts as "counts as two"
    And the stage is "handed over"

  @R-CARE-OF
  Scenario: An address that is found is where the visit is due
    Given the referrer considered a Core Visit for an ESA claimant on 2026-06-01 10:00
      | situation    | failed to attend interview |
      | records show | found       |
      | conclusion   | refer                      |
    When the referrer traces an address in Scotland on 2026-06-01 11:00
    Then the reply cites R-CARE-OF
    When the referrer refers an ESA claimant for a visit on 2026-06-01 13:00, and the form gives a care-of address
    Then the stage is "first visit due"
    And the visit is due in Scotland

  @ESA-107U @R-CARE-OF
  Scenario: The Visiting Officer finds a care-of address and can trace no other
    Given an ESA claimant in England was referred for a visit on 2026-05-29 10:00
    When the Visiting Officer can trace no address on 2026-06-01 12:00
    Then under ESA-107U fact 1 counts as "counts as two"
    And under R-CARE-OF fact 1 counts as "counts as two"
    And the details go back to the HEO and to the original referrer, on the strength of fact 1

  @ESA-112F
  Scenario: A referral of which nothing comes back is chased after ten working days
    Given an ESA claimant in England was referred for a visit on 2026-06-01 10:00
    When it is 2026-06-15 23:59
    Then the referrer does not owe "Nothing has come back of the referral"
    When it is 2026-06-16 00:00
    Then under ESA-112F the referrer owes "Nothing has come back of the referral"
    When it is 2026-06-16 10:00
    And the referrer chases the referral on 2026-06-16 09:30, to look again on 2026-06-22
    Then the referrer does not owe "Nothing has come back of the referral"
    When it is 2026-06-21 23:59:59.999999
    Then the referrer does not owe "Nothing has come back of the referral"
    When it is 2026-06-22 00:00
    Then under ESA-112F the referrer owes "Nothing has come back of the referral"
    When it is 2026-06-22 10:00
    And the referrer chases the referral on 2026-06-22 09:30
    Then the referrer does not owe "Nothing has come back of the referral"
    When it is 2026-08-01 10:00
    Then the referrer does not owe "Nothing has come back of the referral"

  @ESA-112F
  Scenario: A visit whose outcome is back is not chased
    Given an ESA claimant in England was referred for a visit on 2026-06-01 10:00
    When it is 2026-06-10 12:00
    And the Visiting Officer calls on 2026-06-10 11:00 and sees the claimant
    And it is 2026-06-16 00:00
    Then under ESA-112F the referrer owes "Nothing has come back of the referral"
    When the Visiting Officer has done "Return" on 2026-06-10 11:55 in e-mail
    Then the referrer does not owe "Nothing has come back of the referral"
