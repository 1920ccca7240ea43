//! GitHub Actions workflows: the typed model of the whole schema, its printing as YAML, and reading it back.
//!
//! Everything that speaks GitHub's words lies here, and so does all YAML. The way out is
//! [`Workflow`] → [`yaml::Node`] (in the order in which people write keys) → text; the way in is the same backwards. A record of the
//! model is declared once, by [`model`]'s `record!`: its fields, the keys they stand for and their order are one list, from which
//! both the writer and the reader come, so that the two cannot drift apart.
//!
//! Nothing that is read is lost: a key that the schema does not have, or whose value has a form that it does not allow, stays in
//! the `extra` of its record and is written back at the end of it.

mod emit;
pub mod header;
pub mod interface;
mod limits;
pub mod lower;
pub mod model;
pub mod paths;
pub mod provenance;
mod read;
pub mod yaml;

pub use emit::{Emitted, emit};
pub(crate) use limits::is_id;
pub use limits::limits;
pub use lower::lower;
pub use model::{Job, Step, Workflow};
pub use read::read;
