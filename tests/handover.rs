//! What one job writes and another reads arrives, in an artifact or in a cache: emitted workflows are run by act, with stand-ins for GitHub's actions that
//! keep both as these do.

use serde_yaml::Value;

use crate::compile::{compiled, said};
use crate::run::{Run, Runner};

/// What a job writes and another reads, the files that each row of the first makes, and those that the second finds.
struct Case {
    matrix: &'static str,
    writes: &'static str,
    reads: &'static str,
    rows: &'static [(&'static str, &'static [&'static str])],
    arrives: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        matrix: "",
        writes: "dist/",
        reads: "dist/",
        rows: &[("", &["dist/a.js", "dist/.hidden", "dist/b/c.js", "other"])],
        arrives: &["dist/a.js", "dist/.hidden", "dist/b/c.js"],
    },
    // One file alone, and a folder of that name.
    Case { matrix: "", writes: "bin/app", reads: "bin/app", rows: &[("", &["bin/app"])], arrives: &["bin/app"] },
    Case { matrix: "", writes: "build", reads: "build/app.js", rows: &[("", &["build/app.js"])], arrives: &["build/app.js"] },
    Case { matrix: "", writes: "*.tgz", reads: "*.tgz", rows: &[("", &["a.tgz", "b.zip"])], arrives: &["a.tgz"] },
    Case {
        matrix: "",
        writes: "lib/**/*.{js,css}",
        reads: "lib/",
        rows: &[("", &["lib/a.js", "lib/x/y/b.css", "lib/c.ts"])],
        arrives: &["lib/a.js", "lib/x/y/b.css"],
    },
    Case {
        matrix: "",
        writes: "out/, !out/tmp/**",
        reads: "out/",
        rows: &[("", &["out/a", "out/tmp/b", "out/x/c"])],
        arrives: &["out/a", "out/x/c"],
    },
    Case {
        matrix: "",
        writes: "\"my dir/**\", -x, \"it's.txt\"",
        reads: "\"my dir/\", -x, \"it's.txt\"",
        rows: &[("", &["my dir/a b", "-x", "it's.txt"])],
        arrives: &["my dir/a b", "-x", "it's.txt"],
    },
    Case {
        matrix: "matrix arch: amd64, arm64",
        writes: "bin/${{ matrix.arch }}/",
        reads: "bin/*/",
        rows: &[("amd64", &["bin/amd64/app"]), ("arm64", &["bin/arm64/app", "bin/arm64/lib/x"])],
        arrives: &["bin/amd64/app", "bin/arm64/app", "bin/arm64/lib/x"],
    },
    // Values that mean something to a shell and to grep.
    Case {
        matrix: "matrix arch: [a.b, \"$(touch x)\"]",
        writes: "bin/${{ matrix.arch }}/*.bin",
        reads: "bin/",
        rows: &[("a.b", &["bin/a.b/1.bin", "bin/axb/2.bin"]), ("$(touch x)", &["bin/$(touch x)/3.bin"])],
        arrives: &["bin/a.b/1.bin", "bin/$(touch x)/3.bin"],
    },
    Case {
        matrix: "matrix arch: amd64, arm64",
        writes: "dist/ merge",
        reads: "dist/",
        rows: &[("amd64", &["dist/amd64.whl", "dist/README"]), ("arm64", &["dist/arm64.whl", "dist/README"])],
        arrives: &["dist/amd64.whl", "dist/arm64.whl", "dist/README"],
    },
];

fn yaml(spec: &str) -> String {
    let made = compiled("ci.pipe", spec);
    made.yaml.clone().unwrap_or_else(|| panic!("{spec}{:#?}", said(&made)))
}

/// How files travel, as the spec says it, and where nothing is said of it.
const CARRIERS: [&str; 2] = ["", "optimize { handover cache }\n"];

