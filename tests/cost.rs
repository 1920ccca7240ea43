//! The model of time and money: that it agrees with others' figures, and with what must hold for every run.

pub(crate) mod attribution;
mod broken;
mod calls;
mod conditions;
mod curve;
mod event;
mod failures;
mod forged;
mod invariants;
mod lesson;
mod merge;
mod precision;
mod profile;
mod reality;
mod suggest;
