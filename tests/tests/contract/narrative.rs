//! Words that people said or wrote: kept apart, read on the record, and never let out any other way.

use super::support::{
    Ask, ask, at, everything, ineffective, open, present, reason, referral, rows_of, suite, value, visit,
};
use holdfast_contracts::holdfast::{
    access::v1::Role,
    tasks::v1 as tasks,
    visiting::v1::{self as pb, correct_fact_request::Right, recorded_fact::Kind, visit::Outcome},
};
use holdfast_tests::{observed::Observed, suite::TestSuite};
use prost::Message;
use tonic::Code;

fn read(case: &str, narrative: &str) -> pb::ReadNarrativeRequest {
    let (case_reference, narrative) = (case.to_owned(), narrative.to_owned());
    pb::ReadNarrativeRequest { case_reference, narrative, purpose: pb::ReadPurpose::Audit.into() }
}

#[tokio::test]
async fn words_are_read_with_a_purpose_and_on_the_record() {
    let suite = suite().await;
    let words = "Line one\r\n\tline two: \u{1F642} \u{201c}quoted\u{201d} '; DROP TABLE narrative; --";
    let refer = pb::ReferForVisitRequest { circumstances: words.to_owned(), ..referral("one") };
    let opened: pb::ReferForVisitResponse =
        ask("VisitingService/ReferForVisit", Role::Referrer, &refer).reply(&suite).await;
    let referral = opened.referral.unwrap();
    let (case, narrative) = (referral.case_reference, referral.circumstances);
    let (other, _) = open(&suite, "two").await;

    let asked = ask("VisitingService/ReadNarrative", Role::Auditor, &read(&case, &narrative)).by("the-auditor");
    let told: pb::ReadNarrativeResponse = asked.reply(&suite).await;
    assert_eq!(told.text, words);
    let row = "SELECT concat_ws('|', reference, person, role, workload, purpose) FROM visiting.narrative_reads";
    let expected = format!("{narrative}|the-auditor|auditor|casework|AUDIT");
    assert_eq!(value(&suite, row).await, expected);
    let at = "SELECT read_at FROM visiting.narrative_reads WHERE read_at = '2026-06-01 08:00:00Z'";
    assert!(!value(&suite, at).await.is_empty());

    // What is refused is not read, and leaves no trace of having been.
    let before = everything(&suite).await;
    for (call, code) in [
        (ask("VisitingService/ReadNarrative", Role::Auditor, &read(&other, &narrative)), Code::NotFound),
        (ask("VisitingService/ReadNarrative", Role::Auditor, &read(&case, "N-0000-0000-0000")), Code::NotFound),
        (ask("VisitingService/ReadNarrative", Role::Publisher, &read(&case, &narrative)), Code::PermissionDenied),
        (ask("VisitingService/ReadNarrative", Role::Operator, &read(&case, &narrative)), Code::PermissionDenied),
        (
            ask(
                "VisitingService/ReadNarrative",
                Role::Auditor,
                &pb::ReadNarrativeRequest { purpose: 0, ..read(&case, &narrative) },
            ),
            Code::InvalidArgument,
        ),
    ] {
        assert_eq!(call.refused(&suite).await.code(), code);
    }
    assert_eq!(everything(&suite).await, before);
    suite.stop().await;
}

/// Words that can be found again wherever they turn up.
#[derive(Default)]
struct Canaries(Vec<String>);

impl Canaries {
    fn fresh(&mut self) -> String {
        let word = format!("canary{}heron", self.0.len() + 1);
        self.0.push(word.clone());
        format!("{word} said so")
    }
}

