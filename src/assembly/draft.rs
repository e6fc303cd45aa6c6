//! The pen with which the market and the measures write themselves down.

use super::book::{Assembly, Switch};
use super::entry::{
    ActivityEntry, Charge, Conduct, DemandEntry, Gauge, Limit, NodeEntry, Part, Period, Reach,
    Role, Rule, Transfer, UnknownEntry, Wedge, Withdrawal,
};
use super::error::DraftError;
use super::expr::{CurveAt, Expr};
use super::handle::{Activity, Node, Param, Party, Unknown};
use super::stacking::{Claim, Stacking};
use crate::curve::{Kernel, Segment};

/// What one measure (or the market itself) may write, scoped to its name and to one period.
///
/// Whatever is written is data: the solver, the ledger and the derivatives read nothing else, so that a
/// payment is stated once and cannot drift from the incentive it creates.
#[derive(Debug)]
pub struct Draft<'a> {
    pub(super) assembly: &'a mut Assembly,
    /// Name of the measure; `None` for the market itself.
    pub(super) scope: Option<(usize, String)>,
    stacking: Option<Stacking>,
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

    fn path(&self, name: &str) -> String {
        self.scope.as_ref().map_or_else(
            || name.to_owned(),
            |(_, measure)| format!("measure/{measure}/{name}"),
        )
    }

    pub(super) fn stacking(&self) -> Option<Stacking> {
        self.stacking
    }

    /// The period that is being described.
    #[must_use]
    pub fn period(&self) -> Period {
        self.period
    }

    // ---- looking things up -------------------------------------------------------------------

    /// The node of a commodity in a region.
    ///
    /// # Errors
    /// [`DraftError::Unknown`] when the market has no such region or commodity.
    pub fn node(&self, region: &str, commodity: &str) -> Result<Node, DraftError> {
        let of_region = self.assembly.node_ids.get(region);
        if let Some(&node) = of_region.and_then(|of| of.get(commodity)) {
            return Ok(node);
        }
        let nodes = &self.assembly.nodes;
        let (what, name, known): (_, _, Vec<&str>) = if of_region.is_some() {
            (
                "commodity",
                commodity,
                nodes.iter().map(|n| n.commodity.as_str()).collect(),
            )
        } else {
            (
                "region",
                region,
                nodes.iter().map(|n| n.region.as_str()).collect(),
            )
        };
        Err(self.unknown_name(what, name, known))
    }

    fn unknown_name(&self, what: &'static str, name: &str, mut known: Vec<&str>) -> DraftError {
        known.sort_unstable();
        known.dedup();
        DraftError::Unknown {
            place: self.place(),
            what,
            name: name.to_owned(),
            known: known.join(", "),
        }
    }

    /// Region and commodity of a node.
    #[must_use]
    pub fn node_name(&self, node: Node) -> (&str, &str) {
        let entry = &self.assembly.nodes[node.index()];
        (&entry.region, &entry.commodity)
    }

    /// Every activity with this name, or owned by the firm with this name (its sales apart).
    ///
    /// # Errors
    /// [`DraftError::Unknown`] when neither an activity nor a firm has the name.
    pub fn activities(&self, name: &str) -> Result<Vec<Activity>, DraftError> {
        let of = |a: &ActivityEntry| {
            a.name == name || !a.sale && self.assembly.parties[a.owner.index()].name == name
        };
        let found = self.select(of);
        if found.is_empty() {
            let known = self
                .assembly
                .activities
                .iter()
                .map(|a| a.name.as_str())
                .collect();
            return Err(self.unknown_name("activity or firm", name, known));
        }
        Ok(found)
    }

    fn select(&self, of: impl Fn(&ActivityEntry) -> bool) -> Vec<Activity> {
        let all = self.assembly.activities.iter().enumerate();
        all.filter(|(_, a)| of(a))
            .map(|(i, _)| Activity::new(i))
            .collect()
    }

    /// Activities in the node's region, routes apart, that put out its commodity.
    #[must_use]
    pub fn producers(&self, node: Node) -> Vec<Activity> {
        let here = |n: Node| self.assembly.market_node(n) == node;
        self.select(|a| {
            a.route.is_none() && !a.sale && a.column.iter().any(|&(n, y, _)| here(n) && y > 0.0)
        })
    }

    /// Every activity that sells at the node: producers there and routes into it.
    #[must_use]
    pub fn sellers(&self, node: Node) -> Vec<Activity> {
        self.select(|a| a.column.iter().any(|&(n, y, _)| n == node && y > 0.0))
    }

    /// Routes of the commodity into the regions from outside them.
    #[must_use]
    pub fn imports(&self, regions: &[&str], commodity: &str) -> Vec<Activity> {
        self.crossing(commodity, |from, to| {
            !regions.contains(&from) && regions.contains(&to)
        })
    }

    /// Routes of the commodity out of the regions.
    #[must_use]
    pub fn exports(&self, regions: &[&str], commodity: &str) -> Vec<Activity> {
        self.crossing(commodity, |from, to| {
            regions.contains(&from) && !regions.contains(&to)
        })
    }

    fn crossing(&self, commodity: &str, crosses: impl Fn(&str, &str) -> bool) -> Vec<Activity> {
        let nodes = &self.assembly.nodes;
        self.select(|a| {
            a.route.is_some_and(|(from, to)| {
                let (from, to) = (&nodes[from.index()], &nodes[to.index()]);
                to.commodity == commodity && crosses(&from.region, &to.region)
            })
        })
    }

    /// Name of an activity.
    #[must_use]
    pub fn activity_name(&self, activity: Activity) -> &str {
        &self.assembly.activities[activity.index()].name
    }

    /// Origin and destination of a route; `None` for any other activity.
    #[must_use]
    pub fn route(&self, activity: Activity) -> Option<(Node, Node)> {
        self.assembly.activities[activity.index()].route
    }

    /// The nodes whose commodities an activity puts out.
    #[must_use]
    pub fn outputs(&self, activity: Activity) -> Vec<Node> {
        let column = &self.assembly.activities[activity.index()].column;
        let outputs = column.iter().filter(|&&(_, y, _)| y > 0.0);
        outputs
            .map(|&(n, _, _)| self.assembly.market_node(n))
            .collect()
    }

    /// The firm that owns an activity.
    #[must_use]
    pub fn owner(&self, activity: Activity) -> Party {
        self.assembly.activities[activity.index()].owner
    }

    /// The region an activity is in; for a route, the region it arrives in.
    #[must_use]
    pub fn region_of(&self, activity: Activity) -> Option<&str> {
        let entry = &self.assembly.activities[activity.index()];
        match entry.route {
            Some((_, to)) => Some(&self.assembly.nodes[to.index()].region),
            None => entry.region.as_deref(),
        }
    }

    /// Final buyers at a node.
    #[must_use]
    pub fn consumers(&self, node: Node) -> Party {
        self.assembly.nodes[node.index()].consumers
    }

    /// A public purse by name; a region's treasury carries the region's name.
    pub fn treasury(&mut self, name: &str) -> Party {
        let region = self
            .assembly
            .nodes
            .iter()
            .any(|n| n.region == name)
            .then(|| name.to_owned());
        self.assembly.party(Role::Treasury, name, region.as_deref())
    }

    // ---- building blocks ---------------------------------------------------------------------

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

    // ---- effects -----------------------------------------------------------------------------

    /// Takes a quantity from a node; the buyer pays the node's price.
    pub fn withdraw(&mut self, node: Node, buyer: Party, quantity: impl Into<Expr>) {
        if let Some((measure, _)) = self.scope {
            let withdrawal = Withdrawal {
                measure,
                buyer,
                quantity: quantity.into(),
                worth: None,
            };
            self.assembly.nodes[node.index()]
                .withdrawals
                .push(withdrawal);
        }
    }

    /// As [`withdraw`](Self::withdraw), of a stock whose worth per unit is stated in the accounts.
    pub fn withdraw_valued(
        &mut self,
        node: Node,
        buyer: Party,
        quantity: impl Into<Expr>,
        worth: Param,
    ) {
        if let Some((measure, _)) = self.scope {
            let withdrawal = Withdrawal {
                measure,
                buyer,
                quantity: quantity.into(),
                worth: Some(worth),
            };
            self.assembly.nodes[node.index()]
                .withdrawals
                .push(withdrawal);
        }
    }

    /// A payment per unit of an activity, from payer to payee. Where one of them owns the activity it moves
    /// the owner's margin by as much.
    ///
    /// # Errors
    /// [`DraftError::Conflict`] when an earlier measure charges the same kind on the same activity and this
    /// one has no stacking rule.
    pub fn charge(
        &mut self,
        claim: Claim,
        activity: Activity,
        amount: impl Into<Expr>,
        payer: Party,
        payee: Party,
    ) -> Result<(), DraftError> {
        self.place_charge(claim, activity, Reach::All, amount.into(), payer, payee)
    }

    /// As [`charge`](Self::charge), on the first units of an activity only, up to a volume per year.
    ///
    /// # Errors
    /// As `charge`; [`DraftError::Unfit`] when the activity's cost is a sum of curves, so that its first
    /// units are not defined.
    pub fn charge_first(
        &mut self,
        claim: Claim,
        activity: Activity,
        volume: Param,
        amount: impl Into<Expr>,
        payer: Party,
        payee: Party,
    ) -> Result<(), DraftError> {
        if !self.assembly.activities[activity.index()].merit_order {
            return Err(self.unfit(
                activity,
                "has a cost that is a sum of curves; its first units are not defined",
            ));
        }
        self.assembly.cut(activity, volume);
        self.place_charge(
            claim,
            activity,
            Reach::First(volume),
            amount.into(),
            payer,
            payee,
        )
    }

    fn place_charge(
        &mut self,
        claim: Claim,
        activity: Activity,
        reach: Reach,
        amount: Expr,
        payer: Party,
        payee: Party,
    ) -> Result<(), DraftError> {
        let Some((measure, name)) = self.scope.clone() else {
            return Ok(());
        };
        let earlier: Vec<usize> = (0..self.assembly.charges.len())
            .filter(|&i| {
                let charge = &self.assembly.charges[i];
                charge.measure != measure
                    && charge.kind == claim.kind()
                    && charge.activity == activity
            })
            .collect();
        let mut amount = amount;
        if let Some(&last) = earlier.last() {
            match self.stacking {
                None => {
                    return Err(DraftError::Conflict {
                        first: self.assembly.measures[self.assembly.charges[last].measure].clone(),
                        second: name,
                        kind: claim.kind(),
                        target: format!("`{}`", self.activity_name(activity)),
                    });
                }
                Some(Stacking::Add) => {}
                Some(Stacking::Instead) => {
                    let mut index = 0;
                    self.assembly.charges.retain(|_| {
                        index += 1;
                        !earlier.contains(&(index - 1))
                    });
                }
                Some(Stacking::Highest) => {
                    if earlier
                        .iter()
                        .any(|&i| self.assembly.charges[i].reach != reach)
                    {
                        return Err(self.unfit(
                            activity,
                            "has an earlier charge on other units; `highest` needs both on the same units",
                        ));
                    }
                    let paid = earlier.iter().fold(Expr::zero(), |sum, &i| {
                        sum + &self.assembly.charges[i].amount
                    });
                    let gauge = super::Dimension::Price.overall();
                    let label = format!(
                        "excess over earlier {} on {}",
                        claim.kind(),
                        self.activity_name(activity)
                    );
                    amount = self.positive_part(&label, gauge, amount - paid);
                }
            }
        }
        self.assembly.charges.push(Charge {
            measure,
            kind: claim.kind(),
            activity,
            reach,
            amount,
            payer,
            payee,
        });
        Ok(())
    }

    /// Says that this measure sets something of a kind on a node (a floor, support buying), so that a second
    /// one without a stacking rule is an error that names both.
    ///
    /// # Errors
    /// [`DraftError::Conflict`] when another measure claimed it before.
    pub fn claim(&mut self, claim: Claim, node: Node) -> Result<(), DraftError> {
        let Some((measure, name)) = self.scope.clone() else {
            return Ok(());
        };
        let taken = self
            .assembly
            .claims
            .iter()
            .find(|(kind, at, _)| *kind == claim.kind() && *at == node);
        if let (Some(&(kind, _, first)), None) = (taken, self.stacking) {
            let (region, commodity) = self.node_name(node);
            return Err(DraftError::Conflict {
                first: self.assembly.measures[first].clone(),
                second: name,
                kind,
                target: format!("{commodity} in {region}"),
            });
        }
        self.assembly.claims.push((claim.kind(), node, measure));
        Ok(())
    }

    /// Says that a volume of a firm's sales brings the same whatever the price at a node (a contract makes up the
    /// difference), so that a firm with conduct there does not hold it back to raise the price.
    pub fn insulate(&mut self, firm: Party, node: Node, volume: impl Into<Expr>) {
        let volume = volume.into();
        for conduct in self
            .assembly
            .conducts
            .iter_mut()
            .filter(|c| c.firm == firm && c.node == node)
        {
            conduct.insulated.push(volume.clone());
        }
    }

    /// Whether a firm reckons with its own effect on the price at a node.
    #[must_use]
    pub fn has_conduct(&self, firm: Party, node: Node) -> bool {
        self.assembly
            .conducts
            .iter()
            .any(|c| c.firm == firm && c.node == node)
    }

    /// Moves an activity's margin (a cost when positive) without a payment: a ration, a lost opportunity.
    pub fn wedge(&mut self, activity: Activity, amount: impl Into<Expr>) {
        self.assembly.wedges.push(Wedge {
            activity,
            amount: amount.into(),
        });
    }

    /// A payment per year that moves nobody's margin.
    pub fn transfer(&mut self, payer: Party, payee: Party, amount: impl Into<Expr>) {
        if let Some((measure, _)) = self.scope {
            self.assembly.transfers.push(Transfer {
                measure,
                payer,
                payee,
                amount: amount.into(),
            });
        }
    }

    /// The case in which this measure applies in the present attempt. A measure that applies in one of several
    /// ways, none of which is known before the solve (a capped share: at the margin, or used up), writes itself
    /// once for each; every combination is solved, and [`admits`](crate::intervention::Intervention::admits)
    /// says afterwards which of them hold.
    pub fn switch(&mut self, cases: &'static [&'static str]) -> usize {
        let Some((measure, _)) = self.scope else {
            return 0;
        };
        let chosen = self
            .assembly
            .choices
            .get(self.assembly.switches.len())
            .copied()
            .unwrap_or(0);
        self.assembly.switches.push(Switch {
            measure,
            cases,
            chosen,
        });
        chosen
    }

    /// Nothing may be thrown away at this node: supply equals demand, and the price is bounded by the
    /// measure alone.
    pub fn forbid_disposal(&mut self, node: Node) {
        self.assembly.nodes[node.index()].disposal = false;
    }

    /// Lets only the share (1 - `unserved`) of what an activity offers be produced and sold.
    ///
    /// # Errors
    /// [`DraftError::UnboundedOffer`] when its cost is constant without a capacity,
    /// [`DraftError::Conflict`] when it is rationed already.
    pub fn ration(&mut self, activity: Activity, unserved: Unknown) -> Result<(), DraftError> {
        let entry = &self.assembly.activities[activity.index()];
        if entry.unserved.is_some() {
            return Err(self.unfit(activity, "is rationed already by another measure"));
        }
        if let Some(part) = entry.parts.last()
            && part.cost.kernel == Kernel::Constant
            && self.assembly.unknowns[part.level.index()].upper == Limit::none()
        {
            let cost = part
                .cost
                .parameters
                .first()
                .map_or(0.0, |p| self.assembly.params[p.index()].value);
            return Err(DraftError::UnboundedOffer {
                place: self.place(),
                activity: self.activity_name(activity).to_owned(),
                cost,
            });
        }
        self.assembly.activities[activity.index()].unserved = Some(unserved);
        Ok(())
    }

    // ---- facts: for the market alone ---------------------------------------------------------

    pub(crate) fn add_node(&mut self, region: &str, commodity: &str) -> Node {
        let node = Node::new(self.assembly.nodes.len());
        let gauge = super::Dimension::Price.at(node);
        let price = self.unknown(
            &format!("price/{region}/{commodity}"),
            gauge,
            0.0,
            Limit::none(),
            0.0,
        );
        let consumers = self.assembly.party(
            Role::Consumers,
            &format!("{commodity} in {region}"),
            Some(region),
        );
        self.assembly
            .node_ids
            .entry(region.to_owned())
            .or_default()
            .insert(commodity.to_owned(), node);
        self.assembly.nodes.push(NodeEntry {
            region: region.to_owned(),
            commodity: commodity.to_owned(),
            price,
            consumers,
            demands: Vec::new(),
            reference_price: 0.0,
            withdrawals: Vec::new(),
            hub_of: None,
            disposal: true,
            clearing: None,
            worth: None,
            unserved: None,
            price_scale: 0.0,
            quantity_scale: 0.0,
        });
        node
    }

    pub(crate) fn add_hub(&mut self, region: &str, commodity: &str, of: Node) -> Node {
        let hub = self.add_node(region, commodity);
        self.assembly.nodes[hub.index()].hub_of = Some(of);
        hub
    }

    pub(crate) fn has_final_demand(&self, node: Node) -> bool {
        !self.assembly.nodes[node.index()].demands.is_empty()
    }

    /// Whether some activity, routes apart, takes the node's commodity in.
    pub(crate) fn is_input(&self, node: Node) -> bool {
        let takes = |a: &ActivityEntry| {
            a.route.is_none() && a.column.iter().any(|c| c.0 == node && c.1 < 0.0)
        };
        self.assembly.activities.iter().any(takes)
    }

    pub(crate) fn demands(&self, node: Node) -> Vec<DemandEntry> {
        self.assembly.nodes[node.index()].demands.clone()
    }

    pub(crate) fn conduct_mut(&mut self, firm: Party, node: Node) -> Option<&mut Conduct> {
        self.assembly
            .conducts
            .iter_mut()
            .find(|c| c.firm == firm && c.node == node)
    }

    pub(crate) fn add_conduct(&mut self, conduct: Conduct) {
        self.assembly.conducts.push(conduct);
    }

    /// Price over quantity at a node's calibration, with the sign of a demand's slope.
    pub(crate) fn typical_slope(&self, node: Node) -> f64 {
        let first = self.assembly.nodes[node.index()].demands.first();
        let curve = match first {
            Some(DemandEntry::Quantity { curve }) => curve,
            Some(DemandEntry::Price { worth, .. }) => worth,
            _ => return -1.0,
        };
        let value = |k: usize| {
            curve
                .parameters
                .get(k)
                .map_or(1.0, |p| self.assembly.params[p.index()].value)
        };
        -(value(0) / value(1)).abs()
    }

    fn curve_at(
        &mut self,
        path: &str,
        kernel: Kernel,
        values: &[f64],
        offset: Vec<(f64, Param)>,
        of: Unknown,
    ) -> Result<CurveAt, DraftError> {
        let parameters = kernel
            .parameter_names()
            .iter()
            .zip(values)
            .map(|(name, &value)| {
                self.param(
                    &format!("{path}/{name}"),
                    value,
                    rule_of(kernel, name, value),
                )
            })
            .collect::<Result<_, _>>()?;
        Ok(CurveAt {
            kernel,
            parameters,
            offset_number: 0.0,
            offset,
            of,
        })
    }

    /// The limit and, where it is finite, its parameter; the offset likewise.
    fn limit(&mut self, path: &str, name: &str, value: f64) -> Result<Limit, DraftError> {
        if value == f64::INFINITY {
            return Ok(Limit::none());
        }
        Ok(self
            .param(&format!("{path}/{name}"), value, Rule::NonNegative)?
            .into())
    }

    pub(crate) fn add_demand(
        &mut self,
        node: Node,
        path: &str,
        segment: &Segment,
    ) -> Result<(), DraftError> {
        let price = self.assembly.nodes[node.index()].price;
        let entry = match segment {
            Segment::Fixed { quantity } => DemandEntry::Fixed {
                quantity: self.param(&format!("{path}/quantity"), *quantity, Rule::NonNegative)?,
            },
            Segment::Quantity { kernel, parameters } => DemandEntry::Quantity {
                curve: self.curve_at(path, *kernel, parameters, Vec::new(), price)?,
            },
            Segment::Price {
                kernel,
                parameters,
                offset,
                capacity,
            } => {
                let upper = self.limit(path, "capacity", *capacity)?;
                let gauge = super::Dimension::Quantity.at(node);
                let quantity = self.unknown(path, gauge, 0.0, upper, 0.0);
                let offset = self.offset(path, *offset)?;
                let worth = self.curve_at(path, *kernel, parameters, offset, quantity)?;
                DemandEntry::Price { quantity, worth }
            }
        };
        self.assembly.nodes[node.index()].demands.push(entry);
        Ok(())
    }

    fn offset(&mut self, path: &str, value: f64) -> Result<Vec<(f64, Param)>, DraftError> {
        if value == 0.0 {
            return Ok(Vec::new());
        }
        Ok(vec![(
            1.0,
            self.param(&format!("{path}/offset"), value, Rule::Finite)?,
        )])
    }

    pub(crate) fn add_activity(
        &mut self,
        facts: ActivityFacts<'_>,
    ) -> Result<Activity, DraftError> {
        let owner = self.assembly.party(facts.role, facts.owner, facts.region);
        let activity = Activity::new(self.assembly.activities.len());
        let mut column = Vec::new();
        for &(node, amount) in &facts.column {
            let name = if amount > 0.0 { "output" } else { "input" };
            let (region, commodity) = self.node_name(node);
            let path = match facts.route {
                Some(_) if amount < 0.0 => format!("{}/sent", facts.path),
                Some(_) => format!("{}/received", facts.path),
                None if facts.region == Some(region) => {
                    format!("{}/{name}/{commodity}", facts.path)
                }
                None => format!("{}/{name}/{commodity} in {region}", facts.path),
            };
            let rule = if amount > 0.0 {
                Rule::Positive
            } else {
                Rule::Negative
            };
            column.push((node, amount, self.param(&path, amount, rule)?));
        }
        let home = column.first().map(|&(node, _, _)| node);
        let mut parts = Vec::new();
        for (path, segment) in facts.segments {
            let path = if path.is_empty() {
                facts.path.to_owned()
            } else {
                format!("{}/{path}", facts.path)
            };
            let Segment::Price {
                kernel,
                parameters,
                offset,
                capacity,
            } = segment
            else {
                continue;
            };
            let upper = self.limit(&path, "capacity", *capacity)?;
            let quantity = super::Dimension::Quantity;
            let gauge = home.map_or(quantity.overall(), |node| quantity.at(node));
            let level = self.unknown(&path, gauge, 0.0, upper, 0.0);
            let offset = self.offset(&path, *offset)?;
            let cost = self.curve_at(&path, *kernel, parameters, offset, level)?;
            parts.push(Part { path, level, cost });
        }
        self.assembly.activities.push(ActivityEntry {
            name: facts.name.to_owned(),
            owner,
            region: facts.region.map(str::to_owned),
            route: facts.route,
            column,
            parts,
            merit_order: facts.merit_order,
            sale: facts.sale,
            unserved: None,
            cuts: Vec::new(),
        });
        Ok(activity)
    }
}

/// The facts of an activity as the market hands them over.
pub(crate) struct ActivityFacts<'a> {
    pub(crate) path: &'a str,
    pub(crate) name: &'a str,
    pub(crate) owner: &'a str,
    pub(crate) role: Role,
    pub(crate) region: Option<&'a str>,
    pub(crate) route: Option<(Node, Node)>,
    pub(crate) column: Vec<(Node, f64)>,
    pub(crate) segments: Vec<(&'a str, &'a Segment)>,
    pub(crate) merit_order: bool,
    pub(crate) sale: bool,
}

/// A curve's parameter keeps the sign that makes the curve slope the right way.
fn rule_of(kernel: Kernel, name: &str, value: f64) -> Rule {
    match (kernel, name) {
        (Kernel::Constant, _) | (_, "intercept") => Rule::Finite,
        _ if value > 0.0 => Rule::Positive,
        _ if value < 0.0 => Rule::Negative,
        _ => Rule::Finite,
    }
}
