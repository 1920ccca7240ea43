//! Cache layers: what toolchains download and build, and what the author asks for.
//!
//! A key begins with what must be equal for a cache to be of any use: the system, its architecture, the layer and the tool's version;
//! then comes what invalidates it. What is restored is never newer than its key says, since only the last part may differ.

use super::systems::Systems;
use super::{Context, Pass, never};
use crate::catalog::actions::used::CACHE;
use crate::hir::{CacheLayer, Condition, Map, Step, Value, ValueKind};
use crate::plan::{Derived, Plan, Role, lines, text, toolchains, uses};

pub(super) static PASS: Pass =
    Pass { name: "cache", summary: "restores and saves what need not be made again", required: false, asked: never, run };

fn run(plan: &mut Plan, context: &mut Context<'_>) {
    let salt = plan.pipeline.cache_version.as_ref().map(|salt| salt.as_str().to_owned());
    let systems = Systems::of(plan);
    for (id, work) in &mut plan.works {
        let mut layers: Vec<Layer> = work.job.caches.iter().map(|layer| (layer.clone(), None, None)).collect();
        for (toolchain, when) in toolchains(&work.job) {
            // Without a version there is a word in its place, so that no key is the beginning of the key of a version.
            let version = toolchain.version.as_ref().map_or_else(|| "default".to_owned(), |version| version.as_str().to_owned());
            layers.extend(toolchain.caches.iter().map(|layer| {
                let mut layer = layer.clone();
                layer.paths.retain(|path| systems.have(path));
                (layer, Some(version.clone()), when.clone())
            }));
        }
        // A layer may have places on other systems alone.
        for (layer, version, when) in layers.into_iter().filter(|(layer, ..)| !layer.paths.is_empty()) {
            let step = uses(CACHE, inputs(&layer, version.as_deref(), salt.as_deref()), layer.origin.clone());
            work.prepend(Derived { role: Role::Cache, step: Step { when, ..step }, why: None });
            let paths: Vec<&str> = layer.paths.iter().map(super::super::text::Text::as_str).collect();
            context.ledger.note(
                PASS.name,
                Some(id),
                format!("keeps {} as layer {}", paths.join(", "), layer.name),
                "its key says what it holds",
            );
        }
    }
}

/// A layer, the version of the tool that it is of, and the rows that have it.
type Layer = (CacheLayer, Option<String>, Option<Condition>);

fn inputs(layer: &CacheLayer, version: Option<&str>, salt: Option<&str>) -> Map {
    let origin = &layer.origin;
    let mut prefix = String::new();
    for part in
        [salt, Some("${{ runner.os }}"), Some("${{ runner.arch }}"), Some(layer.name.as_str()), version].into_iter().flatten()
    {
        prefix.push_str(part);
        prefix.push('-');
    }
    let paths: Vec<&str> = layer.paths.iter().map(super::super::text::Text::as_str).collect();
    let mut with = Map::default();
    with.insert("path".to_owned(), lines(&paths, origin));
    with.insert("key".to_owned(), text(format!("{prefix}{}", layer.key.as_str()), origin));
    let others = match layer.keys.get("restore-keys") {
        // Written as beginnings of the written key; what stands before that belongs to these too.
        Some(Value { kind: ValueKind::List(items), .. }) => {
            lines(&items.iter().map(|item| format!("{prefix}{}", item.spelled())).collect::<Vec<_>>(), origin)
        }
        Some(other) => text(format!("{prefix}{}", other.spelled()), origin),
        None => text(&prefix, origin),
    };
    with.insert("restore-keys".to_owned(), others);
    with
}
