Feature: Payments of a PIP claimant with whom contact was lost
  Before payment is suspended, stopped, ended, disallowed, sanctioned or reduced, payments ask. While the claimant is
  protected the answer is no, and says why.

  Background:
    Given it is 2026-06-01 15:00
    And a PIP claimant in England was referred for a visit on 2026-05-29 10:00

  @R-OPEN-REFERRAL
  Scenario: While the claimant is to be visited, payments are told so
    When payments ask whether they may stop the award
    Then it is permitted
    And under R-OPEN-REFERRAL the answer tells of "open referral"

  @GEN-2 @R-HOLD-FROM-CONCERN
  Scenario: A concern protects while the claimant is to be visited
    When an officer raises a concern that arose on 2026-06-01 14:30
    And payments ask whether they may suspend the award
    Then under GEN-2 it is prohibited
    And under R-HOLD-FROM-CONCERN it is prohibited

  @PIP-6 @R-HOLD-FROM @R-ACTIONS
  Scenario: After two ineffective visits payment goes on
    Given the Visiting Officer called on 2026-06-01 14:00 and nobody answers, leaving the letter
    When payments ask whether they may suspend the award
    Then it is permitted
    When it is 2026-06-10 12:00
    And the Visiting Officer calls on 2026-06-10 11:00 and nobody is at home, leaving the letter
    And payments ask whether they may suspend the award
    Then under PIP-6 it is prohibited
    And under R-HOLD-FROM it is prohibited
    And under R-ACTIONS every action is prohibited on every ground

  @PIP-6
  Scenario: An unsafe area protects as two visits do
    When the Visiting Officer calls on 2026-06-01 14:00 and finds the area unsafe
    And payments ask whether they may stop the award
    Then under PIP-6 it is prohibited

  @R-HOLD-ON @R-OTHER-AWARDS
  Scenario: The claimant's other benefits are told of the hold
    Given the Visiting Officer called on 2026-06-01 14:00 and nobody answers, leaving the letter
    When it is 2026-06-10 12:00
    And the Visiting Officer calls on 2026-06-10 11:00 and nobody is at home, leaving the letter
    And payments ask whether they may stop the claimant's Universal Credit
    Then it is permitted
    And under R-OTHER-AWARDS the answer tells of "another award held"
    And under R-HOLD-ON the hold names the award that was visited about

  @R-HOLD-UNTIL
  Scenario: An effective visit ends the protection
    Given an officer raises a concern that arose on 2026-06-01 14:30
    When it is 2026-06-02 12:00
    And the Visiting Officer calls on 2026-06-02 11:00 and sees the claimant
    And payments ask whether they may stop the award
    Then under GEN-2 it is prohibited
    When the Visiting Officer has done "Return the outcome" on 2026-06-02 11:50 in e-mail
    And payments ask whether they may stop the award
    Then it is permitted
    And under R-HOLD-UNTIL the protection ended with "effective visit"

  @R-HOLD-UNTIL
  Scenario: Contact in time that makes a second visit unnecessary ends the protection
    Given an officer raises a concern that arose on 2026-06-01 13:30
    And the Visiting Officer called on 2026-06-01 14:00 and nobody answers, leaving the letter
    When it is 2026-06-03 16:00
    And the claimant rings the CES Team on 2026-06-03 11:00, and no second visit is needed
    And payments ask whether they may stop the award
    Then it is permitted
    And under R-HOLD-UNTIL the protection ended with "contact in time"

  @R-HOLD-UNTIL
  Scenario: A referral that was recorded in error protects nobody
    Given an officer raises a concern that arose on 2026-06-01 14:30
    When the referrer withdraws the referral because it was recorded in error
    And payments ask whether they may stop the award
    Then it is permitted
    And under R-HOLD-UNTIL the protection ended with "withdrawn"
