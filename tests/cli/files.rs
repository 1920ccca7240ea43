//! How outputs come to disk: whole or not at all, beside other processes, and to whatever place is named.

use std::path::Path;
use std::time::{Duration, Instant};

use super::sandbox::{Run, Sandbox};
use crate::speed::work;

const CI: &str = ".github/workflows/ci.pipe";
const OUTPUT: &str = ".github/workflows/ci.yml";
const GOOD: &str = "on push\n\njob test: npm test\n";

/// A spec that takes a while to compile and to write, in two versions, and a repository where the first is compiled.
fn big() -> (Sandbox, [String; 2], [String; 2]) {
    let first = work::spec(60);
    let second = first.replace("npm test", "npm run test");
    let sandbox = Sandbox::repository();
    let outputs = [&second, &first].map(|spec| {
        std::fs::create_dir_all(sandbox.path(CI).parent().unwrap()).unwrap();
        std::fs::write(sandbox.path(CI), spec).unwrap();
        sandbox.run(&["compile"]).is(0);
        sandbox.read(OUTPUT)
    });
    let [second_output, first_output] = outputs;
    assert_ne!(first_output, second_output);
    (sandbox, [first, second], [first_output, second_output])
}

/// A link of a pull request leads nowhere else: what is outside of the repository is not written, and not shown.
#[cfg(unix)]
#[test]
fn links_out_of_the_repository_are_neither_read_nor_written() {
    use std::os::unix::fs::symlink;
    let outside = Sandbox::new().file("secret.pipe", "job a: echo secret\n").file("own.json", "{}\n");
    let sandbox = Sandbox::repository().file(CI, GOOD);
    let link = |to: &str, path: &str| symlink(outside.path(to), sandbox.path(path)).unwrap();
    link("aliases", OUTPUT);
    let refused = sandbox.run(&["compile"]);
    refused.is(1);
    assert!(refused.stderr.contains("it is a link that leads out of the repository"), "{}", refused.stderr);
    assert!(!outside.path("aliases").exists());
    std::fs::remove_file(sandbox.path(OUTPUT)).unwrap();
    link("secret.pipe", ".github/workflows/other.pipe");
    for args in [["check", ".github/workflows/other.pipe"], ["fmt", ".github/workflows/other.pipe"]] {
        let refused = sandbox.run(&args);
        refused.is(1);
        assert!(refused.stderr.contains("leads out of the repository") && !refused.stderr.contains("echo"), "{}", refused.stderr);
    }
    let sandbox = sandbox.file(CI, "import \"other.pipe\"\non push\njob b: make\n");
    assert!(!sandbox.run(&["compile", CI]).is(1).stderr.contains("echo secret"));
    assert_eq!(outside.read("secret.pipe"), "job a: echo secret\n");
    // One that stays inside is what it leads to.
    std::fs::remove_file(sandbox.path(".github/workflows/other.pipe")).unwrap();
    let sandbox = sandbox.file("lib/shared.pipe", "let x = 1\n");
    symlink("../../lib/shared.pipe", sandbox.path(".github/workflows/other.pipe")).unwrap();
    sandbox.run(&["compile", CI]).is(0);
}

fn temporary_files(sandbox: &Sandbox) -> Vec<String> {
    sandbox.files().into_iter().filter(|path| path.contains(".pipelay-")).collect()
}

#[test]
fn processes_side_by_side_leave_one_whole_file() {
    let (sandbox, specs, outputs) = big();
    for round in 0..8 {
        let side = (round + 1) % 2;
        std::fs::write(sandbox.path(CI), &specs[side]).unwrap();
        let mut children: Vec<_> = (0..4).map(|_| sandbox.start(&["compile"])).collect();
        // Whoever reads meanwhile finds the old text or the new one.
        while children.iter_mut().any(|child| child.try_wait().unwrap().is_none()) {
            assert!(outputs.contains(&sandbox.read(OUTPUT)));
        }
        for child in children {
            Run::of(child).is(0);
        }
        assert_eq!(sandbox.read(OUTPUT), outputs[side]);
        assert_eq!(temporary_files(&sandbox), [""; 0]);
    }
}

