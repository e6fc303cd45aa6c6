//! Loans, revolvers, guarantees, streams and grants in the waterfall, worked out by hand.

use super::finance_project::{capital_terms, close, producer, project_terms, security};
use pricefloor::finance::{
    CapitalTerms, Covenants, CreditEvent, Cure, FinanceError, Grant, GrantTerms, Guarantee,
    GuaranteeTerms, Instrument, Limit, Loan, LoanTerms, NoLoan, Operations, Outcome, Payment,
    Payout, Producer, Project, ProjectTerms, Remedy, Repayment, Restructuring, Revolver,
    RevolverTerms, RoyaltySale, RoyaltySaleTerms, Sculpting, SculptingTerms, Security, Seniority,
    Stream, StreamPrice, StreamTerms, Tax,
};
use proptest::prelude::*;

pub fn loan_terms(principal: f64, rate: f64, maturity: f64, repayment: Repayment) -> LoanTerms {
    LoanTerms {
        principal,
        rate,
        grace: 0.0,
        maturity,
        repayment,
        seniority: Seniority::Senior,
    }
}

fn loan(principal: f64, rate: f64, maturity: f64) -> Security {
    let terms = loan_terms(principal, rate, maturity, Repayment::Equal);
    security(Instrument::Loan(Loan::new(terms).unwrap()))
}

/// 100 units a year at 60 with an overhead of 500, no tax, no growth: operating cash is 100 (price - 65).
pub fn plant(years: u32) -> ProjectTerms {
    ProjectTerms {
        sustaining_capex: 0.0,
        growth: None,
        tax: Tax {
            rate: 0.0,
            ..project_terms(years).tax
        },
        ..project_terms(years)
    }
}

fn closing(flow: &pricefloor::finance::CashFlow) -> Vec<f64> {
    flow.periods().iter().map(|p| p.closing_cash()).collect()
}

/// The ledger: the payments of each period sum to the change of the firm's cash, and all payments to zero.
pub fn balanced(producer: &Producer, flow: &pricefloor::finance::CashFlow) {
    let payments = producer.payments(flow, "Treasury");
    let sum = |at: Option<usize>| -> f64 {
        let of_period = payments.iter().filter(|p| p.period() == at);
        of_period.map(Payment::amount).sum()
    };
    let mut cash = sum(None);
    for (index, period) in flow.periods().iter().enumerate() {
        assert!((period.opening_cash() - cash).abs() < 0.005, "{index}");
        assert!(period.conservation_error().abs() < 0.005, "{index}");
        cash += sum(Some(index));
        if index + 1 < flow.periods().len() {
            assert!((period.closing_cash() - cash).abs() < 0.005, "{index}");
        }
    }
    assert!(cash.abs() < 0.005, "{cash} is left over");
}

/// 1000 at 8 % in three equal payments: 1000 x 0.08 / (1 - 1.08^-3) = 388.03351, of which the first repays 308.03351 and
/// each later one 1.08 times the one before. At no interest the parts are equal.
#[test]
fn repayment_schedules() {
    let repayments = |rate, repayment| {
        let terms = loan_terms(1000.0, rate, 3.0, repayment);
        Loan::new(terms).unwrap().repayments(1.0, 4)
    };
    let annuity = repayments(0.08, Repayment::Annuity);
    for (found, expected) in annuity
        .iter()
        .zip([308.033_514, 332.676_195, 359.290_291, 0.0])
    {
        assert!((found - expected).abs() < 1e-6, "{found}");
    }
    for part in &repayments(0.0, Repayment::Annuity)[..3] {
        close(*part, 1000.0 / 3.0);
    }
    assert_eq!(repayments(0.08, Repayment::Bullet), [0.0, 0.0, 1000.0, 0.0]);
    // Quarters: the first year is free of repayments, then eight equal parts.
    let quarterly = Loan::new(LoanTerms {
        grace: 1.0,
        ..loan_terms(1000.0, 0.08, 3.0, Repayment::Equal)
    });
    let quarterly = quarterly.unwrap().repayments(0.25, 12);
    assert_eq!(quarterly[..4], [0.0; 4]);
    assert_eq!(quarterly[4..], [125.0; 8]);
    let scheduled = |amounts: &[f64]| {
        let repayment = Repayment::Scheduled(amounts.to_vec());
        Loan::new(loan_terms(1000.0, 0.08, 3.0, repayment))
    };
    assert!(scheduled(&[-100.0, 600.0, 500.0]).is_ok());
    assert!(matches!(
        scheduled(&[400.0, 500.0]),
        Err(FinanceError::Sum {
            sum: 900.0,
            expected: 1000.0,
            ..
        })
    ));
    assert!(matches!(
        scheduled(&[1500.0, -500.0]),
        Err(FinanceError::Entry { index: 0, .. })
    ));
}

