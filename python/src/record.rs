//! Terms that are checked by the crate and kept as they stand in files: projects, instruments, price processes, studies.

use pricefloor::curve::{CrossPrice, NestedCes};
use pricefloor::finance::{
    Black76, Black76Terms, BlackScholes, BlackScholesTerms, Capital, CapitalTerms, Common,
    CommonTerms, Conversion, ConversionTerms, Covered, Grant, GrantTerms, Guarantee,
    GuaranteeTerms, Loan, LoanTerms, Note, NoteTerms, Preferred, PreferredTerms, PriceContract,
    PriceContractTerms, Project, ProjectTerms, Revolver, RevolverTerms, RoyaltySale,
    RoyaltySaleTerms, Security, StatedStake, Stream, StreamTerms, Timeline, TimelineTerms, Warrant,
    WarrantTerms,
};
use pricefloor::horizon::{Horizon, HorizonBuilder};
use pricefloor::intervention::Measure;
use pricefloor::market::Route;
use pricefloor::rivalry::{FreeEntry, Leader, LimitPricing, Predation, ReplyGame};
use pricefloor::stochastic::{
    Basket, BasketTerms, GeometricBrownian, GeometricBrownianTerms, MeanReverting,
    MeanRevertingTerms, RegimeSwitching, RegimeSwitchingTerms, SchwartzSmith, SchwartzSmithTerms,
    Simulation,
};
use pricefloor::storage::{
    Outlook, RegimeTerms, Stockpile, StockpileTerms, StorageTerms, TradeTerms,
};
use pricefloor::viability::{Case, EntryExitTerms, Mine, MineTerms, Study, StudyTerms};
use pyo3::exceptions::PyAttributeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::plain::{Rebuilt, from_json, read, show, to_json};
use crate::raised::Raised;
use crate::report::named_values;
use crate::schema::{Shape, Trace, explore};

/// Lists the kinds, by the module of the Python package: `Name` is read and checked at once, `Name by Terms` (or
/// `Name built of Builder`) is read as its terms and then made of them, so that what is wrong is an error of its own type;
/// `Name tried by method` is refused where the method is.
macro_rules! kinds {
    ($($module:literal { $($name:ident $(by $terms:ident)? $(built of $parts:ident)? $(tried by $trial:ident)?),* $(,)? })*) => {
        fn check(kind: &str, given: &Bound<'_, PyDict>) -> Result<Value, Raised> {
            match kind {
                $($(stringify!($name) => kinds!(@make kind, given, $name $(by $terms)? $(built of $parts)? $(tried by $trial)?),)*)*
                _ => Err(Raised::input(&format!("there is no kind {kind:?}"), "kind")),
            }
        }

        fn read_text(kind: &str, text: &str) -> Result<Value, Raised> {
            match kind {
                $($(stringify!($name) => store(kind, &from_json::<$name>(kind, text)?),)*)*
                _ => Err(Raised::input(&format!("there is no kind {kind:?}"), "kind")),
            }
        }

        fn roots(module: &str, trace: &mut Trace) -> Vec<(&'static str, Shape)> {
            match module {
                $($module => vec![$((stringify!($name), explore::<$name>(trace)),)*],)*
                _ => Vec::new(),
            }
        }
    };
    (@make $kind:ident, $given:ident, $name:ident by $terms:ident) => {{
        let terms: $terms = read($kind, $given.as_any())?;
        store($kind, &$name::new(terms)?)
    }};
    (@make $kind:ident, $given:ident, $name:ident built of $terms:ident) => {{
        let terms: $terms = read($kind, $given.as_any())?;
        store($kind, &terms.build()?)
    }};
    (@make $kind:ident, $given:ident, $name:ident tried by $trial:ident) => {{
        let checked: $name = read($kind, $given.as_any())?;
        checked.$trial()?;
        store($kind, &checked)
    }};
    (@make $kind:ident, $given:ident, $name:ident) => {{
        let checked: $name = read($kind, $given.as_any())?;
        store($kind, &checked)
    }};
}

kinds! {
    "finance" {
        Timeline by TimelineTerms,
        Project by ProjectTerms,
        Capital by CapitalTerms,
        PriceContract by PriceContractTerms,
        Covered,
        Common by CommonTerms,
        Preferred by PreferredTerms,
        Note by NoteTerms,
        Conversion by ConversionTerms,
        Warrant by WarrantTerms,
        Security,
        Black76 by Black76Terms,
        BlackScholes by BlackScholesTerms,
        Grant by GrantTerms,
        Guarantee by GuaranteeTerms,
        Loan by LoanTerms,
        Revolver by RevolverTerms,
        RoyaltySale by RoyaltySaleTerms,
        Stream by StreamTerms,
        StatedStake tried by implied_count,
    }
    "demand" {
        NestedCes,
        CrossPrice,
    }
    "horizon" {
        Horizon built of HorizonBuilder,
    }
    "rivalry" {
        Leader,
        FreeEntry,
        ReplyGame,
        Predation,
        LimitPricing,
    }
    "stochastic" {
        GeometricBrownian by GeometricBrownianTerms,
        MeanReverting by MeanRevertingTerms,
        SchwartzSmith by SchwartzSmithTerms,
        RegimeSwitching by RegimeSwitchingTerms,
        Basket by BasketTerms,
        Simulation,
    }
    "storage" {
        StorageTerms,
        RegimeTerms,
        TradeTerms,
        Stockpile by StockpileTerms,
        Outlook,
    }
    "viability" {
        Case,
        Study by StudyTerms,
        Mine by MineTerms,
        EntryExitTerms,
    }
}

