//! The periods that those who decide look at, as one problem.

use serde::{Deserialize, Serialize};

use super::calendar::{end, first_from};
use super::error::HorizonError;
use super::facts::Horizon;
use super::state::State;
use super::write::{Built, Effect, Held, Mined, factor};
use crate::assembly::{Assembly, Draft, Inherited, Opening, Period, Unknown};
use crate::complementarity::{Checkpoint, Settings};
use crate::equilibrium::{At, Compiled, Layout, Link, Linked, LinkedSolution, SolveError};
use crate::intervention::{Policy, PolicyEntry};

/// Most ways to combine the cases of measures with a switch that are tried.
const ATTEMPTS: usize = 256;

/// A solved window.
#[derive(Debug)]
pub(super) struct Window {
    pub(super) linked: Linked,
    pub(super) solution: LinkedSolution,
    /// By expansion, then period of the window.
    pub(super) built: Vec<Vec<Built>>,
    pub(super) held: Vec<Vec<Held>>,
    pub(super) mined: Vec<Vec<Mined>>,
}

/// A window whose solve was left before it ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unfinished {
    /// By period, the cases of measures with a switch that are tried.
    cases: Vec<Vec<usize>>,
    /// Why those before did not hold.
    failures: Vec<String>,
    solve: Checkpoint,
}

/// One period's draft, before it is compiled.
struct Page {
    assembly: Assembly,
    market: crate::market::Market,
    policy: Policy,
}

impl Horizon {
    /// Solves for the periods of a window from where things stand, and goes on with what is unfinished. A solve that is
    /// interrupted, or comes to a limit, is left in `unfinished`.
    pub(super) fn window(
        &self,
        state: &State,
        until: usize,
        settings: &Settings,
        unfinished: &mut Option<Unfinished>,
    ) -> Result<Window, HorizonError> {
        let periods = &self.periods()[state.next..until];
        let now = periods.first().map_or(0.0, |p| p.start);
        let at = |source: SolveError| HorizonError::Solve { year: now, source };
        let (mut cases, mut failures, mut left) = match unfinished.take() {
            Some(Unfinished {
                cases,
                failures,
                solve,
            }) => (cases, failures, Some(solve)),
            None => (vec![Vec::new(); periods.len()], Vec::new(), None),
        };
        if cases.len() != periods.len() {
            return Err(HorizonError::unfit_run());
        }
        for _ in failures.len()..ATTEMPTS {
            let attempt = self.attempt(state, periods, now, &cases, settings, &mut left);
            if let Some(solve) = left.take() {
                *unfinished = Some(Unfinished {
                    cases: cases.clone(),
                    failures: failures.clone(),
                    solve,
                });
            }
            let window = attempt?;
            let Some((part, why)) = window.linked.contradiction(&window.solution).map_err(at)?
            else {
                return Ok(window);
            };
            failures.push(format!("year {}: {why}", periods[part].start));
            let switches = &window.linked.assembly(part).switches;
            cases[part].resize(switches.len(), 0);
            // the next combination of that period's cases
            let counts = switches.iter().map(|s| s.cases.len());
            let advanced = cases[part]
                .iter_mut()
                .zip(counts)
                .rev()
                .any(|(case, count)| {
                    *case = (*case + 1) % count.max(1);
                    *case != 0
                });
            if !advanced {
                break;
            }
        }
        Err(at(SolveError::NoConsistentBranch {
            detail: failures.join("; "),
        }))
    }

