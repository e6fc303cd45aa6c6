//! Where each commodity is made and who depends on whom, stage by stage.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::concentration::Concentration;
use super::error::{SecurityError, obey};
use crate::assembly::{Activity, Assembly, Node};
use crate::equilibrium::{Equilibrium, Solution};
use crate::ledger::LedgerError;
use crate::market::{made_in, used_in};

/// A region's supply of one commodity, units per year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionSupply {
    region: String,
    made: f64,
    used: f64,
    net_imports: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sources: Option<Concentration>,
}

impl RegionSupply {
    /// The region.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Made in the region, units per year.
    #[must_use]
    pub fn made(&self) -> f64 {
        self.made
    }

    /// Apparent consumption: bought by final users and taken in by plants, units per year.
    #[must_use]
    pub fn used(&self) -> f64 {
        self.used
    }

    /// What arrives from other regions less what is sent to them, units per year.
    #[must_use]
    pub fn net_imports(&self) -> f64 {
        self.net_imports
    }

    /// Net import reliance: net imports as a share of apparent consumption (the US Geological Survey's measure). Below
    /// zero for a net exporter; `None` where nothing is used.
    #[must_use]
    pub fn import_reliance(&self) -> Option<f64> {
        (self.used > 0.0).then(|| self.net_imports / self.used)
    }

    /// What the region makes and what arrives, by region: by where it was made where the market tracks origin
    /// ([`Market::by_origin`](crate::Market::by_origin)), else by where it was sent from, gross of what is sent on. `None`
    /// where there is no supply.
    #[must_use]
    pub fn sources(&self) -> Option<&Concentration> {
        self.sources.as_ref()
    }

    /// Days that a stock lasts at the region's use.
    ///
    /// # Errors
    /// [`SecurityError::Number`] when the stock is negative, or nothing is used.
    pub fn days_of_use(&self, stock: f64) -> Result<f64, SecurityError> {
        self.days(stock, "use", self.used)
    }

    /// Days that a stock stands in for the region's net imports.
    ///
    /// # Errors
    /// [`SecurityError::Number`] when the stock is negative, or the region is no net importer.
    pub fn days_of_net_imports(&self, stock: f64) -> Result<f64, SecurityError> {
        self.days(stock, "net imports", self.net_imports)
    }

    fn days(&self, stock: f64, of: &str, yearly: f64) -> Result<f64, SecurityError> {
        obey(
            "stock",
            stock,
            stock >= 0.0,
            "a finite number, zero or more",
        )?;
        let what = format!("{of} of {}", self.region);
        obey(
            &what,
            yearly,
            yearly > 0.0,
            "above zero to be covered by a stock",
        )?;
        Ok(365.0 * stock / yearly)
    }
}

/// One commodity: where it is made, and each region's supply of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    commodity: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origins: Option<Concentration>,
    regions: Vec<RegionSupply>,
}

impl Stage {
    /// The commodity.
    #[must_use]
    pub fn commodity(&self) -> &str {
        &self.commodity
    }

    /// The world's output by the region where it is made at this stage; `None` where nothing is.
    #[must_use]
    pub fn origins(&self) -> Option<&Concentration> {
        self.origins.as_ref()
    }

    /// Every region's supply, in the order of the market.
    #[must_use]
    pub fn regions(&self) -> &[RegionSupply] {
        &self.regions
    }

    /// A region's supply.
    ///
    /// # Errors
    /// [`SecurityError::Unknown`] when there is no such region.
    pub fn region(&self, region: &str) -> Result<&RegionSupply, SecurityError> {
        let found = self.regions.iter().find(|r| r.region == region);
        found.ok_or_else(|| SecurityError::Unknown {
            what: "region",
            name: region.to_owned(),
        })
    }
}

/// Every commodity of a solved market as a stage of supply: concentration by origin, and import reliance by region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupplySecurity {
    market: String,
    quantity_unit: String,
    stages: Vec<Stage>,
}

impl SupplySecurity {
    /// Every commodity, in the order of the market. One that is only another one told apart by origin is part of that.
    #[must_use]
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// The stage of a commodity.
    ///
    /// # Errors
    /// [`SecurityError::Unknown`] when there is no such commodity.
    pub fn stage(&self, commodity: &str) -> Result<&Stage, SecurityError> {
        let found = self.stages.iter().find(|s| s.commodity == commodity);
        found.ok_or_else(|| SecurityError::Unknown {
            what: "commodity",
            name: commodity.to_owned(),
        })
    }
}

impl Equilibrium {
    /// Where every commodity is made, and who depends on whom.
    ///
    /// ```
    /// # use pricefloor::{Activity, Demand, Market, Policy, Supply, curve::Line};
    /// let market = Market::builder("example", "USD").region("Home").region("Abroad").commodity("oxide")
    ///     .demand("Home", "oxide", Demand::linear(Line { intercept: 20.0, slope: -1.0 })?)
    ///     .activity(Activity::producing("mine", "Home", "oxide", Supply::linear(Line { intercept: 5.0, slope: 2.0 })?))
    ///     .activity(Activity::producing("world", "Abroad", "oxide", Supply::perfectly_elastic(10.0)?))
    ///     .route("Abroad", "Home", "oxide", 0.0).build()?;
    /// let security = market.solve(&Policy::none())?.supply_security()?;
    /// let home = security.stage("oxide")?.region("Home")?;
    /// // 10 are bought at a price of 10, and the mine makes 2.5 of them
    /// assert!((home.import_reliance().unwrap() - 0.75).abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`SecurityError::Ledger`] when the equilibrium was read back from a file.
    pub fn supply_security(&self) -> Result<SupplySecurity, SecurityError> {
        let Some(solution) = &self.solution else {
            return Err(LedgerError::Detached {
                market: self.market().to_owned(),
            }
            .into());
        };
        let market = &solution.origin.market;
        let tracked = |name: &String| {
            let base = |c: &String| market.regions().iter().any(|r| made_in(c, r) == *name);
            market.commodities().iter().any(base)
        };
        let mut stages = Vec::new();
        for commodity in market.commodities().iter().filter(|c| !tracked(c)) {
            stages.push(Count::of(self, solution, commodity).stage(market.regions())?);
        }
        Ok(SupplySecurity {
            market: self.market().to_owned(),
            quantity_unit: self.quantity_unit().to_owned(),
            stages,
        })
    }
}

