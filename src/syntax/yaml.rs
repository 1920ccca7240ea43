//! How the keys of a workflow in YAML are written in a spec: for those who come from there.

use super::symbols::{Place, Symbol, by_word};

/// Whether a key is one of a workflow's, or a statement.
pub(super) fn is_key(key: &str) -> bool {
    by_word(key).next().is_some() || instead_of(key, None).is_some()
}

/// Whether a key is one of the filters of an event, which hold no blanks.
pub(super) fn is_filter(key: &str) -> bool {
    matches!(key, "types" | "branches" | "branches-ignore" | "tags" | "tags-ignore" | "paths" | "paths-ignore")
}

/// What to write for a key of YAML that stands in `place`. Keys that are statements of the same name are not listed.
pub(crate) fn instead_of(key: &str, place: Option<Place>) -> Option<&'static str> {
    Some(match (key, place) {
        ("name", Some(Place::File)) => "write `workflow \"NAME\"`",
        ("name", Some(Place::Job)) => "the display name stands behind the job's id: `job ID \"NAME\" { … }`",
        ("name", Some(Place::Step)) => "the display name stands behind `step`: `step \"NAME\": COMMAND`",
        ("name", _) => "a display name stands in quotes behind `job ID` or `step`",
        ("id", _) => "the id stands behind `step`: `step ID: COMMAND`",
        ("jobs", _) => "jobs stand at the file level: `job NAME { … }`",
        ("steps", _) => "steps stand in the job directly, in order: `run COMMAND`, `uses ACTION@REF`",
        ("runs-on", _) => "write `runner LABEL`",
        ("if", _) => "write `when EXPR`",
        ("with", _) => "inputs stand behind the action: `uses ACTION@REF { INPUT: VALUE }`",
        ("working-directory", _) => "write `in DIR`",
        ("continue-on-error", _) => "write `may-fail`",
        ("timeout-minutes", _) => "write `timeout 15m`",
        ("strategy", _) => "write `matrix AXIS: a, b`; `fail-fast off` and `max-parallel 2` are statements beside it",
        ("services", _) => "write `service NAME VERSION`, once for each",
        ("defaults", _) => "write `shell bash` and `in DIR`",
        (filter, _) if is_filter(filter) => "filters stand behind their event: `on push to main`, `on push { paths: [src/**] }`",
        ("cron", _) => "write `on schedule \"17 3 * * 1-5\"`",
        ("inputs", _) => "write each as a statement: `on workflow_dispatch { input NAME: string }`",
        ("true", Some(Place::File)) => "write `on push`",
        _ => return None,
    })
}

/// What to write for a key of a pipeline of GitLab or others, where it has no meaning of its own.
pub(crate) fn of_others(key: &str) -> Option<&'static str> {
    Some(match key {
        "image" => "write `container IMAGE`",
        "script" | "before_script" | "after_script" | "command" | "commands" => "write `run COMMAND`",
        "stage" | "stages" => "there are no stages: a job waits for others by name, `needs JOB, …`",
        "depends_on" | "dependencies" => "write `needs JOB, …`",
        "only" | "except" | "rules" => "write `when EXPR`",
        "artifacts" => "write `keep PATH, …` for people, or `writes PATH, …` for other jobs",
        "variables" => "write `env { NAME: VALUE }`",
        "allow_failure" => "write `may-fail`",
        _ => return None,
    })
}

/// A help that offers a statement, with the places where that stands if it may not in this one.
pub(crate) fn where_else(help: &str, place: Place) -> String {
    let offered = help.strip_prefix("write `").and_then(|statement| statement.split(' ').next()).unwrap_or_default();
    let fits = |symbol: &Symbol| symbol.places.is_empty() || symbol.places.contains(&place);
    match by_word(offered).next() {
        Some(symbol) if !by_word(offered).any(fits) => format!("{help}; it stands {}", symbol.within()),
        _ => help.to_owned(),
    }
}
