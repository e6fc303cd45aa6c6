//! A policy: an ordered list of named measures.

use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};
use thiserror::Error;

use super::{
    AntiDumpingDuty, BorderFloor, ContractFloor, ContractForDifference, CountervailingDuty,
    DeficiencyPayment, Embargo, ExportQuota, ExportTax, GuaranteedOfftake, ImportCommitment,
    ImportQuota, InputSubsidy, Intervention, MinimumEarnings, OriginRequirement, PriceBand,
    PriceUndertaking, ProcurementPreference, ProductionQuota, ProductionSubsidy,
    ReferencePriceLadder, StatutoryCeiling, StatutoryMinimum, SupportBuying, Tariff,
    TariffRateQuota, TaxCredit,
};
use crate::assembly::Stacking;

/// Names the built-in measures: one line each.
macro_rules! measures {
    ($($name:ident),* $(,)?) => {
        /// A measure: one of the built-in ones, or one of your own.
        #[derive(Clone, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Measure {
            $(#[allow(missing_docs)] $name($name),)*
            /// A measure defined outside this crate. It solves like any other; it is code, so that writing it to a file is
            /// an error that names its kind.
            #[serde(skip_deserializing, serialize_with = "refuse")]
            Custom(Arc<dyn Intervention>),
        }

        impl Measure {
            /// The measure's terms and behaviour.
            #[must_use]
            pub fn terms(&self) -> &dyn Intervention {
                match self {
                    $(Self::$name(terms) => terms,)*
                    Self::Custom(terms) => terms.as_ref(),
                }
            }
        }

        impl PartialEq for Measure {
            fn eq(&self, other: &Self) -> bool {
                match (self, other) {
                    $((Self::$name(a), Self::$name(b)) => a == b,)*
                    (Self::Custom(a), Self::Custom(b)) => Arc::ptr_eq(a, b),
                    _ => false,
                }
            }
        }

        $(impl From<$name> for Measure {
            fn from(terms: $name) -> Self {
                Self::$name(terms)
            }
        })*
    };
}

measures![
    AntiDumpingDuty,
    BorderFloor,
    ContractFloor,
    ContractForDifference,
    CountervailingDuty,
    DeficiencyPayment,
    Embargo,
    ExportQuota,
    ExportTax,
    GuaranteedOfftake,
    ImportCommitment,
    ImportQuota,
    InputSubsidy,
    MinimumEarnings,
    OriginRequirement,
    PriceBand,
    PriceUndertaking,
    ProcurementPreference,
    ProductionQuota,
    ProductionSubsidy,
    ReferencePriceLadder,
    StatutoryCeiling,
    StatutoryMinimum,
    SupportBuying,
    Tariff,
    TariffRateQuota,
    TaxCredit,
];

fn refuse<S: Serializer>(terms: &Arc<dyn Intervention>, _: S) -> Result<S::Ok, S::Error> {
    Err(serde::ser::Error::custom(format!(
        "a measure of kind `{}` is defined outside this crate: it is code, and cannot be written to a file",
        terms.kind()
    )))
}

impl Measure {
    /// A measure defined outside this crate.
    pub fn custom(terms: impl Intervention) -> Self {
        Self::Custom(Arc::new(terms))
    }
}

/// A term of a measure outside its range.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{term} is {value}; it must be {rule}")]
pub struct TermError {
    /// Which term.
    pub term: &'static str,
    /// Its value.
    pub value: f64,
    /// The rule it breaks.
    pub rule: &'static str,
}

/// What can be wrong with a list of measures.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// Two measures of one name.
    #[error("two measures are named `{name}`; names in a policy are unique")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// A measure whose terms are not well formed.
    #[error("measure `{name}`: {source}")]
    Terms {
        /// The measure.
        name: String,
        /// Which term and why.
        source: TermError,
    },
    /// A measure without a name, or with a slash in it, which separates the parts of a path.
    #[error("measure name `{name}` must have letters and no slash")]
    Name {
        /// The name.
        name: String,
    },
}