#[test]
fn files_arrive_where_they_were() {
    for (carrier, case) in CARRIERS.iter().flat_map(|carrier| CASES.iter().map(move |case| (carrier, case))) {
        let Some(runner) = Runner::with_standins() else { return };
        // Each row makes its files, for which its value is all that it knows.
        for (row, files) in case.rows {
            let name = if row.is_empty() { "row" } else { row };
            runner.file(&format!("rows/{name}"), &files.iter().flat_map(|file| [file, "\n"]).collect::<String>());
        }
        runner.file(
            "make.sh",
            "while read -r file; do mkdir -p \"$(dirname -- \"./$file\")\"; echo made > \"./$file\"; done < \"rows/$ROW\"\n",
        );
        let Case { matrix, writes, reads, .. } = case;
        let row = if matrix.is_empty() { "row" } else { "${{ matrix.arch }}" };
        let run = runner.run(&yaml(&format!(
            "on push\n{carrier}job make {{\n  {matrix}\n  writes {writes}\n  env {{ ROW: {row} }}\n  run sh make.sh\n}}\n\
             job take {{\n  reads {reads}\n  run find . -path ./.git -prune -o -type f -print | sed 's/^/found /'\n}}\n",
        )));
        assert_eq!(run.results("take"), ["success"], "{writes}: {:#}", run.report);
        let output = run.output("take");
        let mut found: Vec<&str> = output.lines().filter_map(|line| line.strip_prefix("found ./")).collect();
        found.retain(|file| !file.starts_with("rows/") && !file.starts_with(".github/") && *file != "make.sh");
        found.sort_unstable();
        let mut arrives = case.arrives.to_vec();
        arrives.sort_unstable();
        assert_eq!(found, arrives, "{writes}");
        // Rows send each its own, in artifacts.
        let is_cached = !carrier.is_empty() && matrix.is_empty();
        let by = if is_cached { "save handover/make" } else { "upload make" };
        assert!(runner.log().contains(by), "{carrier}{writes}: {}", runner.log());
    }
}

#[test]
fn modes_links_hidden_files_and_empty_folders_survive() {
    let list = "(cd dist; find . -exec stat -c '%n %A' {} + | sort; find . -type l -exec readlink {} +) | sed 's/^/dist: /'";
    for carrier in CARRIERS {
        let Some(runner) = Runner::with_standins() else { return };
        let run = runner.run(&yaml(&format!(
            "on push\n{carrier}job make {{\n  writes dist/\n  run \"\"\"\n    mkdir -p dist/empty dist/.hidden/deep\n    echo x > dist/.hidden/deep/.file\n    \
             echo tool > dist/tool; chmod 750 dist/tool\n    echo secret > dist/secret; chmod 600 dist/secret\n    ln -s tool dist/link\n    \
             ln -s nowhere dist/broken\n    {list}\n    \"\"\"\n}}\njob take {{\n  reads dist/\n  run {list}\n}}\n",
        )));
        let listed =
            |job: &str| run.output(job).lines().filter(|line| line.starts_with("dist: ")).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(listed("make").len(), 11, "{:#}", run.report);
        assert_eq!(listed("take"), listed("make"));
    }
}

#[test]
fn what_is_missing_fails_where_it_was_to_be_made() {
    let all = ["dist/", "dist/app", "*.tgz", "dist/{a,b}", "dist/, !dist/tmp/"];
    for (carrier, writes) in CARRIERS.iter().flat_map(|carrier| all.map(|writes| (carrier, writes))) {
        let yaml = yaml(&format!(
            "on push\n{carrier}job make {{ writes {writes}; run true }}\njob take {{ reads dist/, *.tgz; run true }}\n"
        ));
        // Of a step that ends at once, act loses what it said now and then.
        let mut logs = Vec::new();
        let is_said = |log: &String| ["Cannot stat", "there is nothing to hand over"].iter().any(|why| log.contains(why));
        while logs.len() < 5 && !logs.iter().any(is_said) {
            let Some(runner) = Runner::with_standins() else { return };
            let run = runner.run(&yaml);
            assert_eq!(run.results("make"), ["failure"], "{writes}: {:#}", run.report);
            assert!(run.results("take").is_empty(), "{writes}");
            logs.push(run.log);
        }
        assert!(logs.iter().any(is_said), "{logs:#?}");
    }
}

/// Two rows that add up, and what each writes to the path that both make.
fn adding_up(one: &str, other: &str) -> Option<Run> {
    let runner = Runner::with_standins()?;
    runner.file("text/1", one).file("text/2", other);
    Some(runner.run(&yaml(
        "on push\njob make {\n  matrix part: [1, 2]\n  writes dist/ merge\n  env { PART: ${{ matrix.part }} }\n  run mkdir dist && cp \"text/$PART\" dist/same && touch \"dist/$PART\"\n}\n\
         job take { reads dist/; run cat dist/same && ls dist }\n",
    )))
}

