//! Actions whose commits are not known, and images whose digests are not.

use crate::diagnostics::{Code, Diag};
use crate::pins::image::Image;
use crate::source::Span;

/// The code and its page.
pub static CODE: Code = Code {
    id: "W0710",
    title: "action or image that is not pinned",
    page: r"
A tag or branch can be moved to other code after it was reviewed, and then a job runs that code with its secrets. So the output has commits in place of tags.
This one is neither in `pipelay.lock` nor in the table that comes with pipelay: it stays a tag. `pipelay lock` asks its server for the commit, and writes
it into `pipelay.lock`. `optimize { pin off }` leaves all tags as they are written.

GitHub takes no commit of which only the first digits are written.

The same is said of an image whose digest is not in `pipelay.lock`, where that has digests of others: `pipelay lock --images` asked for them.

## Bad
```pipe
on push

job notify {
  checkout off
  uses example/notify@v1
}
```

## Good
```pipe
on push

job notify {
  checkout off
  uses example/notify@0123456789abcdef0123456789abcdef01234567 # v1.0.2
}
```
",
};

/// No commit is known of these actions, each with the place where it is used.
pub fn unpinned(actions: &[(&str, Span)]) -> Diag {
    let names: Vec<String> = actions.iter().map(|(action, _)| format!("`{action}`")).collect();
    Diag::new(&CODE, format!("no commit is known of {}", names.join(", ")))
        .labels(actions.iter().map(|(_, at)| *at), "can be moved to other code", "so can this")
        .help("run `pipelay lock`, which asks for it")
}

/// These actions are asked for by the first digits of a commit, each with the place where it is used.
pub fn short_commits(actions: &[(&str, Span)]) -> Diag {
    let names: Vec<String> = actions.iter().map(|(action, _)| format!("`{action}`")).collect();
    Diag::new(&CODE, format!("GitHub takes no commit that is cut short: {}", names.join(", ")))
        .labels(actions.iter().map(|(_, at)| *at), "is not found, unless it is a tag", "nor is this")
        .help("write all 40 digits of it, or the tag")
}

/// No digest is known of these images, each with the place where it is used.
pub fn unpinned_images(images: &[(&Image, Span)]) -> Diag {
    let names: Vec<String> = images.iter().map(|(image, _)| format!("`{image}`")).collect();
    Diag::new(&CODE, format!("no digest is known of {}", names.join(", ")))
        .labels(images.iter().map(|(_, at)| *at), "can be moved to another image", "so can this")
        .help("run `pipelay lock`, which asks for it")
}
