//! Tables of what happens to a case, and what it comes to.

use super::case::{Case, Step};
use holdfast_procedure::visiting::{Stage, Verdict};

/// A row of a table: what happened, and what it comes to.
pub(crate) struct Row(
    pub(crate) &'static str,
    pub(crate) &'static [Step],
    pub(crate) Stage,
    pub(crate) &'static [(u32, Verdict)],
);

/// Runs a table, naming every row that does not come out.
pub(crate) fn run(rows: &[Row]) {
    let mut wrong = Vec::new();
    for Row(name, steps, stage, verdicts) in rows {
        let case = Case::given(steps);
        if case.state.stage != *stage || case.verdicts() != *verdicts {
            wrong.push(format!("{name}: {:?}, {:?}", case.state.stage, case.verdicts()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
