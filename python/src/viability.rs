//! Price paths, cash flows and studies of a producer.

use numpy::PyReadonlyArray3;
use pricefloor::finance::{Capital, Covered, Outcome, PeriodFlow, Producer, Project};
use pricefloor::stochastic::{
    Basket, GeometricBrownian, MeanReverting, PriceSource, RegimeSwitching, SchwartzSmith,
    Simulation,
};
use pricefloor::viability as core;
use pyo3::exceptions::PyAttributeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::attend::{Stoppable, attentive};
use crate::columns::Columns;
use crate::plain::{Rebuilt, from_json, read, show, to_json};
use crate::raised::Raised;
use crate::record::Record;
use crate::report::named_values;
use crate::simulation::{DrawnPrices, MarketPrices};

/// A process of a record, or prices out of a market.
pub fn source_of(process: &Bound<'_, PyAny>) -> Result<Box<dyn PriceSource>, Raised> {
    if let Ok(prices) = process.cast::<MarketPrices>() {
        return Ok(Box::new(prices.get().source(process.py())?));
    }
    let Ok(record) = process.cast::<Record>() else {
        let message = "process must be a price process or MarketPrices";
        return Err(Raised::input(message, "process"));
    };
    process_of(record.get())
}

/// A process, prices out of a market, or an array of paths that was drawn before.
pub fn paths_of(process: &Bound<'_, PyAny>, paths: usize) -> Result<Box<dyn PriceSource>, Raised> {
    match process.extract::<PyReadonlyArray3<'_, f64>>() {
        Ok(prices) => Ok(Box::new(DrawnPrices::new(&prices, paths)?)),
        Err(_) => source_of(process),
    }
}

/// The process that a record says.
pub fn process_of(record: &Record) -> Result<Box<dyn PriceSource>, Raised> {
    Ok(match record.kind_name() {
        "GeometricBrownian" => Box::new(record.take::<GeometricBrownian>()?),
        "MeanReverting" => Box::new(record.take::<MeanReverting>()?),
        "SchwartzSmith" => Box::new(record.take::<SchwartzSmith>()?),
        "RegimeSwitching" => Box::new(record.take::<RegimeSwitching>()?),
        "Basket" => Box::new(record.take::<Basket>()?),
        other => {
            let message = format!("a {other} is not a price process");
            return Err(Raised::input(&message, "process"));
        }
    })
}

/// What a study finds, case by case.
#[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
pub struct Findings(core::Findings);

#[pymethods]
impl Findings {
    /// Number of paths.
    #[getter]
    fn paths(&self) -> usize {
        self.0.paths()
    }

    /// Names of the cases, in the order of the study.
    #[getter]
    fn cases(&self) -> Vec<String> {
        let cases = self.0.cases().iter();
        cases.map(|case| case.name().to_owned()).collect()
    }

    /// One case.
    fn case(&self, name: &str) -> Result<CaseFindings, Raised> {
        Ok(CaseFindings(self.0.case(name)?.clone()))
    }

    /// The cases side by side. Money is in present values, shares are fractions of the paths.
    #[getter]
    fn table<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        let cases = self.0.cases();
        let each = |of: fn(&core::CaseFindings) -> f64| cases.iter().map(of);
        Columns::new(py)
            .text("case", cases.iter().map(core::CaseFindings::name))?
            .numbers(
                "grows",
                "",
                each(|c| f64::from(u8::from(c.growth().taken()))),
            )?
            .numbers("out_of_cash", "", each(core::CaseFindings::out_of_cash))?
            .numbers("owners_npv", "money", each(core::CaseFindings::owners_npv))?
            .numbers("expected_cost", "money", each(|c| c.expected_cost().mean()))?
            .numbers(
                "tail_cost",
                "money",
                each(|c| c.expected_cost().upper_tail()),
            )?
            .numbers("stake_paid", "money", each(core::CaseFindings::stake_paid))?
            .numbers("stake_value", "money", each(|c| c.stake_value().mean()))?
            .numbers("sponsor_npv", "money", each(|c| c.sponsor_npv().mean()))?
            .table()
    }

    /// Reads JSON, in the shape that the Rust crate writes.
    #[staticmethod]
    fn from_json(text: &str) -> Result<Self, Raised> {
        Ok(Self(from_json("findings", text)?))
    }

    /// Writes JSON, in the shape that the Rust crate reads.
    fn to_json(&self) -> Result<String, Raised> {
        to_json("findings", &self.0)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other
            .cast::<Self>()
            .is_ok_and(|other| other.get().0 == self.0)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        slf.getattr("table")?.repr()?.extract()
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        slf.getattr("table")?.call_method0("_repr_html_")?.extract()
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> Result<Rebuilt<'py, (String,)>, Raised> {
        let rebuild = py.get_type::<Self>().getattr("from_json")?;
        Ok((rebuild, (self.to_json()?,)))
    }
}

/// What a study finds for one case. Money is nominal; present values are in money of the start. Beside the properties
/// below it has what :meth:`terms` lists, each as an attribute.
#[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
pub struct CaseFindings(core::CaseFindings);

#[pymethods]
impl CaseFindings {
    /// Name of the case.
    #[getter]
    fn name(&self) -> &str {
        self.0.name()
    }

    /// Net present value for the owners: what they receive less what they leave in the firm.
    #[getter]
    fn owners_npv(&self) -> f64 {
        self.0.owners_npv()
    }

