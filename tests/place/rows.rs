//! Rows and shards: what of them is chosen fits each of them.

use pipelay::facts::Facts;
use pipelay::profile::{Measured, Profile, Times, VERSION};
use pipelay::{Compilation, Spec, compile};

fn compiled(text: &str, facts: &Facts) -> Compilation {
    compile(&Spec { path: "ci.pipe".to_owned(), text: text.to_owned() }, facts)
}

/// Each row with the machine on which it was measured, and how long it took.
fn measured(rows: &[(&str, &str, f64, f64)]) -> Facts {
    let mut profile = Profile { version: VERSION, runs: 50.0, newest: "2026-11-20".into(), ..Profile::default() };
    for &(row, label, p50, p90) in rows {
        let whole = Some(Times { p50, p90, ..Default::default() });
        profile
            .jobs
            .entry(row.to_owned())
            .or_default()
            .insert(label.to_owned(), Measured { runs: 50.0, whole, ..Measured::default() });
    }
    Facts { profile: Some(profile.print()), ..Facts::default() }
}

/// A command without any file mostly takes all of them.
#[test]
fn there_are_no_more_shards_than_files() {
    let spec = "on push\noptimize time\njob e2e {\n  takes 40m\n  shards auto of files \"tests/*.spec.ts\"\n  run npx playwright test $FILES\n}\n";
    let with = |count: usize| {
        let tracked = (0..count).map(|number| format!("tests/{number}.spec.ts")).collect();
        compiled(spec, &Facts { tracked: Some(tracked), ..Facts::default() })
    };
    for (files, shards) in [(1, 1), (2, 2), (3, 3), (30, 8)] {
        let yaml = with(files).yaml.unwrap();
        assert!(yaml.contains(&format!("SHARDS: {shards}\n")), "{files} files:\n{yaml}");
    }
    let none = with(0);
    assert!(none.yaml.is_none() && crate::compile::said(&none)[0].contains("E0301 git tracks no file"), "{:?}", none.diags);
    let unknown = compiled(spec, &Facts::default()).yaml.unwrap();
    assert!(unknown.contains("SHARDS: 8\n"), "{unknown}");
}

/// One shard is the first of one: what asks the matrix for its number has it.
#[test]
fn the_number_of_one_shard_is_there() {
    let job = "job unit {\n  takes 4m\n  shards auto\n  writes r-${{ matrix.shard }}/\n  run ./t.sh $SHARD $SHARDS\n}\n";
    for optimize in ["cost { gate off }", "off", "{ shard off }"] {
        let yaml = compiled(&format!("on push\noptimize {optimize}\n{job}"), &Facts::default()).yaml.unwrap();
        assert!(yaml.contains("shard: [1]") && yaml.contains("SHARD: ${{ matrix.shard }}"), "{optimize}\n{yaml}");
    }
    let unasked = job.replace("r-${{ matrix.shard }}/", "r/");
    let yaml = compiled(&format!("on push\noptimize cost {{ gate off }}\n{unasked}"), &Facts::default()).yaml.unwrap();
    assert!(!yaml.contains("matrix"), "{yaml}");
}

/// A shard varies as its part of the work does: one of four of 50 minutes is in time where 15 are the most.
#[test]
fn shards_vary_as_their_part_does() {
    let spec = "on push\noptimize cost { gate off; deadline 14m }\njob test {\n  takes 40m\n  shards auto\n  runner auto { slim: on }\n  run make test PART=$SHARD/$SHARDS\n}\n";
    let yaml = compiled(spec, &Facts::default()).yaml.unwrap();
    assert!(yaml.contains("runs-on: ubuntu-slim"), "{yaml}");
}

/// What each of several decisions saves is what is lost without that one alone: two of one machine do not both claim the saving of the other.
#[test]
fn each_decision_saves_what_is_its_own() {
    let job = |name: &str| format!("job {name} {{\n  takes 70s\n  runner auto {{ slim: on }}\n  run make {name}\n}}\n");
    let spec = format!("on push\noptimize cost {{ gate off; fuse on; parallel off }}\n{}{}", job("a"), job("b"));
    let made = compiled(&spec, &Facts::default());
    let told: Vec<String> =
        made.ledger.decisions.iter().filter(|it| it.pass == "place").map(|it| format!("{}: {}", it.what, it.why)).collect();
    // Each takes 98 s, which is two minutes; both take 168 s, three: at $0.006 or $0.002 for each.
    assert_eq!(
        told,
        [
            "runs `a`, `b` on one machine: a run takes 1m 02s more and costs $0.002 less",
            "runs `a-b` on `ubuntu-slim`: a run takes as long and costs $0.013 less",
        ]
    );
}

/// `ubuntu-slim` ends jobs after 15 minutes: no row may come to that, whichever stands first.
#[test]
fn rows_go_where_each_of_them_may() {
    let is_slim = |spec: &str, facts: &Facts| {
        let text = format!(
            "on push\noptimize cost {{ gate off }}\njob test {{\n  matrix x: a, b\n  {spec}\n  runner auto {{ slim: on }}\n  run make test X=${{{{ matrix.x }}}}\n}}\n"
        );
        compiled(&text, facts).yaml.unwrap().contains("runs-on: ubuntu-slim")
    };
    let usual = "ubuntu-latest";
    let rows = |one: (f64, f64), other: (f64, f64)| [("test[a]", usual, one.0, one.1), ("test[b]", usual, other.0, other.1)];
    let (even, uneven) = ((300.0, 330.0), (300.0, 1_100.0));
    assert!(is_slim("", &measured(&rows(even, even))));
    assert!(!is_slim("", &measured(&rows(uneven, even))));
    assert!(!is_slim("", &measured(&rows(even, uneven))), "the second row ends late on a bad day");
    // A row that was seen to take three times as long there keeps both away, whichever it is.
    for slow in ["test[a]", "test[b]"] {
        let other = ["test[a]", "test[b]"].into_iter().find(|row| *row != slow).unwrap();
        let slim = [(slow, "ubuntu-slim", 900.0, 950.0), (other, "ubuntu-slim", 310.0, 330.0)];
        assert!(!is_slim("", &measured(&[rows(even, even).to_vec(), slim.to_vec()].concat())), "{slow}");
    }
    // One that is slower there by a little does not keep the other from what is cheaper for both.
    for slow in ["test[a]", "test[b]"] {
        let slim = [(slow, "ubuntu-slim", 360.0, 390.0)];
        assert!(is_slim("", &measured(&[rows(even, even).to_vec(), slim.to_vec()].concat())), "{slow}");
    }
}
