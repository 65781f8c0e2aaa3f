Feature: A PIP claimant stays protected until the informed decision
  The award is protected from the second ineffective visit until the Case Manager has decided on the full circumstances.
  Neither time nor later contact ends that.

  Background:
    Given it is 2026-06-10 12:00
    And a PIP case was handed over to the CES Team after visits on 2026-06-01 14:00 and 2026-06-10 11:00

  @R-NO-LAPSE @PIP-6
  Scenario: Time ends no protection
    When it is 2027-06-10 12:00
    And payments ask whether they may stop the award
    Then under PIP-6 it is prohibited
    And under R-NO-LAPSE the protection still stands

  @PIP-6 @R-LATER-CONTACT
  Scenario: Contact with the CES Team releases nothing
    When the claimant rings the CES Team at conferencing on 2026-06-10 11:55
    And payments ask whether they may stop the award
    Then under PIP-6 it is prohibited
    When it is 2026-06-10 16:00
    And the claimant rings the Visiting Officer on 2026-06-10 15:00
    Then under R-LATER-CONTACT fact 3 counts as "afterwards"
    When payments ask whether they may stop the award
    Then under PIP-6 it is prohibited

  @PIP-14 @GEN-2
  Scenario: A determined concern protects
    Given enquiries are complete
    When the CES Team determines that there is a concern
    And payments ask whether they may end the award
    Then under PIP-14 it is prohibited
    And under GEN-2 it is prohibited
    And under PIP-6 it is prohibited

  @PIP-6 @R-HOLD-UNTIL
  Scenario: The informed decision ends the protection, and nothing before it
    Given enquiries are complete
    When the CES Team determines that there is no concern
    And payments ask whether they may disallow the award
    Then under PIP-6 it is prohibited
    When the CES Team made the closing note on 2026-06-10 11:55
    And the CES Team returns the case
    And payments ask whether they may disallow the award
    Then under PIP-6 it is prohibited
    When the Case Manager decides to disallow
    And payments ask whether they may disallow the award
    Then it is permitted
    And under R-HOLD-UNTIL the protection ended with "informed decision"

  @R-RECONSIDERATION
  Scenario: A reconsideration protects again at once
    Given enquiries are complete
    When the CES Team determines that there is no concern
    And the CES Team made the closing note on 2026-06-10 11:55
    And the CES Team returns the case
    And the Case Manager decides to disallow
    And the Case Manager reopens the case
    And payments ask whether they may stop the award
    Then under R-RECONSIDERATION it is prohibited

  @R-DEATH-VERIFIED @R-HOLD-UNTIL
  Scenario: A reported death protects until a second person has verified it
    When an officer reports the claimant's death
    And payments ask whether they may end the award
    Then under PIP-6 it is prohibited
    When the same officer verifies the death
    Then it is refused under R-DEATH-VERIFIED at stage "assurance"
    When another officer verifies the death
    And payments ask whether they may end the award
    Then it is permitted
    And under R-HOLD-UNTIL the protection ended with "verified death"

  @R-DEATH-VERIFIED
  Scenario: Nothing is disallowed while a reported death is not verified
    Given enquiries are complete
    When the CES Team determines that there is no concern
    And the CES Team made the closing note on 2026-06-10 11:55
    And the CES Team returns the case
    And an officer reports the claimant's death
    And the Case Manager decides to disallow
    Then it is refused under GEN-3 at stage "decision due"
    And it is refused under R-DEATH-VERIFIED at stage "decision due"
    When payments ask whether they may disallow the award
    Then under PIP-6 it is prohibited
    When an officer says that the report of the death was mistaken
    And the Case Manager decides to disallow
    And payments ask whether they may disallow the award
    Then it is permitted

  @R-DEATH-MISTAKEN
  Scenario: A death that was verified by mistake protects again
    When an officer reports the claimant's death
    And another officer verifies the death
    And payments ask whether they may stop the award
    Then it is permitted
    When an officer says that the report of the death was mistaken
    Then the reply cites R-DEATH-MISTAKEN
    When payments ask whether they may stop the award
    Then under PIP-6 it is prohibited
