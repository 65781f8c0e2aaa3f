Feature: What ESA payments are told when they state a known condition themselves
  Whoever pays may know of a condition that nobody has put on record. Sanction and disallowance then wait until a Core Visit
  was considered, as if it were on record.

  Background:
    Given it is 2026-06-01 15:00
    And the referrer considered a Core Visit for an ESA claimant on 2026-06-01 10:00
      | situation | failed to attend interview |

  @ESA-106P @R-HOLD-FROM-CONDITION
  Scenario: A stated condition prohibits sanction and disallowance until a Core Visit was considered
    When payments ask whether they may sanction the award
    Then it is permitted
    When payments ask whether they may sanction the award, knowing of a condition
    Then under ESA-106P it is prohibited
    And under R-HOLD-FROM-CONDITION it is prohibited
    When payments ask whether they may disallow the award because of missing evidence, knowing of a condition
    Then under ESA-106P it is prohibited
    When payments ask whether they may suspend the award, knowing of a condition
    Then it is permitted
    When the referrer goes on considering on 2026-06-01 13:00
      | records show | found |
    And payments ask whether they may sanction the award, knowing of a condition
    Then under ESA-106P it is prohibited
    When the referrer goes on considering on 2026-06-01 14:00
      | considered             | deferral, notification, advocacy, attendance issues, reminder |
      | spoken with, staff are | confident                                                     |
      | conclusion             | no visit                                                      |
    And payments ask whether they may sanction the award, knowing of a condition
    Then it is permitted

  @ESA-106P
  Scenario: A Core Visit that was considered and concluded in one go permits as well
    When payments ask whether they may disallow the award, knowing of a condition
    Then under ESA-106P it is prohibited
    When the referrer goes on considering on 2026-06-01 14:00
      | records show           | found                                                         |
      | considered             | deferral, notification, advocacy, attendance issues, reminder |
      | spoken with, staff are | confident                                                     |
      | conclusion             | no visit                                                      |
    And payments ask whether they may disallow the award, knowing of a condition
    Then it is permitted
