//! What zizmor finds, the compiler says first or does not make: every audit has an answer in `src/catalog/audits.rs`, and each answer is shown.

use std::collections::BTreeMap;
use std::process::Command;

use pipelay::catalog::audits::{ALL, Answer};
use serde_json::Value;

use crate::compile::{compiled, said};
use crate::shared::{files, spec, tool};

/// For each audit with a code or a pass, a spec that brings it about under `optimize off`.
const BAD: &[(&str, &str)] = &[
    (
        "artipacked",
        "job a { uses actions/checkout@v5; uses actions/upload-artifact@v7 { name: a, path: ., include-hidden-files: true } }",
    ),
    ("bot-conditions", "on pull_request_target\njob a { when github.actor == 'dependabot[bot]'; run make }"),
    (
        "cache-poisoning",
        "on release\njob a { uses oven-sh/setup-bun@v2; uses actions/setup-node@v6; uses softprops/action-gh-release@v2 }",
    ),
    (
        "dangerous-triggers",
        "on pull_request_target\njob a { uses actions/checkout@v6 { ref: ${{ github.event.pull_request.head.sha }} }; run make }",
    ),
    ("concurrency-limits", "on pull_request\njob a: make"),
    ("excessive-permissions", "permissions write-all\njob a: make"),
    ("github-env", "on pull_request_target\njob a { run echo \"T=${{ github.event.pull_request.title }}\" >> \"$GITHUB_ENV\" }"),
    (
        "hardcoded-container-credentials",
        "job a { container ghcr.io/x/y:1 { credentials: { username: u, password: hunter2 } }; run make }",
    ),
    ("insecure-commands", "job a { env { ACTIONS_ALLOW_UNSECURE_COMMANDS: true }; run make }"),
    ("obfuscation", "job a { uses actions/cache/./restore@v5 { path: x, key: x } }"),
    ("overprovisioned-secrets", "job a { env { ALL: ${{ toJSON(secrets) }} }; run ./deploy }"),
    ("secrets-inherit", "job a { uses example/workflows/.github/workflows/lint.yml@v3 { secrets inherit } }"),
    ("self-hosted-runner", "on pull_request\njob a { runner self-hosted; run make }"),
    ("template-injection", "on issues\njob a: echo \"${{ github.event.issue.title }}\""),
    ("unpinned-images", "job a { container node; run make }"),
    ("unpinned-uses", "job a { uses actions/setup-node@v6; run make }"),
    ("unredacted-secrets", "job a { env { KEY: ${{ fromJSON(secrets.ACCOUNT).key }} }; run ./deploy }"),
    ("unsound-contains", "job a { when contains('refs/heads/main refs/heads/next', github.ref); run make }"),
    ("unsound-ternary", "job a { env { A: ${{ github.ref == 'x' && '' || 'y' }} }; run make }"),
    (
        "use-trusted-publishing",
        "on release\njob a { uses pypa/gh-action-pypi-publish@release/v1 { password: ${{ secrets.PYPI }} } }",
    ),
];

/// For each audit that a pass answers in part, specs of which nothing is said: zizmor finds it in what is made of them.
const REST: &[(&str, &[&str])] = &[(
    "concurrency-limits",
    &[
        "on push\njob a: make",
        "on issue_comment\njob a: make",
        "on schedule \"0 3 * * *\"\njob a: make",
        "on workflow_dispatch\njob a: make",
        "on workflow_call, push\njob a: make",
        "on workflow_call, pull_request\njob a: make",
    ],
)];

/// What zizmor finds in workflows, by name.
fn found(workflows: &[(String, String)]) -> Option<BTreeMap<String, Vec<String>>> {
    let zizmor = tool("bin/zizmor")?;
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<_> = workflows.iter().map(|(name, _)| folder.path().join(format!("{name}.yml"))).collect();
    for (path, (_, yaml)) in paths.iter().zip(workflows) {
        std::fs::write(path, yaml).unwrap();
    }
    let mut command = Command::new(zizmor);
    let command = command.args(["--offline", "--persona", "auditor", "--format", "json", "--no-exit-codes", "--no-config"]);
    let output = command.args(&paths).output().unwrap();
    let all: Vec<Value> = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let mut by_name: BTreeMap<String, Vec<String>> = workflows.iter().map(|(name, _)| (name.clone(), Vec::new())).collect();
    for finding in &all {
        let key = finding["locations"][0]["symbolic"]["key"].to_string();
        let name = workflows.iter().map(|(name, _)| name).find(|name| key.contains(&format!("/{name}.yml\"")));
        by_name.get_mut(name.unwrap_or_else(|| panic!("{key}"))).unwrap().push(finding["ident"].as_str().unwrap().to_owned());
    }
    Some(by_name)
}

