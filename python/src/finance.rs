//! Valuation: present values, rates of return, option prices, what an instrument gives.

use pricefloor::finance::{
    self, Black76, BlackScholes, CapTable as Core, DatedFlow, Holding, ModifiedRates, Note,
    Preferred,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::columns::Columns;
use crate::plain::{Rebuilt, from_json, read, show, to_json};
use crate::raised::Raised;
use crate::record::Record;

/// Net present value of flows at the ends of periods 0, 1, 2, ... at an effective rate a period.
#[pyfunction]
pub fn npv(rate: f64, flows: &Bound<'_, PyAny>) -> Result<f64, Raised> {
    Ok(finance::npv(rate, &read::<Vec<f64>>("flows", flows)?)?)
}

/// Internal rates of return of flows at the ends of periods: one, several, or why there is none.
#[pyfunction]
pub fn irr<'py>(py: Python<'py>, flows: &Bound<'py, PyAny>) -> Result<Bound<'py, PyAny>, Raised> {
    show(py, &finance::irr(&read::<Vec<f64>>("flows", flows)?)?)
}

/// Net present value of dated flows at an effective rate a year: each of ``flows`` is ``years`` and an ``amount``.
#[pyfunction]
pub fn dated_npv(rate: f64, flows: &Bound<'_, PyAny>) -> Result<f64, Raised> {
    Ok(finance::dated_npv(
        rate,
        &read::<Vec<DatedFlow>>("flows", flows)?,
    )?)
}

/// Internal rates of return of dated flows, a year: one, several, or why there is none.
#[pyfunction]
pub fn dated_irr<'py>(
    py: Python<'py>,
    flows: &Bound<'py, PyAny>,
) -> Result<Bound<'py, PyAny>, Raised> {
    show(
        py,
        &finance::dated_irr(&read::<Vec<DatedFlow>>("flows", flows)?)?,
    )
}

/// Modified internal rate of return a period: outlays financed at the rate ``finance``, receipts reinvested at the rate
/// ``reinvestment``. ``None`` where there is no outlay or no receipt.
#[pyfunction]
#[pyo3(signature = (flows, *, finance, reinvestment))]
pub fn modified_irr(
    flows: &Bound<'_, PyAny>,
    finance: f64,
    reinvestment: f64,
) -> Result<Option<f64>, Raised> {
    let rates = ModifiedRates {
        finance,
        reinvestment,
    };
    let flows: Vec<f64> = read("flows", flows)?;
    Ok(pricefloor::finance::modified_irr(rates, &flows)?)
}

/// Prices and derivatives of a `Black76` or `BlackScholes` option, money per unit: `call`, `put`, `call_delta`,
/// `put_delta`, `gamma`, `vega`.
#[pyfunction]
pub fn option<'py>(
    py: Python<'py>,
    terms: PyRef<'py, Record>,
) -> Result<Bound<'py, PyDict>, Raised> {
    macro_rules! values {
        ($option:expr) => {{
            let option = $option;
            [
                ("call", option.call()),
                ("put", option.put()),
                ("call_delta", option.call_delta()),
                ("put_delta", option.put_delta()),
                ("gamma", option.gamma()),
                ("vega", option.vega()),
            ]
        }};
    }
    let values = match terms.kind_name() {
        "Black76" => values!(terms.take::<Black76>()?),
        "BlackScholes" => values!(terms.take::<BlackScholes>()?),
        other => {
            let message = format!("a {other} is not an option");
            return Err(Raised::input(&message, "terms"));
        }
    };
    let dict = PyDict::new(py);
    for (name, value) in values {
        dict.set_item(name, value)?;
    }
    Ok(dict)
}

/// What a `Preferred` or a `Note` is worth to its holder after some years, by its terms: `owed` (stated value with what
/// has accreted, or face), and `shares` it converts into.
#[pyfunction]
pub fn claim<'py>(
    py: Python<'py>,
    instrument: PyRef<'py, Record>,
    years: f64,
) -> Result<Bound<'py, PyDict>, Raised> {
    let (owed, shares) = match instrument.kind_name() {
        "Preferred" => {
            let preferred: Preferred = instrument.take()?;
            (
                preferred.accreted(years),
                preferred.conversion_shares(years),
            )
        }
        "Note" => {
            let note: Note = instrument.take()?;
            (note.owed(years), note.shares())
        }
        other => {
            let message = format!("a {other} is neither preferred shares nor a note");
            return Err(Raised::input(&message, "instrument"));
        }
    };
    let dict = PyDict::new(py);
    dict.set_item("owed", owed)?;
    dict.set_item("shares", shares)?;
    Ok(dict)
}

/// Shares by holder and security. Percentages are of the count in the table, so that of the count before a transaction and
/// that of the enlarged count come from two tables.
///
/// ``holdings`` are mappings of ``holder``, ``security``, ``shares`` (common shares, or those that it can become) and
/// ``basis``: ``"Reported"``, or ``"Derived"`` where the count was worked out from other figures.
#[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
pub struct CapTable(Core);

#[pymethods]
impl CapTable {
    #[new]
    fn new(holdings: &Bound<'_, PyAny>) -> Result<Self, Raised> {
        Ok(Self(Core::new(read::<Vec<Holding>>(
            "holdings", holdings,
        )?)?))
    }

    /// The table after one more issue.
    #[pyo3(signature = (*, holder, security, shares, basis=None))]
    fn with_holding(
        &self,
        holder: &str,
        security: &str,
        shares: f64,
        basis: Option<&Bound<'_, PyAny>>,
    ) -> Result<Self, Raised> {
        let basis = basis.map(|basis| read("basis", basis)).transpose()?;
        Ok(Self(self.0.with(Holding {
            holder: holder.to_owned(),
            security: security.to_owned(),
            shares,
            basis: basis.unwrap_or_default(),
        })?))
    }

    /// All shares in the table.
    #[getter]
    fn total(&self) -> f64 {
        self.0.total()
    }

    /// Shares of one holder, over all securities.
    fn shares_of(&self, holder: &str) -> Result<f64, Raised> {
        Ok(self.0.shares_of(holder)?)
    }

    /// The holder's fraction of the count in this table.
    fn share_of(&self, holder: &str) -> Result<f64, Raised> {
        Ok(self.0.share_of(holder)?)
    }

    /// The rows, with each one's fraction of the count.
    #[getter]
    fn table<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        let (rows, total) = (self.0.rows(), self.0.total());
        Columns::new(py)
            .text("holder", rows.iter().map(|row| &row.holder))?
            .text("security", rows.iter().map(|row| &row.security))?
            .numbers("shares", "", rows.iter().map(|row| row.shares))?
            .numbers("fraction", "", rows.iter().map(|row| row.shares / total))?
            .text("basis", rows.iter().map(|row| format!("{:?}", row.basis)))?
            .table()
    }

    /// Reads JSON, in the shape that the Rust crate writes.
    #[staticmethod]
    fn from_json(text: &str) -> Result<Self, Raised> {
        Ok(Self(from_json("cap table", text)?))
    }

    /// Writes JSON, in the shape that the Rust crate reads.
    fn to_json(&self) -> Result<String, Raised> {
        to_json("cap table", &self.0)
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

/// The count of shares before a stake that a `StatedStake` implies, in whole shares: shares / fraction.
#[pyfunction]
pub fn implied_count(stake: PyRef<'_, Record>) -> Result<f64, Raised> {
    Ok(stake.take::<finance::StatedStake>()?.implied_count()?)
}
