//! Servers that `docker compose` starts beside the application: tests get one of their own.

use serde_json::Value;

use super::project::{Project, is_plain};
use super::repository::Repository;
use crate::catalog::library::{Kind, names};

/// The names that Compose looks for, in its order.
const FILES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];

/// Images of the services of the library that have another name than they.
const IMAGES: [(&str, &str); 7] = [
    ("mongo", "mongodb"),
    ("valkey/valkey", "valkey"),
    ("apache/kafka", "kafka"),
    ("minio/minio", "minio"),
    ("localstack/localstack", "localstack"),
    ("opensearchproject/opensearch", "opensearch"),
    ("docker.elastic.co/elasticsearch/elasticsearch", "elasticsearch"),
];

pub(super) fn reads(path: &str) -> bool {
    FILES.contains(&path)
}

/// What Compose is told, and by which file.
pub(super) fn file(repository: &Repository<'_>) -> Option<(&'static str, Value)> {
    let path = repository.first(&FILES)?;
    Some((path, repository.yaml(path)?))
}

/// Gives the jobs that test the servers that are started for the application. What was seen.
pub(super) fn attach(repository: &Repository<'_>, projects: &mut [Project]) -> Vec<String> {
    let Some((path, compose)) = file(repository) else { return Vec::new() };
    let mut saw = Vec::new();
    for service in compose.get("services").and_then(Value::as_object).into_iter().flat_map(serde_json::Map::values) {
        let Some((name, version)) = service.get("image").and_then(Value::as_str).and_then(known) else { continue };
        let version = version.map(|version| format!(" {version}")).unwrap_or_default();
        saw.push(format!("`{path}` starts {name}{version}: tests get one of their own"));
        let statement = format!("{version}{}", settings(service)).trim().to_owned();
        for job in projects.iter_mut().flat_map(|project| &mut project.jobs).filter(|job| job.tests) {
            job.services.entry(name.to_owned()).or_insert_with(|| statement.clone());
        }
    }
    if projects.iter().flat_map(|project| &project.jobs).any(|job| job.tests) { saw } else { Vec::new() }
}

/// The service of the library for an image, and its version.
fn known(image: &str) -> Option<(&'static str, Option<&str>)> {
    let image = image.split('@').next()?;
    let (path, tag) = match image.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
        _ => (image, None),
    };
    let path = path.strip_prefix("docker.io/").unwrap_or(path);
    let path = path.strip_prefix("library/").unwrap_or(path);
    let name = IMAGES.iter().find(|(image, _)| *image == path).map_or(path, |(_, name)| name);
    let name = names(Kind::Service).find(|known| *known == name)?;
    Some((name, tag.filter(|tag| is_plain(tag) && *tag != "latest")))
}

/// Names of users and databases that are written down for the server.
fn settings(service: &Value) -> String {
    let entries: Vec<(String, String)> = match service.get("environment") {
        Some(Value::Object(map)) => {
            map.iter().filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
        }
        Some(Value::Array(list)) => {
            let pair = |item: &Value| item.as_str()?.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()));
            list.iter().filter_map(pair).collect()
        }
        _ => Vec::new(),
    };
    let ours = |key: &str| ["POSTGRES_", "MYSQL_", "MARIADB_", "RABBITMQ_DEFAULT_"].iter().any(|start| key.starts_with(start));
    let word = |text: &str| is_plain(text) && !text.contains('/');
    let lines: Vec<String> = entries
        .iter()
        .filter(|(key, value)| ours(key) && word(key) && word(value))
        .map(|(key, value)| format!("{key}: {value}"))
        .collect();
    if lines.is_empty() { String::new() } else { format!(" {{ env: {{ {} }} }}", lines.join(", ")) }
}
