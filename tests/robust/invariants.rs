//! What holds of any text, well-formed or not. Shared by the tests and the fuzz target (`tests/fuzz`).

use pipelay::diagnostics::render::{Format, Options, Report, render};
use pipelay::diagnostics::{Diag, Severity, has_errors};
use pipelay::facts::Facts;
use pipelay::source::Sources;
use pipelay::{Compilation, Spec, compile, syntax};

/// The errors of the grammar begin with this, but for E0113 (a statement where it may not stand), which is about a well-formed text.
const SYNTAX: &str = "E01";

/// A repository small enough to be read with every text, and with something for each standard toolchain's lookups.
pub(crate) fn facts() -> Facts {
    let tracked = [
        ".github/workflows/ci.pipe",
        "Cargo.lock",
        "Cargo.toml",
        "README.md",
        "a.pipe",
        "docs/index.md",
        "package-lock.json",
        "package.json",
        "packages/api/package.json",
        "packages/web/package.json",
        "src/main.rs",
        "tests/a.spec.ts",
        "tests/b.spec.ts",
    ];
    let mut facts = Facts { tracked: Some(tracked.map(str::to_owned).to_vec()), ..Facts::default() };
    // One import that is there, and comes back to its importer.
    let common = "import \"ci.pipe\"\nimport \"a.pipe\"\nlet x = [1, 2]\ntemplate t(a, b = 2) {\n  run echo %{a} %{b}\n}\n";
    facts.texts.insert(".github/workflows/a.pipe".to_owned(), common.to_owned());
    facts
}

/// Panics where one of the promises is broken.
pub(crate) fn hold(text: &str) {
    let bare = check(text, &Facts::default());
    let full = check(text, &facts());
    let parsed = parse_errors(text);
    assert!(parsed > 0 || syntax_errors(&bare.diags) == 0, "the parser alone says what the compiler does");
    assert!(parsed == 0 || has_errors(&bare.diags), "the compiler says what the parser alone does");
    if parsed == 0 {
        formats(text, &bare, &full);
    }
}

/// Compiles, and looks at everything that comes of it.
pub(crate) fn check(text: &str, facts: &Facts) -> Compilation {
    let spec = Spec { path: ".github/workflows/ci.pipe".to_owned(), text: text.to_owned() };
    let compiled = compile(&spec, facts);
    spans(&compiled.diags, &compiled.sources);
    let silent = has_errors(&compiled.diags) || compiled.hir.is_library();
    assert_eq!(compiled.yaml.is_none(), silent, "no output means an error or nothing but definitions, and the other way round");
    let report = [Report { diags: &compiled.diags, sources: &compiled.sources }];
    for format in [Format::Human, Format::Json, Format::Github, Format::Sarif] {
        render(&report, format, &Options::default());
    }
    let narrow = Options { width: 20, color: true, unicode: false };
    render(&report, Format::Human, &narrow);
    if let Some(yaml) = &compiled.yaml {
        let read: Result<serde_yaml::Value, _> = serde_yaml::from_str(yaml);
        assert!(read.is_ok(), "the output is YAML: {:?}\n{yaml}", read.err());
    }
    compiled
}

/// Every place that a message names lies in a text, between characters.
pub(crate) fn spans(diags: &[Diag], sources: &Sources) {
    for diag in diags {
        for label in &diag.labels {
            let file = sources.find(label.span);
            let within = file.and_then(|file| {
                file.text().get((label.span.start - file.base()) as usize..(label.span.end.checked_sub(file.base())?) as usize)
            });
            assert!(within.is_some(), "{} {:?}: no text at {:?}", diag.code.id, diag.message, label.span);
        }
    }
}

/// The formatted text says the same, and is its own formatted text.
fn formats(text: &str, bare: &Compilation, full: &Compilation) {
    let once = format(text);
    let Some(once) = once else { panic!("a text without syntax errors is formatted") };
    assert_eq!(format(&once).as_deref(), Some(once.as_str()), "formatting twice changes nothing more");
    for (before, facts) in [(bare, Facts::default()), (full, facts())] {
        let after = check(&once, &facts);
        assert_eq!(kinds(&after), kinds(before), "formatting changes what is said\n{once}");
        assert_eq!(after.yaml, before.yaml, "formatting changes the output\n{once}");
    }
}

fn format(text: &str) -> Option<String> {
    let mut sources = Sources::new();
    let index = sources.add("a.pipe", text);
    let outcome = syntax::format(sources.get(index));
    spans(&outcome.diags, &sources);
    outcome.value
}

fn parse_errors(text: &str) -> usize {
    let mut sources = Sources::new();
    let index = sources.add("a.pipe", text);
    let outcome = syntax::parse(sources.get(index));
    spans(&outcome.diags, &sources);
    outcome.diags.iter().filter(|diag| diag.severity() == Severity::Error).count()
}

/// Those that only the parser finds; what stands where it may not, and habits of YAML, are found by the lowering too.
fn syntax_errors(diags: &[Diag]) -> usize {
    diags.iter().filter(|diag| diag.code.id.starts_with(SYNTAX) && !matches!(diag.code.id, "E0113" | "E0114")).count()
}

/// Which errors there are, in any order.
fn kinds(compiled: &Compilation) -> std::collections::BTreeMap<&'static str, usize> {
    let mut kinds = std::collections::BTreeMap::new();
    for diag in compiled.diags.iter().filter(|diag| diag.severity() == Severity::Error) {
        *kinds.entry(diag.code.id).or_default() += 1;
    }
    kinds
}
