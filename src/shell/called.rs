//! Programs of PowerShell scripts that a value names: what stands behind `&` and `.` is run.

use std::ops::Range;

/// The operator that calls a program which a hole names. (PowerShell's documentation, `about_Operators`.)
pub(crate) fn called(script: &str, holes: &[Range<usize>]) -> Option<Range<usize>> {
    holes.iter().find_map(|hole| {
        let before = &script[..hole.start];
        // The text that it is a part of may begin before it.
        let word = before.trim_end_matches(|char: char| !char.is_whitespace());
        let operator = word.trim_end_matches([' ', '\t']);
        let start = operator.len().checked_sub(1)?;
        let is_begin = operator[..start].trim_end_matches([' ', '\t']).is_empty()
            || operator[..start].trim_end_matches([' ', '\t']).ends_with(['\n', ';', '{', '(', '|', '=', '&']);
        let is_call = operator.ends_with(['&', '.']) && is_begin && operator.len() < word.len();
        is_call.then_some(start..start + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::called;

    #[test]
    fn programs_that_values_name_are_found() {
        let of = |script: &str| {
            let at = script.find('@').unwrap();
            let hole = at..at + 1;
            called(script, std::slice::from_ref(&hole)).map(|range| script[range].to_owned())
        };
        assert_eq!(of("& \"@\"").as_deref(), Some("&"));
        assert_eq!(of("cd x\n. \"tools/@.ps1\"").as_deref(), Some("."));
        assert_eq!(of("$x = & @ a").as_deref(), Some("&"));
        assert_eq!(of("& tool \"@\""), None);
        assert_eq!(of("echo \"a & @\""), None);
        assert_eq!(of("@"), None);
        assert_eq!(of("x && tool @"), None);
    }
}
