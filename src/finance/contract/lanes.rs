//! The settlement of one period for several paths side by side: the same steps for every path and no branch that depends on
//! one, so that they run on whole vectors.

use super::Settlement;
use super::terms::{Coverage, Observation, Payoff, PriceContract, Shortfall};

/// What a contract is on one period, whatever the price.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct OnPeriod {
    /// Part of the period in which it runs.
    pub covered: f64,
    /// Length of the period, in years.
    pub years: f64,
    pub fiscal_year: i32,
    /// Years of the contract that are over.
    pub contract_year: i64,
    pub strikes: Strikes,
    /// What a benchmark of one is as reference price.
    pub factor: f64,
    /// None before it begins.
    pub upside: Option<UpsideOn>,
}

/// What is due for a unit: max(floor - p, least) - max(p - cap, 0).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Strikes {
    floor: f64,
    /// Zero, or minus infinity where the producer owes what the price is above the strike.
    least: f64,
    cap: f64,
}

/// An upside share on one period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct UpsideOn {
    pub share: f64,
    pub threshold: f64,
    pub factor: f64,
    pub observed: Observation,
    /// Infinite without a cap.
    pub yearly_cap: f64,
}

/// What a contract carries from one period to the next on `N` paths with the same output.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Settling<const N: usize> {
    /// Payments earned and not yet due, the oldest at `oldest`.
    pending: Vec<[f64; N]>,
    oldest: usize,
    /// Owed from earlier fiscal years for want of an appropriation.
    carried: [f64; N],
    fiscal_year: Option<i32>,
    appropriated_used: [f64; N],
    contract_year: Option<i64>,
    share_used: [f64; N],
    volume_used: f64,
}

/// What one settlement period earned and paid on each path, as in [`Settlement`].
pub(crate) struct Settlements<const N: usize> {
    volume: f64,
    pub top_up: [f64; N],
    pub share: [f64; N],
    pub paid: [f64; N],
    pub lapsed: [f64; N],
}

impl Strikes {
    pub fn of(payoff: Payoff, level: f64) -> Self {
        let (floor, least, cap) = match payoff {
            Payoff::Floor { strike } => (strike * level, 0.0, f64::INFINITY),
            Payoff::TwoSided { strike } => (strike * level, f64::NEG_INFINITY, f64::INFINITY),
            Payoff::Collar { floor, cap } => (floor * level, 0.0, cap * level),
        };
        Self { floor, least, cap }
    }

    /// What is due for a unit at this reference price.
    #[inline(always)]
    pub fn pay(self, price: f64) -> f64 {
        (self.floor - price).max(self.least) - (price - self.cap).max(0.0)
    }
}

impl<const N: usize> Settling<N> {
    pub fn new(contract: &PriceContract) -> Self {
        Self {
            pending: vec![[0.0; N]; contract.terms().arrears as usize],
            oldest: 0,
            carried: [0.0; N],
            fiscal_year: None,
            appropriated_used: [0.0; N],
            contract_year: None,
            share_used: [0.0; N],
            volume_used: 0.0,
        }
    }

    /// Back to the first day, keeping the allocation.
    pub fn reset(&mut self) {
        self.pending.fill([0.0; N]);
        self.oldest = 0;
        self.carried = [0.0; N];
        self.fiscal_year = None;
        self.appropriated_used = [0.0; N];
        self.contract_year = None;
        self.share_used = [0.0; N];
        self.volume_used = 0.0;
    }

    /// Earned and not yet paid.
    pub fn outstanding(&self) -> [f64; N] {
        let mut sum = [0.0; N];
        for part in self.pending.iter().chain([&self.carried]) {
            for (sum, part) in sum.iter_mut().zip(part) {
                *sum += part;
            }
        }
        sum
    }

    fn start_contract_year(&mut self, year: i64) {
        if self.contract_year != Some(year) {
            self.contract_year = Some(year);
            self.share_used = [0.0; N];
            self.volume_used = 0.0;
        }
    }

