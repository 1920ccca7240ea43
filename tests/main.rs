//! Every promise of the project, one module each, in one binary.
// Tests read files, run programs and stop at the first thing that is not as it should be.
#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::print_stderr, clippy::unwrap_used)]

mod act;
mod actions;
mod audits;
mod caches;
#[cfg(feature = "cli")]
mod cli;
mod codes;
mod compile;
mod cost;
mod errors;
mod explain;
mod expr;
mod format;
mod gate;
mod graph;
mod handover;
mod import;
mod init;
mod interpret;
mod judged;
mod lesson;
mod library;
mod licences;
mod patterns;
mod pins;
mod place;
mod plan;
mod random;
#[cfg(feature = "cli")]
mod readme;
mod recovery;
mod registry;
mod render;
mod robust;
mod run;
mod scripts;
mod services;
mod shards;
mod shared;
#[cfg(feature = "cli")]
mod speed;
mod standins;
mod switches;
mod workflow;
