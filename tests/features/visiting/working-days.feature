Feature: Five working days
  The window for contact ends with the fifth working day after the visit, at the last instant in London, counted in the
  calendar of the nation that was visited.

  @PIP-2 @PIP-4 @R-WORKING-DAYS
  Scenario Outline: The window ends with the fifth working day
    Given it is <visit>
    And a PIP claimant in <nation> was referred for a visit on <referred>
    When the Visiting Officer calls on <visit> and nobody answers, unable to leave the letter
    Then under PIP-2 the Visiting Officer owes "Post the letter"
    And the claimant has until the end of <last day>
    When it is <last day> 23:59:59.999999
    Then the stage is "awaiting contact"
    When it is <next day> 00:00
    Then under PIP-4 the stage is "second visit due"
    And the reckoning is that of R-WORKING-DAYS

    Examples: Across Easter, a working Monday in Scotland
      | nation   | referred         | visit            | last day   | next day   |
      | England  | 2026-03-30 10:00 | 2026-03-31 14:00 | 2026-04-09 | 2026-04-10 |
      | Scotland | 2026-03-30 10:00 | 2026-03-31 14:00 | 2026-04-08 | 2026-04-09 |

    Examples: Across a new year, with the second of January in Scotland
      | nation   | referred         | visit            | last day   | next day   |
      | England  | 2026-12-21 10:00 | 2026-12-23 14:00 | 2027-01-04 | 2027-01-05 |
      | Scotland | 2026-12-21 10:00 | 2026-12-23 14:00 | 2027-01-05 | 2027-01-06 |

    Examples: Across the end of British Summer Time
      | nation   | referred         | visit            | last day   | next day   |
      | England  | 2026-10-19 10:00 | 2026-10-21 14:00 | 2026-10-28 | 2026-10-29 |
      | Scotland | 2026-10-19 10:00 | 2026-10-21 14:00 | 2026-10-28 | 2026-10-29 |

    Examples: Late on a summer evening, and across a holiday in Northern Ireland
      | nation           | referred         | visit            | last day   | next day   |
      | England          | 2026-06-29 10:00 | 2026-07-08 23:30 | 2026-07-15 | 2026-07-16 |
      | Northern Ireland | 2026-06-29 10:00 | 2026-07-08 23:30 | 2026-07-16 | 2026-07-17 |

    Examples: The Monday in June 2026 that was proclaimed a holiday in Scotland
      | nation   | referred         | visit            | last day   | next day   |
      | England  | 2026-06-08 10:00 | 2026-06-10 14:00 | 2026-06-17 | 2026-06-18 |
      | Scotland | 2026-06-08 10:00 | 2026-06-10 14:00 | 2026-06-18 | 2026-06-19 |
