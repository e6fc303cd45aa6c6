//! Long work beside an interpreter that listens: Ctrl-C is heard while Rust computes.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use pricefloor::complementarity::interruptible;
use pricefloor::stochastic::{Draws, PriceSource, Sampler, StochasticError, TimeGrid};
use pyo3::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use crate::raised::Raised;

/// The threads of this process. A process that was forked has none of its parent's, and makes its own.
static THREADS: Mutex<Option<(u32, Arc<ThreadPool>)>> = Mutex::new(None);

/// Runs `work` on the threads of this process.
pub fn spread<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, ThreadPoolBuildError> {
    let pool = {
        let mut threads = THREADS.lock().unwrap_or_else(PoisonError::into_inner);
        match threads
            .as_ref()
            .filter(|(owner, _)| *owner == process::id())
        {
            Some((_, pool)) => Arc::clone(pool),
            None => {
                let pool = Arc::new(ThreadPoolBuilder::new().build()?);
                let old = threads.replace((process::id(), Arc::clone(&pool)));
                // the parent's pool cannot be ended here: its threads are not in this process
                std::mem::forget(old);
                pool
            }
        }
    };
    Ok(pool.install(work))
}

/// Runs `work` on a thread of its own with the interpreter's lock released. On a signal the flag is raised, and what
/// the work then returns is dropped.
pub fn attentive<T: Send>(
    py: Python<'_>,
    work: impl FnOnce(&AtomicBool) -> T + Send,
) -> Result<T, Raised> {
    let stop = AtomicBool::new(false);
    let (result, signal) = py.detach(|| {
        thread::scope(|scope| {
            let worker = scope.spawn(|| spread(|| work(&stop)));
            let mut pause = Duration::from_micros(100);
            let mut signal = None;
            while !worker.is_finished() {
                thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(20));
                if signal.is_none() {
                    signal = Python::attach(|py| py.check_signals()).err();
                    stop.store(signal.is_some(), Ordering::Relaxed);
                }
            }
            (worker.join(), signal)
        })
    });
    if let Some(signal) = signal {
        return Err(signal.into());
    }
    match result {
        Ok(spread) => Ok(spread?),
        Err(_) => Err(broken_off()),
    }
}

/// What a panic becomes: nothing else of it crosses the border.
fn broken_off() -> Raised {
    Raised::new("PricefloorError", "the computation broke off", None, None)
}

/// How often a solve asks whether a signal has come.
const LISTEN: Duration = Duration::from_millis(20);

/// Solves on this thread with the interpreter's lock released; now and then it is taken to hear of signals, which end the
/// solve.
pub fn listening<T: Send>(py: Python<'_>, work: impl FnOnce() -> T + Send) -> Result<T, Raised> {
    let (result, signal) = py.detach(|| {
        let heard: Rc<RefCell<Option<PyErr>>> = Rc::default();
        let (ear, last) = (Rc::clone(&heard), Cell::new(Instant::now()));
        let stop = move || {
            if ear.borrow().is_none() && last.get().elapsed() >= LISTEN {
                ear.replace(Python::attach(|py| py.check_signals()).err());
                last.set(Instant::now());
            }
            ear.borrow().is_some()
        };
        // what a panic leaves behind is dropped with it
        let result = catch_unwind(AssertUnwindSafe(|| interruptible(stop, work)));
        (result, heard.take())
    });
    match signal {
        Some(signal) => Err(signal.into()),
        None => result.map_err(|_| broken_off()),
    }
}

/// A price source that gives up when the flag is raised.
pub struct Stoppable<'a> {
    pub source: &'a dyn PriceSource,
    pub stop: &'a AtomicBool,
}

impl PriceSource for Stoppable<'_> {
    fn commodities(&self) -> usize {
        self.source.commodities()
    }

    fn sampler<'a>(
        &'a self,
        grid: &'a TimeGrid,
        draws: Draws,
    ) -> Result<Box<dyn Sampler + 'a>, StochasticError> {
        let inner = self.source.sampler(grid, draws)?;
        let stop = self.stop;
        Ok(Box::new(StoppableSampler { inner, stop }))
    }
}

struct StoppableSampler<'a> {
    inner: Box<dyn Sampler + 'a>,
    stop: &'a AtomicBool,
}

impl Sampler for StoppableSampler<'_> {
    fn fill(&mut self, block: u64, out: &mut [f64]) -> Result<(), StochasticError> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(StochasticError::Source("interrupted".into()));
        }
        self.inner.fill(block, out)
    }
}
