//! What has to be so, and under which rule.

use crate::{given_when::role, world::World};
use cucumber::then;
use holdfast_contracts::holdfast::{
    common::v1::Task,
    guidance::v1::ExplainDeadlineRequest,
    tasks::v1::ListTasksRequest,
    visiting::v1::{Stage, Verdict},
};
use holdfast_procedure::rule::Proof;
use holdfast_tests::suite::{london, timestamp};
use tonic::Code;
use tonic_types::StatusExt;

/// The value of an enumeration that a scenario names in small letters.
pub(crate) fn spelled(name: &str) -> String {
    name.to_uppercase().replace([' ', '-'], "_")
}

#[then(regex = r#"^(?:under (\S+) )?the stage is "([^"]+)"$"#)]
async fn stage_is(world: &mut World, rule: String, stage: String) {
    let (referral, _) = world.read().await;
    let expected = Stage::from_str_name(&format!("STAGE_{}", spelled(&stage))).expect("a stage");
    assert_eq!(referral.stage(), expected);
    if !rule.is_empty() {
        let timeline = world.timeline().await;
        let reached = timeline.iter().rfind(|entry| entry.event == "stage_reached").expect("a stage");
        assert!(reached.rules.contains(&rule), "the stage stands on {:?}", reached.rules);
        world.assert(&rule, Proof::Derived);
    }
}

#[then(regex = r#"^(?:under (\S+) )?fact (\d+) counts as "([^"]+)"$"#)]
async fn counts_as(world: &mut World, rule: String, fact: u32, verdict: String) {
    let (referral, _) = world.read().await;
    let recorded = referral.facts.iter().find(|recorded| recorded.fact == fact).expect("the fact");
    let expected = Verdict::from_str_name(&format!("VERDICT_{}", spelled(&verdict))).expect("a verdict");
    assert_eq!(recorded.verdict(), expected);
    if !rule.is_empty() {
        let timeline = world.timeline().await;
        let about = format!("Fact {fact} ");
        let judged = |entry: &&_| judged_about(entry, &about);
        let judged = timeline.iter().rfind(judged).expect("the fact was judged");
        assert!(judged.rules.contains(&rule), "the judgement stands on {:?}", judged.rules);
        let recorded = holdfast_procedure::rule::find(&rule).is_some_and(|rule| rule.proof == Proof::Recorded);
        world.assert(&rule, if recorded { Proof::Recorded } else { Proof::Derived });
    }
}

fn judged_about(entry: &holdfast_contracts::holdfast::common::v1::TimelineEntry, about: &str) -> bool {
    entry.event == "fact_judged" && entry.summary.starts_with(about)
}

#[then(regex = r"^(?:under (\S+) )?the claimant has until the end of (\S+)$")]
async fn window(world: &mut World, rule: String, day: String) {
    let (referral, _) = world.read().await;
    let ends = referral.contact_window.expect("a window").ends.expect("an end");
    assert_eq!(ends.at, Some(timestamp(london(&format!("{day} 23:59:59.999999")))));
    if !rule.is_empty() {
        let timeline = world.timeline().await;
        let opened = timeline.iter().rfind(|entry| entry.event.starts_with("contact_window_")).expect("a window");
        assert!(opened.rules.contains(&rule), "the window stands on {:?}", opened.rules);
        world.assert(&rule, Proof::Derived);
    }
}

#[then("no window for contact is open")]
async fn no_window(world: &mut World) {
    let (referral, _) = world.read().await;
    assert_eq!(referral.contact_window, None);
}

async fn owed_by(world: &mut World, party: &str, what: &str) -> Option<Task> {
    let (_, effect) = world.read().await;
    let case_reference = world.case.clone();
    let suite = world.suite().await;
    let listed = ListTasksRequest { owner: role(party).into(), case_reference, ..Default::default() };
    let request = suite.request("a.reader", role(party), listed);
    let listed = suite.tasks().list_tasks(request).await.expect("a list").into_inner().tasks;
    let task = effect.tasks.into_iter().find(|task| task.owner() == role(party) && task.what.starts_with(what));
    let in_list = listed.into_iter().find(|task| task.what.starts_with(what));
    assert_eq!(task, in_list, "the case and the list of tasks say the same");
    task
}

#[then(
    regex = r#"^(?:under (\S+) )?(?:the )?(Visiting Officer|CES Team|CEAST|SPOC|AtW adviser|referrer) owes "([^"]+)"(?: until the end of (\S+))?$"#
)]
async fn owes(world: &mut World, rule: String, party: String, what: String, until: String) {
    let task = owed_by(world, &party, &what).await.expect("the task is owed");
    if !until.is_empty() {
        let due = task.due.as_ref().and_then(|due| due.at);
        assert_eq!(due, Some(timestamp(london(&format!("{until} 23:59:59.999999")))));
    }
    if !rule.is_empty() {
        assert_eq!(task.citation.expect("a citation").rule, rule);
        world.assert(&rule, Proof::TaskOwed);
    }
}

#[then(regex = r#"^(?:the )?(Visiting Officer|CES Team|CEAST|SPOC|AtW adviser|referrer) does not owe "([^"]+)"$"#)]
async fn does_not_owe(world: &mut World, party: String, what: String) {
    assert_eq!(owed_by(world, &party, &what).await, None);
}

#[then("nothing is owed")]
async fn nothing_owed(world: &mut World) {
    let (_, effect) = world.read().await;
    assert_eq!(effect.tasks, []);
}