#[cfg(unix)]
#[test]
fn a_process_that_is_killed_leaves_the_old_file_or_the_new_one() {
    let (sandbox, specs, outputs) = big();
    let begin = Instant::now();
    sandbox.run(&["compile"]).is(0);
    let usual = begin.elapsed();
    let mut seen = [0, 0];
    for round in 0..24u32 {
        let new = round as usize % 2;
        std::fs::write(sandbox.path(OUTPUT), &outputs[1 - new]).unwrap();
        std::fs::write(sandbox.path(CI), &specs[new]).unwrap();
        let mut child = sandbox.start(&["compile"]);
        if round % 3 == 0 {
            // As soon as it writes.
            let writes = || child_writes(sandbox.path(OUTPUT).parent().unwrap());
            let begin = Instant::now();
            while !writes() && child.try_wait().unwrap().is_none() && begin.elapsed() < Duration::from_secs(30) {}
        } else {
            std::thread::sleep(usual * round / 20);
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let text = sandbox.read(OUTPUT);
        let which = outputs.iter().position(|output| *output == text).expect("neither the old text nor the new one");
        seen[usize::from(which == new)] += 1;
    }
    assert!(seen[0] > 0, "no run was killed in time: {seen:?}");
    sandbox.run(&["compile"]).is(0);
    assert_eq!(sandbox.read(OUTPUT), outputs[1]);
    assert_eq!(temporary_files(&sandbox), [""; 0]);
}

#[cfg(unix)]
fn child_writes(folder: &Path) -> bool {
    std::fs::read_dir(folder).unwrap().flatten().any(|entry| entry.file_name().to_string_lossy().starts_with(".pipelay-"))
}

/// The system ends a process at a write that is over its limit, as it would at SIGKILL: what it began stays.
#[cfg(unix)]
#[test]
fn what_a_killed_process_left_is_swept_and_what_another_uses_is_not() {
    let (sandbox, specs, outputs) = big();
    std::fs::write(sandbox.path(CI), &specs[1]).unwrap();
    sandbox.shell("ulimit -f 8; \"$0\" compile");
    assert_eq!(sandbox.read(OUTPUT), outputs[0]);
    assert_eq!(temporary_files(&sandbox).len(), 1, "this system does not end a process at a write: {:?}", sandbox.files());
    let used = sandbox.path(".github/workflows/.pipelay-abcdef.tmp");
    let lock = std::fs::File::create(&used).unwrap();
    lock.lock().unwrap();
    let sandbox = sandbox.file(".github/workflows/.pipelay-notes", "mine");
    sandbox.run(&["compile"]).is(0);
    assert_eq!(sandbox.read(OUTPUT), outputs[1]);
    let left = [".github/workflows/.pipelay-abcdef.tmp", ".github/workflows/.pipelay-notes"];
    assert_eq!(temporary_files(&sandbox), left);
    drop(lock);
    // Also where there is nothing to write.
    sandbox.run(&["compile"]).is(0).says(&["(unchanged)"]);
    assert_eq!(temporary_files(&sandbox), left[1..]);
}

#[test]
fn every_phase_goes_to_any_file() {
    let sandbox = Sandbox::repository().file(CI, GOOD).inside("deep");
    for (emit, begin) in
        [("ast", "File {"), ("hir", "Pipeline {"), ("plan", "job test"), ("workflow", "Workflow {"), ("yaml", "# Generated")]
    {
        let out = format!("../out/{emit}/x.txt");
        sandbox
            .run(&["compile", "../.github/workflows/ci.pipe", "--emit", emit, "-o", &out])
            .is(0)
            .stdout("")
            .says(&["Compiled", &out]);
        let text = sandbox.read(&out[3..]);
        assert!(text.starts_with(begin) || emit == "plan", "{text}");
        sandbox.run(&["compile", "../.github/workflows/ci.pipe", "--emit", emit, "-o", "-"]).is(0).stdout(&text).stderr("");
    }
    assert_eq!(sandbox.files().iter().filter(|path| path.starts_with(".github")).count(), 1);
}

#[test]
fn what_cannot_be_written_says_why() {
    let sandbox = Sandbox::repository().file(CI, GOOD).file(".github/workflows/ci.yml/x", "").file("file", "x");
    sandbox.run(&["compile"]).is(1).says(&["error[E0804]", "`.github/workflows/ci.yml` cannot be written: it is a directory"]);
    sandbox.run(&["check"]).is(1).says(&["it is a directory"]);
    sandbox
        .run(&["compile", CI, "-o", "file/x.yml"])
        .is(1)
        .says(&["`file/x.yml` cannot be written: a part of its path is no directory"]);
    assert_eq!(temporary_files(&sandbox), [""; 0]);
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_stays_as_it_is() {
    use std::os::unix::fs::PermissionsExt as _;
    let sandbox = Sandbox::repository().file(CI, GOOD).file(OUTPUT, "");
    let folder = sandbox.path(".github/workflows");
    let allow = |mode| std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(mode)).unwrap();
    allow(0o555);
    if std::fs::write(folder.join("probe"), "").is_ok() {
        allow(0o755);
        eprintln!("skipped: this user may write everywhere");
        return;
    }
    sandbox.run(&["compile"]).is(1).says(&["error[E0804]", "cannot be written: permission denied"]);
    allow(0o755);
    assert_eq!(sandbox.read(OUTPUT), "");
}

#[cfg(target_os = "linux")]
#[test]
fn devices_and_pipes_are_written_to_and_stay_what_they_are() {
    use std::os::unix::fs::FileTypeExt as _;
    let sandbox = Sandbox::repository().file(CI, GOOD);
    let text = sandbox.run(&["compile", CI, "--stdout"]).stdout;
    sandbox.run(&["compile", CI, "-o", "/dev/stdout"]).is(0).stdout(&text);
    sandbox.run(&["compile", CI, "-o", "/dev/null"]).is(0).stdout("");
    assert!(std::fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    sandbox.run(&["compile", CI, "-o", "/dev/full"]).is(1).says(&["`/dev/full` cannot be written: the disk is full"]);
    sandbox
        .shell("mkfifo pipe; timeout 20 cat pipe & \"$0\" compile .github/workflows/ci.pipe -o pipe; wait")
        .is(0)
        .stdout(&text);
    assert!(std::fs::metadata(sandbox.path("pipe")).unwrap().file_type().is_fifo());
}

#[cfg(unix)]
#[test]
fn links_stay_links() {
    let sandbox = Sandbox::repository().file(CI, GOOD);
    let link = |to: &str| {
        let _ = std::fs::remove_file(sandbox.path(OUTPUT));
        std::os::unix::fs::symlink(to, sandbox.path(OUTPUT)).unwrap();
    };
    // To a file that is not there yet, and then is.
    link("../../made/ci.yml");
    for _ in 0..2 {
        sandbox.run(&["compile"]).is(0);
        assert!(sandbox.path(OUTPUT).is_symlink());
        assert!(sandbox.read("made/ci.yml").contains("npm test"));
        std::fs::write(sandbox.path(CI), "on push\n\njob new: npm test\n").unwrap();
    }
    link("ci.yml");
    sandbox.run(&["compile"]).is(1).says(&["error[E0804]"]);
}

#[test]
fn gates_of_one_name_are_told_once() {
    let sandbox = Sandbox::repository();
    let write = |name: &str, gate: &str| {
        std::fs::create_dir_all(sandbox.path(CI).parent().unwrap()).unwrap();
        let spec = format!("on push to main\non pull_request\n{gate}\njob a {{ when branch('main'); run make }}\n");
        std::fs::write(sandbox.path(&format!(".github/workflows/{name}.pipe")), spec).unwrap();
    };
    write("a", "");
    write("b", "");
    write("c", "gate \"Tests\"");
    for verb in ["compile", "check"] {
        let said = sandbox.run(&[verb]).is(0).stderr.clone();
        assert_eq!(said.matches("R0749").count(), 2, "{said}");
        assert!(said.contains("the gates of `.github/workflows/a.pipe`, `.github/workflows/b.pipe` are one check"), "{said}");
    }
    write("b", "optimize { gate off }");
    let said = sandbox.run(&["compile"]).is(0).stderr.clone();
    assert!(!said.contains("R0749"), "{said}");
}
