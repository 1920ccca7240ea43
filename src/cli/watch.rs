//! `pipelay compile --watch`: compiles again whenever something changes that compilation depends on.
//!
//! What it depends on is what compiling is told: the specs and their [`Facts`](pipelay::facts::Facts), which are looked at anew after any event near them. So a round is made if, and only
//! if, they differ from what the last one saw; its own writes are part of what it saw.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{ErrorKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use pipelay::diagnostics::Severity;
use pipelay::{Spec, imports, locals};

use super::compile::{self, Args, Done};
use super::facts::facts;
use super::orphans::with_orphans;
use super::session::Session;
use super::specs::{WORKFLOWS, repository, targets};
use super::{Misuse, git, input};

/// A change is over when nothing has happened for so long: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(40);

/// What never ends is looked at all the same.
const LONGEST: Duration = Duration::from_millis(500);

type Events = Receiver<notify::Result<notify::Event>>;

/// Compiles until it is ended from outside.
pub(crate) fn run(args: &Args, session: &mut Session) -> Result<(), Misuse> {
    if args.files.iter().any(|file| file.as_os_str() == "-") {
        return Err(Misuse::new("standard input cannot be watched").help("name the specs"));
    }
    with_orphans(&args.files)?;
    let (sender, events) = channel();
    let made = notify::recommended_watcher(move |event| {
        // Nobody listens any more at the end of the process.
        let _ = sender.send(event);
    });
    let mut watched = Watched { watcher: made.map_err(|error| refused(&repository(), &error))?, directories: BTreeSet::new() };
    let mut last = None;
    session.status("Watching", &format!("{}; Ctrl-C ends it", if args.files.is_empty() { WORKFLOWS } else { "what was named" }));
    loop {
        let now = look(args, session);
        // What changed before its directory was watched is seen by another look.
        if watched.follow(&now.directories)? {
            continue;
        }
        if last.as_ref().is_some_and(|last: &Seen| last.inputs == now.inputs && last.outputs == now.outputs) {
            wait(&events, &mut watched)?;
        } else {
            last = Some(round(args, now, session));
        }
    }
}

/// What compiling depends on.
struct Seen {
    inputs: u64,
    /// The workflows, as far as they are there.
    outputs: BTreeMap<PathBuf, String>,
    /// Where all of it lies, or would.
    directories: BTreeSet<PathBuf>,
}

fn look(args: &Args, session: &Session) -> Seen {
    let mut session = session.another(true);
    let (mut inputs, mut outputs, mut directories) = (DefaultHasher::new(), BTreeMap::new(), BTreeSet::new());
    let mut add = |path: &Path| directories.extend(path.ancestors().find(|path| path.is_dir()).map(Path::to_owned));
    let mut repositories = BTreeSet::new();
    if args.files.is_empty() {
        repositories.insert(repository());
        add(&repository().join(WORKFLOWS));
    }
    for target in targets(&args.files).unwrap_or_default() {
        target.path.hash(&mut inputs);
        target.file.parent().into_iter().for_each(&mut add);
        add(&target.root.join(WORKFLOWS));
        repositories.insert(target.root.clone());
        let Ok(read) = input::read(&target.file, &target.path) else { continue };
        let spec = Spec { path: target.path.clone(), text: read.text };
        spec.text.hash(&mut inputs);
        // A lock file that cannot be read is as if there were none, until it can.
        let Ok((mut facts, _)) = facts(&target, &spec, &mut session) else { continue };
        outputs.extend(facts.committed.take().map(|text| (target.root.join(target.output()), text)));
        facts.tracked.take().hash(&mut inputs);
        format!("{facts:?}").hash(&mut inputs);
        let of = |spec: &Spec| imports(spec).into_iter().chain(locals(spec)).collect::<Vec<_>>();
        let others = facts.texts.into_iter().map(|(path, text)| Spec { path, text });
        let named = others.flat_map(|other| of(&other)).chain(of(&spec));
        named.filter_map(|path| target.root.join(path).parent().map(Path::to_owned)).for_each(|path| add(&path));
    }
    for root in repositories {
        // The lock file; and what git tracks is in its index.
        add(&root);
        git::ask(&root, &["rev-parse", "--absolute-git-dir"]).into_iter().for_each(|directory| add(Path::new(&directory)));
    }
    Seen { inputs: inputs.finish(), outputs, directories }
}

