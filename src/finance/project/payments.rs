use super::cash_flow::CashFlow;
use super::producer::Producer;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Item {
    /// What owners or a holder put in at the start.
    Opening,
    /// Output, at the realised price.
    Sales,
    /// Settlement of price contracts.
    Contracts,
    /// Operating cost and overhead.
    Costs,
    /// Royalty to the owner of the ground.
    Royalty,
    /// Tax less credits.
    Tax,
    /// Money bound in working capital, or released from it.
    WorkingCapital,
    /// Sustaining and growth capital.
    Capital,
    /// Interest on cash.
    InterestOnCash,
    /// All that a security brings its holder in the period, less what the holder pays.
    Security,
    /// Payouts to the owners' shares, less cures that they pay in.
    Shares,
    /// Plant, working capital and other assets at the end, less closure.
    Assets,
    /// Bills that nothing was left to pay.
    Unpaid,
    /// A share of the estate.
    Estate,
}

/// One payment between the firm and another party.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payment {
    period: Option<usize>,
    party: String,
    item: Item,
    amount: f64,
}

impl Payment {
    /// The period, from 0; `None` for the start.
    pub fn period(&self) -> Option<usize> {
        self.period
    }

    /// The other party.
    pub fn party(&self) -> &str {
        &self.party
    }

    /// What is paid for.
    pub fn item(&self) -> Item {
        self.item
    }

    /// Money that the party pays the firm; negative where the firm pays the party.
    pub fn amount(&self) -> f64 {
        self.amount
    }
}

impl fmt::Display for Payment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.period {
            Some(period) => write!(f, "period {period}: ")?,
            None => write!(f, "start: ")?,
        }
        let verb = if self.amount < 0.0 {
            "receives"
        } else {
            "pays"
        };
        write!(
            f,
            "{} {verb} {:.2} ({:?})",
            self.party,
            self.amount.abs(),
            self.item
        )
    }
}

impl Producer {
    /// The ledger of a cash flow: every payment between the firm and others. The payments of a period sum to the change of
    /// the firm's cash, and all of them to zero, but for rounding: nothing is made or lost. Guarantors pay lenders through
    /// the firm's account. Parties without a name are customers, `counterparty` of the contracts, suppliers, state, bank and
    /// buyers of the assets.
    pub fn payments(&self, flow: &CashFlow, counterparty: &str) -> Vec<Payment> {
        let terms = self.capital().terms();
        let mut book = Book(Vec::new());
        book.add(None, &terms.owners, Item::Opening, terms.cash);
        for held in &terms.securities {
            book.add(None, &held.holder, Item::Opening, held.paid);
        }
        for (index, (period, receipts)) in flow.periods().iter().zip(flow.receipts()).enumerate() {
            let at = Some(index);
            book.add(at, "customers", Item::Sales, period.sales());
            book.add(at, counterparty, Item::Contracts, period.contract());
            let costs = period.operating_cost() + period.overhead();
            book.add(at, "suppliers", Item::Costs, -costs);
            book.add(at, "state", Item::Royalty, -period.royalty());
            book.add(at, "state", Item::Tax, -period.tax());
            let bound = -period.working_capital();
            book.add(at, "customers and suppliers", Item::WorkingCapital, bound);
            let capital = period.sustaining_capex() + period.growth_capex();
            book.add(at, "suppliers", Item::Capital, -capital);
            book.add(at, "bank", Item::InterestOnCash, period.interest_received());
            for (held, received) in terms.securities.iter().zip(receipts.securities()) {
                book.add(at, &held.holder, Item::Security, -received);
            }
            book.add(at, &terms.owners, Item::Shares, -receipts.owners());
        }
        let last = flow.periods().len().checked_sub(1);
        let cash = flow
            .periods()
            .last()
            .map_or(0.0, |period| period.closing_cash());
        let assets = flow.estate() - flow.unpaid() - cash;
        book.add(last, "buyers of the assets", Item::Assets, assets);
        book.add(last, "suppliers", Item::Unpaid, flow.unpaid());
        let shared = flow.share_out();
        for (held, part) in terms.securities.iter().zip(shared.securities()) {
            book.add(last, &held.holder, Item::Estate, -part);
        }
        book.add(last, &terms.owners, Item::Estate, -shared.owners());
        book.0
    }
}

struct Book(Vec<Payment>);

impl Book {
    fn add(&mut self, period: Option<usize>, party: &str, item: Item, amount: f64) {
        if amount != 0.0 {
            self.0.push(Payment {
                period,
                party: party.to_owned(),
                item,
                amount,
            });
        }
    }
}
