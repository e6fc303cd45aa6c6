//! Demand for use in a period, less imports, evaluated fast in both directions.

use super::StorageError;
use crate::curve::{Demand, Kernel, Segment, Supply};

/// A value and its slope.
pub(super) type Valued = (f64, f64);

/// Net demand in one regime.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    demand: Demand,
    imports: Option<Supply>,
    formula: Option<Formula>,
    /// Prices a quarter of an octave apart with what is used net of imports at each, where there are imports.
    marks: Vec<(f64, f64)>,
}

/// The one smooth relation behind a simple curve, read in both directions.
#[derive(Debug, Clone)]
struct Formula {
    price: Kernel,
    quantity: Kernel,
    parameters: Vec<f64>,
}

impl Formula {
    fn of(demand: &Demand) -> Option<Self> {
        let pieces = demand.segments();
        let [piece] = pieces.as_slice() else {
            return None;
        };
        if matches!(piece.segment, Segment::Price { offset, capacity, .. } if offset != 0.0 || capacity.is_finite())
        {
            return None;
        }
        let (kernel, parameters) = piece.segment.kernel()?;
        let (price, quantity) = match kernel {
            Kernel::Linear | Kernel::LinearQuantity => (Kernel::Linear, Kernel::LinearQuantity),
            Kernel::Elastic | Kernel::ElasticQuantity => (Kernel::Elastic, Kernel::ElasticQuantity),
            Kernel::Exponential | Kernel::ExponentialQuantity => {
                (Kernel::Exponential, Kernel::ExponentialQuantity)
            }
            _ => return None,
        };
        Some(Self {
            price,
            quantity,
            parameters: parameters.to_vec(),
        })
    }
}

impl Spot {
    pub(super) fn new(demand: Demand, imports: Option<Supply>) -> Result<Self, StorageError> {
        let refuse = |reason| {
            Err(StorageError::Demand {
                demand: demand.to_string(),
                reason,
            })
        };
        let pieces = demand.segments();
        if pieces.iter().all(|piece| piece.segment.kernel().is_none()) {
            return refuse("it takes its quantity whatever the price");
        }
        if pieces
            .iter()
            .all(|piece| matches!(piece.segment.kernel(), Some((Kernel::Constant, _))))
        {
            return refuse("it is made of steps, at which a price goes with many quantities");
        }
        let formula = if imports.is_none() {
            Formula::of(&demand)
        } else {
            None
        };
        let mut spot = Self {
            demand,
            imports,
            formula,
            marks: Vec::new(),
        };
        if spot.imports.is_some() {
            let prices = (-120..=120).map(|quarter| 2f64.powf(0.25 * f64::from(quarter)));
            let mark = |price| (price, spot.quantity(price).0);
            spot.marks = prices
                .map(mark)
                .filter(|mark: &(f64, f64)| mark.1.is_finite())
                .collect();
        }
        Ok(spot)
    }

    /// Quantity used at a price, less imports.
    pub(super) fn quantity(&self, price: f64) -> Valued {
        if let Some(formula) = &self.formula {
            return formula.quantity.value_and_slope(&formula.parameters, price);
        }
        let used = self.demand.quantity(price).map_or(f64::NAN, |q| q.low());
        let mut slope = self.demand.slope(price).unwrap_or(0.0);
        let mut net = used;
        if let Some(imports) = &self.imports {
            net -= imports.quantity(price).map_or(f64::NAN, |q| q.low());
            slope -= imports.slope(price).unwrap_or(0.0);
        }
        (net, slope)
    }

    /// Price at which `quantity` is used, imports included in what is used.
    pub(super) fn price(&self, quantity: f64) -> Valued {
        if let Some(formula) = &self.formula {
            return formula.price.value_and_slope(&formula.parameters, quantity);
        }
        let price = if self.imports.is_some() {
            self.price_with_imports(quantity)
        } else {
            self.demand
                .price(quantity.max(0.0))
                .map_or(f64::NAN, |prices| finite_end(prices.low(), prices.high()))
        };
        let (_, slope) = self.quantity(price);
        // Where the quantity does not move with the price (at a choke price), the price does not move either.
        let flat = !self.demand.choke_price().is_none_or(|choke| price < choke);
        (
            price,
            if slope == 0.0 || flat {
                0.0
            } else {
                1.0 / slope
            },
        )
    }

    /// The quantity at the choke price, below which the price no longer rises.
    pub(super) fn choked(&self) -> Option<f64> {
        let choke = self.demand.choke_price()?;
        let most = self.demand.quantity(choke).ok()?.high();
        (most > 0.0 && self.imports.is_none()).then_some(most)
    }

    /// Whether `price` is one at which buyers give up.
    pub(super) fn chokes_at(&self, price: f64) -> bool {
        let choke = self.demand.choke_price();
        choke.is_some_and(|choke| price >= choke * (1.0 - 1e-9))
    }

    /// Newton's method on the falling net demand, kept between the two marks around the price.
    fn price_with_imports(&self, quantity: f64) -> f64 {
        if let Some(choke) = self.demand.choke_price()
            && self.quantity(choke).0 >= quantity
        {
            return choke;
        }
        let after = self.marks.partition_point(|mark| mark.1 > quantity);
        let Some(below) = after.checked_sub(1).map(|at| self.marks[at]) else {
            return 0.0;
        };
        let Some(above) = self.marks.get(after) else {
            return f64::NAN;
        };
        let (mut low, mut high) = (below.0, above.0);
        let mut price = 0.5 * (low + high);
        for _ in 0..100 {
            let (net, slope) = self.quantity(price);
            if net > quantity {
                low = price;
            } else {
                high = price;
            }
            let newton = price - (net - quantity) / slope;
            let next = if newton > low && newton < high {
                newton
            } else {
                0.5 * (low + high)
            };
            // a step of Newton's doubles the digits: the next one would be rounding, which need not shrink any more
            let settled = next == newton && (next - price).abs() <= 1e-9 * price;
            if settled || high - low <= 1e-15 * price {
                return next;
            }
            price = next;
        }
        price
    }
}

fn finite_end(low: f64, high: f64) -> f64 {
    if low.is_finite() { low } else { high }
}

/// Planned supply at an expected receipt, with its slope.
#[derive(Debug, Clone)]
pub(super) struct Plans {
    supply: Supply,
    formula: Option<(Kernel, Vec<f64>)>,
    fixed: Option<f64>,
}

impl Plans {
    pub(super) fn new(supply: Supply) -> Self {
        let pieces = supply.segments();
        let (mut formula, mut fixed) = (None, None);
        if let [piece] = pieces.as_slice() {
            match &piece.segment {
                Segment::Fixed { quantity } => fixed = Some(*quantity),
                Segment::Quantity { kernel, parameters } => {
                    formula = Some((*kernel, parameters.clone()));
                }
                _ => {}
            }
        }
        Self {
            supply,
            formula,
            fixed,
        }
    }

    /// The quantity if it is the same at every price.
    pub(super) fn fixed(&self) -> Option<f64> {
        self.fixed
    }

    pub(super) fn at(&self, receipt: f64) -> Valued {
        if let Some(fixed) = self.fixed {
            return (fixed, 0.0);
        }
        if let Some((kernel, parameters)) = &self.formula
            && receipt > 0.0
        {
            return kernel.value_and_slope(parameters, receipt);
        }
        let planned = self.supply.quantity(receipt).map_or(f64::NAN, |q| q.low());
        (planned, self.supply.slope(receipt).unwrap_or(0.0))
    }
}
