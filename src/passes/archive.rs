//! What is handed over travels as a tar archive in an artifact, since an artifact alone keeps no modes, links or empty folders, and roots
//! its paths by rules of its own. The scripts here make the archives and unpack them.
//!
//! They are for any POSIX shell, with the tools of GNU, BSD and `BusyBox` alike: bash on macOS is that of 2007, and images of containers may have
//! none.

use std::collections::BTreeSet;

use crate::expr::text::{Piece, split};
use crate::hir::lower::bare_step;
use crate::hir::{Map, Origin, Step, StepKind};
use crate::pattern::{Pattern, alternatives};
use crate::plan::text;
use crate::shell::quoted;
use crate::text::Text;

/// Where archives lie for a moment, in the writer's workspace and in the reader's.
pub(super) const FOLDER: &str = ".handover";

/// An archive that a reader gets.
#[derive(Debug, Clone)]
pub(super) struct Archive {
    /// Who made it.
    pub(super) from: String,
    /// Its name, that of its artifact; with rows, one for each, with the number of the row behind a point.
    pub(super) name: String,
    /// Whether there is one for each row.
    pub(super) rows: bool,
    /// Archives with the same number may hold the same path, and then with the same contents.
    pub(super) group: Option<usize>,
    /// The path that it holds, where it travels in a cache.
    pub(super) cached: Option<String>,
}

impl Archive {
    /// As a word of a shell that stands for all of them.
    fn word(&self) -> String {
        let end = if self.rows { ".*" } else { "" };
        format!("{FOLDER}/{}{end}.tar", quoted(&self.name))
    }
}

/// The step that packs what the patterns match, of which those with `!` leave out. It fails where there is nothing.
pub(super) fn pack(name: &str, path: &str, except: &[&str], origin: &Origin) -> Step {
    let mut parts = Parts::default();
    let archive = parts.word(&format!("{FOLDER}/{name}.tar"));
    let command = if except.is_empty() && is_plain(path) {
        format!("tar -cf {archive} {}", parts.word(&plain(path)))
    } else {
        let list = format!("{FOLDER}/files");
        format!("{}\ntar -cf {archive} --no-recursion -T {list}", parts.found(path, except, &list))
    };
    parts.step(&format!("mkdir -p {FOLDER}\n"), &command, format!("Pack {path}"), origin)
}

/// The step that fails where there is nothing of what some patterns match, as packing it would.
pub(super) fn check(paths: &[&str], origin: &Origin) -> Step {
    let mut parts = Parts::default();
    let mut look = |path: &&str| {
        if is_plain(path) {
            format!("ls -d {} > /dev/null", parts.word(&plain(path)))
        } else {
            parts.found(path, &[], "/dev/null")
        }
    };
    let commands: Vec<String> = paths.iter().map(&mut look).collect();
    parts.step("", &commands.join("\n"), format!("Check for {}", paths.join(", ")), origin)
}

/// Whether a pattern is one path.
fn is_plain(path: &str) -> bool {
    Pattern::new(&with_stand_ins(path).0).is_plain()
}

/// Such a path for tools: `dist/**` is all of `dist/`.
fn plain(path: &str) -> String {
    anchored(path.strip_suffix("**").unwrap_or(path))
}

/// The step that unpacks archives, the later ones over the earlier.
pub(super) fn unpack(archives: &[Archive], origin: &Origin) -> Step {
    let groups: BTreeSet<usize> = archives.iter().filter_map(|archive| archive.group).collect();
    let mut script: Vec<String> = Vec::new();
    for group in groups {
        let of_it: Vec<&Archive> = archives.iter().filter(|archive| archive.group == Some(group)).collect();
        // One alone agrees with itself.
        if of_it.len() > 1 || of_it.iter().any(|archive| archive.rows) {
            script.push(compare(&of_it.into_iter().map(Archive::word).collect::<Vec<_>>().join(" ")));
        }
    }
    script.extend(archives.iter().map(|archive| match archive.word() {
        words if archive.rows => format!("for archive in {words}; do tar -xpof \"$archive\"; done\n"),
        word => format!("tar -xpof {word}\n"),
    }));
    script.push(format!("rm -r {FOLDER}\n"));
    let mut makers: Vec<&str> = archives.iter().map(|archive| archive.from.as_str()).collect();
    makers.dedup();
    let title = match makers.as_slice() {
        [only] => format!("Unpack what {only} made"),
        _ => "Unpack what other jobs made".to_owned(),
    };
    run(&script.concat(), title, origin)
}

/// Lines that fail where two of the archives hold one path with different contents: sums of all files and links, each pair of sum and path
/// once, have no path twice.
fn compare(archives: &str) -> String {
    format!(
        "for archive in {archives}; do\n  \
           part=\"${{archive%.tar}}\"\n  \
           mkdir \"$part\"\n  \
           tar -xpof \"$archive\" -C \"$part\"\n  \
           (\n    \
             cd \"$part\"\n    \
             find . -type f -exec cksum {{}} +\n    \
             find . -type l -exec sh -c 'for link; do echo \"$(readlink \"$link\" | cksum) $link\"; done' - {{}} +\n  \
           )\n\
         done > {FOLDER}/sums\n\
         sort -u {FOLDER}/sums | cut -d ' ' -f 3- | sort | uniq -d > {FOLDER}/differ\n\
         if [ -s {FOLDER}/differ ]; then\n  \
           sed 's/^\\.\\//::error::made twice, with different contents: /' {FOLDER}/differ\n  \
           exit 1\n\
         fi\n"
    )
}

