//! What is refused as not valid: every field at fault is named in one answer, and nothing is kept.

use super::support::{
    Ask, ask, at, awaiting_contact, contact, everything, fields, ineffective, open, peer, reason, referral, suite,
    visit,
};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    common::v1::{Award, Place, Term, term::Length},
    guidance::v1 as guidance,
    tasks::v1 as tasks,
    visiting::v1::{self as pb, correct_fact_request::Right, visit::Outcome},
};
use holdfast_tests::suite::TestSuite;
use prost_types::Timestamp;
use tonic::Code;

const NINO: &str = "QQ123456C";
const LONG: usize = 65;

/// A call with faults, and the fields it has to be told of.
pub(crate) type Bad = (Ask, &'static [&'static str]);

/// Every call is refused with exactly these fields, and leaves everything as it was.
pub(crate) async fn all_are_refused(suite: &TestSuite, calls: Vec<Bad>) {
    let before = everything(suite).await;
    for (call, named) in calls {
        let status = call.refused(suite).await;
        assert_eq!(status.code(), Code::InvalidArgument, "{} {named:?}: {status:?}", call.method);
        assert_eq!(reason(&status), "INVALID_REQUEST");
        assert_eq!(fields(&status), *named, "{}: {}", call.method, status.message());
        for field in named {
            assert!(status.message().contains(field), "the sentence names {field}: {}", status.message());
        }
        assert_eq!(everything(suite).await, before, "{} {named:?} left something behind", call.method);
    }
}

fn nowhere() -> Option<Timestamp> {
    Some(Timestamp { seconds: 0, nanos: -1 })
}

fn nothing_given() -> Vec<Bad> {
    use Role::{AtwSpoc, Auditor, CesTeam, Operator, Referrer, VisitingOfficer};
    vec![
        (
            ask("VisitingService/ReferForVisit", Referrer, &()),
            &["award", "circumstances", "occurred_at", "place", "request_id"],
        ),
        (ask("VisitingService/ConsiderVisit", Referrer, &()), &["award", "consideration", "place", "request_id"]),
        (ask("VisitingService/TriageConcern", AtwSpoc, &()), &["case_reference", "request_id", "triage"]),
        (ask("VisitingService/RecordAddressTrace", Referrer, &()), &["address_trace", "case_reference", "request_id"]),
        (ask("VisitingService/RecordFollowUp", Referrer, &()), &["case_reference", "follow_up", "request_id"]),
        (ask("VisitingService/RecordBooking", VisitingOfficer, &()), &["booking", "case_reference", "request_id"]),
        (
            ask("VisitingService/DecideGoodCause", Referrer, &()),
            &["case_reference", "etag", "good_cause", "reason", "request_id"],
        ),
        (ask("VisitingService/RecordVisit", VisitingOfficer, &()), &["case_reference", "request_id", "visit"]),
        (
            ask("VisitingService/RecordUnsafeArea", VisitingOfficer, &()),
            &["case_reference", "request_id", "unsafe_area"],
        ),
        (ask("VisitingService/RecordLetter", VisitingOfficer, &()), &["case_reference", "letter", "request_id"]),
        (ask("VisitingService/RecordContact", CesTeam, &()), &["case_reference", "contact", "request_id"]),
        (ask("VisitingService/RaiseConcern", CesTeam, &()), &["award", "concern", "place", "request_id"]),
        (
            ask("VisitingService/DecideSecondVisit", CesTeam, &()),
            &["case_reference", "etag", "reason", "request_id", "second_visit"],
        ),
        (
            ask("VisitingService/WithdrawReferral", Referrer, &()),
            &["case_reference", "etag", "ground", "reason", "request_id"],
        ),
        (
            ask("VisitingService/CorrectFact", VisitingOfficer, &()),
            &["case_reference", "etag", "fact", "reason", "request_id", "right"],
        ),
        (ask("TaskService/CompleteTask", CesTeam, &()), &["occurred_at", "reference", "request_id", "system", "task"]),
        (
            peer("VisitingService/NoteDecision", Workload::Conferencing, &()),
            &["case_reference", "decision", "request_id"],
        ),
        (ask("VisitingService/GetReferral", Auditor, &()), &["case_reference"]),
        (ask("VisitingService/GetTimeline", Auditor, &()), &["case_reference"]),
        (ask("VisitingService/ReadNarrative", Auditor, &()), &["case_reference", "narrative", "purpose"]),
        (ask("GuidanceService/GetProcedure", Auditor, &()), &["benefit"]),
        (ask("GuidanceService/CompareProcedures", Auditor, &()), &["one", "other"]),
        (ask("GuidanceService/ExplainDeadline", Auditor, &()), &["from", "term"]),
        (ask("GuidanceService/GetCalendar", Auditor, &()), &["nation"]),
        (
            ask("GuidanceService/ImportCalendar", Operator, &()),
            &["gov_uk_json", "nation", "provenance", "request_id", "version"],
        ),
    ]
}

