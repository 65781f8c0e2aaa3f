//! How a case of each benefit moves through conferencing, drawn from the decider itself: every way a case can go is
//! explored, and what was found is compared with the documents.
//! `UPDATE=1 cargo test -p holdfast-procedure --test conferencing` writes them anew.

use super::always::page;
use super::case::{Case, STAGES, ids};
use super::file_samples::{EVERY_BENEFIT, anew_in};
use super::kept::{is_current, latest, title};
use super::step::Step::{self, *};
use super::step::{CEAST, CES, EVERYTHING, HEO, REFERRER, SPOC, TEAM_LEADER, There};
use holdfast_procedure::benefit::{Part, Prescribed, Rules, Satisfied};
use holdfast_procedure::conferencing::ActionResult::{NotTaken, Overtaken, Taken};
use holdfast_procedure::conferencing::Stage::{self, *};
use holdfast_procedure::conferencing::{Deferral, Event, FindingResult, Marker, PartnershipManager, Party};
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::handover::File;
use holdfast_procedure::task::COMPLETE_TASK;
use holdfast_procedure::{Role, Told};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write;
use std::sync::LazyLock;

/// What tells one point from another, as far as the ways on from it may differ: the stage, what is owed, what was
/// determined and whether its outcome is back, what was looked at, asked for, talked about and agreed, and where a death
/// ended the case.
type Key = (Stage, BTreeSet<String>, Option<(bool, bool)>, bool, [usize; 4], Option<Stage>);

