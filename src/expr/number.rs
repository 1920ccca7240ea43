//! Numbers as GitHub reads and prints them.
//!
//! The two implementations of the language differ at the edges: the runner (C#) prints with `G15`, GitHub's TypeScript with
//! JavaScript's rules. They agree from 0.0001 up to 15 digits; beyond that this module does as the runner.

/// The value of a text where a number is wanted: blanks around it do not count, the empty text is 0, and what is no number is NaN.
pub fn parse(text: &str) -> f64 {
    let text = text.trim();
    if text.is_empty() {
        return 0.0;
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    match text {
        "Infinity" | "+Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        // What else Rust would read (`inf`, `nan`, `infinity`) has a letter other than the exponent's.
        _ if text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')) => {
            text.parse().unwrap_or(f64::NAN)
        }
        _ => f64::NAN,
    }
}

/// A number as text: 15 digits at most, no trailing zeros, an exponent from `1E+15` and below 0.0001.
pub fn print(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let scientific = format!("{:.14e}", value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits = mantissa.replace('.', "");
    let digits = digits.trim_end_matches('0');
    let sign = if value < 0.0 { "-" } else { "" };
    if !(-4..15).contains(&exponent) {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let direction = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{first}{point}{rest}E{direction}{:02}", exponent.abs());
    }
    let size = exponent.unsigned_abs() as usize;
    if exponent < 0 {
        return format!("{sign}0.{}{digits}", "0".repeat(size - 1));
    }
    let before = size + 1;
    if digits.len() <= before {
        return format!("{sign}{digits}{}", "0".repeat(before - digits.len()));
    }
    let (whole, rest) = digits.split_at(before);
    format!("{sign}{whole}.{rest}")
}

fn radix(digits: &str, radix: u32) -> f64 {
    if digits.is_empty() {
        return f64::NAN;
    }
    let mut value = 0.0;
    for digit in digits.chars() {
        let Some(digit) = digit.to_digit(radix) else { return f64::NAN };
        value = value * f64::from(radix) + f64::from(digit);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::{parse, print};

    #[test]
    fn numbers_are_read_as_github_reads_them() {
        for (text, value) in
            [("", 0.0), (" 7 ", 7.0), ("0xFf", 255.0), ("0o17", 15.0), ("-1.5e1", -15.0), (".5", 0.5), ("5.", 5.0), ("+3", 3.0)]
        {
            assert_eq!(parse(text).to_bits(), f64::to_bits(value), "{text}");
        }
        assert_eq!(parse("-Infinity").to_bits(), f64::NEG_INFINITY.to_bits());
        for text in ["abc", "inf", "nan", "-0x1", "0x", "1_0", "0b1", "e", ".", "true", "1 2"] {
            assert!(parse(text).is_nan(), "{text}");
        }
    }

    #[test]
    fn numbers_are_printed_as_the_runner_prints_them() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-12.5, "-12.5"),
            (0.001, "0.001"),
            (0.0001, "0.0001"),
            (0.00001, "1E-05"),
            (1e14, "100000000000000"),
            (1e15, "1E+15"),
            (1.5e21, "1.5E+21"),
            (0.1 + 0.2, "0.3"),
            (123_456_789.123_456_79, "123456789.123457"),
            (f64::INFINITY, "Infinity"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(print(value), text);
        }
    }
}
