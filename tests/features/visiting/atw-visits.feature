Feature: Visits to an Access to Work customer
  Where nobody is seen the officer leaves a letter that asks the customer to ring CEAST within five working days. After two
  ineffective visits the details go back to CEAST and the Single Point of Contact.

  Background:
    Given it is 2026-06-01 15:00
    And an AtW customer in England was referred for a visit on 2026-05-29 10:00, noted in ATWIS

  @ATW-6
  Scenario Outline: A visit is ineffective on each of the guidance's grounds
    When the Visiting Officer calls on 2026-06-01 14:00 and <ground>, leaving the letter
    Then under ATW-6 fact 3 counts as "first ineffective"
    And the stage is "awaiting contact"
    And the claimant has until the end of 2026-06-08

    Examples:
      | ground                            |
      | nobody is at home                 |
      | nobody answers                    |
      | the claimant refuses to cooperate |

  @ATW-6U @ATW-10
  Scenario: An area that is deemed unsafe counts as two visits
    When DWP Visiting deems the area unsafe on 2026-06-01 14:00 without a visit
    Then under ATW-6U fact 3 counts as "counts as two"
    And under ATW-10 the stage is "handed over"
    And the details go back to CEAST, the SPOC and to the original referrer, on the strength of fact 3

  @ATW-7
  Scenario: A letter that could not be left is owed by post
    When the Visiting Officer calls on 2026-06-01 14:00 and nobody answers, unable to leave the letter
    Then under ATW-7 the Visiting Officer owes "Post the letter"

  @ATW-8 @R-CONTACT-TOLD-BY
  Scenario Outline: CEAST or the SPOC tells DWP Visiting whether to call again
    Given the Visiting Officer called on 2026-06-01 14:00 and nobody answers, leaving the letter
    When it is 2026-06-03 12:00
    And the claimant rings CEAST on 2026-06-03 11:00
    Then under ATW-8 the SPOC owes "At CEAST's request, write the conversation up where the visiting reason says: ATWIS"
    And the stage is "second visit undecided"
    When <who> tells DWP Visiting that no second visit is needed
    Then the reply cites R-CONTACT-TOLD-BY
    And the stage is "ended no second visit"
    And it was <who> who said that no second visit is needed

    Examples:
      | who      |
      | CEAST    |
      | the SPOC |

  @ATW-8
  Scenario: The note goes where the visiting reason says
    Given the SPOC withdrew the referral because it was recorded in error
    And an AtW customer in England was referred for a visit on 2026-05-29 10:00, noted in both
    And the Visiting Officer called on 2026-06-01 14:00 and nobody answers, leaving the letter
    When the claimant rings CEAST on 2026-06-01 14:30, and no second visit is needed
    Then under ATW-8 the SPOC owes "At CEAST's request, write the conversation up where the visiting reason says: DISC and ATWIS"

  @ATW-9 @ATW-10
  Scenario: Nobody rings, and the second visit is ineffective too
    Given the Visiting Officer called on 2026-06-01 14:00 and nobody answers, leaving the letter
    When it is 2026-06-09 00:00
    Then under ATW-9 the stage is "second visit due"
    When it is 2026-06-10 12:00
    And the Visiting Officer calls on 2026-06-10 11:00 and nobody answers, leaving the letter
    Then under ATW-10 the stage is "handed over"
    And the details go back to CEAST, the SPOC and to the original referrer, on the strength of facts 3 and 4
