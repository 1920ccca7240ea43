//! What GitHub refuses though its schema allows it.

use pipelay::map::IndexMap;
use pipelay::source::Span;
use pipelay::workflow::model::{Jobs, Matrix, Or, Steps, Strategy};
use pipelay::workflow::yaml::{Map, Node};
use pipelay::workflow::{Job, Step, Workflow, emit, limits};

use super::workflow;

fn codes(text: &str) -> Vec<&'static str> {
    let workflow = workflow(text);
    limits(&workflow, &emit(&workflow)).iter().map(|diag| diag.code.id).collect()
}

fn steps(step: &str) -> String {
    format!("{{'on': push, jobs: {{a: {{runs-on: x, steps: [{step}]}}}}}}")
}

#[test]
fn limits_are_those_of_github() {
    let rows = |count: usize| {
        let values = vec!["1"; count].join(", ");
        format!("{{'on': push, jobs: {{a: {{strategy: {{matrix: {{a: [{values}], b: [1, 2]}}}}}}}}}}")
    };
    assert!(codes(&rows(128)).is_empty());
    assert_eq!(codes(&rows(129)), ["E0501"]);
    assert_eq!(codes(&rows(11_000)), ["E0501"]);

    let script = |length: usize, rest: &str| steps(&format!("{{run: '{}{rest}'}}", "x".repeat(length)));
    assert!(codes(&script(21_000, "")).is_empty());
    assert_eq!(codes(&script(21_001, "")), ["E0502"]);
    // `format('x…{0}', github.sha)`
    assert!(codes(&script(20_975, "${{ github.sha }}")).is_empty());
    assert_eq!(codes(&script(20_976, "${{ github.sha }}")), ["E0502"]);
    assert!(codes(&script(20_967, "{}{}${{ github.sha }}")).is_empty());
    assert_eq!(codes(&script(20_968, "{}{}${{ github.sha }}")), ["E0502"]);
    let alone = |length: usize| steps(&format!("{{run: '${{{{ {} }}}}'}}", "x".repeat(length)));
    assert!(codes(&alone(21_000)).is_empty());
    assert_eq!(codes(&alone(21_001)), ["E0502"]);
    assert_eq!(codes(&steps(&format!("{{run: x, env: {{A: '{}${{{{ b }}}}'}}}}", "x".repeat(21_000)))), ["E0502"]);
    assert!(codes(&steps(&format!("{{run: x, env: {{A: '{}'}}}}", "x".repeat(21_001)))).is_empty());

    let job = |id: &str| format!("{{'on': push, jobs: {{'{id}': {{runs-on: x}}}}}}");
    assert!(codes(&job("_a-B9")).is_empty());
    assert!(codes(&job(&"a".repeat(99))).is_empty());
    for bad in ["", "1a", "a b", "ä", "-a", &"a".repeat(100)] {
        assert_eq!(codes(&job(bad)), ["E0503"], "{bad}");
    }
    assert_eq!(codes(&steps("{run: x, id: a.b}, {parallel: [{run: x, id: 1}]}")), ["E0503", "E0503"]);

    // A condition is an expression without braces around it; text of other keys has no limit of its own.
    let condition = |length: usize| steps(&format!("{{run: x, if: '{}'}}", "''".repeat(length)));
    assert!(codes(&condition(21_000)).is_empty());
    assert_eq!(codes(&condition(21_001)), ["E0502"]);

    let size = |length: usize| steps(&format!("{{run: x, env: {{A: '{}'}}}}", "x".repeat(length)));
    assert_eq!(codes(&size(512_000)), ["W0504"]);
    assert!(codes(&size(511_000)).is_empty());

    let inputs = |count: usize| {
        let inputs: Vec<_> = (0..count).map(|index| format!("i{index}: {{type: string}}")).collect();
        format!("{{'on': {{workflow_dispatch: {{inputs: {{{}}}}}}}, jobs: {{}}}}", inputs.join(", "))
    };
    assert!(codes(&inputs(25)).is_empty());
    assert_eq!(codes(&inputs(26)), ["E0505"]);
}

#[test]
fn limits_point_to_the_spec_and_see_raw_keys() {
    let values = (0..257).map(|value| Node::str(value.to_string()));
    let raw = Map::from_iter([("axis".to_owned(), Node::seq(values))]);
    let matrix = Matrix { extra: raw, ..Matrix::default() };
    let mut step = Step::run("x".repeat(21_001));
    step.origin = Some(Span::new(5, 6));
    let job = Job {
        origin: Some(Span::new(1, 9)),
        strategy: Some(Or::Is(Strategy { matrix: Some(Or::Is(matrix)), ..Strategy::default() })),
        steps: Some(Steps(vec![step])),
        ..Job::default()
    };
    let workflow = Workflow { jobs: Some(Jobs(IndexMap::from_iter([("a".to_owned(), job)]))), ..Workflow::default() };
    let diags = limits(&workflow, &emit(&workflow));
    let found: Vec<_> = diags.iter().map(|diag| (diag.code.id, diag.span(), diag.message.as_str())).collect();
    assert_eq!(
        found,
        [
            ("E0501", Span::new(1, 9), "job `a` makes 257 jobs, and GitHub runs at most 256 of one matrix"),
            ("E0502", Span::new(5, 6), "`jobs.a.steps.0.run` has 21001 characters, and GitHub takes at most 21000"),
        ]
    );
}
