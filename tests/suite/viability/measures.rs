//! The measures of viability against closed forms: what a measure costs, credit, cover, payback, what stops a payment.

use super::*;
use pricefloor::finance::{
    Appropriation, Guarantee, GuaranteeTerms, Loan, LoanTerms, Repayment, Seniority, Shortfall,
};
use pricefloor::stochastic::{GeometricBrownian, GeometricBrownianTerms};
use pricefloor::viability::{CaseFindings, Payback};

/// 100 units a year at 60, nothing else.
fn plant() -> ProjectTerms {
    ProjectTerms {
        growth: None,
        ..project_terms()
    }
}

/// A plant that is yet to be built: 1000 in year 1, then 200 units a year at 40.
fn greenfield() -> ProjectTerms {
    ProjectTerms {
        output: 0.0,
        ..project_terms()
    }
}

fn loan(holder: &str, rate: f64, paid: f64) -> Security {
    let terms = LoanTerms {
        principal: 1000.0,
        rate,
        grace: 0.0,
        maturity: 3.0,
        repayment: Repayment::Bullet,
        seniority: Seniority::Senior,
    };
    Security {
        holder: holder.into(),
        instrument: Instrument::Loan(Loan::new(terms).unwrap()),
        paid,
    }
}

/// The one case of a study at a price that stays where it is.
fn at(spot: f64, project: ProjectTerms, capital: Capital, contracts: Vec<Covered>) -> CaseFindings {
    let findings = study(project, vec![case("only", capital, contracts)])
        .run(&flat(spot), Simulation::new(4, 1).unwrap())
        .unwrap();
    findings.case("only").unwrap().clone()
}

fn cost(found: &CaseFindings, name: &str) -> f64 {
    let measures = found.cost_by_measure();
    let named = measures.iter().find(|measure| measure.name() == name);
    named
        .unwrap_or_else(|| panic!("{measures:?}"))
        .cost()
        .mean()
}

/// A loan of 1000 at 3 % against a Treasury rate of 4 %, repaid at once in year 3: its subsidy is the missing percent,
/// 10 (v + v^2 + v^3). A floor of 80 at a price of 70 on half of 100 units costs 500 a year. Cash available is 1500 a
/// year, debt service 30, 30 and 1030. Loan life cover at 8 %: 1500 (1.08^-1 + 1.08^-2 + 1.08^-3) / 1000.
#[test]
fn a_loan_below_the_treasury_rate_costs_the_difference() {
    let securities = vec![loan("Treasury", 0.03, 1000.0)];
    let contracts = vec![floor(80.0, Coverage::Share(0.5))];
    let cases = vec![case("only", capital(0.0, securities), contracts)];
    let study = study(plant(), cases);
    let findings = study
        .run(&flat(70.0), Simulation::new(4, 1).unwrap())
        .unwrap();
    let found = findings.case("only").unwrap();
    let subsidy = 10.0 * annuity(0.04, 1, 3);
    close(found.credit_subsidy().unwrap().mean(), subsidy);
    close(cost(found, "loan 1"), subsidy);
    close(
        cost(found, "contract on oxide"),
        500.0 * annuity(0.04, 1, 5),
    );
    let credit: Vec<bool> = found
        .cost_by_measure()
        .iter()
        .map(|measure| measure.is_credit())
        .collect();
    assert_eq!(credit, [false, true]);
    // Everyone pays the same, so that the tail is the mean.
    close(found.cost_by_measure()[1].cost().upper_tail(), subsidy);
    close(
        found.sponsor_npv().mean(),
        -subsidy - 500.0 * annuity(0.04, 1, 5),
    );
    let covers = found.cover();
    assert_eq!(covers.len(), 3);
    for (cover, expected) in covers.iter().zip([50.0, 50.0, 1500.0 / 1030.0]) {
        close(cover.median(), expected);
        close(cover.quantile_5(), expected);
        assert_eq!((cover.paths(), cover.below_one()), (4, 0.0));
    }
    let producer = study.producer("only").unwrap();
    let flow = producer.cash_flow(&[70.0; 5], false).unwrap();
    let life = flow.loan_life_cover(0.08, &producer).unwrap().unwrap();
    close(life, 1.5 * annuity(0.08, 1, 3));
    // At the Treasury rate a loan that is repaid costs nothing.
    let fair = at(
        70.0,
        plant(),
        capital(0.0, vec![loan("Treasury", 0.04, 1000.0)]),
        vec![],
    );
    close(fair.credit_subsidy().unwrap().mean(), 0.0);
    assert!(
        at(70.0, plant(), capital(0.0, vec![]), vec![])
            .credit_subsidy()
            .is_none()
    );
}

