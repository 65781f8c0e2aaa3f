//! Words in every free-text field of conferencing, escalations and what is told of customers: kept by the service that was
//! told, in its narrative table, and nowhere else; read on the record.

use super::{
    cases::{Way, described, documentation, handed_over, tell, told, with},
    one_effect::{commands, header},
    support::{Ask, everything, rows_of, suite, value},
};
use holdfast_contracts::{
    descriptor_pool,
    holdfast::access::v1::Role::{self, Auditor, CesTeam, Referrer},
};
use holdfast_tests::{
    observed::Observed,
    pip::Step::{self, ClosingNote, Conclusion, Determination},
    suite::TestSuite,
};
use prost::Message;
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, ReflectMessage, Value};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use tonic::Code;

/// The services whose words are looked after here.
const SERVICES: [&str; 3] = ["ConferencingService", "EscalationService", "CustomerService"];

fn holds_words(field: &FieldDescriptor) -> bool {
    field.options().get_field_by_name("debug_redact").is_some_and(|mark| mark.as_bool() == Some(true))
}

/// The fields for words that a message or any part of it has.
fn for_words(message: &MessageDescriptor, found: &mut BTreeSet<String>) {
    for field in message.fields() {
        if holds_words(&field) {
            found.insert(field.full_name().to_owned());
        } else if let Kind::Message(inner) = field.kind() {
            for_words(&inner, found);
        }
    }
}

/// Words that can be found again, by the service that has to keep them, and the fields they were put into.
#[derive(Default)]
struct Canaries {
    words: BTreeMap<String, &'static str>,
    fields: BTreeSet<String>,
}

impl Canaries {
    /// Puts words of their own into every field that takes any.
    fn plant(&mut self, message: &mut DynamicMessage, keeper: &'static str) {
        for field in message.descriptor().fields() {
            if holds_words(&field) {
                let word = format!("canary{}heron", self.words.len() + 1);
                message.set_field(&field, Value::String(format!("{word} said so")));
                self.words.insert(word, keeper);
                self.fields.insert(field.full_name().to_owned());
            } else if message.has_field(&field)
                && let Value::Message(inner) = message.get_field_mut(&field)
                && inner.descriptor().package_name().starts_with("holdfast.")
                && inner.encoded_len() > 0
            {
                self.plant(inner, keeper);
            }
        }
    }

    fn put_into(&mut self, ask: Ask, keeper: &'static str) -> Ask {
        let mut message = DynamicMessage::decode(described(ask.method).input(), ask.body.as_slice()).unwrap();
        self.plant(&mut message, keeper);
        Ask { body: message.encode_to_vec(), ..ask }
    }
}

/// What is not among the commands that are tried elsewhere: an action's report, the closing note, a mistaken death.
async fn others(way: &Way<'_>, step: Option<Step>, number: usize) -> Vec<Ask> {
    let id = |name: &str| format!("{name}-{number}");
    let occurred_at = "2026-06-01T08:00:00Z";
    if step == Some(ClosingNote) {
        let note = json!({"occurred_at": occurred_at, "system": "PIPCS", "reference": "N-1"});
        return vec![tell("ConferencingService/RecordClosingNote", CesTeam, with(way.header(&id("note"), ""), note))];
    }
    let agreed = json!({"what": "words", "owner": "ROLE_REFERRER"});
    let report = json!({"action": 1, "result": "ACTION_RESULT_TAKEN", "occurred_at": occurred_at, "account": "words"});
    let died = json!({"source": "DEATH_SOURCE_RELATIVE", "occurred_at": "2026-05-30T09:00:00Z", "account": "words"});
    let of = |method, name: &str, said| tell(method, CesTeam, with(way.header(&id(name), ""), said));
    vec![
        of("ConferencingService/AgreeAction", "agree", agreed),
        of("ConferencingService/ReportAction", "report", report),
        of("CustomerService/ReportDeath", "death", died),
        of("CustomerService/CorrectDeathReport", "mistaken", json!({"reason": "words"})),
    ]
}

