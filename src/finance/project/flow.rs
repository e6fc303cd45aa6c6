use serde::{Deserialize, Serialize};

macro_rules! lines {
    ($($(#[$doc:meta])* $line:ident,)*) => {
        /// One period of a cash flow. Amounts are nominal money and not negative unless their line says so.
        #[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct PeriodFlow {
            $(pub(super) $line: f64,)*
        }

        impl PeriodFlow {
            $($(#[$doc])* pub fn $line(&self) -> f64 { self.$line })*
        }
    };
}

lines! {
    /// Units of output.
    output,
    /// Benchmark of the first product, average of the period, in money per unit.
    benchmark,
    /// Sales at the realised price.
    sales,
    /// Top-up earned from contracts in the period, before arrears and limits; negative where the producer owes it.
    top_up,
    /// Upside share owed under contracts for the period, before arrears and limits.
    upside_share,
    /// Net cash from contracts; negative where the producer pays.
    contract,
    /// What contracts owed and no money was appropriated for.
    lapsed,
    /// Operating cost.
    operating_cost,
    /// Overhead.
    overhead,
    /// Tax.
    tax,
    /// Tax that would be due on the same output without contracts.
    tax_without_contract,
    /// Capital spending that keeps the plant going.
    sustaining_capex,
    /// Capital spending on the expansion.
    growth_capex,
    /// Interest received on cash (negative at a negative rate).
    interest_received,
    /// Interest paid on notes.
    interest_paid,
    /// Principal repaid.
    principal_paid,
    /// Dividends paid in cash on preferred shares.
    preferred_dividends,
    /// Paid out to the shares.
    payout,
    /// Strikes received for warrants exercised.
    exercise,
    /// Cash at the start of the period (negative only in a cash flow without financing).
    opening_cash,
    /// Cash at its end: negative in the period of a default, where the estate has to cover it.
    closing_cash,
}

impl PeriodFlow {
    /// Cash from operations after tax: sales and contracts less operating cost, overhead and tax.
    pub fn operating(&self) -> f64 {
        self.sales + self.contract - self.operating_cost - self.overhead - self.tax
    }

    /// What operations leave after all capital spending, before any financing.
    pub fn free_cash(&self) -> f64 {
        self.operating() - self.sustaining_capex - self.growth_capex
    }

    /// Opening cash and every line, less closing cash: zero but for rounding.
    pub fn conservation_error(&self) -> f64 {
        self.opening_cash + self.free_cash() + self.interest_received
            - self.interest_paid
            - self.principal_paid
            - self.preferred_dividends
            - self.payout
            + self.exercise
            - self.closing_cash
    }
}
