//! A PIP case from referral to decision, as the calls of those who work on it.

mod step;

pub use step::{Before, Step};

use chrono::{DateTime, TimeDelta, Utc};
use holdfast_chassis::issuer::Issuer;
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload as Named},
    common::v1::{Award, Benefit, Nation, Place},
    conferencing::v1::{self as conferencing, AssuranceItem},
    safeguarding::v1 as safeguarding,
    tasks::v1 as tasks,
    visiting::v1 as visiting,
};
use holdfast_procedure::{Workload, term::london_date};
use holdfast_store::wire::timestamp;
use prost::Message;
use tonic::{Request, metadata::AsciiMetadataValue};

/// How long tokens are valid, in seconds: longer than any test moves its clock.
const VALID: i64 = 20 * 365 * 24 * 60 * 60;
/// Facts of long ago say why they come late.
const LATE: &str = "Recorded by a test.";

/// How long after the second visit was said to have been made another one was.
const AGAIN: TimeDelta = TimeDelta::minutes(30);

/// What people are recorded to have said.
const WORDS: &str = "What was said of it.";

/// The path of a method, and its message.
macro_rules! message {
    ($method:literal, $pb:ident::$request:ident { $($field:ident: $value:expr),* $(,)? }) => {
        (concat!("/holdfast.", $method), $pb::$request { $($field: $value,)* ..Default::default() }.encode_to_vec())
    };
}

/// The same, with request id and case.
macro_rules! about {
    ($given:expr, $method:literal, $pb:ident::$request:ident { $($field:ident: $value:expr),* $(,)? }) => {
        message!($method, $pb::$request { request_id: $given.0, case_reference: $given.1, $($field: $value),* })
    };
}

/// One call of a person through the case workers' desktop, ready to be made, and made again as it is.
#[derive(Debug, Clone)]
pub struct Call {
    /// The method's path.
    pub path: &'static str,
    /// Who calls.
    pub person: &'static str,
    /// In which role.
    pub role: Role,
    /// The encoded message.
    pub body: Vec<u8>,
}

impl Call {
    /// What proves who its person is.
    ///
    /// # Panics
    /// When no token can be signed.
    #[must_use]
    pub fn token(&self, issuer: &Issuer) -> AsciiMetadataValue {
        let token = issuer.token(self.person, Some(self.role), Named::Casework, VALID).expect("a token");
        format!("Bearer {token}").parse().expect("a header")
    }

    /// The call as a request, with a token that is made for it.
    #[must_use]
    pub fn request(&self, issuer: &Issuer) -> Request<Vec<u8>> {
        self.request_with(self.token(issuer))
    }

    /// The call as a request, with a token of its person.
    #[must_use]
    pub fn request_with(&self, token: AsciiMetadataValue) -> Request<Vec<u8>> {
        let mut request = Request::new(self.body.clone());
        request.metadata_mut().insert("authorization", token);
        request
    }
}

/// One claimant's case.
#[derive(Debug, Clone)]
pub struct Pip {
    /// The award, and what its request ids begin with.
    pub award: String,
    /// There is a concern.
    pub concern: bool,
    /// When it was referred, and when it was visited first.
    pub referred: DateTime<Utc>,
    /// The first visit.
    pub first: DateTime<Utc>,
    /// The second visit, after the window for contact.
    pub second: DateTime<Utc>,
}

impl Pip {
    /// The request id of a step.
    #[must_use]
    pub fn request_id(&self, step: Step) -> String {
        if let Step::Finding(item) = step {
            return format!("{}.Finding.{}", self.award, item as i32);
        }
        format!("{}.{step:?}", self.award)
    }

    /// A step as a call: of the case with this reference, by somebody who has read this etag, at this instant.
    #[must_use]
    pub fn call(&self, step: Step, case: &str, etag: &str, now: DateTime<Utc>) -> Call {
        let given = (self.request_id(step), case.to_owned(), etag.to_owned());
        let service = step.service();
        if service == Workload::Visiting {
            self.at_visiting(step, given)
        } else if service == Workload::Safeguarding {
            at_safeguarding(step, given, now)
        } else {
            self.at_conferencing(step, given, now)
        }
    }