/// Every command with words in every field that takes any, in an order in which each is carried out.
async fn tell_everything(suite: &TestSuite, canaries: &mut Canaries) -> (String, Vec<Vec<u8>>) {
    let refer = pb::ReferForVisitRequest {
        circumstances: canaries.fresh(),
        late_reason: canaries.fresh(),
        occurred_at: at("2026-05-01 09:00"),
        ..referral("one")
    };
    let opened = ask("VisitingService/ReferForVisit", Role::Referrer, &refer).send(suite).await.unwrap();
    let case = pb::ReferForVisitResponse::decode(opened.as_slice()).unwrap().referral.unwrap().case_reference;
    let mut replies = vec![opened];
    replies.extend(tell_facts(suite, &case, canaries).await);
    replies.extend(tell_decisions(suite, &case, canaries).await);
    let area = pb::RecordUnsafeAreaRequest {
        request_id: "unsafe".to_owned(),
        case_reference: case.clone(),
        unsafe_area: Some(pb::UnsafeArea { occurred_at: at("2026-06-01 08:50"), account: canaries.fresh() }),
        late_reason: canaries.fresh(),
        ..Default::default()
    };
    replies.push(ask("VisitingService/RecordUnsafeArea", Role::VisitingOfficer, &area).send(suite).await.unwrap());
    let seen = Outcome::Effective(pb::EffectiveVisit {
        account: canaries.fresh(),
        good_cause_reasons: canaries.fresh(),
        ..Default::default()
    });
    replies.push(visited("seen", &case, seen, canaries).send(suite).await.unwrap());
    (case, replies)
}

fn visited(id: &str, case: &str, outcome: Outcome, canaries: &mut Canaries) -> Ask {
    let visited = pb::Visit { occurred_at: at("2026-06-01 08:30"), outcome: Some(outcome) };
    let request = pb::RecordVisitRequest { late_reason: canaries.fresh(), ..visit(id, case, visited) };
    ask("VisitingService/RecordVisit", Role::VisitingOfficer, &request)
}

fn conversation(canaries: &mut Canaries) -> pb::Contact {
    pb::Contact {
        occurred_at: at("2026-06-01 08:40"),
        channel: pb::Channel::Email.into(),
        by: pb::ContactBy::Customer.into(),
        conversation: canaries.fresh(),
        ..Default::default()
    }
}

/// Two visits, contact, the letter, the note.
async fn tell_facts(suite: &TestSuite, case: &str, canaries: &mut Canaries) -> Vec<Vec<u8>> {
    let Some(Outcome::Ineffective(nobody)) = ineffective("2026-06-01 08:30").outcome else { unreachable!("it is one") };
    let broken_off = Outcome::BrokenOff(pb::BrokenOffVisit { account: canaries.fresh() });
    let nobody = Outcome::Ineffective(pb::IneffectiveVisit { account: canaries.fresh(), ..nobody });
    let told = pb::RecordContactRequest {
        request_id: "contact".to_owned(),
        case_reference: case.to_owned(),
        contact: Some(conversation(canaries)),
        late_reason: canaries.fresh(),
        ..Default::default()
    };
    let posted = pb::RecordLetterRequest {
        request_id: "letter".to_owned(),
        case_reference: case.to_owned(),
        letter: Some(pb::Letter { occurred_at: at("2026-06-01 08:35") }),
        late_reason: canaries.fresh(),
        ..Default::default()
    };
    let concern = pb::RaiseConcernRequest {
        request_id: "concern".to_owned(),
        case_reference: case.to_owned(),
        concern: Some(pb::Concern { occurred_at: at("2026-06-01 08:40"), specifics: canaries.fresh() }),
        late_reason: canaries.fresh(),
        ..Default::default()
    };
    let noted = tasks::CompleteTaskRequest {
        request_id: "note".to_owned(),
        task: format!("visiting/{case}/communications-note:3"),
        occurred_at: at("2026-06-01 08:45"),
        system: "PIPCS".to_owned(),
        reference: "note-1".to_owned(),
        late_reason: canaries.fresh(),
        ..Default::default()
    };
    let calls = [
        visited("broken", case, broken_off, canaries),
        visited("nobody", case, nobody, canaries),
        ask("VisitingService/RecordContact", Role::CesTeam, &told),
        ask("VisitingService/RecordLetter", Role::VisitingOfficer, &posted),
        ask("TaskService/CompleteTask", Role::CesTeam, &noted),
        ask("VisitingService/RaiseConcern", Role::Officer, &concern),
    ];
    let mut replies = Vec::new();
    for call in calls {
        replies.push(call.send(suite).await.unwrap_or_else(|status| panic!("{}: {status:?}", call.method)));
    }
    replies
}

