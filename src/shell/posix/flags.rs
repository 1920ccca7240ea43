//! Options behind which a program is given code, or a command that it runs.

/// Each program with its options; a word without a dash has all behind it for code. (mongodb.com/docs/mongodb-shell, learn.microsoft.com: sqlcmd, cmd, az;
/// duckdb.org/docs, docs.snowflake.com, groovy-lang.org, git's and GNU's manuals, from memory.)
const OPTIONS: &[(&str, &[&str])] = &[
    ("aws", &["send-command"]),
    ("az", &["--scripts"]),
    ("bq", &["query"]),
    ("cmd", &["/C", "/K", "/c", "/k", "//C", "//c"]),
    ("complete", &["-C"]),
    ("duckdb", &["-c", "-cmd", "-s"]),
    ("entr", &["-s"]),
    ("git", &["-O", "--open-files-in-pager"]),
    ("groovy", &["-e"]),
    ("heroku", &["run"]),
    ("mix", &["--eval", "-e"]),
    ("mongo", &["--eval"]),
    ("mongosh", &["--eval"]),
    ("nodemon", &["--exec", "-x"]),
    ("php", &["--execute"]),
    ("rails", &["r", "runner"]),
    ("snowsql", &["--query", "-q"]),
    ("sort", &["--compress-program"]),
    ("sqlcmd", &["-Q", "-q"]),
];

/// Whether a program is given code that is worked out, by the words behind its name, each with whether it is.
pub(super) fn gives_code(program: &str, words: &[(&str, bool)]) -> bool {
    let program = program.trim_end_matches(".exe");
    let Some((_, options)) = OPTIONS.iter().find(|(name, _)| *name == program) else { return false };
    let is_in = |word: &str, option: &str| {
        let behind = word.strip_prefix(option).unwrap_or_default();
        behind.starts_with('=') || option.len() == 2 && option.starts_with('-') && !behind.is_empty()
    };
    words.iter().enumerate().any(|(at, (word, expands))| {
        options.iter().any(|option| {
            let mut behind = words[at + 1..].iter();
            let next = word == option
                && if option.starts_with(['-', '/']) { behind.next().is_some_and(|it| it.1) } else { behind.any(|it| it.1) };
            next || *expands && is_in(word, option)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{OPTIONS, gives_code};

    #[test]
    fn code_behind_options_is_known() {
        assert!(OPTIONS.is_sorted());
        for (program, words, wanted) in [
            ("mongosh", vec![("--eval", false), ("$X", true)], true),
            ("mongosh", vec![("--eval=$X", true)], true),
            ("mongosh", vec![("--eval", false), ("db.stats()", false), ("$X", true)], false),
            ("git", vec![("grep", false), ("-O$X", true), ("a", false)], true),
            ("git", vec![("grep", false), ("$X", true)], false),
            ("cmd.exe", vec![("/c", false), ("$X", true)], true),
            ("bq", vec![("query", false), ("--quiet", false), ("$X", true)], true),
            ("sort", vec![("$X", true)], false),
        ] {
            assert_eq!(gives_code(program, &words), wanted, "{program} {words:?}");
        }
    }
}
