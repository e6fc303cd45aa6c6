//! Preferred shares in a cash flow, by hand.

use super::finance_debt::{balanced, loan_terms, plant};
use super::finance_project::{capital_terms, preferred_terms, producer, security};
use pricefloor::finance::{
    CapitalTerms, CashFlow, Conversion, ConversionTerms, Covenants, Instrument, Loan, Payout,
    Preferred, PreferredTerms, Repayment, Security, Settled,
};

/// 2000 at 10 % in cash, converting into 50 shares beside 100.
fn preferred(cumulative: bool, participating: bool) -> Security {
    let mut terms = PreferredTerms {
        conversion: Some(
            Conversion::new(ConversionTerms {
                price: 40.0,
                from: 0.0,
            })
            .unwrap(),
        ),
        participating,
        ..preferred_terms(2000.0, 0.1)
    };
    terms.dividend.settled = Settled::InCash;
    terms.dividend.cumulative = cumulative;
    security(Instrument::Preferred(Preferred::new(terms).unwrap()))
}

/// The plant earns 100 (price - 65).
fn flow(securities: Vec<Security>, covenants: Covenants, prices: &[f64]) -> CashFlow {
    let capital = CapitalTerms {
        securities,
        payout: Payout::FreeCash { from: 0.0 },
        covenants,
        ..capital_terms(0.0)
    };
    let firm = producer(plant(prices.len() as u32), capital, &[]);
    let flow = firm.cash_flow(prices, false).unwrap();
    balanced(&firm, &flow);
    flow
}

fn received(flow: &CashFlow, security: usize) -> Vec<f64> {
    let receipts = flow.receipts().iter();
    receipts.map(|r| r.securities()[security]).collect()
}

/// A dividend of 200. Price 66 earns 100, which is all paid. Price 68 earns 300: the 200 of the year and, if it is cumulative, the
/// 100 left from before; else 100 go to the shares. Price 75 earns 1000, of which 800 are paid to the shares: a third of it to
/// preferred shares that participate as if converted.
#[test]
fn dividends_in_cash() {
    let prices = [66.0, 68.0, 75.0];
    let of = |cumulative, participating| {
        flow(
            vec![preferred(cumulative, participating)],
            Covenants::default(),
            &prices,
        )
    };
    let cumulative = of(true, false);
    assert_eq!(received(&cumulative, 0), [100.0, 300.0, 200.0]);
    let payouts: Vec<f64> = cumulative.periods().iter().map(|p| p.payout()).collect();
    assert_eq!(payouts, [0.0, 0.0, 800.0]);
    assert_eq!(received(&of(false, false), 0), [100.0, 200.0, 200.0]);
    let shared = of(true, true);
    let third = 800.0 / 3.0;
    assert_eq!(received(&shared, 0)[..2], [100.0, 300.0]);
    assert!((received(&shared, 0)[2] - 200.0 - third).abs() < 1e-9);
    assert!((shared.receipts()[2].owners() - 2.0 * third).abs() < 1e-9);
}

/// A loan of 1000 at 10 % in two parts. Price 72 earns 700 of 600: a cover of 1.17, below the lock-up of 1.5, so that the 100 left
/// stay in the firm and the dividend of 200 is not paid. Price 80 earns 1500 of 550; the dividend of the locked year is owed
/// still, unless it is not cumulative.
#[test]
fn a_lock_up_puts_dividends_off() {
    let of = |cumulative| {
        let loan = Loan::new(loan_terms(1000.0, 0.1, 2.0, Repayment::Equal)).unwrap();
        let covenants = Covenants {
            lock_up: Some(1.5),
            ..Covenants::default()
        };
        let securities = vec![
            security(Instrument::Loan(loan)),
            preferred(cumulative, false),
        ];
        flow(securities, covenants, &[72.0, 80.0])
    };
    assert_eq!(received(&of(true), 1), [0.0, 400.0]);
    assert_eq!(received(&of(false), 1), [0.0, 200.0]);
}
