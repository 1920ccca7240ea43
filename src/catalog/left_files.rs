//! Files that commands leave where they are told to: over those of others, where nobody says which they are.

use super::lines;

/// Where what is written is nobody's: the devices, files of GitHub's own, other machines, and what is thrown away with the machine.
const NOWHERE: &[&str] = &[
    "&",
    "/dev/",
    "/tmp/",
    "$GITHUB_OUTPUT",
    "$GITHUB_STEP_SUMMARY",
    "$RUNNER_TEMP",
    "${GITHUB_OUTPUT",
    "${GITHUB_STEP_SUMMARY",
    "${RUNNER_TEMP",
    "${{ github.output",
    "${{ github.step_summary",
    "${{ runner.temp",
];

/// Folders of all that runs on a machine, and what each is.
const TEMPORARY: &[(&str, &str)] =
    &[("/tmp/", "/tmp/"), ("$RUNNER_TEMP/", "temp/"), ("${RUNNER_TEMP}/", "temp/"), ("${{ runner.temp }}/", "temp/")];

/// Short options of `curl` that have a value: what stands behind them is that.
const WITH_VALUE: &str = "AbcCdDeEFHKmPQrtTuUwxXyYz";

/// The files and folders that the commands of a script write to, as they are told; empty where they are not told which. What is nobody's is left out.
pub fn left(script: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for line in lines::logical(script) {
        all.extend(redirected(line));
        for command in lines::commands(line) {
            let words = lines::words(&command);
            (0..words.len()).for_each(|at| all.extend(made(&words[at..])));
        }
    }
    all.retain(|target| !is_elsewhere(target));
    all
}

/// The files and folders in folders of the machine that a script names, each by the name that it has there.
pub fn temporary(script: &str) -> Vec<String> {
    let script = script.replace(['"', '\''], "");
    let of = |(folder, is): &(&str, &str)| {
        let found = script
            .match_indices(folder)
            .filter(|(at, _)| !script[..*at].ends_with(|before: char| before.is_alphanumeric() || "._-})".contains(before)));
        let name = |(at, _): (usize, &str)| -> String {
            script[at + folder.len()..].chars().take_while(|char| char.is_alphanumeric() || "._-$".contains(*char)).collect()
        };
        found.map(name).filter(|name| !name.is_empty()).map(|name| format!("{is}{name}")).collect::<Vec<_>>()
    };
    TEMPORARY.iter().flat_map(of).collect()
}

fn is_elsewhere(target: &str) -> bool {
    target == "-" || target.contains(":/") || NOWHERE.iter().any(|place| target.starts_with(place))
}

/// Where the output of commands in a line goes.
fn redirected(line: &str) -> Vec<String> {
    if !line.contains('>') || line.contains("[[") {
        return Vec::new();
    }
    let target = |(at, _): (usize, char)| {
        let (before, target) = (&line[..at], line[at + 1..].trim_start_matches(['>', '|', ' ']));
        let is_one = !before.ends_with(['>', '=', '-', '<']) && !target.starts_with(['=', '(']);
        let target = target.replace(['"', '\''], "");
        let end = target.find(|char: char| char.is_whitespace() || ";|)".contains(char)).unwrap_or(target.len());
        (is_one && !target.is_empty()).then(|| if target.starts_with("${{") { target.clone() } else { target[..end].to_owned() })
    };
    lines::unquoted(line).filter(|(_, char)| *char == '>').filter_map(target).collect()
}

/// What the command that these words begin with makes.
fn made(command: &[&str]) -> Vec<String> {
    let (name, rest) = (lines::program(command[0]), &command[1..]);
    let plain = || rest.iter().filter(|word| !word.starts_with('-')).map(|word| (*word).to_owned());
    // The value of an option, of a short one also where others stand before it: `-qO x`.
    let value = |short: char, long: &str| {
        let at = rest.iter().position(|word| word.split('=').next() == Some(long) || is_short(word, short))?;
        let word = rest[at];
        let inline = match word.split_once('=') {
            Some((_, value)) if word.starts_with("--") => value,
            _ if word.starts_with("--") => "",
            _ => word.split_once(short).map_or("", |(_, value)| value),
        };
        Some(if inline.is_empty() {
            rest.get(at + 1).map_or_else(String::new, |word| (*word).to_owned())
        } else {
            inline.to_owned()
        })
    };
    let has = |short: char, long: &str| lines::has_flag(rest, &[long]) || rest.iter().any(|word| is_short(word, short));
    match name {
        "cp" | "rsync" | "scp" if rest.len() > 1 => plain().next_back().into_iter().collect(),
        "tee" | "touch" => plain().collect(),
        "dd" => rest.iter().filter_map(|word| word.strip_prefix("of=")).map(str::to_owned).collect(),
        "curl" => of_curl(rest),
        "wget" if lines::has_flag(rest, &["--spider"]) => Vec::new(),
        "wget" => vec![value('O', "--output-document").or_else(|| value('P', "--directory-prefix")).unwrap_or_default()],
        "unzip" if has('l', "-l") || has('p', "-p") || has('t', "-t") => Vec::new(),
        "unzip" => vec![value('d', "-d").unwrap_or_default()],
        "tar" | "bsdtar" | "gtar" => of_tar(rest, value('C', "--directory")),
        "gh" if ["release", "run"].iter().any(|of| lines::has_in_order(command, &["gh", of, "download"])) => {
            vec![value('D', "--dir").or_else(|| value('O', "--output")).unwrap_or_default()]
        }
        _ => Vec::new(),
    }
}