    fn attempt(
        &self,
        state: &State,
        periods: &[Period],
        now: f64,
        cases: &[Vec<usize>],
        settings: &Settings,
        left: &mut Option<Checkpoint>,
    ) -> Result<Window, HorizonError> {
        let at = |year: f64| move |source: SolveError| HorizonError::Solve { year, source };
        let mut pages: Vec<Page> = Vec::with_capacity(periods.len());
        for (p, period) in periods.iter().enumerate() {
            let before = pages.last().map(|page| &page.assembly);
            let page = self.page(state, period, before, now, &cases[p])?;
            pages.push(page);
        }
        let mut links = Vec::new();
        let mut stages = Vec::new();
        let mut built = Vec::new();
        for (e, expansion) in self.expansions().iter().enumerate() {
            let effects = self.effects(e, periods, now);
            let mut all = Vec::new();
            for (p, page) in pages.iter_mut().enumerate() {
                let arriving = self.arriving(state, e, periods, p, now);
                let last = p + 1 == periods.len();
                let unknowns = expansion
                    .write(&mut page.assembly, periods[p], arriving, effects[p], last)
                    .map_err(|source| at(periods[p].start)(source.into()))?;
                stages.push((
                    At {
                        part: p,
                        unknown: unknowns.rent,
                    },
                    2,
                ));
                stages.push((
                    At {
                        part: p,
                        unknown: unknowns.capacity,
                    },
                    3,
                ));
                all.push(unknowns);
            }
            let hurdle = expansion.hurdle(self.discount_rate());
            expansion.link(periods, hurdle, &all, &effects, &mut links);
            built.push(all);
        }
        let mut held = Vec::new();
        for (s, store) in self.stores().iter().enumerate() {
            let mut all = Vec::new();
            for (p, page) in pages.iter_mut().enumerate() {
                let opening = if p == 0 { state.stocks[s] } else { 0.0 };
                let next = periods.get(p + 1).copied();
                let unknowns = store
                    .write(&mut page.assembly, periods[p], opening, next)
                    .map_err(|source| at(periods[p].start)(source.into()))?;
                all.push(unknowns);
            }
            store.link(periods, self.discount_rate(), &all, &mut links);
            held.push(all);
        }
        let mut mined = Vec::new();
        for (r, reserve) in self.reserves().iter().enumerate() {
            let mut all = Vec::new();
            for (p, page) in pages.iter_mut().enumerate() {
                let opening = if p == 0 { state.left[r] } else { 0.0 };
                let last = p + 1 == periods.len();
                let unknowns = reserve
                    .write(&mut page.assembly, periods[p], opening, last)
                    .map_err(|source| at(periods[p].start)(source.into()))?;
                all.push(unknowns);
            }
            reserve.link(periods, self.discount_rate(), &all, &mut links);
            mined.push(all);
        }
        carry_over(&mut pages, &mut links);
        let layout = Layout {
            links,
            stages,
            weights: periods
                .iter()
                .map(|p| p.years * factor(self.discount_rate(), end(p) - now))
                .collect(),
        };
        let mut compiled = Vec::with_capacity(pages.len());
        for (page, period) in pages.into_iter().zip(periods) {
            let system = Compiled::of(page.assembly, page.market, page.policy);
            compiled.push(system.map_err(at(period.start))?);
        }
        let linked = Linked::new(compiled, &layout).map_err(at(now))?;
        let solution = linked.solve(settings, left).map_err(at(now))?;
        Ok(Window {
            linked,
            solution,
            built,
            held,
            mined,
        })
    }

    /// The market of a period and the measures in force, as far as they are known now.
    fn page(
        &self,
        state: &State,
        period: &Period,
        before: Option<&Assembly>,
        now: f64,
        cases: &[usize],
    ) -> Result<Page, HorizonError> {
        let at = |source: SolveError| HorizonError::Solve {
            year: period.start,
            source,
        };
        let market = self.market_at(period)?;
        let mut assembly = market.assemble(*period).map_err(|e| at(e.into()))?;
        assembly.choices = cases.to_vec();
        assembly.inherited = match before {
            None => state
                .carried
                .iter()
                .map(|(path, &amount)| (path.clone(), Inherited::Amount(amount)))
                .collect(),
            Some(before) => before
                .carries
                .iter()
                .filter(|carry| carry.closing.is_some())
                .map(|carry| (carry.path.clone(), Inherited::Before))
                .collect(),
        };
        let in_force = self
            .measures()
            .iter()
            .filter(|m| m.applies(period.start, now));
        let entries: Vec<PolicyEntry> = in_force.clone().map(|m| m.entry()).collect();
        let policy = Policy::try_from(entries)?;
        for (entry, dated) in policy.entries().iter().zip(in_force) {
            let mut draft =
                Draft::of_measure(&mut assembly, entry.name(), entry.stacking(), *period);
            let entered = entry.measure().terms().enter(&mut draft);
            entered.map_err(|e| at(e.into()))?;
            for (path, value) in dated.numbers(period.start) {
                assembly.change(&path, value).map_err(|e| at(e.into()))?;
            }
        }
        for entrant in self.entrants() {
            if !entrant.runs(self.reviews(), period.start, now) {
                let mut draft = Draft::of_market(&mut assembly, *period);
                let found = draft
                    .activities(entrant.activity())
                    .map_err(|e| at(e.into()))?;
                for activity in found {
                    draft.hold_idle(activity);
                }
            }
        }
        Ok(Page {
            assembly,
            market,
            policy,
        })
    }

