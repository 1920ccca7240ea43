//! Commands that leave something behind them: a server, a container, a name that is taken then. What comes next on the machine would meet it, and what asks
//! for the same again would fail: "fatal: --unshallow on a complete repository does not make sense" (git fetch).
//!
//! "-d, --detach: run container in background" (docs.docker.com/reference/cli/docker/container/run), the same of `compose up`; a container has its name until it
//! is removed. What `systemctl start`, `pg_ctl start` and `kind create cluster` begin stays until it is ended, and so does what `setsid`, `nohup` and `disown` are for.

use super::{lines, whole_tree};

/// Commands that are for that, whatever they are told.
const ALWAYS: &[&str] =
    &["daemonize", "disown", "nohup", "setsid", "start-stop-daemon", "start-process", "start-job", "start-service"];

/// Others, each by the words that it has in that order.
const WORDS: &[&[&str]] = &[
    &["adb", "start-server"],
    &["addgroup"],
    &["adduser"],
    &["apachectl", "start"],
    &["brew", "services", "restart"],
    &["brew", "services", "start"],
    &["caddy", "start"],
    &["cargo", "init"],
    &["cargo", "new"],
    &["colima", "start"],
    &["conda", "create"],
    &["conda", "env", "create"],
    &["createdb"],
    &["createuser"],
    &["ctlptl", "create"],
    &["django-admin", "startproject"],
    &["docker", "buildx", "create"],
    &["docker", "compose", "run"],
    &["docker", "compose", "start"],
    &["docker", "context", "create"],
    &["docker", "network", "create"],
    &["docker", "service", "create"],
    &["docker", "stack", "deploy"],
    &["docker", "start"],
    &["docker", "swarm", "init"],
    &["docker", "volume", "create"],
    &["docker-compose", "run"],
    &["docker-compose", "start"],
    &["dockerd"],
    &["dotnet", "new"],
    &["fallocate"],
    &["forever", "start"],
    &["gh", "repo", "clone"],
    &["git", "clone"],
    &["git", "fetch", "--unshallow"],
    &["git", "init"],
    &["go", "mod", "init"],
    &["groupadd"],
    &["k3d", "cluster", "create"],
    &["kind", "create", "cluster"],
    &["launchctl", "load"],
    &["launchctl", "start"],
    &["localstack", "start"],
    &["losetup"],
    &["mamba", "create"],
    &["mamba", "env", "create"],
    &["minikube", "start"],
    &["mkfifo"],
    &["mknod"],
    &["mkswap"],
    &["mysqladmin", "create"],
    &["net", "start"],
    &["nginx"],
    &["npm", "init"],
    &["pg_ctl", "start"],
    &["pg_ctlcluster", "start"],
    &["pm2", "restart"],
    &["pm2", "start"],
    &["podman", "network", "create"],
    &["podman", "pod", "create"],
    &["podman", "start"],
    &["poetry", "init"],
    &["poetry", "new"],
    &["rabbitmq-server"],
    &["rails", "new"],
    &["rc-service", "restart"],
    &["rc-service", "start"],
    &["sc", "start"],
    &["security", "create-keychain"],
    &["service", "restart"],
    &["service", "start"],
    &["ssh-agent"],
    &["ssh-keygen"],
    &["supabase", "start"],
    &["swapon"],
    &["systemctl", "enable", "--now"],
    &["systemctl", "restart"],
    &["systemctl", "start"],
    &["systemd-run"],
    &["terraform", "workspace", "new"],
    &["tofu", "workspace", "new"],
    &["useradd"],
    &["uv", "init"],
    &["vagrant", "up"],
];

/// What tells a command that it shall go on, by its first words.
const FLAGS: &[(&[&str], &[&str])] = &[
    (&["docker", "compose", "up"], &["-d", "--detach", "--wait"]),
    (&["docker", "create"], &["--name"]),
    (&["docker", "run"], &["-d", "--detach", "--name"]),
    (&["docker-compose", "up"], &["-d", "--detach", "--wait"]),
    (&["gunicorn"], &["-d", "--daemon"]),
    (&["memcached"], &["-d"]),
    (&["mongod"], &["--fork"]),
    (&["nerdctl", "run"], &["-d", "--detach", "--name"]),
    (&["podman", "create"], &["--name"]),
    (&["podman", "run"], &["-d", "--detach", "--name"]),
    (&["podman-compose", "up"], &["-d", "--detach"]),
    (&["rails", "server"], &["-d", "--daemon"]),
    (&["redis-server"], &["--daemonize"]),
    (&["screen"], &["-d", "-dm", "-dms"]),
    (&["ssh"], &["-f", "-n"]),
    (&["tmux"], &["-d"]),
    (&["uwsgi"], &["--daemonize"]),
];

/// Words of such a name that say that something is there afterwards.
const STARTS: &[&str] = &["start", "up"];

/// Whether one of the commands of a script does.
pub fn is_any(script: &str) -> bool {
    lines::logical(script).into_iter().any(is_in_background) || lines::any(&script.to_ascii_lowercase(), is_so)
}

