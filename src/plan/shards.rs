//! `shards N of files "…"`: the files of each shard.

use crate::diagnostics::Diag;
use crate::diagnostics::codes::e0301_bad_value::{bad_value, few_files};
use crate::facts::Facts;
use crate::hir::lower::bare_step;
use crate::hir::{Job, Shards, Step, StepKind};
use crate::pattern::{self, Pattern, select};
use crate::text::Text;

/// The step that puts the files of its shard into `$FILES`, separated by blanks. They are dealt out in turn, in the order of git, so that shards
/// differ by one file at most and a run that is repeated has the same. Their paths are those from where the job's commands run.
pub(super) fn choose(shards: &Shards) -> Step {
    let pathspecs: Vec<String> = shards.files.iter().flat_map(|pattern| pathspecs(pattern)).collect();
    let command = format!(
        "files=$(git -c core.quotePath=off -c safe.directory='*' ls-files -- {} |\n  awk -v shard=\"$SHARD\" -v shards=\"$SHARDS\" 'NR % shards == shard % shards' | tr '\\n' ' ')\n\
         echo \"FILES=${{files% }}\" >> \"$GITHUB_ENV\"\n",
        pathspecs.join(" "),
    );
    let span = shards.origin.span;
    let step = bare_step(StepKind::Run(Text::verbatim(command, span)), shards.origin.clone());
    let text = |text: &str| Some(Text::verbatim(text, span));
    Step { title: text("Choose the files of this shard"), shell: text("bash"), ..step }
}

/// A pattern as git takes it, quoted for the shell; alternatives are several to git.
fn pathspecs(pattern: &str) -> Vec<String> {
    let (magic, pattern) = pattern.strip_prefix('!').map_or(("top,glob", pattern), |rest| ("exclude,top,glob", rest));
    let below = |path: String| if path.ends_with('/') { format!("{path}**") } else { path };
    let paths = pattern::alternatives(pattern).into_iter().map(below);
    paths.map(|path| format!("':({magic}){}'", path.replace('\'', "'\\''"))).collect()
}

/// The files that are split; none where none are named, or nobody knows what git tracks.
pub(crate) fn files<'f>(shards: &Shards, facts: &'f Facts) -> Option<Vec<&'f str>> {
    let patterns: Vec<Pattern> = shards.files.iter().map(|pattern| Pattern::new(pattern)).collect();
    Some(select(&patterns, facts.tracked.as_ref().filter(|_| !patterns.is_empty())?))
}

/// Each shard has a file: a command without one would mostly take all of them.
pub(super) fn check(job: &Job, facts: &Facts, diags: &mut Vec<Diag>) {
    let Some(shards) = &job.shards else { return };
    let Some(files) = files(shards, facts) else { return };
    // Where the number is chosen, it is not more than there are files.
    let count = shards.number().map_or(1, |count| count as usize);
    if let Some(file) = files.iter().find(|file| file.contains(char::is_whitespace)) {
        let usage = "shards 2 of files \"tests/**/*.spec.ts\"";
        let said = bad_value(&format!("the file `{file}`"), "a name without blanks", usage, shards.origin.span);
        let help = format!("`$FILES` is split at blanks: rename the file, or leave it out by `\"!{file}\"`");
        diags.push(job.origin.explain(said.help(help)));
    }
    let found = files.len();
    if found < count {
        let patterns = shards.files.iter().map(Text::as_str).collect::<Vec<_>>().join(", ");
        diags.push(job.origin.explain(few_files(count, found, &patterns, shards.count.origin.span)));
    }
}
