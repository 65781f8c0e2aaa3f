//! What other services hand over, read like everything else.

use holdfast_chassis::Fields;
use holdfast_contracts::holdfast::conferencing::v1 as pb;
use holdfast_procedure::{
    NarrativeRef,
    handover::{Entry, EscalationOutcome, File, Happened, ReferralMade, StepTaken, TakenBack},
};
use holdfast_store::{
    handing::{ground_from, held_from, letter_from, note_in_from, step_from},
    reading::{actor, award, channel_from, contact_by_from, kept_elsewhere, place},
    wire,
};

/// The most entries that a file, or an outcome, is read with.
const ENTRIES: usize = 500;

/// A file as DWP Visiting hands it over.
pub(super) fn file(fields: &mut Fields, given: &pb::CaseFile) -> Option<File> {
    let about = award(fields, "file.award", given.award.as_ref());
    let whereabouts = place(fields, "file.place", given.place.as_ref());
    let referral = fields.message("file.referral", given.referral.as_ref());
    let referral = referral.and_then(|referral| referral_made(fields, "file.referral", referral));
    let joined = all(fields, "file.joined", &given.joined, referral_made);
    let lead = fields.choice("file.lead", given.lead, wire::role_from);
    let note_in = fields.optional_choice("file.note_in", given.note_in, note_in_from);
    let since = fields.instant("file.since", given.since);
    let entries = all(fields, "file.entries", &given.entries, entry);
    let holds = held_from(fields, "file.holds", &given.holds);
    Some(File {
        award: about?,
        place: whereabouts?,
        referral: referral?,
        joined: joined?,
        lead: lead?,
        note_in: note_in?,
        since: since?,
        times_taken_back: given.times_taken_back,
        entries: entries?,
        holds: holds?,
    })
}

/// Why DWP Visiting takes a case back.
pub(super) fn taken_back(fields: &mut Fields, given: &pb::TakenBack) -> Option<TakenBack> {
    let asked_by = actor(fields, "taken_back.asked_by", given.asked_by.as_ref());
    let confirmed_by = actor(fields, "taken_back.confirmed_by", given.confirmed_by.as_ref());
    let at = fields.instant("taken_back.taken_back_at", given.taken_back_at);
    let narrative = fields.reference("taken_back.narrative", &given.narrative).map(NarrativeRef);
    Some(TakenBack { asked_by: asked_by?, confirmed_by: confirmed_by?, at: at?, narrative: narrative? })
}

/// Every one is read, so that every fault is named.
fn all<G, T>(
    fields: &mut Fields,
    field: &str,
    given: &[G],
    read: impl Fn(&mut Fields, &str, &G) -> Option<T>,
) -> Option<Vec<T>> {
    if given.len() > ENTRIES {
        fields.fault(field, format!("holds more than {ENTRIES}"));
        return None;
    }
    let read: Vec<_> =
        given.iter().enumerate().map(|(at, given)| read(fields, &format!("{field}[{at}]"), given)).collect();
    read.into_iter().collect()
}

fn referral_made(fields: &mut Fields, field: &str, given: &pb::Referral) -> Option<ReferralMade> {
    let by = actor(fields, &format!("{field}.referred_by"), given.referred_by.as_ref());
    let occurred_at = fields.instant(&format!("{field}.occurred_at"), given.occurred_at);
    let circumstances = fields.reference(&format!("{field}.circumstances"), &given.circumstances);
    Some(ReferralMade { by: by?, occurred_at: occurred_at?, circumstances: NarrativeRef(circumstances?) })
}

fn entry(fields: &mut Fields, field: &str, given: &pb::FileEntry) -> Option<Entry> {
    let occurred_at = fields.instant(&format!("{field}.occurred_at"), given.occurred_at);
    let narrative = kept_elsewhere(fields, &format!("{field}.narrative"), &given.narrative);
    let what = happened(fields, field, given.kind.as_ref());
    let (fact, counts) = (given.fact, given.counts);
    Some(Entry { fact, what: what?, occurred_at: occurred_at?, narrative: narrative?, counts })
}

fn happened(fields: &mut Fields, field: &str, kind: Option<&pb::file_entry::Kind>) -> Option<Happened> {
    use pb::file_entry::Kind;
    match fields.message(&format!("{field}.kind"), kind)? {
        Kind::IneffectiveVisit(call) => {
            let ground = fields.choice(&format!("{field}.ineffective_visit.ground"), call.ground, ground_from);
            let left = fields.optional_choice(&format!("{field}.ineffective_visit.letter"), call.letter, letter_from);
            Some(Happened::IneffectiveVisit { ground: ground?, letter_left: left?.unwrap_or(false) })
        }
        Kind::EffectiveVisit(_) => Some(Happened::EffectiveVisit),
        Kind::BrokenOffVisit(_) => Some(Happened::BrokenOffVisit),
        Kind::UnsafeArea(_) => Some(Happened::UnsafeArea),
        Kind::LetterPosted(_) => Some(Happened::LetterPosted),
        Kind::Contact(contact) => {
            let channel = fields.choice(&format!("{field}.contact.channel"), contact.channel, channel_from);
            let by = fields.choice(&format!("{field}.contact.by"), contact.by, contact_by_from);
            Some(Happened::Contact { channel: channel?, by: by? })
        }
        Kind::Concern(_) => Some(Happened::Concern),
        Kind::Consideration(_) => Some(Happened::Consideration),
        Kind::Triage(_) => Some(Happened::Triage),
        Kind::AddressTrace(pb::AddressTraced { found }) => Some(Happened::AddressTrace { found: *found }),
        Kind::FollowUp(_) => Some(Happened::FollowUp),
        Kind::Booking(_) => Some(Happened::Booking),
    }
}

/// What safeguarding did about a concern.
pub(super) fn outcome(fields: &mut Fields, given: &pb::EscalationOutcome) -> Option<EscalationOutcome> {
    let concluded_at = fields.instant("outcome.concluded_at", given.concluded_at);
    let steps = all(fields, "outcome.steps", &given.steps, step_taken);
    let leader =
        if given.leader.is_empty() { Some(None) } else { fields.person("outcome.leader", &given.leader).map(Some) };
    let narrative = fields.reference("outcome.narrative", &given.narrative).map(NarrativeRef);
    Some(EscalationOutcome { concluded_at: concluded_at?, steps: steps?, leader: leader?, narrative: narrative? })
}

fn step_taken(fields: &mut Fields, field: &str, given: &pb::StepTaken) -> Option<StepTaken> {
    let step = fields.choice(&format!("{field}.step"), given.step, step_from);
    let occurred_at = fields.instant(&format!("{field}.occurred_at"), given.occurred_at);
    let with = fields.optional_reference(&format!("{field}.with"), &given.with);
    let narrative = kept_elsewhere(fields, &format!("{field}.narrative"), &given.narrative);
    Some(StepTaken { step: step?, occurred_at: occurred_at?, with: with?.unwrap_or_default(), narrative: narrative? })
}
