//! Measures that the library does not have, written as a user would: terms, a check, and what they write into a draft.

use pricefloor::assembly::{Block, Claim, Dimension, Draft, DraftError, Expr, Place, Rule};
use pricefloor::intervention::{Intervention, Settled, TermError};

/// A royalty that slides with the price: a rate on what the price is above a threshold, per unit, paid by whoever owns the
/// named activity to its region's treasury. Kinked.
#[derive(Debug)]
pub struct SlidingRoyalty {
    /// The activity, or a firm for all of its activities.
    pub of: String,
    /// Price from which it is owed, money per unit.
    pub threshold: f64,
    /// Share of the excess, from 0 to 1.
    pub rate: f64,
}

impl Intervention for SlidingRoyalty {
    fn kind(&self) -> &'static str {
        "sliding_royalty"
    }

    fn check(&self) -> Result<(), TermError> {
        if Rule::Share.admits(self.rate) {
            return Ok(());
        }
        Err(TermError {
            term: "royalty rate",
            value: self.rate,
            rule: Rule::Share.words(),
        })
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let rate = draft.param("rate", self.rate, Rule::Share)?;
        let threshold = draft.param("threshold", self.threshold, Rule::NonNegative)?;
        for activity in draft.activities(&self.of)? {
            let Some(&node) = draft.outputs(activity).first() else {
                continue;
            };
            let region = draft.node_name(node).0.to_owned();
            let (owner, treasury) = (draft.owner(activity), draft.treasury(&region));
            let excess = draft.price(node) - threshold;
            let name = format!("excess {}", draft.activity_name(activity));
            let excess = draft.positive_part(&name, Dimension::Price.at(node), excess);
            let owed = draft.output_per_unit(activity, node) * excess * rate;
            draft.charge(Claim::new("royalty"), activity, owed, owner, treasury)?;
        }
        Ok(())
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        let excess = settled.unknown(&format!("excess {}", self.of));
        excess
            .map(|e| ("excess".to_owned(), e))
            .into_iter()
            .collect()
    }
}

/// A reserve that buys the more the lower the price, smoothly: `most * exp(-price / scale)` units a year.
#[derive(Debug)]
pub struct SmoothReserve {
    /// Region whose treasury buys.
    pub region: String,
    /// What it buys.
    pub commodity: String,
    /// Bought at a price of zero, units per year.
    pub most: f64,
    /// Price at which it buys 1/e of that, money per unit.
    pub scale: f64,
}

/// `most * exp(-price / scale)` of one price and two parameters.
#[derive(Debug)]
struct Decay;

impl Block for Decay {
    fn value(&self, at: Place<'_>) -> f64 {
        at.param(0) * (-at.unknown(0) / at.param(1)).exp()
    }

    fn slopes(&self, at: Place<'_>, visit: &mut dyn FnMut(usize, f64)) {
        visit(0, -self.value(at) / at.param(1));
    }

    fn param_slopes(&self, at: Place<'_>, visit: &mut dyn FnMut(usize, f64)) {
        let bought = self.value(at);
        visit(0, bought / at.param(0));
        visit(1, bought * at.unknown(0) / at.param(1).powi(2));
    }
}

impl Intervention for SmoothReserve {
    fn kind(&self) -> &'static str {
        "smooth_reserve"
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let node = draft.node(&self.region, &self.commodity)?;
        let most = draft.param("most", self.most, Rule::Positive)?;
        let scale = draft.param("scale", self.scale, Rule::Positive)?;
        let price: Expr = draft.price(node);
        let bought = draft.block(Decay, &[price], &[most, scale])?;
        let buyer = draft.treasury(&self.region);
        draft.withdraw(node, buyer, bought);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
