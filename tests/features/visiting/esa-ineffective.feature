Feature: Ineffective Core Visits to an ESA claimant
  Where nobody is seen the officer leaves a letter, and the claimant has five working days to ring the referrer. After two
  ineffective visits the details go to the referrer's HEO.

  Background:
    Given it is 2026-06-01 15:00
    And an ESA claimant in England was referred for a visit on 2026-05-29 10:00

  @ESA-119
  Scenario Outline: A visit is ineffective on each of the guidance's grounds
    When the Visiting Officer calls on 2026-06-01 14:00 and <ground>, leaving the letter
    Then under ESA-119 fact 1 counts as "first ineffective"
    And the stage is "awaiting contact"
    And the claimant has until the end of 2026-06-08

    Examples:
      | ground                            |
      | nobody is at home                 |
      | the claimant refuses to cooperate |

  @ESA-119 @R-ESA-GROUNDS
  Scenario: Not answering is not being at home
    When the Visiting Officer calls on 2026-06-01 14:00 and nobody answers, leaving the letter
    Then under ESA-119 fact 1 counts as "first ineffective"
    And under R-ESA-GROUNDS fact 1 counts as "first ineffective"

  @ESA-120
  Scenario: A letter that could not be left is owed by post
    When the Visiting Officer calls on 2026-06-01 14:00 and nobody is at home, unable to leave the letter
    Then under ESA-120 the Visiting Officer owes "Post the letter"
    When the letter is posted on 2026-06-01 14:40
    Then the Visiting Officer does not owe "Post the letter"

  @ESA-121 @R-CONTACT-IN-TIME
  Scenario: The claimant rings the referrer in time, and no second visit is made
    Given the Visiting Officer called on 2026-06-01 14:00 and nobody is at home, leaving the letter
    When it is 2026-06-03 12:00
    And the claimant rings the referrer on 2026-06-03 11:00
    Then fact 2 counts as "in time"
    And under R-CONTACT-IN-TIME the stage is "ended no second visit"
    And under ESA-121 the referrer owes "Tell DWP Visiting"
    When the referrer tells DWP Visiting that no second visit is needed, and is confident
    Then the referrer does not owe "Tell DWP Visiting"
    And the stage is "ended no second visit"

  @R-CONTACT-IN-TIME
  Scenario: Staff who are confident when the claimant rings say all that is needed
    Given the Visiting Officer called on 2026-06-01 14:00 and nobody is at home, leaving the letter
    When it is 2026-06-03 12:00
    And the claimant rings the referrer on 2026-06-03 11:00, and staff are confident
    Then under R-CONTACT-IN-TIME the stage is "ended no second visit"
    And the referrer does not owe "Tell DWP Visiting"

  @R-CONTACT-IN-TIME @ESA-125
  Scenario: A doubt keeps the second visit due
    Given the Visiting Officer called on 2026-06-01 14:00 and nobody is at home, leaving the letter
    When it is 2026-06-03 16:00
    And the claimant rings the referrer on 2026-06-03 11:00, and staff are in doubt
    Then under R-CONTACT-IN-TIME the stage is "second visit due"
    When the referrer tells DWP Visiting that no second visit is needed
    Then it is refused under ESA-111 at stage "second visit due"
    When the Visiting Officer calls on 2026-06-03 15:00 and nobody is at home, leaving the letter
    Then under ESA-125 the stage is "handed over"

  @ESA-122 @ESA-125
  Scenario: Nobody rings, and the second visit is ineffective too
    Given the Visiting Officer called on 2026-06-01 14:00 and nobody is at home, leaving the letter
    When it is 2026-06-08 23:59:59
    Then the stage is "awaiting contact"
    When it is 2026-06-09 00:00
    Then under ESA-122 the stage is "second visit due"
    When it is 2026-06-10 12:00
    And the Visiting Officer calls on 2026-06-10 11:00 and nobody answers, leaving the letter
    Then under ESA-125 the stage is "handed over"
    And the details go back to the HEO and to the original referrer, on the strength of facts 1 and 2

  @ESA-124 @ESA-125
  Scenario: An area that is deemed unsafe counts as two visits
    When DWP Visiting deems the area unsafe on 2026-06-01 14:00 without a visit
    Then under ESA-124 fact 1 counts as "counts as two"
    And under ESA-125 the stage is "handed over"
    And the details go back to the HEO and to the original referrer, on the strength of fact 1
