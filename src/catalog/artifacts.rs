//! Artifacts of other runs: what downloads them, and what runs files that lie in a folder.
//!
//! Actions, with what each says of a run, and what runs the files of a folder: GitHub's `CodeQL` (`ArtifactPoisoningQuery.qll` and `poisonable_steps.yml`, github/codeql at 106dc1af and
//! 1233d815, read 2026-11-28). `gh run download`: its manual at cli.github.com. A `.npmrc` of the folder is not read by `npm --global` (npm's manual, npmrc), both read on that day.

use std::ops::Range;

use super::{actions, lines};
use crate::pattern::folder;

/// Actions that download artifacts of other runs, in lower case.
const ACTIONS: &[&str] = &[
    "aochmann/actions-download-artifact",
    "benday-inc/download-artifact",
    "benday-inc/download-latest-artifact",
    "bettermarks/action-artifact-download",
    "blablacar/action-download-last-artifact",
    "dawidd6/action-download-artifact",
    "levonet/action-download-last-artifact",
    "ma-ve/action-download-artifact-with-retry",
    "marcofaggian/action-download-multiple-artifacts",
    "sidx1024/action-download-artifact",
    "synergy-au/download-workflow-artifacts-action",
];

/// Actions that run what files of the workspace say, in lower case.
const RUN_BY_ACTION: &[&str] = &[
    "actions/jekyll-build-pages",
    "bridgecrewio/checkov-action",
    "oxsecurity/megalinter",
    "pre-commit/action",
    "ruby/setup-ruby",
    "sonarsource/sonarcloud-github-action",
];

/// Programs that run what files of their folder say.
const TOOLS: &[&str] = &[
    "ant",
    "bun",
    "bundle",
    "cargo",
    "eslint",
    "golangci-lint",
    "goreleaser",
    "gradle",
    "gradlew",
    "make",
    "mkdocs",
    "msbuild",
    "mvn",
    "mvnw",
    "mypy",
    "npm",
    "npx",
    "phpstan",
    "pnpm",
    "poetry",
    "pre-commit",
    "prettier",
    "pylint",
    "pytest",
    "rake",
    "rubocop",
    "sonar-scanner",
    "stylelint",
    "terraform",
    "tflint",
    "webpack",
    "yarn",
];

/// Programs that run the file that they are given.
const INTERPRETERS: &[&str] =
    &[".", "bash", "bun", "deno", "fish", "node", "perl", "php", "python", "python3", "ruby", "sh", "source", "tsx", "zsh"];

/// Options by which a tool is told the folder that it works in.
const IN_FOLDER: &[&str] = &["-C", "--cwd", "--dir", "--directory", "--prefix"];

/// Into which folder an action downloads artifacts of a run that strangers may have started, given its inputs; none where it does not.
pub fn by_action(uses: &str, input: impl Fn(&str) -> String) -> Option<String> {
    let name = actions::name(uses).to_ascii_lowercase();
    let first = |keys: &[&str]| keys.iter().map(|key| input(key)).find(|value| !value.is_empty()).unwrap_or_default();
    let is_foreign = if name == "actions/download-artifact" {
        !input("run-id").is_empty() && !input("run-id").contains("github.run_id")
    } else {
        let is_named = !first(&["run-id", "run_id", "workflow-run-id", "workflow_run_id", "pr", "commit"]).is_empty();
        let is_own = !first(&["branch", "branch_name"]).is_empty() || input("event") == "push";
        ACTIONS.contains(&name.as_str()) && (is_named || !is_own)
    };
    is_foreign.then(|| place(&first(&["path", "download_path", "paths"])))
}

/// The first command of a script that downloads artifacts of another run, and the folder that they come into.
pub fn by_script(script: &str, start: &str) -> Option<(Range<usize>, String)> {
    let mut dir = place(start);
    lines::placed(script).find_map(|(at, command)| {
        let words = lines::bare(command);
        dir = moved(&dir, &words);
        let begin = words.windows(3).position(|words| words == ["gh", "run", "download"])?;
        let into = given(&words[begin..], &["-D", "--dir"]).map_or_else(|| dir.clone(), |into| join(&dir, into));
        let offset = |word: &str| at + (word.as_ptr() as usize - command.as_ptr() as usize);
        Some((offset(words[begin])..offset(words[begin + 2]) + "download".len(), into))
    })
}

/// Whether an action runs what files of the workspace say; those of the repository are such files themselves.
pub fn run_by_action(uses: &str, from: &str) -> bool {
    match uses.strip_prefix("./") {
        Some(path) => folder::holds(from, &folder::plain(path)),
        None => from.is_empty() && RUN_BY_ACTION.contains(&actions::name(uses).to_ascii_lowercase().as_str()),
    }
}

/// The first command of a script from a place in it on, begun in the folder `start`, that runs a file of `from`, or what such a file says.
pub fn run_by_script(script: &str, behind: usize, start: &str, from: &str) -> Option<Range<usize>> {
    let mut dir = place(start);
    lines::placed(script).find_map(|(at, command)| {
        let all = lines::bare(command);
        dir = moved(&dir, &all);
        let (first, rest) = lines::own(&all).split_first()?;
        let holds = |path: &str| folder::holds(from, &join(&dir, path));
        let is_path = |word: &str| word.contains('/') && !word.contains("://");
        let name = lines::program(first);
        let reads = || {
            let at = given(rest, IN_FOLDER).map_or_else(|| dir.clone(), |at| join(&dir, at));
            let is_elsewhere = ["npm", "pnpm", "yarn"].contains(&name) && lines::has_flag(rest, &["-g", "--global"]);
            TOOLS.contains(&name) && !is_elsewhere && folder::holds(from, &at)
        };
        let interprets = || {
            let mut rest = rest.iter();
            INTERPRETERS.contains(&name)
                && match rest.find(|word| !word.starts_with('-') || matches!(**word, "-c" | "-e" | "-m")) {
                    Some(&"-c" | &"-e") | None => false,
                    // A module is looked for in the folder first.
                    Some(&"-m") => rest.next().is_some_and(|module| *module != "pip") && folder::holds(from, &dir),
                    Some(file) => holds(file),
                }
        };
        let is_it = || is_path(first) && holds(first) || interprets() || reads();
        (at >= behind && is_it()).then(|| at..at + command.len())
    })
}

