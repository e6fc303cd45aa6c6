//! Ten thousand firms over wide ranges of price, strike, stake, interest and delay, with every kind of instrument: what must
//! hold of each of them.

use super::finance_debt::{balanced, loan_terms, plant};
use super::finance_project::{
    capital_terms, floor, preferred_terms, producer, project_terms, security,
};
use pricefloor::finance::{
    Build, CapitalTerms, CashFlow, Conversion, ConversionTerms, Covenants, CreditEvent, Cure,
    DatedFlow, FinanceError, Grant, GrantTerms, Growth, Guarantee, GuaranteeTerms, Instrument, Irr,
    Loan, LoanTerms, Note, NoteTerms, Outcome, Payout, Preferred, PreferredTerms, Producer,
    Project, ProjectTerms, Remedy, Repayment, Restructuring, Revolver, RevolverTerms, RoyaltySale,
    RoyaltySaleTerms, Sculpting, SculptingTerms, Security, Seniority, Settled, Stream, StreamPrice,
    StreamTerms, Warrant, WarrantSettlement, WarrantTerms, dated_irr, dated_npv,
};
use pricefloor::finance::{Capital, CountedAs};

const YEARS: u32 = 8;
const NEED: f64 = 20_000.0;
const GEARING: f64 = 0.7;
const LIMIT: f64 = 1500.0;

/// One firm.
#[derive(Debug, Clone, Copy)]
struct Case {
    price: f64,
    strike: f64,
    stake: f64,
    interest: f64,
    delay: f64,
    /// Which of the other instruments and which terms for bad times.
    kind: usize,
}

fn cases() -> impl Iterator<Item = Case> {
    let prices = [0.0, 1.0, 20.0, 45.0, 60.0, 75.0, 110.0, 400.0, 1e4, 1e6];
    let strikes = [1e-3, 50.0, 80.0, 200.0, 1e5];
    let stakes = [0.0, 1.0, 2000.0, 50_000.0, 1e9];
    let interests = [0.0, 0.02, 0.08, 0.3, 2.0];
    let delays = [0.0, 1.0, 2.0, 4.0];
    prices.into_iter().flat_map(move |price| {
        strikes.into_iter().flat_map(move |strike| {
            stakes.into_iter().flat_map(move |stake| {
                interests.into_iter().flat_map(move |interest| {
                    delays.into_iter().flat_map(move |delay| {
                        (0..2).map(move |kind| Case {
                            price,
                            strike,
                            stake,
                            interest,
                            delay,
                            kind,
                        })
                    })
                })
            })
        })
    })
}

impl Case {
    fn project(self) -> ProjectTerms {
        ProjectTerms {
            growth: Some(Growth {
                output: 200.0,
                capex: NEED,
                start: 0.0,
                complete: 2.0,
                build: Build {
                    delay: self.delay,
                    ..Build::default()
                },
            }),
            salvage: 1000.0,
            inflation: 0.02,
            ..project_terms(YEARS)
        }
    }

    /// A price that swings around its level, so that good and bad years follow each other.
    fn prices(self) -> Vec<f64> {
        let swing = [1.0, 1.3, 0.7, 0.4, 1.0, 1.6, 0.9, 1.1];
        swing.iter().map(|part| part * self.price).collect()
    }