/// A report on an agreed action turns out to have been otherwise.
async fn corrected_report(way: &Way<'_>) -> Ask {
    const METHOD: &str = "ConferencingService/CorrectFact";
    let case =
        told(way.suite, &tell("ConferencingService/GetCase", CesTeam, json!({"case_reference": way.case}))).await;
    let facts = case["case"]["facts"].as_array().unwrap();
    let report = facts.iter().find(|fact| fact["action_report"].is_object()).expect("the report");
    let right = json!({
        "action": 1, "result": "ACTION_RESULT_NOT_TAKEN", "occurred_at": "2026-06-01T08:00:00Z", "account": "words",
    });
    let said = json!({"fact": report["fact"], "action_report": right, "reason": "words"});
    tell(METHOD, CesTeam, with(header(way, METHOD, "corrected").await, said))
}

/// Carries out every command with words in every field that takes any, and gives the replies and the cases.
async fn tell_everything(suite: &TestSuite, canaries: &mut Canaries) -> (Vec<Vec<u8>>, Vec<String>) {
    let (mut replies, mut cases) = (Vec::new(), Vec::new());
    let mut tell_one = async |canaries: &mut Canaries, ask: Ask| {
        let escalated = ask.method.starts_with("Escalation");
        let ask = canaries.put_into(ask, if escalated { "safeguarding" } else { "conferencing" });
        replies.push(ask.send(suite).await.unwrap_or_else(|status| panic!("{}: {status:?}", ask.method)));
        suite.settle().await;
    };
    for (number, (method, role, step, said)) in commands().into_iter().enumerate() {
        // Where safeguarding has the case, too, it is not settled here who is told of a death.
        if method.starts_with("Customer") {
            continue;
        }
        let way = Way::of(suite, &format!("A-{number}"), true).until(step).await;
        let said = with(header(&way, method, &format!("r-{number}")).await, said);
        tell_one(canaries, tell(method, role, said)).await;
        cases.push(way.case);
    }
    for (number, step) in [Some(Determination), Some(ClosingNote)].into_iter().enumerate() {
        let way = Way::of(suite, &format!("B-{number}"), true).until(step).await;
        for ask in others(&way, step, number).await {
            tell_one(canaries, ask).await;
        }
        if step == Some(Determination) {
            tell_one(canaries, corrected_report(&way).await).await;
        }
        cases.push(way.case);
    }
    let case = handed_over(suite, "C-1").await;
    let gathered = with(json!({"request_id": "gathered", "case_reference": case}), documentation());
    tell_one(canaries, tell("ConferencingService/AssembleDocumentation", Referrer, gathered)).await;
    cases.push(case);
    (replies, cases)
}

