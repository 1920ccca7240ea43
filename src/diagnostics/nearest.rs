//! Did-you-mean.

/// Longer names are nobody's slip.
const LONGEST: usize = 200;

/// The name that is nearest to what was written, where one is near enough to be meant.
///
/// Near is a Damerau-Levenshtein distance of at most a third of the length (at least one), ignoring case, or a prefix of at least three
/// characters. Of equally near names the first wins.
pub fn nearest<'a>(written: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Nobody means a name by a text of such length, and to compare takes its square.
    if written.len() > LONGEST {
        return None;
    }
    let wanted = written.to_lowercase();
    let length = wanted.chars().count();
    let limit = (length / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for name in names {
        if name.len() > LONGEST {
            continue;
        }
        let lower = name.to_lowercase();
        let prefix = wanted.len() >= 3 && lower.starts_with(&wanted) || lower.len() >= 3 && wanted.starts_with(&lower);
        // Lengths that differ by more make names that differ by more.
        if !prefix && lower.chars().count().abs_diff(length) > limit {
            continue;
        }
        let mut distance = strsim::damerau_levenshtein(&wanted, &lower);
        if prefix {
            distance = distance.min(limit);
        }
        if distance <= limit && best.is_none_or(|(so_far, _)| distance < so_far) {
            best = Some((distance, name));
        }
    }
    best.map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["needs", "reads", "writes", "toolchain", "fail-fast"];
        assert_eq!(nearest("need", names), Some("needs"));
        assert_eq!(nearest("Reads", names), Some("reads"));
        assert_eq!(nearest("toolchian", names), Some("toolchain"));
        assert_eq!(nearest("failfast", names), Some("fail-fast"));
        assert_eq!(nearest("frobnicate", names), None);
        assert_eq!(nearest("x", names), None);
    }
}
