//! ESA 111 and 121: whose confidence counts, and that a doubt on record stands until somebody says that they have it.

use super::benefits::{
    considered, contact, decide, esa, esa_form, given, held, open, record, refer, refused, task, visit, when,
};
use super::case::{Case, NO_ANSWER, REFERRED, london, words};
use holdfast_procedure::Role::{self, CesTeam, Officer, Referrer, VisitingOfficer};
use holdfast_procedure::benefit::Benefit::Esa;
use holdfast_procedure::protection::HoldGround::{CoreVisitDue, OpenReferral};
use holdfast_procedure::visiting::SecondVisit::{Needed, NotNeeded};
use holdfast_procedure::visiting::Understanding::{Confident, Doubt};
use holdfast_procedure::visiting::*;

const AT: &str = "2026-06-01 10:00";
const RANG: &str = "2026-06-03 10:00";
const AGAIN: &str = "2026-06-04 10:00";
const ASKS: [&str; 3] = ["ESA-121", "ESA-111", "R-CONTACT-IN-TIME"];

/// An ESA case after the first ineffective visit.
fn called() -> Case {
    let mut case = esa();
    when(&mut case, vec![(AT, VisitingOfficer, visit(AT, NO_ANSWER))]);
    case
}

/// The customer rang, and whoever took the call says this of their understanding.
fn rang(by: Role, said: Option<Understanding>) -> Case {
    let mut case = called();
    when(&mut case, vec![(RANG, by, contact(RANG, None, said))]);
    case
}

fn by_third_party(at: &str, said: Understanding) -> Command {
    let (channel, by) = (Channel::Telephone, ContactBy::ThirdParty);
    let understanding = Some(said);
    record(Happening::Contact(Contact { occurred_at: london(at), channel, by, second_visit: None, understanding }))
}

fn corrected(fact: u32, right: Command) -> Command {
    let Command::Record(right) = right else { unreachable!() };
    Command::Correct(Correction { fact, right: Some(right.happening), narrative: None, reason: words("misheard") })
}

#[test]
fn a_doubt_on_record_is_not_overruled_by_saying_nothing() {
    for (name, command) in [
        ("a decision", decide(NotNeeded, None)),
        ("a decision in doubt", decide(NotNeeded, Some(Doubt))),
        ("further contact", contact(AGAIN, Some(NotNeeded), None)),
        ("contact before it", contact("2026-06-02 10:00", Some(NotNeeded), None)),
    ] {
        let mut case = rang(Referrer, Some(Doubt));
        case.now = london(AGAIN);
        let (rules, why) = refused(&mut case, Referrer, &command);
        assert_eq!(rules, ASKS, "{name}");
        assert!(why.contains("stays due"), "{name}: {why}");
    }
    for (name, command) in [
        ("a decision", decide(NotNeeded, Some(Confident))),
        ("further contact", contact(AGAIN, Some(NotNeeded), Some(Confident))),
    ] {
        let mut case = rang(Referrer, Some(Doubt));
        when(&mut case, vec![(AGAIN, Referrer, command)]);
        assert_eq!((case.state.stage, held(&case)), (Stage::EndedNoSecondVisit, vec![]), "{name}");
    }
    let mut silent = rang(Referrer, Some(Doubt));
    when(&mut silent, vec![(AGAIN, Referrer, contact(AGAIN, None, None))]);
    assert_eq!((silent.state.stage, held(&silent)), (Stage::SecondVisitDue, vec![OpenReferral, CoreVisitDue]));
}

/// Nor by a correction, of another contact or of the one that was in doubt; what is put right about that one counts.
#[test]
fn no_correction_overrules_a_doubt_by_saying_nothing() {
    let mut case = rang(Referrer, Some(Doubt));
    when(&mut case, vec![(AGAIN, Referrer, contact(AGAIN, Some(Needed), None))]);
    let silent = corrected(3, contact(AGAIN, Some(NotNeeded), None));
    assert_eq!(refused(&mut case, Referrer, &silent).0, ASKS);
    let said = corrected(3, contact(AGAIN, Some(NotNeeded), Some(Confident)));
    case.apply(Referrer, &said).expect("a correction");
    assert_eq!((case.state.stage, held(&case)), (Stage::EndedNoSecondVisit, vec![]));
    let mut only = rang(Referrer, Some(Doubt));
    only.apply(Referrer, &corrected(2, contact(RANG, Some(NotNeeded), None))).expect("nobody was in doubt");
    assert_eq!((only.state.stage, held(&only)), (Stage::EndedNoSecondVisit, vec![OpenReferral, CoreVisitDue]));
}

