//! `pipelay explain`.

use std::fmt::Write as _;
use std::path::PathBuf;

use pipelay::diagnostics::{ALL, Code, find_code, nearest};
use pipelay::{Keep, explain};

use super::session::Session;
use super::specs::targets;
use super::terminal::{self, Terminal};
use super::{Misuse, input, line};

/// Prints the page of a code, why a job is as it is, or where a line of a workflow comes from
///
/// Of a job: what comes before it and why, which caches it has, with their keys and who saves them, where each setting is from, whether the gate judges
/// it, and what the passes decided. Of a line of a workflow, such as an error of GitHub's names: the keys that lead to it, the lines of the spec that it
/// follows from, and the pass or default that made it. Without an argument, all codes with their titles.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pipelay explain E0101
  pipelay explain | grep expression
  pipelay explain build              the job `build` of this repository's specs
  pipelay explain build ci.pipe      of that spec alone
  pipelay explain ci.yml:87          line 87 of the workflow; `ci.yml:87:5` for an item of a list
  pipelay explain '.github/workflows/ci.yml (Line: 87, Col: 5)'   as GitHub names it")]
pub(crate) struct Args {
    /// The code of a message, such as `E0101`, the id of a job, or a line of a workflow, such as `ci.yml:87`
    #[arg(value_name = "CODE|JOB|LINE")]
    what: Option<String>,
    /// The specs that have the job
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(crate) fn run(args: &Args, session: &mut Session) -> Result<(), Misuse> {
    let text = match &args.what {
        None => list(&session.terminal),
        Some(what) if args.files.is_empty() && is_code(what) => page(find(what)?, &session.terminal),
        Some(line) if line::is_one(line) => {
            if !args.files.is_empty() {
                return Err(Misuse::new(format!("`{line}` names its file already")).help("leave out what stands behind it"));
            }
            line::explain(line, session)?
        }
        Some(job) => jobs(job, &args.files, session)?,
    };
    terminal::out(&text);
    Ok(())
}

/// Whether it is written as codes are: four digits, perhaps behind a letter.
fn is_code(what: &str) -> bool {
    let digits = what.strip_prefix(|first: char| first.is_ascii_alphabetic()).unwrap_or(what);
    digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The job of that id, in each spec that has one.
fn jobs(id: &str, files: &[PathBuf], session: &mut Session) -> Result<String, Misuse> {
    let (mut told, mut known) = (Vec::new(), Vec::new());
    for target in targets(files)? {
        let Some(compilation) = input::compile(&target, Keep::All, session) else { continue };
        told.extend(explain::job(&compilation, id));
        known.extend(compilation.plan.works.keys().cloned());
        // Of a spec with errors there is no whole plan.
        session.report_errors(compilation.diags, compilation.sources);
    }
    // Where a spec could not be read, the job may be in it.
    if told.is_empty() && !(known.is_empty() && session.has_errors()) {
        let near = nearest(id, known.iter().map(String::as_str)).map(|near| format!("the nearest is `{near}`"));
        let all = || {
            if known.is_empty() {
                "`pipelay explain` lists all codes".to_owned()
            } else {
                format!("there are: {}", known.join(", "))
            }
        };
        return Err(Misuse::new(format!("there is no job `{id}`, and no code of that name")).help(near.unwrap_or_else(all)));
    }
    Ok(told.iter().map(|text| session.terminal.headings(text)).collect::<Vec<_>>().join("\n"))
}

/// Every code with its title.
fn list(terminal: &Terminal) -> String {
    ALL.iter().flat_map(|code| [terminal.bold(code.id), format!("  {}\n", code.title)]).collect()
}

/// The code of that number; the digits alone do.
fn find(written: &str) -> Result<&'static Code, Misuse> {
    let digits = ALL.iter().copied().find(|code| &code.id[1..] == written);
    find_code(written).or(digits).ok_or_else(|| {
        let near = nearest(written, ALL.iter().map(|code| code.id)).and_then(find_code);
        Misuse::new(format!("there is no code `{written}`")).help(match near {
            Some(code) => format!("the nearest is `{}`, {}; `pipelay explain` lists all", code.id, code.title),
            None => "`pipelay explain` lists all".to_owned(),
        })
    })
}

/// The page for a terminal: headings and code stand out, code is indented and without its fences, prose is as wide as the terminal.
fn page(code: &Code, terminal: &Terminal) -> String {
    let mut out = format!("{}\n\n", terminal.bold(&format!("{}: {}", code.id, code.title)));
    let (mut fenced, mut prose) = (false, String::new());
    for line in code.page.trim().lines() {
        let fence = line.starts_with("```");
        let heading = line.strip_prefix("## ").filter(|_| !fenced);
        if fenced || fence || heading.is_some() || line.is_empty() || line.starts_with(['-', '|']) {
            wrap(&std::mem::take(&mut prose), terminal.width(), &mut out);
        }
        fenced ^= fence;
        // Writing to a String does not fail.
        let _ = match heading {
            _ if fence => Ok(()),
            Some(heading) => writeln!(out, "{}\n", terminal.bold(&format!("{heading}:"))),
            None if line.is_empty() => writeln!(out),
            None if fenced => writeln!(out, "    {}", terminal.code(line)),
            None => {
                prose.extend([line, " "]);
                Ok(())
            }
        };
    }
    wrap(&prose, terminal.width(), &mut out);
    out
}

/// Breaks a paragraph between words; what stands between backticks may be broken too.
fn wrap(paragraph: &str, width: usize, out: &mut String) {
    let mut column = 0;
    for word in paragraph.split_whitespace() {
        let length = word.chars().count();
        let room = column + 1 + length <= width;
        out.push_str(if column == 0 {
            ""
        } else if room {
            " "
        } else {
            "\n"
        });
        column = if column > 0 && room { column + 1 + length } else { length };
        out.push_str(word);
    }
    out.push_str(if column > 0 { "\n" } else { "" });
}
