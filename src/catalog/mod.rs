//! Facts about the world outside, as data, each with its source and date; and the standard library of toolchains and services.

pub mod actions;
pub mod audits;
pub mod caching;
pub mod code_inputs;
pub mod commands;
pub mod contexts;
pub mod events;
pub mod index_tokens;
pub mod interface;
mod invocation;
pub mod known_actions;
pub mod left_files;
pub mod left_running;
pub mod library;
mod lines;
pub mod machine_state;
pub mod moved_caches;
pub mod pins;
pub mod publishing;
pub mod runners;
pub mod scopes;
pub mod slim;
pub mod walkers;
pub mod whole_tree;
pub mod zones;
