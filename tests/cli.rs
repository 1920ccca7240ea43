//! The command line, as it is used: the real binary in a real repository.

mod action;
mod fetch;
mod files;
mod hooks;
mod images;
mod import;
mod init;
mod lines;
mod lock;
mod machines;
mod orphans;
mod past;
mod plan;
mod sandbox;
mod shells;
mod stale;
mod terminal;
mod terms;
mod used;
mod verbs;
mod watch;

use sandbox::Sandbox;

#[test]
fn help_of_every_verb() {
    let sandbox = Sandbox::new();
    let mut text = String::new();
    let verbs = crate::registry::verbs();
    for verb in std::iter::once(None).chain(verbs.iter().map(Some)) {
        let line: Vec<&str> = verb.into_iter().map(String::as_str).chain(["--help"]).collect();
        let run = sandbox.run(&line);
        run.is(0).stderr("");
        text.extend(["$ pipelay ", &line.join(" "), "\n", &run.stdout, "\n"]);
    }
    let text = text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect::<String>();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/cli");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("help", text));
}
