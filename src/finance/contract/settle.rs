use super::terms::{
    Coverage, Indexation, Observation, Payoff, PriceContract, Quoted, Reference, Shortfall,
    UpsideShare,
};
use serde::{Deserialize, Serialize};

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
    volume: f64,
    top_up: f64,
    share: f64,
    paid: f64,
    lapsed: f64,
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
pub struct SettlementState {
    /// Payments earned and not yet due, the oldest at `oldest`.
    pending: Vec<f64>,
    oldest: usize,
    /// Owed from earlier fiscal years for want of an appropriation.
    carried: f64,
    fiscal_year: Option<i32>,
    appropriated_used: f64,
    contract_year: Option<i64>,
    share_used: f64,
    volume_used: f64,
}

impl SettlementState {
    /// Back to the first day, keeping the allocation.
    pub(crate) fn reset(&mut self) {
        self.pending.fill(0.0);
        self.oldest = 0;
        self.carried = 0.0;
        self.fiscal_year = None;
        self.appropriated_used = 0.0;
        self.contract_year = None;
        self.share_used = 0.0;
        self.volume_used = 0.0;
    }

    /// Earned and not yet paid, in money; negative where the producer owes it. What lapsed is not in it.
    pub fn outstanding(&self) -> f64 {
        self.pending.iter().sum::<f64>() + self.carried
    }
}

impl PriceContract {
    /// The state before the first period.
    pub fn open(&self) -> SettlementState {
        SettlementState {
            pending: vec![0.0; self.terms().arrears as usize],
            oldest: 0,
            carried: 0.0,
            fiscal_year: None,
            appropriated_used: 0.0,
            contract_year: None,
            share_used: 0.0,
            volume_used: 0.0,
        }
    }

    /// What the sponsor owes for a unit at reference price `price` (money per unit) before indexation; negative where
    /// the producer owes it. Without the upside share.
    pub fn per_unit(&self, price: f64) -> f64 {
        payoff(self.terms().payoff, price, 1.0)
    }

    /// Settles one period. Periods must come in order; a period that the contract covers in part counts in part.
    pub fn settle(&self, state: &mut SettlementState, period: &ContractPeriod) -> Settlement {
        let terms = self.terms();
        let overlap =
            (terms.end.min(period.start + period.years) - terms.start.max(period.start)).max(0.0);
        let covered = if period.years > 0.0 {
            (overlap / period.years).min(1.0)
        } else {
            0.0
        };
        let mut settlement = Settlement::default();
        if covered > 0.0 {
            self.start_contract_year(state, period);
            let volume = self.volume(state, period, covered);
            let level = self.level(terms.indexation, period);
            settlement.volume = volume;
            settlement.top_up =
                volume * payoff(terms.payoff, terms.reference.observe(period), level);
            if let Some(upside) = &terms.upside {
                settlement.share = self.upside(state, upside, period, volume);
            }
        }
        let due = due_now(state, settlement.top_up - settlement.share);
        self.pay(state, period.fiscal_year, due, &mut settlement);
        settlement
    }

