//! The commits of well-known tags: the table `pins.txt`, whose head says where they are from.

use std::sync::OnceLock;

use crate::pins::{Asked, Pin, Version};

/// The table as it is written.
pub static TABLE: &str = include_str!("pins.txt");

/// The newest tag of the table that is meant by what is asked for. Only versions are there, since branches move.
pub fn find(asked: &Asked) -> Option<Pin> {
    static LINES: OnceLock<Vec<&str>> = OnceLock::new();
    let lines = LINES.get_or_init(|| TABLE.lines().filter(|line| !line.starts_with('#')).collect());
    let of = |line: &str| line.split(' ').next().unwrap_or_default().cmp(&asked.repository);
    let start = lines.partition_point(|line| of(line).is_lt());
    let pins = lines[start..].iter().take_while(|line| of(line).is_eq()).filter_map(|line| {
        let mut columns = line.split(' ').skip(1);
        let (tag, commit, date) = (columns.next()?, columns.next()?, columns.next());
        Some(Pin { tag: tag.to_owned(), commit: commit.to_owned(), date: date.map(str::to_owned) })
    });
    let meant = pins.filter(|pin| asked.takes(&pin.tag)).filter_map(|pin| Some((Version::of(&pin.tag)?, pin)));
    meant.max_by(|one, other| one.0.cmp(&other.0)).map(|(_, pin)| pin)
}