#[test]
fn one_path_with_different_contents_fails() {
    let Some(run) = adding_up("alike", "alike") else { return };
    assert_eq!(run.results("take"), ["success"], "{:#}", run.report);
    let Some(run) = adding_up("alike", "other") else { return };
    assert_eq!(run.results("take"), ["failure"], "{:#}", run.report);
    assert!(run.log.contains("made twice, with different contents: dist/same"), "{:#}", run.report);
}

#[test]
fn what_a_later_writer_made_is_what_counts() {
    let Some(runner) = Runner::with_standins() else { return };
    let run = runner.run(&yaml(
        "on push\njob one { writes dist/; run mkdir dist && echo one > dist/a && echo one > dist/b }\n\
         job two { reads dist/ from one; writes dist/; run echo two > dist/b }\n\
         job take { reads dist/; run cat dist/a dist/b | sed 's/^/read /' }\n",
    ));
    assert!(run.output("take").contains("read one\nread two\n"), "{:#}", run.report);
}

#[test]
fn a_second_attempt_finds_what_the_first_made_and_may_make_it_again() {
    for carrier in CARRIERS {
        let Some(runner) = Runner::with_standins() else { return };
        let take = "job take { reads dist/; run cat dist/a | sed 's/^/read /' }\n";
        let make = |text: &str| format!("job make {{ writes dist/; run mkdir dist && echo {text} > dist/a }}\n");
        // All attempts of act's are the first.
        let whole = |attempt: u32, text: &str| {
            yaml(&format!("on push\n{carrier}{}{take}", make(text))).replace("${{ github.run_attempt }}", &attempt.to_string())
        };
        assert!(runner.run(&whole(1, "first")).output("take").contains("read first"));
        // Only the failed job: the other one is not run again.
        let yaml = whole(2, "never");
        let begin = yaml.find("  make:\n").unwrap();
        let end = yaml.find("  take:\n").unwrap();
        let alone = format!("{}{}", &yaml[..begin], yaml[end..].replace("    needs: make\n", ""));
        assert!(runner.run(&alone).output("take").contains("read first"), "{carrier}");
        // All jobs: names are taken, and overwritten; keys are those of the attempt.
        assert!(runner.run(&whole(3, "second")).output("take").contains("read second"), "{carrier}");
        let first = if carrier.is_empty() { "upload make 1 days" } else { "save handover/make/1/" };
        assert_eq!(runner.log().matches(first).count(), 2, "{}", runner.log());
    }
}

#[test]
fn a_cache_that_is_gone_fails_its_reader_and_that_of_another_run_is_none() {
    let Some(runner) = Runner::with_standins() else { return };
    let spec = "on push\noptimize { handover cache }\njob make { writes dist/; run mkdir dist && echo made > dist/a }\n\
                job take { reads dist/; run cat dist/a }\n";
    let yaml = yaml(spec);
    assert_eq!(runner.run(&yaml).results("take"), ["success"]);
    let begin = yaml.find("  make:\n").unwrap();
    let alone = format!("{}{}", &yaml[..begin], yaml[yaml.find("  take:\n").unwrap()..].replace("    needs: make\n", ""));
    assert_eq!(runner.run(&alone).results("take"), ["success"], "that of its own run is there");
    let other = alone.replace("${{ github.run_id }}", "2");
    let run = runner.run(&other);
    assert_eq!(run.results("take"), ["failure"], "that of another run is none: {:#}", run.report);
    assert!(run.log.contains("fail-on-cache-miss is set"), "{}", run.log);
    std::fs::remove_dir_all(runner.path("store/caches")).unwrap();
    assert_eq!(runner.run(&alone).results("take"), ["failure"], "it was evicted");
}