/// Messages within messages that are there, but empty.
fn empty_parts(case: &str) -> Vec<Bad> {
    let with = |outcome| visit("r", case, pb::Visit { occurred_at: at("2026-06-01 08:30"), outcome });
    let officer = Role::VisitingOfficer;
    let refer =
        pb::ReferForVisitRequest { award: Some(Award::default()), place: Some(Place::default()), ..referral("r") };
    let correction = |right| {
        let (request_id, etag, reason) = ("r".to_owned(), "1-x".to_owned(), "why".to_owned());
        let case_reference = case.to_owned();
        pb::CorrectFactRequest {
            request_id,
            etag,
            case_reference,
            fact: 1,
            reason,
            right: Some(right),
            ..Default::default()
        }
    };
    let part = |part: &pb::RecordVisitRequest| ask("VisitingService/RecordVisit", officer, part);
    vec![
        (
            ask("VisitingService/ReferForVisit", Role::Referrer, &refer),
            &["award.award", "award.benefit", "award.customer", "place.area", "place.nation"],
        ),
        (part(&visit("r", case, pb::Visit::default())), &["visit.occurred_at", "visit.outcome"]),
        (part(&with(Some(Outcome::Effective(Default::default())))), &["visit.effective.account"]),
        (part(&with(Some(Outcome::BrokenOff(Default::default())))), &["visit.broken_off.account"]),
        (part(&with(Some(Outcome::Ineffective(Default::default())))), &["visit.ineffective.ground"]),
        (
            part(&with(Some(Outcome::Ineffective(pb::IneffectiveVisit { ground: 1, ..Default::default() })))),
            &["visit.ineffective.letter"],
        ),
        (
            ask("VisitingService/CorrectFact", officer, &correction(Right::Contact(Default::default()))),
            &["contact.by", "contact.channel", "contact.conversation", "contact.occurred_at"],
        ),
        (
            ask("VisitingService/CorrectFact", officer, &correction(Right::UnsafeArea(Default::default()))),
            &["unsafe_area.account", "unsafe_area.occurred_at"],
        ),
        (
            ask("VisitingService/CorrectFact", officer, &correction(Right::Letter(Default::default()))),
            &["letter.occurred_at"],
        ),
        (ask("VisitingService/CorrectFact", officer, &correction(Right::NeverHappened(false))), &["right"]),
    ]
}

/// Values that are not what a field holds: too long, control characters, a National Insurance number, unknown values.
fn malformed_requests(case: &str) -> Vec<Bad> {
    let refer = pb::ReferForVisitRequest {
        request_id: NINO.to_owned(),
        etag: "e".repeat(LONG),
        award: Some(Award { customer: "qq 12 34 56 c".to_owned(), benefit: 77, award: "x".repeat(LONG) }),
        place: Some(Place { nation: -1, area: "No\u{0}rth".to_owned() }),
        occurred_at: nowhere(),
        circumstances: "x".repeat(4_001),
        late_reason: "bell \u{7}".to_owned(),
        ..Default::default()
    };
    let withdraw = pb::WithdrawReferralRequest { ground: 99, reason: " \n ".to_owned(), ..Default::default() };
    let done = tasks::CompleteTaskRequest {
        request_id: "r/1".to_owned(),
        task: format!("visiting/{case}/"),
        occurred_at: Some(Timestamp { seconds: i64::MAX, nanos: 0 }),
        system: "P;DROP".to_owned(),
        reference: NINO.to_owned(),
        late_reason: "\u{0}".to_owned(),
        ..Default::default()
    };
    vec![
        (
            ask("VisitingService/ReferForVisit", Role::Referrer, &refer),
            &[
                "award.award",
                "award.benefit",
                "award.customer",
                "circumstances",
                "etag",
                "late_reason",
                "occurred_at",
                "place.area",
                "place.nation",
                "request_id",
            ],
        ),
        (
            ask("VisitingService/WithdrawReferral", Role::Referrer, &withdraw),
            &["case_reference", "etag", "ground", "reason", "request_id"],
        ),
        (
            ask("TaskService/CompleteTask", Role::CesTeam, &done),
            &["late_reason", "occurred_at", "reference", "request_id", "system", "task"],
        ),
    ]
}

