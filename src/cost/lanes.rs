//! Steps side by side: they share the processors of their machine.

/// Where a part stands that runs beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lane {
    /// The block: all of it has ended before what comes after it begins.
    pub block: usize,
    /// The lane in its block. What is in one lane runs one after the other.
    pub lane: usize,
}

/// How long lanes take that begin together, in seconds, on so many processors, where each keeps one busy: while there are more lanes than processors, all of
/// them get the same share (processor sharing; Kleinrock, Queueing Systems II, 4.4). Changes the order of the lanes.
pub fn shared(lanes: &mut [f64], cores: u32) -> f64 {
    lanes.sort_by(f64::total_cmp);
    let cores = f64::from(cores.max(1));
    let (mut time, mut done) = (0.0, 0.0);
    for (ended, &lane) in lanes.iter().enumerate() {
        let running = (lanes.len() - ended) as f64;
        time += (lane - done) * (running / cores).max(1.0);
        done = lane;
    }
    time
}

/// Adds up what parts take, one after the other or side by side.
#[derive(Debug, Clone, Default)]
pub struct Elapsed {
    /// Of all that has ended.
    seconds: f64,
    /// The block that was begun, and its lanes.
    block: Option<usize>,
    lanes: Vec<f64>,
}

impl Elapsed {
    /// The next part.
    pub fn add(&mut self, lane: Option<Lane>, seconds: f64, cores: u32) {
        let block = lane.map(|lane| lane.block);
        if self.block != block {
            self.close(cores);
            self.block = block;
        }
        match lane {
            None => self.seconds += seconds,
            Some(Lane { lane, .. }) => {
                self.lanes.resize(self.lanes.len().max(lane + 1), 0.0);
                self.lanes[lane] += seconds;
            }
        }
    }

    /// The time since the first part, if what runs has ended; it begins anew.
    pub fn take(&mut self, cores: u32) -> f64 {
        self.close(cores);
        std::mem::take(&mut self.seconds)
    }

    fn close(&mut self, cores: u32) {
        self.seconds += shared(&mut self.lanes, cores);
        self.lanes.clear();
        self.block = None;
    }
}

#[cfg(test)]
mod tests {
    use super::{Elapsed, Lane, shared};

    #[test]
    fn lanes_share_the_processors() {
        assert_eq!(shared(&mut [], 2), 0.0);
        assert_eq!(shared(&mut [60.0], 1), 60.0);
        assert_eq!(shared(&mut [60.0, 20.0], 2), 60.0);
        assert_eq!(shared(&mut [60.0, 20.0], 1), 80.0);
        // Three on two processors go at two thirds until the two short ones end after 15 s; 50 of the long one are left.
        assert_eq!(shared(&mut [60.0, 10.0, 10.0], 2), 65.0);
        assert_eq!(shared(&mut [60.0, 10.0, 10.0], 3), 60.0);
    }

    #[test]
    fn blocks_end_before_what_comes_next() {
        let mut elapsed = Elapsed::default();
        let lane = |block, lane| Some(Lane { block, lane });
        for (lane, seconds) in [
            (None, 10.0),
            (lane(0, 0), 30.0),
            (lane(0, 1), 5.0),
            (lane(0, 0), 30.0),
            (lane(1, 0), 7.0),
            (lane(1, 1), 8.0),
            (None, 1.0),
        ] {
            elapsed.add(lane, seconds, 2);
        }
        assert_eq!(elapsed.take(2), 10.0 + 60.0 + 8.0 + 1.0);
        assert_eq!(elapsed.take(2), 0.0);
    }
}