#[test]
fn a_cache_is_taken_only_where_all_find_it() {
    let of = |head: &str, make: &str, take: &str| {
        yaml(&format!(
            "{head}\noptimize {{ handover cache }}\njob make {{\n  {make}\n  writes dist/\n  run make\n}}\njob take {{\n  {take}\n  reads dist/\n  run take\n}}\n"
        ))
    };
    let (push, linux) = ("on push", "runner ubuntu-latest");
    for (head, make, take, is_cached) in [
        (push, linux, linux, true),
        (push, "runner ubuntu-24.04-arm", linux, true),
        (push, "runner windows-latest", "runner windows-2022", true),
        ("on push\nrunners { big: ubuntu-latest-8-cores }", "runner big", linux, true),
        ("on push\nrunners { ubuntu-22.04: { label: [self-hosted, linux] } }", "runner ubuntu-22.04", linux, false),
        (push, linux, "runner [self-hosted, ubuntu-22.04]", false),
        (push, linux, "runner { group: ubuntu-latest }", false),
        (push, linux, "runner { group: big, labels: ubuntu-latest }", false),
        (push, "raw { container: \"node:20\" }", linux, false),
        (push, "raw { strategy: { matrix: { a: [1, 2] } } }", linux, false),
        ("on push to main\non watch", linux, linux, false),
        ("on push to main\non pull_request", linux, "matrix n: 1, 2", true),
        (push, linux, "runner windows-latest", false),
        (push, linux, "matrix runner: ubuntu-latest, macos-latest; runner ${{ matrix.runner }}", false),
        (push, linux, "runner ${{ vars.RUNNER }}", false),
        (push, linux, "runner self-hosted", false),
        (push, "runner depot-ubuntu-24.04-8", "runner depot-ubuntu-24.04-8", false),
        (push, linux, "container alpine", false),
        (push, linux, "environment live", false),
        (push, linux, "run npm publish", false),
        ("on release", linux, linux, false),
        ("on push to main { tags: [v*] }", linux, linux, false),
        ("on pull_request_target", linux, linux, false),
        ("on workflow_call", linux, linux, false),
    ] {
        let yaml = of(head, make, take);
        let (cache, artifact) = (yaml.contains("key: handover/make/"), yaml.contains("actions/upload-artifact"));
        assert_eq!((cache, artifact), (is_cached, !is_cached), "{head} {make} {take}\n{yaml}");
    }
}

#[test]
fn what_is_published_is_made_of_no_cache() {
    let spec = "on push\noptimize { handover cache }\njob make { writes dist/, docs/; run make }\njob pack { reads dist/; writes pkg/; run pack }\n\
                job publish { reads pkg/; run npm publish }\njob check { reads docs/; run check }\n";
    let yaml = yaml(spec);
    let keys: Vec<&str> = yaml.lines().filter_map(|line| line.trim().strip_prefix("key: handover/")).collect();
    assert_eq!(keys, ["make.docs/${{ github.run_id }}/${{ github.run_attempt }}"; 2], "{yaml}");
}

#[test]
fn a_long_path_has_a_short_name() {
    let path = vec!["directory"; 60].join("/");
    for carrier in CARRIERS {
        let Some(runner) = Runner::with_standins() else { return };
        let yaml = yaml(&format!(
            "on push\n{carrier}job make {{ writes {path}/, {path}2/; run mkdir -p {path} {path}2 && echo one > {path}/a && echo two > {path}2/b }}\n\
             job take {{ reads {path}/, {path}2/; run cat {path}/a {path}2/b | sed 's/^/read /' }}\n"
        ));
        assert!(runner.run(&yaml).output("take").contains("read one\nread two\n"), "{yaml}");
    }
}

/// The scripts of the steps that pack and unpack.
fn scripts(spec: &str) -> Vec<(String, Vec<(String, String)>)> {
    let workflow: Value = serde_yaml::from_str(&yaml(spec)).unwrap();
    let steps = workflow["jobs"].as_mapping().unwrap().values().filter_map(|job| job["steps"].as_sequence()).flatten();
    let ours =
        steps.filter(|step| step["name"].as_str().is_some_and(|name| name.starts_with("Pack ") || name.starts_with("Unpack ")));
    ours.map(|step| {
        let env = step["env"].as_mapping().into_iter().flatten();
        let env = env.map(|(name, _)| (name.as_str().unwrap().to_owned(), "1".to_owned())).collect();
        (step["run"].as_str().unwrap().to_owned(), env)
    })
    .collect()
}

