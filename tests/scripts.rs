//! What becomes of the run-time expressions of scripts: with ordinary values a script does what it did, and no value is ever code. Scripts are run by
//! the shells themselves.

use std::path::Path;
use std::process::Command;

use indexmap::IndexMap;

use crate::compile::said;
use crate::random::Random;
use crate::shared::tool;
use pipelay::facts::Facts;
use pipelay::workflow::model::Or;
use pipelay::{Spec, compile};

/// Lines of scripts for bash and sh; `@` is an expression.
const LINES: &[&str] = &[
    "printf '[%s]' @",
    "printf '[%s]' \"@\"",
    "printf '[%s]' '@'",
    "printf '[%s]' a@b \"a @ b\" 'a @ b' a'@'b\"@\"c",
    "echo x$(printf %s @)y",
    "echo \"x$(printf '%s' \"@\")y\"",
    "FOO=x\"@\"; echo \"$FOO\"",
    "FOO=\"@\" sh -c 'echo \"$FOO\"'",
    "export FOO=\"a@\"; printenv FOO",
    "if [ \"@\" = word ]; then echo yes; else echo no \"@\"; fi",
    "for x in @ '@'; do echo \"$x\"; done",
    "while false; do echo @; done; echo @",
    "cat <<EOF\n@ \"@\" '@' a@b \\$x\nEOF",
    "cat <<'EOF'\n@\nEOF",
    "cat <<-END\n\t@\n\tEND",
    "case \"@\" in word) echo 1 ;; *) echo 2 @ ;; esac",
    "case @ in w*) echo 1 ;; @) echo 2 ;; esac",
    "echo \"${x:-@}\"",
    "eval \"echo @\"",
    "sh -c 'echo @'",
    "sh -ec \"echo @\"",
    "# of @ and \"@\"",
    "echo a \\\n  @",
    "echo \"a\\\"@\" \\\"@",
    "echo >&2 @; echo 2>/dev/null @; echo @ > file; cat file",
    "{ echo @; }; (echo @); ! true @",
    "echo @ | cat && echo \"@\" || echo @",
    "echo `echo @`",
    "@ x",
    "\"@\" x || true",
    "NAME_@=1 || true",
    "echo it\\'s @ 'it'\\''s @'",
    "f() { echo \"$1\" @; }; f @",
    "test -z @ && echo none",
    "printf '%s\\n' --flag=@ -x@ \"$HOME@\" ~/@ @/@",
    "echo \"$(case a in a) echo \"b @\" ;; esac)\"",
    "echo \"cost: $'5'\" '@'",
];

/// And such as only bash reads.
const BASH: &[&str] = &[
    "cat <<< \"@\"",
    "IFS=. read -r one two <<< \"@\"; echo \"$two $one\"",
    "while read -r line; do echo \"$line\"; done <<< '@'",
    "[[ @ == w* ]] && echo yes || echo no",
    "[[ \"@\" =~ ^w ]] && echo yes || echo no",
    "echo $((1 + 1)) @",
    "list=(@ b); echo \"${list[0]}\"",
    "diff <(echo @) <(echo \"@\") && echo same",
    "echo $'a\\'@' @",
    "echo {a,@} b{@}",
    "set -euo pipefail; echo @",
    "declare text=\"@\"; local_text='@'; echo \"$text\"; [[ -n \"@\" ]] && echo \"@\"",
];

/// What bash takes for arithmetic, or for a name with a subscript, both of which it expands once more.
const ARITHMETIC: &[&str] = &[
    "[[ \"@\" -gt 1 ]] && echo more",
    "[[ 1 -eq '@' ]]",
    "[[ -v \"@\" ]]",
    "[ -v \"@\" ]",
    "test -v \"@\"",
    "let \"x=@\"",
    "list[\"@\"]=1",
    "list['@']+=1",
    "declare -i x=\"@\"",
    "local -i x='@'",
    "printf -v \"@\" x",
    "read \"@\" < /dev/null",
    "unset \"@\"",
    "su nobody -c \"@\"",
    "watch -n 1 \"@\"",
    "echo \"$((@ + 1))\"",
    "declare -i n\nn=\"@\"",
    "typeset -i x y; y=\"@\"",
    "f() { local -i n; n=\"@\"; }; f",
];

