//! Facts of a market.

use std::collections::BTreeMap;

use pricefloor::curve::{CrossPrice, NestedCes};
use pricefloor::market::MarketBuilder;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::attend::listening;
use crate::compiled::Compiled;
use crate::curve::{Demand, Supply};
use crate::equilibrium::Equilibrium;
use crate::plain::{Rebuilt, from_json, read, show, to_json};
use crate::policy::Policy;
use crate::raised::Raised;
use crate::record::Record;
use crate::report::named_values;

/// What an activity puts out or takes in, by commodity.
fn flows(what: &str, given: Option<&Bound<'_, PyAny>>) -> Result<Vec<(String, f64)>, Raised> {
    let Some(given) = given else {
        return Ok(Vec::new());
    };
    let Ok(dict) = given.cast::<PyDict>() else {
        let message = format!("{what} must be a dict from commodity to units per unit");
        return Err(Raised::input(&message, what));
    };
    dict.iter()
        .map(|(commodity, amount)| {
            let commodity: String = read(what, &commodity)?;
            let amount = read(&format!("{what}.{commodity}"), &amount)?;
            Ok((commodity, amount))
        })
        .collect()
}

/// A producing activity in a region: a mine (nothing into a basket), a plant (inputs into outputs), recycling.
///
/// ``outputs`` and ``inputs`` map a commodity to units per unit of the activity's level. The price of ``supply`` is the
/// cost of one more unit of the level, inputs bought at the region's prices apart. Without ``owner`` the activity is a
/// firm of its own.
#[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
#[derive(Clone)]
pub struct Activity(pub pricefloor::Activity);

#[pymethods]
impl Activity {
    #[new]
    #[pyo3(signature = (*, name, region, outputs, supply, inputs=None, owner=None))]
    fn new(
        name: &str,
        region: &str,
        outputs: &Bound<'_, PyAny>,
        supply: PyRef<'_, Supply>,
        inputs: Option<&Bound<'_, PyAny>>,
        owner: Option<&str>,
    ) -> Result<Self, Raised> {
        let mut activity = pricefloor::Activity::new(name, region, supply.0.clone());
        for (commodity, per_unit) in flows("outputs", Some(outputs))? {
            activity = activity.with_output(&commodity, per_unit);
        }
        for (commodity, per_unit) in flows("inputs", inputs)? {
            activity = activity.with_input(&commodity, per_unit);
        }
        if let Some(owner) = owner {
            activity = activity.owned_by(owner);
        }
        Ok(Self(activity))
    }

    /// Name.
    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    /// Region.
    #[getter]
    fn region(&self) -> &str {
        self.0.region()
    }

    /// The firm that owns it.
    #[getter]
    fn owner(&self) -> &str {
        self.0.owner()
    }

    /// Units of each commodity put out per unit of the level.
    #[getter]
    fn outputs(&self) -> BTreeMap<String, f64> {
        let flows = self.0.outputs().iter();
        flows
            .map(|f| (f.commodity().to_owned(), f.per_unit()))
            .collect()
    }

    /// Units of each commodity taken in per unit of the level.
    #[getter]
    fn inputs(&self) -> BTreeMap<String, f64> {
        let flows = self.0.inputs().iter();
        flows
            .map(|f| (f.commodity().to_owned(), f.per_unit()))
            .collect()
    }

    /// Its supply curve, in units of the level per year.
    #[getter]
    fn supply(&self) -> Supply {
        Supply(self.0.supply().clone())
    }

    /// Reads JSON, in the shape that the Rust crate writes.
    #[staticmethod]
    fn from_json(text: &str) -> Result<Self, Raised> {
        Ok(Self(from_json("activity", text)?))
    }

    /// Writes JSON, in the shape that the Rust crate reads.
    fn to_json(&self) -> Result<String, Raised> {
        to_json("activity", &self.0)
    }

    fn _terms<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, &self.0)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other
            .cast::<Self>()
            .is_ok_and(|other| other.get().0 == self.0)
    }

    fn __repr__(&self) -> String {
        let (name, region) = (self.0.name(), self.0.region());
        format!("Activity({name:?} in {region:?}, {})", self.0.supply())
    }

    fn _repr_html_(&self, py: Python<'_>) -> Result<String, Raised> {
        named_values(py, self.0.name(), &self.0)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> Result<Rebuilt<'py, (String,)>, Raised> {
        let rebuild = py.get_type::<Self>().getattr("from_json")?;
        Ok((rebuild, (self.to_json()?,)))
    }
}

/// Regions, commodities, final demands, activities and routes: the facts, before any measure. It never changes.
///
/// Money is in the market's currency (real terms), quantities in the commodity's unit per year. ``demands`` maps
/// ``(region, commodity)`` to a :class:`Demand`. ``routes`` are mappings as :class:`Route` makes them. ``conducts`` are
/// mappings: firms that reckon with their own effect on prices (``{"firm": ..., "variation": 1.0}``; 0 a price taker, 1
/// Cournot; with ``region`` and ``commodity`` at one node). ``demand_systems`` maps ``(region, name)`` to a
/// :class:`NestedCes` or a :class:`CrossPrice`: a demand for several commodities that stand in for one another.
/// ``public_shares`` are mappings of ``firm``, ``region`` and ``weight``: the weight, from 0 to 1, that a part-public firm
/// gives to the region's surplus.
#[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
#[derive(Clone)]
pub struct Market(pub pricefloor::Market);