/// Every question that can be asked about cases, but for their words.
async fn questions(suite: &TestSuite, cases: &[String]) -> Vec<Vec<u8>> {
    let mut asks: Vec<_> = [
        "ConferencingService/ListCases",
        "EscalationService/ListEscalations",
        "TaskService/ListTasks",
        "VisitingService/ListReferrals",
    ]
    .map(|method| tell(method, Auditor, json!({"page_size": 200})))
    .into();
    for case in cases {
        for get in ["ConferencingService/GetCase", "EscalationService/GetEscalation"] {
            asks.push(tell(get, Auditor, json!({"case_reference": case})));
        }
        for timeline in ["ConferencingService/GetTimeline", "EscalationService/GetTimeline"] {
            asks.push(tell(timeline, Auditor, json!({"case_reference": case, "page_size": 500})));
        }
    }
    let mut replies = Vec::new();
    for ask in asks {
        match ask.send(suite).await {
            Ok(reply) => replies.push(reply),
            Err(status) => assert_eq!(status.code(), Code::NotFound, "{}: {status:?}", ask.method),
        }
    }
    replies
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_stay_in_the_narrative_of_the_service_that_was_told() {
    let observed = tokio::task::spawn_blocking(Observed::start).await.unwrap();
    let suite = suite().await;
    let mut canaries = Canaries::default();
    let (mut let_out, cases) = tell_everything(&suite, &mut canaries).await;
    let mut expected = BTreeSet::new();
    for service in descriptor_pool().unwrap().services().filter(|service| SERVICES.contains(&service.name())) {
        service.methods().for_each(|method| for_words(&method.input(), &mut expected));
    }
    assert_eq!(canaries.fields, expected, "words were put into every field that takes any");

    let_out.extend(questions(&suite, &cases).await);
    let let_out: Vec<_> = let_out.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
    let mut tables = everything(&suite).await;
    let narratives: BTreeMap<_, _> = ["visiting", "conferencing", "safeguarding"]
        .map(|schema| (schema, tables.remove(&format!("{schema}.narrative")).unwrap()))
        .into();
    let tables = format!("{tables:?}");
    for (word, keeper) in &canaries.words {
        for (schema, rows) in &narratives {
            let kept = rows.iter().filter(|row| row.contains(&format!("{word} "))).count();
            assert_eq!(kept, usize::from(schema == keeper), "{word} in {schema}.narrative");
        }
        let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert!(!tables.contains(word) && !tables.contains(&hex), "{word} is in another table");
        assert!(!let_out.iter().any(|text| text.contains(word)), "{word} is in a reply");
    }
    let words: Vec<_> = canaries.words.into_keys().collect();
    let leaks = tokio::task::spawn_blocking(move || observed.leaks(&words)).await.unwrap();
    assert_eq!(leaks, Vec::<String>::new());
    suite.stop().await;
}

/// Every reference leads to its words at the service that keeps them, and nowhere else; every reading is on record.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_are_read_where_they_are_kept_and_on_the_record() {
    let suite = suite().await;
    let way = Way::of(&suite, "A-1", true).until(Some(Conclusion)).await;
    let read = |method, role, case: &str, narrative: &str| {
        let asked = json!({"case_reference": case, "narrative": narrative, "purpose": "READ_PURPOSE_AUDIT"});
        tell(method, role, asked).by("the-reader")
    };
    let services = [
        ("visiting", "VisitingService/ReadNarrative"),
        ("conferencing", "ConferencingService/ReadNarrative"),
        ("safeguarding", "EscalationService/ReadNarrative"),
    ];
    for (schema, method) in services {
        let rows = value(&suite, &format!("SELECT string_agg(reference, ' ') FROM {schema}.narrative")).await;
        let references: Vec<_> = rows.split_whitespace().collect();
        assert!(references.len() > 1, "{schema}");
        for reference in &references {
            let before = everything(&suite).await;
            let elsewhere = services.iter().filter(|(other, _)| *other != schema);
            let mut refused: Vec<_> =
                elsewhere.map(|(_, method)| (read(method, Auditor, &way.case, reference), Code::NotFound)).collect();
            refused.push((read(method, Auditor, "HF-0000-0000-0000", reference), Code::NotFound));
            refused.push((read(method, Role::Publisher, &way.case, reference), Code::PermissionDenied));
            for (ask, code) in refused {
                assert_eq!(ask.refused(&suite).await.code(), code, "{} {reference}", ask.method);
            }
            assert!(everything(&suite).await == before, "what is refused is not read");
            let text = told(&suite, &read(method, Auditor, &way.case, reference)).await;
            assert!(!text["text"].as_str().unwrap().is_empty());
        }
        let reads = format!("{schema}.narrative_reads");
        let rows = rows_of(&suite, &[reads.as_str()]).await.remove(&reads).unwrap();
        assert_eq!(rows.len(), references.len(), "{schema}");
        assert!(rows.iter().all(|row| row.contains(",the-reader,auditor,casework,AUDIT,")), "{rows:?}");
    }
    suite.stop().await;
}
