//! Lists in pages: everything once, in order, whatever the size of a page; and tokens that only fit their question.

use super::support::{Ask, as_admin, ask, at, awaiting_contact, contact, everything, fields, open, reason, suite};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use holdfast_contracts::holdfast::{access::v1::Role, common::v1::Benefit, tasks::v1 as tasks, visiting::v1 as pb};
use holdfast_tests::suite::TestSuite;
use tonic::Code;

/// One page: what is on it, and the token of the next.
pub(crate) type Page = (Vec<String>, String);

async fn referrals(suite: &TestSuite, page_size: u32, page_token: String) -> Page {
    let asked = pb::ListReferralsRequest { page_size, page_token, benefit: Benefit::Pip.into(), ..Default::default() };
    let reply: pb::ListReferralsResponse =
        ask("VisitingService/ListReferrals", Role::Auditor, &asked).reply(suite).await;
    (reply.referrals.into_iter().map(|each| each.case_reference).collect(), reply.next_page_token)
}

async fn owed(suite: &TestSuite, page_size: u32, page_token: String) -> Page {
    let asked = tasks::ListTasksRequest { page_size, page_token, ..Default::default() };
    let reply: tasks::ListTasksResponse = ask("TaskService/ListTasks", Role::Auditor, &asked).reply(suite).await;
    (reply.tasks.into_iter().map(|each| each.name).collect(), reply.next_page_token)
}

async fn timeline(suite: &TestSuite, case: &str, page_size: u32, page_token: String) -> Page {
    let asked = pb::GetTimelineRequest { case_reference: case.to_owned(), page_size, page_token };
    let reply: pb::GetTimelineResponse = ask("VisitingService/GetTimeline", Role::Auditor, &asked).reply(suite).await;
    (reply.entries.into_iter().map(|each| format!("{} {}", each.sequence, each.hash)).collect(), reply.next_page_token)
}

/// Pages of every size put together are the whole, and no page is empty or too long.
pub(crate) async fn pages_make_the_whole(what: &str, page: impl AsyncFn(u32, String) -> Page) {
    let (whole, end) = page(0, String::new()).await;
    assert!(whole.len() > 5 && end.is_empty(), "{what}: {whole:?}");
    for size in 1..=u32::try_from(whole.len()).unwrap() + 1 {
        let (mut found, mut token) = (Vec::new(), String::new());
        loop {
            let (items, next) = page(size, token).await;
            assert!(!items.is_empty() && items.len() <= size as usize, "{what} by {size}: {items:?}");
            assert!(next.is_empty() || items.len() == size as usize, "{what} by {size}: a short page in the middle");
            found.extend(items);
            token = next;
            if token.is_empty() {
                break;
            }
        }
        assert_eq!(found, whole, "{what} by {size}");
    }
}

/// Seven cases of differing age, some with several tasks, some of which are due.
async fn some_cases(suite: &TestSuite) -> String {
    let mut last = String::new();
    for number in 0..7 {
        let (case, _) = awaiting_contact(suite, &format!("case-{number}")).await;
        let told = contact(&format!("contact-{number}"), &case, "2026-06-01 08:45");
        ask("VisitingService/RecordContact", Role::CesTeam, &told).send(suite).await.unwrap();
        last = case;
    }
    // The guidance in force dates no task; a list has to be right for those that it will.
    as_admin(
        suite,
        "UPDATE visiting.tasks SET due_at = timestamptz '2026-06-01 09:00Z' + (ascii(right(case_reference, 1)) % 3) * interval '1 day'
             WHERE key = 'second-visit-decision'",
    )
    .await;
    as_admin(suite, "UPDATE visiting.referrals SET referred_at = referred_at - (ascii(right(case_reference, 1)) % 3) * interval '1 day'").await;
    last
}

#[tokio::test]
async fn pages_of_every_size_hold_everything_once_and_in_order() {
    let suite = suite().await;
    let case = some_cases(&suite).await;
    pages_make_the_whole("referrals", async |size, token| referrals(&suite, size, token).await).await;
    pages_make_the_whole("tasks", async |size, token| owed(&suite, size, token).await).await;
    pages_make_the_whole("timeline", async |size, token| timeline(&suite, &case, size, token).await).await;
    suite.stop().await;
}

/// What comes while somebody pages neither repeats nor hides what was there.
#[tokio::test]
async fn new_cases_do_not_disturb_whoever_is_paging() {
    let suite = suite().await;
    some_cases(&suite).await;
    let (whole, _) = referrals(&suite, 0, String::new()).await;
    let (mut found, token) = referrals(&suite, 3, String::new()).await;
    let (new, _) = open(&suite, "another").await;
    let (rest, _) = referrals(&suite, 200, token).await;
    found.extend(rest.into_iter().filter(|case| *case != new));
    assert_eq!(found, whole);
    suite.stop().await;
}