    fn securities(self, debt: Option<Loan>) -> Vec<Security> {
        let mut held = Vec::new();
        if let Some(loan) = debt {
            let covers = held.len();
            held.push(security(Instrument::Loan(loan)));
            held.push(security(Instrument::Guarantee(
                Guarantee::new(GuaranteeTerms {
                    covers,
                    share: 0.8,
                    fee: 0.01,
                })
                .unwrap(),
            )));
        }
        if self.stake > 0.0 {
            let terms = PreferredTerms {
                conversion: Some(
                    Conversion::new(ConversionTerms {
                        price: 40.0,
                        from: 0.0,
                    })
                    .unwrap(),
                ),
                participating: true,
                ..preferred_terms(self.stake, 0.07)
            };
            let mut terms = terms;
            if self.kind == 1 {
                terms.dividend.settled = Settled::InCash;
            }
            held.push(Security {
                paid: self.stake,
                ..security(Instrument::Preferred(Preferred::new(terms).unwrap()))
            });
        }
        let warrant = WarrantTerms {
            shares: 30.0,
            strike: 50.0,
            expiry: 20.0,
            settlement: [WarrantSettlement::Cash, WarrantSettlement::NetShare][self.kind],
        };
        held.push(security(Instrument::Warrant(
            Warrant::new(warrant).unwrap(),
        )));
        let revolver = RevolverTerms {
            limit: LIMIT,
            rate: self.interest,
            fee: 0.01,
            until: 6.0,
        };
        held.push(security(Instrument::Revolver(
            Revolver::new(revolver).unwrap(),
        )));
        held.push(security(Instrument::Grant(
            Grant::new(GrantTerms {
                share: 0.1,
                most: 1500.0,
            })
            .unwrap(),
        )));
        if self.kind == 1 {
            let stream = StreamTerms {
                product: 0,
                share: 0.2,
                units: Some(120.0),
                price: StreamPrice::Fixed(30.0),
                from: 0.0,
                until: 8.0,
            };
            held.push(Security {
                paid: 500.0,
                ..security(Instrument::Stream(Stream::new(stream).unwrap()))
            });
            let royalty = RoyaltySaleTerms {
                share: 0.02,
                from: 0.0,
                until: 8.0,
            };
            held.push(security(Instrument::RoyaltySale(
                RoyaltySale::new(royalty).unwrap(),
            )));
            let note = NoteTerms {
                face: 700.0,
                coupon: self.interest,
                maturity: 4.0,
                conversion: None,
                counted_as: CountedAs::Debt,
            };
            held.push(security(Instrument::Note(Note::new(note).unwrap())));
            held.push(security(Instrument::Loan(
                Loan::new(LoanTerms {
                    seniority: Seniority::Subordinated,
                    ..loan_terms(900.0, self.interest, 7.0, Repayment::Annuity)
                })
                .unwrap(),
            )));
        }
        held
    }

    fn capital(self, debt: Option<Loan>) -> Result<Capital, FinanceError> {
        let covenants = if self.kind == 0 {
            Covenants::default()
        } else {
            Covenants {
                lock_up: Some(1.3),
                minimum: Some(1.05),
                cure: Some(Cure {
                    times: 1,
                    most: 2000.0,
                }),
                remedy: Remedy::Restructure(Restructuring {
                    haircut: 0.3,
                    standstill: 1.0,
                    shares: 0.4,
                    times: 2,
                }),
            }
        };
        let payout = [Payout::Retain, Payout::FreeCash { from: 2.0 }][self.kind];
        Capital::new(CapitalTerms {
            cash_rate: 0.01,
            securities: self.securities(debt),
            covenants,
            payout,
            ..capital_terms(3000.0)
        })
    }

    /// The loan that the cash of a firm without it carries, or none for a reason with a name.
    fn sized(self, project: &Project) -> Option<Loan> {
        let contracts = [floor(self.strike, 0)];
        let without = Producer::new(project, &self.capital(None).unwrap(), &contracts)
            .unwrap()
            .unlevered()
            .unwrap();
        let flow = without.cash_flow(&self.prices(), true).unwrap();
        let cash: Vec<f64> = flow.periods().iter().map(|p| p.available()).collect();
        let terms = SculptingTerms {
            cover: 1.3,
            gearing: GEARING,
            need: NEED,
            rate: self.interest,
            period_years: 1.0,
            grace: 2,
            periods: YEARS as usize,
        };
        match terms.size(&cash).unwrap() {
            Sculpting::Sized(debt) => {
                assert!(debt.principal() > 0.0, "{self:?}");
                assert!(
                    debt.principal() <= GEARING * NEED * (1.0 + 1e-12),
                    "{self:?}"
                );
                Some(debt.loan(Seniority::Senior).unwrap())
            }
            Sculpting::Infeasible(_) => None,
            other => panic!("{other:?}"),
        }
    }
}

fn finite(case: Case, flow: &CashFlow) {
    let text = serde_json::to_string(flow).unwrap();
    // What is not finite is written as null.
    assert!(!text.contains("null"), "{case:?}: {text}");
}

