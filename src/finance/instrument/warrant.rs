use crate::finance::error::{Rule, checked_terms, require};
use crate::finance::{BlackScholes, BlackScholesTerms, FinanceError, root};
use serde::{Deserialize, Serialize};

/// What the holder pays and receives at exercise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum WarrantSettlement {
    /// The holder pays the strike in cash for each share.
    Cash,
    /// The holder pays nothing and receives shares worth the gain: n (1 - K/P).
    NetShare,
}

/// Terms of a warrant.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WarrantTerms {
    /// Shares covered.
    pub shares: f64,
    /// Strike, in money a share.
    pub strike: f64,
    /// Expiry, in years from the start.
    pub expiry: f64,
    /// Cash or net share.
    pub settlement: WarrantSettlement,
}

/// A warrant: an option on shares that the firm will issue, so that its exercise dilutes.
///
/// ```
/// use pricefloor::finance::{EquityBefore, Warrant, WarrantSettlement, WarrantTerms};
/// let warrant = Warrant::new(WarrantTerms {
///     shares: 10e6,
///     strike: 25.0,
///     expiry: 10.0,
///     settlement: WarrantSettlement::NetShare,
/// })?;
/// assert_eq!(warrant.treasury_stock_shares(50.0)?, 5e6);
/// let exercise = warrant.exercise(EquityBefore { value: 4e9, shares: 100e6 })?;
/// assert!((exercise.price() - (4e9 + 10e6 * 25.0) / 110e6).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "WarrantTerms", into = "WarrantTerms")]
pub struct Warrant {
    terms: WarrantTerms,
}

checked_terms!(Warrant, WarrantTerms);

/// The firm's equity just before an exercise.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EquityBefore {
    /// Value of all equity, warrants included, in money.
    pub value: f64,
    /// Shares outstanding.
    pub shares: f64,
}

/// The market in the shares of a firm that issues a warrant.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WarrantMarket {
    /// Share price before the issue, in money.
    pub price: f64,
    /// Shares outstanding before the issue.
    pub shares: f64,
    /// Riskless rate, per year, continuously compounded.
    pub rate: f64,
    /// Dividend yield, per year, continuously compounded.
    pub dividend_yield: f64,
    /// Volatility of equity per share, per square root of a year.
    pub volatility: f64,
    /// What the firm receives for the warrant.
    pub issue: WarrantIssue,
}

/// What the firm receives for a warrant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum WarrantIssue {
    /// Nothing: the old shares bear its value (a warrant given with something else, or to managers).
    Free,
    /// Its value, which adds to equity.
    ForValue,
}

/// What an exercise does, share price and dilution solved together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    price: f64,
    new_shares: f64,
    paid: f64,
}

impl Exercise {
    /// Share price afterwards, in money.
    pub fn price(&self) -> f64 {
        self.price
    }

    /// Shares issued; zero where the holder lets the warrant lapse.
    pub fn new_shares(&self) -> f64 {
        self.new_shares
    }

    /// Cash that the firm receives, in money.
    pub fn paid(&self) -> f64 {
        self.paid
    }

    /// What the holder gains, in money: shares received at the price afterwards, less cash paid.
    pub fn gain(&self) -> f64 {
        self.new_shares * self.price - self.paid
    }
}

impl Warrant {
    /// A warrant with these terms.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless shares, strike and expiry are positive.
    pub fn new(terms: WarrantTerms) -> Result<Self, FinanceError> {
        require("warrant shares", terms.shares, Rule::Positive)?;
        require("warrant strike", terms.strike, Rule::Positive)?;
        require("warrant expiry", terms.expiry, Rule::Positive)?;
        Ok(Self { terms })
    }

    /// Whether it can still be exercised at `years`: up to and on the day of expiry.
    pub fn open_at(&self, years: f64) -> bool {
        years <= self.terms.expiry + super::note::DAY
    }

    /// Net new shares by the treasury-stock method at a market price (money a share): n (1 - K/P) above the
    /// strike, else none. The price is taken as it stands; [`Warrant::exercise`] solves price and dilution together.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless the price is finite and not negative.
    pub fn treasury_stock_shares(&self, price: f64) -> Result<f64, FinanceError> {
        require("share price", price, Rule::NotNegative)?;
        Ok(if price > self.terms.strike {
            self.terms.shares * (1.0 - self.terms.strike / price)
        } else {
            0.0
        })
    }

    /// The best exercise for the holder at expiry, with the share price that results from it. Both settlements
    /// lead to one price: P = (E + n K)/(N + n) for cash, and for net shares P = E/(N + n (1 - K/P)), which has the
    /// same solution. It is exercised where E/N is above the strike.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless equity is not negative and shares are positive.
    pub fn exercise(&self, before: EquityBefore) -> Result<Exercise, FinanceError> {
        require("equity value", before.value, Rule::NotNegative)?;
        require("shares outstanding", before.shares, Rule::Positive)?;
        let WarrantTerms {
            shares,
            strike,
            settlement,
            ..
        } = self.terms;
        let undiluted = before.value / before.shares;
        if undiluted <= strike {
            return Ok(Exercise {
                price: undiluted,
                new_shares: 0.0,
                paid: 0.0,
            });
        }
        let price = (before.value + shares * strike) / (before.shares + shares);
        Ok(match settlement {
            WarrantSettlement::Cash => Exercise {
                price,
                new_shares: shares,
                paid: shares * strike,
            },
            WarrantSettlement::NetShare => Exercise {
                price,
                new_shares: shares * (1.0 - strike / price),
                paid: 0.0,
            },
        })
    }

    /// Value of the right to one share today, in money, with dilution: N/(N+n) of a Black-Scholes call on equity per
    /// old share (Galai and Schneller 1978; Hull's warrant example). Where it is issued for its value w, equity
    /// includes that: w = N/(N+n) call(S + n w / N), solved exactly.
    ///
    /// # Errors
    /// [`FinanceError::Value`] for a price or share count that is not positive, [`FinanceError::Option`] where the
    /// option's own terms break a rule.
    pub fn value_of_one(&self, market: &WarrantMarket) -> Result<f64, FinanceError> {
        require("share price", market.price, Rule::Positive)?;
        require("shares outstanding", market.shares, Rule::Positive)?;
        let WarrantTerms {
            shares,
            strike,
            expiry,
            ..
        } = self.terms;
        let diluted = |equity_per_share: f64| {
            let terms = BlackScholesTerms {
                spot: equity_per_share,
                strike,
                rate: market.rate,
                dividend_yield: market.dividend_yield,
                volatility: market.volatility,
                years: expiry,
            };
            let call = BlackScholes::new(terms).map_err(|source| FinanceError::Option {
                thing: "a warrant",
                source,
            })?;
            Ok(market.shares / (market.shares + shares) * call.call())
        };
        let free = diluted(market.price)?;
        if market.issue == WarrantIssue::Free {
            return Ok(free);
        }
        // A call is worth no more than its share, so w is no more than S; a failure inside the search is NaN and ends it.
        let gap =
            |w: f64| w - diluted(market.price + shares * w / market.shares).unwrap_or(f64::NAN);
        let accuracy = 1e-14 * market.price;
        root::between("the value of a warrant", gap, (0.0, market.price), accuracy)?.ok_or(
            FinanceError::Overflow {
                thing: "the value of a warrant",
            },
        )
    }
}