/// Price 50 loses 1000 a year. Cash 500 + 1000 of the loan: 500 - 30 = 470 after year 1, -530 in year 2: default. The
/// plant fetches 700, 170 are left, and the loan gets them for its 1030.
///
/// The same loan from a lender, with a guarantee of 80 % for a fee of 1 % of 800: 462 after year 1, -538 in year 2, 162
/// left. The guarantor had its fee of 8 in year 1 and pays 80 % of 1030 - 162.
#[test]
fn a_default_is_in_the_credit_subsidy() {
    let project = || ProjectTerms {
        salvage: 700.0,
        ..plant()
    };
    let lent = at(
        50.0,
        project(),
        capital(500.0, vec![loan("Treasury", 0.03, 1000.0)]),
        vec![],
    );
    let v = 1.0 / 1.04;
    close(
        lent.credit_subsidy().unwrap().mean(),
        1000.0 - 30.0 * v - 170.0 * v * v,
    );
    assert_eq!(lent.default_probability().mean(), 1.0);
    assert_eq!(lent.out_of_cash_by_year(), [0.0, 1.0, 1.0, 1.0, 1.0]);
    // Cover in year 1 is -1000 / 30; in year 2 it is -1000 / 30 again, and the firm fails.
    for cover in lent.cover() {
        close(cover.median(), -1000.0 / 30.0);
        assert_eq!(cover.below_one(), 1.0);
    }
    let terms = GuaranteeTerms {
        covers: 0,
        share: 0.8,
        fee: 0.01,
    };
    let guarantee = Security {
        holder: "Treasury".into(),
        instrument: Instrument::Guarantee(Guarantee::new(terms).unwrap()),
        paid: 0.0,
    };
    let guaranteed = at(
        50.0,
        project(),
        capital(500.0, vec![loan("Bank", 0.03, 1000.0), guarantee]),
        vec![],
    );
    let expected = -8.0 * v + 0.8 * (1030.0 - 162.0) * v * v;
    close(guaranteed.credit_subsidy().unwrap().mean(), expected);
    close(cost(&guaranteed, "guarantee 2"), expected);
}

/// The plant of [`a_default_is_in_the_credit_subsidy`] at a price of 60 earns nothing and lasts: 500 + 1000 of the loan pay 30, 30 and
/// 1030. Under a pricing measure at 50 it fails in year 2 as there. The subsidy is that of the first at the Treasury's 4 %, the
/// fair value that of the second at a riskless 3 %.
#[test]
fn the_fair_value_of_credit_stands_beside_its_subsidy() {
    let project = ProjectTerms {
        salvage: 700.0,
        ..plant()
    };
    let lent = capital(500.0, vec![loan("Treasury", 0.03, 1000.0)]);
    let study = study(project, vec![case("lent", lent, vec![])]);
    let (historical, priced) = (flat(60.0), flat(50.0));
    let simulation = Simulation::new(4, 1).unwrap();
    let findings = study.run(&historical, simulation).unwrap();
    let subsidy = findings.case("lent").unwrap().credit_subsidy().unwrap();
    close(subsidy.mean(), 10.0 * annuity(0.04, 1, 3));
    let pricing = Pricing {
        source: &priced,
        riskless: 0.03,
    };
    let fair = study.fair_values(&historical, pricing, simulation).unwrap();
    let v = 1.0 / 1.03;
    close(
        fair[0].credit().unwrap().mean(),
        1000.0 - 30.0 * v - 170.0 * v * v,
    );
}

