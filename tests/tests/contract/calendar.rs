//! A newer calendar of bank holidays: put in force by an operator, journalled, seen everywhere, in nobody's disfavour.

use super::support::{
    Ask, Replica, VISITING, as_admin, ask, at, awaiting_contact, everything, fields, ineffective, open, present,
    reason, suite, value, visit,
};
use holdfast_chassis::serve::Limits;
use holdfast_contracts::holdfast::{
    access::v1::Role,
    common::v1::{Nation, Term, term::Length},
    guidance::v1 as pb,
    visiting::v1::{self as visiting, Stage},
};
use holdfast_procedure::calendar::{self, PUBLISHED};
use holdfast_tests::suite::TestSuite;
use prost::Message;
use serde_json::{Value, json};
use tonic::Code;

const EXTRA: &str = "Day of thanks";

/// The published document with one more holiday in England and Wales.
fn corrected(date: &str) -> String {
    let mut document: Value = serde_json::from_str(PUBLISHED).unwrap();
    let events = document["england-and-wales"]["events"].as_array_mut().unwrap();
    events.push(json!({"title": EXTRA, "date": date, "notes": "", "bunting": true}));
    document.to_string()
}

fn import(id: &str, version: &str, document: String) -> pb::ImportCalendarRequest {
    pb::ImportCalendarRequest {
        request_id: id.to_owned(),
        nation: Nation::England.into(),
        version: version.to_owned(),
        provenance: "GOV.UK, 1 June 2026".to_owned(),
        gov_uk_json: document,
        ..Default::default()
    }
}

fn operator(request: &pb::ImportCalendarRequest) -> Ask {
    ask("GuidanceService/ImportCalendar", Role::Operator, request)
}

async fn ends(suite: &TestSuite, case: &str) -> Option<prost_types::Timestamp> {
    present(suite, case).await.referral.unwrap().contact_window.unwrap().ends.unwrap().at
}

async fn timeline(suite: &TestSuite, case: &str) -> Vec<holdfast_contracts::holdfast::common::v1::TimelineEntry> {
    let asked = visiting::GetTimelineRequest { case_reference: case.to_owned(), ..Default::default() };
    let reply: visiting::GetTimelineResponse =
        ask("VisitingService/GetTimeline", Role::Auditor, &asked).reply(suite).await;
    reply.entries
}

#[tokio::test]
async fn a_corrected_calendar_lengthens_what_still_runs() {
    let suite = suite().await;
    let (lapsed, _) = awaiting_contact(&suite, "lapsed").await;
    suite.move_clock("2026-06-09 09:00").await;
    let (running, _) = open(&suite, "running").await;
    let visited = visit("visit", &running, ineffective("2026-06-09 08:30"));
    ask("VisitingService/RecordVisit", Role::VisitingOfficer, &visited).send(&suite).await.unwrap();
    let (ended, told) = (ends(&suite, &lapsed).await, ends(&suite, &running).await);
    assert_eq!((ended, told), (at("2026-06-08 23:59:59.999999"), at("2026-06-16 23:59:59.999999")));
    let lapsed_timeline = timeline(&suite, &lapsed).await;

    let dry = pb::ImportCalendarRequest { validate_only: true, ..import("i", "2026-06-09", corrected("2026-06-12")) };
    let before = everything(&suite).await;
    let would: pb::ImportCalendarResponse = operator(&dry).reply(&suite).await;
    assert!(would.validated_only && would.calendar.unwrap().holidays.iter().any(|day| day.title == EXTRA));
    assert_eq!(everything(&suite).await, before);

    let asked = operator(&import("i", "2026-06-09", corrected("2026-06-12")));
    let first = asked.send(&suite).await.unwrap();
    let reply = pb::ImportCalendarResponse::decode(first.as_slice()).unwrap();
    assert_eq!((reply.terms_derived_again, reply.replayed, reply.validated_only), (1, false, false));
    let calendar = reply.calendar.unwrap();
    assert_eq!((calendar.division.as_str(), calendar.version.as_str()), ("england-and-wales", "2026-06-09"));

    assert_eq!(ends(&suite, &running).await, at("2026-06-17 23:59:59.999999"));
    let entries = timeline(&suite, &running).await;
    let entry = entries.last().unwrap();
    assert_eq!(entry.event, "contact_window_derived_again");
    assert!(entry.rules.contains(&"R-WORKING-DAYS".to_owned()), "{:?}", entry.rules);
    assert_eq!((entry.request_id.as_str(), entry.actor.as_ref().unwrap().person.as_str()), ("", ""));
    assert_eq!(ends(&suite, &lapsed).await, ended);
    assert_eq!(timeline(&suite, &lapsed).await, lapsed_timeline);

    // Once more changes nothing, and gets the very same reply.
    let after = everything(&suite).await;
    assert_eq!(asked.send(&suite).await.unwrap(), first);
    assert_eq!(everything(&suite).await, after);
    as_admin(&suite, "DELETE FROM visiting.receipts").await;
    let replayed: pb::ImportCalendarResponse = asked.reply(&suite).await;
    assert!(replayed.replayed);
    suite.stop().await;
}

