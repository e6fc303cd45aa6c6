//! What is lost when a supplier is.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::{SecurityError, obey};
use super::short_run::ShortRun;
use crate::assembly::Stacking;
use crate::equilibrium::Equilibrium;
use crate::intervention::{ExportQuota, Policy, ProductionQuota, RentOwner};
use crate::ledger::{Ledger, LedgerError};

/// What stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Production,
    Exports,
}

/// A supplier that fails, in whole or in part.
///
/// ```
/// use pricefloor::ledger::Outage;
/// let halt = Outage::exports("China", "Dy oxide");
/// let half = Outage::production("China", "NdPr oxide").share(0.5);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outage {
    supplier: String,
    commodity: String,
    kind: Kind,
    #[serde(default = "whole")]
    share: f64,
}

fn whole() -> f64 {
    1.0
}

impl Outage {
    fn new(supplier: &str, commodity: &str, kind: Kind) -> Self {
        Self {
            supplier: supplier.to_owned(),
            commodity: commodity.to_owned(),
            kind,
            share: whole(),
        }
    }

    /// A region makes no more of a commodity: an accident, a closure.
    #[must_use]
    pub fn production(region: &str, commodity: &str) -> Self {
        Self::new(region, commodity, Kind::Production)
    }

    /// A region sends no more of a commodity anywhere and keeps it for itself: an embargo on everyone.
    #[must_use]
    pub fn exports(region: &str, commodity: &str) -> Self {
        Self::new(region, commodity, Kind::Exports)
    }

    /// Only a share of its output or exports is lost, from above 0 to 1.
    #[must_use]
    pub fn share(mut self, share: f64) -> Self {
        self.share = share;
        self
    }

    /// The region that fails.
    #[must_use]
    pub fn supplier(&self) -> &str {
        &self.supplier
    }

    /// What it supplies.
    #[must_use]
    pub fn commodity(&self) -> &str {
        &self.commodity
    }
}

/// How likely a disruption is and how long it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Risk {
    /// Probability that one begins in a year, from 0 to 1.
    pub probability: f64,
    /// How long it lasts, years.
    pub years: f64,
}

/// One final demand in a disruption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shortage {
    region: String,
    commodity: String,
    price_before: f64,
    price: f64,
    wanted: f64,
    served: f64,
    at_backstop: bool,
}

impl Shortage {
    /// Region.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Commodity.
    #[must_use]
    pub fn commodity(&self) -> &str {
        &self.commodity
    }

    /// Price of ordinary times, money per unit.
    #[must_use]
    pub fn price_before(&self) -> f64 {
        self.price_before
    }

    /// Price in the disruption, money per unit.
    #[must_use]
    pub fn price(&self) -> f64 {
        self.price
    }

    /// Demand at the price of ordinary times, units per year.
    #[must_use]
    pub fn wanted(&self) -> f64 {
        self.wanted
    }

    /// What is bought in the disruption, units per year.
    #[must_use]
    pub fn served(&self) -> f64 {
        self.served
    }

    /// Demand at the price of ordinary times that is not served, units per year.
    #[must_use]
    pub fn unmet(&self) -> f64 {
        self.wanted - self.served
    }

    /// Whether the price is at the backstop, so that buyers who would still pay less than it go without. Where several
    /// regions stand at it and trade freely, who of them is served is not determined; their sum is.
    #[must_use]
    pub fn at_backstop(&self) -> bool {
        self.at_backstop
    }

    /// Days for which a stock makes up for what is not served.
    ///
    /// # Errors
    /// [`SecurityError::Number`] when the stock is negative, or everything is served.
    pub fn days_covered(&self, stock: f64) -> Result<f64, SecurityError> {
        obey(
            "stock",
            stock,
            stock >= 0.0,
            "a finite number, zero or more",
        )?;
        let what = format!("unmet demand for {} in {}", self.commodity, self.region);
        let unmet = self.unmet();
        obey(
            &what,
            unmet,
            unmet > 0.0,
            "above zero to be covered by a stock",
        )?;
        Ok(365.0 * stock / unmet)
    }
}

/// A supplier's failure, from the short-run market with and without it.
///
/// Losses are rates: money per year of disruption, in prices of ordinary times. Consumers' are counted up to the backstop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disruption {
    outage: Outage,
    money_unit: String,
    lost: f64,
    shortages: Vec<Shortage>,
    losses: Vec<(String, f64)>,
    world_loss: f64,
}

impl Disruption {
    /// The failure.
    #[must_use]
    pub fn outage(&self) -> &Outage {
        &self.outage
    }

    /// The output or exports that stop, units per year.
    #[must_use]
    pub fn lost(&self) -> f64 {
        self.lost
    }