/// Compiles once, and says it in a line. What there is after that, if nobody else has changed anything.
fn round(args: &Args, mut seen: Seen, session: &Session) -> Seen {
    let mut session = session.another(false);
    let mut written = Vec::new();
    let done = compile::all(args, &mut session, &mut |done, session| {
        let (did, what) = done.line();
        match done {
            Done::Compiled { written: None, .. } => {}
            Done::Compiled { output, file, written: Some(text), .. } => {
                seen.outputs.insert(file, text);
                written.push(output);
            }
            Done::Removed { .. } => session.status(did, &what),
            Done::Defines { .. } | Done::Kept { .. } => session.detail(did, &what),
        }
    });
    let specs = match done {
        Ok(specs) => specs,
        Err(misuse) => {
            session.terminal.misuse(&misuse);
            return seen;
        }
    };
    let _ = session.finish();
    let mut line = format!("specs: {specs}");
    for (severity, name) in [(Severity::Error, "errors"), (Severity::Warning, "warnings")] {
        let count = session.count(severity);
        line.extend((count > 0).then(|| format!(", {name}: {count}")));
    }
    let written = if written.is_empty() { "nothing".to_owned() } else { written.join(", ") };
    let line = format!("{line}, written: {written}");
    if session.has_errors() {
        session.failure("Failed", &line);
    } else {
        session.status("Compiled", &line);
    }
    seen
}

/// The directories that are watched, each without those in it.
struct Watched {
    watcher: RecommendedWatcher,
    directories: BTreeSet<PathBuf>,
}

impl Watched {
    /// Watches these and no others. Whether there were any that it did not watch before.
    fn follow(&mut self, wanted: &BTreeSet<PathBuf>) -> Result<bool, Misuse> {
        for gone in self.directories.difference(wanted).cloned().collect::<Vec<_>>() {
            self.forget(&gone);
        }
        let new: Vec<PathBuf> = wanted.difference(&self.directories).cloned().collect();
        for directory in &new {
            match self.watcher.watch(directory, RecursiveMode::NonRecursive) {
                Ok(()) => drop(self.directories.insert(directory.clone())),
                // It went away meanwhile: the next look finds another.
                Err(error) if matches!(error.kind, ErrorKind::PathNotFound) => {}
                Err(error) => return Err(refused(directory, &error)),
            }
        }
        Ok(!new.is_empty())
    }

    fn forget(&mut self, directory: &Path) {
        if self.directories.remove(directory) {
            // It may be gone, and with it its watch.
            let _ = self.watcher.unwatch(directory);
        }
    }

    /// Takes an event. Whether something may have changed.
    fn take(&mut self, event: notify::Result<notify::Event>) -> bool {
        let Ok(event) = event else { return true };
        // A directory of that name may be another one from now on.
        if matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))) {
            event.paths.iter().for_each(|path| self.forget(path));
        }
        // Our own reading is none.
        !event.kind.is_access() || matches!(event.kind, EventKind::Access(AccessKind::Close(AccessMode::Write)))
    }
}

/// Waits for a change, and until it is over.
fn wait(events: &Events, watched: &mut Watched) -> Result<(), Misuse> {
    let ended = |_| Misuse::new("the system does not say any more what changes");
    while !watched.take(events.recv().map_err(ended)?) {}
    let begin = Instant::now();
    while begin.elapsed() < LONGEST
        && let Ok(event) = events.recv_timeout(QUIET)
    {
        watched.take(event);
    }
    Ok(())
}

fn refused(directory: &Path, error: &notify::Error) -> Misuse {
    let why = match &error.kind {
        ErrorKind::MaxFilesWatch => "the system watches as many directories as it may".to_owned(),
        ErrorKind::Io(error) => input::why(error.kind(), error),
        _ => error.to_string(),
    };
    Misuse::new(format!("`{}` cannot be watched: {why}", directory.display()))
}
