//! Slips in `on`.

use super::lists::commas;
use super::slip::Slip;
use crate::catalog::events;
use crate::syntax::{symbols, yaml};

impl Slip<'_> {
    pub(super) fn of_on(&self) -> Option<String> {
        let &Self { rest, line, here, next, is_word, colon, .. } = self;
        let trimmed = rest.trim();
        let branches = |text: &str| text.trim_matches([':', ' ', '[', ']']).to_owned();
        Some(match next.trim_end_matches(':') {
            _ if rest.split([' ', ',']).any(|event| event == "schedule") => return of_schedule(&format!("{rest}{line}")),
            _ if here.starts_with('{') && rest.is_empty() => {
                "events stand behind `on`, each with its filters: `on push { paths: [src/**] }`".to_owned()
            }
            "or" | "and" if !rest.contains(" to ") && line.contains(' ') => {
                format!("commas stand between events: `on {trimmed}, {}`", line[next.len()..].trim())
            }
            _ if is_word && trimmed.ends_with(", to") => {
                let events = trimmed.trim_end_matches(", to");
                format!("no comma stands before `to`: `on {events} to {}`", commas(line))
            }
            "branches" if is_word => {
                format!("branches stand behind `to`: `on {trimmed} to {}`", commas(&branches(&line["branches".len()..])))
            }
            filter if is_word && yaml::instead_of(filter, None).is_some() => {
                let values = commas(&branches(&line[filter.len()..]));
                format!("filters other than branches stand in braces: `on {trimmed} {{ {filter}: [{values}] }}`")
            }
            // Another statement on the line.
            word if symbols::by_word(word).next().is_some() && events::find(word).is_none() => return None,
            _ if is_word && rest.contains(" to ") && events::find(next).is_some() => {
                format!("events with branches of their own are statements of their own: `on {trimmed}`, and `on {line}`")
            }
            _ if is_word && rest.contains(" to ") => format!("commas stand between branches: `on {trimmed}, {}`", commas(line)),
            word if is_word && word != "to" && events::find(word).is_none() => {
                format!("branches stand behind `to`: `on {trimmed} to {}`", commas(line))
            }
            _ if is_word && events::find(next).is_some() => {
                format!("commas stand between events: `on {trimmed}, {}`", commas(line))
            }
            _ if colon => format!("branches stand behind `to`: `on {trimmed} to main`; other filters in `{{ }}`"),
            _ => return None,
        })
    }
}

/// `on schedule` with quotes around its times and its zone.
fn of_schedule(events: &str) -> Option<String> {
    let (before, behind) = events.split_once("schedule")?;
    let (times, zone) = behind.split_once(" in ").unwrap_or((behind, ""));
    let quoted = |text: &str| {
        let text = text.trim_matches([' ', ':', '{', '}', '[', ']']);
        if text.contains(['"', '\'']) { text.to_owned() } else { format!("\"{text}\"") }
    };
    let zone = if zone.is_empty() { String::new() } else { format!(" in {}", quoted(zone)) };
    let written = format!("{before}schedule {}{zone}", quoted(times));
    (written != events.trim()).then(|| format!("times and their zone stand in quotes: `on {written}`"))
}