    /// Every final demand, of this commodity and of what is made from it.
    #[must_use]
    pub fn shortages(&self) -> &[Shortage] {
        &self.shortages
    }

    /// The final demand for a commodity in a region.
    ///
    /// # Errors
    /// [`SecurityError::Unknown`] when there is none.
    pub fn shortage(&self, region: &str, commodity: &str) -> Result<&Shortage, SecurityError> {
        let here = |s: &&Shortage| s.region == region && s.commodity == commodity;
        self.shortages
            .iter()
            .find(here)
            .ok_or_else(|| SecurityError::Unknown {
                what: "final demand for",
                name: format!("{commodity} in {region}"),
            })
    }

    /// What everyone in a region loses, money per year of disruption; negative for a region that gains.
    ///
    /// # Errors
    /// [`SecurityError::Unknown`] when there is no such region.
    pub fn loss(&self, region: &str) -> Result<f64, SecurityError> {
        let found = self.losses.iter().find(|(name, _)| name == region);
        found
            .map(|(_, loss)| *loss)
            .ok_or_else(|| SecurityError::Unknown {
                what: "region",
                name: region.to_owned(),
            })
    }

    /// What the world loses, money per year of disruption.
    #[must_use]
    pub fn world_loss(&self) -> f64 {
        self.world_loss
    }

    /// What a region can expect to lose in a year: probability times duration times the loss per year of disruption.
    ///
    /// The value of a measure for security is this without the measure less this with it; it stands beside the measure's
    /// cost and is not part of it.
    ///
    /// # Errors
    /// [`SecurityError`] when there is no such region, or the risk is not a probability and a duration.
    pub fn expected_loss(&self, region: &str, risk: Risk) -> Result<f64, SecurityError> {
        let Risk { probability, years } = risk;
        let share = "a share from 0 to 1";
        let valid = (0.0..=1.0).contains(&probability);
        obey(
            "probability of a disruption in a year",
            probability,
            valid,
            share,
        )?;
        let from_zero = "a finite number, zero or more";
        obey(
            "duration of a disruption in years",
            years,
            years >= 0.0,
            from_zero,
        )?;
        Ok(probability * years * self.loss(region)?)
    }
}

impl Equilibrium {
    /// What happens within months when a supplier fails: the [short-run market](ShortRun) through this equilibrium, under
    /// the same policy, without and with the outage.
    ///
    /// ```
    /// # use pricefloor::{Activity, Demand, Market, Policy, Supply, curve::Observed};
    /// # use pricefloor::ledger::{Outage, Risk, ShortRun};
    /// # let through = |quantity| Observed { price: 60.0, quantity };
    /// let market = Market::builder("example", "USD/kg").commodity("oxide")
    ///     .region("China").region("Elsewhere")
    ///     .demand("Elsewhere", "oxide", Demand::constant_elasticity(through(100.0), -0.6)?)
    ///     .activity(Activity::producing("plants", "China", "oxide", Supply::constant_elasticity(through(90.0), 0.8)?))
    ///     .activity(Activity::producing("others", "Elsewhere", "oxide", Supply::constant_elasticity(through(10.0), 1.2)?))
    ///     .route("China", "Elsewhere", "oxide", 0.0).build()?;
    /// let ordinary = market.solve(&Policy::none())?;
    /// let terms = ShortRun::new(-0.2, 0.0).backstop("oxide", 600.0);
    /// let halted = ordinary.disrupted(&terms, &Outage::exports("China", "oxide"))?;
    /// let shortage = halted.shortage("Elsewhere", "oxide")?;
    /// assert!((halted.lost() - 90.0).abs() < 1e-6 && shortage.at_backstop());
    /// assert!((shortage.unmet() - 90.0).abs() < 1e-6);
    /// let a_year_in_twenty = Risk { probability: 0.05, years: 1.0 };
    /// assert!(halted.expected_loss("Elsewhere", a_year_in_twenty)? > 0.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`SecurityError`] when the terms do not fit the market, the short-run market does not have the prices of this
    /// equilibrium, or has no solution with the outage.
    pub fn disrupted(
        &self,
        terms: &ShortRun,
        outage: &Outage,
    ) -> Result<Disruption, SecurityError> {
        let Some(solution) = &self.solution else {
            return Err(LedgerError::Detached {
                market: self.market().to_owned(),
            }
            .into());
        };
        let rule = "a share above 0 and at most 1";
        let share = outage.share;
        obey(
            "share of the outage",
            share,
            share > 0.0 && share <= 1.0,
            rule,
        )?;
        let market = self.short_run(terms)?;
        let policy = &solution.origin.policy;
        let solve = |policy: &Policy, when| {
            market.solve(policy).map_err(|source| SecurityError::Solve {
                when,
                source: Box::new(source),
            })
        };
        let before = solve(policy, "without the outage")?;
        self.replayed_by(&before)?;
        let supply = self.supply_security()?;
        let stage = supply.stage(&outage.commodity)?;
        let supplier = stage.region(&outage.supplier)?;
        let flow = match outage.kind {
            Kind::Production => supplier.made(),
            Kind::Exports => self.sent(&outage.supplier, &outage.commodity),
        };
        let kept = (1.0 - share) * flow;
        let (region, commodity) = (&outage.supplier, &outage.commodity);
        let name = unused_name(policy);
        let policy = policy.clone();
        let policy = match outage.kind {
            Kind::Production => {
                let quota = ProductionQuota::new(region, commodity, kept);
                policy.stacked(&name, Stacking::Add, quota)?
            }
            Kind::Exports => {
                let owner = RentOwner::Exporters;
                let quota = ExportQuota::new(region.as_str(), commodity, kept, owner);
                policy.stacked(&name, Stacking::Add, quota)?
            }
        };
        let after = solve(&policy, "with the outage")?;
        let (before_ledger, after_ledger) = (before.ledger()?, after.ledger()?);
        let loss = |of: &dyn Fn(&Ledger) -> f64| of(&before_ledger) - of(&after_ledger);
        let regions = market.regions().iter();
        let losses = regions
            .map(|r| (r.clone(), loss(&|ledger| ledger.region(r))))
            .collect();
        let mut shortages = Vec::new();
        for (old, new) in before.nodes().iter().zip(after.nodes()) {
            if market.demand(old.region(), old.commodity()).is_some() {
                let backstop = terms.backstop_of(old.commodity());
                shortages.push(Shortage {
                    region: old.region().to_owned(),
                    commodity: old.commodity().to_owned(),
                    price_before: old.price(),
                    price: new.price(),
                    wanted: old.demanded(),
                    served: new.demanded(),
                    at_backstop: backstop.is_some_and(|b| new.price() >= b * (1.0 - 1e-9)),
                });
            }
        }
        Ok(Disruption {
            outage: outage.clone(),
            money_unit: market.money_unit().to_owned(),
            lost: flow - kept,
            shortages,
            losses,
            world_loss: loss(&Ledger::total),
        })
    }

