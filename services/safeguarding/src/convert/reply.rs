//! State into replies, and the words that both directions share.

use holdfast_contracts::holdfast::{common::v1 as common, safeguarding::v1 as pb};
use holdfast_procedure::{
    Workload, directory,
    escalation::{
        Agency, Attempt, AttemptChannel, AttemptMade, AttemptOutcome, Basis, Concern, Contact, Disclosure, Filed,
        Happening, Liaison, Referral, Review, Round, Said, Stage, State, Whom,
    },
    facts::Kept,
};
use holdfast_store::{
    Outcome as Brought,
    customers::standing,
    names,
    reading::{channel, contact_by},
    wire,
};
use prost::Message;

names! {
    /// How far the steps have come.
    pub(crate) stage, stage_from: Stage <=> pb::EscalationStage {
        ContactDue, LeaderUndecided, ReferralDue, AwaitingLeader, ReviewDateDue, ReviewDue, ConclusionDue, Concluded,
        EndedDeath,
    }
}
names! {
    /// Through whom contact is attempted.
    pub(crate) whom, whom_from: Whom <=> pb::ContactThrough {
        Customer, Representative, NextOfKin, CommunityNurse, SocialServices, Police, Other,
    }
}
names! {
    /// How contact is attempted.
    pub(crate) attempt_channel, attempt_channel_from: AttemptChannel <=> pb::AttemptChannel {
        Telephone, TextMessage, Letter, Email, Journal, InPerson,
    }
}
names! {
    /// What came of an attempt at contact.
    pub(crate) attempt_outcome, attempt_outcome_from: AttemptOutcome <=> pb::AttemptOutcome {
        Reached, NoReply, MessageLeft, Refused, NotDelivered,
    }
}
names! {
    /// An agency.
    pub(crate) agency, agency_from: Agency <=> pb::Agency {
        SocialServices, LocalAuthority, Police, HealthService, SupportNetwork, Other,
    }
}
names! {
    /// On what basis personal data is disclosed.
    pub(crate) basis, basis_from: Basis <=> pb::DisclosureBasis { GoodFaithSafeguarding, Consent, LegalObligation }
}

/// Whether a leader is needed.
pub(crate) fn need_from(need: pb::LeaderNeed) -> Option<bool> {
    match need {
        pb::LeaderNeed::Needed => Some(true),
        pb::LeaderNeed::NotNeeded => Some(false),
        pb::LeaderNeed::Unspecified => None,
    }
}

/// The reply of a command: the case, and what was brought about.
pub(crate) trait Reply: Message {
    /// The reply with these parts.
    fn of(escalation: Option<pb::Escalation>, effect: Option<common::Effect>) -> Self;
}

macro_rules! replies {
    ($($reply:ident),+ $(,)?) => {
        $(impl Reply for pb::$reply {
            fn of(escalation: Option<pb::Escalation>, effect: Option<common::Effect>) -> Self {
                Self { escalation, effect }
            }
        })+
    };
}

replies! {
    OpenEscalationResponse, RecordContactAttemptResponse, ConsiderLeaderResponse, ReferToLeaderResponse,
    RecordLiaisonResponse, RecordDisclosureResponse, SetReviewDateResponse, RecordReviewResponse,
    RecordContactResponse, CorrectFactResponse, ConcludeEscalationResponse, GetEscalationResponse,
}

/// The encoded reply of a command.
pub(crate) fn render<R: Reply>(brought: &Brought<State>) -> Vec<u8> {
    reply::<R>(brought).encode_to_vec()
}

/// The reply of a command.
pub(crate) fn reply<R: Reply>(brought: &Brought<State>) -> R {
    let about = brought.state.round().map(|round| &round.concern.award);
    R::of(told(&brought.case, &brought.state), Some(wire::effect(brought, about)))
}

/// The reply of a command about an area.
pub(crate) trait AreaReply: Message {
    /// The reply with these parts.
    fn of(area: Option<pb::Area>, effect: Option<common::Effect>) -> Self;
}

macro_rules! area_replies {
    ($($reply:ident),+ $(,)?) => {
        $(impl AreaReply for pb::$reply {
            fn of(area: Option<pb::Area>, effect: Option<common::Effect>) -> Self {
                Self { area, effect }
            }
        })+
    };
}

