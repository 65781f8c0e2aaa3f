Feature: CEAST takes over an Access to Work case
  After two ineffective visits CEAST leads. It has the SPOC note the case where the reason for the visit says, puts the case
  on its work log and considers the Additional Support marker.

  Background:
    Given it is 2026-06-10 12:00

  @ATW-12
  Scenario: CEAST leads, and owns the visiting referral
    Given an AtW case was handed over after visits on 2026-06-01 14:00 and 2026-06-10 11:00
    Then under ATW-12 at conferencing the stage is "assurance"
    And at conferencing CEAST owes "Take ownership of the associated visiting referral"
    When the CES Team decides that further information is not required
    Then it is refused under ATW-12 at stage "assurance"

  @ATW-13
  Scenario Outline: The SPOC notes the case where the reason for the visit says
    Given an AtW case was handed over, noted in <system>, after visits on 2026-06-01 14:00 and 2026-06-10 11:00
    Then under ATW-13 at conferencing the SPOC owes "Note <place>: 'Following two ineffective visits on 1 June 2026 and 10 June 2026, please do not take any further action whilst the case is with CEAST for consideration'"
    When at conferencing the SPOC has done "Note <place>" on 2026-06-10 12:00 in <system>
    Then at conferencing the SPOC does not owe "Note <place>"

    Examples:
      | system | place          |
      | DISC   | DISC           |
      | ATWIS  | ATWIS          |
      | both   | DISC and ATWIS |

  @ATW-14
  Scenario: The case is on CEAST's work log, and the marker is considered either way
    Given an AtW case was handed over after visits on 2026-06-01 14:00 and 2026-06-10 11:00
    Then under ATW-14 at conferencing CEAST owes "Consider the Additional Support marker"
    And the case is on CEAST's work log
    When the HEO decides that the Additional Support marker is put on
    Then it is refused under ATW-14 at stage "assurance"
    When CEAST decides that the Additional Support marker is put on
    Then at conferencing CEAST does not owe "Consider the Additional Support marker"
