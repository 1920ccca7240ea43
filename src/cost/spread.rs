//! Durations that vary.

/// A duration in seconds that varies from run to run: log-normal, as times of builds mostly are, given by two of its quantiles.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Spread {
    /// Half of all runs take no longer.
    pub p50: f64,
    /// Nine of ten take no longer.
    pub p90: f64,
}

/// How many standard deviations the 90th percentile of a normal distribution lies above its middle.
const Z90: f64 = 1.281_551_565_544_6;

/// The same of the 99th.
const Z99: f64 = 2.326_347_874_040_8;

/// Longest over usual, where only a mean is known: 1.3 to 1.5 is normal for jobs of GitHub Actions (costops.dev, 2026-01-31, a rule of practice).
const USUAL_RATIO: f64 = 1.3;

impl Spread {
    /// Always the same.
    pub fn fixed(seconds: f64) -> Self {
        Self { p50: seconds, p90: seconds }
    }

    /// A mean, with the variation that is usual.
    pub fn about(mean: f64) -> Self {
        let sigma = USUAL_RATIO.ln() / Z90;
        let p50 = mean / (sigma * sigma / 2.0).exp();
        Self { p50, p90: p50 * USUAL_RATIO }
    }

    /// From the samples of it that there are; none without any.
    pub fn of(samples: &mut [f64]) -> Option<Self> {
        samples.sort_by(f64::total_cmp);
        Some(Self { p50: quantile(samples, 0.5)?, p90: quantile(samples, 0.9)? })
    }

    /// Its mean.
    pub fn mean(self) -> f64 {
        let sigma = self.sigma();
        self.p50 * (sigma * sigma / 2.0).exp()
    }

    /// The mean of its square.
    pub fn mean_square(self) -> f64 {
        let sigma = self.sigma();
        (self.p50 * sigma.powi(2).exp()).powi(2)
    }

    /// One with that mean and variance: what a sum of several is taken for.
    pub fn with(mean: f64, variance: f64) -> Self {
        if mean <= 0.0 || variance <= 0.0 {
            return Self::fixed(mean.max(0.0));
        }
        let sigma = (variance / (mean * mean)).ln_1p().sqrt();
        let p50 = mean / (sigma * sigma / 2.0).exp();
        Self { p50, p90: p50 * (sigma * Z90).exp() }
    }

    /// Of a hundred runs one takes longer.
    pub fn p99(self) -> f64 {
        self.at(Z99)
    }

    /// What it is so many standard deviations away from its middle.
    pub fn at(self, z: f64) -> f64 {
        self.lognormal().at(z)
    }

    /// The same as what is drawn from many times.
    pub(super) fn lognormal(self) -> Lognormal {
        Lognormal { middle: self.p50, sigma: self.sigma() }
    }

    /// The same, so many times as long.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self { p50: self.p50 * factor, p90: self.p90 * factor }
    }

    /// The standard deviation of its logarithm.
    fn sigma(self) -> f64 {
        // What is said to take no time mostly, and some time now and then, is taken for its longest below.
        if self.p50 > 0.0 && self.p90 > self.p50 { (self.p90 / self.p50).ln() / Z90 } else { 0.0 }
    }

    /// The part of all runs that take no longer than this.
    pub fn share_within(self, seconds: f64) -> f64 {
        if seconds <= 0.0 {
            return 0.0;
        }
        let sigma = self.sigma();
        if sigma == 0.0 {
            return f64::from(u8::from(seconds >= self.p50));
        }
        normal((seconds / self.p50).ln() / sigma)
    }

    /// What two of them are together, each with a weight: the quantiles of the mixture.
    #[must_use]
    pub fn mixed(self, weight: f64, other: Self, other_weight: f64) -> Self {
        let all = weight + other_weight;
        if weight <= 0.0 || other_weight <= 0.0 || self == other {
            return if other_weight > weight { other } else { self };
        }
        let share = |seconds| (self.share_within(seconds) * weight + other.share_within(seconds) * other_weight) / all;
        let quantile = |part: f64| {
            let (mut low, mut high) = (0.0, 4.0 * self.p90.max(other.p90).max(1.0));
            // Halving sixty times is exact to the last bit that is printed.
            for _ in 0..60 {
                let middle = f64::midpoint(low, high);
                if share(middle) < part { low = middle } else { high = middle }
            }
            high
        };
        Self { p50: quantile(0.5), p90: quantile(0.9) }
    }
}

/// A log-normal distribution by its own parameters.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lognormal {
    middle: f64,
    sigma: f64,
}

impl Lognormal {
    /// What it is so many standard deviations away from its middle.
    pub(super) fn at(self, z: f64) -> f64 {
        self.middle * (self.sigma * z).exp()
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
        let spread = Spread { p50: 100.0, p90: 150.0 };
        let mut variation = Variation::new(7);
        let mut drawn: Vec<f64> = (0..20_000).map(|_| spread.at(variation.normal())).collect();
        let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
        let measured = Spread::of(&mut drawn).unwrap();
        assert!((measured.p50 - 100.0).abs() < 1.5 && (measured.p90 - 150.0).abs() < 3.0, "{measured:?}");
        assert!((mean - spread.mean()).abs() < 1.0, "{mean} {}", spread.mean());
        assert!((Spread::about(60.0).mean() - 60.0).abs() < 1e-9);
    }

    #[test]
    fn a_sum_has_the_mean_and_the_variance_of_its_parts() {
        let (one, other) = (Spread { p50: 300.0, p90: 420.0 }, Spread { p50: 60.0, p90: 90.0 });
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
    fn mixtures_lie_between_what_is_mixed_and_keep_what_is_equal() {
        let (short, long) = (Spread { p50: 50.0, p90: 60.0 }, Spread { p50: 100.0, p90: 130.0 });
        let mixed = short.mixed(9.0, long, 1.0);
        assert!(mixed.p50 > 50.0 && mixed.p50 < 55.0 && mixed.p90 > 60.0 && mixed.p90 < 100.0, "{mixed:?}");
        assert_eq!(short.mixed(3.0, short, 5.0), short);
        assert_eq!(short.mixed(1.0, long, 0.0), short);
        assert!(Spread::fixed(0.0).mixed(1.0, long, 2.0).p90 > 100.0);
        let mut samples: Vec<f64> = Vec::new();
        let mut variation = Variation::new(1);
        samples.extend((0..9_000).map(|_| short.at(variation.normal())));
        samples.extend((0..1_000).map(|_| long.at(variation.normal())));
        let drawn = Spread::of(&mut samples).unwrap();
        assert!((drawn.p50 - mixed.p50).abs() < 1.0 && (drawn.p90 - mixed.p90).abs() < 4.0, "{drawn:?} {mixed:?}");
    }
}