fn with_event(spec: &str, optimize: &str) -> String {
    let event = if spec.starts_with("on ") { "" } else { "on push\n" };
    format!("{optimize}{event}{spec}\n")
}

#[test]
fn every_audit_of_the_installed_zizmor_has_an_answer() {
    assert!(ALL.is_sorted_by(|a, b| a.0 < b.0));
    let Some(zizmor) = tool("bin/zizmor") else { return };
    let binary = std::fs::read(zizmor).unwrap();
    // Each audit knows the address of its page.
    let start = b"docs.zizmor.sh/audits/#";
    let mut pages: Vec<String> = Vec::new();
    for at in (0..binary.len()).filter(|at| binary[*at..].starts_with(start)) {
        let name = binary[at + start.len()..].iter().take_while(|byte| byte.is_ascii_lowercase() || **byte == b'-');
        pages.push(name.map(|byte| char::from(*byte)).collect());
    }
    // Other text follows in the binary without a gap.
    pages.retain(|page| !page.is_empty());
    let unknown: Vec<_> = pages.iter().filter(|page| ALL.iter().all(|(name, _)| !page.starts_with(name))).collect();
    let gone: Vec<_> = ALL.iter().filter(|(name, _)| !pages.iter().any(|page| page.starts_with(name))).collect();
    assert!(unknown.is_empty() && gone.is_empty() && pages.len() > 30, "no answer: {unknown:?}; no audit: {gone:?}");
}

