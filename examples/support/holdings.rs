//! What the US government holds of firms: shares, preferred shares, warrants, loans and grants, from the bundled facts.
//! Every firm is treated alike; what no source gives is judged here, once for all, or left out. Each example uses a part of it.
#![allow(dead_code)]

use pricefloor::data::{self, DataError, Table};
use pricefloor::finance::{
    FinanceError, Loan, LoanTerms, Repayment, Seniority, Warrant, WarrantIssue, WarrantMarket,
    WarrantSettlement, WarrantTerms,
};

pub type Failure = Box<dyn std::error::Error>;

const MILLION: f64 = 1e6;
const BILLION: f64 = 1e9;

/// Judged: yearly volatility of a mining share, low and high.
pub const VOLATILITY: [f64; 3] = [0.7, 0.5, 0.9];
/// Judged: what a lender without a mandate would ask of such a firm, low and high.
pub const MARKET_RATE: [f64; 3] = [0.10, 0.08, 0.13];
/// Over the Treasury rate: that of the samarium loan to MP Materials, the one rate that a filing gives.
pub const LOAN_MARGIN: f64 = 0.01;
/// Judged: life of a loan, and years before the first repayment.
const LOAN_YEARS: f64 = 12.0;
const LOAN_GRACE: f64 = 3.0;
/// Judged: life of a warrant where the source gives none.
const WARRANT_YEARS: f64 = 10.0;

/// A warrant with a known strike.
#[derive(Debug, Clone, Copy)]
pub struct WarrantHeld {
    pub shares: f64,
    pub strike: f64,
    pub years: f64,
}

/// What is held of one firm. Money in USD; shares in units.
#[derive(Debug, Clone)]
pub struct Holding {
    pub firm: &'static str,
    /// Paid for shares and preferred shares.
    pub paid: f64,
    /// Shares held, or into which preferred shares convert.
    pub shares: f64,
    /// Shares of all others.
    pub others: f64,
    /// Share price around the signing; none for a firm without a quotation in the sources.
    pub price: Option<f64>,
    pub warrant: Option<WarrantHeld>,
    pub loan: f64,
    pub grant: f64,
    /// What is not known, or not counted.
    pub note: &'static str,
    /// Where the first of its numbers comes from.
    pub source: String,
    /// Why a portfolio of miners and magnet makers leaves it out.
    pub outside: Option<&'static str>,
}

impl Holding {
    fn of(firm: &'static str, note: &'static str) -> Self {
        Self {
            firm,
            paid: 0.0,
            shares: 0.0,
            others: 0.0,
            price: None,
            warrant: None,
            loan: 0.0,
            grant: 0.0,
            note,
            source: String::new(),
            outside: None,
        }
    }

    /// Part of all shares, before the warrant and with it.
    pub fn stakes(&self) -> Option<[f64; 2]> {
        let held = self.shares + self.warrant.map_or(0.0, |warrant| warrant.shares);
        (held > 0.0 && self.others > 0.0).then(|| {
            [
                self.shares / (self.shares + self.others),
                held / (held + self.others),
            ]
        })
    }

    /// Shares at the price; at cost where there is none.
    pub fn equity(&self) -> f64 {
        self.price.map_or(self.paid, |price| self.shares * price)
    }

    /// The warrant with its dilution, free to the holder; `None` without one, or without a price.
    pub fn warrant_value(&self, volatility: f64, rate: f64) -> Result<Option<f64>, FinanceError> {
        let (Some(held), Some(price)) = (self.warrant, self.price) else {
            return Ok(None);
        };
        let warrant = Warrant::new(WarrantTerms {
            shares: held.shares,
            strike: held.strike,
            expiry: held.years,
            settlement: WarrantSettlement::NetShare,
        })?;
        let one = warrant.value_of_one(&WarrantMarket {
            price,
            shares: self.others + self.shares,
            rate: rate.ln_1p(),
            dividend_yield: 0.0,
            volatility,
            issue: WarrantIssue::Free,
        })?;
        Ok(Some(held.shares * one))
    }

