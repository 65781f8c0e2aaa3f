//! Which conference is the one that the letter asks for, and what it opens.

use super::case::{COACH, Case, LEADER, NO_GOOD_REASON, actor, conference, hour, refer};
use holdfast_procedure::Role;
use holdfast_procedure::sanction::{Assurance, GoodReason, Stage};

/// Who took part, and the ruling under which that does not count.
type There<'a> = (&'a [(&'a str, Role)], Option<&'static str>);

#[test]
fn it_takes_the_work_coach_and_the_site_leader_as_two_persons() {
    let both = [("p-coach", Role::WorkCoach), ("p-coach", Role::SiteLeader)];
    let table: [There<'_>; 7] = [
        (&[COACH, LEADER], None),
        (&[LEADER, COACH, ("p-9", Role::Officer)], None),
        (&[both[0], both[1], LEADER], None),
        (&[COACH], Some("R-RECORDED-ALWAYS")),
        (&[LEADER], Some("R-RECORDED-ALWAYS")),
        (&[COACH, ("p-leader", Role::TeamLeader)], Some("R-RECORDED-ALWAYS")),
        (&both, Some("R-DIFFERENT-PERSONS")),
    ];
    for (there, missed) in table {
        let held = conference(hour(1), there, NO_GOOD_REASON);
        let decision = Case::failed().decide(hour(1), &actor(COACH), &held).unwrap();
        let cited: Vec<_> = decision.events[0].rules.iter().map(|rule| rule.id).collect();
        assert_eq!(cited.get(1).copied(), missed, "{there:?}");
        assert_eq!(decision.notes.len(), usize::from(missed.is_some()), "{:?}", decision.notes);
        let case = Case::failed().then(hour(1), COACH, &held);
        let stage = if missed.is_some() { Stage::ConferenceDue } else { Stage::ReferralOpen };
        assert_eq!(case.state.stage(), stage, "{there:?}");
        let came_of = if missed.is_some() { "UC-SAN at CONFERENCE_DUE" } else { "sanction_referred" };
        assert_eq!(case.came_of(hour(2), COACH, &refer()), came_of, "{there:?}");
        assert_eq!(case.state.conferences.len(), 1, "it is recorded whoever was there");
    }
}

#[test]
fn a_good_reason_or_a_requirement_out_of_reach_ends_it() {
    let table = [
        ((GoodReason::NotSeen, Assurance::Reasonable), Stage::ReferralOpen),
        ((GoodReason::Seen, Assurance::Reasonable), Stage::NoReferral),
        ((GoodReason::NotSeen, Assurance::NotReasonable), Stage::NoReferral),
        ((GoodReason::Seen, Assurance::NotReasonable), Stage::NoReferral),
    ];
    for (found, stage) in table {
        let case = Case::failed().then(hour(1), COACH, &conference(hour(1), &[COACH, LEADER], found));
        assert_eq!(case.state.stage(), stage, "{found:?}");
    }
}

/// Of several conferences the one that took place last says what may follow, in whatever order they are recorded.
#[test]
fn the_latest_conference_says_what_may_follow() {
    let seen = (GoodReason::Seen, Assurance::Reasonable);
    let at = |number, found| conference(hour(number), &[COACH, LEADER], found);
    let alone = conference(hour(3), &[COACH], NO_GOOD_REASON);
    let table = [
        (vec![at(1, NO_GOOD_REASON), at(2, seen)], Stage::NoReferral),
        (vec![at(2, seen), at(1, NO_GOOD_REASON)], Stage::NoReferral),
        (vec![at(1, seen), at(2, NO_GOOD_REASON)], Stage::ReferralOpen),
        (vec![at(1, seen), alone], Stage::NoReferral),
    ];
    for (held, stage) in table {
        let case = held.iter().fold(Case::failed(), |case, held| case.then(hour(4), COACH, held));
        assert_eq!(case.state.stage(), stage, "{held:?}");
    }
}

/// What a conference finds after the referral is for the Decision Maker to weigh.
#[test]
fn a_good_reason_seen_after_the_referral_is_to_be_weighed() {
    let seen = conference(hour(3), &[COACH, LEADER], (GoodReason::Seen, Assurance::Reasonable));
    let decision = Case::referred().decide(hour(3), &actor(LEADER), &seen).unwrap();
    assert!(decision.notes[0].contains("weighs"), "{:?}", decision.notes);
    let case = Case::referred().then(hour(3), LEADER, &seen);
    assert_eq!(case.state.stage(), Stage::InvitationDue);
    assert!(case.state.reason_was_told());
}
