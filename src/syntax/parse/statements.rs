//! Statements by their rules.

use pest::iterators::Pair;

use super::super::ast::{
    Block, Body, Declaration, Event, ExprText, Item, ItemKind, Kind, Parameter, Quote, Statement, StepBody, Uses, Value, Word,
};
use super::super::hints;
use super::super::symbols::{KEYWORDS, Keyword};
use super::{Builder, Rule, words};
use crate::diagnostics::codes::e0102_malformed_statement::malformed_statement;
use crate::source::Span;
use crate::text::Text;

impl Builder<'_> {
    pub(super) fn statement(&mut self, pair: Pair<'_, Rule>) -> Statement {
        let rule = pair.as_rule();
        let keyword = keyword(rule);
        let start = self.span(&pair).start;
        let word = Span::new(start, start + keyword.word().len() as u32);
        let mut inner = pair.into_inner().peekable();
        let outer = std::mem::replace(&mut self.names, matches!(rule, Rule::on | Rule::runner));
        let kind = match rule {
            Rule::run | Rule::short_run => Kind::Run(self.next_word(&mut inner)),
            Rule::uses => Kind::Uses(self.uses(inner)),
            Rule::step | Rule::short_step => {
                let id = inner.next_if(|pair| pair.as_rule() == Rule::name).map(|pair| self.word(pair));
                let title = inner.next_if(|pair| pair.as_rule() == Rule::string).map(|pair| self.word(pair));
                let when = inner.next_if(|pair| pair.as_rule() == Rule::expr).map(|pair| self.condition_of_step(&pair));
                let body = match inner.next() {
                    Some(pair) if pair.as_rule() == Rule::uses => StepBody::Uses(self.uses(pair.into_inner().peekable())),
                    Some(pair) if pair.as_rule() == Rule::block => StepBody::Block(self.block(pair)),
                    Some(pair) => StepBody::Command(self.word(pair)),
                    None => StepBody::Block(Block::default()),
                };
                Kind::Step { id, title, when, body }
            }
            Rule::job | Rule::short_job => {
                let name = self.next_word(&mut inner);
                let title = inner.next_if(|pair| pair.as_rule() == Rule::string).map(|pair| self.word(pair));
                let body = match inner.next() {
                    Some(pair) if pair.as_rule() == Rule::block => Body::Block(self.block(pair)),
                    Some(pair) => Body::Command(self.word(pair)),
                    None => Body::Block(Block::default()),
                };
                Kind::Job { name, title, body }
            }
            Rule::needs | Rule::wait | Rule::cancel | Rule::detect | Rule::reads | Rule::writes | Rule::keep | Rule::gate => {
                self.list_statement(rule, inner)
            }
            Rule::when | Rule::may_fail => self.condition_statement(rule, inner),
            Rule::optimize if inner.peek().is_some_and(|pair| pair.as_rule() == Rule::expr) => {
                self.condition_statement(rule, inner)
            }
            Rule::on => {
                let mut events = Vec::new();
                while let Some(pair) = inner.next_if(|pair| matches!(pair.as_rule(), Rule::event | Rule::comment)) {
                    events.extend(self.kept(pair).map(|pair| self.event(pair)));
                }
                let branches = inner
                    .next_if(|pair| pair.as_rule() == Rule::texts)
                    .map(|pair| words(pair.into_inner(), self))
                    .unwrap_or_default();
                Kind::On { events, branches, block: inner.next().map(|pair| self.block(pair)) }
            }
            Rule::matrix => match inner.next() {
                Some(pair) if pair.as_rule() == Rule::axis => {
                    let mut inner = pair.into_inner();
                    let name = self.next_word(&mut inner);
                    Kind::Axis { name, values: inner.filter_map(|pair| self.kept(pair).map(|pair| self.value(pair))).collect() }
                }
                Some(pair) if pair.as_rule() == Rule::name && inner.peek().is_some() => {
                    let name = self.word(pair);
                    Kind::Rows { name, rows: self.next_block(&mut inner) }
                }
                Some(pair) if pair.as_rule() == Rule::block => Kind::Plain { values: Vec::new(), block: Some(self.block(pair)) },
                other => Kind::Plain { values: other.map(|pair| self.value(pair)).into_iter().collect(), block: None },
            },
            Rule::input | Rule::secret | Rule::output => self.declaration(rule, inner),
            Rule::let_value => {
                let name = self.next_word(&mut inner);
                let value = self.next_value(&mut inner);
                if let Value::Word(word) = &value {
                    self.no_semicolon(word, "let", &format!("let {} = ", name.text.as_str()));
                }
                Kind::Let { name, value }
            }
            Rule::template | Rule::toolchain_def | Rule::service_def => {
                let name = self.next_word(&mut inner);
                let parameters = inner.next().map(|pair| self.parameters(pair)).unwrap_or_default();
                Kind::Definition { name, parameters, block: self.next_block(&mut inner) }
            }
            Rule::for_loop | Rule::row_for => {
                let name = self.next_word(&mut inner);
                let over = self.next_value(&mut inner);
                Kind::For { name, over, block: self.next_block(&mut inner) }
            }
            Rule::if_block => self.if_block(inner),
            _ => self.plain(rule, inner),
        };
        self.names = outer;
        Statement { keyword, word, kind }
    }

    fn plain<'p>(&mut self, rule: Rule, pairs: impl Iterator<Item = Pair<'p, Rule>>) -> Kind {
        // Where the grammar takes data in the place of a word, that is the value.
        let data = matches!(
            rule,
            Rule::permissions | Rule::concurrency | Rule::runner | Rule::snapshot | Rule::checkout | Rule::secrets
        );
        let (mut values, mut block) = (Vec::new(), None);
        for pair in pairs {
            match pair.as_rule() {
                Rule::block if data && values.is_empty() => values.push(Value::Map(self.block(pair))),
                Rule::block if matches!(rule, Rule::service | Rule::container) => {
                    let mut data = self.block(pair);
                    data.items.iter_mut().for_each(|item| self.entry_of_statement(item));
                    block = Some(data);
                }
                Rule::block | Rule::settings => block = Some(self.block(pair)),
                // `shards N of files "…"`: the patterns follow the number.
                Rule::texts => values.extend(words(pair.into_inner(), self).into_iter().map(Value::Word)),
                _ => values.push(self.value(pair)),
            }
        }
        Kind::Plain { values, block }
    }

    /// Makes an entry of a statement that is nothing but a block, where data is wanted.
    fn entry_of_statement(&mut self, item: &mut Item) {
        let ItemKind::Statement(Statement { keyword, word, kind: Kind::Plain { values, block } }) = &mut item.kind else {
            return;
        };
        let Some(block) = block.take_if(|_| values.is_empty()) else { return };
        let brace = Span::new(block.span.start, block.span.start + 1);
        let diag = malformed_statement(Some(keyword.word()), "{", &[], brace);
        self.diags.push(diag.help("in data a key has its colon before a block too"));
        let key = Word { text: Text::verbatim(keyword.word(), *word), quote: Quote::Bare, span: *word };
        item.kind = ItemKind::Entry { key, value: Some(Value::Map(block)) };
    }

    fn list_statement<'p>(&mut self, rule: Rule, pairs: impl Iterator<Item = Pair<'p, Rule>>) -> Kind {
        let (mut items, mut clauses, mut when) = (Vec::new(), Vec::new(), None);
        for pair in pairs {
            match pair.as_rule() {
                Rule::texts if rule == Rule::gate => clauses.push(("except", words(pair.into_inner(), self))),
                Rule::texts => items = words(pair.into_inner(), self),
                Rule::from => {
                    let texts = pair.into_inner().next().map(Pair::into_inner);
                    clauses.push(("from", texts.map(|texts| words(texts, self)).unwrap_or_default()));
                }
                Rule::merge => clauses.push(("merge", Vec::new())),
                Rule::keep_name => clauses.push(("as", words(pair.into_inner(), self))),
                Rule::keep_for => clauses.push(("for", words(pair.into_inner(), self))),
                Rule::expr => {
                    let of = statement(&pair);
                    when = Some(self.condition_before(&pair, "keep", &["as", "for"], |_, _| hints::keep(of)));
                }
                _ => items.push(self.word(pair)),
            }
        }
        Kind::List { items, clauses, when }
    }

    /// A condition, up to one of the `words`, which begins what it took in; says so there with what `help` makes of the two.
    fn condition_before(
        &mut self,
        pair: &Pair<'_, Rule>,
        subject: &str,
        words: &[&str],
        help: impl Fn(&str, &str) -> Option<String>,
    ) -> ExprText {
        let text = pair.as_str();
        let expr = self.expr(pair);
        let mut parts = hints::words(text).into_iter().skip(1);
        let Some(word) = parts.find(|part| words.contains(part)).filter(|_| !text.contains('\n')) else { return expr };
        let at = word.as_ptr() as usize - text.as_ptr() as usize;
        let behind = text[at..].trim_end();
        if behind == word {
            return expr;
        }
        let span = Span::new(expr.text.source(at..at + word.len()).start, expr.text.source(at..at + word.len()).end);
        let diag = malformed_statement(Some(subject), behind, &[], span);
        self.diags.push(diag.maybe_help(help(text[..at].trim_end(), behind)));
        cut(&expr, at)
    }

    /// The condition of a step, which may have taken in its name.
    fn condition_of_step(&mut self, pair: &Pair<'_, Rule>) -> ExprText {
        let text = pair.as_str().trim_end();
        let expr = self.expr(pair);
        let Some(at) = text.strip_suffix('"').and_then(|text| text.rfind(" \"")).filter(|_| !text.contains('\n')) else {
            return expr;
        };
        let (condition, title) = (text[..at].trim_end(), &text[at + 1..]);
        // Behind an operator it is part of the condition, in quotes of the other kind.
        if condition.ends_with(['=', '<', '>', '&', '|', '!', ',', '(']) {
            return expr;
        }
        let diag = malformed_statement(Some("step"), title, &[], expr.text.source(at + 1..text.len()));
        self.diags.push(diag.help(format!("the name stands before the condition: `step {title} when {condition}: COMMAND`")));
        cut(&expr, at)
    }

    fn condition_statement<'p>(&mut self, rule: Rule, pairs: impl Iterator<Item = Pair<'p, Rule>>) -> Kind {
        let (mut expr, mut block) = (None, None);
        for pair in pairs {
            match pair.as_rule() {
                Rule::expr if rule == Rule::when => {
                    let of = |condition: &str, work: &str| {
                        Some(format!("work that shares a condition stands in braces: `when {condition} {{ {work} }}`"))
                    };
                    expr = Some(self.condition_before(&pair, "when", &["run", "step"], of));
                }
                Rule::expr => expr = Some(self.expr(&pair)),
                Rule::raw => {
                    let word = self.raw(pair);
                    expr = Some(ExprText { text: word.text, raw: Some(word.span) });
                }
                _ => block = Some(self.block(pair)),
            }
        }
        Kind::Condition { expr, block }
    }

    fn uses<'p>(&mut self, mut inner: impl Iterator<Item = Pair<'p, Rule>>) -> Uses {
        let action = self.next_word(&mut inner);
        Uses { action, block: inner.next().map(|pair| self.block(pair)) }
    }

    fn event(&mut self, pair: Pair<'_, Rule>) -> Event {
        let mut inner = pair.into_inner();
        let name = self.next_word(&mut inner);
        let (mut crons, mut zone) = (Vec::new(), None);
        for pair in inner {
            match pair.as_rule() {
                Rule::zone => zone = Some(self.inner_word(pair)),
                _ => crons.push(self.word(pair)),
            }
        }
        Event { name, crons, zone }
    }

    fn declaration<'p>(&mut self, rule: Rule, mut inner: impl Iterator<Item = Pair<'p, Rule>>) -> Kind {
        let name = self.next_word(&mut inner);
        let (mut of_type, mut optional, mut required, mut choices) = (None, false, false, None);
        let (mut value, mut description, mut deprecated) = (None, None, None);
        for pair in inner {
            match pair.as_rule() {
                Rule::name => of_type = Some(self.word(pair)),
                Rule::optional => optional = true,
                Rule::required => required = true,
                Rule::deprecated => deprecated = Some(self.inner_word(pair)),
                Rule::list => choices = Some(self.list(pair)),
                Rule::default => value = Some(self.inner_word(pair)),
                _ if rule == Rule::output && value.is_none() => value = Some(self.word(pair)),
                _ => description = Some(self.word(pair)),
            }
        }
        Kind::Declaration(Declaration { name, of_type, optional, required, choices, value, description, deprecated })
    }

    fn parameters(&mut self, pair: Pair<'_, Rule>) -> Vec<Parameter> {
        pair.into_inner()
            .filter_map(|parameter| {
                let mut inner = self.kept(parameter)?.into_inner();
                let name = self.next_word(&mut inner);
                Some(Parameter { name, default: inner.next().map(|pair| self.value(pair)) })
            })
            .collect()
    }
}

