//! Which holds a case at DWP Visiting has, from when and until when, and that none is ever missing.

use super::case::Step::*;
use super::case::{Case, NO_ANSWER, Step, UNSAFE, actor, cited, london, words};
use super::told::Is::{self, Gone, Released, Standing};
use super::told::{holds, released, standing};
use holdfast_procedure::protection::HoldGround::TwoIneffectiveVisits as TwoVisits;
use holdfast_procedure::protection::HoldGround::{self, ConcernDetermined, ConcernOnRecord, OpenReferral};
use holdfast_procedure::protection::{HeldAt, Version, Why};
use holdfast_procedure::visiting::ContactBy::Customer;
use holdfast_procedure::visiting::SecondVisit::{Needed, NotNeeded};
use holdfast_procedure::visiting::WithdrawalGround::Abroad;
use holdfast_procedure::visiting::{Command, Event, Happening, Outcome, Record, Stage, State, TriageResult, file};
use holdfast_procedure::{Refusal, Role, Told, Workload};

const FIRST: Step = Visit("2026-06-01 10:00", NO_ANSWER);
const SECOND: Step = Visit("2026-06-09 10:00", NO_ANSWER);
const SEEN: Step = Visit("2026-06-01 10:00", Outcome::Effective);
const WORRY: Step = Concern("2026-06-02 10:00");
const RANG: Step = Contact("2026-06-03 10:00");
const UNNEEDED: Step = ContactBy("2026-06-03 10:00", Customer, Some(NotNeeded));

/// Checks a case that has just taken a command against what it was before.
pub(crate) fn check(before: &State, case: &Case) {
    let state = &case.state;
    let stands = standing(&state.protection);
    let owed = case.owed();
    let awaited = owed.iter().any(|key| key.starts_with("return-outcome:"));
    let open = !state.stage.visits_are_over()
        || (state.stage == Stage::EndedVisitEffective && awaited)
        || owed.iter().any(|key| key == "confidence");
    if state.handover.is_some() {
        let gone = state.protection.get(TwoVisits).expect("two ineffective visits protect");
        assert!(gone.state.protects() && gone.handed_to == Some(Workload::Conferencing));
        assert_eq!(stands, [], "the rest is replaced");
        let told = file(state).expect("a file").holds;
        assert_eq!(told, [HeldAt { ground: TwoVisits, version: gone.version }], "the file tells it");
    } else {
        let base = if state.stage == Stage::WithAdviser {
            None
        } else if state.stage == Stage::TriageDue {
            // A concern is there until it is triaged, even where somebody says that it never arose.
            Some(ConcernOnRecord)
        } else if state.stage.is_before_referral() {
            concern(state).then_some(ConcernOnRecord)
        } else {
            open.then(|| if concern(state) { ConcernOnRecord } else { OpenReferral })
        };
        let beside: &[_] = if open { &state.holds } else { &[] };
        assert_eq!(stands, base.into_iter().chain(beside.iter().copied()).collect::<Vec<_>>());
    }
    for why in released(&before.protection, &state.protection) {
        let says_so = match why {
            Why::Replaced => state.handover.is_some() || stands.contains(&ConcernOnRecord),
            Why::Withdrawn if state.stage.is_before_referral() => true,
            // What came back was held for visits that were taken back.
            Why::Withdrawn if state.times_taken_back > 0 && state.handover.is_none() => true,
            Why::Withdrawn if stands.contains(&OpenReferral) => before.protection.get(ConcernOnRecord).is_some(),
            Why::EffectiveVisit => state.stage == Stage::EndedVisitEffective && !awaited,
            Why::ContactInTime => state.stage == Stage::EndedNoSecondVisit,
            Why::VerifiedDeath => state.customer.death_is_confirmed(),
            Why::Withdrawn => state.withdrawn.is_some() && state.stage == Stage::EndedWithdrawn,
            Why::VisitConsidered => {
                matches!(state.stage, Stage::WithAdviser | Stage::EndedVisitNotRequired | Stage::ReferralDue)
                    || state.referral.is_some()
            }
            Why::InformedDecision => false,
        };
        assert!(says_so, "released at {:?}: {why:?}", state.stage);
    }
}

