//! How long something took in all runs that were seen: a histogram of a few ranges of seconds, which later runs are added to and which fades.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};

/// So many ranges are kept: what is near to each other becomes one. The quantiles of times that vary by a fifth are known to one in fifty by then.
const MOST: usize = 8;

/// What counts less was too long ago.
const LEAST: f64 = 0.05;

/// More than so many deviations from the middle is taken for an accident; with the usual variation that is one in ten thousand.
const FAR: f64 = 4.0;

/// A single run that took so many times as long as the middle of the others is an accident, where there are so many others: of few runs one is more than a
/// tenth, and moves what nine of ten take.
const TIMES: f64 = 5.0;
const OTHERS: f64 = 5.0;

/// The ranges, from the shortest to the longest, none of which meets another.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen(Vec<Range>);

#[derive(Debug, Clone, Copy, PartialEq)]
struct Range {
    low: f64,
    high: f64,
    /// How many runs took so long, where older ones count less.
    runs: f64,
}

impl Range {
    fn middle(&self) -> f64 {
        f64::midpoint(self.low, self.high)
    }

    /// What is lost by taking so much for one: many runs over a wide range of ratios.
    fn loss(&self) -> f64 {
        self.runs * ratio(self.high).max(f64::MIN_POSITIVE) - self.runs * ratio(self.low)
    }
}

/// On a scale of ratios; a second is the grain of GitHub's times.
fn ratio(seconds: f64) -> f64 {
    (seconds + 1.0).ln()
}

/// The middle of a number of ranges, by how many runs each has.
fn median(ranges: &[Range], of: &dyn Fn(&Range) -> f64) -> f64 {
    let mut values: Vec<(f64, f64)> = ranges.iter().map(|range| (of(range), range.runs)).collect();
    values.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    let all: f64 = ranges.iter().map(|range| range.runs).sum();
    let mut before = 0.0;
    let middle = values.iter().find(|(_, runs)| {
        before += runs;
        before * 2.0 >= all
    });
    middle.map_or(0.0, |(value, _)| *value)
}

impl Seen {
    /// Whether nothing was seen.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many runs were seen, where older ones count less.
    pub fn runs(&self) -> f64 {
        self.0.iter().map(|range| range.runs).sum()
    }

    /// One run more, or a part of one.
    pub fn add(&mut self, seconds: f64, runs: f64) {
        let seconds = (seconds * 10.0).round() / 10.0;
        let place = self.0.partition_point(|range| range.high < seconds);
        match self.0.get_mut(place).filter(|range| range.low <= seconds) {
            Some(range) => range.runs += runs,
            None => self.0.insert(place, Range { low: seconds, high: seconds, runs }),
        }
    }

    /// Counts all of it as so much of what it counted.
    pub fn fade(&mut self, weight: f64) {
        self.0.iter_mut().for_each(|range| range.runs *= weight);
    }

    /// Takes in what else was seen.
    pub fn take_in(&mut self, other: &Self) {
        for range in &other.0 {
            let place = self.0.partition_point(|own| own.high < range.low);
            match self.0.get_mut(place) {
                // What meets another is taken for its middle.
                Some(own) if own.low <= range.high => self.add(range.middle(), range.runs),
                _ => self.0.insert(place, *range),
            }
        }
    }

    /// Leaves out what counts for nothing any more, and takes for one what is nearest to each other, until few are left.
    pub fn settle(&mut self) {
        // Of little that is left, nothing is to be left out.
        let least = LEAST * self.runs().min(1.0);
        self.0.retain(|range| range.runs >= least);
        while self.0.len() > MOST {
            let both = |pair: &[Range]| Range { low: pair[0].low, high: pair[1].high, runs: pair[0].runs + pair[1].runs };
            let pairs = self.0.windows(2).map(both).enumerate();
            let Some((at, both)) = pairs.min_by(|(_, one), (_, other)| one.loss().total_cmp(&other.loss())) else { return };
            self.0.splice(at..at + 2, [both]);
        }
        self.0.iter_mut().for_each(|range| range.runs = ((range.runs * 100.0).round() / 100.0).max(0.01));
    }

    /// Without what lies far from the rest on a scale of ratios, by the median of the deviations from the median, which a few runs cannot move (Hampel, 1974): a
    /// machine that hung, a cache that was empty once. What a tenth of them have is no accident, but for a single run that took many times as long as all others.
    #[must_use]
    pub fn without_accidents(&self) -> Self {
        let mut usual = self.without_far();
        if usual.is_lone() {
            usual.0.pop();
        }
        usual
    }

    /// What of it is taken for accidents: how long each took in the middle, the longest last.
    pub fn accidents(&self) -> impl Iterator<Item = f64> {
        let usual = self.without_accidents();
        self.0.iter().filter(move |range| !usual.0.contains(range)).map(Range::middle)
    }

