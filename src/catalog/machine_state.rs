//! Commands that change what is on a machine for all that comes next: packages, versions, settings, logins. Two jobs may share one where they do the very same to it.
//! What only adds something that nobody meets who does not ask for it, as browsers that are installed, is left out.
//!
//! Clients of clouds, clusters and registries keep who is logged in and where to in the home folder, and so do package managers with their settings: which
//! of their commands change that is told by words that they have in common. What chooses versions of tools does so for all that comes next, and what a script does that is fetched
//! and run nobody knows.

use super::{commands, lines};

/// By the words that they have, in order.
const WORDS: &[&[&str]] = &[
    &["apk", "add"],
    &["apt", "install"],
    &["apt", "remove"],
    &["apt-get", "install"],
    &["apt-get", "purge"],
    &["apt-get", "remove"],
    &["apt-get", "upgrade"],
    &["asdf", "global"],
    &["asdf", "install"],
    &["aws", "configure"],
    &["az", "login"],
    &["brew", "install"],
    &["brew", "link"],
    &["bun", "add"],
    &["bun", "install"],
    &["bundle", "config"],
    &["bundle", "install"],
    &["cargo", "install"],
    &["certutil"],
    &["choco", "install"],
    &["choco", "upgrade"],
    &["composer", "install"],
    &["composer", "require"],
    &["conda", "install"],
    &["corepack"],
    &["dnf", "install"],
    &["docker", "login"],
    &["docker", "prune"],
    &["docker", "rm"],
    &["docker", "rmi"],
    &["docker", "stop"],
    &["dotnet", "tool", "install"],
    &["dotnet", "workload", "install"],
    &["fnm", "use"],
    &["gcloud", "auth"],
    &["gem", "install"],
    &["gh", "auth", "login"],
    &["git", "config"],
    &["git", "fetch"],
    &["git", "maintenance"],
    &["go", "env"],
    &["go", "install"],
    &["gpg", "--import"],
    &["gpg2", "--import"],
    &["gpgconf"],
    &["helm", "repo", "add"],
    &["keytool"],
    &["mamba", "install"],
    &["mise", "install"],
    &["mise", "use"],
    &["mkcert"],
    &["npm", "add"],
    &["npm", "ci"],
    &["npm", "config"],
    &["npm", "i"],
    &["npm", "install"],
    &["npm", "link"],
    &["npm", "login"],
    &["npm", "pkg"],
    &["npm", "prune"],
    &["npm", "uninstall"],
    &["nvm"],
    &["pdm", "install"],
    &["pip", "config"],
    &["pip", "install"],
    &["pip", "uninstall"],
    &["pip3", "config"],
    &["pip3", "install"],
    &["pip3", "uninstall"],
    &["pipenv", "install"],
    &["pipx", "install"],
    &["pnpm", "add"],
    &["pnpm", "config"],
    &["pnpm", "i"],
    &["pnpm", "install"],
    &["poetry", "config"],
    &["poetry", "install"],
    &["pyenv", "global"],
    &["pyenv", "local"],
    &["rbenv", "global"],
    &["rbenv", "local"],
    &["rustup", "default"],
    &["rustup", "override"],
    &["rustup", "set"],
    &["rustup", "toolchain"],
    &["rustup", "update"],
    &["sdk", "use"],
    &["snap", "install"],
    &["ssh-add"],
    &["sudo"],
    &["sysctl"],
    &["systemctl", "stop"],
    &["terraform", "workspace"],
    &["tofu", "workspace"],
    &["ulimit"],
    &["update-alternatives"],
    &["update-ca-certificates"],
    &["uv", "pip"],
    &["uv", "sync"],
    &["uv", "tool"],
    &["winget", "install"],
    &["xcode-select"],
    &["yarn", "add"],
    &["yarn", "config"],
    &["yarn", "install"],
    &["yum", "install"],
];

