//! Every service, alone in a job and with what a use may say of it.

use pipelay::catalog::library::{Kind, names};

use super::{below, compiled_in, has_line, snapshot, yaml};

fn spec(uses: &str) -> String {
    format!("on push\njob work {{\n  {}\n  run make test\n}}\n", uses.replace('\n', "\n  "))
}

fn services(uses: &str) -> String {
    below(yaml(&compiled_in(&spec(uses), &[], &[])), "services:")
}

/// A use that overrides something of each kind: the version, one variable among several, all ports, options beside the health check.
const OVERRIDES: &[(&str, &str, &[&str])] = &[
    ("postgres-version", "service postgres 15", &["image: postgres:15", "POSTGRES_PASSWORD: postgres", "'5432:5432'"]),
    ("postgres-by-name", "service postgres { version: 16-alpine }", &["image: postgres:16-alpine"]),
    ("postgres-env", "service postgres { env: { POSTGRES_DB: shop } }", &["POSTGRES_PASSWORD: postgres", "POSTGRES_DB: shop"]),
    ("mysql-env", "service mysql { env: { MYSQL_DATABASE: shop } }", &["MYSQL_ROOT_PASSWORD: mysql", "MYSQL_DATABASE: shop"]),
    ("redis-ports", "service redis 7 {\n  ports: [6380:6379]\n  volumes: [/data:/data]\n}", &["'6380:6379'", "/data:/data"]),
    ("redis-image", "service redis { image: ghcr.io/me/redis:7 }", &["image: ghcr.io/me/redis:7"]),
    ("redis-health", "service redis { health: { retries: 5 } }", &[]),
    ("kafka-options", "service kafka { options: --memory 2g }", &[]),
    ("several", "service postgres\nservice valkey 8", &["image: postgres:17", "image: valkey/valkey:8"]),
];

/// Name and text of all specs with services here, for the judge.
pub(super) fn specs() -> impl Iterator<Item = (String, String)> {
    let alone = names(Kind::Service).map(|name| (name.to_owned(), spec(&format!("service {name}"))));
    alone.chain(OVERRIDES.iter().map(|(name, uses, _)| ((*name).to_owned(), spec(uses))))
}

#[test]
fn every_service_alone() {
    let mut all = String::new();
    for name in names(Kind::Service) {
        let services = services(&format!("service {name}"));
        for part in [format!("{name}:"), "ports:".to_owned()] {
            assert!(has_line(&services, &part), "{name}: no `{part}` in\n{services}");
        }
        assert!(services.contains("--health-cmd"), "{name}: no health check in\n{services}");
        all.push_str(&services);
        all.push('\n');
    }
    snapshot("services", &all);
}

#[test]
fn what_a_use_says_is_laid_over_the_definition() {
    let mut all = String::new();
    for (name, uses, lines) in OVERRIDES {
        let services = services(uses);
        for line in *lines {
            assert!(has_line(&services, line), "{name}: no `{line}` in\n{services}");
        }
        all.extend([uses, "\n----- services\n", &services, "\n\n"]);
    }
    assert!(all.contains("--memory 2g --health-cmd") && all.contains("--health-retries 5\n"), "{all}");
    assert!(!all.contains("6380:6379'\n    - '6379"), "{all}");
    snapshot("services-overridden", &all);
}