/// What owners have of the firm: their cash as the outlay, then what they receive.
fn returns(case: Case, flow: &CashFlow) -> Irr {
    let mut flows = vec![DatedFlow {
        years: 0.0,
        amount: -3000.0,
    }];
    for (index, receipts) in flow.receipts().iter().enumerate() {
        flows.push(DatedFlow {
            years: (index + 1) as f64,
            amount: receipts.owners(),
        });
    }
    if let Some(last) = flows.last_mut() {
        last.amount += flow.share_out().owners();
    }
    assert!(dated_npv(0.1, &flows).unwrap().is_finite(), "{case:?}");
    dated_irr(&flows).unwrap()
}

/// Every number is finite or has a named reason (no rate of return, no loan); debt is sized within [0, need] and never owed
/// below nothing; owners are never below nothing, and cash only in the period of a default; the payments of every period
/// add up to the change of cash within a cent (or what a float can tell of the largest amount).
#[test]
fn ten_thousand_firms() {
    let (mut count, mut failed, mut restructured) = (0, 0, 0);
    let (mut unsized_loans, mut no_rate, mut one_rate) = (0, 0, 0);
    for case in cases() {
        let project = Project::new(case.project()).unwrap();
        let debt = case.sized(&project);
        unsized_loans += usize::from(debt.is_none());
        let capital = case.capital(debt).unwrap();
        let contracts = [floor(case.strike, u32::from(case.kind == 1))];
        let producer = Producer::new(&project, &capital, &contracts).unwrap();
        let flow = producer.cash_flow(&case.prices(), true).unwrap();
        finite(case, &flow);
        let default = flow.outcome().default_period();
        for (index, period) in flow.periods().iter().enumerate() {
            assert!(period.owed() >= 0.0, "{case:?} {index}: {}", period.owed());
            if default != Some(index) {
                assert!(
                    period.closing_cash() >= -1e-9 * period.sales().max(1.0),
                    "{case:?} {index}"
                );
            }
        }
        assert!(flow.estate() >= 0.0, "{case:?}");
        assert!(flow.share_out().owners() >= 0.0, "{case:?}");
        if flow.outcome() == Outcome::Solvent {
            assert_eq!(flow.unpaid(), 0.0, "{case:?}");
        }
        balanced(&producer, &flow);
        match returns(case, &flow) {
            Irr::None(_) => no_rate += 1,
            rates => {
                assert!(rates.rates().iter().all(|rate| rate.is_finite()));
                one_rate += 1;
            }
        }
        failed += usize::from(default.is_some());
        let events = flow.events().iter();
        restructured += usize::from(
            events
                .into_iter()
                .any(|event| matches!(event, CreditEvent::Restructured { .. })),
        );
        count += 1;
    }
    assert_eq!(count, 10_000);
    // The sweep reaches what it is about.
    for (what, found) in [
        ("defaults", failed),
        ("restructurings", restructured),
        ("loans that are not feasible", unsized_loans),
        ("no rate of return", no_rate),
        ("a rate of return", one_rate),
    ] {
        assert!(found > 100, "{found} {what}");
    }
}

/// Price 50 loses 1500 a year, so that of 1600 in cash 100 are left after year 1 and 1400 are missing in year 2. A revolver
/// that falls due then cannot be drawn to repay itself; one that is due a year later can, and is owed at the end.
#[test]
fn a_revolver_is_not_drawn_when_it_falls_due() {
    let outcome = |until| {
        let terms = RevolverTerms {
            limit: 3000.0,
            rate: 0.0,
            fee: 0.0,
            until,
        };
        let revolver = Revolver::new(terms).unwrap();
        let capital = CapitalTerms {
            securities: vec![security(Instrument::Revolver(revolver))],
            ..capital_terms(1600.0)
        };
        let firm = producer(plant(2), capital, &[]);
        let flow = firm.cash_flow(&[50.0; 2], false).unwrap();
        balanced(&firm, &flow);
        (flow.outcome(), flow.periods()[1].drawn())
    };
    assert_eq!(outcome(2.0), (Outcome::RanOutOfCash { period: 1 }, 0.0));
    assert_eq!(outcome(3.0), (Outcome::InsolventAtEnd, 1400.0));
}
