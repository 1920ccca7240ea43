//! `pipelay graph`.

use std::path::PathBuf;

use clap::ValueEnum;
use pipelay::Keep;
use pipelay::diagnostics::{Severity, has_errors};
use pipelay::graph::{Graph, dot, mermaid, tree};

use super::session::Session;
use super::specs::targets;
use super::terminal::{self, Terminal};
use super::{Misuse, input};

/// Shows which job comes after which, and why
///
/// A line a job, from top to bottom; the number of its layer is on the left. Jobs with a bar beside them have the same needs and the same
/// followers. Edges are those of the output: what others imply is left out.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pipelay graph
  pipelay graph ci.pipe --as mermaid          for Markdown on GitHub
  pipelay graph ci.pipe --as dot | dot -Tsvg  for Graphviz")]
pub(crate) struct Args {
    /// The specs
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What to draw it as
    #[arg(long = "as", value_enum, default_value_t = As::Tree, value_name = "FORM")]
    form: As,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum As {
    Tree,
    Mermaid,
    Dot,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<(), Misuse> {
    if !session.human() {
        return Err(Misuse::new("messages for machines and the graph cannot both go to standard output")
            .help("leave out `--format`; `--as dot` is for machines too"));
    }
    let targets = targets(&args.files)?;
    if targets.len() > 1 && args.form != As::Tree {
        return Err(Misuse::new(format!("{} specs cannot share one drawing", targets.len())).help("name one file"));
    }
    let mut drawn = Vec::new();
    for target in &targets {
        let Some(mut made) = input::compile(target, Keep::All, session) else { continue };
        let failed = has_errors(&made.diags);
        // Warnings are for those who compile it.
        made.diags.retain(|diag| diag.severity() == Severity::Error);
        session.report(made.diags, made.sources);
        if failed {
            continue;
        }
        if made.plan.works.is_empty() {
            session.status("Read", &format!("{}, which has no jobs", target.path));
            continue;
        }
        let graph = Graph::of(&made.plan);
        let heading = if targets.len() > 1 { format!("{}\n\n", session.terminal.bold(&target.path)) } else { String::new() };
        drawn.push(match args.form {
            As::Mermaid => mermaid::render(&graph),
            As::Dot => dot::render(&graph, &target.path),
            As::Tree => heading + &painted(&tree::render(&graph, &session.terminal.drawing()), &session.terminal),
        });
    }
    terminal::out(&drawn.join("\n"));
    Ok(())
}

fn painted(rows: &[tree::Row], terminal: &Terminal) -> String {
    let row = |row: &tree::Row| {
        let painted = [terminal.dim(&row.lines), terminal.bold(&row.name), terminal.code(&row.notes)].concat();
        painted.trim_end().to_owned() + "\n"
    };
    rows.iter().map(row).collect()
}
