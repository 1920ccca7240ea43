//! Says hello with every crate that the compiler is linked with, each used a little: `hello greet NAME`, `hello listen FOLDER`, `hello ask ADDRESS`, and pages about itself.

use std::hash::{BuildHasher as _, Hash as _};
use std::io::Write as _;

use clap::{CommandFactory as _, Parser, Subcommand};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report};
use notify::Watcher as _;
use pest::Parser as _;
use unicode_width::UnicodeWidthStr as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
        /// Says it as a table of TOML does
        #[arg(long)]
        table: Option<String>,
    },
    /// To who comes into a folder
    Listen { folder: std::path::PathBuf },
    /// To who answers at an address
    Ask { address: String },
    /// What a shell completes
    Completions { shell: clap_complete::Shell },
    /// The manual
    Man,
}

#[derive(pest_derive::Parser)]
#[grammar_inline = "name = @{ ASCII_ALPHA+ }\nnames = { SOI ~ name ~ (\",\" ~ name)* ~ EOI }"]
struct Names;

/// What is said, as data.
#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct Greeting {
    word: String,
    to: indexmap::IndexMap<String, usize, foldhash::fast::FixedState>,
    since: String,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = &mut std::io::stdout();
    match Cli::parse().verb {
        Verb::Greet { name, word, table } => greet(name, word, table),
        Verb::Listen { folder } => {
            let (send, receive) = std::sync::mpsc::channel();
            let mut watcher = notify::recommended_watcher(send)?;
            watcher.watch(&folder, notify::RecursiveMode::Recursive)?;
            println!("hello {:?}", receive.recv()??.paths);
            Ok(())
        }
        Verb::Ask { address } => {
            println!("hello {}", ureq::get(&address).call()?.body_mut().read_to_string()?.width());
            Ok(())
        }
        Verb::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "hello", out);
            Ok(())
        }
        Verb::Man => Ok(clap_mangen::Man::new(Cli::command()).render(out)?),
    }
}

fn greet(name: String, word: String, table: Option<String>) -> Result<(), Box<dyn std::error::Error>> {
    let pairs = match Names::parse(Rule::names, &name) {
        Ok(pairs) => pairs,
        Err(error) => {
            let at = LabeledSpan::at(0..name.len(), "not a name");
            let report = Report::new(MietteDiagnostic::new(error.to_string()).with_label(at).with_help("use letters"));
            return Err(shown(report.with_source_code(NamedSource::new("name", name)).as_ref())?.into());
        }
    };
    let mut greeting = match table {
        Some(table) => toml::from_str(&table)?,
        None => Greeting { word, to: indexmap::IndexMap::default(), since: String::new() },
    };
    greeting.since = greeting.since.parse::<jiff::Timestamp>().unwrap_or_default().to_string();
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
