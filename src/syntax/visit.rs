//! Walks over every word of a tree.

use super::ast::{Block, Body, Condition, File, Item, ItemKind, Kind, Otherwise, Statement, StepBody, Uses, Value, Word};

/// Calls `see` with every word, in no particular order, and whether it is a command.
pub fn words<'t>(file: &'t File, see: &mut dyn FnMut(&'t Word, bool)) {
    block_words(&file.body, see);
}

/// The same with every word of a block.
pub(crate) fn block_words<'t>(block: &'t Block, see: &mut dyn FnMut(&'t Word, bool)) {
    for item in &block.items {
        item_words(item, see);
    }
}

/// The same with every word of a value.
pub(crate) fn value_words<'t>(it: &'t Value, see: &mut dyn FnMut(&'t Word, bool)) {
    value(it, see);
}

/// Calls `see` with every statement of a block, at any depth.
pub(crate) fn statements<'t>(block: &'t Block, see: &mut dyn FnMut(&'t Statement)) {
    block.items.iter().for_each(|item| item_statements(item, see));
}

fn item_statements<'t>(item: &'t Item, see: &mut dyn FnMut(&'t Statement)) {
    let statement = match &item.kind {
        ItemKind::Statement(statement) => statement,
        ItemKind::Row { block, .. }
        | ItemKind::Setting { block: Some(block), .. }
        | ItemKind::Entry { value: Some(Value::Map(block)), .. } => return statements(block, see),
        _ => return,
    };
    see(statement);
    match &statement.kind {
        Kind::If { block, otherwise, .. } => {
            statements(block, see);
            match otherwise {
                Some(Otherwise::If(item)) => item_statements(item, see),
                Some(Otherwise::Block(block)) => statements(block, see),
                None => {}
            }
        }
        Kind::For { block, .. }
        | Kind::Plain { block: Some(block), .. }
        | Kind::Condition { block: Some(block), .. }
        | Kind::On { block: Some(block), .. }
        | Kind::Rows { rows: block, .. }
        | Kind::Definition { block, .. }
        | Kind::Step { body: StepBody::Block(block), .. }
        | Kind::Job { body: Body::Block(block), .. }
        | Kind::Uses(Uses { block: Some(block), .. })
        | Kind::Step { body: StepBody::Uses(Uses { block: Some(block), .. }), .. } => statements(block, see),
        _ => {}
    }
}

fn item_words<'t>(item: &'t Item, see: &mut dyn FnMut(&'t Word, bool)) {
    match &item.kind {
        ItemKind::Entry { key, value: entry } => {
            see(key, false);
            entry.iter().for_each(|entry| value(entry, see));
        }
        ItemKind::Row { value, block } => {
            see(value, false);
            block_words(block, see);
        }
        ItemKind::Setting { name, words: all, block } => {
            see(name, false);
            all.iter().for_each(|word| see(word, false));
            block.iter().for_each(|block| block_words(block, see));
        }
        ItemKind::Call { name, arguments } => {
            see(name, false);
            arguments.iter().for_each(|(_, argument)| value(argument, see));
        }
        ItemKind::Statement(statement) => kind(&statement.kind, see),
    }
}

fn kind<'t>(kind: &'t Kind, see: &mut dyn FnMut(&'t Word, bool)) {
    let uses = |uses: &'t Uses, see: &mut dyn FnMut(&'t Word, bool)| {
        see(&uses.action, false);
        uses.block.iter().for_each(|block| block_words(block, see));
    };
    match kind {
        Kind::Plain { values, block } => {
            values.iter().for_each(|each| value(each, see));
            block.iter().for_each(|block| block_words(block, see));
        }
        Kind::List { items, clauses, .. } => {
            items.iter().chain(clauses.iter().flat_map(|(_, words)| words)).for_each(|word| see(word, false));
        }
        Kind::Run(command) => see(command, true),
        Kind::Uses(it) => uses(it, see),
        Kind::Step { id, title, body, .. } => {
            id.iter().chain(title).for_each(|word| see(word, false));
            match body {
                StepBody::Command(command) => see(command, true),
                StepBody::Uses(it) => uses(it, see),
                StepBody::Block(block) => block_words(block, see),
            }
        }
        Kind::Job { name, title, body } => {
            std::iter::once(name).chain(title).for_each(|word| see(word, false));
            match body {
                Body::Command(command) => see(command, true),
                Body::Block(block) => block_words(block, see),
            }
        }
        Kind::Condition { block, .. } => block.iter().for_each(|block| block_words(block, see)),
        Kind::On { events, branches, block } => {
            events
                .iter()
                .flat_map(|event| event.crons.iter().chain(&event.zone).chain([&event.name]))
                .for_each(|word| see(word, false));
            branches.iter().for_each(|word| see(word, false));
            block.iter().for_each(|block| block_words(block, see));
        }
        Kind::Axis { name, values } => {
            see(name, false);
            values.iter().for_each(|each| value(each, see));
        }
        Kind::Rows { name, rows: block } | Kind::Definition { name, block, .. } => {
            see(name, false);
            block_words(block, see);
        }
        Kind::Declaration(declaration) => {
            let parts = [&declaration.of_type, &declaration.value, &declaration.description];
            std::iter::once(&declaration.name).chain(parts.into_iter().flatten()).for_each(|word| see(word, false));
            declaration.choices.iter().flat_map(|list| &list.items).for_each(|(_, each)| value(each, see));
        }
        Kind::Let { name, value: it } => {
            see(name, false);
            value(it, see);
        }
        Kind::For { name, over, block } => {
            see(name, false);
            value(over, see);
            block_words(block, see);
        }
        Kind::If { condition: test, block, otherwise } => {
            condition(test, see);
            block_words(block, see);
            match otherwise {
                Some(Otherwise::If(item)) => item_words(item, see),
                Some(Otherwise::Block(block)) => block_words(block, see),
                None => {}
            }
        }
    }
}

fn value<'t>(it: &'t Value, see: &mut dyn FnMut(&'t Word, bool)) {
    match it {
        Value::Word(word) => see(word, false),
        Value::List(list) => list.items.iter().for_each(|(_, each)| value(each, see)),
        Value::Map(block) => block_words(block, see),
        Value::Lookup(lookup) => lookup.arguments.iter().for_each(|word| see(word, false)),
    }
}

fn condition<'t>(it: &'t Condition, see: &mut dyn FnMut(&'t Word, bool)) {
    match it {
        Condition::Any(parts) | Condition::All(parts) => parts.iter().for_each(|part| condition(part, see)),
        Condition::Compare { left, right, .. } => {
            condition(left, see);
            condition(right, see);
        }
        Condition::Not(part) => condition(part, see),
        Condition::Lookup(lookup) => lookup.arguments.iter().for_each(|word| see(word, false)),
        Condition::Word(word) => see(word, false),
    }
}
