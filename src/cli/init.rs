//! `pipelay init`.

use std::path::Path;

use pipelay::diagnostics::codes::e0804_cannot_write::cannot_write;
use pipelay::diagnostics::has_errors;
use pipelay::facts::Facts;
use pipelay::init::{draft, looked_at};
use pipelay::workflow::header;
use pipelay::{Keep, Spec};

use super::attributes::mark_generated;
use super::import::workflows_in;
use super::session::Session;
use super::specs::{Target, WORKFLOWS, current, specs_in};
use super::write::replace;
use super::{Misuse, facts, git, input, terminal};

/// Writes a first spec for the repository
///
/// Looks at what git tracks, and makes a job of what it finds: scripts, targets, tools that lockfiles list, tests. Says what it saw, why each job is there, and what it
/// left out. No command is a guess. A spec that is there stays as it is, and so does every workflow; `.gitattributes` then says that the
/// workflows of specs are generated, so that reviews fold them.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pipelay init
  pipelay init --stdout            only shows the spec")]
pub(crate) struct Args {
    /// Prints the spec instead of writing it
    #[arg(long)]
    stdout: bool,
}

/// Names for the spec, in the order in which they are tried.
const NAMES: [&str; 3] = ["ci", "checks", "pipelay"];

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<(), Misuse> {
    if args.stdout && !session.human() {
        return Err(Misuse::new("messages for machines and the spec cannot both go to standard output"));
    }
    let here = Target::new(&current().join("ci.pipe"));
    if !here.git {
        return Err(Misuse::new(format!("`{}` is in no git repository", here.root.display()))
            .help("`git init` makes one; `pipelay init` looks at the files that `git add` puts into it"));
    }
    let root = here.root;
    let specs = specs_in(&root.join(WORKFLOWS));
    if !specs.is_empty() && !args.stdout {
        let targets: Vec<Target> = specs.iter().map(|spec| Target::new(spec)).collect();
        targets.iter().for_each(|target| session.status("Kept", &format!("{}, a spec that is there", target.path)));
        mark_generated(&root, &targets.iter().map(Target::output).collect::<Vec<_>>(), session);
        session.status("Next", "`pipelay compile` writes the workflows; then commit all of it");
        return Ok(());
    }
    let target = free(&root, session)?;
    let Some(text) = first(&root, &target, session)? else { return Ok(()) };
    if args.stdout {
        terminal::out(&text);
        return Ok(());
    }
    if let Err(error) = replace(&target.file, &text) {
        session.say(cannot_write(&target.path, &input::why(error.kind(), &error)));
        return Ok(());
    }
    session.status("Wrote", &target.path);
    let output = target.output();
    mark_generated(&root, std::slice::from_ref(&output), session);
    session.status("Next", &format!("`pipelay compile` writes {output}; then commit all of it"));
    Ok(())
}

/// A name for the spec beside which there is nothing yet. What others wrote is said.
fn free(root: &Path, session: &Session) -> Result<Target, Misuse> {
    let there = workflows_in(&root.join(WORKFLOWS));
    let by_hand = there.iter().filter(|path| std::fs::read_to_string(path).is_ok_and(|text| header::is_ours(&text).is_none()));
    let by_hand: Vec<String> = by_hand.filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect();
    match by_hand.as_slice() {
        [] => {}
        [only] => session.status("Found", &format!("{WORKFLOWS}/{only}, written by hand: `pipelay import` makes a spec of it")),
        all => session
            .status("Found", &format!("workflows written by hand: {}: `pipelay import` makes specs of them", all.join(", "))),
    }
    let taken = |name: &str| ["yml", "yaml", "pipe"].iter().any(|end| root.join(format!("{WORKFLOWS}/{name}.{end}")).exists());
    let name = NAMES.into_iter().find(|name| !taken(name));
    let name = name.ok_or_else(|| {
        Misuse::new(format!("there is a workflow for each of the names {}", NAMES.join(", ")))
            .help("`pipelay import` makes specs of them")
    })?;
    Ok(Target::new(&root.join(format!("{WORKFLOWS}/{name}.pipe"))))
}

/// Looks at the repository. The text of the spec, unless it has errors, which the session is told.
fn first(root: &Path, target: &Target, session: &mut Session) -> Result<Option<String>, Misuse> {
    let tracked = facts::listed(root, &[]);
    let Some(tracked) = tracked else {
        return Err(Misuse::new(format!("git cannot list the files of `{}`", root.display())).help("`git status` there says why"));
    };
    let others = git::names(root, &["ls-files", "-z", "--others", "--exclude-standard"]).unwrap_or_default();
    if tracked.is_empty() && !others.is_empty() {
        return Err(
            Misuse::new(format!("git tracks no file of `{}` yet", root.display())).help("`git add .`, then `pipelay init`")
        );
    }
    let mut facts = Facts { tracked: Some(tracked), ..Facts::default() };
    for path in looked_at(facts.tracked.as_deref().unwrap_or_default()) {
        if let Ok(read) = input::read_any(&root.join(&path), &path) {
            session.detail("Read", &format!("`{path}`"));
            facts.texts.insert(path, read.text);
        }
    }
    let draft = draft(&facts, branch(root).as_deref());
    draft.saw.iter().for_each(|what| session.status("Saw", what));
    draft.jobs.iter().for_each(|(id, why)| session.status("Job", &format!("{id}: {why}")));
    draft.left.iter().for_each(|what| session.status("Left out", what));
    for path in looked_at(&others) {
        session.status("Left out", &format!("`{path}`, which git does not track"));
    }
    if draft.jobs.is_empty() {
        session.status("Found", "nothing that says how this is built or tested: the spec has a job to put its commands into");
    }
    // What is printed or written compiles.
    let spec = Spec { path: target.path.clone(), text: draft.spec };
    let compilation = pipelay::compile_keeping(Keep::Yaml, &spec, &facts);
    let failed = has_errors(&compilation.diags);
    if failed {
        session.report(compilation.diags, compilation.sources);
    }
    Ok((!failed).then_some(spec.text))
}

/// The branch that work is merged into: as the remote says, else the one of a usual name, else the only one.
fn branch(root: &Path) -> Option<String> {
    let remote = git::ask(root, &["symbolic-ref", "--short", "refs/remotes/origin/HEAD"]);
    if let Some(branch) = remote.as_deref().and_then(|name| name.strip_prefix("origin/")) {
        return Some(branch.to_owned());
    }
    let all = git::ask(root, &["for-each-ref", "--format=%(refname:short)", "refs/heads"]).unwrap_or_default();
    let all: Vec<&str> = all.lines().collect();
    let usual = ["main", "master"].into_iter().find(|name| all.contains(name));
    let only = || match all.as_slice() {
        // Nothing is committed yet.
        [] => git::ask(root, &["symbolic-ref", "--short", "HEAD"]),
        [only] => Some((*only).to_owned()),
        _ => None,
    };
    usual.map(str::to_owned).or_else(only)
}
