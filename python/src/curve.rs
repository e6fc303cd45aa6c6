//! Demand and supply curves.

use pricefloor::curve::{Change, Interval, Line, Observed, Step};
use pyo3::prelude::*;

use crate::plain::{Rebuilt, from_json, read, show, to_json};
use crate::raised::Raised;
use crate::report::named_values;

/// A number, or both ends where there is a range.
type Answer = (f64, f64);

fn ends(interval: Interval) -> Answer {
    (interval.low(), interval.high())
}

macro_rules! curve {
    ($name:ident, $what:literal, $doc:literal, { $($rest:tt)* }) => {
        #[doc = $doc]
        #[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
        #[derive(Clone)]
        pub struct $name(pub pricefloor::$name);

        #[pymethods]
        impl $name {
            /// A straight line ``P = intercept + slope Q``.
            ///
            /// ``intercept`` in money per unit, ``slope`` in money per unit for each unit of quantity.
            #[staticmethod]
            #[pyo3(signature = (*, intercept, slope))]
            fn linear(intercept: f64, slope: f64) -> Result<Self, Raised> {
                Ok(Self(pricefloor::$name::linear(Line { intercept, slope })?))
            }

            /// The straight line through one observed point with the given elasticity there.
            #[staticmethod]
            #[pyo3(signature = (*, price, quantity, elasticity))]
            fn linear_through(price: f64, quantity: f64, elasticity: f64) -> Result<Self, Raised> {
                let point = Observed { price, quantity };
                Ok(Self(pricefloor::$name::linear_through(point, elasticity)?))
            }

            /// Constant elasticity through one observed point: ``Q = quantity (P / price) ** elasticity``.
            #[staticmethod]
            #[pyo3(signature = (*, price, quantity, elasticity))]
            fn constant_elasticity(
                price: f64,
                quantity: f64,
                elasticity: f64,
            ) -> Result<Self, Raised> {
                let point = Observed { price, quantity };
                Ok(Self(pricefloor::$name::constant_elasticity(point, elasticity)?))
            }

            /// Exponential through one observed point: ``Q = quantity exp(elasticity (P / price - 1))``.
            #[staticmethod]
            #[pyo3(signature = (*, price, quantity, elasticity))]
            fn exponential(price: f64, quantity: f64, elasticity: f64) -> Result<Self, Raised> {
                let point = Observed { price, quantity };
                Ok(Self(pricefloor::$name::exponential(point, elasticity)?))
            }

            /// Steps: mappings with ``price``, ``quantity`` and, if wanted, ``name``; in any order.
            #[staticmethod]
            fn steps(steps: &Bound<'_, PyAny>) -> Result<Self, Raised> {
                Ok(Self(pricefloor::$name::steps(read::<Vec<Step>>("steps", steps)?)?))
            }

            /// Points joined by straight lines: mappings with ``price`` and ``quantity``, in any order.
            #[staticmethod]
            fn tabulated(points: &Bound<'_, PyAny>) -> Result<Self, Raised> {
                let points = read::<Vec<Observed>>("points", points)?;
                Ok(Self(pricefloor::$name::tabulated(points)?))
            }

            /// A quantity that ignores the price (vertical).
            #[staticmethod]
            #[pyo3(signature = (*, quantity))]
            fn fixed(quantity: f64) -> Result<Self, Raised> {
                Ok(Self(pricefloor::$name::fixed(quantity)?))
            }

            /// Any quantity at one price (horizontal).
            #[staticmethod]
            #[pyo3(signature = (*, price))]
            fn perfectly_elastic(price: f64) -> Result<Self, Raised> {
                Ok(Self(pricefloor::$name::perfectly_elastic(price)?))
            }

            /// With ``quantity`` more at every price, or less when it is negative.
            fn shifted(&self, quantity: f64) -> Result<Self, Raised> {
                Ok(Self(self.0.clone().shifted(quantity)?))
            }

            /// With every quantity multiplied by ``factor``.
            fn scaled(&self, factor: f64) -> Result<Self, Raised> {
                Ok(Self(self.0.clone().scaled(factor)?))
            }

            /// With no more than ``quantity`` at any price.
            fn with_capacity(&self, quantity: f64) -> Result<Self, Raised> {
                Ok(Self(self.0.clone().with_capacity(quantity)?))
            }

            /// The quantity at a price, as the lowest and the highest: equal away from steps.
            fn quantity(&self, price: f64) -> Result<Answer, Raised> {
                Ok(ends(self.0.quantity(price)?))
            }

            /// The prices at which a quantity is bought or sold, as the lowest and the highest.
            fn price(&self, quantity: f64) -> Result<Answer, Raised> {
                Ok(ends(self.0.price(quantity)?))
            }

            /// Slope of quantity in price, units of quantity per unit of price.
            fn slope(&self, price: f64) -> Result<f64, Raised> {
                Ok(self.0.slope(price)?)
            }

            /// Elasticity of quantity in price.
            fn elasticity(&self, price: f64) -> Result<f64, Raised> {
                Ok(self.0.elasticity(price)?)
            }

            /// Surplus at a price, money.
            fn surplus(&self, price: f64) -> Result<f64, Raised> {
                Ok(self.0.surplus(price)?)
            }

            /// Gain in surplus when the price changes, money.
            fn surplus_change(&self, before: f64, after: f64) -> Result<f64, Raised> {
                Ok(self.0.surplus_change(Change { from: before, to: after })?)
            }

            /// The name and value of each parameter.
            fn parameters(&self) -> Vec<(String, f64)> {
                self.0.parameters()
            }

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

            fn __add__(&self, other: PyRef<'_, Self>) -> Self {
                Self(self.0.clone() + other.0.clone())
            }

            fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
                other.cast::<Self>().is_ok_and(|other| other.get().0 == self.0)
            }

            fn __repr__(&self) -> String {
                format!(concat!(stringify!($name), "({})"), self.0)
            }

            fn _repr_html_(&self, py: Python<'_>) -> Result<String, Raised> {
                named_values(py, stringify!($name), &self.0)
            }

            fn __copy__(&self) -> Self {
                self.clone()
            }

            fn __deepcopy__(&self, _memo: &Bound<'_, PyAny>) -> Self {
                self.clone()
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

curve!(
    Demand,
    "demand",
    "How much is bought at each price; never more at a higher price.\n\n\
     Prices are in the market's currency per unit, quantities in the commodity's unit. Made by one of the static\n\
     methods; it never changes, and the methods that modify it return a new curve. ``a + b`` adds quantities.",
    {
        /// With nothing bought above ``price``: a choke price, or that of a backstop.
        fn with_choke(&self, price: f64) -> Result<Self, Raised> {
            Ok(Self(self.0.clone().with_choke(price)?))
        }

        /// The price from which nothing is bought; ``None`` when some is bought at every price.
        fn choke_price(&self) -> Option<f64> {
            self.0.choke_price()
        }

        /// The price from which surplus is measured; ``None`` for a fixed quantity.
        fn reference_price(&self) -> Option<f64> {
            self.0.reference_price()
        }

        /// Gain in gross benefit when the quantity changes, money.
        fn gross_benefit(&self, before: f64, after: f64) -> Result<f64, Raised> {
            Ok(self.0.gross_benefit(Change {
                from: before,
                to: after,
            })?)
        }
    }
);

curve!(
    Supply,
    "supply",
    "How much is offered at each price; never less at a higher price. The price is the cost of the last unit.\n\n\
     Prices are in the market's currency per unit, quantities in the commodity's unit. Made by one of the static\n\
     methods; it never changes, and the methods that modify it return a new curve. ``a + b`` adds quantities.",
    {
        /// The most that is ever offered; ``None`` without a limit.
        fn capacity(&self) -> Option<f64> {
            self.0.capacity()
        }

        /// Cost of a quantity, money.
        fn cost(&self, quantity: f64) -> Result<f64, Raised> {
            Ok(self.0.cost(quantity)?)
        }
    }
);
