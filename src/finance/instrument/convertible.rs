use crate::finance::FinanceError;
use crate::finance::black::{BlackScholes, BlackScholesTerms};
use crate::finance::error::{Rule, checked_terms, require};
use serde::{Deserialize, Serialize};

/// Terms of a right to turn a claim into common shares.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConversionTerms {
    /// Conversion price, in money of claim given up for each share.
    pub price: f64,
    /// First date on which the holder may convert, in years from the start.
    #[serde(default)]
    pub from: f64,
}

/// A right to turn a claim into common shares at a fixed price. It is the holder's option; it is not a put:
/// what the holder has without converting is what the instrument's other terms give.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "ConversionTerms", into = "ConversionTerms")]
pub struct Conversion {
    terms: ConversionTerms,
}

checked_terms!(Conversion, ConversionTerms);

impl Conversion {
    /// A right with these terms.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless the price is positive and the date not negative.
    pub fn new(terms: ConversionTerms) -> Result<Self, FinanceError> {
        require("conversion price", terms.price, Rule::Positive)?;
        require("first conversion date", terms.from, Rule::NotNegative)?;
        Ok(Self { terms })
    }

    /// Shares that `amount` (money) converts into, amount / price, with fractions of a share.
    pub fn shares(&self, amount: f64) -> f64 {
        amount / self.terms.price
    }

    /// Shares that `amount` (money) converts into when fractions are paid in cash:
    /// 400,000,000 at 30.03 gives 13,320,013.
    pub fn whole_shares(&self, amount: f64) -> f64 {
        self.shares(amount).floor()
    }

    /// Whether the holder may convert at `years`.
    pub fn open_at(&self, years: f64) -> bool {
        years >= self.terms.from
    }

    /// Value today of a claim of `claim` (money) due in `years` that bears no coupon, ranks before the shares, and may be
    /// converted when it is due: a note, or preferred shares whose dividends in kind have made them `claim` by then. With
    /// c = n / (N + n) the part of the firm that n = claim / price new shares beside N old ones have, the holder gets
    /// min(V, claim) or, converting, c V, whichever is more (Ingersoll 1977):
    ///
    /// value = V - call(V, claim) + c call(V, claim / c), with calls of Black and Scholes on the firm.
    ///
    /// Without dividends it is never converted before it is due.
    ///
    /// # Errors
    /// [`FinanceError::Value`] unless the claim and the firm's shares are positive and the right to convert begins by
    /// `years`; [`FinanceError::Option`] where the firm's value, rate or volatility breaks a rule of the option's.
    ///
    /// ```
    /// use pricefloor::finance::{Conversion, ConversionTerms, FirmMarket};
    /// // A note of 400 that converts into 50 shares beside 100, of a firm worth 1000.
    /// let right = Conversion::new(ConversionTerms { price: 8.0, from: 0.0 })?;
    /// let firm = FirmMarket { value: 1000.0, shares: 100.0, rate: 0.05, volatility: 0.3 };
    /// let value = right.value(400.0, 5.0, &firm)?;
    /// assert!((value.straight() - 305.551).abs() < 1e-3 && (value.option() - 96.018).abs() < 1e-3);
    /// # Ok::<(), pricefloor::finance::FinanceError>(())
    /// ```
    pub fn value(
        &self,
        claim: f64,
        years: f64,
        firm: &FirmMarket,
    ) -> Result<ConvertibleValue, FinanceError> {
        require("claim", claim, Rule::Positive)?;
        require("shares outstanding", firm.shares, Rule::Positive)?;
        require(
            "first conversion date",
            self.terms.from,
            Rule::AtMost(years),
        )?;
        let part = 1.0 / (1.0 + firm.shares / self.shares(claim));
        let call = |strike: f64| {
            let terms = BlackScholesTerms {
                spot: firm.value,
                strike,
                rate: firm.rate,
                dividend_yield: 0.0,
                volatility: firm.volatility,
                years,
            };
            let option = BlackScholes::new(terms).map_err(|source| FinanceError::Option {
                thing: "a convertible claim",
                source,
            })?;
            Ok::<f64, FinanceError>(option.call())
        };
        Ok(ConvertibleValue {
            straight: firm.value - call(claim)?,
            option: part * call(claim / part)?,
        })
    }
}

/// A firm as the market sees it, for the value of a claim on it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirmMarket {
    /// Value of all that the firm has, before any claim, in money.
    pub value: f64,
    /// Shares outstanding before the conversion.
    pub shares: f64,
    /// Riskless rate, per year, continuously compounded.
    pub rate: f64,
    /// Volatility of the firm's value, per square root of a year.
    pub volatility: f64,
}

/// Value of a convertible claim, in money: see [`Conversion::value`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConvertibleValue {
    straight: f64,
    option: f64,
}

impl ConvertibleValue {
    /// The claim without the right: what it would be worth if nothing but it were due (Merton 1974).
    pub fn straight(&self) -> f64 {
        self.straight
    }

    /// The right to convert.
    pub fn option(&self) -> f64 {
        self.option
    }

    /// Both.
    pub fn total(&self) -> f64 {
        self.straight + self.option
    }
}
