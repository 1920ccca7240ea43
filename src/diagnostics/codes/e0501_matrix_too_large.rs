//! A matrix that makes more jobs than GitHub runs.

use crate::diagnostics::{Code, Diag};

/// The code and its page.
pub static CODE: Code = Code {
    id: "E0501",
    title: "matrix of too many jobs",
    page: r"
GitHub runs at most 256 jobs of one matrix, and refuses the whole run above that. The number meant is that after `exclude` has
taken rows out and `include` has added some. Give the axes fewer values, leave rows out, or let each row do several of them.

The first example has 272 rows.

## Bad
```pipe
job test {
  matrix {
    seed: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]
    size: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
  }
  run ./test.sh ${{ matrix.seed }} ${{ matrix.size }}
}
```

## Good
```pipe
job test {
  matrix seed: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
  run for size in $(seq 16); do ./test.sh ${{ matrix.seed }} $size; done
}
```
",
};

/// `job` makes `count` jobs.
pub fn matrix_too_large(job: &str, count: usize, most: usize) -> Diag {
    Diag::new(&CODE, format!("job `{job}` makes {count} jobs, and GitHub runs at most {most} of one matrix"))
        .help("give its axes fewer values, or exclude rows")
}