/// Lognormal price after one year, floor K = 1000 on a deemed volume of 50 (never below the price), so that the cost is
/// 50 (K - P) / 1.04. Its 95 % tail is the mean over the lowest 5 % of prices: with s = 0.3,
/// E[P | P < q] = 60 N(-1.645 - s) / 0.05.
///
/// The stake has 25 of 125 shares in 1500 + 100 P - 6000 + 50 (K - P) and is worth
/// 0.2 / 1.04 (95,500) - 0.2 cost: correlation -1, and each quarter of the one meets one quarter of the other.
#[test]
fn tail_cost_and_joint_quarters_in_closed_form() {
    let project = ProjectTerms {
        timeline: timeline(Frequency::Yearly, 1, 1),
        ..plant()
    };
    let contracts = vec![floor(1000.0, Coverage::Deemed { per_year: 50.0 })];
    let capital = capital(1000.0, vec![stake(500.0, 20.0)]);
    let study = study(project, vec![case("only", capital, contracts)]);
    let price = GeometricBrownian::new(GeometricBrownianTerms {
        spot: 60.0,
        drift: 0.0,
        volatility: 0.3,
    })
    .unwrap();
    let draws = Draws::Sobol {
        seed: 1,
        points: 1 << 14,
    };
    let simulation = Simulation::with_draws(1 << 17, draws).unwrap();
    let findings = study.run(&price, simulation).unwrap();
    let found = findings.case("only").unwrap();
    let normal = Normal::new(0.0, 1.0).unwrap();
    let worst = 60.0 * normal.cdf(normal.inverse_cdf(0.05) - 0.3) / 0.05;
    let expected = 50.0 * (1000.0 - worst) / 1.04;
    let tail = found.expected_cost().upper_tail();
    // Sobol points put the mean price of the tail within a cent.
    assert!(
        (tail - expected).abs() < 50.0 * 0.01,
        "{tail} for {expected}"
    );
    let by_measure = found.cost_by_measure();
    close(by_measure[0].cost().upper_tail(), tail);
    let stake_at = |cost: f64| 0.2 / 1.04 * 95_500.0 - 0.2 * cost;
    close(
        found.stake_value().mean(),
        stake_at(found.expected_cost().mean()),
    );
    close(found.stake_value_in_cost_tail(), stake_at(tail));
    assert!((found.cost_stake_correlation().unwrap() + 1.0).abs() < 1e-9);
    for cost in 0..4 {
        for stake in 0..4 {
            let share = found.cost_and_stake().share(cost, stake).unwrap();
            let expected = if cost + stake == 3 { 0.25 } else { 0.0 };
            assert!((share - expected).abs() < 1e-12, "{cost} {stake}: {share}");
        }
    }
    assert_eq!(found.cost_and_stake().share(4, 0), None);
}

/// Growing instead of staying is worth -1000 v + (100 p - 2000) a, a = v^2 + ... + v^5: zero at
/// p = 20 + 10 v / a. Built from nothing: -1000 v + 200 (p - 40) a = 0. Half of the output under a floor of 50 needs
/// half as much above it: (50 + p) / 2 is the price that it earns, and a floor of 80 on all of it is enough.
#[test]
fn incentive_prices() {
    let cases = vec![
        case("none", capital(0.0, vec![]), vec![]),
        case(
            "half",
            capital(0.0, vec![]),
            vec![floor(50.0, Coverage::Share(0.5))],
        ),
        case(
            "all",
            capital(0.0, vec![]),
            vec![floor(80.0, Coverage::Share(1.0))],
        ),
    ];
    let (v, a) = (1.0 / 1.1, annuity(0.1, 2, 5));
    let price = |study: &Study, name: &str| match study.incentive_price(name).unwrap() {
        BreakEven::Price(price) => price,
        other => panic!("{other:?}"),
    };
    let expanding = study(project_terms(), cases.clone());
    close(price(&expanding, "none"), 20.0 + 10.0 * v / a);
    let new = study(greenfield(), cases.clone());
    let needed = 40.0 + 5.0 * v / a;
    close(price(&new, "none"), needed);
    close(price(&new, "half"), 2.0 * needed - 50.0);
    assert_eq!(new.incentive_price("all").unwrap(), BreakEven::AtAnyPrice);
    let fixed = study(plant(), cases);
    assert!(matches!(
        fixed.incentive_price("none"),
        Err(ViabilityError::NoGrowth { .. })
    ));
}

