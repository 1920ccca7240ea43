//! Did-you-mean.

/// Longer names are nobody's slip.
const LONGEST: usize = 200;

/// What others call a thing, and what it is called here. It counts where the second is among the names.
#[rustfmt::skip] // a table
const ALIASES: &[(&str, &str)] = &[
    // Toolchains: their files, managers and other names.
    ("golang", "go"), ("nodejs", "node"), ("node.js", "node"), ("npm", "node"), ("yarn", "node"), ("pnpm", "node"), ("py", "python"),
    ("python3", "python"), ("pip", "python"), ("poetry", "python"), ("uv", "python"), ("cargo", "rust"), ("rustup", "rust"),
    ("rustc", "rust"), ("rs", "rust"), ("jdk", "java"), ("jvm", "java"), ("maven", "java"), ("gradle", "java"), ("kt", "kotlin"),
    ("rb", "ruby"), ("rails", "ruby"), ("gem", "ruby"), ("bundler", "ruby"), ("composer", "php"), ("csharp", "dotnet"),
    (".net", "dotnet"), ("net", "dotnet"), ("nuget", "dotnet"), ("erlang", "elixir"), ("buildx", "docker"), ("tf", "terraform"),
    ("homebrew", "brew"), ("apt-get", "apt"),
    // Services.
    ("postgresql", "postgres"), ("pgsql", "postgres"), ("pg", "postgres"), ("mongo", "mongodb"), ("elastic", "elasticsearch"),
    ("rabbit", "rabbitmq"), ("s3", "minio"), ("aws", "localstack"),
    // Events.
    ("cron", "schedule"), ("timer", "schedule"), ("pr", "pull_request"), ("merge_request", "pull_request"), ("mr", "pull_request"),
    ("merge_queue", "merge_group"), ("dispatch", "workflow_dispatch"), ("manual", "workflow_dispatch"), ("call", "workflow_call"),
    // Functions and contexts.
    ("hash", "hashFiles"), ("includes", "contains"), ("has", "contains"), ("parsejson", "fromJSON"), ("json", "toJSON"),
    ("variables", "vars"), ("environment", "env"), ("params", "inputs"),
];

/// The name that is nearest to what was written, where one is near enough to be meant.
///
/// In this order: another word for it; a slip, of one letter in three (none in a name of one letter, two that changed places in a name of
/// two), where the parts of a path count each for itself; and, of what is no path, a beginning of at least a third of it, the shortest first. Case does not
/// count. Of equally near names the first wins, so that what is most usual stands first.
pub fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Nobody means a name by a text of such length, and to compare takes its square.
    if written.len() > LONGEST {
        return None;
    }
    let wanted = Name::new(written);
    let meant = ALIASES.iter().find(|(alias, _)| *alias == wanted.lower).map(|(_, meant)| *meant);
    let mut best: Option<(usize, usize, &str)> = None;
    for name in names {
        if name.len() > LONGEST {
            continue;
        }
        if meant == Some(name) {
            return meant.and(Some(name));
        }
        if let Some((distance, longer)) = wanted.distance(&Name::new(name))
            && best.is_none_or(|(least, shortest, _)| (distance, longer) < (least, shortest))
        {
            best = Some((distance, longer, name));
        }
    }
    best.map(|(.., name)| name)
}

/// A name, ready to be compared.
struct Name {
    lower: String,
    length: usize,
}

impl Name {
    fn new(name: &str) -> Self {
        let lower = name.to_lowercase();
        Self { length: lower.chars().count(), lower }
    }

    /// How many slips lie between this name, as written, and another, and how much longer that one is where this is its beginning.
    fn distance(&self, other: &Self) -> Option<(usize, usize)> {
        if self.lower == other.lower {
            return Some((0, 0));
        }
        // `jobs.build`, for what is called by its name alone.
        if self.lower.rsplit_once('.').is_some_and(|(_, last)| last == other.lower) {
            return Some((0, 1));
        }
        if self.lower.contains('/') && other.lower.contains('/') {
            return by_parts(&self.lower, &other.lower).map(|slips| (slips, 0));
        }
        let slip = slips(&self.lower, &other.lower);
        let (short, long) = if self.length < other.length { (self, other) } else { (other, self) };
        let begins = short.length >= 3 && short.length * 3 >= long.length && long.lower.starts_with(&short.lower);
        let begun = begins.then(|| (limit(self.length).max(1), 1 + long.length - short.length));
        // Fewer slips win; a beginning counts as many as are allowed.
        match (slip.map(|slips| (slips, 0)), begun) {
            (Some(slip), Some(begun)) => Some(slip.min(begun)),
            (slip, begun) => slip.or(begun),
        }
    }
}

