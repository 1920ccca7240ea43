//! Asks GitHub's API: with a token where there is one, again where it fails for a while, and not more often than it allows.

use std::process::{Command, Stdio};
use std::time::Duration;

use ureq::http::HeaderMap;

use super::Misuse;
use super::http::{Agent, Failure, LONGEST, again, allowed_again, text, variable};
use super::session::Session;

/// The public server.
const HOST: &str = "github.com";

/// Where it answers.
const API: &str = "https://api.github.com";

/// The version of the API that answers are read as.
const VERSION: &str = "2022-11-28";

/// How much is read of an answer: a page has a hundred jobs, each with some dozens of steps.
const MOST: u64 = 64 << 20;

/// A server of GitHub's.
#[derive(Debug)]
pub(crate) struct Server {
    host: String,
    api: String,
}

impl Server {
    /// The one that the environment names, as GitHub does for its jobs; else the public one.
    pub(crate) fn of_environment() -> Self {
        let server = variable("GITHUB_SERVER_URL");
        let host = server.as_deref().and_then(host_of).unwrap_or_else(|| HOST.to_owned());
        let usual = match &server {
            Some(server) if host != HOST => format!("{server}/api/v3"),
            _ => API.to_owned(),
        };
        Self { host, api: variable("GITHUB_API_URL").unwrap_or(usual) }
    }

    /// Its name.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// The repository of an address of git's, where it is one of this server: over HTTPS, over SSH, or as SSH writes it (`git@github.com:owner/name.git`).
    pub(crate) fn repository(&self, address: &str) -> Option<String> {
        let path = match address.split_once("://") {
            Some((_, rest)) => rest.split_once('/')?.1,
            None => address.split_once(':')?.1,
        };
        let host = host_of(address)?;
        // SSH over the port of HTTPS has a name of its own.
        let is_here = host == self.host || host.strip_prefix("ssh.") == Some(&self.host);
        let path = path.trim_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path);
        (is_here && is_repository(path)).then(|| path.to_owned())
    }

    /// Whether nobody between here and the server can read what is sent.
    fn is_private(&self) -> bool {
        self.api.starts_with("https://") || ["localhost", "127.0.0.1"].contains(&host_of(&self.api).unwrap_or_default().as_str())
    }

    /// What asks it. A token is one that was meant for this very server.
    pub(crate) fn client(self, patience: Duration) -> Result<Client, Misuse> {
        let of_variable = |name: &'static str| variable(name).map(|token| (token, name));
        let found = of_variable("GH_TOKEN").or_else(|| of_variable("GITHUB_TOKEN"));
        let found = found.or_else(|| Some((of_gh(&host_of(&self.api)?)?, "gh")));
        if let Some((_, name)) = found.as_ref().filter(|(token, _)| !token.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(Misuse::new(format!("what `{name}` has is no token: it has blanks or other signs in it")));
        }
        if let Some(name) = found.as_ref().map(|(_, name)| name).filter(|_| !self.is_private()) {
            let api = &self.api;
            return Err(Misuse::new(format!(
                "the token of `{name}` would be sent without encryption: `{api}` is not `https://`"
            )));
        }
        let (token, source) = found.unzip();
        // A repository that was renamed is found under its number: another address of the same server.
        Ok(Client { api: self.api, agent: Agent::new(patience, false), token, source })
    }
}

/// Whether a text is `owner/name`.
pub(crate) fn is_repository(text: &str) -> bool {
    let is_name = |name: &str| {
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        plain && !["", ".", ".."].contains(&name)
    };
    text.split_once('/').is_some_and(|(owner, name)| is_name(owner) && is_name(name))
}

/// The host of an address, without user, password and port; of the API of the public server that server.
fn host_of(address: &str) -> Option<String> {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split('/').next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?.to_lowercase();
    (!host.is_empty()).then(|| host.strip_prefix("api.").map(str::to_owned).unwrap_or(host))
}

/// The token that GitHub's own command has for a server.
fn of_gh(host: &str) -> Option<String> {
    let mut gh = Command::new("gh");
    gh.args(["auth", "token", "--hostname", host]).stdin(Stdio::null()).stderr(Stdio::null());
    let output = gh.output().ok().filter(|output| output.status.success())?;
    let token = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!token.is_empty()).then_some(token)
}

/// Asks a server.
pub(crate) struct Client {
    api: String,
    agent: Agent,
    /// Never printed.
    token: Option<String>,
    source: Option<&'static str>,
}