/// The start of an expression.
fn cut(expr: &ExprText, at: usize) -> ExprText {
    let mut text = Text::default();
    text.extend(&expr.text, 0..expr.text[..at].trim_end().len());
    ExprText { text, raw: None }
}

/// The line of the statement that a pair is in.
fn statement<'p>(pair: &Pair<'p, Rule>) -> &'p str {
    let (input, start) = (pair.get_input(), pair.as_span().start());
    let line = input[..start].rfind("keep ").unwrap_or(start);
    input[line..pair.as_span().end()].trim_end()
}

fn keyword(rule: Rule) -> Keyword {
    static TABLE: std::sync::OnceLock<Vec<Keyword>> = std::sync::OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let rules = Rule::all_rules();
        let mut table = vec![Keyword::Run; rules.len() + 1];
        for &rule in rules {
            let name = format!("{rule:?}");
            let name = match name.as_str() {
                "short_run" => "run",
                "short_step" => "step",
                "short_job" => "job",
                "row_for" => "for_loop",
                name => name,
            };
            if let (Some(symbol), Some(entry)) =
                (KEYWORDS.iter().find(|symbol| symbol.rule == name), table.get_mut(rule as usize))
            {
                *entry = symbol.keyword;
            }
        }
        table
    });
    table.get(rule as usize).copied().unwrap_or(Keyword::Run)
}
