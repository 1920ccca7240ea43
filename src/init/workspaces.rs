//! Which packages of Node.js a workspace has.

use serde_json::Value;

use super::repository::{Repository, folder};
use crate::pattern::Pattern;

/// The `package.json` of each package of the root's workspace.
pub(super) fn members<'a>(repository: &Repository<'a>) -> Vec<&'a str> {
    let manifest = repository.json("package.json");
    let declared = manifest.get("workspaces");
    let listed = declared.and_then(|it| it.get("packages")).or(declared).cloned();
    let pnpm = repository.yaml::<Value>("pnpm-workspace.yaml").and_then(|it| it.get("packages").cloned());
    let patterns: Vec<Pattern> =
        pnpm.or(listed).iter().filter_map(Value::as_array).flatten().filter_map(Value::as_str).map(pattern).collect();
    let is_member = |path: &&str| {
        let matching = |negated: bool| patterns.iter().any(|pattern| pattern.negated == negated && pattern.matches(folder(path)));
        path.contains('/') && matching(false) && !matching(true)
    };
    repository.named("package.json").filter(is_member).collect()
}

/// A pattern of folders. A plain one of ours is all below it too, which theirs is not, but a package is a folder with a manifest.
fn pattern(text: &str) -> Pattern {
    let (not, path) = text.strip_prefix('!').map_or(("", text), |path| ("!", path));
    Pattern::new(&format!("{not}{}", path.trim_start_matches("./").trim_end_matches('/')))
}
