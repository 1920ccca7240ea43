//! The choice of machines: as good as the best there is, and nothing is changed that must not be.

mod examples;
mod expert;
mod meaning;
mod optimum;
mod outside;
mod split;
