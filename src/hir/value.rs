//! Data after compile time: `%{}` filled in, bare words typed.

use std::fmt;

use super::Origin;
use crate::map::ThinMap;
use crate::text::Text;

/// Data, and where it comes from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Value {
    /// What it is.
    pub kind: ValueKind,
    /// Where it was written.
    pub origin: Origin,
}

/// Keys with values, in written order.
pub type Map = ThinMap<Value>;

/// What a value is.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum ValueKind {
    /// Nothing: `key:`
    #[default]
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number that prints as it was written.
    Number(String),
    /// Everything else that is one value.
    Text(Text),
    /// `[a, b]`
    List(Vec<Value>),
    /// `{ key: value }`
    Map(Map),
}

impl Value {
    /// One value as text: numbers and booleans as they are spelled. None for lists, maps and null.
    pub fn text(&self) -> Option<Text> {
        match &self.kind {
            ValueKind::Text(text) => Some(text.clone()),
            ValueKind::Number(spelling) => Some(Text::verbatim(spelling.as_str(), self.origin.span)),
            ValueKind::Bool(value) => Some(Text::verbatim(value.to_string(), self.origin.span)),
            _ => None,
        }
    }

    /// The text of one value, empty for all others.
    pub fn spelled(&self) -> String {
        self.text().map(|text| text.as_str().to_owned()).unwrap_or_default()
    }

    /// All that is written in it, in order.
    pub fn words(&self) -> Vec<String> {
        match &self.kind {
            ValueKind::List(items) => items.iter().flat_map(Self::words).collect(),
            ValueKind::Map(map) => map.iter().flat_map(|(key, value)| [vec![key.clone()], value.words()].concat()).collect(),
            _ => vec![self.spelled()],
        }
    }

    /// Whether it is a bare text that looks like a number, as `3.10` does. In quotes, which are no part of a text's place, it says that it is none.
    pub fn is_bare_like_a_number(&self) -> bool {
        matches!(&self.kind, ValueKind::Text(text) if text.parse::<f64>().is_ok() && text.span() == self.origin.span)
    }

    /// What it is called in messages.
    pub fn noun(&self) -> &'static str {
        match self.kind {
            ValueKind::Null => "nothing",
            ValueKind::Bool(_) => "a boolean",
            ValueKind::Number(_) => "a number",
            ValueKind::Text(_) => "a text",
            ValueKind::List(_) => "a list",
            ValueKind::Map(_) => "a map",
        }
    }
}

impl ValueKind {
    /// The text, of one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.as_str()),
            _ => None,
        }
    }
}

/// A length of time, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Duration(pub u64);

impl Duration {
    /// `90s`, `20m`, `1h30m`, `7d`, `90.5m`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((whole, part)) = Self::fraction(text).and_then(|minutes| minutes.split_once('.')) {
            let seconds = (part.parse::<u64>().ok()? * 60).div_ceil(10u64.pow(part.len() as u32));
            return Some(Self(whole.parse::<u64>().ok()? * 60 + seconds));
        }
        let mut total = 0u64;
        let mut rest = text;
        let mut last = u64::MAX;
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let number: u64 = rest.get(..digits)?.parse().ok()?;
            let unit = match rest.as_bytes().get(digits)? {
                b'd' => 86_400,
                b'h' => 3_600,
                b'm' => 60,
                b's' => 1,
                _ => return None,
            };
            // From large to small, each once.
            if unit >= last {
                return None;
            }
            last = unit;
            total = total.checked_add(number.checked_mul(unit)?)?;
            rest = &rest[digits + 1..];
        }
        (last != u64::MAX).then_some(Self(total))
    }

    /// As a value of the spec, derived from what stands at a place.
    pub(crate) fn value(self, origin: &Origin) -> Value {
        let text = Text::verbatim(format!("{}s", self.0), origin.span);
        Value { kind: ValueKind::Text(text), origin: origin.clone() }
    }

    /// The number in `90.5m`, which is GitHub's own: a count of minutes with a fraction.
    pub fn fraction(text: &str) -> Option<&str> {
        let number = text.strip_suffix('m')?;
        let (whole, part) = number.split_once('.')?;
        let digits = |text: &str| !text.is_empty() && text.len() < 10 && text.bytes().all(|byte| byte.is_ascii_digit());
        (digits(whole) && digits(part)).then_some(number)
    }

    /// How many whole minutes a text is, rounded up; none where it is no duration.
    pub fn in_minutes(text: &str) -> Option<u64> {
        let whole = |number: &str| number.split_once('.').and_then(|(whole, _)| whole.parse::<u64>().ok());
        Self::parse(text).map(Self::minutes).or_else(|| Self::fraction(text).and_then(whole).map(|whole| whole + 1))
    }

    /// What was perhaps meant by a text that is no duration: its number, with the unit that it names or that `example` has. Else the example.
    pub fn meant(text: &str, example: &str) -> String {
        let digits = text.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
        let (number, unit) = text.split_at(digits);
        let letter = match unit.trim().to_ascii_lowercase().as_str() {
            "" => example.chars().last(),
            "d" | "day" | "days" => Some('d'),
            "h" | "hr" | "hrs" | "hour" | "hours" => Some('h'),
            "m" | "min" | "mins" | "minute" | "minutes" => Some('m'),
            "s" | "sec" | "secs" | "second" | "seconds" => Some('s'),
            _ => None,
        };
        let meant = letter.map(|letter| match number.parse::<f64>() {
            Ok(hours) if letter == 'h' && number.contains('.') => format!("{:.0}m", hours * 60.0),
            _ => format!("{number}{letter}"),
        });
        meant.filter(|meant| Self::parse(meant).is_some_and(|duration| duration.0 > 0)).unwrap_or_else(|| example.to_owned())
    }

    /// In minutes, rounded up: GitHub counts no seconds.
    pub fn minutes(self) -> u64 {
        self.0.div_ceil(60)
    }

    /// In days, rounded up.
    pub fn days(self) -> u64 {
        self.0.div_ceil(86_400)
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        for (unit, letter) in [(86_400, 'd'), (3_600, 'h'), (60, 'm'), (1, 's')] {
            if rest >= unit {
                write!(f, "{}{letter}", rest / unit)?;
                rest %= unit;
            }
        }
        if self.0 == 0 { write!(f, "0s") } else { Ok(()) }
    }
}

