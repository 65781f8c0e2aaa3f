//! A PIP case from referral to decision, as the calls of those who work on it.

use chrono::{DateTime, Utc};
use holdfast_chassis::issuer::Issuer;
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload as Named},
    common::v1::{Award, Benefit, Nation, Place},
    conferencing::v1::{self as conferencing, AssuranceItem},
    safeguarding::v1 as safeguarding,
    visiting::v1 as visiting,
};
use holdfast_procedure::Workload;
use holdfast_store::wire::timestamp;
use prost::Message;
use tonic::{Request, metadata::MetadataValue};

/// How long tokens are valid, in seconds: longer than any test moves its clock.
const VALID: i64 = 20 * 365 * 24 * 60 * 60;
/// Facts of long ago say why they come late.
const LATE: &str = "Recorded by a test.";

/// What people are recorded to have said.
const WORDS: &str = "What was said of it.";

/// The path of a method, and its message.
macro_rules! message {
    ($method:literal, $pb:ident::$request:ident { $($field:ident: $value:expr),* $(,)? }) => {
        (concat!("/holdfast.", $method), $pb::$request { $($field: $value,)* ..Default::default() }.encode_to_vec())
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
    /// The call as a request, with a token of its person.
    ///
    /// # Panics
    /// When no token can be signed.
    #[must_use]
    pub fn request(&self, issuer: &Issuer) -> Request<Vec<u8>> {
        let token = issuer.token(self.person, Some(self.role), Named::Casework, VALID).expect("a token");
        let mut request = Request::new(self.body.clone());
        let value = MetadataValue::try_from(format!("Bearer {token}")).expect("a header");
        request.metadata_mut().insert("authorization", value);
        request
    }
}

/// A step on the way of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The referrer asks for a visit.
    Referral,
    /// The first visit is ineffective; the letter is left.
    FirstVisit,
    /// The second visit is ineffective: the case is handed over.
    SecondVisit,
    /// An item of the assurance check is looked at.
    Finding(AssuranceItem),
    /// No further information is required.
    NoFurtherInformation,
    /// Whether there is a concern is determined.
    Determination,
    /// Contact is attempted.
    Attempt,
    /// No leader is needed.
    NoLeader,
    /// The escalation is concluded.
    Conclusion,
    /// The closing note is made.
    ClosingNote,
    /// The case goes back.
    Return,
    /// The decision.
    Decision,
}

