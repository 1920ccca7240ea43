//! Numbers that are drawn so that of many runs each has its own share of all that may come: as few as there are, they have the means that are asked for
//! (stratified sampling; Cochran, Sampling Techniques, chapter 5).

use super::Variation;

/// One of so many runs that are played.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) at: usize,
    pub(super) of: usize,
}

impl Place {
    /// Evenly from 0 to 1: each run has a share of that of its own, which one follows from the key, and is another one for each.
    pub(super) fn even(self, key: u64) -> f64 {
        let mut variation = Variation::new(key ^ (self.at as u64).rotate_left(32));
        (shuffled(self.at as u64, self.of.max(1) as u64, key) as f64 + variation.even()) / self.of.max(1) as f64
    }

    /// The same, from the standard normal distribution.
    pub(super) fn normal(self, key: u64) -> f64 {
        quantile(self.even(key))
    }
}

/// Where a number below `of` comes in an order that follows from a key. Each step can be undone, so that no two come to the same place; what falls outside goes
/// on until it is inside (cycle walking; Black and Rogaway, 2002).
fn shuffled(at: u64, of: u64, key: u64) -> u64 {
    let bits = u64::BITS - of.saturating_sub(1).leading_zeros();
    let mask = if bits == 0 { 0 } else { u64::MAX >> (u64::BITS - bits) };
    let mut place = at;
    loop {
        let mut more = key;
        for _ in 0..3 {
            more = more.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(0x9e37_79b9_7f4a_7c15);
            place = (place ^ (more >> 32)) & mask;
            place = place.wrapping_mul(more | 1) & mask;
            place ^= place >> (bits / 2).max(1);
        }
        if place < of {
            return place;
        }
    }
}

/// The quantile function of the standard normal distribution, wrong by 1.2e-9 of it at most (Acklam, 2003).
pub(super) fn quantile(part: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 6] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
        1.0,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 5] = [7.784_695_709_041_462e-3, 3.224_671_290_700_398e-1, 2.445_134_137_142_996, 3.754_408_661_907_416, 1.0];
    const LOW: f64 = 0.024_25;
    let polynomial = |of: &[f64], x: f64| of.iter().fold(0.0, |sum, factor| sum * x + factor);
    let tail = |part: f64| {
        let x = (-2.0 * part.max(f64::MIN_POSITIVE).ln()).sqrt();
        polynomial(&C, x) / polynomial(&D, x)
    };
    if part < LOW {
        tail(part)
    } else if part > 1.0 - LOW {
        -tail(1.0 - part)
    } else {
        let (x, square) = (part - 0.5, (part - 0.5) * (part - 0.5));
        x * polynomial(&A, square) / polynomial(&B, square)
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, quantile, shuffled};
    use std::collections::BTreeSet;

    #[test]
    fn each_has_a_place_of_its_own() {
        for of in [1, 2, 3, 7, 40, 200, 400] {
            for key in [0, 1, 0xdead_beef, u64::MAX] {
                let places: BTreeSet<u64> = (0..of).map(|at| shuffled(at, of, key)).collect();
                assert_eq!(places.into_iter().collect::<Vec<_>>(), (0..of).collect::<Vec<_>>());
            }
        }
        assert_ne!(
            (0..40).map(|at| shuffled(at, 40, 1)).collect::<Vec<_>>(),
            (0..40).map(|at| shuffled(at, 40, 2)).collect::<Vec<_>>()
        );
    }

    #[test]
    fn shares_are_met_and_two_have_nothing_to_do_with_each_other() {
        for (of, share) in [(40, 0.5), (400, 0.3), (400, 0.02)] {
            let met = (0..of).filter(|&at| Place { at, of }.even(7) < share).count() as f64 / of as f64;
            assert!((met - share).abs() <= 1.0 / of as f64, "{of} {share} {met}");
        }
        let worst = (0..200u64).map(|key| {
            let product = |at: usize| Place { at, of: 400 }.normal(key) * Place { at, of: 400 }.normal(key + 1000);
            ((0..400).map(product).sum::<f64>() / 400.0).abs()
        });
        // Four standard deviations of what chance would have.
        let worst = worst.fold(0.0, f64::max);
        assert!(worst < 4.0 / 20.0, "{worst}");
    }

    #[test]
    fn normal_quantiles_are_the_known_ones() {
        for (part, z) in [
            (0.5, 0.0),
            (0.9, 1.281_551_565_545),
            (0.99, 2.326_347_874_041),
            (0.001, -3.090_232_306_168),
            (0.02, -2.053_748_910_632),
        ] {
            assert!((quantile(part) - z).abs() < 1e-7, "{part} {}", quantile(part));
        }
    }
}
