//! Rates on one thread.

use std::time::Instant;

/// Best rate in million items a second over repeated runs.
pub fn best_rate(items: usize, mut run: impl FnMut() -> bool) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..12 {
        let started = Clock::start();
        assert!(run());
        best = best.min(started.seconds());
    }
    items as f64 / best * 1e-6
}

/// Time that this thread spent on a processor, where the system tells (Linux), so that other work on the machine
/// does not count; else time on the wall.
struct Clock {
    wall: Instant,
    cpu: Option<f64>,
}

impl Clock {
    fn start() -> Self {
        Self {
            cpu: cpu_seconds(),
            wall: Instant::now(),
        }
    }

    fn seconds(&self) -> f64 {
        match (self.cpu, cpu_seconds()) {
            (Some(before), Some(now)) if now > before => now - before,
            _ => self.wall.elapsed().as_secs_f64(),
        }
    }
}

fn cpu_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split(' ').next()?.parse::<f64>().ok()? * 1e-9)
}

#[cfg(feature = "parallel")]
pub fn one_thread<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a thread");
    pool.install(work)
}

#[cfg(not(feature = "parallel"))]
pub fn one_thread<R>(work: impl FnOnce() -> R) -> R {
    work()
}