    fn at_visiting(&self, step: Step, given: (String, String, String)) -> Call {
        if let Step::Mistake | Step::Retraction = step {
            return retraction(step, given);
        }
        let (request_id, case_reference, _) = given;
        let late_reason = LATE.to_owned();
        if step == Step::Referral {
            let (customer, award) = (format!("C-{}", self.award), self.award.clone());
            let (path, body) = message!(
                "visiting.v1.VisitingService/ReferForVisit",
                visiting::ReferForVisitRequest {
                    request_id: request_id,
                    award: Some(Award { customer, benefit: Benefit::Pip.into(), award }),
                    place: Some(Place { nation: Nation::England.into(), area: "Somewhere".to_owned() }),
                    occurred_at: Some(timestamp(self.referred)),
                    circumstances: "No reply to two letters.".to_owned(),
                    late_reason: late_reason,
                }
            );
            return Call { path, person: "r.patel", role: Role::Referrer, body };
        }
        let again = if step == Step::VisitAgain { AGAIN } else { TimeDelta::zero() };
        let at = if step == Step::FirstVisit { self.first } else { self.second + again };
        let outcome = visiting::IneffectiveVisit {
            ground: visiting::IneffectiveGround::NoAnswer.into(),
            letter: visiting::LetterLeft::Left.into(),
            account: "Nobody came to the door.".to_owned(),
        };
        let outcome = Some(visiting::visit::Outcome::Ineffective(outcome));
        let (path, body) = message!(
            "visiting.v1.VisitingService/RecordVisit",
            visiting::RecordVisitRequest {
                request_id: request_id,
                case_reference: case_reference,
                visit: Some(visiting::Visit { occurred_at: Some(timestamp(at)), outcome }),
                late_reason: late_reason,
            }
        );
        Call { path, person: "v.jones", role: Role::VisitingOfficer, body }
    }

    fn at_conferencing(&self, step: Step, given: (String, String, String), now: DateTime<Utc>) -> Call {
        use conferencing as pb;
        let (given, etag) = ((given.0, given.1), given.2);
        let (words, occurred_at) = (WORDS.to_owned(), Some(timestamp(now)));
        let (path, body) = match step {
            Step::Finding(item) => finding(item, given, words, now),
            Step::PrescribedNote => self.prescribed_note(given, now),
            Step::Marker => marker(given, words),
            Step::NoFurtherInformation => about!(
                given,
                "conferencing.v1.ConferencingService/RequireFurtherInformation",
                pb::RequireFurtherInformationRequest {
                    reason: words,
                    further_information: pb::FurtherInformation::NotRequired.into(),
                }
            ),
            Step::Determination => self.determination(given, etag),
            Step::ClosingNote => about!(
                given,
                "conferencing.v1.ConferencingService/RecordClosingNote",
                pb::RecordClosingNoteRequest {
                    occurred_at: occurred_at,
                    system: "PIPCS".to_owned(),
                    reference: "NOTE-17".to_owned(),
                }
            ),
            Step::Return => about!(
                given,
                "conferencing.v1.ConferencingService/ReturnToDecisionMaker",
                pb::ReturnToDecisionMakerRequest { etag: etag }
            ),
            Step::Decision => about!(
                given,
                "conferencing.v1.ConferencingService/RecordDecision",
                pb::RecordDecisionRequest { etag: etag, weighed: words, outcome: pb::Outcome::NotDisallow.into() }
            ),
            Step::Referral
            | Step::FirstVisit
            | Step::SecondVisit
            | Step::Attempt
            | Step::NoLeader
            | Step::Conclusion
            | Step::Mistake
            | Step::Retraction
            | Step::VisitAgain => unreachable!("{step:?} is no step at conferencing"),
        };
        let decides = step == Step::Decision;
        let (person, role) = if decides { ("m.lee", Role::CaseManager) } else { ("c.morgan", Role::CesTeam) };
        Call { path, person, role, body }
    }
}

impl Pip {
    /// Whether there is a concern, once everything was looked at.
    fn determination(&self, given: (String, String), etag: String) -> (&'static str, Vec<u8>) {
        use conferencing as pb;
        let concern = if self.concern { pb::Concern::Identified } else { pb::Concern::NotIdentified };
        about!(
            given,
            "conferencing.v1.ConferencingService/RecordDetermination",
            pb::RecordDeterminationRequest {
                etag: etag,
                reasons: WORDS.to_owned(),
                satisfaction: pb::Satisfaction::Satisfied.into(),
                concern: concern.into(),
            }
        )
    }

    /// The task of making the note that names the days of both visits.
    fn prescribed_note(&self, (request_id, case): (String, String), now: DateTime<Utc>) -> (&'static str, Vec<u8>) {
        let [first, second] = [self.first, self.second].map(london_date);
        message!(
            "tasks.v1.TaskService/CompleteTask",
            tasks::CompleteTaskRequest {
                request_id: request_id,
                task: format!("conferencing/{case}/prescribed-note:{first}:{second}"),
                occurred_at: Some(timestamp(now)),
                system: "PIPCS".to_owned(),
                reference: "NOTE-8".to_owned(),
            }
        )
    }
}

/// The second visit was recorded in error, as one person says and another confirms.
fn retraction(step: Step, (request_id, case_reference, etag): (String, String, String)) -> Call {
    let given = (request_id, case_reference);
    if step == Step::Retraction {
        let (path, body) = about!(
            given,
            "visiting.v1.VisitingService/ConfirmRetraction",
            visiting::ConfirmRetractionRequest { etag: etag, reason: WORDS.to_owned() }
        );
        return Call { path, person: "r.patel", role: Role::Referrer, body };
    }
    let (path, body) = about!(
        given,
        "visiting.v1.VisitingService/CorrectFact",
        visiting::CorrectFactRequest {
            etag: etag,
            fact: 2,
            right: Some(visiting::correct_fact_request::Right::NeverHappened(true)),
            reason: WORDS.to_owned(),
        }
    );
    Call { path, person: "v.jones", role: Role::VisitingOfficer, body }
}