    /// Probability of running out of cash within the timeline.
    #[getter]
    fn out_of_cash(&self) -> f64 {
        self.0.out_of_cash()
    }

    /// The same by the end of each year.
    #[getter]
    fn out_of_cash_by_year(&self) -> Vec<f64> {
        self.0.out_of_cash_by_year().to_vec()
    }

    /// Present value of contract payments under the drift given: mean, spread and quantiles. Not a fair value.
    #[getter]
    fn expected_cost<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, self.0.expected_cost())
    }

    /// Present value of what the sponsor receives on its securities.
    #[getter]
    fn stake_value<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, self.0.stake_value())
    }

    /// Everything, as in files.
    fn terms<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, &self.0)
    }

    fn __getattr__<'py>(slf: &Bound<'py, Self>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let terms = slf.get().terms(slf.py()).map_err(PyErr::from)?;
        let found = terms.cast::<PyDict>()?.get_item(name)?;
        found.ok_or_else(|| {
            PyAttributeError::new_err(format!("the findings of a case have no {name:?}"))
        })
    }

    fn __repr__(&self) -> String {
        let (name, cost) = (self.0.name(), self.0.expected_cost().mean());
        let failed = self.0.out_of_cash();
        format!("CaseFindings({name:?}: out of cash {failed:.4}, expected cost {cost:.4})")
    }

    fn _repr_html_(&self, py: Python<'_>) -> Result<String, Raised> {
        named_values(py, self.0.name(), &self.0)
    }

    #[staticmethod]
    fn _from_json(text: &str) -> Result<Self, Raised> {
        Ok(Self(from_json("findings of a case", text)?))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let same = |other: &Bound<'_, Self>| other.get().0 == self.0;
        other.cast::<Self>().is_ok_and(same)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> Result<Rebuilt<'py, (String,)>, Raised> {
        let rebuild = py.get_type::<Self>().getattr("_from_json")?;
        Ok((rebuild, (to_json("findings of a case", &self.0)?,)))
    }
}

/// Walks all cases of a study over the same price paths: those of a process, or an array of them that was drawn before
/// with the same simulation at the study's times.
#[pyfunction]
pub fn walk_study(
    py: Python<'_>,
    study: PyRef<'_, Record>,
    process: &Bound<'_, PyAny>,
    simulation: PyRef<'_, Record>,
) -> Result<Findings, Raised> {
    let study: core::Study = study.take()?;
    let simulation: Simulation = simulation.take()?;
    let source = paths_of(process, simulation.paths())?;
    let findings = attentive(py, |stop| {
        let source = Stoppable {
            source: source.as_ref(),
            stop,
        };
        study.run(&source, simulation)
    })??;
    Ok(Findings(findings))
}

/// The constant price at which the project just earns its discount rate in a case: a number, or which extreme holds.
#[pyfunction]
pub fn break_even<'py>(
    py: Python<'py>,
    study: PyRef<'py, Record>,
    case: &str,
) -> Result<Bound<'py, PyAny>, Raised> {
    let study: core::Study = study.take()?;
    show(py, &study.break_even(case)?)
}

/// How long the cash of a case lasts at a constant price: years, or to the end.
#[pyfunction]
pub fn runway<'py>(
    py: Python<'py>,
    study: PyRef<'py, Record>,
    case: &str,
    price: f64,
) -> Result<Bound<'py, PyAny>, Raised> {
    let study: core::Study = study.take()?;
    show(py, &study.runway(case, price)?)
}

/// The cash flow of a project with its capital and contracts at given prices, as a table of one row a period, and
/// whether the firm met every payment.
#[pyfunction]
pub fn cash_flow<'py>(
    py: Python<'py>,
    project: PyRef<'py, Record>,
    capital: PyRef<'py, Record>,
    contracts: &Bound<'py, PyAny>,
    prices: &Bound<'py, PyAny>,
    grow: bool,
) -> Result<(Bound<'py, PyAny>, bool), Raised> {
    let contracts: Vec<Covered> = read("contracts", contracts)?;
    let project: Project = project.take()?;
    let producer = Producer::new(&project, &capital.take::<Capital>()?, &contracts)?;
    let flow = producer.cash_flow(&read::<Vec<f64>>("prices", prices)?, grow)?;
    let periods = flow.periods();
    let each = |of: fn(&PeriodFlow) -> f64| periods.iter().map(of);
    let table = Columns::new(py)
        .numbers("output", "", each(PeriodFlow::output))?
        .numbers("sales", "money", each(PeriodFlow::sales))?
        .numbers("contract", "money", each(PeriodFlow::contract))?
        .numbers("operating_cost", "money", each(PeriodFlow::operating_cost))?
        .numbers("overhead", "money", each(PeriodFlow::overhead))?
        .numbers("tax", "money", each(PeriodFlow::tax))?
        .numbers(
            "sustaining_capex",
            "money",
            each(PeriodFlow::sustaining_capex),
        )?
        .numbers("growth_capex", "money", each(PeriodFlow::growth_capex))?
        .numbers("free_cash", "money", each(PeriodFlow::free_cash))?
        .numbers("closing_cash", "money", each(PeriodFlow::closing_cash))?
        .table()?;
    Ok((table, flow.outcome() == Outcome::Solvent))
}
