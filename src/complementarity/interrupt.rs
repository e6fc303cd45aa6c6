//! Ending a solve from outside.

use std::cell::RefCell;
use std::rc::Rc;

type Ask = Rc<dyn Fn() -> bool>;

thread_local! {
    static ASK: RefCell<Option<Ask>> = const { RefCell::new(None) };
}

/// Runs `work` on this thread; whatever it solves asks `stop` before each iteration, and ends with
/// [`Termination::Interrupted`](super::Termination::Interrupted) when the answer is yes. It reaches every solve that the
/// work leads to on this thread, however deep: of a market, of a horizon, of a leader's search. Decision
/// rules of `storage` ask before each iteration too, and end with an error of their own. For a program that listens
/// to its user while it computes. `stop` is asked often, so it should answer quickly, and go on saying yes.
///
/// ```
/// use pricefloor::complementarity::interruptible;
/// use pricefloor::prelude::*;
/// let market = Market::builder("textbook", "USD/t").region("Home").commodity("oxide")
///     .demand("Home", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
///     .activity(Activity::producing("mine", "Home", "oxide", Supply::linear(Line { intercept: 5.0, slope: 0.5 })?))
///     .build()?;
/// let ended = interruptible(|| true, || market.solve(&Policy::none()));
/// assert!(ended.unwrap_err().to_string().contains("interrupted"));
/// assert!(interruptible(|| false, || market.solve(&Policy::none())).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn interruptible<T>(stop: impl Fn() -> bool + 'static, work: impl FnOnce() -> T) -> T {
    let before = ASK.replace(Some(Rc::new(stop)));
    // put back also when the work unwinds
    let _restored = Restored(before);
    work()
}

struct Restored(Option<Ask>);

impl Drop for Restored {
    fn drop(&mut self) {
        let before = self.0.take();
        // a thread that is ending has nothing to put back
        let _ = ASK.try_with(|ask| ask.replace(before));
    }
}

/// Whether someone wants the solve to end.
pub(crate) fn interrupted() -> bool {
    // the question is asked outside of the borrow: it may lead to another solve
    let ask = ASK.with_borrow(Option::clone);
    ask.is_some_and(|stop| stop())
}