/// What is decided on what was read: the second visit, a correction, the withdrawal.
async fn tell_decisions(suite: &TestSuite, case: &str, canaries: &mut Canaries) -> Vec<Vec<u8>> {
    let etag = async || present(suite, case).await.effect.unwrap().etag;
    let decide = pb::DecideSecondVisitRequest {
        request_id: "decide".to_owned(),
        case_reference: case.to_owned(),
        etag: etag().await,
        second_visit: pb::SecondVisit::Needed.into(),
        reason: canaries.fresh(),
        ..Default::default()
    };
    let mut replies = vec![ask("VisitingService/DecideSecondVisit", Role::CesTeam, &decide).send(suite).await.unwrap()];
    let correct = pb::CorrectFactRequest {
        request_id: "correct".to_owned(),
        case_reference: case.to_owned(),
        etag: etag().await,
        fact: 3,
        right: Some(Right::Contact(conversation(canaries))),
        reason: canaries.fresh(),
        ..Default::default()
    };
    replies.push(ask("VisitingService/CorrectFact", Role::CesTeam, &correct).send(suite).await.unwrap());
    let withdraw = pb::WithdrawReferralRequest {
        request_id: "withdraw".to_owned(),
        case_reference: case.to_owned(),
        etag: etag().await,
        ground: pb::WithdrawalGround::EffectiveContact.into(),
        reason: canaries.fresh(),
        ..Default::default()
    };
    replies.push(ask("VisitingService/WithdrawReferral", Role::Referrer, &withdraw).send(suite).await.unwrap());
    replies
}

/// Requests with words in fields that cannot take them, or for which they come too late.
async fn refusals(suite: &TestSuite, case: &str, canaries: &mut Canaries) -> Vec<Vec<u8>> {
    let mut word = || canaries.fresh();
    let refer = pb::ReferForVisitRequest {
        request_id: word(),
        circumstances: format!("{} \u{0}", word()),
        late_reason: format!("{} \u{7}", word()),
        occurred_at: at("2030-01-01 09:00"),
        ..referral("r")
    };
    let visited = pb::RecordVisitRequest {
        request_id: "again".to_owned(),
        case_reference: word(),
        visit: Some(pb::Visit {
            occurred_at: None,
            outcome: Some(Outcome::BrokenOff(pb::BrokenOffVisit { account: word() })),
        }),
        late_reason: word(),
        ..Default::default()
    };
    let early = pb::DecideSecondVisitRequest {
        request_id: "early".to_owned(),
        case_reference: case.to_owned(),
        etag: "1-x".to_owned(),
        second_visit: 1,
        reason: word(),
        ..Default::default()
    };
    let nobodys = pb::RecordContactRequest {
        late_reason: word(),
        ..super::support::contact("x", "HF-NOBODY", "2026-06-01 08:45")
    };
    let reused = pb::ReferForVisitRequest { circumstances: word(), ..referral("one") };
    let mut out = Vec::new();
    for call in [
        ask("VisitingService/ReferForVisit", Role::Referrer, &refer),
        ask("VisitingService/RecordVisit", Role::VisitingOfficer, &visited),
        ask("VisitingService/DecideSecondVisit", Role::CesTeam, &early),
        ask("VisitingService/RecordContact", Role::CesTeam, &nobodys),
        ask("VisitingService/ReferForVisit", Role::Referrer, &reused),
        ask("VisitingService/RecordVisit", Role::Referrer, &visited),
    ] {
        let status = call.refused(suite).await;
        assert!(!reason(&status).is_empty());
        out.push(status.message().as_bytes().to_vec());
        out.push(status.details().to_vec());
    }
    out
}

