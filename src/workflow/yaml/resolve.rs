//! What some YAML parser takes for something else than a string, when it stands there without quotes.
//!
//! This is the union of YAML 1.1 (`PyYAML`, Ruby, older Go) and YAML 1.2 (GitHub, `JavaScript`), a little widened where parsers are
//! known to be lenient. The reason to care: `NO` as a country, `3.10` as a version, `0755` as a mode, `1:30` as a time and
//! `12e4` as the start of a commit are strings to the author.

/// Whether a plain `text` may be read as null, a boolean, a number, a date, a merge key or a default value.
pub(super) fn is_special(text: &str) -> bool {
    const WORDS: [&str; 16] =
        ["null", "~", "true", "false", "yes", "no", "on", "off", "y", "n", ".inf", "+.inf", "-.inf", ".nan", "=", "<<"];
    const LONGEST: usize = 5;
    let is_word = || text.len() <= LONGEST && WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
    // Most texts are neither, and show it at once.
    let begins_number = || text.starts_with(|first: char| matches!(first, '0'..='9' | '+' | '-' | '.'));
    text.is_empty() || is_word() || begins_number() && (is_number(text) || is_date(text))
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !digits.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return false;
    }
    let lower = digits.to_ascii_lowercase();
    let all = |rest: &str, also: fn(u8) -> bool| !rest.is_empty() && rest.bytes().all(|b| b == b'_' || also(b));
    if let Some(rest) = lower.strip_prefix("0x") {
        return all(rest, |b| b.is_ascii_hexdigit());
    }
    if let Some(rest) = lower.strip_prefix("0o").or_else(|| lower.strip_prefix("0b")) {
        return all(rest, |b| b.is_ascii_digit());
    }
    let (mantissa, exponent) = lower.split_once('e').unwrap_or((&lower, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    // Colons: YAML 1.1 counts in sixties, `1:30` is 90.
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    all(exponent, |b| b.is_ascii_digit())
        && (whole.is_empty() || all(whole, |b| b.is_ascii_digit() || b == b':'))
        && (fraction.is_empty() || all(fraction, |b| b.is_ascii_digit()))
        && mantissa.bytes().any(|b| b.is_ascii_digit())
}

fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let number = |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let day = rest.bytes().take_while(u8::is_ascii_digit).count();
    year.len() == 4
        && number(year, 4)
        && number(month, 2)
        && (1..=2).contains(&day)
        && matches!(rest.as_bytes().get(day), None | Some(b'T' | b't' | b' ' | b'\t'))
}

#[cfg(test)]
mod tests {
    use super::is_special;

    #[test]
    fn what_looks_like_something_else_is_known() {
        let special = "null ~ Null TRUE no On y N .inf -.INF .NaN 0 12 -3 +4 007 0755 0o17 0x1F 0b11 1_000 1:30 190:20:30.15 8080:80 \
                       3.10 1. .5 1e5 12e4 1.5E-3 2026-11-23 2001-1-1 2001-12-14t21:59:43.10-05:00 = <<";
        for text in special.split_whitespace().chain([""]) {
            assert!(is_special(text), "{text}");
        }
        for text in
            "nope only 1.2.3 v1 1a e5 _1 . .. -x 2026-11 2026-11-23-x 10.0.0.1 1e 0xg sha1 - + 3.x 20-alpine".split_whitespace()
        {
            assert!(!is_special(text), "{text}");
        }
    }
}
