//! How many jobs a plan of GitHub's lets run at a time, by whose machines they are on.
//!
//! "Free 20, Pro 40, Team 60, Enterprise 500" on standard machines, of macOS "5, 5, 5, 50", "shared between standard and larger runners"; 1,000 on larger
//! ones (github/docs content/actions/reference/limits.md at 6a4a926b). Of one's own, and of other vendors', GitHub counts none.

use crate::catalog::runners::{Kind, Runner};

/// What a job on a machine counts against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Quota {
    /// The limit of the plan.
    #[default]
    Standard,
    /// That, and the one of macOS.
    Macos,
    /// The limit of larger machines.
    Larger,
    /// None: machines of one's own, or of another vendor.
    Unlimited,
}

impl Quota {
    /// All of them, by place.
    const ALL: [Self; 4] = [Self::Standard, Self::Macos, Self::Larger, Self::Unlimited];

    /// Whether a job on one may have to wait for one on the other.
    pub fn meets(self, other: Self) -> bool {
        let of_plan = |quota| matches!(quota, Self::Standard | Self::Macos);
        of_plan(self) && of_plan(other) || self == Self::Larger && other == Self::Larger
    }

    /// Of a machine of the catalogue.
    pub fn of(runner: &Runner) -> Self {
        match runner.kind {
            Kind::Other(_) => Self::Unlimited,
            _ if runner.os == "macos" => Self::Macos,
            Kind::Standard => Self::Standard,
            Kind::Larger => Self::Larger,
        }
    }
}

/// How many jobs may run at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotas {
    /// On GitHub's standard machines, and on macOS.
    pub standard: usize,
    /// On macOS, of these.
    pub macos: usize,
    /// On larger machines.
    pub larger: usize,
}

impl Default for Quotas {
    /// Of GitHub Free.
    fn default() -> Self {
        Self { standard: 20, macos: 5, larger: 1000 }
    }
}

impl Quotas {
    /// Of the plan that lets so many jobs run at a time: which has more on macOS as well.
    pub fn of_plan(standard: usize) -> Self {
        let usual = Self::default();
        let macos = if standard >= 500 { 50 } else { usual.macos };
        Self { standard: standard.max(1), macos, ..usual }
    }

    /// Whether so many jobs may run at a time, by quota.
    pub fn hold(&self, jobs: &PerQuota<usize>) -> bool {
        self.shares(jobs, |jobs| jobs as f64).into_iter().all(|share| share <= 1.0)
    }

    /// Work over the machines that there are for it, where that is most.
    pub fn spread(&self, work: &PerQuota<f64>) -> f64 {
        self.shares(work, |work| work).into_iter().fold(0.0, f64::max)
    }

    fn shares<T: Copy>(&self, of: &PerQuota<T>, number: impl Fn(T) -> f64) -> [f64; 3] {
        let [standard, macos, larger, _] = of.0.map(number);
        let over = |count: f64, most: usize| count / most.max(1) as f64;
        [over(standard + macos, self.standard), over(macos, self.macos), over(larger, self.larger)]
    }
}

/// Something for each quota.
#[derive(Debug, Clone, Default)]
pub struct PerQuota<T>([T; 4]);

impl<T> PerQuota<T> {
    /// With each quota.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (Quota, &mut T)> {
        Quota::ALL.into_iter().zip(&mut self.0)
    }
}

impl<T> std::ops::Index<Quota> for PerQuota<T> {
    type Output = T;

    fn index(&self, quota: Quota) -> &T {
        &self.0[quota as usize]
    }
}

impl<T> std::ops::IndexMut<Quota> for PerQuota<T> {
    fn index_mut(&mut self, quota: Quota) -> &mut T {
        &mut self.0[quota as usize]
    }
}
