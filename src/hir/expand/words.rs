//! Words that are called like a name of compile time: without `%{}` they are nothing but their text.

use std::rc::Rc;

use super::super::Value;
use super::{Definition, Expander, Scope};
use crate::diagnostics::codes::e0203_wrong_arguments::equals_in_an_argument;
use crate::diagnostics::codes::e0214_word_for_a_name::{braces_like_a_name, text_like_a_name};
use crate::syntax::ast::{self, Kind, Quote, Statement, Word};
use crate::syntax::symbols::Keyword;

impl Expander<'_> {
    /// Refuses the words of a statement that can hardly mean themselves: a folder that git does not track, a machine, an image, an
    /// axis, a version.
    pub(super) fn words_of(&self, statement: &Statement, scope: &Scope) {
        let is_folder = |word: &Word| {
            let tracked = self.facts.tracked.iter().flatten();
            tracked.filter_map(|path| path.strip_prefix(word.text.as_str())).any(|rest| rest.starts_with('/'))
        };
        let is_of_a_loop = |word: &Word| !self.constants.borrow().contains_key(word.text.as_str());
        match (&statement.kind, statement.keyword) {
            (Kind::Axis { values, .. }, _) => {
                for word in values.iter().filter_map(as_word) {
                    self.is_name(word, scope);
                }
            }
            (Kind::Plain { values, .. }, Keyword::Toolchain | Keyword::Service) => {
                if let Some(version) = values.get(1).and_then(as_word) {
                    self.is_name(version, scope);
                }
            }
            // An environment or a path may well be called like a constant; what loops and templates name is there for them alone.
            (Kind::Plain { values, .. }, Keyword::Environment) => {
                values.first().and_then(as_word).filter(|word| is_of_a_loop(word)).map(|word| self.is_name(word, scope));
            }
            (Kind::List { items, .. }, Keyword::Reads | Keyword::Writes) => {
                for word in items.iter().filter(|word| is_of_a_loop(word) && !is_folder(word)) {
                    self.is_name(word, scope);
                }
            }
            (Kind::Plain { values, .. }, Keyword::In | Keyword::Runner | Keyword::Container) => {
                if let Some(word) = values.first().and_then(as_word)
                    && (statement.keyword != Keyword::In || !is_folder(word))
                {
                    self.is_name(word, scope);
                }
            }
            _ => {}
        }
    }

    /// Refuses a bare word that something is called like, and says whether it was one.
    pub(in crate::hir) fn is_name(&self, word: &Word, scope: &Scope) -> bool {
        let named =
            word.quote == Quote::Bare && scope.find(&word.text).is_some_and(|value| value.spelled() != word.text.as_str());
        if named {
            self.lose();
            self.report(scope, text_like_a_name(&word.text, word.span));
        }
        named
    }

    /// Refuses `${name}` and `{name}` in a text that no shell reads. What stands in single quotes is meant as it is, and so are lines.
    pub(in crate::hir) fn braces_of(&self, word: &Word, scope: &Scope) {
        let text = word.text.as_str();
        if !matches!(word.quote, Quote::Bare | Quote::Double) || text.contains(|char: char| char.is_whitespace() || char == '`') {
            return;
        }
        for (open, _) in text.match_indices('{') {
            let Some(close) = text[open..].find('}').map(|length| open + length) else { return };
            let name = &text[open + 1..close];
            if text[..open].ends_with(['%', '{']) || !scope.knows(name.split('.').next().unwrap_or(name)) {
                continue;
            }
            let start = open - usize::from(text[..open].ends_with('$'));
            self.lose();
            self.report(scope, braces_like_a_name(&text[start..=close], name, text, word.text.source(start..close + 1)));
        }
    }

    /// An argument of a template, with the name that it was given.
    pub(super) fn argument<'w>(
        &self,
        definition: &Definition<'w>,
        name: Option<&'w Word>,
        value: &'w ast::Value,
        scope: &Rc<Scope>,
    ) -> (Option<&'w Word>, Value) {
        let word = as_word(value).filter(|word| word.quote == Quote::Bare);
        if let (None, Some(word)) = (name, word)
            && let Some((given, value)) = word.text.split_once('=')
            && let Some(parameter) = definition.parameters.iter().find(|parameter| parameter.name.text.as_str() == given.trim())
        {
            let (template, value) = (definition.name, value.trim());
            self.report(scope, equals_in_an_argument(&template.text, &word.text, given.trim(), value, word.span, template.span));
            return (Some(&parameter.name), self.word(word, scope));
        }
        if let Some(word) = word {
            self.is_name(word, scope);
        }
        (name, self.value(value, scope))
    }
}

fn as_word(value: &ast::Value) -> Option<&Word> {
    if let ast::Value::Word(word) = value { Some(word) } else { None }
}
