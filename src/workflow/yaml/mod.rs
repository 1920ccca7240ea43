//! YAML: a tree that can carry comments, its printing, and the rules for when a string needs quotes.
//!
//! Printing is ours, since comments, order and block style are what a reviewer sees. What is printed reads the same under YAML
//! 1.1 and 1.2; where the two differ (`no`, `0755`, `1:30`), strings are quoted.

mod block;
mod from_text;
mod node;
mod print;
mod quote;
mod resolve;

pub use from_text::parse;
pub use node::{Gap, Kind, Map, Node};
pub use print::{Printed, print, print_below};
