//! The text of a spec, statement by statement. Every byte knows where in the YAML it comes from, so that what is said of the spec can be
//! said of the YAML. The formatter does the rest.

use super::words::{own, raw_quotes, verbatim};
use crate::source::Span;
use crate::text::Text;

/// Blocks up to this width stand on one line.
const WIDTH: usize = 110;

/// A statement or an entry.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// Comments above it, without `#`.
    pub(super) before: Vec<String>,
    /// The comment at its end.
    pub(super) after: Option<String>,
    /// Whether a blank line stands above it.
    pub(super) gap: bool,
    /// Whether it is data, `key: value`: a comma ends it where more follows on its line.
    pub(super) entry: bool,
    /// Its words.
    pub(super) head: Text,
    /// What follows them.
    pub(super) body: Body,
}

/// What follows the words of a statement.
#[derive(Debug, Clone, Default)]
pub(super) enum Body {
    /// Nothing.
    #[default]
    None,
    /// A command to the end of the line: nothing may stand behind it.
    Command(Text),
    /// Lines between raw quotes, as they are written there.
    Raw {
        /// Without a line end behind the last line.
        strip: bool,
        lines: Text,
    },
    /// `{ … }`
    Block(Block),
    /// `[ … ]`, a line for each item; none of them has words.
    List(Block),
}

/// What stands between brackets.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    /// Never on one line.
    pub(super) tall: bool,
    pub(super) lines: Vec<Line>,
    /// Comments after the last one.
    pub(super) tail: Vec<String>,
}

impl Line {
    /// Words, each from where it comes.
    pub(super) fn new(keyword: &str, at: Span) -> Self {
        Self { head: own(keyword, at), ..Self::default() }
    }

    /// With one more word.
    pub(super) fn word(mut self, word: &Text) -> Self {
        if !self.head.is_empty() {
            self.head.push(" ", word.span().head());
        }
        self.head.extend(word, 0..word.len());
        self
    }

    /// With words of the language's own.
    pub(super) fn own(self, words: &str) -> Self {
        let at = self.head.span().tail();
        self.word(&own(words, at))
    }

    /// With something glued to its last word.
    pub(super) fn glue(mut self, text: &str) -> Self {
        let at = self.head.span().tail();
        self.head.push(text, at);
        self
    }

    /// With words between commas.
    pub(super) fn words(mut self, words: &[Text]) -> Self {
        for (index, word) in words.iter().enumerate() {
            if index > 0 {
                self = self.glue(",");
            }
            self = self.word(word);
        }
        self
    }

    pub(super) fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    /// With the comments of what it comes from.
    pub(super) fn comments(mut self, before: &[String], after: Option<&String>) -> Self {
        self.before.extend_from_slice(before);
        self.after = after.cloned().or(self.after);
        self
    }

    pub(super) fn gap(mut self) -> Self {
        self.gap = true;
        self
    }

    /// On one line, where that can be.
    fn flat(&self) -> Option<Text> {
        if !self.before.is_empty() || self.after.is_some() {
            return None;
        }
        let mut out = self.head.clone();
        let glue = |out: &mut Text, text: &str| {
            let at = out.span().tail();
            out.push(text, at);
        };
        let (block, open, is_list, close) = match &self.body {
            Body::None => return Some(out),
            Body::Block(block) => (block, "{ ", false, " }"),
            Body::List(block) => (block, "[", true, "]"),
            Body::Command(_) | Body::Raw { .. } => return None,
        };
        if !block.tail.is_empty() || block.tall && block.lines.len() > 1 {
            return None;
        }
        if !out.is_empty() {
            glue(&mut out, " ");
        }
        glue(&mut out, if block.lines.is_empty() { open.trim() } else { open });
        for (index, line) in block.lines.iter().enumerate() {
            let last = index + 1 == block.lines.len();
            let inner = if last && !is_list { line.flat_command().or_else(|| line.flat())? } else { line.flat()? };
            out.extend(&inner, 0..inner.len());
            let between = if is_list || line.entry { ", " } else { "; " };
            glue(&mut out, if last { "" } else { between });
        }
        glue(&mut out, if block.lines.is_empty() { close.trim() } else { close });
        (out.chars().count() <= WIDTH).then_some(out)
    }

