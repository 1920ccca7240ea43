//! Commands that leave something behind them: a server, a container, a name that is taken then. What comes next on the machine would meet it, and what asks
//! for the same again would fail.
//!
//! "-d, --detach: run container in background" (docs.docker.com/reference/cli/docker/container/run), the same of `compose up`; a container has its name until it
//! is removed. What `systemctl start`, `pg_ctl start` and `kind create cluster` begin stays until it is ended, and so does what `setsid`, `nohup` and `disown` are for.

use super::lines;

/// Commands that are for that, whatever they are told.
const ALWAYS: &[&str] =
    &["daemonize", "disown", "nohup", "setsid", "start-stop-daemon", "start-process", "start-job", "start-service"];

/// Others, each by the words that it has in that order.
const WORDS: &[&[&str]] = &[
    &["adb", "start-server"],
    &["apachectl", "start"],
    &["brew", "services", "restart"],
    &["brew", "services", "start"],
    &["caddy", "start"],
    &["colima", "start"],
    &["createdb"],
    &["createuser"],
    &["ctlptl", "create"],
    &["docker", "compose", "run"],
    &["docker", "compose", "start"],
    &["docker", "network", "create"],
    &["docker", "service", "create"],
    &["docker", "stack", "deploy"],
    &["docker", "start"],
    &["docker", "volume", "create"],
    &["docker", "swarm", "init"],
    &["docker-compose", "run"],
    &["docker-compose", "start"],
    &["dockerd"],
    &["forever", "start"],
    &["k3d", "cluster", "create"],
    &["kind", "create", "cluster"],
    &["launchctl", "load"],
    &["launchctl", "start"],
    &["localstack", "start"],
    &["minikube", "start"],
    &["mysqladmin", "create"],
    &["net", "start"],
    &["nginx"],
    &["pg_ctl", "start"],
    &["pg_ctlcluster", "start"],
    &["pm2", "restart"],
    &["pm2", "start"],
    &["podman", "network", "create"],
    &["podman", "pod", "create"],
    &["podman", "start"],
    &["rabbitmq-server"],
    &["rc-service", "start"],
    &["sc", "start"],
    &["service", "restart"],
    &["service", "start"],
    &["ssh-agent"],
    &["supabase", "start"],
    &["systemctl", "enable", "--now"],
    &["systemctl", "restart"],
    &["systemctl", "start"],
    &["systemd-run"],
    &["useradd"],
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
    let has = |wanted: &[&str]| lines::has_in_order(words, wanted);
    // `-itd` is `-i -t -d`.
    let is_short = |word: &&str, flags: &[&str]| {
        let own = word.strip_prefix('-').filter(|own| !own.starts_with('-')).unwrap_or_default();
        flags.iter().any(|flag| flag.len() == 2 && own.contains(&flag[1..]))
    };
    let is_told = |flags: &[&str]| lines::has_flag(rest, flags) || rest.iter().any(|word| is_short(word, flags));
    ALWAYS.contains(&name)
        || WORDS.iter().any(|wanted| has(wanted))
        || FLAGS.iter().any(|(wanted, flags)| has(wanted) && is_told(flags))
        || lines::runs_named(words, STARTS)
        // A name that is taken then, whichever server is told of it.
        || words.windows(2).any(|pair| pair[0] == "create" && matches!(pair[1], "database" | "user" | "role" | "schema"))
        || name == "mkdir" && makes(&['p'], "--parents")
        || name == "ln" && makes(&['f'], "--force")
}

/// Whether a command of a line goes on while others begin: `server &`, not `a && b`, `2>&1` or `&>`.
fn is_in_background(line: &str) -> bool {
    lines::unquoted(line).filter(|(_, char)| *char == '&').any(|(at, _)| {
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
        ] {
            assert!(!is_any(script), "{script}");
        }
    }
}
