//! Prices that never move, so that every number is worked out by hand.

use super::*;

/// Price 50 for ever. Staying loses 10 x 100 = 1000 a year; growing costs 1000 more in year 1 and earns 10 x 200 from
/// year 2. With a floor of 65, staying earns 500 a year, growing 25 x 200 = 5000 from year 2.
#[test]
fn growth_is_decided_on_its_expected_value() {
    let cases = vec![
        case("none", capital(9000.0, vec![]), vec![]),
        case(
            "floor",
            capital(9000.0, vec![]),
            vec![floor(65.0, Coverage::Share(1.0))],
        ),
    ];
    let findings = study(project_terms(), cases)
        .run(&flat(50.0), Simulation::new(10, 1).unwrap())
        .unwrap();
    let none = findings.case("none").unwrap();
    close(none.growth().staying().mean(), -1000.0 * annuity(0.1, 1, 5));
    close(
        none.growth().growing().unwrap().mean(),
        -2000.0 / 1.1 + 2000.0 * annuity(0.1, 2, 5),
    );
    // -1000 in year 1 and +3000 in years 2 to 5: the rate x solves 1 = 3 (1 - (1+x)^-4)/x.
    let Some(Irr::One(rate)) = none.growth().irr() else {
        panic!("one rate: {:?}", none.growth().irr())
    };
    close(3.0 * annuity(*rate, 1, 4), 1.0);
    assert!(none.growth().taken());
    assert_eq!(none.growth_completed(), 1.0);
    close(none.output().mean(), 100.0 + 4.0 * 200.0);
    let floor = findings.case("floor").unwrap();
    close(
        floor.growth().project_npv().mean(),
        500.0 / 1.1 - 1000.0 / 1.1 + 5000.0 * annuity(0.1, 2, 5),
    );
    close(
        floor.expected_cost().mean(),
        15.0 * (100.0 / 1.04 + 200.0 * annuity(0.04, 2, 5)),
    );
    // The same output is made in both cases, so all of it would exist anyway and none is extra.
    close(
        floor.cost_for_output_anyway().mean(),
        floor.expected_cost().mean(),
    );
    assert_eq!(floor.extra_output().mean(), 0.0);
    assert_eq!(floor.cost_per_extra_unit(), None);
}

/// Capital of 30,000 for the expansion: not worth it at a price of 70 (2000 more a year for four years), worth it with a
/// floor of 200. Without growth output is 100 a year; with it 100 and 4 x 200, so 400 are extra.
#[test]
fn the_floor_makes_the_difference_between_staying_and_growing() {
    let growth = Growth {
        output: 200.0,
        capex: 30_000.0,
        start: 0.0,
        complete: 1.0,
        build: Build::default(),
    };
    let project = ProjectTerms {
        growth: Some(growth),
        ..project_terms()
    };
    let cases = vec![
        case("none", capital(40_000.0, vec![]), vec![]),
        case(
            "floor",
            capital(40_000.0, vec![]),
            vec![floor(200.0, Coverage::Share(1.0))],
        ),
    ];
    let findings = study(project, cases)
        .run(&flat(70.0), Simulation::new(3, 1).unwrap())
        .unwrap();
    let (none, floor) = (
        findings.case("none").unwrap(),
        findings.case("floor").unwrap(),
    );
    assert!(!none.growth().taken() && floor.growth().taken());
    close(none.output().mean(), 500.0);
    close(floor.extra_output().mean(), 400.0);
    let yearly = |year: i32| 130.0 * if year == 1 { 100.0 } else { 200.0 };
    let cost: f64 = (1..=5).map(|year| yearly(year) * 1.04f64.powi(-year)).sum();
    close(floor.expected_cost().mean(), cost);
    close(
        floor.cost_per_extra_unit().unwrap(),
        cost / (100.0 * annuity(0.04, 2, 5)),
    );
    close(
        floor.cost_for_output_anyway().mean(),
        13_000.0 * annuity(0.04, 1, 5),
    );
    // The timeline's years end in June, fiscal years in September: June 2026 is in fiscal 2026.
    let years: Vec<i32> = floor
        .cost_by_year()
        .iter()
        .map(|year| year.fiscal_year())
        .collect();
    assert_eq!(years, [2026, 2027, 2028, 2029, 2030]);
    close(floor.cost_by_year()[1].cost().mean(), 26_000.0);
    // The same number for everyone: no spread.
    assert_eq!(floor.expected_cost().deviation(), 0.0);
    assert_eq!(floor.cost_stake_correlation(), None);
}

/// Cash 2500 and a loss of 1000 a year: gone in year 3. No floor, no growth.
#[test]
fn running_out_of_cash_has_a_date() {
    let project = ProjectTerms {
        growth: None,
        ..project_terms()
    };
    let study = study(project, vec![case("none", capital(2500.0, vec![]), vec![])]);
    assert_eq!(study.runway("none", 50.0).unwrap(), Runway::Years(3.0));
    assert_eq!(study.runway("none", 60.0).unwrap(), Runway::Lasts);
    let findings = study
        .run(&flat(50.0), Simulation::new(5, 1).unwrap())
        .unwrap();
    let none = findings.case("none").unwrap();
    assert_eq!(none.out_of_cash_by_year(), [0.0, 0.0, 1.0, 1.0, 1.0]);
    assert_eq!(none.out_of_cash(), 1.0);
    close(none.output().mean(), 300.0);
    assert_eq!(none.owners_value().mean(), 0.0);
    close(none.owners_npv(), -2500.0);
    assert_eq!(*none.owners_irr(), Irr::None(NoIrr::NoSignChange));
}

