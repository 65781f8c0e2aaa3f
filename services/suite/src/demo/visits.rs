//! At DWP Visiting: two visits, and the letter between them where there is one.

use super::{
    Fault, LATE,
    cast::Cast,
    client::{As, Client},
    story::Story,
    timestamp,
};
use chrono::{DateTime, Datelike, TimeDelta, Utc, Weekday};
use holdfast_contracts::holdfast::{common::v1::Effect, visiting::v1 as pb};

/// The area of the story.
pub(super) const AREA: &str = "Leeds";

/// Plays the visits.
pub(super) async fn play(client: &mut Client, story: &mut Story<'_>, cast: &Cast, case: &str) -> Result<(), Fault> {
    let first = days_ago(38, 14);
    if !cast.letter {
        story.step(first, "The Visiting Officer calls. Nobody answers.")?;
        let reply = visit(client, case, first, pb::LetterLeft::NotLeft, "No answer.").await?;
        told(story, reply.referral, reply.effect)?;
        return second_visit(client, story, case, next_weekday(first)).await;
    }
    let referral = first_visit(client, story, case, first).await?;
    post_letter(client, story, case, first + TimeDelta::hours(2)).await?;
    let window = referral.contact_window.and_then(|window| window.ends).and_then(|ends| ends.at);
    let closed = instant(window.ok_or("no window for contact opened")?)?;
    too_early(client, story, case, first + TimeDelta::days(2)).await?;
    second_visit(client, story, case, next_weekday(closed)).await
}

async fn first_visit(
    client: &mut Client,
    story: &mut Story<'_>,
    case: &str,
    at: DateTime<Utc>,
) -> Result<pb::Referral, Fault> {
    story
        .step(at, "The Visiting Officer calls. Nobody answers, and the letter box is sealed: no letter can be left.")?;
    let reply = visit(client, case, at, pb::LetterLeft::NotLeft, "No answer; letter box taped over.").await?;
    told(story, reply.referral, reply.effect)
}

async fn post_letter(
    client: &mut Client,
    story: &mut Story<'_>,
    case: &str,
    at: DateTime<Utc>,
) -> Result<pb::Referral, Fault> {
    story.step(at, "Back at the office the Visiting Officer posts the letter.")?;
    let request = pb::RecordLetterRequest {
        request_id: client.request_id("letter"),
        case_reference: case.to_owned(),
        letter: Some(pb::Letter { occurred_at: Some(timestamp(at)) }),
        late_reason: LATE.to_owned(),
        ..pb::RecordLetterRequest::default()
    };
    let request = client.request(As::VisitingOfficer, request)?;
    let reply = client.visiting.record_letter(request).await?.into_inner();
    told(story, reply.referral, reply.effect)
}

async fn too_early(
    client: &mut Client,
    story: &mut Story<'_>,
    case: &str,
    at: DateTime<Utc>,
) -> Result<pb::Referral, Fault> {
    story.step(at, "An officer who is in the street anyway calls again, while the customer still has time to ring.")?;
    let reply = visit(client, case, at, pb::LetterLeft::Left, "No answer.").await?;
    told(story, reply.referral, reply.effect)
}

async fn second_visit(client: &mut Client, story: &mut Story<'_>, case: &str, at: DateTime<Utc>) -> Result<(), Fault> {
    story.step(at, "The customer has not been in touch. The Visiting Officer calls again. Nobody answers.")?;
    let reply = visit(client, case, at, pb::LetterLeft::Left, "No answer; post behind the door.").await?;
    told(story, reply.referral, reply.effect).map(drop)
}

async fn visit(
    client: &mut Client,
    case: &str,
    at: DateTime<Utc>,
    letter: pb::LetterLeft,
    account: &str,
) -> Result<pb::RecordVisitResponse, Fault> {
    let ineffective = pb::IneffectiveVisit {
        ground: pb::IneffectiveGround::NoAnswer.into(),
        letter: letter.into(),
        account: account.to_owned(),
    };
    let outcome = Some(pb::visit::Outcome::Ineffective(ineffective));
    let request = pb::RecordVisitRequest {
        request_id: client.request_id("visit"),
        case_reference: case.to_owned(),
        visit: Some(pb::Visit { occurred_at: Some(timestamp(at)), outcome }),
        late_reason: LATE.to_owned(),
        ..pb::RecordVisitRequest::default()
    };
    let request = client.request(As::VisitingOfficer, request)?;
    Ok(client.visiting.record_visit(request).await?.into_inner())
}

/// Tells what a call brought about, and gives the case.
pub(super) fn told(
    story: &mut Story<'_>,
    referral: Option<pb::Referral>,
    effect: Option<Effect>,
) -> Result<pb::Referral, Fault> {
    let referral = referral.ok_or("the reply holds no case")?;
    let ends = referral.contact_window.as_ref().and_then(|window| window.ends.as_ref()).and_then(|ends| ends.at);
    story.window(ends)?;
    story.outcome(&referral.case_reference, referral.stage().as_str_name(), effect)?;
    Ok(referral)
}

fn instant(at: prost_types::Timestamp) -> Result<DateTime<Utc>, Fault> {
    DateTime::from_timestamp(at.seconds, 0).ok_or_else(|| "the reply holds no instant".into())
}

/// A weekday's hour, this many days ago or a little more.
pub(super) fn days_ago(days: i64, hour: u32) -> DateTime<Utc> {
    let mut at = holdfast_chassis::Clock::System.now() - TimeDelta::days(days);
    while matches!(at.weekday(), Weekday::Sat | Weekday::Sun) {
        at -= TimeDelta::days(1);
    }
    at.date_naive().and_hms_opt(hour, 0, 0).map_or(at, |hour| hour.and_utc())
}

/// Eleven o'clock on the first weekday after an instant.
fn next_weekday(after: DateTime<Utc>) -> DateTime<Utc> {
    let mut day = after.date_naive() + TimeDelta::days(1);
    while matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
        day += TimeDelta::days(1);
    }
    day.and_hms_opt(11, 0, 0).map_or(after, |hour| hour.and_utc())
}
