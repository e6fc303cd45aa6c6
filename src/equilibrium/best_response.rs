//! Whether first-order points of firms with conduct are equilibria.
//!
//! With measures in the market a firm's profit need not be concave in its sales, so that marginal revenue can equal
//! marginal cost where profit is not largest. For every sale of every such firm, profit is therefore searched over the
//! whole range of the sale, all other quantities held, prices and payments following: on a grid, then by golden section
//! around the best point of it. What the firm sells elsewhere is held too, so a firm with several sales is searched one
//! sale at a time.

use serde::{Deserialize, Serialize};

use super::compiled::Compiled;
use super::error::SolveError;
use super::point::Point;
use super::workspace::{Certificate, Workspace};
use crate::assembly::{Activity, Conduct, Dimension, Node, Party};
use crate::complementarity::{self as engine, Problem, Scale, Start, Structure};

/// What is known of firms' best responses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BestResponse {
    /// Every firm is a price taker.
    PriceTakers,
    /// No firm gains by changing any one of its sales. The largest gain found, as a share of the firm's revenue.
    Shown {
        /// Largest gain found by the search, zero up to rounding.
        largest_gain: f64,
    },
    /// A first-order point, not shown to be an equilibrium, for this reason.
    NotShown {
        /// The reason.
        reason: String,
    },
}

/// Points of the grid over a sale's range.
const GRID: usize = 48;
/// Golden-section steps around the best of them.
const REFINEMENTS: usize = 40;
/// Systems beyond this size are not searched: the grid costs about a hundred small solves a sale.
const LARGEST: usize = 400;
/// Gain as a share of revenue from which a deviation counts.
const GAIN: f64 = 1e-7;
/// Solves from a better point before giving up.
const ROUNDS: usize = 6;

/// A profitable deviation.
struct Deviation {
    firm: Party,
    gain: f64,
    point: Vec<f64>,
}

impl Compiled {
    /// Searches for profitable deviations and moves on from them until there are none.
    pub(super) fn settle_conduct(
        &self,
        workspace: &mut Workspace,
        mut certificate: Certificate,
    ) -> Result<(Certificate, BestResponse), SolveError> {
        let sales: usize = self.assembly().conducts.iter().map(|c| c.sales.len()).sum();
        if sales == 0 {
            return Ok((certificate, BestResponse::PriceTakers));
        }
        if self.unknowns() > LARGEST || sales > LARGEST / 8 {
            let reason = format!(
                "{sales} sales in a system of {} unknowns are too many to search",
                self.unknowns()
            );
            return Ok((certificate, BestResponse::NotShown { reason }));
        }
        let values = &workspace.numbers.values;
        let between = self.assembly().conducts.iter().find(|c| {
            let variation = values[c.variation.index()];
            variation != 0.0 && variation != 1.0
        });
        if let Some(conduct) = between {
            let reason = format!(
                "`{}` has a conjectural variation of {}; responses are searched with others' quantities held, as Cournot firms (1) reckon",
                self.assembly().parties[conduct.firm.index()].name,
                values[conduct.variation.index()],
            );
            return Ok((certificate, BestResponse::NotShown { reason }));
        }
        let mut last = None;
        for _ in 0..ROUNDS {
            match self.best_deviation(workspace)? {
                (_, Some(deviation)) => {
                    workspace.engine.set_point(&deviation.point)?;
                    workspace.mark_solved();
                    last = Some(deviation);
                    certificate = match self.solve_into(workspace) {
                        Ok(certificate) => certificate,
                        Err(SolveError::Unsolved { .. }) => break,
                        Err(other) => return Err(other),
                    };
                }
                (largest_gain, None) => {
                    let public = self.weighs_public_surplus(workspace).map(|firm| {
                        let reason =
                            format!("`{firm}` weighs public surplus, which is not searched");
                        BestResponse::NotShown { reason }
                    });
                    let shown = BestResponse::Shown { largest_gain };
                    return Ok((certificate, public.unwrap_or(shown)));
                }
            }
        }
        let (firm, gain) = last.map_or_else(
            || (String::new(), 0.0),
            |d| (self.assembly().parties[d.firm.index()].name.clone(), d.gain),
        );
        Err(SolveError::NotAnEquilibrium { firm, gain })
    }

    /// A firm whose objective is not its profit.
    fn weighs_public_surplus(&self, workspace: &Workspace) -> Option<&str> {
        let weighs = |c: &&Conduct| c.weighs_public(&workspace.numbers.values);
        let conduct = self.assembly().conducts.iter().find(weighs)?;
        Some(&self.assembly().parties[conduct.firm.index()].name)
    }

    fn best_deviation(
        &self,
        workspace: &Workspace,
    ) -> Result<(f64, Option<Deviation>), SolveError> {
        let assembly = self.assembly();
        let x = workspace.engine.solution().to_vec();
        let values = &workspace.numbers.values;
        let mut largest = 0.0_f64;
        let mut best: Option<Deviation> = None;
        for conduct in assembly
            .conducts
            .iter()
            .filter(|c| values[c.variation.index()] > 0.0 && !c.weighs_public(values))
        {
            let kept = assembly.profit(conduct.firm, values, &x);
            for &sale in &conduct.sales {
                let mut search = Search::new(self, workspace, conduct.firm, sale, &x)?;
                let (profit, point) = search.best(conduct.node);
                let revenue = assembly
                    .revenue(conduct.firm, values, &x)
                    .max(assembly.revenue(conduct.firm, values, &point));
                let gain = (profit - kept) / revenue.max(f64::MIN_POSITIVE);
                largest = largest.max(gain);
                if gain > GAIN && best.as_ref().is_none_or(|b| gain > b.gain) {
                    best = Some(Deviation {
                        firm: conduct.firm,
                        gain,
                        point,
                    });
                }
            }
        }
        Ok((largest.max(0.0), best))
    }
}

