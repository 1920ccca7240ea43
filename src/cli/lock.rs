//! `pipelay lock`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use pipelay::diagnostics::codes::e0804_cannot_write::cannot_write;
use pipelay::diagnostics::codes::{e0713_lock_in_conflict, w0719_not_in_githubs_lock};
use pipelay::diagnostics::{Diag, Outcome, has_errors, nearest};
use pipelay::hir::Duration as Length;
use pipelay::pins::image::{Digest, Image};
use pipelay::pins::lock::{Lock, PATH};
use pipelay::pins::{Asked, Pin, Source, is_newer};
use pipelay::source::Sources;

use super::ask::{Answer, Question, Wish, ask};
use super::facts;
use super::record::record;
use super::registry::{Proof, Registries};
use super::session::Session;
use super::specs::targets;
use super::write::replace;
use super::{Misuse, input, terminal};

/// Finds the commits of the actions that specs use, and writes them into `pipelay.lock`
///
/// What specs use and `pipelay.lock` has stays as it is; what is missing is asked of its server by git; what no spec uses is dropped. Nothing is
/// compiled: `pipelay compile` then puts the commits into the workflows. Without a FILE, every `.github/workflows/*.pipe` of the repository that the
/// command is given in.
///
/// A tag that is younger than the minimum age is passed over for an older one, so that others find out first what is wrong with it.
///
/// With `--images`, the registries of the images of services, containers and steps are asked for digests as well, without a password; from then on that is done every time.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pipelay lock                          writes down what is used, and asks for what is missing
  pipelay lock --update                 the newest tags that specs mean
  pipelay lock --update actions/cache   of one action alone
  pipelay lock --images                 the digests of images as well, from now on
  pipelay lock --verify                 in CI: is each tag still the commit that was locked?")]
pub(crate) struct Args {
    /// The specs
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Takes newer tags, and images as they are now: of all, or of the action or image NAME
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = ALL, conflicts_with = "verify")]
    update: Option<String>,
    /// Pins images of services, containers and steps as well; where some are locked already, that is so without it
    #[arg(long, conflicts_with = "verify")]
    images: bool,
    /// Writes nothing: proves that each tag in use is still the commit that it was, and that each image is still there
    #[arg(long)]
    verify: bool,
    /// How old a tag must be to be taken
    #[arg(long, value_name = "AGE", default_value = "3d", conflicts_with = "verify", value_parser = length)]
    min_age: Length,
    /// How long a server may take to answer
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = length)]
    timeout: Length,
}

pub(crate) fn length(text: &str) -> Result<Length, String> {
    let length = if text == "0" { Some(Length(0)) } else { Length::parse(text) };
    length.ok_or_else(|| "such as `3d`, `12h` or `0`".to_owned())
}

/// What `--update` is without a name.
const ALL: &str = "";

/// How many servers are asked at a time.
const AT_A_TIME: usize = 8;

