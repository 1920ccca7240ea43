//! Why things are as they are: a job of a spec, a line of the workflow.

mod job;
mod line;

pub use job::job;
pub use line::{Line, line};
