//! The pen with which the market and the measures write themselves down.

use super::book::Assembly;
use super::entry::{Gauge, Limit, Period, Rule, UnknownEntry};
use super::error::DraftError;
use super::expr::Expr;
use super::handle::{Activity, Node, Param, Unknown};
use super::stacking::Stacking;

/// What one measure (or the market itself) may write, scoped to its name and to one period.
///
/// Whatever is written is data: the solver, the ledger and the derivatives read nothing else, so that a
/// payment is stated once and cannot drift from the incentive it creates.
#[derive(Debug)]
pub struct Draft<'a> {
    pub(super) assembly: &'a mut Assembly,
    /// Name of the measure; `None` for the market itself.
    pub(super) scope: Option<(usize, String)>,
    pub(super) stacking: Option<Stacking>,
    period: Period,
}

impl<'a> Draft<'a> {
    pub(crate) fn of_market(assembly: &'a mut Assembly, period: Period) -> Self {
        Self {
            assembly,
            scope: None,
            stacking: None,
            period,
        }
    }

    pub(crate) fn of_measure(
        assembly: &'a mut Assembly,
        name: &str,
        stacking: Option<Stacking>,
        period: Period,
    ) -> Self {
        let index = assembly.measures.len();
        assembly.measures.push(name.to_owned());
        Self {
            assembly,
            scope: Some((index, name.to_owned())),
            stacking,
            period,
        }
    }

    /// Name of whoever writes.
    #[must_use]
    pub fn place(&self) -> String {
        self.scope.as_ref().map_or_else(
            || "market".to_owned(),
            |(_, name)| format!("measure `{name}`"),
        )
    }

    pub(super) fn path(&self, name: &str) -> String {
        self.scope.as_ref().map_or_else(
            || name.to_owned(),
            |(_, measure)| format!("measure/{measure}/{name}"),
        )
    }

    /// The period that is being described.
    #[must_use]
    pub fn period(&self) -> Period {
        self.period
    }

    /// Price at a node, money per unit of the commodity.
    #[must_use]
    pub fn price(&self, node: Node) -> Expr {
        self.assembly.nodes[node.index()].price.into()
    }

    /// Realised level of an activity, units per year.
    #[must_use]
    pub fn level(&self, activity: Activity) -> Expr {
        Expr::level(activity)
    }

    /// Output at a node per unit of an activity's level (negative for an input).
    #[must_use]
    pub fn output_per_unit(&self, activity: Activity, node: Node) -> Expr {
        self.column_entry(activity, node)
            .map_or_else(Expr::zero, |(_, yielded)| yielded.into())
    }

    pub(crate) fn output_amount(&self, activity: Activity, node: Node) -> f64 {
        self.column_entry(activity, node)
            .map_or(0.0, |(amount, _)| amount)
    }

    fn column_entry(&self, activity: Activity, node: Node) -> Option<(f64, Param)> {
        let column = &self.assembly.activities[activity.index()].column;
        let direct = column.iter().find(|c| c.0 == node);
        let pooled = || {
            column
                .iter()
                .find(|c| self.assembly.market_node(c.0) == node)
        };
        direct
            .or_else(pooled)
            .map(|&(_, amount, param)| (amount, param))
    }

    /// Offered level of an activity's first units, up to a volume that was charged with
    /// [`charge_first`](Self::charge_first); zero for another volume.
    #[must_use]
    pub fn first_units(&self, activity: Activity, volume: Param) -> Expr {
        let entry = &self.assembly.activities[activity.index()];
        let cut = entry.cuts.iter().find(|cut| cut.volume == volume);
        let covered = entry.parts.iter().take(cut.map_or(0, |cut| cut.below));
        covered.fold(Expr::zero(), |sum, part| sum + part.level)
    }

    /// Marginal cost of an activity, money per unit of its level, its purchases at nodes apart.
    ///
    /// # Errors
    /// [`DraftError::Unfit`] when its cost has more than one stretch, so that the margin has no one place.
    pub fn marginal_cost(&self, activity: Activity) -> Result<Expr, DraftError> {
        match self.assembly.activities[activity.index()].parts.as_slice() {
            [part] => Ok(Expr::curve(part.cost.clone())),
            _ => Err(self.unfit(
                activity,
                "has a cost of several stretches; a rate on its margin needs a single one",
            )),
        }
    }

    pub(crate) fn unfit(&self, activity: Activity, rule: &'static str) -> DraftError {
        let target = format!("`{}`", self.activity_name(activity));
        DraftError::Unfit {
            place: self.place(),
            target,
            rule,
        }
    }

    /// A number with a path (`measure/NAME/name`) that can be changed between solves.
    ///
    /// # Errors
    /// [`DraftError::Number`] when the value breaks the rule, [`DraftError::Duplicate`] when the path is taken.
    pub fn param(&mut self, name: &str, value: f64, rule: Rule) -> Result<Param, DraftError> {
        if !rule.admits(value) {
            return Err(DraftError::Number {
                place: self.place(),
                name: name.to_owned(),
                value,
                rule: rule.words(),
            });
        }
        let path = self.path(name);
        self.assembly
            .param(path, value, rule)
            .ok_or_else(|| DraftError::Duplicate {
                place: self.place(),
                what: "parameter",
                name: name.to_owned(),
            })
    }

    /// A new unknown between two bounds, with a value to start from. It must be paired with a
    /// [`condition`](Self::condition).
    pub fn unknown(
        &mut self,
        name: &str,
        gauge: Gauge,
        lower: impl Into<Limit>,
        upper: impl Into<Limit>,
        start: f64,
    ) -> Unknown {
        let name = self.path(name);
        self.assembly.unknown(UnknownEntry {
            name,
            lower: lower.into(),
            upper: upper.into(),
            start,
            gauge,
            condition: None,
        })
    }

    /// Pairs an unknown with its condition: zero inside the bounds, at least zero at the lower one, at most
    /// zero at the upper one. The gauge is the expression's.
    pub fn condition(&mut self, unknown: Unknown, gauge: Gauge, expr: impl Into<Expr>) {
        self.assembly.unknowns[unknown.index()].condition = Some((gauge, expr.into()));
    }

    /// max(expr, 0) as an unknown of the same dimension.
    pub fn positive_part(&mut self, name: &str, gauge: Gauge, expr: impl Into<Expr>) -> Expr {
        let part = self.unknown(name, gauge, 0.0, Limit::none(), 0.0);
        self.condition(part, gauge, Expr::from(part) - expr.into());
        part.into()
    }
}
