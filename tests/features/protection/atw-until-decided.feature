Feature: An Access to Work customer stays protected until the informed decision
  From the second ineffective visit until the adviser has decided, the award is neither suspended nor stopped; before there is
  an award, the application is neither refused nor closed.

  Background:
    Given it is 2026-06-10 12:00
    And an AtW case was handed over after visits on 2026-06-01 14:00 and 2026-06-10 11:00

  @ATW-11 @R-HOLD-FROM @R-ACTIONS
  Scenario: While CEAST considers the case every action is prohibited
    When payments ask whether they may suspend the award
    Then under ATW-11 it is prohibited
    And under R-HOLD-FROM it is prohibited
    And under R-ACTIONS every action is prohibited on every ground

  @R-HOLD-APPLICATION
  Scenario Outline: An application may be neither refused nor closed
    When payments ask whether they may <action> the award
    Then under R-HOLD-APPLICATION it is prohibited

    Examples:
      | action   |
      | disallow |
      | end      |

  @ATW-19 @GEN-2
  Scenario: A concern protects until further action was taken
    Given enquiries are complete
    When CEAST determines that there is a concern
    And payments ask whether they may end the award
    Then under ATW-19 it is prohibited
    And under GEN-2 it is prohibited

  @ATW-11 @R-HOLD-UNTIL
  Scenario: The informed decision ends the protection, and nothing before it
    Given enquiries are complete
    When CEAST determines that there is no concern
    And CEAST returns the case
    And payments ask whether they may disallow the award
    Then under ATW-11 it is prohibited
    When the AtW adviser decides to award the grant
    And payments ask whether they may disallow the award
    Then it is permitted
    And under R-HOLD-UNTIL the protection ended with "informed decision"