/// The slips that are forgiven in a name of that many letters.
fn limit(length: usize) -> usize {
    length / 3
}

/// The parts of two paths, each near enough to the other's.
fn by_parts(wanted: &str, other: &str) -> Option<usize> {
    let (wanted, other) = (wanted.trim_end_matches('/'), other.trim_end_matches('/'));
    if wanted.matches('/').count() != other.matches('/').count() {
        return None;
    }
    wanted.split('/').zip(other.split('/')).map(|(a, b)| slips(a, b)).sum()
}

/// The slips between two names, where they are few enough for names of that length.
fn slips(wanted: &str, other: &str) -> Option<usize> {
    if wanted == other {
        return Some(0);
    }
    let (a, b): (Vec<char>, Vec<char>) = (wanted.chars().collect(), other.chars().collect());
    if let ([a, b], [c, d]) = (a.as_slice(), b.as_slice()) {
        return (a == d && b == c).then_some(1);
    }
    let limit = limit(a.len().min(b.len()));
    // No slip makes more than one letter of another: most names differ in too many, and need no table.
    if a.len().abs_diff(b.len()) > limit || letters_apart(&a, &b) > limit {
        return None;
    }
    Some(strsim::damerau_levenshtein(wanted, other)).filter(|distance| *distance <= limit)
}

/// How many letters one of the names has and the other has not.
fn letters_apart(a: &[char], b: &[char]) -> usize {
    let mut counts = [0_i32; 128];
    a.iter().for_each(|char| counts[*char as usize % 128] += 1);
    b.iter().for_each(|char| counts[*char as usize % 128] -= 1);
    let sum = |counts: &mut dyn Iterator<Item = i32>| counts.map(i32::unsigned_abs).sum::<u32>() as usize;
    sum(&mut counts.into_iter().filter(|&count| count > 0)).max(sum(&mut counts.into_iter().filter(|&count| count < 0)))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["needs", "reads", "writes", "toolchain", "fail-fast", "os", "a", "b"];
        for (written, meant) in [
            ("need", Some("needs")),
            ("Reads", Some("reads")),
            ("toolchian", Some("toolchain")),
            ("failfast", Some("fail-fast")),
            ("so", Some("os")),
            ("B", Some("b")),
            ("jobs.a", Some("a")),
            ("frobnicate", None),
            ("x", None),
            ("ox", None),
            ("ab", None),
        ] {
            assert_eq!(nearest(written, names), meant, "{written}");
        }
    }

    #[test]
    fn beginnings_name_the_shortest() {
        let names = ["deploy-production", "deploy-eu", "test"];
        assert_eq!(nearest("deploy", names), Some("deploy-eu"));
        assert_eq!(nearest("testing", names), Some("test"));
        assert_eq!(nearest("test-the-whole-of-it", names), None, "too little of it");
    }

    #[test]
    fn other_words_are_known() {
        assert_eq!(nearest("golang", ["rust", "go"]), Some("go"));
        assert_eq!(nearest("PIP", ["php", "python"]), Some("python"));
        assert_eq!(nearest("cron", ["create", "schedule"]), Some("schedule"));
        assert_eq!(nearest("cron", ["create"]), None);
    }

    #[test]
    fn paths_are_near_in_each_part() {
        let names = ["src/inner.js", "src/index.js", "packages/frontend/src/bar.ts", "dist/"];
        assert_eq!(nearest("src/indx.js", names), Some("src/index.js"));
        assert_eq!(nearest("packages/frontend/src/fox.ts", names), None);
        assert_eq!(nearest("dits/", names), Some("dist/"));
    }
}
