//! A profile in a pull request that says what was never measured: it may choose machines, and nothing else.

use pipelay::facts::Facts;
use pipelay::profile::{Profile, github};
use pipelay::{Compilation, Spec, compile};
use serde_json::json;
use serde_yaml::Value;

use super::attribution::job;
use crate::compile::said;
use crate::random::Random;

const SPEC: &str = "
on push to main
on pull_request
optimize cost { public off }
job build { runner auto; writes dist/; run make build }
job unit { reads dist/; runner auto; run make unit }
job lint { run npm run lint }
job browser { reads dist/; shards auto; run npx playwright test --shard=$SHARD/$SHARDS }
job deploy {
  when branch('main')
  needs unit, browser
  permissions { contents: read, deployments: write }
  environment live
  env { TOKEN: ${{ secrets.TOKEN }} }
  run make deploy
}
";

fn compiled(profile: &Profile) -> Compilation {
    let facts = Facts { profile: Some(profile.print()), ..Facts::default() };
    compile(&Spec { path: "ci.pipe".into(), text: SPEC.into() }, &facts)
}

/// Times from nothing to years, of steps that are there and such as are not, that end in any way.
fn forged(written: &Compilation, random: &mut Random) -> Profile {
    let seconds = [0, 1, 20, 59, 61, 300, 3_000];
    let own = ["make build", "make unit", "npm run lint", "npx playwright test --shard=$SHARD/$SHARDS", "make deploy"];
    let names = ["build", "unit", "lint", "browser", "deploy", "browser (1)", "build, unit", "build, deploy", "gone"];
    let other = ["Send dist/ in a cache", "Run rm -rf /", "${{ secrets.TOKEN }}", "Set up job"];
    let ends = ["success", "success", "success", "success", "failure", "skipped", "cancelled"];
    let jobs: Vec<_> = (0..60)
        .map(|run| {
            let name = random.below(names.len());
            let command = format!("Run {}", own[name.min(4)]);
            let takes = seconds[random.below(7)];
            let mut steps = vec![("Set up job", "success", 3), (command.as_str(), "success", takes)];
            steps.extend((0..random.below(3)).map(|_| (other[random.below(4)], ends[random.below(7)], seconds[random.below(7)])));
            job(1 + run / 4, names[name], if random.below(5) > 0 { "success" } else { ends[random.below(7)] }, &steps)
        })
        .collect();
    github::measure(&written.written, &written.plan, &github::read(&json!(jobs).to_string()).unwrap(), &Profile::default())
        .profile
}

/// Each command of the author's with what its job may do and knows, and where it may be left out.
fn what_runs(made: &Compilation) -> Vec<String> {
    let workflow: Value = serde_yaml::from_str(made.yaml.as_deref().unwrap_or_else(|| panic!("{:#?}", said(made)))).unwrap();
    let mut all = Vec::new();
    for (id, job) in workflow["jobs"].as_mapping().unwrap() {
        for step in job["steps"].as_sequence().unwrap() {
            let Some(run) = step["run"].as_str().filter(|run| run.starts_with("make ") || run.starts_with('n')) else {
                let uses = step["uses"].as_str().unwrap_or_default();
                assert!(uses.is_empty() || uses.starts_with("actions/"), "{uses}");
                continue;
            };
            let id = if run == "make deploy" { id.as_str().unwrap() } else { "any" };
            // The number of shards is told to commands, and is chosen: to the step alone, where their job shares a machine.
            let of = |of: &serde_yaml::Value| serde_yaml::to_string(&of["env"]).unwrap();
            let env = if of(step).contains("SHARD") { of(step) } else { of(job) };
            let env = if env.contains("SHARD") && !env.contains("secrets") { "shards".to_owned() } else { env };
            let permissions = serde_yaml::to_string(&job["permissions"]).unwrap();
            let (environment, when) = (&job["environment"], &job["if"]);
            let when = if id == "any" { "" } else { when.as_str().unwrap_or_default() };
            all.push(format!("{run} in {id}: {permissions}{env}{environment:?} {when}"));
        }
        let runner = job["runs-on"].as_str().unwrap();
        assert!(runner.starts_with("ubuntu-"), "a machine of GitHub's, as the spec allows: {runner}");
        assert!(job["timeout-minutes"].as_u64().is_some_and(|minutes| minutes <= 360));
    }
    all.sort();
    all
}

#[test]
fn a_forged_profile_chooses_machines_and_nothing_else() {
    let none = Profile { version: pipelay::profile::VERSION, ..Profile::default() };
    let written = compiled(&none);
    let expected = what_runs(&written);
    assert_eq!(expected.len(), 5, "{expected:#?}");
    assert!(expected.iter().any(|it| it.contains("deployments: write") && it.contains("secrets.TOKEN")), "{expected:#?}");
    let mut random = Random(77);
    let mut plans = std::collections::BTreeSet::new();
    for _ in 0..150 {
        let profile = forged(&written, &mut random);
        let made = compiled(&profile);
        assert_eq!(what_runs(&made), expected, "{}", profile.print());
        plans.insert(made.yaml);
    }
    // It does choose, or nothing was tried here.
    assert!(plans.len() > 10, "{}", plans.len());
}
