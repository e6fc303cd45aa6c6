use crate::finance::FinanceError;
use crate::finance::error::{Rule, require};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// How capital spending is deducted from taxable income, beginning in the period after it is made.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub enum Depreciation {
    /// At once.
    #[default]
    Expensed,
    /// In equal parts over this many years.
    StraightLine {
        /// Years.
        years: f64,
    },
    /// A multiple of the straight-line rate on what is left, until equal parts of that are more; the first year counts
    /// half, so that it takes a year longer. With seven years and a factor of 2 these are the percentages of United States
    /// seven-year property, 14.29, 24.49, 17.49, 12.49, 8.93, 8.92, 8.93 and 4.46 (Revenue Procedure 87-57, table 1).
    /// Within a year the periods deduct equal parts.
    DecliningBalance {
        /// Years of the class.
        years: u32,
        /// Multiple of the straight-line rate (2 for double declining balance).
        factor: f64,
    },
}

/// Corporate tax, assessed and paid each period. A loss joins a pool that is set against later income, the oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tax {
    /// Rate, as a fraction of taxable income.
    pub rate: f64,
    /// The most that the pool may offset, as a fraction of taxable income (0.8 in the United States since 2018).
    pub loss_offset: f64,
    /// Losses in the pool at the start, in money.
    #[serde(default)]
    pub opening_losses: f64,
    /// Years for which a loss may be carried forward (20 in the United States until 2017); `None`: without end. Those in the
    /// pool at the start count as made just before it.
    #[serde(default)]
    pub losses_last: Option<u32>,
    /// How capital spending is deducted.
    #[serde(default)]
    pub depreciation: Depreciation,
    /// Depletion and credits.
    #[serde(default)]
    pub relief: TaxRelief,
}

/// What lowers the tax beside deductions of cost. Nothing by default.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxRelief {
    /// Percentage depletion.
    #[serde(default)]
    pub depletion: Option<Depletion>,
    /// A credit for production or investment.
    #[serde(default)]
    pub credit: Option<TaxCredit>,
}

/// Percentage depletion: a deduction of a share of sales, at most a share of what is taxable before it (half of it in
/// United States Code, title 26, section 613).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Depletion {
    /// As a fraction of sales at the realised price.
    pub of_sales: f64,
    /// The most, as a fraction of income before it.
    pub most: f64,
}

/// A credit against tax.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxCredit {
    /// As a fraction of operating cost (0.1 for a production credit such as that of section 45X).
    pub of_operating_cost: f64,
    /// As a fraction of growth capital, earned in the period after it is spent (an investment credit).
    pub of_growth_capital: f64,
    /// Last date, in years, on which it is earned.
    pub until: f64,
    /// Whether it is paid out where it exceeds the tax; else it is carried forward.
    pub refundable: bool,
}

impl Tax {
    pub(super) fn check(&self) -> Result<(), FinanceError> {
        require("tax rate", self.rate, Rule::Share)?;
        require(
            "share of income that losses may offset",
            self.loss_offset,
            Rule::Share,
        )?;
        require("opening tax losses", self.opening_losses, Rule::NotNegative)?;
        if let Some(years) = self.losses_last {
            let years = f64::from(years);
            require("years for which tax losses last", years, Rule::Positive)?;
            require(
                "years for which tax losses last",
                years,
                Rule::AtMost(100.0),
            )?;
        }
        match self.depreciation {
            Depreciation::Expensed => {}
            Depreciation::StraightLine { years } => {
                require("years of depreciation", years, Rule::Positive)?;
                require("years of depreciation", years, Rule::AtMost(100.0))?;
            }
            Depreciation::DecliningBalance { years, factor } => {
                require("years of depreciation", f64::from(years), Rule::Positive)?;
                require(
                    "years of depreciation",
                    f64::from(years),
                    Rule::AtMost(100.0),
                )?;
                require("factor of declining balance", factor, Rule::AtLeast(1.0))?;
                require(
                    "factor of declining balance",
                    factor,
                    Rule::AtMost(f64::from(years)),
                )?;
            }
        }
        if let Some(depletion) = self.relief.depletion {
            require(
                "depletion as a share of sales",
                depletion.of_sales,
                Rule::Share,
            )?;
            require(
                "most depletion as a share of income",
                depletion.most,
                Rule::Share,
            )?;
        }
        if let Some(credit) = self.relief.credit {
            let (cost, capital) = (credit.of_operating_cost, credit.of_growth_capital);
            require("credit as a share of operating cost", cost, Rule::Share)?;
            require("credit as a share of growth capital", capital, Rule::Share)?;
            require("last date of the credit", credit.until, Rule::NotNegative)?;
        }
        Ok(())
    }
}