/// Three years of 300, none and 242 at 10 % and a cover of 1.2: 250/1.1 + 0 + 201.6667/1.331 = 378.788 of debt. In the year
/// without cash nothing is paid and interest is added: 378.788 x 1.1 - 250 = 166.667; x 1.1 = 183.333; x 1.1 = 201.667.
#[test]
fn sculpted_by_hand() {
    let terms = SculptingTerms {
        cover: 1.2,
        gearing: 0.6,
        need: 1000.0,
        rate: 0.1,
        period_years: 1.0,
        grace: 0,
        periods: 3,
    };
    let Sculpting::Sized(debt) = terms.size(&[300.0, -50.0, 242.0]).unwrap() else {
        panic!("a loan")
    };
    close(debt.principal(), 250.0 / 1.1 + 242.0 / 1.2 / 1.331);
    assert_eq!(debt.limit(), Limit::Cover);
    close(debt.cover(), 1.2);
    for (found, expected) in debt
        .repayments()
        .iter()
        .zip([212.121_212, -16.666_667, 183.333_333])
    {
        assert!((found - expected).abs() < 1e-6, "{found}");
    }
    close(debt.left_to_equity(), 1000.0 - debt.principal());
    // A need of 400: no more than 240, and the cover rises to 378.788 / 240 x 1.2.
    let small = SculptingTerms {
        need: 400.0,
        ..terms
    };
    let Sculpting::Sized(small) = small.size(&[300.0, -50.0, 242.0]).unwrap() else {
        panic!("a loan")
    };
    assert_eq!((small.principal(), small.limit()), (240.0, Limit::Gearing));
    close(small.cover(), 1.2 * debt.principal() / 240.0);
    let none = |terms: SculptingTerms, cash: &[f64]| terms.size(cash).unwrap();
    assert_eq!(
        none(terms, &[-1.0, 0.0, -3.0]),
        Sculpting::Infeasible(NoLoan::NoCash)
    );
    let free = SculptingTerms { need: 0.0, ..terms };
    assert_eq!(
        none(free, &[1.0; 3]),
        Sculpting::Infeasible(NoLoan::NotNeeded)
    );
    assert!(terms.size(&[1.0; 2]).is_err());
    assert!(
        SculptingTerms {
            cover: 0.9,
            ..terms
        }
        .size(&[1.0; 3])
        .is_err()
    );
    // Held by the firm it is served to the last cent.
    let held = security(Instrument::Loan(debt.loan(Seniority::Senior).unwrap()));
    let capital = CapitalTerms {
        securities: vec![held],
        ..capital_terms(100.0)
    };
    let firm = producer(plant(3), capital, &[]);
    let flow = firm.cash_flow(&[68.0, 65.0, 67.42], false).unwrap();
    assert_eq!(flow.outcome(), Outcome::Solvent);
    close(flow.periods()[0].cover().unwrap(), 1.2);
    close(flow.periods()[2].cover().unwrap(), 1.2);
    assert_eq!(flow.periods()[1].cover(), None);
    balanced(&firm, &flow);
}

