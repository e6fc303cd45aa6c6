//! Present values and internal rates of return.

use super::FinanceError;
use super::error::{Rule, finite, require, require_each};
use super::rates::discount_factor;
use super::root;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Rates are looked for between -99.99 % and 100,000,000 % a period.
const LOWEST: f64 = -0.9999;
const HIGHEST: f64 = 1e6;

/// A payment at a date.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatedFlow {
    /// Years from the valuation date. Actual/365 counts days and divides by 365.
    pub years: f64,
    /// Money received (paid if negative).
    pub amount: f64,
}

/// The internal rates of return of a series of payments: every rate, as a fraction a period (a year for dated
/// payments), at which their present value is zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Irr {
    /// There is none, and why.
    None(NoIrr),
    /// Exactly one.
    One(f64),
    /// More than one, in ascending order: none of them is "the" return.
    Several(Vec<f64>),
}

/// Why there is no internal rate of return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum NoIrr {
    /// The payments never change sign: there is no outlay, or no return.
    NoSignChange,
    /// The present value keeps its sign at every rate between -99.99 % and 100,000,000 %.
    NeverZero,
}

impl Irr {
    /// The rate, where there is exactly one.
    pub fn unique(&self) -> Option<f64> {
        match self {
            Self::One(rate) => Some(*rate),
            _ => None,
        }
    }

    /// All rates, in ascending order.
    pub fn rates(&self) -> &[f64] {
        match self {
            Self::None(_) => &[],
            Self::One(rate) => std::slice::from_ref(rate),
            Self::Several(rates) => rates,
        }
    }
}

impl fmt::Display for Irr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None(NoIrr::NoSignChange) => f.write_str("none (payments never change sign)"),
            Self::None(NoIrr::NeverZero) => f.write_str("none (present value never zero)"),
            Self::One(rate) => write!(f, "{:.1} %", 100.0 * rate),
            Self::Several(rates) => {
                f.write_str("several:")?;
                rates
                    .iter()
                    .try_for_each(|rate| write!(f, " {:.1} %", 100.0 * rate))
            }
        }
    }
}

/// Present value of payments one period apart, the first today: sum of flow_t (1 + rate)^-t.
/// The rate is effective a period, as a fraction.
///
/// # Errors
/// [`FinanceError`] unless the rate is above -1 and each flow finite.
///
/// ```
/// use pricefloor::finance::npv;
/// assert!((npv(0.25, &[-1600.0, 10_000.0, -10_000.0])?).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn npv(rate: f64, flows: &[f64]) -> Result<f64, FinanceError> {
    require("discount rate", rate, Rule::Above(-1.0))?;
    require_each("cash flow", flows, Rule::Finite)?;
    let growth = 1.0 + rate;
    finite(
        "present value",
        flows
            .iter()
            .rev()
            .fold(0.0, |value, flow| flow + value / growth),
    )
}

/// Present value of dated payments: sum of amount (1 + rate)^-years. The rate is effective a year, as a fraction.
///
/// # Errors
/// [`FinanceError`] unless the rate is above -1 and every date and amount finite.
pub fn dated_npv(rate: f64, flows: &[DatedFlow]) -> Result<f64, FinanceError> {
    require("discount rate", rate, Rule::Above(-1.0))?;
    check(flows)?;
    finite(
        "present value",
        flows
            .iter()
            .map(|flow| flow.amount * discount_factor(rate, flow.years))
            .sum(),
    )
}

/// All internal rates of return of payments one period apart, the first today.
///
/// # Errors
/// [`FinanceError::TooFew`] for fewer than two flows, [`FinanceError::Entry`] for one that is not finite.
///
/// ```
/// use pricefloor::finance::{Irr, NoIrr, irr};
/// assert_eq!(irr(&[1000.0, -3000.0, 2500.0])?, Irr::None(NoIrr::NeverZero));
/// let Irr::Several(rates) = irr(&[-1600.0, 10_000.0, -10_000.0])? else { panic!("two rates") };
/// assert!((rates[0] - 0.25).abs() < 1e-12 && (rates[1] - 4.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn irr(flows: &[f64]) -> Result<Irr, FinanceError> {
    require_each("cash flow", flows, Rule::Finite)?;
    if flows.len() < 2 {
        return Err(FinanceError::TooFew {
            thing: "the list of cash flows",
            count: flows.len(),
            needed: 2,
        });
    }
    rates(
        flows
            .iter()
            .enumerate()
            .map(|(t, &amount)| Term {
                time: t as f64,
                amount,
            })
            .collect(),
    )
}

/// All internal rates of return of dated payments, in any order, as fractions a year.
///
/// # Errors
/// [`FinanceError::TooFew`] for fewer than two flows, [`FinanceError::Entry`] for a date or amount that is not finite.
pub fn dated_irr(flows: &[DatedFlow]) -> Result<Irr, FinanceError> {
    check(flows)?;
    if flows.len() < 2 {
        return Err(FinanceError::TooFew {
            thing: "the list of cash flows",
            count: flows.len(),
            needed: 2,
        });
    }
    rates(
        flows
            .iter()
            .map(|flow| Term {
                time: flow.years,
                amount: flow.amount,
            })
            .collect(),
    )
}

/// Rates of [`modified_irr`], effective a period, as fractions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModifiedRates {
    /// Rate at which outlays are financed.
    pub finance: f64,
    /// Rate at which receipts are reinvested.
    pub reinvestment: f64,
}