fn store<T: serde::Serialize>(kind: &str, value: &T) -> Result<Value, Raised> {
    serde_json::to_value(value).map_err(|error| Raised::input(&format!("{kind}: {error}"), kind))
}

/// Checked terms. Made by one of the classes of :mod:`pricefloor.finance`, :mod:`pricefloor.stochastic` or
/// :mod:`pricefloor.viability`; it never changes.
#[pyclass(frozen, subclass, module = "pricefloor", skip_from_py_object)]
pub struct Record {
    kind: String,
    terms: Value,
}

impl Record {
    /// The Rust value.
    pub fn take<T: DeserializeOwned>(&self) -> Result<T, Raised> {
        serde_json::from_value(self.terms.clone())
            .map_err(|error| Raised::input(&format!("{}: {error}", self.kind), &self.kind))
    }

    pub fn kind_name(&self) -> &str {
        &self.kind
    }
}

#[pymethods]
impl Record {
    #[new]
    fn new(kind: &str, terms: &Bound<'_, PyDict>) -> Result<Self, Raised> {
        Ok(Self {
            kind: kind.to_owned(),
            terms: check(kind, terms)?,
        })
    }

    /// What it is: the name of its class.
    #[getter]
    fn kind(&self) -> &str {
        &self.kind
    }

    /// Its terms, as in files.
    fn terms<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, &self.terms)
    }

    fn __getattr__<'py>(
        slf: &Bound<'py, Self>,
        name: &Bound<'py, PyString>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let key = name.to_str()?;
        let record = slf.get();
        match record.terms.get(key.strip_suffix('_').unwrap_or(key)) {
            Some(value) => Ok(show(slf.py(), value)?),
            None => {
                let message = format!("a {} has no term {key:?}", record.kind);
                Err(PyAttributeError::new_err(message))
            }
        }
    }

    /// Writes JSON, in the shape that the Rust crate reads.
    fn to_json(&self) -> Result<String, Raised> {
        to_json(&self.kind, &self.terms)
    }

    fn _terms<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, &self.terms)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let same = |other: &Record| other.kind == self.kind && other.terms == self.terms;
        other.cast::<Self>().is_ok_and(|other| same(other.get()))
    }

    fn __repr__(&self) -> Result<String, Raised> {
        Ok(format!("{}({})", self.kind, self.to_json()?))
    }

    fn _repr_html_(&self, py: Python<'_>) -> Result<String, Raised> {
        named_values(py, &self.kind, &self.terms)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> Result<Rebuilt<'py, (String, String)>, Raised> {
        let rebuild = slf
            .py()
            .import("pricefloor.records")?
            .getattr("from_json")?;
        let record = slf.get();
        Ok((rebuild, (record.kind.clone(), record.to_json()?)))
    }
}

/// Checked terms out of JSON, as a dict.
#[pyfunction]
pub fn read_record<'py>(
    py: Python<'py>,
    kind: &str,
    text: &str,
) -> Result<Bound<'py, PyAny>, Raised> {
    show(py, &read_text(kind, text)?)
}

/// The kinds of a module with their terms: `roots` by name and all types that they lead to, with documentation.
#[pyfunction]
pub fn schema<'py>(py: Python<'py>, module: &str) -> Result<Bound<'py, PyDict>, Raised> {
    let mut trace = Trace::default();
    // measures and markets are explored for their own modules alone
    trace.closed(module != "measures");
    let roots = match module {
        "measures" => vec![("Measure", explore::<Measure>(&mut trace))],
        "market" => vec![("Route", explore::<Route>(&mut trace))],
        _ => roots(module, &mut trace),
    };
    let dict = PyDict::new(py);
    dict.set_item("roots", show(py, &roots)?)?;
    dict.set_item("types", show(py, &trace.types)?)?;
    let folders: &[&str] = match module {
        "measures" => &["intervention", "market"],
        "finance" => &["finance"],
        "stochastic" => &["stochastic"],
        "market" => &["market"],
        "storage" => &["storage"],
        "demand" => &["curve"],
        "horizon" => &["horizon"],
        "rivalry" => &["rivalry"],
        _ => &["viability"],
    };
    let docs = PyDict::new(py);
    for &(folder, name, term, text) in crate::docs::DOCS {
        if folders.contains(&folder) {
            docs.set_item((name, term), text)?;
        }
    }
    dict.set_item("docs", docs)?;
    Ok(dict)
}