area_replies! { SetLeaderResponse, RemoveLeaderResponse, FindLeaderResponse }

/// The encoded reply of a command about an area.
pub(crate) fn render_area<R: AreaReply>(brought: &Brought<directory::State>) -> Vec<u8> {
    area_reply::<R>(brought).encode_to_vec()
}

/// The reply of a command about an area.
pub(crate) fn area_reply<R: AreaReply>(brought: &Brought<directory::State>) -> R {
    let state = &brought.state;
    let area = state.area.as_ref().map(|area| pb::Area {
        area: area.clone(),
        leader: state.leader.as_ref().map(leader),
        recorded_at: state.since.map(wire::timestamp),
    });
    R::of(area, Some(wire::effect(brought, None)))
}

/// A leader.
pub(crate) fn leader(leader: &directory::Leader) -> pb::Leader {
    pb::Leader {
        person: leader.person.clone(),
        office: leader.office.clone(),
        telephone: leader.telephone.clone().unwrap_or_default(),
        since: Some(wire::timestamp(leader.since)),
    }
}

fn told(case: &str, state: &State) -> Option<pb::Escalation> {
    let (present, earlier) = state.rounds.split_last()?;
    Some(pb::Escalation {
        case_reference: case.to_owned(),
        stage: stage(state.stage).into(),
        stage_since: state.since.map(wire::timestamp),
        round: Some(round(present)),
        earlier_rounds: earlier.iter().map(round).collect(),
        customer: Some(standing((Workload::Safeguarding, case), &present.concern.award.customer, &state.customer)),
        facts: state.facts.all().map(|(number, kept)| fact(number, kept)).collect(),
    })
}

/// Something that people recorded, whether or not it stands.
fn fact(number: u32, kept: &Kept<Filed>) -> pb::EscalationFact {
    use pb::escalation_fact::Kind;
    let told = &kept.what.fact;
    let kind = match &told.happening {
        Happening::ContactAttempt(made) => Kind::Attempt(attempted(made)),
        Happening::Liaison(with) => Kind::Liaison(liaised(with)),
        Happening::Disclosure(made) => Kind::Disclosure(disclosed(made)),
        Happening::Review { occurred_at } => {
            Kind::Review(pb::Review { occurred_at: Some(wire::timestamp(*occurred_at)) })
        }
        Happening::Contact(heard) => Kind::Contact(pb::ContactHeard {
            occurred_at: Some(wire::timestamp(heard.occurred_at)),
            channel: channel(heard.channel).into(),
            by: contact_by(heard.by).into(),
        }),
    };
    pb::EscalationFact {
        fact: number,
        counts: told.counts,
        corrects: kept.corrects.unwrap_or_default(),
        superseded: kept.superseded.as_ref().map(wire::superseded),
        recorded_at: Some(wire::timestamp(kept.at)),
        recorded_by: Some(wire::actor(&kept.by)),
        narrative: told.account.0.clone(),
        kind: Some(kind),
    }
}

fn round(round: &Round) -> pb::EscalationRound {
    let need = match round.need.as_ref().map(|need| need.what) {
        _ if !round.referrals.is_empty() => pb::LeaderNeed::Needed,
        Some(true) => pb::LeaderNeed::Needed,
        Some(false) => pb::LeaderNeed::NotNeeded,
        None => pb::LeaderNeed::Unspecified,
    };
    pb::EscalationRound {
        concern: Some(concern(&round.concern)),
        opened_at: Some(wire::timestamp(round.opened_at)),
        attempts: round.attempts.iter().map(attempt).collect(),
        leader_need: need.into(),
        referrals: round.referrals.iter().map(referral).collect(),
        leader: round.leader().map(leader),
        liaisons: round.liaisons.iter().map(liaison).collect(),
        disclosures: round.disclosures.iter().map(disclosure).collect(),
        review_due: round.review_date.as_ref().map(|review| wire::due(&review.ends)),
        reviews: round.reviews.iter().map(review).collect(),
        contacts: round.contacts.iter().map(contact).collect(),
        conclusion: round.concluded.as_ref().map(|concluded| pb::Conclusion {
            concluded_at: Some(wire::timestamp(concluded.at)),
            concluded_by: Some(wire::actor(&concluded.by)),
            narrative: concluded.words.0.clone(),
        }),
    }
}

