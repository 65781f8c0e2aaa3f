//! `holdfast-safeguarding`: the safeguarding service by itself.

use std::process::ExitCode;

fn main() -> ExitCode {
    holdfast_store::process::run(&holdfast_safeguarding::Program)
}
