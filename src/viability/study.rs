use super::ViabilityError;
use crate::finance::{Capital, Covered, FinanceError, Producer, Project, Rule};
use serde::{Deserialize, Serialize};

/// One combination of capital and contracts to look at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// The capital that carries the project.
    pub capital: Capital,
    /// The contracts that support it.
    #[serde(default)]
    pub contracts: Vec<Covered>,
}

/// Discount rates: effective, nominal, a year, as fractions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiscountRates {
    /// At which the project is judged, without financing.
    pub project: f64,
    /// At which the owners value what they receive.
    pub owners: f64,
    /// At which the sponsor values what it pays and receives: its Treasury rate.
    pub sponsor: f64,
}

/// Terms of a [`Study`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StudyTerms {
    /// The project, the same in every case.
    pub project: Project,
    /// Who pays the contracts and may hold securities: its holdings are found by this name.
    pub sponsor: String,
    /// Discount rates.
    pub rates: DiscountRates,
    /// The cases. The first is the one that the others are compared with.
    pub cases: Vec<Case>,
}

/// A producer under uncertainty, in several cases side by side on the same price paths.
///
/// **The decision to grow** is taken at the start, case by case, on what is then known: it is taken if the expected
/// net present value of growing is at least that of staying, both over the whole timeline, at the project's discount
/// rate, before financing, contracts and tax included. The money is then spent path by path, each instalment when the
/// firm can pay it and keep its reserve. If the decision is not to grow, output stays as it is on every path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "StudyTerms", into = "StudyTerms")]
pub struct Study {
    terms: StudyTerms,
}

impl Study {
    /// A study with these terms.
    ///
    /// # Errors
    /// [`ViabilityError`] without a case, for a case twice or without a name, a rate not above -1, or a contract that
    /// does not fit the project.
    pub fn new(terms: StudyTerms) -> Result<Self, ViabilityError> {
        let rates = terms.rates;
        for (thing, value) in [
            ("discount rate of the project", rates.project),
            ("discount rate of the owners", rates.owners),
            ("discount rate of the sponsor", rates.sponsor),
        ] {
            if !(value.is_finite() && value > -1.0) {
                return Err(FinanceError::Value {
                    thing,
                    value,
                    rule: Rule::Above(-1.0),
                }
                .into());
            }
        }
        if terms.sponsor.trim().is_empty() {
            return Err(FinanceError::NoName {
                thing: "the sponsor",
            }
            .into());
        }
        if terms.cases.is_empty() {
            return Err(ViabilityError::NoCase);
        }
        for (index, case) in terms.cases.iter().enumerate() {
            if case.name.trim().is_empty() {
                return Err(FinanceError::NoName { thing: "a case" }.into());
            }
            if terms.cases[..index]
                .iter()
                .any(|other| other.name == case.name)
            {
                return Err(ViabilityError::DuplicateCase {
                    name: case.name.clone(),
                });
            }
            Producer::new(&terms.project, &case.capital, &case.contracts)?;
        }
        Ok(Self { terms })
    }

    /// The terms.
    pub fn terms(&self) -> &StudyTerms {
        &self.terms
    }

    /// The producer of a case.
    ///
    /// # Errors
    /// [`ViabilityError::UnknownCase`].
    pub fn producer(&self, case: &str) -> Result<Producer, ViabilityError> {
        let case = self
            .terms
            .cases
            .iter()
            .find(|other| other.name == case)
            .ok_or_else(|| ViabilityError::UnknownCase {
                name: case.to_owned(),
            })?;
        Ok(Producer::new(
            &self.terms.project,
            &case.capital,
            &case.contracts,
        )?)
    }

    /// The producers of all cases, in order.
    pub(super) fn producers(&self) -> Result<Vec<Producer>, ViabilityError> {
        self.terms
            .cases
            .iter()
            .map(|case| {
                Ok(Producer::new(
                    &self.terms.project,
                    &case.capital,
                    &case.contracts,
                )?)
            })
            .collect()
    }
}

impl TryFrom<StudyTerms> for Study {
    type Error = ViabilityError;

    fn try_from(terms: StudyTerms) -> Result<Self, ViabilityError> {
        Self::new(terms)
    }
}

impl From<Study> for StudyTerms {
    fn from(study: Study) -> Self {
        study.terms
    }
}
