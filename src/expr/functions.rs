//! GitHub's functions, one row each.
//!
//! Source: `actions/languageservices`, `expressions/src/funcs`, and docs.github.com "Evaluate expressions"; read November 2026.

use super::eval::{Context, EvalError, Status};
use super::value::{Value, upper};

/// A function.
pub struct Function {
    /// Its name as the documentation spells it; any case is taken.
    pub name: &'static str,
    /// The fewest arguments.
    pub least: usize,
    /// The most arguments.
    pub most: usize,
    /// Which type it yields.
    pub yields: Yields,
    /// What it does.
    pub run: fn(&[Value], &Context<'_>) -> Result<Value, EvalError>,
}

/// Which type a function yields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Yields {
    /// `true` or `false`.
    Bool,
    /// A text.
    String,
    /// Whatever it was given.
    Any,
}

/// The most arguments of a function that takes any number.
const MANY: usize = 255;

/// The longest text that a function yields, in bytes: GitHub's own bound on what a workflow expands to. Calls in calls grow without end.
const MAX_TEXT: usize = 10 << 20;

/// All functions, by name.
#[rustfmt::skip] // a table
pub static FUNCTIONS: &[Function] = &[
    Function { name: "always",     least: 0, most: 0,    yields: Yields::Bool,   run: |_, _| Ok(Value::Bool(true)) },
    Function { name: "cancelled",  least: 0, most: 0,    yields: Yields::Bool,   run: |_, context| status(context, Status::Cancelled) },
    Function { name: "case",       least: 3, most: MANY, yields: Yields::Any,    run: |args, _| case(args) },
    Function { name: "contains",   least: 2, most: 2,    yields: Yields::Bool,   run: |args, _| Ok(contains(args)) },
    Function { name: "endsWith",   least: 2, most: 2,    yields: Yields::Bool,   run: |args, _| Ok(affix(args, |text, part| text.ends_with(part))) },
    Function { name: "failure",    least: 0, most: MANY, yields: Yields::Bool,   run: |_, context| status(context, Status::Failure) },
    Function { name: "format",     least: 1, most: MANY, yields: Yields::String, run: |args, _| format_text(args) },
    Function { name: "fromJSON",   least: 1, most: 1,    yields: Yields::Any,    run: |args, _| from_json(args) },
    Function { name: "hashFiles",  least: 1, most: MANY, yields: Yields::String, run: hash_files },
    Function { name: "join",       least: 1, most: 2,    yields: Yields::String, run: |args, _| join(args) },
    Function { name: "startsWith", least: 2, most: 2,    yields: Yields::Bool,   run: |args, _| Ok(affix(args, |text, part| text.starts_with(part))) },
    Function { name: "success",    least: 0, most: MANY, yields: Yields::Bool,   run: |_, context| status(context, Status::Success) },
    Function { name: "toJSON",     least: 1, most: 1,    yields: Yields::String, run: |args, _| bounded(first(args).to_json()) },
];

impl Function {
    /// Whether it takes so many arguments; `case` wants an odd number.
    pub fn takes(&self, count: usize) -> bool {
        (self.least..=self.most).contains(&count) && (self.name != "case" || count % 2 == 1)
    }

    /// How many arguments it takes, in words.
    pub fn arity(&self) -> String {
        match (self.least, self.most) {
            _ if self.name == "case" => "an odd number of arguments from 3".to_owned(),
            (0, 0) => "no argument".to_owned(),
            (1, 1) => "1 argument".to_owned(),
            (least, most) if least == most => format!("{least} arguments"),
            (least, MANY) => format!("{least} or more arguments"),
            (least, most) => format!("{least} to {most} arguments"),
        }
    }
}

/// The function of that name, in any case.
pub fn find(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name.eq_ignore_ascii_case(name))
}

/// Whether a condition that calls it gets no `success() &&` from GitHub.
pub fn is_status(name: &str) -> bool {
    ["success", "failure", "cancelled", "always"].iter().any(|status| status.eq_ignore_ascii_case(name))
}

/// A piece of a format string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormatPiece {
    /// Text, with doubled braces undone.
    Text(String),
    /// `{0}`
    Argument(usize),
}

