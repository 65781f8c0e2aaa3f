//! The one place that makes a gRPC status.
//!
//! Every failure is one of a closed set, each with a stable reason (`holdfast.common.v1.ErrorReason`), details that a
//! program can read and a sentence that a person can. What a person said, and what a database said, never gets here.

use holdfast_contracts::holdfast::common::v1::ErrorReason;
use std::collections::HashMap;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, PreconditionViolation, StatusExt};

/// The domain of every `google.rpc.ErrorInfo` of the suite.
pub const DOMAIN: &str = "holdfast";
/// How many bytes about faults a refusal tells. Each is told three times, encoded: in the sentence, in the status that
/// holds the details, and in the details; and some clients take no more than 8 KiB of headers.
const MOST_ABOUT_FAULTS: usize = 2_000;

/// Why a call fails.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// Fields are missing or malformed: every one of them.
    Invalid(Vec<Violation>),
    /// The server has no such method.
    UnknownMethod,
    /// No case has this reference.
    CaseNotFound(String),
    /// The directory does not know this area.
    AreaNotFound(String),
    /// The case exists, but not the part of it that the request names.
    PartNotFound(String),
    /// The guidance does not allow this step yet.
    NotAllowed(Box<NotAllowed>),
    /// This build does not carry out the benefit's guidance.
    NotInForce(&'static str),
    /// The case changed since the etag was read.
    EtagMismatch {
        /// The present etag.
        current: String,
    },
    /// The case kept changing.
    Contended,
    /// The request id was used before for another request.
    RequestIdReused(String),
    /// The request id was given a permit that is none any more.
    PermitOver {
        /// The request id.
        request: String,
        /// The permit's decision.
        decision: String,
        /// The case whose hold recalled it; `None`: it has expired.
        recalled_by: Option<String>,
    },
    /// No token, or one that does not verify.
    Unauthenticated(&'static str),
    /// The role or workload may not call the method.
    NotPermitted {
        /// What the caller is.
        caller: String,
        /// Who may.
        allowed: String,
    },
    /// The caller's deadline passed, or the time that a call has at most.
    DeadlineExceeded {
        /// Nothing is recorded by the method, so that there is nothing to repeat under the same request id.
        of_read: bool,
    },
    /// The database does not answer in time.
    Unavailable,
    /// There is more work than can be taken.
    Overloaded,
    /// A hold is placed that the ledger knows as released.
    HoldBehindRelease {
        /// The version at which it knows it.
        known: u64,
        /// Who released it, by their stable name.
        holder: &'static str,
    },
    /// A hold is released whose place the ledger does not know.
    HoldNotPlaced,
    /// Somebody else holds the hold.
    NotHolder {
        /// Who, by their stable name.
        holder: &'static str,
    },
    /// The ledger was not compared with the sender's database.
    NotReconciled,
    /// A fault of the suite, already logged with its cause.
    Internal,
}

/// One fault of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The field, by its path in the request.
    pub field: String,
    /// What is wrong with it. Never repeats what the field held.
    pub why: String,
}

/// A step that the guidance does not allow yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAllowed {
    /// The case.
    pub case_reference: String,
    /// Why, in one sentence.
    pub why: String,
    /// The rules it would go against: id and what it requires.
    pub rules: Vec<(&'static str, &'static str)>,
    /// The present stage.
    pub stage: &'static str,
    /// The commands that would be allowed now.
    pub allowed: Vec<&'static str>,
}

impl Failure {
    /// The failure's stable reason.
    #[must_use]
    pub fn reason(&self) -> ErrorReason {
        match self {
            Self::Invalid(_) => ErrorReason::InvalidRequest,
            Self::UnknownMethod => ErrorReason::UnknownMethod,
            Self::CaseNotFound(_) => ErrorReason::CaseNotFound,
            Self::AreaNotFound(_) => ErrorReason::AreaNotFound,
            Self::PartNotFound(_) => ErrorReason::PartNotFound,
            Self::NotAllowed(_) => ErrorReason::StepNotAllowed,
            Self::NotInForce(_) => ErrorReason::ProcedureNotInForce,
            Self::EtagMismatch { .. } => ErrorReason::EtagMismatch,
            Self::Contended => ErrorReason::Contended,
            Self::RequestIdReused(_) | Self::PermitOver { .. } => ErrorReason::RequestIdReused,
            Self::Unauthenticated(_) => ErrorReason::Unauthenticated,
            Self::NotPermitted { .. } => ErrorReason::NotPermitted,
            Self::DeadlineExceeded { .. } => ErrorReason::DeadlineExceeded,
            Self::Unavailable => ErrorReason::Unavailable,
            Self::Overloaded => ErrorReason::Overloaded,
            Self::HoldBehindRelease { .. } => ErrorReason::HoldBehindRelease,
            Self::HoldNotPlaced => ErrorReason::HoldNotPlaced,
            Self::NotHolder { .. } => ErrorReason::NotHolder,
            Self::NotReconciled => ErrorReason::NotReconciled,
            Self::Internal => ErrorReason::Internal,
        }
    }

