//! Projects that are firms with accounts of their own, and projects whose stages succeed or fail.

use super::{close, home};
use crate::viability::{
    Build, Case, CostPoint, Coverage, Covered, DiscountRates, Frequency, Growth, MeanReverting,
    MeanRevertingTerms, PriceContract, Project, Simulation, Study, StudyTerms, capital,
    floor_terms, project_terms, timeline,
};
use pricefloor::Market;
use pricefloor::horizon::{
    Calendar, Entrant, Entry, Firm, Horizon, HorizonBuilder, Review, Round, Stage,
};
use pricefloor::prelude::*;

const YEARS: u32 = 30;

/// P = 20 - Q, 8 units at a cost of 5 and two projects of 2 units each at 5.
fn market() -> Market {
    let offer = |units| {
        Supply::perfectly_elastic(5.0)
            .unwrap()
            .with_capacity(units)
            .unwrap()
    };
    let mut facts = home(offer(8.0)).to_builder();
    for name in ["one", "two"] {
        facts = facts.activity(Activity::producing(name, "Home", "oxide", offer(2.0)));
    }
    facts.build().unwrap()
}

/// Two units a year at 5 for 58 of capital in the first year, for thirty years; taxed at a rate, with a floor.
pub fn study(tax: f64, floor: Option<f64>) -> Study {
    let mut terms = project_terms();
    terms.timeline = timeline(Frequency::Yearly, YEARS, 1);
    terms.output = 0.0;
    terms.unit_cost = vec![CostPoint {
        output: 2.0,
        unit_cost: 5.0,
    }];
    terms.growth = Some(Growth {
        output: 2.0,
        capex: 58.0,
        start: 0.0,
        complete: 1.0,
        build: Build::default(),
    });
    terms.tax.rate = tax;
    let contracts = floor.map(|strike| {
        let mut terms = floor_terms(strike, Coverage::Share(1.0));
        terms.end = f64::from(YEARS);
        Covered {
            product: "oxide".into(),
            contract: PriceContract::new(terms).unwrap(),
        }
    });
    Study::new(StudyTerms {
        project: Project::new(terms).unwrap(),
        sponsor: "Treasury".into(),
        rates: DiscountRates {
            project: 0.1,
            owners: 0.1,
            sponsor: 0.04,
        },
        cases: vec![Case {
            name: "as planned".into(),
            capital: capital(100.0, vec![]),
            contracts: contracts.into_iter().collect(),
        }],
    })
    .unwrap()
}

fn horizon(one: Firm, two: Firm) -> HorizonBuilder {
    let project = |name, firm| {
        Entrant::of(name)
            .stage(Stage::new("construction", 1.0))
            .run_by(firm)
    };
    Horizon::builder(&market(), Calendar::yearly(6), 0.1)
        .entrant(project("one", one))
        .entrant(project("two", two))
}

fn sure(tax: f64, floor: Option<f64>) -> Firm {
    Firm::new(study(tax, floor), Simulation::new(64, 1).unwrap())
}

fn settled(horizon: HorizonBuilder) -> Round {
    match horizon.build().unwrap().entry().unwrap() {
        Entry::Settled { round, .. } => round,
        other => panic!("{other:?}"),
    }
}

/// What 1 a year is worth from the second to the thirtieth year's end, at 10 %.
pub fn annuity() -> f64 {
    (1.0 - 1.1_f64.powi(-30)) / 0.1 - 1.0 / 1.1
}

/// With one in, the price is 10 from year 1 on, and it earns 2 x 5 a year from its second year to its thirtieth; with both
/// the price is 8, and 2 x 3 x 8.518 is less than 58 / 1.1. So one enters and the other stays out. The price at which it is
/// built: 5 + 58 / 1.1 / (2 x 8.518).
#[test]
fn a_firm_judges_by_its_own_accounts() {
    let round = settled(horizon(sure(0.0, None), sure(0.0, None)));
    assert_eq!(round.entered().len(), 1);
    for verdict in round.verdicts() {
        let earned = if verdict.enters() { 5.0 } else { 3.0 };
        close(verdict.npv(), 2.0 * earned * annuity() - 58.0 / 1.1);
        close(
            verdict.incentive_price().unwrap(),
            5.0 + 29.0 / 1.1 / annuity(),
        );
        let case = &verdict.findings().unwrap().cases()[0];
        assert_eq!(case.growth().taken(), verdict.enters());
    }
}

/// A floor of 9 in the contract of the second: it earns at least 4 a unit, which pays beside the other one. It enters
/// beside the first, which then would lose and leaves, or first, and keeps the first out.
#[test]
fn a_contract_decides_who_enters() {
    let round = settled(horizon(sure(0.0, None), sure(0.0, Some(9.0))));
    assert_eq!(round.entered(), ["two"]);
    close(round.verdicts()[1].npv(), 10.0 * annuity() - 58.0 / 1.1);
    close(round.verdicts()[0].npv(), 6.0 * annuity() - 58.0 / 1.1);
    // with both covered both are in, at a price of 8 and a floor of 9
    let round = settled(horizon(sure(0.0, Some(9.0)), sure(0.0, Some(9.0))));
    assert_eq!(round.entered(), ["one", "two"]);
    close(round.verdicts()[0].npv(), 8.0 * annuity() - 58.0 / 1.1);
}