#[pymethods]
impl Market {
    #[new]
    #[pyo3(signature = (*, name, price_unit, regions, commodities, demands, activities=None, routes=None,
        conducts=None, demand_systems=None, public_shares=None, quantity_unit="", money_unit=""))]
    #[expect(clippy::too_many_arguments, reason = "keywords in Python")]
    fn new(
        name: &str,
        price_unit: &str,
        regions: &Bound<'_, PyAny>,
        commodities: &Bound<'_, PyAny>,
        demands: &Bound<'_, PyAny>,
        activities: Option<&Bound<'_, PyAny>>,
        routes: Option<&Bound<'_, PyAny>>,
        conducts: Option<&Bound<'_, PyAny>>,
        demand_systems: Option<&Bound<'_, PyAny>>,
        public_shares: Option<&Bound<'_, PyAny>>,
        quantity_unit: &str,
        money_unit: &str,
    ) -> Result<Self, Raised> {
        let mut builder = pricefloor::Market::builder(name, price_unit);
        if !(quantity_unit.is_empty() && money_unit.is_empty()) {
            builder = builder.units(quantity_unit, money_unit);
        }
        for region in read::<Vec<String>>("regions", regions)? {
            builder = builder.region(&region);
        }
        for commodity in read::<Vec<String>>("commodities", commodities)? {
            builder = builder.commodity(&commodity);
        }
        builder = add_demands(builder, demands)?;
        if let Some(activities) = activities {
            for (k, activity) in entries("activities", activities)?.iter().enumerate() {
                builder = builder.activity(match activity.cast::<Activity>() {
                    Ok(activity) => activity.get().0.clone(),
                    Err(_) => read(&format!("activities[{k}]"), activity)?,
                });
            }
        }
        if let Some(routes) = routes {
            for route in read::<Vec<pricefloor::market::Route>>("routes", routes)? {
                builder = builder.add_route(route);
            }
        }
        if let Some(conducts) = conducts {
            for conduct in read::<Vec<Conduct>>("conducts", conducts)? {
                builder = match (&conduct.region, &conduct.commodity) {
                    (Some(region), Some(commodity)) => {
                        builder.conduct_at(&conduct.firm, region, commodity, conduct.variation)
                    }
                    _ => builder.conduct(&conduct.firm, conduct.variation),
                };
            }
        }
        if let Some(systems) = demand_systems {
            builder = add_systems(builder, systems)?;
        }
        if let Some(shares) = public_shares {
            for share in read::<Vec<PublicShare>>("public_shares", shares)? {
                builder = builder.public_share(&share.firm, &share.region, share.weight);
            }
        }
        Ok(Self(builder.build()?))
    }

    /// Name.
    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    /// Unit of prices, a label.
    #[getter]
    fn price_unit(&self) -> &str {
        self.0.price_unit()
    }

    /// Unit of quantities, a label.
    #[getter]
    fn quantity_unit(&self) -> &str {
        self.0.quantity_unit()
    }

    /// Unit of price times quantity, a label.
    #[getter]
    fn money_unit(&self) -> &str {
        self.0.money_unit()
    }

    /// Regions in the order of declaration.
    #[getter]
    fn regions(&self) -> Vec<String> {
        self.0.regions().to_vec()
    }

    /// Commodities in the order of declaration.
    #[getter]
    fn commodities(&self) -> Vec<String> {
        self.0.commodities().to_vec()
    }

    /// Producing activities in the order of declaration.
    #[getter]
    fn activities(&self) -> Vec<Activity> {
        self.0.activities().iter().cloned().map(Activity).collect()
    }

    /// Routes in the order of declaration, as mappings.
    #[getter]
    fn routes<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, &self.0.routes())
    }

    /// The final demand for a commodity in a region; ``None`` where there is none.
    fn demand(&self, region: &str, commodity: &str) -> Option<Demand> {
        self.0.demand(region, commodity).cloned().map(Demand)
    }

    /// Solves the market under a policy; under none when it is left out.
    ///
    /// Raises :class:`PolicyError` when a measure does not fit, :class:`IllPosedError` when the question has no answer,
    /// :class:`UnsolvedError` when no equilibrium was found.
    #[pyo3(signature = (policy=None))]
    fn solve(
        slf: &Bound<'_, Self>,
        policy: Option<Bound<'_, Policy>>,
    ) -> Result<Equilibrium, Raised> {
        let py = slf.py();
        let policy = match policy {
            Some(policy) => policy.unbind(),
            None => Py::new(py, Policy::default())?,
        };
        let (market, terms) = (&slf.get().0, &policy.get().0);
        let solved = listening(py, || market.solve(terms))??;
        Ok(Equilibrium::new(solved, slf.clone().unbind(), policy))
    }

    /// Compiles the market with a policy, to be solved many times with changed numbers.
    #[pyo3(signature = (policy=None))]
    fn compile(
        slf: &Bound<'_, Self>,
        policy: Option<Bound<'_, Policy>>,
    ) -> Result<Compiled, Raised> {
        let policy = match policy {
            Some(policy) => policy.unbind(),
            None => Py::new(slf.py(), Policy::default())?,
        };
        Compiled::new(slf.py(), slf.clone().unbind(), policy)
    }

    /// Reads JSON, in the shape that the Rust crate writes.
    #[staticmethod]
    fn from_json(text: &str) -> Result<Self, Raised> {
        // the facts first: what is wrong with a market is then an error of the market
        let builder: MarketBuilder = from_json("market", text)?;
        Ok(Self(builder.build()?))
    }

    /// Writes JSON, in the shape that the Rust crate reads.
    fn to_json(&self) -> Result<String, Raised> {
        to_json("market", &self.0)
    }

    fn _terms<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, &self.0)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other
            .cast::<Self>()
            .is_ok_and(|other| other.get().0 == self.0)
    }

    fn __repr__(&self) -> String {
        format!(
            "Market({:?}: {} regions, {} commodities, {} activities, {} routes; prices in {})",
            self.0.name(),
            self.0.regions().len(),
            self.0.commodities().len(),
            self.0.activities().len(),
            self.0.routes().len(),
            self.0.price_unit()
        )
    }

    fn _repr_html_(&self, py: Python<'_>) -> Result<String, Raised> {
        named_values(py, self.0.name(), &self.0)
    }

    fn __copy__(&self) -> Self {
        self.clone()
    }

    fn __deepcopy__(&self, _memo: &Bound<'_, PyAny>) -> Self {
        self.clone()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> Result<Rebuilt<'py, (String,)>, Raised> {
        let rebuild = py.get_type::<Self>().getattr("from_json")?;
        Ok((rebuild, (self.to_json()?,)))
    }
}

