//! The command line, as it is used: the real binary in a real repository.

mod machines;
mod sandbox;
mod verbs;

use sandbox::Sandbox;

#[test]
fn help_of_every_verb() {
    let sandbox = Sandbox::new();
    let mut text = String::new();
    for verb in [&["--help"][..], &["compile", "--help"], &["check", "--help"], &["fmt", "--help"], &["explain", "--help"]] {
        let run = sandbox.run(verb);
        run.is(0).stderr("");
        text.extend(["$ pipelay ", &verb.join(" "), "\n", &run.stdout, "\n"]);
    }
    let text = text.lines().flat_map(|line| [line.trim_end(), "\n"]).collect::<String>();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots/cli");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("help", text));
}
