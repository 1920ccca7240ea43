//! Commands that give something to others where what is said to them decides it: where to, and what of it. From memory.

use super::lines;
use super::publishing::has;

/// What runs a command that is not of the project.
const RUNNERS: &[&[&str]] =
    &[&["bundle", "exec"], &["bunx"], &["npx"], &["pnpm", "dlx"], &["pnpm", "exec"], &["sshpass"], &["yarn", "dlx"], &["yarn"]];

/// What runs the scripts of all parts of a project by their names.
const OF_WORKSPACES: &[&str] = &["lerna", "nx", "turbo"];

/// Options of `ssh` with a value behind them, by their letters.
const OF_SSH: &str = "BbcDEeFIiJLlmOopQRSWw";

/// Whether a command gives something to others; it is given as its words, and as their names.
pub(super) fn sends(words: &[&str], own: &[&str]) -> bool {
    pushes_image(words)
        || publishes_by_build(words)
        || copies_to_elsewhere(own)
        || pushes_pages(own)
        || publishes_app(own)
        || runs_by_name(own)
        || !is_here(words) && goes_to_a_host(own)
}

/// Whether `electron-builder` is told to publish what it builds.
fn publishes_app(words: &[&str]) -> bool {
    let tells = |at: usize, word: &str| match word.split_once('=') {
        Some(("--publish" | "-p", value)) => value != "never",
        None if matches!(word, "--publish" | "-p") => words.get(at + 1).is_none_or(|value| *value != "never"),
        _ => false,
    };
    words.contains(&"electron-builder") && words.iter().enumerate().any(|(at, word)| tells(at, word))
}

/// Whether the scripts of a workspace are run by a name that says so: `turbo run deploy`.
fn runs_by_name(words: &[&str]) -> bool {
    let is_named = |word: &&str| ["deploy", "publish", "release"].contains(word);
    lines::any_place(words, |words| {
        words.first().is_some_and(|first| OF_WORKSPACES.contains(first))
            && words.iter().take_while(|word| **word != "--").any(|word| is_named(&word.rsplit(':').next().unwrap_or_default()))
    })
}

/// Whether a command names this machine, where a server is tried.
fn is_here(words: &[&str]) -> bool {
    words.iter().any(|word| ["localhost", "127.0.0.1"].iter().any(|here| word.contains(here)))
}

/// Whether a command is of those that only their first word tells: it reaches another machine, or nothing.
fn goes_to_a_host(words: &[&str]) -> bool {
    // Options that name a command, such as those of git, have it behind a `=`.
    if words.iter().take_while(|word| word.contains('=')).any(|word| word.ends_with('=')) {
        return false;
    }
    let words = lines::own(words);
    let behind = RUNNERS.iter().find(|runner| words.starts_with(runner)).map_or(words, |runner| {
        let rest = &words[runner.len()..];
        let at = if runner[0] == "sshpass" { rest.iter().position(|word| *word == "ssh") } else { None };
        &rest[at.unwrap_or_else(|| rest.iter().take_while(|word| word.starts_with('-')).count())..]
    });
    let Some((program, rest)) = behind.split_first() else { return false };
    let asks = || rest.iter().any(|word| ["--help", "--version", "-V", "-h"].contains(word));
    match lines::program(program) {
        "dpl" | "sftp" | "surge" => !rest.is_empty() && !asks(),
        "np" => !asks() && !rest.contains(&"--preview"),
        "curl" => rest.iter().any(|word| uploads(word)),
        "ssh" => plain(rest, OF_SSH).len() > 1,
        "git" => pushes_to_others(rest),
        "nix" => rest.first() == Some(&"copy") && copies_store(rest),
        _ => false,
    }
}

/// Whether an option of `curl` has a file to send behind it: `-T`, `-fsST`.
fn uploads(word: &str) -> bool {
    let letters = word.strip_prefix('-').and_then(|word| word.strip_suffix('T'));
    word == "--upload-file" || letters.is_some_and(|letters| letters.chars().all(|letter| "fgikLNsSv".contains(letter)))
}

/// The words that are neither options nor their values, which some letters have behind them.
fn plain<'w>(words: &[&'w str], with_value: &str) -> Vec<&'w str> {
    let (mut plain, mut words) = (Vec::new(), words.iter());
    while let Some(word) = words.next() {
        match word.strip_prefix('-') {
            // Behind the first that is none the rest is another's.
            _ if !plain.is_empty() => plain.push(*word),
            Some(letter) if letter.len() == 1 && with_value.contains(letter) => {
                words.next();
            }
            Some(_) => {}
            None => plain.push(*word),
        }
    }
    plain
}

