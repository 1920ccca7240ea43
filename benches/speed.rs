//! How long the compiler takes from a cold start to the written file, beside programs that do less. See README.md; `benches/run` is this, with
//! the binary of `gh-workflow/` in `$GH_WORKFLOW`.
//!
//! `speed N…` measures; `speed spec N FILE` writes the work, `speed timed-spec N FILE` and `speed alike-spec N FILE`
//! the same with durations, and `speed read-write SPEC BYTES OUT` is the floor: it reads the spec and writes
//! as much as the compiler does. Both are processes of their own, since the memory of a process that starts another counts as the other's.
// This is a program: it reads, writes and prints.
#![allow(clippy::disallowed_methods, clippy::print_stdout, missing_docs)]

mod measure;
mod work;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use measure::{OUT, Program, compiler, copy, measure, table};

const RUNS: usize = 15;
const SPEC: &str = "work.pipe";
/// The same work with durations, which the optimiser plays and finds nothing better for; and of jobs that may share machines.
const TIMED: &str = "timed.pipe";
const ALIKE: &str = "alike.pipe";
const MADE: &str = "made.yml";
const FLOOR: &str = "read + write";
const PEER: &str = "gh-workflow";

fn main() -> Result<(), Box<dyn Error>> {
    // cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with("--")).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["spec", count, file] => Ok(fs::write(file, work::spec(count.parse()?))?),
        ["alike-spec", count, file] => Ok(fs::write(file, work::alike_spec(count.parse()?))?),
        ["timed-spec", count, file] => Ok(fs::write(file, work::timed_spec(count.parse()?))?),
        ["read-write", spec, bytes, out] => read_write(spec, bytes.parse()?, out),
        [] => report(&[10, 100, 1_000, 10_000]),
        ref counts => report(&counts.iter().map(|it| it.parse()).collect::<Result<Vec<_>, _>>()?),
    }
}

fn read_write(spec: &str, bytes: usize, out: &str) -> Result<(), Box<dyn Error>> {
    let mut text = fs::read(spec)?;
    while text.len() < bytes {
        text.extend_from_within(..text.len().min(bytes - text.len()));
    }
    Ok(fs::write(out, &text[..bytes])?)
}

fn report(counts: &[usize]) -> Result<(), Box<dyn Error>> {
    let mut measured = Vec::new();
    for &count in counts {
        let directory = tempfile::tempdir()?;
        let programs = programs(count, directory.path())?;
        measured.push((count, measure(&programs, RUNS)?));
    }
    println!("medians of {RUNS} runs\n{}", table(&measured, &[FLOOR, PEER]));
    Ok(())
}

fn programs(count: usize, directory: &Path) -> Result<Vec<Program>, Box<dyn Error>> {
    let own = std::env::current_exe()?;
    fs::write(directory.join(TIMED), work::timed_spec(count))?;
    fs::write(directory.join(ALIKE), work::alike_spec(count))?;
    let repository = directory.join("repository");
    fs::create_dir(&repository)?;
    for directory in [directory, &repository] {
        done(Command::new(&own).args(["spec", &count.to_string(), SPEC]).current_dir(directory))?;
    }
    done(Command::new("git").args(["init", "-q"]).current_dir(&repository))?;
    // Tracked: the compiler is told of what it may read.
    done(Command::new("git").args(["add", SPEC]).current_dir(&repository))?;
    let binary = Path::new(env!("CARGO_BIN_EXE_pipelay"));
    done(Command::new(binary).args(["compile", SPEC, "-o", MADE]).current_dir(directory))?;
    let bytes = fs::metadata(directory.join(MADE))?.len();
    let program = |name, program: &Path, arguments: &[&str]| Program {
        name,
        binary: program.to_owned(),
        arguments: arguments.iter().map(|&it| it.to_owned()).collect(),
        directory: directory.to_owned(),
    };
    let mut programs = vec![
        copy(directory, MADE),
        program(FLOOR, &own, &["read-write", SPEC, &bytes.to_string(), OUT]),
        compiler("pipelay", binary, directory, SPEC),
        compiler("pipelay, in a repository", binary, &repository, SPEC),
        compiler("pipelay, with durations", binary, directory, TIMED),
        compiler("pipelay, and alike", binary, directory, ALIKE),
    ];
    if let Some(peer) = std::env::var_os("GH_WORKFLOW") {
        programs.push(program(PEER, Path::new(&peer), &[&count.to_string(), OUT]));
    }
    Ok(programs)
}

/// Runs a command that must succeed.
fn done(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?}: {status}").into()) }
}