/// The value of the first of these options: `-C x`, `--dir=x`.
fn given<'w>(words: &[&'w str], options: &[&str]) -> Option<&'w str> {
    words.iter().enumerate().find_map(|(at, word)| match word.split_once('=') {
        Some((option, value)) if options.contains(&option) => Some(value),
        _ => options.contains(word).then(|| words.get(at + 1).copied()).flatten(),
    })
}

/// Where a script is behind a command.
fn moved(dir: &str, words: &[&str]) -> String {
    match words {
        ["cd" | "pushd", to, ..] => join(dir, to),
        _ => dir.to_owned(),
    }
}

fn join(dir: &str, path: &str) -> String {
    let path = place(path);
    if dir.is_empty() || path.starts_with(['/', '$', '~']) { path } else { folder::plain(&format!("{dir}/{path}")) }
}

/// A folder as told from the workspace, by one name where it is the runner's for what is temporary.
fn place(folder: &str) -> String {
    let folder = folder.trim();
    let rest =
        ["${{ github.workspace }}", "$GITHUB_WORKSPACE", "${GITHUB_WORKSPACE}"].iter().find_map(|own| folder.strip_prefix(own));
    if let Some(rest) = rest {
        return folder::plain(rest.trim_start_matches('/'));
    }
    let temp = ["${{ runner.temp }}", "${RUNNER_TEMP}"].iter().find_map(|own| folder.strip_prefix(own));
    folder::plain(&temp.map_or_else(|| folder.to_owned(), |rest| format!("$RUNNER_TEMP{rest}")))
}

#[cfg(test)]
mod tests {
    use super::{ACTIONS, INTERPRETERS, RUN_BY_ACTION, TOOLS, by_action, by_script, run_by_script};

    #[test]
    fn downloads_are_known() {
        for table in [ACTIONS, RUN_BY_ACTION, TOOLS, INTERPRETERS] {
            assert!(table.is_sorted());
        }
        let of = |uses: &str, given: &[(&str, &str)]| {
            by_action(uses, |key| {
                given.iter().find(|(own, _)| *own == key).map(|(_, value)| (*value).to_owned()).unwrap_or_default()
            })
        };
        let run = ("run-id", "${{ github.event.workflow_run.id }}");
        assert_eq!(of("actions/download-artifact@v8", &[run]).as_deref(), Some(""));
        assert_eq!(of("actions/download-artifact@v8", &[run, ("path", "./art/")]).as_deref(), Some("art"));
        assert_eq!(of("actions/download-artifact@v8", &[run, ("path", "${{ github.workspace }}")]).as_deref(), Some(""));
        assert_eq!(of("actions/download-artifact@v8", &[("path", ".")]), None);
        assert_eq!(of("dawidd6/action-download-artifact@v11", &[("run_id", "1")]).as_deref(), Some(""));
        assert_eq!(of("dawidd6/action-download-artifact@v11", &[("branch", "main")]), None);
        let into = |script: &str| by_script(script, "").map(|(at, folder)| (script[at].to_owned(), folder));
        assert_eq!(into("set -e\ngh run download \"$RUN\" -n dist"), Some(("gh run download".to_owned(), String::new())));
        assert_eq!(into("gh run download 1 --dir=a/b").unwrap().1, "a/b");
        assert_eq!(into("cd x; gh run download 1 -D \"$RUNNER_TEMP/y\"").unwrap().1, "$RUNNER_TEMP/y");
        assert_eq!(into("gh run list"), None);
    }

    #[test]
    fn what_runs_files_of_a_folder_is_known() {
        for (script, from, found) in [
            ("ls\nbash ./run.sh", "", true),
            ("npm test", "", true),
            ("FORCE=1 npm ci", "", true),
            ("if make test; then echo; fi", "", true),
            ("scripts/report", "", true),
            ("python -m report", "", true),
            ("./art/run", "art", true),
            ("node art/x.js", "art", true),
            ("cd art && make", "art", true),
            ("make -C art", "art", true),
            ("sh \"$RUNNER_TEMP/a/x.sh\"", "$RUNNER_TEMP/a", true),
            ("cat number", "", false),
            ("gh pr comment \"$(cat number)\" --body-file body.md", "", false),
            ("npm install -g netlify-cli", "", false),
            ("pip install smokeshow", "", false),
            ("python -m pip install smokeshow", "", false),
            ("python -c 'print(1)'", "", false),
            ("npm test", "art", false),
            ("node scripts/size.js art", "art", false),
            ("/usr/bin/x", "", false),
            ("npm test", "$RUNNER_TEMP/a", false),
        ] {
            assert_eq!(run_by_script(script, 0, "", from).is_some(), found, "{script}");
        }
        let script = "make; gh run download 1; make test";
        assert_eq!(run_by_script(script, 5, "", "").map(|at| &script[at]), Some("make test"));
    }
}
