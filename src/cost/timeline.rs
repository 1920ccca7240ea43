//! A run as a drawing: one line for each row of a job, by when it starts.

use std::fmt::Write as _;

use super::elapsed::Elapsed;
use super::estimate::Estimate;
use super::model::{Leg, Model};
use super::simulate::Slot;
use crate::graph::tree::Options;

/// Names longer than this are cut.
const LONGEST_NAME: usize = 28;

/// The time line of a run in which everything takes its mean. What decides how long it takes is marked; what goes before the author's own commands
/// (the machine, the checkout, tools) is drawn lighter.
///
/// As wide as is left for so many seconds: drawings of two runs of one width are to one scale.
pub fn timeline(model: &Model, estimate: &Estimate, seconds: f64, options: Options) -> String {
    let run = &estimate.typical;
    let mut slots: Vec<&Slot> = run.slots.iter().collect();
    slots.sort_by(|one, other| one.start.total_cmp(&other.start).then((one.job, one.leg).cmp(&(other.job, other.leg))));
    let name = |slot: &Slot| short(&model.jobs[slot.job].legs[slot.leg].id);
    let names = slots.iter().map(|slot| name(slot).chars().count()).max().unwrap_or_default();
    // What stands behind the bar: a time and money.
    let room = options.width.saturating_sub(names + 2 + 18).max(10);
    let scale = room as f64 / seconds.max(run.wall).max(1.0);
    let (work, other, wait, mark) = if options.unicode { ('█', '░', '·', "◆") } else { ('#', '-', '.', "*") };
    let mut text = String::new();
    for slot in slots {
        let leg = &model.jobs[slot.job].legs[slot.leg];
        let critical = estimate.critical.contains(&(slot.job, slot.leg));
        let at = |time: f64| ((time * scale).round() as usize).min(room);
        let (from, to) = (at(slot.start), at(slot.end).max(at(slot.start) + 1).min(room));
        let mut bar: Vec<char> = vec![' '; room];
        bar[at(slot.ready).min(from)..from].fill(wait);
        for (place, cell) in bar.iter_mut().enumerate().take(to).skip(from.min(to.saturating_sub(1))) {
            *cell = if is_work(model, leg, (place as f64 + 0.5) / scale - slot.start) { work } else { other };
        }
        let bar: String = bar.into_iter().collect();
        let seconds = slot.end - slot.start;
        let cost = leg.machine.price.map_or_else(|| "?".to_owned(), |_| money(leg.machine.cost(seconds)));
        let name = name(slot);
        let pad = names - name.chars().count();
        let _ = writeln!(
            text,
            "{} {name}{} {bar} {:>7} {cost:>8}",
            if critical { mark } else { " " },
            " ".repeat(pad),
            duration(seconds)
        );
    }
    text
}

/// Whether a command of the author's runs so many seconds after the machine was there.
fn is_work(model: &Model, leg: &Leg, at: f64) -> bool {
    let ends = |count: usize| {
        let mut elapsed = Elapsed::new(leg.machine.cores);
        leg.parts[..count].iter().for_each(|part| elapsed.add(part.beside.as_deref(), model.mean_part(part)));
        elapsed.take()
    };
    (0..leg.parts.len()).find(|&part| at < ends(part + 1)).is_some_and(|part| leg.parts[part].kind.is_work())
}

fn short(name: &str) -> String {
    if name.chars().count() <= LONGEST_NAME {
        return name.to_owned();
    }
    name.chars().take(LONGEST_NAME - 1).chain(['…']).collect()
}

/// Seconds as people say them: `45s`, `12m 05s`, `1h 02m`.
pub fn duration(seconds: f64) -> String {
    let all = seconds.round().max(0.0) as u64;
    match (all / 3600, all / 60 % 60, all % 60) {
        (0, 0, seconds) => format!("{seconds}s"),
        (0, minutes, seconds) => format!("{minutes}m {seconds:02}s"),
        (hours, minutes, _) => format!("{hours}h {minutes:02}m"),
    }
}

/// Dollars as people say them: a tenth of a cent below ten dollars.
pub fn money(dollars: f64) -> String {
    if dollars >= 10.0 { format!("${dollars:.2}") } else { format!("${dollars:.3}") }
}

/// What is saved, in seconds and US dollars: `a run takes 2m 03s less and costs $0.012 more`.
pub fn difference(seconds: f64, dollars: Option<f64>) -> String {
    let time = match seconds {
        saved if saved >= 1.0 => format!("a run takes {} less", duration(saved)),
        lost if lost <= -1.0 => format!("a run takes {} more", duration(-lost)),
        _ => "a run takes as long".to_owned(),
    };
    let Some(dollars) = dollars else { return time };
    let cost = match dollars {
        saved if saved > 5e-5 => format!("costs {} less", money(saved)),
        lost if lost < -5e-5 => format!("costs {} more", money(-lost)),
        _ => "costs as much".to_owned(),
    };
    format!("{time} and {cost}")
}
