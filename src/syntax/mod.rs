//! Text to syntax tree and back.

pub mod ast;
mod format;
mod hints;
mod layout;
mod lines;
mod parse;
mod recover;
mod short;
mod strings;
pub mod symbols;
pub(crate) mod visit;
pub(crate) mod yaml;

pub use self::format::format;
pub(crate) use self::parse::MAX_DEPTH;
pub use self::visit::words as visit_words;
use crate::diagnostics::Outcome;
use crate::source::Source;

/// The syntax tree of a file. Where the grammar refuses it, the tree of all the statements that are well-formed, and an error for
/// each that is not.
pub fn parse(source: &Source) -> Outcome<ast::File> {
    let (text, base) = (source.text(), source.base());
    let (value, diags) = parse::whole(text, base).unwrap_or_else(|refused| recover::recover(text, base, refused.deep));
    Outcome { value, diags }
}