/// Programs with settings for the whole machine.
const CLIENTS: &[&str] = &[
    "argocd",
    "aws",
    "az",
    "azd",
    "buildah",
    "bun",
    "bundle",
    "cargo",
    "cf",
    "composer",
    "conan",
    "cosign",
    "crane",
    "dart",
    "doctl",
    "docker",
    "dotnet",
    "eksctl",
    "firebase",
    "flutter",
    "fly",
    "flyctl",
    "gcloud",
    "gem",
    "gh",
    "glab",
    "gsutil",
    "helm",
    "heroku",
    "ibmcloud",
    "jf",
    "kubectl",
    "netlify",
    "npm",
    "nuget",
    "oc",
    "oci",
    "op",
    "oras",
    "pip",
    "pnpm",
    "podman",
    "poetry",
    "pulumi",
    "railway",
    "sentry-cli",
    "skopeo",
    "snyk",
    "supabase",
    "terraform",
    "tofu",
    "twine",
    "vault",
    "vercel",
    "wrangler",
    "yarn",
];

/// Words of theirs that change these.
const SETTINGS: &[&str] = &[
    "auth",
    "config",
    "configure",
    "context",
    "get-credentials",
    "link",
    "login",
    "logout",
    "profile",
    "select",
    "set",
    "set-context",
    "set-credentials",
    "switch",
    "update-kubeconfig",
    "use",
    "use-context",
];

/// What chooses versions of tools, and what of it chooses none.
const VERSIONS: &[&str] = &[
    "asdf",
    "chruby",
    "fnm",
    "fvm",
    "g",
    "goenv",
    "gvm",
    "jabba",
    "jenv",
    "mise",
    "n",
    "nodenv",
    "nodist",
    "nvm",
    "phpbrew",
    "phpenv",
    "pyenv",
    "rbenv",
    "rustup-init",
    "rvm",
    "sdk",
    "sdkman",
    "swiftly",
    "tfenv",
    "tfswitch",
    "volta",
    "xcodes",
    "xcversion",
];
const RUNS: &[&str] = &["current", "exec", "list", "ls", "r", "run", "tasks", "version", "versions", "where", "which", "x"];

/// What fetches a text, and what runs one.
const FETCHES: &[&str] = &["curl", "irm", "iwr", "wget"];
const RUNS_TEXTS: &[&str] = &["bash", "dash", "iex", "node", "perl", "php", "pwsh", "python", "python3", "ruby", "sh", "zsh"];

/// Those of a script, each as its words.
pub fn changes(script: &str) -> Vec<String> {
    let changes = |command: &str| {
        let all = lines::words(command);
        let is_known = |words: &[&str]| lines::listed(words, WORDS).next().is_some() || sets(words);
        // Yarn alone installs.
        let is_one = all == ["yarn"] || lines::any_place(&all, is_known) || is_configured(&all);
        // What a lockfile lists is added, and comes out the same each time.
        let said = is_one.then(|| all.join(" "));
        said.filter(|said| !commands::find(said).is_some_and(|known| known.locked))
    };
    let parts = lines::logical(script).into_iter().flat_map(|line| line.split("&&"));
    let fetched = parts.filter(|part| runs_what_it_fetches(part)).map(|part| part.trim().to_owned());
    let commands = lines::logical(script).into_iter().flat_map(lines::commands);
    commands.filter_map(|command| changes(&command)).chain(fetched).collect()
}

/// Whether a command changes settings, or chooses a version.
fn sets(command: &[&str]) -> bool {
    let (name, rest) = (lines::program(command[0]), &command[1..]);
    let mut told = rest.iter().filter(|word| !word.starts_with('-'));
    // `heroku container:login`
    let is_setting = |word: &&&str| SETTINGS.contains(word) || name == "heroku" && word.ends_with(":login");
    let first = told.clone().next().copied();
    // A letter is a word of much else.
    let is_version =
        |word: &str| word.starts_with(|char: char| char.is_ascii_digit()) || matches!(word, "latest" | "lts" | "stable");
    CLIENTS.contains(&name) && told.any(|word| is_setting(&word)) && !matches!(first, Some("run" | "exec" | "test"))
        || VERSIONS.contains(&name)
            && (name.len() > 1 || first.is_some_and(is_version))
            && (first.is_some_and(|word| !RUNS.contains(&word)) || name == "rustup-init")
}

/// Whether a part of a line runs what it fetches: `curl … | sh`, `sh -c "$(curl …)"`, `bash <(curl …)`.
fn runs_what_it_fetches(line: &str) -> bool {
    let commands: Vec<_> = lines::commands(line).collect();
    let begins = |command: &str, programs: &[&str]| {
        let words = lines::words(command);
        let mut own = words.iter().skip_while(|word| matches!(**word, "sudo" | "-E" | "env") || word.contains('='));
        own.next().is_some_and(|first| programs.contains(&lines::program(first)))
    };
    let place = |programs: &[&str]| commands.iter().position(|command| begins(command, programs));
    let joins = ["|", "$(", "<(", "`"].iter().any(|join| line.contains(join));
    joins && place(FETCHES).is_some() && place(RUNS_TEXTS).is_some()
}

