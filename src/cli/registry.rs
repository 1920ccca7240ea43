//! Asks registries which image a tag is, by the API that all of them have: `HEAD /v2/NAME/manifests/TAG` of the OCI Distribution Specification 1.1, with
//! a token that is for everybody where one is asked for (`Bearer`, after Docker's "Token Authentication Specification").
//!
//! For an image for several kinds of machines that is its index, so that the digest holds on each of them. No password is known here, and none is looked for.

use std::time::Duration;

use pipelay::diagnostics::Diag;
use pipelay::diagnostics::codes::e0738_unresolved_image::{gone, unresolved};
use pipelay::pins::image::{Digest, Image, is_digest};
use ureq::http::HeaderMap;

use super::http::{Agent, Failure, again, allowed_again, at, encoded, text, variable};
use super::session::Session;

/// The kinds of answers that are asked for. What is there for all machines comes first; a registry gives what the tag is.
const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, \
                      application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

/// Names a server that stands in for all registries: each is found there below its host, `ADDRESS/ghcr.io/v2/…`.
const STAND_IN: &str = "PIPELAY_REGISTRIES";

/// How much is read of an answer with a token.
const MOST: u64 = 1 << 20;

/// All registries.
pub(crate) struct Registries {
    agent: Agent,
    stand_in: Option<String>,
}

/// What becomes of a digest that is locked.
pub(crate) enum Proof {
    /// The tag is that image.
    Holds,
    /// The tag is another image now, and the registry still has this one.
    Moved,
}

impl Registries {
    pub(crate) fn of_environment(patience: Duration) -> Self {
        let stand_in = variable(STAND_IN);
        Self { agent: Agent::new(patience, stand_in.is_none()), stand_in }
    }

    /// What the tag of an image is now.
    pub(crate) fn resolve(&self, image: &Image, session: &Session) -> Result<String, Diag> {
        self.ask(image, image.tag(), session).map_err(|failure| told(image, failure))
    }

    /// Whether a digest is still that of the tag, or at least still there. A tag is there to be moved; what is gone cannot be started any more.
    pub(crate) fn prove(&self, image: &Image, locked: &Digest, session: &Session) -> Result<Proof, Diag> {
        if self.resolve(image, session)? == locked.digest {
            return Ok(Proof::Holds);
        }
        match self.ask(image, &locked.digest, session) {
            Ok(_) => Ok(Proof::Moved),
            Err(Failure::Missing) => Err(gone(&image.to_string(), &locked.digest)),
            Err(failure) => Err(told(image, failure)),
        }
    }

    /// The digest of a tag, or of a digest.
    fn ask(&self, image: &Image, reference: &str, session: &Session) -> Result<String, Failure> {
        let (registry, name) = image.place();
        let server = self.stand_in.as_ref().map_or_else(|| format!("https://{registry}"), |it| format!("{it}/{registry}"));
        let address = format!("{server}/v2/{name}/manifests/{reference}");
        again(registry, session, || {
            let (mut status, mut headers) = self.head(&address, None)?;
            if status == 401 {
                let wanted = headers.get_all("www-authenticate").iter().find_map(|it| Challenge::of(it.to_str().ok()?));
                let token = self.token(&wanted.ok_or(Failure::Unauthorized)?, &name)?;
                (status, headers) = self.head(&address, Some(&token))?;
            }
            refused(status, &headers)?;
            let digest = text(&headers, "docker-content-digest").filter(|it| is_digest(it));
            digest.map(str::to_owned).ok_or_else(|| Failure::Lasting("its answer has no digest".to_owned()))
        })
    }

    fn head(&self, address: &str, token: Option<&str>) -> Result<(u16, HeaderMap), Failure> {
        let mut request = self.agent.head(address).header("Accept", ACCEPT);
        if let Some(token) = token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let answer = request.call().map_err(|error| self.agent.failure(error))?;
        Ok((answer.status().as_u16(), answer.headers().clone()))
    }

