//! How a case of each benefit moves through visiting, drawn from the decider itself: every way a case can go is
//! explored, and what was found is compared with the documents. `UPDATE=1 cargo test -p holdfast-procedure --test diagrams` writes it anew.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]

#[path = "diagrams/acts.rs"]
mod acts;
#[path = "docs/kept.rs"]
mod kept;

use acts::{
    Act, act, considerations, contacts, openings, others, referral, reported, reported_concern, told, triages, visits,
    words,
};
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use holdfast_procedure::benefit::{Part, Rules};
use holdfast_procedure::calendar::Calendars;
use holdfast_procedure::desk;
use holdfast_procedure::guidance::{Guidance, Version};
use holdfast_procedure::task::COMPLETE_TASK;
use holdfast_procedure::visiting::*;
use holdfast_procedure::{Actor, Context, Decider, Recorded, Refusal, Role, Rule, Told, Workload};
use kept::{is_current, latest, title};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write;
use std::sync::LazyLock;

/// A case on its way, and the clock.
#[derive(Clone)]
struct Point {
    state: State,
    now: DateTime<Utc>,
    /// Something was done at this instant. Everything is done at an instant of its own.
    acted: bool,
    /// The stage before the customer's death ended the case, to which it goes back if that was a mistake.
    resumes: Option<Stage>,
}

/// What tells one point from another, as far as the ways on from it may differ: the stage, the clock against the
/// window's end, whether something was done at this instant, whether contact in time is on record, what is owed, and
/// where a death ended it. The clock is looked at against whatever else time has consequences for, too.
type Key = (Stage, BTreeSet<Option<i64>>, bool, bool, BTreeSet<String>, Option<Stage>);

/// From where to where under which rules; a case comes from nowhere when it is referred.
type Way = (Option<Stage>, Stage, Vec<&'static str>);

/// What brings a case along a way: words, and the variants of them that do.
type Causes = BTreeMap<String, BTreeSet<String>>;

/// Where an arrow begins, in the order of drawing.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Begins {
    AtReferral,
    /// At every stage from which a visit may still be made.
    AtAllOpen,
    At(Stage),
}

/// Explored once for all tests: each benefit's way through visiting.
static MAPS: LazyLock<Vec<Map>> = LazyLock::new(|| {
    let guidance = Guidance::published();
    latest(&guidance).into_iter().map(|version| Map::drawn(version.clone())).collect()
});

struct Map {
    version: Version,
    guidance: Guidance,
    calendars: Calendars,
    ways: BTreeMap<Way, Causes>,
    /// Everything that was tried, so that a way that only some variants take is told from one that all do.
    tried: Causes,
    titles: BTreeMap<Stage, String>,
    verdicts: BTreeSet<usize>,
    /// By stage: what, owner, rule, discharged by.
    owed: BTreeSet<(Stage, String, &'static str, &'static str, &'static str)>,
}

impl Map {
    /// Explores, breadth first, until nothing new is found.
    fn drawn(version: Version) -> Self {
        let (guidance, calendars) = (Guidance::published(), Calendars::embedded());
        let (ways, tried, titles) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let (verdicts, owed) = (BTreeSet::new(), BTreeSet::new());
        let mut map = Self { version, guidance, calendars, ways, tried, titles, verdicts, owed };
        let now = Utc.with_ymd_and_hms(2026, 5, 29, 8, 0, 0).unwrap();
        let unopened = Point { state: State::default(), now, acted: false, resumes: None };
        let mut openings = openings(map.page(), now);
        openings.push(referral(map.page(), now));
        let mut ahead: VecDeque<_> = openings.iter().filter_map(|act| map.after(&unopened, act)).collect();
        let mut seen = BTreeSet::new();
        while let Some(point) = ahead.pop_front() {
            if !seen.insert(map.key(&point)) {
                continue;
            }
            let acts = if point.acted { Vec::new() } else { map.acts(&point) };
            ahead.extend(acts.iter().filter_map(|act| map.after(&point, act)));
            for now in instants(&point) {
                let later = Point { now, acted: false, ..point.clone() };
                let passes = act("no contact by the end of the window", "", Role::Suite, Command::LetTimePass);
                let passed = map.after(&later, &passes).expect("time passes");
                ahead.push_back(Point { acted: false, ..passed });
            }
        }
        map
    }

