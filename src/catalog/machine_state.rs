//! Commands that change what is on a machine for all that comes next: packages, versions, settings, logins. Two jobs may share one where they do the very same to it.
//! What only adds something that nobody meets who does not ask for it, as browsers that are installed, is left out.

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
    &["choco", "install"],
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
    &["fnm", "use"],
    &["gcloud", "auth"],
    &["gem", "install"],
    &["gh", "auth", "login"],
    &["git", "config"],
    &["go", "env"],
    &["go", "install"],
    &["helm", "repo", "add"],
    &["mamba", "install"],
    &["mise", "install"],
    &["mise", "use"],
    &["npm", "add"],
    &["npm", "ci"],
    &["npm", "pkg"],
    &["npm", "prune"],
    &["npm", "config"],
    &["npm", "i"],
    &["npm", "install"],
    &["npm", "link"],
    &["npm", "login"],
    &["npm", "uninstall"],
    &["nvm"],
    &["pdm", "install"],
    &["pip", "install"],
    &["pip", "uninstall"],
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
    &["sudo"],
    &["sysctl"],
    &["systemctl", "stop"],
    &["terraform", "workspace"],
    &["ulimit"],
    &["update-alternatives"],
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

/// Those of a script, each as its words.
pub fn changes(script: &str) -> Vec<String> {
    let changes = |command: &str| {
        let all = lines::words(command);
        let is_known =
            |words: &[&str]| WORDS.iter().any(|wanted| lines::has_in_order(words, wanted)) || is_configured(words, &all);
        // Yarn alone installs.
        let is_one = all == ["yarn"] || lines::any_place(&all, is_known);
        // What a lockfile lists is added, and comes out the same each time.
        let said = Some(all.join(" ")).filter(|_| is_one);
        said.filter(|said| !commands::find(said).is_some_and(|known| known.locked))
    };
    let commands = lines::logical(script).into_iter().flat_map(lines::commands);
    commands.filter_map(|command| changes(&command)).collect()
}

/// Whether a command builds with settings of its own: what is there from another build would be taken for up to date.
fn is_configured(command: &[&str], all: &[&str]) -> bool {
    let is_variable = |word: &&str| {
        word.split_once('=')
            .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|char| char.is_alphanumeric() || "_+?:".contains(char)))
    };
    let is_flag = |word: &&str| ["-D", "-G", "--preset", "--buildtype"].iter().any(|flag| word.starts_with(flag));
    let is_one = |name: &str| lines::has_in_order(command, &[name]);
    ["make", "gmake", "scons"].into_iter().any(is_one) && all.iter().any(is_variable)
        || ["cmake", "meson"].into_iter().any(is_one) && all.iter().any(|word| is_flag(word) || is_variable(word))
        || is_one("configure") && all.iter().any(|word| word.starts_with("--") || is_variable(word))
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
        ] {
            assert_eq!(changes(script), wanted, "{script}");
        }
    }
}
