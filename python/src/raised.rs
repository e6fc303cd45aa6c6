//! Errors of the crate as Python exceptions that carry its message and its fields.

use pricefloor::curve::CurveError;
use pricefloor::equilibrium::SolveError;
use pricefloor::finance::{FinanceError, OptionError};
use pricefloor::horizon::HorizonError;
use pricefloor::ledger::{AttributionError, BlocError};
use pricefloor::stochastic::StochasticError;
use pricefloor::sweep::SweepError;
use pricefloor::viability::ViabilityError;
use pricefloor::{Error, ErrorKind};
use pyo3::prelude::*;

/// An exception on its way to Python.
pub struct Raised(PyErr);

impl Raised {
    /// An exception of a class of `pricefloor.errors`.
    pub fn new(class: &str, message: &str, place: Option<&str>, value: Option<f64>) -> Self {
        Self(Python::attach(|py| {
            let made = py
                .import("pricefloor.errors")
                .and_then(|module| module.getattr(class))
                .and_then(|class| class.call1((message, place, value)));
            match made {
                Ok(instance) => PyErr::from_value(instance),
                Err(error) => error,
            }
        }))
    }

    /// Something given is malformed.
    pub fn input(message: &str, place: &str) -> Self {
        Self::new("InputError", message, Some(place), None)
    }

    /// The same, because of another exception.
    pub fn because(self, cause: PyErr) -> Self {
        Python::attach(|py| self.0.set_cause(py, Some(cause)));
        self
    }
}

impl From<PyErr> for Raised {
    fn from(error: PyErr) -> Self {
        Self(error)
    }
}

impl From<Raised> for PyErr {
    fn from(raised: Raised) -> Self {
        raised.0
    }
}

impl From<Error> for Raised {
    fn from(error: Error) -> Self {
        let class = class_of(&error);
        let (place, value) = match &error {
            Error::Curve(curve) => of_curve(curve),
            _ => (error.place().map(str::to_owned), error.value()),
        };
        Self::new(class, &error.to_string(), place.as_deref(), value)
    }
}

/// The class of `pricefloor.errors` for an error of the crate.
fn class_of(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::Policy => "PolicyError",
        ErrorKind::IllPosed => "IllPosedError",
        ErrorKind::Unsolved => "UnsolvedError",
        ErrorKind::Accounts => "AccountsError",
        _ => "InputError",
    }
}

macro_rules! through_the_top {
    ($($name:path),* $(,)?) => {
        $(impl From<$name> for Raised {
            fn from(error: $name) -> Self {
                Error::from(error).into()
            }
        })*
    };
}

through_the_top![
    CurveError,
    pricefloor::market::MarketError,
    pricefloor::intervention::PolicyError,
    pricefloor::equilibrium::SolveError,
    pricefloor::ledger::LedgerError,
    pricefloor::storage::StorageError,
    pricefloor::curve::SystemError,
    pricefloor::rivalry::RivalryError,
];

impl From<HorizonError> for Raised {
    fn from(error: HorizonError) -> Self {
        let class = match &error {
            HorizonError::Solve { source, .. } => return Self::dated(source.clone(), &error),
            HorizonError::Policy(_) => "PolicyError",
            HorizonError::Ledger(_) => "AccountsError",
            _ => "InputError",
        };
        Self::new(class, &error.to_string(), error.place(), error.value())
    }
}

impl Raised {
    /// The error of a period, with the message that says which.
    fn dated(inner: SolveError, error: &HorizonError) -> Self {
        let class = class_of(&Error::from(inner));
        Self::new(class, &error.to_string(), error.place(), error.value())
    }
}

impl From<AttributionError> for Raised {
    fn from(error: AttributionError) -> Self {
        let class = match &error {
            AttributionError::Solve { source, .. } => class_of(&Error::from((**source).clone())),
            _ => "InputError",
        };
        Self::new(class, &error.to_string(), None, None)
    }
}

impl From<BlocError> for Raised {
    fn from(error: BlocError) -> Self {
        let class = match &error {
            BlocError::Solve { source, .. } => class_of(&Error::from((**source).clone())),
            _ => "InputError",
        };
        Self::new(class, &error.to_string(), None, None)
    }
}

impl From<SweepError> for Raised {
    fn from(error: SweepError) -> Self {
        match error {
            SweepError::Solve(inner) => inner.into(),
            SweepError::Foreign { .. } | SweepError::File { .. } | SweepError::Missing { .. } => {
                Self::new("SweepError", &error.to_string(), error.place(), None)
            }
            _ => Self::new(
                "InputError",
                &error.to_string(),
                error.place(),
                error.value(),
            ),
        }
    }
}

impl From<rayon::ThreadPoolBuildError> for Raised {
    fn from(error: rayon::ThreadPoolBuildError) -> Self {
        Self::new(
            "PricefloorError",
            &format!("no threads: {error}"),
            None,
            None,
        )
    }
}

impl From<FinanceError> for Raised {
    fn from(error: FinanceError) -> Self {
        let (place, value) = of_finance(&error);
        Self::new("InputError", &error.to_string(), place.as_deref(), value)
    }
}

impl From<OptionError> for Raised {
    fn from(error: OptionError) -> Self {
        Self::new("InputError", &error.to_string(), None, None)
    }
}

impl From<StochasticError> for Raised {
    fn from(error: StochasticError) -> Self {
        let (place, value) = of_process(&error);
        Self::new("InputError", &error.to_string(), place.as_deref(), value)
    }
}

impl From<ViabilityError> for Raised {
    fn from(error: ViabilityError) -> Self {
        let (place, value) = match &error {
            ViabilityError::Finance(inner) => of_finance(inner),
            ViabilityError::Stochastic(inner) => of_process(inner),
            ViabilityError::DuplicateCase { name } | ViabilityError::UnknownCase { name } => {
                (Some(name.clone()), None)
            }
            _ => (None, None),
        };
        Self::new("InputError", &error.to_string(), place.as_deref(), value)
    }
}

type Fields = (Option<String>, Option<f64>);

fn of_curve(error: &CurveError) -> Fields {
    match error {
        CurveError::NotFinite { what, value, .. }
        | CurveError::NotPositive { what, value, .. }
        | CurveError::Negative { what, value, .. }
        | CurveError::WrongSign { what, value, .. }
        | CurveError::TooExtreme { what, value, .. } => (Some((*what).to_owned()), Some(*value)),
        CurveError::Zero { what, .. } => (Some((*what).to_owned()), Some(0.0)),
        CurveError::RepeatedName { name, .. } | CurveError::BadName { name, .. } => {
            (Some(name.clone()), None)
        }
        _ => (None, None),
    }
}

fn of_finance(error: &FinanceError) -> Fields {
    match error {
        FinanceError::Value { thing, value, .. } | FinanceError::Entry { thing, value, .. } => {
            (Some((*thing).to_owned()), Some(*value))
        }
        FinanceError::Duplicate { name, .. } | FinanceError::Unknown { name, .. } => {
            (Some(name.clone()), None)
        }
        _ => (None, None),
    }
}

fn of_process(error: &StochasticError) -> Fields {
    match error {
        StochasticError::Parameter { name, value, .. } => (Some((*name).to_owned()), Some(*value)),
        _ => (None, None),
    }
}
