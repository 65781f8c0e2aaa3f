//! What holds at conferencing, at safeguarding, and at DWP Visiting once others lead.

use crate::{given_when::role, parties::party, then::spelled, world::World};
use cucumber::then;
use holdfast_contracts::holdfast::{
    access::v1::Role,
    common::v1::{Effect, Task, TimelineEntry},
    conferencing::v1::{self as conferencing, ListCasesRequest},
    safeguarding::v1::{DisclosureBasis, ListUncoveredAreasRequest, UncoveredArea},
    tasks::v1::ListTasksRequest,
};
use holdfast_procedure::rule::Proof;
use holdfast_tests::suite::{london, timestamp};

/// Stage, effect and journal of the case at a service.
async fn standing(world: &mut World, service: &str) -> (String, Effect, Vec<TimelineEntry>) {
    match service {
        "conferencing" => {
            let (case, effect) = world.conferencing_case().await;
            let stage = case.stage().as_str_name().trim_start_matches("STAGE_").to_owned();
            (stage, effect, world.conferencing_timeline().await)
        }
        "safeguarding" => {
            let (escalation, effect) = world.escalation().await;
            let stage = escalation.stage().as_str_name().trim_start_matches("ESCALATION_STAGE_").to_owned();
            (stage, effect, world.escalation_timeline().await)
        }
        _ => {
            let (referral, effect) = world.read().await;
            let stage = referral.stage().as_str_name().trim_start_matches("STAGE_").to_owned();
            (stage, effect, world.timeline().await)
        }
    }
}

#[then(regex = r#"^(?:under (\S+) )?at (conferencing|safeguarding|DWP Visiting) the stage is "([^"]+)"$"#)]
async fn stage(world: &mut World, rule: String, service: String, expected: String) {
    let (stage, _, journal) = standing(world, &service).await;
    assert_eq!(stage, spelled(&expected));
    if !rule.is_empty() {
        let reached = journal.iter().rfind(|entry| entry.event == "stage_reached").expect("a stage");
        assert!(reached.rules.contains(&rule), "the stage stands on {:?}", reached.rules);
        world.assert(&rule, Proof::Derived);
    }
}

#[then("under PIP-5 at conferencing the journal begins with the handover to the CES Team")]
async fn begins(world: &mut World) {
    let (_, _, journal) = standing(world, "conferencing").await;
    let first = journal.first().expect("a journal");
    assert_eq!(first.event, "case_received");
    assert!(first.summary.contains("CES Team"), "{}", first.summary);
    assert!(first.rules.contains(&"PIP-5".to_owned()), "{:?}", first.rules);
    world.assert("PIP-5", Proof::Derived);
}

#[then(regex = r#"^every service shows the death as "([^"]+)"$"#)]
async fn death_shown(world: &mut World, expected: String) {
    let (referral, case, escalation) =
        (world.read().await.0, world.conferencing_case().await.0, world.escalation().await.0);
    for (service, customer) in
        [("visiting", referral.customer), ("conferencing", case.customer), ("safeguarding", escalation.customer)]
    {
        let customer = customer.expect("what is known of the customer");
        let death = customer.death().as_str_name().trim_start_matches("DEATH_STANDING_");
        assert_eq!(death, spelled(&expected), "{service}");
        assert_eq!(customer.death_reported_at.is_some(), expected != "not reported", "{service}");
    }
}

#[then(regex = r"^the file names (\d+) visits that count, on (\S+) and (\S+)$")]
async fn file(world: &mut World, count: usize, first: String, second: String) {
    let (case, _) = world.conferencing_case().await;
    let file = case.file.expect("a file");
    let counted: Vec<_> = file.entries.iter().filter(|entry| entry.counts).collect();
    assert_eq!(counted.len(), count);
    let days: Vec<_> = counted.iter().filter_map(|entry| entry.occurred_at).collect();
    for (day, at) in [first, second].iter().zip(days) {
        let (from, to) = (london(&format!("{day} 00:00")), london(&format!("{day} 23:59")));
        assert!((timestamp(from).seconds..=timestamp(to).seconds).contains(&at.seconds));
    }
    assert!(counted.iter().all(|entry| !entry.narrative.is_empty()), "the accounts are handed over by reference");
    assert!(!file.referral.expect("a referral").circumstances.is_empty());
}