/// What another command reads as code, or gives to one that does: each is run with values that say what to do.
const AGAIN: &[&str] = &[
    "sh <<< \"echo @\"",
    "<<< 'echo @' bash",
    "echo \"echo @\" | bash",
    "printf 'echo %s' \"@\" | grep e | sh -s -- x",
    "{ echo true; echo \"echo @\"; } | bash",
    "for x in 1; do echo \"echo @\"; done | bash",
    "(echo \"echo @\") |\n  bash",
    "echo \"echo @\" |& sh",
    "source <(echo \"echo @\")",
    ". /dev/stdin <<< \"echo @\"",
    "bash <(printf 'echo %s' '@')",
    "eval \"$(echo \"echo @\")\"",
    "bash -c \"$(echo 'echo @')\"",
    "shopt -s expand_aliases; alias x=\"echo @\"\nx",
    "echo x | sed \"s/x/@/\"",
    "git -c \"alias.x=!echo @\" x",
    "git -c alias.x=\"!echo @\" x",
    "env -S \"sh -c\" \"echo @\"",
    "echo \"@\" | xargs -I{} sh -c \"echo {}\"",
    "X=\"@\"; eval \"echo $X\"",
    "X=\"echo @\"; Y=\"$X\"; sh -c \"$Y\"",
    "X=\"echo @\" sh -c 'eval $X'",
    "export X=\"@\"; bash <<'EOF'\neval \"$X\"\nEOF",
    "X=\"@\"; bash <<EOF\necho $X\nEOF",
    "X=\"@\"; echo \"echo $X\" | bash",
    "read -r X <<< \"@\"; eval \"echo $X\"",
    "for X in \"@\"; do eval \"echo $X\"; done",
    "f() { eval \"echo $1\"; }; f \"@\"",
    "set -- \"@\"; eval \"echo $1\"",
    "X=(a \"@\"); eval \"echo ${X[1]}\"",
    "X=\"@\"; eval \"echo ${Y:-$X}\"",
    "X=$(echo \"@\"); eval \"echo `echo $X`\"",
    "X=\"@\"; echo \"$((X + 1))\"",
    "X=\"@\"; [[ $X -gt 1 ]] || true",
    "echo \"echo @\" > run.sh; bash run.sh",
    "cat > run.sh <<EOF\necho @\nEOF\nchmod +x run.sh; ./run.sh",
    "echo \"echo @\" | tee run.sh; . ./run.sh",
    "echo \"echo @\" >| run.sh; bash < run.sh",
    "bash <<EOF || true\necho @\nEOF",
    "cat <<EOF | bash\necho @\nEOF",
    "echo \"echo @\" | (bash)",
    "echo \"echo @\" | { true; bash; }",
    "echo \"echo @\" | if true; then bash; fi",
    "echo \"echo @\" | for x in 1; do bash; done",
    "echo \"echo @\" | while true; do bash; break; done",
    "f () { eval \"$1\"; }\nf \"@\"",
    "bash -c 'eval \"$1\"' _ \"@\"",
    "$SHELL -c \"echo @\"",
    "\"$SHELL\" -c \"echo @\"",
    "\\bash -c \"echo @\"",
    "\\eval \"echo @\"",
    "bash -c -- \"echo @\"",
    ". /dev/fd/0 <<< \"echo @\"",
];

/// And what looks like it, and is not.
const NOT_AGAIN: &[&str] = &[
    "echo \"@\" | bash -c 'cat'",
    "echo \"[@]\" | python3 -c 'import sys; print(sys.stdin.read())'",
    "echo 'cat' > own.sh; echo \"@\" | bash own.sh",
    "X=\"@\"; eval 'echo one'; echo \"$X\"",
    "X=\"@\"; Y=1; eval \"echo $Y\"; echo $((Y + 1)) \"$X\"",
    "X=\"@\" sh -c 'echo \"$X\"'",
    "echo \"@\" > text; cat text",
    "echo \"@\" || bash -c 'echo none'",
    "cat <<EOF || bash -c 'true'\n@\nEOF",
    "git -c user.name=\"@\" --version",
    "echo a | sed --sandbox \"s/a/-/\"; echo \"@\"",
    "case \"@\" in word) bash -c 'echo word' ;; esac",
    "eval \"$(echo 'echo a')\"; echo \"@\"",
    "echo \"@\" | (cat)",
    "f () { echo \"$1\"; }\nf \"@\"",
];

/// What would be parted otherwise, or be a folder.
const PARTED: &[&str] = &["IFS=/; set -- @; echo $#", "IFS=.\necho @", "echo ~@"];

const PYTHON: &[&str] = &[
    "print(\"@\", 'a @ b', \"@@\")",
    "print(\"@ x\".split())",
    "print(\"a\" \"@\")",
    "print(f\"@\")",
    "print(\"\"\"@\n  @ \"x\" \"\"\")",
    "# of @",
    "print(\"it's @\", '@')",
    "print(\"%s @\" % \"@\")",
    "print(r\"@\")",
    "print({\"@\": ['@', 1]})",
    "if \"@\" == 'word': print('yes')",
];

/// Texts that Python gives to a shell, or reads as code itself.
const PYTHON_AGAIN: &[&str] = &[
    "import os; os.system(\"echo @\")",
    "eval(\"'@'\")",
    "exec('x = \"@\"')",
    "import subprocess; subprocess.run(\"echo @\", shell=True)",
    "import subprocess; subprocess.getoutput('echo @')",
    "import os; os.popen('echo @').read()",
    "from os import system as s; s(\"echo @\")",
    "import os; os.execl('/bin/sh', 'sh', '-c', \"echo @\")",
    "import timeit; timeit.timeit(\"'@'\", number=1)",
    "import code; code.InteractiveInterpreter().runsource(\"'@'\")",
    "import runpy; open('t.py', 'w').write(\"'@'\"); runpy.run_path('t.py')",
];

/// Places of Python where only a literal may stand.
const PYTHON_LITERALS: &[&str] = &[
    "match 'word':\n    case 'x' | \"@\": print('yes')",
    "match {'k': 'word'}:\n    case {\n        'k': \"@\"\n    }: print('yes')",
    "\"\"\"@\"\"\"\nfrom __future__ import annotations",
];
/// And such as look like them.
const PYTHON_EXPRESSIONS: &[&str] = &[
    "match 'word':\n    case 'word': print(\"@\")\n    case _:\n        print(\"@\")",
    "case = \"@\"",
    "cases = [\n    \"@\"\n]",
    "from __future__ import annotations\nprint(\"@\")",
];

