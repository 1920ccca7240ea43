//! Paths of `reads`, `writes` and `keep`, and the names of what is kept and of what is cached.

use std::collections::HashMap;

use crate::diagnostics::Diag;
use crate::diagnostics::codes::e0301_bad_value::bad_value;
use crate::diagnostics::codes::w0314_artifact_twice::artifact_twice;
use crate::expr::fold::{Known, fold, literal};
use crate::expr::text::{Piece, split};
use crate::expr::value::Value;
use crate::hir::rows::rows;
use crate::hir::{Job, Pipeline};
use crate::map::IndexMap;
use crate::source::Span;
use crate::text::Text;

/// What the name of an artifact may not hold, from `actions/upload-artifact`.
const NOT_IN_NAMES: [char; 9] = ['"', ':', '<', '>', '|', '*', '?', '\\', '/'];

/// What a key may not hold: "Key Validation Error: … cannot contain commas." (actions/toolkit, `packages/cache/src/cache.ts`, from memory).
const NOT_IN_KEYS: [char; 1] = [','];

/// Checks both.
pub fn check(pipeline: &Pipeline, _broken: bool, diags: &mut Vec<Diag>) {
    let mut names: HashMap<String, Span> = HashMap::new();
    for job in pipeline.jobs.values() {
        let reads = job.reads.iter().map(|path| ("reads", path));
        for (word, path) in reads.chain(job.writes.iter().map(|writes| ("writes", &writes.pattern))) {
            inside(job, word, path, diags);
        }
        for cache in &job.caches {
            if let Some((found, _)) = refused(pipeline, job, &cache.key, &NOT_IN_KEYS) {
                let found = format!("the key `{found}` with a `,`");
                diags.push(job.origin.explain(bad_value(&found, "one without commas", KEY, cache.key.span())));
            }
        }
        for keep in &job.keeps {
            keep.paths.iter().for_each(|path| no_variable(job, "keep", path, diags));
            let Some(name) = &keep.name else { continue };
            if let Some((found, odd)) = refused(pipeline, job, name, &NOT_IN_NAMES) {
                let found = format!("the name `{found}` with a `{odd}`");
                let wanted = format!("one without any of {}", NOT_IN_NAMES.map(String::from).join(" "));
                diags.push(job.origin.explain(bad_value(&found, &wanted, "keep logs/ as server-logs", name.span())));
            }
            // Of jobs and steps with conditions perhaps one runs; rows get their number behind a name that they share.
            let always = job.when.is_none() && keep.when.is_none() && !job.has_rows() && !name.contains("${{");
            if always && let Some(before) = names.insert(name.to_lowercase(), name.span()) {
                diags.push(job.origin.explain(artifact_twice(name, name.span(), before)));
            }
        }
    }
}

/// How a key is written.
const KEY: &str = "cache deps { paths: deps/, key: ${{ hashFiles('deps.lock') }} }";

/// The name of an artifact or a cache that is refused, in some row perhaps, and for which character.
fn refused(pipeline: &Pipeline, job: &Job, name: &Text, odd: &[char]) -> Option<(String, char)> {
    let pieces = split(name).value;
    // What the spec itself gives its variables is known; a row may give others.
    let (_, written) = job.written_rows();
    let variables: IndexMap<&String, String> =
        pipeline.defaults.env.iter().chain(&job.env).map(|(name, value)| (name, value.spelled())).collect();
    let is_known = |name: &str, value: &str| !value.contains("${{") && written.iter().all(|row| !row.job.env.contains_key(name));
    let in_row = |row: &IndexMap<String, String>| -> String {
        let mut known = Known::new();
        for (name, value) in variables.iter().filter(|(name, value)| is_known(name, value)) {
            known.insert(["env", name], Value::string(value));
        }
        row.iter().for_each(|(axis, value)| known.insert(["matrix", axis], Value::string(value)));
        let text = |piece: &Piece| match piece {
            Piece::Text { text, .. } => text.clone(),
            Piece::Hole { expr, .. } => {
                expr.clone().and_then(|expr| literal(&fold(expr, &known))).map(|value| value.to_text()).unwrap_or_default()
            }
        };
        pieces.iter().map(text).collect()
    };
    rows(job).iter().map(in_row).find_map(|name| {
        let odd = name.chars().find(|char| odd.contains(char))?;
        Some((name, odd))
    })
}

/// What is handed over lies in the repository.
fn inside(job: &Job, word: &str, path: &Text, diags: &mut Vec<Diag>) {
    let plain = path.strip_prefix('!').unwrap_or(path);
    let outside = plain.starts_with(['/', '~']) || plain.split('/').any(|part| part == "..") || plain.get(1..3) == Some(":\\");
    if outside {
        let found = format!("`{}`, which lies outside the repository,", path.as_str());
        diags.push(job.origin.explain(bad_value(&found, "a path from its root", &format!("{word} dist/"), path.span())));
    } else {
        no_variable(job, word, path, diags);
    }
}

/// No shell reads these paths: `$HOME` would be a folder of that name. Names in small letters are some frameworks' own, `$id.tsx`.
fn no_variable(job: &Job, word: &str, path: &Text, diags: &mut Vec<Diag>) {
    let is_part = |char: &char| char.is_ascii_uppercase() || char.is_ascii_digit() || *char == '_';
    for piece in split(path).value {
        let Piece::Text { text, span } = piece else { continue };
        for (at, _) in text.match_indices('$') {
            let name: String = text[at + 1..].chars().take_while(is_part).collect();
            let behind = text[at + 1 + name.len()..].chars().next();
            if name.len() < 2
                || !name.starts_with(|first: char| first.is_ascii_uppercase())
                || behind.is_some_and(char::is_alphanumeric)
            {
                continue;
            }
            let at = span.start as usize + at;
            let axis = if name == "SHARD" { "matrix.shard".to_owned() } else { format!("env.{name}") };
            let example = format!("{word} {}${{{{ {axis} }}}}{}", &path[..at], &path[at + 1 + name.len()..]);
            let found = format!("`${name}`, which no shell fills in here,");
            diags.push(job.origin.explain(bad_value(&found, "an expression", &example, path.source(at..at + 1 + name.len()))));
        }
    }
}
