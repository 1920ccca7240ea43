//! What the data of a statement may hold: one table for each, so that a misspelt key or a value of the wrong kind is refused, and nothing
//! that was written is dropped later.

use std::collections::HashMap;

use super::Lowering;
use crate::diagnostics::codes::e0207_said_twice::said_twice;
use crate::diagnostics::codes::e0301_bad_value::bad_value;
use crate::diagnostics::codes::e0302_unknown_word::unknown_word;
use crate::diagnostics::nearest;
use crate::hir::expand::Scope;
use crate::hir::{Duration, Map, Money, Size, Value, ValueKind};

/// What a value may be. Where one value is wanted, an expression of GitHub's may stand for it.
pub(super) enum Shape {
    /// One value: a text, a number, `true` or `false`.
    One,
    /// `on`, `off`, `true` or `false`.
    Switch,
    /// A whole number of at least one.
    Count,
    /// `15m`
    Duration,
    /// `$0.40`
    Money,
    /// `512MB`
    Size,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// One value, or a list of them.
    Many,
    /// Entries with keys of the author's own.
    Map(&'static Shape),
    /// Entries with these keys.
    Keys(&'static Keys),
}

/// The keys that a block of data takes.
#[allow(clippy::struct_field_names)] // they are its keys
pub(super) struct Keys {
    /// Whose they are, in messages.
    pub(super) of: &'static str,
    /// What stands between a key and its value.
    pub(super) glue: &'static str,
    /// Each, with what it takes.
    pub(super) table: &'static [(&'static str, Shape)],
    /// The names of passes are keys, too, and switch them.
    pub(super) passes: bool,
}

impl Keys {
    /// What a key takes; none where it is no key.
    pub(super) fn find(&self, key: &str) -> Option<&'static Shape> {
        let own = self.table.iter().find(|(known, _)| *known == key).map(|(_, shape)| shape);
        own.or_else(|| self.switches().any(|pass| pass == key).then_some(&Switch))
    }

    /// All of them.
    fn names(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.table.iter().map(|(known, _)| *known).chain(self.switches())
    }

    fn switches(&self) -> impl Iterator<Item = &'static str> + Clone {
        let optional = crate::passes::ALL.iter().filter(|pass| !pass.required);
        optional.map(|pass| pass.name).filter(|_| self.passes)
    }
}