    fn code(&self) -> Code {
        match self {
            Self::Invalid(_) => Code::InvalidArgument,
            Self::UnknownMethod => Code::Unimplemented,
            Self::CaseNotFound(_) | Self::AreaNotFound(_) | Self::PartNotFound(_) | Self::HoldNotPlaced => {
                Code::NotFound
            }
            Self::NotAllowed(_) | Self::NotInForce(_) | Self::NotHolder { .. } => Code::FailedPrecondition,
            Self::EtagMismatch { .. } | Self::Contended => Code::Aborted,
            Self::RequestIdReused(_) | Self::PermitOver { .. } => Code::AlreadyExists,
            Self::Unauthenticated(_) => Code::Unauthenticated,
            Self::NotPermitted { .. } => Code::PermissionDenied,
            Self::DeadlineExceeded { .. } => Code::DeadlineExceeded,
            Self::Unavailable | Self::NotReconciled => Code::Unavailable,
            Self::HoldBehindRelease { .. } => Code::DataLoss,
            Self::Overloaded => Code::ResourceExhausted,
            Self::Internal => Code::Internal,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Invalid(violations) => {
                let all: Vec<_> = violations.iter().map(|fault| format!("{} {}", fault.field, fault.why)).collect();
                format!("the request is not valid: {}", all.join("; "))
            }
            Self::UnknownMethod => "this server has no method of this name; reflection lists those it has".to_owned(),
            Self::AreaNotFound(_) => {
                "the directory does not know this area; areas are compared letter by letter, case included".to_owned()
            }
            Self::CaseNotFound(_) => {
                "no case with this reference is kept here; one that is still with another service is read there"
                    .to_owned()
            }
            Self::PartNotFound(what) => what.clone(),
            Self::NotAllowed(refusal) => refusal.why.clone(),
            Self::NotInForce(benefit) => format!("the guidance for {benefit} is not carried out by this build yet"),
            Self::EtagMismatch { .. } => {
                "the case changed since you read it: read it again, then decide again".to_owned()
            }
            Self::Contended => "the case kept changing meanwhile: try again with the same request_id".to_owned(),
            Self::RequestIdReused(_) => "this request_id was used before for another request".to_owned(),
            Self::PermitOver { decision, recalled_by, .. } => permit_over(decision, recalled_by.as_deref()),
            Self::Unauthenticated(why) => (*why).to_owned(),
            Self::NotPermitted { caller, allowed } => format!("{caller} may not call this method; {allowed} may"),
            Self::DeadlineExceeded { of_read } => lapsed(*of_read).to_owned(),
            Self::Unavailable => {
                "the database does not answer in time: try again, with the same request_id where there is one"
                    .to_owned()
            }
            Self::Overloaded => "there is more work than can be taken: try again later".to_owned(),
            Self::HoldBehindRelease { .. } => {
                "the ledger knows this hold as released at this version or above: it is to be written again above that"
                    .to_owned()
            }
            Self::HoldNotPlaced => "the ledger does not know the hold that is to be released".to_owned(),
            Self::NotHolder { holder } => format!("{holder} holds this hold, and alone may change it"),
            Self::NotReconciled => {
                "the ledger is being compared with the database that this was sent from: try again".to_owned()
            }
            Self::Internal => "a fault of the suite; its cause is in the suite's log".to_owned(),
        }
    }