    /// What the reference price is for a benchmark of one.
    pub(crate) fn reference_factor(&self, period: &ContractPeriod) -> f64 {
        self.terms().reference.factor_of(period)
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

    /// Share, threshold and the reference for a benchmark of one, where an upside share runs in the period.
    pub(crate) fn upside_terms(&self, period: &ContractPeriod) -> Option<[f64; 3]> {
        let upside = self.terms().upside?;
        let from = upside.from?;
        (period.start + 0.5 / 365.25 >= from).then(|| {
            let threshold = upside.threshold * self.level(upside.indexation, period);
            [upside.share, threshold, upside.reference.factor_of(period)]
        })
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

    fn start_contract_year(&self, state: &mut SettlementState, period: &ContractPeriod) {
        // Half a day of tolerance, since quarters are not exact in binary years.
        let year =
            (period.start.max(self.terms().start) - self.terms().start + 0.5 / 365.25) as i64;
        if state.contract_year != Some(year) {
            state.contract_year = Some(year);
            state.share_used = 0.0;
            state.volume_used = 0.0;
        }
    }

    fn volume(&self, state: &mut SettlementState, period: &ContractPeriod, covered: f64) -> f64 {
        match self.terms().coverage {
            Coverage::Share(share) => share * period.output * covered,
            Coverage::Deemed { per_year } => per_year * period.years * covered,
            Coverage::First { per_year } => {
                let volume = (period.output * covered).min((per_year - state.volume_used).max(0.0));
                state.volume_used += volume;
                volume
            }
        }
    }

    fn level(&self, indexation: Indexation, period: &ContractPeriod) -> f64 {
        match indexation {
            Indexation::Fixed => 1.0,
            Indexation::Inflation => period.price_level,
            Indexation::Yearly(rate) => {
                let years = (period.start - self.terms().start + 0.5 / 365.25)
                    .floor()
                    .max(0.0);
                (1.0 + rate).powf(years)
            }
        }
    }

    fn upside(
        &self,
        state: &mut SettlementState,
        upside: &UpsideShare,
        period: &ContractPeriod,
        volume: f64,
    ) -> f64 {
        let runs = upside
            .from
            .is_some_and(|from| period.start + 0.5 / 365.25 >= from);
        if !runs {
            return 0.0;
        }
        let threshold = upside.threshold * self.level(upside.indexation, period);
        let owed = upside.share * (upside.reference.observe(period) - threshold).max(0.0) * volume;
        let owed = match upside.yearly_cap {
            Some(cap) => owed.min((cap - state.share_used).max(0.0)),
            None => owed,
        };
        state.share_used += owed;
        owed
    }

    /// Pays what is due, within the appropriation of the fiscal year.
    fn pay(
        &self,
        state: &mut SettlementState,
        fiscal_year: i32,
        due: f64,
        settlement: &mut Settlement,
    ) {
        let Some(appropriation) = self.terms().appropriation else {
            settlement.paid = due;
            return;
        };
        if state.fiscal_year != Some(fiscal_year) {
            state.fiscal_year = Some(fiscal_year);
            state.appropriated_used = 0.0;
        }
        // What the producer owes is set against what the sponsor owes it from before.
        let owed = due + state.carried;
        if owed <= 0.0 {
            state.carried = 0.0;
            settlement.paid = owed;
            return;
        }
        let paid = owed.min((appropriation.per_year - state.appropriated_used).max(0.0));
        state.appropriated_used += paid;
        settlement.paid = paid;
        match appropriation.shortfall {
            Shortfall::Carried => state.carried = owed - paid,
            Shortfall::Lapses => settlement.lapsed = owed - paid,
        }
    }
}

impl Reference {
    fn observe(&self, period: &ContractPeriod) -> f64 {
        let price = match self.observed {
            Observation::PeriodAverage => period.average,
            Observation::PeriodEnd => period.end_price,
        };
        price * self.factor_of(period)
    }

    fn factor_of(&self, period: &ContractPeriod) -> f64 {
        let factor = match self.price {
            Quoted::Benchmark => 1.0,
            Quoted::Realised => period.realisation,
            Quoted::Sales => period.sales,
        };
        factor * self.factor
    }
}

fn payoff(payoff: Payoff, price: f64, level: f64) -> f64 {
    match payoff {
        Payoff::Floor { strike } => (strike * level - price).max(0.0),
        Payoff::TwoSided { strike } => strike * level - price,
        Payoff::Collar { floor, cap } => {
            (floor * level - price).max(0.0) - (price - cap * level).max(0.0)
        }
    }
}

/// Puts what was earned at the end of the queue and takes what is due from its head.
fn due_now(state: &mut SettlementState, earned: f64) -> f64 {
    match state.pending.get_mut(state.oldest) {
        None => earned,
        Some(slot) => {
            let due = std::mem::replace(slot, earned);
            state.oldest = (state.oldest + 1) % state.pending.len();
            due
        }
    }
}
