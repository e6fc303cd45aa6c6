//! Who gets what when the firm is wound up or its value is shared out.

use super::FinanceError;
use super::capital::{Capital, common_shares};
use super::error::{Rule, require, require_each};
use super::instrument::{Instrument, Seniority};
use serde::{Deserialize, Serialize};

/// What is shared out, when, and in which state of the firm.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estate {
    /// Value before any claim, in money.
    pub value: f64,
    /// The date, in years from the start.
    pub years: f64,
    /// Whether the firm has failed: then preferred shares claim their accreted value. A solvent firm owes them only
    /// what a redemption in their terms gives; without one their holder converts.
    pub insolvent: bool,
}

/// What has happened to each security before the estate is shared out, in the order of the securities.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// Owed beside the principal or stated value: a coupon due, cumulative dividends not paid; in money.
    pub arrears: Vec<f64>,
    /// Principal of a loan or a note still owed, and what is drawn on a revolver, in money.
    pub principal: Vec<f64>,
    /// Shares issued on an earlier exercise, by which a warrant is spent, or to a lender in a restructuring.
    pub issued: Vec<f64>,
}

impl Standing {
    /// The standing of `capital` at `years` with nothing in arrears, nothing exercised, nothing drawn, and loans owed in
    /// full until they mature.
    pub fn regular(capital: &Capital, years: f64) -> Self {
        let securities = &capital.terms().securities;
        Self {
            arrears: vec![0.0; securities.len()],
            principal: securities
                .iter()
                .map(|s| super::capital::owed(&s.instrument, years))
                .collect(),
            issued: vec![0.0; securities.len()],
        }
    }
}

/// What each party receives, in money; the parts add up to the estate.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareOut {
    owners: f64,
    securities: Vec<f64>,
    price: f64,
    converted: Vec<bool>,
}

impl ShareOut {
    /// What the owners receive.
    pub fn owners(&self) -> f64 {
        self.owners
    }

    /// What each security receives, in the order of the securities; for a warrant paid for in cash, its gain; for a
    /// guarantee, less what the guarantor pays the lender.
    pub fn securities(&self) -> &[f64] {
        &self.securities
    }

    /// What a common share receives.
    pub fn price(&self) -> f64 {
        self.price
    }

    /// Whether each security converted or was exercised.
    pub fn converted(&self) -> &[bool] {
        &self.converted
    }
}

impl Capital {
    /// Shares an estate out: debt by rank, preferred shares by rank, then common shares, with every holder of a
    /// conversion right or a warrant choosing what is best for it, given what the others choose.
    ///
    /// The choices are found in the order of the share price at which each becomes worth making; adding one never
    /// undoes an earlier one, so the first that does not pay ends the search.
    ///
    /// # Errors
    /// [`FinanceError`] for a negative value or date, a list of the wrong length, or a negative entry.
    pub fn share_out(&self, estate: Estate, standing: &Standing) -> Result<ShareOut, FinanceError> {
        require("value of the estate", estate.value, Rule::NotNegative)?;
        require("date of the estate", estate.years, Rule::NotNegative)?;
        let count = self.terms().securities.len();
        let lists = [
            ("the list of arrears", &standing.arrears),
            ("the list of principal", &standing.principal),
            ("the list of shares issued", &standing.issued),
        ];
        for (thing, list) in lists {
            if list.len() != count {
                let other = "the list of securities";
                return Err(FinanceError::Lengths {
                    thing,
                    found: list.len(),
                    other,
                    expected: count,
                });
            }
            require_each(thing, list, Rule::NotNegative)?;
        }
        let mut out = ShareOut::default();
        self.share_out_into(estate, standing, &mut out);
        Ok(out)
    }

    /// [`Capital::share_out`] on checked input, into an allocation that is used again.
    pub(crate) fn share_out_into(&self, estate: Estate, standing: &Standing, out: &mut ShareOut) {
        let count = self.terms().securities.len();
        out.owners = 0.0;
        out.price = 0.0;
        out.securities.clear();
        out.securities.resize(count, 0.0);
        out.converted.clear();
        out.converted.resize(count, false);
        let mut left = estate.value;
        for class in [Class::Senior, Class::Notes, Class::Subordinated] {
            for (index, security) in self.terms().securities.iter().enumerate() {
                if Class::of(&security.instrument) == Some(class) {
                    let paid = left.min(standing.principal[index] + standing.arrears[index]);
                    out.securities[index] = paid;
                    left -= paid;
                }
            }
        }
        self.choose(estate, standing, left, out);
        for (index, security) in self.terms().securities.iter().enumerate() {
            if matches!(security.instrument, Instrument::Preferred(_)) {
                let paid = left.min(self.claim(index, estate, standing, out.converted[index]));
                out.securities[index] = paid;
                left -= paid;
            }
        }
        let (shares, strikes) = self.common(estate, standing, &out.converted);
        out.price = (left + strikes) / shares;
        out.owners = self.terms().owners_shares * out.price;
        for index in 0..count {
            let (held, paid) = self.common_of(index, estate, standing, out.converted[index]);
            out.securities[index] += held * out.price - paid;
        }
        self.call_guarantees(standing, out);
    }

