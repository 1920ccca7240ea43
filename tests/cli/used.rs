//! What a spec uses of its repository is read: actions, workflows, and specs that workflows are made of.

use super::sandbox::Sandbox;

const CI: &str = ".github/workflows/ci.pipe";
const ACTION: &str = "inputs:\n  tool: { required: true }\nruns: { using: composite, steps: [] }\n";
const CALLED: &str = "on workflow_call { input tag: string }\njob a: make\n";

#[test]
fn actions_and_workflows_are_read_where_they_are() {
    let sandbox = Sandbox::repository()
        .file("tools/lint/action.yaml", ACTION)
        .file(".github/workflows/called.pipe", CALLED)
        .file(".github/workflows/called.yml", "on: push\njobs: {}\n")
        .file(".github/workflows/own.yml", "on: push\njobs: {}\n")
        .file("common.pipe", "template lint() { uses ./tools/lint { tol: x } }\n")
        .file(
            CI,
            "import \"../../common.pipe\"\non push\njob lint { lint() }\njob calls { uses ./.github/workflows/called.yml { tga: v1 } }\n\
             job own { uses ./.github/workflows/own.yml }\n",
        );
    let run = sandbox.run(&["check"]);
    run.is(1).says(&[
        "`./tools/lint` has no input `tol`",
        "help: write `tool`",
        "`./.github/workflows/called.yml` takes no input `tga`",
        "`./.github/workflows/own.yml` cannot be called",
    ]);
    assert!(!run.stderr.contains("W0324"), "not tracked yet, and there: {run:?}");
}

#[test]
fn faults_of_what_is_used_are_not_those_of_its_user() {
    let sandbox = Sandbox::repository()
        .file("tools/lint/action.yml", "inputs: [\n")
        .file("tools/bytes/action.yml", b"inputs: \xff\n")
        .file(".github/workflows/called.pipe", "on workflow_call {\njob a: make\n")
        .file("used.pipe", "on push\njob lint { uses ./tools/lint { x: y }; uses ./tools/bytes { x: y } }\njob calls { uses ./.github/workflows/called.pipe { x: y } }\n");
    sandbox.run(&["compile", "used.pipe", "--stdout"]).is(0).stderr("");
}

#[test]
fn nothing_outside_of_the_repository_is_read() {
    let sandbox = Sandbox::new().file("tools/action.yml", ACTION).file("deep/ci.pipe", "on push\njob a { uses ../tools }\n");
    let sandbox = sandbox.inside("deep");
    sandbox.git(&["init", "-q", "deep"]);
    let run = sandbox.run(&["compile", "ci.pipe", "--stdout"]);
    assert!(!run.stderr.contains("W0321"), "{run:?}");
}