impl Client {
    /// Where its token is from, where it has one.
    pub(crate) fn source(&self) -> Option<&'static str> {
        self.source
    }

    /// The address of something.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}/{path}", self.api)
    }

    /// What is at an address, read by `read`, and the address of the next page. What fails in passing is asked again, as is an answer that cannot be read:
    /// most often it was cut off.
    pub(crate) fn ask<T>(
        &self,
        address: &str,
        read: impl Fn(&str) -> Result<T, String>,
        session: &Session,
    ) -> Result<(T, Option<String>), Failure> {
        again("GitHub", session, || self.ask_once(address, &read))
    }

    fn ask_once<T>(&self, address: &str, read: impl Fn(&str) -> Result<T, String>) -> Result<(T, Option<String>), Failure> {
        let mut request = self.agent.get(address).header("Accept", "application/vnd.github+json");
        request = request.header("X-GitHub-Api-Version", VERSION);
        if let Some(token) = &self.token {
            request = request.header("Authorization", format!("Bearer {token}"));
        }
        let mut answer = request.call().map_err(|error| self.agent.failure(error))?;
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(MOST).read_to_string();
        let headers = answer.headers();
        match status {
            200 => {
                let text = body.map_err(|error| self.agent.failure(error))?;
                let value = read(&text).map_err(|what| Failure::Passing(format!("its answer cannot be read: {what}")))?;
                Ok((value, self.next(headers)?))
            }
            401 => Err(Failure::Unauthorized),
            404 | 410 => Err(Failure::Missing),
            403 | 429 => {
                let said = said(&body.unwrap_or_default());
                let limited = status == 429 || said.contains("rate limit");
                Err(match allowed_again(headers) {
                    Some(pause) => Failure::Limited(pause),
                    // As the documentation of the API advises.
                    None if limited => Failure::Limited(LONGEST),
                    None => Failure::Forbidden(said),
                })
            }
            408 | 500..=599 => Err(Failure::Passing(format!("it answers with {status}"))),
            _ => Err(Failure::Lasting(format!("it answers with {status} {}", said(&body.unwrap_or_default())))),
        }
    }

    /// The address of the next page. One that leads to another server is not followed: the token is not meant for that.
    fn next(&self, headers: &HeaderMap) -> Result<Option<String>, Failure> {
        let Some(links) = text(headers, "link") else { return Ok(None) };
        let next = links.split(',').find_map(|link| {
            let (address, rest) = link.trim().strip_prefix('<')?.split_once('>')?;
            rest.split(';').any(|part| part.trim() == "rel=\"next\"").then_some(address)
        });
        match next {
            Some(next) if !next.starts_with(&self.address("")) => {
                Err(Failure::Lasting("its next page is on another server".to_owned()))
            }
            next => Ok(next.map(str::to_owned)),
        }
    }
}

/// What GitHub says in an answer that is none, on one line.
fn said(answer: &str) -> String {
    let json: serde_json::Value = serde_json::from_str(answer).unwrap_or_default();
    let message = json.get("message").and_then(|message| message.as_str()).unwrap_or_default();
    message.chars().map(|c| if c.is_control() { ' ' } else { c }).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::{API, Server, is_repository};

    #[test]
    fn addresses_of_git_name_the_repository() {
        let server = |host: &str| Server { host: host.to_owned(), api: API.to_owned() };
        for address in [
            "https://github.com/example/app.git",
            "https://github.com/example/app/",
            "https://someone:secret@GitHub.com/example/app",
            "ssh://git@github.com/example/app.git",
            "ssh://git@ssh.github.com:443/example/app.git",
            "git@github.com:example/app.git",
            "github.com:example/app",
        ] {
            assert_eq!(server("github.com").repository(address).as_deref(), Some("example/app"), "{address}");
        }
        for address in [
            "https://example.com/example/app.git",
            "https://example.com/github.com/app.git",
            "https://github.com/example",
            "https://github.com/example/app/tree/main",
            "../app.git",
            "/srv/github.com/example/app.git",
            "file:///srv/github.com/app",
            "",
        ] {
            assert_eq!(server("github.com").repository(address), None, "{address}");
        }
        assert_eq!(server("git.example").repository("git@git.example:a/b.git").as_deref(), Some("a/b"));
        assert!(is_repository("a/b.c") && !is_repository("a/..") && !is_repository("a/b/c") && !is_repository("a/b?c"));
    }
}
