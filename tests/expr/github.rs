//! Expressions mean here what they mean to GitHub.
//!
//! `@actions/expressions`, GitHub's own evaluator, is asked for the value, the text and the truth of thousands of generated expressions
//! where it is at hand (`PIPELAY_SHARED` or `../shared` with `judge/gh-eval.mjs`, and `ORACLE_HOME` or `/tmp/oracle`). A few hundred
//! of its answers are recorded in `tests/cases/expr/recorded.jsonl`, so that every machine checks those;
//! `PIPELAY_RECORD=1 cargo test expr::` records them anew.
//!
//! Left out on purpose, since GitHub's TypeScript and its runner (C#) differ there and this crate does as the runner: numbers of more
//! than 15 digits or below 0.0001, strings with two doubled quotes (the TypeScript undoes only the first), `0b` numbers, format specifiers.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)] // tests read files, run node, and fail by panicking

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pipelay::catalog::contexts as catalog;
use pipelay::expr::check::check;
use pipelay::expr::eval::{Context, Status, eval};
use pipelay::expr::parse;
use pipelay::expr::scope::Scope;
use pipelay::expr::value::{Object, Value};
use serde_json::{Value as Json, json};

use super::{Random, contexts, generate, shared, skip};

const GENERATED: usize = 12_000;
const RECORDED: usize = 400;

/// `count` different questions, as lines for gh-eval.
fn questions(count: usize) -> Vec<Json> {
    let contexts = contexts();
    let mut random = Random(20_261_123);
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    while all.len() < count {
        let depth = 1 + random.below(4);
        let text = generate(&mut random, depth);
        let which = random.below(2);
        if seen.insert((text.clone(), which)) {
            let status = random.pick(&["success", "failure", "cancelled"]);
            all.push(json!({"expr": text, "context": contexts[which], "status": status}));
        }
    }
    all
}

/// Our answer, in the form of gh-eval's.
fn answer(question: &Json) -> Json {
    let text = question["expr"].as_str().unwrap();
    let values: Object =
        question["context"].as_object().unwrap().iter().map(|(name, value)| (name, Value::from_json(value))).collect();
    let hash = |patterns: &[String]| format!("HASH({})", patterns.join(","));
    let status = match question["status"].as_str() {
        Some("failure") => Status::Failure,
        Some("cancelled") => Status::Cancelled,
        _ => Status::Success,
    };
    let context = Context { values: &values, status, hash_files: Some(&hash) };
    let parsed = parse(text);
    let Some(expr) = parsed.value else { return json!({"expr": text, "ok": false, "error": parsed.diags[0].message}) };
    match eval(&expr, &context) {
        Ok(value) => {
            let json: Json = serde_json::from_str(&value.to_json()).unwrap();
            json!({"expr": text, "ok": true, "value": json, "string": value.to_text(), "truthy": value.truthy()})
        }
        Err(error) => json!({"expr": text, "ok": false, "error": error.to_string()}),
    }
}

/// Whether two answers say the same; why there is none may be said differently.
fn same(ours: &Json, theirs: &Json) -> bool {
    let failed = |answer: &Json| answer["ok"] == json!(false);
    failed(ours) && failed(theirs) || ["value", "string", "truthy"].iter().all(|key| alike(&ours[key], &theirs[key]))
}

/// Equal, 1 and 1.0 being the same number.
fn alike(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| alike(a, b)))
        }
        _ => a == b,
    }
}

/// GitHub's answers, where its evaluator is at hand.
fn ask_github(questions: &[Json]) -> Option<Vec<Json>> {
    let Some(script) = shared().map(|shared| shared.join("judge/gh-eval.mjs")).filter(|script| script.is_file()) else {
        skip("no judge/gh-eval.mjs in $PIPELAY_SHARED or ../shared");
        return None;
    };
    let home = std::env::var_os("ORACLE_HOME").map_or_else(|| PathBuf::from("/tmp/oracle"), PathBuf::from);
    if !home.join("node_modules/@actions/expressions").is_dir() {
        skip("no @actions/expressions in $ORACLE_HOME or /tmp/oracle");
        return None;
    }
    let child = Command::new("node").arg(script).env("ORACLE_HOME", home).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        skip("no node");
        return None;
    };
    let mut input = String::new();
    for question in questions {
        writeln!(input, "{question}").unwrap();
    }
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let answers: Vec<Json> =
        String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), questions.len(), "gh-eval answered every line");
    Some(answers)
}

fn report(differences: &[String], of: usize) {
    assert!(
        differences.is_empty(),
        "{} of {of} differ:\n{}",
        differences.len(),
        differences[..differences.len().min(20)].join("\n")
    );
}

fn compare(questions: &[Json], theirs: &[Json]) -> Vec<String> {
    let differs = |(question, theirs): (&Json, &Json)| {
        let ours = answer(question);
        (!same(&ours, theirs)).then(|| format!("ours   {ours}\ntheirs {theirs}"))
    };
    questions.iter().zip(theirs).filter_map(differs).collect()
}

#[test]
fn generated_expressions_mean_what_github_says() {
    let questions = questions(GENERATED);
    let Some(theirs) = ask_github(&questions) else { return };
    let good = theirs.iter().filter(|answer| answer["ok"] == json!(true)).count();
    let _ = writeln!(std::io::stderr(), "{} expressions compared with gh-eval, {good} of them with a value", theirs.len());
    report(&compare(&questions, &theirs), questions.len());
    if std::env::var_os("PIPELAY_RECORD").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/expr/recorded.jsonl");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut text = String::new();
        // What was asked last is as varied as what was asked first, and short answers keep the file readable.
        let short = questions
            .iter()
            .zip(&theirs)
            .filter(|(question, answer)| question["expr"].as_str().unwrap().len() + answer.to_string().len() < 300);
        for (question, answer) in short.take(RECORDED) {
            let which = usize::from(question["context"] != contexts()[0]);
            writeln!(text, "{}", json!({"context": which, "status": question["status"], "answer": answer})).unwrap();
        }
        std::fs::write(path, text).unwrap();
    }
}

