Feature: What was recorded wrongly after the handover is corrected
  A wrong fact is superseded with a reason and stays readable. What rested on it is judged again, so that nobody decides on
  what never took place.

  Background:
    Given it is 2026-06-10 12:00
    And a PIP case was handed over to the CES Team after visits on 2026-06-01 14:00 and 2026-06-10 11:00
    And enquiries are complete
    And it is 2026-06-10 12:30

  @PIP-10 @R-RECORDED-ALWAYS
  Scenario: An item that nobody looked at is owed again
    When at conferencing the CES Team corrects fact 3: it never happened
    Then the reply cites R-RECORDED-ALWAYS
    And at conferencing fact 3 is read back as never having happened
    And at conferencing the stage is "assurance"
    And at conferencing the CES Team owes "Review "
    When the CES Team determines that there is no concern
    Then it is refused under PIP-10 at stage "assurance"

  @PIP-11 @PIP-18 @PIP-6
  Scenario: The file comes back where its conference never took place, and the award stays protected
    When the CES Team decides that further information is required
    And a case conference took place on 2026-06-10 12:20 with the CES Team and the referrer
    And the CES Team determines that there is no concern
    And the CES Team made the closing note on 2026-06-10 12:25
    And the CES Team returns the case
    And at conferencing the CES Team corrects fact 5: it never happened
    Then the reply notes that "has to be made once more"
    And the reply notes that "the file is with the CES Team again"
    And under PIP-11 at conferencing the stage is "conference due"
    And at conferencing the CES Team owes "Hold a case conference"
    When the Case Manager decides to disallow
    Then it is refused under PIP-18 at stage "conference due"
    When the CES Team determines that there is no concern
    Then it is refused under PIP-11 at stage "conference due"
    When payments ask whether they may stop the award
    Then under PIP-6 it is prohibited

  @PIP-11
  Scenario: A conference without the referrer does not count after all
    When the CES Team decides that further information is required
    And a case conference took place on 2026-06-10 12:20 with the CES Team and the referrer
    Then at conferencing the stage is "determination due"
    When at conferencing the CES Team corrects fact 5: the conference took place on 2026-06-10 12:20 with the CES Team and social services
    Then the reply notes that "does not count"
    And at conferencing fact 5 is read back as superseded by fact 6
    When the CES Team determines that there is no concern
    Then it is refused under PIP-11 at stage "conference due"

  @R-RECONSIDERATION
  Scenario: A decision stands, and whoever made it is asked to reconsider
    When the CES Team determines that there is no concern
    And the CES Team made the closing note on 2026-06-10 12:25
    And the CES Team returns the case
    And the Case Manager decides to disallow
    And at conferencing the CES Team corrects fact 2: it never happened
    Then the reply cites R-RECONSIDERATION
    And at conferencing the stage is "decided"
    And at conferencing the Case Manager owes "Consider whether the decision is to be reconsidered"
    When the Case Manager reopens the case
    Then at conferencing the stage is "assurance"
    And at conferencing the Case Manager does not owe "Consider whether the decision is to be reconsidered"