/// The pieces of a format string, or the byte at which it is wrong: a brace that is neither doubled nor around a number.
pub fn format_pieces(format: &str) -> Result<Vec<FormatPiece>, usize> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut at = 0;
    while let Some(rest) = format.get(at..) {
        let Some(brace) = rest.find(['{', '}']) else {
            text.push_str(rest);
            break;
        };
        let (before, from) = rest.split_at(brace);
        text.push_str(before);
        let place = at + brace;
        if from.starts_with("{{") || from.starts_with("}}") {
            text.push_str(&from[..1]);
            at = place + 2;
            continue;
        }
        let digits: String = from[1..].chars().take_while(char::is_ascii_digit).collect();
        let closed = from[1 + digits.len()..].starts_with('}');
        match digits.parse() {
            Ok(argument) if from.starts_with('{') && closed => {
                if !text.is_empty() {
                    pieces.push(FormatPiece::Text(std::mem::take(&mut text)));
                }
                pieces.push(FormatPiece::Argument(argument));
                at = place + digits.len() + 2;
            }
            _ => return Err(place),
        }
    }
    if !text.is_empty() {
        pieces.push(FormatPiece::Text(text));
    }
    Ok(pieces)
}

fn first(args: &[Value]) -> &Value {
    args.first().unwrap_or(&Value::Null)
}

fn second(args: &[Value]) -> &Value {
    args.get(1).unwrap_or(&Value::Null)
}

#[allow(clippy::unnecessary_wraps)] // the shape of the table
fn status(context: &Context<'_>, wanted: Status) -> Result<Value, EvalError> {
    Ok(Value::Bool(context.status == wanted))
}

fn case(args: &[Value]) -> Result<Value, EvalError> {
    let (pairs, default) = args.as_chunks::<2>();
    for [condition, value] in pairs {
        match condition {
            Value::Bool(true) => return Ok(value.clone()),
            Value::Bool(false) => {}
            _ => return Err(EvalError::BadCall("a condition of `case` is neither true nor false".to_owned())),
        }
    }
    Ok(first(default).clone())
}

fn contains(args: &[Value]) -> Value {
    let (all, one) = (first(args), second(args));
    Value::Bool(match all {
        Value::Array(array) => array.items.iter().any(|item| one.loose_eq(item)),
        Value::Object(_) => false,
        _ => one.is_primitive() && all.to_text().to_lowercase().contains(&one.to_text().to_lowercase()),
    })
}

fn affix(args: &[Value], holds: impl Fn(&str, &str) -> bool) -> Value {
    let (whole, part) = (first(args), second(args));
    Value::Bool(whole.is_primitive() && part.is_primitive() && holds(&upper(&whole.to_text()), &upper(&part.to_text())))
}

fn format_text(args: &[Value]) -> Result<Value, EvalError> {
    let format = first(args).to_text();
    let bad = || EvalError::BadFormat(format!("`{format}` is no format string"));
    let mut text = String::new();
    for piece in format_pieces(&format).map_err(|_| bad())? {
        match piece {
            FormatPiece::Text(part) => text.push_str(&part),
            FormatPiece::Argument(index) => {
                let value = index.checked_add(1).and_then(|index| args.get(index));
                let value =
                    value.ok_or_else(|| EvalError::BadFormat(format!("`{format}` asks for an argument that is not given")))?;
                text.push_str(&value.to_text());
                within(text.len())?;
            }
        }
    }
    bounded(text)
}

fn within(length: usize) -> Result<(), EvalError> {
    if length <= MAX_TEXT { Ok(()) } else { Err(EvalError::BadCall("the text is longer than 10 MB".to_owned())) }
}

fn bounded(text: String) -> Result<Value, EvalError> {
    within(text.len())?;
    Ok(Value::string(text))
}

fn from_json(args: &[Value]) -> Result<Value, EvalError> {
    let text = first(args).to_text();
    let json = serde_json::from_str(&text).map_err(|_| EvalError::BadJson(text.clone()))?;
    Ok(Value::from_json(&json))
}

fn hash_files(args: &[Value], context: &Context<'_>) -> Result<Value, EvalError> {
    let hash = context.hash_files.ok_or_else(|| EvalError::BadCall("`hashFiles` has no files to look at here".to_owned()))?;
    let patterns: Vec<String> = args.iter().map(Value::to_text).collect();
    Ok(Value::string(hash(&patterns)))
}

fn join(args: &[Value]) -> Result<Value, EvalError> {
    match first(args) {
        Value::Array(array) => {
            let between = args.get(1).filter(|value| value.is_primitive()).map_or_else(|| ",".to_owned(), Value::to_text);
            let items: Vec<String> = array.items.iter().map(Value::to_text).collect();
            let length = items.iter().map(String::len).sum::<usize>().saturating_add(between.len().saturating_mul(items.len()));
            within(length)?;
            Ok(Value::string(items.join(&between)))
        }
        Value::Object(_) => Ok(Value::string("")),
        primitive => Ok(Value::string(primitive.to_text())),
    }
}
