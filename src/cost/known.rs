//! How well it is known what something takes.

use super::model::Part;
use crate::profile::FEW;

/// How it is known how long something takes.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// It was measured in so many runs.
    Measured(f64),
    /// It was measured in so many runs, all of them too long ago to say much.
    Faded(f64),
    /// The spec says so: `takes`.
    Declared,
    /// Nothing is known: see [`assume`].
    Assumed,
}

impl Evidence {
    /// How the less known of two things is known.
    #[must_use]
    pub fn weaker(self, other: Self) -> Self {
        match (self, other) {
            (Self::Assumed, _) | (_, Self::Assumed) => Self::Assumed,
            (Self::Declared, _) | (_, Self::Declared) => Self::Declared,
            (Self::Faded(one), Self::Faded(other)) => Self::Faded(one.min(other)),
            (Self::Faded(runs), Self::Measured(_)) | (Self::Measured(_), Self::Faded(runs)) => Self::Faded(runs),
            (Self::Measured(one), Self::Measured(other)) => Self::Measured(one.min(other)),
        }
    }

    /// How the least known of some parts is known; none without any.
    pub fn weakest<'p>(parts: impl Iterator<Item = &'p Part>) -> Option<Self> {
        parts.map(|part| part.evidence).reduce(Self::weaker)
    }

    /// What was measured in so many runs, which count for so much now.
    pub fn measured(counted: f64, weight: f64) -> Self {
        if weight < FEW && counted >= FEW { Self::Faded(counted) } else { Self::Measured(counted) }
    }

    /// Whether it was measured at all.
    pub fn is_measured(self) -> bool {
        matches!(self, Self::Measured(_) | Self::Faded(_))
    }

    /// Whether it may be relied upon.
    pub fn is_known(self) -> bool {
        match self {
            Self::Measured(runs) => runs >= FEW,
            Self::Declared => true,
            Self::Faded(_) | Self::Assumed => false,
        }
    }
}
