//! What a caller can choose.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::ComplementarityError;

/// Which algorithm runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Method {
    /// Active-set Newton first when warm, an interior point otherwise, continuation as the last resort, and
    /// active-set Newton always as the finish.
    #[default]
    Automatic,
    /// Active-set Newton alone.
    ActiveSet,
    /// Interior point, finished by active-set Newton.
    InteriorPoint,
    /// Continuation in a proximal term, finished by active-set Newton.
    Continuation,
}

/// Which linear algebra may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Algebra {
    /// Dense up to a measured size, sparse beyond.
    #[default]
    Automatic,
    /// Dense at any size.
    Dense,
    /// Sparse at any size; dense where the feature `sparse` is off.
    Sparse,
}

/// Settings that have not been checked yet.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SettingsBuilder {
    residual_tolerance: f64,
    price_tolerance: f64,
    iteration_limit: usize,
    time_limit: Option<Duration>,
    method: Method,
    algebra: Algebra,
}

impl Default for SettingsBuilder {
    fn default() -> Self {
        Self {
            residual_tolerance: 1e-9,
            price_tolerance: 1e-9,
            iteration_limit: 500,
            time_limit: None,
            method: Method::Automatic,
            algebra: Algebra::Automatic,
        }
    }
}

impl SettingsBuilder {
    /// Largest scaled residual of a solution, no unit. Default 1e-9.
    #[must_use]
    pub fn residual_tolerance(mut self, value: f64) -> Self {
        self.residual_tolerance = value;
        self
    }

    /// Largest bound on the error of an unknown as a fraction of its scale, no unit. Default 1e-9.
    #[must_use]
    pub fn price_tolerance(mut self, value: f64) -> Self {
        self.price_tolerance = value;
        self
    }

    /// Most iterations of all algorithms together. Default 500.
    #[must_use]
    pub fn iteration_limit(mut self, value: usize) -> Self {
        self.iteration_limit = value;
        self
    }

    /// Most wall-clock time. Default none, and then no clock is read.
    #[must_use]
    pub fn time_limit(mut self, value: Option<Duration>) -> Self {
        self.time_limit = value;
        self
    }

    /// Which algorithm runs.
    #[must_use]
    pub fn method(mut self, value: Method) -> Self {
        self.method = value;
        self
    }

    /// Which linear algebra may run.
    #[must_use]
    pub fn algebra(mut self, value: Algebra) -> Self {
        self.algebra = value;
        self
    }

    /// The checked settings.
    ///
    /// # Errors
    /// When a tolerance is not positive and below 1, or the iteration limit is 0.
    pub fn build(self) -> Result<Settings, ComplementarityError> {
        for (name, value) in [
            ("residual_tolerance", self.residual_tolerance),
            ("price_tolerance", self.price_tolerance),
        ] {
            if !(value > 0.0 && value < 1.0) {
                return Err(ComplementarityError::Setting {
                    name,
                    value,
                    rule: "above 0 and below 1",
                });
            }
        }
        if self.iteration_limit == 0 {
            return Err(ComplementarityError::Setting {
                name: "iteration_limit",
                value: 0.0,
                rule: "at least 1",
            });
        }
        Ok(Settings(self))
    }
}

/// Checked settings of a solve.
///
/// ```
/// use pricefloor::complementarity::Settings;
/// let settings = Settings::builder().residual_tolerance(1e-10).build()?;
/// assert_eq!(settings.residual_tolerance(), 1e-10);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(try_from = "SettingsBuilder", into = "SettingsBuilder")]
pub struct Settings(SettingsBuilder);

impl Settings {
    /// Starts from the defaults.
    #[must_use]
    pub fn builder() -> SettingsBuilder {
        SettingsBuilder::default()
    }

    /// Largest scaled residual of a solution, no unit.
    #[must_use]
    pub fn residual_tolerance(&self) -> f64 {
        self.0.residual_tolerance
    }

    /// Largest bound on the error of an unknown as a fraction of its scale, no unit.
    #[must_use]
    pub fn price_tolerance(&self) -> f64 {
        self.0.price_tolerance
    }

    /// Most iterations of all algorithms together.
    #[must_use]
    pub fn iteration_limit(&self) -> usize {
        self.0.iteration_limit
    }

    /// Most wall-clock time.
    #[must_use]
    pub fn time_limit(&self) -> Option<Duration> {
        self.0.time_limit
    }

    /// Which algorithm runs.
    #[must_use]
    pub fn method(&self) -> Method {
        self.0.method
    }

    /// Which linear algebra may run.
    #[must_use]
    pub fn algebra(&self) -> Algebra {
        self.0.algebra
    }
}

impl TryFrom<SettingsBuilder> for Settings {
    type Error = ComplementarityError;

    fn try_from(unchecked: SettingsBuilder) -> Result<Self, Self::Error> {
        unchecked.build()
    }
}

impl From<Settings> for SettingsBuilder {
    fn from(checked: Settings) -> Self {
        checked.0
    }
}
