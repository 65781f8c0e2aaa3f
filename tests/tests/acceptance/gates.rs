//! Every gate of every page, and the guidance without it: what stands before a step is data, so that each of it can be
//! left out by itself.

use holdfast_procedure::{
    Rule,
    benefit::{self, Considering, Gates, Prescribed, Rules},
    conferencing, escalation,
    guidance::{Guidance, Version},
    rule::rulings::{
        R_CALL_BACK, R_DEATH_VERIFIED, R_LATER_CONTACT, R_NO_LEADER, R_OPEN_ACTION, R_SECOND_PERSON, R_WITHDRAWAL,
    },
};

/// The published guidance without one gate of one page.
pub(crate) struct Without {
    /// The version that lacks it.
    pub(crate) version: String,
    /// The gate, and where it stands.
    pub(crate) gate: String,
    /// The rules under which it refuses.
    pub(crate) rules: Vec<&'static Rule>,
    /// The guidance.
    pub(crate) guidance: Guidance,
}

/// The published guidance without each of its gates.
pub(crate) fn all() -> Vec<Without> {
    let published = Guidance::published();
    let lacking = |version: &Version| {
        let (name, lacking) = (version.name.clone(), lacking(&version.rules));
        lacking.into_iter().map(move |(gate, rules, page)| (name.clone(), gate, rules, page))
    };
    let without = |(version, gate, rules, page): (String, String, Vec<&'static Rule>, Rules)| {
        let other = |other: &Version| {
            let rules = if other.name == version { page } else { other.rules };
            Version { rules, ..other.clone() }
        };
        let guidance = Guidance::of(published.versions().map(other).collect());
        Without { version, gate, rules, guidance }
    };
    published.versions().flat_map(lacking).map(without).collect()
}

/// A gate, the rules under which it refuses, and the page without it.
type Lacking = (String, Vec<&'static Rule>, Rules);

fn lacking(page: &Rules) -> Vec<Lacking> {
    [before_a_visit(page), until_the_decision(page), before_the_conclusion(page)].concat()
}

/// What is left of a list without one of the gates on it.
fn left<T: Copy + PartialEq + 'static>(list: &[T], gate: T) -> &'static [T] {
    list.iter().copied().filter(|other| *other != gate).collect::<Vec<_>>().leak()
}

/// Each gate on a list, and what is left without it.
fn each<T: Copy + PartialEq + 'static>(list: &[T]) -> impl Iterator<Item = (T, &'static [T])> {
    list.iter().map(|gate| (*gate, left(list, *gate)))
}

fn before_a_visit(page: &Rules) -> Vec<Lacking> {
    let referral = each(page.before_referral).map(|(gate, before_referral)| {
        let name = format!("before a referral: {:?}", gate.says);
        (name, gate.rules.to_vec(), Rules { before_referral, ..*page })
    });
    let considering = page.consideration.as_option();
    let no_visit = considering.into_iter().flat_map(|considering| {
        each(considering.no_visit).map(|(gate, no_visit)| {
            let consideration = Prescribed::Yes(Considering { no_visit, ..*considering });
            let name = format!("before no visit is concluded: {:?}", gate.says);
            (name, gate.rules.to_vec(), Rules { consideration, ..*page })
        })
    });
    referral.chain(no_visit).collect()
}

/// A must stands before several steps, and what one step has made sure of the next need not: the page without it has it
/// before none of them.
fn until_the_decision(page: &Rules) -> Vec<Lacking> {
    let Gates { determination, closing, returning, decision, adverse_decision } = page.conferencing.gates;
    let mut gates: Vec<conferencing::Gate> = Vec::new();
    for gate in [determination, closing, returning, decision, adverse_decision].concat() {
        if !gates.contains(&gate) {
            gates.push(gate);
        }
    }
    let lacks = |gate: conferencing::Gate| {
        let mut lacks = *page;
        lacks.conferencing.gates = Gates {
            determination: left(determination, gate),
            closing: left(closing, gate),
            returning: left(returning, gate),
            decision: left(decision, gate),
            adverse_decision: left(adverse_decision, gate),
        };
        (format!("until the decision: {gate:?}"), asked_by(gate, &page.conferencing), lacks)
    };
    gates.into_iter().map(lacks).collect()
}

/// Under which rules a gate is known to refuse. Of a gate that is not named here every scenario of its page is played.
fn asked_by(gate: conferencing::Gate, page: &benefit::Conferencing) -> Vec<&'static Rule> {
    use conferencing::Gate;
    let known: &[(Gate, &[&'static Rule])] = &[
        (Gate::PrescribedNote, page.prescribed_note.rules()),
        (Gate::SupportMarker, page.support_marker.rules()),
        (Gate::AssuranceCheck, page.assurance.rules),
        (Gate::FurtherInformation, page.conference.rules),
        (Gate::Conference, page.conference.rules),
        (Gate::PartnershipManager, page.partnership_manager.rules()),
        (Gate::ActionsTaken, &[&R_OPEN_ACTION]),
        (Gate::ParticipantsSatisfied, page.satisfied.rules),
        (Gate::Determined, page.satisfied.rules),
        (Gate::ReviewNote, page.review_note.rules()),
        (Gate::LaterConsidered, &[&R_LATER_CONTACT]),
        (Gate::LaterWeighed, &[&R_LATER_CONTACT]),
        (Gate::DeathSettled, &[&R_DEATH_VERIFIED]),
        (Gate::ConcernLookedInto, page.concern.rules),
        (Gate::ClosingRecord, page.closing.rules),
        (Gate::VisitsStand, &[&R_WITHDRAWAL, &R_SECOND_PERSON]),
    ];
    rules_of(known, &gate)
}

fn rules_of<G: PartialEq>(known: &[(G, &[&'static Rule])], gate: &G) -> Vec<&'static Rule> {
    known.iter().filter(|(of, _)| of == gate).flat_map(|(_, rules)| rules.iter().copied()).collect()
}

fn before_the_conclusion(page: &Rules) -> Vec<Lacking> {
    use escalation::Gate;
    let asks = page.escalation;
    let known: &[(Gate, &[&'static Rule])] = &[
        (Gate::ContactAttempted, asks.contact.rules()),
        (Gate::CallBack, asks.contact.rules()),
        (Gate::CallBack, &[&R_CALL_BACK]),
        (Gate::LeaderNeed, asks.leader.rules),
        (Gate::LeaderAsked, asks.leader.rules),
        (Gate::AreaHasLeader, &[&R_NO_LEADER]),
        (Gate::ReviewDate, asks.review_date.rules),
        (Gate::Review, asks.review_date.rules),
    ];
    let lacks = |(gate, gates): (Gate, &'static [Gate])| {
        let escalation = benefit::Escalation { gates, ..asks };
        (format!("before the conclusion: {gate:?}"), rules_of(known, &gate), Rules { escalation, ..*page })
    };
    each(asks.gates).map(lacks).collect()
}
