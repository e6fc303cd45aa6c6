//! Capacity that is built over time: a condition sets it, not a number.

use super::draft::Draft;
use super::entry::Limit;
use super::error::DraftError;
use super::handle::{Activity, Node, Unknown};

impl Draft<'_> {
    /// Takes away an activity's capacity, so that a condition can set it, and gives what it was.
    ///
    /// # Errors
    /// [`DraftError::Unfit`] when its cost has several stretches, or its level no capacity.
    pub(crate) fn lift_capacity(&mut self, activity: Activity) -> Result<f64, DraftError> {
        let parts = &self.assembly.activities[activity.index()].parts;
        let [part] = parts.as_slice() else {
            let rule = "has a cost of several stretches; capacity that is built over time needs a single one";
            return Err(self.unfit(activity, rule));
        };
        let level = part.level.index();
        let installed = self.assembly.value(&self.assembly.unknowns[level].upper);
        if !installed.is_finite() {
            let rule = "has no capacity; state what is installed with `with_capacity`";
            return Err(self.unfit(activity, rule));
        }
        self.assembly.unknowns[level].upper = Limit::none();
        Ok(installed)
    }

    /// Holds an activity at zero: it is not there in this period.
    pub(crate) fn hold_idle(&mut self, activity: Activity) {
        let assembly = &mut *self.assembly;
        for part in &assembly.activities[activity.index()].parts {
            assembly.unknowns[part.level.index()].upper = Limit::from(0.0);
        }
    }

    /// The unknown that is the price at a node.
    pub(crate) fn price_unknown(&self, node: Node) -> Unknown {
        self.assembly.nodes[node.index()].price
    }
}
