//! Whole processes, measured side by side: each is run once in every round, so that a slow spell of the machine meets all of them.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4 as _;

/// A program to measure.
pub(crate) struct Program {
    /// What the table calls it.
    pub(crate) name: &'static str,
    /// What is run.
    pub(crate) binary: PathBuf,
    /// With which arguments.
    pub(crate) arguments: Vec<String>,
    /// In which directory.
    pub(crate) directory: PathBuf,
}

/// What a program took: medians.
pub(crate) struct Taken {
    /// What the table calls it.
    pub(crate) name: &'static str,
    /// From its start to its end.
    pub(crate) time: Duration,
    /// The most memory that it had at once, in KiB.
    pub(crate) peak: u32,
}

/// The file that every program makes, in its directory. It is removed before each run.
pub(crate) const OUT: &str = "out.yml";

/// Runs all programs `runs` times. Each must succeed, and make its file.
pub(crate) fn measure(programs: &[Program], runs: usize) -> io::Result<Vec<Taken>> {
    let mut samples = vec![Vec::new(); programs.len()];
    for _ in 0..runs {
        for (program, samples) in programs.iter().zip(&mut samples) {
            samples.push(run(program)?);
        }
    }
    let taken = |(program, samples): (&Program, Vec<(Duration, u32)>)| {
        let (times, peaks) = samples.into_iter().unzip();
        Taken { name: program.name, time: median(times), peak: median(peaks) }
    };
    Ok(programs.iter().zip(samples).map(taken).collect())
}

fn median<T: Ord + Copy>(mut samples: Vec<T>) -> T {
    samples.sort_unstable();
    samples[samples.len() / 2]
}

fn run(program: &Program) -> io::Result<(Duration, u32)> {
    let out = program.directory.join(OUT);
    let _ = std::fs::remove_file(&out);
    let mut command = Command::new(&program.binary);
    command.args(&program.arguments).current_dir(&program.directory);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let begin = Instant::now();
    let ended = command.spawn()?.wait4()?;
    let time = begin.elapsed();
    if !ended.status.success() || !out.exists() {
        return Err(io::Error::other(format!("{} failed, or made no {OUT}: {}", program.name, ended.status)));
    }
    Ok((time, u32::try_from(ended.rusage.maxrss >> 10).unwrap_or(u32::MAX)))
}

/// A table of what was taken for each number of jobs: milliseconds, MiB, and the time as a multiple of that of each of `bases`.
pub(crate) fn table(measured: &[(usize, Vec<Taken>)], bases: &[&str]) -> String {
    let mut out = format!("{:>6}  {:24} {:>9} {:>7}", "jobs", "program", "ms", "MiB");
    // Writing to a String does not fail.
    for base in bases {
        let _ = write!(out, "  {:>12}", format!("/ {base}"));
    }
    out.push('\n');
    for (count, taken) in measured {
        for it in taken {
            let milliseconds = it.time.as_secs_f64() * 1e3;
            let _ = write!(out, "{count:>6}  {:24} {milliseconds:>9.2} {:>7.1}", it.name, f64::from(it.peak) / 1024.0);
            for base in bases {
                let base = taken.iter().find(|other| other.name == *base);
                let ratio = base.map_or_else(|| "-".to_owned(), |base| format!("{:.2}", ratio(it, base)));
                let _ = write!(out, "  {ratio:>12}");
            }
            out.push('\n');
        }
    }
    for pair in measured.windows(2) {
        let [(few, before), (many, after)] = pair else { continue };
        for it in after {
            if let Some(before) = before.iter().find(|other| other.name == it.name) {
                let _ = writeln!(out, "{many} jobs take {:24} {:.1} times as long as {few}", it.name, ratio(it, before));
            }
        }
    }
    out
}

fn ratio(one: &Taken, other: &Taken) -> f64 {
    one.time.as_secs_f64() / other.time.as_secs_f64()
}

/// The compiler on a spec, from its directory.
pub(crate) fn compiler(name: &'static str, binary: &Path, directory: &Path, spec: &str) -> Program {
    let arguments = ["compile", spec, "-o", OUT].map(str::to_owned).to_vec();
    Program { name, binary: binary.to_owned(), arguments, directory: directory.to_owned() }
}

/// `cp` of what the compiler made.
pub(crate) fn copy(directory: &Path, made: &str) -> Program {
    let arguments = [made, OUT].map(str::to_owned).to_vec();
    Program { name: "cp", binary: "cp".into(), arguments, directory: directory.to_owned() }
}