fn is_short(word: &str, flag: char) -> bool {
    word.starts_with('-') && !word.starts_with("--") && word.contains(flag)
}

/// What `curl` makes: of `-fsSLo x` it is x.
fn of_curl(rest: &[&str]) -> Vec<String> {
    let mut made = Vec::new();
    for (at, word) in rest.iter().enumerate() {
        let next = || rest.get(at + 1).map_or_else(String::new, |word| (*word).to_owned());
        match (word.split_once('='), word.strip_prefix('-')) {
            (Some(("--output", value)), _) => made.push(value.to_owned()),
            (_, Some("-output")) => made.push(next()),
            (_, Some("-remote-name" | "-remote-name-all")) => made.push(String::new()),
            (_, Some(short)) if !short.starts_with('-') => {
                let told = short.find(|char| char == 'o' || char == 'O' || WITH_VALUE.contains(char));
                match told.map(|place| short.split_at(place)).map(|(_, rest)| rest) {
                    Some("o") => made.push(next()),
                    Some(rest) if rest.starts_with('o') => made.push(rest[1..].to_owned()),
                    Some(rest) if rest.starts_with('O') => made.push(String::new()),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    made
}

/// What `tar` makes: what is in an archive, or an archive.
fn of_tar(rest: &[&str], folder: Option<String>) -> Vec<String> {
    // Its first word may be options without a line before them.
    let flags = |(at, word): (usize, &&str)| match word.strip_prefix('-') {
        Some(short) if !short.starts_with('-') => Some((at, short.to_owned())),
        None if at == 0 => Some((at, (*word).to_owned())),
        _ => None,
    };
    let all: Vec<(usize, String)> = rest.iter().enumerate().filter_map(flags).collect();
    let has = |flag: char, long: &str| all.iter().any(|(_, flags)| flags.contains(flag)) || rest.contains(&long);
    if has('x', "--extract") {
        return if has('O', "--to-stdout") { Vec::new() } else { vec![folder.unwrap_or_default()] };
    }
    let archive = all.iter().find(|(_, flags)| flags.contains('f')).and_then(|(at, _)| rest.get(at + 1));
    archive.filter(|_| has('c', "--create")).map(|archive| (*archive).to_owned()).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::{left, temporary};

    #[test]
    fn what_is_left_is_known() {
        for (script, wanted) in [
            ("cp a b", &["b"][..]),
            ("cp -r dist out", &["out"]),
            ("aws s3 cp dist s3://bucket", &[]),
            ("curl -o x https://e.org", &["x"]),
            ("curl -fsSLo vendor/x.js https://e.org", &["vendor/x.js"]),
            ("curl -fsSL -O https://e.org/x", &[""]),
            ("curl -sSf https://e.org | jq .", &[]),
            ("curl -o /dev/null https://e.org", &[]),
            ("curl -H 'X-To: o' https://e.org", &[]),
            ("wget https://e.org/x", &[""]),
            ("wget -qO- https://e.org | sh", &[]),
            ("wget -qO x https://e.org", &["x"]),
            ("tar xzf a.tgz", &[""]),
            ("tar -xf a.tgz -C out", &["out"]),
            ("tar czf a.tgz dist", &["a.tgz"]),
            ("tar tf a.tgz", &[]),
            ("gh release download v1 -D out", &["out"]),
            ("gh release download v1", &[""]),
            ("dd if=/dev/zero of=disk bs=1M", &["disk"]),
            ("unzip -d out a.zip", &["out"]),
            ("make b | tee log", &["log"]),
            ("make b > \"log\" 2>&1", &["log"]),
            ("make b > /tmp/log", &[]),
            ("echo x >> $GITHUB_OUTPUT", &[]),
            ("node -e 'x => x > 1'", &[]),
        ] {
            assert_eq!(left(script), wanted, "{script}");
        }
    }

    #[test]
    fn what_lies_beside_the_workspace_has_a_name() {
        assert_eq!(temporary("./a >> \"/tmp/report.md\" && b /tmp/x/y"), ["/tmp/report.md", "/tmp/x"]);
        assert_eq!(temporary("./a > \"$RUNNER_TEMP/a\" && b \"${RUNNER_TEMP}\"/b"), ["temp/a", "temp/b"]);
        assert_eq!(temporary("ls app/tmp/x /tmp"), Vec::<String>::new());
    }
}