/// What has to be so before a step: a stage at a service, which gives the etag, too.
pub type Before = Option<(Workload, &'static str)>;

impl Step {
    /// The steps of a case, with or without a concern.
    #[must_use]
    pub fn all(concern: bool) -> Vec<Self> {
        use AssuranceItem::{Circumstances, Documents, PreviousInteractions, ThirdParties};
        let items = [Circumstances, PreviousInteractions, Documents, ThirdParties].map(Self::Finding);
        let mut steps = vec![Self::Referral, Self::FirstVisit, Self::SecondVisit];
        steps.extend(items);
        steps.extend([Self::NoFurtherInformation, Self::Determination]);
        if concern {
            steps.extend([Self::Attempt, Self::NoLeader, Self::Conclusion]);
        }
        steps.extend([Self::ClosingNote, Self::Return, Self::Decision]);
        steps
    }

    /// What has to be so before it.
    #[must_use]
    pub fn before(self) -> Before {
        match self {
            Self::Finding(AssuranceItem::Circumstances) => Some((Workload::Conferencing, "ASSURANCE")),
            Self::Determination => Some((Workload::Conferencing, "DETERMINATION_DUE")),
            Self::Attempt => Some((Workload::Safeguarding, "CONTACT_DUE")),
            Self::Conclusion => Some((Workload::Safeguarding, "CONCLUSION_DUE")),
            Self::ClosingNote => Some((Workload::Conferencing, "CLOSING_NOTE_DUE")),
            Self::Return => Some((Workload::Conferencing, "RETURN_DUE")),
            Self::Decision => Some((Workload::Conferencing, "DECISION_DUE")),
            Self::Referral
            | Self::FirstVisit
            | Self::SecondVisit
            | Self::Finding(_)
            | Self::NoFurtherInformation
            | Self::NoLeader => None,
        }
    }

    /// The service that it is for.
    #[must_use]
    pub fn service(self) -> Workload {
        match self {
            Self::Referral | Self::FirstVisit | Self::SecondVisit => Workload::Visiting,
            Self::Attempt | Self::NoLeader | Self::Conclusion => Workload::Safeguarding,
            Self::Finding(_)
            | Self::NoFurtherInformation
            | Self::Determination
            | Self::ClosingNote
            | Self::Return
            | Self::Decision => Workload::Conferencing,
        }
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
        match step {
            Step::Finding(item) => format!("{}.Finding.{}", self.award, item as i32),
            other => format!("{}.{other:?}", self.award),
        }
    }

    /// A step as a call: of the case with this reference, by somebody who has read this etag, at this instant.
    #[must_use]
    pub fn call(&self, step: Step, case: &str, etag: &str, now: DateTime<Utc>) -> Call {
        let given = (self.request_id(step), case.to_owned(), etag.to_owned());
        match step.service() {
            Workload::Visiting => self.at_visiting(step, given.0, given.1),
            Workload::Safeguarding => at_safeguarding(step, given, now),
            _ => self.at_conferencing(step, given, now),
        }
    }

    fn at_visiting(&self, step: Step, request_id: String, case_reference: String) -> Call {
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
        let at = if step == Step::FirstVisit { self.first } else { self.second };
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
        let (request_id, case_reference, etag) = given;
        let (words, occurred_at) = (WORDS.to_owned(), Some(timestamp(now)));
        let concern = if self.concern { pb::Concern::Identified } else { pb::Concern::NotIdentified };
        let (path, body) = match step {
            Step::Finding(item) => {
                let (item, result) = (item.into(), pb::FindingResult::Reviewed.into());
                let finding = pb::Finding { item, result, occurred_at, account: words };
                message!(
                    "conferencing.v1.ConferencingService/RecordAssuranceFinding",
                    pb::RecordAssuranceFindingRequest {
                        request_id: request_id,
                        case_reference: case_reference,
                        finding: Some(finding),
                    }
                )
            }
            Step::NoFurtherInformation => message!(
                "conferencing.v1.ConferencingService/RequireFurtherInformation",
                pb::RequireFurtherInformationRequest {
                    request_id: request_id,
                    case_reference: case_reference,
                    reason: words,
                    further_information: pb::FurtherInformation::NotRequired.into(),
                }
            ),
            Step::Determination => message!(
                "conferencing.v1.ConferencingService/RecordDetermination",
                pb::RecordDeterminationRequest {
                    request_id: request_id,
                    case_reference: case_reference,
                    etag: etag,
                    reasons: words,
                    satisfaction: pb::Satisfaction::Satisfied.into(),
                    concern: concern.into(),
                }
            ),
            Step::ClosingNote => message!(
                "conferencing.v1.ConferencingService/RecordClosingNote",
                pb::RecordClosingNoteRequest {
                    request_id: request_id,
                    case_reference: case_reference,
                    occurred_at: occurred_at,
                    system: "PIPCS".to_owned(),
                    reference: "NOTE-17".to_owned(),
                }
            ),
            Step::Return => message!(
                "conferencing.v1.ConferencingService/ReturnToDecisionMaker",
                pb::ReturnToDecisionMakerRequest { request_id: request_id, case_reference: case_reference, etag: etag }
            ),
            other => {
                assert_eq!(other, Step::Decision, "a step at conferencing");
                message!(
                    "conferencing.v1.ConferencingService/RecordDecision",
                    pb::RecordDecisionRequest {
                        request_id: request_id,
                        case_reference: case_reference,
                        etag: etag,
                        weighed: words,
                        outcome: pb::Outcome::NotDisallow.into(),
                    }
                )
            }
        };
        let decides = step == Step::Decision;
        let (person, role) = if decides { ("m.lee", Role::CaseManager) } else { ("c.morgan", Role::CesTeam) };
        Call { path, person, role, body }
    }
}

fn at_safeguarding(step: Step, given: (String, String, String), now: DateTime<Utc>) -> Call {
    use safeguarding as pb;
    let (request_id, case_reference, etag) = given;
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
            message!(
                "safeguarding.v1.EscalationService/RecordContactAttempt",
                pb::RecordContactAttemptRequest {
                    request_id: request_id,
                    case_reference: case_reference,
                    attempt: Some(attempt),
                    account: words,
                }
            )
        }
        Step::NoLeader => message!(
            "safeguarding.v1.EscalationService/ConsiderLeader",
            pb::ConsiderLeaderRequest {
                request_id: request_id,
                case_reference: case_reference,
                need: pb::LeaderNeed::NotNeeded.into(),
                reason: words,
            }
        ),
        other => {
            assert_eq!(other, Step::Conclusion, "a step at safeguarding");
            message!(
                "safeguarding.v1.EscalationService/ConcludeEscalation",
                pb::ConcludeEscalationRequest {
                    request_id: request_id,
                    case_reference: case_reference,
                    etag: etag,
                    steps: words,
                }
            )
        }
    };
    Call { path, person: "c.morgan", role: Role::CesTeam, body }
}

/// Reads a case at a service.
#[must_use]
pub fn reading(at: Workload, case: &str) -> Call {
    let case_reference = case.to_owned();
    let (path, body) = match at {
        Workload::Visiting => {
            let request = visiting::GetReferralRequest { case_reference };
            ("/holdfast.visiting.v1.VisitingService/GetReferral", request.encode_to_vec())
        }
        Workload::Safeguarding => {
            let request = safeguarding::GetEscalationRequest { case_reference };
            ("/holdfast.safeguarding.v1.EscalationService/GetEscalation", request.encode_to_vec())
        }
        _ => {
            let request = conferencing::GetCaseRequest { case_reference };
            ("/holdfast.conferencing.v1.ConferencingService/GetCase", request.encode_to_vec())
        }
    };
    Call { path, person: "a.reader", role: Role::Officer, body }
}

/// The stage and the etag that the reply to [`reading`] holds.
///
/// # Panics
/// When it is not such a reply.
#[must_use]
pub fn standing(at: Workload, reply: &[u8]) -> (String, String) {
    let (stage, effect) = match at {
        Workload::Visiting => {
            let reply = visiting::GetReferralResponse::decode(reply).expect("a referral");
            (reply.referral.expect("a referral").stage().as_str_name(), reply.effect)
        }
        Workload::Safeguarding => {
            let reply = safeguarding::GetEscalationResponse::decode(reply).expect("an escalation");
            (reply.escalation.expect("an escalation").stage().as_str_name(), reply.effect)
        }
        _ => {
            let reply = conferencing::GetCaseResponse::decode(reply).expect("a case");
            (reply.case.expect("a case").stage().as_str_name(), reply.effect)
        }
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
