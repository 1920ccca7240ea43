//! YAML to a tree with places and comments. The parser is the crate `saphyr-parser`; it drops comments, which are found between its tokens.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use super::comments::{Comment, comments, token_end};
use super::surrogates::Surrogates;
use super::tree::{Entry, Kind, Tree};
use crate::diagnostics::codes::e0207_said_twice::said_twice;
use crate::diagnostics::codes::e0506_not_a_workflow::{bad_alias, merge_key, not_a_workflow, too_deep};
use crate::diagnostics::codes::w0511_leading_zeros::other_number;
use crate::diagnostics::codes::w0512_comment_for_a_tool::comment_for_a_tool;
use crate::diagnostics::{Diag, Outcome};
use crate::expr::number;
use crate::source::{Source, Span};
use crate::text::Text;

/// Deeper than any workflow; what is made of the tree goes down it by recursion.
const MAX_DEPTH: usize = 64;
/// Values that aliases may add: more is a bomb.
const MAX_COPIES: usize = 100_000;

/// The document of a file; none where it is no YAML.
pub(super) fn read(source: &Source) -> Outcome<Option<Tree>> {
    let mut diags = Vec::new();
    let text = source.text();
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (readable, mut pairs) = Surrogates::new(body);
    let places = Places::new(source, text.len() - body.len(), &readable, &pairs);
    let mut events = Vec::new();
    for event in Parser::new_from_str(&readable) {
        match event {
            Ok((event, span)) => {
                events.push((pairs.put_back(event, span.start.index()), places.of(span.start), places.of(span.end)));
            }
            Err(error) => {
                let at = places.of(*error.marker());
                diags.push(not_a_workflow(&reason(error.info(), source, at), Span::new(at, at)));
                return Outcome { value: None, diags };
            }
        }
    }
    let comments = comments(source, &events);
    diags.extend(comments.iter().filter_map(|comment| for_a_tool(source, comment)));
    let mut builder = Builder {
        source,
        events: events.into_iter().peekable(),
        comments: comments.into_iter().peekable(),
        anchors: HashMap::new(),
        copies: 0,
        exploded: false,
        diags,
    };
    let value = builder.document();
    Outcome { value, diags: builder.diags }
}

/// Says of a comment that another tool reads what becomes of it.
fn for_a_tool(source: &Source, comment: &Comment) -> Option<Diag> {
    const MARK: &str = "zizmor: ignore[";
    let (rule, _) = comment.text.split_once(MARK)?.1.split_once(']')?;
    let start = comment.at + source.text()[source.local(comment.at)..].find(MARK)? as u32;
    let file = source.name().rsplit('/').next().unwrap_or_default();
    Some(comment_for_a_tool(rule, file, Span::new(start, start + (MARK.len() + rule.len() + 1) as u32)))
}

/// What the parser says, in words that a reader of YAML knows.
fn reason(info: &str, source: &Source, at: u32) -> String {
    let local = source.local(at);
    let line = &source.text()[source.line_range(source.line_of(local))];
    if line.trim_start_matches(' ').starts_with('\t') {
        return "a tab stands where YAML wants blanks".to_owned();
    }
    info.to_owned()
}

/// An event of the parser, and the bytes that it stands for.
pub(super) type Spanned<'s> = (Event<'s>, u32, u32);

/// From characters, which the parser counts, to bytes.
struct Places {
    base: u32,
    /// Where each character begins, where they are not all of one byte.
    starts: Option<Vec<u32>>,
}

impl Places {
    fn new(source: &Source, skipped: usize, readable: &str, pairs: &Surrogates<'_>) -> Self {
        let starts = (!readable.is_ascii()).then(|| pairs.starts());
        Self { base: source.base() + skipped as u32, starts }
    }

    fn of(&self, marker: Marker) -> u32 {
        let index = marker.index();
        self.base
            + match &self.starts {
                Some(starts) => starts.get(index).or(starts.last()).copied().unwrap_or(0),
                None => index as u32,
            }
    }
}

struct Builder<'s> {
    source: &'s Source,
    events: std::iter::Peekable<std::vec::IntoIter<Spanned<'s>>>,
    comments: std::iter::Peekable<std::vec::IntoIter<Comment>>,
    /// By the number that the parser gives to an anchor; none while it is open.
    anchors: HashMap<usize, Option<Tree>>,
    copies: usize,
    exploded: bool,
    diags: Vec<Diag>,
}

