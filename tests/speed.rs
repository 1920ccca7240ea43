//! The work that `benches/` measures is work: it compiles, and the bench can run. No time is promised here.

#[path = "../benches/measure.rs"]
mod measure;
#[path = "../benches/work.rs"]
pub(crate) mod work;

use crate::compile::{compiled, said};

#[test]
fn the_work_compiles_to_what_it_says() {
    let made = compiled("work.pipe", &work::spec(100));
    // Its rows are there to be rows: nothing asks which one it is.
    assert!(said(&made).iter().all(|said| said.contains("W0335")), "{:#?}", said(&made));
    let jobs = &made.workflow.jobs.unwrap().0;
    assert_eq!(jobs.len(), 100);
    assert_eq!(jobs.values().filter(|job| job.strategy.is_some()).count(), 20);
    let places = |spec: &str| compiled("work.pipe", spec).ledger.decisions.iter().any(|decision| decision.pass == "place");
    assert!(!places(&work::spec(100)) && !places(&work::timed_spec(100)), "there is nothing to choose");
    // For its time alone none of so few is worth a gate.
    let cheap = work::alike_spec(100).replace("optimize balanced", "optimize cost");
    assert!(places(&cheap), "there is something to choose");
    let text = made.yaml.unwrap();
    assert_eq!(text.matches("actions/download-artifact@").count(), 90);
    assert_eq!(text.matches("actions/setup-node@").count(), 100);
}

#[test]
fn the_bench_measures_every_program() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    std::fs::write(path.join("work.pipe"), work::spec(10)).unwrap();
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_pipelay"));
    let programs = [measure::compiler("pipelay", binary, path, "work.pipe"), measure::copy(path, "work.pipe")];
    let taken = measure::measure(&programs, 3).unwrap();
    assert!(taken.iter().all(|it| !it.time.is_zero()));
    let table = measure::table(&[(10, taken)], &["cp", "none"]);
    assert_eq!(table.lines().count(), 3, "{table}");
    assert!(table.lines().nth(2).unwrap().ends_with("1.00             -"), "{table}");
    let broken = [measure::copy(path, "nothing.yml")];
    assert!(measure::measure(&broken, 1).is_err());
}

/// The size of the command is told as a multiple of a program with the same crates: they are the same, and built alike.
#[test]
fn what_says_hello_has_the_crates_of_the_command() {
    let of = |path: &str| -> toml::Table {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        let mut table: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
        for (_, dependency) in table["dependencies"].as_table_mut().unwrap() {
            let Some(table) = dependency.as_table_mut() else { continue };
            // There they may be left out by whoever wants the library alone.
            table.remove("optional");
            if table.len() == 1 {
                *dependency = table["version"].clone();
            }
        }
        table
    };
    let [own, hello] = [of("Cargo.toml"), of("benches/hello/Cargo.toml")];
    assert_eq!(own["dependencies"], hello["dependencies"]);
    assert_eq!(own["profile"]["release"], hello["profile"]["release"]);
}
