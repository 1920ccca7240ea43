//! The health check of a service fails until the service can be used, and fails again when it is gone.
//!
//! Each check is taken from a compiled spec and run by `sh -c`, as Docker does, against the real server, where that is
//! installed; where it is not, the test says so and passes. Every server listens on a spare port. The checks name none or
//! the default one, so the port is given by the environment variable that the client reads (PGPORT, `MYSQL_TCP_PORT`,
//! `RABBITMQ_NODE_PORT`), else by rewriting the text of the command; nothing else in it changes.
#![expect(clippy::disallowed_methods, reason = "the tests start servers; the ban is the library's")]
#![expect(clippy::print_stderr, reason = "a test that could not run says so")]
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use pipelay::catalog::library::{Kind, names};
use pipelay::facts::Facts;
use pipelay::hir::ValueKind;
use pipelay::{Compilation, Spec, compile};
use tempfile::TempDir;

/// How long a server may take to become ready, and to go away: seconds on an idle machine, much more on a busy one.
const PATIENCE: Duration = Duration::from_secs(60);
/// The user and group `nobody` of Debian: the database servers refuse to run as root.
const NOBODY: u32 = 65534;

/// A job with that service alone.
fn job_with(service: &str) -> Compilation {
    let text = format!("on push\njob a {{\n  service {service}\n  run true\n}}\n");
    compile(&Spec { path: "ci.pipe".to_owned(), text }, &Facts::default())
}

/// The command of its health check, as the compiler resolved it.
fn check_of(service: &str) -> String {
    let keys = job_with(service).hir.jobs["a"].services[service].keys.clone();
    let ValueKind::Map(health) = &keys["health"].kind else { panic!("{service}: no health check") };
    health["cmd"].spelled()
}

/// The arguments that .NET makes of a text.
fn arguments(text: &str) -> Vec<String> {
    let (mut all, mut quoted, mut chars) = (vec![String::new()], false, text.chars().peekable());
    while let Some(next) = chars.next() {
        match next {
            '\\' if chars.peek() == Some(&'"') => all.last_mut().unwrap().extend(chars.next()),
            '"' => quoted = !quoted,
            ' ' if !quoted => all.push(String::new()),
            other => all.last_mut().unwrap().push(other),
        }
    }
    all
}