impl Builder<'_> {
    fn document(&mut self) -> Option<Tree> {
        let mut root = None;
        while let Some((event, start, _)) = self.events.peek() {
            let start = *start;
            match event {
                Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {
                    self.events.next();
                }
                _ if root.is_some() => {
                    self.diags.push(not_a_workflow("a second document begins", Span::new(start, start)));
                    break;
                }
                _ => root = Some(self.value(0)?),
            }
        }
        let mut root = root.unwrap_or_else(|| Tree { span: self.source.span().head(), ..Tree::default() });
        root.tail.extend(std::iter::from_fn(|| self.comments.next()).map(|comment| comment.text));
        Some(root)
    }

    /// The comments before a place.
    fn comments_before(&mut self, at: u32) -> Vec<String> {
        std::iter::from_fn(|| self.comments.next_if(|comment| comment.at < at)).map(|comment| comment.text).collect()
    }

    /// The comment at the end of the line that a place is in, before another place.
    fn comment_behind(&mut self, at: u32, before: u32) -> Option<String> {
        let line = |at: u32| self.source.line_of(self.source.local(at));
        let here = line(at);
        self.comments.next_if(|comment| !comment.own_line && comment.at < before && line(comment.at) == here).map(|it| it.text)
    }

    fn start(&mut self) -> u32 {
        self.events.peek().map_or(self.source.span().end, |(_, start, _)| *start)
    }

    fn value(&mut self, depth: usize) -> Option<Tree> {
        let (event, start, end) = self.events.next()?;
        let end = token_end(self.source, &event, start, end);
        let span = Span::new(start, end);
        if depth > MAX_DEPTH {
            self.diags.push(too_deep(span));
            return None;
        }
        let (kind, anchor) = match event {
            Event::Alias(id) => return Some(self.alias(id, span)),
            Event::Scalar(value, style, anchor, tag) => (self.scalar(&value, style, tag.as_deref(), span), anchor),
            Event::SequenceStart(anchor, _) => {
                self.open(anchor);
                return self.list(anchor, start, depth);
            }
            Event::MappingStart(anchor, _) => {
                self.open(anchor);
                return self.map(anchor, start, depth);
            }
            _ => (Kind::Null, 0),
        };
        Some(self.close(anchor, Tree { kind, span, ..Tree::default() }))
    }

    fn open(&mut self, anchor: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, None);
        }
    }

    fn close(&mut self, anchor: usize, tree: Tree) -> Tree {
        if anchor > 0 {
            let copy = Tree { before: Vec::new(), after: None, ..tree.clone() };
            self.anchors.insert(anchor, Some(copy));
        }
        tree
    }

    fn alias(&mut self, id: usize, span: Span) -> Tree {
        let why = match self.anchors.get(&id) {
            // Once is enough for a bomb.
            Some(_) if self.exploded => return Tree { span, ..Tree::default() },
            Some(Some(tree)) => {
                self.copies += size(tree);
                if self.copies <= MAX_COPIES {
                    return tree.clone();
                }
                self.exploded = true;
                "its copies make the file too large"
            }
            _ => "it is a part of what it stands for",
        };
        self.diags.push(bad_alias(self.source.slice(span).trim(), why, span));
        Tree { span, ..Tree::default() }
    }

    fn list(&mut self, anchor: usize, start: u32, depth: usize) -> Option<Tree> {
        let flow = self.source.slice(Span::new(start, start + 1)) == "[";
        let first = self.start();
        let dash = self.source.text()[..self.source.local(first)].trim_end_matches(' ');
        let left = if dash.ends_with('-') && !flow { self.source.base() + dash.len() as u32 - 1 } else { first };
        let mut items = Vec::new();
        loop {
            let at = self.start();
            if matches!(self.events.peek(), None | Some((Event::SequenceEnd, ..))) {
                let end = self.events.next().map_or(at, |(_, _, end)| end);
                let tail = self.tail(left, at);
                let span = Span::new(start.min(first), end.max(start));
                return Some(self.close(anchor, Tree { kind: Kind::List(items), span, tail, ..Tree::default() }));
            }
            let before = self.comments_before(at);
            let mut item = self.value(depth + 1)?;
            item.before = before;
            item.after = self.behind(&item);
            items.push(item);
        }
    }

    /// The comment at the end of a line that a value ends on.
    fn behind(&mut self, value: &Tree) -> Option<String> {
        let single = !matches!(value.kind, Kind::List(_) | Kind::Map(_));
        let flow = self.source.slice(value.span).starts_with(['[', '{']);
        let next = self.start();
        if single || flow { self.comment_behind(value.span.end.max(1) - u32::from(!value.span.is_empty()), next) } else { None }
    }

    /// Comments that are as deep as the entries above them, which begin at `left`.
    fn tail(&mut self, left: u32, before: u32) -> Vec<String> {
        let source = self.source;
        let column = |at: u32| source.line_column(at).1;
        let deep = |at: u32| column(at) >= column(left);
        std::iter::from_fn(|| self.comments.next_if(|comment| comment.own_line && comment.at < before && deep(comment.at)))
            .map(|comment| comment.text)
            .collect()
    }

    fn map(&mut self, anchor: usize, start: u32, depth: usize) -> Option<Tree> {
        let first = self.start();
        let mut entries: Vec<Entry> = Vec::new();
        let mut seen: HashMap<String, Span> = HashMap::new();
        loop {
            let at = self.start();
            if matches!(self.events.peek(), None | Some((Event::MappingEnd, ..))) {
                let end = self.events.next().map_or(at, |(_, _, end)| end);
                let tail = self.tail(first, at);
                let span = Span::new(start.min(first), end.max(start));
                return Some(self.close(anchor, Tree { kind: Kind::Map(entries), span, tail, ..Tree::default() }));
            }
            let mut before = self.comments_before(at);
            let key = self.value(depth + 1)?;
            let value_at = self.start();
            let mut after = self.comment_behind(key.span.end, value_at);
            let is_scalar = matches!(self.events.peek(), Some((Event::Scalar(..) | Event::Alias(_), ..)));
            if is_scalar {
                // A block scalar begins below its header; a plain one may stand on the line below its key.
                before.extend(self.comments_before(value_at));
            }
            let mut value = self.value(depth + 1)?;
            after = after.or_else(|| self.behind(&value));
            let Some(text) = key.scalar() else {
                self.diags.push(not_a_workflow(&format!("{} stands where a key is wanted", key.noun()), key.span));
                continue;
            };
            if text.as_str() == "<<" {
                self.diags.push(merge_key(key.span));
                continue;
            }
            // GitHub tells keys apart without regard to case.
            if let Some(&earlier) = seen.get(&text.to_ascii_lowercase()) {
                self.diags.push(said_twice(&text, key.span, earlier));
                continue;
            }
            seen.insert(text.to_ascii_lowercase(), key.span);
            value.before = before;
            value.after = after;
            if value.span.is_empty() {
                value.span = key.span;
            }
            entries.push(Entry { key: text, value });
        }
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Kind {
        let is_text = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
        if style == ScalarStyle::Plain && !is_text {
            match value {
                "" | "~" | "null" | "Null" | "NULL" => return Kind::Null,
                "true" | "True" | "TRUE" => return Kind::Bool(true),
                "false" | "False" | "FALSE" => return Kind::Bool(false),
                _ => {}
            }
            if let Some(number) = core_number(value) {
                let digits = value.trim_start_matches(['-', '+']);
                let loses = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
                if loses || value.contains('.') && value.ends_with('0') {
                    self.diags.push(other_number(value, &number, span));
                }
                return Kind::Number(number);
            }
        }
        Kind::Text(located(value, self.source.slice(span), span))
    }
}