/// A window that ends with the day does so on the new day; one minute after, it is the second visit's time.
#[tokio::test]
async fn the_lengthened_window_is_the_one_that_counts() {
    let suite = suite().await;
    let (case, _) = awaiting_contact(&suite, "one").await;
    operator(&import("i", "2", corrected("2026-06-05"))).send(&suite).await.unwrap();
    suite.move_clock("2026-06-09 23:59").await;
    assert_eq!(present(&suite, &case).await.referral.unwrap().stage(), Stage::AwaitingContact);
    suite.move_clock("2026-06-10 00:00").await;
    assert_eq!(present(&suite, &case).await.referral.unwrap().stage(), Stage::SecondVisitDue);
    suite.stop().await;
}

/// What has lapsed stays so, even where nobody has looked at it since.
#[tokio::test]
async fn a_window_that_lapsed_unseen_is_neither_lengthened_nor_counted() {
    let suite = suite().await;
    let (case, _) = awaiting_contact(&suite, "one").await;
    suite.clock.set(holdfast_tests::suite::london("2026-06-09 00:00"));
    let reply: pb::ImportCalendarResponse = operator(&import("i", "2", corrected("2026-06-05"))).reply(&suite).await;
    assert_eq!(reply.terms_derived_again, 0);
    assert_eq!(ends(&suite, &case).await, at("2026-06-08 23:59:59.999999"));
    assert_eq!(present(&suite, &case).await.referral.unwrap().stage(), Stage::SecondVisitDue);
    suite.stop().await;
}

/// A holiday taken away again would bring the end nearer: that is not done.
#[tokio::test]
async fn no_calendar_shortens_a_term() {
    let suite = suite().await;
    let (case, _) = awaiting_contact(&suite, "one").await;
    operator(&import("i-1", "2", corrected("2026-06-05"))).send(&suite).await.unwrap();
    let longer = ends(&suite, &case).await;
    let mut taken_back = import("i-2", "3", PUBLISHED.to_owned());
    // Calendars have no etag: one that is sent means nothing.
    taken_back.etag = "1-x".to_owned();
    let reply: pb::ImportCalendarResponse = operator(&taken_back).reply(&suite).await;
    assert_eq!(reply.terms_derived_again, 0);
    assert_eq!(ends(&suite, &case).await, longer);
    suite.stop().await;
}