#[tokio::test]
async fn words_get_out_by_no_other_way() {
    let observed = tokio::task::spawn_blocking(Observed::start).await.unwrap();
    let suite = suite().await;
    let mut canaries = Canaries::default();
    let (case, mut let_out) = tell_everything(&suite, &mut canaries).await;
    let kept = canaries.0.len();
    let_out.extend(refusals(&suite, &case, &mut canaries).await);
    let questions: [Ask; 4] = [
        ask("VisitingService/GetReferral", Role::Auditor, &pb::GetReferralRequest { case_reference: case.clone() }),
        ask("VisitingService/ListReferrals", Role::Auditor, &pb::ListReferralsRequest::default()),
        ask(
            "VisitingService/GetTimeline",
            Role::Auditor,
            &pb::GetTimelineRequest { case_reference: case.clone(), ..Default::default() },
        ),
        ask("TaskService/ListTasks", Role::Auditor, &tasks::ListTasksRequest::default()),
    ];
    for question in questions {
        let_out.push(question.send(&suite).await.unwrap());
    }
    let let_out: Vec<_> = let_out.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
    let mut tables = everything(&suite).await;
    let words = tables.remove("visiting.narrative").unwrap().join("\n");
    let tables = format!("{tables:?}");
    for (number, canary) in canaries.0.iter().enumerate() {
        assert_eq!(words.contains(canary), number < kept, "{canary} is kept where its command was carried out");
        assert!(!let_out.iter().any(|text| text.contains(canary)), "{canary} is in a reply");
        assert!(!tables.contains(canary), "{canary} is in another table");
        let hex: String = canary.bytes().map(|byte| format!("{byte:02x}")).collect();
        assert!(!tables.contains(&hex), "{canary} is in another table, encoded");
    }
    let observing = tokio::task::spawn_blocking(move || (observed.leaks(&canaries.0), observed.everything()));
    let (leaks, (logs, spans)) = observing.await.unwrap();
    assert_eq!(leaks, Vec::<String>::new());
    assert!(logs.contains("call refused") && !spans.is_empty(), "nothing was observed");
    suite.stop().await;
}

/// Whatever was said can be read back through a reference that the case's history tells; and through that of each fact.
#[tokio::test]
async fn every_reference_leads_to_its_words() {
    let suite = suite().await;
    let mut canaries = Canaries::default();
    let (case, _) = tell_everything(&suite, &mut canaries).await;
    let asked = pb::GetTimelineRequest { case_reference: case.clone(), page_size: 500, ..Default::default() };
    let told: pb::GetTimelineResponse = ask("VisitingService/GetTimeline", Role::Auditor, &asked).reply(&suite).await;
    let references: Vec<_> = told.entries.into_iter().flat_map(|entry| entry.narratives).collect();
    let mut found = Vec::new();
    for reference in &references {
        let told: pb::ReadNarrativeResponse =
            ask("VisitingService/ReadNarrative", Role::CaseManager, &read(&case, reference)).reply(&suite).await;
        found.push(told.text);
    }
    found.sort();
    let mut said: Vec<_> = canaries.0.iter().map(|canary| format!("{canary} said so")).collect();
    said.sort();
    assert_eq!(found, said);
    let kept = rows_of(&suite, &["visiting.narrative", "visiting.narrative_reads"]).await;
    assert_eq!((kept["visiting.narrative"].len(), kept["visiting.narrative_reads"].len()), (said.len(), said.len()));

    let referral = present(&suite, &case).await.referral.unwrap();
    let facts = referral.facts.iter().filter(|fact| !matches!(fact.kind, Some(Kind::Letter(_))));
    let of_facts: Vec<_> = facts.map(|fact| fact.narrative.clone()).chain([referral.circumstances]).collect();
    assert_eq!(of_facts.len(), 8);
    assert!(of_facts.iter().all(|reference| references.contains(reference)));
    suite.stop().await;
}