async fn owed(world: &mut World, service: &str, party: &str, what: &str) -> Option<Task> {
    let (_, effect, _) = standing(world, service).await;
    let task = effect.tasks.into_iter().find(|task| task.owner() == role(party) && task.what.starts_with(what));
    let (owner, case_reference) = (role(party).into(), world.case.clone());
    let suite = world.suite().await;
    let listed = ListTasksRequest { owner, case_reference, page_size: 200, ..Default::default() };
    let listed = suite.tasks().list_tasks(suite.request("a.reader", Role::Officer, listed)).await.expect("a list");
    let service = if service == "DWP Visiting" { "visiting" } else { service };
    let here = |task: &Task| task.name.starts_with(&format!("{service}/")) && task.what.starts_with(what);
    let in_list = listed.into_inner().tasks.into_iter().find(here);
    assert_eq!(task, in_list, "the case and the list of tasks say the same");
    task
}

#[then(
    regex = r#"^(?:under (\S+) )?at (conferencing|safeguarding|DWP Visiting) (?:the )?([\w ]+?)(?: "(\S+)")? owes "([^"]+)"(?: until the end of (\S+))?$"#
)]
async fn owes(
    world: &mut World,
    rule: String,
    service: String,
    party: String,
    person: String,
    what: String,
    by: String,
) {
    let task = match person.as_str() {
        "" => owed(world, &service, &party, &what).await,
        person => {
            let (_, effect, _) = standing(world, &service).await;
            let theirs = |task: &Task| task.person == person && task.what.starts_with(&what);
            effect.tasks.into_iter().find(theirs)
        }
    };
    let task = task.expect("the task is owed");
    if !by.is_empty() {
        let due = task.due.and_then(|due| due.at);
        assert_eq!(due, Some(timestamp(london(&format!("{by} 23:59:59.999999")))));
    }
    if !rule.is_empty() {
        assert_eq!(task.citation.expect("a citation").rule, rule);
        world.assert(&rule, Proof::TaskOwed);
    }
}

#[then(
    regex = r#"^(under GEN-3 and R-DEATH )?at (conferencing|safeguarding|DWP Visiting) (?:the )?([\w ]+?) does not owe "([^"]+)"$"#
)]
async fn does_not_owe(world: &mut World, death: String, service: String, party: String, what: String) {
    assert_eq!(owed(world, &service, &party, &what).await, None);
    if !death.is_empty() {
        let (_, _, journal) = standing(world, &service).await;
        let reported = journal.iter().rfind(|entry| entry.event == "death_reported").expect("the report came here");
        for rule in ["GEN-3", "R-DEATH"] {
            assert!(reported.rules.contains(&rule.to_owned()), "{:?}", reported.rules);
            world.assert(rule, Proof::Derived);
        }
    }
}

#[then(regex = r"^at safeguarding the journal tells of (\d+) overdue reviews?$")]
async fn overdue(world: &mut World, count: usize) {
    let (_, _, journal) = standing(world, "safeguarding").await;
    assert_eq!(journal.iter().filter(|entry| entry.event == "review_overdue").count(), count);
}

#[then(regex = r"^at safeguarding (?:CEAST|the CES Team) owes the call back until (\S+ \S+)$")]
async fn call_back(world: &mut World, until: String) {
    let (_, effect) = world.escalation().await;
    let task = effect.tasks.into_iter().find(|task| task.name.contains("call-back")).expect("the call back is owed");
    assert_eq!(task.due.expect("a date").at, Some(timestamp(london(&until))));
    assert_eq!(task.citation.expect("a citation").rule, "R-CALL-BACK");
}

#[then("under R-UNSAFE-AREA-NOTE the note says why the case is treated as two visits")]
async fn note_says_why(world: &mut World) {
    let (_, effect, journal) = standing(world, "conferencing").await;
    let note = effect.tasks.iter().find(|task| task.what.starts_with("Note PIPCS")).expect("the note is owed");
    assert!(note.what.contains("treated as two ineffective visits"), "{}", note.what);
    let received = journal.first().expect("a journal");
    assert!(received.rules.contains(&"R-UNSAFE-AREA-NOTE".to_owned()), "{:?}", received.rules);
    let proof = holdfast_procedure::rule::find("R-UNSAFE-AREA-NOTE").expect("a ruling").proof;
    world.assert("R-UNSAFE-AREA-NOTE", proof);
}

