//! Workflows, really run: by nektos/act on this machine (`../shared/judge/act-run`), each job in a fresh copy of a repository. Actions are replaced by
//! stubs that do nothing, or those for artifacts and caches by stand-ins that do as GitHub's do (`tests/standins`).

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::shared::{shared, tool};

/// A repository to run workflows of, and what its runs leave behind.
pub(crate) struct Runner {
    act: PathBuf,
    folder: tempfile::TempDir,
    event: (String, Value),
    modules: Option<PathBuf>,
    /// Variables of every step, `NAME=value`.
    pub(crate) environment: Vec<String>,
    /// Actions that are run and not stubbed, `owner/name@ref`, each from a folder.
    pub(crate) actions: Vec<(String, PathBuf)>,
}

/// What came of a run.
pub(crate) struct Run {
    /// As `act-run` says it.
    pub(crate) report: Value,
    /// act's own log, a line of JSON for each line that it has to say.
    pub(crate) log: String,
}

impl Runner {
    /// None where there is nothing to run workflows with.
    pub(crate) fn new() -> Option<Self> {
        let act = shared("judge/act-run")?;
        tool("bin/act")?;
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("repo")).unwrap();
        std::fs::create_dir_all(folder.path().join("store")).unwrap();
        let event = ("push".to_owned(), serde_json::json!({ "ref": "refs/heads/main" }));
        Some(Self { act, folder, event, modules: None, environment: Vec::new(), actions: Vec::new() })
    }

    /// With the stand-ins; what runs leave in their store, later runs find there.
    pub(crate) fn with_standins() -> Option<Self> {
        let modules = tool("node_modules/@actions/glob")?.parent()?.parent()?.to_owned();
        Some(Self { modules: Some(modules), ..Self::new()? })
    }

    pub(crate) fn event(mut self, event: &str, payload: Value) -> Self {
        self.set_event(event, payload);
        self
    }

    pub(crate) fn set_event(&mut self, event: &str, payload: Value) {
        self.event = (event.to_owned(), payload);
    }

    /// A path beside the repository.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Adds a file to the repository.
    pub(crate) fn file(&self, name: &str, text: &str) -> &Self {
        let path = self.path("repo").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// What the stand-ins did, in order.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.path("store/log")).unwrap_or_default()
    }

    /// Runs a workflow.
    #[track_caller]
    pub(crate) fn run(&self, yaml: &str) -> Run {
        let workflow = self.path("ci.yml");
        // act leaves `strategy.job-index` empty (NOTES.md of the judge): the value of an axis tells rows apart as well.
        let axis = yaml.split("matrix.").nth(1).and_then(|rest| rest.split(|char: char| !char.is_alphanumeric()).next());
        let row = format!("${{{{ matrix.{} }}}}", axis.unwrap_or_default());
        std::fs::write(&workflow, yaml.replace("${{ strategy.job-index }}", &row)).unwrap();
        let event = self.path("event.json");
        std::fs::write(&event, self.event.1.to_string()).unwrap();
        let mut command = Command::new(&self.act);
        command.arg("--repo").arg(self.path("repo")).args(["--event", &self.event.0, "--timeout", "300", "--event-json"]);
        let raw = self.path("act.log");
        command.arg(event).arg("--raw").arg(&raw).arg(workflow).arg("--");
        command.args(self.environment.iter().flat_map(|variable| ["--env", variable]));
        for (action, folder) in &self.actions {
            command.arg("--local-repository").arg(format!("{action}={}", folder.display()));
        }
        if let Some(modules) = &self.modules {
            let standins = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/standins");
            // By tag or by commit, as the workflow has them.
            let uses =
                yaml.lines().filter_map(|line| line.trim_start_matches([' ', '-']).strip_prefix("uses: ")?.split(' ').next());
            // All that a repository has is in one folder: `actions/cache/restore` is in that of `actions/cache`.
            let repositories = uses.filter_map(|action| {
                let (path, reference) = action.split_once('@')?;
                let name = path.strip_prefix("actions/")?.split('/').next()?;
                ["upload-artifact", "download-artifact", "cache"].contains(&name).then_some((name, reference))
            });
            for (name, reference) in repositories.collect::<std::collections::BTreeSet<_>>() {
                command.arg("--local-repository").arg(format!("actions/{name}@{reference}={}", standins.join(name).display()));
            }
            command.arg("--env").arg(format!("STANDIN_STORE={}", self.path("store").display()));
            command.arg("--env").arg(format!("STANDIN_MODULES={}", modules.display()));
        }
        let output = command.output().unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        let report =
            serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{stdout}{}", String::from_utf8_lossy(&output.stderr)));
        Run { report, log: std::fs::read_to_string(raw).unwrap_or_default() }
    }
}

impl Run {
    /// How the runs of a job ended, one for each row.
    pub(crate) fn results<'a>(&'a self, job: &'a str) -> Vec<&'a str> {
        self.jobs(job).filter_map(|it| it["result"].as_str()).collect()
    }

    /// What the steps of a job printed.
    pub(crate) fn output(&self, job: &str) -> String {
        let steps = self.jobs(job).filter_map(|it| it["steps"].as_array()).flatten();
        steps.filter_map(|step| step["out"].as_str()).collect()
    }

    fn jobs<'a>(&'a self, job: &'a str) -> impl Iterator<Item = &'a Value> {
        self.report["jobs"].as_array().into_iter().flatten().filter(move |it| it["job"] == job)
    }
}
