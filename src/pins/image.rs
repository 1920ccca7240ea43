//! Images of servers, containers and steps, and the digests that stand for their tags.
//!
//! Two digests of one tag have no order, and no registry says which came first. So `pipelay.lock` alone knows them: neither a table nor the committed
//! output is asked.

/// An image by its tag, as it is written: `postgres:15`, `ghcr.io/owner/name:v1`. Without a tag it is `latest`, as Docker has it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Image {
    name: String,
    tag: String,
}

impl Image {
    /// The image that is written, where that can be pinned: it is one at all, no run-time value is in it, and it has no digest yet.
    pub fn of(written: &str) -> Option<Self> {
        // A colon before the last slash is that of a port.
        let last = written.rfind('/').map_or(0, |slash| slash + 1);
        let colon = written[last..].find(':').map(|colon| last + colon);
        let (name, tag) = colon.map_or((written, LATEST), |colon| (&written[..colon], &written[colon + 1..]));
        let image = Self { name: name.to_owned(), tag: tag.to_owned() };
        let (registry, path) = image.split();
        let is_host = |host: &str| {
            // An address of IPv6 stands in brackets.
            let in_brackets = host.strip_prefix('[').and_then(|host| host.split_once(']'));
            let numbers = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':');
            in_brackets.is_some_and(|(address, port)| numbers(address) && numbers(port))
                || host.starts_with(|first: char| first.is_ascii_alphanumeric())
                    && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte))
        };
        let is_part = |part: &str| {
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
            part.bytes().all(plain) && part.starts_with(|first: char| first.is_ascii_alphanumeric())
        };
        let is_tag = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let tag = !tag.is_empty() && tag.len() <= 128 && tag.bytes().all(is_tag) && !tag.starts_with(['.', '-']);
        (tag && registry.is_none_or(is_host) && path.split('/').all(is_part)).then_some(image)
    }

    /// Whether a text names an image at all, by a tag, a digest or neither; what a run fills in may.
    pub fn is_one(written: &str) -> bool {
        let name = written.split_once('@').map_or(written, |(name, _)| name);
        written.contains("${{") || Self::of(name).is_some()
    }

    /// All but the tag.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its tag.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The host of its registry, and its name there. What names none is of Docker Hub, where a name without an owner is Docker's own.
    pub fn place(&self) -> (&str, String) {
        match self.split() {
            (None | Some("docker.io" | "index.docker.io"), path) if path.contains('/') => (HUB, path.to_owned()),
            (None | Some("docker.io" | "index.docker.io"), path) => (HUB, format!("library/{path}")),
            (Some(registry), path) => (registry, path.to_owned()),
        }
    }

    /// The registry, where one is named, and the rest: what comes first is one where it cannot be an owner.
    fn split(&self) -> (Option<&str>, &str) {
        match self.name.split_once('/') {
            Some((first, path)) if first.contains(['.', ':']) || first == "localhost" => (Some(first), path),
            _ => (None, &self.name),
        }
    }
}

/// What is before the image that a step uses as its action.
pub const DOCKER: &str = "docker://";

/// The tag of what was pushed last, which is also that of an image without one.
pub const LATEST: &str = "latest";

/// Where Docker Hub answers.
const HUB: &str = "registry-1.docker.io";

impl std::fmt::Display for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.name, self.tag)
    }
}

/// What a tag was on some day: of an image for several kinds of machines, that of all of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest {
    /// The day when it was seen first, `2026-01-09`, where that is known.
    pub date: Option<String>,
    /// `sha256:` and 64 hexadecimal digits.
    pub digest: String,
}

/// Whether a text is a digest as registries give it.
pub fn is_digest(text: &str) -> bool {
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.strip_prefix("sha256:").is_some_and(|hex| hex.len() == 64 && hex.bytes().all(is_hex))
}

/// Whether a workflow has an image at another digest than that, and nowhere at that one: it was changed there, or the lock was since.
pub fn is_at_another(workflow: &str, image: &Image, digest: &str) -> bool {
    let start = format!("{image}@");
    let words = workflow.split(|c: char| c.is_whitespace() || c == '"' || c == '\'');
    let mut digests = words
        .filter_map(|word| word.strip_prefix(DOCKER).unwrap_or(word).strip_prefix(&start))
        .filter(|it| is_digest(it))
        .peekable();
    digests.peek().is_some() && digests.all(|it| it != digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_has_a_registry_a_name_there_and_a_tag() {
        for (written, image, registry, path) in [
            ("postgres:15", "postgres:15", HUB, "library/postgres"),
            ("postgres", "postgres:latest", HUB, "library/postgres"),
            ("bitnami/redis:7.2", "bitnami/redis:7.2", HUB, "bitnami/redis"),
            ("docker.io/node:22", "docker.io/node:22", HUB, "library/node"),
            ("ghcr.io/o/n:v1", "ghcr.io/o/n:v1", "ghcr.io", "o/n"),
            ("quay.io/a/b/c", "quay.io/a/b/c:latest", "quay.io", "a/b/c"),
            (
                "mcr.microsoft.com/mssql/server:2022-latest",
                "mcr.microsoft.com/mssql/server:2022-latest",
                "mcr.microsoft.com",
                "mssql/server",
            ),
            ("localhost:5000/x", "localhost:5000/x:latest", "localhost:5000", "x"),
            ("[::1]:5000/x:1", "[::1]:5000/x:1", "[::1]:5000", "x"),
            ("Registry.example/x:1", "Registry.example/x:1", "Registry.example", "x"),
            ("registry.example:8443/x/y:1", "registry.example:8443/x/y:1", "registry.example:8443", "x/y"),
        ] {
            let found = Image::of(written).unwrap_or_else(|| panic!("{written} is none"));
            assert_eq!((found.to_string().as_str(), found.place()), (image, (registry, path.to_owned())));
        }
    }

    #[test]
    fn what_is_no_image_by_a_tag_is_left_alone() {
        let digest = format!("node:22@sha256:{}", "0".repeat(64));
        for written in [
            "",
            ":1",
            "a:",
            "${{ matrix.image }}",
            "postgres:${{ x }}",
            "Postgres:1",
            "a//b",
            "../a",
            "a b",
            "a?b:1",
            "a:b:c",
            &digest,
        ] {
            assert_eq!(Image::of(written), None, "{written}");
        }
    }

    #[test]
    fn another_digest_is_seen_by_the_whole_name() {
        let (one, two) = (format!("sha256:{}", "1".repeat(64)), format!("sha256:{}", "2".repeat(64)));
        let Some(image) = Image::of("postgres:15") else { panic!() };
        assert!(is_at_another(&format!("image: postgres:15@{two}\n"), &image, &one));
        assert!(is_at_another(&format!("uses: docker://postgres:15@{two}\n"), &image, &one));
        assert!(is_at_another(&format!("image: \"postgres:15@{two}\"\n"), &image, &one));
        for text in [format!("image: postgres:15@{one}"), format!("image: my/postgres:15@{two}"), "image: postgres:15".to_owned()]
        {
            assert!(!is_at_another(&text, &image, &one), "{text}");
        }
    }
}
