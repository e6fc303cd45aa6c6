//! A producer under uncertainty, with and without the measures: does it survive, does it grow, and what does that cost
//! whom?
//!
//! A [`Study`] puts one project into several [`Case`]s (capital and contracts) and walks all of them over the same
//! price paths. Its [`Findings`] have, for each case, the decision to grow, what owners and sponsor have of it, the
//! cost of the contracts (expected, in the tail, by fiscal year, for each extra unit), the probability of running out of
//! cash, and how contract cost and stake value move together.
//!
//! An *expected cost* is a mean under the drift of the price source, discounted at the sponsor's rate. A *fair value*
//! needs the price of risk, and is computed only when the caller has one. They are different numbers. With the price of risk
//! [`Study::capital_costs`] also says what capital costs for the cash flow of each case, and how much debt it carries: a
//! floor lowers the one and raises the other.
//!
//! ```
//! use pricefloor::finance::{
//!     Capital, CapitalTerms, CostPoint, Covenants, Coverage, Covered, Depreciation, EndValue, Frequency, Indexation,
//!     MoneyBasis, Operations, OtherAssets, Payoff, Payout, PriceContract, PriceContractTerms, Product, Project,
//!     ProjectTerms, Reference, Tax, TaxRelief, Timeline, TimelineTerms,
//! };
//! use pricefloor::stochastic::{MeanReverting, MeanRevertingTerms, Simulation};
//! use pricefloor::viability::{Case, DiscountRates, Study, StudyTerms};
//!
//! // A plant that makes 1000 kg a year at 60 and sells it for about 56, with 100,000 of cash.
//! let project = Project::new(ProjectTerms {
//!     name: "Plant".into(),
//!     timeline: Timeline::new(TimelineTerms {
//!         frequency: Frequency::Quarterly,
//!         periods: 40,
//!         observations: 3,
//!         first_year: 2025,
//!         first_month: 7,
//!         fiscal_month: 10,
//!     })?,
//!     products: vec![Product {
//!         name: "oxide".into(),
//!         commodity: 0,
//!         per_output: 1.0,
//!         realisation: 1.0,
//!         sales: None,
//!     }],
//!     output: 1000.0,
//!     unit_cost: vec![CostPoint { output: 1000.0, unit_cost: 60.0 }],
//!     overhead: 10_000.0,
//!     sustaining_capex: 0.0,
//!     operations: Operations::default(),
//!     growth: None,
//!     tax: Tax { rate: 0.25, loss_offset: 0.8, opening_losses: 0.0, losses_last: None, depreciation: Depreciation::Expensed, relief: TaxRelief::default() },
//!     inflation: 0.02,
//!     prices: MoneyBasis::Real,
//!     salvage: 0.0,
//!     end_value: EndValue::Nothing,
//! })?;
//! let capital = Capital::new(CapitalTerms {
//!     cash: 100_000.0,
//!     cash_rate: 0.04,
//!     reserve: 0.0,
//!     owners: "Owners".into(),
//!     owners_shares: 1000.0,
//!     securities: vec![],
//!     payout: Payout::Retain,
//!     other_assets: OtherAssets::default(),
//!     covenants: Covenants::default(),
//! })?;
//! let floor = PriceContract::new(PriceContractTerms {
//!     payoff: Payoff::Floor { strike: 80.0 },
//!     reference: Reference::benchmark_average(),
//!     coverage: Coverage::Share(1.0),
//!     start: 0.0,
//!     end: 10.0,
//!     indexation: Indexation::Fixed,
//!     upside: None,
//!     arrears: 0,
//!     appropriation: None,
//! })?;
//! let study = Study::new(StudyTerms {
//!     project,
//!     sponsor: "Treasury".into(),
//!     rates: DiscountRates { project: 0.1, owners: 0.1, sponsor: 0.0435 },
//!     cases: vec![
//!         Case { name: "no measure".into(), capital: capital.clone(), contracts: vec![] },
//!         Case {
//!             name: "floor".into(),
//!             capital,
//!             contracts: vec![Covered { product: "oxide".into(), contract: floor }],
//!         },
//!     ],
//! })?;
//! let price = MeanReverting::new(MeanRevertingTerms {
//!     spot: 56.0,
//!     reversion: 0.6,
//!     log_mean: 56f64.ln(),
//!     volatility: 0.3,
//! })?;
//! let findings = study.run(&price, Simulation::new(2000, 7)?)?;
//! let (without, with) = (findings.case("no measure")?, findings.case("floor")?);
//! assert!(with.out_of_cash() < without.out_of_cash());
//! assert!(with.expected_cost().upper_tail() > with.expected_cost().mean());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod capital_cost;
mod control;
mod cover;
mod decide;
mod entry_exit;
mod error;
mod extraction;
mod fair;
mod findings;
mod joint;
mod market_prices;
mod measures;
mod observed;
mod operating;
mod price;
mod ranks;
mod simulate;
mod spread;
mod strip;
mod study;

pub use capital_cost::{CapitalCost, DebtSizing};
pub use control::ControlledCost;
pub use cover::PeriodCover;
pub use decide::GrowthDecision;
pub use entry_exit::{EntryExit, EntryExitTerms, entry_and_exit};
pub use error::ViabilityError;
pub use extraction::extraction_path;
pub use fair::{FairValues, Pricing};
pub use findings::{CaseFindings, Findings, YearCost};
pub use joint::JointQuarters;
pub use market_prices::{MarketPrices, Shock};
pub use measures::MeasureCost;
pub use operating::{
    DifferenceSettings, LeastSquares, Mine, MineTerms, Operation, OperationValue, OperationValues,
    Regression, Sample, Switch,
};
pub use price::{BreakEven, Payback, Runway};
pub use spread::{Estimate, Spread};
pub use strip::{ContractStrip, ContractStripTerms, StripError, StripRun};
pub use study::{Case, DiscountRates, Study, StudyTerms};