/// What specs use.
#[derive(Default)]
struct Used {
    /// What is asked for, and the pin that it has now.
    pins: BTreeMap<Asked, Option<(Pin, Source)>>,
    /// The images that are asked for by a tag.
    images: BTreeSet<Image>,
    /// Whether each spec could be read.
    whole: bool,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<(), Misuse> {
    let targets = targets(&args.files)?;
    let Some(root) = targets.first().map(|target| target.root.clone()) else { return Ok(()) };
    if let Some(other) = targets.iter().find(|target| target.root != root) {
        return Err(Misuse::new(format!("`{}` is of another repository, which has a lock file of its own", other.path))
            .help("name the specs of one repository"));
    }
    let Some(old) = read(&root, session) else { return Ok(()) };
    let mut used = Used { whole: true, ..Used::default() };
    let mut unrecorded = Vec::new();
    for target in &targets {
        let compilation = input::compile_with(target, pipelay::Keep::All, session, |facts| facts.lock = Some(old.to_string()));
        let failed = compilation.as_ref().is_none_or(|compilation| has_errors(&compilation.diags));
        used.whole &= !failed;
        let Some(compilation) = compilation else { continue };
        if failed {
            session.report(compilation.diags, compilation.sources);
            continue;
        }
        let (lacks, _): (Vec<Diag>, Vec<Diag>) =
            compilation.diags.into_iter().partition(|diag| *diag.code == w0719_not_in_githubs_lock::CODE);
        if lacks.is_empty() || args.verify {
            session.report(lacks, compilation.sources);
        } else {
            unrecorded.push(target);
        }
        used.images.extend(compilation.ledger.images.into_keys());
        for (asked, pin) in compilation.ledger.pins {
            let known = used.pins.entry(asked).or_default();
            // Of two workflows one may be ahead.
            let newer = |(pin, _): &(Pin, Source)| known.as_ref().is_none_or(|(known, _)| is_newer(&pin.tag, &known.tag));
            if pin.as_ref().is_some_and(newer) {
                *known = pin;
            }
        }
    }
    let update = chosen(args, &old, &used)?;
    if args.verify {
        verify(&old, &used, args, session);
    } else {
        write(&root, &old, &used, &update, args, session);
    }
    if !unrecorded.is_empty() {
        let workflows: Vec<String> = unrecorded.iter().map(|target| target.output()).collect();
        record(&root, &workflows, session);
        // It reads what was compiled: where that is behind its spec, something is still missing.
        for target in unrecorded {
            let Some(compilation) = input::compile_with(target, pipelay::Keep::All, session, |_| {}) else { continue };
            let mut diags = compilation.diags;
            diags.retain(|diag| *diag.code == w0719_not_in_githubs_lock::CODE);
            session.report(diags, compilation.sources);
        }
    }
    Ok(())
}

/// The lock file. Where it has lines that are not understood, nothing is done: they may be pins. A merge conflict is mended by the way.
fn read(root: &Path, session: &mut Session) -> Option<Lock> {
    let text = facts::lock(root).map_err(|diag| session.say(diag)).ok()?;
    let Some(text) = text else { return Some(Lock::default()) };
    let mut sources = Sources::new();
    let index = sources.add(PATH, text.text);
    let Outcome { value, mut diags } = Lock::parse(sources.get(index));
    diags.extend(text.faults);
    diags.retain(|diag| *diag.code != e0713_lock_in_conflict::CODE);
    let fine = diags.is_empty();
    session.report(diags, sources);
    fine.then_some(value)
}

/// Which are to be brought up to date.
enum Update {
    None,
    All,
    /// Those of a repository, perhaps of one tag or branch alone; and the image that is named, perhaps by its tag.
    Of {
        named: String,
        repository: String,
        reference: Option<String>,
    },
}

impl Update {
    fn takes(&self, asked: &Asked) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Of { repository, reference, .. } => {
                *repository == asked.repository && reference.as_ref().is_none_or(|reference| *reference == asked.reference)
            }
        }
    }

    fn takes_image(&self, image: &Image) -> bool {
        match self {
            Self::None => false,
            Self::All => true,
            Self::Of { named, .. } => named == image.name() || *named == image.to_string(),
        }
    }
}

/// Whether images are to be locked: once some are, for good.
fn with_images(args: &Args, old: &Lock) -> bool {
    args.images || !old.images.is_empty()
}

fn chosen(args: &Args, old: &Lock, used: &Used) -> Result<Update, Misuse> {
    let named = match args.update.as_deref() {
        None => return Ok(Update::None),
        Some(ALL) => return Ok(Update::All),
        Some(named) => named,
    };
    if pipelay::is_spec(named) {
        return Err(Misuse::new(format!("`--update {named}` names a spec in place of an action or image"))
            .help("name specs first: `FILE --update`"));
    }
    let (path, reference) = named.split_once('@').map_or((named, None), |(path, reference)| (path, Some(reference.to_owned())));
    let repository = path.split('/').take(2).collect::<Vec<_>>().join("/").to_lowercase();
    let update = Update::Of { named: named.to_owned(), repository, reference };
    let is_image = used.images.iter().any(|image| update.takes_image(image));
    if used.pins.keys().any(|asked| update.takes(asked)) || is_image && with_images(args, old) {
        return Ok(update);
    }
    if is_image {
        return Err(Misuse::new(format!("no image is locked, and `{named}` is one")).help("`--images` locks them"));
    }
    let all = used.pins.keys().map(|asked| asked.repository.as_str()).chain(used.images.iter().map(Image::name));
    let near = nearest(named, all);
    let misuse = Misuse::new(format!("no spec uses `{named}`"));
    Err(match near {
        Some(near) => misuse.help(format!("`{near}` is used")),
        None => misuse,
    })
}

