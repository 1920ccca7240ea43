//! Pins: the commit in place of each tag or branch of another repository, with the full tag in a comment, and the digest behind the tag of each image that is locked.
//!
//! A tag can be moved to other code by whoever may write to that repository, or took it over; a commit cannot. What no pin is known of stays as it is
//! written, which is said once for the whole spec; of images as a remark, until `pipelay lock --images` has asked for some.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;
use indexmap::map::Entry;

use super::{Context, Pass, Subject, never};
use crate::catalog::actions::{name, used};
use crate::diagnostics::codes::r0711_bump_taken_over::bumps_taken_over;
use crate::diagnostics::codes::r0714_bump_not_meant::bump_not_meant;
use crate::diagnostics::codes::r0722_image_without_version::{CODE as WITHOUT_DIGEST, images_of_runs, images_without_digest};
use crate::diagnostics::codes::w0710_unpinned_action::{CODE as UNPINNED, short_commits, unpinned, unpinned_images};
use crate::diagnostics::codes::w0719_not_in_githubs_lock::not_in_githubs_lock;
use crate::expr::Expr;
use crate::expr::text::{has_hole, holes};
use crate::hir::machines::values;
use crate::hir::{Allow, Job, Matrix, Origin, Service, Step, StepKind, Value, ValueKind};
use crate::pins::github::Onboarded;
use crate::pins::image::{DOCKER, Digest, Image, LATEST};
use crate::pins::{Asked, Known, Pin, Source, is_newer};
use crate::plan::Plan;
use crate::source::Span;
use crate::text::Text;

pub(super) static PASS: Pass =
    Pass { name: "pin", summary: "commits in place of tags that can be moved", required: false, asked: never, run };

/// What is asked for, and what was found.
struct Use {
    /// The action as it is written.
    written: String,
    /// All actions that are asked for so, in lower case.
    actions: BTreeSet<String>,
    /// Where the first is in the spec.
    place: Span,
    found: Option<(Pin, Source)>,
}

fn run(plan: &mut Plan, context: &mut Context<'_>) {
    let onboarded = context.facts.onboarded.as_ref();
    let (uses, images, unrecorded, of_runs) = (IndexMap::new(), IndexMap::new(), IndexMap::new(), IndexMap::new());
    let mut pinning = Pinning { known: context.pins, onboarded, uses, images, of_runs, unrecorded };
    for work in plan.works.values_mut() {
        work.prologue.iter_mut().for_each(|derived| pinning.step(&mut derived.step));
        let job = Arc::make_mut(&mut work.job);
        job.steps.iter_mut().for_each(|step| pinning.step(step));
        work.epilogue.iter_mut().for_each(|derived| pinning.step(&mut derived.step));
        if let Some(call) = &mut job.call
            && let Some((workflow, tag)) = pinning.commit(&call.workflow, &call.origin)
        {
            (call.workflow, call.tag) = (workflow, Some(tag));
        }
        pinning.images(job);
    }
    let Pinning { uses, images, of_runs, unrecorded, .. } = pinning;
    let unrecorded: Vec<(&str, Span)> = unrecorded.values().map(|(action, at)| (action.as_str(), *at)).collect();
    context.diags.extend((!unrecorded.is_empty()).then(|| not_in_githubs_lock(&unrecorded)));
    if onboarded.is_some() {
        context.ledger.note(PASS.name, None, "leaves tags as they are written", "GitHub's lock file has their commits");
    }
    say(&uses, &images, &plan.pipeline.allows, context);
    let of_runs: Vec<(&str, Span)> = of_runs.iter().map(|(image, at)| (image.as_str(), *at)).collect();
    let of_runs = not_allowed(of_runs, &plan.pipeline.allows, WITHOUT_DIGEST.id);
    context.diags.extend((!of_runs.is_empty()).then(|| images_of_runs(&of_runs)));
    for (asked, Use { written, found, .. }) in uses {
        if let Some((pin, source)) = &found {
            let why = match source {
                Source::Committed => "the committed workflow has a newer tag than lock and table",
                Source::Lock => "`pipelay.lock` has it",
                Source::Table => "the table of the compiler has it",
            };
            let what = format!("pins {written} to {}, {}", pin.tag, pin.commit);
            context.ledger.note(PASS.name, None, what, why).about(Subject::Pin(pin.commit.clone()));
        }
        context.ledger.pins.insert(asked, found);
    }
    for (image, (_, found)) in images {
        if let Some(Digest { digest, .. }) = &found {
            let what = format!("pins {image} to {digest}");
            context.ledger.note(PASS.name, None, what, "`pipelay.lock` has it").about(Subject::Pin(digest.clone()));
        }
        context.ledger.images.insert(image, found);
    }
}