    /// A token such as everybody gets.
    fn token(&self, Challenge { realm, service, scope }: &Challenge, name: &str) -> Result<String, Failure> {
        let scope = scope.clone().unwrap_or_else(|| format!("repository:{name}:pull"));
        let sign = if realm.contains('?') { '&' } else { '?' };
        let service = service.as_ref().map(|service| format!("&service={}", encoded(service))).unwrap_or_default();
        let address = format!("{realm}{sign}scope={}{service}", encoded(&scope));
        let mut answer = self.agent.get(&address).call().map_err(|error| self.agent.failure(error))?;
        refused(answer.status().as_u16(), answer.headers())?;
        let body = answer.body_mut().with_config().limit(MOST).read_to_string().map_err(|error| self.agent.failure(error))?;
        let json: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
        let token = ["token", "access_token"].iter().find_map(|key| json.get(key)?.as_str());
        let token = token.filter(|token| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()));
        token.map(str::to_owned).ok_or_else(|| Failure::Lasting("it gives no token".to_owned()))
    }
}

/// A failure, unless the status is that of an answer.
fn refused(status: u16, headers: &HeaderMap) -> Result<(), Failure> {
    Err(match status {
        200 => return Ok(()),
        404 | 410 => Failure::Missing,
        // Docker Hub and GitHub say no more of an image that does not exist.
        401 | 403 => Failure::Unauthorized,
        429 => match allowed_again(headers) {
            Some(pause) => Failure::Limited(pause),
            None => Failure::Lasting("it was asked too often".to_owned()),
        },
        408 | 500..=599 => Failure::Passing(format!("it answers with {status}")),
        _ => Failure::Lasting(format!("it answers with {status}")),
    })
}

/// A failure as a message, with what to do next.
fn told(image: &Image, failure: Failure) -> Diag {
    let (registry, name) = image.place();
    let kept = || "what is locked of it is kept; try again".to_owned();
    let (why, help) = match failure {
        Failure::Missing => (format!("it has no `{name}` with that tag"), "write a tag that is there".to_owned()),
        Failure::Unauthorized | Failure::Forbidden(_) => {
            let why = "it does not exist there, or may not be read without a password".to_owned();
            (why, format!("no password is used here; write the digest into the spec: `{image}@sha256:…`"))
        }
        Failure::Limited(pause) => (format!("it was asked too often, and answers again {}", at(pause)), kept()),
        Failure::Passing(why) | Failure::Lasting(why) => (why, kept()),
    };
    unresolved(&image.to_string(), registry, &why, &help)
}

/// Where a token is to be had, as a registry says it: `Bearer realm="…",service="…",scope="…"`.
#[derive(Debug, PartialEq)]
struct Challenge {
    realm: String,
    service: Option<String>,
    scope: Option<String>,
}

impl Challenge {
    fn of(header: &str) -> Option<Self> {
        let (scheme, mut rest) = header.trim().split_once(' ')?;
        let mut found = Self { realm: String::new(), service: None, scope: None };
        // Values are in quotes, and a scope may have commas.
        while let Some((key, (value, behind))) = rest.split_once("=\"").and_then(|(key, rest)| Some((key, rest.split_once('"')?)))
        {
            match key.trim_matches([' ', ',']) {
                "realm" => value.clone_into(&mut found.realm),
                "service" => found.service = Some(value.to_owned()),
                "scope" => found.scope = Some(value.to_owned()),
                _ => {}
            }
            rest = behind;
        }
        (scheme.eq_ignore_ascii_case("bearer") && found.realm.contains("://")).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::Challenge;

    #[test]
    fn a_challenge_says_where_a_token_is_to_be_had() {
        let of = |service: Option<&str>, scope: Option<&str>| {
            let text = |it: Option<&str>| it.map(str::to_owned);
            Some(Challenge { realm: "https://a.example/token".to_owned(), service: text(service), scope: text(scope) })
        };
        for (header, wanted) in [
            (
                r#"Bearer realm="https://a.example/token",service="r",scope="repository:a/b:pull,push""#,
                of(Some("r"), Some("repository:a/b:pull,push")),
            ),
            (r#"bearer error="x", realm="https://a.example/token""#, of(None, None)),
            (r#"Basic realm="https://a.example/token""#, None),
            (r#"Bearer service="r""#, None),
            ("Bearer", None),
            (r#"Bearer realm="https://a"#, None),
        ] {
            assert_eq!(Challenge::of(header), wanted, "{header}");
        }
    }
}