    /// Guarantors pay lenders their share of what is left unpaid; shares that a lender got in a restructuring do not count
    /// against it.
    fn call_guarantees(&self, standing: &Standing, out: &mut ShareOut) {
        for (index, security) in self.terms().securities.iter().enumerate() {
            if let Instrument::Guarantee(guarantee) = &security.instrument {
                let terms = guarantee.terms();
                let owed = standing.principal[terms.covers] + standing.arrears[terms.covers];
                let shares = standing.issued[terms.covers] * out.price;
                let unpaid = owed - (out.securities[terms.covers] - shares);
                let call = terms.share * unpaid.max(0.0);
                out.securities[index] -= call;
                out.securities[terms.covers] += call;
            }
        }
    }

    /// Marks what converts and what is exercised, cheapest first.
    fn choose(&self, estate: Estate, standing: &Standing, equity: f64, out: &mut ShareOut) {
        for index in 0..out.converted.len() {
            out.converted[index] = self.must_convert(index, estate);
        }
        loop {
            let next = (0..out.converted.len())
                .filter(|&index| !out.converted[index])
                .filter_map(|index| {
                    self.trigger(index, estate, standing)
                        .map(|trigger| (trigger, index))
                })
                .min_by(|a, b| a.0.total_cmp(&b.0));
            let Some((trigger, index)) = next else { return };
            out.converted[index] = true;
            let claims: f64 = (0..out.converted.len())
                .map(|i| self.claim(i, estate, standing, out.converted[i]))
                .sum();
            let (shares, strikes) = self.common(estate, standing, &out.converted);
            if (equity - claims + strikes) / shares <= trigger {
                out.converted[index] = false;
                return;
            }
        }
    }

    /// A convertible preferred share of a solvent firm whose terms give nothing else.
    fn must_convert(&self, index: usize, estate: Estate) -> bool {
        match &self.terms().securities[index].instrument {
            Instrument::Preferred(preferred) => {
                !estate.insolvent
                    && preferred.redemption_claim(estate.years).is_none()
                    && preferred.conversion_shares(estate.years) > 0.0
            }
            _ => false,
        }
    }

    /// The share price above which the holder converts or exercises; `None` where there is no such right.
    fn trigger(&self, index: usize, estate: Estate, standing: &Standing) -> Option<f64> {
        match &self.terms().securities[index].instrument {
            Instrument::Preferred(preferred) => {
                let shares = preferred.conversion_shares(estate.years);
                let kept = self.claim(index, estate, standing, false) - standing.arrears[index];
                (shares > 0.0).then(|| kept / shares)
            }
            Instrument::Warrant(warrant) => {
                let open = standing.issued[index] == 0.0 && warrant.open_at(estate.years);
                open.then(|| warrant.terms().strike)
            }
            _ => None,
        }
    }

    /// What a preferred share claims ahead of the common shares. Dividends in arrears stay owed on conversion.
    fn claim(&self, index: usize, estate: Estate, standing: &Standing, converted: bool) -> f64 {
        let Instrument::Preferred(preferred) = &self.terms().securities[index].instrument else {
            return 0.0;
        };
        let principal = if converted {
            0.0
        } else if estate.insolvent || preferred.terms().conversion.is_none() {
            preferred.accreted(estate.years)
        } else {
            preferred.redemption_claim(estate.years).unwrap_or(0.0)
        };
        principal + standing.arrears[index]
    }

    /// Common shares, and strikes paid for them, of one security.
    fn common_of(
        &self,
        index: usize,
        estate: Estate,
        standing: &Standing,
        converted: bool,
    ) -> (f64, f64) {
        let instrument = &self.terms().securities[index].instrument;
        match instrument {
            Instrument::Preferred(preferred) if converted => {
                (preferred.conversion_shares(estate.years), 0.0)
            }
            Instrument::Warrant(warrant) if converted => (
                warrant.terms().shares,
                warrant.terms().shares * warrant.terms().strike,
            ),
            Instrument::Warrant(_) => (standing.issued[index], 0.0),
            _ => (common_shares(instrument) + standing.issued[index], 0.0),
        }
    }

    fn common(&self, estate: Estate, standing: &Standing, converted: &[bool]) -> (f64, f64) {
        converted.iter().enumerate().fold(
            (self.terms().owners_shares, 0.0),
            |(shares, strikes), (index, &flag)| {
                let (more, paid) = self.common_of(index, estate, standing, flag);
                (shares + more, strikes + paid)
            },
        )
    }
}

/// Ranks of debt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Senior,
    Notes,
    Subordinated,
}

impl Class {
    fn of(instrument: &Instrument) -> Option<Self> {
        match instrument {
            Instrument::Loan(loan) => Some(match loan.terms().seniority {
                Seniority::Senior => Self::Senior,
                Seniority::Subordinated => Self::Subordinated,
            }),
            Instrument::Revolver(_) => Some(Self::Senior),
            Instrument::Note(_) => Some(Self::Notes),
            _ => None,
        }
    }
}