    /// What the loan is worth to the firm: the principal less its service at what the market would ask.
    pub fn loan_benefit(&self, rate: f64, market: f64) -> Result<f64, FinanceError> {
        if self.loan == 0.0 {
            return Ok(0.0);
        }
        let loan = Loan::new(LoanTerms {
            principal: self.loan,
            rate,
            grace: LOAN_GRACE,
            maturity: LOAN_YEARS,
            repayment: Repayment::Equal,
            seniority: Seniority::Senior,
        })?;
        let (mut owed, mut value) = (self.loan, 0.0);
        for (year, repaid) in loan
            .repayments(1.0, LOAN_YEARS as usize)
            .into_iter()
            .enumerate()
        {
            value += (rate * owed + repaid) * (1.0 + market).powi(-(year as i32 + 1));
            owed -= repaid;
        }
        Ok(self.loan - value)
    }
}

/// The Treasury rate of the assumptions, as a fraction.
pub fn treasury() -> Result<f64, DataError> {
    Ok(0.01 * data::assumption("Treasury rate")?.number()?)
}

fn stake(firm: &str, metric: &str, period: &str) -> Result<f64, DataError> {
    data::fact(Table::UsEquityStakes, firm, metric, period)?.number()
}

fn source(firm: &str, metric: &str, period: &str) -> Result<String, DataError> {
    let fact = data::fact(Table::UsEquityStakes, firm, metric, period)?;
    Ok(fact.provenance().to_string())
}

/// Every firm of the file that has something to hold, a binding deal or a letter of intent.
pub fn all() -> Result<Vec<Holding>, Failure> {
    let term = |name| -> Result<f64, Failure> { Ok(data::contract_term(name)?.number()?) };
    let paid = term("pref_cash")? * MILLION;
    let conversion = term("pref_conversion_price")?;
    let mp = Holding {
        paid,
        shares: paid / conversion,
        others: term("shares_outstanding_20250709")?,
        price: Some(term("stock_close_20250709")?),
        warrant: Some(WarrantHeld {
            shares: term("warrant_shares")?,
            strike: term("warrant_strike")?,
            years: 10.0,
        }),
        loan: data::fact(
            Table::MpDodTransaction,
            "Samarium Project Loan",
            "amount",
            "2025-08",
        )?
        .number()?
            * MILLION,
        source: data::contract_term("pref_cash")?.provenance().to_string(),
        ..Holding::of("MP Materials", "dividend in kind of 7 % not counted")
    };
    let usar = |metric| stake("USA Rare Earth", metric, "2026-01-26");
    let (held, price) = (
        usar("shares to government")? * MILLION,
        usar("price of shares and warrants")?,
    );
    let rare = Holding {
        paid: held * price,
        shares: held,
        // 8 % without the warrants: the low end of the stake as reported.
        others: held / 0.08 - held,
        price: Some(price),
        warrant: Some(WarrantHeld {
            shares: usar("warrants to government")? * MILLION,
            strike: price,
            years: WARRANT_YEARS,
        }),
        loan: usar("senior secured loan")? * BILLION,
        grant: usar("direct funding")? * MILLION,
        source: source("USA Rare Earth", "shares to government", "2026-01-26")?,
        ..Holding::of(
            "USA Rare Earth",
            "letter of intent; at the price paid, below the market",
        )
    };
    let lac = |metric, period| stake("Lithium Americas", metric, period);
    let penny = lac("DOE warrant shares", "2026")?;
    let lithium = Holding {
        shares: penny,
        others: penny / (0.01 * lac("DOE warrants, company", "2025-10-07")?) - penny,
        loan: lac("loan principal (ATVM)", "2025-10-07")? * BILLION,
        source: source("Lithium Americas", "loan principal (ATVM)", "2025-10-07")?,
        ..Holding::of(
            "Lithium Americas",
            "warrants at $0.01, counted as shares; no price in the sources; 5 % of the joint venture not counted",
        )
    };
    let trilogy = Holding {
        paid: stake("Trilogy Metals", "investment", "2025-10")? * MILLION,
        shares: stake("Trilogy Metals", "stake", "2025-10")?,
        others: 100.0 - stake("Trilogy Metals", "stake", "2025-10")?,
        source: source("Trilogy Metals", "investment", "2025-10")?,
        ..Holding::of(
            "Trilogy Metals",
            "shares as percent; warrants for 7.5 % more, strike not in the sources",
        )
    };
    let vulcan = |metric| stake("Vulcan Elements", metric, "2025-11-03");
    let magnets = Holding {
        paid: vulcan("Commerce equity")? * MILLION,
        loan: vulcan("OSC direct loan")? * MILLION,
        source: source("Vulcan Elements", "OSC direct loan", "2025-11-03")?,
        ..Holding::of("Vulcan Elements", "not listed; warrants without terms")
    };
    let element = Holding {
        loan: stake("ReElement", "OSC direct loan", "2025-11-03")? * MILLION,
        source: source("ReElement", "OSC direct loan", "2025-11-03")?,
        ..Holding::of("ReElement", "not listed; warrants without terms")
    };
    let verde = Holding {
        loan: stake("Serra Verde", "DFC loan", "2026-02-05")? * MILLION,
        source: source("Serra Verde", "DFC loan", "2026-02-05")?,
        ..Holding::of("Serra Verde", "option on a minority stake without terms")
    };
    let alumina = Holding {
        paid: stake(
            "Atlantic Alumina (ATALCO)",
            "DoW preferred equity",
            "2026-01-12",
        )? * MILLION,
        source: source(
            "Atlantic Alumina (ATALCO)",
            "DoW preferred equity",
            "2026-01-12",
        )?,
        ..Holding::of(
            "Atlantic Alumina",
            "preferred shares without published terms",
        )
    };
    let ucore = Holding {
        grant: stake("Ucore", "DoD awards", "2025-05")? * MILLION,
        source: source("Ucore", "DoD awards", "2025-05")?,
        ..Holding::of("Ucore", "not repayable, no equity")
    };
    Ok(vec![
        mp,
        rare,
        lithium,
        trilogy,
        magnets,
        element,
        verde,
        alumina,
        ucore,
        korea_zinc()?,
        intel()?,
    ])
}