/// Facts that are not what facts can be.
fn malformed_facts(case: &str) -> Vec<Bad> {
    let outcome = pb::IneffectiveVisit { ground: 99, letter: 99, account: "nul \u{0}".to_owned() };
    let visited = pb::Visit { occurred_at: nowhere(), outcome: Some(Outcome::Ineffective(outcome)) };
    let visited = pb::RecordVisitRequest { late_reason: "x".repeat(2_001), ..visit("a b", "caf\u{e9}", visited) };
    let told = pb::Contact {
        occurred_at: nowhere(),
        channel: 9,
        by: 9,
        conversation: "\u{1b}[2J".to_owned(),
        second_visit: 9,
        understanding: 9,
    };
    let told = pb::RecordContactRequest { contact: Some(told), ..contact("r", case, "2026-06-01 08:45") };
    vec![
        (
            ask("VisitingService/RecordVisit", Role::VisitingOfficer, &visited),
            &[
                "case_reference",
                "late_reason",
                "request_id",
                "visit.ineffective.account",
                "visit.ineffective.ground",
                "visit.ineffective.letter",
                "visit.occurred_at",
            ],
        ),
        (
            ask("VisitingService/RecordContact", Role::CesTeam, &told),
            &[
                "contact.by",
                "contact.channel",
                "contact.conversation",
                "contact.occurred_at",
                "contact.second_visit",
                "contact.understanding",
            ],
        ),
    ]
}

/// Questions that cannot be asked.
fn questions(case: &str) -> Vec<Bad> {
    let listed = pb::ListReferralsRequest {
        customer: "a b".to_owned(),
        award: NINO.to_owned(),
        benefit: 9,
        stage: 99,
        area: "\u{0}".to_owned(),
        referred_by: "\u{0}".to_owned(),
        referred_until: nowhere(),
        page_size: 201,
        page_token: String::new(),
    };
    let owed = tasks::ListTasksRequest {
        owner: 99,
        case_reference: "?".to_owned(),
        benefit: 99,
        due_by: nowhere(),
        page_size: 201,
        ..Default::default()
    };
    let told = pb::GetTimelineRequest { case_reference: case.to_owned(), page_size: 501, page_token: "?".to_owned() };
    let read = |purpose: i32| pb::ReadNarrativeRequest {
        case_reference: case.to_owned(),
        narrative: "N-1".to_owned(),
        purpose,
    };
    let explain =
        |term| guidance::ExplainDeadlineRequest { from: nowhere(), nation: 9, term: Some(Term { length: term }) };
    let rules = guidance::ListRulesRequest { benefit: 9, strength: 9, in_force_only: true };
    let auditor = Role::Auditor;
    vec![
        (
            ask("VisitingService/ListReferrals", auditor, &listed),
            &["area", "award", "benefit", "customer", "page_size", "referred_by", "referred_until", "stage"],
        ),
        (ask("TaskService/ListTasks", auditor, &owed), &["benefit", "case_reference", "due_by", "owner", "page_size"]),
        (ask("VisitingService/GetTimeline", auditor, &told), &["page_size", "page_token"]),
        (ask("VisitingService/ReadNarrative", auditor, &read(0)), &["purpose"]),
        (ask("VisitingService/ReadNarrative", auditor, &read(99)), &["purpose"]),
        (ask("GuidanceService/ListRules", auditor, &rules), &["benefit", "strength"]),
        (
            ask("GuidanceService/GetProcedure", auditor, &guidance::GetProcedureRequest { benefit: 9, at: nowhere() }),
            &["at", "benefit"],
        ),
        (ask("GuidanceService/ExplainDeadline", auditor, &explain(None)), &["from", "nation", "term"]),
        (
            ask("GuidanceService/ExplainDeadline", auditor, &explain(Some(Length::WorkingDays(1_001)))),
            &["from", "nation", "term"],
        ),
        (
            ask("GuidanceService/ExplainDeadline", auditor, &explain(Some(Length::Minutes(u32::MAX)))),
            &["from", "nation", "term"],
        ),
        (ask("GuidanceService/GetCalendar", auditor, &guidance::GetCalendarRequest { nation: 9 }), &["nation"]),
    ]
}

#[tokio::test]
async fn every_fault_is_named_at_once() {
    let suite = suite().await;
    let (case, _) = awaiting_contact(&suite, "one").await;
    all_are_refused(&suite, nothing_given()).await;
    all_are_refused(&suite, empty_parts(&case)).await;
    all_are_refused(&suite, malformed_requests(&case)).await;
    all_are_refused(&suite, malformed_facts(&case)).await;
    all_are_refused(&suite, questions(&case)).await;
    suite.stop().await;
}