#[test]
fn what_zizmor_finds_is_said_first_or_not_made() {
    let shown: Vec<_> =
        ALL.iter().filter(|(_, answer)| matches!(answer, Answer::Code(_) | Answer::Pass(_) | Answer::Partly(..))).collect();
    let mut faults = Vec::new();
    let mut workflows = Vec::new();
    for (audit, answer) in shown {
        let Some((_, bad)) = BAD.iter().find(|(name, _)| name == audit) else {
            faults.push(format!("{audit}: no spec"));
            continue;
        };
        let made = compiled("ci.pipe", &with_event(bad, "optimize off\n"));
        workflows.push(((*audit).to_owned(), made.yaml.clone().unwrap_or_else(|| panic!("{audit}: {:#?}", said(&made)))));
        match answer {
            Answer::Code(code) if made.diags.iter().all(|diag| diag.code.id != *code) => {
                faults.push(format!("{audit}: {code} is not said: {:?}", said(&made)));
            }
            Answer::Pass(pass) | Answer::Partly(pass, _) if pipelay::passes::ALL.iter().all(|known| known.name != *pass) => {
                faults.push(format!("{audit}: no pass {pass}"));
            }
            Answer::Pass(_) | Answer::Partly(..) => {
                // As the language says it, where the compiler makes it.
                let own = bad.replace("uses actions/checkout@v6", "checkout");
                let yaml = compiled("ci.pipe", &with_event(&own, "")).yaml.unwrap();
                workflows.push((format!("made-{audit}"), yaml));
                let rest = REST.iter().filter(|(name, _)| name == audit).flat_map(|(_, specs)| specs.iter());
                let rest = rest.enumerate().map(|(number, spec)| {
                    (format!("rest-{number}-{audit}"), compiled("ci.pipe", &with_event(spec, "")).yaml.unwrap())
                });
                let before = workflows.len();
                workflows.extend(rest);
                if matches!(answer, Answer::Partly(..)) == (before == workflows.len()) {
                    faults.push(format!("{audit}: what is not answered is not shown, or all is"));
                }
            }
            _ => {}
        }
    }
    // What the language itself makes of a whole folder.
    let own = compiled("ci.pipe", &with_event("job a { checkout; run make; keep . }", ""));
    workflows.push(("made-artipacked".to_owned(), own.yaml.unwrap()));
    if let Some(found) = found(&workflows) {
        for (name, audits) in found {
            let rest = name.strip_prefix("rest-").and_then(|rest| Some((rest.split_once('-')?.1, true)));
            let made = name.strip_prefix("made-").map(|audit| (audit, false));
            let (audit, wanted) = rest.or(made).unwrap_or((name.as_str(), true));
            if audits.iter().any(|it| it == audit) != wanted {
                faults.push(format!("{name}: zizmor finds {audits:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What zizmor finds in the output for the examples and cases, and why that is the author's doing: an audit, the specs, the reason.
const OF_AUTHORS: &[(&str, &[&str], &str)] = &[
    ("artipacked", &["checkout", "maintenance"], "the spec asks for the credentials, or uses the action as it is"),
    ("dangerous-triggers", &["triggers"], "the spec is about every event"),
    ("excessive-permissions", &["defaults", "permissions"], "the spec is about permissions"),
    ("self-hosted-runner", &["defaults", "rows-that-say-no"], "the spec names the machine"),
    (
        "template-injection",
        &["expressions-in-scripts"],
        "the shell would read a variable as code as well: the spec shows what stays",
    ),
    ("unpinned-uses", &["pins"], "the spec allows it"),
];

#[test]
fn zizmor_finds_nothing_in_what_is_derived() {
    let mut workflows = Vec::new();
    let mut told: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for path in files("examples", "pipe").into_iter().chain(files("tests/cases/compile", "pipe")) {
        let (spec, facts) = spec(&path);
        let made = pipelay::compile(&spec, &facts);
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        told.insert(name.clone(), made.diags.iter().map(|diag| diag.code.id).collect());
        // A spec whose passes are off is as its author wrote it.
        if name != "switched-off" {
            workflows.push((name, made.yaml.unwrap()));
        }
    }
    let Some(found) = found(&workflows) else { return };
    let (mut faults, mut used) = (Vec::new(), Vec::new());
    for (name, audits) in found {
        let yaml = &workflows.iter().find(|(known, _)| *known == name).unwrap().1;
        for audit in audits {
            let says = |code: &str| told[&name].contains(&code);
            let answered = match ALL.iter().find(|(known, _)| *known == audit).map(|(_, answer)| answer) {
                Some(Answer::Silent(_)) => true,
                Some(Answer::Code(code)) => says(code),
                Some(Answer::Pass("pin")) => says("W0710"),
                // These have no pull requests, or share the group of who calls them.
                Some(Answer::Partly("bound", _)) => !yaml.contains("pull_request") || yaml.contains("workflow_call"),
                _ => false,
            };
            let row = OF_AUTHORS.iter().find(|(known, specs, _)| *known == audit && specs.contains(&name.as_str()));
            used.extend(row);
            if !answered && row.is_none() {
                faults.push(format!("{name}: {audit}"));
            }
        }
    }
    let unused: Vec<_> = OF_AUTHORS.iter().filter(|row| !used.contains(row)).collect();
    assert!(faults.is_empty() && unused.is_empty(), "{}; not found any more: {unused:?}", faults.join("\n"));
}

/// What strangers start with rights: a toolchain of the library writes nothing there that it works out into the environment of later steps.
#[test]
fn toolchains_are_as_safe_where_strangers_start_runs() {
    let library = files("src/catalog/std", "pipe").into_iter().map(|path| std::fs::read_to_string(path).unwrap());
    let names = library.flat_map(|text| {
        let own = text.lines().filter_map(|line| line.strip_prefix("toolchain ")?.split('(').next());
        own.map(str::to_owned).collect::<Vec<_>>()
    });
    let spec = |name: &str| {
        let settings = match name {
            "apt" | "brew" => " { packages: jq }",
            "rust" => " nightly { components: clippy }",
            _ => "",
        };
        format!("on pull_request_target\npermissions {{}}\njob a {{ toolchain {name}{settings}; run make }}\n")
    };
    let workflows: Vec<_> = names
        .map(|name| {
            let made = compiled("ci.pipe", &spec(&name));
            let yaml = made.yaml.clone().unwrap_or_else(|| panic!("{name}: {:#?}", said(&made)));
            (name, yaml)
        })
        .collect();
    assert!(workflows.len() > 12);
    let Some(found) = found(&workflows) else { return };
    // Where Terraform's providers are shared is in the home of whoever runs it, which no text of ours can name.
    let is_known = |name: &str, audit: &str| {
        let is_silent = |(known, answer): &(&str, Answer)| *known == audit && matches!(answer, Answer::Silent(_));
        ALL.iter().any(is_silent)
            || ["dangerous-triggers", "unpinned-uses"].contains(&audit)
            || name == "terraform" && audit == "github-env"
    };
    let faults: Vec<_> = found
        .iter()
        .flat_map(|(name, audits)| {
            audits.iter().filter(|audit| !is_known(name, audit)).map(move |audit| format!("{name}: {audit}"))
        })
        .collect();
    assert!(faults.is_empty(), "{faults:?}");
}
