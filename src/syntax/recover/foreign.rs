//! Lines that mean something in YAML, a shell or another language, and nothing in a spec.

use std::ops::Range;

use super::super::hints::{self, first_line, word_of};
use super::super::layout::Piece;
use super::super::lines;
use super::super::{symbols, yaml};
use super::{MAX_ERRORS, Recovery};
use crate::diagnostics::codes::e0102_malformed_statement::malformed_statement;
use crate::diagnostics::codes::e0103_unclosed_block::{block_of_nothing, opener_alone};
use crate::diagnostics::codes::{e0106_unclosed_raw, e0114_yaml};

impl Recovery<'_> {
    /// Says so where YAML begins, and how many pieces belong to it: `key:` with deeper lines, items with `-`, `---`.
    pub(super) fn foreign(&mut self, pieces: &[Piece]) -> usize {
        let Some(piece) = pieces.first().filter(|piece| !piece.stray) else { return 0 };
        let head = first_line(&self.text[piece.range.clone()]);
        let start = piece.range.start;
        let is_item = |piece: &Piece| matches!(self.text[piece.range.clone()].as_bytes(), [b'-'] | [b'-', b' ' | b'\t', ..]);
        let deeper = pieces[1..].iter().take_while(|next| next.indent > piece.indent).count();
        if matches!(head, "---" | "...") {
            self.report(e0114_yaml::marker(head, self.span(start..start + 3)));
            return 1;
        }
        if is_item(piece) {
            let items =
                pieces[1..].iter().take_while(|next| next.indent > piece.indent || next.indent == piece.indent && is_item(next));
            let taken = 1 + items.count();
            self.report(e0114_yaml::dash(&hints::of_item(head[1..].trim()), self.span(start..start + 1)));
            return taken;
        }
        // `job a` and `{` on the next line.
        if let Some(next) = pieces.get(1).filter(|next| first_line(&self.text[next.range.clone()]).trim_end() == "{")
            && symbols::by_word(word_of(head)).next().is_some()
            && !head.trim_end().ends_with('{')
        {
            let brace = next.range.start;
            self.report(opener_alone(self.span(brace..brace + 1), self.span(start..start + head.trim_end().len()).tail()));
            return 2;
        }
        if head.trim_end() == "{" {
            self.report(block_of_nothing(self.span(start..start + 1)));
            return 1;
        }
        if let Some(taken) =
            self.here_document(pieces).or_else(|| self.command_over_lines(pieces)).or_else(|| self.text_behind_quotes(pieces))
        {
            return taken;
        }
        let before_colon = head.strip_suffix(" {").unwrap_or(head).trim_end().strip_suffix(':').unwrap_or_default();
        let of_job = before_colon.starts_with("job ") || before_colon.starts_with("step ");
        if of_job && head.ends_with('{') && piece.orphans.is_some() {
            let colon = start + before_colon.len();
            let diag = malformed_statement(Some(word_of(head)), ": {", &[], self.span(colon..colon + 1));
            self.report(diag.help(format!("a block has no colon before it: `{before_colon} {{`")));
            return 1;
        }
        let below = piece.orphans.clone().or_else(|| (deeper > 0).then(|| pieces[1].range.start..pieces[deeper].range.end));
        let scalar = head.trim_end().trim_end_matches(['-', '+']).trim_end_matches(['|', '>']).trim_end();
        let scalar = scalar.strip_suffix(" {").or(scalar.strip_suffix(" ```")).filter(|rest| *rest == "run").unwrap_or(scalar);
        let of_command = scalar.strip_prefix("run").is_some_and(|rest| matches!(rest, "" | ":"));
        let of_head = ["job ", "step "].iter().any(|word| scalar.starts_with(word)) && scalar.ends_with(':') && scalar != head;
        if let (true, Some(below)) = (of_command || of_head, below.clone()) {
            let first = below.start..below.start + first_line(&self.text[below]).trim_end().len();
            let written = if of_head { scalar } else { "run" };
            let head = self.span(start..start + head.trim_end().len());
            self.report(e0114_yaml::lines_of_command(written, head, self.span(first)));
            return 1 + deeper;
        }
        if let (true, Some(below)) = (hints::is_action(head), below.clone()) {
            let input = first_line(&self.text[below.clone()]).trim_end();
            if (input.contains(": ") || input.ends_with(':')) && yaml::instead_of(word_of(input), None).is_none() {
                let first = below.start..below.start + input.len();
                self.report(e0114_yaml::lines_of_uses(
                    head.trim_end(),
                    input,
                    self.span(start..start + head.len()),
                    self.span(first),
                ));
                return 1 + deeper;
            }
        }
        if let (true, Some(below)) = (of_job && head.ends_with(':'), below.clone()) {
            let first = below.start..below.start + first_line(&self.text[below]).trim_end().len();
            let help = format!("write `{before_colon} {{`, the lines, and `}}` on a line of its own");
            self.report(e0114_yaml::indented_block(before_colon, help, self.span(start..start + head.len()), self.span(first)));
            return 1 + deeper;
        }
        let key = head.strip_suffix(':').filter(|key| !key.is_empty() && !key.contains([' ', '\t', '"', '\'', '{', '(']));
        let (Some(key), Some(below)) = (key, below) else { return 0 };
        let usage = symbols::by_word(key).next().map(|symbol| format!("write `{}`", symbol.usage));
        let help = yaml::instead_of(key, None).map(str::to_owned).or(usage);
        let help = help.unwrap_or_else(|| format!("data is written `{key}: {{ KEY: VALUE }}`, a list `{key}: [a, b]`"));
        let first = below.start..below.start + first_line(&self.text[below]).trim_end().len();
        self.report(e0114_yaml::indented_block(key, help, self.span(start..start + head.len()), self.span(first)));
        1 + deeper
    }

    /// Says so where a command takes the lines below for its input, as a shell does; how many pieces these are.
    fn here_document(&mut self, pieces: &[Piece]) -> Option<usize> {
        let (piece, more) = pieces.split_first()?;
        let text = &self.text[piece.range.clone()];
        let end = Some(text).filter(|text| lines::is_command(text)).and_then(hints::here_document)?;
        let last = more.iter().take(MAX_ERRORS).position(|next| self.text[next.range.clone()].trim() == end)?;
        let head = text.split("<<").next().unwrap_or_default();
        let written = word_of(head).to_owned();
        let written = if written == "run" { written } else { head.split_inclusive(':').next().unwrap_or_default().to_owned() };
        let below = self.text[more[0].range.clone()].lines().next().map_or(0, str::len);
        let (at, first) = (self.span(piece.range.clone()), self.span(more[0].range.start..more[0].range.start + below));
        self.report(e0114_yaml::lines_of_command(&written, at, first));
        Some(2 + last)
    }

    /// Says so where a command on one line goes on over the next ones without a `\`; how many pieces these are.
    fn command_over_lines(&mut self, pieces: &[Piece]) -> Option<usize> {
        let (piece, more) = pieces.split_first()?;
        let head = Some(self.text[piece.range.clone()].trim_end()).filter(|text| lines::is_command(text))?;
        let open = hints::goes_on(hints::command_of(head));
        let goes_on = |range: &Range<usize>| hints::goes_on_before(&self.text[range.clone()]);
        // Behind an argument all deeper lines are more of them: `.` at the end of `docker build`.
        let open_below = open || more.first().is_some_and(|next| goes_on(&next.range));
        let belongs =
            |next: &&Piece| goes_on(&next.range) || open_below && next.indent > piece.indent && next.indent < usize::MAX;
        let taken = more.iter().take_while(belongs).count();
        let orphans = piece.orphans.clone().filter(|orphans| open || goes_on(orphans));
        let below = orphans.or_else(|| more[..taken].first().map(|next| next.range.clone()));
        if !open && below.is_none() {
            return None;
        }
        let below = below.map(|below| self.span(below.start..below.start + first_line(&self.text[below]).trim_end().len()));
        let end = piece.range.start + head.len();
        self.report(e0114_yaml::command_over_lines(word_of(head), self.span(end..end), below));
        Some(1 + taken)
    }

    /// Says so where the text of a raw block begins on the line of its quotes; how many pieces lie before those that close it.
    fn text_behind_quotes(&mut self, pieces: &[Piece]) -> Option<usize> {
        let (piece, more) = pieces.split_first()?;
        let text = &self.text[piece.range.clone()];
        let at = piece.range.start + Some(text).filter(|text| lines::is_command(text))?.find("\"\"\"")?;
        let closes = |range: &Range<usize>| self.text[range.clone()].lines().last().is_some_and(|line| line.trim() == "\"\"\"");
        let taken = match &piece.orphans {
            Some(orphans) => closes(orphans).then_some(0)?,
            None => 1 + more.iter().take(MAX_ERRORS).position(|next| closes(&next.range))?,
        };
        self.report(e0106_unclosed_raw::text_behind_quotes(self.span(at..at + 3)));
        Some(1 + taken)
    }
}
