//! The standard library: toolchains and services, written in the language itself. A new one is a file in `std/` and a line below.
//!
//! The `let`s and templates of a file are its own: neither other files nor specs see them.
//!
//! Caches lie at one place where a tool can be told where (pnpm, uv, Terraform); else the places of all systems are listed, and the pass
//! `cache` leaves out those of systems that no job of the workflow runs on.

use std::sync::OnceLock;

use crate::diagnostics::Outcome;
use crate::source::{Sources, Span};
use crate::syntax::{self, ast};

/// What a file defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A toolchain.
    Toolchain,
    /// A service.
    Service,
}

/// A file of the library.
#[derive(Debug)]
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// What it defines, by name.
    pub defines: &'static [&'static str],
    /// All of one kind.
    pub kind: Kind,
    /// Its text.
    pub text: &'static str,
}

impl Entry {
    /// Whether what it defines has that parameter.
    pub fn has_parameter(&self, name: &str) -> bool {
        let header = self.text.lines().find(|line| line.starts_with("toolchain ") || line.starts_with("service "));
        header.is_some_and(|header| header.contains(&format!("{name} = ")))
    }
}

/// Every file, by name.
#[rustfmt::skip] // one line each
pub const ALL: &[Entry] = &[
    Entry { name: "apt", defines: &["apt"], kind: Kind::Toolchain, text: include_str!("std/apt.pipe") },
    Entry { name: "brew", defines: &["brew"], kind: Kind::Toolchain, text: include_str!("std/brew.pipe") },
    Entry { name: "bun", defines: &["bun"], kind: Kind::Toolchain, text: include_str!("std/bun.pipe") },
    Entry { name: "deno", defines: &["deno"], kind: Kind::Toolchain, text: include_str!("std/deno.pipe") },
    Entry { name: "docker", defines: &["docker"], kind: Kind::Toolchain, text: include_str!("std/docker.pipe") },
    Entry { name: "dotnet", defines: &["dotnet"], kind: Kind::Toolchain, text: include_str!("std/dotnet.pipe") },
    Entry { name: "elasticsearch", defines: &["elasticsearch"], kind: Kind::Service, text: include_str!("std/elasticsearch.pipe") },
    Entry { name: "elixir", defines: &["elixir"], kind: Kind::Toolchain, text: include_str!("std/elixir.pipe") },
    Entry { name: "go", defines: &["go"], kind: Kind::Toolchain, text: include_str!("std/go.pipe") },
    Entry { name: "java", defines: &["java", "kotlin"], kind: Kind::Toolchain, text: include_str!("std/java.pipe") },
    Entry { name: "kafka", defines: &["kafka"], kind: Kind::Service, text: include_str!("std/kafka.pipe") },
    Entry { name: "localstack", defines: &["localstack"], kind: Kind::Service, text: include_str!("std/localstack.pipe") },
    Entry { name: "mariadb", defines: &["mariadb"], kind: Kind::Service, text: include_str!("std/mariadb.pipe") },
    Entry { name: "memcached", defines: &["memcached"], kind: Kind::Service, text: include_str!("std/memcached.pipe") },
    Entry { name: "minio", defines: &["minio"], kind: Kind::Service, text: include_str!("std/minio.pipe") },
    Entry { name: "mongodb", defines: &["mongodb"], kind: Kind::Service, text: include_str!("std/mongodb.pipe") },
    Entry { name: "mysql", defines: &["mysql"], kind: Kind::Service, text: include_str!("std/mysql.pipe") },
    Entry { name: "node", defines: &["node"], kind: Kind::Toolchain, text: include_str!("std/node.pipe") },
    Entry { name: "opensearch", defines: &["opensearch"], kind: Kind::Service, text: include_str!("std/opensearch.pipe") },
    Entry { name: "php", defines: &["php"], kind: Kind::Toolchain, text: include_str!("std/php.pipe") },
    Entry { name: "playwright", defines: &["playwright"], kind: Kind::Toolchain, text: include_str!("std/playwright.pipe") },
    Entry { name: "postgres", defines: &["postgres"], kind: Kind::Service, text: include_str!("std/postgres.pipe") },
    Entry { name: "python", defines: &["python"], kind: Kind::Toolchain, text: include_str!("std/python.pipe") },
    Entry { name: "rabbitmq", defines: &["rabbitmq"], kind: Kind::Service, text: include_str!("std/rabbitmq.pipe") },
    Entry { name: "redis", defines: &["redis"], kind: Kind::Service, text: include_str!("std/redis.pipe") },
    Entry { name: "ruby", defines: &["ruby"], kind: Kind::Toolchain, text: include_str!("std/ruby.pipe") },
    Entry { name: "rust", defines: &["rust"], kind: Kind::Toolchain, text: include_str!("std/rust.pipe") },
    Entry { name: "terraform", defines: &["terraform"], kind: Kind::Toolchain, text: include_str!("std/terraform.pipe") },
    Entry { name: "valkey", defines: &["valkey"], kind: Kind::Service, text: include_str!("std/valkey.pipe") },
];