#[tokio::test]
async fn another_process_sees_it_without_a_restart() {
    let suite = suite().await;
    let replica = Replica::start(&suite, Limits::default()).await;
    let version = async || {
        let calendars = replica.suite.store(VISITING).unwrap().calendars().await.unwrap();
        calendars.calendar(calendar::Nation::Wales).version().to_owned()
    };
    assert_ne!(version().await, "2");
    operator(&import("i", "2", corrected("2026-06-05"))).send(&suite).await.unwrap();
    assert_eq!(version().await, "2");
    let refer = ask("VisitingService/ReferForVisit", Role::Referrer, &super::support::referral("r"));
    let opened = replica.send(&suite, &refer).await.unwrap();
    let case = visiting::ReferForVisitResponse::decode(opened.as_slice()).unwrap().referral.unwrap().case_reference;
    let visited = visit("v", &case, ineffective("2026-06-01 08:30"));
    replica.send(&suite, &ask("VisitingService/RecordVisit", Role::VisitingOfficer, &visited)).await.unwrap();
    assert_eq!(ends(&suite, &case).await, at("2026-06-09 23:59:59.999999"));
    replica.stop().await.unwrap();
    suite.stop().await;
}

#[tokio::test]
async fn an_explanation_shows_the_new_holiday_as_skipped() {
    let suite = suite().await;
    operator(&import("i", "2", corrected("2026-06-05"))).send(&suite).await.unwrap();
    for (nation, skipped) in [(Nation::England, true), (Nation::Wales, true), (Nation::NorthernIreland, false)] {
        let asked = pb::ExplainDeadlineRequest {
            from: at("2026-06-01 08:30"),
            term: Some(Term { length: Some(Length::WorkingDays(5)) }),
            nation: nation.into(),
        };
        let reply: pb::ExplainDeadlineResponse =
            ask("GuidanceService/ExplainDeadline", Role::Auditor, &asked).reply(&suite).await;
        let day = reply.days.iter().find(|day| day.date == "2026-06-05").unwrap();
        assert_eq!((day.counted == 0, day.skipped == EXTRA), (skipped, skipped), "{nation:?}: {day:?}");
        let due = reply.due.unwrap();
        assert_eq!(due.calendar_version == "2", skipped);
        assert_eq!(due.at, at(if skipped { "2026-06-09 23:59:59.999999" } else { "2026-06-08 23:59:59.999999" }));
    }
    let asked = pb::GetCalendarRequest { nation: Nation::England.into() };
    let reply: pb::GetCalendarResponse = ask("GuidanceService/GetCalendar", Role::Auditor, &asked).reply(&suite).await;
    let in_force = reply.calendar.unwrap();
    assert_eq!((in_force.version.as_str(), in_force.provenance.as_str()), ("2", "GOV.UK, 1 June 2026"));
    assert_eq!(in_force.horizon, "2028-12-31");
    suite.stop().await;
}

#[tokio::test]
async fn a_malformed_document_is_refused_with_every_fault_named() {
    let suite = suite().await;
    let before = everything(&suite).await;
    let mut document: Value = serde_json::from_str(PUBLISHED).unwrap();
    let events = document["england-and-wales"]["events"].as_array_mut().unwrap();
    events[0]["date"] = json!("2 January 2012");
    events[1]["title"] = json!("");
    events[2].as_object_mut().unwrap().remove("date");
    document.as_object_mut().unwrap().remove("scotland");
    let status = operator(&import("i", "2", document.to_string())).refused(&suite).await;
    assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "INVALID_REQUEST"));
    assert!(fields(&status).len() >= 4 && fields(&status).iter().all(|field| field == "gov_uk_json"));
    for named in ["scotland", "event 1", "event 2", "event 3"] {
        assert!(status.message().contains(named), "{named}: {}", status.message());
    }
    let large = format!("{PUBLISHED}{}", " ".repeat(200_000 - PUBLISHED.len() + 1));
    for (document, version, named) in [
        (String::new(), "2", vec!["gov_uk_json"]),
        ("[]".to_owned(), "a b", vec!["gov_uk_json", "version"]),
        (large, "2", vec!["gov_uk_json"]),
        ("{\"england-and-wales\": {}}".to_owned(), "2", vec!["gov_uk_json"; 4]),
    ] {
        let status = operator(&import("i", version, document)).refused(&suite).await;
        assert_eq!(fields(&status), named, "{}", status.message());
    }
    let labelled =
        pb::ImportCalendarRequest { provenance: "one\ntwo".to_owned(), ..import("i", "2", corrected("2026-06-05")) };
    assert!(fields(&operator(&labelled).refused(&suite).await).contains(&"provenance".to_owned()));
    assert_eq!(everything(&suite).await, before);
    suite.stop().await;
}

