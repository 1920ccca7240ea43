//! Every toolchain, with every lockfile that it knows.

use super::{below, compiled_in, has_line, snapshot};
use crate::compile::said_but_pins;

/// A use of toolchains in a repository, and what comes of it.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) uses: &'static str,
    tracked: &'static str,
    /// Lines that the steps must have.
    lines: &'static [&'static str],
    /// What must be said, one part of each message.
    warnings: &'static [&'static str],
}

impl Case {
    pub(super) fn compiled(&self) -> pipelay::Compilation {
        let job = if self.uses.contains("job ") { "" } else { "job work: make test\n" };
        let tracked: Vec<&str> = self.tracked.split_whitespace().collect();
        compiled_in(&format!("on push\n{}\n{job}", self.uses), &tracked, &[])
    }
}

const fn case(name: &'static str, uses: &'static str, tracked: &'static str, lines: &'static [&'static str]) -> Case {
    Case { name, uses, tracked, lines, warnings: &[] }
}

const fn warned(
    name: &'static str,
    uses: &'static str,
    tracked: &'static str,
    warning: &'static [&'static str],
    lines: &'static [&'static str],
) -> Case {
    Case { name, uses, tracked, lines, warnings: warning }
}

pub(super) const CASES: &[Case] = &[
    case(
        "node-npm",
        "toolchain node 20",
        "package.json package-lock.json",
        &[
            "node-version: 20",
            "path: ~/.npm",
            "key: v1/${{ runner.os }}/${{ runner.arch }}/npm/20/${{ hashFiles('package-lock.json', 'npm-shrinkwrap.json') }}",
            "run: npm ci --prefer-offline --no-audit",
        ],
    ),
    warned(
        "node-npm-without-lockfile",
        "toolchain node",
        "package.json",
        &["W0206 no lockfile: `npm install`"],
        &["node-version: 24", "run: npm install --no-audit"],
    ),
    case(
        "node-pnpm",
        "toolchain node { pnpm: 10 }",
        "package.json pnpm-lock.yaml",
        &["version: 10", "path: ~/.pnpm-store", "run: pnpm install --frozen-lockfile --prefer-offline"],
    ),
    case(
        "node-yarn-1",
        "toolchain node",
        "package.json yarn.lock",
        &["path: ~/.cache/yarn", "run: yarn install --frozen-lockfile --non-interactive --prefer-offline"],
    ),
    case(
        "node-yarn-berry",
        "toolchain node",
        "package.json yarn.lock .yarnrc.yml",
        &[
            "run: npm install --global --force corepack@0.34.7",
            "run: corepack enable",
            "path: .yarn/cache",
            "YARN_ENABLE_GLOBAL_CACHE: 'false'",
            "run: yarn install --immutable",
        ],
    ),
    case(
        "node-yarn-offline-mirror",
        "toolchain node",
        "package.json yarn.lock .yarnrc.yml .yarn/cache/a.zip",
        &["run: yarn install --immutable"],
    ),
    case(
        "node-bun",
        "toolchain node",
        "package.json bun.lock",
        &["path: ~/.bun/install/cache", "run: bun install --frozen-lockfile"],
    ),
    case(
        "node-directory",
        "toolchain node { directory: web }\nin web",
        "web/package.json web/pnpm-lock.yaml web/.nvmrc .node-version",
        &[
            "node-version-file: web/.nvmrc",
            "package_json_file: web/package.json",
            "working-directory: web",
            "run: pnpm install --frozen-lockfile --prefer-offline",
        ],
    ),
    case("node-only", "toolchain node 22 { install: off }", "package.json", &["node-version: 22"]),
    case(
        "node-arguments",
        "toolchain node { install: [--ignore-scripts, --no-fund] }",
        "package.json package-lock.json",
        &["run: npm ci --ignore-scripts --no-fund"],
    ),
    case(
        "node-version-file",
        "toolchain node { registry-url: https://npm.example }",
        "package.json package-lock.json .nvmrc",
        &["node-version-file: .nvmrc", "registry-url: https://npm.example"],
    ),
    case(
        "bun",
        "toolchain bun 1.3 { install: --ignore-scripts }",
        "package.json bun.lock packages/a/package.json",
        &["bun-version: 1.3", "run: bun install --ignore-scripts"],
    ),
    warned(
        "bun-without-lockfile",
        "toolchain bun",
        "package.json bunfig.toml",
        &["W0206 no lockfile: `bun install`"],
        &["run: bun install"],
    ),
    case("deno", "toolchain deno", "deno.json deno.lock", &["deno-version: v2.x", "run: deno install --frozen"]),
    warned(
        "deno-without-lockfile",
        "toolchain deno",
        "deno.json .dvmrc",
        &["W0206 no lockfile: `deno install`"],
        &["deno-version-file: .dvmrc", "run: deno install"],
    ),
    case(
        "python-uv",
        "toolchain python 3.10",
        "pyproject.toml uv.lock",
        &["python-version: '3.10'", "path: ~/.cache/uv", "run: uv sync --locked"],
    ),
    case(
        "python-poetry-of-the-library",
        "toolchain python { install: off }",
        "pyproject.toml poetry.lock",
        &["run: pipx install --python python poetry==2.2.1"],
    ),
    case(
        "python-poetry",
        "toolchain python { poetry: 2.1.0, install: --no-root }",
        "pyproject.toml poetry.lock",
        &["run: pipx install --python python poetry==2.1.0", "path: ~/.cache/pypoetry", "run: poetry install --no-root"],
    ),
    case(
        "python-below",
        "toolchain python { directory: api }",
        "api/pyproject.toml api/uv.lock .python-version",
        &["working-directory: api", "path: ~/.cache/uv", "run: uv sync --locked"],
    ),
    case(
        "python-poetry-below",
        "toolchain python { directory: api }",
        "api/pyproject.toml api/poetry.lock .python-version",
        &["python-version-file: .python-version", "working-directory: api", "run: poetry install --no-interaction"],
    ),
    case(
        "python-requirements",
        "toolchain python",
        "requirements.txt .python-version",
        &[
            "python-version-file: .python-version",
            "path: ~/.cache/pip",
            "run: python -m pip install --requirement requirements.txt",
        ],
    ),
    warned(
        "python-without-lockfile",
        "toolchain python",
        "pyproject.toml",
        &["W0206 no lockfile: `pip install`"],
        &["run: python -m pip install --editable ."],
    ),
    case("python-nothing-to-install", "toolchain python 3.13", "tox.ini", &["python-version: 3.13"]),
    case(
        "python-prerelease",
        "toolchain python 3.15 { prereleases: true, pip: 26.1, install: \"-e .[dev]\" }",
        "pyproject.toml",
        &["allow-prereleases: true", "run: python -m pip install pip==26.1", "run: python -m pip install -e .[dev]"],
    ),
    case(
        "rust",
        "toolchain rust",
        "Cargo.toml Cargo.lock",
        &[
            "rustup toolchain install stable --profile minimal --no-self-update",
            "rustup default stable",
            "~/.cargo/registry/index",
            "target",
        ],
    ),
    case(
        "rust-more",
        "toolchain rust 1.95.0 { components: [clippy, rustfmt], targets: wasm32-wasip1, tools: [cargo-nextest, cargo-deny], install: on }",
        "Cargo.toml Cargo.lock",
        &[
            "echo \"RUSTUP_TOOLCHAIN=1.95.0\" >> \"$GITHUB_ENV\"",
            "run: rustup component add clippy rustfmt",
            "run: rustup target add wasm32-wasip1",
            "tool: cargo-nextest,cargo-deny",
            "run: cargo fetch --locked",
        ],
    ),
    case(
        "rust-toolchain-file",
        "toolchain rust",
        "Cargo.toml Cargo.lock rust-toolchain.toml",
        &["rustup toolchain install --no-self-update"],
    ),
    warned(
        "rust-without-lockfile",
        "toolchain rust { install: on }",
        "Cargo.toml",
        &["W0206 no lockfile: Cargo"],
        &["run: cargo fetch"],
    ),
    case(
        "rust-directory",
        "toolchain rust { directory: rs, components: clippy, install: on }\nin rs",
        "rs/Cargo.toml rs/Cargo.lock rs/rust-toolchain.toml",
        &[
            "working-directory: rs",
            "rustup toolchain install --no-self-update",
            "run: rustup component add clippy",
            "path: rs/target",
            "key: v1/${{ runner.os }}/${{ runner.arch }}/directory=rs/cargo/default/${{ hashFiles('rs/**/Cargo.lock', 'rs/rust-toolchain*', 'rust-toolchain*') }}",
            "run: cargo fetch --locked",
        ],
    ),
    case("go", "toolchain go", "go.mod go.sum", &["go-version-file: go.mod", "~/go/pkg/mod", "~/.cache/go-build"]),
    case(
        "go-directory",
        "toolchain go { directory: svc, install: on }",
        "svc/go.mod svc/go.sum",
        &["go-version-file: svc/go.mod", "working-directory: svc", "run: go mod download"],
    ),
    case(
        "go-tools",
        "toolchain go 1.22.4 { tools: [a.org/x@latest, b.org/y@v1.2.0], install: on }",
        "go.mod",
        &[
            "go-version: 1.22.4",
            "run: go install a.org/x@latest",
            "GOMODCACHE: ${{ runner.temp }}/go-tools",
            "run: go install b.org/y@v1.2.0",
            "run: go mod download",
        ],
    ),
    case(
        "java-maven",
        "toolchain java { install: on }",
        "pom.xml mvnw",
        &["java-version: 21", "~/.m2/repository", "run: ./mvnw --batch-mode --no-transfer-progress dependency:go-offline"],
    ),
    case(
        "java-gradle",
        "toolchain java 25 { distribution: zulu, install: on }",
        "build.gradle gradlew",
        &["distribution: zulu", "~/.gradle/caches", "run: ./gradlew --no-daemon dependencies"],
    ),
    case("kotlin", "toolchain kotlin", "build.gradle.kts .java-version", &["java-version-file: .java-version", "~/.konan"]),
    case(
        "ruby",
        "toolchain ruby",
        "Gemfile Gemfile.lock .ruby-version",
        &["run: bundle config set --local deployment true", "run: bundle install"],
    ),
    // Where `BUNDLE_GEMFILE` names one of these, a path that is no whole one would be in their folder.
    case(
        "ruby-gemfiles",
        "toolchain ruby 3.4\nenv { BUNDLE_GEMFILE: gemfiles/rails_7.gemfile }",
        "Gemfile Gemfile.lock gemfiles/rails_7.gemfile gemfiles/rails_7.gemfile.lock",
        &[
            "key: v1/${{ runner.os }}/${{ runner.arch }}/BUNDLE_GEMFILE=gemfiles_rails_7.gemfile/gems/3.4/${{ steps.gems-image.outputs.os }}/${{ hashFiles('Gemfile.lock', 'gemfiles/*.lock', '.ruby-version', '.tool-versions') }}",
            "run: bundle config set --local path \"$PWD/vendor/bundle\"",
        ],
    ),
    warned(
        "ruby-without-lockfile",
        "toolchain ruby { install: --jobs 4 }",
        "Gemfile",
        &["W0206 no lockfile: `bundle install`"],
        &["ruby-version: 3.4", "run: bundle install --jobs 4"],
    ),
    case(
        "php",
        "toolchain php 8.3 { extensions: [intl, zip], tools: [composer:v2, phpstan], ini: memory_limit=-1, coverage: xdebug }",
        "composer.json composer.lock",
        &[
            "php-version: 8.3",
            "extensions: intl,zip",
            "tools: composer:v2,phpstan",
            "coverage: xdebug",
            "run: composer install --no-interaction --no-progress --prefer-dist",
        ],
    ),
    warned(
        "php-without-lockfile",
        "toolchain php",
        "composer.json",
        &["W0206 no lockfile: `composer update`"],
        &["run: composer update --no-interaction --no-progress --prefer-dist"],
    ),
    case(
        "dotnet",
        "toolchain dotnet { version: [8.0.x, 10.0.x] }",
        "app.sln src/app.csproj src/packages.lock.json",
        &["8.0.x", "run: dotnet restore --locked-mode"],
    ),
    warned(
        "dotnet-without-lockfile",
        "toolchain dotnet",
        "app.slnx global.json",
        &["W0206 no lockfile: `dotnet restore`"],
        &["global-json-file: global.json", "run: dotnet restore"],
    ),
    case(
        "elixir",
        "toolchain elixir",
        "mix.exs mix.lock",
        &["elixir-version: 1.19", "otp-version: 28", "run: mix deps.get --check-locked"],
    ),
    warned(
        "elixir-without-lockfile",
        "toolchain elixir",
        "mix.exs .tool-versions",
        &["W0206 no lockfile: `mix deps.get`"],
        &["version-file: .tool-versions", "run: mix deps.get"],
    ),
    case(
        "terraform",
        "toolchain terraform 1.13.0 { install: -backend=false }",
        "main.tf .terraform.lock.hcl",
        &["terraform_version: 1.13.0", "run: terraform init -backend=false"],
    ),
    case(
        "terraform-directory",
        "toolchain terraform { directory: infra }",
        "infra/main.tf infra/.terraform.lock.hcl infra/.terraform-version",
        &["terraform_version_file: infra/.terraform-version"],
    ),
    warned(
        "terraform-without-lockfile",
        "toolchain terraform",
        "main.tf",
        &["W0206 no lockfile: `terraform init`"],
        &["path: ~/.terraform.d/plugin-cache"],
    ),
    case(
        "docker",
        "toolchain docker { platforms: [linux/amd64, linux/arm64] }",
        "Dockerfile",
        &["platforms: linux/amd64,linux/arm64", "uses: crazy-max/ghaction-github-runtime@v4"],
    ),
    case(
        "docker-without-the-cache",
        "toolchain docker\njob work: docker build --tag x .",
        "Dockerfile",
        &["run: docker build --tag x ."],
    ),
    case("docker-without-layers", "toolchain docker v0.30.0 { layers: off }", "Dockerfile", &["version: v0.30.0"]),
    case(
        "playwright",
        "toolchain node\njob work {\n  toolchain playwright { browsers: [chromium, firefox] }\n  run npx playwright test\n}",
        "package.json package-lock.json playwright.config.ts",
        &["path: ~/.cache/ms-playwright", "run: npx playwright install --with-deps chromium firefox"],
    ),
    case(
        "playwright-python",
        "toolchain playwright { cached: off }",
        "pyproject.toml uv.lock tests/test_a.py playwright.config.ts",
        &["run: uv run playwright install --with-deps"],
    ),
    case(
        "apt",
        "toolchain apt { packages: [gcc-multilib, libssl-dev:i386], add-architecture: i386 }",
        "",
        &[
            "${sudo:+sudo} dpkg --add-architecture i386",
            "${sudo:+sudo} env DEBIAN_FRONTEND=noninteractive apt-get install -y -o Acquire::Retries=3 gcc-multilib libssl-dev:i386",
        ],
    ),
    case(
        "brew",
        "toolchain brew { packages: [cmake, ninja], casks: temurin }\nrunner macos-15",
        "Brewfile",
        &["run: brew install --quiet cmake ninja", "run: brew install --quiet --cask temurin"],
    ),
    case("brew-file", "toolchain brew", "Brewfile", &["run: brew bundle install"]),
    case(
        "every-system",
        "toolchain go 1.25\njob work {\n  runner ${{ matrix.os }}\n  matrix os: ubuntu-latest, macos-15, windows-2025\n  run go test ./...\n}",
        "go.mod",
        &["~/.cache/go-build", "~/Library/Caches/go-build", "~/AppData/Local/go-build"],
    ),
    case(
        "rows",
        "toolchain go 1.25\njob work {\n  matrix part {\n    a { runner macos-15; toolchain apt { packages: zip } }\n    b { timeout 5m }\n  }\n  run make ${{ matrix.part }}\n}",
        "go.mod",
        &["~/Library/Caches/go-build", "if: matrix.part == 'a'"],
    ),
    case(
        "versions-of-a-matrix",
        "job work {\n  matrix python: 3.9, 3.10\n  toolchain python ${{ matrix.python }}\n  run pytest\n}",
        "requirements.txt",
        &["python-version: ${{ matrix.python }}", "run: python -m pip install --requirement requirements.txt"],
    ),
    case(
        "replaced-and-off",
        "toolchain node 20\ntoolchain go 1.25\njob work {\n  toolchain node 22 { install: off }\n  toolchain go off\n  run make test\n}",
        "package.json package-lock.json go.mod",
        &["node-version: 22"],
    ),
];

