//! Security of supply: concentration, reliance, what is lost when a supplier fails.

use pricefloor::ledger::{
    Concentration as Core, Disruption as Halted, Outage, Risk, SecurityError, ShortRun,
};
use pyo3::prelude::*;

use crate::columns::Columns;
use crate::plain::{Rebuilt, from_json, read, show, to_json};
use crate::raised::Raised;

impl From<SecurityError> for Raised {
    fn from(error: SecurityError) -> Self {
        let message = error.to_string();
        match error {
            SecurityError::Ledger(inner) => inner.into(),
            SecurityError::Solve { source, .. } => (*source).into(),
            SecurityError::Unknown { name, .. } => {
                Self::new("InputError", &message, Some(&name), None)
            }
            _ => Self::new("InputError", &message, None, None),
        }
    }
}

/// The shares of suppliers in a whole. ``suppliers`` maps names to quantities, in one unit; percentages will do.
#[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
pub struct Concentration(Core);

#[pymethods]
impl Concentration {
    #[new]
    #[pyo3(signature = (*, of, suppliers))]
    fn new(of: &str, suppliers: &Bound<'_, PyAny>) -> Result<Self, Raised> {
        let quantities: Vec<(String, f64)> = match suppliers.call_method0("items") {
            Ok(items) => read("suppliers", &items)?,
            Err(_) => return Err(Raised::input("suppliers is not a mapping", "suppliers")),
        };
        let each = quantities.iter().map(|(name, q)| (name.as_str(), *q));
        Ok(Self(Core::new(of, each)?))
    }

    /// The Herfindahl-Hirschman index, 0 to 10,000.
    #[getter]
    fn herfindahl(&self) -> f64 {
        self.0.herfindahl()
    }

    /// How many suppliers of equal size would be as concentrated.
    #[getter]
    fn effective_number(&self) -> f64 {
        self.0.effective_number()
    }

    /// The whole, in the unit of the quantities.
    #[getter]
    fn total(&self) -> f64 {
        self.0.total()
    }

    /// The largest supplier.
    #[getter]
    fn largest(&self) -> &str {
        self.0.largest().name()
    }

    /// A supplier's share, as a fraction.
    fn share(&self, supplier: &str) -> Result<f64, Raised> {
        Ok(self.0.share(supplier)?)
    }

    /// The share of the largest few together, as a fraction.
    fn share_of_largest(&self, count: usize) -> f64 {
        self.0.share_of_largest(count)
    }

    /// The shares after one supplier has merged with another.
    fn merged(&self, one: &str, other: &str) -> Result<Self, Raised> {
        Ok(Self(self.0.merged(one, other)?))
    }

    /// One row a supplier.
    #[getter]
    fn table<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        let (suppliers, total) = (self.0.suppliers(), self.0.total());
        let quantities = suppliers.iter().map(|supplier| supplier.quantity());
        Columns::new(py)
            .text("supplier", suppliers.iter().map(|supplier| supplier.name()))?
            .numbers("quantity", "", quantities.clone())?
            .numbers("share", "", quantities.map(|quantity| quantity / total))?
            .table()
    }

    /// Reads JSON, in the shape that the Rust crate writes.
    #[staticmethod]
    fn from_json(text: &str) -> Result<Self, Raised> {
        Ok(Self(from_json("concentration", text)?))
    }

    /// Writes JSON, in the shape that the Rust crate reads.
    fn to_json(&self) -> Result<String, Raised> {
        to_json("concentration", &self.0)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let same = |other: &Bound<'_, Self>| other.get().0 == self.0;
        other.cast::<Self>().is_ok_and(same)
    }

    fn __repr__(&self) -> String {
        self.0.to_string()
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        slf.getattr("table")?.call_method0("_repr_html_")?.extract()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> Result<Rebuilt<'py, (String,)>, Raised> {
        let rebuild = py.get_type::<Self>().getattr("from_json")?;
        Ok((rebuild, (self.to_json()?,)))
    }
}

/// Terms of an outage and of the months after it, as they stand in files.
pub fn outage_of(supplier: &str, commodity: &str, of: &str, share: f64) -> Result<Outage, Raised> {
    let outage = match of {
        "production" => Outage::production(supplier, commodity),
        "exports" => Outage::exports(supplier, commodity),
        other => {
            let message = format!("of is {other:?}; it must be \"production\" or \"exports\"");
            return Err(Raised::input(&message, "of"));
        }
    };
    Ok(outage.share(share))
}

/// Elasticities of the short run and the prices at which buyers give up.
pub fn short_run_of(
    demand: f64,
    supply: f64,
    supply_in: Option<&Bound<'_, PyAny>>,
    backstops: &Bound<'_, PyAny>,
) -> Result<ShortRun, Raised> {
    let pairs = |what: &str, given: &Bound<'_, PyAny>| -> Result<Vec<(String, f64)>, Raised> {
        match given.call_method0("items") {
            Ok(items) => read(what, &items),
            Err(_) => Err(Raised::input(&format!("{what} is not a mapping"), what)),
        }
    };
    let mut terms = ShortRun::new(demand, supply);
    for (region, elasticity) in
        supply_in.map_or(Ok(Vec::new()), |given| pairs("supply_in", given))?
    {
        terms = terms.supply_in(&region, elasticity);
    }
    for (commodity, price) in pairs("backstops", backstops)? {
        terms = terms.backstop(&commodity, price);
    }
    Ok(terms)
}

