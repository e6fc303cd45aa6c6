//! Debts on the periods of a timeline, in the order in which they are paid.

use super::producer::PeriodFacts;
use crate::finance::capital::Capital;
use crate::finance::instrument::{Instrument, Seniority};

/// A loan or a note that counts as debt.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Debt {
    /// Its place among the securities.
    pub security: usize,
    /// Yearly rate.
    rate: f64,
    /// Length of a period, in years.
    length: f64,
    /// Years for which each period bears interest.
    years: Vec<f64>,
    /// Principal due at the end of each period.
    due: Vec<f64>,
}

/// How a restructuring has moved the dates: what was due in a period is due `shift` later, and nothing before `resume`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Deferral {
    pub shift: usize,
    pub resume: usize,
}

impl Debt {
    /// The debts of a capital structure: senior loans, notes, subordinated loans.
    pub fn all(capital: &Capital, periods: &[PeriodFacts], length: f64) -> Vec<Self> {
        let mut ranked: Vec<(u8, Self)> = Vec::new();
        for (security, held) in capital.terms().securities.iter().enumerate() {
            match &held.instrument {
                Instrument::Loan(loan) => {
                    let rank = match loan.terms().seniority {
                        Seniority::Senior => 0,
                        Seniority::Subordinated => 2,
                    };
                    ranked.push((
                        rank,
                        Self {
                            security,
                            rate: loan.terms().rate,
                            length,
                            years: vec![length; periods.len()],
                            due: loan.repayments(length, periods.len()),
                        },
                    ));
                }
                Instrument::Note(note) if note.is_debt() => {
                    let maturity = note.terms().maturity;
                    let years = periods
                        .iter()
                        .map(|facts| (facts.end.min(maturity) - facts.start).max(0.0));
                    let due = periods
                        .iter()
                        .map(|facts| note.principal_due(facts.start, facts.end));
                    ranked.push((
                        1,
                        Self {
                            security,
                            rate: note.terms().coupon,
                            length,
                            years: years.collect(),
                            due: due.collect(),
                        },
                    ));
                }
                _ => {}
            }
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked.into_iter().map(|(_, debt)| debt).collect()
    }

    /// Interest of period `index` on `owed` (money).
    pub fn interest(&self, index: usize, deferral: Deferral, owed: f64) -> f64 {
        let years = if index < deferral.resume {
            // Within a standstill every day bears interest.
            self.length
        } else {
            self.years[index - deferral.shift]
        };
        owed * self.rate * years
    }

    /// Principal due at the end of period `index`, as the terms at the start have it.
    pub fn due(&self, index: usize, deferral: Deferral) -> f64 {
        if index < deferral.resume {
            0.0
        } else {
            self.due[index - deferral.shift]
        }
    }
}