    /// The point after something was done, unless it is refused.
    fn after(&mut self, before: &Point, act: &Act) -> Option<Point> {
        self.tried.entry(act.what.clone()).or_default().insert(act.variant.clone());
        let by = Actor { person: act.role.title().to_owned(), role: act.role, workload: Workload::Casework };
        let (calendars, guidance) = (&self.calendars, &self.guidance);
        let context = Context { now: before.now, actor: &by, calendars, guidance };
        let decision = match Visiting::decide(&before.state, &act.command, &context) {
            Ok(decision) => decision,
            Err(Refusal::NotAllowed { .. }) => return None,
            Err(refusal) => panic!("{}, {}: {refusal:?}", act.what, act.variant),
        };
        let mut after = Point { acted: true, ..before.clone() };
        for ruled in decision.events {
            let from = before.state.opened.as_ref().map(|_| after.state.stage);
            let recorded = Recorded { event: &ruled.event, at: after.now, by: &by, version: &ruled.version };
            Visiting::evolve(&mut after.state, &recorded);
            if let Event::StageReached { stage, .. } = ruled.event {
                let summary = ruled.event.summary();
                let (title, _) = summary.rsplit_once(", since ").expect("a stage is told with its date");
                self.titles.insert(stage, title.to_owned());
                if from != Some(stage) {
                    let causes = self.ways.entry((from, stage, ids(&ruled.rules))).or_default();
                    causes.entry(act.what.clone()).or_default().insert(act.variant.clone());
                }
            }
        }
        let (ended, had_ended) = [&after.state, &before.state].map(|state| state.stage == Stage::EndedDeath).into();
        after.resumes = if had_ended { before.resumes } else { Some(before.state.stage) }.filter(|_| ended);
        self.look_around(&after.state);
        Some(after)
    }

    fn look_around(&mut self, state: &State) {
        self.verdicts.extend(state.standing_facts().filter_map(|(_, fact)| fact.verdict).map(place));
        for task in Visiting::tasks(state, &self.guidance) {
            self.owed.insert((state.stage, task.what, task.owner.title(), task.rule.id, task.discharged_by));
        }
    }

    fn key(&self, Point { state, now, acted, resumes }: &Point) -> Key {
        let clamped = |end: DateTime<Utc>| (*now - end).num_microseconds().unwrap().clamp(-2, 2);
        let timers = Visiting::timers(state).into_iter().map(|timer| Some(clamped(timer.at)));
        let ends = timers.chain([state.window.as_ref().map(|window| clamped(window.ends.due.ends_at))]);
        let in_time = state.standing_facts().any(|(_, fact)| fact.verdict == Some(Verdict::InTime));
        let owed = Visiting::tasks(state, &self.guidance).into_iter().map(|task| task.what);
        (state.stage, ends.collect(), *acted, in_time, owed.collect(), *resumes)
    }

    fn page(&self) -> &Rules {
        &self.version.rules
    }

