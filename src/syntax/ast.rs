//! The syntax tree: what was written, with comments and blank lines, nothing resolved.
//!
//! Blocks hold items: statements and `key: value` entries. Which of them may stand where is for `hir` to say.

use crate::source::Span;
use crate::syntax::symbols::Keyword;
use crate::text::Text;

/// A whole file, as a block without braces.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct File {
    /// Statements, in written order.
    pub body: Block,
}

/// `{ … }`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Block {
    /// A comment behind the opening brace.
    pub head: Option<String>,
    /// What stands in it.
    pub items: Vec<Item>,
    /// Comments after the last item.
    pub tail: Vec<Comment>,
    /// From brace to brace.
    pub span: Span,
    /// Written on one line.
    pub inline: bool,
    /// A statement in it was lost to a syntax error: what is missing may have been there.
    pub broken: bool,
}

/// `# …`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// With its `#`, without trailing blanks.
    pub text: String,
    /// Whether a blank line stands before it.
    pub blank_before: bool,
}

/// Blank lines and comments that belong to an item.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trivia {
    /// On lines of their own, before it.
    pub leading: Vec<Comment>,
    /// Whether a blank line stands before the item itself.
    pub blank_before: bool,
    /// On its last line, behind it.
    pub trailing: Option<String>,
}

/// A statement or an entry, with its comments.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Blank lines and comments.
    pub trivia: Trivia,
    /// What it says.
    pub kind: ItemKind,
    /// Where, without comments.
    pub span: Span,
}

/// What stands in a block.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant)] // nearly every item of a file is a statement
pub enum ItemKind {
    /// `key: value`; no value stands for null.
    Entry {
        /// The key.
        key: Word,
        /// The value.
        value: Option<Value>,
    },
    /// A row of a matrix: a value and the statements that hold for it.
    Row {
        /// The value of the axis.
        value: Word,
        /// Its statements.
        block: Block,
    },
    /// `name word …`, in a block of settings.
    Setting {
        /// The name.
        name: Word,
        /// Its words.
        words: Vec<Word>,
        /// Settings of its own.
        block: Option<Block>,
    },
    /// `NAME(argument, …)`: the body of a template.
    Call {
        /// The template.
        name: Word,
        /// What its parameters become, some by name.
        arguments: Vec<(Option<Word>, Value)>,
    },
    /// Everything that begins with a keyword.
    Statement(Statement),
}

/// A word or string, and how it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// The value.
    pub text: Text,
    /// Its quotes.
    pub quote: Quote,
    /// With its quotes.
    pub span: Span,
}

/// How a string was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quote {
    /// As it is: of the types that YAML knows, where it prints back unchanged.
    Bare,
    /// `"…"`, with escapes.
    Double,
    /// `'…'`.
    Single,
    /// Lines between that many quotes.
    Raw {
        /// How many.
        quotes: u8,
        /// `>"""`: line ends become blanks.
        fold: bool,
        /// `-"""`: the last line has no end.
        strip: bool,
    },
}

/// Data.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A word, a bare value or a string.
    Word(Word),
    /// `[a, b]`
    List(List),
    /// `{ key: value }`
    Map(Block),
    /// `dirs("packages/*")`
    Lookup(Lookup),
}

impl Value {
    /// Where it was written.
    pub fn span(&self) -> Span {
        match self {
            Self::Word(word) => word.span,
            Self::List(list) => list.span,
            Self::Map(block) => block.span,
            Self::Lookup(lookup) => lookup.span,
        }
    }
}

/// `[a, b]`, perhaps over several lines.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct List {
    /// A comment behind the opening bracket.
    pub head: Option<String>,
    /// Its items.
    pub items: Vec<(Trivia, Value)>,
    /// Comments after the last item.
    pub tail: Vec<Comment>,
    /// From bracket to bracket.
    pub span: Span,
    /// Written on one line.
    pub inline: bool,
}

/// A question about the repository, answered at compile time.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    /// `dirs`, `files` or `exists`.
    pub name: Word,
    /// Patterns.
    pub arguments: Vec<Word>,
    /// All of it.
    pub span: Span,
}

/// A condition of GitHub's language, as text.
#[derive(Debug, Clone, PartialEq)]
pub struct ExprText {
    /// As it was written, without blanks around it.
    pub text: Text,
    /// All of the raw block that it stands in, if it does: for strings over several lines.
    pub raw: Option<Span>,
}

/// A condition at compile time.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// `a || b`
    Any(Vec<Condition>),
    /// `a && b`
    All(Vec<Condition>),
    /// `a == b`, or `!=`
    Compare {
        /// Left side.
        left: Box<Condition>,
        /// Whether it is `==`.
        equal: bool,
        /// Right side.
        right: Box<Condition>,
    },
    /// `!a`
    Not(Box<Condition>),
    /// `exists("x")`
    Lookup(Lookup),
    /// A word, a string or a parameter.
    Word(Word),
}

