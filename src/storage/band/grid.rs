//! Prices over two stocks: what a unit in private hands is worth once so much is carried out privately and publicly.
//!
//! For each public stock at the end of a period the private side is an endogenous grid: a unit carried out with a total of
//! `S` in private hands is worth `worth(S)`, which is the price where anything is carried out, so that what was there is `S`
//! plus what is used at it. Between two public stocks prices are weighted. What the public stock does follows from the
//! price that there would be without it.

use super::super::root::root;
use super::super::spot::Spot;

/// The private side beside one public stock at the end of a period.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Column {
    /// Carried out privately, rising from zero.
    pub stocks: Vec<f64>,
    /// What a unit is then worth.
    pub worth: Vec<f64>,
    /// What was there for private use and stocks.
    pub there: Vec<f64>,
    /// Planned supply.
    pub planned: Vec<f64>,
}

/// The columns of one regime, at even public stocks from zero to the capacity.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Plane {
    pub columns: Vec<Column>,
}

/// What the public stock does, and the price.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moved {
    pub price: f64,
    /// Bought if above zero, sold if below.
    pub bought: f64,
}

/// The ends of the band and the capacity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Band {
    pub buys: f64,
    pub sells: f64,
    pub capacity: f64,
}

impl Column {
    /// The price when `there` units are shared by use and private stocks; none where nothing is stored, so that it is the
    /// price of use.
    fn price(&self, there: f64) -> Option<f64> {
        let last = self.there.len() - 1;
        if there <= self.there[0] {
            return None;
        }
        let after = self.there.partition_point(|&a| a <= there).clamp(1, last);
        let (low, high) = (self.there[after - 1], self.there[after]);
        let share = (there - low) / (high - low);
        Some(self.worth[after - 1] + share * (self.worth[after] - self.worth[after - 1]))
    }

    /// Planned supply after a private stock.
    fn planned(&self, stock: f64) -> f64 {
        let last = self.stocks.len() - 1;
        let after = self.stocks.partition_point(|&s| s <= stock).clamp(1, last);
        let (low, high) = (self.stocks[after - 1], self.stocks[after]);
        let share = (stock - low) / (high - low);
        self.planned[after - 1] + share * (self.planned[after] - self.planned[after - 1])
    }
}

impl Plane {
    fn between(&self, band: Band, public: f64) -> (usize, f64) {
        let parts = (self.columns.len() - 1) as f64;
        let place = (public / band.capacity).clamp(0.0, 1.0) * parts;
        let at = (place as usize).min(self.columns.len() - 2);
        (at, place - at as f64)
    }

    /// The price when `there` units are shared by use and private stocks and `public` is carried out publicly.
    fn price(&self, spot: &Spot, band: Band, there: f64, public: f64) -> f64 {
        let (at, share) = self.between(band, public);
        let low = self.columns[at].price(there);
        let high = if share == 0.0 {
            low
        } else {
            self.columns[at + 1].price(there)
        };
        let used = || spot.price(there).0;
        match (low, high) {
            (None, None) => used(),
            (Some(low), Some(high)) => low + share * (high - low),
            (Some(low), None) => low + share * (used() - low),
            (None, Some(high)) => {
                let low = used();
                low + share * (high - low)
            }
        }
    }

    /// Whether nobody stores when `there` units are shared by use and private stocks and `public` is carried out publicly.
    fn all_used(&self, band: Band, there: f64, public: f64) -> bool {
        let (at, _) = self.between(band, public);
        let columns = &self.columns[at..=at + 1];
        columns.iter().all(|column| column.price(there).is_none())
    }

    pub(super) fn planned(&self, band: Band, private: f64, public: f64) -> f64 {
        let (at, share) = self.between(band, public);
        let low = self.columns[at].planned(private);
        low + share * (self.columns[at + 1].planned(private) - low)
    }

    /// What happens when `there` units are in private hands, output included, and `public` in the public stock.
    pub(super) fn moved(&self, spot: &Spot, band: Band, there: f64, public: f64) -> Moved {
        let price = |bought: f64| self.price(spot, band, there - bought, public + bought);
        let still = price(0.0);
        let (end, most) = if still < band.buys {
            (band.buys, band.capacity - public)
        } else if still > band.sells {
            (band.sells, -public)
        } else {
            return Moved {
                price: still,
                bought: 0.0,
            };
        };
        if most == 0.0 {
            return Moved {
                price: still,
                bought: 0.0,
            };
        }
        let all = price(most);
        if (all - end) * (still - end) >= 0.0 {
            return Moved {
                price: all,
                bought: most,
            };
        }
        // where nobody stores at that price, what is used at it says what is moved
        let used = spot.quantity(end).0;
        let bought = there - used;
        if bought * most > 0.0
            && bought.abs() < most.abs()
            && self.all_used(band, used, public + bought)
        {
            return Moved { price: end, bought };
        }
        Moved {
            price: end,
            bought: root(
                |bought| price(bought) - end,
                (0.0, still - end),
                (most, all - end),
            ),
        }
    }
}
