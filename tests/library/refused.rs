//! What a use may not say, and what is then said of it.

use super::complaints;

fn job(statements: &str) -> String {
    format!("on push\njob work {{\n{statements}\nrun make\n}}\n")
}

#[test]
fn of_toolchains() {
    let cases = [
        ("toolchain nod 20", "E0208", "nod"),
        ("toolchain node 20 { instal: off }", "E0203", "instal"),
        ("toolchain python { versions: 3.13 }", "E0203", "versions"),
        ("toolchain apt 3 { packages: zip }", "E0301", "a version for `apt`"),
        ("toolchain brew 4", "E0301", "a version for `brew`"),
        ("toolchain apt", "E0203", "packages"),
        ("toolchain nod off", "E0208", "nod"),
        ("toolchain node { version: 20, version: 22 }", "E0203", "version"),
        ("service postgre 15", "E0208", "postgre"),
        ("service redis { image-name: x }", "E0302", "image-name"),
        ("service redis\nservice redis 7", "E0207", "redis"),
    ];
    for (statements, code, word) in cases {
        let said = complaints(&job(statements));
        assert_eq!(said.len(), 1, "{statements}: {said:#?}");
        assert!(said[0].contains(code) && said[0].contains(word), "{statements}: {said:#?}");
    }
}

#[test]
fn with_the_nearest_name() {
    for (statements, nearest) in [
        ("toolchain nod 20", "write `node`"),
        ("toolchain kotlyn", "write `kotlin`"),
        ("toolchain node { instal: off }", "write `install`"),
        ("service postgre 15", "write `postgres`"),
    ] {
        let made = crate::compile::compiled("ci.pipe", &job(statements));
        let help: Vec<_> = made.diags.iter().filter_map(|diag| diag.help.as_deref()).collect();
        assert!(help.iter().any(|help| help.contains(nearest)), "{statements}: {help:?}");
    }
}

/// What was written is shown; the definition in the library is only pointed at beside it.
#[test]
fn at_the_place_of_the_use() {
    let said = complaints(&job("toolchain node { instal: off }"));
    assert!(said[0].starts_with("ci.pipe:3:18: "), "{said:#?}");
}