    /// Whether the longest is a single run far from all others. What is old counts less, in it and in them.
    fn is_lone(&self) -> bool {
        let Some((longest, others)) = self.0.split_last() else { return false };
        let is_single = longest.low >= longest.high && longest.runs <= 1.0;
        let are_many = others.iter().map(|range| range.runs).sum::<f64>() >= OTHERS * longest.runs;
        let least = TIMES * median(others, &Range::middle).max(1.0);
        is_single && are_many && longest.low >= least && others.last().is_none_or(|next| next.high < least)
    }

    fn without_far(&self) -> Self {
        let all = self.runs();
        let middle = median(&self.0, &|range| ratio(range.middle()));
        let deviation = median(&self.0, &|range| (ratio(range.middle()) - middle).abs());
        // 1.4826: the deviation of a normal distribution by its median deviation. Half of all being equal says nothing of the rest.
        let far = FAR * (1.482_6 * deviation).max(0.1);
        let is_far = |range: &&Range| (ratio(range.middle()) - middle).abs() > far;
        let accidents: f64 = self.0.iter().filter(is_far).map(|range| range.runs).sum();
        if accidents * 10.0 >= all {
            return self.clone();
        }
        Self(self.0.iter().filter(|range| !is_far(range)).copied().collect())
    }

    /// In which share of runs it took longer, accidents and all.
    pub fn share_over(&self, seconds: f64) -> f64 {
        let over = self.0.iter().filter(|range| range.high > seconds).map(|range| range.runs).sum::<f64>();
        if over > 0.0 { over / self.runs() } else { 0.0 }
    }

    /// The mean of all.
    pub fn mean(&self) -> Option<f64> {
        let all = self.runs();
        (all > 0.0).then(|| self.0.iter().map(|range| range.middle() * range.runs).sum::<f64>() / all)
    }

    /// So large a part of all took no longer; between two runs where it falls there, as for single ones (type 7 of Hyndman and Fan, 1996).
    pub fn quantile(&self, part: f64) -> Option<f64> {
        let all = self.runs();
        // What has faded is still as many.
        let count = all.max(self.0.len() as f64);
        let mut points: Vec<(f64, f64)> = Vec::new();
        let mut before = 0.0;
        for range in &self.0 {
            let runs = range.runs * count / all;
            if runs > 1.0 {
                points.extend([(before, range.low), (before + runs - 1.0, range.high)]);
            } else {
                points.push((before + (runs - 1.0) / 2.0, range.middle()));
            }
            before += runs;
        }
        let place = part * (count - 1.0);
        let above = points.partition_point(|(at, _)| *at < place);
        match (above.checked_sub(1).and_then(|below| points.get(below)), points.get(above)) {
            (Some((from, low)), Some((to, high))) => {
                Some(low + (high - low) * ((place - from) / (to - from).max(f64::MIN_POSITIVE)))
            }
            (one, other) => one.or(other).map(|(_, seconds)| *seconds),
        }
    }

    /// The ranges as they are written, `58` or `60-64`, each with its runs.
    pub fn each(&self) -> impl Iterator<Item = (String, f64)> {
        self.0
            .iter()
            .map(|Range { low, high, runs }| (if low >= high { low.to_string() } else { format!("{low}-{high}") }, *runs))
    }

    /// A range as it is written.
    fn read(text: &str, runs: f64) -> Option<Range> {
        let (low, high) = text.split_once('-').unwrap_or((text, text));
        let [low, high]: [f64; 2] = [low.parse().ok()?, high.parse().ok()?];
        let can_be = low >= 0.0 && high >= low && high <= super::LONGEST && (0.0..=super::MOST_RUNS).contains(&runs);
        can_be.then_some(Range { low, high, runs })
    }
}

impl FromIterator<f64> for Seen {
    fn from_iter<I: IntoIterator<Item = f64>>(samples: I) -> Self {
        let mut seen = Self::default();
        samples.into_iter().for_each(|seconds| seen.add(seconds, 1.0));
        seen
    }
}

impl Serialize for Seen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (range, runs) in self.each() {
            map.serialize_entry(&range, &runs)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Seen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Ranges;
        impl<'de> Visitor<'de> for Ranges {
            type Value = Seen;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("ranges of seconds, such as `58` or `60-64`, each with its runs")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Seen, A::Error> {
                let mut ranges: Vec<Range> = Vec::new();
                while let Some((text, runs)) = map.next_entry::<String, f64>()? {
                    let range = Seen::read(&text, runs).filter(|range| ranges.last().is_none_or(|last| last.high < range.low));
                    ranges
                        .push(range.ok_or_else(|| {
                            A::Error::custom(format!("`{text}` is no range of seconds behind those before it"))
                        })?);
                }
                Ok(Seen(ranges))
            }
        }
        deserializer.deserialize_map(Ranges)
    }
}