/// A supplier's failure, from the short-run market with and without it. Losses are rates: money per year of disruption, in
/// prices of ordinary times.
#[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
pub struct Disruption(pub Halted);

#[pymethods]
impl Disruption {
    /// The output or exports that stop, units per year.
    #[getter]
    fn lost(&self) -> f64 {
        self.0.lost()
    }

    /// What the world loses, money per year of disruption.
    #[getter]
    fn world_loss(&self) -> f64 {
        self.0.world_loss()
    }

    /// What everyone in a region loses, money per year of disruption; negative for a region that gains.
    fn loss(&self, region: &str) -> Result<f64, Raised> {
        Ok(self.0.loss(region)?)
    }

    /// What a region can expect to lose in a year: probability times duration times the loss.
    #[pyo3(signature = (region, *, probability, years))]
    fn expected_loss(&self, region: &str, probability: f64, years: f64) -> Result<f64, Raised> {
        Ok(self.0.expected_loss(region, Risk { probability, years })?)
    }

    /// Every final demand: prices before and after, what is wanted, served and unmet.
    #[getter]
    fn shortages<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        let rows = self.0.shortages();
        Columns::new(py)
            .text("region", rows.iter().map(|row| row.region()))?
            .text("commodity", rows.iter().map(|row| row.commodity()))?
            .numbers(
                "price_before",
                "",
                rows.iter().map(|row| row.price_before()),
            )?
            .numbers("price", "", rows.iter().map(|row| row.price()))?
            .numbers("wanted", "", rows.iter().map(|row| row.wanted()))?
            .numbers("served", "", rows.iter().map(|row| row.served()))?
            .numbers("unmet", "", rows.iter().map(|row| row.unmet()))?
            .table()
    }

    /// Everything, as in files.
    fn terms<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, &self.0)
    }

    /// Reads JSON, in the shape that the Rust crate writes.
    #[staticmethod]
    fn from_json(text: &str) -> Result<Self, Raised> {
        Ok(Self(from_json("disruption", text)?))
    }

    /// Writes JSON, in the shape that the Rust crate reads.
    fn to_json(&self) -> Result<String, Raised> {
        to_json("disruption", &self.0)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let same = |other: &Bound<'_, Self>| other.get().0 == self.0;
        other.cast::<Self>().is_ok_and(same)
    }

    fn __repr__(&self) -> String {
        let (supplier, commodity) = (self.0.outage().supplier(), self.0.outage().commodity());
        let lost = self.0.lost();
        format!("Disruption({commodity:?} of {supplier:?}: {lost:.4} a year stop)")
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        let table = slf.getattr("shortages")?;
        table.call_method0("_repr_html_")?.extract()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> Result<Rebuilt<'py, (String,)>, Raised> {
        let rebuild = py.get_type::<Self>().getattr("from_json")?;
        Ok((rebuild, (self.to_json()?,)))
    }
}

/// The regions at every stage, one row each: quantities and reliance on imports.
pub fn supply_table<'py>(
    py: Python<'py>,
    security: &pricefloor::ledger::SupplySecurity,
    unit: &str,
) -> Result<Bound<'py, PyAny>, Raised> {
    let rows: Vec<_> = security
        .stages()
        .iter()
        .flat_map(|stage| stage.regions().iter().map(move |row| (stage, row)))
        .collect();
    let index = |concentration: Option<&Core>| concentration.map_or(f64::NAN, Core::herfindahl);
    Columns::new(py)
        .text("commodity", rows.iter().map(|(stage, _)| stage.commodity()))?
        .text("region", rows.iter().map(|(_, row)| row.region()))?
        .numbers("made", unit, rows.iter().map(|(_, row)| row.made()))?
        .numbers("used", unit, rows.iter().map(|(_, row)| row.used()))?
        .numbers(
            "net_imports",
            unit,
            rows.iter().map(|(_, row)| row.net_imports()),
        )?
        .numbers(
            "import_reliance",
            "",
            rows.iter()
                .map(|(_, row)| row.import_reliance().unwrap_or(f64::NAN)),
        )?
        .numbers(
            "herfindahl",
            "",
            rows.iter().map(|(_, row)| index(row.sources())),
        )?
        .table()
}

/// The shares of those who make a commodity.
pub fn origins(
    security: &pricefloor::ledger::SupplySecurity,
    commodity: &str,
) -> Result<Option<Concentration>, Raised> {
    let stage = security.stage(commodity)?;
    Ok(stage.origins().cloned().map(Concentration))
}