#[test]
fn every_toolchain_with_every_lockfile() {
    for case in CASES {
        let made = case.compiled();
        let said = said_but_pins(&made);
        assert_eq!(said.len(), case.warnings.len(), "{}: {said:#?}", case.name);
        for (said, wanted) in said.iter().zip(case.warnings) {
            assert!(said.starts_with("ci.pipe:2:1: ") && said.contains(wanted), "{}: {said}", case.name);
        }
        let yaml = made.yaml.as_deref().unwrap();
        let steps = below(yaml, "steps:");
        for line in case.lines {
            assert!(has_line(&steps, line), "{}: no `{line}` in\n{steps}", case.name);
        }
        let said: String = said.iter().map(|said| format!("{said}\n")).collect();
        snapshot(case.name, &format!("{}\n----- tracked: {}\n{said}----- steps\n{steps}", case.uses, case.tracked));
    }
}

#[test]
fn off_leaves_nothing_behind() {
    let absent = [
        ("node-only", "npm"),
        ("node-yarn-offline-mirror", "actions/cache"),
        ("node-version-file", "node-version:"),
        ("python-nothing-to-install", "pip install"),
        ("docker-without-layers", "ghaction-github-runtime"),
        ("docker-without-the-cache", "ghaction-github-runtime"),
        ("playwright-python", "ms-playwright"),
        ("replaced-and-off", "setup-go"),
        ("node-npm", "AppData"),
        ("rows", "AppData"),
    ];
    for (name, text) in absent {
        let case = CASES.iter().find(|case| case.name == name).unwrap();
        let steps = below(case.compiled().yaml.as_deref().unwrap(), "steps:");
        // The layer of `node-only` is named after npm; its command is not there.
        let commands = steps.replace("~/.npm", "").replace("/npm/", "").replace("cache-npm", "");
        assert!(!commands.contains(text), "{name}: `{text}` in\n{steps}");
    }
}