#[then(regex = r"^the case is on (?:the )?([\w ]+?)'s work log$")]
async fn work_log(world: &mut World, whose: String) {
    let (person, lead) = party(&whose);
    let case = world.case.clone();
    let suite = world.suite().await;
    let request = ListCasesRequest { lead: lead.into(), ..Default::default() };
    let request = suite.request(person, lead, request);
    let listed = suite.conferencing().list_cases(request).await.expect("a list").into_inner().cases;
    let entry = listed.into_iter().find(|listed| listed.case_reference == case).expect("an entry of the work log");
    let next = entry.next_task.expect("something is owed next");
    assert_eq!((next.owner(), next.case_reference), (lead, case));
}

#[then(regex = r#"^the refusal says "([^"]+)"$"#)]
async fn says(world: &mut World, what: String) {
    let status = world.refusal();
    assert!(status.message().contains(&what), "{}", status.message());
}

#[then("under GEN-4 the conference is read back with health services and social services")]
async fn outsiders(world: &mut World) {
    use conferencing::{Organisation, participant::AttendsFor};
    let (case, _) = world.conferencing_case().await;
    let held = case.conferences.last().expect("a conference");
    for organisation in [Organisation::HealthServices, Organisation::SocialServices] {
        let there = |other: &&conferencing::Participant| {
            other.attends_for == Some(AttendsFor::Organisation(organisation.into()))
        };
        assert!(held.participants.iter().find(there).is_some(), "{organisation:?} took part");
    }
    world.assert("GEN-4", Proof::Recorded);
}

#[then(regex = r#"^at conferencing the escalation outcome names the leader "([^"]+)" and (\d+) steps$"#)]
async fn outcome(world: &mut World, leader: String, steps: usize) {
    let (case, _) = world.conferencing_case().await;
    let outcome = case.escalation_outcomes.last().expect("an outcome");
    assert_eq!(outcome.leader, leader);
    assert_eq!(outcome.steps.len(), steps, "{:?}", outcome.steps);
}

#[then(regex = r#"^(?:under (\S+) )?the leader asked is "([^"]+)"$"#)]
async fn leader(world: &mut World, rule: String, person: String) {
    let (escalation, _) = world.escalation().await;
    let round = escalation.round.expect("a round");
    assert_eq!(round.leader.expect("a leader").person, person);
    if !rule.is_empty() {
        let journal = world.escalation_timeline().await;
        let asked = |entry: &&TimelineEntry| entry.rules.contains(&rule);
        assert!(journal.iter().any(|entry| asked(&entry)), "nothing at safeguarding cites {rule}");
        world.assert(&rule, Proof::Derived);
    }
}

#[then(regex = r"^under (PIP-10D|ATW-15D|ESA-106D) the disclosure is read back with its basis$")]
async fn disclosure(world: &mut World, rule: String) {
    let (escalation, _) = world.escalation().await;
    let disclosed = escalation.round.expect("a round").disclosures;
    let disclosure = disclosed.first().and_then(|recorded| recorded.disclosure).expect("a disclosure");
    assert_eq!(disclosure.basis(), DisclosureBasis::GoodFaithSafeguarding);
    world.assert(&rule, Proof::Recorded);
}

async fn uncovered(world: &mut World) -> Vec<UncoveredArea> {
    let suite = world.suite().await;
    let request = suite.request("a.reader", Role::Officer, ListUncoveredAreasRequest::default());
    suite.directory().list_uncovered_areas(request).await.expect("a list").into_inner().areas
}

#[then(regex = r#"^under R-NO-LEADER the area "([^"]+)" is listed as uncovered, with (\d+) case waiting$"#)]
async fn is_uncovered(world: &mut World, area: String, waiting: u32) {
    let areas = uncovered(world).await;
    let listed = areas.iter().find(|listed| listed.area == area).expect("the area is listed");
    assert_eq!(listed.cases_waiting, waiting);
    world.assert("R-NO-LEADER", Proof::Recorded);
}

#[then("no area is listed as uncovered")]
async fn none_uncovered(world: &mut World) {
    assert_eq!(uncovered(world).await, []);
}

#[then(
    regex = r#"^under R-LEADER-ON-MOVE at safeguarding the leader is still "([^"]+)", and the new area's is to be told$"#
)]
async fn still_leads(world: &mut World, person: String) {
    let (escalation, effect) = world.escalation().await;
    assert_eq!(escalation.round.expect("a round").leader.expect("a leader").person, person);
    let cites = |task: &&Task| task.citation.as_ref().is_some_and(|cited| cited.rule == "R-LEADER-ON-MOVE");
    let told = effect.tasks.iter().find(cites).expect("the new area's leader is to be told");
    assert_eq!(told.owner(), Role::CesTeam);
    world.assert("R-LEADER-ON-MOVE", Proof::Derived);
}
