use super::terms::{Depreciation, Tax};

/// The pool of losses, carried from period to period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LossPool {
    losses: f64,
}

impl LossPool {
    pub fn new(tax: &Tax) -> Self {
        Self {
            losses: tax.opening_losses,
        }
    }

    /// Tax on the income of a period. A loss joins the pool; an income is reduced by the pool, up to the limit.
    pub fn assess(&mut self, tax: &Tax, income: f64) -> f64 {
        if income <= 0.0 {
            self.losses -= income;
            return 0.0;
        }
        let offset = self.losses.min(tax.loss_offset * income);
        self.losses -= offset;
        tax.rate * (income - offset)
    }
}

/// Capital spending that is still being deducted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Deductions {
    /// Spending by period.
    spent: Vec<f64>,
    /// Periods over which it is deducted.
    life: usize,
    /// Spending whose life has not run out.
    live: f64,
}

impl Deductions {
    pub fn new(tax: &Tax, per_year: u32) -> Self {
        let life = match tax.depreciation {
            Depreciation::Expensed => 1,
            Depreciation::StraightLine { years } => {
                (years * f64::from(per_year)).round().max(1.0) as usize
            }
        };
        Self {
            spent: Vec::new(),
            life,
            live: 0.0,
        }
    }

    pub fn reset(&mut self) {
        self.spent.clear();
        self.live = 0.0;
    }

    /// The deduction of a period, from spending in the periods before it.
    pub fn deduction(&self) -> f64 {
        self.live / self.life as f64
    }

    /// Closes a period in which this much was spent.
    pub fn close(&mut self, spent: f64) {
        self.spent.push(spent);
        self.live += spent;
        if let Some(old) = self.spent.len().checked_sub(self.life + 1) {
            self.live -= self.spent[old];
        }
    }
}
