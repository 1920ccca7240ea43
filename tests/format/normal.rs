//! A tree as text, without what layout alone decides: places, blank lines, what is on one line, and which spelling of a lone command.

use pipelay::source::Span;
use pipelay::syntax::ast::{
    Block, Body, Condition, ExprText, File, Item, ItemKind, Kind, List, Otherwise, Statement, StepBody, Trivia, Value, Word,
};
use pipelay::syntax::symbols::Keyword;
use pipelay::text::Text;

/// Two files say the same if, and only if, this is the same.
pub(crate) fn of(mut file: File) -> String {
    block(&mut file.body);
    let dump = format!("{file:#?}");
    let mut out = String::new();
    let mut runs = false;
    for line in dump.lines().map(str::trim) {
        runs |= line == "runs: [";
        let layout = ["span:", "inline:", "blank_before:", "word: ", "runs:"].iter().any(|field| line.starts_with(field));
        if !(runs || layout) {
            out.push_str(line);
            out.push('\n');
        }
        runs &= line != "],";
    }
    out
}

fn block(it: &mut Block) {
    it.items.iter_mut().for_each(item);
}

fn item(it: &mut Item) {
    match &mut it.kind {
        ItemKind::Entry { value: Some(it), .. } => value(it),
        ItemKind::Row { block: it, .. } | ItemKind::Setting { block: Some(it), .. } => block(it),
        ItemKind::Call { arguments, .. } => arguments.iter_mut().for_each(|(_, it)| value(it)),
        ItemKind::Statement(it) => kind(&mut it.kind),
        _ => {}
    }
}

fn kind(it: &mut Kind) {
    match it {
        Kind::Plain { values, block: it } => {
            values.iter_mut().for_each(value);
            it.iter_mut().for_each(block);
        }
        Kind::List { when, .. } => when.iter_mut().for_each(expr),
        Kind::Uses(uses) => uses.block.iter_mut().for_each(block),
        Kind::Step { when, body, .. } => {
            when.iter_mut().for_each(expr);
            match body {
                StepBody::Command(command) => *body = StepBody::Block(alone(command)),
                StepBody::Uses(uses) => uses.block.iter_mut().for_each(block),
                StepBody::Block(it) => block(it),
            }
        }
        Kind::Job { body, .. } => match body {
            Body::Command(command) => *body = Body::Block(alone(command)),
            Body::Block(it) => block(it),
        },
        Kind::Condition { expr: when, block: it } => {
            when.iter_mut().for_each(expr);
            it.iter_mut().for_each(block);
        }
        Kind::On { block: it, .. } => it.iter_mut().for_each(block),
        Kind::Axis { values, .. } => values.iter_mut().for_each(value),
        Kind::Rows { rows: it, .. } | Kind::Definition { block: it, .. } => block(it),
        Kind::Declaration(it) => it.choices.iter_mut().for_each(list),
        Kind::Let { value: it, .. } => value(it),
        Kind::For { over, block: it, .. } => {
            value(over);
            block(it);
        }
        Kind::If { condition: test, block: it, otherwise } => {
            condition(test);
            block(it);
            match otherwise {
                Some(Otherwise::If(it)) => item(it),
                Some(Otherwise::Block(it)) => block(it),
                None => {}
            }
        }
        Kind::Run(_) => {}
    }
}

fn value(it: &mut Value) {
    match it {
        Value::List(it) => list(it),
        Value::Map(it) => block(it),
        Value::Word(_) | Value::Lookup(_) => {}
    }
}

fn list(it: &mut List) {
    it.items.iter_mut().for_each(|(_, it)| value(it));
}

/// A block of one command.
fn alone(command: &Word) -> Block {
    let run = Statement { keyword: Keyword::Run, word: Span::default(), kind: Kind::Run(command.clone()) };
    let item = Item { trivia: Trivia::default(), kind: ItemKind::Statement(run), span: Span::default() };
    Block { items: vec![item], ..Block::default() }
}

/// Without the indent of the lines it goes on over.
fn expr(it: &mut ExprText) {
    it.raw = it.raw.map(|_| Span::default());
    let lines: Vec<&str> = it.text.as_str().lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    it.text = Text::verbatim(lines.join("\n"), Span::default());
}

/// `(a || b) || c` is `a || b || c`.
fn condition(it: &mut Condition) {
    match it {
        Condition::Any(parts) => {
            parts.iter_mut().for_each(condition);
            *parts = std::mem::take(parts)
                .into_iter()
                .flat_map(|part| if let Condition::Any(parts) = part { parts } else { vec![part] })
                .collect();
        }
        Condition::All(parts) => {
            parts.iter_mut().for_each(condition);
            *parts = std::mem::take(parts)
                .into_iter()
                .flat_map(|part| if let Condition::All(parts) = part { parts } else { vec![part] })
                .collect();
        }
        Condition::Compare { left, right, .. } => {
            condition(left);
            condition(right);
        }
        Condition::Not(part) => condition(part),
        Condition::Lookup(_) | Condition::Word(_) => {}
    }
}