fn forge(question: &serde_json::Value, after: &serde_json::Value) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::json!({"question": question, "after": after}).to_string())
}

#[tokio::test]
async fn a_token_is_refused_unless_it_was_given_for_the_question() {
    let suite = suite().await;
    let case = some_cases(&suite).await;
    let (_, of_referrals) = referrals(&suite, 2, String::new()).await;
    let (_, of_tasks) = owed(&suite, 2, String::new()).await;
    let (_, of_timeline) = timeline(&suite, &case, 2, String::new()).await;
    let (other, _) = open(&suite, "another").await;
    let list = |page_token: &str| pb::ListReferralsRequest {
        page_token: page_token.to_owned(),
        benefit: Benefit::Pip.into(),
        ..Default::default()
    };
    let tasks = |page_token: &str| tasks::ListTasksRequest { page_token: page_token.to_owned(), ..Default::default() };
    let told = |case: &str, page_token: &str| pb::GetTimelineRequest {
        case_reference: case.to_owned(),
        page_token: page_token.to_owned(),
        page_size: 2,
    };
    let auditor = Role::Auditor;
    let mut calls = vec![
        ask("VisitingService/ListReferrals", auditor, &list(&of_tasks)),
        ask("VisitingService/ListReferrals", auditor, &list(&of_timeline)),
        ask(
            "VisitingService/ListReferrals",
            auditor,
            &pb::ListReferralsRequest { area: "North".to_owned(), ..list(&of_referrals) },
        ),
        ask("VisitingService/ListReferrals", auditor, &pb::ListReferralsRequest { benefit: 0, ..list(&of_referrals) }),
        ask("TaskService/ListTasks", auditor, &tasks(&of_referrals)),
        ask("TaskService/ListTasks", auditor, &tasks::ListTasksRequest { overdue: true, ..tasks(&of_tasks) }),
        ask(
            "TaskService/ListTasks",
            auditor,
            &tasks::ListTasksRequest { due_by: at("2026-06-05 09:00"), ..tasks(&of_tasks) },
        ),
        ask("VisitingService/GetTimeline", auditor, &told(&other, &of_timeline)),
        ask("VisitingService/GetTimeline", auditor, &told(&case, &of_tasks)),
    ];
    let cut = &of_tasks[..of_tasks.len() - 3];
    for garbage in ["garbage", "?", "e30", "bnVsbA", "W10", cut, &"x".repeat(5_000), "\u{0}", "caf\u{e9}"] {
        calls.push(ask("VisitingService/ListReferrals", auditor, &list(garbage)));
        calls.push(ask("TaskService/ListTasks", auditor, &tasks(garbage)));
        calls.push(ask("VisitingService/GetTimeline", auditor, &told(&case, garbage)));
    }
    calls.extend(
        forgeries(&of_referrals).iter().map(|token| ask("VisitingService/ListReferrals", auditor, &list(token))),
    );
    calls.extend(forgeries(&of_tasks).iter().map(|token| ask("TaskService/ListTasks", auditor, &tasks(token))));
    calls.extend(
        forgeries(&of_timeline).iter().map(|token| ask("VisitingService/GetTimeline", auditor, &told(&case, token))),
    );
    every_token_is_refused(&suite, &calls).await;
    suite.stop().await;
}

/// Each is refused for its token and for nothing else, and changes nothing.
async fn every_token_is_refused(suite: &TestSuite, calls: &[Ask]) {
    let before = everything(suite).await;
    for call in calls {
        let status = call.refused(suite).await;
        let refused = (status.code(), reason(&status));
        assert_eq!(refused, (Code::InvalidArgument, "INVALID_REQUEST".to_owned()), "{call:?} {status:?}");
        assert_eq!(fields(&status), ["page_token"], "{call:?}");
    }
    assert_eq!(everything(suite).await, before);
}

/// Tokens for the right question with a place to go on from that no list ends at.
pub(crate) fn forgeries(token: &str) -> Vec<String> {
    let token: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token).unwrap()).unwrap();
    let (question, after) = (&token["question"], &token["after"]);
    let mut forged = vec![
        // A list that goes on after a name can go on after any; after this there is nothing to go on with.
        forge(question, &serde_json::json!("nul \u{0}")),
        forge(question, &serde_json::json!({})),
        forge(question, &serde_json::json!(-1)),
        forge(question, &serde_json::json!(1.5)),
        forge(question, &serde_json::json!([])),
    ];
    for key in after.as_object().into_iter().flat_map(|after| after.keys()) {
        for value in ["nul \u{0}", "'; --", "-262143-01-01T00:00:00Z", "+262142-01-01T00:00:00Z", "", "\u{7}"] {
            let mut after = after.clone();
            after[key] = serde_json::json!(value);
            forged.push(forge(question, &after));
        }
    }
    forged
}