/// Quantities of one commodity by region, in the order of the market.
struct Count<'a> {
    commodity: &'a str,
    made: Vec<f64>,
    used: Vec<f64>,
    net_imports: Vec<f64>,
    /// Of the region in a row, by the region in a column.
    sources: Vec<Vec<f64>>,
}

impl<'a> Count<'a> {
    fn of(equilibrium: &Equilibrium, solution: &Solution, commodity: &'a str) -> Self {
        let regions = solution.origin.market.regions();
        let n = regions.len();
        let mut count = Self {
            commodity,
            made: vec![0.0; n],
            used: vec![0.0; n],
            net_imports: vec![0.0; n],
            sources: vec![vec![0.0; n]; n],
        };
        let at = |region: &str| regions.iter().position(|r| r == region);
        let mut by_use = vec![vec![0.0; n]; n];
        for node in equilibrium
            .nodes()
            .iter()
            .filter(|n| n.commodity() == commodity)
        {
            if let Some(r) = at(node.region()) {
                count.used[r] += node.demanded();
            }
        }
        let assembly = &solution.origin.assembly;
        for (a, entry) in assembly.activities.iter().enumerate() {
            let level = assembly.realised(Activity::new(a), &solution.x);
            let using = entry.region.as_deref().and_then(|region| {
                let origin = regions
                    .iter()
                    .position(|o| entry.name == used_in(commodity, o, region))?;
                Some((at(region)?, origin))
            });
            if let Some((region, origin)) = using {
                by_use[region][origin] += level;
                continue;
            }
            if entry.sale && entry.route.is_none() {
                continue; // from a firm's own pool to its own region
            }
            for &(node, _, amount) in &entry.column {
                let quantity = solution.values[amount.index()] * level;
                let (region, named) = place(assembly, node);
                let Some(r) = at(region) else { continue };
                if named != commodity && !regions.iter().any(|o| made_in(commodity, o) == named) {
                    continue;
                }
                match entry.route {
                    Some((from, _)) => {
                        count.net_imports[r] += quantity;
                        if let (true, Some(o)) = (quantity > 0.0, at(place(assembly, from).0)) {
                            count.sources[r][o] += quantity;
                        }
                    }
                    None if quantity >= 0.0 => {
                        count.made[r] += quantity;
                        count.sources[r][r] += quantity;
                    }
                    None => count.used[r] -= quantity,
                }
            }
        }
        if by_use.iter().flatten().any(|&q| q > 0.0) {
            count.sources = by_use;
        }
        count
    }

    fn stage(self, regions: &[String]) -> Result<Stage, SecurityError> {
        let shares = |of: String, quantities: &[f64]| -> Result<Option<Concentration>, _> {
            if quantities.iter().all(|&q| q <= 0.0) {
                return Ok(None);
            }
            let named = regions.iter().map(String::as_str);
            Concentration::new(&of, named.zip(quantities.iter().copied())).map(Some)
        };
        let mut supplies = Vec::new();
        for (r, region) in regions.iter().enumerate() {
            supplies.push(RegionSupply {
                region: region.clone(),
                made: self.made[r],
                used: self.used[r],
                net_imports: self.net_imports[r],
                sources: shares(format!("{} in {region}", self.commodity), &self.sources[r])?,
            });
        }
        Ok(Stage {
            commodity: self.commodity.to_owned(),
            origins: shares(self.commodity.to_owned(), &self.made)?,
            regions: supplies,
        })
    }
}

/// Region and commodity of a node; those of the market node for a firm's own pool.
fn place(assembly: &Assembly, node: Node) -> (&str, &str) {
    let entry = &assembly.nodes[node.index()];
    let market = entry.hub_of.map_or(entry, |of| &assembly.nodes[of.index()]);
    (&market.region, &market.commodity)
}

impl fmt::Display for SupplySecurity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} ({} per year)", self.market, self.quantity_unit)?;
        let names = self.stages.iter().flat_map(|s| {
            let regions = s.regions.iter().map(|r| r.region.len() + 2);
            regions.chain([s.commodity.len()])
        });
        let width = names.max().unwrap_or(0);
        write!(
            f,
            "{:width$} {:>12} {:>12} {:>12} {:>9}",
            "", "made", "used", "net imports", "reliance"
        )?;
        for stage in &self.stages {
            write!(f, "\n{:width$}", stage.commodity)?;
            if let Some(origins) = &stage.origins {
                let largest = origins.largest();
                let share = 100.0 * largest.quantity() / origins.total();
                let index = origins.herfindahl();
                write!(
                    f,
                    " {} makes {share:.1} %, Herfindahl index {index:.0}",
                    largest.name()
                )?;
            }
            for r in &stage.regions {
                let reliance = r
                    .import_reliance()
                    .map_or_else(|| "-".to_owned(), |share| format!("{:.1} %", 100.0 * share));
                let region = format!("  {}", r.region);
                write!(
                    f,
                    "\n{region:width$} {:>12.1} {:>12.1} {:>12.1} {reliance:>9}",
                    r.made, r.used, r.net_imports
                )?;
            }
        }
        Ok(())
    }
}
