//! Several products at once, and the same years cut into months, quarters and years.

use super::finance_debt::{balanced, loan_terms, plant};
use super::finance_project::{capital_terms, close, floor, producer, security};
use pricefloor::finance::{
    CapitalTerms, CashFlow, Covered, Frequency, Instrument, Loan, PeriodFlow, Product,
    ProjectTerms, Repayment, Timeline, TimelineTerms,
};

/// 100 units a year of a concentrate at 60 each, with an overhead of 500. Three quarters of it become oxide that earns nine
/// tenths of its benchmark of 80; a twentieth becomes a heavy oxide at its benchmark of 400: 5400 + 2000. A floor of 500 on the
/// heavy oxide pays (500 - 400) x 5. In year 2 the heavy oxide is at 600, and the floor pays nothing.
#[test]
fn a_basket_by_hand() {
    let product = |name: &str, commodity, per_output, realisation| Product {
        name: name.into(),
        commodity,
        per_output,
        realisation,
        sales: None,
    };
    let project = ProjectTerms {
        products: vec![
            product("oxide", 0, 0.75, 0.9),
            product("heavy oxide", 1, 0.05, 1.0),
        ],
        ..plant(2)
    };
    let heavy = Covered {
        product: "heavy oxide".into(),
        ..floor(500.0, 0)
    };
    let firm = producer(project, capital_terms(1000.0), &[heavy]);
    let flow = firm.cash_flow(&[80.0, 400.0, 80.0, 600.0], false).unwrap();
    let [first, second] = [flow.periods()[0], flow.periods()[1]];
    close(first.sales(), 7400.0);
    close(first.contract(), 500.0);
    close(first.closing_cash(), 1000.0 + 7400.0 + 500.0 - 6500.0);
    close(second.sales(), 8400.0);
    close(second.contract(), 0.0);
    balanced(&firm, &flow);
}

/// Nothing in these terms depends on how often it is settled: no tax, no interest on cash, no growth, and a loan whose interest is
/// the rate x the length of the period on what stands until the end.
#[test]
fn months_quarters_and_years_come_to_the_same() {
    let run = |frequency: Frequency| -> CashFlow {
        let periods = 2 * frequency.per_year();
        let terms = loan_terms(1000.0, 0.08, 2.0, Repayment::Bullet);
        let capital = CapitalTerms {
            securities: vec![security(Instrument::Loan(Loan::new(terms).unwrap()))],
            ..capital_terms(3000.0)
        };
        let project = ProjectTerms {
            timeline: Timeline::new(TimelineTerms {
                frequency,
                periods,
                ..*plant(2).timeline.terms()
            })
            .unwrap(),
            sustaining_capex: 120.0,
            ..plant(2)
        };
        let firm = producer(project, capital, &[floor(80.0, 0)]);
        let flow = firm
            .cash_flow(&vec![75.0; periods as usize], false)
            .unwrap();
        assert_eq!(flow.periods().len(), periods as usize);
        balanced(&firm, &flow);
        flow
    };
    type Line = fn(&PeriodFlow) -> f64;
    let by_hand: [(Line, f64); 6] = [
        (PeriodFlow::sales, 15_000.0),
        (PeriodFlow::contract, 1000.0),
        (PeriodFlow::operating_cost, 12_000.0),
        (PeriodFlow::overhead, 1000.0),
        (PeriodFlow::sustaining_capex, 240.0),
        (PeriodFlow::interest_paid, 160.0),
    ];
    for frequency in [Frequency::Monthly, Frequency::Quarterly, Frequency::Yearly] {
        let flow = run(frequency);
        for (line, expected) in by_hand {
            close(flow.periods().iter().map(line).sum(), expected);
        }
        close(
            flow.share_out().owners(),
            3000.0 + 15_000.0 + 1000.0 - 12_000.0 - 1000.0 - 240.0 - 160.0 - 1000.0,
        );
    }
}
