//! What goes into a system beside the binary: completions of shells, and manual pages. The shells and groff say whether they are right.

use std::process::Command;

use super::sandbox::{Run, Sandbox};

/// Whether a program is here; stderr says where it is not.
fn installed(program: &str) -> bool {
    let there = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    if !there {
        eprintln!("skipped: {program} is not here");
    }
    there
}

#[test]
fn each_shell_takes_its_completions() {
    let sandbox = Sandbox::new();
    for (shell, check) in [("bash", "bash -n"), ("zsh", "zsh -n"), ("fish", "fish --no-execute")] {
        let script = sandbox.run(&["completions", shell]);
        script.is(0).stderr("");
        // Every verb is in it.
        for verb in crate::registry::verbs() {
            assert!(script.stdout.contains(&verb), "{shell}: {verb}");
        }
        if installed(shell) {
            sandbox.shell(&format!("\"$0\" completions {shell} > script && {check} script")).is(0).stdout("").stderr("");
        }
    }
    for shell in ["elvish", "powershell"] {
        assert!(sandbox.run(&["completions", shell]).is(0).stderr("").stdout.contains("compile"));
    }
}

#[test]
fn bash_completes_verbs_options_values_and_files() {
    if !installed("bash") {
        return;
    }
    let sandbox = Sandbox::new().file("ci.pipe", "").file("other.pipe", "");
    let complete = |words: &[&str]| -> Vec<String> {
        let (last, before) = words.split_last().unwrap();
        let line = format!(
            "eval \"$(\"$0\" completions bash)\"\nCOMP_WORDS=(pipelay {}) COMP_CWORD={}\n_pipelay pipelay '{last}' '{}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"",
            words.join(" "),
            words.len(),
            before.last().unwrap_or(&"pipelay"),
        );
        let run: Run = sandbox.program("bash", &["--norc", "-c", &line, env!("CARGO_BIN_EXE_pipelay")]);
        run.is(0).stderr("");
        run.stdout.lines().map(str::to_owned).collect()
    };
    assert_eq!(complete(&["com"]), ["compile", "completions"]);
    assert_eq!(complete(&["compile", "--wa"]), ["--watch"]);
    assert_eq!(complete(&["compile", "--emit", "w"]), ["workflow"]);
    assert_eq!(complete(&["check", "--format", "s"]), ["sarif"]);
    assert_eq!(complete(&["compile", "-o", "o"]), ["other.pipe"]);
    assert_eq!(complete(&["completions", "f"]), ["fish"]);
}

#[test]
fn there_is_a_page_of_each_verb_and_groff_takes_it() {
    let sandbox = Sandbox::new();
    let verbs = crate::registry::verbs();
    sandbox.run(&["man", "pages"]).is(0).stdout("").stderr(&format!("Wrote pages: {}, in pages\n", verbs.len() + 1));
    let mut expected: Vec<String> = verbs.iter().map(|verb| format!("pages/pipelay-{verb}.1")).collect();
    expected.push("pages/pipelay.1".to_owned());
    expected.sort();
    assert_eq!(sandbox.files(), expected);
    sandbox.run(&["man"]).is(0).stderr("").stdout(&sandbox.read("pages/pipelay.1"));
    for page in &expected {
        let text = sandbox.read(page);
        assert!(text.contains("\n.SH NAME\n") && text.contains("\n.SH EXAMPLES\n"), "{text}");
        if installed("groff") {
            sandbox.program("groff", &["-man", "-Tutf8", "-ww", "-z", page]).is(0).stdout("").stderr("");
        }
        if installed("man") {
            let run = sandbox.program("man", &["--warnings", "-l", page]);
            run.is(0).stderr("");
            let example = text.split(".SH EXAMPLES\n.nf\n").nth(1).and_then(|rest| rest.lines().next()).unwrap();
            // Examples are lines, as `--help` has them.
            assert!(run.stdout.contains(example.replace("\\-", "-").trim()), "{example}\n{}", run.stdout);
        }
    }
    // Again, and never over what is somebody else's.
    let sandbox = sandbox.file("pages/pipelay-fmt.1", "mine\n");
    sandbox.run(&["man", "pages"]).is(1).says(&["error[E0804]", "pipelay-fmt.1", "is no page of pipelay's"]);
    assert_eq!(sandbox.read("pages/pipelay-fmt.1"), "mine\n");
}