pub(crate) fn concern(case: &str, when: &str) -> pb::RaiseConcernRequest {
    pb::RaiseConcernRequest {
        request_id: "r".to_owned(),
        case_reference: case.to_owned(),
        concern: Some(pb::Concern { occurred_at: at(when), specifics: "what".to_owned() }),
        ..Default::default()
    }
}

#[tokio::test]
async fn what_cannot_have_happened_then_is_refused() {
    let suite = suite().await;
    let (case, etag) = awaiting_contact(&suite, "one").await;
    let refer = |when| pb::ReferForVisitRequest { occurred_at: at(when), ..referral("r") };
    let visited =
        |when| ask("VisitingService/RecordVisit", Role::VisitingOfficer, &visit("r", &case, ineffective(when)));
    let posted = pb::RecordLetterRequest {
        request_id: "r".to_owned(),
        case_reference: case.clone(),
        letter: Some(pb::Letter { occurred_at: at("2026-06-02 09:00") }),
        ..Default::default()
    };
    let other_kind = pb::CorrectFactRequest {
        request_id: "r".to_owned(),
        etag: etag.clone(),
        case_reference: case.clone(),
        fact: 1,
        right: Some(Right::Letter(pb::Letter { occurred_at: at("2026-06-01 08:45") })),
        reason: "why".to_owned(),
        ..Default::default()
    };
    let unsafe_area = |when| pb::RecordUnsafeAreaRequest {
        request_id: "r".to_owned(),
        case_reference: case.clone(),
        unsafe_area: Some(pb::UnsafeArea { occurred_at: at(when), account: "why".to_owned() }),
        ..Default::default()
    };
    let done = tasks::CompleteTaskRequest {
        request_id: "r".to_owned(),
        task: format!("visiting/{case}/first-visit"),
        occurred_at: at("2027-01-01 09:00"),
        system: "PIPCS".to_owned(),
        reference: "note-1".to_owned(),
        ..Default::default()
    };
    let calls: Vec<Bad> = vec![
        (ask("VisitingService/ReferForVisit", Role::Referrer, &refer("2026-06-01 09:02")), &["occurred_at"]),
        (ask("VisitingService/ReferForVisit", Role::Referrer, &refer("2026-05-01 09:00")), &["late_reason"]),
        (visited("2026-06-02 09:00"), &["visit.occurred_at"]),
        (visited("2026-06-01 07:59"), &["visit.occurred_at"]),
        (visited("2026-05-01 09:00"), &["late_reason", "visit.occurred_at"]),
        (
            ask("VisitingService/RecordContact", Role::CesTeam, &contact("r", &case, "2026-06-01 09:02")),
            &["contact.occurred_at"],
        ),
        (ask("VisitingService/RecordLetter", Role::VisitingOfficer, &posted), &["letter.occurred_at"]),
        (
            ask("VisitingService/RaiseConcern", Role::Officer, &concern(&case, "2026-06-02 09:00")),
            &["concern.occurred_at"],
        ),
        (
            ask("VisitingService/RecordUnsafeArea", Role::VisitingOfficer, &unsafe_area("2026-06-03 09:00")),
            &["unsafe_area.occurred_at"],
        ),
        (ask("VisitingService/CorrectFact", Role::VisitingOfficer, &other_kind), &["right"]),
        (ask("TaskService/CompleteTask", Role::VisitingOfficer, &done), &["occurred_at"]),
    ];
    all_are_refused(&suite, calls).await;
    suite.stop().await;
}

#[tokio::test]
async fn a_fact_told_more_than_ten_working_days_late_says_why() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    suite.move_clock("2026-06-16 00:00").await;
    let mut late = visit("late", &case, ineffective("2026-06-01 08:30"));
    let refused: Vec<Bad> = vec![(ask("VisitingService/RecordVisit", Role::VisitingOfficer, &late), &["late_reason"])];
    all_are_refused(&suite, refused).await;
    late.late_reason = "the tablet was lost".to_owned();
    let reply: pb::RecordVisitResponse =
        ask("VisitingService/RecordVisit", Role::VisitingOfficer, &late).reply(&suite).await;
    let cited = reply.effect.unwrap().citations.into_iter().map(|citation| citation.rule);
    assert!(cited.collect::<Vec<_>>().contains(&"R-LATE-REASON".to_owned()));
    suite.stop().await;
}
