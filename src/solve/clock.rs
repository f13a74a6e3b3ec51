//! Seconds a solve has cost.

use std::time::Instant;

use super::highs::thread_cpu_seconds;

/// Measures the processor time of the calling thread where the system tells it, else wall time.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    wall: Instant,
    cpu: Option<f64>,
}

impl Clock {
    /// Starts.
    #[must_use]
    pub fn start() -> Self {
        Self { wall: Instant::now(), cpu: thread_cpu_seconds() }
    }

    /// Seconds since the start, and whether they are processor time (otherwise wall time).
    #[must_use]
    pub fn seconds(&self) -> (f64, bool) {
        match (self.cpu, thread_cpu_seconds()) {
            (Some(start), Some(now)) => (now - start, true),
            _ => (self.wall.elapsed().as_secs_f64(), false),
        }
    }
}