/// Whether `git` pushes to a remote that is neither where the repository came from, nor another one at GitHub: to a host that builds and runs it.
fn pushes_to_others(words: &[&str]) -> bool {
    let words = plain(words, "Cc");
    let Some((&"push", rest)) = words.split_first() else { return false };
    let remote = plain(rest, "o").into_iter().next().unwrap_or_default();
    let is_name = !remote.is_empty() && remote.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let is_elsewhere = (remote.contains("://") && !remote.starts_with("file:") || remote.contains('@') && remote.contains(':'))
        && !remote.to_ascii_lowercase().contains("github")
        && !remote.contains('$');
    is_name && !["HEAD", "fork", "origin", "upstream"].contains(&remote) || is_elsewhere
}

/// Whether `nix copy` copies into a store of others.
fn copies_store(words: &[&str]) -> bool {
    let to = words.iter().position(|word| *word == "--to").and_then(|at| words.get(at + 1));
    to.is_some_and(|to| !to.starts_with(['/', '.', '~']) && !to.starts_with("file:") && *to != "daemon")
}

/// Whether a command copies files to another machine or into a bucket; what it fetches from there is not given to anybody.
fn copies_to_elsewhere(words: &[&str]) -> bool {
    if !words.iter().any(|word| ["aws", "gcloud", "gsutil", "mirror", "rclone", "rsync", "s3cmd", "scp"].contains(word)) {
        return false;
    }
    let behind = |tool: &[&str]| {
        let at = words.windows(tool.len()).position(|own| own == tool)?;
        let own = words[at + tool.len()..].iter().take_while(|word| !word.starts_with(['>', '<']) && **word != "2>");
        Some(own.copied().filter(|word| !word.starts_with('-')).collect::<Vec<_>>())
    };
    let last_is = |tool: &[&str], there: &dyn Fn(&str) -> bool| {
        behind(tool).is_some_and(|all| all.len() > 1 && all.last().is_some_and(|last| there(last)))
    };
    // `host:path`, `user@host:path`; `C:` is a disk.
    let is_host = |word: &str| word.split_once(':').is_some_and(|(host, _)| host.len() > 1 && !host.contains('/'));
    let hosts = ["rsync", "scp"].iter().any(|tool| last_is(&[tool], &is_host));
    // Of the first two that are no options the second is where it goes.
    let remote = ["copy", "copyto", "move", "moveto", "sync"]
        .iter()
        .any(|verb| behind(&["rclone", verb]).is_some_and(|all| all.iter().skip(1).any(|word| is_host(word))));
    let is_reverse = |word: &&str| *word == "--reverse" || word.starts_with('-') && !word.starts_with("--") && word.contains('R');
    let mirrors = words.iter().skip_while(|word| **word != "mirror").any(is_reverse);
    let is_here = |word: &&str| !word.contains("://");
    // A variable in the place of a bucket has any name: what begins with a file of this machine goes there.
    let to_bucket = |tool: &[&str]| {
        behind(tool).is_some_and(|all| {
            all.len() > 1 && all.first().is_some_and(is_here) || all.iter().filter(|word| !is_here(word)).count() > 1
        })
    };
    let s3 = ["cp", "mv", "sync"].iter().any(|verb| to_bucket(&["aws", "s3", verb]));
    let s3 = s3 || ["cp", "mv", "put", "sync"].iter().any(|verb| to_bucket(&["s3cmd", verb]));
    let storage = ["cp", "rsync"].iter().any(|verb| {
        to_bucket(&["gcloud", "storage", verb]) || to_bucket(&["gsutil", verb]) || to_bucket(&["gsutil", "-m", verb])
    });
    hosts || remote || mirrors || s3 || storage
}

/// Whether a command pushes to the branch that GitHub Pages are made of.
fn pushes_pages(words: &[&str]) -> bool {
    let is_pages = |word: &&str| word.ends_with("gh-pages") && word.rsplit([':', '/']).next() == Some("gh-pages");
    words.iter().any(is_pages) && has(words, &["git", "push"])
}

/// Whether a command builds an image and pushes it: `--push`, `--output type=registry`.
fn pushes_image(words: &[&str]) -> bool {
    let mut rest = words.iter().skip_while(|word| !["docker", "nerdctl", "podman"].contains(*word));
    rest.any(|word| matches!(*word, "--push" | "--push=true") || word.contains("type=registry") || word.contains(",push=true"))
}

