//! From a file to a compilation: reads the spec, what it imports and what git tracks.

use std::fs::{self, File};
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use pipelay::diagnostics::codes::{e0107_not_utf8, e0108_cannot_read, e0109_file_too_large};
use pipelay::diagnostics::{Diag, merge, nearest};
use pipelay::facts::Facts;
use pipelay::source::{Source, Span};
use pipelay::workflow::header;
use pipelay::{Compilation, Keep, Spec};

use super::facts::facts;
use super::session::Session;
use super::specs::{LEADS_OUT, Target, WORKFLOWS, leads_out, specs_in};

/// The largest spec that is read.
pub(crate) const MAX_FILE: u64 = 16 << 20;

/// A text as it was read, and the places of bytes that are not UTF-8, in it.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) faults: Option<Diag>,
}

/// Compiles the spec of that file. None where it cannot be read, which the session is told.
pub(crate) fn compile(target: &Target, keep: Keep, session: &mut Session) -> Option<Compilation> {
    compile_with(target, keep, session, |_| {})
}

/// The same, with other facts than those on disk.
pub(crate) fn compile_with(
    target: &Target,
    keep: Keep,
    session: &mut Session,
    change: impl FnOnce(&mut Facts),
) -> Option<Compilation> {
    let read = if target.stdin { read_from(std::io::stdin().lock(), &target.path) } else { spec(target) };
    let read = read.map_err(|diag| session.say(diag)).ok()?;
    let spec = Spec { path: target.path.clone(), text: read.text };
    let (mut facts, faults) = facts(target, &spec, session).map_err(|diag| session.say(diag)).ok()?;
    change(&mut facts);
    let mut compilation = pipelay::compile_keeping(keep, &spec, &facts);
    let faults = read.faults.into_iter().map(|fault| (spec.path.clone(), fault)).chain(faults);
    for (path, fault) in faults {
        // The compiler chose where each file lies in the space of positions.
        let base = compilation.sources.iter().find(|source| source.name() == path).map(Source::base);
        compilation.diags.extend(base.map(|base| fault.map_spans(|span| span.shifted(base))));
    }
    compilation.diags = merge(compilation.diags);
    Some(compilation)
}

/// Reads the spec of a target.
fn spec(target: &Target) -> Result<Text, Diag> {
    match &target.at {
        Some(revision) => revision.text(&target.path),
        None => read(&target.file, &target.path),
    }
}

/// Reads a spec that messages call `shown`.
pub(crate) fn read(file: &Path, shown: &str) -> Result<Text, Diag> {
    let read = read_any(file, shown)?;
    if pipelay::is_spec(shown) { Ok(read) } else { Err(e0108_cannot_read::not_a_spec(shown, header::is_ours(&read.text))) }
}

/// Reads a file that messages call `shown`.
pub(crate) fn read_any(file: &Path, shown: &str) -> Result<Text, Diag> {
    let refused = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => e0108_cannot_read::missing(shown, near(file, shown).as_deref()),
        kind => e0108_cannot_read::cannot_read(shown, &why(kind, &error)),
    };
    if leads_out(file, file) {
        return Err(e0108_cannot_read::cannot_read(shown, LEADS_OUT));
    }
    if fs::metadata(file).map_err(refused)?.is_dir() {
        return Err(e0108_cannot_read::directory(shown));
    }
    read_from(File::open(file).map_err(refused)?, shown)
}

/// Reads a stream that messages call `shown`.
pub(crate) fn read_from(stream: impl std::io::Read, shown: &str) -> Result<Text, Diag> {
    let mut bytes = Vec::new();
    let read = stream.take(MAX_FILE + 1).read_to_end(&mut bytes);
    let length = read.map_err(|error| e0108_cannot_read::cannot_read(shown, &why(error.kind(), &error)))?;
    if length as u64 > MAX_FILE {
        return Err(e0109_file_too_large::file_too_large(shown, MAX_FILE));
    }
    Ok(decode(bytes))
}

/// The bytes as text. Each byte that is not UTF-8 becomes a `?`, so that all positions stay what they are.
fn decode(bytes: Vec<u8>) -> Text {
    let wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Text { text, faults: None },
        Err(error) => error.into_bytes(),
    };
    let (mut text, mut places) = (String::with_capacity(bytes.len()), Vec::new());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        let (start, length) = (text.len() as u32, chunk.invalid().len());
        text.extend(std::iter::repeat_n('?', length));
        // Sequences side by side are one place: a file in another alphabet would be nothing but places.
        match places.last_mut() {
            _ if length == 0 => {}
            Some(Span { end, .. }) if *end == start => *end += length as u32,
            _ => places.push(Span::new(start, start + length as u32)),
        }
    }
    Text { text, faults: Some(e0107_not_utf8::not_utf8(&places, wide)) }
}

/// The system's reason in the words of a message, the same on every system where it is a common one.
pub(crate) fn why(kind: ErrorKind, error: &std::io::Error) -> String {
    match kind {
        ErrorKind::PermissionDenied => "permission denied".into(),
        ErrorKind::IsADirectory => "it is a directory".into(),
        ErrorKind::StorageFull => "the disk is full".into(),
        ErrorKind::NotADirectory => "a part of its path is no directory".into(),
        _ => error.to_string(),
    }
}

/// A spec of that name where specs live, or one beside the file whose name is close, as messages would show it.
fn near(file: &Path, shown: &str) -> Option<String> {
    let name = file.file_name()?.to_string_lossy();
    let usual = format!("{WORKFLOWS}/{name}");
    // What is shown is the path from the root.
    let root = file.ancestors().nth(Path::new(shown).components().count());
    if pipelay::is_spec(&usual) && root.is_some_and(|root| root.join(&usual).is_file()) {
        return Some(usual);
    }
    let specs = specs_in(file.parent()?);
    let names: Vec<_> = specs.iter().filter_map(|path| path.file_name()).map(|name| name.to_string_lossy()).collect();
    let near = nearest(&name, names.iter().map(AsRef::as_ref))?;
    Some(shown.strip_suffix(name.as_ref())?.to_owned() + near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_utf8_keep_every_position() {
        let Text { text, faults } = decode(b"a\xff\xfeb\xe2\x82c\xc3\xa9".to_vec());
        assert_eq!(text, "a??b??c\u{e9}");
        let spans: Vec<_> = faults.into_iter().flat_map(|fault| fault.labels).map(|label| label.span).collect();
        assert_eq!(spans, [Span::new(1, 3), Span::new(4, 6)]);
    }

    #[test]
    fn a_stream_that_never_ends_is_refused() {
        let refused = read_from(std::io::repeat(b'a'), "x").err().map(|diag| diag.code.id);
        assert_eq!(refused, Some("E0109"));
    }
}