/// A firm that reckons with its own effect on prices, as a market's file says it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Conduct {
    firm: String,
    variation: f64,
    #[serde(default)]
    region: Option<String>,
    #[serde(default)]
    commodity: Option<String>,
}

/// A firm that is part public, as a market's file says it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct PublicShare {
    firm: String,
    region: String,
    weight: f64,
}

fn add_systems(
    mut builder: MarketBuilder,
    systems: &Bound<'_, PyAny>,
) -> Result<MarketBuilder, Raised> {
    let rule = "demand_systems must be a dict from (region, name) to NestedCes or CrossPrice";
    let Ok(dict) = systems.cast::<PyDict>() else {
        return Err(Raised::input(rule, "demand_systems"));
    };
    for (key, system) in dict {
        let Ok((region, name)) = key.extract::<(String, String)>() else {
            return Err(Raised::input(rule, "demand_systems"));
        };
        let Ok(record) = system.cast::<Record>() else {
            return Err(Raised::input(
                rule,
                &format!("demand_systems.{region}.{name}"),
            ));
        };
        builder = match record.get().kind_name() {
            "NestedCes" => builder.demand_system(&region, &name, record.get().take::<NestedCes>()?),
            "CrossPrice" => {
                builder.demand_system(&region, &name, record.get().take::<CrossPrice>()?)
            }
            _ => {
                return Err(Raised::input(
                    rule,
                    &format!("demand_systems.{region}.{name}"),
                ));
            }
        };
    }
    Ok(builder)
}

fn entries<'py>(what: &str, given: &Bound<'py, PyAny>) -> Result<Vec<Bound<'py, PyAny>>, Raised> {
    let entries = given
        .try_iter()
        .map_err(|cause| Raised::input(&format!("{what} must be a list"), what).because(cause))?;
    entries
        .collect::<PyResult<_>>()
        .map_err(|cause| crate::plain::failed(given.py(), what, cause))
}

fn add_demands(
    mut builder: MarketBuilder,
    demands: &Bound<'_, PyAny>,
) -> Result<MarketBuilder, Raised> {
    let rule = "demands must be a dict from (region, commodity) to Demand";
    let Ok(dict) = demands.cast::<PyDict>() else {
        return Err(Raised::input(rule, "demands"));
    };
    for (key, demand) in dict {
        let place = key
            .cast::<PyTuple>()
            .ok()
            .and_then(|key| key.extract::<(String, String)>().ok());
        let Some((region, commodity)) = place else {
            let message = format!("{rule}; a key is {}", key.repr()?);
            return Err(Raised::input(&message, "demands"));
        };
        let place = format!("demand for {commodity} in {region}");
        let demand = match demand.cast::<Demand>() {
            Ok(demand) => demand.get().0.clone(),
            Err(_) => read(&place, &demand)?,
        };
        builder = builder.demand(&region, &commodity, demand);
    }
    Ok(builder)
}