/// A measure with its name and what happens where an earlier one of its kind applies too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyEntry {
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) stacking: Option<Stacking>,
    pub(crate) measure: Measure,
}

impl PolicyEntry {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The measure.
    #[must_use]
    pub fn measure(&self) -> &Measure {
        &self.measure
    }

    /// What happens where an earlier measure of the kind applies too; `None` makes that an error.
    #[must_use]
    pub fn stacking(&self) -> Option<Stacking> {
        self.stacking
    }
}

/// An ordered list of named measures.
///
/// ```
/// use pricefloor::intervention::{Policy, SupportBuying};
/// let policy = Policy::new().with("reserve", SupportBuying::new("Home", "oxide", 12.0))?;
/// assert_eq!(policy.entries().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<PolicyEntry>", into = "Vec<PolicyEntry>")]
pub struct Policy {
    entries: Vec<PolicyEntry>,
}

impl Policy {
    /// No measure yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The free market.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds a measure under a unique name. It is an error, found when the policy meets a market, if an earlier
    /// measure of the same kind falls on the same flow or unit.
    ///
    /// # Errors
    /// [`PolicyError`] when the name is taken, empty or has a slash.
    pub fn with(self, name: &str, measure: impl Into<Measure>) -> Result<Self, PolicyError> {
        self.push(PolicyEntry {
            name: name.to_owned(),
            stacking: None,
            measure: measure.into(),
        })
    }

    /// As [`with`](Self::with), saying what happens where an earlier measure of the kind applies too.
    ///
    /// # Errors
    /// As `with`.
    pub fn stacked(
        self,
        name: &str,
        stacking: Stacking,
        measure: impl Into<Measure>,
    ) -> Result<Self, PolicyError> {
        self.push(PolicyEntry {
            name: name.to_owned(),
            stacking: Some(stacking),
            measure: measure.into(),
        })
    }

    fn push(mut self, entry: PolicyEntry) -> Result<Self, PolicyError> {
        let name = &entry.name;
        if name.trim().is_empty() || name.contains('/') {
            return Err(PolicyError::Name { name: name.clone() });
        }
        if self.entries.iter().any(|e| &e.name == name) {
            return Err(PolicyError::Duplicate { name: name.clone() });
        }
        if let Err(source) = entry.measure.terms().check() {
            return Err(PolicyError::Terms {
                name: name.clone(),
                source,
            });
        }
        self.entries.push(entry);
        Ok(self)
    }

    /// These measures, and those of another policy after them.
    ///
    /// # Errors
    /// [`PolicyError::Duplicate`] when both have a measure of one name.
    ///
    /// ```
    /// use pricefloor::intervention::{ExportTax, Policy, SupportBuying};
    /// let status_quo = Policy::new().with("tax", ExportTax::ad_valorem("China", "oxide", 0.13))?;
    /// let reform = Policy::new().with("reserve", SupportBuying::new("Home", "oxide", 12.0))?;
    /// assert_eq!(status_quo.and(&reform)?.entries().len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn and(&self, other: &Self) -> Result<Self, PolicyError> {
        let mut others = other.entries.iter().cloned();
        others.try_fold(self.clone(), Self::push)
    }

    /// The measures in order.
    #[must_use]
    pub fn entries(&self) -> &[PolicyEntry] {
        &self.entries
    }
}

impl PolicyError {
    /// The measure that the error names.
    #[must_use]
    pub fn place(&self) -> &str {
        match self {
            Self::Duplicate { name } | Self::Name { name } | Self::Terms { name, .. } => name,
        }
    }

    /// The number that broke a rule, where there is one.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        match self {
            Self::Terms { source, .. } => Some(source.value),
            _ => None,
        }
    }
}

impl TryFrom<Vec<PolicyEntry>> for Policy {
    type Error = PolicyError;

    fn try_from(entries: Vec<PolicyEntry>) -> Result<Self, Self::Error> {
        entries.into_iter().try_fold(Self::default(), Self::push)
    }
}

impl From<Policy> for Vec<PolicyEntry> {
    fn from(policy: Policy) -> Self {
        policy.entries
    }
}
