//! Keeps GitHub's own lock file in step: what it lacks is recorded by `gh actions-lock`, since nobody else may.

use std::path::Path;
use std::process::{Command, Stdio};

use pipelay::diagnostics::codes::e0740_cannot_record::cannot_record;
use pipelay::pins::github;

use super::session::Session;

/// Has what these workflows use recorded, and no other workflow. Its own changes of workflows are not asked for: they are compiled.
pub(crate) fn record(root: &Path, workflows: &[String], session: &mut Session) {
    session.status("Recording", &format!("{} in {}, by `gh actions-lock`", workflows.join(", "), github::PATH));
    let mut gh = Command::new("gh");
    gh.args(["actions-lock", "--no-interactive", "--no-migrate-local-actions"]).args(workflows);
    let output = gh.current_dir(root).stdin(Stdio::null()).output();
    let why = match output {
        Ok(output) if output.status.success() => return,
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            said.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or("it says nothing").to_owned()
        }
        Err(error) => error.to_string(),
    };
    session.say(cannot_record(&why));
}