/// Cash 1000 kept for five years, margin of zero, a stake of 500 for 25 shares beside 100: at the end 1500 is shared as
/// 100 : 25. The stake returns 300 for 500, -9.7 % a year.
#[test]
fn the_stake_is_a_share_of_what_is_left() {
    let project = ProjectTerms {
        growth: None,
        ..project_terms()
    };
    let cases = vec![case(
        "stake",
        capital(1000.0, vec![stake(500.0, 20.0)]),
        vec![],
    )];
    let findings = study(project, cases)
        .run(&flat(60.0), Simulation::new(5, 1).unwrap())
        .unwrap();
    let stake = findings.case("stake").unwrap();
    close(stake.stake_value().mean(), 300.0 * 1.04f64.powi(-5));
    close(stake.owners_value().mean(), 1200.0 * 1.1f64.powi(-5));
    close(stake.owners_outlay(), 1000.0);
    close(stake.sponsor_npv().mean(), 300.0 * 1.04f64.powi(-5) - 500.0);
    close(
        stake.sponsor_irr().unique().unwrap(),
        0.6f64.powf(0.2) - 1.0,
    );
    close(stake.owners_irr().unique().unwrap(), 1.2f64.powf(0.2) - 1.0);
}

/// What is earned is paid out from year 2 on: price 70 earns 1000 a year, shared 100 : 25 with the participating stake.
#[test]
fn payouts_are_shared_as_converted() {
    let project = ProjectTerms {
        growth: None,
        ..project_terms()
    };
    let mut terms = capital(1000.0, vec![stake(500.0, 20.0)]).terms().clone();
    terms.payout = Payout::FreeCash { from: 1.0 };
    let cases = vec![case("stake", Capital::new(terms).unwrap(), vec![])];
    let findings = study(project, cases)
        .run(&flat(70.0), Simulation::new(5, 1).unwrap())
        .unwrap();
    let stake = findings.case("stake").unwrap();
    // 800 a year to the owners in years 2 to 5, and 80 % of the 2500 left at the end.
    close(
        stake.owners_value().mean(),
        800.0 * annuity(0.1, 2, 5) + 2000.0 * 1.1f64.powi(-5),
    );
    close(
        stake.stake_value().mean(),
        200.0 * annuity(0.04, 2, 5) + 500.0 * 1.04f64.powi(-5),
    );
}

/// A warrant that expires after three of five years. Nothing moves and cash earns the owners' rate, so a share is worth
/// 1000 x 1.1^3 / 100 = 13.31 then: a strike of 13 is exercised, one of 14 is not.
#[test]
fn warrants_that_expire_on_the_way() {
    let value = |strike, settlement| {
        let project = ProjectTerms {
            growth: None,
            ..project_terms()
        };
        let terms = WarrantTerms {
            shares: 50.0,
            strike,
            expiry: 3.0,
            settlement,
        };
        let instrument = Instrument::Warrant(Warrant::new(terms).unwrap());
        let warrant = Security {
            holder: "Treasury".into(),
            instrument,
            paid: 0.0,
        };
        let mut capital = capital(1000.0, vec![warrant]).terms().clone();
        capital.cash_rate = 0.1;
        let study = study(
            project,
            vec![case("warrant", Capital::new(capital).unwrap(), vec![])],
        );
        let findings = study
            .run(&price(60.0, 0.0), Simulation::new(100, 1).unwrap())
            .unwrap();
        let found = findings.case("warrant").unwrap();
        (found.stake_value().mean(), found.owners_value().mean())
    };
    let (held, owners) = value(14.0, WarrantSettlement::Cash);
    assert_eq!(held, 0.0);
    close(owners, 1000.0);
    // Cash: 650 paid for 50 of 150 shares; the pot of 1331 + 650 grows for two years.
    let pot = (1331.0 + 650.0) * 1.21;
    let (held, owners) = value(13.0, WarrantSettlement::Cash);
    close(
        held,
        pot / 3.0 * 1.04f64.powi(-5) - 650.0 * 1.04f64.powi(-3),
    );
    close(owners, pot / 1.5 * 1.1f64.powi(-5));
    // Net shares: the same gain at expiry, 50 (13.2067 - 13), in shares of a pot of 1331.
    let after = (1331.0 + 650.0) / 150.0;
    let new = 50.0 * (1.0 - 13.0 / after);
    let (held, _) = value(13.0, WarrantSettlement::NetShare);
    close(held, 1331.0 * 1.21 * new / (100.0 + new) * 1.04f64.powi(-5));
}

/// Without an expansion nothing is invested, and the price breaks even at the cost of a unit, 60. With it the better
/// plan has 100 p - 7000 in year 1 and 200 p - 8000 in years 2 to 5.
#[test]
fn break_even_prices() {
    let contract = |strike| vec![floor(strike, Coverage::Share(1.0))];
    let cases = vec![
        case("none", capital(0.0, vec![]), vec![]),
        case("low floor", capital(0.0, vec![]), contract(20.0)),
        case("high floor", capital(0.0, vec![]), contract(90.0)),
    ];
    let fixed = study(
        ProjectTerms {
            growth: None,
            ..project_terms()
        },
        cases.clone(),
    );
    let BreakEven::Price(found) = fixed.break_even("none").unwrap() else {
        panic!("a price")
    };
    close(found, 60.0);
    let growing = study(project_terms(), cases);
    let later = annuity(0.1, 2, 5);
    let expected = (7000.0 / 1.1 + 8000.0 * later) / (100.0 / 1.1 + 200.0 * later);
    for name in ["none", "low floor"] {
        let BreakEven::Price(found) = growing.break_even(name).unwrap() else {
            panic!("a price")
        };
        close(found, expected);
    }
    assert_eq!(
        growing.break_even("high floor").unwrap(),
        BreakEven::AtAnyPrice
    );
}
