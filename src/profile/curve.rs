//! How long one of several shards takes, by how many there are. Of one number it is not known what each shard does anew and what they share; of two or more it is.

use super::shards::{is_dealt, parts_of};
use super::{FEW, Measured, Profile, Step};

/// Fewer runs than that say little of a number of shards: five, after as long as it takes until they count half.
const LEAST: f64 = FEW / 2.0;

/// What a shard's commands take: so much in each, however many there are, and its part of what is split.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// What each does anew, in seconds.
    pub fixed: f64,
    /// What all of them share, in seconds.
    pub split: f64,
    /// How many times as much of that the longest of them has as the mean.
    pub uneven: f64,
    /// The numbers of shards that it was measured at; 1 stands for what is not split.
    pub numbers: Vec<u32>,
    /// The one that ran most, as [`Profile::of_shards`] wants it, and what its shards take together.
    pub(crate) most: (u32, f64),
}

/// What was measured at one number of shards.
struct Point {
    /// As [`Profile::of_shards`] wants it: 0 stands for what is not split.
    count: u32,
    runs: f64,
    /// What a shard takes in the mean, and the longest of them.
    mean: f64,
    longest: f64,
}

impl Point {
    fn of(count: u32, shards: &[&Measured], commands: &[String]) -> Option<Self> {
        let runs = shards.iter().map(|shard| shard.runs - shard.failed).reduce(f64::min)?;
        let each = shards.iter().map(|shard| work(shard, commands)).collect::<Option<Vec<f64>>>()?;
        let (mean, longest) = (each.iter().sum::<f64>() / each.len() as f64, each.iter().copied().fold(0.0, f64::max));
        (runs >= LEAST && mean > 0.0).then_some(Self { count, runs, mean, longest })
    }

    fn number(&self) -> u32 {
        self.count.max(1)
    }
}

/// What the commands that are dealt out take in a shard, or all of it where its steps are not known.
fn work(shard: &Measured, commands: &[String]) -> Option<f64> {
    if shard.steps.is_empty() {
        return shard.whole.as_ref().map(super::Times::mean);
    }
    let in_runs = |step: &Step| step.times.mean() * step.runs / (step.runs + step.skipped).max(f64::MIN_POSITIVE);
    Some(shard.steps.iter().filter(|(name, _)| is_dealt(name, commands)).map(|(_, step)| in_runs(step)).sum())
}

impl Curve {
    /// What runs through the points with the least squares of relative errors, as times vary by a part of what they are, each for as many runs as it has.
    /// Neither part is less than nothing.
    fn through(points: &[Point]) -> Option<Self> {
        let most = points.iter().max_by(|one, other| one.runs.total_cmp(&other.runs)).filter(|_| points.len() > 1)?;
        let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
            let weighed = |point: &Point| point.runs / point.mean.powi(2) * of(f64::from(point.number()).recip(), point.mean);
            points.iter().map(weighed).sum()
        };
        let (one, x, y) = (sum(&|_, _| 1.0), sum(&|x, _| x), sum(&|_, y| y));
        let (xx, xy) = (sum(&|x, _| x * x), sum(&|x, y| x * y));
        let split = ((one * xy - x * y) / (one * xx - x * x)).max(0.0);
        let fixed = (y - split * x) / one;
        let (fixed, split) = if fixed < 0.0 { (0.0, xy / xx) } else { (fixed, split) };
        let weighed = |of: &dyn Fn(&Point) -> f64| points.iter().map(|point| point.runs * of(point)).sum::<f64>();
        let shared = weighed(&|point| if point.count > 0 { split / f64::from(point.count) } else { 0.0 });
        let more = weighed(&|point| point.longest - point.mean);
        Some(Self {
            fixed,
            split,
            uneven: if shared > 0.0 { 1.0 + more / shared } else { 1.0 },
            numbers: points.iter().map(Point::number).collect(),
            most: (most.count, most.mean * f64::from(most.number())),
        })
    }

    /// What the commands of one of so many shards take, in seconds; the first stands for the longest.
    pub fn at(&self, shard: u32, shards: u32) -> f64 {
        self.fixed + self.split * part(self.uneven, shard, shards)
    }

    /// The numbers for people: `2, 4 and 8`.
    pub fn shown(&self) -> String {
        let all: Vec<String> = self.numbers.iter().map(u32::to_string).collect();
        all.split_last().map_or_else(String::new, |(last, others)| format!("{} and {last}", others.join(", ")))
    }
}

/// The part of what is split that one of so many shards has, from 1, where the longest has so many times as much as the mean. Which of them that is does not
/// matter to a run: it is the first.
pub fn part(uneven: f64, shard: u32, shards: u32) -> f64 {
    let count = f64::from(shards.max(1));
    let longest = uneven.clamp(1.0, count) / count;
    if shard <= 1 { longest } else { (1.0 - longest) / (count - 1.0) }
}

impl Profile {
    /// The curve of a job, or of a row of its matrix, on a machine; none where fewer than two numbers of shards were measured there often enough. The commands
    /// of the job are what is dealt out.
    pub fn curve(&self, whole: &str, label: &str, commands: &[String]) -> Option<Curve> {
        let point = |count: u32| {
            let on = |task: String| self.jobs.get(&task)?.get(label);
            Point::of(count, &parts_of(whole, count).map(on).collect::<Option<Vec<_>>>()?, commands)
        };
        Curve::through(&self.numbers(whole).into_keys().filter_map(point).collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use super::{Curve, Point, part};

    fn curve(points: &[(u32, f64, f64)]) -> Curve {
        let point = |&(count, mean, longest): &(u32, f64, f64)| Point { count, runs: 6.0, mean, longest };
        Curve::through(&points.iter().map(point).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn what_is_fixed_is_told_from_what_is_split() {
        let even = |points: &[(u32, f64)]| {
            let Curve { fixed, split, .. } = curve(&points.iter().map(|&(count, mean)| (count, mean, mean)).collect::<Vec<_>>());
            (fixed.round(), split.round())
        };
        assert_eq!(even(&[(0, 720.0), (2, 420.0), (4, 270.0), (8, 195.0)]), (120.0, 600.0));
        assert_eq!(even(&[(2, 420.0), (4, 270.0)]), (120.0, 600.0));
        // Neither part is less than nothing.
        assert_eq!(even(&[(2, 400.0), (4, 100.0)]), (0.0, 480.0));
        assert_eq!(even(&[(2, 300.0), (4, 310.0)]), (305.0, 0.0));
        assert!(Curve::through(&[Point { count: 2, runs: 9.0, mean: 1.0, longest: 1.0 }]).is_none());
    }

    #[test]
    fn the_longest_has_more_of_what_is_split() {
        let curve = curve(&[(0, 720.0, 720.0), (2, 420.0, 480.0), (4, 270.0, 300.0)]);
        assert_eq!((curve.uneven.round_ties_even(), curve.shown().as_str()), (1.0, "1, 2 and 4"));
        assert!((curve.uneven - 1.2).abs() < 1e-6 && (curve.at(1, 4) - 300.0).abs() < 1e-6, "{curve:?}");
        for shards in 1..9 {
            let all: f64 = (1..=shards).map(|shard| part(curve.uneven, shard, shards)).sum();
            assert!((all - 1.0).abs() < 1e-9 && (1..=shards).all(|shard| part(9.0, shard, shards) >= 0.0));
        }
    }
}
