Feature: Working days in Access to Work
  The window for contact after an ineffective visit is five working days in the calendar of the nation that was visited.

  @ATW-9
  Scenario Outline: The window ends with the fifth working day
    Given it is <visit>
    And an AtW customer in <nation> was referred for a visit on <referred>
    When the Visiting Officer calls on <visit> and nobody answers, leaving the letter
    Then the claimant has until the end of <last day>
    When it is <last day> 23:59:59.999999
    Then the stage is "awaiting contact"
    When it is <next day> 00:00
    Then under ATW-9 the stage is "second visit due"

    Examples: Across a new year, with the second of January in Scotland
      | nation   | referred         | visit            | last day   | next day   |
      | Wales    | 2026-12-21 10:00 | 2026-12-23 14:00 | 2027-01-04 | 2027-01-05 |
      | Scotland | 2026-12-21 10:00 | 2026-12-23 14:00 | 2027-01-05 | 2027-01-06 |

    Examples: Across the end of British Summer Time, after a visit late in the evening
      | nation  | referred         | visit            | last day   | next day   |
      | England | 2026-10-20 10:00 | 2026-10-22 23:30 | 2026-10-29 | 2026-10-30 |

    Examples: Across 29 February
      | nation | referred         | visit            | last day   | next day   |
      | Wales  | 2028-02-22 10:00 | 2028-02-24 14:00 | 2028-03-02 | 2028-03-03 |
