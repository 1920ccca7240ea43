//! How long steps take on one machine, some of them in the background: what runs at a time shares the processors.

/// How a part stands to those before it, where some run in the background.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beside {
    /// What it waits for: the numbers of parts in the background.
    pub waits: Vec<usize>,
    /// What it ends.
    pub ends: Vec<usize>,
    /// Its own number, where it runs in the background.
    pub number: Option<usize>,
}

/// How long lanes take that begin together, in seconds, on so many processors, where each keeps one busy: while there are more lanes than processors, all of
/// them get the same share (processor sharing; Kleinrock, Queueing Systems II, 4.4). Changes the order of the lanes.
pub fn shared(lanes: &mut [f64], cores: u32) -> f64 {
    lanes.sort_by(f64::total_cmp);
    let (mut time, mut done) = (0.0, 0.0);
    for (ended, &lane) in lanes.iter().enumerate() {
        time += (lane - done) * slowdown(lanes.len() - ended, cores);
        done = lane;
    }
    time
}

/// How much longer each of some tasks takes that run at a time.
fn slowdown(running: usize, cores: u32) -> f64 {
    (running as f64 / f64::from(cores.max(1))).max(1.0)
}

/// Adds up what parts take, one after the other or side by side.
#[derive(Debug, Clone)]
pub struct Elapsed {
    cores: u32,
    seconds: f64,
    /// The number of what runs in the background, and what it has left; what does not has none.
    running: Vec<(Option<usize>, f64)>,
}

impl Elapsed {
    /// On a machine with so many processors.
    pub fn new(cores: u32) -> Self {
        Self { cores, seconds: 0.0, running: Vec::new() }
    }

    /// The next part, with what it takes alone; one that is not there takes nothing, and who comes behind it waits for the same all the same.
    pub fn add(&mut self, beside: Option<&Beside>, seconds: f64) {
        let number = beside.and_then(|beside| beside.number);
        if let Some(beside) = beside {
            self.running.retain(|(number, _)| number.is_none_or(|number| !beside.ends.contains(&number)));
            self.wait(|number| number.is_some_and(|number| beside.waits.contains(&number)));
        }
        if self.running.is_empty() && number.is_none() {
            self.seconds += seconds;
        } else if seconds > 0.0 {
            self.running.push((number, seconds));
            self.wait(|number| number.is_none());
        }
    }

    /// The time since the first part, when all has ended; it begins anew.
    pub fn take(&mut self) -> f64 {
        self.wait(|_| true);
        std::mem::take(&mut self.seconds)
    }

    /// Goes on until some of what runs has ended.
    fn wait(&mut self, of: impl Fn(Option<usize>) -> bool) {
        while self.running.iter().any(|(number, _)| of(*number)) {
            let next = self.running.iter().map(|(_, left)| *left).fold(f64::INFINITY, f64::min);
            self.seconds += next * slowdown(self.running.len(), self.cores);
            self.running.iter_mut().for_each(|(_, left)| *left -= next);
            self.running.retain(|(_, left)| *left > 0.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Beside, Elapsed, shared};

    #[track_caller]
    fn is(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found} {expected}");
    }

    #[test]
    fn lanes_share_the_processors() {
        is(shared(&mut [], 2), 0.0);
        is(shared(&mut [60.0], 1), 60.0);
        is(shared(&mut [60.0, 20.0], 2), 60.0);
        is(shared(&mut [60.0, 20.0], 1), 80.0);
        // Three on two processors go at two thirds until the two short ones end after 15 s; 50 of the long one are left.
        is(shared(&mut [60.0, 10.0, 10.0], 2), 65.0);
        is(shared(&mut [60.0, 10.0, 10.0], 3), 60.0);
    }

    #[test]
    fn what_runs_in_the_background_is_waited_for() {
        let background = |number| Beside { number: Some(number), ..Beside::default() };
        let waits = |number| Beside { waits: vec![number], ..Beside::default() };
        let mut elapsed = Elapsed::new(2);
        elapsed.add(None, 10.0);
        elapsed.add(Some(&background(0)), 100.0);
        elapsed.add(Some(&background(1)), 30.0);
        // Alone with two others on two processors: at two thirds.
        elapsed.add(None, 20.0);
        is(elapsed.seconds, 40.0);
        elapsed.add(Some(&waits(1)), 0.0);
        // 30 s of the second, of which 20 were done.
        is(elapsed.seconds, 50.0);
        is(elapsed.take(), 50.0 + 70.0);
        is(elapsed.take(), 0.0);
        // What is ended takes no more.
        elapsed.add(Some(&background(2)), 100.0);
        elapsed.add(None, 30.0);
        elapsed.add(Some(&Beside { ends: vec![2], ..Beside::default() }), 5.0);
        is(elapsed.take(), 35.0);
    }
}
