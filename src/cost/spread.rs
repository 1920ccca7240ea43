//! Durations that vary.

/// A duration in seconds that varies from run to run: log-normal, as times of builds mostly are, given by two of its quantiles; or short in some runs and long in
/// others, where that is what was seen.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Spread {
    /// Half of all runs take no longer.
    pub p50: f64,
    /// Nine of ten take no longer.
    pub p90: f64,
    /// Where it is no log-normal one.
    pub modes: Option<Modes>,
}

/// A duration that is one of three: the shortest first, each with the share of runs in which it is that one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Modes([(f64, f64); 3]);

impl Modes {
    fn mean_of(self, of: impl Fn(f64) -> f64) -> f64 {
        self.0.iter().map(|&(seconds, share)| of(seconds) * share).sum()
    }

    /// What it is in the run that stands at this place among all, from the shortest to the longest.
    fn at(self, place: f64) -> f64 {
        let [(short, shorter), (middle, _), (long, longer)] = self.0;
        if place < shorter {
            short
        } else if place < 1.0 - longer {
            middle
        } else {
            long
        }
    }
}

/// How many standard deviations the 90th percentile of a normal distribution lies above its middle.
const Z90: f64 = 1.281_551_565_544_6;

/// The same of the 99th.
const Z99: f64 = 2.326_347_874_040_8;

/// Longest over usual, where only a mean is known: 1.3 to 1.5 is normal for jobs of GitHub Actions (costops.dev, 2026-01-31, a rule of practice).
const USUAL_RATIO: f64 = 1.3;

/// Means that differ by less are those of the same distribution.
const NEAR: f64 = 0.1;

impl Spread {
    /// A log-normal one, by its quantiles.
    pub fn lognormal(p50: f64, p90: f64) -> Self {
        Self { p50, p90, modes: None }
    }

    /// Always the same.
    pub fn fixed(seconds: f64) -> Self {
        Self::lognormal(seconds, seconds)
    }

    /// A mean, with the variation that is usual.
    pub fn about(mean: f64) -> Self {
        let sigma = USUAL_RATIO.ln() / Z90;
        let p50 = mean / (sigma * sigma / 2.0).exp();
        Self::lognormal(p50, p50 * USUAL_RATIO)
    }

    /// What was seen: its quantiles and its mean. Where no log-normal one of these quantiles has nearly that mean, it was short in some runs and long in others:
    /// a tenth, at least, takes as long as p90 says, or no longer than p10.
    pub fn seen([p10, p50, p90]: [f64; 3], mean: f64) -> Self {
        let usual = Self::lognormal(p50, p90);
        if (mean - usual.mean()).abs() <= NEAR * mean.max(usual.mean()) {
            return usual;
        }
        if mean > p50 && p90 <= p50 || mean <= p50 && p50 <= p10 {
            return usual;
        }
        let modes = if mean > p50 {
            let longer = ((mean - p50) / (p90 - p50)).clamp(0.1, 0.9);
            [(p50, 0.0), (p50, 1.0 - longer), (p90, longer)]
        } else {
            let shorter = ((0.9 * p50 + 0.1 * p90 - mean) / (p50 - p10)).clamp(0.1, 0.8);
            [(p10, shorter), (p50, 0.9 - shorter), (p90, 0.1)]
        };
        Self { modes: Some(Modes(modes)), ..usual }
    }

    /// Its mean.
    pub fn mean(self) -> f64 {
        match self.modes {
            Some(modes) => modes.mean_of(|seconds| seconds),
            None => self.p50 * (self.sigma().powi(2) / 2.0).exp(),
        }
    }

    /// The mean of its square.
    pub fn mean_square(self) -> f64 {
        match self.modes {
            Some(modes) => modes.mean_of(|seconds| seconds * seconds),
            None => (self.p50 * self.sigma().powi(2).exp()).powi(2),
        }
    }

    /// The mean, and the mean of the square, of what is ended after so long: the partial moments of a log-normal distribution.
    pub fn moments_within(self, limit: f64) -> [f64; 2] {
        let sigma = self.sigma();
        if let Some(modes) = self.modes {
            return [1, 2].map(|power| modes.mean_of(|seconds| seconds.min(limit).powi(power)));
        }
        if sigma == 0.0 || limit <= 0.0 {
            return [1, 2].map(|power| self.p50.min(limit.max(0.0)).powi(power));
        }
        let place = (limit / self.p50).ln() / sigma;
        let of = |power: i32, all: f64| all * normal(place - f64::from(power) * sigma) + limit.powi(power) * normal(-place);
        [of(1, self.mean()), of(2, self.mean_square())]
    }