    /// What a decision in each period of a window leads to, with what is known now.
    fn effects(&self, e: usize, periods: &[Period], now: f64) -> Vec<Option<Effect>> {
        let expansion = &self.expansions()[e];
        let hurdle = expansion.hurdle(self.discount_rate());
        let effect = |period: &Period| {
            let (stages, name) = (expansion.stages(), expansion.activity());
            let course = stages.course(name, self.reviews(), period.start, now);
            let on_line = first_from(periods, course.on_line)?;
            let retired = expansion
                .life()
                .and_then(|life| first_from(periods, periods[on_line].start + life));
            let cost = course
                .payments
                .iter()
                .map(|&(date, cost)| cost * factor(hurdle, date - period.start))
                .sum();
            Some(Effect {
                on_line,
                retired,
                cost,
            })
        };
        periods.iter().map(effect).collect()
    }

    /// Capacity that comes or goes in a period whatever is decided from now on.
    fn arriving(&self, state: &State, e: usize, periods: &[Period], p: usize, now: f64) -> f64 {
        let expansion = &self.expansions()[e];
        let all = self.periods();
        let t = state.next + p;
        let mut sum = if p == 0 { state.capacity[e] } else { 0.0 };
        if t > 0 {
            // what was installed at the start grows old
            let gone = expansion.retired(all[t].start) - expansion.retired(all[t - 1].start);
            let left = expansion.kept(end(&all[t]) - end(&all[0]));
            sum -= state.installed[e] * left * gone;
        }
        for made in state.decisions.iter().filter(|d| d.expansion == e) {
            let (stages, name) = (expansion.stages(), expansion.activity());
            let course = stages.course(name, self.reviews(), made.date, now);
            let Some(on) = first_from(all, course.on_line) else {
                continue;
            };
            let amount = made.amount * stages.turnout(name, self.reviews(), made.date, now);
            if on == t {
                sum += amount;
            }
            let off = expansion
                .life()
                .and_then(|life| first_from(all, all[on].start + life));
            if off == Some(t) {
                sum -= amount * expansion.kept(end(&periods[p]) - end(&all[on]));
            }
        }
        sum
    }
}

/// Gives every carried amount an unknown for its close, and links it to the next period's opening.
fn carry_over(pages: &mut [Page], links: &mut Vec<Link>) {
    for p in 1..pages.len() {
        let openings: Vec<(String, Unknown)> = pages[p]
            .assembly
            .carries
            .iter()
            .filter_map(|carry| match carry.opening {
                Opening::Linked(unknown) => Some((carry.path.clone(), unknown)),
                Opening::Given(_) => None,
            })
            .collect();
        for (path, opening) in openings {
            let before = &mut pages[p - 1].assembly;
            let found = before.carries.iter().find(|carry| carry.path == path);
            let Some((gauge, closing)) = found.and_then(|c| Some((c.gauge, c.closing.clone()?)))
            else {
                continue;
            };
            let closed = before.equal_to(&format!("{path}/closing"), gauge, closing);
            links.push(Link {
                row: At {
                    part: p,
                    unknown: opening,
                },
                column: At {
                    part: p - 1,
                    unknown: closed,
                },
                coefficient: -1.0,
            });
        }
    }
}