/// The Additional Support marker is put on.
fn marker(given: (String, String), reason: String) -> (&'static str, Vec<u8>) {
    about!(
        given,
        "conferencing.v1.ConferencingService/ConsiderSupportMarker",
        conferencing::ConsiderSupportMarkerRequest {
            support_marker: conferencing::SupportMarker::PutOn.into(),
            reason: reason,
        }
    )
}

/// A finding of the assurance check.
fn finding(
    item: AssuranceItem,
    given: (String, String),
    account: String,
    now: DateTime<Utc>,
) -> (&'static str, Vec<u8>) {
    let (item, result) = (item.into(), conferencing::FindingResult::Reviewed.into());
    let finding = conferencing::Finding { item, result, occurred_at: Some(timestamp(now)), account };
    about!(
        given,
        "conferencing.v1.ConferencingService/RecordAssuranceFinding",
        conferencing::RecordAssuranceFindingRequest { finding: Some(finding) }
    )
}

fn at_safeguarding(step: Step, given: (String, String, String), now: DateTime<Utc>) -> Call {
    use safeguarding as pb;
    let (given, etag) = ((given.0, given.1), given.2);
    let words = WORDS.to_owned();
    let (path, body) = match step {
        Step::Attempt => {
            let attempt = pb::ContactAttempt {
                occurred_at: Some(timestamp(now)),
                whom: pb::ContactThrough::Customer.into(),
                channel: pb::AttemptChannel::Telephone.into(),
                outcome: pb::AttemptOutcome::NoReply.into(),
                text_sent: false,
            };
            about!(
                given,
                "safeguarding.v1.EscalationService/RecordContactAttempt",
                pb::RecordContactAttemptRequest { attempt: Some(attempt), account: words }
            )
        }
        Step::NoLeader => about!(
            given,
            "safeguarding.v1.EscalationService/ConsiderLeader",
            pb::ConsiderLeaderRequest { need: pb::LeaderNeed::NotNeeded.into(), reason: words }
        ),
        Step::Conclusion => {
            about!(
                given,
                "safeguarding.v1.EscalationService/ConcludeEscalation",
                pb::ConcludeEscalationRequest { etag: etag, steps: words }
            )
        }
        Step::Referral
        | Step::FirstVisit
        | Step::SecondVisit
        | Step::Finding(_)
        | Step::PrescribedNote
        | Step::Marker
        | Step::NoFurtherInformation
        | Step::Determination
        | Step::ClosingNote
        | Step::Return
        | Step::Decision
        | Step::Mistake
        | Step::Retraction
        | Step::VisitAgain => unreachable!("{step:?} is no step at safeguarding"),
    };
    Call { path, person: "c.morgan", role: Role::CesTeam, body }
}

/// Reads a case at a service.
#[must_use]
pub fn reading(at: Workload, case: &str) -> Call {
    // The three requests are the same on the wire.
    let body = visiting::GetReferralRequest { case_reference: case.to_owned() }.encode_to_vec();
    let path = if at == Workload::Visiting {
        "/holdfast.visiting.v1.VisitingService/GetReferral"
    } else if at == Workload::Safeguarding {
        "/holdfast.safeguarding.v1.EscalationService/GetEscalation"
    } else {
        "/holdfast.conferencing.v1.ConferencingService/GetCase"
    };
    Call { path, person: "a.reader", role: Role::Officer, body }
}

/// The stage and the etag that the reply to [`reading`] holds.
///
/// # Panics
/// When it is not such a reply.
#[must_use]
pub fn standing(at: Workload, reply: &[u8]) -> (String, String) {
    let (stage, effect) = if at == Workload::Visiting {
        let reply = visiting::GetReferralResponse::decode(reply).expect("a referral");
        (reply.referral.expect("a referral").stage().as_str_name(), reply.effect)
    } else if at == Workload::Safeguarding {
        let reply = safeguarding::GetEscalationResponse::decode(reply).expect("an escalation");
        (reply.escalation.expect("an escalation").stage().as_str_name(), reply.effect)
    } else {
        let reply = conferencing::GetCaseResponse::decode(reply).expect("a case");
        (reply.case.expect("a case").stage().as_str_name(), reply.effect)
    };
    let stage = stage.trim_start_matches("ESCALATION_").trim_start_matches("STAGE_").to_owned();
    (stage, effect.expect("an effect").etag)
}

/// The reference of the case that the reply to [`Step::Referral`] holds.
///
/// # Panics
/// When it is not such a reply.
#[must_use]
pub fn opened(reply: &[u8]) -> String {
    let reply = visiting::ReferForVisitResponse::decode(reply).expect("a referral");
    reply.referral.expect("a referral").case_reference
}