/// Lines of scripts for PowerShell; `§` is an expression.
const POWERSHELL: &[&str] = &[
    "Write-Output \"§\"",
    "Write-Output '§'",
    "Write-Output \"a § b§\"",
    "$x = 'a § b'; Write-Output $x",
    "$x = \"§\" + '§'; $x",
    "Write-Output \"x $(Write-Output \"y §\") z\"",
    "if (\"§\" -eq 'word') { Write-Output \"yes\" } else { Write-Output 'no §' }",
    "# of § and \"§\"\nWrite-Output 'after'",
    "<# of §\n§ #> Write-Output 'after'",
    "Write-Output @\"\n§ \"x\" $(1 + 1)\n\"@",
    "Write-Output @'\n§ \"x\" $(1 + 1) `n\n'@",
    "Write-Output 'cost: $5 `n \"§\"'",
    "Write-Output \"`\"§`\" `$§ ``§\"",
    "$name = 'v'; Write-Output \"$name-§ ${name}§\"",
    "Write-Output ('§' -replace 'o', '0')",
    "Write-Output (\"§\" + (\"-§-\"))",
    "Write-Output \"$§\"",
    "$a = 'b'; Write-Output \"$a§\"",
    "Write-Output §",
    "Write-Output \"`§\"",
    "iex \"Write-Output '§'\"",
    "bash -c 'echo §'",
];

/// And such as `ps-eval` does not read as PowerShell does, or not at all.
const BEYOND: &[&str] = &[
    "Write-Output 'it''s §'",
    "Write-Output \"say \"\"§\"\"\"",
    "Write-Output a'§'b\"§\"c",
    "Write-Output \"(§)\"",
    "switch (\"§\") { 'word' { 'yes' } default { 'no §' } }",
    "python -m this \"§\"; ./run.ps1 '§'; & ./tool 'a' \"§\"",
    "$tool = './a'; $x = \"§\"; & $tool $x",
    "$x = \"§\"; Write-Output $x > log.txt; ./build.ps1",
    "node --version\nWrite-Output \"§\"; docker start \"§\"",
    "Write-Output 'using, start, validate, cmd, python and #1: §' # it's “§”",
    "$list = 'a', '§'; foreach ($x in @('b', \"§\")) { $x }",
    "git commit `\n  -m \"§\"",
    "if ($x) { tool \"§\" } else { Write-Output '§' }",
    "$x = tool \"§\" | Select-String \"§\"",
];

/// Where a value would be code once more, must be known before, or would not be what it is.
const STAYS: &[&str] = &[
    "Write-Output “§”",
    "docker run --mount type=bind,source=\"§\",target=/src image",
    "tool --tags a, \"§\"",
    "gh label create x --color=#ff0000 --description \"§\"",
    "./scripts/\"§\".ps1",
    "[CmdletBinding(DefaultParameterSetName='§')] param()",
    "data { \"v§\" }",
    "using module '§'",
    "$ExecutionContext.InvokeCommand.InvokeScript(\"Write-Output '§'\")",
    "py -3 -c \"print('§')\"",
    "python3.12 -c \"print('§')\"",
    "python $flags -c \"print('§')\"",
    "\"echo §\" | bash",
    "\"echo §\" |\n  & bash",
    "$x = cmd /c \"echo §\"",
    "& $env:ComSpec /c \"echo §\"",
    "Start-Process tool -ArgumentList \"§\"",
    "./gradlew.bat build \"-Pv=§\"",
    "sqlite3 x.db \".shell echo §\"",
    "Write-Output ok; & \"C:/x/pwsh.exe\" -Command \"echo §\"",
    "$x = \"§\"; cmd /c $x",
    "$x = \"§\"\n& $x",
    "\"§\" | Out-File x.ps1; ./x.ps1",
    "Set-Content x.ps1 \"§\"; & ./x.ps1",
    "[System.Diagnostics.Process]::Start(\"cmd\", \"/c §\")",
    "Import-Module \"./§\"",
    "Invoke-CimMethod -ClassName Win32_Process -MethodName Create -Arguments @{ CommandLine = \"§\" }",
    "Invoke-Sqlcmd -Query \"select '§'\"",
];

/// Values that mean nothing to a shell, and such as try to be code.
const ORDINARY: &[&str] = &["word", "v1.2.3", "a/b-c_d", "two words", ""];
const HOSTILE: &[&str] = &[
    "\"; touch PWNED; \"",
    "'; touch PWNED; '",
    "$(touch PWNED)",
    "`touch PWNED`",
    "a\ntouch PWNED\n",
    "; touch PWNED #",
    "EOF\ntouch PWNED\ncat <<EOF",
    "'\"; touch PWNED; \"'",
    ") ; touch PWNED ; (",
    "\\\"; touch PWNED; \\\"",
    "\" + __import__('os').system('touch PWNED') + \"",
    "' + __import__('os').system('touch PWNED') + '",
];

