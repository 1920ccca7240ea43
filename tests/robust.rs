//! Any bytes in, messages out: no panic, no hang, no stack or memory used up.
//!
//! Nothing here asks a clock: what took too long once is bounded by a count now, and a test that hangs is the test runner's to end.
//! Each text runs in a thread with the stack that Rust gives threads, which is a quarter of the main thread's.

mod bombs;
mod damage;
mod invariants;

use crate::shared::files;

/// Runs in a thread with 2 MB of stack, whatever `RUST_MIN_STACK` says.
fn in_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::Builder::new().stack_size(2 << 20).spawn(work).unwrap().join().unwrap()
}

/// What the fuzz target found, minimised: a file is a case.
#[test]
fn what_was_found_stays_found() {
    let found = files("tests/cases/robust", "pipe");
    assert!(!found.is_empty());
    for path in found {
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        let ended = std::thread::Builder::new().stack_size(2 << 20).spawn(move || invariants::hold(&text)).unwrap().join();
        assert!(ended.is_ok(), "{}", path.display());
    }
}
