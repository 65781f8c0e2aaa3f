//! Cases between handover and decision, brought to where a test needs them; and requests told as JSON, as a caller with
//! nothing but the contracts would.

use super::support::{Ask, path};
use holdfast_contracts::{
    descriptor_pool,
    holdfast::access::v1::{Role, Workload},
};
use holdfast_procedure::Workload as Service;
use holdfast_tests::{
    pip::{self, Pip, Step},
    suite::{TestSuite, london},
};
use prost::Message;
use prost_reflect::{DynamicMessage, MethodDescriptor};
use serde_json::{Value, json};

/// The method of a path within the contracts.
pub(crate) fn described(method: &str) -> MethodDescriptor {
    let (service, name) = path(method).trim_start_matches('/').split_once('/').unwrap();
    let service = descriptor_pool().unwrap().get_service_by_name(service).unwrap();
    service.methods().find(|method| method.name() == name).unwrap()
}

/// A call with these fields.
#[expect(clippy::needless_pass_by_value, reason = "callers write the message where they send it")]
pub(crate) fn tell(method: &'static str, role: Role, fields: Value) -> Ask {
    let message = DynamicMessage::deserialize(described(method).input(), &fields);
    let message = message.unwrap_or_else(|fault| panic!("{method} {fields}: {fault}"));
    let workload = if role == Role::Operator { Workload::Operations } else { Workload::Casework };
    Ask { method, person: format!("p-{}", role as i32), role, workload, body: message.encode_to_vec() }
}

/// The reply to a call, as JSON with the contracts' own names.
pub(crate) async fn told(suite: &TestSuite, ask: &Ask) -> Value {
    let reply = ask.send(suite).await.unwrap_or_else(|status| panic!("{}: {status:?}", ask.method));
    let reply = DynamicMessage::decode(described(ask.method).output(), reply.as_slice()).unwrap();
    let options = prost_reflect::SerializeOptions::new().use_proto_field_name(true).skip_default_fields(false);
    reply.serialize_with_options(serde_json::value::Serializer, &options).unwrap()
}

/// The fields of one object and those of another.
pub(crate) fn with(mut fields: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("an object") };
    fields.as_object_mut().unwrap().extend(more);
    fields
}

/// A case of PIP, on its way.
pub(crate) struct Way<'a> {
    pub(crate) suite: &'a TestSuite,
    pub(crate) case: String,
    pip: Pip,
}

impl<'a> Way<'a> {
    /// A case of its own for which nothing was done yet.
    pub(crate) fn of(suite: &'a TestSuite, award: &str, concern: bool) -> Self {
        let pip = Pip {
            award: award.to_owned(),
            concern,
            referred: london("2026-05-05 09:00"),
            first: london("2026-05-06 09:00"),
            second: london("2026-05-20 09:00"),
        };
        Self { suite, case: String::new(), pip }
    }

    /// A step as a call, as the case is now.
    pub(crate) async fn call(&self, step: Step) -> Ask {
        let of = step.service();
        let etag = if of == Service::Visiting { String::new() } else { self.standing(of).await.1 };
        let call = self.pip.call(step, &self.case, &etag, self.suite.clock.now());
        let method = call.path.rsplit('.').next().unwrap();
        Ask { method, person: call.person.to_owned(), role: call.role, workload: Workload::Casework, body: call.body }
    }

    /// The stage and the etag of the case at a service.
    pub(crate) async fn standing(&self, at: Service) -> (String, String) {
        let call = pip::reading(at, &self.case);
        let request = self.suite.request(call.person, call.role, call.body);
        pip::standing(at, &super::support::call(&self.suite.channel, call.path, request).await.unwrap())
    }

    /// Takes every step before this one.
    pub(crate) async fn until(mut self, end: Option<Step>) -> Self {
        for step in Step::all(self.pip.concern).into_iter().take_while(|step| Some(*step) != end) {
            let reply = self.call(step).await;
            let reply = reply.send(self.suite).await.unwrap_or_else(|status| panic!("{step:?}: {status:?}"));
            if step == Step::Referral {
                self.case = pip::opened(&reply);
            }
            self.suite.settle().await;
        }
        self
    }

    /// The customer's death is reported by one officer and verified by another.
    pub(crate) async fn with_death(self) -> Self {
        let reported = json!({
            "request_id": "died", "case_reference": self.case, "source": "DEATH_SOURCE_RELATIVE",
            "occurred_at": "2026-05-25T09:00:00Z",
        });
        let confirmed = json!({
            "request_id": "verified", "case_reference": self.case, "evidence": "DEATH_EVIDENCE_REGISTER",
            "reference": "GRO-1",
        });
        told(self.suite, &tell("CustomerService/ReportDeath", Role::Officer, reported).by("one")).await;
        told(self.suite, &tell("CustomerService/ConfirmDeath", Role::Officer, confirmed).by("other")).await;
        self.suite.settle().await;
        self
    }

    /// What a command about the case begins with.
    pub(crate) fn header(&self, id: &str, etag: &str) -> Value {
        json!({"request_id": id, "case_reference": self.case, "etag": etag})
    }
}

/// A case of Universal Credit, which closes with documentation, handed over after two visits at which nobody answered.
pub(crate) async fn handed_over(suite: &TestSuite, award: &str) -> String {
    let award_of = json!({"customer": format!("C-{award}"), "benefit": "BENEFIT_UNIVERSAL_CREDIT", "award": award});
    let referral = json!({
        "request_id": format!("{award}-referred"), "award": award_of, "occurred_at": "2026-05-19T09:00:00Z",
        "place": {"nation": "NATION_ENGLAND", "area": "Somewhere"}, "circumstances": "words",
    });
    let referred = told(suite, &tell("VisitingService/ReferForVisit", Role::Referrer, referral)).await;
    let case = referred["referral"]["case_reference"].as_str().unwrap().to_owned();
    for at in ["2026-05-20T09:00:00Z", "2026-05-21T09:00:00Z"] {
        let ineffective = json!({"ground": "INEFFECTIVE_GROUND_NO_ANSWER", "letter": "LETTER_LEFT_LEFT"});
        let visit = json!({
            "request_id": format!("{award}-{at}").replace(':', "."), "case_reference": case,
            "visit": {"occurred_at": at, "ineffective": ineffective},
        });
        told(suite, &tell("VisitingService/RecordVisit", Role::VisitingOfficer, visit)).await;
        suite.settle().await;
    }
    case
}

/// What is said of documentation that was gathered.
pub(crate) fn documentation() -> Value {
    let documentation = json!({
        "occurred_at": "2026-06-01T07:59:00Z", "system": "CASE-FILES", "reference": "B-1",
        "safeguarding_steps": "DOCUMENTED_NONE", "referrals": "DOCUMENTED_NONE",
        "conference_outcome": "DOCUMENTED_INCLUDED", "subsequent_actions": "DOCUMENTED_NONE",
    });
    json!({"documentation": documentation})
}