/// Whether sbt or Gradle is to publish something.
fn publishes_by_build(words: &[&str]) -> bool {
    const OF_SBT: &[&str] = &["ci-release", "publish", "publishSigned", "release", "sonatypeBundleRelease", "sonatypeRelease"];
    let task = |word: &str| OF_SBT.contains(&word.rsplit('/').next().unwrap_or_default().trim_start_matches('+'));
    let by_sbt = words.iter().skip_while(|word| lines::program(word) != "sbt").any(|word| task(word));
    by_sbt || publishes_by_gradle(words)
}

/// Whether Gradle is to publish something, by the names that its plugins and those of Sonatype, the plugin portal and Jib give to their tasks.
fn publishes_by_gradle(words: &[&str]) -> bool {
    let mut rest = words.iter().skip_while(|word| !["gradle", "gradlew"].contains(&word.rsplit('/').next().unwrap_or_default()));
    rest.next().is_some()
        && rest.any(|word| {
            let task = word.rsplit(':').next().unwrap_or_default();
            let publishes = task.starts_with("publish") && !task.contains("ToMavenLocal");
            !word.starts_with('-') && (publishes || task.starts_with("closeAndRelease") || task == "jib")
        })
}

#[cfg(test)]
mod tests {
    use crate::catalog::publishing::command;

    #[test]
    fn what_goes_to_others_is_known() {
        for sent in [
            "git push heroku main",
            "git -C app push --force dokku HEAD:main",
            "git push https://git.heroku.com/app.git main",
            "npx electron-builder --publish always",
            "npx np",
            "npx auto shipit",
            "turbo run deploy",
            "npx turbo run build deploy --filter=web",
            "nx run app:deploy",
            "sbt publishSigned",
            "sbt clean +core/publishSigned",
            "cargo dist upload",
            "pack build x --publish",
            "azd deploy",
            "az acr build .",
            "cf push",
            "oc apply -f x",
            "tanka apply",
            "werf converge",
            "waypoint up",
            "deployctl deploy",
            "dpl --provider=heroku",
            "surge dist x.surge.sh",
            "npx --yes surge dist x.surge.sh",
            "now --prod",
            "hub release create v1",
            "conan upload x",
            "opam publish",
            "butler push dist x",
            "rclone sync dist remote:x --config r.conf",
            "s3cmd sync dist s3://x",
            "lftp -e \"mirror -R dist\" host",
            "lftp -e \"open host; mirror --reverse dist; bye\"",
            "sftp -b batch host",
            "curl -fsST dist/x.zip ftp://host",
            "curl --upload-file x https://host",
            "ssh host ./update",
            "ssh -i key -p 22 me@host 'cd app && docker compose pull'",
            "sshpass -p x ssh me@host ./update",
            "hugo deploy",
            "cachix push x",
            "nix copy --to s3://x",
        ] {
            assert_eq!(command(sent), Some(sent));
        }
        for kept in [
            "git push",
            "git push -u origin topic",
            "git push -o ci.skip origin main",
            "git push https://x:${TOKEN}@github.com/a/b main",
            "git push \"$REMOTE\" main",
            "git push ../bare.git main",
            "git push --dry-run heroku main",
            "git commit -m 'git push heroku main'",
            "git push 2>&1",
            "echo git push heroku main",
            "npx electron-builder --publish never",
            "npx electron-builder --publish=never",
            "npx electron-builder",
            "npm install np surge",
            "npx np --preview",
            "turbo run build",
            "turbo run build -- deploy",
            "sbt publishLocal",
            "sbt test",
            "pack build x",
            "rclone sync remote:x data",
            "s3cmd get s3://x/a .",
            "s3cmd sync s3://x data",
            "lftp -e \"mirror data\" host",
            "curl -fsSL https://host/x",
            "curl -XPOST https://host/x",
            "curl -T x http://localhost:8080/",
            "ssh -V",
            "ssh -T git@github.com",
            "ssh -p 2222 root@localhost ./test",
            "ssh-keyscan host",
            "GIT_SSH_COMMAND=\"ssh -i key\" git fetch",
            "rsync -e \"ssh -p 22\" -a host:data/ data/",
            "nix copy --to file:///tmp/x",
            "hugo",
        ] {
            assert_eq!(command(kept), None, "{kept}");
        }
    }
}
