//! Terraform, in the root.

use super::Survey;
use super::project::{Job, Project};
use super::repository::{Repository, extension, folder};

pub(super) static SURVEY: Survey = Survey { reads, look, fallback: false };

fn reads(_: &str) -> bool {
    false
}

fn look(repository: &Repository<'_>) -> Vec<Project> {
    let files: Vec<&str> = repository.files().filter(|path| extension(path) == "tf").collect();
    let Some(first) = files.first() else { return Vec::new() };
    if !files.iter().any(|path| folder(path).is_empty()) {
        return vec![Project::left(format!("`{first}`: Terraform in a folder of its own"))];
    }
    let mut project = Project::new("terraform", "`*.tf`: Terraform");
    project.toolchain = Some("terraform { install: \"-backend=false\" }".to_owned());
    let job = Job::new("lint", "Terraform's own checks; nothing is planned or applied");
    project.job(job.run("terraform fmt -check -recursive").run("terraform validate"));
    vec![project]
}
