//! A panic is a bug of pipelay: it says so, in words, and how to report it.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::PanicHookInfo;

use super::terminal;

/// Makes a panic say what is meant for whoever sees it. The exit code stays that of Rust, 101, also where a panic aborts.
#[expect(clippy::exit, reason = "nothing can go on, in whichever thread it was")]
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|info| {
        let backtrace = Backtrace::capture();
        let backtrace = (backtrace.status() == BacktraceStatus::Captured).then(|| backtrace.to_string());
        terminal::err(&text(&what(info), info.location().map(ToString::to_string).as_deref(), backtrace.as_deref()));
        std::process::exit(101);
    }));
}

fn what(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("unknown").to_owned()
}

fn text(what: &str, place: Option<&str>, backtrace: Option<&str>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let repository = env!("CARGO_PKG_REPOSITORY");
    let report = if repository.is_empty() { "to its authors".to_owned() } else { format!("at {repository}/issues") };
    let more = backtrace.map(|trace| format!("\n{trace}")).unwrap_or_default();
    format!(
        "error: pipelay failed because of a bug of its own, not of the spec\n\
         \n  {what}\n  at {}, pipelay {version}\n\
         \nNo output file was damaged. Please report this {report}, with the text above and the spec: they are enough to see it again.\n{more}",
        place.unwrap_or("an unknown place"),
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_bug_is_called_one() {
        let text = super::text("index out of bounds", Some("src/x.rs:1:2"), None);
        assert!(text.starts_with("error: pipelay failed because of a bug of its own"), "{text}");
        assert!(
            text.contains("index out of bounds") && text.contains("src/x.rs:1:2") && text.ends_with("see it again.\n"),
            "{text}"
        );
    }
}
