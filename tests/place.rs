//! The choice of machines: as good as the best there is, and nothing is changed that must not be.

mod budget;
mod examples;
mod expert;
mod judge;
mod meaning;
mod optimum;
mod outside;
mod problems;
mod rules;
mod split;
