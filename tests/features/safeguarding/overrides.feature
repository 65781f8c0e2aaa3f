Feature: A lawful exception to the protection
  The check goes on saying no. Where the law nevertheless requires an action, two owners of payments policy decide on it
  together, for one action on one award and a limited time, and everybody who pays can see it.

  Background:
    Given it is 2026-06-10 12:00
    And a PIP claimant in England was referred for a visit on 2026-05-29 10:00
    And the Visiting Officer called on 2026-06-10 11:00 and finds the area unsafe

  @R-EXCEPTION @R-DIFFERENT-PERSONS
  Scenario: It takes a second owner of payments policy
    When the policy owner "o.adeyemi" asks for an exception to stop the award until 2026-06-17 12:00
    Then the exception is "requested"
    And the policy owners owe "Approve or decline an exception"
    When the policy owner "o.adeyemi" approves the exception
    Then it is refused under R-DIFFERENT-PERSONS at stage "requested"
    And it is refused under R-EXCEPTION at stage "requested"
    When the policy owner "o.bell" approves the exception
    Then the reply cites R-EXCEPTION
    And the exception is "approved"
    And "o.adeyemi" asked for the exception and "o.bell" approved it
    And the policy owners owe nothing

  @R-EXCEPTION
  Scenario: It is audited and listed, and payments see it without a person
    When the policy owner "o.adeyemi" asks for an exception to stop the award until 2026-06-17 12:00
    And the policy owner "o.bell" approves the exception
    Then payments find the exception in the list of those "approved"
    And the journal of the exception tells "override_requested, override_approved" under R-EXCEPTION
    When the policy owner "o.bell" declines the exception
    Then it is refused under R-EXCEPTION at stage "approved"

  @R-EXCEPTION
  Scenario: It is for a limited time, and ends by itself
    When the policy owner "o.adeyemi" asks for an exception to stop the award until 2026-07-09 12:00
    Then under R-EXCEPTION the request is not valid in "until"
    When the policy owner "o.adeyemi" asks for an exception to stop the award until 2026-07-08 12:00
    And the policy owner "o.bell" approves the exception
    And it is 2026-07-08 11:59
    Then the exception is "approved"
    When it is 2026-07-08 12:00
    Then the exception is "expired"
    And payments find the exception in the list of those "expired"

  @R-EXCEPTION
  Scenario: Nobody decided in time
    When the policy owner "o.adeyemi" asks for an exception to stop the award until 2026-06-17 12:00
    And it is 2026-06-17 12:00
    And the policy owner "o.bell" approves the exception
    Then it is refused under R-EXCEPTION at stage "expired"
    When the policy owner "o.bell" declines the exception
    Then the exception is "declined"
    And the policy owners owe nothing

  @R-EXCEPTION
  Scenario: The one who asked for it may withdraw it
    When the policy owner "o.adeyemi" asks for an exception to stop the award until 2026-06-17 12:00
    And the policy owner "o.adeyemi" declines the exception
    Then the exception was withdrawn
    When the policy owner "o.bell" approves the exception
    Then it is refused under R-EXCEPTION at stage "declined"

  @R-EXCEPTION
  Scenario: Any owner of payments policy takes it back at any time
    When the policy owner "o.adeyemi" asks for an exception to stop the award until 2026-06-17 12:00
    And the policy owner "o.clark" revokes the exception
    Then it is refused under R-EXCEPTION at stage "requested"
    When the policy owner "o.bell" approves the exception
    And the policy owner "o.clark" revokes the exception
    Then the exception is "revoked"
    And the journal of the exception tells "override_requested, override_approved, override_revoked" under R-EXCEPTION

  @R-EXCEPTION @PIP-6
  Scenario: The check goes on saying no
    When the policy owner "o.adeyemi" asks for an exception to stop the award until 2026-06-17 12:00
    And the policy owner "o.adeyemi" approves the exception
    Then it is refused under R-EXCEPTION at stage "requested"
    When the policy owner "o.bell" approves the exception
    And payments ask whether they may stop the award
    Then under PIP-6 it is prohibited
    And the exception is "approved"