/// The texts, in the order of [`ALL`]: the first files of every compilation.
pub fn sources() -> Sources {
    let mut sources = Sources::new();
    for entry in ALL {
        sources.add(format!("std/{}.pipe", entry.name), entry.text);
    }
    sources
}

/// Whether a place lies in the library.
pub fn holds(span: Span) -> bool {
    static END: OnceLock<u32> = OnceLock::new();
    span.end <= *END.get_or_init(|| sources().iter().last().map_or(0, |last| last.span().end))
}

/// The names of what the library defines of that kind.
pub fn names(kind: Kind) -> impl Iterator<Item = &'static str> {
    ALL.iter().filter(move |entry| entry.kind == kind).flat_map(|entry| entry.defines).copied()
}

/// The file that defines `name`, and its tree, parsed when it is first asked for.
pub fn find(kind: Kind, name: &str) -> Option<(&'static Entry, &'static ast::File)> {
    static TREES: [OnceLock<Outcome<ast::File>>; ALL.len()] = [const { OnceLock::new() }; ALL.len()];
    let index = ALL.iter().position(|entry| entry.kind == kind && entry.defines.contains(&name))?;
    Some((&ALL[index], &TREES[index].get_or_init(|| syntax::parse(sources().get(index))).value))
}

#[cfg(test)]
mod tests {
    use super::{ALL, holds, sources};
    use crate::syntax::ast::{ItemKind, Kind, Statement};
    use crate::syntax::symbols::Keyword;

    #[test]
    fn every_file_of_the_library_parses_is_formatted_and_listed() {
        let names: Vec<&str> = ALL.iter().map(|entry| entry.name).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        assert_eq!(names, sorted);
        let sources = sources();
        for (index, entry) in ALL.iter().enumerate() {
            let parsed = crate::syntax::parse(sources.get(index));
            let said: Vec<String> =
                parsed.diags.iter().map(|diag| format!("{} {:?}", diag.message, sources.slice(diag.span()))).collect();
            assert!(said.is_empty(), "{}: {said:#?}", entry.name);
            let formatted = crate::syntax::format(sources.get(index)).value;
            assert_eq!(formatted.as_deref(), Some(entry.text), "{} is not formatted", entry.name);
            let defined = parsed.value.body.items.iter().filter_map(|item| match &item.kind {
                ItemKind::Statement(Statement {
                    keyword: Keyword::ToolchainDef | Keyword::ServiceDef,
                    kind: Kind::Definition { name, .. },
                    ..
                }) => Some(name.text.as_str()),
                _ => None,
            });
            assert_eq!(defined.collect::<Vec<_>>(), entry.defines, "{}", entry.name);
        }
    }

    #[test]
    fn the_library_ends_where_the_spec_begins() {
        let mut sources = sources();
        let spec = sources.add("ci.pipe", "job a: b");
        assert!(holds(sources.get(spec - 1).span()));
        assert!(!holds(sources.get(spec).span()));
    }
}