/// Tax is in a firm's accounts: half of its profit is lost, so that even the first does not enter at a price of 10, where it
/// earned 10 x 8.518 against 52.7 before.
#[test]
fn tax_keeps_a_firm_out() {
    let round = settled(horizon(sure(0.5, None), sure(0.5, None)));
    assert!(
        round
            .verdicts()
            .iter()
            .all(|verdict| verdict.npv() < 10.0 * annuity() - 58.0 / 1.1)
    );
    let untaxed = settled(horizon(sure(0.0, None), sure(0.0, None)));
    assert!(untaxed.entered().len() >= round.entered().len());
}

/// Around the prices of the horizon a floor is an option: its holder gains from swings, and a firm without one does not. The
/// multiple has a mean of one.
#[test]
fn uncertainty_makes_a_floor_worth_more() {
    let swings = |firm: Firm| {
        let multiple = MeanReverting::new(MeanRevertingTerms {
            spot: 1.0,
            reversion: 0.5,
            log_mean: -0.04,
            volatility: 0.2,
        });
        firm.around(multiple.unwrap())
    };
    let firm = |floor| Firm::new(study(0.0, floor), Simulation::new(4_096, 5).unwrap());
    let round = settled(horizon(swings(firm(None)), swings(firm(Some(9.0)))));
    let [plain, floored] = round.verdicts() else {
        panic!("two verdicts")
    };
    let calm = 10.0 * annuity() - 58.0 / 1.1;
    assert!(
        floored.enters() && floored.npv() > calm,
        "{}",
        floored.npv()
    );
    assert!(!plain.enters());
    // same seed, same verdicts
    let again = settled(horizon(swings(firm(None)), swings(firm(Some(9.0)))));
    assert_eq!(round, again);
}

#[test]
fn a_firm_that_does_not_fit_is_named() {
    let mut terms = study(0.0, None).terms().clone();
    let mut project = terms.project.terms().clone();
    project.products[0].commodity = 1;
    terms.project = Project::new(project).unwrap();
    let firm = Firm::new(Study::new(terms).unwrap(), Simulation::new(64, 1).unwrap());
    let horizon = horizon(firm, sure(0.0, None)).build().unwrap();
    insta::assert_snapshot!(
        horizon.entry().unwrap_err(),
        @"the firm behind `one`: the project sells at 2 prices, but the price source has 1"
    );
    let file = serde_json::to_string(&horizon).unwrap();
    assert_eq!(serde_json::from_str::<Horizon>(&file).unwrap(), horizon);
}

/// A permit that half of all projects get, and construction that nine of ten finish: of many draws 45 % come on line, a draw
/// is the same for its seed, and what a failed project has cost is what it paid until then: 2 units at 3 for the permit,
/// and at 20 a year later where construction failed, discounted at 10 %.
#[test]
fn stages_are_drawn() {
    let project = Entrant::of("one")
        .stage(Stage::new("permit", 1.0).succeeding(0.5).costing(3.0))
        .stage(
            Stage::new("construction", 1.0)
                .succeeding(0.9)
                .costing(20.0),
        );
    let horizon = Horizon::builder(&market(), Calendar::yearly(6), 0.1)
        .entrant(project)
        .entrant(Entrant::of("two").staying_out(true))
        .build()
        .unwrap();
    let (mut came, mut permit) = (0, 0);
    let draws = 4_000;
    for seed in 0..draws {
        let draw = horizon.draw(seed).unwrap();
        let [fate] = draw.fates() else {
            panic!("one fate")
        };
        match fate.failed() {
            None => {
                came += 1;
                close(fate.sunk(), 0.0);
            }
            Some("permit") => {
                permit += 1;
                close(fate.sunk(), 6.0);
            }
            _ => close(fate.sunk(), 6.0 + 40.0 / 1.1),
        }
    }
    // four standard errors of a share of 4,000
    let share = |count: i32| f64::from(count) / draws as f64;
    assert!((share(came) - 0.45).abs() < 0.032 && (share(permit) - 0.5).abs() < 0.032);
    let seed = (0..draws)
        .find(|&seed| horizon.draw(seed).unwrap().fates()[0].failed().is_none())
        .unwrap();
    let draw = horizon.draw(seed).unwrap();
    assert_eq!(draw, horizon.draw(seed).unwrap());
    // one that comes on line is whole: two units more from year 2 on
    let path = draw.horizon().solve().unwrap();
    close(path.at(1.0).unwrap().price("Home", "oxide").unwrap(), 12.0);
    close(path.at(2.0).unwrap().price("Home", "oxide").unwrap(), 10.0);
    let failed = (0..draws)
        .find(|&seed| horizon.draw(seed).unwrap().fates()[0].failed().is_some())
        .unwrap();
    let path = horizon.draw(failed).unwrap().horizon().solve().unwrap();
    close(path.at(2.0).unwrap().price("Home", "oxide").unwrap(), 12.0);
    // a measure after which construction never fails: only the permit is left to chance
    let sure = Review::new("sure", "one", "construction", 1.0).succeeding(1.0);
    let sure = horizon.to_builder().review(sure).build().unwrap();
    for seed in 0..100 {
        let before = horizon.draw(seed).unwrap().fates()[0].clone();
        let fate = sure.draw(seed).unwrap().fates()[0].clone();
        let permitted = before.failed() != Some("permit");
        assert_eq!(fate.failed(), if permitted { None } else { Some("permit") });
        close(fate.sunk(), if permitted { 0.0 } else { 6.0 });
    }
}
