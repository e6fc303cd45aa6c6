//! How a plant is built, taxed, run and closed, worked out by hand.

use super::finance_project::{capital_terms, close, producer, project_terms};
use pricefloor::finance::{
    Arrival, Build, Depletion, Depreciation, FinanceError, Growth, Operations, Project,
    ProjectTerms, Tax, TaxCredit, TaxRelief, WorkingCapital,
};

fn building(build: Build) -> Growth {
    Growth {
        output: 200.0,
        capex: 1000.0,
        start: 0.0,
        complete: 2.0,
        build,
    }
}

fn outputs(growth: Growth, output: f64) -> (Vec<f64>, Vec<f64>) {
    let terms = ProjectTerms {
        output,
        growth: Some(growth),
        ..project_terms(6)
    };
    let plant = producer(terms, capital_terms(0.0), &[])
        .unlevered()
        .unwrap();
    let flow = plant.cash_flow(&[75.0; 6], true).unwrap();
    let column = |of: fn(&pricefloor::finance::PeriodFlow) -> f64| {
        flow.periods().iter().map(of).collect::<Vec<_>>()
    };
    (column(|p| p.output()), column(|p| p.growth_capex()))
}

/// From 100 to 200 units a year for 1000 in two years. Three tenths first: 30 units, then all. With an overrun of a tenth
/// 330 and 770 are spent. At once and a year late it comes after two years and one more, half of it in its first year.
#[test]
fn schedules_overruns_delays_and_ramps() {
    let uneven = Build {
        schedule: vec![0.3, 0.7],
        overrun: 0.1,
        ..Build::default()
    };
    let (output, capex) = outputs(building(uneven.clone()), 100.0);
    let near = |found: &[f64], expected: &[f64]| {
        for (found, expected) in found.iter().zip(expected) {
            close(*found, *expected);
        }
    };
    near(&output, &[100.0, 130.0, 200.0, 200.0, 200.0, 200.0]);
    near(&capex, &[330.0, 770.0, 0.0, 0.0, 0.0, 0.0]);
    let late = Build {
        delay: 1.0,
        ramp: vec![0.5],
        arrival: Arrival::AtOnce,
        ..uneven
    };
    near(
        &outputs(building(late.clone()), 100.0).0,
        &[100.0, 100.0, 100.0, 150.0, 200.0, 200.0],
    );
    // A plant that does not exist yet makes nothing before.
    near(
        &outputs(building(late), 0.0).0,
        &[0.0, 0.0, 0.0, 100.0, 200.0, 200.0],
    );
    // Equal parts that ramp up on their own: 50 units half in year 2, then 50 + 25, then all.
    let ramp = Build {
        ramp: vec![0.5],
        ..Build::default()
    };
    near(
        &outputs(building(ramp), 100.0).0,
        &[100.0, 125.0, 175.0, 200.0, 200.0, 200.0],
    );
}

#[test]
fn schedules_that_do_not_fit_are_refused() {
    let refused = |schedule: Vec<f64>| {
        let build = Build {
            schedule,
            ..Build::default()
        };
        Project::new(ProjectTerms {
            growth: Some(building(build)),
            ..project_terms(6)
        })
        .unwrap_err()
    };
    assert!(matches!(
        refused(vec![1.0]),
        FinanceError::Lengths {
            found: 1,
            expected: 2,
            ..
        }
    ));
    assert_eq!(
        refused(vec![0.5, 0.6]).to_string(),
        "the shares of growth capital add up to 1.1, but must add up to 1"
    );
    assert!(matches!(
        refused(vec![1.5, -0.5]),
        FinanceError::Entry { index: 1, .. }
    ));
    // Without an expansion a project has to make something.
    let nothing = Project::new(ProjectTerms {
        output: 0.0,
        growth: None,
        ..project_terms(6)
    });
    assert!(nothing.is_err());
}

