//! Texts that are several items of a list: `reads "dist/, out/"`.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::w0332_items_in_one_text::items_in_one_text;
use crate::hir::{Job, Pipeline, ValueKind};
use crate::text::Text;

/// Looks at the paths of every job and at the filters of events.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    for trigger in &pipeline.triggers {
        for (filter, value) in &trigger.filters {
            let noun = match filter.trim_end_matches("-ignore") {
                "branches" => "branch",
                "tags" => "tag",
                "paths" => "path",
                _ => continue,
            };
            let list = if let ValueKind::List(items) = &value.kind { items.as_slice() } else { std::slice::from_ref(value) };
            for item in list {
                let ValueKind::Text(text) = &item.kind else { continue };
                diags.extend(one(noun, text).map(|diag| item.origin.explain(diag)));
            }
        }
    }
    for job in pipeline.jobs.values() {
        of_job(job, diags);
        job.written_rows().1.iter().for_each(|row| of_job(&row.job, diags));
    }
}

fn of_job(job: &Job, diags: &mut Vec<Diag>) {
    let written = job.writes.iter().map(|writes| &writes.pattern);
    let kept = job.keeps.iter().flat_map(|keep| &keep.paths);
    let found = job.reads.iter().chain(written).chain(kept).filter_map(|path| one("path", path));
    diags.extend(found.map(|diag| job.origin.explain(diag)));
}

fn one(noun: &str, text: &Text) -> Option<Diag> {
    let items: Vec<&str> = text.split([' ', ',', '\n']).filter(|item| !item.is_empty()).collect();
    // Files may be called anything; a comma or a blank between two that end as paths do is no part of a name.
    let ends = |item: &str| item.ends_with(['/', '*']) || item.rsplit('/').next().is_some_and(has_extension);
    let several = match noun {
        _ if items.len() < 2 || text.contains("${{") => false,
        "path" => items.iter().all(|item| ends(item)) || text.contains(", ") && items.iter().all(|item| item.contains('/')),
        _ => true,
    };
    several.then(|| items_in_one_text(noun, text, &items, text.span()))
}

fn has_extension(name: &str) -> bool {
    let is_plain = |end: &str| !end.is_empty() && end.len() <= 5 && end.bytes().all(|byte| byte.is_ascii_alphanumeric());
    name.rsplit_once('.').is_some_and(|(stem, end)| !stem.is_empty() && is_plain(end))
}
