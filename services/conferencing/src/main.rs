//! `holdfast-conferencing`: the conferencing service by itself.

use holdfast_conferencing::Program;
use std::process::ExitCode;

fn main() -> ExitCode {
    holdfast_store::process::run(&Program)
}