proptest! {
    /// Whatever the cash: debt is between nothing and gearing x need, it is repaid in full, and cover is the same in every
    /// period with cash, at least what was asked for.
    #[test]
    fn sculpted_debt_is_within_the_need(
        cash in prop::collection::vec(-1e3..1e3f64, 12),
        cover in 1.0..3.0f64,
        gearing in 0.0..1.0f64,
        need in 0.0..1e5f64,
        rate in 0.0..1.0f64,
        grace in 0usize..6,
    ) {
        let terms = SculptingTerms { cover, gearing, need, rate, period_years: 0.25, grace, periods: 12 };
        if let Sculpting::Sized(debt) = terms.size(&cash).unwrap() {
            prop_assert!(debt.principal() > 0.0 && debt.principal() <= gearing * need * (1.0 + 1e-12));
            prop_assert!(debt.cover() >= cover * (1.0 - 1e-12));
            let repaid: f64 = debt.repayments().iter().sum();
            prop_assert!((repaid - debt.principal()).abs() < 1e-6 * debt.principal());
            for (index, cash) in cash.iter().enumerate() {
                let service = debt.interest()[index] + debt.repayments()[index];
                let expected = if index < grace { 0.0 } else { cash.max(0.0) / debt.cover() };
                prop_assert!((service - expected).abs() < 1e-6 * need, "{service} for {expected}");
            }
            prop_assert!(debt.loan(Seniority::Senior).is_ok());
        }
    }
}

/// Loan of 3000 at 10 % in six parts of 500, revolver of 600 at 12 % with a fee of 1 %, subordinated loan of 1000 at 15 %
/// due in year 6, of which a guarantor bears 80 % for a fee of 1 %. The owners may cure once. Cash 200.
///
/// | year | price | operations | loan      | subordinated | revolver | guarantee | due | drawn | cure | closing |
/// |------|-------|------------|-----------|--------------|----------|-----------|-----|-------|------|---------|
/// | 1    | 80    |  1500      | 300 + 500 | 150          | 6 (fee)  | 8         | 964 |       |      | 736     |
/// | 2    | 70    |   500      | 250 + 500 | 150          | 6        | 8         | 914 |       |      | 322     |
/// | 3    | 55    | -1000      | 200 + 500 | 150          | 6        | 8         | 864 | 600   | 942  | 0       |
/// | 4    | 50    | -1500      | 150 + 500 | 150          | 72       | 8         | 880 | none  | none | -1500   |
///
/// In year 4 the revolver is used up and the cure spent: default. The plant fetches 4000, closing it costs 300, so that
/// 4000 - 300 - 1500 = 2200 is left. The loan claims 1500 + 150 and gets it; the revolver claims 600 + 72 and gets the
/// remaining 550; the subordinated loan claims 1150, gets nothing from the estate and 920 from the guarantor.
#[test]
fn default_in_year_four_through_the_whole_waterfall() {
    let terms = ProjectTerms {
        salvage: 4000.0,
        operations: Operations {
            closure: 300.0,
            ..Operations::default()
        },
        ..plant(6)
    };
    let revolver = Revolver::new(RevolverTerms {
        limit: 600.0,
        rate: 0.12,
        fee: 0.01,
        until: 6.0,
    });
    let subordinated = Loan::new(LoanTerms {
        seniority: Seniority::Subordinated,
        ..loan_terms(1000.0, 0.15, 6.0, Repayment::Bullet)
    });
    let guarantee = Guarantee::new(GuaranteeTerms {
        covers: 0,
        share: 0.8,
        fee: 0.01,
    });
    // The order of the list is not that of the ranks: subordinated first.
    let capital = CapitalTerms {
        securities: vec![
            security(Instrument::Loan(subordinated.unwrap())),
            loan(3000.0, 0.1, 6.0),
            security(Instrument::Revolver(revolver.unwrap())),
            security(Instrument::Guarantee(guarantee.unwrap())),
        ],
        covenants: Covenants {
            cure: Some(Cure {
                times: 1,
                most: 2000.0,
            }),
            ..Covenants::default()
        },
        ..capital_terms(200.0)
    };
    let firm = producer(terms, capital, &[]);
    let flow = firm
        .cash_flow(&[80.0, 70.0, 55.0, 50.0, 90.0, 90.0], false)
        .unwrap();
    assert_eq!(closing(&flow), [736.0, 322.0, 0.0, -1500.0]);
    let due: Vec<f64> = flow.periods().iter().map(|p| p.service_due()).collect();
    assert_eq!(due, [964.0, 914.0, 864.0, 880.0]);
    assert_eq!(
        (flow.periods()[2].drawn(), flow.periods()[2].cure()),
        (600.0, 942.0)
    );
    let cured = CreditEvent::Cured {
        period: 2,
        amount: 942.0,
    };
    assert_eq!(flow.events(), [cured]);
    assert_eq!(flow.outcome(), Outcome::RanOutOfCash { period: 3 });
    assert_eq!(flow.outcome().default_period(), Some(3));
    assert_eq!((flow.estate(), flow.unpaid()), (2200.0, 0.0));
    assert_eq!(
        flow.share_out().securities(),
        [920.0, 1650.0, 550.0, -920.0]
    );
    assert_eq!(flow.share_out().owners(), 0.0);
    let received: Vec<Vec<f64>> = flow
        .receipts()
        .iter()
        .map(|r| r.securities().to_vec())
        .collect();
    assert_eq!(received[0], [150.0, 800.0, 6.0, 8.0]);
    assert_eq!(received[2], [150.0, 700.0, 6.0 - 600.0, 8.0]);
    assert_eq!(received[3], [0.0; 4]);
    assert_eq!(flow.receipts()[2].owners(), -942.0);
    close(flow.periods()[1].cover().unwrap(), 500.0 / 914.0);
    balanced(&firm, &flow);
}