/// The same for PowerShell: where one is code, it says 1337.
const HOSTILE_THERE: &[&str] = &[
    "\"; Write-Output (1336 + 1); \"",
    "'; Write-Output (1336 + 1); '",
    "$(1336 + 1)",
    "a\nWrite-Output (1336 + 1)\n",
    "\"; Write-Output (1336 + 1) #",
    "'; Write-Output (1336 + 1) #",
    "\n\"@\nWrite-Output (1336 + 1)\n@\"\n",
    "\n'@\nWrite-Output (1336 + 1)\n@'\n",
    "#>; Write-Output (1336 + 1)",
    "`\"; Write-Output (1336 + 1); `\"",
    "' + (1336 + 1) + '",
    "\" + (1336 + 1) + \"",
];

/// A script as it is given to a shell.
struct Script {
    text: String,
    /// Variables, each with the expression that it has the value of.
    env: IndexMap<String, String>,
}

/// What hardening makes of a script.
fn hardened(script: &str, shell: &str) -> Script {
    let indented: String = script.lines().map(|line| format!("    {line}\n")).collect();
    let text = format!(
        "on workflow_dispatch {{ input one: string = \"\"; input two: string = \"\" }}\njob a {{\n  shell {shell}\n  run \"\"\"\"\"\n{indented}    \"\"\"\"\"\n}}\n"
    );
    let made = compile(&Spec { path: "ci.pipe".to_owned(), text: text.clone() }, &Facts::default());
    let workflow = &made.workflow;
    assert!(made.yaml.is_some(), "{text}{:#?}", said(&made));
    let steps = workflow.jobs.as_ref().unwrap().0["a"].steps.as_ref().unwrap();
    let step = steps.0.iter().find(|step| step.run.is_some()).unwrap();
    let env = match &step.env {
        Some(Or::Is(env)) => env.iter().map(|(name, value)| (name.clone(), value.text().into_owned())).collect(),
        _ => IndexMap::new(),
    };
    Script { text: step.run.as_ref().unwrap().text().into_owned(), env }
}

/// As GitHub does it.
fn filled(text: &str, values: [&str; 2]) -> String {
    text.replace("${{ inputs.one }}", values[0]).replace("${{ inputs.two }}", values[1])
}

/// What a script prints, and how it ends; none where it is no script. With a home that is none.
fn outcome(shell: &[&str], script: &Script, values: [&str; 2], folder: &Path) -> Option<(String, bool)> {
    let file = folder.join("script");
    std::fs::write(&file, filled(&script.text, values)).unwrap();
    let mut command = Command::new(shell[0]);
    command.args(&shell[1..]).arg(&file).current_dir(folder).env("HOME", "/home/nobody");
    command.envs(script.env.iter().map(|(name, value)| (name, filled(value, values))));
    let output = command.stdin(std::process::Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).to_lowercase();
    let is_none = ["syntax error", "operator expected", "parsererror"].iter().any(|error| said.contains(error))
        || shell[0].ends_with("ps-eval") && output.status.code() == Some(2);
    (!is_none).then(|| (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.success()))
}