fn spare_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// A temporary directory, the environment and the user that a server and the checks on it share.
struct Sandbox {
    service: &'static str,
    directory: TempDir,
    port: u16,
    environment: Vec<(&'static str, String)>,
    root: bool,
}

/// A running server; dropping it ends it and everything that it started.
struct Server(Child);

impl Server {
    fn signal(&self, signal: &str) {
        let group = format!("-{}", self.0.id());
        let _ = Command::new("kill").args([signal, "--", &group]).stderr(Stdio::null()).status();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Politely first: a killed PostgreSQL leaves a lock file behind, and a zombie where nobody reaps orphans.
        self.signal("-TERM");
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(5) && matches!(self.0.try_wait(), Ok(None)) {
            thread::sleep(Duration::from_millis(20));
        }
        self.signal("-KILL");
        let _ = self.0.wait();
    }
}

impl Sandbox {
    /// Nothing where one of the programs is not installed.
    fn new(service: &'static str, programs: &[&str]) -> Option<Self> {
        // Where Debian puts servers that are not meant to be called by hand.
        let mut path = vec![PathBuf::from("/usr/lib/rabbitmq/bin"), PathBuf::from("/usr/sbin")];
        path.extend(glob_one_level(Path::new("/usr/lib/postgresql")).into_iter().map(|version| version.join("bin")));
        path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        if let Some(missing) = programs.iter().find(|program| !path.iter().any(|p| p.join(program).is_file())) {
            eprintln!("services: {service} is not tested here: no `{missing}`");
            return None;
        }
        let directory = tempfile::tempdir().unwrap();
        let user = Command::new("id").arg("-u").output().unwrap();
        let root = user.stdout.trim_ascii() == b"0";
        if root {
            chown(directory.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let environment = vec![
            ("PATH", env::join_paths(path).unwrap().into_string().unwrap()),
            ("HOME", directory.path().to_str().unwrap().to_owned()),
            ("LC_ALL", "C.UTF-8".to_owned()),
        ];
        Some(Self { service, directory, port: spare_port(), environment, root })
    }

    fn path(&self, name: &str) -> String {
        self.directory.path().join(name).to_str().unwrap().to_owned()
    }

    /// A bounded command in the sandbox; `timeout` outlives this process if that is killed.
    fn command(&self, seconds: u32, script: &str) -> Command {
        let mut command = Command::new("timeout");
        command.args(["--signal=KILL", &seconds.to_string(), "sh", "-c", script]);
        command.env_clear().envs(self.environment.iter().map(|(name, value)| (*name, value)));
        command.current_dir(self.directory.path()).stdin(Stdio::null()).process_group(0);
        if self.root {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }

    fn run(&self, script: &str) -> Output {
        self.command(40, script).output().unwrap()
    }

    #[track_caller]
    fn succeed(&self, script: &str) -> String {
        let output = self.run(script);
        assert!(output.status.success(), "{}: `{script}`: {output:?}", self.service);
        String::from_utf8(output.stdout).unwrap()
    }

    fn start(&self, server: &str) -> Server {
        let log = fs::File::create(self.path("server.log")).unwrap();
        let mut command = self.command(120, &format!("exec {server}"));
        Server(command.stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap())
    }

    fn log(&self) -> String {
        fs::read_to_string(self.path("server.log")).unwrap_or_default()
    }

    #[track_caller]
    fn wait_for(&self, what: &str, mut done: impl FnMut() -> bool) {
        let start = Instant::now();
        while !done() {
            assert!(start.elapsed() < PATIENCE, "{}: {what}: never\n{}", self.service, self.log());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The promise: the check fails before the start, fails until `usable` works, and fails after the end.
    #[track_caller]
    fn transitions(&self, check: &str, server: &str, usable: &str) {
        self.absent(check, "before the start");
        let running = self.start(server);
        let (mut failures, start) = (0, Instant::now());
        loop {
            let output = self.run(check);
            if output.status.success() {
                break;
            }
            failures += 1;
            let log = || self.log();
            assert!(start.elapsed() < PATIENCE, "{}: never ready: {output:?}\n{}", self.service, log());
            thread::sleep(Duration::from_millis(20));
        }
        self.succeed(usable);
        self.succeed(check);
        eprintln!("services: {}: the check failed {failures} times while starting, then passed", self.service);
        drop(running);
        self.wait_for("the port is closed", || TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err());
        self.absent(check, "after the end");
    }

    #[track_caller]
    fn absent(&self, check: &str, when: &str) {
        assert!(!self.run(check).status.success(), "{}: the check passes {when}", self.service);
    }
}

fn glob_one_level(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The runner puts `options` as it is into the arguments of `docker create`, and starts that without a shell
/// (actions/runner, `DockerCommandManager.cs` and `ProcessInvoker.cs`: `StartInfo.Arguments`). On Linux .NET then cuts the text
/// at blanks; double quotes group, a backslash before one escapes it, and nothing else is special: neither `'` nor `$`
/// (dotnet/runtime, `Process.Unix.cs`, `ParseArgumentsIntoList`; both read 2026-11-23). So a command between double quotes
/// reaches the shell of the container unchanged if it has neither of the two.
#[test]
fn every_check_survives_the_runners_tokeniser() {
    let services: Vec<&str> = names(Kind::Service).collect();
    assert!(services.len() >= 13, "{services:?}");
    for service in services {
        let check = check_of(service);
        assert!(!check.contains(['"', '\\']), "{service}: {check}");
        let syntax = Command::new("sh").args(["-n", "-c", &check]).status().unwrap();
        assert!(syntax.success(), "{service}: {check}");

        let yaml: serde_yaml::Value = serde_yaml::from_str(job_with(service).yaml.as_deref().unwrap()).unwrap();
        let options = arguments(yaml["jobs"]["a"]["services"][service]["options"].as_str().unwrap());
        let emitted = options.iter().position(|option| option == "--health-cmd").map(|at| options[at + 1].as_str());
        assert_eq!(emitted, Some(check.as_str()), "{service}");
    }
}

#[test]
fn postgres() {
    let Some(mut sandbox) = Sandbox::new("postgres", &["postgres", "initdb", "pg_isready"]) else { return };
    sandbox.environment.push(("PGPORT", sandbox.port.to_string()));
    let check = check_of("postgres");
    let sockets = sandbox.path("");
    sandbox.succeed("initdb --no-sync -U postgres -A trust -D data");

    // The first start of the image: a server on the socket only, for initdb's scripts.
    let temporary = sandbox.start(&format!("postgres -D data -k {sockets} -c listen_addresses="));
    sandbox.wait_for("the socket answers", || sandbox.run(&format!("pg_isready -h {sockets}")).status.success());
    sandbox.absent(&check, "in the socket-only phase");
    drop(temporary);
    sandbox.wait_for("the socket is dead", || !sandbox.run(&format!("pg_isready -h {sockets}")).status.success());

    let server = format!("postgres -D data -k {sockets} -c listen_addresses=127.0.0.1");
    sandbox.transitions(&check, &server, "psql -h 127.0.0.1 -U postgres -c 'select 1'");

    // Users and databases that only the use's block knows.
    sandbox.environment.extend([("POSTGRES_USER", "some one".to_owned()), ("POSTGRES_DB", "some db".to_owned())]);
    sandbox.transitions(&check, &server, "psql -h 127.0.0.1 -U postgres -d postgres -c 'select 1'");
}

/// Debian has no `mysqld` of Oracle's: the command of mysql.pipe is run against the fork, whose client has the same name.
#[test]
fn mariadb_and_mysql() {
    let Some(mut sandbox) = Sandbox::new("mariadb", &["mariadbd", "mariadb-install-db", "mariadb-admin", "mysqladmin"]) else {
        return;
    };
    sandbox.environment.push(("MYSQL_TCP_PORT", sandbox.port.to_string()));
    let (check, mysql) = (check_of("mariadb"), check_of("mysql"));
    let directory = sandbox.path("");
    sandbox.succeed(&format!(
        "mariadb-install-db --no-defaults --datadir={directory}data --auth-root-authentication-method=normal --skip-test-db"
    ));
    // A password that the checks do not know.
    fs::write(sandbox.path("init.sql"), "ALTER USER root@localhost IDENTIFIED BY 'unknown';").unwrap();
    let server = format!(
        "mariadbd --no-defaults --datadir={directory}data --socket={directory}socket --port={} --init-file={directory}init.sql",
        sandbox.port
    );

    // The first start of the image: a server on the socket only, for the scripts of the user.
    let temporary = sandbox.start(&format!("{server} --skip-networking"));
    let socket = format!("mariadb-admin --no-defaults --socket={directory}socket ping");
    sandbox.wait_for("the socket answers", || sandbox.run(&socket).status.success());
    sandbox.absent(&check, "in the socket-only phase");
    sandbox.absent(&mysql, "in the socket-only phase");
    drop(temporary);

    let usable = "mariadb --no-defaults -h 127.0.0.1 -u root -punknown -e 'select 1'";
    let server = format!("{server} --bind-address=127.0.0.1");
    sandbox.transitions(&check, &server, usable);
    sandbox.service = "mysql";
    sandbox.transitions(&mysql, &server, usable);
}

fn redis_like(service: &'static str, server: &str, client: &str) {
    let Some(sandbox) = Sandbox::new(service, &[server, client]) else { return };
    // The client has no variable for the port.
    let client = format!("{client} -p {}", sandbox.port);
    let check = check_of(service).replacen(&format!("{service}-cli"), &client, 1);
    let server = format!("{server} --bind 127.0.0.1 --port {} --save '' --dbfilename data.rdb", sandbox.port);
    sandbox.transitions(&check, &server, &format!("{client} set key value"));

    // A data set that takes two seconds to load: the server answers, and cannot be used.
    let first = sandbox.start(&format!("{server} --enable-debug-command yes"));
    sandbox.wait_for("ready", || sandbox.run(&check).status.success());
    sandbox.succeed(&format!("{client} debug populate 10000 && {client} save"));
    drop(first);
    sandbox.wait_for("the port is closed", || TcpStream::connect((Ipv4Addr::LOCALHOST, sandbox.port)).is_err());
    let slow = format!("{server} --key-load-delay 200 --loading-process-events-interval-bytes 1024");
    let loading = sandbox.start(&slow);
    sandbox.wait_for("it is loading", || sandbox.run(&format!("{client} ping")).stdout.starts_with(b"LOADING"));
    sandbox.absent(&check, "while the data set is loaded");
    sandbox.wait_for("loaded", || sandbox.run(&check).status.success());
    sandbox.succeed(&format!("{client} set key value"));
    drop(loading);

    // A password that only the use knows.
    sandbox.wait_for("the port is closed", || TcpStream::connect((Ipv4Addr::LOCALHOST, sandbox.port)).is_err());
    sandbox.transitions(&check, &format!("{server} --requirepass unknown"), &format!("{client} -a unknown set key value"));
}

#[test]
fn redis() {
    redis_like("redis", "redis-server", "redis-cli");
}

#[test]
fn valkey() {
    redis_like("valkey", "valkey-server", "valkey-cli");
}

#[test]
fn memcached() {
    let Some(sandbox) = Sandbox::new("memcached", &["memcached", "bash"]) else { return };
    let check = check_of("memcached").replace("11211", &sandbox.port.to_string());
    let server = format!("memcached -l 127.0.0.1 -p {}", sandbox.port);
    let usable = format!(
        "bash -c 'exec 3<>/dev/tcp/127.0.0.1/{}; echo \"set k 0 0 1\r\n1\r\" >&3; head -n 1 <&3 | grep -q STORED'",
        sandbox.port
    );
    sandbox.transitions(&check, &server, &usable);

    // As in the Debian image, without nc; and as in the Alpine image, with BusyBox's and without bash.
    sandbox.transitions(&check.replace(" nc ", " no-nc "), &server, &usable);
    if sandbox.run("busybox nc --help").status.code() == Some(127) {
        eprintln!("services: memcached is not tested with nc: no `busybox`");
        return;
    }
    let alpine = check.replace(" nc ", " busybox nc ").replace(" bash ", " no-bash ");
    sandbox.transitions(&alpine, &server, &usable);
}

#[test]
fn rabbitmq() {
    let Some(mut sandbox) = Sandbox::new("rabbitmq", &["rabbitmq-server", "rabbitmq-diagnostics", "epmd"]) else { return };
    let names_port = spare_port();
    sandbox.environment.extend([
        ("RABBITMQ_NODENAME", "pipelay@localhost".to_owned()),
        ("RABBITMQ_NODE_PORT", sandbox.port.to_string()),
        ("RABBITMQ_DIST_PORT", spare_port().to_string()),
        ("ERL_EPMD_PORT", names_port.to_string()),
        ("ERL_EPMD_ADDRESS", "127.0.0.1".to_owned()),
        ("RABBITMQ_MNESIA_BASE", sandbox.path("data")),
        ("RABBITMQ_LOG_BASE", sandbox.path("log")),
        ("RABBITMQ_LOGS", "-".to_owned()),
        ("RABBITMQ_PID_FILE", sandbox.path("pid")),
        ("RABBITMQ_ENABLED_PLUGINS_FILE", sandbox.path("plugins")),
        ("RABBITMQ_CONFIG_FILE", sandbox.path("none")),
        ("RABBITMQ_CONF_ENV_FILE", sandbox.path("none")),
    ]);
    // Erlang's name server, which a node would otherwise leave behind as a daemon.
    let _names = sandbox.start(&format!("epmd -port {names_port} -address 127.0.0.1"));
    sandbox.wait_for("epmd listens", || TcpStream::connect((Ipv4Addr::LOCALHOST, names_port)).is_ok());
    // The greeting of AMQP 0-9-1, answered by Connection.Start.
    let usable = format!(
        "bash -c 'exec 3<>/dev/tcp/127.0.0.1/{}; printf \"AMQP\\000\\000\\011\\001\" >&3; head -c 1 <&3 | od -An -tx1 | grep 01'",
        sandbox.port
    );
    sandbox.transitions(&check_of("rabbitmq"), "rabbitmq-server", &usable);
}
