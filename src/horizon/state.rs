//! Where things stand at the start of a period.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::HorizonError;
use super::facts::Horizon;
use super::window::Window;
use crate::assembly::Draft;
use crate::equilibrium::SolveError;

/// Capacity that was decided.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Decision {
    pub(super) expansion: usize,
    /// Start of the deciding period, years from the start.
    pub(super) date: f64,
    pub(super) amount: f64,
}

/// What one period hands on to the next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    /// The next period to be solved for.
    pub(super) next: usize,
    /// In each store, after losses.
    pub(super) stocks: Vec<f64>,
    /// In each reserve.
    pub(super) left: Vec<f64>,
    /// Of each expansion at the very start, and now (what has declined taken off).
    pub(super) installed: Vec<f64>,
    pub(super) capacity: Vec<f64>,
    pub(super) decisions: Vec<Decision>,
    /// What measures carry, by path.
    pub(super) carried: BTreeMap<String, f64>,
}

impl Horizon {
    /// Where things stand at the start.
    pub(super) fn opening(&self) -> Result<State, HorizonError> {
        let first = self.periods()[0];
        let at = |source: SolveError| HorizonError::Solve { year: 0.0, source };
        let mut assembly = self.market().assemble(first).map_err(|e| at(e.into()))?;
        let mut installed = Vec::new();
        for expansion in self.expansions() {
            let mut draft = Draft::of_market(&mut assembly, first);
            let lifted = draft
                .activities(expansion.activity())
                .and_then(|found| found.first().map_or(Ok(0.0), |&a| draft.lift_capacity(a)));
            installed.push(lifted.map_err(|e| at(e.into()))?);
        }
        Ok(State {
            next: 0,
            stocks: self
                .stores()
                .iter()
                .map(super::store::Store::at_start)
                .collect(),
            left: self
                .reserves()
                .iter()
                .map(super::store::Reserve::amount)
                .collect(),
            capacity: installed.clone(),
            installed,
            decisions: Vec::new(),
            carried: BTreeMap::new(),
        })
    }

    /// Where things stand after the first `count` periods of a solved window.
    pub(super) fn after(&self, state: &State, window: &Window, count: usize) -> State {
        let periods = &self.periods()[state.next..];
        let next = state.next + count;
        let years = self.periods().get(next).map_or(0.0, |p| p.years);
        let last = count - 1;
        let x = |p: usize| window.linked.slice(&window.solution, p);
        let stocks = window.held.iter().zip(self.stores()).map(|(held, store)| {
            let stock = held[last].stock.map_or(0.0, |u| x(last)[u.index()]);
            stock * store.kept(years)
        });
        let left = window
            .mined
            .iter()
            .map(|mined| x(last)[mined[last].left.index()]);
        let capacity = window.built.iter().zip(self.expansions());
        let capacity = capacity.map(|(built, expansion)| {
            x(last)[built[last].capacity.index()] * expansion.kept(years)
        });
        let mut decisions = state.decisions.clone();
        for (e, built) in window.built.iter().enumerate() {
            for (p, here) in built[..count].iter().enumerate() {
                let amount = here.decided.map_or(0.0, |u| x(p)[u.index()]);
                if amount > 0.0 {
                    decisions.push(Decision {
                        expansion: e,
                        date: periods[p].start,
                        amount,
                    });
                }
            }
        }
        let (assembly, values) = (window.linked.assembly(last), window.linked.values(last));
        let closed = assembly.carries.iter().filter_map(|carry| {
            let closing = carry.closing.as_ref()?;
            Some((
                carry.path.clone(),
                assembly.evaluate(closing, values, x(last)),
            ))
        });
        State {
            next,
            stocks: stocks.collect(),
            left: left.collect(),
            installed: state.installed.clone(),
            capacity: capacity.collect(),
            decisions,
            carried: closed.collect(),
        }
    }
}