    fn replayed_by(&self, short_run: &Equilibrium) -> Result<(), SecurityError> {
        for (here, there) in self.nodes().iter().zip(short_run.nodes()) {
            let (price, replayed) = (here.price(), there.price());
            let open = here.price_interval().is_some() || there.price_interval().is_some();
            if !open && (price - replayed).abs() > 1e-6 * price.abs().max(replayed.abs()) + 1e-9 {
                return Err(SecurityError::NotReplayed {
                    region: here.region().to_owned(),
                    commodity: here.commodity().to_owned(),
                    price,
                    short_run: replayed,
                });
            }
        }
        Ok(())
    }

    /// What leaves a region, units per year.
    fn sent(&self, region: &str, commodity: &str) -> f64 {
        let Some(solution) = &self.solution else {
            return 0.0;
        };
        let routes = solution.origin.market.routes().iter();
        let out = routes.filter(|r| r.from == region && r.commodity == commodity);
        out.map(|r| self.level(&r.name()).unwrap_or(0.0)).sum()
    }
}

/// A name for the outage that no measure of the policy has.
fn unused_name(policy: &Policy) -> String {
    let taken = |name: &str| policy.entries().iter().any(|e| e.name() == name);
    let mut name = "outage".to_owned();
    while taken(&name) {
        name.push('+');
    }
    name
}

impl fmt::Display for Disruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Outage {
            supplier,
            commodity,
            ..
        } = &self.outage;
        let what = match self.outage.kind {
            Kind::Production => "makes",
            Kind::Exports => "sends",
        };
        writeln!(
            f,
            "{supplier} {what} {:.1} less of {commodity} a year",
            self.lost
        )?;
        let names = self
            .shortages
            .iter()
            .map(|s| s.region.len() + s.commodity.len() + 4);
        let width = names.max().unwrap_or(0);
        let head = ["before", "price", "wanted", "unmet"];
        write!(f, "{:width$}", "")?;
        for word in head {
            write!(f, " {word:>12}")?;
        }
        for s in &self.shortages {
            let name = format!("{} in {}", s.commodity, s.region);
            write!(
                f,
                "\n{name:width$} {:>12.2} {:>12.2} {:>12.1} {:>12.1}{}",
                s.price_before,
                s.price,
                s.wanted,
                s.unmet(),
                if s.at_backstop {
                    "  at the backstop"
                } else {
                    ""
                }
            )?;
        }
        for (region, loss) in &self.losses {
            write!(f, "\n{region} loses {loss:.1} {} a year", self.money_unit)?;
        }
        Ok(())
    }
}
