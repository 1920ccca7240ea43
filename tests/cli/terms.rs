//! The terms on which a spec is compiled: by which compiler (`requires pipelay`), and with which warnings (`allow`, `--deny warnings`).

use super::sandbox::Sandbox;

const CI: &str = ".github/workflows/ci.pipe";
const OUTPUT: &str = ".github/workflows/ci.yml";
const WARNS: &str =
    "on push\n\njob test { uses actions/setup-node@v6 { nod: 22 } }\njob lint { uses actions/setup-node@v6 { nod: 22 } }\n";

#[test]
fn another_compiler_says_so_before_it_changes_anything() {
    let own: Vec<u32> = env!("CARGO_PKG_VERSION").split('.').map(|part| part.parse().unwrap()).collect();
    let [major, minor, patch] = own[..] else { panic!("{own:?}") };
    let sandbox = Sandbox::repository().file(CI, "on push\n\njob test: make\n");
    sandbox.run(&["compile"]).is(0);
    let before = sandbox.read(OUTPUT);
    let require = |sandbox: Sandbox, version: &str| {
        sandbox.file(CI, format!("requires pipelay {version}\n\non push\n\njob test: make test\n"))
    };
    let (next, patched) = (format!("{major}.{}", minor + 1), format!("{major}.{minor}.{}", patch + 1));
    let mut sandbox = sandbox;
    for version in [format!("{}", major + 1), format!("{}.0", major + 1), next, patched, "99.0".to_owned(), "latest".to_owned()] {
        sandbox = require(sandbox, &version);
        for args in [&["compile"][..], &["compile", "--force"], &["compile", "--prune", "--quiet"], &["check"]] {
            sandbox.run(args).is(1).says(&["error[E0211]", &format!("this spec requires pipelay {version}, and this is ")]);
            assert_eq!(sandbox.read(OUTPUT), before, "{version}: {args:?}");
        }
    }
    for version in [format!("{major}.{minor}"), format!("{major}.{minor}.{patch}")] {
        sandbox = require(sandbox, &version);
        sandbox.run(&["compile"]).is(0);
        sandbox.run(&["check"]).is(0);
        assert!(sandbox.read(OUTPUT).contains("make test"));
    }
}

#[test]
fn warnings_fail_where_they_are_denied_and_the_output_is_written() {
    let sandbox = Sandbox::repository().file(CI, WARNS);
    let run = sandbox.run(&["compile", "--deny", "warnings"]);
    run.is(1).says(&["warning[W0320]", "`--deny warnings` makes warnings fail", "Compiled"]);
    sandbox.run(&["compile"]).is(0).says(&["(unchanged)", "warning[W0320]"]);
    for format in ["human", "json", "github", "sarif"] {
        sandbox.run(&["check", "--format", format]).is(0);
        sandbox.run(&["check", "--format", format, "--deny", "warnings"]).is(1);
    }
    // A remark never fails anything.
    let remark = "on push\n\ntoolchain node 22\n\njob test: npm test\n";
    let sandbox = sandbox.file(CI, remark);
    sandbox.run(&["compile", "--deny", "warnings"]).is(0).says(&["remark[R0209]"]);
    sandbox.run(&["compile", "--deny", "remarks"]).is(2);
}

#[test]
fn what_is_allowed_is_silent_where_it_is_allowed() {
    let sandbox = Sandbox::repository().file(CI, format!("allow W0320 \"it takes it\"\n{WARNS}"));
    sandbox
        .run(&["compile", "--deny", "warnings"])
        .is(0)
        .stderr("Compiled .github/workflows/ci.pipe -> .github/workflows/ci.yml\n");
    let sandbox = sandbox.file(CI, WARNS.replace("job lint {", "job lint { allow W0320 \"it takes it\";"));
    let run = sandbox.run(&["check", "--deny", "warnings"]);
    run.is(1).says(&["ci.pipe:3:", "1 warning"]);
    // No error can be allowed, and no code that is none.
    for line in ["allow W0799 \"x\"", "allow E0403 \"x\""] {
        let sandbox = Sandbox::repository().file(CI, format!("{line}\non push\n\njob test {{ reads dist/; run make }}\n"));
        sandbox.git(&["add", "."]);
        sandbox.run(&["check"]).is(1).says(&["error[E0302]", "ci.pipe:1:", "error[E0403]", "ci.pipe:4:"]);
    }
}
