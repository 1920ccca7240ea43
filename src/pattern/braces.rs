//! `{a,b}`: the patterns that one stands for.

use super::{Excess, MAX_ALTERNATIVES};

/// What the braces of a pattern stand for, as texts; one that stands for too many is left as it is.
pub fn alternatives(text: &str) -> Vec<String> {
    alternate(text).unwrap_or_else(|_| vec![text.to_owned()])
}

/// `a{b,c}d` to `abd` and `acd`. A brace without a comma or a partner stands for itself.
pub(super) fn alternate(text: &str) -> Result<Vec<String>, Excess> {
    let mut done = Vec::new();
    let mut open = vec![text.to_owned()];
    while let Some(text) = open.pop() {
        let Some((start, parts, end)) = first_braces(&text) else {
            done.push(text);
            continue;
        };
        if open.len() + done.len() + parts.len() > MAX_ALTERNATIVES {
            return Err(Excess::Alternatives);
        }
        open.extend(parts.iter().rev().map(|part| format!("{}{part}{}", &text[..start], &text[end..])));
    }
    Ok(done)
}

/// The first brace that has a comma and a partner: where it stands, what its commas part, and where it ends.
fn first_braces(text: &str) -> Option<(usize, Vec<&str>, usize)> {
    // Braces that are open, each with the commas in it.
    let mut open: Vec<(usize, Vec<usize>)> = Vec::new();
    let mut first: Option<(usize, Vec<usize>, usize)> = None;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => open.push((at, Vec::new())),
            b',' => open.last_mut().into_iter().for_each(|(_, commas)| commas.push(at)),
            b'}' => {
                if let Some((start, commas)) = open.pop()
                    && !commas.is_empty()
                    && first.as_ref().is_none_or(|(before, ..)| start < *before)
                {
                    first = Some((start, commas, at));
                }
            }
            _ => {}
        }
    }
    let (start, commas, end) = first?;
    let bounds: Vec<usize> = [start].into_iter().chain(commas).chain([end]).collect();
    let parts = bounds.windows(2).map(|bound| &text[bound[0] + 1..bound[1]]).collect();
    Some((start, parts, end + 1))
}