/// Built for 1000 in year 1; at a price of 45 it earns 1000 a year and is even after 2 years, at 44 it earns 800, lacks
/// 200 after year 2 and earns them in a quarter of year 3. At 10 %: -1000/1.1 + 800/1.21 is missing, 800/1.331 comes in.
#[test]
fn paybacks() {
    let only = |project| study(project, vec![case("only", capital(0.0, vec![]), vec![])]);
    let years = |payback: Payback, expected: f64| match payback {
        Payback::Years(years) => close(years, expected),
        other => panic!("{other:?} for {expected}"),
    };
    let new = only(greenfield());
    years(new.payback("only", 45.0, true, 0.0).unwrap(), 2.0);
    years(new.payback("only", 44.0, true, 0.0).unwrap(), 2.25);
    let missing = 1000.0 / 1.1 - 800.0 / 1.21;
    years(
        new.payback("only", 44.0, true, 0.1).unwrap(),
        2.0 + missing / (800.0 / 1.331),
    );
    let never = new.payback("only", 40.0, true, 0.0).unwrap();
    assert_eq!(never, Payback::Never);
    let nothing = only(plant()).payback("only", 70.0, false, 0.0).unwrap();
    assert_eq!(nothing, Payback::Nothing);
    assert!(new.payback("only", -1.0, true, 0.0).is_err());
    assert!(new.payback("only", 44.0, true, -1.0).is_err());
}

/// Price 50 and a floor of 55 lose 500 a year: cash of 2400 is gone in year 5, one of 2500 just lasts. A floor of 60 on
/// all output loses nothing.
#[test]
fn a_floor_lengthens_the_runway() {
    let runway = |cash, strike| {
        let contracts = vec![floor(strike, Coverage::Share(1.0))];
        let cases = vec![case("only", capital(cash, vec![]), contracts)];
        study(plant(), cases).runway("only", 50.0).unwrap()
    };
    assert_eq!(runway(2400.0, 55.0), Runway::Years(5.0));
    assert_eq!(runway(2500.0, 55.0), Runway::Lasts);
    assert_eq!(runway(0.0, 60.0), Runway::Lasts);
}

/// A floor of 80 at a price of 70 earns 1000 a year. In arrears by a year it is paid in years 2 to 5, and what year 5 earned
/// on its last day. With 600 appropriated a fiscal year the rest lapses, or waits and is paid on the last day.
#[test]
fn what_delays_or_stops_a_payment() {
    let with = |change: fn(&mut PriceContractTerms)| {
        let mut terms = floor_terms(80.0, Coverage::Share(1.0));
        change(&mut terms);
        let contract = PriceContract::new(terms).unwrap();
        let product = "oxide".into();
        at(
            70.0,
            plant(),
            capital(0.0, vec![]),
            vec![Covered { product, contract }],
        )
    };
    let yearly = |found: &CaseFindings, expected: [f64; 5]| {
        let years = found.cost_by_year();
        assert_eq!(years.len(), expected.len());
        for (year, expected) in years.iter().zip(expected) {
            close(year.cost().mean(), expected);
        }
    };
    let late = with(|terms| terms.arrears = 1);
    close(
        late.expected_cost().mean(),
        1000.0 * (annuity(0.04, 2, 5) + 1.04f64.powi(-5)),
    );
    yearly(&late, [0.0, 1000.0, 1000.0, 1000.0, 2000.0]);
    let lapses = with(|terms| {
        terms.appropriation = Some(Appropriation {
            per_year: 600.0,
            shortfall: Shortfall::Lapses,
        });
    });
    yearly(&lapses, [600.0; 5]);
    close(lapses.lapsed().mean(), 400.0 * annuity(0.04, 1, 5));
    let carried = with(|terms| {
        terms.appropriation = Some(Appropriation {
            per_year: 600.0,
            shortfall: Shortfall::Carried,
        });
    });
    yearly(&carried, [600.0, 600.0, 600.0, 600.0, 2600.0]);
    assert_eq!(carried.lapsed().mean(), 0.0);
}

