Feature: Working days in ESA
  The window for contact after an ineffective Core Visit is five working days, and a referral is followed up after ten, in
  the calendar of the nation that was visited.

  @ESA-122
  Scenario Outline: The window ends with the fifth working day
    Given it is <visit>
    And an ESA claimant in <nation> was referred for a visit on <referred>
    When the Visiting Officer calls on <visit> and nobody is at home, leaving the letter
    Then the claimant has until the end of <last day>
    When it is <last day> 23:59:59.999999
    Then the stage is "awaiting contact"
    When it is <next day> 00:00
    Then under ESA-122 the stage is "second visit due"

    Examples: Across the summer bank holiday, which Scotland keeps at the start of August
      | nation   | referred         | visit            | last day   | next day   |
      | England  | 2026-08-24 10:00 | 2026-08-26 14:00 | 2026-09-03 | 2026-09-04 |
      | Wales    | 2026-08-24 10:00 | 2026-08-26 14:00 | 2026-09-03 | 2026-09-04 |
      | Scotland | 2026-08-24 10:00 | 2026-08-26 14:00 | 2026-09-02 | 2026-09-03 |

    Examples: Across Saint Andrew's Day
      | nation   | referred         | visit            | last day   | next day   |
      | England  | 2026-11-23 10:00 | 2026-11-25 14:00 | 2026-12-02 | 2026-12-03 |
      | Scotland | 2026-11-23 10:00 | 2026-11-25 14:00 | 2026-12-03 | 2026-12-04 |

    Examples: Across the end of British Summer Time, after a visit late in the evening
      | nation  | referred         | visit            | last day   | next day   |
      | England | 2026-10-20 10:00 | 2026-10-22 23:30 | 2026-10-29 | 2026-10-30 |

    Examples: Across 29 February
      | nation  | referred         | visit            | last day   | next day   |
      | England | 2028-02-22 10:00 | 2028-02-24 14:00 | 2028-03-02 | 2028-03-03 |

  @ESA-112F
  Scenario Outline: The follow-up matures after the tenth working day
    Given it is <referred>
    And an ESA claimant in <nation> was referred for a visit on <referred>
    When it is <last day> 23:59:59.999999
    Then the referrer does not owe "Nothing has come back of the referral"
    When it is <next day> 00:00
    Then under ESA-112F the referrer owes "Nothing has come back of the referral"

    Examples: Across Easter, a working Monday in Scotland
      | nation   | referred         | last day   | next day   |
      | England  | 2026-03-30 10:00 | 2026-04-15 | 2026-04-16 |
      | Scotland | 2026-03-30 10:00 | 2026-04-14 | 2026-04-15 |

    Examples: Across 29 February
      | nation  | referred         | last day   | next day   |
      | England | 2028-02-22 10:00 | 2028-03-07 | 2028-03-08 |

    Examples: Across the end of British Summer Time
      | nation | referred         | last day   | next day   |
      | Wales  | 2026-10-19 23:30 | 2026-11-02 | 2026-11-03 |
