//! How a concern of each benefit is looked into, drawn from the decider itself: every way a case can go is explored, and
//! what was found is compared with the documents.
//! `UPDATE=1 cargo test -p holdfast-procedure --test escalation` writes them anew.

use super::case::{actor, concern_in, lead_of, leader, leaders, london, words};
use super::kept::{is_current, latest, title};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::benefit::{Part, Rules};
use holdfast_procedure::calendar::{Calendars, Nation};
use holdfast_procedure::customer::{self, DeathEvidence, DeathSource, Fact};
use holdfast_procedure::directory::Leaders;
use holdfast_procedure::escalation::*;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::term::london_date;
use holdfast_procedure::visiting::{Channel, ContactBy};
use holdfast_procedure::{Context, Decider, Place, Recorded, Refusal, Role, Rule, Told};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write;
use std::sync::LazyLock;

/// A case on its way, and the clock.
#[derive(Clone)]
struct Point {
    state: State,
    now: DateTime<Utc>,
}

/// What tells one point from another, as far as the ways on from it may differ: the stage; contact, a promised call,
/// a day and its passing, a review and a conclusion; how a leader was considered and asked; whether the customer moved;
/// and what is known of a death. How often a concern was determined before makes no difference.
type Key = (Stage, [bool; 6], (Option<bool>, usize, bool, bool), (bool, bool));

