//! What all servers have in common that are asked over HTTP: some fail for a while, and are asked again; some were asked too often, and say so.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ureq::config::RedirectAuthHeaders;
use ureq::http::HeaderMap;

use super::session::Session;
use super::terminal;

/// How often something is asked.
const TRIES: u32 = 3;

/// How long is waited before the second time; twice as long before the third.
const PAUSE: Duration = Duration::from_millis(500);

/// How long is waited at most because a server says so.
pub(crate) const LONGEST: Duration = Duration::from_secs(60);

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// There is no such thing, or nothing that may be seen.
    Missing,
    /// The token is not taken, or one is needed.
    Unauthorized,
    /// It is not allowed; what the server says.
    Forbidden(String),
    /// It was asked too often; for so long.
    Limited(Duration),
    /// It may answer the next time.
    Passing(String),
    /// It will not.
    Lasting(String),
}

/// Asks servers, each for so long.
pub(crate) struct Agent {
    ureq: ureq::Agent,
    patience: Duration,
}

impl Agent {
    /// One that follows a server to others, but takes no token there; and nowhere without TLS, where that is wanted.
    pub(crate) fn new(patience: Duration, https_only: bool) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .https_only(https_only)
            .timeout_global(Some(patience))
            .redirect_auth_headers(RedirectAuthHeaders::SameHost)
            .user_agent(concat!("pipelay/", env!("CARGO_PKG_VERSION")));
        Self { ureq: config.build().into(), patience }
    }

    pub(crate) fn get(&self, address: &str) -> ureq::RequestBuilder<ureq::typestate::WithoutBody> {
        self.ureq.get(address)
    }

    pub(crate) fn head(&self, address: &str) -> ureq::RequestBuilder<ureq::typestate::WithoutBody> {
        self.ureq.head(address)
    }

    /// Why nothing came, or not all of it.
    pub(crate) fn failure(&self, error: ureq::Error) -> Failure {
        use ureq::Error;
        match error {
            Error::Timeout(_) => Failure::Passing(format!("no answer within {} s", self.patience.as_secs())),
            Error::Io(error) => Failure::Passing(error.to_string()),
            Error::HostNotFound | Error::ConnectionFailed | Error::Protocol(_) | Error::BodyStalled => {
                Failure::Passing(error.to_string())
            }
            error => Failure::Lasting(error.to_string()),
        }
    }
}

/// Asks until there is an answer, or a failure that does not pass soon.
pub(crate) fn again<T>(whom: &str, session: &Session, ask: impl Fn() -> Result<T, Failure>) -> Result<T, Failure> {
    let mut tries = 1;
    loop {
        let failure = match ask() {
            Ok(answer) => return Ok(answer),
            Err(failure) => failure,
        };
        let pause = match &failure {
            Failure::Passing(_) => PAUSE * 2u32.pow(tries - 1),
            Failure::Limited(pause) if *pause <= LONGEST => *pause,
            _ => return Err(failure),
        };
        if tries == TRIES {
            return Err(failure);
        }
        session.progress("Waiting", &format!("for {whom}, {:.0} s", pause.as_secs_f64().ceil()));
        std::thread::sleep(pause);
        terminal::wipe();
        tries += 1;
    }
}

pub(crate) fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// In how long a server answers again, where it says that it was asked too often.
pub(crate) fn allowed_again(headers: &HeaderMap) -> Option<Duration> {
    let number = |name: &str| text(headers, name)?.trim().parse::<u64>().ok();
    if let Some(seconds) = number("retry-after") {
        return Some(Duration::from_secs(seconds));
    }
    let reset = number("x-ratelimit-reset").filter(|_| number("x-ratelimit-remaining") == Some(0))?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Some(Duration::from_secs(reset.saturating_sub(now) + 1))
}

/// When that is, by the clock: `at 06:20 UTC, in 12 min`.
pub(crate) fn at(pause: Duration) -> String {
    let minutes = pause.as_secs().div_ceil(60);
    let time = SystemTime::now().checked_add(pause).and_then(|time| jiff::Timestamp::try_from(time).ok());
    let clock = time.map(|time| time.strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default();
    format!("at {clock} UTC, in {minutes} min")
}

/// A text as a part of an address.
pub(crate) fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// A variable of the environment that is set to something.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().map(|value| value.trim().trim_end_matches('/').to_owned()).filter(|value| !value.is_empty())
}