#[cfg(test)]
mod tests {
    use super::Seen;
    use crate::cost::{Spread, Variation};

    fn quantiles(seen: &Seen) -> [f64; 2] {
        [0.5, 0.9].map(|part| seen.quantile(part).unwrap())
    }

    #[test]
    fn quantiles_are_those_of_the_single_runs() {
        for (samples, expected) in [
            (vec![60.0], [60.0, 60.0]),
            (vec![60.0, 600.0], [330.0, 546.0]),
            (vec![60.0, 60.0, 600.0], [60.0, 492.0]),
            (vec![1.0, 2.0, 3.0, 4.0, 5.0], [3.0, 4.6]),
        ] {
            let seen: Seen = samples.into_iter().collect();
            assert!(quantiles(&seen).iter().zip(expected).all(|(one, other)| (one - other).abs() < 1e-9), "{seen:?}");
        }
        assert_eq!(Seen::default().quantile(0.5), None);
    }

    #[test]
    fn few_ranges_tell_nearly_as_much() {
        let (spread, mut variation) = (Spread { p50: 300.0, p90: 390.0, ..Spread::default() }, Variation::new(3));
        let samples: Vec<f64> = (0..2_000).map(|_| spread.at(variation.normal()).round()).collect();
        let mut one_by_one = Seen::default();
        for seconds in &samples {
            one_by_one.add(*seconds, 1.0);
            one_by_one.settle();
        }
        let mut together: Seen = samples.iter().copied().collect();
        together.settle();
        for seen in [one_by_one, together] {
            let [p50, p90] = quantiles(&seen);
            assert!((p50 / 300.0 - 1.0).abs() < 0.03 && (p90 / 390.0 - 1.0).abs() < 0.03, "{p50} {p90} {seen:?}");
            assert!((seen.mean().unwrap() / spread.mean() - 1.0).abs() < 0.03 && seen.0.len() <= super::MOST, "{seen:?}");
        }
    }

    #[test]
    fn accidents_are_left_out_and_what_is_usual_is_not() {
        let of = |usual: usize, far: usize| {
            let samples = (0..usual).map(|at| 100.0 + (at % 7) as f64).chain((0..far).map(|_| 7200.0));
            samples.collect::<Seen>().without_accidents().quantile(1.0).unwrap() > 200.0
        };
        assert_eq!([of(58, 1), of(19, 2), of(18, 2), of(8, 2), of(3, 1)], [false, false, true, true, true]);
    }

    #[test]
    fn a_lone_run_far_from_few_others_is_an_accident() {
        let left = |samples: &[f64]| {
            let seen: Seen = samples.iter().copied().collect();
            let usual = seen.without_accidents();
            (usual.runs(), usual.quantile(0.9).unwrap(), seen.accidents().collect::<Vec<_>>())
        };
        assert_eq!(left(&[60.0, 61.0, 62.0, 63.0, 64.0, 310.0]), (5.0, 63.6, vec![310.0]));
        assert_eq!(left(&[60.0, 60.0, 60.0, 60.0, 60.0, 300.0]), (5.0, 60.0, vec![300.0]));
        // Too few others, not far enough, or not alone.
        for samples in [
            &[60.0, 60.0, 60.0, 60.0, 400.0][..],
            &[60.0, 60.0, 60.0, 60.0, 60.0, 299.0],
            &[60.0, 60.0, 60.0, 60.0, 60.0, 400.0, 410.0],
        ] {
            assert_eq!((left(samples).0, left(samples).2), (samples.len() as f64, vec![]), "{samples:?}");
        }
        // Old or new, they are as many.
        let mut seen: Seen = [60.0, 61.0, 62.0, 63.0, 64.0, 310.0].into_iter().collect();
        seen.fade(0.25);
        assert_eq!(seen.accidents().collect::<Vec<_>>(), [310.0]);
    }

    #[test]
    fn what_is_written_is_read() {
        let mut seen: Seen = [58.0, 60.0, 60.0, 61.5].into_iter().collect();
        seen.fade(0.5);
        let text = serde_json::to_string(&seen).unwrap();
        assert_eq!(text, r#"{"58":0.5,"60":1.0,"61.5":0.5}"#);
        assert_eq!(serde_json::from_str::<Seen>(&text).unwrap(), seen);
        for wrong in [r#"{"60":1,"58":1}"#, r#"{"60-50":1}"#, r#"{"x":1}"#, r#"{"60":-1}"#, r#"{"1e9":1}"#, "[60]"] {
            assert!(serde_json::from_str::<Seen>(wrong).is_err(), "{wrong}");
        }
    }
}
