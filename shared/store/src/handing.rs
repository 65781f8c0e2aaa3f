//! What services hand to each other, as the contracts carry it.

use crate::{
    names,
    reading::{channel, contact_by},
    wire::{self, holds},
};
use holdfast_chassis::Fields;
use holdfast_contracts::holdfast::{common::v1 as common, conferencing::v1 as pb, visiting::v1 as visiting};
use holdfast_procedure::{
    NoteIn,
    handover::{Entry, EscalationOutcome, File, Happened, ReferralMade, SafeguardingStep, StepTaken, TakenBack},
    protection::HeldAt,
    visiting::Ground,
};

names! {
    /// The kinds of steps taken about a concern.
    pub step, step_from: SafeguardingStep <=> pb::SafeguardingStep {
        ContactAttempted, ContactMade, LeaderAsked, LeaderNotNeeded, Liaison, Disclosure, Review,
    }
}
names! {
    /// Why a visit was ineffective.
    pub ground, ground_from: Ground <=> visiting::IneffectiveGround {
        NotAtHome, NoAnswer, RefusedToCooperate, UnsafeArea,
    }
}

names! {
    /// Where Access to Work notes a case.
    pub note_in, note_in_from: NoteIn <=> visiting::NoteIn { Disc, Atwis, Both }
}

/// Whether the letter was left.
#[must_use]
pub fn letter_from(letter: visiting::LetterLeft) -> Option<bool> {
    match letter {
        visiting::LetterLeft::Left => Some(true),
        visiting::LetterLeft::NotLeft => Some(false),
        visiting::LetterLeft::Unspecified => None,
    }
}

fn held_at(held: &HeldAt) -> common::HeldAt {
    common::HeldAt { ground: holds::ground(held.ground), version: held.version.0 }
}

/// A hold as it travels with a case.
fn held_at_from(fields: &mut Fields, field: &str, given: &common::HeldAt) -> Option<HeldAt> {
    let ground = holds::ground_from(fields, &format!("{field}.ground"), given.ground);
    let version = holds::version_from(fields, &format!("{field}.version"), given.version);
    Some(HeldAt { ground: ground?, version: version? })
}

/// The most holds that travel with a case.
const HOLDS: usize = 10;

/// The holds that travel with a case, every fault of every one named.
pub fn held_from(fields: &mut Fields, field: &str, given: &[common::HeldAt]) -> Option<Vec<HeldAt>> {
    if given.len() > HOLDS {
        fields.fault(field, format!("holds more than {HOLDS}"));
        return None;
    }
    let read = |(at, held)| held_at_from(fields, &format!("{field}[{at}]"), held);
    let read: Vec<_> = given.iter().enumerate().map(read).collect();
    read.into_iter().collect()
}

/// The holds that travel with a case.
#[must_use]
pub fn held(holds: &[HeldAt]) -> Vec<common::HeldAt> {
    holds.iter().map(held_at).collect()
}

/// A file, as it is handed over.
#[must_use]
pub fn case_file(file: &File) -> pb::CaseFile {
    let referral = |made: &ReferralMade| pb::Referral {
        referred_by: Some(wire::actor(&made.by)),
        occurred_at: Some(wire::timestamp(made.occurred_at)),
        circumstances: made.circumstances.0.clone(),
    };
    pb::CaseFile {
        holds: held(&file.holds),
        award: Some(wire::award(&file.award)),
        place: Some(wire::place(&file.place)),
        referral: Some(referral(&file.referral)),
        joined: file.joined.iter().map(referral).collect(),
        lead: wire::role(file.lead).into(),
        since: Some(wire::timestamp(file.since)),
        entries: file.entries.iter().map(entry).collect(),
        note_in: file.note_in.map(note_in).unwrap_or_default().into(),
        times_taken_back: file.times_taken_back,
    }
}

fn entry(entry: &Entry) -> pb::FileEntry {
    use pb::file_entry::Kind;
    let kind = match entry.what {
        Happened::IneffectiveVisit { ground: why, letter_left } => {
            let letter = if letter_left { visiting::LetterLeft::Left } else { visiting::LetterLeft::NotLeft };
            Kind::IneffectiveVisit(pb::IneffectiveCall { ground: ground(why).into(), letter: letter.into() })
        }
        Happened::EffectiveVisit => Kind::EffectiveVisit(pb::EffectiveCall {}),
        Happened::BrokenOffVisit => Kind::BrokenOffVisit(pb::BrokenOffCall {}),
        Happened::UnsafeArea => Kind::UnsafeArea(pb::AreaDeemedUnsafe {}),
        Happened::LetterPosted => Kind::LetterPosted(pb::LetterPosted {}),
        Happened::Contact { channel: how, by } => {
            Kind::Contact(pb::ContactMade { channel: channel(how).into(), by: contact_by(by).into() })
        }
        Happened::Concern => Kind::Concern(pb::ConcernRaised {}),
        Happened::Consideration => Kind::Consideration(pb::VisitConsidered {}),
        Happened::Triage => Kind::Triage(pb::ConcernTriaged {}),
        Happened::AddressTrace { found } => Kind::AddressTrace(pb::AddressTraced { found }),
        Happened::FollowUp => Kind::FollowUp(pb::ReferralFollowedUp {}),
        Happened::Booking => Kind::Booking(pb::AppointmentBooked {}),
    };
    pb::FileEntry {
        fact: entry.fact,
        occurred_at: Some(wire::timestamp(entry.occurred_at)),
        narrative: entry.narrative.as_ref().map(|words| words.0.clone()).unwrap_or_default(),
        counts: entry.counts,
        kind: Some(kind),
    }
}

/// Who says that what counted as two ineffective visits was recorded in error.
#[must_use]
pub fn taken_back(taken: &TakenBack) -> pb::TakenBack {
    pb::TakenBack {
        asked_by: Some(wire::actor(&taken.asked_by)),
        confirmed_by: Some(wire::actor(&taken.confirmed_by)),
        taken_back_at: Some(wire::timestamp(taken.at)),
        narrative: taken.narrative.0.clone(),
    }
}

/// What safeguarding did about a concern, as it is handed back.
#[must_use]
pub fn escalation_outcome(told: &EscalationOutcome) -> pb::EscalationOutcome {
    let taken = |taken: &StepTaken| pb::StepTaken {
        step: step(taken.step).into(),
        occurred_at: Some(wire::timestamp(taken.occurred_at)),
        with: taken.with.clone(),
        narrative: taken.narrative.as_ref().map(|words| words.0.clone()).unwrap_or_default(),
    };
    pb::EscalationOutcome {
        concluded_at: Some(wire::timestamp(told.concluded_at)),
        steps: told.steps.iter().map(taken).collect(),
        leader: told.leader.clone().unwrap_or_default(),
        narrative: told.narrative.0.clone(),
    }
}
