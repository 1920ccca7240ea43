//! What only tries to publish: commands and their options, from memory.

/// Whether a command only tries what it would do, or does it here.
pub(super) fn is_tried(words: &[&str]) -> bool {
    let has = |trials: &[&str]| trials.iter().any(|trial| words.contains(trial));
    // `-C` is the folder of others.
    let of_goreleaser = || words.contains(&"goreleaser") && is_snapshot(words);
    let of_maven = || words.iter().any(|word| word.starts_with("-DaltDeploymentRepository=") && word.contains("file:"));
    let of_ansible = || words.contains(&"ansible-playbook") && has(&["-C", "--connection=local", "localhost,"]);
    has(&["--check", "--dryrun", "--list-hosts", "--list-tasks", "--local", "--noop", "--push=false", "--syntax-check"])
        || words.iter().any(|word| word.contains("--dry-run"))
        || of_ansible()
        || of_goreleaser()
        || of_maven()
}

/// Whether `goreleaser` is told to publish nothing: `--snapshot`, `--skip=publish` and `--skip publish,sign` (`goreleaser release --help`, from memory).
fn is_snapshot(words: &[&str]) -> bool {
    let skips = |list: &str| list.split(',').any(|part| part == "publish");
    let own = |at: usize, word: &str| match word.split_once('=') {
        Some(("--skip", list)) => skips(list),
        Some((flag, value)) => flag == "--snapshot" && value != "false",
        None if word == "--skip" => words.get(at + 1).is_some_and(|list| skips(list)),
        None => matches!(word, "--skip-publish" | "--snapshot"),
    };
    words.iter().enumerate().any(|(at, word)| own(at, word))
}

/// Whether `goreleaser`, given these arguments, makes a release.
pub(super) fn releases(args: &str) -> bool {
    let words: Vec<&str> = args.split_whitespace().collect();
    words.contains(&"release") && !is_snapshot(&words)
}