    /// One with that mean and variance: what a sum of several is taken for.
    pub fn with(mean: f64, variance: f64) -> Self {
        if mean <= 0.0 || variance <= 0.0 {
            return Self::fixed(mean.max(0.0));
        }
        let sigma = (variance / (mean * mean)).ln_1p().sqrt();
        let p50 = mean / (sigma * sigma / 2.0).exp();
        Self::lognormal(p50, p50 * (sigma * Z90).exp())
    }

    /// Of a hundred runs one takes longer.
    pub fn p99(self) -> f64 {
        self.at(Z99)
    }

    /// What it is so many standard deviations away from its middle.
    pub fn at(self, z: f64) -> f64 {
        self.drawn().at(z)
    }

    /// So many parts of equal size, from the shortest to the longest, each by its middle.
    pub fn parts(self, count: usize) -> impl Iterator<Item = f64> {
        (0..count).map(move |part| self.at(super::strata::quantile((part as f64 + 0.5) / count as f64)))
    }

    /// The same as what is drawn from many times.
    pub(super) fn drawn(self) -> Drawn {
        match self.modes {
            Some(modes) => Drawn::Modes(modes),
            None => Drawn::Lognormal { middle: self.p50, sigma: self.sigma() },
        }
    }

    /// The same, so many times as long.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        let modes = self.modes.map(|modes| Modes(modes.0.map(|(seconds, share)| (seconds * factor, share))));
        Self { p50: self.p50 * factor, p90: self.p90 * factor, modes }
    }

    /// The standard deviation of its logarithm.
    fn sigma(self) -> f64 {
        if self.p50 > 0.0 && self.p90 > self.p50 { (self.p90 / self.p50).ln() / Z90 } else { 0.0 }
    }

    /// The part of all runs that take no longer than this.
    pub fn share_within(self, seconds: f64) -> f64 {
        if seconds <= 0.0 {
            return 0.0;
        }
        if let Some(modes) = self.modes {
            return modes.mean_of(|own| f64::from(u8::from(own <= seconds)));
        }
        let sigma = self.sigma();
        if sigma == 0.0 {
            return f64::from(u8::from(seconds >= self.p50));
        }
        normal((seconds / self.p50).ln() / sigma)
    }
}

/// A distribution by its own parameters.
#[derive(Debug, Clone, Copy)]
pub(super) enum Drawn {
    Lognormal { middle: f64, sigma: f64 },
    Modes(Modes),
}

impl Drawn {
    /// What it is so many standard deviations away from its middle.
    pub(super) fn at(self, z: f64) -> f64 {
        match self {
            Self::Lognormal { middle, sigma } => middle * (sigma * z).exp(),
            Self::Modes(modes) => modes.at(normal(z)),
        }
    }
}

/// A quantile of sorted samples, between two of them where it falls there.
pub fn quantile(sorted: &[f64], part: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = part * last as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    Some(sorted[below] + (sorted[above] - sorted[below]) * (place - below as f64))
}