fn size(tree: &Tree) -> usize {
    1 + match &tree.kind {
        Kind::List(items) => items.iter().map(size).sum(),
        Kind::Map(entries) => entries.iter().map(|entry| size(&entry.value)).sum::<usize>(),
        _ => 0,
    }
}

/// A number of YAML 1.2's core schema, printed as GitHub prints it: <https://yaml.org/spec/1.2.2/#1032-tag-resolution>.
fn core_number(text: &str) -> Option<String> {
    let radix = |digits: &str, radix| u64::from_str_radix(digits, radix).ok().filter(|_| !digits.starts_with(['+', '-']));
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16).map(|value| value.to_string());
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8).map(|value| value.to_string());
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.bytes().any(|byte| byte.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    let value: f64 = Some(text).filter(|_| plain)?.parse().ok()?;
    Some(number::print(value))
}

/// A value with the places of its bytes: line by line where the parser took indents, line ends and escapes away.
fn located(value: &str, written: &str, span: Span) -> Text {
    let at = |offset: usize| span.start + offset as u32;
    let whole = |from: usize| Text::verbatim(value, Span::new(at(from), at(from + value.len())));
    if written == value {
        return whole(0);
    }
    if written.get(1..1 + value.len()) == Some(value) && written.len() == value.len() + 2 {
        return whole(1);
    }
    let mut text = Text::default();
    let mut rest = value;
    let mut from = 0;
    for line in written.split_inclusive('\n') {
        let content = line.trim_matches([' ', '\t', '\r', '\n', '"', '\'']);
        let start = from + (line.len() - line.trim_start_matches([' ', '\t', '"', '\'']).len());
        from += line.len();
        let Some(found) = rest.find(content).filter(|_| !content.is_empty()) else { continue };
        // What was folded or escaped before it stands somewhere between the two.
        text.push(&rest[..found], Span::new(at(start), at(start)));
        text.push(content, Span::new(at(start), at(start + content.len())));
        rest = &rest[found + content.len()..];
    }
    text.push(rest, Span::new(span.end, span.end));
    text
}
