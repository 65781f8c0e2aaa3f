//! How a case begins: with a referral, with the consideration whether to make one, or with a concern that is triaged.

use super::{
    Fault, LATE,
    cast::{Beginning, Cast},
    client::{As, Client},
    story::Story,
    timestamp,
    visits::{AREA, days_ago, told},
};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_contracts::holdfast::{
    common::v1::{Award, Nation, Place},
    visiting::v1 as pb,
};

/// Plays the beginning up to the referral, and gives the case and the award it is about.
pub(super) async fn play(client: &mut Client, story: &mut Story<'_>, cast: &Cast) -> Result<(String, Award), Fault> {
    let award = Award { customer: client.request_id("C"), benefit: cast.benefit.into(), award: client.request_id("A") };
    let at = days_ago(42, 10);
    match cast.beginning {
        Beginning::Referral => {}
        Beginning::Consideration => consider(client, story, &award, at - TimeDelta::hours(1)).await?,
        Beginning::Concern => {
            let case = raise(client, story, &award, at - TimeDelta::hours(2)).await?;
            triage(client, story, &case, at - TimeDelta::hours(1)).await?;
        }
    }
    let referral = refer(client, story, cast, &award, at).await?;
    Ok((referral.case_reference, award))
}

fn place() -> Place {
    Place { nation: Nation::England.into(), area: AREA.to_owned() }
}

/// The referrer looks for indicators, has doubts, and concludes that a Core Visit is needed.
async fn consider(client: &mut Client, story: &mut Story<'_>, award: &Award, at: DateTime<Utc>) -> Result<(), Fault> {
    use pb::ConsideredItem::{Advocacy, AttendanceIssues, Deferral, Notification, Reminder};
    story.step(at, "A mental health marker is found. Whoever is in doubt refers for a Core Visit.")?;
    let considered = [Deferral, Notification, Advocacy, AttendanceIssues, Reminder];
    let consideration = pb::Consideration {
        occurred_at: Some(timestamp(at)),
        situations: vec![pb::Situation::FailedToAttendInterview.into()],
        indicator: pb::Indicator::Found.into(),
        no_response: true,
        considered: considered.map(Into::into).to_vec(),
        conclusion: pb::Conclusion::Refer.into(),
        account: "Missed the interview; no reply to two letters; a marker is on the record.".to_owned(),
        ..pb::Consideration::default()
    };
    let request = pb::ConsiderVisitRequest {
        request_id: client.request_id("consider"),
        award: Some(award.clone()),
        place: Some(place()),
        consideration: Some(consideration),
        late_reason: LATE.to_owned(),
        ..pb::ConsiderVisitRequest::default()
    };
    let request = client.request(As::Referrer, request)?;
    let reply = client.visiting.consider_visit(request).await?.into_inner();
    told(story, reply.referral, reply.effect).map(drop)
}

/// Somebody who works on the application is worried, and says so to the SPOC.
async fn raise(client: &mut Client, story: &mut Story<'_>, award: &Award, at: DateTime<Utc>) -> Result<String, Fault> {
    story.step(at, "The processor tells the SPOC what is worrying about the application.")?;
    let specifics = "The handwriting changed, and nobody picks up the telephone.".to_owned();
    let request = pb::RaiseConcernRequest {
        request_id: client.request_id("concern"),
        award: Some(award.clone()),
        place: Some(place()),
        concern: Some(pb::Concern { occurred_at: Some(timestamp(at)), specifics }),
        late_reason: LATE.to_owned(),
        ..pb::RaiseConcernRequest::default()
    };
    let request = client.request(As::Processor, request)?;
    let reply = client.visiting.raise_concern(request).await?.into_inner();
    Ok(told(story, reply.referral, reply.effect)?.case_reference)
}

async fn triage(client: &mut Client, story: &mut Story<'_>, case: &str, at: DateTime<Utc>) -> Result<(), Fault> {
    story.step(at, "The SPOC finds an Advanced Customer Support concern, and a visit appropriate.")?;
    let triage = pb::Triage {
        occurred_at: Some(timestamp(at)),
        result: pb::TriageResult::VisitAppropriate.into(),
        reason: "Lives alone and is not heard of.".to_owned(),
    };
    let request = pb::TriageConcernRequest {
        request_id: client.request_id("triage"),
        case_reference: case.to_owned(),
        triage: Some(triage),
        late_reason: LATE.to_owned(),
        ..pb::TriageConcernRequest::default()
    };
    let request = client.request(As::Spoc, request)?;
    let reply = client.visiting.triage_concern(request).await?.into_inner();
    told(story, reply.referral, reply.effect).map(drop)
}

/// The form's answers, as far as the benefit asks for them.
fn form(cast: &Cast) -> Option<pb::VisitingForm> {
    let known = |text: &str| Some(pb::KnownOrNot { text: text.to_owned(), not_known: false });
    match cast.beginning {
        Beginning::Referral => None,
        Beginning::Consideration => Some(pb::VisitingForm {
            condition: known("Depression."),
            representative: Some(pb::KnownOrNot { text: String::new(), not_known: true }),
            contact_attempts: known("Two letters and a telephone call."),
            previous_visit: pb::Answer::No.into(),
            good_cause_considered: pb::Answer::No.into(),
            lone_parent_with_child_under_one: pb::Answer::NotKnown.into(),
            has_representative: pb::Answer::NotKnown.into(),
            situations: vec![pb::Situation::FailedToAttendInterview.into()],
            telephone: "0113 496 0000".to_owned(),
            telephone_staffed: true,
            ..pb::VisitingForm::default()
        }),
        Beginning::Concern => Some(pb::VisitingForm {
            eligibility: vec![pb::Eligibility::Concern.into()],
            support_exhausted: true,
            note_in: pb::NoteIn::Disc.into(),
            ..pb::VisitingForm::default()
        }),
    }
}

async fn refer(
    client: &mut Client,
    story: &mut Story<'_>,
    cast: &Cast,
    award: &Award,
    at: DateTime<Utc>,
) -> Result<pb::Referral, Fault> {
    story.step(at, &format!("The {} asks DWP Visiting for a home visit.", cast.refers.name()))?;
    let request = pb::ReferForVisitRequest {
        request_id: client.request_id("refer"),
        award: Some(award.clone()),
        place: Some(place()),
        occurred_at: Some(timestamp(at)),
        circumstances: "No reply to two letters; the customer lives alone.".to_owned(),
        late_reason: LATE.to_owned(),
        form: form(cast),
        ..pb::ReferForVisitRequest::default()
    };
    let request = client.request(cast.refers, request)?;
    let reply = client.visiting.refer_for_visit(request).await?.into_inner();
    told(story, reply.referral, reply.effect)
}