/// Tax of 25 %, floor of 80. At a price of 70 income is 1000 without it and 2000 with it: 250 a year come back. At 50 there
/// is a loss without it and no tax, 2000 with it and 500.
#[test]
fn tax_on_floor_income_comes_back() {
    for (spot, back) in [(70.0, 250.0), (50.0, 500.0)] {
        let project = ProjectTerms {
            tax: Tax {
                rate: 0.25,
                ..project_terms().tax
            },
            ..plant()
        };
        let contracts = vec![floor(80.0, Coverage::Share(1.0))];
        let found = at(spot, project, capital(0.0, vec![]), contracts);
        close(found.tax_recaptured().mean(), back * annuity(0.04, 1, 5));
    }
}

/// A stake of 500 for 25 of 125 shares, and a floor of 65 at a price of 60 that pays 500 a year into the firm: after five
/// years it holds 1500 + 2500, of which the stake has 800. By itself the stake returns (800/500)^(1/5) - 1; net of the
/// floor the sponsor pays 500 six times less 300 at the end, and x = 1 + r solves x^5 + x^4 + x^3 + x^2 + x = 0.6.
#[test]
fn the_return_of_the_sponsor_is_net_of_the_floor() {
    let found = at(
        60.0,
        plant(),
        capital(1000.0, vec![stake(500.0, 20.0)]),
        vec![floor(65.0, Coverage::Share(1.0))],
    );
    let v = 1.0f64 / 1.04;
    close(found.stake_value().mean(), 800.0 * v.powi(5));
    close(
        cost(&found, "preferred shares 1"),
        500.0 - 800.0 * v.powi(5),
    );
    close(
        found.sponsor_npv().mean(),
        800.0 * v.powi(5) - 500.0 - 500.0 * annuity(0.04, 1, 5),
    );
    let x = 1.0 + found.sponsor_irr().unique().unwrap();
    close((1..=5).map(|power| x.powi(power)).sum(), 0.6);
}

/// 100 shares; a stake of 500 that converts at 20 into 25; a warrant on 50 shares at 10, which at a price of 25 takes
/// 50 (1 - 10/25) = 30 more by the treasury-stock method and none at 8.
#[test]
fn dilution_of_the_owners() {
    let warrant = Warrant::new(WarrantTerms {
        shares: 50.0,
        strike: 10.0,
        expiry: 4.0,
        settlement: WarrantSettlement::Cash,
    });
    let warrant = Security {
        holder: "Treasury".into(),
        instrument: Instrument::Warrant(warrant.unwrap()),
        paid: 0.0,
    };
    let capital = capital(1000.0, vec![stake(500.0, 20.0), warrant]);
    for (price, total) in [(25.0, 155.0), (8.0, 125.0)] {
        let table = capital.fully_diluted(0.0, price).unwrap();
        close(table.total(), total);
        close(table.share_of("Owners").unwrap(), 100.0 / total);
        close(table.share_of("Treasury").unwrap(), 1.0 - 100.0 / total);
    }
    assert!(capital.fully_diluted(0.0, -1.0).is_err());
}