const fn data(of: &'static str, table: &'static [(&'static str, Shape)]) -> Keys {
    Keys { of, glue: ": ", table, passes: false }
}

const fn settings(of: &'static str, table: &'static [(&'static str, Shape)]) -> Keys {
    Keys { of, glue: " ", table, passes: false }
}

use Shape::{Count, Many, Money as Price, One, Size as Bytes, Switch, Word};

/// `concurrency`
pub(super) static CONCURRENCY: Keys =
    data("`concurrency`", &[("group", One), ("cancel-in-progress", Switch), ("queue", Word(&["single", "max"]))]);

/// `container`: GitHub's keys, but for the image, which the statement names.
pub(super) static CONTAINER: Keys = data(
    "`container`",
    &[
        ("credentials", Shape::Keys(&CREDENTIALS)),
        ("env", Shape::Map(&One)),
        ("ports", Many),
        ("volumes", Many),
        ("options", One),
    ],
);

/// `service`: those of a container, and what only a server has.
pub(super) static SERVICE: Keys = data(
    "a service",
    &[
        ("image", One),
        ("credentials", Shape::Keys(&CREDENTIALS)),
        ("env", Shape::Map(&One)),
        ("ports", Many),
        ("volumes", Many),
        ("options", One),
        ("entrypoint", One),
        ("command", One),
        ("health", Shape::Keys(&HEALTH)),
    ],
);

static CREDENTIALS: Keys = data("`credentials`", &[("username", One), ("password", One)]);

/// Options of `docker create` for a health check, less their `--health-`.
static HEALTH: Keys = data(
    "`health`",
    &[("cmd", One), ("interval", Shape::Duration), ("timeout", Shape::Duration), ("retries", Count), ("start", Shape::Duration)],
);

/// `environment`
pub(super) static ENVIRONMENT: Keys = data("`environment`", &[("url", One), ("deployment", Switch)]);

/// `snapshot`
pub(super) static SNAPSHOT: Keys = data("`snapshot`", &[("image-name", One), ("version", One), ("if", One)]);

/// `cache`
pub(super) static CACHE: Keys = data("`cache`", &[("paths", Many), ("key", One), ("restore-keys", Many)]);

/// `runner { … }`
pub(super) static RUNNER: Keys = data("`runner`", &[("group", One), ("labels", Many)]);

/// `runner auto { … }`: what it may choose from.
pub(super) static AUTO: Keys = data(
    "`runner auto`",
    &[("arch", Word(&["any", "x64", "arm64"])), ("os", Word(&["linux", "windows", "macos"])), ("slim", Switch)],
);

/// An entry of `runners`.
pub(super) static NAMED_RUNNER: Keys = data(
    "a runner",
    &[
        ("label", Many),
        ("group", One),
        ("labels", Many),
        ("os", One),
        ("arch", Word(&["x64", "arm64"])),
        ("cores", Count),
        ("memory", Bytes),
        ("disk", Bytes),
        ("price", Price),
        ("billed", Word(&["minute", "second"])),
    ],
);

/// `resources`
pub(super) static RESOURCES: Keys = data("`resources`", &[("cpu", Count), ("memory", Bytes), ("disk", Bytes)]);

/// `checkout`: inputs of `actions/checkout`, from its `action.yml` at v6.0.1, November 2026.
pub(super) static CHECKOUT: Keys = data(
    "`checkout`",
    &[
        ("repository", One),
        ("ref", One),
        ("token", One),
        ("ssh-key", One),
        ("ssh-known-hosts", Many),
        ("ssh-strict", One),
        ("ssh-user", One),
        ("persist-credentials", One),
        ("path", One),
        ("clean", One),
        ("filter", One),
        ("sparse-checkout", Many),
        ("sparse-checkout-cone-mode", One),
        ("fetch-depth", One),
        ("fetch-tags", One),
        ("show-progress", One),
        ("lfs", One),
        ("submodules", One),
        ("set-safe-directory", One),
        ("github-server-url", One),
        ("allow-unsafe-pr-checkout", One),
    ],
);

/// `shards auto`
pub(super) static SHARDS: Keys = settings("`shards auto`", &[("max", Count)]);

/// `target`
pub(super) static TARGET: Keys = settings("`target`", &[("parallel-steps", Switch), ("queue-max", Switch)]);

/// `monitor`
pub(super) static MONITOR: Keys =
    settings("`monitor`", &[("summary", Switch), ("keep", Shape::Duration), ("alert", Shape::Keys(&ALERT))]);

static ALERT: Keys = data("`alert`", &[("duration", Shape::Duration), ("cost", Price)]);

/// `optimize`: limits, passes by name, and passes and moves that are yet to come.
pub(super) static OPTIMIZE: Keys = Keys {
    passes: true,
    ..settings(
        "`optimize`",
        &[
            ("deadline", Shape::Duration),
            ("budget", Price),
            ("concurrency", Count),
            ("public", Switch),
            ("sparse", Switch),
            ("guard", Switch),
            ("pins", Switch),
            ("detect", Switch),
            ("monitor", Switch),
            ("fuse", Switch),
            ("parallel", Switch),
            ("shard", Switch),
            ("split", Switch),
            ("repeat", Switch),
            ("size", Switch),
            ("handover", Word(&["artifact", "cache"])),
        ],
    )
};

/// A plan of `optimize by`: its limits, and what it may choose otherwise than the others.
pub(super) static ALTERNATIVE: Keys = settings(
    "a plan of `optimize by`",
    &[("deadline", Shape::Duration), ("budget", Price), ("concurrency", Count), ("shard", Switch), ("size", Switch)],
);

/// Environment variables, outputs, secrets.
pub(super) static VALUES: Shape = Shape::Map(&One);

/// Inputs of an action or a called workflow: a list becomes lines.
pub(super) static INPUTS: Shape = Shape::Map(&Many);

/// Filters of an event.
pub(super) static FILTERS: Shape = Shape::Map(&Many);

impl Shape {
    /// What it is called where something else stands, and an example.
    fn wanted(&self) -> (String, &'static str) {
        match self {
            One => ("one value".to_owned(), "VALUE"),
            Switch => ("`on` or `off`".to_owned(), "on"),
            Count => ("a whole number of at least 1".to_owned(), "3"),
            Self::Duration => ("a duration".to_owned(), "15m"),
            Price => ("an amount of money".to_owned(), "$0.40"),
            Bytes => ("a size".to_owned(), "8GB"),
            Word(words) => (words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or "), words[0]),
            Many => ("one value or a list of them".to_owned(), "[a, b]"),
            Self::Map(_) => ("data".to_owned(), "{ NAME: VALUE }"),
            Self::Keys(_) => ("data".to_owned(), "{ KEY: VALUE }"),
        }
    }

    /// Whether one value, as it is spelled, is of this shape.
    fn takes(&self, spelled: &str) -> bool {
        match self {
            Switch => matches!(spelled, "on" | "off" | "true" | "false"),
            Count => super::parts::is_count(spelled),
            Self::Duration => Duration::parse(spelled).is_some_and(|duration| duration.0 > 0),
            Price => Money::parse(spelled).is_some(),
            Bytes => Size::parse(spelled).is_some(),
            Word(words) => words.contains(&spelled),
            One | Many => true,
            Self::Map(_) | Self::Keys(_) => false,
        }
    }
}

/// `on` and `off` as GitHub spells them, at the keys that take them.
pub(super) fn spell_switches(map: &mut Map, keys: &Keys) {
    for (key, value) in map {
        if let (Some(Switch), "on" | "off") = (keys.find(key), value.spelled().as_str()) {
            value.kind = ValueKind::Bool(value.spelled() == "on");
        }
    }
}

impl Lowering<'_> {
    /// Reports what does not fit, at its place; `key` is the key that the value belongs to.
    pub(super) fn fits(&self, key: &str, glue: &str, value: &Value, shape: &Shape, scope: &Scope) {
        match (&value.kind, shape) {
            (ValueKind::Map(map), Shape::Map(each)) => {
                for (key, value) in map {
                    // `NAME:` with nothing behind it is an empty text.
                    if value.kind != ValueKind::Null {
                        self.fits(key, ": ", value, each, scope);
                    }
                }
            }
            (ValueKind::Map(map), Shape::Keys(keys)) => self.known_keys(map, keys, scope),
            (ValueKind::List(items), Many) => items.iter().for_each(|item| self.fits(key, glue, item, &One, scope)),
            // What only run time knows may be anything that GitHub takes there.
            (ValueKind::Text(text), _) if text.contains("${{") => {}
            (ValueKind::Text(_) | ValueKind::Number(_) | ValueKind::Bool(_), _) if shape.takes(&value.spelled()) => {}
            (_, Word(words)) if !value.spelled().is_empty() => {
                let (spelled, words) = (value.spelled(), words.iter().copied());
                let near = nearest(&spelled, words.clone());
                let all: Vec<&str> = words.collect();
                self.report(scope, unknown_word(&format!("value of `{key}`"), &spelled, near, &all, value.origin.span));
            }
            (kind, _) => {
                let found = match kind {
                    ValueKind::Text(_) | ValueKind::Number(_) | ValueKind::Bool(_) => format!("`{}`", value.spelled()),
                    _ => value.noun().to_owned(),
                };
                let (wanted, example) = shape.wanted();
                let example = match shape {
                    Shape::Duration => Duration::meant(&value.spelled(), example),
                    _ => example.to_owned(),
                };
                let at = if *kind == ValueKind::Null { self.key(value) } else { value.origin.span };
                self.report(scope, bad_value(&found, &wanted, &format!("{key}{glue}{example}"), at));
            }
        }
    }

    /// The same for a whole block: refuses keys that are none, and values that do not fit theirs.
    pub(super) fn known_keys(&self, map: &Map, keys: &Keys, scope: &Scope) {
        for (key, value) in map {
            if let Some(shape) = keys.find(key) {
                self.fits(key, keys.glue, value, shape, scope);
            } else {
                let near = nearest(key, keys.names());
                let all: Vec<&str> = keys.names().collect();
                let diag = unknown_word(&format!("key of {}", keys.of), key, near, &all, self.key(value));
                let is_variable = near.is_none() && all.contains(&"env") && !key.contains(char::is_lowercase);
                let inside = format!("variables stand in a block of their own: `env: {{ {key}: {} }}`", value.spelled());
                self.report(scope, if is_variable { diag.help(inside) } else { diag });
            }
        }
    }

    /// The same for a block whose keys are the author's own.
    pub(super) fn values(&self, map: &Map, shape: &Shape, scope: &Scope) {
        // To GitHub `Path` and `PATH` are one key.
        let mut seen: HashMap<String, &Value> = HashMap::new();
        for (key, value) in map {
            if let Some(before) = seen.insert(key.to_lowercase(), value) {
                self.report(scope, said_twice(key, self.key(value), self.key(before)));
            }
        }
        if let Shape::Map(each) = shape {
            let given = map.iter().filter(|(_, value)| value.kind != ValueKind::Null);
            given.for_each(|(key, value)| self.fits(key, ": ", value, each, scope));
        }
    }
}
