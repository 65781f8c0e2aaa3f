//! The directory of leaders.

use super::case::{actor, leader, london};
use holdfast_procedure::calendar::Calendars;
use holdfast_procedure::directory::*;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::{Context, Decider, Decision, Recorded, Refusal, Role, Told};

fn decide(state: &State, command: &Command) -> Result<Decision<Event>, Refusal> {
    let (by, calendars, guidance) = (actor(Role::Operator), Calendars::embedded(), Guidance::published());
    let now = london("2026-06-01 09:00");
    Directory::decide(state, command, &Context { now, actor: &by, calendars: &calendars, guidance: &guidance })
}

/// The state after a command that goes through, and what it stands on.
fn after(mut state: State, command: &Command) -> (State, Vec<&'static str>) {
    let decision = decide(&state, command).expect("it goes through");
    let by = actor(Role::Operator);
    let mut cited = Vec::new();
    for ruled in decision.events {
        let at = london("2026-06-01 09:00");
        Directory::evolve(&mut state, &Recorded { event: &ruled.event, at, by: &by, version: &ruled.version });
        cited.extend(ruled.rules.iter().map(|rule| rule.id));
    }
    (state, cited)
}

fn set(person: &str) -> Command {
    Command::SetLeader { area: "North".to_owned(), leader: leader(person) }
}

#[test]
fn an_area_gets_a_leader_another_and_none() {
    let (state, cited) = after(State::default(), &set("leader-1"));
    assert_eq!(
        (state.area.as_deref(), state.leader.clone(), cited),
        (Some("North"), Some(leader("leader-1")), vec!["SSL-1"])
    );
    assert_eq!(after(state.clone(), &set("leader-1")).1, [] as [&str; 0], "the same leader again changes nothing");
    let (state, _) = after(state, &set("leader-2"));
    assert_eq!(state.leader, Some(leader("leader-2")));
    let (state, cited) = after(state, &Command::RemoveLeader);
    assert_eq!((state.leader.clone(), cited), (None, vec!["R-NO-LEADER"]));
    assert!(Directory::outlook(&state)[0].contains("R-NO-LEADER"));
    assert!(matches!(decide(&state, &Command::RemoveLeader), Err(Refusal::NotAllowed { .. })));
}

#[test]
fn nobody_leads_from_a_future_day() {
    let ahead = Leader { since: london("2026-06-01 09:01"), ..leader("leader-1") };
    let refused = decide(&State::default(), &Command::SetLeader { area: "North".to_owned(), leader: ahead });
    assert!(matches!(refused, Err(Refusal::Invalid(faults)) if faults[0].field == "leader.since"));
}

#[test]
fn every_event_is_read_and_written_back_as_it_stands() {
    let examples: std::collections::BTreeMap<String, serde_json::Value> =
        serde_json::from_str(include_str!("../events/directory.json")).unwrap();
    assert_eq!(examples.keys().collect::<Vec<_>>(), ["leader_removed", "leader_set"]);
    for (name, example) in examples {
        let event: Event = serde_json::from_value(example.clone()).expect(&name);
        assert_eq!((event.name(), serde_json::to_value(&event).unwrap()), (name.as_str(), example));
        assert!(event.occurred_at().is_none() && !event.summary().is_empty());
    }
}