/// Asks all repositories, some at a time.
fn ask_all(questions: BTreeMap<String, Vec<Question>>, args: &Args, session: &Session) -> Vec<Answer> {
    let questions: Vec<_> = questions.into_iter().collect();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let newest = now.saturating_sub(args.min_age.0);
    questions.iter().for_each(|(repository, _)| session.detail("Asking", repository));
    let answers = at_a_time("repositories", &questions, session, |(repository, of_it)| {
        ask(repository, of_it, newest, Duration::from_secs(args.timeout.0))
    });
    let mut answers: Vec<Answer> = answers.into_iter().flatten().collect();
    answers.sort_by(|one, other| one.asked.cmp(&other.asked));
    answers
}

/// Asks for all of these images, some at a time: `ask` does it.
fn ask_images<T: Send>(
    images: &[&Image],
    args: &Args,
    session: &Session,
    ask: impl Fn(&Registries, &Image) -> Result<T, Diag> + Sync,
) -> Vec<Result<T, Diag>> {
    let registries = Registries::of_environment(Duration::from_secs(args.timeout.0.max(1)));
    images.iter().for_each(|image| session.detail("Asking", &image.to_string()));
    at_a_time("images", images, session, |image| ask(&registries, image))
}

/// The answers to all questions, in their order. Some are asked at a time.
fn at_a_time<Q: Sync, A: Send>(what: &str, questions: &[Q], session: &Session, ask: impl Fn(&Q) -> A + Sync) -> Vec<A> {
    if questions.is_empty() {
        return Vec::new();
    }
    let (next, done, answers) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let tell = |done: usize| session.progress("Asking", &format!("{what}: {done} of {} have answered", questions.len()));
    tell(0);
    std::thread::scope(|scope| {
        for _ in 0..AT_A_TIME.min(questions.len()) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(question) = questions.get(at) else { break };
                    let answer = ask(question);
                    answers.lock().unwrap_or_else(PoisonError::into_inner).insert(at, answer);
                    tell(done.fetch_add(1, Ordering::Relaxed) + 1);
                }
            });
        }
    });
    terminal::wipe();
    answers.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
}

/// Questions by the repository that they are asked of.
fn by_repository(questions: impl Iterator<Item = Question>) -> BTreeMap<String, Vec<Question>> {
    let mut all: BTreeMap<String, Vec<Question>> = BTreeMap::new();
    for question in questions {
        all.entry(question.asked.repository.clone()).or_default().push(question);
    }
    all
}

/// Makes the lock file anew. What could not be asked stays as it was.
fn write(root: &Path, old: &Lock, used: &Used, update: &Update, args: &Args, session: &mut Session) {
    let question = |(asked, pin): (&Asked, &Option<(Pin, Source)>)| {
        let current = pin.as_ref().map(|(pin, _)| pin.clone());
        let wish = match (pin, current) {
            (_, current) if update.takes(asked) => Wish::Newest(current),
            (Some((_, Source::Lock)), _) => return None,
            (_, Some(current)) => Wish::Dated(current),
            (_, None) => Wish::Newest(None),
        };
        Some(Question { asked: asked.clone(), wish })
    };
    let answers = ask_all(by_repository(used.pins.iter().filter_map(question)), args, session);
    let mut new = old.clone();
    if args.files.is_empty() && used.whole {
        new.pins.retain(|asked, _| used.pins.contains_key(asked));
        new.images.retain(|image, _| used.images.contains(image));
    }
    for Answer { asked, pin, diag, .. } in answers {
        diag.into_iter().for_each(|diag| session.say(diag));
        new.pins.extend(pin.map(|pin| (asked, pin)));
    }
    let wanted = |image: &&Image| with_images(args, old) && (update.takes_image(image) || !old.images.contains_key(*image));
    let images: Vec<&Image> = used.images.iter().filter(wanted).collect();
    let answers = ask_images(&images, args, session, |registries, image| registries.resolve(image, session));
    let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    for (image, answer) in images.into_iter().zip(answers) {
        match answer {
            // The day stays that when it was seen first.
            Ok(digest) if old.images.get(image).is_some_and(|known| known.digest == digest) => {}
            Ok(digest) => drop(new.images.insert(image.clone(), Digest { date: Some(today.clone()), digest })),
            Err(diag) => session.say(diag),
        }
    }
    let same = |one: &Pin, other: &Pin| one.commit == other.commit && one.tag == other.tag;
    tell(&old.pins, &new.pins, same, shown, session);
    tell(&old.images, &new.images, |one, other| one == other, shown_digest, session);
    let (file, text) = (root.join(PATH), new.to_string());
    let there = std::fs::read_to_string(&file).ok();
    if there.as_deref().is_some_and(|there| super::write::same(there, &text)) || there.is_none() && new == Lock::default() {
        let none = if there.is_none() { format!("{PATH}: there is none, and nothing to lock") } else { PATH.to_owned() };
        return session.status("Unchanged", &none);
    }
    match replace(&file, &text) {
        Ok(()) => session.status("Wrote", &format!("{PATH}; `pipelay compile` puts it into the workflows")),
        Err(error) => session.say(cannot_write(PATH, &input::why(error.kind(), &error))),
    }
}

