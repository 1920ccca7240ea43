//! The command line: see `pipelay --help`.
// The library does no IO, so all of it is here: this is the one crate that may read files, the environment and git.
#![allow(clippy::disallowed_methods)]

mod cli;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