/// Whether the command that these words begin with does.
fn is_so(words: &[&str]) -> bool {
    let (name, rest) = (lines::program(words[0]), &words[1..]);
    // A directory or link that is there already is an error, unless it is said to be none.
    let makes = |flags: &[char], long: &str| {
        let is_said = |word: &&str| *word == long || word.starts_with('-') && !word.starts_with("--") && word.contains(flags);
        !rest.is_empty() && !rest.iter().any(is_said)
    };
    // `-itd` is `-i -t -d`.
    let is_short = |word: &&str, flags: &[&str]| {
        let own = word.strip_prefix('-').filter(|own| !own.starts_with('-')).unwrap_or_default();
        flags.iter().any(|flag| flag.len() == 2 && own.contains(&flag[1..]))
    };
    let is_told = |flags: &[&str]| lines::has_flag(rest, flags) || rest.iter().any(|word| is_short(word, flags));
    ALWAYS.contains(&name)
        || lines::listed(words, WORDS).next().is_some()
        || lines::rows(words, FLAGS, |(wanted, _)| wanted).any(|(_, flags)| is_told(flags))
        || lines::runs_named(words, STARTS)
        // A name that is taken then, whichever server is told of it.
        || words.windows(2).any(|pair| pair[0] == "create" && matches!(pair[1], "database" | "user" | "role" | "schema"))
        // What begins servers of the system, whichever it is.
        || words[0].starts_with("/etc/init.d/") && rest.iter().any(|word| matches!(*word, "start" | "restart"))
        || name == "git" && names(rest)
        || name == "mkdir" && makes(&['p'], "--parents")
        || name == "ln" && makes(&['f'], "--force")
}

/// Options of `git branch` and `git tag` by which they list names.
const LISTS: &[&str] = &[
    "--all",
    "--contains",
    "--format",
    "--list",
    "--merged",
    "--no-merged",
    "--points-at",
    "--remotes",
    "--show-current",
    "--sort",
    "-l",
];

/// Whether git gives a name that is taken then: of a branch, a tag or a remote. Without a name, and with options that look for some, it lists them.
fn names(told: &[&str]) -> bool {
    let Some((command, told)) = whole_tree::told(told) else { return false };
    let gives = |lists: &[&str]| {
        told.iter().any(|word| !word.starts_with('-')) && !lines::has_flag(&told, LISTS) && !lines::has_flag(&told, lists)
    };
    match command {
        "branch" => gives(&["-a", "-r", "-v", "-vv"]),
        // `-a` makes one with a message.
        "tag" => gives(&["-n"]),
        "remote" => told.first().is_some_and(|word| matches!(*word, "add" | "remove" | "rename" | "rm")),
        _ => false,
    }
}

/// Whether a command of a line goes on while others begin: `server &`, not `a && b`, `2>&1` or `&>`.
fn is_in_background(line: &str) -> bool {
    let places = line.contains('&').then(|| lines::unquoted(line).filter(|(_, char)| *char == '&'));
    places.into_iter().flatten().any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + 1..]);
        // PowerShell calls what stands behind it at the beginning.
        !before.trim().is_empty() && !before.ends_with(['&', '>', '<', '|']) && !after.starts_with(['&', '>'])
    })
}

#[cfg(test)]
mod tests {
    use super::is_any;

    #[test]
    fn what_stays_is_known() {
        for script in [
            "npm run server & npm test",
            "server &\nnpm test",
            "(cd app && npm run serve &)",
            "server > log 2>&1 &",
            "server &# in the background",
            "echo don't; server &",
            "nohup server",
            "sudo setsid server",
            "docker run -d --rm redis",
            "docker run --rm -itd redis",
            "docker run --detach=true redis",
            "docker run --name db redis",
            "docker compose -f a.yml up -d",
            "docker compose up --wait",
            "docker-compose up -d db",
            "sudo docker network create tests",
            "kind create cluster",
            "kind create --name a cluster",
            "sudo systemctl start postgresql",
            "sudo service mysql start",
            "sudo /usr/lib/postgresql/16/bin/pg_ctl -D data start",
            "npx pm2 start app.js",
            "redis-server --daemonize yes",
            "eval \"$(ssh-agent -s)\"",
            "make up",
            "mkdir build && cd build",
            "ln -s a b",
            "npm run db:up",
            "minikube start --driver=docker",
            "Start-Process server.exe",
            "docker compose run --rm app test",
            "ssh -fN -L 1:2:3 host",
            "gunicorn -D app",
            "psql -c 'CREATE DATABASE app'",
            "docker volume create data",
            "git fetch --unshallow && npx commitlint --from origin/main",
            "git fetch --prune --unshallow",
            "git remote add upstream https://e.org/x",
            "git branch base origin/main",
            "git tag x",
            "git tag -a x -m message",
            "git -C . tag -m message x",
            "conda env create -f environment.yml",
            "security create-keychain -p x build",
            "sudo groupadd ci",
            "sudo fallocate -l 4G /swap",
            "ssh-keygen -f key",
            "cargo new x",
            "go mod init x",
            "terraform workspace new x",
            "sudo /etc/init.d/mysql start",
        ] {
            assert!(is_any(script), "{script}");
        }
        for script in [
            "npm ci && npm test",
            "npm test 2>&1 | tee log",
            "npm test &> log",
            "curl 'http://localhost/?a=1&b=2'",
            "curl \"http://localhost/?a=1&b=2\" # & more",
            "docker run --rm app npm test",
            "docker build -t app .",
            "docker compose down",
            "systemctl status docker",
            "echo nothing is started",
            "& 'C:\\tool.exe' test",
            "npm run startup-check",
            "make test",
            "mkdir -p build",
            "mkdir -vp build",
            "ln -sf a b",
            "make supply",
            "npm test -- --grep starts",
            "yamllint charts/nginx",
            "go test ./start",
            "git fetch origin main",
            "git tag --list 'v*'",
            "git tag --points-at HEAD",
            "git branch --show-current",
            "git branch -a",
            "git remote -v",
            "git log --remotes",
        ] {
            assert!(!is_any(script), "{script}");
        }
    }
}