/// An amount of money, in hundredths of a cent: what GitHub's prices per minute are given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Money(pub u64);

impl Money {
    /// `$0.40`, `$12`, `$0.0625`.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.strip_prefix('$')?.split_once('.').unwrap_or((text.strip_prefix('$')?, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 4 || text.ends_with('.') {
            return None;
        }
        let part: u64 = format!("{part:0<4}").parse().ok()?;
        whole.parse::<u64>().ok()?.checked_mul(10_000)?.checked_add(part).map(Self)
    }

    /// As a number.
    pub fn dollars(self) -> f64 {
        self.0 as f64 / 10_000.0
    }
}

/// An amount of memory or disk, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Size(pub u64);

impl Size {
    /// `512MB`, `8GB`, `1TB`: powers of 1024, as those who sell machines count.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let shift = match unit {
            "KB" => 10,
            "MB" => 20,
            "GB" => 30,
            "TB" => 40,
            _ => return None,
        };
        number.parse::<u64>().ok()?.checked_mul(1 << shift).filter(|&bytes| bytes > 0).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::{Duration, Money, Size};

    #[test]
    fn money_and_sizes_read() {
        for (text, money) in [("$0.40", 4000), ("$12", 120_000), ("$0.0625", 625)] {
            assert_eq!(Money::parse(text), Some(Money(money)), "{text}");
        }
        for text in ["", "$", "0.40", "$.4", "$1.", "$1.00001", "$-1", "$1e3", "$99999999999999999999"] {
            assert_eq!(Money::parse(text), None, "{text}");
        }
        for (text, bytes) in [("512MB", 512 << 20), ("8GB", 8 << 30)] {
            assert_eq!(Size::parse(text), Some(Size(bytes)), "{text}");
        }
        for text in ["", "8", "GB", "0GB", "8gb", "8 GB", "1.5GB", "99999999999TB"] {
            assert_eq!(Size::parse(text), None, "{text}");
        }
    }

    #[test]
    fn durations_read_and_print() {
        for (text, seconds) in
            [("90s", 90), ("20m", 1200), ("1h30m", 5400), ("7d", 604_800), ("0s", 0), ("90.5m", 5430), ("0.001m", 1)]
        {
            assert_eq!(Duration::parse(text), Some(Duration(seconds)), "{text}");
        }
        for text in ["", "5", "m", "5x", "5m3h", "5m5m", "99999999999999999999d", "1.5h", ".5m", "1.m", "1.5m1s"] {
            assert_eq!(Duration::parse(text), None, "{text}");
        }
        for (text, meant) in [("20", "20m"), ("20min", "20m"), ("2 hours", "2h"), ("0", "15m"), ("1.5h", "90m"), ("", "15m")] {
            assert_eq!(Duration::meant(text, "15m"), meant, "{text}");
        }
        assert_eq!(Duration(5400).to_string(), "1h30m");
        assert_eq!(Duration(61).minutes(), 2);
    }
}