/// Those that their place does not allow: it need not be that of the message, which is of all together.
fn not_allowed<T>(all: Vec<(T, Span)>, allows: &[Allow], code: &str) -> Vec<(T, Span)> {
    let allowed = |place: Span| allows.iter().any(|allow| allow.code == code && allow.within.contains(place));
    all.into_iter().filter(|(_, place)| !allowed(*place)).collect()
}

/// What there is to say of all pins together: one message each, however many they are.
fn say(uses: &IndexMap<Asked, Use>, images: &Images, allows: &[Allow], context: &mut Context<'_>) {
    let unknown = uses.values().filter(|it| it.found.is_none()).map(|it| (it.written.as_str(), it.place)).collect();
    let unknown = not_allowed(unknown, allows, UNPINNED.id);
    let (short, unknown): (Vec<_>, Vec<_>) = unknown.into_iter().partition(|(action, _)| is_short_commit(action));
    context.diags.extend((!short.is_empty()).then(|| short_commits(&short)));
    // Until images are asked for, a tag is no mistake; that of what was pushed last is told of by itself.
    let wanted = !context.pins.lock.images.is_empty();
    let without = images.iter().filter(|(image, (_, found))| found.is_none() && (wanted || image.tag() != LATEST));
    let without = without.map(|(image, (place, _))| (image, *place)).collect();
    let without = not_allowed(without, allows, if wanted { UNPINNED.id } else { WITHOUT_DIGEST.id });
    let bumped = |it: &'_ Use| match &it.found {
        Some((pin, Source::Committed)) => Some((name(&it.written).to_owned(), pin.tag.clone(), it.place)),
        _ => None,
    };
    let bumps: Vec<_> = uses.values().filter_map(bumped).collect();
    context.diags.extend((!unknown.is_empty()).then(|| unpinned(&unknown)));
    let say_without = if wanted { unpinned_images } else { images_without_digest };
    context.diags.extend((!without.is_empty()).then(|| say_without(&without)));
    context.diags.extend((!bumps.is_empty()).then(|| bumps_taken_over(&bumps)));
    for (asked, it) in uses {
        let Some((pin, _)) = &it.found else { continue };
        let meant = |tag: &str| uses.keys().any(|other| other.repository == asked.repository && other.takes(tag));
        // What a bot did to one action of a repository says nothing of another.
        let is_it = |action: &str| it.actions.contains(&action.to_lowercase());
        let newer =
            context.pins.committed.others(asked, is_it).filter(|other| is_newer(&other.tag, &pin.tag) && !meant(&other.tag));
        let newest = newer.max_by(|one, other| is_newer(&one.tag, &other.tag).cmp(&is_newer(&other.tag, &one.tag)));
        context.diags.extend(newest.map(|other| bump_not_meant(&it.written, &other.tag, &asked.alike(&other.tag), it.place)));
    }
}

/// Whether a reference is the begin of a commit: digits of its number, and no date, which tags may be.
fn is_short_commit(action: &str) -> bool {
    let reference = action.split_once('@').map(|(_, reference)| reference).unwrap_or_default();
    let has = |kind: fn(&u8) -> bool| reference.bytes().any(|byte| kind(&byte));
    let is_hex = reference.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_hex
        && (7..40).contains(&reference.len())
        && has(u8::is_ascii_digit)
        && (reference.len() == 7 || has(u8::is_ascii_alphabetic))
}

/// Images, the place of each in the spec, and what was found.
type Images = IndexMap<Image, (Span, Option<Digest>)>;

struct Pinning<'a> {
    known: &'a Known,
    /// What GitHub's lock file records, where it lists the output: then it pins all steps.
    onboarded: Option<&'a Onboarded>,
    uses: IndexMap<Asked, Use>,
    images: Images,
    /// Images that only a run knows, with the place of each.
    of_runs: IndexMap<String, Span>,
    /// What it lacks, and the place.
    unrecorded: IndexMap<Asked, (String, Span)>,
}