/// 1000 spent in year 1, deducted from year 2 on by the percentages of seven-year property (Revenue Procedure 87-57,
/// table 1, which rounds to a hundredth of a per cent). Income is 200 x (75 - 40) - 500 = 6500.
#[test]
fn declining_balance_of_seven_years() {
    let terms = ProjectTerms {
        sustaining_capex: 0.0,
        tax: Tax {
            losses_last: None,
            depreciation: Depreciation::DecliningBalance {
                years: 7,
                factor: 2.0,
            },
            ..project_terms(9).tax
        },
        ..project_terms(9)
    };
    let plant = producer(terms, capital_terms(1e4), &[]);
    let flow = plant.cash_flow(&[75.0; 9], true).unwrap();
    let table = [14.29, 24.49, 17.49, 12.49, 8.93, 8.92, 8.93, 4.46];
    let mut sum = 0.0;
    for (period, percent) in flow.periods()[1..].iter().zip(table) {
        let deducted = 6500.0 - period.tax() / 0.25;
        assert!((deducted / 10.0 - percent).abs() < 0.0101, "{deducted}");
        sum += deducted;
    }
    close(sum, 1000.0);
}

fn taxes(relief: TaxRelief, prices: &[f64]) -> Vec<f64> {
    let years = prices.len() as u32;
    let terms = ProjectTerms {
        growth: None,
        sustaining_capex: 0.0,
        tax: Tax {
            relief,
            ..project_terms(years).tax
        },
        ..project_terms(years)
    };
    let plant = producer(terms, capital_terms(1e4), &[]);
    let flow = plant.cash_flow(prices, false).unwrap();
    flow.periods().iter().map(|period| period.tax()).collect()
}

/// 15 % of sales, at most half of income. Price 75: 1125 of an income of 1000, so 500. Price 100: 1500 of 3500.
#[test]
fn percentage_depletion() {
    let relief = TaxRelief {
        depletion: Some(Depletion {
            of_sales: 0.15,
            most: 0.5,
        }),
        credit: None,
    };
    let found = taxes(relief, &[75.0, 100.0]);
    close(found[0], 0.25 * 500.0);
    close(found[1], 0.25 * 2000.0);
}

/// A tenth of an operating cost of 6000 is 600 a year. Price 75 owes 250 of tax, price 100 owes 875. Refundable, the rest
/// is paid out. Else 350 are carried: 875 - 950 leaves 75, and 875 - 675 = 200 is paid in year 3. It ends after year 3.
#[test]
fn production_credit() {
    let credit = |refundable| TaxRelief {
        depletion: None,
        credit: Some(TaxCredit {
            of_operating_cost: 0.1,
            of_growth_capital: 0.0,
            until: 3.0,
            refundable,
        }),
    };
    let prices = [75.0, 100.0, 100.0, 100.0];
    assert_eq!(taxes(credit(true), &prices), [-350.0, 275.0, 275.0, 875.0]);
    assert_eq!(taxes(credit(false), &prices), [0.0, 0.0, 200.0, 875.0]);
}

/// A royalty of 5 % of sales, receivables of a tenth of the year's sales, stocks less payables of a tenth of its cost, and a
/// closure of 300; no tax; cash 2000. Price 75: 7500 - 6000 - 500 - 375 = 625, less 750 + 600 bound. Price 80: 8000 - 6000
/// - 500 - 400 = 1100, less 50 more. At the end 1400 come free and 300 are spent.
#[test]
fn royalty_working_capital_and_closure() {
    let terms = ProjectTerms {
        growth: None,
        sustaining_capex: 0.0,
        tax: Tax {
            rate: 0.0,
            ..project_terms(2).tax
        },
        operations: Operations {
            royalty: 0.05,
            working_capital: WorkingCapital {
                receivable_days: 36.5,
                inventory_days: 73.0,
                payable_days: 36.5,
                opening: 0.0,
            },
            closure: 300.0,
        },
        ..project_terms(2)
    };
    let plant = producer(terms, capital_terms(2000.0), &[]);
    let flow = plant.cash_flow(&[75.0, 80.0], false).unwrap();
    let periods = flow.periods();
    close(periods[0].working_capital(), 1350.0);
    close(periods[0].closing_cash(), 1275.0);
    close(periods[1].closing_cash(), 2325.0);
    close(flow.estate(), 3425.0);
    close(flow.share_out().owners(), 3425.0);
}
