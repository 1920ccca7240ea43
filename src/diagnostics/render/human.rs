//! For people: miette's snippets, and a line that counts.

use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters, ThemeStyles};

use super::Options;
use super::clean::message;
use super::excerpt::Excerpt;
use super::locate::{Located, Place};
use crate::diagnostics::Severity;

/// Every message with its snippets, and at the end how many there were.
pub(super) fn render(all: &[Located<'_>], options: &Options) -> String {
    let mut out = String::new();
    let handler = handler(options);
    for located in all {
        for part in parts(located, options) {
            // Writing to a String does not fail, and the excerpt answers for every label that it made.
            let _ = handler.render_report(&mut out, &part);
        }
        out.push('\n');
    }
    let trimmed = out.lines().flat_map(|line| [line.trim_end(), "\n"]).collect::<String>();
    trimmed + &summary(all)
}

/// One message that is none: a fact and the places that it is about, without a code and without a count.
pub(super) fn excerpt(located: &Located<'_>, options: &Options) -> String {
    let mut out = String::new();
    let handler = handler(options);
    for mut part in parts(located, options) {
        (part.code, part.severity) = (None, miette::Severity::Advice);
        // As in `render`.
        let _ = handler.render_report(&mut out, &part);
    }
    out.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

fn handler(options: &Options) -> GraphicalReportHandler {
    let theme = GraphicalTheme {
        characters: if options.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() },
        styles: if options.color { ThemeStyles::ansi() } else { ThemeStyles::none() },
    };
    GraphicalReportHandler::new_themed(theme).with_width(options.width.max(40)).with_links(false)
}

/// `2 errors, 1 warning`, and where to read on; empty where there is nothing to say.
fn summary(all: &[Located<'_>]) -> String {
    let counted = |severity, word: &str| {
        let count = all.iter().filter(|located| located.diag.severity() == severity).count();
        (count > 0).then(|| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
    };
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Remark, "remark")];
    let counts: Vec<_> = counts.into_iter().filter_map(|(severity, word)| counted(severity, word)).collect();
    let Some(worst) = all.iter().min_by_key(|located| located.diag.severity()) else { return String::new() };
    format!("{}; `pipelay explain {}` says more\n", counts.join(", "), worst.diag.code.id)
}

/// A message as miette draws it: one part for each file that it has labels in. The first says what happened, the last what to do.
fn parts(located: &Located<'_>, options: &Options) -> Vec<Part> {
    let diag = located.diag;
    let mut files: Vec<&str> = Vec::new();
    for place in &located.places {
        if !files.contains(&place.file) {
            files.push(place.file);
        }
    }
    let severity = match diag.severity() {
        Severity::Error => (miette::Severity::Error, "error"),
        Severity::Warning => (miette::Severity::Warning, "warning"),
        Severity::Remark => (miette::Severity::Advice, "remark"),
    };
    let first = Part {
        code: Some(format!("{}[{}]", severity.1, diag.code.id)),
        message: message(&diag.message, options.unicode),
        severity: severity.0,
        excerpt: None,
        labels: Vec::new(),
        help: None,
    };
    let also = |file: &&str| Part {
        code: None,
        message: format!("see also `{}`", message(file, options.unicode)),
        severity: miette::Severity::Advice,
        excerpt: None,
        labels: Vec::new(),
        help: None,
    };
    let mut parts: Vec<_> = std::iter::once(first).chain(files.iter().skip(1).map(also)).collect();
    for (part, file) in parts.iter_mut().zip(&files) {
        part.show(located, file, options);
    }
    if let Some(last) = parts.last_mut() {
        last.help = diag.help.as_deref().map(|help| message(help, options.unicode));
    }
    parts
}

#[derive(Debug)]
struct Part {
    code: Option<String>,
    message: String,
    severity: miette::Severity,
    excerpt: Option<Excerpt>,
    labels: Vec<LabeledSpan>,
    help: Option<String>,
}

impl Part {
    /// Takes the labels of the message that lie in `file`.
    fn show(&mut self, located: &Located<'_>, file: &str, options: &Options) {
        let here = |place: &Place<'_>| place.file == file;
        let first = located.places.iter().find(|place| here(place)).and_then(|place| located.diag.labels.get(place.label));
        let Some(source) = first.and_then(|label| located.sources.find(label.span)) else { return };
        let excerpt = Excerpt::new(source, located.places.iter().filter(|place| here(place)), options);
        let texts = located.labels().filter(|(place, _)| here(place)).map(|(_, text)| text);
        self.labels = excerpt
            .spans()
            .zip(texts)
            .enumerate()
            .map(|(index, (span, text))| {
                let text = Some(message(text, options.unicode)).filter(|text| !text.is_empty());
                if index == 0 { LabeledSpan::new_primary_with_span(text, span) } else { LabeledSpan::new_with_span(text, span) }
            })
            .collect();
        self.excerpt = Some(excerpt);
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Part {}

impl Diagnostic for Part {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
