//! The work that is measured: a layered pipeline of N jobs, the same on every machine.
//!
//! Each job names Node 20, three commands and a variable, and needs two jobs of the layer before: one by `needs`, one by what it reads. Every
//! fifth has a matrix of three. With durations each also says how long it takes: half a minute to ten.
//! As each has a variable and tools of its own none may share a machine; those that are alike have neither, so that there is much to choose. This file is also part of `gh-workflow/`, which builds the same jobs.

use std::fmt::Write as _;

/// A job.
pub(crate) struct Job {
    /// Its number, which all else follows from.
    pub(crate) number: usize,
    /// The job that it comes after, and the one whose files it reads; none in the first layer.
    pub(crate) needs: Option<[usize; 2]>,
}

impl Job {
    /// Whether the job of that number has a matrix. Its rows would write over each other's files, so that it writes none.
    pub(crate) fn has_matrix(number: usize) -> bool {
        number.is_multiple_of(5)
    }

    /// The name of the job of that number.
    pub(crate) fn name(number: usize) -> String {
        format!("job-{number:05}")
    }

    /// The directory that the job of that number writes.
    pub(crate) fn directory(number: usize) -> String {
        format!("out/{number:05}/")
    }

    /// How many seconds its commands take: anything between half a minute and ten, in no order that the layers have.
    #[allow(dead_code)]
    fn takes(&self) -> usize {
        30 + self.number * 197 % 571
    }

    /// Its commands.
    pub(crate) fn commands(&self) -> [String; 3] {
        let number = self.number;
        [
            format!("npm run build --workspace=packages/part-{number}"),
            format!("npm test --workspace=packages/part-{number} -- --reporter=dot"),
            format!("cp -r packages/part-{number}/dist out/{number:05}"),
        ]
    }
}

/// The jobs, in about as many layers as a layer has jobs.
pub(crate) fn jobs(count: usize) -> Vec<Job> {
    // Of two neighbours in such a layer one at most has a matrix, also where the last is followed by the first.
    let width = count.isqrt().next_multiple_of(5);
    let job = |number: usize| {
        let (layer, place) = (number / width, number % width);
        let needs = (layer > 0).then(|| {
            let above = |place: usize| (layer - 1) * width + place % width;
            let [one, other] = [above(place * 3 + layer), above(place * 3 + layer + 1)];
            if Job::has_matrix(other) { [other, one] } else { [one, other] }
        });
        Job { number, needs }
    };
    (0..count).map(job).collect()
}

/// The jobs as a spec. The builder in `gh-workflow/` needs none.
#[allow(dead_code)]
pub(crate) fn spec(count: usize) -> String {
    written(count, false, false)
}

/// The same with durations.
#[allow(dead_code)]
pub(crate) fn timed_spec(count: usize) -> String {
    written(count, true, false)
}

/// The same with durations, without what tells jobs apart but their commands.
#[allow(dead_code)]
pub(crate) fn alike_spec(count: usize) -> String {
    written(count, true, true)
}

#[allow(dead_code)]
fn written(count: usize, durations: bool, alike: bool) -> String {
    let mut out = "workflow \"Layers\"\n\non push, pull_request\n".to_owned();
    if alike {
        out.push_str("optimize balanced { fuse on }\n");
    }
    for job in jobs(count) {
        let number = job.number;
        // Writing to a String does not fail.
        let _ = writeln!(out, "\njob {} {{", Job::name(number));
        if let Some([after, of]) = job.needs {
            let _ = writeln!(out, "  needs {}\n  reads {}", Job::name(after), Job::directory(of));
        }
        let rows_or_files = if Job::has_matrix(number) {
            "matrix shard: 1, 2, 3".to_owned()
        } else {
            format!("writes {}", Job::directory(number))
        };
        let _ = writeln!(out, "  {rows_or_files}");
        if !alike {
            let _ = writeln!(out, "  toolchain node 20\n  env {{ PART: part-{number} }}");
        }
        if durations {
            let _ = writeln!(out, "  takes {}s", job.takes());
        }
        for command in job.commands() {
            let _ = writeln!(out, "  run {command}");
        }
        out.push_str("}\n");
    }
    out
}
