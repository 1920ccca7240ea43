//! How large two programs are and how long they take to start, and the one as multiples of the other: `compare PROGRAM BASE`. Each says its version, which
//! is all of a start and nothing more; they take turns, so that a slow spell of the machine meets both.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 301;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let programs: Vec<String> = std::env::args().skip(1).collect();
    let [program, base] = programs.as_slice() else { return Err("PROGRAM and BASE are missing".into()) };
    let mut times = [Vec::new(), Vec::new()];
    for _ in 0..RUNS {
        for (program, times) in programs.iter().zip(&mut times) {
            times.push(start(program)?);
        }
    }
    let [time, base_time] = times.map(|mut times| {
        times.sort_unstable();
        times[RUNS / 2].as_secs_f64() * 1e3
    });
    let size = |path: &str| std::fs::metadata(path).map(|it| it.len() as f64 / 1e6);
    println!("{:>8}  {:>8}", "MB", "ms");
    println!("{:8.2}  {time:8.3}  {program}", size(program)?);
    println!("{:8.2}  {base_time:8.3}  {base}", size(base)?);
    println!("{:8.2}  {:8.2}  times", size(program)? / size(base)?, time / base_time);
    Ok(())
}

fn start(program: &str) -> Result<Duration, Box<dyn std::error::Error>> {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null());
    let begin = Instant::now();
    let status = command.status()?;
    if status.success() { Ok(begin.elapsed()) } else { Err(format!("{program}: {status}").into()) }
}
