//! A committed output that is not what its spec compiles to.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0803",
    title: "output out of date",
    page: r"
The committed workflow is not what its spec compiles to: the spec was changed and not compiled again, the workflow was edited by hand,
or another version of pipelay wrote it. What `check` prints is the difference, from what is there to what should be. The message names what
differs as a path through the workflow, `jobs.test.steps[2].with.node-version`; where it names nothing, only comments, order or layout differ,
or what is there is no YAML. A digest of an image that a bot brought up to date there is no exception: `pipelay lock --update IMAGE` takes over what the tag is now.

This is about files, so there is no spec that shows it.

```text
$ echo 'job new: npm test' >> .github/workflows/ci.pipe && pipelay check
```
",
};

/// How many fields are named.
const NAMED: usize = 3;

/// `output` differs from what `spec` compiles to in `fields`, first at `at`. Of `images` it has other digests than are locked: which came first nobody
/// knows, and they may be a bot's.
pub fn out_of_date(output: &str, spec: &str, command: &str, at: Span, fields: &[String], images: &[String]) -> Diag {
    let mut named: Vec<String> = fields.iter().take(NAMED).map(|field| format!("`{field}`")).collect();
    if let Some(more) = fields.len().checked_sub(NAMED).filter(|&more| more > 0) {
        named.push(format!("{more} more"));
    }
    let differs = match named.split_last() {
        None => String::new(),
        Some((last, [])) => format!(": {last} differs"),
        Some((last, first)) => format!(": {} and {last} differ", first.join(", ")),
    };
    Diag::new(&CODE, format!("`{output}` is not what `{spec}` compiles to{differs}")).label(at, "differs from here on").help(
        match images {
            [] => format!("run `{command}`"),
            images => {
                let updates: Vec<String> = images.iter().map(|image| format!("`pipelay lock --update {image}`")).collect();
                format!("run `{command}`, and before that {}, if a bot brought it up to date here", updates.join(" and "))
            }
        },
    )
}

/// A line of `output`, at `at`, is not among what `spec` compiles to.
pub fn line_out_of_date(output: &str, spec: &str, command: &str, line: usize, at: Span) -> Diag {
    Diag::new(&CODE, format!("line {line} of `{output}` is not among what `{spec}` compiles to now"))
        .label(at, "from another state of the spec, or edited by hand")
        .help(format!("run `{command}`, and ask again"))
}

/// `output` of `spec` does not exist.
pub fn missing_output(output: &str, spec: &str, command: &str) -> Diag {
    Diag::new(&CODE, format!("`{output}`, which `{spec}` compiles to, does not exist")).help(format!("run `{command}`"))
}