/// A loan of 3000 at 10 % in six parts of 500, cash 200, prices 80, 70, 62, then 75: cash is 900, 650, and in year 3
/// 650 - 300 = 350 against 700 due. Of the claim of 2200 a quarter is given up for a fifth of the shares (25 new ones beside
/// 100), and all that is due comes two years later: 1650 owed, 1815 a year later; then the parts of 500 are 453.75, since
/// 1815 / 2000 = 0.9075, with interest of 181.5, 136.125, 90.75 and 45.375.
#[test]
fn restructuring_by_hand() {
    let covenants = Covenants {
        remedy: Remedy::Restructure(Restructuring {
            haircut: 0.25,
            standstill: 2.0,
            shares: 0.2,
            times: 1,
        }),
        ..Covenants::default()
    };
    let capital = |covenants| CapitalTerms {
        securities: vec![loan(3000.0, 0.1, 6.0)],
        covenants,
        ..capital_terms(200.0)
    };
    let firm = producer(plant(8), capital(covenants), &[]);
    let prices = [80.0, 70.0, 62.0, 75.0, 75.0, 75.0, 75.0, 75.0];
    let flow = firm.cash_flow(&prices, false).unwrap();
    let expected = [
        900.0, 650.0, 350.0, 1350.0, 1714.75, 2124.875, 2580.375, 3081.25,
    ];
    for (found, expected) in closing(&flow).iter().zip(expected) {
        close(*found, expected);
    }
    let restructured = CreditEvent::Restructured {
        period: 2,
        written_down: 550.0,
    };
    assert_eq!(flow.events(), [restructured]);
    assert_eq!(flow.outcome(), Outcome::Solvent);
    close(flow.share_out().securities()[0], 616.25);
    close(flow.share_out().owners(), 2465.0);
    balanced(&firm, &flow);
    // Without it the firm is wound up with 350 for a claim of 2200.
    let firm = producer(plant(8), capital(Covenants::default()), &[]);
    let flow = firm.cash_flow(&prices, false).unwrap();
    assert_eq!(flow.outcome(), Outcome::RanOutOfCash { period: 2 });
    assert_eq!(flow.share_out().securities(), [350.0]);
    balanced(&firm, &flow);
    // Debt relief does not help where cash is gone before any debt service: year 3 at price 55 ends at -350.
    let firm = producer(plant(8), capital(covenants), &[]);
    let flow = firm
        .cash_flow(&[80.0, 70.0, 55.0, 75.0, 75.0, 75.0, 75.0, 75.0], false)
        .unwrap();
    assert_eq!(flow.outcome(), Outcome::RanOutOfCash { period: 2 });
}

