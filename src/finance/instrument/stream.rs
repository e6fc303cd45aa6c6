use crate::finance::FinanceError;
use crate::finance::error::{Rule, checked_terms, require};
use serde::{Deserialize, Serialize};

/// What the buyer of a stream pays for a unit that is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum StreamPrice {
    /// This much money.
    Fixed(f64),
    /// This fraction of the realised price.
    OfRealised(f64),
}

/// Terms of a stream, or of a prepayment that is delivered off.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamTerms {
    /// Position of the product among those of the project.
    pub product: usize,
    /// Fraction of its output that is delivered.
    pub share: f64,
    /// Units after which the stream ends, if it does. A prepayment has such an end: the units it bought.
    #[serde(default)]
    pub units: Option<f64>,
    /// What is paid on delivery.
    pub price: StreamPrice,
    /// First date of a delivery, in years.
    #[serde(default)]
    pub from: f64,
    /// Last date of a delivery, in years.
    pub until: f64,
}

/// A stream: for cash at the start (`Security::paid`) the holder buys part of the output at less than its price. The firm
/// loses the difference between the realised price and what is paid on delivery, before any debt. In a liquidation
/// nothing is owed for what was not delivered.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "StreamTerms", into = "StreamTerms")]
pub struct Stream {
    terms: StreamTerms,
}

checked_terms!(Stream, StreamTerms);

impl Stream {
    /// A stream with these terms.
    ///
    /// # Errors
    /// [`FinanceError`] unless the share is above 0 and at most 1, price and dates are not negative, the last date is after
    /// the first, and units, where given, are positive.
    pub fn new(terms: StreamTerms) -> Result<Self, FinanceError> {
        require("streamed share of output", terms.share, Rule::PositiveShare)?;
        match terms.price {
            StreamPrice::Fixed(price) => {
                require("price of streamed units", price, Rule::NotNegative)?
            }
            StreamPrice::OfRealised(part) => {
                require("price of streamed units as a fraction", part, Rule::Share)?;
            }
        }
        if let Some(units) = terms.units {
            require("units of the stream", units, Rule::Positive)?;
        }
        require_dates(terms.from, terms.until)?;
        Ok(Self { terms })
    }

    /// Units delivered of an output in a period that ends at `end` (years), where `before` units were delivered earlier.
    pub(crate) fn delivered(&self, output: f64, end: f64, before: f64) -> f64 {
        if !within(self.terms.from, self.terms.until, end) {
            return 0.0;
        }
        let units = self.terms.share * output;
        match self.terms.units {
            Some(all) => units.min((all - before).max(0.0)),
            None => units,
        }
    }

    /// What the firm loses on a unit that would bring `realised`; negative where the holder pays more than that.
    pub(crate) fn loss(&self, realised: f64) -> f64 {
        match self.terms.price {
            StreamPrice::Fixed(price) => realised - price,
            StreamPrice::OfRealised(part) => realised * (1.0 - part),
        }
    }
}

/// Terms of a royalty that is sold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoyaltySaleTerms {
    /// Fraction of sales at the realised price.
    pub share: f64,
    /// First date, in years.
    #[serde(default)]
    pub from: f64,
    /// Last date, in years.
    pub until: f64,
}

/// A royalty on sales that was sold for cash at the start (`Security::paid`). It is paid before any debt.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RoyaltySaleTerms", into = "RoyaltySaleTerms")]
pub struct RoyaltySale {
    terms: RoyaltySaleTerms,
}

checked_terms!(RoyaltySale, RoyaltySaleTerms);

impl RoyaltySale {
    /// A royalty with these terms.
    ///
    /// # Errors
    /// [`FinanceError`] unless the share is above 0 and at most 1 and the dates are in order.
    pub fn new(terms: RoyaltySaleTerms) -> Result<Self, FinanceError> {
        require("royalty sold", terms.share, Rule::PositiveShare)?;
        require_dates(terms.from, terms.until)?;
        Ok(Self { terms })
    }

    /// What is due on the sales (money) of a period that ends at `end` (years).
    pub(crate) fn due(&self, sales: f64, end: f64) -> f64 {
        if within(self.terms.from, self.terms.until, end) {
            self.terms.share * sales
        } else {
            0.0
        }
    }
}

fn require_dates(from: f64, until: f64) -> Result<(), FinanceError> {
    require("first date", from, Rule::NotNegative)?;
    require("last date", until, Rule::Above(from))
}

fn within(from: f64, until: f64, end: f64) -> bool {
    end > from + super::note::DAY && end <= until + super::note::DAY
}