/// A parameter of a template, toolchain or service.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: Word,
    /// What it is where a use does not say.
    pub default: Option<Value>,
}

/// An event of `on`.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its name.
    pub name: Word,
    /// `"17 3 * * 1-5"`, for `schedule`.
    pub crons: Vec<Word>,
    /// `in "Europe/Berlin"`
    pub zone: Option<Word>,
}

/// A statement: its keyword, and what follows in the parts that its grammar rule names.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Which statement.
    pub keyword: Keyword,
    /// The keyword itself.
    pub word: Span,
    /// What follows.
    pub kind: Kind,
}

/// What follows a keyword.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Words or data, then perhaps a block: `service postgres 15 { … }`, `env { … }`, `isolated`.
    Plain {
        /// In written order.
        values: Vec<Value>,
        /// The block at the end.
        block: Option<Block>,
    },
    /// A list, then what the keyword allows behind it: `reads a, b from x`, `writes a merge`, `keep a as b for 7d when c`, `gate "x" except a`.
    List {
        /// The list.
        items: Vec<Word>,
        /// `from`, `as`, `for`, `merge`, `except`, with their words.
        clauses: Vec<(&'static str, Vec<Word>)>,
        /// `when …`
        when: Option<ExprText>,
    },
    /// `run …`
    Run(Word),
    /// `uses ACTION { … }`
    Uses(Uses),
    /// `step …`
    Step {
        /// Its id.
        id: Option<Word>,
        /// Its display name.
        title: Option<Word>,
        /// `when …`
        when: Option<ExprText>,
        /// Its work.
        body: StepBody,
    },
    /// `job …`
    Job {
        /// Its id.
        name: Word,
        /// Its display name.
        title: Option<Word>,
        /// Its statements, or its one command.
        body: Body,
    },
    /// `when EXPR`, `may-fail when EXPR`, `optimize by EXPR`
    Condition {
        /// The expression, absent in a bare `may-fail`.
        expr: Option<ExprText>,
        /// The block it governs.
        block: Option<Block>,
    },
    /// `on …`
    On {
        /// Its events.
        events: Vec<Event>,
        /// `to …`
        branches: Vec<Word>,
        /// Filters, inputs.
        block: Option<Block>,
    },
    /// `matrix AXIS: a, b`
    Axis {
        /// The axis.
        name: Word,
        /// Its values.
        values: Vec<Value>,
    },
    /// `matrix AXIS { VALUE { … } }`
    Rows {
        /// The axis.
        name: Word,
        /// Its rows.
        rows: Block,
    },
    /// `input`, `secret`, `output`
    Declaration(Declaration),
    /// `let NAME = VALUE`
    Let {
        /// The name.
        name: Word,
        /// What it stands for.
        value: Value,
    },
    /// `template NAME(…) { … }`, `toolchain NAME(…) { … }`, `service NAME(…) { … }`
    Definition {
        /// The name.
        name: Word,
        /// Its parameters.
        parameters: Vec<Parameter>,
        /// Its body.
        block: Block,
    },
    /// `for NAME in VALUE { … }`
    For {
        /// The variable.
        name: Word,
        /// What it runs over.
        over: Value,
        /// What is repeated.
        block: Block,
    },
    /// `if CONDITION { … } else { … }`
    If {
        /// The condition.
        condition: Condition,
        /// What holds if it does.
        block: Block,
        /// What holds if it does not: an `if` alone, or the items of a block.
        otherwise: Option<Otherwise>,
    },
}

/// What follows `else`.
#[derive(Debug, Clone, PartialEq)]
pub enum Otherwise {
    /// `else if …`
    If(Box<Item>),
    /// `else { … }`
    Block(Block),
}

/// `uses ACTION { … }`
#[derive(Debug, Clone, PartialEq)]
pub struct Uses {
    /// The action or workflow.
    pub action: Word,
    /// Its inputs.
    pub block: Option<Block>,
}

/// The work of a step.
#[derive(Debug, Clone, PartialEq)]
pub enum StepBody {
    /// `: COMMAND`
    Command(Word),
    /// `uses ACTION { … }`
    Uses(Uses),
    /// `{ … }`
    Block(Block),
}

/// The body of a job.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// `: COMMAND`
    Command(Word),
    /// `{ … }`
    Block(Block),
}

/// `input NAME: TYPE? [CHOICES] = DEFAULT "…"`, `secret NAME? "…"`, `output NAME: VALUE "…"`
#[derive(Debug, Clone, PartialEq)]
pub struct Declaration {
    /// The name.
    pub name: Word,
    /// The type of an input.
    pub of_type: Option<Word>,
    /// `?`
    pub optional: bool,
    /// `!`: it must be given, although it has a default.
    pub required: bool,
    /// `[a, b]`, of a choice.
    pub choices: Option<List>,
    /// `= DEFAULT` of an input, the value of an output.
    pub value: Option<Word>,
    /// What it is, for people.
    pub description: Option<Word>,
    /// `deprecated "…"`: what those are told who still give it.
    pub deprecated: Option<Word>,
}
