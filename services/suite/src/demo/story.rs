//! How the story is told on a terminal.

use super::Fault;
use chrono::{DateTime, Utc};
use holdfast_contracts::holdfast::common::v1::{Citation, Effect, Strength};
use std::io::Write;

/// How much of what is owed is told at each step.
const MOST_TASKS: usize = 4;

/// The story, as it goes on.
pub(super) struct Story<'a> {
    out: &'a mut (dyn Write + Send),
    steps: u32,
    /// Until when the customer may get in touch has been told.
    window_told: bool,
}

impl<'a> Story<'a> {
    pub(super) fn new(out: &'a mut (dyn Write + Send)) -> Self {
        Self { out, steps: 0, window_told: false }
    }

    pub(super) fn title(&mut self, text: &str) -> Result<(), Fault> {
        Ok(writeln!(self.out, "\n{text}")?)
    }

    /// Something happens.
    pub(super) fn step(&mut self, at: DateTime<Utc>, text: &str) -> Result<(), Fault> {
        self.steps += 1;
        Ok(writeln!(self.out, "\n{}. {}  {text}", self.steps, at.format("%a %d %b %Y, %H:%M"))?)
    }

    /// Until when the customer may get in touch, once.
    pub(super) fn window(&mut self, ends: Option<prost_types::Timestamp>) -> Result<(), Fault> {
        let ends = ends.and_then(|at| DateTime::from_timestamp(at.seconds, 0)).filter(|_| !self.window_told);
        let Some(ends) = ends else { return Ok(()) };
        self.window_told = true;
        Ok(writeln!(self.out, "   the customer has until {}", ends.format("the end of %a %d %b %Y"))?)
    }

    /// What the suite made of it, and what is owed next.
    pub(super) fn outcome(&mut self, case: &str, stage: &str, effect: Option<Effect>) -> Result<(), Fault> {
        let effect = effect.ok_or("the reply does not say what follows")?;
        let stage = stage.split_once("STAGE_").map_or(stage, |(_, stage)| stage).replace('_', " ").to_lowercase();
        writeln!(self.out, "   case {case}, stage: {stage}")?;
        for note in &effect.notes {
            writeln!(self.out, "   note: {note}")?;
        }
        for citation in &effect.citations {
            writeln!(self.out, "   because {}", cited(citation))?;
        }
        for task in effect.tasks.iter().take(MOST_TASKS) {
            let owner = task.owner().as_str_name().trim_start_matches("ROLE_").replace('_', " ").to_lowercase();
            let rule = task.citation.as_ref().map(|citation| citation.rule.as_str()).unwrap_or_default();
            writeln!(self.out, "   owed next by the {owner}: {} ({rule}; {})", task.what, task.discharged_by)?;
        }
        let more = effect.tasks.len().saturating_sub(MOST_TASKS);
        if more > 0 {
            writeln!(self.out, "   and {more} more")?;
        }
        Ok(())
    }

    /// Somebody was told no, and why.
    pub(super) fn refused(&mut self, status: &tonic::Status) -> Result<(), Fault> {
        Ok(writeln!(self.out, "   refused: {}", status.message())?)
    }

    /// Where it is told.
    pub(super) fn out(&mut self) -> &mut (dyn Write + Send) {
        self.out
    }
}

fn cited(citation: &Citation) -> String {
    let of = match citation.strength() {
        Strength::Ruling => "ruling on",
        Strength::Must | Strength::MustNot | Strength::May | Strength::Definition | Strength::Unspecified => {
            "paragraph"
        }
    };
    format!("{} ({of} {}): {}", citation.rule, citation.paragraph, citation.requires)
}
