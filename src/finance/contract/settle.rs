use super::lanes::{OnPeriod, Settling, Strikes, UpsideOn};
use super::terms::{Coverage, Indexation, PriceContract, Quoted, Reference};
use crate::finance::DAY;
use serde::{Deserialize, Serialize};

/// Tolerance of dates, in years, since quarters are not exact in binary years.
pub(crate) const HALF_A_DAY: f64 = 0.5 * DAY;

/// What a contract is told about one settlement period. Prices are money per unit; the three factors multiply them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractPeriod {
    /// First day, in years from the start of the cash flow.
    pub start: f64,
    /// Length, in years.
    pub years: f64,
    /// The sponsor's fiscal year in which a payment made now falls.
    pub fiscal_year: i32,
    /// Units of the covered product produced.
    pub output: f64,
    /// Average of the benchmark over the period.
    pub average: f64,
    /// The benchmark on the last day.
    pub end_price: f64,
    /// Realised price / benchmark.
    pub realisation: f64,
    /// Sales price / benchmark.
    pub sales: f64,
    /// The price level, 1 at the start of the cash flow.
    pub price_level: f64,
}

/// What one settlement period earned and paid, in money, seen from the producer.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settlement {
    pub(super) volume: f64,
    pub(super) top_up: f64,
    pub(super) share: f64,
    pub(super) paid: f64,
    pub(super) lapsed: f64,
}

impl Settlement {
    /// Units covered in the period.
    pub fn volume(&self) -> f64 {
        self.volume
    }

    /// Top-up earned in the period; negative where the producer owes it (two-sided contracts and collars).
    pub fn top_up(&self) -> f64 {
        self.top_up
    }

    /// Upside share owed by the producer for the period.
    pub fn share(&self) -> f64 {
        self.share
    }

    /// Net cash to the producer in the period, for this period or, with arrears, an earlier one.
    pub fn paid(&self) -> f64 {
        self.paid
    }

    /// What fell due in the period and lapsed, because no money was appropriated.
    pub fn lapsed(&self) -> f64 {
        self.lapsed
    }
}

/// What a contract carries from one period to the next; made by [`PriceContract::open`].
#[derive(Debug, Clone, PartialEq)]
pub struct SettlementState(Settling<1>);

impl SettlementState {
    /// Earned and not yet paid, in money; negative where the producer owes it. What lapsed is not in it.
    pub fn outstanding(&self) -> f64 {
        let [outstanding] = self.0.outstanding();
        outstanding
    }
}

impl PriceContract {
    /// The state before the first period.
    pub fn open(&self) -> SettlementState {
        SettlementState(Settling::new(self))
    }

    /// What the sponsor owes for a unit at reference price `price` (money per unit) before indexation; negative where
    /// the producer owes it. Without the upside share.
    pub fn per_unit(&self, price: f64) -> f64 {
        Strikes::of(self.terms().payoff, 1.0).pay(price)
    }

    /// Settles one period. Periods must come in order; a period that the contract covers in part counts in part.
    pub fn settle(&self, state: &mut SettlementState, period: &ContractPeriod) -> Settlement {
        let prices = [&[period.average], &[period.end_price]];
        let settled = self.settle_on(&mut state.0, &self.on(period), period.output, prices);
        settled.of(0)
    }

    /// What the contract is on a period whatever the price; output and prices are not looked at.
    pub(crate) fn on(&self, period: &ContractPeriod) -> OnPeriod {
        let terms = self.terms();
        let level = self.level(terms.indexation, period);
        let upside = terms.upside.as_ref().filter(|upside| {
            let from = upside.from;
            from.is_some_and(|from| period.start + HALF_A_DAY >= from)
        });
        OnPeriod {
            covered: self.covered(period),
            years: period.years,
            fiscal_year: period.fiscal_year,
            contract_year: (period.start.max(terms.start) - terms.start + HALF_A_DAY) as i64,
            strikes: Strikes::of(terms.payoff, level),
            factor: terms.reference.factor_of(period),
            upside: upside.map(|upside| UpsideOn {
                share: upside.share,
                threshold: upside.threshold * self.level(upside.indexation, period),
                factor: upside.reference.factor_of(period),
                observed: upside.reference.observed,
                yearly_cap: upside.yearly_cap.unwrap_or(f64::INFINITY),
            }),
        }
    }

    /// What the strike has become, for a strike of one.
    pub(crate) fn strike_level(&self, period: &ContractPeriod) -> f64 {
        self.level(self.terms().indexation, period)
    }

    /// Units covered if each period of a contract year has its equal part of them.
    pub(crate) fn planned_volume(&self, period: &ContractPeriod) -> f64 {
        let covered = self.covered(period);
        match self.terms().coverage {
            Coverage::Share(share) => share * period.output * covered,
            Coverage::Deemed { per_year } => per_year * period.years * covered,
            Coverage::First { per_year } => period.output.min(per_year * period.years) * covered,
        }
    }

    /// Part of the period in which the contract runs.
    fn covered(&self, period: &ContractPeriod) -> f64 {
        let (start, end) = (self.terms().start, self.terms().end);
        let overlap = (end.min(period.start + period.years) - start.max(period.start)).max(0.0);
        if period.years > 0.0 {
            (overlap / period.years).min(1.0)
        } else {
            0.0
        }
    }

    fn level(&self, indexation: Indexation, period: &ContractPeriod) -> f64 {
        match indexation {
            Indexation::Fixed => 1.0,
            Indexation::Inflation => period.price_level,
            Indexation::Yearly(rate) => {
                let years = (period.start - self.terms().start + HALF_A_DAY)
                    .floor()
                    .max(0.0);
                (1.0 + rate).powf(years)
            }
        }
    }
}

impl Reference {
    fn factor_of(&self, period: &ContractPeriod) -> f64 {
        let factor = match self.price {
            Quoted::Benchmark => 1.0,
            Quoted::Realised => period.realisation,
            Quoted::Sales => period.sales,
        };
        factor * self.factor
    }
}
