//! Definitions of the author's own, in the spec or in a file that it imports: they work as those of the library, and come before them.

use super::{below, compiled_in, has_line, yaml};
use crate::compile::said;

const ZIG: &str = r#"
let mirror = "https://zig.example"
template fetch(version) {
  step "Fetch Zig" { shell bash; run curl -fsSL %{mirror}/%{version}.tar.xz | tar -xJ }
}
toolchain zig(version = 0.15, install = on) {
  detect build.zig
  let lock = build.zig.zon
  cache zig { paths: [~/.cache/zig], key: ${{ hashFiles('%{lock}') }} }
  if !exists("build.zig.zon") { warn "no `build.zig.zon`" }
  setup { fetch(%{version}) }
  if %{install} {
    install {
      reads build.zig, %{lock}
      run zig build --fetch
    }
  }
}
service search(version = 1, heap = 512m) {
  image: search:%{version}
  env: { HEAP: %{heap}, MODE: single }
  health: { cmd: 'search ping', interval: 2s }
}
"#;

const USE: &str =
    "on push\ntoolchain zig 0.16\njob work {\n  service search { heap: 1g, env: { MODE: twin } }\n  run zig build test\n}\n";

#[track_caller]
fn has_both(made: &pipelay::Compilation) {
    let yaml = yaml(made);
    for line in [
        "name: Fetch Zig",
        "run: curl -fsSL https://zig.example/0.16.tar.xz | tar -xJ",
        "key: v1/${{ runner.os }}/${{ runner.arch }}/zig/0.16/${{ hashFiles('build.zig.zon') }}",
        "run: zig build --fetch",
        "image: search:1",
        "HEAP: 1g",
        "MODE: twin",
        "options: --health-cmd \"search ping\" --health-interval 2s",
    ] {
        assert!(has_line(yaml, line), "no `{line}` in\n{yaml}");
    }
}

#[test]
fn in_the_spec() {
    has_both(&compiled_in(&format!("{ZIG}{USE}"), &["build.zig", "build.zig.zon"], &[]));
}

#[test]
fn in_an_imported_file() {
    let spec = format!("import \"tools/zig.pipe\"\n{USE}");
    has_both(&compiled_in(&spec, &["build.zig", "build.zig.zon", "tools/zig.pipe"], &[("tools/zig.pipe", ZIG)]));
}

#[test]
fn warnings_of_an_imported_definition_point_at_its_use() {
    let spec = format!("import \"zig.pipe\"\n{USE}");
    let said = said(&compiled_in(&spec, &["build.zig", "zig.pipe"], &[("zig.pipe", ZIG)]));
    let no_key = "ci.pipe:3:1: R0705 layer `zig` of toolchain `zig` is not cached: git tracks no file that its key is made of";
    // An image is pinned where it is written.
    let image = "zig.pipe:20:10: R0722 no digest pins `search:1`";
    assert_eq!(said, [no_key, "ci.pipe:3:1: W0206 no `build.zig.zon`", image]);
}

#[test]
fn one_of_the_librarys_names() {
    let own =
        "toolchain node(version = 1) {\n  setup { run own-node %{version} }\n}\nservice redis() {\n  image: own-redis:7\n}\n";
    let uses = "on push\ntoolchain node\njob work {\n  service redis\n  run make\n}\n";
    for (spec, imports) in [(format!("{own}{uses}"), vec![]), (format!("import \"own.pipe\"\n{uses}"), vec![("own.pipe", own)])] {
        let made = compiled_in(&spec, &[], &imports);
        let yaml = yaml(&made);
        assert!(
            has_line(yaml, "run: own-node 1") && has_line(yaml, "image: own-redis:7") && !yaml.contains("setup-node"),
            "{yaml}"
        );
    }
}

/// The library's own templates are neither seen nor replaced, and nor are its names.
#[test]
fn files_of_the_library_keep_theirs_to_themselves() {
    let spec = "on push\njob work {\n  jdk(21, temurin, off, true, false)\n  run make\n}\n";
    let said_of_jdk = said(&crate::compile::compiled("ci.pipe", spec));
    assert_eq!(said_of_jdk.len(), 1, "{said_of_jdk:#?}");
    assert!(said_of_jdk[0].contains("E0202"), "{said_of_jdk:#?}");

    let made = crate::compile::compiled("ci.pipe", "on push\ntoolchain rust\njob work: make %{incremental}\n");
    assert!(said(&made)[0].contains("E0201"), "{:#?}", said(&made));

    let spec = "on push\nlet version-file = nonsense\ntemplate jdk(a) {\n  run own %{a}\n}\njob work {\n  toolchain java 25\n  jdk(1)\n}\n";
    let made = compiled_in(spec, &["pom.xml"], &[]);
    let steps = below(yaml(&made), "steps:");
    assert!(has_line(&steps, "java-version: 25") && has_line(&steps, "run: own 1") && !steps.contains("nonsense"), "{steps}");
}

#[test]
fn a_definition_may_not_use_itself_and_may_have_the_name_of_a_template() {
    let spec = "on push\ntemplate java(v) {\n  toolchain java %{v}\n  run mvn test\n}\njob work {\n  java(25)\n}\n";
    let made = compiled_in(spec, &["pom.xml"], &[]);
    assert!(has_line(yaml(&made), "java-version: 25"));

    let spec = "on push\ntemplate a() {\n  b()\n}\ntemplate b() {\n  a()\n}\njob work {\n  a()\n}\n";
    let said = said(&compiled_in(spec, &[], &[]));
    assert!(said.iter().any(|said| said.contains("E0204")), "{said:#?}");
}

/// A version is printed as it is spelled, and as a number only where YAML gives it back.
#[test]
fn versions_keep_their_spelling() {
    for (uses, line) in [
        ("toolchain python 3.10", "python-version: '3.10'"),
        ("toolchain python 3.9", "python-version: 3.9"),
        ("toolchain go 1.22.4", "go-version: 1.22.4"),
        ("toolchain go 1.20", "go-version: '1.20'"),
        ("toolchain node 20", "node-version: 20"),
        ("toolchain node lts/*", "node-version: lts/*"),
        ("toolchain python { version: 3.10 }", "python-version: '3.10'"),
        ("toolchain rust 1.90", "rustup toolchain install 1.90 --profile minimal --no-self-update"),
        ("let python = 3.10\ntoolchain python %{python}", "python-version: '3.10'"),
    ] {
        let made = crate::compile::compiled("ci.pipe", &format!("on push\n{uses}\njob work: make\n"));
        let yaml = yaml(&made);
        assert!(has_line(yaml, line), "{uses}: no `{line}` in\n{yaml}");
    }
}

#[test]
fn a_circle_of_imports_ends_where_it_began() {
    let (a, b) = ("import \"ci.pipe\"\nimport \"b.pipe\"\nlet x = %{y}\n", "import \"a.pipe\"\nlet y = 1\n");
    let spec = "import \"a.pipe\"\nimport \"ci.pipe\"\non push\njob test: echo %{x} %{y}\n";
    let made = compiled_in(spec, &[], &[("a.pipe", a), ("b.pipe", b)]);
    assert!(has_line(yaml(&made), "run: echo 1 1"));
}