#[test]
fn any_shell_and_any_tar_will_do() {
    let spec = "on push\njob make {\n  matrix n: [1]\n  writes dist/, \"lib/**/${{ matrix.n }}*.{js,css}\"\n  writes out/, !out/tmp/ merge\n  run make\n}\n\
                job take { reads dist/, lib/**, out/; run take }\n";
    let scripts = scripts(spec);
    assert_eq!(scripts.len(), 4, "{scripts:#?}");
    // BusyBox has a tar, a find and a grep of its own; elsewhere those of the machine serve.
    let shells: [(&str, &[&str]); 4] =
        [("bash", &["-e"]), ("bash", &["--posix", "-eo", "pipefail"]), ("dash", &["-e"]), ("busybox", &["sh", "-e"])];
    for (shell, arguments) in shells {
        let Some(shell) = program(shell) else { continue };
        let folder = tempfile::tempdir().unwrap();
        let sh = |script: &str, env: &[(String, String)], at: &str| {
            let path = folder.path().join(at);
            std::fs::create_dir_all(&path).unwrap();
            let script =
                path.with_extension("sh").to_str().map(|file| (std::fs::write(file, script), file.to_owned())).unwrap().1;
            let mut command = std::process::Command::new(&shell);
            command.args(arguments).arg(script).current_dir(path).envs(env.iter().cloned());
            if shell.ends_with("busybox") {
                command.env("ASH_STANDALONE", "1");
            }
            let output = command.output().unwrap();
            assert!(output.status.success(), "{} {arguments:?}: {}", shell.display(), String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).unwrap()
        };
        let make = "mkdir -p dist lib/a out/tmp out/empty\necho x > dist/x; chmod 755 dist/x; ln -s x dist/l\necho y > lib/a/1y.js; echo n > lib/a/2n.js\necho o > out/o; echo t > out/tmp/t\n";
        sh(make, &[], "writer");
        scripts[..3].iter().for_each(|(script, env)| {
            sh(script, env, "writer");
        });
        std::fs::create_dir_all(folder.path().join("reader")).unwrap();
        std::fs::rename(folder.path().join("writer/.handover"), folder.path().join("reader/.handover")).unwrap();
        std::fs::remove_file(folder.path().join("reader/.handover/files")).unwrap();
        sh(&scripts[3].0, &[], "reader");
        let found = sh("find . | sort; test -x dist/x; readlink dist/l\n", &[], "reader");
        assert_eq!(
            found.lines().collect::<Vec<_>>(),
            [".", "./dist", "./dist/l", "./dist/x", "./lib", "./lib/a", "./lib/a/1y.js", "./out", "./out/empty", "./out/o", "x"],
            "{}",
            shell.display()
        );
    }
}

/// A program of the machine, where it is there; `.ci/run` installs those that may be missing.
fn program(name: &str) -> Option<std::path::PathBuf> {
    let found = std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.exists());
    if found.is_none() {
        eprintln!("skipped: no {name} here");
    }
    found
}

/// Who fails hands over what it has made until then, where a job reads it that runs for failed runs, too; and nothing where all that read it need its success.
#[test]
fn a_report_of_failed_rows_has_what_these_made() {
    let spec = |when: &str| {
        format!(
            "on push\njob test {{\n  shards 3\n  fail-fast off\n  writes results/ merge\n  run \"\"\"\n    mkdir -p results\n    echo $SHARD > results/$SHARD\n    \
             test $SHARD != 2\n    \"\"\"\n}}\njob report {{\n  {when}reads results/\n  run cat results/* | sed 's/^/shard /'\n}}\n"
        )
    };
    let packs = |spec: &str| yaml(spec).matches("!cancelled()").count();
    assert_eq!((packs(&spec("")), packs(&spec("when !cancelled()\n  "))), (0, 3), "the job, and what packs and sends");
    for carrier in ["", "when always()\n  ", "when !cancelled()\n  "] {
        let Some(runner) = Runner::with_standins() else { return };
        let run = runner.run(&yaml(&spec(carrier)));
        if carrier.is_empty() {
            assert!(run.results("report").is_empty(), "{:#}", run.report);
            continue;
        }
        let output = run.output("report");
        let shards: Vec<&str> = output.lines().filter_map(|line| line.strip_prefix("shard ")).collect();
        assert_eq!((run.results("report"), shards), (vec!["success"], vec!["1", "2", "3"]), "{:#}", run.report);
    }
}

/// The tar of macOS adds a file for the attributes of each other, which no other tar takes for one.
#[test]
fn files_of_macos_come_without_their_attributes() {
    let spec = |runner: &str| {
        format!("on push\njob make {{ runner {runner}; writes dist/; run make }}\njob take {{ reads dist/; run take }}\n")
    };
    for (runner, is_mac) in [("macos-15", true), ("ubuntu-latest", false), ("windows-latest", false)] {
        assert_eq!(yaml(&spec(runner)).contains("          COPYFILE_DISABLE: 1\n"), is_mac, "{runner}");
    }
}