/// The distribution function of the standard normal distribution: Abramowitz and Stegun 7.1.26, wrong by 1.5e-7 at most.
fn normal(z: f64) -> f64 {
    let x = z.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let series = t * (0.254_829_592 + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
    let within = 1.0 - series * (-x * x).exp();
    if z < 0.0 { f64::midpoint(1.0, -within) } else { f64::midpoint(1.0, within) }
}

/// Reproducible variation: the same numbers for the same seed, everywhere. `SplitMix64` (Steele, Lea and Flood, 2014).
#[derive(Debug, Clone)]
pub struct Variation(u64);

impl Variation {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Evenly from 0 to 1.
    pub fn even(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// From the standard normal distribution (Box and Muller, 1958).
    pub fn normal(&mut self) -> f64 {
        let (one, two) = (1.0 - self.even(), self.even());
        (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * two).cos()
    }
}

#[cfg(test)]
mod tests {
    use super::{Spread, Variation};

    #[test]
    fn what_is_drawn_has_the_quantiles_and_the_mean_that_were_asked_for() {
        let spread = Spread::lognormal(100.0, 150.0);
        let mut variation = Variation::new(7);
        let mut drawn: Vec<f64> = (0..20_000).map(|_| spread.at(variation.normal())).collect();
        let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
        drawn.sort_by(f64::total_cmp);
        let [p50, p90] = [0.5, 0.9].map(|part| super::quantile(&drawn, part).unwrap());
        assert!((p50 - 100.0).abs() < 1.5 && (p90 - 150.0).abs() < 3.0, "{p50} {p90}");
        assert!((mean - spread.mean()).abs() < 1.0, "{mean} {}", spread.mean());
        assert!((Spread::about(60.0).mean() - 60.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_ended_has_the_mean_of_what_is_drawn() {
        for (spread, limit) in
            [(Spread::about(600.0), 660.0), (Spread::lognormal(100.0, 300.0), 90.0), (Spread::about(60.0), 600.0)]
        {
            let mut variation = Variation::new(3);
            let drawn: Vec<f64> = (0..20_000).map(|_| spread.at(variation.normal()).min(limit)).collect();
            for (power, found) in [1, 2].into_iter().zip(spread.moments_within(limit)) {
                let mean = drawn.iter().map(|seconds| seconds.powi(power)).sum::<f64>() / drawn.len() as f64;
                assert!((found / mean - 1.0).abs() < 0.01, "{found} {mean}");
            }
        }
    }

    #[test]
    fn a_sum_has_the_mean_and_the_variance_of_its_parts() {
        let (one, other) = (Spread::lognormal(300.0, 420.0), Spread::lognormal(60.0, 90.0));
        let variance = |spread: Spread| spread.mean_square() - spread.mean().powi(2);
        let sum = Spread::with(one.mean() + other.mean(), variance(one) + variance(other));
        assert!((sum.mean() - one.mean() - other.mean()).abs() < 1e-6, "{sum:?}");
        assert!((variance(sum) / (variance(one) + variance(other)) - 1.0).abs() < 1e-6, "{sum:?}");
        let mut variation = Variation::new(1);
        let mut drawn: Vec<f64> = (0..20_000).map(|_| one.at(variation.normal()) + other.at(variation.normal())).collect();
        drawn.sort_by(f64::total_cmp);
        let p99 = super::quantile(&drawn, 0.99).unwrap();
        assert!((sum.p99() / p99 - 1.0).abs() < 0.03, "{} {p99}", sum.p99());
        assert!((Spread::with(90.0, 0.0).p99() - 90.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_short_or_long_has_the_mean_that_was_seen() {
        for (quantiles, mean, is_two) in [
            ([1.0, 1.0, 240.0], 48.8, true),
            ([0.0, 0.0, 120.0], 54.0, true),
            ([1.0, 120.0, 120.0], 66.5, true),
            ([10.0, 300.0, 600.0], 251.0, true),
            ([80.0, 100.0, 130.0], 104.0, false),
            ([100.0, 100.0, 100.0], 100.0, false),
            ([0.0, 0.0, 0.0], 0.0, false),
        ] {
            let spread = Spread::seen(quantiles, mean);
            assert_eq!(spread.modes.is_some(), is_two, "{spread:?}");
            let mut variation = Variation::new(5);
            let drawn: Vec<f64> = (0..20_000).map(|_| spread.at(variation.normal())).collect();
            let of_drawn = drawn.iter().sum::<f64>() / drawn.len() as f64;
            assert!((of_drawn - mean).abs() <= mean * 0.03, "{spread:?} {of_drawn}");
            let within = drawn.iter().filter(|seconds| **seconds <= 100.0).count() as f64 / drawn.len() as f64;
            assert!((spread.share_within(100.0) - within).abs() < 0.01, "{spread:?} {within}");
            let square = drawn.iter().map(|seconds| seconds * seconds).sum::<f64>() / drawn.len() as f64;
            assert!((spread.mean_square() - square).abs() <= square * 0.05, "{spread:?} {square}");
            let slowest = drawn.iter().copied().fold(0.0, f64::max);
            assert!(!is_two || (slowest - quantiles[2]).abs() < 1e-9, "{spread:?} {slowest}");
            assert!((spread.times(2.0).mean() - 2.0 * spread.mean()).abs() < 1e-9 && spread.moments_within(1.0)[0] <= 1.0);
        }
    }
}