/// What tax is assessed on in a period, on `N` paths.
#[derive(Debug, Clone, Copy)]
pub(super) struct Assessed<'a, const N: usize> {
    /// Income before depletion and losses.
    pub income: &'a [f64; N],
    /// Sales, for depletion.
    pub sales: &'a [f64; N],
    /// Credit earned in the period.
    pub credit: f64,
}

/// Losses and credits of `N` paths, carried from period to period.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TaxPool<const N: usize> {
    losses: [f64; N],
    credits: [f64; N],
    /// The losses by the period in which they were made, the oldest first; empty where they last.
    made: VecDeque<[f64; N]>,
    /// Periods after that in which they were made.
    life: Option<usize>,
}

impl<const N: usize> TaxPool<N> {
    pub fn new(tax: &Tax, per_year: u32) -> Self {
        let life = tax.losses_last.map(|years| (years * per_year) as usize);
        let mut pool = Self {
            losses: [0.0; N],
            credits: [0.0; N],
            made: VecDeque::with_capacity(life.map_or(0, |life| life + 1)),
            life,
        };
        pool.reset(tax);
        pool
    }

    pub fn reset(&mut self, tax: &Tax) {
        self.losses = [tax.opening_losses; N];
        self.credits = [0.0; N];
        self.made.clear();
        if self.life.is_some() {
            self.made.push_back(self.losses);
        }
    }

    /// Takes what is set off from the oldest losses, adds those of the period and drops what is too old by the next.
    fn age(&mut self, life: usize, mut left: [f64; N], made: [f64; N]) {
        for losses in &mut self.made {
            for (loss, left) in losses.iter_mut().zip(&mut left) {
                let part = left.min(*loss);
                *loss -= part;
                *left -= part;
            }
        }
        self.made.push_back(made);
        if self.made.len() > life
            && let Some(old) = self.made.pop_front()
        {
            for (losses, old) in self.losses.iter_mut().zip(&old) {
                // Rounding may leave a little less in the pool than its parts.
                *losses = (*losses - old).max(0.0);
            }
        }
    }

    /// Tax on a period, less credits. A loss joins the pool; an income is reduced by the pool, up to the limit.
    #[inline(always)]
    pub fn assess(&mut self, tax: &Tax, on: Assessed<'_, N>) -> [f64; N] {
        let mut income = *on.income;
        if let Some(depletion) = tax.relief.depletion {
            for (income, sales) in income.iter_mut().zip(on.sales) {
                let most = depletion.most * income.max(0.0);
                *income -= (depletion.of_sales * sales).min(most);
            }
        }
        let (mut due, mut offset, mut made) = ([0.0; N], [0.0; N], [0.0; N]);
        for path in 0..N {
            let taxable = income[path].max(0.0);
            made[path] = taxable - income[path];
            offset[path] = self.losses[path].min(tax.loss_offset * taxable);
            self.losses[path] = self.losses[path] - offset[path] + made[path];
            due[path] = tax.rate * (taxable - offset[path]);
        }
        if let Some(life) = self.life {
            self.age(life, offset, made);
        }
        if let Some(credit) = tax.relief.credit {
            for (due, credits) in due.iter_mut().zip(&mut self.credits) {
                *credits += on.credit;
                let most = if credit.refundable { *credits } else { *due };
                let used = credits.min(most);
                *credits -= used;
                *due -= used;
            }
        }
        due
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
    /// Part that is deducted in each period of the life; empty for equal parts.
    parts: Vec<f64>,
}

impl Deductions {
    pub fn new(tax: &Tax, per_year: u32) -> Self {
        let mut parts = Vec::new();
        let life = match tax.depreciation {
            Depreciation::Expensed => 1,
            Depreciation::StraightLine { years } => {
                (years * f64::from(per_year)).round().max(1.0) as usize
            }
            Depreciation::DecliningBalance { years, factor } => {
                let yearly = declining_balance(years, factor);
                let periods = per_year as usize;
                parts = yearly
                    .iter()
                    .flat_map(|part| std::iter::repeat_n(part / periods as f64, periods))
                    .collect();
                parts.len()
            }
        };
        Self {
            spent: Vec::new(),
            life,
            live: 0.0,
            parts,
        }
    }

