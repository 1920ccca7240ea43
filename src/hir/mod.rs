//! The resolved pipeline: names bound, templates and loops expanded, toolchains and services looked up, defaults filled in.
//!
//! Nothing is decided here: what a job costs, where it runs and what it may share is for the plan and its passes.

pub mod checks;
mod chosen;
mod environment;
mod expand;
pub(crate) mod foreign;
mod frame;
pub(crate) mod hashed;
mod job;
pub(crate) mod local;
pub mod lower;
pub(crate) mod machines;
mod pipeline;
pub(crate) mod refs;
pub(crate) mod rows;
pub(crate) mod runs;
pub(crate) mod scripts;
mod spelled;
pub(crate) mod started;
mod step;
pub(crate) mod strangers;
mod unpacked;
mod value;
pub mod visit;
mod without;

pub use frame::{Frame, Origin};
pub use job::{
    CacheLayer, Call, Checkout, Condition, Container, Job, Keep, Matrix, MatrixRow, MayFail, Need, Runner, Secrets, Service,
    Shards, Toolchain, Writes,
};
pub use local::Local;
pub use pipeline::{
    Allow, Alternative, By, Carrier, Concurrency, Defaults, Gate, Input, NamedRunner, Objective, Optimize, Output, Permissions,
    Pipeline, SecretInput, Switch, Target, Trigger,
};
pub use step::{Step, StepKind};
/// The longest matrix that GitHub takes, and so the most shards.
pub const MAX_SHARDS: u32 = 256;

pub use value::{Duration, Map, Money, Size, Value, ValueKind};
