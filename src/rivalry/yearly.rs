//! Limit pricing year by year, and as part of a market over time.

use super::error::RivalryError;
use super::limit_pricing::{LimitPricing, LimitPricingTerms};
use crate::assembly::{Dimension, Draft, DraftError, Expr, Limit, Rule};
use crate::intervention::{Intervention, Measure, Settled};

/// Limit pricing in years: the dominant producer sets a price each year, and rivals' output of the next year is
/// `x' = x + k (p - pe)`.
///
/// It maximises `sum of (p - c) (a - b p - x) / (1 + r)^t`, flows at the end of each year. The best price is straight in
/// rivals' output, `p = u + g x`, from `V'(x) = v + s x`:
///
/// ```text
/// s = 1 / (m + sqrt(m^2 - d k^2)),  m = b (1 - d) + d k,  d = 1 / (1 + r)
/// g = (d k s - 1) / (2 b - d k^2 s)
/// u = (a + b c + d k v - d k^2 s pe) / (2 b - d k^2 s),   v (1 - d) = c - u + d s k (u - pe)
/// ```
///
/// It brings rivals to the same `x* = a + b c - 2 b pe - k (pe - c) / r` as in continuous time (Gaskins 1971), which follows
/// from `p = pe` in both conditions of the optimum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct YearlyLimitPricing {
    terms: LimitPricingTerms,
    /// The price is `intercept + slope x`.
    intercept: f64,
    slope: f64,
}

impl LimitPricing {
    /// The same producer deciding once a year, its discount rate now compounded yearly.
    ///
    /// # Errors
    /// [`RivalryError::NoClosedForm`] where entry is so fast that no straight price rule is stable, where rivals are kept
    /// out, or where entrants hold a contract.
    ///
    /// ```
    /// use pricefloor::rivalry::{LimitPricing, LimitPricingTerms};
    /// let producer = LimitPricing::new(LimitPricingTerms {
    ///     demand_intercept: 100.0, demand_slope: 1.0, cost: 10.0, entry_price: 20.0, entry_speed: 0.5, discount_rate: 0.1,
    /// })?;
    /// let yearly = producer.yearly()?;
    /// let mut rivals = 0.0;
    /// for _ in 0..200 { rivals = yearly.next_rivals(rivals); }
    /// assert!((rivals - producer.steady().rivals).abs() < 1e-9);
    /// # Ok::<(), pricefloor::rivalry::RivalryError>(())
    /// ```
    pub fn yearly(&self) -> Result<YearlyLimitPricing, RivalryError> {
        // the straight rule must hold on the whole path
        self.price(0.0)?;
        let terms = self.terms();
        let LimitPricingTerms {
            demand_intercept: a,
            demand_slope: b,
            cost: c,
            entry_price: pe,
            entry_speed: k,
            discount_rate: r,
        } = terms;
        let d = 1.0 / (1.0 + r);
        let m = b * (1.0 - d) + d * k;
        let root = m * m - d * k * k;
        let s = 1.0 / (m + root.max(0.0).sqrt());
        let curved = 2.0 * b - d * k * k * s;
        let slope = (d * k * s - 1.0) / curved;
        if root < 0.0 || curved <= 0.0 || (1.0 + k * slope).abs() >= 1.0 {
            return Err(RivalryError::NoClosedForm {
                what: "yearly price rule of limit pricing",
                why: "entry is so fast that rivals overshoot",
            });
        }
        // u and v from two lines: u curved - d k v = f, v (1 - d) + u (1 - d s k) = c - d s k pe
        let f = a + b * c - d * k * k * s * pe;
        let g = c - d * s * k * pe;
        let v =
            (g * curved - f * (1.0 - d * s * k)) / ((1.0 - d) * curved + d * k * (1.0 - d * s * k));
        Ok(YearlyLimitPricing {
            terms,
            intercept: (f + d * k * v) / curved,
            slope,
        })
    }
}

impl YearlyLimitPricing {
    /// The best price at a level of rivals' output, money per unit.
    #[must_use]
    pub fn price(&self, rivals: f64) -> f64 {
        self.intercept + self.slope * rivals
    }

    /// Rivals' output of the next year.
    #[must_use]
    pub fn next_rivals(&self, rivals: f64) -> f64 {
        rivals + self.terms.entry_speed * (self.price(rivals) - self.terms.entry_price)
    }

    /// The producer and its rivals as part of a market over time, from `rivals` in the first year: they sell into the final
    /// demand for a commodity in a region, and what rivals sell is carried from year to year of a
    /// [`Horizon`](crate::horizon::Horizon) with yearly periods. Its figure `dominant` is what the producer sells, units per year.
    #[must_use]
    pub fn in_market(&self, region: &str, commodity: &str, rivals: f64) -> Measure {
        Measure::custom(Entering {
            rule: *self,
            region: region.to_owned(),
            commodity: commodity.to_owned(),
            rivals,
        })
    }
}

#[derive(Debug)]
struct Entering {
    rule: YearlyLimitPricing,
    region: String,
    commodity: String,
    rivals: f64,
}

impl Intervention for Entering {
    fn kind(&self) -> &'static str {
        "limit_pricing"
    }

    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
        let node = draft.node(&self.region, &self.commodity)?;
        let (price, quantity) = (Dimension::Price.at(node), Dimension::Quantity.at(node));
        let rivals = draft.carry("rivals", quantity, self.rivals, Rule::NonNegative)?;
        let intercept = draft.param("intercept", self.rule.intercept, Rule::Finite)?;
        let slope = draft.param("slope", self.rule.slope, Rule::Finite)?;
        let speed = draft.param("entry_speed", self.rule.terms.entry_speed, Rule::Positive)?;
        let entry = draft.param("entry_price", self.rule.terms.entry_price, Rule::Positive)?;
        let dominant = draft.unknown("dominant", quantity, 0.0, Limit::none(), 0.0);
        let asked = Expr::from(intercept) + rivals.opening() * slope;
        let found = draft.price(node);
        draft.condition(dominant, price, asked - &found);
        let seller = draft.treasury("dominant producer");
        draft.withdraw(node, seller, -Expr::from(dominant));
        let others = draft.treasury("rivals");
        draft.withdraw(node, others, -rivals.opening());
        let years = draft.period().years;
        let grown = (found - entry) * speed * years;
        draft.close(rivals, rivals.opening() + grown);
        Ok(())
    }

    fn report(&self, settled: &Settled<'_>) -> Vec<(String, f64)> {
        let sold = settled.unknown("dominant");
        sold.map(|units| ("dominant".to_owned(), units))
            .into_iter()
            .collect()
    }
}
