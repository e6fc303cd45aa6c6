//! Government measures, one file each: the terms, and what they write into a draft.
//!
//! A measure is data: it says which unknowns it adds, which conditions they obey, what it charges and to whom.
//! The solver, the ledger and the derivatives read nothing else. Adding a measure takes one new file here and
//! one line in the list below.
//!
//! | kind | what it does to the margin |
//! |---|---|
//! | marginal | a wedge or a quantity that does not depend on prices |
//! | kinked | a positive part: floors, caps |
//! | bilinear | percentages, budgets, proportional rationing |
//! | settlement | a lump sum after the solve |

mod anti_dumping_duty;
mod border;
mod border_floor;
mod contract;
mod contract_floor;
mod contract_for_difference;
mod countervailing_duty;
mod coverage;
mod deficiency_payment;
mod embargo;
mod export_quota;
mod export_tax;
mod guaranteed_offtake;
mod import_commitment;
mod import_quota;
mod input_subsidy;
mod minimum_earnings;
mod origin;
mod origin_requirement;
mod policy;
mod price_band;
mod price_undertaking;
mod procurement_preference;
mod production_quota;
mod production_subsidy;
mod reference_price_ladder;
mod settle;
mod sharing;
mod statutory_ceiling;
mod statutory_minimum;
mod support_buying;
mod tariff;
mod tariff_rate_quota;
mod tax_credit;
mod terms;
mod vintage;

pub use anti_dumping_duty::AntiDumpingDuty;
pub use border::{Border, RentOwner};
pub use border_floor::BorderFloor;
pub use contract_floor::{ContractFloor, UpsideShare};
pub use contract_for_difference::ContractForDifference;
pub use countervailing_duty::CountervailingDuty;
pub use coverage::Coverage;
pub use deficiency_payment::DeficiencyPayment;
pub use embargo::Embargo;
pub use export_quota::ExportQuota;
pub use export_tax::ExportTax;
pub use guaranteed_offtake::{GuaranteedOfftake, OfftakePrice};
pub use import_commitment::ImportCommitment;
pub use import_quota::ImportQuota;
pub use input_subsidy::InputSubsidy;
pub use minimum_earnings::{MinimumEarnings, Tranche};
pub use origin_requirement::OriginRequirement;
pub use policy::{Measure, Policy, PolicyEntry, PolicyError, TermError};
pub use price_band::{Band, PriceBand};
pub use price_undertaking::PriceUndertaking;
pub use procurement_preference::ProcurementPreference;
pub use production_quota::ProductionQuota;
pub use production_subsidy::ProductionSubsidy;
pub use reference_price_ladder::{Instrument, ReferencePriceLadder};
pub use settle::{Admission, Book, Payment, SettleError, Settled};
pub use sharing::Sharing;
pub use statutory_ceiling::StatutoryCeiling;
pub use statutory_minimum::{Rationing, StatutoryMinimum};
pub use support_buying::{Purchase, SupportBuying};
pub use tariff::{Base, Rate, Tariff};
pub use tariff_rate_quota::TariffRateQuota;
pub use tax_credit::TaxCredit;
pub use vintage::Vintage;

use std::fmt::Debug;

use crate::assembly::{Draft, DraftError};

/// The pages of the catalogue, so that their code is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../docs/measures.md")]
pub struct Catalogue;

/// One government measure.
///
/// ```
/// use pricefloor::assembly::{Claim, Draft, DraftError, Rule};
/// use pricefloor::intervention::{Intervention, Measure, Policy};
///
/// /// A fee per unit of output of one mine, paid to its region's treasury.
/// #[derive(Debug)]
/// struct Fee(f64);
///
/// impl Intervention for Fee {
///     fn kind(&self) -> &'static str { "fee" }
///     fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError> {
///         let fee = draft.param("rate", self.0, Rule::NonNegative)?;
///         let treasury = draft.treasury("Home");
///         for mine in draft.activities("mine")? {
///             let owner = draft.owner(mine);
///             draft.charge(Claim::new("fee"), mine, fee, owner, treasury)?;
///         }
///         Ok(())
///     }
/// }
///
/// let policy = Policy::new().with("fee", Measure::custom(Fee(1.0)))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Intervention: Debug + Send + Sync + 'static {
    /// What sort of measure it is, in snake case.
    fn kind(&self) -> &'static str;

    /// Writes the measure into a draft.
    ///
    /// # Errors
    /// A [`DraftError`] that names the measure, the thing and the rule.
    fn enter(&self, draft: &mut Draft<'_>) -> Result<(), DraftError>;

    /// Whether the terms are well formed, whatever the market. Asked when the measure joins a policy.
    ///
    /// # Errors
    /// A [`TermError`] that names the term, its value and the rule.
    fn check(&self) -> Result<(), TermError> {
        Ok(())
    }

    /// Lump sums after the solve, which move nobody's margin.
    ///
    /// # Errors
    /// A [`SettleError`] when a lump sum cannot be worked out.
    fn settle(&self, _settled: &Settled<'_>, _book: &mut Book) -> Result<(), SettleError> {
        Ok(())
    }

    /// What the measure has to say about a solved market, by name: whether a floor was attained, the levy that
    /// was charged.
    fn report(&self, _settled: &Settled<'_>) -> Vec<(String, f64)> {
        Vec::new()
    }

    /// Whether the case in which the measure was written (see [`Draft::switch`]) holds at the solution.
    ///
    /// # Errors
    /// A [`SettleError`] when that cannot be worked out.
    fn admits(&self, _settled: &Settled<'_>) -> Result<Admission, SettleError> {
        Ok(Admission::Holds)
    }
}
