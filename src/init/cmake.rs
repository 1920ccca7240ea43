//! C and C++ with `CMake`.

use super::Survey;
use super::project::{Job, Project};
use super::repository::Repository;

pub(super) static SURVEY: Survey = Survey { reads, look, fallback: true };

fn reads(path: &str) -> bool {
    path == "CMakeLists.txt"
}

fn look(repository: &Repository<'_>) -> Vec<Project> {
    if !repository.has("CMakeLists.txt") {
        return Vec::new();
    }
    let tests = ["enable_testing(", "include(CTest)"].iter().any(|call| repository.says("CMakeLists.txt", call));
    let mut project = Project::new("cmake", "`CMakeLists.txt`: C or C++ with CMake");
    let why = if tests { "`CMakeLists.txt`, which has tests" } else { "`CMakeLists.txt`" };
    let job = Job { tests, ..Job::new(if tests { "test" } else { "build" }, why) };
    let job = job.run("cmake -S . -B build").run("cmake --build build --parallel");
    project.job(if tests { job.run("ctest --test-dir build --output-on-failure") } else { job });
    vec![project]
}