/// A refusal has to fit into what HTTP carries in headers, however many faults there are.
#[tokio::test]
async fn a_thousand_faults_are_still_told() {
    let suite = suite().await;
    let mut document: Value = serde_json::from_str(PUBLISHED).unwrap();
    let faulty: Vec<_> = (0..1_000).map(|_| json!({"title": "x", "date": "soon"})).collect();
    document["england-and-wales"]["events"] = json!(faulty);
    let status = operator(&import("i", "2", document.to_string())).refused(&suite).await;
    assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "INVALID_REQUEST"), "{status:?}");
    assert!(fields(&status).len() > 10);
    assert!(status.message().contains("more"), "{}", status.message());
    suite.stop().await;
}

#[tokio::test]
async fn a_version_or_a_horizon_that_is_no_newer_is_refused() {
    let suite = suite().await;
    operator(&import("i-1", "2", corrected("2026-06-05"))).send(&suite).await.unwrap();
    let before = everything(&suite).await;
    let mut short: Value = serde_json::from_str(PUBLISHED).unwrap();
    let events = short["england-and-wales"]["events"].as_array_mut().unwrap();
    events.retain(|event| event["date"].as_str().unwrap() < "2028");
    for (version, document, field) in
        [("2", corrected("2026-06-08"), "version"), ("3", short.to_string(), "gov_uk_json")]
    {
        let status = operator(&import("i-2", version, document)).refused(&suite).await;
        assert_eq!((status.code(), fields(&status)), (Code::InvalidArgument, vec![field.to_owned()]), "{status:?}");
    }
    let status = operator(&import("i-1", "4", corrected("2026-06-08"))).refused(&suite).await;
    assert_eq!((status.code(), reason(&status).as_str()), (Code::AlreadyExists, "REQUEST_ID_REUSED"));
    assert_eq!(everything(&suite).await, before);
    suite.stop().await;
}

/// Imports are journalled beside the cases, and are none of them.
#[tokio::test]
async fn the_journal_of_a_calendar_is_no_case() {
    let suite = suite().await;
    operator(&import("i", "2", corrected("2026-06-05"))).send(&suite).await.unwrap();
    let case = "CALENDAR-england-and-wales";
    let kept = format!("SELECT count(*) FROM visiting.journal WHERE case_reference = '{case}'");
    assert_eq!(value(&suite, &kept).await, "1");
    let entries = suite.store(VISITING).timeline(case, 0, 10).await.unwrap();
    holdfast_store::verify(&entries).unwrap();
    let case_reference = case.to_owned();
    for call in [
        ask(
            "VisitingService/GetReferral",
            Role::Auditor,
            &visiting::GetReferralRequest { case_reference: case_reference.clone() },
        ),
        ask(
            "VisitingService/GetTimeline",
            Role::Auditor,
            &visiting::GetTimelineRequest { case_reference, ..Default::default() },
        ),
        ask("VisitingService/RecordVisit", Role::VisitingOfficer, &visit("v", case, ineffective("2026-06-01 08:30"))),
        ask(
            "TaskService/CompleteTask",
            Role::CesTeam,
            &holdfast_contracts::holdfast::tasks::v1::CompleteTaskRequest {
                request_id: "t".to_owned(),
                task: format!("visiting/{case}/first-visit"),
                occurred_at: at("2026-06-01 08:30"),
                system: "PIPCS".to_owned(),
                reference: "note-1".to_owned(),
                ..Default::default()
            },
        ),
    ] {
        let status = call.refused(&suite).await;
        assert_eq!((status.code(), reason(&status).as_str()), (Code::NotFound, "CASE_NOT_FOUND"), "{}", call.method);
    }
    suite.stop().await;
}
