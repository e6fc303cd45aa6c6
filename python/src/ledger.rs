//! Accounts, and a reform against a baseline.

use pricefloor::assembly::Role;
use pricefloor::ledger as core;
use pyo3::prelude::*;

use crate::columns::Columns;
use crate::plain::{Rebuilt, from_json, show, to_json};
use crate::raised::Raised;

/// A role's name in files.
pub fn role(role: Role) -> String {
    match serde_json::to_value(role) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

macro_rules! stored {
    ($name:ident, $what:literal, $core:ty, $doc:literal, { $($rest:tt)* }) => {
        #[doc = $doc]
        #[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
        pub struct $name(pub $core);

        #[pymethods]
        impl $name {
            /// Reads JSON, in the shape that the Rust crate writes.
            #[staticmethod]
            fn from_json(text: &str) -> Result<Self, Raised> {
                Ok(Self(from_json($what, text)?))
            }

            /// Writes JSON, in the shape that the Rust crate reads.
            fn to_json(&self) -> Result<String, Raised> {
                to_json($what, &self.0)
            }

            fn _terms<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
                show(py, &self.0)
            }

            fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
                other.cast::<Self>().is_ok_and(|other| other.get().0 == self.0)
            }

            fn __repr__(&self) -> String {
                self.0.to_string()
            }

            fn __reduce__<'py>(
                &self,
                py: Python<'py>,
            ) -> Result<Rebuilt<'py, (String,)>, Raised> {
                let rebuild = py.get_type::<Self>().getattr("from_json")?;
                Ok((rebuild, (self.to_json()?,)))
            }

            $($rest)*
        }
    };
}

stored!(
    Ledger,
    "ledger",
    pricefloor::Ledger,
    "Every payment of an equilibrium and every party's surplus, money per year, with the welfare identity checked.\n\n\
     Consumer surplus is counted from each node's reference price, so that levels differ by a constant and changes do not.",
    {
        /// Surplus of everyone, money per year.
        #[getter]
        fn total(&self) -> f64 {
            self.0.total()
        }

        /// Surplus of all consumers, money per year.
        #[getter]
        fn consumer_surplus(&self) -> f64 {
            self.0.consumer_surplus()
        }

        /// Surplus of all producers, money per year.
        #[getter]
        fn producer_surplus(&self) -> f64 {
            self.0.producer_surplus()
        }

        /// Surplus of all traders, money per year.
        #[getter]
        fn trader_surplus(&self) -> f64 {
            self.0.trader_surplus()
        }

        /// Rents of all holders of licences, money per year.
        #[getter]
        fn licence_rents(&self) -> f64 {
            self.0.licence_rents()
        }

        /// Net receipts of all public purses, money per year.
        #[getter]
        fn treasury(&self) -> f64 {
            self.0.treasury()
        }

        /// Unit of money, a label.
        #[getter]
        fn money_unit(&self) -> &str {
            self.0.money_unit()
        }

        /// Difference between the two sides of the welfare identity as a share of the value traded.
        #[getter]
        fn identity_error(&self) -> f64 {
            self.0.identity_error()
        }

        /// Surplus of a party, money per year.
        fn surplus(&self, party: &str) -> Result<f64, Raised> {
            Ok(self.0.surplus(party)?)
        }

        /// Surplus of everyone in a region, money per year.
        fn region(&self, region: &str) -> f64 {
            self.0.region(region)
        }

        /// What public purses pay for a measure less what they collect from it, money per year.
        fn outlay(&self, measure: &str) -> f64 {
            self.0.outlay(measure)
        }

        /// Payments received less payments made by a party, money per year.
        fn net_payments(&self, party: &str) -> f64 {
            self.0.net_payments(party)
        }

        /// Every party: role, region and surplus.
        #[getter]
        fn accounts<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
            let accounts = self.0.accounts();
            Columns::new(py)
                .text("party", accounts.iter().map(core::Account::party))?
                .text("role", accounts.iter().map(|a| role(a.role())))?
                .text("region", accounts.iter().map(|a| a.region().unwrap_or("")))?
                .numbers(
                    "surplus",
                    self.0.money_unit(),
                    accounts.iter().map(core::Account::surplus),
                )?
                .table()
        }

        /// Every payment: payer, payee, the measure behind it (empty for sales) and the amount.
        #[getter]
        fn payments<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
            let payments = self.0.payments();
            Columns::new(py)
                .text("payer", payments.iter().map(core::Payment::payer))?
                .text("payee", payments.iter().map(core::Payment::payee))?
                .text(
                    "measure",
                    payments.iter().map(|p| p.measure().unwrap_or("")),
                )?
                .numbers(
                    "amount",
                    self.0.money_unit(),
                    payments.iter().map(core::Payment::amount),
                )?
                .table()
        }

        /// This ledger, of a reform, against the baseline's.
        fn against(&self, baseline: PyRef<'_, Ledger>) -> Result<Incidence, Raised> {
            Ok(Incidence(self.0.against(&baseline.0)?))
        }

        fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
            slf.getattr("accounts")?
                .call_method0("_repr_html_")?
                .extract()
        }
    }
);

stored!(
    Incidence,
    "incidence",
    core::Incidence,
    "A reform against a baseline, party by party, money per year.",
    {
        /// World total of the baseline less that of the reform; negative where the reform gains.
        #[getter]
        fn deadweight_loss(&self) -> f64 {
            self.0.deadweight_loss()
        }

        /// What public purses pay in all, less what they take in.
        #[getter]
        fn public_cost(&self) -> f64 {
            self.0.public_cost()
        }

        /// What everyone in a region gains.
        fn gain_in(&self, region: &str) -> f64 {
            self.0.gain_in(region)
        }

        /// Every party's change: role, region and gain.
        #[getter]
        fn changes<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
            let changes = self.0.changes();
            Columns::new(py)
                .text("party", changes.iter().map(core::Change::party))?
                .text("role", changes.iter().map(|c| role(c.role())))?
                .text("region", changes.iter().map(|c| c.region().unwrap_or("")))?
                .numbers("gain", "", changes.iter().map(core::Change::gain))?
                .table()
        }

        fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
            slf.getattr("changes")?
                .call_method0("_repr_html_")?
                .extract()
        }
    }
);