/// Modified internal rate of return of payments one period apart: the rate that turns the present value of
/// the outlays (at the finance rate) into the end value of the receipts (at the reinvestment rate).
/// `Ok(None)` where there is no outlay or no receipt.
///
/// # Errors
/// [`FinanceError`] for fewer than two flows, a flow that is not finite or a rate not above -1.
pub fn modified_irr(rates: ModifiedRates, flows: &[f64]) -> Result<Option<f64>, FinanceError> {
    require("finance rate", rates.finance, Rule::Above(-1.0))?;
    require("reinvestment rate", rates.reinvestment, Rule::Above(-1.0))?;
    require_each("cash flow", flows, Rule::Finite)?;
    if flows.len() < 2 {
        return Err(FinanceError::TooFew {
            thing: "the list of cash flows",
            count: flows.len(),
            needed: 2,
        });
    }
    let last = (flows.len() - 1) as f64;
    let (mut outlays, mut receipts) = (0.0, 0.0);
    for (t, flow) in flows.iter().enumerate() {
        outlays -= flow.min(0.0) * discount_factor(rates.finance, t as f64);
        receipts += flow.max(0.0) * discount_factor(rates.reinvestment, t as f64 - last);
    }
    if outlays == 0.0 || receipts == 0.0 {
        return Ok(None);
    }
    finite(
        "modified internal rate of return",
        ((receipts / outlays).ln() / last).exp_m1(),
    )
    .map(Some)
}

fn check(flows: &[DatedFlow]) -> Result<(), FinanceError> {
    for (index, flow) in flows.iter().enumerate() {
        for (thing, value) in [
            ("date of cash flow", flow.years),
            ("cash flow", flow.amount),
        ] {
            if !value.is_finite() {
                return Err(FinanceError::Entry {
                    thing,
                    index,
                    value,
                    rule: Rule::Finite,
                });
            }
        }
    }
    Ok(())
}

/// One term c e^(-t s) of the present value, with s = ln(1 + rate).
#[derive(Debug, Clone, Copy)]
struct Term {
    time: f64,
    amount: f64,
}

fn rates(mut terms: Vec<Term>) -> Result<Irr, FinanceError> {
    terms.sort_by(|a, b| a.time.total_cmp(&b.time));
    terms.dedup_by(|next, kept| {
        let same = next.time == kept.time;
        if same {
            kept.amount += next.amount;
        }
        same
    });
    terms.retain(|term| term.amount != 0.0);
    if sign_changes(&terms) == 0 {
        return Ok(Irr::None(NoIrr::NoSignChange));
    }
    scale(&mut terms);
    let range = (LOWEST.ln_1p(), HIGHEST.ln_1p());
    let mut rates: Vec<f64> = zeros(&terms, range)?.into_iter().map(f64::exp_m1).collect();
    rates.sort_by(f64::total_cmp);
    Ok(match rates.as_slice() {
        [] => Irr::None(NoIrr::NeverZero),
        &[rate] => Irr::One(rate),
        _ => Irr::Several(rates),
    })
}

/// Makes the largest amount one: only ratios matter.
fn scale(terms: &mut [Term]) {
    let largest = terms
        .iter()
        .fold(0.0f64, |largest, term| largest.max(term.amount.abs()));
    terms.iter_mut().for_each(|term| term.amount /= largest);
}

fn sign_changes(terms: &[Term]) -> usize {
    terms
        .windows(2)
        .filter(|pair| (pair[0].amount < 0.0) != (pair[1].amount < 0.0))
        .count()
}

/// The sum, divided by the sum of the absolute terms: same zeros, and always within -1 and 1.
fn scaled(terms: &[Term], s: f64) -> f64 {
    let top = terms
        .iter()
        .fold(f64::NEG_INFINITY, |top, term| top.max(-term.time * s));
    let (mut sum, mut size) = (0.0, 0.0);
    for term in terms {
        let value = term.amount * (-term.time * s - top).exp();
        sum += value;
        size += value.abs();
    }
    if size > 0.0 { sum / size } else { 0.0 }
}

/// All zeros of the sum of exponentials between `low` and `high`, ascending.
///
/// Laguerre's proof of the rule of signs, run as an algorithm: multiply the sum by e^(m s), with m between
/// two terms of opposite sign; the derivative is a sum of the same kind with one sign change fewer. Its zeros,
/// found in the same way, cut the range into pieces on which the product is monotone, with at most one zero each.
fn zeros(terms: &[Term], (low, high): (f64, f64)) -> Result<Vec<f64>, FinanceError> {
    let Some(place) = terms
        .windows(2)
        .position(|pair| (pair[0].amount < 0.0) != (pair[1].amount < 0.0))
    else {
        return Ok(Vec::new());
    };
    let mut cuts = vec![low];
    if sign_changes(terms) > 1 {
        let middle = 0.5 * (terms[place].time + terms[place + 1].time);
        let mut slope: Vec<Term> = terms
            .iter()
            .map(|term| Term {
                time: term.time,
                amount: term.amount * (middle - term.time),
            })
            .filter(|term| term.amount != 0.0)
            .collect();
        // Hundreds of sign changes would multiply hundreds of such factors.
        scale(&mut slope);
        cuts.extend(zeros(&slope, (low, high))?);
    }
    cuts.push(high);
    // A value this small at a turning point is a zero that touches without crossing.
    let touch = 4.0 * f64::EPSILON * terms.len() as f64;
    let touches = |s: f64| scaled(terms, s).abs() <= touch;
    let mut found = Vec::new();
    for (index, pair) in cuts.windows(2).enumerate() {
        let (from, to) = (pair[0], pair[1]);
        if index > 0 && touches(from) {
            found.push(from);
            continue;
        }
        if index + 2 < cuts.len() && touches(to) {
            continue;
        }
        found.extend(root::between(
            "an internal rate of return",
            |s| scaled(terms, s),
            (from, to),
            1e-15,
        )?);
    }
    Ok(found)
}
