//! Valuation: present values, rates of return, option prices, what an instrument gives.

use pricefloor::finance::{self, Black76, BlackScholes, Note, Preferred};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::plain::{read, show};
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