    fn metadata(&self) -> HashMap<String, String> {
        let one = |key: &str, value: &str| HashMap::from([(key.to_owned(), value.to_owned())]);
        match self {
            Self::CaseNotFound(case) => one("case_reference", case),
            Self::AreaNotFound(area) => one("area", area),
            Self::EtagMismatch { current } => one("etag", current),
            Self::RequestIdReused(id) => one("request_id", id),
            Self::PermitOver { request, decision, recalled_by } => {
                let told = [("request_id", Some(request)), ("decision_id", Some(decision))];
                let told = told.into_iter().chain([("recalled_by", recalled_by.as_ref())]);
                told.filter_map(|(key, value)| Some((key.to_owned(), value?.clone()))).collect()
            }
            Self::NotInForce(benefit) => one("benefit", benefit),
            Self::HoldBehindRelease { known, holder } => HashMap::from([
                ("known_version".to_owned(), known.to_string()),
                ("holder".to_owned(), (*holder).to_owned()),
            ]),
            Self::NotHolder { holder } => one("holder", holder),
            Self::NotPermitted { caller, allowed } => {
                HashMap::from([("caller".to_owned(), caller.clone()), ("allowed".to_owned(), allowed.clone())])
            }
            Self::NotAllowed(refusal) => {
                let rules: Vec<_> = refusal.rules.iter().map(|(id, _)| *id).collect();
                HashMap::from([
                    ("stage".to_owned(), refusal.stage.to_owned()),
                    ("rules".to_owned(), rules.join(", ")),
                    ("allowed".to_owned(), refusal.allowed.join(", ")),
                ])
            }
            Self::Invalid(_)
            | Self::UnknownMethod
            | Self::PartNotFound(_)
            | Self::Contended
            | Self::Unauthenticated(_)
            | Self::DeadlineExceeded { .. }
            | Self::Unavailable
            | Self::Overloaded
            | Self::HoldNotPlaced
            | Self::NotReconciled
            | Self::Internal => HashMap::new(),
        }
    }

    /// The same failure, with no more faults than a refusal can carry: it travels in headers, which every client bounds,
    /// and one that is too large ends the caller's whole connection.
    fn bounded(self) -> Self {
        let Self::Invalid(mut violations) = self else { return self };
        let mut room = MOST_ABOUT_FAULTS;
        let mut fits = |fault: &Violation| {
            room = room.saturating_sub(fault.field.len() + fault.why.len() + 16);
            room > 0
        };
        let told = violations.iter().map_while(|fault| Some(fault).filter(|fault| fits(fault))).count();
        let untold = violations.len() - told;
        if untold > 0 {
            let field = violations[told].field.clone();
            violations.truncate(told);
            violations.push(Violation { field, why: format!("and {untold} more faults") });
        }
        Self::Invalid(violations)
    }

    fn details(&self) -> ErrorDetails {
        let name = self.reason().as_str_name().trim_start_matches("ERROR_REASON_");
        let mut details = ErrorDetails::with_error_info(name, DOMAIN, self.metadata());
        match self {
            Self::Invalid(violations) => {
                let violations = violations.iter().map(|fault| FieldViolation::new(&fault.field, &fault.why));
                details.set_bad_request(violations.collect::<Vec<_>>());
            }
            Self::NotAllowed(refusal) => {
                let subject = refusal.case_reference.as_str();
                let violations =
                    refusal.rules.iter().map(|(id, requires)| PreconditionViolation::new(*id, subject, *requires));
                details.set_precondition_failure(violations.collect::<Vec<_>>());
            }
            Self::UnknownMethod
            | Self::CaseNotFound(_)
            | Self::AreaNotFound(_)
            | Self::PartNotFound(_)
            | Self::NotInForce(_)
            | Self::EtagMismatch { .. }
            | Self::Contended
            | Self::RequestIdReused(_)
            | Self::PermitOver { .. }
            | Self::Unauthenticated(_)
            | Self::NotPermitted { .. }
            | Self::DeadlineExceeded { .. }
            | Self::Unavailable
            | Self::Overloaded
            | Self::HoldBehindRelease { .. }
            | Self::HoldNotPlaced
            | Self::NotHolder { .. }
            | Self::NotReconciled
            | Self::Internal => {}
        }
        details
    }
}

/// What is said of a permit that is none any more.
fn permit_over(decision: &str, recalled_by: Option<&str>) -> String {
    let whose = format!("permit {decision}, which this request_id was given,");
    match recalled_by {
        Some(case) => format!(
            "{whose} was recalled by a hold of {case}: undo what was done on it; GetDecision tells more, and another \
             request_id asks anew"
        ),
        None => format!("{whose} has expired: ask anew under another request_id"),
    }
}

/// What is said when time has run out.
fn lapsed(of_read: bool) -> &'static str {
    if of_read {
        "time ran out before there was an answer: ask again, with a later deadline"
    } else {
        "time ran out; what you asked for may have been recorded: repeat it with the same request_id"
    }
}

impl From<Failure> for Status {
    #[expect(clippy::disallowed_methods, reason = "the one place that makes a status")]
    fn from(failure: Failure) -> Self {
        let failure = failure.bounded();
        Self::with_error_details(failure.code(), failure.message(), failure.details())
    }
}