/// Whether a command builds with settings of its own: what is there from another build would be taken for up to date.
fn is_configured(words: &[&str]) -> bool {
    let is_variable = |word: &&str| {
        word.split_once('=')
            .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|char| char.is_alphanumeric() || "_+?:".contains(char)))
    };
    let begin = |starts: &[&str]| words.iter().any(|word| starts.iter().any(|start| word.starts_with(start)));
    let runs = |tools: lines::Table<&[&str]>| lines::any_place(words, |words| lines::listed(words, tools).next().is_some());
    let sets = words.iter().any(is_variable);
    sets && runs(&[&["gmake"], &["make"], &["scons"]])
        || (sets || begin(&["-D", "-G", "--preset", "--buildtype"])) && runs(&[&["cmake"], &["meson"]])
        || (sets || begin(&["--"])) && runs(&[&["configure"]])
}

#[cfg(test)]
mod tests {
    use super::changes;

    #[test]
    fn what_a_machine_keeps_is_known() {
        for (script, wanted) in [
            ("npm i && npm test", &["npm i"][..]),
            ("npm ci && npm test", &[]),
            ("make test CFLAGS=-DX", &["make test CFLAGS=-DX"]),
            ("CC=gcc make", &["CC=gcc make"]),
            ("cmake -B build -DX=ON", &["cmake -B build -DX=ON"]),
            ("rustup component add clippy", &[]),
            ("shellcheck nvm/x.sh", &[]),
            ("make --silent test", &[]),
            ("cmake --build build --target a", &[]),
            ("python3.12 -m pip install ruff", &["python3.12 -m pip install ruff"]),
            ("pip3.11 install ruff", &["pip3.11 install ruff"]),
            ("sudo apt-get update && sudo apt-get -y install jq", &["sudo apt-get update", "sudo apt-get -y install jq"]),
            ("rustup default nightly && cargo build", &["rustup default nightly"]),
            ("pip install -r a.txt\npytest", &["pip install -r a.txt"]),
            ("yarn", &["yarn"]),
            ("/usr/bin/npm install react@18", &["/usr/bin/npm install react@18"]),
            ("yarn test && make install # npm ci", &[]),
            ("echo npm", &[]),
            // Settings and logins.
            ("aws eks update-kubeconfig --name a && kubectl get pods", &["aws eks update-kubeconfig --name a"]),
            ("az aks get-credentials -n a", &["az aks get-credentials -n a"]),
            ("kubectl config use-context a", &["kubectl config use-context a"]),
            ("az account set -s a && az vm list", &["az account set -s a"]),
            ("gcloud config set project a", &["gcloud config set project a"]),
            ("docker context use x && docker build .", &["docker context use x"]),
            ("firebase use prod", &["firebase use prod"]),
            ("heroku container:login", &["heroku container:login"]),
            ("npm set registry https://x && npm ci", &["npm set registry https://x"]),
            ("yarn workspace web lint:config", &[]),
            ("kubectl get pods && aws s3 ls", &[]),
            // Versions.
            ("sdk install java 17", &["sdk install java 17"]),
            ("jenv global 17", &["jenv global 17"]),
            ("volta install node@18", &["volta install node@18"]),
            ("sudo -E n 18", &["sudo -E n 18"]),
            ("rustup-init -y", &["rustup-init -y"]),
            ("mise run test && pyenv exec pytest", &[]),
            ("head -n n", &[]),
            // What nobody knows.
            ("curl https://sh.rustup.rs -sSf | sh -s -- -y", &["curl https://sh.rustup.rs -sSf | sh -s -- -y"]),
            ("sh -c \"$(curl -fsSL https://e.org)\"", &["sh -c \"$(curl -fsSL https://e.org)\""]),
            ("curl -sSf https://e.org | jq .", &[]),
            ("gpg --batch --import k.asc", &["gpg --batch --import k.asc"]),
            ("git fetch origin main && git log", &["git fetch origin main"]),
        ] {
            assert_eq!(changes(script), wanted, "{script}");
        }
    }
}
