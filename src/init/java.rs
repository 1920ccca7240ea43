//! Java and Kotlin with Maven or Gradle.

use super::Survey;
use super::project::{Job, Project, is_plain};
use super::repository::Repository;

pub(super) static SURVEY: Survey = Survey { reads, look, fallback: false };

const GRADLE: [&str; 4] = ["settings.gradle.kts", "settings.gradle", "build.gradle.kts", "build.gradle"];

fn reads(path: &str) -> bool {
    let build = path.ends_with("/build.gradle") || path.ends_with("/build.gradle.kts");
    path == "pom.xml" || GRADLE.contains(&path) || build
}

fn look(repository: &Repository<'_>) -> Vec<Project> {
    let (manifest, with, command) = match (repository.first(&GRADLE), repository.has("pom.xml")) {
        (_, true) => {
            ("pom.xml", "Maven", if repository.has("mvnw") { "./mvnw --batch-mode verify" } else { "mvn --batch-mode verify" })
        }
        (Some(path), _) => (path, "Gradle", if repository.has("gradlew") { "./gradlew build" } else { "gradle build" }),
        _ => {
            let other = ["pom.xml", "build.gradle.kts", "build.gradle"].iter().find_map(|name| repository.elsewhere(name));
            return other.map(|path| Project::left(format!("`{path}`: Java in a folder of its own"))).into_iter().collect();
        }
    };
    let mut project = Project::new("java", format!("`{manifest}`: Java with {with}"));
    let version = version(repository).map(|version| format!(" {version}")).unwrap_or_default();
    project.toolchain = Some(format!("java{version}"));
    project.job(Job::tests("test", format!("{with} builds and tests")).run(command));
    vec![project]
}

/// The version of the JDK that the build asks for.
fn version<'a>(repository: &Repository<'a>) -> Option<String> {
    if repository.has(".java-version") {
        return None;
    }
    let plain = |version: &&str| is_plain(version) && version.bytes().all(|byte| byte.is_ascii_digit());
    let pom = repository.text("pom.xml").unwrap_or_default();
    let tag = |name: &str| pom.split(&format!("<{name}>")).nth(1)?.split('<').next().map(str::trim);
    let maven = ["maven.compiler.release", "java.version", "maven.compiler.target"].iter().find_map(|name| tag(name));
    let gradle = repository.files().filter(|path| path.ends_with("build.gradle") || path.ends_with("build.gradle.kts"));
    let texts = gradle.filter_map(|path| repository.text(path));
    let behind = |text: &'a str, call: &str| text.split_once(call).map(|(_, rest)| rest);
    let mut asked = texts.filter_map(|text| behind(text, "JavaLanguageVersion.of(").or_else(|| behind(text, "jvmToolchain(")));
    let gradle = || asked.next().and_then(|rest| rest.split(')').next()).map(str::trim);
    // Older ones than those on the images are built by a newer one.
    let old = |version: &&str| version.parse::<u32>().is_ok_and(|version| version >= 8);
    maven.or_else(gradle).filter(plain).filter(old).map(str::to_owned)
}