#[test]
fn recorded_answers_of_github_still_hold() {
    let contexts = contexts();
    let recorded: Vec<Json> =
        include_str!("../cases/expr/recorded.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(recorded.len(), RECORDED);
    let index = |line: &Json| usize::try_from(line["context"].as_u64().unwrap()).unwrap();
    let asked: Vec<Json> = recorded
        .iter()
        .map(|line| json!({"expr": line["answer"]["expr"], "context": contexts[index(line)], "status": line["status"]}))
        .collect();
    let theirs: Vec<Json> = recorded.iter().map(|line| line["answer"].clone()).collect();
    report(&compare(&asked, &theirs), asked.len());
}

/// A generated expression with a few characters lost, doubled or put in.
fn damaged(random: &mut Random) -> String {
    let mut text: Vec<char> = generate(random, 2).chars().collect();
    for _ in 0..=random.below(2) {
        let at = random.below(text.len().max(1)).min(text.len());
        match random.below(3) {
            _ if text.is_empty() => {}
            0 => {
                text.remove(at);
            }
            1 => text.insert(at, text[at.min(text.len() - 1)]),
            _ => text.insert(
                at,
                random
                    .pick(&["(", ")", "[", "]", ".", ",", "*", "!", "=", "'", " ", "&", "|", "-", "0", "x", "\n", "<", "+"])
                    .chars()
                    .next()
                    .unwrap(),
            ),
        }
    }
    text.into_iter().collect()
}

/// Whether GitHub takes the text as an expression at all, as far as its answer says so.
fn taken(answer: &Json) -> bool {
    const REFUSALS: [&str; 6] = ["Unexpected symbol", "Unexpected end", "Unrecognized", "Exceeded", "Too few", "Too many"];
    !answer["error"]
        .as_str()
        .is_some_and(|error| REFUSALS.iter().any(|refusal| error.starts_with(refusal)) || error.starts_with("Even number"))
}

#[test]
fn what_github_refuses_is_refused_and_nothing_else() {
    let mut random = Random(11);
    let contexts = contexts();
    // GitHub's TypeScript takes a comma behind the last argument and the empty text, its runner does not; the one answers by failing later.
    let odd = |text: &str| text.split_whitespace().collect::<String>().contains(",)") || text.trim().is_empty();
    let texts: BTreeSet<String> = (0..8_000).map(|_| damaged(&mut random)).filter(|text| !odd(text)).collect();
    let questions: Vec<Json> = texts.iter().map(|text| json!({"expr": text, "context": contexts[0]})).collect();
    let Some(theirs) = ask_github(&questions) else { return };
    // Names are the checker's; open shapes leave it nothing else to refuse but what would fail when it runs.
    let scope = Scope::new(&catalog::STEP_IF);
    let names = ["E0608", "E0609", "E0611", "E0612", "E0613"];
    let ours = |text: &str| {
        let outcome = parse(text);
        outcome.value.is_some_and(|expr| !check(&expr, &scope).diags.iter().any(|diag| names.contains(&diag.code.id)))
    };
    let differences: Vec<String> = texts
        .iter()
        .zip(&theirs)
        .filter(|(text, theirs)| ours(text) != taken(theirs))
        .map(|(text, theirs)| format!("{text:?}: ours {:?} theirs {theirs}", parse(text).diags.first().map(|diag| &diag.message)))
        .collect();
    let refused = theirs.iter().filter(|answer| !taken(answer)).count();
    let _ = writeln!(std::io::stderr(), "{} damaged expressions, {refused} refused by GitHub", texts.len());
    report(&differences, texts.len());
}

#[test]
fn the_limit_of_nesting_is_githubs() {
    let shapes: [&dyn Fn(usize) -> String; 9] = [
        &|n| format!("{}env{}", "(".repeat(n), ")".repeat(n)),
        &|n| format!("{}env", "!".repeat(n)),
        &|n| format!("env{}", ".a".repeat(n)),
        &|n| format!("{}env{}", "env[".repeat(n), "]".repeat(n)),
        &|n| format!("{}'a'{}", "join(".repeat(n), ")".repeat(n)),
        &|n| format!("{}env{}", "(env || ".repeat(n), ")".repeat(n)),
        &|n| format!("{}env{}", "(".repeat(n), " && env)".repeat(n)),
        &|n| format!("{}env == env{}", "!(".repeat(n), ")".repeat(n)),
        &|n| format!("env{}[{}env{}]", ".a".repeat(20), "(".repeat(n), ")".repeat(n)),
    ];
    let texts: Vec<String> = shapes.iter().flat_map(|shape| (10..60).map(*shape)).collect();
    let questions: Vec<Json> = texts.iter().map(|text| json!({"expr": text, "context": contexts()[0]})).collect();
    let Some(theirs) = ask_github(&questions) else { return };
    let differs =
        |(text, theirs): (&String, &Json)| (parse(text).value.is_some() != taken(theirs)).then(|| format!("{text}: {theirs}"));
    report(&texts.iter().zip(&theirs).filter_map(differs).collect::<Vec<_>>(), texts.len());
}
