//! What reading says of files that are no workflow.

use pipelay::source::Span;
use pipelay::workflow::read;

fn said(text: &str) -> (&'static str, Span, String) {
    let outcome = read(text);
    assert_eq!(outcome.value, None);
    let [diag] = outcome.diags.as_slice() else { panic!("{:?}", outcome.diags) };
    (diag.code.id, diag.span(), diag.message.clone())
}

#[test]
fn files_that_are_no_workflow_are_refused_where_they_go_wrong() {
    let (code, span, message) = said("on: push\njobs:\n  a: [\n");
    assert_eq!((code, span), ("E0506", Span::new(22, 22)), "{message}");
    assert_eq!(said("").2, "the file is not a workflow: it is no mapping");
    assert_eq!(said("- a").2, "the file is not a workflow: it is no mapping");
    let (_, span, message) = said("\u{feff}a: 1\na: 2\n");
    assert!(message.contains("duplicate"), "{message}");
    assert!(span.start <= 13, "{span:?}");
}