    pub fn reset(&mut self) {
        self.spent.clear();
        self.live = 0.0;
    }

    /// The deduction of a period, from spending in the periods before it.
    pub fn deduction(&self) -> f64 {
        if self.parts.is_empty() {
            return self.live / self.life as f64;
        }
        let recent = self.spent.iter().rev();
        recent
            .zip(&self.parts)
            .map(|(spent, part)| spent * part)
            .sum()
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

/// Parts by year: half of the first year's, then the greater of the declining balance and equal parts of what is left.
fn declining_balance(years: u32, factor: f64) -> Vec<f64> {
    let rate = factor / f64::from(years);
    let (mut left, mut parts) = (1.0, Vec::with_capacity(years as usize + 1));
    for year in 0..=years {
        // The first year counts half, so that half a year remains for the last.
        let remaining = f64::from(years) - (f64::from(year) - 0.5).max(0.0);
        let full = (rate * left).max(left / remaining.max(1.0));
        let part = if year == 0 {
            0.5 * rate
        } else {
            full.min(left)
        };
        parts.push(part);
        left -= part;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tax at 25 % with four fifths of income open to losses that last two years, by hand. Opening losses of 100 serve years 1
    /// and 2 alone: year 1 earns 50 and sets off 40, year 2 loses 30 and what is left of the 100 ends, year 3 earns 20 and sets
    /// off 16 of the 30, year 4 earns 5 and sets off 4 of the 14 left, and in year 5 those have ended.
    #[test]
    fn losses_end_after_their_years_the_oldest_first() {
        let tax = Tax {
            rate: 0.25,
            loss_offset: 0.8,
            opening_losses: 100.0,
            losses_last: Some(2),
            depreciation: Depreciation::Expensed,
            relief: TaxRelief::default(),
        };
        let paid = |tax: &Tax, per_year, incomes: &[f64]| -> Vec<f64> {
            let mut pool = TaxPool::new(tax, per_year);
            let assess = |&income: &f64| {
                let on = Assessed {
                    income: &[income],
                    sales: &[0.0],
                    credit: 0.0,
                };
                let [due] = pool.assess(tax, on);
                due
            };
            incomes.iter().map(assess).collect()
        };
        let incomes = [50.0, -30.0, 20.0, 5.0, 100.0];
        assert_eq!(paid(&tax, 1, &incomes), [2.5, 0.0, 1.0, 0.25, 25.0]);
        // By half-years, losses of two years last four of them.
        let by_half = [-40.0, 0.0, 0.0, 0.0, 50.0, 50.0];
        let alone = Tax {
            opening_losses: 0.0,
            ..tax
        };
        assert_eq!(paid(&alone, 2, &by_half), [0.0, 0.0, 0.0, 0.0, 2.5, 12.5]);
        // Without an end the opening losses serve year 3 and later: 16 of 60 + 30, 4 of 74, 70 of 70.
        let lasting = Tax {
            losses_last: None,
            ..tax
        };
        assert_eq!(paid(&lasting, 1, &incomes), [2.5, 0.0, 1.0, 0.25, 7.5]);
    }
}
