//! `pipelay plan --diff`: specs now, and as they were.

use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;

use pipelay::cost::compare::Comparison;
use pipelay::cost::compare::markdown::markdown;
use pipelay::cost::compare::text::text;
use pipelay::diagnostics::{Diag, Severity, has_errors};
use pipelay::{Compilation, Keep, is_spec};

use super::plan::{Args, As, print, reported};
use super::revision::Revision;
use super::session::Session;
use super::specs::{Target, WORKFLOWS, repository, targets};
use super::{Misuse, facts, input, terminal};

pub(crate) fn run(args: &Args, name: &str, session: &mut Session) -> Result<(), Misuse> {
    if args.form == As::Markdown && !session.human() {
        return Err(Misuse::new("messages for machines and Markdown cannot both go to standard output")
            .help("leave out `--format`, or `--as markdown`: `--format json` is for programs"));
    }
    let mut revisions = HashMap::new();
    let (mut comparisons, mut deaf) = (Vec::new(), Vec::new());
    for target in both(args, name, &mut revisions, session)? {
        if let Some(revision) = find(&target, name, &mut revisions, session)
            && let Some((comparison, unheard)) = compared(&target, &revision, args, name, session)
        {
            match unheard {
                Some(diag) if comparison.before.is_none() && comparison.now.is_none() => deaf.push(diag),
                _ => comparisons.push(comparison),
            }
        }
    }
    comparisons.retain(|comparison| comparison.before.is_some() || comparison.now.is_some());
    if !args.files.is_empty() || comparisons.is_empty() {
        deaf.into_iter().for_each(|diag| session.say(diag));
    }
    if args.form == As::Markdown {
        terminal::out(&markdown(&comparisons));
    } else {
        let one = |it: &Comparison| if session.human() { text(it) } else { it.json() + "\n" };
        print(&comparisons.iter().map(one).collect::<Vec<_>>(), session);
    }
    Ok(())
}

type Revisions = HashMap<PathBuf, Option<Rc<Revision>>>;

/// The specs that are named; without any, those that there are or were.
fn both(args: &Args, name: &str, revisions: &mut Revisions, session: &mut Session) -> Result<Vec<Target>, Misuse> {
    let there = targets(&args.files);
    if !args.files.is_empty() {
        return there;
    }
    let usual = Target::new(&repository().join(WORKFLOWS).join("ci.pipe"));
    let were = find(&usual, name, revisions, session).map_or_else(Vec::new, |revision| {
        let folder = |path: &&String| path.rsplit_once('/').is_some_and(|(folder, file)| folder == WORKFLOWS && is_spec(file));
        revision.files.iter().filter(folder).map(|path| Target::new(&usual.root.join(path))).collect()
    });
    let mut all = match there {
        Err(misuse) if were.is_empty() && !session.has_errors() => return Err(misuse),
        there => there.unwrap_or_default(),
    };
    all.extend(were);
    all.sort_by(|one, other| one.path.cmp(&other.path));
    all.dedup();
    Ok(all)
}

/// The revision in the repository of a spec; what is wrong with it is said once.
fn find(target: &Target, name: &str, revisions: &mut Revisions, session: &mut Session) -> Option<Rc<Revision>> {
    if let Some(known) = revisions.get(&target.root) {
        return known.clone();
    }
    let found = Revision::find(target, name).map_err(|diag| session.say(diag)).ok().map(Rc::new);
    revisions.insert(target.root.clone(), found.clone());
    found
}

/// A spec now and then, and why the event starts no run of it, if it is so. None where it has errors now, which are said.
fn compared(
    target: &Target,
    revision: &Rc<Revision>,
    args: &Args,
    name: &str,
    session: &mut Session,
) -> Option<(Comparison, Option<Diag>)> {
    let was_there = revision.has(&target.path);
    let mut now = None;
    if target.file.exists() || !was_there {
        let compilation = input::compile(target, Keep::All, session)?;
        if has_errors(&compilation.diags) {
            let is_planned = compilation.is_planned();
            session.report_errors(compilation.diags.clone(), compilation.sources.clone());
            if !is_planned {
                return None;
            }
        }
        now = Some(compilation);
    }
    let (before, errors_before) = if was_there { then(target, revision, session) } else { (None, 0) };
    let mut unheard = None;
    let mut report = |made: Option<Compilation>| {
        let made = made.filter(|made| !made.plan.works.is_empty())?;
        reported(&made, args).map_err(|diag| unheard = Some(diag)).ok()
    };
    let is_there = now.is_some();
    let (before, now) = (report(before), report(now));
    let (spec, revision) = (target.path.clone(), name.to_owned());
    Some((Comparison { spec, revision, was_there, before, errors_before, is_there, now }, unheard))
}

/// The spec as it was, with what is known now, or how many errors it had. What is said of the past is for nobody to mend.
fn then(target: &Target, revision: &Rc<Revision>, session: &Session) -> (Option<Compilation>, usize) {
    let measured = facts::profile(target).ok().flatten().map(|profile| profile.text);
    let is_there = target.file.exists();
    let mut silent = session.another(true);
    let made = input::compile_with(&target.at(revision), Keep::All, &mut silent, |facts| {
        // What was known then counts only where all is gone.
        facts.profile = if is_there { measured } else { measured.or(facts.profile.take()) };
    });
    let of_made = made.iter().flat_map(|made| &made.diags).filter(|diag| diag.severity() == Severity::Error).count();
    match of_made + silent.count(Severity::Error) {
        0 => (made, 0),
        errors => (None, errors),
    }
}
