//! Comparisons as Markdown, for a comment on a pull request or the summary of a job: the same bytes for the same two specs.

use std::fmt::Write as _;

use super::{Comparison, JobChange};

/// So many jobs or decisions of a spec are listed: a comment has 65,536 characters at most, and is read by people.
const MOST_ROWS: usize = 50;

/// All specs below one heading. The first line, which nobody sees, is by what a program finds its comment again. Nothing where there is no spec.
pub fn markdown(comparisons: &[Comparison]) -> String {
    let Some(first) = comparisons.first() else { return String::new() };
    let mut text = "<!-- pipelay plan -->\n".to_owned();
    let _ = writeln!(text, "### Time and money of workflows, compared with {}", code(&first.revision));
    for comparison in comparisons {
        one(comparison, &mut text);
    }
    text
}

fn one(comparison: &Comparison, text: &mut String) {
    let _ = write!(text, "\n#### {}\n\n", code(&comparison.heading()));
    if let Some(said) = comparison.one_sided() {
        let _ = writeln!(text, "{}\n", inline(&said));
    }
    if comparison.is_same() {
        text.push_str("No difference.\n");
        return;
    }
    text.push_str("| | before | now | difference |\n| --- | ---: | ---: | ---: |\n");
    let plans = comparison.alternatives();
    let of_plans = plans.iter().flat_map(|plan| plan.quantities().into_iter().map(|quantity| (Some(plan.name), quantity)));
    for (plan, quantity) in comparison.quantities().into_iter().map(|quantity| (None, quantity)).chain(of_plans) {
        let of = plan.map(|plan| format!("{}, ", code(plan))).unwrap_or_default();
        let _ = writeln!(text, "| {of}{} | {} |", quantity.name, quantity.shown().map(|cell| escaped(&cell)).join(" | "));
    }
    jobs("Jobs", &comparison.jobs(), text);
    for plan in &plans {
        jobs(&format!("Jobs of plan {}", code(plan.name)), &plan.jobs(), text);
    }
    let decisions = comparison.decisions();
    let rows = decisions.iter().map(|(of, decision)| {
        let job = decision.job.as_ref().map_or_else(String::new, |job| format!(" of {}", code(job)));
        format!("{} {}{job}: {} ({})", sign(*of), decision.pass, inline(&decision.what), inline(&decision.why))
    });
    if !decisions.is_empty() {
        details(&format!("Decisions that differ: {}", decisions.len()), rows, text);
    }
    let (before, now) = comparison.critical_paths();
    let paths =
        [("now", now), ("before", before)].into_iter().filter_map(|(when, path)| Some(format!("{when}: {}", escaped(&path?))));
    let rest = paths.chain([escaped(&comparison.evidence())]);
    details("What decides how long it takes, and how it is known", rest, text);
}

/// The jobs that are not as they were, folded.
fn jobs(heading: &str, jobs: &[JobChange], text: &mut String) {
    if !jobs.is_empty() {
        let count = |sign: char| jobs.iter().filter(|change| change.sign() == sign).count();
        let kinds = [("new", count('+')), ("gone", count('-')), ("not as before", count('~'))];
        let counted: Vec<String> =
            kinds.into_iter().filter(|(_, count)| *count > 0).map(|(kind, count)| format!("{kind}: {count}")).collect();
        let rows = jobs
            .iter()
            .map(|change: &JobChange| format!("{} {}: {}", sign(change.sign()), code(&change.job), escaped(&change.says())));
        details(&format!("{heading}: {}", counted.join(", ")), rows, text);
    }
}

fn details(summary: &str, mut rows: impl Iterator<Item = String>, text: &mut String) {
    let _ = write!(text, "\n<details><summary>{summary}</summary>\n\n");
    for row in rows.by_ref().take(MOST_ROWS) {
        let _ = writeln!(text, "- {row}");
    }
    let rest = rows.count();
    if rest > 0 {
        let _ = writeln!(text, "- and more: {rest}");
    }
    text.push_str("\n</details>\n");
}

/// A sign that does not begin a list.
fn sign(sign: char) -> &'static str {
    match sign {
        '+' => "**new**",
        '-' => "**gone**",
        _ => "**changed**",
    }
}

/// A name as code. In backticks a `|` would still end a cell, and a backtick the name.
fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

/// A sentence of ours, with names in backticks, in one line: the names as code, and all else as plain text.
fn inline(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    // One backtick too many is one that is meant.
    if pieces.len().is_multiple_of(2) {
        return escaped(text);
    }
    pieces.iter().enumerate().map(|(at, piece)| if at % 2 == 1 { code(piece) } else { escaped(piece) }).collect()
}

/// A text in which nothing is markup, a mention, a link to an issue, a formula or the end of a cell: what could be stands as its number.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            _ if char.is_control() => out.push(' '),
            '&' | '<' | '>' | '|' | '`' | '*' | '_' | '[' | ']' | '\\' | '~' | '#' | '@' | '$' | '!' | '"' | '\'' => {
                let _ = write!(out, "&#{};", char as u32);
            }
            _ => out.push(char),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{code, inline};

    #[test]
    fn no_name_is_markup() {
        assert_eq!(code("a|b`c<img>"), "<code>a&#124;b&#96;c&#60;img&#62;</code>");
        assert_eq!(inline("`a_b` and *x*\n# y"), "<code>a&#95;b</code> and &#42;x&#42; &#35; y");
        assert_eq!(inline("one ` alone, @who $x$"), "one &#96; alone, &#64;who &#36;x&#36;");
    }
}