/// A joint venture buys new shares of $1.9bn, and its smelter has US-backed loans of $4.7bn and a grant of $210m: these stand in
/// the note of the row. The government has a part of the venture, so that part of the shares is taken as its own.
fn korea_zinc() -> Result<Holding, Failure> {
    let part = 0.01 * stake("Korea Zinc JV", "Department of War stake in JV", "2025-12")?;
    let held = part * stake("Korea Zinc", "stake", "2025-12")?;
    Ok(Holding {
        paid: part * 1.9 * BILLION,
        shares: held,
        others: 100.0 - held,
        loan: 4.7 * BILLION,
        grant: 210.0 * MILLION,
        source: source("Korea Zinc", "stake", "2025-12")?,
        outside: Some(
            "its shares are held through a joint venture, and who lends is not in the sources",
        ),
        ..Holding::of(
            "Korea Zinc",
            "shares as percent, 40 % of those of the joint venture; US-backed loans taken as the government's",
        )
    })
}

/// 433.3m shares at $20.47, together the $8.9bn of the source: these stand in the note of the row.
fn intel() -> Result<Holding, Failure> {
    let (shares, price) = (433.3 * MILLION, 20.47);
    Ok(Holding {
        paid: shares * price,
        shares,
        others: shares / (0.01 * stake("Intel", "stake", "2025-08-22")?) - shares,
        price: Some(price),
        source: source("Intel", "stake", "2025-08-22")?,
        outside: Some("it makes chips"),
        ..Holding::of(
            "Intel",
            "at the price paid; warrant for 5 % more at $20, if it sells its foundries, not counted",
        )
    })
}
