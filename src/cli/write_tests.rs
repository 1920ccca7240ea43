//! What is written, and what is left alone.

use std::path::PathBuf;

use super::*;

struct Case {
    directory: tempfile::TempDir,
}

impl Case {
    fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join(".github/workflows/ci.yml")
    }

    fn write(&self, spec: &str, text: &str, force: bool) -> Result<Written, &'static str> {
        let file = self.file();
        let output = Output { root: self.directory.path(), spec, file: &file, shown: "ci.yml", text };
        write_output(&output, force).map_err(|diag| diag.code.id)
    }

    fn text(&self) -> String {
        fs::read_to_string(self.file()).unwrap()
    }
}

fn ours(spec: &str, body: &str) -> String {
    format!("# {}\n{body}", header::header_lines(spec).join("\n# "))
}

#[test]
fn folders_are_made_and_unchanged_files_not_touched() {
    let case = Case::new();
    let text = ours("ci.pipe", "on: push\n");
    assert_eq!(case.write("ci.pipe", &text, false), Ok(Written::Created));
    let before = fs::metadata(case.file()).unwrap();
    assert_eq!(case.write("ci.pipe", &text, false), Ok(Written::Unchanged));
    assert_eq!(fs::metadata(case.file()).unwrap().modified().unwrap(), before.modified().unwrap());
    assert_eq!(case.write("ci.pipe", &ours("ci.pipe", "on: pull_request\n"), false), Ok(Written::Changed));
    assert_eq!(case.text(), ours("ci.pipe", "on: pull_request\n"));
    let left: Vec<_> = fs::read_dir(case.file().parent().unwrap()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left, ["ci.yml"]);
}

#[test]
fn line_endings_of_a_checkout_are_no_change() {
    let case = Case::new();
    let text = ours("ci.pipe", "on: push\n");
    let crlf = text.replace('\n', "\r\n");
    assert_eq!(case.write("ci.pipe", &crlf, false), Ok(Written::Created));
    assert_eq!(case.write("ci.pipe", &text, false), Ok(Written::Unchanged));
    assert_eq!(case.text(), crlf);
}

#[test]
fn what_others_wrote_is_left_alone() {
    let case = Case::new();
    fs::create_dir_all(case.file().parent().unwrap()).unwrap();
    fs::write(case.file(), "on: push\n").unwrap();
    assert_eq!(case.write("ci.pipe", &ours("ci.pipe", ""), false), Err("E0801"));
    assert_eq!(case.text(), "on: push\n");
    assert_eq!(case.write("ci.pipe", &ours("ci.pipe", ""), true), Ok(Written::Changed));
    // The output of another spec is taken over only where that spec is gone.
    assert_eq!(case.write("new.pipe", &ours("new.pipe", ""), false), Ok(Written::Changed));
    fs::write(case.directory.path().join("new.pipe"), "").unwrap();
    assert_eq!(case.write("ci.pipe", &ours("ci.pipe", ""), false), Err("E0802"));
    // One that was cut off to nothing is nobody's.
    fs::write(case.file(), "").unwrap();
    assert_eq!(case.write("ci.pipe", &ours("ci.pipe", ""), false), Ok(Written::Changed));
}

#[test]
fn what_cannot_be_written_is_said() {
    let case = Case::new();
    fs::create_dir_all(case.file()).unwrap();
    assert_eq!(case.write("ci.pipe", "x", true), Err("E0804"));
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let case = Case::new();
    assert_eq!(case.write("ci.pipe", &ours("ci.pipe", "a"), false), Ok(Written::Created));
    let mode = || fs::metadata(case.file()).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode() & 0o600, 0o600);
    assert_eq!(mode() & 0o111, 0);
    fs::set_permissions(case.file(), fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(case.write("ci.pipe", &ours("ci.pipe", "b"), false), Ok(Written::Changed));
    assert_eq!(mode(), 0o640);

    let real = case.directory.path().join("real.yml");
    fs::rename(case.file(), &real).unwrap();
    symlink(&real, case.file()).unwrap();
    assert_eq!(case.write("ci.pipe", &ours("ci.pipe", "c"), false), Ok(Written::Changed));
    assert!(case.file().is_symlink());
    assert_eq!(fs::read_to_string(real).unwrap(), ours("ci.pipe", "c"));
}