fn concern(concern: &Concern) -> pb::Concern {
    pb::Concern {
        award: Some(wire::award(&concern.award)),
        place: Some(wire::place(&concern.place)),
        lead: wire::role(concern.lead).into(),
        concern: concern.account.as_ref().map(|words| words.0.clone()).unwrap_or_default(),
        determined_by: Some(wire::actor(&concern.determined_by)),
        occurred_at: Some(wire::timestamp(concern.occurred_at)),
    }
}

fn attempt(said: &Said<AttemptMade>) -> pb::RecordedAttempt {
    let AttemptMade { number, made, call_back, counts } = &said.what;
    pb::RecordedAttempt {
        attempt: *number,
        made: Some(attempted(made)),
        counts: *counts,
        call_back: call_back.as_ref().map(wire::due),
        recorded_by: Some(wire::actor(&said.by)),
        recorded_at: Some(wire::timestamp(said.at)),
        narrative: said.words.0.clone(),
    }
}

fn attempted(made: &Attempt) -> pb::ContactAttempt {
    pb::ContactAttempt {
        occurred_at: Some(wire::timestamp(made.occurred_at)),
        whom: whom(made.whom).into(),
        channel: attempt_channel(made.channel).into(),
        outcome: attempt_outcome(made.outcome).into(),
        text_sent: made.text_sent,
    }
}

fn referral(said: &Said<Referral>) -> pb::LeaderReferral {
    pb::LeaderReferral {
        area: said.what.area.clone(),
        leader: said.what.leader.as_ref().map(leader),
        referred_at: Some(wire::timestamp(said.at)),
        referred_by: Some(wire::actor(&said.by)),
        asked_at: said.what.asked_at.map(wire::timestamp),
        narrative: said.words.0.clone(),
    }
}

fn liaison(said: &Said<Liaison>) -> pb::RecordedLiaison {
    pb::RecordedLiaison {
        liaison: Some(liaised(&said.what)),
        recorded_by: Some(wire::actor(&said.by)),
        recorded_at: Some(wire::timestamp(said.at)),
        narrative: said.words.0.clone(),
    }
}

fn liaised(liaison: &Liaison) -> pb::Liaison {
    let Liaison { occurred_at, agency: with, received } = liaison;
    let occurred_at = Some(wire::timestamp(*occurred_at));
    pb::Liaison { occurred_at, agency: agency(*with).into(), received: *received }
}

fn disclosure(said: &Said<Disclosure>) -> pb::RecordedDisclosure {
    pb::RecordedDisclosure {
        disclosure: Some(disclosed(&said.what)),
        recorded_by: Some(wire::actor(&said.by)),
        recorded_at: Some(wire::timestamp(said.at)),
        narrative: said.words.0.clone(),
    }
}

fn disclosed(disclosure: &Disclosure) -> pb::Disclosure {
    let Disclosure { occurred_at, to, basis: on, received } = disclosure;
    let (occurred_at, to, basis) = (Some(wire::timestamp(*occurred_at)), agency(*to).into(), basis(*on).into());
    pb::Disclosure { occurred_at, to, basis, received: *received }
}

fn review(said: &Said<Review>) -> pb::RecordedReview {
    pb::RecordedReview {
        occurred_at: Some(wire::timestamp(said.what.occurred_at)),
        counts: said.what.counts,
        recorded_by: Some(wire::actor(&said.by)),
        recorded_at: Some(wire::timestamp(said.at)),
        narrative: said.words.0.clone(),
    }
}

fn contact(said: &Said<Contact>) -> pb::RecordedContact {
    let Contact { occurred_at, channel: how, by } = &said.what;
    pb::RecordedContact {
        occurred_at: Some(wire::timestamp(*occurred_at)),
        channel: channel(*how).into(),
        by: contact_by(*by).into(),
        recorded_by: Some(wire::actor(&said.by)),
        recorded_at: Some(wire::timestamp(said.at)),
        narrative: said.words.0.clone(),
    }
}
