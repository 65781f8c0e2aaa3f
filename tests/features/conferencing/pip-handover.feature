Feature: The CES Team takes over a PIP case
  After two ineffective visits the case arrives with its whole file by itself. The CES Team leads it, notes PIPCS, and
  considers the Additional Support marker; the referrer is told.

  Background:
    Given it is 2026-06-01 15:00
    And a PIP claimant in England was referred for a visit on 2026-05-29 10:00
    And the Visiting Officer called on 2026-06-01 14:00 and nobody answers, leaving the letter

  @PIP-5 @PIP-7 @PIP-8
  Scenario: Two ineffective visits arrive with their dates
    When it is 2026-06-10 12:00
    And the Visiting Officer calls on 2026-06-10 11:00 and nobody is at home, leaving the letter
    Then under PIP-7 at conferencing the stage is "assurance"
    And under PIP-5 at conferencing the journal begins with the handover to the CES Team
    And the file names 2 visits that count, on 2026-06-01 and 2026-06-10
    And under PIP-8 at conferencing the CES Team owes "Note PIPCS (Person Home page, contact tab, notes section): 'Following two ineffective visits on 1 June 2026 and 10 June 2026, please do not take any further action whilst the case is with the CES Team for consideration'"
    And at conferencing the CES Team owes "Take ownership of the associated PIPCS tasks"
    And at conferencing the referrer owes "Take note that two visits were ineffective"

  @PIP-8 @R-UNSAFE-AREA-NOTE
  Scenario: Where the area is unsafe the note names only the day on which somebody called
    When it is 2026-06-03 12:00
    And DWP Visiting deems the area unsafe on 2026-06-03 11:00 without a visit
    Then under PIP-8 at conferencing the CES Team owes "Note PIPCS (Person Home page, contact tab, notes section): 'Following an ineffective visit on 1 June 2026, and as DWP Visiting deems the area unsafe, which is treated as two ineffective visits, please do not take any further action whilst the case is with the CES Team for consideration'"
    And under R-UNSAFE-AREA-NOTE the note says why the case is treated as two visits

  @PIP-9
  Scenario: The Additional Support marker is considered, and decided either way
    When it is 2026-06-10 12:00
    And the Visiting Officer calls on 2026-06-10 11:00 and nobody is at home, leaving the letter
    Then under PIP-9 at conferencing the CES Team owes "Consider the Additional Support marker"
    And the case is on the CES Team's work log
    When the CES Team decides that the Additional Support marker is not put on
    Then at conferencing the CES Team does not owe "Consider the Additional Support marker"

  @PIP-8
  Scenario: The note is made in PIPCS
    When it is 2026-06-10 12:00
    And the Visiting Officer calls on 2026-06-10 11:00 and nobody is at home, leaving the letter
    Then under PIP-8 at conferencing the CES Team owes "Note PIPCS"
    When at conferencing the CES Team has done "Note PIPCS" on 2026-06-10 12:00 in PIPCS
    Then at conferencing the CES Team does not owe "Note PIPCS"

  @PIP-7
  Scenario: Only the CES Team leads
    When it is 2026-06-10 12:00
    And the Visiting Officer calls on 2026-06-10 11:00 and nobody is at home, leaving the letter
    Then under PIP-7 at conferencing the stage is "assurance"
    When CEAST decides that further information is not required
    Then it is refused under PIP-7 at stage "assurance"

  @R-LATER-CONTACT
  Scenario: What comes to light after the handover reaches the CES Team
    When it is 2026-06-10 16:00
    And the Visiting Officer calls on 2026-06-10 11:00 and nobody is at home, leaving the letter
    And the claimant rings the Visiting Officer on 2026-06-10 15:00
    Then at conferencing the CES Team owes "Consider the contact of 10 June 2026"
    And the reply cites R-LATER-CONTACT
