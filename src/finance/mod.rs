//! Project cash flows, contracts, instruments, cap table, valuation.
//!
//! Conventions: rates are yearly and effective, as fractions, and payments fall at period end, unless a name says
//! otherwise. Times are years from the start of the cash flow. Amounts are nominal unless a name says otherwise.
//! Quantities are in the commodity's unit and money in the market's currency, so that price x quantity is money
//! (with prices in USD/kg: kg and USD).

mod black;
mod cap_table;
mod capital;
mod contract;
mod covenants;
mod error;
mod instrument;
mod irr;
mod project;
mod rates;
pub(crate) mod root;
mod waterfall;

pub use black::{
    Black76, Black76Terms, BlackScholes, BlackScholesTerms, FloorPayment, OptionError,
    expected_excess, expected_floor_payment, floor_strip,
};
pub use cap_table::{CapTable, CountBasis, Holding, StatedStake};
pub(crate) use capital::owed;
pub use capital::{Capital, CapitalTerms, OtherAssets, Payout};
pub use contract::{
    Appropriation, BackTest, BackTestRow, ContractPeriod, Coverage, Indexation, Observation,
    Payoff, PriceContract, PriceContractTerms, Quoted, Reference, ReportedPeriod, Settlement,
    SettlementState, Shortfall, UpsideShare,
};
pub use covenants::{Covenants, Cure, Remedy, Restructuring};
pub(crate) use error::require;
pub use error::{FinanceError, Rule};
pub(crate) use instrument::DAY;
pub use instrument::{
    Common, CommonTerms, Conversion, ConversionTerms, ConvertibleValue, CountedAs, Dividend,
    EquityBefore, Exercise, FirmMarket, Grant, GrantTerms, Guarantee, GuaranteeTerms, Instrument,
    Limit, Loan, LoanTerms, NoLoan, Note, NoteTerms, Preferred, PreferredTerms, Redemption,
    RedemptionClaim, Repayment, Revolver, RevolverTerms, RoyaltySale, RoyaltySaleTerms, Sculpted,
    Sculpting, SculptingTerms, Security, Seniority, Settled, Stream, StreamPrice, StreamTerms,
    Warrant, WarrantIssue, WarrantMarket, WarrantSettlement, WarrantTerms,
};
pub use irr::{DatedFlow, Irr, ModifiedRates, NoIrr, dated_irr, dated_npv, irr, modified_irr, npv};
pub use project::{
    Arrival, Build, CashFlow, CostPoint, Covered, CreditEvent, Depletion, Depreciation, EndValue,
    Frequency, Growth, Item, MoneyBasis, Operations, Outcome, Payment, PeriodFlow, Producer,
    Product, Project, ProjectTerms, Receipts, Tax, TaxCredit, TaxRelief, Timeline, TimelineTerms,
    WorkingCapital,
};
pub(crate) use project::{Choices, ExerciseRule, Observed, STATE, Unlevered, Walk};
pub(crate) use rates::discount_factor;
pub use rates::{Compounding, WithInflation};
pub use waterfall::{Estate, ShareOut, Standing};