/// It was decided that no second visit is needed before a doubt came to light that is older.
#[test]
fn a_doubt_that_comes_to_light_later_makes_the_visit_due() {
    let mut case = rang(Referrer, None);
    when(&mut case, vec![(AGAIN, Referrer, decide(NotNeeded, None))]);
    assert_eq!(case.state.stage, Stage::EndedNoSecondVisit);
    when(&mut case, vec![(AGAIN, VisitingOfficer, contact("2026-06-02 10:00", None, Some(Doubt)))]);
    assert_eq!((case.state.stage, held(&case)), (Stage::SecondVisitDue, vec![OpenReferral, CoreVisitDue]));
    assert_eq!(refused(&mut case, Referrer, &decide(NotNeeded, None)).0, ASKS);
}

/// Who took the call, what they say, and whether that releases the award.
const HEARD: &[(Role, Understanding, Stage, bool)] = &[
    (Referrer, Confident, Stage::EndedNoSecondVisit, true),
    (VisitingOfficer, Confident, Stage::EndedNoSecondVisit, false),
    (CesTeam, Confident, Stage::EndedNoSecondVisit, false),
    (Officer, Confident, Stage::EndedNoSecondVisit, false),
    (Referrer, Doubt, Stage::SecondVisitDue, false),
    (VisitingOfficer, Doubt, Stage::SecondVisitDue, false),
    (Officer, Doubt, Stage::SecondVisitDue, false),
];

#[test]
fn anybodys_doubt_counts_and_only_the_named_partys_confidence() {
    for (by, said, stage, released) in HEARD {
        let case = rang(*by, Some(*said));
        assert_eq!((case.state.stage, held(&case).is_empty()), (*stage, *released), "{by:?} {said:?}");
        let asked = task(&case, "confidence").is_some();
        assert_eq!(asked, *stage == Stage::EndedNoSecondVisit && !released, "{by:?} {said:?}");
    }
    // An officer's confidence does not lift the referrer's doubt either.
    let mut case = rang(Referrer, Some(Doubt));
    when(&mut case, vec![(AGAIN, VisitingOfficer, contact(AGAIN, None, Some(Confident)))]);
    assert_eq!(case.state.stage, Stage::SecondVisitDue);
    assert_eq!(refused(&mut case, Referrer, &decide(NotNeeded, None)).0, ASKS);
}

/// Somebody who puts the hour right takes nothing of what the referrer said, and adds nothing of their own.
#[test]
fn a_correction_repeats_the_confidence_of_whoever_had_it() {
    let other_hour = || corrected(2, contact("2026-06-03 11:00", None, Some(Confident)));
    for (first, released) in [(Some(Confident), true), (None, false), (Some(Doubt), false)] {
        let mut case = rang(Referrer, first);
        case.now = london(AGAIN);
        case.apply(VisitingOfficer, &other_hour()).expect("a correction");
        assert_eq!(held(&case).is_empty(), released, "{first:?}");
    }
}

/// What a third party says tells nobody what the claimant understands, before the referral or after it.
#[test]
fn a_third_party_is_no_proof_of_what_the_claimant_understands() {
    let told = Consideration { understanding: Some(Doubt), ..considered(REFERRED) };
    let mut case = given(vec![(REFERRED, Referrer, open(Esa, Happening::Consideration(told)))]);
    when(&mut case, vec![(AT, Referrer, by_third_party(AT, Confident))]);
    assert_eq!((case.state.stage, held(&case)), (Stage::ReferralDue, vec![CoreVisitDue]));
    when(&mut case, vec![(AT, Referrer, refer(Esa, london(AT), esa_form()))]);
    assert_eq!(held(&case), [OpenReferral, CoreVisitDue]);
    let mut after = rang(Referrer, None);
    when(&mut after, vec![(AGAIN, Referrer, by_third_party(AGAIN, Confident))]);
    assert_eq!(held(&after), [OpenReferral, CoreVisitDue]);
}