/// What became of pins.
fn tell<K: Display + Ord, P>(
    old: &BTreeMap<K, P>,
    new: &BTreeMap<K, P>,
    same: impl Fn(&P, &P) -> bool,
    shown: impl Fn(&P) -> String,
    session: &Session,
) {
    for (asked, pin) in new {
        match old.get(asked) {
            None => session.status("Locked", &format!("{asked}: {}", shown(pin))),
            Some(known) if !same(known, pin) => session.status("Locked", &format!("{asked}: {} -> {}", shown(known), shown(pin))),
            Some(_) => session.detail("Kept", &format!("{asked}: {}", shown(pin))),
        }
    }
    for asked in old.keys().filter(|asked| !new.contains_key(asked)) {
        session.status("Dropped", &format!("{asked}, which no spec uses"));
    }
}

/// A digest in a line of progress.
fn shown_digest(Digest { date, digest }: &Digest) -> String {
    let date = date.as_ref().map(|date| format!(" of {date}")).unwrap_or_default();
    format!("{}{date}", digest.get(.."sha256:".len() + 12).unwrap_or_default())
}

/// A pin in a line of progress.
fn shown(pin: &Pin) -> String {
    let date = pin.date.as_ref().map(|date| format!(", {date}")).unwrap_or_default();
    format!("{} ({}{date})", pin.tag, pin.commit.get(..12).unwrap_or_default())
}

/// Proves each pin that is locked or in use.
fn verify(lock: &Lock, used: &Used, args: &Args, session: &mut Session) {
    let in_use = used.pins.iter().filter_map(|(asked, pin)| pin.as_ref().map(|(pin, _)| (asked, pin)));
    let mut all: Vec<(&Asked, &Pin)> = lock.pins.iter().chain(in_use).collect();
    all.sort_unstable_by_key(|(asked, pin)| (*asked, pin.tag.as_str(), pin.commit.as_str()));
    all.dedup_by_key(|(asked, pin)| (*asked, pin.tag.as_str(), pin.commit.as_str()));
    let question = |(asked, pin): &(&Asked, &Pin)| Question { asked: (*asked).clone(), wish: Wish::Proof((*pin).clone()) };
    let answers = ask_all(by_repository(all.iter().map(question)), args, session);
    let mut proven = 0;
    for Answer { asked, pin, diag, moves } in answers {
        match &pin {
            Some(pin) if moves => session.status("Unproven", &format!("{asked}: `{}` is there to be moved", pin.tag)),
            Some(_) => proven += 1,
            None => {}
        }
        diag.into_iter().for_each(|diag| session.say(diag));
    }
    let images: Vec<&Image> = lock.images.keys().collect();
    let answers = ask_images(&images, args, session, |registries, image| registries.prove(image, &lock.images[image], session));
    for (image, answer) in images.iter().zip(answers) {
        match answer {
            Ok(Proof::Holds) => proven += 1,
            Ok(Proof::Moved) => {
                let what = format!("{image}: `{}` is there to be moved, and is another image now", image.tag());
                session.status("Unproven", &what);
            }
            Err(diag) => session.say(diag),
        }
    }
    session.status("Verified", &format!("pins: {proven} of {}", all.len() + images.len()));
}
