//! A correction: the fact that was wrong, and what is right.

use crate::{
    convert::{
        correction::{NO_FACT, RIGHT},
        read_participants,
    },
    sanction::{
        Sanctions,
        reply::{answer_from, assurance_from, good_reason_from, requirement_from},
    },
};
use holdfast_chassis::Fields;
use holdfast_contracts::holdfast::conferencing::v1::{self as pb, sanction_service_correct_fact_request::Right};
use holdfast_procedure::sanction::{Command, Conference, Correction, Explanation, Failure, Happening, Invitation};
use holdfast_store::{
    Asked, Narrative,
    reading::{account, award, channel_from, place, reason},
};

/// A correction of something recorded on a case about a failed requirement.
pub(super) fn read(fields: &mut Fields, asked: &pb::SanctionServiceCorrectFactRequest) -> Option<Asked<Sanctions>> {
    if asked.fact == 0 {
        fields.fault("fact", NO_FACT);
    }
    let right = right(fields, asked.right.as_ref());
    let why = reason(fields, "reason", &asked.reason);
    let ((right, words), why) = right.zip(why)?;
    // The award's other cases are looked up once the request is read.
    let command = Command::Correct(Correction { fact: asked.fact, right, reason: why.reference(), others: Vec::new() });
    Some(Asked { command, narratives: words.into_iter().chain([why]).collect() })
}

/// What is right, `None` where it never happened, and the words recorded with it.
fn right(fields: &mut Fields, right: Option<&Right>) -> Option<(Option<Happening>, Option<Narrative>)> {
    match right {
        Some(Right::Failure(given)) => {
            failure(fields, given).map(|(failure, words)| (Some(Happening::Failure(Box::new(failure))), Some(words)))
        }
        Some(Right::Conference(given)) => {
            conference(fields, given).map(|(held, words)| (Some(Happening::Conference(held)), Some(words)))
        }
        Some(Right::Invitation(given)) => {
            invitation(fields, given).map(|sent| (Some(Happening::Invitation(sent)), None))
        }
        Some(Right::Explanation(given)) => {
            explanation(fields, given).map(|(told, words)| (Some(Happening::Explanation(told)), Some(words)))
        }
        Some(Right::NeverHappened(true)) => Some((None, None)),
        Some(Right::NeverHappened(false)) | None => {
            fields.fault("right", RIGHT);
            None
        }
    }
}

fn failure(fields: &mut Fields, given: &pb::CorrectedFailure) -> Option<(Failure, Narrative)> {
    let about = award(fields, "failure.award", given.award.as_ref());
    let whereabouts = place(fields, "failure.place", given.place.as_ref());
    let requirement = fields.choice("failure.requirement", given.requirement, requirement_from);
    let failed_at = fields.instant("failure.failed_at", given.failed_at);
    let words = account(fields, "failure.account", &given.account)?;
    let (award, place, requirement, occurred_at) = (about?, whereabouts?, requirement?, failed_at?);
    Some((Failure { award, place, requirement, occurred_at, account: words.reference() }, words))
}

fn conference(fields: &mut Fields, given: &pb::CorrectedConference) -> Option<(Conference, Narrative)> {
    let occurred_at = fields.instant("conference.occurred_at", given.occurred_at);
    let participants = read_participants(fields, "conference.participants", &given.participants);
    let good_reason = fields.choice("conference.good_reason", given.good_reason, good_reason_from);
    let requirement = fields.choice("conference.requirement", given.requirement, assurance_from);
    let words = account(fields, "conference.account", &given.account)?;
    let (occurred_at, participants) = (occurred_at?, participants?);
    let (good_reason, requirement) = (good_reason?, requirement?);
    Some((Conference { occurred_at, participants, good_reason, requirement, account: words.reference() }, words))
}

fn invitation(fields: &mut Fields, given: &pb::CorrectedInvitation) -> Option<Invitation> {
    let occurred_at = fields.instant("invitation.occurred_at", given.occurred_at);
    let channel = fields.choice("invitation.channel", given.channel, channel_from);
    Some(Invitation { occurred_at: occurred_at?, channel: channel? })
}

fn explanation(fields: &mut Fields, given: &pb::CorrectedExplanation) -> Option<(Explanation, Narrative)> {
    let occurred_at = fields.instant("explanation.occurred_at", given.occurred_at);
    let answer = fields.choice("explanation.answer", given.answer, answer_from);
    let words = account(fields, "explanation.account", &given.account)?;
    Some((Explanation { occurred_at: occurred_at?, answer: answer?, account: words.reference() }, words))
}