    /// A command as the last statement of a block on one line: a short one, of which no part could be taken for the end of the block.
    fn flat_command(&self) -> Option<Text> {
        let Body::Command(command) = &self.body else { return None };
        let plain = self.before.is_empty() && self.after.is_none() && !command.contains(['{', '}', '#']) && command.len() < WIDTH;
        let mut out = self.head.clone();
        out.push(" ", command.span().head());
        out.extend(command, 0..command.len());
        plain.then_some(out)
    }
}

/// Writes lines, each at an indent.
#[derive(Debug, Default)]
pub(super) struct Writer {
    out: Text,
}

impl Writer {
    /// The spec of these statements.
    pub(super) fn spec(block: &Block) -> Text {
        let mut writer = Self::default();
        writer.block(block, 0, "");
        writer.out
    }

    fn push(&mut self, text: &str) {
        let at = self.out.span().tail();
        self.out.push(text, at);
    }

    fn extend(&mut self, text: &Text) {
        self.out.extend(text, 0..text.len());
    }

    fn comment(&mut self, comment: &str) {
        self.push(if comment.is_empty() { "#" } else { "# " });
        self.push(comment);
    }

    fn block(&mut self, block: &Block, indent: usize, end: &str) {
        for line in &block.lines {
            self.line(line, indent, end);
        }
        if !block.tail.is_empty() && indent == 0 {
            self.push("\n");
        }
        self.comments(&block.tail, indent);
    }

    fn comments(&mut self, comments: &[String], indent: usize) {
        for comment in comments {
            self.push(&" ".repeat(indent));
            self.comment(comment);
            self.push("\n");
        }
    }

    fn line(&mut self, line: &Line, indent: usize, end: &str) {
        if line.gap && !self.out.is_empty() {
            self.push("\n");
        }
        // Behind a command a comment would be part of it.
        let inside = matches!(line.body, Body::Command(_) | Body::Raw { .. });
        self.comments(&line.before, indent);
        if let Some(after) = line.after.as_ref().filter(|_| inside) {
            self.comments(std::slice::from_ref(after), indent);
        }
        self.push(&" ".repeat(indent));
        let bare = Line { before: Vec::new(), after: None, ..line.clone() };
        let flat = bare.flat().filter(|flat| flat.chars().count() + indent <= WIDTH || matches!(line.body, Body::None));
        let after = |writer: &mut Self| {
            if let Some(after) = line.after.as_ref().filter(|_| !inside) {
                writer.push("  ");
                writer.comment(after);
            }
        };
        if let Some(flat) = flat {
            self.extend(&flat);
            self.push(end);
            after(self);
            return self.push("\n");
        }
        self.extend(&line.head);
        if !line.head.is_empty() {
            self.push(" ");
        }
        match &line.body {
            Body::None => {}
            Body::Command(command) => self.extend(&verbatim(command)),
            Body::Raw { strip, lines } => {
                self.raw(lines, *strip, indent);
                self.push(end);
            }
            Body::Block(block) | Body::List(block) => {
                let (open, between, close) = if matches!(line.body, Body::List(_)) { ("[", ",", "]") } else { ("{", "", "}") };
                self.push(open);
                after(self);
                self.push("\n");
                self.block(block, indent + 2, between);
                self.push(&" ".repeat(indent));
                self.push(close);
                self.push(end);
            }
        }
        self.push("\n");
    }

    fn raw(&mut self, lines: &Text, strip: bool, indent: usize) {
        let quotes = raw_quotes(lines);
        self.push(if strip { "-" } else { "" });
        self.push(&quotes);
        self.push("\n");
        let mut at = 0;
        for line in lines.split_inclusive('\n') {
            let content = line.trim_end_matches('\n');
            if !content.is_empty() {
                self.push(&" ".repeat(indent + 2));
            }
            self.out.extend(lines, at..at + content.len());
            self.push("\n");
            at += line.len();
        }
        self.push(&" ".repeat(indent));
        self.push(&quotes);
    }
}
