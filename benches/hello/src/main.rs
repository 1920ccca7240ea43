//! Says hello with every crate that the compiler is linked with, each used a little: `hello greet NAME`.

use std::hash::{BuildHasher as _, Hash as _};
use std::io::Write as _;

use clap::{Parser, Subcommand};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report};
use pest::Parser as _;

/// Says hello.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// To somebody
    Greet {
        /// Whom
        name: String,
        /// How
        #[arg(long, default_value = "hello")]
        word: String,
    },
}

#[derive(pest_derive::Parser)]
#[grammar_inline = "name = @{ ASCII_ALPHA+ }\nnames = { SOI ~ name ~ (\",\" ~ name)* ~ EOI }"]
struct Names;

/// What is said, as data.
#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct Greeting {
    word: String,
    to: indexmap::IndexMap<String, usize, foldhash::fast::FixedState>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Verb::Greet { name, word } = Cli::parse().verb;
    let pairs = match Names::parse(Rule::names, &name) {
        Ok(pairs) => pairs,
        Err(error) => {
            let at = LabeledSpan::at(0..name.len(), "not a name");
            let report = Report::new(MietteDiagnostic::new(error.to_string()).with_label(at).with_help("use letters"));
            return Err(shown(report.with_source_code(NamedSource::new("name", name)).as_ref())?.into());
        }
    };
    let mut greeting = Greeting { word, to: indexmap::IndexMap::default() };
    for pair in pairs.flatten().filter(|pair| pair.as_rule() == Rule::name) {
        greeting.to.insert(pair.as_str().to_owned(), strsim::osa_distance(pair.as_str(), "world"));
    }
    let (json, yaml) = (serde_json::to_string(&greeting)?, serde_yaml::to_string(&greeting)?);
    let (one, other): (Greeting, Greeting) = (serde_json::from_str(&json)?, serde_yaml::from_str(&yaml)?);
    let events = saphyr_parser::Parser::new_from_str(&yaml).filter_map(Result::ok).count();
    let mut hasher = foldhash::fast::FixedState::default().build_hasher();
    events.hash(&mut hasher);
    let mut file = tempfile::NamedTempFile::new_in(std::env::temp_dir())?;
    file.write_all(similar::TextDiff::from_lines(&json, &yaml).unified_diff().to_string().as_bytes())?;
    let width = terminal_size::terminal_size().map_or(80, |(width, _)| width.0);
    println!("{} {} {} {}", greeting.word, name, one == other, width);
    Ok(())
}

fn shown(diagnostic: &dyn Diagnostic) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    GraphicalReportHandler::new_themed(GraphicalTheme::unicode()).render_report(&mut out, diagnostic)?;
    Ok(out)
}