fn run(script: &str, title: String, origin: &Origin) -> Step {
    let step = bare_step(StepKind::Run(Text::verbatim(script, origin.span)), origin.clone());
    Step { title: Some(Text::verbatim(title, origin.span)), ..step }
}

/// A path that no tool takes for an option.
fn anchored(path: &str) -> String {
    if path.starts_with('-') { format!("./{path}") } else { path.to_owned() }
}

/// The folder that all paths of a pattern lie in, as far as it is written; empty for the repository's root.
fn root(path: &str) -> String {
    let mut common: Option<Vec<String>> = None;
    for path in alternatives(&path.replace("${{", "*${{")) {
        let fixed = &path[..path.find(['*', '?', '[']).unwrap_or(path.len())];
        let folders: Vec<String> =
            fixed.rsplit_once('/').map_or("", |(folder, _)| folder).split('/').map(str::to_owned).collect();
        common = Some(match common {
            None => folders,
            Some(common) => common.into_iter().zip(folders).take_while(|(one, other)| one == other).map(|(one, _)| one).collect(),
        });
    }
    let common = common.unwrap_or_default().join("/");
    anchored(common.trim_start_matches("./"))
}

/// The variable with the number of the row.
const ROW: &str = "ROW";

/// What only run time knows of a script: each expression comes in through a variable, never as text of the script.
#[derive(Default)]
struct Parts {
    env: Vec<(String, String)>,
    setup: Vec<String>,
}

impl Parts {
    /// A text with expressions as one word of the shell.
    fn word(&mut self, word: &str) -> String {
        let pieces = split(word).value;
        if pieces.iter().all(|piece| matches!(piece, Piece::Text { .. })) {
            return quoted(word);
        }
        let joined: String = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text { text, .. } => in_double_quotes(text),
                Piece::Hole { span, .. } => format!("${{{}}}", self.variable(&word[span.start as usize..span.end as usize])),
            })
            .collect();
        format!("\"{joined}\"")
    }

    /// A command that lists what a pattern matches and others do not, and fails where that is nothing.
    fn found(&mut self, path: &str, except: &[&str], list: &str) -> String {
        let root = root(path);
        let found = match root.as_str() {
            "" => format!("find . '(' -path ./.git -o -path ./{FOLDER} ')' -prune -o -print"),
            root => format!("find {}", quoted(root)),
        };
        let prefix = if root.is_empty() { "\\./" } else { "" };
        let mut filters = vec![format!("grep -E {}", self.regex(path, prefix))];
        filters.extend(except.iter().map(|path| format!("grep -vE {}", self.regex(path.trim_start_matches('!'), prefix))));
        let missing = format!("::error::there is nothing to hand over: {}", blanked(path));
        format!("{found} | {} > {list} ||\n  {{ echo {}; exit 1; }}", filters.join(" | "), quoted(&missing))
    }

    /// The step with a command, and what that needs before it.
    fn step(self, first: &str, command: &str, title: String, origin: &Origin) -> Step {
        let lines = self.setup.iter().flat_map(|line| [line.as_str(), "\n"]).collect::<String>();
        let script = format!("{first}{lines}{command}");
        let end = if script.contains('\n') { "\n" } else { "" };
        let step = run(&format!("{script}{end}"), title, origin);
        Step { env: self.env.into_iter().map(|(name, value)| (name, text(value, origin))).collect::<Map>(), ..step }
    }

    /// A pattern with expressions as a regular expression, one word of the shell.
    fn regex(&mut self, pattern: &str, prefix: &str) -> String {
        let (plain, holes) = with_stand_ins(pattern);
        let regex = Pattern::new(&plain).regex().replacen('^', &format!("^{prefix}"), 1);
        let mut word = quoted(&regex);
        for (stand_in, hole) in holes {
            let name = self.variable(hole);
            let escaped = format!("{}_pattern", name.to_lowercase());
            let line = format!("{escaped}=$(printf %s \"${name}\" | sed 's/[].[\\^$*+?(){{}}|]/\\\\&/g')");
            if !self.setup.contains(&line) {
                self.setup.push(line);
            }
            word = word.replace(stand_in, &format!("'\"${escaped}\"'"));
        }
        word
    }

    /// The variable for an expression.
    fn variable(&mut self, hole: &str) -> String {
        if let Some((name, _)) = self.env.iter().find(|(_, value)| value == hole) {
            return name.clone();
        }
        let parts = self.env.iter().filter(|(name, _)| name != ROW).count();
        let name = if hole.contains("job-index") { ROW.to_owned() } else { format!("PART_{}", parts + 1) };
        self.env.push((name.clone(), hole.to_owned()));
        name
    }
}

/// A pattern for people, without expressions.
pub(super) fn blanked(pattern: &str) -> String {
    let (plain, holes) = with_stand_ins(pattern);
    holes.iter().fold(plain, |plain, (stand_in, _)| plain.replace(*stand_in, "*"))
}

/// A pattern in which a character of private use, which matches itself alone, stands for each expression.
pub(super) fn with_stand_ins(pattern: &str) -> (String, Vec<(char, &str)>) {
    let (mut plain, mut holes) = (String::new(), Vec::new());
    for piece in split(pattern).value {
        match piece {
            Piece::Text { text, .. } => plain.push_str(&text),
            Piece::Hole { span, .. } => {
                let stand_in = char::from_u32(0xE000 + holes.len() as u32).unwrap_or('\u{F8FF}');
                plain.push(stand_in);
                holes.push((stand_in, &pattern[span.start as usize..span.end as usize]));
            }
        }
    }
    (plain, holes)
}

fn in_double_quotes(text: &str) -> String {
    text.chars().flat_map(|char| ['\\', char].into_iter().skip(usize::from(!"\\\"$`".contains(char)))).collect()
}