/// From where to where under which rules; a case comes from nowhere when a concern is determined.
type Way = (Option<Stage>, Stage, Vec<&'static str>);

/// Something that is done: in caseworkers' words, by whom, and the command.
type Act = (&'static str, Role, Command);

/// Explored once for all tests.
static MAPS: LazyLock<Vec<Map>> = LazyLock::new(|| {
    let guidance = Guidance::published();
    latest(&guidance).into_iter().map(|version| Map::drawn(version.name.clone(), version.rules)).collect()
});

struct Map {
    page: Rules,
    version: String,
    guidance: Guidance,
    calendars: Calendars,
    ways: BTreeMap<Way, BTreeSet<&'static str>>,
    titles: BTreeMap<Stage, String>,
    /// By stage: what, owner, rule, discharged by.
    owed: BTreeSet<(Stage, String, &'static str, &'static str, &'static str)>,
}

/// Everything that can be tried at a point; that the guidance may refuse it is for the decider to say.
fn acts(lead: Role, concern: Concern, state: &State, now: DateTime<Utc>) -> Vec<Act> {
    let mut acts = vec![("concern determined", lead, Command::Open(Box::new(concern)))];
    acts.extend(contacts(lead, now));
    acts.extend(leading(lead, state));
    acts.extend(reviews(lead, now));
    acts.extend(of_customer(state, now));
    let (to, agency, account) = (Agency::Police, Agency::Police, || words("what was said"));
    let liaison = Liaison { occurred_at: now, agency, received: false };
    let disclosure = Disclosure { occurred_at: now, to, basis: Basis::GoodFaithSafeguarding, received: false };
    acts.extend([
        ("agency dealt with", lead, Command::RecordLiaison { liaison, account: account(), late_reason: None }),
        ("disclosure", lead, Command::RecordDisclosure { disclosure, account: account(), late_reason: None }),
        ("conclusion", lead, Command::Conclude { steps: words("the steps") }),
        ("time passes", Role::Suite, Command::LetTimePass),
    ]);
    acts
}

/// Who is called, and who gets in touch.
fn contacts(lead: Role, occurred_at: DateTime<Utc>) -> Vec<Act> {
    let (account, late_reason) = (words("what was said"), None);
    let attempted = [("contact attempted", false), ("contact attempted, and another call promised", true)];
    let attempts = attempted.map(|(what, text_sent)| {
        let (whom, channel, outcome) = (Whom::Customer, AttemptChannel::Telephone, AttemptOutcome::NoReply);
        let attempt = Attempt { occurred_at, whom, channel, outcome, text_sent };
        let (account, late_reason) = (account.clone(), late_reason.clone());
        (what, lead, Command::RecordContactAttempt { attempt, account, late_reason })
    });
    let contact = Contact { occurred_at, channel: Channel::Telephone, by: ContactBy::Customer };
    let rang = Command::RecordContact { contact, account, late_reason };
    attempts.into_iter().chain([("customer got in touch", Role::Officer, rang)]).collect()
}

/// Whether a leader is needed, who is asked, and who is named where there was none.
fn leading(lead: Role, state: &State) -> Vec<Act> {
    let needed = |needed| Command::ConsiderLeader { needed, reason: words("why") };
    let ask = |leaders| Command::ReferToLeader { asked: words("what is asked"), leaders };
    let mut acts = vec![
        ("leader needed", lead, needed(true)),
        ("no leader needed", lead, needed(false)),
        ("leader of the area asked", lead, ask(leaders())),
        ("leader of the area asked, and it has none", lead, ask(Leaders::new())),
    ];
    let waits = state.round().and_then(Round::waits_for_leader);
    let name = |area: &str| Command::ResolveLeader { area: area.to_owned(), leader: leader("leader-x") };
    acts.extend(waits.map(|referral| ("leader of the area named", Role::Suite, name(&referral.what.area))));
    acts
}

/// A day for the next steps, and whether they are considered.
fn reviews(lead: Role, now: DateTime<Utc>) -> Vec<Act> {
    let (today, occurred_at) = (london_date(now), now);
    let review = |next_date| {
        let next_steps = words("next");
        Command::RecordReview { occurred_at, next_steps, next_date, late_reason: None }
    };
    vec![
        ("review date set", lead, Command::SetReviewDate { date: today }),
        ("next steps considered", lead, review(None)),
        ("next steps considered, and a day set for the next", lead, review(Some(today))),
    ]
}

/// What becomes known of the customer.
fn of_customer(state: &State, occurred_at: DateTime<Utc>) -> Vec<Act> {
    let (evidence, reference) = (DeathEvidence::Certificate, "C-7".to_owned());
    let place = |area: &str| Place { nation: Nation::England, area: area.to_owned() };
    let mut told = vec![
        ("customer moved to another area", Role::Officer, Fact::Moved { place: place("South"), occurred_at }),
        ("death verified by a second person", Role::LineManager, Fact::DeathConfirmed { evidence, reference }),
        ("report of the death was mistaken", Role::LineManager, Fact::DeathReportMistaken { reason: None }),
    ];
    if state.customer.death.is_none() {
        let reported = Fact::DeathReported { occurred_at, source: DeathSource::Relative, account: None };
        told.push(("death reported", Role::Officer, reported));
    }
    let command = |fact| Command::Customer(customer::Command { fact, passed_on: None });
    told.into_iter().map(|(what, role, fact)| (what, role, command(fact))).collect()
}

fn key(Point { state, .. }: &Point) -> Key {
    let round = state.round().expect("a concern was determined");
    let asked = round.referrals.last();
    let done = [
        round.contact_attempted(),
        !round.open_call_backs().is_empty(),
        round.review_date.is_some(),
        round.overdue.is_some(),
        round.reviewed,
        round.concluded.is_some(),
    ];
    let leader = (
        round.need.as_ref().map(|need| need.what),
        round.referrals.len().min(2),
        asked.is_some_and(|referral| referral.what.leader.is_some()),
        round.moved_to().is_some(),
    );
    (state.stage, done, leader, (state.customer.death.is_some(), state.customer.death_is_confirmed()))
}

fn ids(rules: &[&'static Rule]) -> Vec<&'static str> {
    rules.iter().map(|rule| rule.id).collect()
}

impl Map {
    /// Explores, breadth first, until nothing new is found.
    fn drawn(version: String, page: Rules) -> Self {
        let (guidance, calendars) = (Guidance::published(), Calendars::embedded());
        let (ways, titles, owed) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        let mut map = Self { page, version, guidance, calendars, ways, titles, owed };
        let lead = lead_of(map.page.benefit);
        let (mut ahead, mut seen) = (VecDeque::new(), BTreeSet::new());
        let unopened = Point { state: State::default(), now: london("2026-06-01 09:00") };
        let determined = Command::Open(Box::new(concern_in(map.page.benefit, unopened.now)));
        ahead.extend(map.after(&unopened, &("concern determined", lead, determined)));
        while let Some(point) = ahead.pop_front() {
            if !seen.insert(key(&point)) {
                continue;
            }
            // Everything is done at an instant of its own.
            let soon = Point { now: point.now + TimeDelta::minutes(1), ..point.clone() };
            let review = point.state.round().and_then(|round| round.review_date.as_ref());
            let passed =
                review.map(|review| Point { now: review.ends.due.ends_at + TimeDelta::minutes(1), ..point.clone() });
            for point in [Some(soon), passed].into_iter().flatten() {
                let concern = concern_in(map.page.benefit, point.now);
                let acts = acts(lead, concern, &point.state, point.now);
                ahead.extend(acts.iter().filter_map(|act| map.after(&point, act)));
            }
        }
        map
    }

    /// The point after something was done, unless it is refused.
    fn after(&mut self, before: &Point, (what, role, command): &Act) -> Option<Point> {
        let by = actor(*role);
        let (calendars, guidance) = (&self.calendars, &self.guidance);
        let context = Context { now: before.now, actor: &by, calendars, guidance };
        let decision = match Escalation::decide(&before.state, command, &context) {
            Ok(decision) => decision,
            Err(Refusal::NotAllowed { .. }) => return None,
            Err(refusal) => panic!("{what}: {refusal:?}"),
        };
        let mut after = before.clone();
        for ruled in decision.events {
            let from = before.state.round().map(|_| after.state.stage);
            let recorded = Recorded { event: &ruled.event, at: after.now, by: &by, version: &ruled.version };
            Escalation::evolve(&mut after.state, &recorded);
            if let Event::StageReached { stage, .. } = ruled.event {
                let summary = ruled.event.summary();
                let (title, _) = summary.rsplit_once(", since ").expect("a stage is told with its date");
                self.titles.insert(stage, title.to_owned());
                self.ways.entry((from, stage, ids(&ruled.rules))).or_default().insert(what);
            }
        }
        for task in Escalation::tasks(&after.state, &self.guidance) {
            // Which day has passed, and where the customer lives, is the case's own.
            let what = task.what.split(": the review of").next().unwrap_or_default();
            let what =
                [", South", " South", " North"].into_iter().fold(what.to_owned(), |what, own| what.replace(own, ""));
            self.owed.insert((after.state.stage, what, task.owner.title(), task.rule.id, task.discharged_by));
        }
        Some(after)
    }

    /// The arrows: by where they come from and go to, what stands on them. Whatever leads on from every stage at which
    /// something is to be done alike is drawn once.
    fn arrows(&self) -> BTreeMap<(&'static str, Stage), Vec<String>> {
        let mut arrows: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let open = || self.titles.keys().copied().filter(|stage| !stage.has_ended());
        for ((from, to, rules), causes) in &self.ways {
            let same = |stage| stage == *to || self.ways.get(&(Some(stage), *to, rules.clone())) == Some(causes);
            let shared = from.is_some_and(|from| !from.has_ended()) && open().all(same);
            let begins = match from {
                None => "[*]",
                Some(_) if shared => "OPEN",
                Some(stage) => stage.name(),
            };
            let causes: Vec<_> = causes.iter().copied().collect();
            let line = format!("{} ({})", causes.join(" or "), rules.join(", "));
            let lines = arrows.entry((begins, *to)).or_default();
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        arrows
    }

    fn diagram(&self) -> String {
        let mut text = "```mermaid\nstateDiagram-v2\n  direction LR\n".to_owned();
        let stage = |stage: Stage| format!("state \"{}\" as {}\n", self.titles[&stage], stage.name());
        text += "  state \"The concern is looked into\" as OPEN {\n";
        let (ended, open): (Vec<_>, Vec<_>) = self.titles.keys().copied().partition(|stage| stage.has_ended());
        open.into_iter().for_each(|open| text += &format!("    {}", stage(open)));
        text += "  }\n";
        ended.iter().for_each(|ended| text += &format!("  {}", stage(*ended)));
        for ((from, to), lines) in self.arrows() {
            writeln!(text, "  {from} --> {} : {}", to.name(), lines.join("<br/>")).unwrap();
        }
        ended.iter().for_each(|ended| text += &format!("  {} --> [*]\n", ended.name()));
        text + "```\n"
    }

    fn document(&self) -> String {
        let heading = format!("# How a safeguarding concern is looked into in {} cases\n\n", title(self.page.benefit));
        let mut text = MADE_BY.to_owned() + &heading + INTRODUCTION + &self.diagram() + STEPS;
        for step in self.page.steps().into_iter().filter(|step| step.part == Part::Escalation) {
            writeln!(text, "| {} | {} | {} |", step.name, step.prescribed, ids(&step.rules).join(", ")).unwrap();
        }
        text += TASKS;
        for (stage, what, owner, rule, by) in &self.owed {
            writeln!(text, "| {} | {owner} | {what} | {rule} | `{by}` |", self.titles[stage]).unwrap();
        }
        text
    }
}

const MADE_BY: &str = "\
<!-- Drawn by shared/procedure/tests/escalation/diagram.rs, which fails where this is not current; UPDATE=1 writes it
anew. -->
";

const INTRODUCTION: &str = "\
Found by trying everything that can happen to a case at every stage; in brackets stand the rules that each move rests
on. What leaves the frame as a whole can happen at every stage within it. What happened is recorded at every stage, and
only what moves the case on or back is drawn; a fact that is corrected has the stage worked out again, and may move the
case in other ways.

";

const STEPS: &str = "
## What is prescribed

| step | what is prescribed | rules |
|---|---|---|
";

const TASKS: &str = "
## What may be owed at each stage

| stage | owner | what | rule | discharged by |
|---|---|---|---|---|
";

#[test]
fn every_stage_is_reached_and_every_stage_is_left() {
    let reached: BTreeSet<_> = MAPS.iter().flat_map(|map| map.titles.keys().copied()).collect();
    assert_eq!(reached, Stage::ALL.into());
    for map in MAPS.iter() {
        for stage in map.titles.keys() {
            let left = map.ways.keys().any(|(from, to, _)| *from == Some(*stage) && to != stage);
            assert!(left, "{}: {stage:?} is a dead end", map.version);
        }
    }
}

/// Whatever the way, nothing is concluded before everything was done that the guidance asks for.
#[test]
fn there_is_no_way_round() {
    for map in MAPS.iter() {
        let into = map.ways.keys().filter(|(_, to, _)| *to == Stage::Concluded);
        let from: BTreeSet<_> = into.map(|(from, ..)| *from).collect();
        assert_eq!(from, [Some(Stage::ConclusionDue)].into(), "{}", map.version);
    }
}

#[test]
fn the_drawings_are_current() {
    assert_eq!(MAPS.len(), latest(&Guidance::published()).len(), "every benefit is drawn");
    for map in MAPS.iter() {
        let (benefit, _) = map.version.split_once('/').expect("a version's name begins with its benefit");
        is_current(&format!("escalation-{benefit}.md"), &map.document());
    }
}