/// Profit of a firm over the range of one sale.
struct Search<'a> {
    compiled: &'a Compiled,
    held: Held<'a>,
    scratch: engine::Workspace,
    settings: engine::Settings,
    firm: Party,
    level: usize,
    x: &'a [f64],
}

impl<'a> Search<'a> {
    fn new(
        compiled: &'a Compiled,
        workspace: &'a Workspace,
        firm: Party,
        sale: Activity,
        x: &'a [f64],
    ) -> Result<Self, SolveError> {
        let assembly = compiled.assembly();
        let numbers = &workspace.numbers;
        let (mut lower, mut upper) = (numbers.lower.clone(), numbers.upper.clone());
        let mut hold = |i: usize| {
            lower[i] = x[i];
            upper[i] = x[i];
        };
        // quantities of others are given; prices, payments, final demand and the firm's own output follow
        for entry in assembly
            .activities
            .iter()
            .filter(|a| a.sale || a.owner != firm)
        {
            entry.parts.iter().for_each(|part| hold(part.level.index()));
        }
        // where the firm has no effect on the price it takes it as given: its inputs, other goods
        for (n, entry) in assembly.nodes.iter().enumerate() {
            let node = Node::new(n);
            let moves = assembly.conducts.iter().any(|c| {
                c.firm == firm && assembly.demanded_together(c.node, assembly.market_node(node))
            });
            if !moves {
                hold(entry.price.index());
            }
        }
        for (i, unknown) in assembly.unknowns.iter().enumerate() {
            if unknown.condition.is_some() && unknown.gauge.dimension == Dimension::Quantity {
                hold(i);
            }
        }
        let level = assembly.activities[sale.index()]
            .parts
            .first()
            .map_or(0, |part| part.level.index());
        let settings = workspace.settings;
        let scratch = engine::Workspace::new(&compiled.structure, &settings)?;
        let held = Held {
            point: Point { compiled, numbers },
            lower,
            upper,
        };
        Ok(Self {
            compiled,
            held,
            scratch,
            settings,
            firm,
            level,
            x,
        })
    }

    /// Profit and point at a level of the sale; minus infinity where the market cannot be solved there.
    fn at(&mut self, level: f64) -> (f64, Vec<f64>) {
        self.held.lower[self.level] = level;
        self.held.upper[self.level] = level;
        let mut start = self.x.to_vec();
        start[self.level] = level;
        let solved = self.scratch.set_point(&start).is_ok()
            && engine::solve_into(&self.held, &self.settings, &mut self.scratch, Start::Warm)
                .is_ok_and(|o| o.converged());
        if !solved {
            return (f64::NEG_INFINITY, start);
        }
        let point = self.scratch.solution().to_vec();
        let profit =
            self.compiled
                .assembly()
                .profit(self.firm, &self.held.point.numbers.values, &point);
        (profit, point)
    }

    fn best(&mut self, node: Node) -> (f64, Vec<f64>) {
        let bound = self.held.point.numbers.upper[self.level];
        let scale = self.compiled.assembly().nodes[node.index()].quantity_scale;
        let top = (4.0 * scale.max(self.x[self.level])).min(bound);
        let step = top / GRID as f64;
        let mut best = (f64::NEG_INFINITY, self.x.to_vec());
        let mut at = 0.0;
        for i in 0..=GRID {
            let level = step * i as f64;
            let tried = self.at(level);
            if tried.0 > best.0 {
                best = tried;
                at = level;
            }
        }
        let golden = 0.5 * (5.0_f64.sqrt() - 1.0);
        let (mut low, mut high) = ((at - step).max(0.0), (at + step).min(top));
        for _ in 0..REFINEMENTS {
            let (a, b) = (high - golden * (high - low), low + golden * (high - low));
            let (left, right) = (self.at(a), self.at(b));
            if left.0 >= right.0 {
                high = b;
            } else {
                low = a;
            }
            let better = if left.0 >= right.0 { left } else { right };
            if better.0 > best.0 {
                best = better;
            }
        }
        best
    }
}

/// A system with some unknowns held.
struct Held<'a> {
    point: Point<'a>,
    lower: Vec<f64>,
    upper: Vec<f64>,
}

impl Problem for Held<'_> {
    fn structure(&self) -> &Structure {
        self.point.structure()
    }

    fn lower(&self) -> &[f64] {
        &self.lower
    }

    fn upper(&self) -> &[f64] {
        &self.upper
    }

    fn scale(&self) -> Scale<'_> {
        self.point.scale()
    }

    fn evaluate(&self, x: &[f64], residual: &mut [f64], jacobian: Option<&mut [f64]>) {
        self.point.evaluate(x, residual, jacobian);
    }

    fn start(&self, x: &mut [f64]) {
        self.point.start(x);
    }

    fn name(&self, i: usize) -> String {
        self.point.name(i)
    }
}