impl Pinning<'_> {
    fn step(&mut self, step: &mut Step) {
        match &mut step.kind {
            StepKind::Uses { action, tag, .. } => {
                if let Some(image) = action.strip_prefix(DOCKER)
                    && let Some(pinned) = self.digest(image, &step.origin.at(action.span()))
                {
                    *action = Text::verbatim(format!("{DOCKER}{pinned}"), action.span());
                } else if let Some((pinned, full)) = self.pin(action, &step.origin) {
                    (*action, *tag) = (pinned, Some(full));
                }
            }
            StepKind::Checkout(with) => {
                let action = Text::verbatim(used::CHECKOUT, step.origin.span);
                if let Some((action, tag)) = self.pin(&action, &step.origin) {
                    step.kind = StepKind::Uses { action, with: std::mem::take(with), tag: Some(tag) };
                }
            }
            StepKind::Parallel(steps) => steps.iter_mut().for_each(|step| self.step(step)),
            StepKind::Run(_) | StepKind::Wait(_) | StepKind::Cancel(_) => {}
        }
    }

    /// What a step is to use in place of that, and the tag that it is.
    fn pin(&mut self, uses: &Text, origin: &Origin) -> Option<(Text, String)> {
        let Some(onboarded) = self.onboarded else { return self.commit(uses, origin) };
        let lacks = |asked: &Asked| !onboarded.contains(asked);
        if let Some(asked) = Asked::of(uses).filter(lacks) {
            self.unrecorded.entry(asked).or_insert_with(|| (uses.as_str().to_owned(), origin.at(uses.span()).in_spec()));
        }
        None
    }

    /// The same with the commit of it, and the tag that it is.
    fn commit(&mut self, uses: &Text, origin: &Origin) -> Option<(Text, String)> {
        let asked = Asked::of(uses)?;
        let found = match self.uses.entry(asked) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let found = self.known.find(place.key());
                let place_of = origin.at(uses.span()).in_spec();
                place.insert(Use { written: uses.as_str().to_owned(), actions: BTreeSet::new(), place: place_of, found })
            }
        };
        found.actions.insert(name(uses).to_lowercase());
        let (pin, _) = found.found.as_ref()?;
        Some((Text::verbatim(format!("{}@{}", name(uses), pin.commit), uses.span()), pin.tag.clone()))
    }

    /// The images of a job: of its servers, of those that its rows have, and its own.
    fn images(&mut self, job: &mut Job) {
        self.see_what_runs_fill_in(job);
        if let Some(container) = &mut job.container
            && let Some(pinned) = self.digest(&container.name, &container.origin.at(container.name.span()))
        {
            container.name = Text::verbatim(pinned, container.name.span());
        }
        job.services.values_mut().for_each(|service| self.service(service));
        if let Some(Matrix::Rows { rows, .. }) = &mut job.matrix {
            rows.iter_mut().flat_map(|row| row.job.services.values_mut()).for_each(|service| self.service(service));
        }
    }

    /// Takes note of images with a run-time value in them that names no digest.
    fn see_what_runs_fill_in(&mut self, job: &Job) {
        let container = job.container.iter().map(|container| (container.name.clone(), &container.origin));
        let images = job.services.values().filter_map(|service| service.keys.get("image"));
        let services = images.filter_map(|image| Some((image.text()?, &image.origin)));
        let lacking = container.chain(services).filter(|(image, _)| has_hole(image) && !has_digest(job, image));
        for (image, origin) in lacking {
            self.of_runs.entry(image.as_str().to_owned()).or_insert_with(|| origin.at(image.span()).in_spec());
        }
    }

    fn service(&mut self, service: &mut Service) {
        let Some(image) = service.keys.get_mut("image") else { return };
        let Some(written) = image.text() else { return };
        if let Some(pinned) = self.digest(&written, &image.origin) {
            image.kind = ValueKind::Text(Text::verbatim(pinned, written.span()));
        }
    }

    /// An image with its digest behind the tag. The tag is for readers, and for bots.
    fn digest(&mut self, written: &str, at: &Origin) -> Option<String> {
        let image = Image::of(written)?;
        let named = image.to_string();
        let (_, found) = match self.images.entry(image) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let found = self.known.lock.images.get(place.key()).cloned();
                place.insert((at.in_spec(), found))
            }
        };
        let digest = &found.as_ref()?.digest;
        Some(format!("{named}@{digest}"))
    }
}

/// Whether an image with a run-time value in it has a digest all the same: written behind it, or in all values that it may have. An empty one is no image.
fn has_digest(job: &Job, image: &str) -> bool {
    let of_axis = |expr: &Expr| match expr.as_path()?.as_slice() {
        [context, axis] if context == "matrix" => values(job, axis),
        _ => None,
    };
    let pinned = |value: &Value| matches!(value.spelled().as_str(), text if text.is_empty() || text.contains("@sha256:"));
    image.contains("@sha256:")
        || holes(image).iter().any(|(_, expr)| of_axis(expr).is_some_and(|values| values.into_iter().all(pinned)))
}