/// From where to where under which rules; a case comes from nowhere when it is handed over.
type Way = (Option<Stage>, Stage, Vec<&'static str>);

/// Explored once for all tests.
static MAPS: LazyLock<Vec<Map>> = LazyLock::new(|| EVERY_BENEFIT.into_iter().map(Map::drawn).collect());

/// The two parties of a conference, in each benefit.
const PAIRS: [&[There]; 4] = [&[CES, REFERRER], &[HEO, REFERRER], &[TEAM_LEADER, REFERRER], &[CEAST, SPOC]];

struct Map {
    page: Rules,
    version: String,
    ways: BTreeMap<Way, BTreeSet<&'static str>>,
    titles: BTreeMap<Stage, String>,
    /// By stage: what, owner, rule, discharged by.
    owed: BTreeSet<(Stage, String, &'static str, &'static str, &'static str)>,
}

/// A case on its way, and the stage to which it goes back where a death turns out to be a mistake.
type Point = (Case, Option<Stage>);

/// Everything that can be tried, in caseworkers' words. Items are looked at in their order: any other leads to the same.
fn acts(case: &Case) -> Vec<(&'static str, Step)> {
    let page = page(case).conferencing;
    let looked_at = |item| case.state.findings.iter().any(|finding| finding.what.item == item);
    let next = page.assurance.says.iter().find(|item| !looked_at(**item));
    let checked = |item: &_| ("assurance check", Find(*item, FindingResult::Reviewed, ""));
    let mut acts: Vec<_> = next.map(checked).into_iter().collect();
    acts.extend([
        ("marker considered", Support(Marker::NotPutOn)),
        ("further information required", Further(true)),
        ("no further information required", Further(false)),
        ("concern before everything was considered", Determine(false, true)),
        ("outcome of safeguarding", Concluded("")),
        ("closing note", Note("")),
        ("documentation gathered", Gather("", EVERYTHING)),
        ("return", Return),
        ("decision", Decide(page.decision.says.outcomes[0])),
        ("reconsideration", Reopen),
        ("death verified by a second person", ConfirmDeath),
        ("report of the death was mistaken", DeathMistaken),
    ]);
    acts.extend(notes(case));
    acts.extend(conferences(case));
    if case.state.customer.death.is_none() {
        acts.push(("death reported", Died("")));
    }
    if case.state.taken_back.is_none() {
        acts.push(("taken back by DWP Visiting", TakeBack("")));
    } else {
        let benefit = case.state.received.as_ref().expect("a case").file.award.benefit;
        acts.push(("handed over anew", Receive(anew_in(benefit))));
        let harmless = page.decision.says.outcomes.iter().find(|outcome| !outcome.is_adverse());
        acts.push(("decision", Decide(*harmless.expect("an outcome"))));
    }
    if case.state.actions.is_empty() {
        acts.push(("action agreed", Agree(Role::Referrer, None)));
    } else {
        let reports = [("action taken", Taken), ("action overtaken", Overtaken), ("action not taken", NotTaken)];
        acts.extend(reports.map(|(what, result)| (what, Report(1, result, ""))));
    }
    acts
}

/// What both parties say to each other, and what follows from it.
fn conferences(case: &Case) -> Vec<(&'static str, Step)> {
    let page = page(case).conferencing;
    let lead = Party::Department(page.conference.says.between[0]);
    let there = PAIRS.into_iter().find(|pair| pair[0].0 == lead).expect("the parties of every benefit");
    let (manager, deferral) = match page.partnership_manager {
        Prescribed::Yes(_) => (Some(PartnershipManager::NotInvolved), Some(Deferral::NotAppropriate)),
        Prescribed::No => (None, None),
    };
    let [none, some] = match page.satisfied.says {
        Satisfied::Lead => [Determine(true, false), Determine(true, true)],
        Satisfied::Participants => [Assented(false, there), Assented(true, there)],
    };
    vec![
        ("conference", Considered("", there, manager, deferral)),
        ("conference of one party", Considered("", &there[..1], manager, deferral)),
        ("no concern", none),
        ("concern", some),
    ]
}

/// The notes that the guidance prescribes, under the names that they have by now.
fn notes(case: &Case) -> Vec<(&'static str, Step)> {
    let page = page(case).conferencing;
    let kinds =
        [(page.prescribed_note.rules(), "prescribed note made"), (page.review_note.rules(), "agreed actions noted")];
    let owed = case.tasks().into_iter().filter(|task| task.discharged_by == COMPLETE_TASK);
    let note = |task: holdfast_procedure::Task| {
        let (_, what) = kinds.into_iter().find(|(rules, _)| rules[0] == task.rule)?;
        let key: &'static str = Box::leak(task.key.into_boxed_str());
        Some((what, As(task.owner, Box::leak(Box::new(Complete(key, ""))))))
    };
    owed.filter_map(note).collect()
}

fn key((case, resumes): &Point) -> Key {
    let state = &case.state;
    let determined = state.determination.as_ref().map(|determined| (determined.satisfied, determined.concern));
    let asked = state.further_information_required().map_or(0, |required| 1 + usize::from(required));
    let done = [state.findings.len(), asked, usize::from(state.conference_held()), state.actions.len()];
    // How often the file has come back makes no difference to what may come of it.
    let owed = case.owed().into_iter().map(|key| match key.split_once(":") {
        Some(("enquiry", _)) => "enquiry".to_owned(),
        _ => key.split(":again-").next().unwrap_or_default().to_owned(),
    });
    (state.stage, owed.collect(), determined, state.outcome_is_back, done, *resumes)
}

impl Map {
    /// Explores, breadth first, until nothing new is found.
    fn drawn(file: fn() -> File) -> Self {
        let handed_over = Case::with(file);
        let (page, received) = (page(&handed_over), handed_over.state.received.as_ref().expect("a file"));
        let (version, ways, titles, owed) =
            (received.version.clone(), BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
        let mut map = Self { page, version, ways, titles, owed };
        map.take_in("handover", &handed_over, None);
        let (mut ahead, mut seen) = (VecDeque::from([(handed_over, None)]), BTreeSet::new());
        while let Some(point) = ahead.pop_front() {
            if !seen.insert(key(&point)) {
                continue;
            }
            let (case, resumes) = point;
            for (what, step) in acts(&case) {
                let mut after = case.clone();
                // Everything is done at an instant of its own.
                after.now += chrono::TimeDelta::minutes(1);
                after.journal.clear();
                if after.attempt_alone(&step) {
                    map.take_in(what, &after, Some(case.state.stage));
                    let ended = after.state.stage == EndedDeath;
                    let resumes = resumes.or(Some(case.state.stage)).filter(|_| ended);
                    ahead.push_back((after, resumes));
                }
            }
        }
        map
    }

    /// Takes in how a case came to its stage, and what is owed there.
    fn take_in(&mut self, what: &'static str, case: &Case, mut from: Option<Stage>) {
        for kept in &case.journal {
            let Event::StageReached { stage } = kept.ruled.event else { continue };
            self.titles.insert(stage, kept.ruled.event.summary().trim_end_matches('.').to_owned());
            self.ways.entry((from, stage, ids(&kept.ruled.rules))).or_default().insert(what);
            from = Some(stage);
        }
        for task in case.tasks() {
            self.owed.insert((case.state.stage, task.what, task.owner.title(), task.rule.id, task.discharged_by));
        }
    }

    /// The arrows: by where they come from and go to, what stands on them. Whatever leads on from every stage of the lead's
    /// alike is drawn once.
    fn arrows(&self) -> BTreeMap<(&'static str, Stage), Vec<String>> {
        let mut arrows: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let with_lead = || self.titles.keys().copied().filter(|stage| stage.is_with_lead());
        for ((from, to, rules), causes) in &self.ways {
            let same = |stage| stage == *to || self.ways.get(&(Some(stage), *to, rules.clone())) == Some(causes);
            let shared = from.is_some_and(Stage::is_with_lead) && with_lead().all(same);
            let begins = match from {
                None => "[*]",
                Some(_) if shared => "LEAD",
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
        text +=
            &format!("  state \"The file is with the {}\" as LEAD {{\n", self.page.conferencing.lead.says.role.title());
        let (with_lead, others): (Vec<_>, Vec<_>) = self.titles.keys().copied().partition(|stage| stage.is_with_lead());
        with_lead.into_iter().for_each(|with_lead| text += &format!("    {}", stage(with_lead)));
        text += "  }\n";
        others.into_iter().for_each(|other| text += &format!("  {}", stage(other)));
        for ((from, to), lines) in self.arrows() {
            writeln!(text, "  {from} --> {} : {}", to.name(), lines.join("<br/>")).unwrap();
        }
        text + "  DECIDED --> [*]\n  ENDED_DEATH --> [*]\n```\n"
    }

    fn document(&self) -> String {
        let heading = format!("# How {} cases move through conferencing\n\n", title(self.page.benefit));
        let mut text = MADE_BY.to_owned() + &heading + INTRODUCTION + &self.diagram() + STEPS;
        let told = |step: &holdfast_procedure::benefit::Step| [Part::Conferencing, Part::Decision].contains(&step.part);
        for step in self.page.steps().into_iter().filter(told) {
            writeln!(text, "| {} | {} | {} |", step.name, step.prescribed, ids(&step.rules).join(", ")).unwrap();
        }
        text += TASKS;
        for (stage, what, owner, rule, by) in &self.owed {
            writeln!(text, "| {} | {owner} | {what} | {rule} | `{by}` |", self.titles[stage]).unwrap();
        }
        text
    }
}

impl Case {
    /// Does a step that may be refused, without the checks that need the whole journal; whether it changed anything.
    fn attempt_alone(&mut self, step: &Step) -> bool {
        let by = super::case::actor(self.usually(step));
        let Ok(decision) = self.decide(&by, &step.command(self.now)) else { return false };
        let changed = !decision.events.is_empty();
        for ruled in decision.events {
            self.keep(ruled, &by);
        }
        changed
    }
}

const MADE_BY: &str = "\
<!-- Drawn by shared/procedure/tests/conferencing/diagram.rs, which fails where this is not current; UPDATE=1 writes it
anew. -->
";

const INTRODUCTION: &str = "\
Found by trying everything that can happen to a case at every stage; in brackets stand the rules that each move rests
on. What leaves the frame as a whole can happen at every stage within it. What happened is recorded at every stage; only
what moves the case on or back is drawn.

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
fn every_stage_is_reached_and_every_stage_but_the_last_is_left() {
    let reached: BTreeSet<_> = MAPS.iter().flat_map(|map| map.titles.keys().copied()).collect();
    assert_eq!(reached, Stage::ALL.into());
    assert_eq!(MAPS[0].titles.keys().copied().collect::<Vec<_>>(), STAGES, "PIP");
    for map in MAPS.iter() {
        for stage in map.titles.keys() {
            let left = map.ways.keys().any(|(from, to, _)| *from == Some(*stage) && to != stage);
            assert!(left, "{}: {stage:?} is a dead end", map.version);
        }
    }
}

/// Whatever the way, a decision comes after a return, and a return after what puts the steps on record where it is owed.
#[test]
fn there_is_no_way_round() {
    let into = |map: &Map, stage| -> BTreeSet<_> {
        let ways = map.ways.keys().filter(|(_, to, rules)| *to == stage && !rules.is_empty());
        ways.filter_map(|(from, ..)| *from).collect()
    };
    for map in MAPS.iter() {
        assert_eq!(into(map, Decided), [DecisionDue, EndedDeath].into(), "{}", map.version);
        assert_eq!(into(map, DecisionDue), [ReturnDue, EndedDeath].into(), "{}", map.version);
    }
    assert_eq!(into(&MAPS[0], ReturnDue), [ClosingNoteDue, EndedDeath].into());
    assert_eq!(into(&MAPS[0], ClosingNoteDue), [DeterminationDue, Escalated, ReturnDue, EndedDeath].into());
}

#[test]
fn the_drawings_are_current() {
    assert_eq!(MAPS.len(), latest(&Guidance::published()).len(), "every benefit is drawn");
    for map in MAPS.iter() {
        let (benefit, _) = map.version.split_once('/').expect("a version's name begins with its benefit");
        is_current(&format!("conferencing-{benefit}.md"), &map.document());
    }
}