    /// Everything that can be tried at a point; that the guidance may refuse it is for the decider to say.
    fn acts(&self, Point { state, now, .. }: &Point) -> Vec<Act> {
        let page = self.page();
        let mut acts = visits(page.ineffective.says, *now);
        acts.push(referral(page, *now));
        acts.extend(considerations(page, *now));
        acts.extend(triages(page, *now));
        acts.extend(others(*now));
        let area = Happening::UnsafeArea(UnsafeArea { occurred_at: *now });
        acts.push(reported("area found unsafe", "without a visit", Role::VisitingOfficer, area));
        let letter = Happening::Letter(Letter { occurred_at: *now });
        acts.push(reported("letter posted", "", Role::VisitingOfficer, letter));
        acts.extend(contacts(page, *now));
        acts.push(reported_concern(*now));
        acts.extend(decisions(page));
        for (ground, why) in [
            (WithdrawalGround::EffectiveContact, "effective contact"),
            (WithdrawalGround::Abroad, "abroad"),
            (WithdrawalGround::ClaimWithdrawn, "claim withdrawn"),
            (WithdrawalGround::RecordedInError, "recorded in error"),
        ] {
            acts.push(act("withdrawal", why, page.referral.says[0], Command::Withdraw { ground, reason: words() }));
        }
        let owed = Visiting::tasks(state, &self.guidance).into_iter();
        acts.extend(owed.filter(|task| task.discharged_by == COMPLETE_TASK).map(|task| {
            let (system, reference) = ("PIPCS".to_owned(), "note 1".to_owned());
            let (key, occurred_at, late_reason) = (task.key, *now, None);
            let command = desk::Command::Complete { key, occurred_at, system, reference, late_reason };
            act("task done", &task.what, task.owner, Command::Desk(command))
        }));
        acts.extend(told(*now));
        acts.push(act(
            "record made in error, confirmed",
            "",
            Role::LineManager,
            Command::ConfirmRetraction { reason: words() },
        ));
        acts.push(act(
            "record made in error, declined",
            "",
            Role::LineManager,
            Command::DeclineRetraction { reason: words() },
        ));
        if let Some(Handover { times_taken_back, .. }) = state.handover {
            let noted = |decided| Command::NoteDecision { decided, times_taken_back };
            acts.push(act("decision maker has decided", "", Role::Suite, noted(true)));
            acts.push(act("opened again", "", Role::Suite, noted(false)));
        }
        acts
    }
}

/// What those decide whom the page names.
fn decisions(page: &Rules) -> Vec<Act> {
    let contact = page.after_first_visit.as_option().map(|after| &after.contact_in_time.says);
    let team = contact.map_or(Role::Officer, |contact| contact.second_visit_decided_by[0]);
    let asks = contact.is_some_and(|contact| contact.confidence.as_option().is_some());
    let understanding = asks.then_some(Understanding::Confident);
    let settled = [
        (SecondVisit::Needed, "decision that a second visit is needed"),
        (SecondVisit::NotNeeded, "decision that no second visit is needed"),
    ];
    let good_cause =
        [(GoodCause::Accepted, "good cause accepted"), (GoodCause::NotAccepted, "good cause not accepted")];
    let referrer = page.referral.says[0];
    let settled = settled.map(|(second_visit, what)| {
        act(what, "", team, Command::DecideSecondVisit { second_visit, understanding, reason: words() })
    });
    let good_cause = good_cause.map(|(good_cause, what)| {
        let decision = GoodCauseDecision { good_cause, deferral: Some(DeferralDecision::NotGranted) };
        act(what, "", referrer, Command::DecideGoodCause { decision, reason: words() })
    });
    settled.into_iter().chain(good_cause).collect()
}

/// Where the clock may go: a minute on, and to the window's end, just before and after it, and well beyond.
fn instants(Point { state, now, .. }: &Point) -> Vec<DateTime<Utc>> {
    let tick = TimeDelta::microseconds(1);
    let around = |end: DateTime<Utc>| [end - tick, end, end + tick, end + TimeDelta::days(7)];
    let timers = Visiting::timers(state).into_iter().map(|timer| timer.at - tick);
    let ends = state.window.iter().map(|window| window.ends.due.ends_at).chain(timers).flat_map(around);
    ends.filter(|at| at > now).chain([*now + TimeDelta::minutes(1)]).collect()
}

/// How many verdicts there are.
const VERDICTS: usize = 10;

/// A number for every verdict, so that none is forgotten when one is added.
fn place(verdict: Verdict) -> usize {
    match verdict {
        Verdict::Effective => 0,
        Verdict::FirstIneffective => 1,
        Verdict::SecondIneffective => 2,
        Verdict::CountsAsTwo => 3,
        Verdict::TooEarly => 4,
        Verdict::Neither => 5,
        Verdict::InTime => 6,
        Verdict::NotInTime => 7,
        Verdict::NotTheCustomer => 8,
        Verdict::Afterwards => 9,
    }
}

fn ids(rules: &[&'static Rule]) -> Vec<&'static str> {
    rules.iter().map(|rule| rule.id).collect()
}

impl Map {
    /// The stages from which a visit may still be made, of those that a case of this benefit comes to.
    fn open(&self) -> impl Iterator<Item = Stage> {
        let open = |stage: &Stage| !stage.visits_are_over() && !stage.is_before_referral();
        self.titles.keys().copied().filter(open)
    }

    /// What brings a case along a way, and the rules.
    fn label(&self, causes: &Causes, rules: &[&str]) -> String {
        let told = causes.iter().map(|(what, variants)| {
            let all = self.tried[what] == *variants;
            let only = || variants.iter().map(String::as_str).collect::<Vec<_>>().join(" / ");
            if all { what.clone() } else { format!("{what} [{}]", only()) }
        });
        format!("{} ({})", told.collect::<Vec<_>>().join(" or "), rules.join(", "))
    }

    /// The arrows: by where they come from and go to, what stands on them.
    fn arrows(&self) -> BTreeMap<(Begins, Stage), Vec<String>> {
        let mut arrows: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for ((from, to, rules), causes) in &self.ways {
            let same = |stage| self.ways.get(&(Some(stage), *to, rules.clone())) == Some(causes);
            let shared = from.is_some_and(|from| self.open().any(|open| open == from)) && self.open().all(same);
            let begins = match from {
                None => Begins::AtReferral,
                Some(_) if shared => Begins::AtAllOpen,
                Some(stage) => Begins::At(*stage),
            };
            let lines = arrows.entry((begins, *to)).or_default();
            let line = self.label(causes, rules);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        arrows
    }

    fn diagram(&self) -> String {
        let mut text = "```mermaid\nstateDiagram-v2\n  direction LR\n".to_owned();
        let stage = |stage: Stage| format!("state \"{}\" as {}\n", self.titles[&stage], stage.name());
        text += "  state \"The visits go on\" as OPEN {\n";
        self.open().for_each(|open| text += &format!("    {}", stage(open)));
        text += "  }\n";
        let others = self.titles.keys().copied().filter(|stage| self.open().all(|open| open != *stage));
        others.for_each(|other| text += &format!("  {}", stage(other)));
        for ((begins, to), lines) in self.arrows() {
            let from = match begins {
                Begins::AtReferral => "[*]",
                Begins::AtAllOpen => "OPEN",
                Begins::At(stage) => stage.name(),
            };
            writeln!(text, "  {from} --> {} : {}", to.name(), lines.join("<br/>")).unwrap();
        }
        let ended = self.titles.keys().copied().filter(|stage| stage.has_ended());
        ended.for_each(|ended| text += &format!("  {} --> [*]\n", ended.name()));
        text + "```\n"
    }

    fn document(&self) -> String {
        let heading = format!("# How {} cases move through visiting\n\n", title(self.page().benefit));
        let mut text = MADE_BY.to_owned() + &heading + INTRODUCTION + &self.diagram() + STEPS;
        for step in self.page().steps().into_iter().filter(|step| step.part == Part::Visiting) {
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
<!-- Drawn by shared/procedure/tests/diagrams.rs, which fails where this is not current; UPDATE=1 writes it anew. -->
";

const INTRODUCTION: &str = "\
Found by trying everything that can happen to a case, at every stage and at the edges of the window for contact; in
brackets stand the rules that each move rests on. What leaves the frame as a whole can happen at every stage within it.
What happens is recorded here as it happens; a fact that comes late or is corrected has the case judged again from all
its facts, and may move it in other ways.

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
fn every_stage_is_reached_and_every_verdict_given() {
    let stages: BTreeSet<_> = MAPS.iter().flat_map(|map| map.titles.keys().copied()).collect();
    assert_eq!(stages, Stage::ALL.into());
    for map in MAPS.iter().filter(|map| map.page().after_first_visit.as_option().is_some()) {
        assert_eq!(map.verdicts, (0..VERDICTS).collect(), "{}", map.version.name);
    }
}

#[test]
fn the_drawings_are_current() {
    for map in MAPS.iter() {
        let (benefit, _) = map.version.name.split_once('/').expect("a version's name begins with its benefit");
        is_current(&format!("visiting-{benefit}.md"), &map.document());
    }
}