    /// Puts what was earned at the end of the queue and takes what is due from its head.
    #[inline(always)]
    fn due_now(&mut self, earned: [f64; N]) -> [f64; N] {
        match self.pending.get_mut(self.oldest) {
            None => earned,
            Some(slot) => {
                let due = std::mem::replace(slot, earned);
                self.oldest += 1;
                if self.oldest == self.pending.len() {
                    self.oldest = 0;
                }
                due
            }
        }
    }
}

impl<const N: usize> Settlements<N> {
    /// Those of one path.
    pub fn of(&self, path: usize) -> Settlement {
        Settlement {
            volume: self.volume,
            top_up: self.top_up[path],
            share: self.share[path],
            paid: self.paid[path],
            lapsed: self.lapsed[path],
        }
    }
}

impl PriceContract {
    /// Settles one period in which `output` units were made, at these averages and last prices of the benchmark.
    #[inline(always)]
    pub(crate) fn settle_on<const N: usize>(
        &self,
        state: &mut Settling<N>,
        on: &OnPeriod,
        output: f64,
        [average, last]: [&[f64; N]; 2],
    ) -> Settlements<N> {
        let mut settled = Settlements {
            volume: 0.0,
            top_up: [0.0; N],
            share: [0.0; N],
            paid: [0.0; N],
            lapsed: [0.0; N],
        };
        if on.covered > 0.0 {
            state.start_contract_year(on.contract_year);
            let volume = self.volume(state, on, output);
            settled.volume = volume;
            let price = |observed| match observed {
                Observation::PeriodAverage => average,
                Observation::PeriodEnd => last,
            };
            let (strikes, factor) = (on.strikes, on.factor);
            let seen = price(self.terms().reference.observed);
            for (top_up, price) in settled.top_up.iter_mut().zip(seen) {
                *top_up = volume * strikes.pay(price * factor);
            }
            if let Some(upside) = on.upside {
                let shares = settled.share.iter_mut().zip(&mut state.share_used);
                for ((share, used), price) in shares.zip(price(upside.observed)) {
                    let above = (price * upside.factor - upside.threshold).max(0.0);
                    let left = (upside.yearly_cap - *used).max(0.0);
                    *share = (upside.share * above * volume).min(left);
                    *used += *share;
                }
            }
        }
        let mut earned = settled.top_up;
        for (earned, share) in earned.iter_mut().zip(&settled.share) {
            *earned -= share;
        }
        settled.paid = state.due_now(earned);
        self.appropriate(state, on.fiscal_year, &mut settled);
        settled
    }

    fn volume<const N: usize>(&self, state: &mut Settling<N>, on: &OnPeriod, output: f64) -> f64 {
        match self.terms().coverage {
            Coverage::Share(share) => share * output * on.covered,
            Coverage::Deemed { per_year } => per_year * on.years * on.covered,
            Coverage::First { per_year } => {
                let volume = (output * on.covered).min((per_year - state.volume_used).max(0.0));
                state.volume_used += volume;
                volume
            }
        }
    }

    /// Pays of what is due as much as the appropriation of the fiscal year allows.
    #[inline(always)]
    fn appropriate<const N: usize>(
        &self,
        state: &mut Settling<N>,
        fiscal_year: i32,
        settled: &mut Settlements<N>,
    ) {
        let Some(appropriation) = self.terms().appropriation else {
            return;
        };
        if state.fiscal_year != Some(fiscal_year) {
            state.fiscal_year = Some(fiscal_year);
            state.appropriated_used = [0.0; N];
        }
        let states = state.carried.iter_mut().zip(&mut state.appropriated_used);
        let settled = settled.paid.iter_mut().zip(&mut settled.lapsed);
        for ((carried, used), (paid, lapsed)) in states.zip(settled) {
            // What the producer owes is set against what the sponsor owes it from before.
            let owed = *paid + *carried;
            *paid = owed.min((appropriation.per_year - *used).max(0.0));
            *used += paid.max(0.0);
            match appropriation.shortfall {
                Shortfall::Carried => *carried = owed - *paid,
                Shortfall::Lapses => *lapsed = owed - *paid,
            }
        }
    }
}