/// Holds scripts of some of the lines to it. How often a hostile value was run without hardening.
#[track_caller]
fn hold(shell: &[&str], name: &str, lines: &[&str], random: &mut Random) -> usize {
    let count = 1 + random.below(3);
    let template: Vec<&str> = (0..count).map(|_| lines[random.below(lines.len())]).collect();
    let expressions = ["${{ inputs.one }}", "${{ inputs.two }}"];
    let text: String = template
        .join("\n")
        .chars()
        .map(|char| if char == '@' { expressions[random.below(2)].to_owned() } else { char.to_string() })
        .collect();
    let (before, after) = (Script { text: format!("{text}\n"), env: IndexMap::new() }, hardened(&text, name));
    let folder = tempfile::tempdir().unwrap();
    let two = |random: &mut Random, of: &[&'static str]| [of[random.below(of.len())], of[random.below(of.len())]];
    for _ in 0..3 {
        let values = two(random, ORDINARY);
        // A value of two words, or of none, is an error in some places: `[[ a b == c ]]`.
        let Some(told) = outcome(shell, &before, values, folder.path()) else { continue };
        let runs = [Some(told), outcome(shell, &after, values, folder.path())];
        assert_eq!(runs[0], runs[1], "{shell:?} {values:?}\n----- before\n{}\n----- after\n{}", before.text, after.text);
    }
    let mut harmed = 0;
    if !after.text.contains("${{") {
        for _ in 0..3 {
            let values = two(random, HOSTILE);
            outcome(shell, &after, values, folder.path());
            let mark = folder.path().join("PWNED");
            let pwned = mark.exists();
            assert!(!pwned, "{shell:?} {values:?}\n----- before\n{}\n----- after\n{}", before.text, after.text);
            // As GitHub does it, many of these are run.
            outcome(shell, &before, values, folder.path());
            harmed += usize::from(std::fs::remove_file(mark).is_ok());
        }
    }
    harmed
}

#[test]
fn scripts_do_what_they_did_and_no_value_is_code() {
    let mut random = Random(26);
    let mut harmed = [0; 3];
    let both: Vec<&str> = LINES.iter().chain(BASH).chain(NOT_AGAIN).copied().collect();
    for _ in 0..80 {
        harmed[0] += hold(&["bash", "-e"], "bash", &both, &mut random);
        if Command::new("dash").arg("-c").arg("true").output().is_ok() {
            harmed[1] += hold(&["dash", "-e"], "sh", LINES, &mut random);
        }
    }
    for _ in 0..50 {
        harmed[2] += hold(&["python3"], "python", PYTHON, &mut random);
    }
    // Without the variables the values are code: else nothing was tried here.
    assert!(harmed[0] > 20 && harmed[2] > 2, "{harmed:?}");
    eprintln!("{harmed:?} values were code before");
}

/// PowerShell, or else what evaluates its scripts (`tests/powershell`); none where neither is here.
fn powershell() -> Option<Vec<String>> {
    let is_here = Command::new("pwsh").arg("-Version").output().is_ok();
    let real = ["pwsh", "-NoProfile", "-NonInteractive", "-File"].map(str::to_owned).to_vec();
    if is_here { Some(real) } else { Some(vec![tool("bin/ps-eval")?.to_str()?.to_owned()]) }
}

#[test]
fn scripts_of_powershell_do_what_they_did_and_no_value_is_code() {
    let Some(shell) = powershell() else { return };
    let shell: Vec<&str> = shell.iter().map(String::as_str).collect();
    let lines: Vec<&str> =
        if shell[0] == "pwsh" { POWERSHELL.iter().chain(BEYOND).copied().collect() } else { POWERSHELL.to_vec() };
    let mut random = Random(51);
    let folder = tempfile::tempdir().unwrap();
    let (mut same, mut moved, mut harmed) = (0, 0, 0);
    for _ in 0..if shell[0] == "pwsh" { 40 } else { 300 } {
        let template: Vec<&str> = (0..=random.below(2)).map(|_| lines[random.below(lines.len())]).collect();
        let mut expression = || ["${{ inputs.one }}", "${{ inputs.two }}"][random.below(2)].to_owned();
        let text: String =
            template.join("\n").chars().map(|char| if char == '§' { expression() } else { char.to_string() }).collect();
        let (before, after) = (Script { text: format!("{text}\n"), env: IndexMap::new() }, hardened(&text, "pwsh"));
        let mut two = |of: &[&'static str]| [of[random.below(of.len())], of[random.below(of.len())]];
        let values = two(ORDINARY);
        if let Some(told) = outcome(&shell, &before, values, folder.path()) {
            let now = outcome(&shell, &after, values, folder.path());
            assert_eq!(Some(told), now, "{values:?}\n----- before\n{}\n----- after\n{}", before.text, after.text);
            same += 1;
        }
        if after.text.contains("${{") {
            continue;
        }
        moved += 1;
        for _ in 0..3 {
            let values = two(HOSTILE_THERE);
            let is_code =
                |script: &Script| outcome(&shell, script, values, folder.path()).is_some_and(|(said, _)| said.contains("1337"));
            assert!(!is_code(&after), "{values:?}\n----- before\n{}\n----- after\n{}", before.text, after.text);
            harmed += usize::from(is_code(&before));
        }
    }
    eprintln!("{}: {same} scripts do the same, of {moved} without expressions; {harmed} values were code before", shell[0]);
    assert!(same > 20 && moved > 10 && harmed > 5, "{same} {moved} {harmed}");
}

/// Most of what scripts are made of is understood: what stays is known.
#[test]
fn what_stays_is_what_is_code_anyway() {
    let stays = |lines: &[&'static str], shell: &str| -> Vec<&'static str> {
        let mark = if shell.starts_with('p') && shell != "python" { '§' } else { '@' };
        let left = |line: &&&str| hardened(&line.replace(mark, "${{ inputs.one }}"), shell).text.contains("${{");
        lines.iter().filter(left).copied().collect()
    };
    assert_eq!(
        stays(LINES, "bash"),
        [
            "cat <<'EOF'\n@\nEOF",
            "case @ in w*) echo 1 ;; @) echo 2 ;; esac",
            "echo \"${x:-@}\"",
            "eval \"echo @\"",
            "sh -c 'echo @'",
            "sh -ec \"echo @\"",
            "echo `echo @`",
            "@ x",
            "NAME_@=1 || true",
            "printf '%s\\n' --flag=@ -x@ \"$HOME@\" ~/@ @/@",
            "echo \"$(case a in a) echo \"b @\" ;; esac)\"",
        ]
    );
    assert_eq!(stays(BASH, "bash"), ["list=(@ b); echo \"${list[0]}\"", "echo $'a\\'@' @", "echo {a,@} b{@}"]);
    assert_eq!(stays(ARITHMETIC, "bash"), ARITHMETIC);
    assert_eq!(stays(AGAIN, "bash"), AGAIN);
    assert_eq!(stays(NOT_AGAIN, "bash"), [""; 0]);
    assert_eq!(stays(PARTED, "bash"), PARTED);
    assert_eq!(stays(PYTHON, "python"), ["print(\"a\" \"@\")", "print(f\"@\")", "print(r\"@\")"]);
    assert_eq!(stays(PYTHON_AGAIN, "python"), PYTHON_AGAIN);
    assert_eq!(stays(PYTHON_LITERALS, "python"), PYTHON_LITERALS);
    assert_eq!(stays(PYTHON_EXPRESSIONS, "python"), [""; 0]);
    assert_eq!(
        stays(POWERSHELL, "pwsh"),
        [
            "Write-Output \"$§\"",
            "$a = 'b'; Write-Output \"$a§\"",
            "Write-Output §",
            "Write-Output \"`§\"",
            "iex \"Write-Output '§'\"",
            "bash -c 'echo §'",
        ]
    );
    assert_eq!(stays(BEYOND, "pwsh"), [""; 0]);
    assert_eq!(stays(STAYS, "pwsh"), STAYS);
    // Windows' own takes UTF-8 for what it is not.
    assert_eq!(stays(&["Write-Output 'done ✓ §'", "Write-Output 'done §'"], "powershell"), ["Write-Output 'done ✓ §'"]);
}

/// Ways to a second reader that are not followed: the value moves, and it is said that it may get there.
const MAYBE: &[&str] = &[
    "env X=1 bash -x \"@\"",
    "timeout 5 bash -s < <(echo \"@\")",
    "nohup \"@\" &",
    "read <<< \"@\"; eval \"$REPLY\"",
    "mapfile -t <<< \"@\"; echo $((MAPFILE[0]))",
    "[[ \"@\" =~ (.*) ]]; echo $((BASH_REMATCH[1]))",
    "echo \"@\" > f; cat f | bash",
    "echo \"@\" > f; cp f g; bash g",
    "{ echo \"@\"; } > f; . ./f",
    "C=bash; X=\"@\"; $C -c \"$X\"",
    "X=\"@\"; bash +x -c \"$X\"",
    "exec <<< \"@\"; bash",
    "echo \"@\" | tee >(bash)",
    "X=\"@\"; echo \"${X@P}\"",
    "X=\"@\"; echo \"${!X}\"",
    "X=\"@\"; declare \"$X\"",
    "echo \"@\" > f; BASH_ENV=$PWD/f bash own.sh",
    "X=\"@\"; PS4=\"$X\" bash -x own.sh",
    "X=\"@\"; awk \"BEGIN { $X }\"",
    "X=\"@\"; echo a | awk -v x=\"$X\" '{ system(x) }'",
    "echo \"s/a/@/e\" > f; sed -f f own.sh",
    "X=\"@\"; git config alias.x \"!$X\"; git x",
    "X=\"@\"; GIT_SSH_COMMAND=\"$X\" git fetch",
    "X=\"@\"; npx -c \"echo $X\"",
    "X=\"@\"; ash -c \"$X\"",
    "X=\"@\"; csh -c \"$X\"",
    "f() { echo \"@\"; }; f | bash",
    "X=\"@\"; make TITLE=\"$X\"",
    "X=\"@\"; find . -name x -exec echo \"$X\" ';'",
    "X=\"@\"; \"$X\" --version",
    "X=\"@\"; sudo -E python3 - <<< \"$X\"",
    "read -r a <<< \"@\"; let b=a",
    "a=\"@\"; let b=a+1",
    "a=\"@\"; x[a]=1",
    "a=\"@\"; s=abc; echo ${s:a:2}",
    "echo \"@\" | while read -r n; do echo ${arr[n]}; done",
    "echo \"@\" > t.txt; n=$(cat t.txt); if (( n > 3 )); then echo x; fi",
    "echo \"@\" > t.txt; n=$(cat t.txt); [[ $n -gt 3 ]] || true",
    "\"@\" --x",
    "./\"@\"",
    "runuser -u x -c \"echo @\"",
    "npx tsx -e \"x('@')\"",
    "sqlite3 x.db \"select '@'\"",
    "flock x -c \"echo @\"",
    "script -c \"echo @\" log",
    "nix-shell --run \"echo @\"",
    "adb shell \"echo @\"",
    "rsync -av -e \"ssh -o ProxyCommand=@\" a b",
    "tmux send-keys \"echo @\" Enter",
    "julia -e \"println('@')\"",
    "Rscript -e \"print('@')\"",
    "osascript -e \"say '@'\"",
    "pypy3 -c \"print('@')\"",
    "ipython -c \"print('@')\"",
    "npx concurrently \"echo @\"",
    "hyperfine \"echo @\"",
    "ansible all -m shell -a \"echo @\"",
    "gdb -ex \"shell echo @\"",
    "emacs --eval \"(message \\\"@\\\")\"",
    "tar --checkpoint-action=exec=\"echo @\" -cf a b",
    "make -f - <<< \"all: ; echo @\"",
    "cat <<EOF\nit's @\nEOF\neval \"$X\"",
    "mongosh --eval \"db.x.find('@')\"",
    "sqlcmd -S x -Q \"select '@'\"",
    "duckdb -c \"select '@'\"",
    "snowsql -q \"select '@'\"",
    "groovy -e \"println '@'\"",
    "cmd.exe /c \"echo @\"",
    "npx nodemon --exec \"echo @\"",
    "npx start-server-and-test \"echo @\" 3000 test",
    "az vm run-command invoke --scripts \"echo @\"",
    "bq query \"select '@'\"",
    "git grep -O\"@\" x",
    "sort --compress-program=\"@\" x",
    "jq '.[] | select(.t == \"@\")' x.json",
    "T=\"@\"; jq '.[] | select(.t == \"'\"$T\"'\")' x.json",
    "yq eval \".t = \\\"@\\\"\" x.yml",
    "gh api graphql -f query=\"mutation { add(body: \\\"@\\\") { id } }\"",
    "gh api graphql -f n=1 --raw-field query='mutation { add(body: \"@\") { id } }'",
    "gh issue list --json title --jq '.[] | select(.title == \"@\")'",
];

/// And where there is nothing of the kind.
const NOT_MAYBE: &[&str] = &[
    "echo \"@\"",
    "echo \"@\" >> \"$GITHUB_STEP_SUMMARY\"",
    "gh issue comment 1 --body \"@\" 2>/dev/null",
    "X=\"@\"; python3 scripts/label.py \"$X\"",
    "bash scripts/label.sh \"@\"",
    "node scripts/label.js --title \"@\"",
    "python -m label \"@\"",
    "npm ci && npm run label -- \"@\"",
    "if [ -n \"@\" ]; then echo yes; fi",
    "command -v bash; echo \"@\"",
    "apt-get install -y python3 bash; echo \"@\"",
    "source ./lib.sh; label \"@\"",
    "export TITLE=\"@\"; ./label",
    "printf '%s\\n' \"@\" | grep -q '^fix'",
    "make lint; echo \"@\"",
    "sed --sandbox -e 's/a/b/' f; echo \"@\"",
    "# eval\necho \"@\"",
    "cat <<EOF\n@\nEOF",
    "chmod +x ./label && ./label \"@\"",
    "X=\"@\"; i=0; ((i++)); echo \"${X:-none}\" ${list[0]}",
    "X=\"@\"; n=$(wc -l < list); [[ $n -gt 3 ]] && echo \"$X\"",
    "bash -c 'echo \"$1\"' _ \"@\"",
    "bash -e -c 'echo \"$1\"' _ \"@\"",
    "python3 -c 'import sys; print(sys.argv[1])' \"@\"",
    "read -r X <<< \"@\"; echo \"$X\"",
    "jq --arg t \"@\" '.[] | select(.t == $t)' x.json",
    "jq --arg t '@' '.[] | select(.t == $t)' x.json",
    "T=\"@\" jq '.t = env.T' x.json",
    "gh api graphql -f t=\"@\" -f query='mutation($t: String!) { add(body: $t) { id } }'",
    "gh api repos/a/b/issues -f title=\"@\" --jq '.[] | .number'",
    "export T=\"x @\"; ./label",
    "f() { local T=\"x @\"; readonly U='y z'; ./label \"$T\"; }; f",
    "echo \"on $(date) $X: @\"",
    "gh pr comment --body \"first\n'@'\n\"",
    "cat <<EOF\n[\n\"@\",\nit's]\nEOF\necho 'it'",
    "tar -cf \"$X.tar\" a; rsync -av \"$X\" b; echo \"@\"",
    "mongosh --eval 'db.stats()' \"$URL\"; echo \"@\"",
    "git grep \"@\"",
    "az vm start --name \"@\"",
    "sort -o \"@\" x",
];

/// What GitHub sets in the environment is asked there, but not where the script has that name for anything else.
#[test]
fn what_a_script_may_change_has_a_name_of_its_own() {
    for (line, named) in [
        ("echo \"$GITHUB_SHA\"", "GITHUB_SHA"),
        ("echo \"${GITHUB_SHA::7}\"", "GITHUB_SHA"),
        ("GITHUB_SHA=x", "RUN_SHA"),
        ("unset GITHUB_SHA", "RUN_SHA"),
        ("read -r a GITHUB_SHA < a.txt", "RUN_SHA"),
        ("printf -v GITHUB_SHA x", "RUN_SHA"),
        ("for GITHUB_SHA in a b; do :; done", "RUN_SHA"),
        ("(( GITHUB_SHA += 1 ))", "RUN_SHA"),
        ("echo \"${GITHUB_SHA:=x}\"", "RUN_SHA"),
    ] {
        let script = hardened(&format!("{line}\necho \"${{{{ github.sha }}}}\""), "bash");
        assert!(script.text.trim_end().ends_with(&format!("echo \"${named}\"")), "{line}: {}", script.text);
    }
}

#[test]
fn what_may_be_code_on_a_way_that_is_not_seen_is_told() {
    let told = |line: &str| -> Vec<String> {
        let script: String =
            line.replace('@', "${{ github.event.issue.title }}").lines().map(|line| format!("    {line}\n")).collect();
        let text = format!("on issues\njob a {{\n  run \"\"\"\"\"\n{script}    \"\"\"\"\"\n}}\n");
        let made = compile(&Spec { path: "ci.pipe".to_owned(), text }, &Facts::default());
        assert!(made.yaml.is_some(), "{line} {:#?}", said(&made));
        made.diags.iter().map(|diag| diag.code.id.to_owned()).filter(|id| ["R0743", "W0707"].contains(&id.as_str())).collect()
    };
    for line in MAYBE {
        assert!(!told(line).is_empty(), "{line}");
    }
    // Of what is followed nothing more is asked than that it is told.
    for line in AGAIN {
        assert!(told(line).contains(&"W0707".to_owned()), "{line}");
    }
    for line in NOT_MAYBE {
        assert_eq!(told(line), [""; 0], "{line}");
    }
}

/// What strangers choose stays one word where nothing quotes it: else a blank in it would be an argument of its own, as `--eval` of make.
#[test]
fn text_of_strangers_is_no_argument_of_its_own() {
    let script = "printf '[%s]' @ NAME=@ a@b; for x in @; do printf '(%s)' \"$x\"; done; X=@; printf '{%s}' \"$X\"";
    let expression = "${{ github.event.issue.title }}";
    let text = format!("on issues\njob a {{\n  run \"\"\"\n    {}\n    \"\"\"\n}}\n", script.replace('@', expression));
    let made = compile(&Spec { path: "ci.pipe".to_owned(), text }, &Facts::default());
    let steps = made.workflow.jobs.as_ref().unwrap_or_else(|| panic!("{:#?}", said(&made))).0["a"].steps.as_ref().unwrap();
    let run = steps.0.iter().find_map(|step| step.run.as_ref()).unwrap().text().into_owned();
    assert!(!run.contains("${{"), "{run}");
    let output = Command::new("bash").args(["-c", &run]).env("EVENT_ISSUE_TITLE", "x --eval=y *").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said, "[x --eval=y *][NAME=x --eval=y *][ax --eval=y *b](x --eval=y *){x --eval=y *}", "{run}");
}

/// The spec's own values may be written for the shell: where a sign of theirs means something to it, a variable would not do the same.
#[test]
fn what_the_spec_wrote_for_a_shell_stays_where_it_means_something() {
    let of = |job: &str, script: &str| {
        let text = format!("on push\non workflow_dispatch {{ input x: string = \"\" }}\njob a {{\n  {job}\n  run {script}\n}}\n");
        let made = compile(&Spec { path: "ci.pipe".to_owned(), text: text.clone() }, &Facts::default());
        let yaml = made.yaml.clone().unwrap_or_else(|| panic!("{text}{:#?}", said(&made)));
        yaml.lines()
            .find_map(|line| line.trim().strip_prefix("- run: ").or(line.trim().strip_prefix("run: ")))
            .unwrap()
            .to_owned()
    };
    let grep = "matrix { args: [\"--grep 'a b'\", \"--all\"] }";
    let added = "matrix {\n    os: [a, b]\n    include { os: a, flags: \"--grep 'a b'\" }\n  }";
    let home = "matrix { dir: [\"$HOME/x\", y] }";
    let title = "matrix { title: [\"A (b)\", \"it's\"] }";
    for (job, script) in [
        (grep, "npm test ${{ matrix.args }}"),
        (added, "npm test ${{ matrix.flags }}"),
        ("env { OPTS: \"-k 'a or b'\" }", "pytest ${{ env.OPTS }}"),
        ("env { OPTS: \"lint && echo more\" }", "npm run ${{ env.OPTS }}"),
        (home, "ls ${{ matrix.dir }}"),
        (home, "ls \"${{ matrix.dir }}\""),
        (title, "echo '${{ matrix.title }}'"),
        ("timeout 5m", "npm test ${{ github.event_name == 'push' && '--grep \"a b\"' || '' }}"),
    ] {
        assert!(of(job, script).contains("${{"), "{job} {script}: {}", of(job, script));
    }
    for (job, script) in [
        (grep, "npm test \"${{ matrix.args }}\""),
        (home, "ls '${{ inputs.x }}'"),
        (title, "echo \"${{ matrix.title }}\""),
        ("env { OPTS: \"--all --fast\" }", "pytest ${{ env.OPTS }}"),
        ("timeout 5m", "pytest ${{ github.event.pull_request.title || '(none)' }}"),
    ] {
        assert!(!of(job, script).contains("${{"), "{job} {script}: {}", of(job, script));
    }
}

/// The same by a variable of the spec that has nothing but such a text in it; what the spec itself wrote for several words is several.
#[test]
fn text_of_strangers_in_a_variable_is_no_argument_of_its_own() {
    let title = "${{ github.event.issue.title }}";
    for (env, asked) in [
        (format!("T: {title}"), "\"$T\""),
        (format!("T: --title={title}"), "\"$T\""),
        ("T: ${{ vars.V }}".to_owned(), "$T"),
        (format!("T: \"--title {title}\""), "$T"),
        ("T: --all".to_owned(), "$T"),
    ] {
        let text = format!("on issues\nenv {{ {env} }}\njob a {{\n  run ./triage ${{{{ env.T }}}}\n}}\n");
        let made = compile(&Spec { path: "ci.pipe".to_owned(), text }, &Facts::default());
        let yaml = made.yaml.clone().unwrap_or_else(|| panic!("{:#?}", said(&made)));
        assert!(yaml.contains(&format!("./triage {asked}\n")), "{env}\n{yaml}");
    }
    // A variable of a step sees those of the file.
    let text = format!(
        "on issues\nenv {{ T: {title} }}\njob a {{\n  step {{\n    env {{ U: ${{{{ env.T }}}} }}\n    run ./triage ${{{{ env.U }}}}\n  }}\n}}\n"
    );
    let made = compile(&Spec { path: "ci.pipe".to_owned(), text }, &Facts::default());
    assert!(made.yaml.as_ref().is_some_and(|yaml| yaml.contains("./triage \"$U\"\n")), "{:?}", made.yaml);
}
