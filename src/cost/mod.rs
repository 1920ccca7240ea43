//! The one model of time and money: what a plan takes and costs, for those who read `pipelay plan` and for the passes that choose between plans.
//!
//! [`mod@model`] says what each job of a plan does for how long, on which machine, and on what evidence; [`mod@simulate`] plays one run of it, event by
//! event; [`mod@estimate`] plays many. Times are in seconds, money is in US dollars.

pub mod assume;
pub mod auto;
mod broken;
pub mod compare;
mod conditions;
mod elapsed;
pub mod estimate;
pub mod event;
mod evidence;
mod failures;
mod guards;
mod known;
pub mod machine;
pub mod model;
mod parts;
pub mod quota;
pub mod report;
pub mod show;
pub mod simulate;
mod spared;
mod spread;
mod strata;
pub mod suggest;
pub mod timeline;
mod unsaid;

pub use broken::Broken;
pub use elapsed::{Beside, Elapsed, shared};
pub use estimate::{Estimate, estimate};
pub(crate) use evidence::curve;
pub use failures::{Behind, Failures};
pub use known::Evidence;
pub use machine::{Machine, Resources};
pub use model::{Job, Leg, Model, On, Part, PartKind, model};
pub use quota::{PerQuota, Quota, Quotas};
pub use simulate::{Run, Slot, Takes, simulate};
pub(crate) use spared::balance;
pub use spread::{Spread, Variation, quantile};
pub use unsaid::in_shard;
