//! `pipelay explain`.

use std::fmt::Write as _;

use pipelay::diagnostics::{ALL, Code, find_code, nearest};

use super::Misuse;
use super::session::Session;
use super::terminal::{self, Terminal};

/// Prints the page of a code
///
/// Without a CODE, all codes with their titles.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  pipelay explain E0101
  pipelay explain | grep expression")]
pub(crate) struct Args {
    /// The code of a message, such as `E0101`
    code: Option<String>,
}

pub(crate) fn run(args: &Args, session: &Session) -> Result<(), Misuse> {
    let text = match &args.code {
        Some(code) => page(find(code)?, &session.terminal),
        None => list(&session.terminal),
    };
    terminal::out(&text);
    Ok(())
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