#[then(regex = r#"^it is refused under (\S+) at stage "([^"]+)"$"#)]
async fn refused(world: &mut World, rule: String, stage: String) {
    let status = world.refusal();
    assert_eq!(status.code(), Code::FailedPrecondition, "{}", status.message());
    let details = status.get_error_details();
    let violations = &details.precondition_failure().expect("a precondition").violations;
    assert!(violations.iter().any(|violation| violation.r#type == rule), "{violations:?}");
    let info = details.error_info().expect("a reason");
    assert_eq!((info.reason.as_str(), info.metadata["stage"].as_str()), ("STEP_NOT_ALLOWED", spelled(&stage).as_str()));
    world.assert(&rule, Proof::RefusedStep);
}

#[then(regex = r#"^(?:under (\S+) )?the request is not valid in "([^"]+)"$"#)]
async fn invalid(world: &mut World, rule: String, field: String) {
    let status = world.refusal();
    assert_eq!(status.code(), Code::InvalidArgument, "{}", status.message());
    let details = status.get_error_details();
    let violations = &details.bad_request().expect("violations").field_violations;
    let violation = violations.iter().find(|violation| violation.field == field);
    let violation = violation.unwrap_or_else(|| panic!("{field} is not among {violations:?}"));
    if !rule.is_empty() {
        assert!(violation.description.contains(&rule), "{}", violation.description);
        world.assert(&rule, Proof::RefusedStep);
    }
}

#[then(regex = r#"^the reply notes that "([^"]+)"$"#)]
async fn notes(world: &mut World, note: String) {
    let notes = &world.effect().notes;
    assert!(notes.iter().any(|said| said.contains(&note)), "{notes:?}");
}

#[then(regex = r"^the reply cites (\S+)$")]
async fn cites(world: &mut World, rule: String) {
    let cited: Vec<_> = world.effect().citations.iter().map(|citation| citation.rule.clone()).collect();
    assert!(cited.contains(&rule), "{cited:?}");
    // A citation shows what is derived or recorded; what is owed or refused has to be seen owed or refused.
    let proof = holdfast_procedure::rule::find(&rule).expect("a rule").proof;
    if matches!(proof, Proof::Derived | Proof::Recorded) {
        world.assert(&rule, proof);
    }
}

#[then(
    regex = r"^the details go back to (?:the )?([\w ,]+?) and to the original referrer, on the strength of facts? ([\d, and]+)$"
)]
async fn handover(world: &mut World, to: String, facts: String) {
    let (referral, effect) = world.read().await;
    let handover = referral.handover.expect("a handover");
    let expected: Vec<u32> = facts.replace("and", ",").split(',').filter_map(|fact| fact.trim().parse().ok()).collect();
    assert_eq!(handover.facts, expected);
    let to: Vec<_> = to.split(", ").map(|to| role(to.trim_start_matches("the ")) as i32).collect();
    assert_eq!(handover.to, to);
    assert_eq!(handover.original_referrer, referral.referred_by.expect("a referrer").person);
    assert_eq!(handover.since, referral.stage_since);
    let officer = |task: &&Task| task.owner() == role("Visiting Officer");
    assert_eq!(effect.tasks.iter().find(officer), None, "the case goes on by itself");
}

#[then(regex = r#"^under GEN-1 fact (\d+) is judged by version "([^"]+)"$"#)]
async fn judged_by(world: &mut World, fact: u32, version: String) {
    let timeline = world.timeline().await;
    let recorded = format!("Fact {fact}: ");
    let entry = timeline.iter().find(|entry| entry.summary.starts_with(&recorded)).expect("the fact");
    assert_eq!(entry.guidance_version, version);
    let begun = &timeline[0].guidance_version;
    if *begun != version {
        assert!(entry.rules.contains(&"GEN-1".to_owned()), "{:?}", entry.rules);
        world.assert("GEN-1", Proof::Derived);
    }
}

#[then(regex = r#"^the window was opened by version "([^"]+)"$"#)]
async fn opened_by(world: &mut World, version: String) {
    let (referral, _) = world.read().await;
    assert_eq!(referral.contact_window.expect("a window").guidance_version, version);
}

#[then("the reckoning is that of R-WORKING-DAYS")]
async fn reckoning(world: &mut World) {
    let (referral, _) = world.read().await;
    let ends = referral.contact_window.expect("a window").ends.expect("an end");
    let explained =
        ExplainDeadlineRequest { from: ends.from, term: ends.term, nation: referral.place.expect("a place").nation };
    let suite = world.suite().await;
    let request = suite.request("a.reader", role("Visiting Officer"), explained);
    let reply = suite.guidance().explain_deadline(request).await.expect("an explanation").into_inner();
    assert_eq!(reply.due.as_ref().expect("an end").at, ends.at);
    let counted: Vec<_> = reply.days.iter().filter(|day| day.counted > 0).collect();
    assert_eq!(counted.len(), 5, "{:?}", reply.days);
    assert!(reply.days.iter().all(|day| (day.counted > 0) == day.skipped.is_empty()), "{:?}", reply.days);
    let opened = world.timeline().await;
    let opened = opened.iter().find(|entry| entry.event == "contact_window_opened").expect("a window");
    assert!(opened.rules.contains(&"R-WORKING-DAYS".to_owned()), "{:?}", opened.rules);
    world.assert("R-WORKING-DAYS", Proof::Derived);
}
