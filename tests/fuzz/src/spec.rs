//! The bytes as a spec, through every phase. What has to hold of any text is said in `../robust/invariants.rs`.
#![no_main]

#[path = "../../robust/invariants.rs"]
mod invariants;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| invariants::hold(&String::from_utf8_lossy(bytes)));
