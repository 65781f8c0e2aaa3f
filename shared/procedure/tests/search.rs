//! Every decider searched exhaustively in small scopes: every command, every enumerated argument and the instants before,
//! on and after each term, from every state, until there is no state that was not met.
//!
//! What has to hold is written down once more, from the texts and by itself ([`asks`], the `…_laws`), and compared with
//! what the deciders make of what was recorded: no adverse decision and no release before what has to come first, no dead
//! end, whoever owes a step may take it, and every state goes on under the next version of the guidance. What was met is
//! compared with all that there is ([`coverage`]), and mistakes seeded one at a time have to be found ([`mutants`]).
//!
//! The ordinary run keeps to small bounds; the wide one is asked for by `--ignored`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    missing_docs,
    reason = "a test that cannot go on should stop where it stands"
)]
#![allow(clippy::print_stdout, reason = "how much was searched is a result")]

#[path = "search/arguments.rs"]
mod arguments;
#[path = "search/asks.rs"]
mod asks;
#[path = "search/conferencing/subject.rs"]
mod conferencing;
#[path = "search/conferencing/correction_laws.rs"]
mod conferencing_correction_laws;
#[path = "search/conferencing/corrections.rs"]
mod conferencing_corrections;
#[path = "search/conferencing/facts.rs"]
mod conferencing_facts;
#[path = "search/conferencing/laws.rs"]
mod conferencing_laws;
#[path = "search/conferencing/moves.rs"]
mod conferencing_moves;
#[path = "search/conferencing/mutants.rs"]
mod conferencing_mutants;
#[path = "search/conferencing/recorded.rs"]
mod conferencing_recorded;
#[path = "search/conferencing/sketch.rs"]
mod conferencing_sketch;
#[path = "search/conferencing/state_laws.rs"]
mod conferencing_state_laws;
#[path = "search/conferencing/told.rs"]
mod conferencing_told;
#[path = "search/continued.rs"]
mod continued;
#[path = "search/coverage.rs"]
mod coverage;
#[path = "search/directory/subject.rs"]
mod directory;
#[path = "search/directory/laws.rs"]
mod directory_laws;
#[path = "search/directory/mutants.rs"]
mod directory_mutants;
#[path = "search/escalation/subject.rs"]
mod escalation;
#[path = "search/escalation/corrections.rs"]
mod escalation_corrections;
#[path = "search/escalation/entry.rs"]
mod escalation_entry;
#[path = "search/escalation/laws.rs"]
mod escalation_laws;
#[path = "search/escalation/moves.rs"]
mod escalation_moves;
#[path = "search/escalation/sketch.rs"]
mod escalation_sketch;
#[path = "search/exception/subject.rs"]
mod exception;
#[path = "search/exception/laws.rs"]
mod exception_laws;
#[path = "search/exception/mutants.rs"]
mod exception_mutants;
#[path = "search/graph.rs"]
mod graph;
#[path = "search/law.rs"]
mod law;
#[path = "search/mutants.rs"]
mod mutants;
#[path = "search/people.rs"]
mod people;
#[path = "search/sanction/subject.rs"]
mod sanction;
#[path = "search/sanction/laws.rs"]
mod sanction_laws;
#[path = "search/sanction/moves.rs"]
mod sanction_moves;
#[path = "search/sanction/mutants.rs"]
mod sanction_mutants;
#[path = "search/scopes.rs"]
mod scopes;
#[path = "search/sketch.rs"]
mod sketch;
#[path = "search/subject.rs"]
mod subject;
#[path = "search/versions.rs"]
mod versions;
#[path = "search/visiting/subject.rs"]
mod visiting;
#[path = "search/visiting/before.rs"]
mod visiting_before;
#[path = "search/visiting/before_laws.rs"]
mod visiting_before_laws;
#[path = "search/visiting/laws.rs"]
mod visiting_laws;
#[path = "search/visiting/moves.rs"]
mod visiting_moves;
#[path = "search/visiting/mutants.rs"]
mod visiting_mutants;
#[path = "search/visiting/retracted.rs"]
mod visiting_retracted;
#[path = "search/visiting/seen.rs"]
mod visiting_seen;
#[path = "search/visiting/sketch.rs"]
mod visiting_sketch;
#[path = "search/visiting/state_laws.rs"]
mod visiting_state_laws;
