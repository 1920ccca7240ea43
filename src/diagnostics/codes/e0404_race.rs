//! Race of two writers.

use crate::diagnostics::{Code, Diag};
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0404",
    title: "two writers of one path",
    page: r"
Two jobs that may run at the same time write the same path, or all rows of a matrix do, and a job reads it: which one it gets would be
chance. Writers whose files add up say so with `merge`; rows put their axis into the path; else one job comes after the other.

## Bad
```pipe
job linux { writes dist/; run make linux }
job macos { writes dist/; runner macos-15; run make macos }
job publish { reads dist/; run ./publish dist }
```

## Good
```pipe
job linux { writes dist/ merge; run make linux }
job macos { writes dist/ merge; runner macos-15; run make macos }
job publish { reads dist/; run ./publish dist }
```
",
};

/// Where and by whom something is written.
#[derive(Debug, Clone, Copy)]
pub struct Writer<'a> {
    /// The job.
    pub job: &'a str,
    /// The path, as it is written.
    pub path: &'a str,
    /// Its place.
    pub at: Span,
}

/// Neither of two jobs comes before the other, and `reader` reads at `read` what both write.
pub fn race(one: Writer<'_>, other: Writer<'_>, reader: &str, read: Span) -> Diag {
    let title = format!("`{}` and `{}` may run at the same time and {}", one.job, other.job, both(one, other));
    of_two(title, one, other, reader, read)
        .help(format!("say `merge` in both where their files add up, else `needs {}` in `{}`", one.job, other.job))
}

/// Two rows of a job each write what the other writes too, and `reader` reads it at `read`.
pub fn race_of_two_rows(one: Writer<'_>, other: Writer<'_>, reader: &str, read: Span) -> Diag {
    of_two(format!("two rows of `{}` {}", one.job, both(one, other)), one, other, reader, read)
        .help("say `merge` in both where their files add up, else give each row a path of its own")
}

fn both(one: Writer<'_>, other: Writer<'_>) -> String {
    if one.path == other.path {
        format!("both write `{}`", one.path)
    } else {
        format!("write `{}` and `{}`, which overlap", one.path, other.path)
    }
}

fn of_two(title: String, one: Writer<'_>, other: Writer<'_>, reader: &str, read: Span) -> Diag {
    Diag::new(&CODE, title).label(one.at, "written here").label(other.at, "and here").label(read, format!("`{reader}` reads it"))
}

/// All rows of a job write the same path, and `reader` reads it at `read`.
pub fn race_of_rows(writer: Writer<'_>, axis: Option<&str>, reader: &str, read: Span) -> Diag {
    let apart = axis.map_or_else(String::new, |axis| {
        let path = writer.path.trim_end_matches('/');
        format!("give each row a path of its own: `writes {path}/${{{{ matrix.{axis} }}}}/`, or ")
    });
    Diag::new(&CODE, format!("several rows of `{}` write `{}`", writer.job, writer.path))
        .label(writer.at, "written here")
        .label(read, format!("`{reader}` reads it"))
        .help(format!("{apart}say `merge` where their files add up"))
}
