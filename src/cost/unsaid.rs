//! What a job says of all its commands together, shared out among those that say nothing themselves.

use super::assume;
use crate::hir::{self, Job};

/// How long each command takes that says nothing, where together they take so long: of those that every shard runs anew, and of all others. Who splits a job
/// speaks of what is split: an install before it takes no more than any command of which nothing is known.
pub(super) fn each(all: f64, anew: usize, others: usize) -> (f64, f64) {
    let alike = all / (anew + others).max(1) as f64;
    let of_anew = if others > 0 { alike.min(assume::COMMAND) } else { alike };
    (of_anew, (all - of_anew * anew as f64) / others.max(1) as f64)
}

/// How long each of several shards takes of what a job takes in one piece, in seconds.
pub fn in_shard(job: &Job, all: f64, shards: f64) -> f64 {
    let (anew, dealt): (Vec<&hir::Step>, Vec<_>) =
        job.steps.iter().filter(|step| !step.fetches()).partition(|step| !job.is_dealt_out(step));
    let said = |steps: &[&hir::Step]| -> f64 { steps.iter().filter_map(|step| Some(step.takes()?.0 as f64)).sum() };
    let silent = |steps: &[&hir::Step]| steps.iter().filter(|step| step.takes().is_none()).count();
    let rest = (all - said(&anew) - said(&dealt)).max(0.0);
    let (of_anew, of_dealt) = each(rest, silent(&anew), silent(&dealt));
    let whole = said(&anew) + of_anew * silent(&anew) as f64;
    whole + (said(&dealt) + of_dealt * silent(&dealt) as f64) / shards
}

#[cfg(test)]
mod tests {
    use super::each;

    #[test]
    fn what_is_split_takes_most() {
        assert_eq!(each(960.0, 1, 1), (60.0, 900.0));
        assert_eq!(each(60.0, 1, 1), (30.0, 30.0));
        assert_eq!(each(960.0, 0, 2), (60.0, 480.0));
        assert_eq!(each(960.0, 2, 0), (480.0, 0.0));
        assert_eq!(each(0.0, 0, 0), (0.0, 0.0));
    }
}
