//! How a PIP case moves through conferencing, drawn from the decider itself: every way a case can go is explored, and
//! what was found is compared with the document. `UPDATE=1 cargo test -p holdfast-procedure --test conferencing` writes
//! it anew.

use super::case::{CHECKED, Case, ids};
use super::file_samples::two_visits;
use super::step::Step::{self, *};
use super::step::{CES, REFERRER};
use holdfast_procedure::conferencing::ActionResult::{NotTaken, Overtaken, Taken};
use holdfast_procedure::conferencing::Stage::{self, *};
use holdfast_procedure::conferencing::{Event, Marker, Outcome};
use holdfast_procedure::{Role, Told};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write;
use std::{fs, path::Path, sync::LazyLock};

/// What tells one point from another, as far as the ways on from it may differ: the stage, what is owed, what was
/// determined and whether its outcome is back, what was looked at, asked for, talked about and agreed, and where a death
/// ended the case.
type Key = (Stage, BTreeSet<String>, Option<(bool, bool)>, bool, [usize; 4], Option<Stage>);

/// From where to where under which rules; a case comes from nowhere when it is handed over.
type Way = (Option<Stage>, Stage, Vec<&'static str>);

/// Explored once for all tests.
static MAP: LazyLock<Map> = LazyLock::new(Map::drawn);

#[derive(Default)]
struct Map {
    ways: BTreeMap<Way, BTreeSet<&'static str>>,
    titles: BTreeMap<Stage, String>,
    /// By stage: what, owner, rule, discharged by.
    owed: BTreeSet<(Stage, String, &'static str, &'static str, &'static str)>,
}

/// A case on its way, and the stage to which it goes back where a death turns out to be a mistake.
type Point = (Case, Option<Stage>);

/// Everything that can be tried, in caseworkers' words. Items are looked at in their order: any other leads to the same.
fn acts(case: &Case) -> Vec<(&'static str, Step)> {
    let next = CHECKED.into_iter().nth(case.state.findings.len());
    let mut acts: Vec<_> = next.map(|step| ("assurance check", step)).into_iter().collect();
    acts.extend([
        ("marker considered", Support(Marker::NotPutOn)),
        ("prescribed note made", note_of(case)),
        ("further information required", Further(true)),
        ("no further information required", Further(false)),
        ("conference", Conference("", &[CES, REFERRER])),
        ("conference without the referrer", Conference("", &[CES])),
        ("no concern", Determine(true, false)),
        ("concern", Determine(true, true)),
        ("concern before everything was considered", Determine(false, true)),
        ("outcome of safeguarding", Concluded("")),
        ("closing note", Note("")),
        ("return", Return),
        ("decision", Decide(Outcome::Disallow)),
        ("reconsideration", Reopen),
        ("death verified by a second person", ConfirmDeath),
        ("report of the death was mistaken", DeathMistaken),
    ]);
    if case.state.customer.death.is_none() {
        acts.push(("death reported", Died("")));
    }
    if case.state.actions.is_empty() {
        acts.push(("action agreed", Agree(Role::Referrer, None)));
    } else {
        let reports = [("action taken", Taken), ("action overtaken", Overtaken), ("action not taken", NotTaken)];
        acts.extend(reports.map(|(what, result)| (what, Report(1, result, ""))));
    }
    acts
}

/// The prescribed note, under the name that it has by now.
fn note_of(case: &Case) -> Step {
    let owed = case.owed().into_iter().find(|key| key.starts_with("prescribed-note"));
    Complete(owed.map_or("prescribed-note", |key| Box::leak(key.into_boxed_str())), "")
}

fn key((case, resumes): &Point) -> Key {
    let state = &case.state;
    let determined = state.determination.as_ref().map(|determined| (determined.satisfied, determined.concern));
    let asked = state.further_information_required().map_or(0, |required| 1 + usize::from(required));
    let done = [state.findings.len(), asked, usize::from(state.conference_held()), state.actions.len()];
    // How often the file has come back makes no difference to what may come of it.
    let owed = case.owed().into_iter().map(|key| key.split(":again-").next().unwrap_or_default().to_owned());
    (state.stage, owed.collect(), determined, state.outcome_is_back, done, *resumes)
}

impl Map {
    /// Explores, breadth first, until nothing new is found.
    fn drawn() -> Self {
        let mut map = Self::default();
        let handed_over = Case::with(two_visits);
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
        let with_lead = || Stage::ALL.into_iter().filter(|stage| stage.is_with_lead());
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
        text += "  state \"The file is with the CES Team\" as LEAD {\n";
        let (with_lead, others): (Vec<_>, Vec<_>) = Stage::ALL.into_iter().partition(|stage| stage.is_with_lead());
        with_lead.into_iter().for_each(|with_lead| text += &format!("    {}", stage(with_lead)));
        text += "  }\n";
        others.into_iter().for_each(|other| text += &format!("  {}", stage(other)));
        for ((from, to), lines) in self.arrows() {
            writeln!(text, "  {from} --> {} : {}", to.name(), lines.join("<br/>")).unwrap();
        }
        text + "  DECIDED --> [*]\n  ENDED_DEATH --> [*]\n```\n"
    }

    fn document(&self) -> String {
        let mut text = INTRODUCTION.to_owned() + &self.diagram() + TASKS;
        for (stage, what, owner, rule, by) in &self.owed {
            writeln!(text, "| {} | {owner} | {what} | {rule} | `{by}` |", self.titles[stage]).unwrap();
        }
        text
    }
}

impl Case {
    /// Does a step that may be refused, without the checks that need the whole journal; whether it changed anything.
    fn attempt_alone(&mut self, step: &Step) -> bool {
        let by = super::case::actor(step.role());
        let Ok(decision) = self.decide(&by, &step.command(self.now)) else { return false };
        let changed = !decision.events.is_empty();
        for ruled in decision.events {
            self.keep(ruled, &by);
        }
        changed
    }
}

const INTRODUCTION: &str = "\
<!-- Drawn by shared/procedure/tests/conferencing/diagram.rs, which fails where this is not current; UPDATE=1 writes it
anew. -->
# How a PIP case moves through conferencing

Found by trying everything that can happen to a case at every stage; in brackets stand the rules that each move rests
on. What leaves the frame as a whole can happen at every stage within it. What happened is recorded at every stage; only
what moves the case on or back is drawn.

";

const TASKS: &str = "
## What may be owed at each stage

| stage | owner | what | rule | discharged by |
|---|---|---|---|---|
";

#[test]
fn every_stage_is_reached_and_every_stage_but_the_last_is_left() {
    let map = &*MAP;
    assert_eq!(map.titles.keys().copied().collect::<Vec<_>>(), Stage::ALL);
    for stage in Stage::ALL {
        assert!(map.ways.keys().any(|(from, to, _)| *from == Some(stage) && *to != stage), "{stage:?} is a dead end");
    }
}

/// Whatever the way, a decision comes after a return, and a return after the closing note.
#[test]
fn there_is_no_way_round() {
    let map = &*MAP;
    let into = |stage| -> BTreeSet<_> {
        let ways = map.ways.keys().filter(|(_, to, rules)| *to == stage && !rules.is_empty());
        ways.filter_map(|(from, ..)| *from).collect()
    };
    assert_eq!(into(Decided), [DecisionDue, EndedDeath].into());
    assert_eq!(into(DecisionDue), [ReturnDue, EndedDeath].into());
    assert_eq!(into(ReturnDue), [ClosingNoteDue, EndedDeath].into());
    assert_eq!(into(ClosingNoteDue), [DeterminationDue, Escalated, ReturnDue, EndedDeath].into());
}

#[test]
fn the_drawing_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/conferencing-pip.md");
    let drawn = MAP.document();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &drawn).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == drawn, "{} is not current: run with UPDATE=1", path.display());
}
