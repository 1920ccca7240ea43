//! Prints the work of `../work.rs`, built with the crate gh-workflow: `gh-workflow N OUT`. It knows the jobs at compile time, so to say:
//! there is no spec to read, no graph, and the steps are those that somebody would have written by hand.

#[path = "../../work.rs"]
mod work;

use gh_workflow::{Event, Input, Job, PullRequest, Push, Step, Strategy, Workflow};
use serde_json::json;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(count), Some(out)) = (arguments.next(), arguments.next()) else { return Err("N and OUT are missing".into()) };
    let event = Event::default().push(Push::default()).pull_request(PullRequest::default());
    let workflow = Workflow::new("Layers").on(event);
    let workflow = work::jobs(count.parse()?)
        .iter()
        .fold(workflow, |workflow, job| workflow.add_job(work::Job::name(job.number), built(job)));
    let text = workflow.to_string().map_err(|error| format!("{error:?}"))?;
    Ok(std::fs::write(out, text)?)
}

fn built(job: &work::Job) -> Job {
    let action = |name: &str, with: Input| Step::new(name).uses("actions", name, "v6").add_with(with);
    let number = job.number;
    let mut made = Job::new(work::Job::name(number)).runs_on("ubuntu-latest").add_env(("PART", format!("part-{number}")));
    if work::Job::has_matrix(number) {
        made = made.strategy(Strategy::default().matrix(json!({ "shard": [1, 2, 3] })));
    }
    made = made.add_step(action("checkout", Input::default().add("persist-credentials", false)));
    made = made.add_step(action("setup-node", Input::default().add("node-version", "20")));
    if let Some(needs) = job.needs {
        made = needs.iter().fold(made, |made, &needed| made.add_needs(work::Job::name(needed)));
        made = made.add_step(action("download-artifact", artifact(needs[1])));
    }
    made = job.commands().iter().fold(made, |made, command| made.add_step(Step::new("run").run(command)));
    if work::Job::has_matrix(number) { made } else { made.add_step(action("upload-artifact", artifact(number))) }
}

fn artifact(number: usize) -> Input {
    Input::default().add("name", work::Job::name(number)).add("path", work::Job::directory(number))
}
