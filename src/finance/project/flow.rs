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
    /// Sales at the realised price, streamed units included.
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
    /// Royalty to the owner of the ground.
    royalty,
    /// What streams and royalties that were sold take from sales; negative where the buyer of a stream pays more than the
    /// realised price.
    streamed,
    /// Overhead.
    overhead,
    /// Tax less credits; negative where a refundable credit is more.
    tax,
    /// Tax that would be due on the same output without contracts.
    tax_without_contract,
    /// Increase of working capital; negative where it is released.
    working_capital,
    /// Capital spending that keeps the plant going.
    sustaining_capex,
    /// Capital spending on the expansion.
    growth_capex,
    /// Interest received on cash (negative at a negative rate).
    interest_received,
    /// Debt service due: interest, fees and principal.
    service_due,
    /// Interest paid on loans, notes and revolvers.
    interest_paid,
    /// Fees paid for guarantees and for what is not drawn of revolvers.
    fees_paid,
    /// Principal repaid; negative where interest is added to a loan as its schedule has it.
    principal_paid,
    /// Debt owed at the end: loans, notes and what is drawn on revolvers.
    owed,
    /// Drawn on revolvers.
    drawn,
    /// Growth capital that grants reimburse.
    grants,
    /// What the owners pay in to cure a default.
    cure,
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
    /// Cash from operations after tax: sales and contracts less operating cost, royalty, streams, overhead and tax.
    pub fn operating(&self) -> f64 {
        self.sales + self.contract
            - self.operating_cost
            - self.royalty
            - self.streamed
            - self.overhead
            - self.tax
    }

    /// Cash available for debt service: what operations leave after working capital and sustaining capital.
    pub fn available(&self) -> f64 {
        self.operating() - self.working_capital - self.sustaining_capex
    }

    /// Debt service cover ratio of the period, cash available / debt service due; `None` where none is due.
    pub fn cover(&self) -> Option<f64> {
        (self.service_due > 0.0).then(|| self.available() / self.service_due)
    }

    /// What operations leave after all capital spending, before any financing.
    pub fn free_cash(&self) -> f64 {
        self.available() - self.growth_capex
    }

    /// Opening cash and every line, less closing cash: zero but for rounding.
    pub fn conservation_error(&self) -> f64 {
        self.opening_cash + self.free_cash() + self.interest_received + self.drawn
            - self.interest_paid
            - self.fees_paid
            - self.principal_paid
            + self.grants
            + self.cure
            - self.preferred_dividends
            - self.payout
            + self.exercise
            - self.closing_cash
    }
}