/// A loan of 2000 at 10 % in four parts. Price 75: cover 1000 / 700 = 1.43, below the lock-up of 1.5, so nothing is paid
/// out. Price 70: 500 / 650 is below the minimum of 1.2; the owners add 1.2 x 650 - 500 = 280, once. Price 70 again:
/// 500 / 600, and they cannot add 220 any more: default, though there is cash.
#[test]
fn covenants_by_hand() {
    let capital = CapitalTerms {
        securities: vec![loan(2000.0, 0.1, 4.0)],
        payout: Payout::FreeCash { from: 0.0 },
        covenants: Covenants {
            lock_up: Some(1.5),
            minimum: Some(1.2),
            cure: Some(Cure {
                times: 5,
                most: 499.0,
            }),
            remedy: Remedy::Liquidate,
        },
        ..capital_terms(1000.0)
    };
    let firm = producer(plant(4), capital, &[]);
    let flow = firm.cash_flow(&[75.0, 70.0, 70.0, 75.0], false).unwrap();
    assert_eq!(closing(&flow), [1300.0, 1430.0, 1930.0]);
    assert_eq!(flow.periods()[0].payout(), 0.0);
    assert_eq!(
        flow.events(),
        [
            CreditEvent::LockedUp { period: 0 },
            CreditEvent::Cured {
                period: 1,
                amount: 280.0
            },
        ]
    );
    assert_eq!(flow.outcome(), Outcome::CovenantDefault { period: 2 });
    // The loan is owed 1000 and interest of 100; the owners have the rest.
    assert_eq!(flow.share_out().securities(), [1100.0]);
    close(flow.share_out().owners(), 830.0);
    balanced(&firm, &flow);
}

/// A revolver of 1000 at 10 % (no fee) beside a reserve of 300: price 60 loses 500, drawn to the last 200; interest of 20
/// in year 2, and price 75 leaves 1000 - 20, of which 300 are kept.
#[test]
fn revolver_is_drawn_and_repaid() {
    let revolver = Revolver::new(RevolverTerms {
        limit: 1000.0,
        rate: 0.1,
        fee: 0.0,
        until: 5.0,
    });
    let capital = CapitalTerms {
        reserve: 300.0,
        securities: vec![security(Instrument::Revolver(revolver.unwrap()))],
        ..capital_terms(300.0)
    };
    let firm = producer(plant(3), capital, &[]);
    let flow = firm.cash_flow(&[60.0, 75.0, 75.0], false).unwrap();
    assert_eq!(closing(&flow), [0.0, 780.0, 1780.0]);
    let repaid: Vec<f64> = flow.periods().iter().map(|p| p.principal_paid()).collect();
    assert_eq!(repaid, [0.0, 200.0, 0.0]);
    balanced(&firm, &flow);
}

/// A loan of 2000 at 10 % in four parts, and a revolver that is free until drawn. Price 75 leaves 1000 - 700 = 300; price 66 earns
/// 100 of 650, so that 250 are missing. They are drawn, unless the cover of 100 / 650 breaks a covenant: then the revolver
/// is closed, and the owners pay the 250 or the firm is out of cash.
#[test]
fn a_broken_covenant_closes_the_revolver() {
    let outcome = |minimum: Option<f64>, cure: Option<Cure>| {
        let revolver = Revolver::new(RevolverTerms {
            limit: 1000.0,
            rate: 0.1,
            fee: 0.0,
            until: 9.0,
        });
        let capital = CapitalTerms {
            securities: vec![
                loan(2000.0, 0.1, 4.0),
                security(Instrument::Revolver(revolver.unwrap())),
            ],
            covenants: Covenants {
                minimum,
                cure,
                ..Covenants::default()
            },
            ..capital_terms(0.0)
        };
        let firm = producer(plant(2), capital, &[]);
        let flow = firm.cash_flow(&[75.0, 66.0], false).unwrap();
        balanced(&firm, &flow);
        let last = &flow.periods()[1];
        (flow.outcome(), last.drawn(), last.cure())
    };
    // At the end the loan is still owed 1000, for which the estate of salvage is too little.
    assert_eq!(outcome(None, None), (Outcome::InsolventAtEnd, 250.0, 0.0));
    assert_eq!(
        outcome(Some(0.5), None),
        (Outcome::RanOutOfCash { period: 1 }, 0.0, 0.0)
    );
    let cure = Cure {
        times: 1,
        most: 250.0,
    };
    assert_eq!(
        outcome(Some(0.5), Some(cure)),
        (Outcome::InsolventAtEnd, 0.0, 250.0)
    );
}

