//! How the story is told on a terminal.

use super::Fault;
use chrono::{DateTime, Utc};
use holdfast_contracts::holdfast::{
    common::v1::{Citation, Effect, Strength, TimelineEntry},
    visiting::v1::Referral,
};
use std::io::Write;

/// The story, as it goes on.
pub(super) struct Story<'a> {
    out: &'a mut (dyn Write + Send),
    steps: u32,
    /// Until when the claimant may get in touch has been told.
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

    /// What the suite made of it, and what is owed next.
    pub(super) fn outcome(&mut self, referral: &Referral, effect: &Effect) -> Result<(), Fault> {
        let stage = referral.stage().as_str_name().trim_start_matches("STAGE_").replace('_', " ").to_lowercase();
        writeln!(self.out, "   case {}, stage: {stage}", referral.case_reference)?;
        if !self.window_told
            && let Some(ends) = referral.contact_window.as_ref().and_then(|window| window.ends.as_ref())
            && let Some(at) = ends.at.and_then(|at| DateTime::from_timestamp(at.seconds, 0))
        {
            writeln!(self.out, "   the claimant has until {}", at.format("the end of %a %d %b %Y"))?;
            self.window_told = true;
        }
        for note in &effect.notes {
            writeln!(self.out, "   note: {note}")?;
        }
        for citation in &effect.citations {
            writeln!(self.out, "   because {}", cited(citation))?;
        }
        for task in &effect.tasks {
            let owner = task.owner().as_str_name().trim_start_matches("ROLE_").replace('_', " ").to_lowercase();
            let rule = task.citation.as_ref().map(|citation| citation.rule.as_str()).unwrap_or_default();
            writeln!(self.out, "   owed next by the {owner}: {} ({rule}; {})", task.what, task.discharged_by)?;
        }
        Ok(())
    }

    pub(super) fn timeline(&mut self, entries: &[TimelineEntry]) -> Result<(), Fault> {
        writeln!(self.out, "\nWhat the journal keeps, each entry chained to the one before:")?;
        for entry in entries {
            let hash: String = entry.hash.chars().take(8).collect();
            writeln!(self.out, "   {:>3}  {hash}  {}  [{}]", entry.sequence, entry.summary, entry.rules.join(", "))?;
        }
        Ok(())
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
