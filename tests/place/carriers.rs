//! In what files travel, where that was measured of both ways.

use pipelay::facts::Facts;
use pipelay::profile::{Profile, github, merge};
use pipelay::{Compilation, Spec, compile};
use serde_json::{Value, json};

use crate::cost::attribution::job;

const SPEC: &str = "on push\noptimize time { public off }\njob build { writes dist/; run make build }\njob unit { reads dist/; run make unit }\n\
                    job browser { reads dist/; run make browser }\n";

fn compiled(spec: &str, profile: &Profile) -> Compilation {
    let facts = Facts { profile: Some(profile.print()), ..Facts::default() };
    compile(&Spec { path: "ci.pipe".into(), text: spec.into() }, &facts)
}

/// The jobs of a run in which files took so long to be sent and received, by steps of these names.
fn run(number: u64, (sends, send): (&str, u32), (receives, receive): (&str, u32)) -> Vec<Value> {
    let around = |own: &[(&str, u32)], name: &str| {
        let steps = [("Set up job", 3), ("Run actions/checkout@v6", 2)].iter().chain(own);
        job(number, name, "success", &steps.map(|&(name, seconds)| (name, "success", seconds)).collect::<Vec<_>>())
    };
    let reader = |name: &str, takes: u32| {
        let command = format!("Run make {name}");
        around(&[(receives, receive), ("Unpack what build made", 1), (&command, takes)], name)
    };
    let build = around(&[("Run make build", 300), ("Pack dist/", 1), (sends, send)], "build");
    vec![build, reader("unit", 600), reader("browser", 650)]
}

/// What was measured of artifacts, and of caches where they were tried, in runs of workflows that the spec was compiled to.
fn measured(artifact: [u32; 2], cache: Option<[u32; 2]>) -> Profile {
    let mut profile = Profile { version: pipelay::profile::VERSION, ..Profile::default() };
    let ways = [
        ("artifact", Some(artifact), ["Run actions/upload-artifact@v7", "Run actions/download-artifact@v8"]),
        ("cache", cache, ["Send dist/ in a cache", "Receive dist/ from a cache"]),
    ];
    let mut first = 1;
    for (carrier, times, names) in ways {
        let Some(times) = times else { continue };
        let made = compiled(&SPEC.replace("public off", &format!("public off; handover {carrier}")), &profile);
        let yaml = made.yaml.as_deref().unwrap_or_else(|| panic!("{:?}", made.diags));
        // What is called so in the workflow, GitHub shows so.
        assert_eq!(yaml.contains(names[0]), carrier == "cache", "{yaml}");
        let jobs: Vec<Value> = (first..first + 6).flat_map(|at| run(at, (names[0], times[0]), (names[1], times[1]))).collect();
        let taken = github::measure(&made.written, &made.plan, &github::read(&json!(jobs).to_string()).unwrap(), &profile);
        assert!(taken.unknown.is_empty(), "{:?}", taken.unknown);
        merge::merge(&mut profile, taken.profile, false);
        first += 6;
    }
    profile
}

#[test]
fn what_was_measured_to_be_quicker_is_taken() {
    for (artifact, cache, is_cached) in [
        ([60, 40], Some([12, 6]), true),
        ([8, 6], Some([12, 6]), false),
        // A second on the longest way, whoever has it.
        ([8, 16], Some([12, 6]), true),
        ([16, 6], Some([8, 20]), false),
        ([60, 40], None, false),
    ] {
        let profile = measured(artifact, cache);
        let made = compiled(SPEC, &profile);
        let yaml = made.yaml.unwrap();
        let uses = |action: &str| yaml.contains(&format!("uses: actions/{action}"));
        assert_eq!((uses("cache/save"), uses("upload-artifact")), (is_cached, !is_cached), "{artifact:?} {cache:?}\n{yaml}");
        let notes = made.ledger.decisions.iter().filter(|note| note.pass == "place" && note.what.contains("dist/"));
        let notes: Vec<&str> = notes.map(|note| note.why.as_str()).collect();
        if artifact == [60, 40] && is_cached {
            assert_eq!(notes, ["a run takes 1m 22s less and costs $0.006 less"]);
        }
        assert_eq!(notes.len(), usize::from(is_cached), "{notes:?}");
        // Whoever says it has it so.
        let said = compiled(&SPEC.replace("public off", "public off; handover artifact"), &profile).yaml.unwrap();
        assert!(!said.contains("cache/save"), "{said}");
    }
}