/// Whether a concern is on record, whoever said so.
fn concern(state: &State) -> bool {
    state.standing_facts().any(|(_, fact)| match &fact.happening {
        Happening::Concern(_) => true,
        Happening::Triage(triage) => triage.result != TriageResult::NoConcern,
        Happening::Consideration(told) => told.safeguarding_concern,
        Happening::Visit(_)
        | Happening::UnsafeArea(_)
        | Happening::Letter(_)
        | Happening::Contact(_)
        | Happening::AddressTrace(_)
        | Happening::FollowUp(_)
        | Happening::Booking(_) => false,
    })
}

/// What happened, and the holds that come of it.
type Row = (&'static str, &'static [Step], &'static [(HoldGround, u64, Is)]);

#[rustfmt::skip] // one case a row
const ROWS: &[Row] = &[
    ("a referral", &[], &[(OpenReferral, 1, Standing)]),
    ("a concern", &[WORRY], &[(OpenReferral, 2, Released(Why::Replaced)), (ConcernOnRecord, 1, Standing)]),
    ("a concern from before the referral", &[Late(&Concern("2026-05-01 10:00"))],
        &[(OpenReferral, 2, Released(Why::Replaced)), (ConcernOnRecord, 1, Standing)]),
    ("two concerns", &[WORRY, Concern("2026-06-03 10:00")],
        &[(OpenReferral, 2, Released(Why::Replaced)), (ConcernOnRecord, 1, Standing)]),
    ("a concern that was none", &[WORRY, Void(1)],
        &[(OpenReferral, 3, Standing), (ConcernOnRecord, 2, Released(Why::Withdrawn))]),
    ("one of two concerns was none", &[WORRY, WORRY, Void(1)],
        &[(OpenReferral, 2, Released(Why::Replaced)), (ConcernOnRecord, 1, Standing)]),
    ("a concern as it really was", &[WORRY, Correct(1, &Concern("2026-06-01 10:00"))],
        &[(OpenReferral, 2, Released(Why::Replaced)), (ConcernOnRecord, 1, Standing)]),
    ("contact after a concern", &[FIRST, WORRY, RANG],
        &[(OpenReferral, 2, Released(Why::Replaced)), (ConcernOnRecord, 1, Standing)]),
    ("contact in time that asks for the visit", &[FIRST, ContactBy("2026-06-03 10:00", Customer, Some(Needed))],
        &[(OpenReferral, 1, Standing)]),
    ("two visits", &[FIRST, SECOND], &[(OpenReferral, 2, Released(Why::Replaced)), (TwoVisits, 1, Gone)]),
    ("two visits after a concern", &[FIRST, WORRY, SECOND],
        &[(OpenReferral, 2, Released(Why::Replaced)), (ConcernOnRecord, 2, Released(Why::Replaced)), (TwoVisits, 1, Gone)]),
    ("an unsafe area", &[Visit("2026-06-01 10:00", UNSAFE)],
        &[(OpenReferral, 2, Released(Why::Replaced)), (TwoVisits, 1, Gone)]),
    ("contact after two visits", &[FIRST, SECOND, Contact("2026-06-10 10:00")],
        &[(OpenReferral, 2, Released(Why::Replaced)), (TwoVisits, 1, Gone)]),
    ("a concern after two visits", &[FIRST, SECOND, Concern("2026-06-10 10:00")],
        &[(OpenReferral, 2, Released(Why::Replaced)), (TwoVisits, 1, Gone)]),
    ("the decision, told", &[FIRST, SECOND, NoteDecision(true)],
        &[(OpenReferral, 2, Released(Why::Replaced)), (TwoVisits, 1, Gone)]),
    ("the decision, told and taken back", &[FIRST, SECOND, NoteDecision(true), NoteDecision(false)],
        &[(OpenReferral, 2, Released(Why::Replaced)), (TwoVisits, 1, Gone)]),
    ("a verified death after two visits", &[FIRST, SECOND, Died("2026-06-10 10:00"), ConfirmDeath],
        &[(OpenReferral, 2, Released(Why::Replaced)), (TwoVisits, 1, Gone)]),
    ("an effective visit", &[SEEN], &[(OpenReferral, 1, Standing)]),
    ("a concern after an effective visit", &[SEEN, WORRY],
        &[(OpenReferral, 2, Released(Why::Replaced)), (ConcernOnRecord, 1, Standing)]),
    ("its outcome is back", &[SEEN, Complete("return-outcome:1")], &[(OpenReferral, 2, Released(Why::EffectiveVisit))]),
    ("its outcome is back, whatever the concern", &[WORRY, Visit("2026-06-03 10:00", Outcome::Effective), Complete("return-outcome:2")],
        &[(OpenReferral, 2, Released(Why::Replaced)), (ConcernOnRecord, 2, Released(Why::EffectiveVisit))]),
    ("a concern when it is over", &[SEEN, Complete("return-outcome:1"), WORRY],
        &[(OpenReferral, 2, Released(Why::EffectiveVisit))]),
    ("nobody was seen after all", &[SEEN, Complete("return-outcome:1"), Correct(1, &FIRST)], &[(OpenReferral, 3, Standing)]),
    ("it was another visit", &[SEEN, Complete("return-outcome:1"), Correct(1, &Visit("2026-06-01 11:00", Outcome::Effective))],
        &[(OpenReferral, 3, Standing)]),
    ("contact in time makes the visit unnecessary", &[FIRST, UNNEEDED], &[(OpenReferral, 2, Released(Why::ContactInTime))]),
    ("which is taken back", &[FIRST, UNNEEDED, Decide(Needed)], &[(OpenReferral, 3, Standing)]),
    ("which is taken back twice", &[FIRST, UNNEEDED, Decide(Needed), Decide(NotNeeded), Decide(Needed)], &[(OpenReferral, 5, Standing)]),
    ("it was unnecessary, and the area is unsafe", &[FIRST, UNNEEDED, Unsafe("2026-06-04 10:00")],
        &[(OpenReferral, 2, Released(Why::ContactInTime)), (TwoVisits, 1, Gone)]),
    ("withdrawn", &[Withdraw(Abroad)], &[(OpenReferral, 2, Released(Why::Withdrawn))]),
    ("withdrawn after a concern", &[WORRY, Withdraw(Abroad)],
        &[(OpenReferral, 2, Released(Why::Replaced)), (ConcernOnRecord, 2, Released(Why::Withdrawn))]),
    ("a death reported", &[Died("2026-06-01 10:00")], &[(OpenReferral, 1, Standing)]),
    ("a death verified", &[Died("2026-06-01 10:00"), ConfirmDeath], &[(OpenReferral, 2, Released(Why::VerifiedDeath))]),
    ("a death by mistake", &[WORRY, Died("2026-06-02 10:00"), ConfirmDeath, DeathMistaken],
        &[(OpenReferral, 2, Released(Why::Replaced)), (ConcernOnRecord, 3, Standing)]),
    ("a merge", &[WORRY, Merged("C-2")], &[(OpenReferral, 2, Released(Why::Replaced)), (ConcernOnRecord, 2, Standing)]),
    ("a merge after two visits", &[FIRST, SECOND, Merged("C-2")],
        &[(OpenReferral, 2, Released(Why::Replaced)), (TwoVisits, 1, Gone)]),
    ("a move", &[Moved("2026-06-01 10:00", holdfast_procedure::calendar::Nation::Scotland)], &[(OpenReferral, 1, Standing)]),
    ("a ledger that is behind", &[Merged("C-2"), Raise(OpenReferral, 1, true)], &[(OpenReferral, 2, Standing)]),
    ("a ledger that knows the same", &[Raise(OpenReferral, 1, false)], &[(OpenReferral, 1, Standing)]),
    ("a ledger that knows it as released", &[Raise(OpenReferral, 1, true)], &[(OpenReferral, 2, Standing)]),
    ("a ledger that is ahead", &[Raise(OpenReferral, 7, false)], &[(OpenReferral, 8, Standing)]),
    ("a ledger that is ahead of a release", &[Withdraw(Abroad), Raise(OpenReferral, 7, false)],
        &[(OpenReferral, 8, Released(Why::Withdrawn))]),
    ("a release that is further on there", &[Withdraw(Abroad), Raise(OpenReferral, 7, true)],
        &[(OpenReferral, 9, Released(Why::Withdrawn))]),
    ("a ledger that knows the same release", &[Withdraw(Abroad), Raise(OpenReferral, 2, true)],
        &[(OpenReferral, 2, Released(Why::Withdrawn))]),
    ("a release that the ledger knows as standing", &[Withdraw(Abroad), Raise(OpenReferral, 2, false)],
        &[(OpenReferral, 3, Released(Why::Withdrawn))]),
    ("a ledger that is ahead of what was handed over", &[FIRST, SECOND, Raise(TwoVisits, 7, true)],
        &[(OpenReferral, 2, Released(Why::Replaced)), (TwoVisits, 8, Gone)]),
];

#[test]
fn an_award_is_protected_from_the_moment_and_until_the_moment_that_the_guidance_says() {
    for (name, steps, expected) in ROWS {
        assert_eq!(holds(&Case::given(steps).state.protection), *expected, "{name}");
    }
}

/// The journal's protection events of the last command, and the rules each stands on.
fn told(case: &Case, from: usize) -> Vec<(String, Vec<&'static str>)> {
    let protection = case.journal[from..].iter().filter(|entry| matches!(entry.ruled.event, Event::Protection(_)));
    protection.map(|entry| (entry.ruled.event.summary(), cited(&entry.ruled))).collect()
}

#[test]
fn what_takes_the_place_of_a_hold_is_placed_before_it_is_released() {
    let mut case = Case::given(&[FIRST, WORRY]);
    let from = case.journal.len();
    case.when(&[SECOND]);
    let two = "two visits were ineffective or count as such";
    assert_eq!(
        told(&case, from),
        [
            (format!("The award is protected: {two}."), vec!["PIP-6", "R-HOLD-FROM"]),
            (format!("The protection went over with the case: {two}."), vec!["PIP-6", "R-HOLD-FROM"]),
            (
                "The award was held because a concern is on record; on this ground it is held no longer, as another ground \
                 has taken its place."
                    .to_owned(),
                vec!["GEN-2", "R-HOLD-FROM-CONCERN"],
            ),
        ]
    );
    let names: Vec<_> = case.journal[from..].iter().map(|entry| entry.ruled.event.name()).collect();
    assert_eq!(
        names[names.len() - 4..],
        ["stage_reached", "award_protected", "protection_handed_over", "protection_released"]
    );
}

#[test]
fn a_release_says_until_when_an_award_is_protected() {
    let mut case = Case::referred();
    assert_eq!(cited(case.last("award_protected")), ["R-OPEN-REFERRAL"]);
    case.when(&[Withdraw(Abroad)]);
    assert_eq!(cited(case.last("protection_released")), ["R-OPEN-REFERRAL", "R-HOLD-UNTIL"]);
    let summary = "Whoever asks about the award is not told of an open visiting referral any more, as the referral was \
                   withdrawn.";
    assert_eq!(case.last("protection_released").event.summary(), summary);
}

/// An open referral prohibits nothing, so it does not go on where a concern ends.
#[test]
fn a_concern_that_was_recorded_in_error_is_replaced_by_nothing() {
    let error = "The award was held because a concern is on record; on this ground it is held no longer, as the concern \
                 was recorded in error, or the referral was withdrawn.";
    let rules = vec!["GEN-2", "R-HOLD-FROM-CONCERN", "R-HOLD-UNTIL"];
    for steps in [&[WORRY][..], &[FIRST, WORRY], &[SEEN, WORRY]] {
        let mut case = Case::given(steps);
        let from = case.journal.len();
        case.when(&[Void(u32::try_from(steps.len()).expect("a number"))]);
        assert_eq!(told(&case, from)[1..], [(error.to_owned(), rules.clone())], "{steps:?}");
        assert!(case.notes.iter().any(|note| note.contains("none protects the award from now on")), "{:?}", case.notes);
    }
    // Where another concern is on record, or the case protects the award no more, nothing is said of it.
    let ended = Withdraw(Abroad);
    for (steps, correction) in [
        (&[WORRY, WORRY][..], Void(1)),
        (&[WORRY], Correct(1, &Concern("2026-06-01 10:00"))),
        (&[WORRY, ended], Void(1)),
        (&[WORRY, FIRST], Void(2)),
        (&[WORRY, FIRST, SECOND], Void(1)),
    ] {
        let mut case = Case::given(steps);
        let before = holds(&case.state.protection);
        case.when(&[correction]);
        assert_eq!(holds(&case.state.protection), before, "{steps:?}");
        assert!(!case.notes.iter().any(|note| note.contains("none protects")), "{steps:?}: {:?}", case.notes);
    }
}

/// A concern protects; it says nothing of the visits.
#[test]
fn a_concern_leaves_the_visits_as_they_are() {
    const PROTECTS: &[&str] = &["GEN-2", "R-HOLD-FROM-CONCERN"];
    let paths: [(&[Step], &[&str]); 6] = [
        (&[], PROTECTS),
        (&[FIRST], PROTECTS),
        (&[FIRST, RANG], PROTECTS),
        (&[SEEN], PROTECTS),
        // It cites nothing as protecting that does not.
        (&[FIRST, SECOND], &["R-LATER-CONTACT"]),
        (&[FIRST, UNNEEDED], &["R-RECORDED-ALWAYS"]),
    ];
    for (steps, rules) in paths {
        let mut case = Case::given(steps);
        let before = case.clone();
        case.when(&[Concern("2026-05-29 12:00")]);
        assert_eq!((case.state.stage, case.state.since), (before.state.stage, before.state.since), "{steps:?}");
        assert_eq!((case.verdicts(), &case.state.window), (before.verdicts(), &before.state.window), "{steps:?}");
        assert_eq!((case.owed(), &case.state.basis), (before.owed(), &before.state.basis), "{steps:?}");
        assert_eq!(cited(case.last("concern_raised")), rules, "{steps:?}");
    }
}

/// A caller's clock may be a little ahead of ours; a concern does not bring the window's end nearer for that.
#[test]
fn a_concern_does_not_let_time_pass() {
    let mut case = Case::given(&[FIRST, Now("2026-06-08 23:59:40")]);
    let happening = Concern("2026-06-09 00:00:20").happening().expect("a concern");
    let record = Command::Record(Record { happening, narrative: None, late_reason: None });
    case.apply(Role::Officer, &record).expect("a concern");
    assert_eq!(case.state.stage, Stage::AwaitingContact);
}

#[test]
fn whoever_raises_a_concern_is_told_what_becomes_of_it() {
    let note = |steps| Case::given(steps).notes.join(" ");
    assert_eq!(note(&[FIRST, WORRY]), "");
    assert_eq!(note(&[SEEN, WORRY]), "", "the outcome is not back yet, so it protects");
    assert!(note(&[FIRST, SECOND, WORRY]).contains("passed to whoever leads"));
    assert!(note(&[Withdraw(Abroad), WORRY]).contains("does not protect the award"));
}

/// Any officer may say so; a concern that comes late says why, and cannot lie ahead.
#[test]
fn a_concern_is_recorded_like_other_facts() {
    for role in [Role::Officer, Role::VisitingOfficer, Role::LineManager, Role::CesTeam, Role::CaseManager] {
        let mut case = Case::referred();
        let happening = WORRY.happening().expect("a concern");
        case.now = london("2026-06-02 11:00");
        let narrative = Some(words("n-7"));
        let record = Command::Record(Record { happening, narrative: narrative.clone(), late_reason: None });
        case.apply(role, &record).expect("a concern");
        assert_eq!((&case.state.facts[&1].narrative, &case.state.facts[&1].by), (&narrative, &actor(role)));
        assert_eq!(case.last("concern_raised").event.summary(), "Fact 1: a concern about the customer.");
    }
    let mut case = Case::given(&[Now("2026-07-01 10:00")]);
    let faults = |refused| -> Vec<_> {
        let Err(Refusal::Invalid(faults)) = refused else { panic!("{refused:?}") };
        faults.into_iter().map(|fault| fault.field).collect()
    };
    assert_eq!(faults(case.attempt(&WORRY)), ["late_reason"]);
    let ahead = Command::Record(Record {
        happening: Concern("2026-07-02 10:00").happening().expect("a concern"),
        narrative: None,
        late_reason: None,
    });
    assert_eq!(faults(case.apply(Role::Officer, &ahead)), ["concern.occurred_at"]);
    case.when(&[Late(&WORRY)]);
    assert!(cited(case.last("concern_raised")).contains(&"R-LATE-REASON"));
}

#[test]
fn only_a_hold_that_the_case_has_is_written_again() {
    let mut case = Case::referred();
    assert!(matches!(case.attempt(&Raise(ConcernDetermined, 3, true)), Err(Refusal::NoSuchPart(_))));
    assert_eq!(case.state.protection.get(OpenReferral).map(|hold| hold.version), Some(Version::FIRST));
}

/// The receiver has to hear of it, or it would go on below what the ledger knows.
#[test]
fn the_file_goes_out_again_with_a_version_that_was_raised() {
    let mut case = Case::given(&[FIRST, SECOND]);
    let before = file(&case.state);
    case.when(&[Raise(TwoVisits, 4, true)]);
    let version = Version(5);
    assert_eq!(file(&case.state).expect("a file").holds, [HeldAt { ground: TwoVisits, version }]);
    assert_ne!(file(&case.state), before);
}