/// A fifth of 100 units at a quarter of the price 80 takes 20 x 60 = 1200; 50 units in all at a fixed 10 take 30 x 70 of a
/// share of 30 %, then the last 20 x 70; a royalty of 2 % from year 2 on takes 160.
#[test]
fn streams_prepayments_and_royalties() {
    let stream = |share, units, price| {
        let terms = StreamTerms {
            product: 0,
            share,
            units,
            price,
            from: 0.0,
            until: 10.0,
        };
        security(Instrument::Stream(Stream::new(terms).unwrap()))
    };
    let royalty = RoyaltySale::new(RoyaltySaleTerms {
        share: 0.02,
        from: 1.0,
        until: 3.0,
    });
    let capital = CapitalTerms {
        securities: vec![
            stream(0.2, None, StreamPrice::OfRealised(0.25)),
            stream(0.3, Some(50.0), StreamPrice::Fixed(10.0)),
            security(Instrument::RoyaltySale(royalty.unwrap())),
        ],
        ..capital_terms(10_000.0)
    };
    let firm = producer(plant(4), capital, &[]);
    let flow = firm.cash_flow(&[80.0; 4], false).unwrap();
    let received: Vec<&[f64]> = flow.receipts().iter().map(|r| r.securities()).collect();
    assert_eq!(received[0], [1200.0, 2100.0, 0.0]);
    assert_eq!(received[1], [1200.0, 1400.0, 160.0]);
    assert_eq!(received[2], [1200.0, 0.0, 160.0]);
    assert_eq!(received[3], [1200.0, 0.0, 0.0]);
    assert_eq!(flow.periods()[1].streamed(), 2760.0);
    balanced(&firm, &flow);
}

/// Half of an instalment of 1000 is reimbursed, up to 400: the firm needs 600, and deducts 600 from the income of year 2.
#[test]
fn a_grant_reimburses_growth_capital() {
    let grant = Grant::new(GrantTerms {
        share: 0.5,
        most: 400.0,
    });
    let capital = CapitalTerms {
        securities: vec![security(Instrument::Grant(grant.unwrap()))],
        ..capital_terms(0.0)
    };
    let terms = ProjectTerms {
        sustaining_capex: 0.0,
        ..project_terms(2)
    };
    let firm = producer(terms, capital, &[]);
    // Price 75 earns 1000 before tax of 250, and 750 is enough for 600, but not for 1000.
    let flow = firm.cash_flow(&[75.0; 2], true).unwrap();
    let first = flow.periods()[0];
    assert_eq!((first.growth_capex(), first.grants()), (1000.0, 400.0));
    assert_eq!(first.closing_cash(), 150.0);
    // 200 x 35 - 500 = 6500, less 600 deducted, taxed at a quarter.
    close(flow.periods()[1].tax(), 0.25 * 5900.0);
    balanced(&firm, &flow);
}

/// What cannot be is refused with its name.
#[test]
fn ill_posed_terms_are_refused() {
    let guarantee = |covers| {
        let terms = GuaranteeTerms {
            covers,
            share: 0.5,
            fee: 0.0,
        };
        security(Instrument::Guarantee(Guarantee::new(terms).unwrap()))
    };
    let capital = |securities| {
        pricefloor::finance::Capital::new(CapitalTerms {
            securities,
            ..capital_terms(0.0)
        })
    };
    assert!(matches!(
        capital(vec![guarantee(0)]),
        Err(FinanceError::NoDebt { position: 0 })
    ));
    assert!(capital(vec![loan(1.0, 0.1, 1.0), guarantee(0)]).is_ok());
    assert!(capital(vec![loan(1.0, 0.1, 1.0), guarantee(0), guarantee(0)]).is_err());
    let stream = Stream::new(StreamTerms {
        product: 3,
        share: 0.1,
        units: None,
        price: StreamPrice::Fixed(1.0),
        from: 0.0,
        until: 1.0,
    });
    let stream = security(Instrument::Stream(stream.unwrap()));
    let project = Project::new(plant(2)).unwrap();
    let error = Producer::new(&project, &capital(vec![stream]).unwrap(), &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "product of a stream is 3, but it must be finite and at most 0"
    );
}
