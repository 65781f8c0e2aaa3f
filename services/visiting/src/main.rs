//! `holdfast-visiting`: the visiting service by itself.

use std::process::ExitCode;

fn main() -> ExitCode {
    holdfast_store::process::run(&holdfast_visiting::Program)
}
