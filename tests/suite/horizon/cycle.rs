//! Entry that never settles.

use super::close;
use super::firms::{annuity, study};
use crate::viability::{CostPoint, Product, Project, Simulation, Study};
use pricefloor::Market;
use pricefloor::curve::Step;
use pricefloor::horizon::{Calendar, Entrant, Entry, Firm, Horizon, Round, Stage};
use pricefloor::prelude::*;

/// A unit of each project is one unit of the first commodity and three of the second.
const BASKETS: [(&str, [&str; 2]); 3] = [
    ("one", ["x", "y"]),
    ("two", ["y", "z"]),
    ("three", ["z", "x"]),
];

/// Of each commodity 3.5 units are wanted at 10 and a further 6.5 at 5; 0.2 are there whatever the price.
fn market() -> Market {
    let step = |price, quantity| Step {
        price,
        quantity,
        name: None,
    };
    let mut facts = Market::builder("three oxides", "USD").region("Home");
    for commodity in ["x", "y", "z"] {
        facts = facts
            .commodity(commodity)
            .demand(
                "Home",
                commodity,
                Demand::steps(vec![step(10.0, 3.5), step(5.0, 6.5)]).unwrap(),
            )
            .activity(Activity::producing(
                &format!("old mine of {commodity}"),
                "Home",
                commodity,
                Supply::fixed(0.2).unwrap(),
            ));
    }
    for (name, [first, second]) in BASKETS {
        let offer = Supply::perfectly_elastic(10.0)
            .unwrap()
            .with_capacity(1.0)
            .unwrap();
        facts = facts.activity(
            Activity::new(name, "Home", offer)
                .with_output(first, 1.0)
                .with_output(second, 3.0),
        );
    }
    facts.build().unwrap()
}

/// A basket a year at a cost of 10, for capital that takes 20 a year to pay for.
fn basket() -> Study {
    let mut terms = study(0.0, None).terms().clone();
    let mut project = terms.project.terms().clone();
    let product = |commodity, per_output| Product {
        commodity,
        per_output,
        name: format!("output {commodity}"),
        ..project.products[0].clone()
    };
    project.products = vec![product(0, 1.0), product(1, 3.0)];
    project.unit_cost = vec![CostPoint {
        output: 1.0,
        unit_cost: 10.0,
    }];
    if let Some(growth) = &mut project.growth {
        growth.output = 1.0;
        growth.capex = 20.0 * annuity() * 1.1;
    }
    terms.project = Project::new(project).unwrap();
    Study::new(terms).unwrap()
}

fn npv(round: &Round, project: &str) -> f64 {
    let found = round.verdicts().iter().find(|v| v.activity() == project);
    found.unwrap().npv()
}

/// A commodity sells at 10 as long as one project delivers it and at 5 when two do (3.2 and 1.2 units against 4.2). Alone a
/// project earns 10 + 30 - 10 = 30 a year, of which capital takes 20. Where the next one comes in, its one unit falls to 5
/// and so do the three of the one that is there: 25 for who comes, 15 for who is there. So `two` comes in beside `one`, which
/// leaves, `three` beside `two`, `one` beside `three`, and so on for ever. The one after next would bring its three units
/// where the other has one, and earn 15: it stays out. Beside a pair the third would have all its units at 5, and earn 10.
/// The ends are one project, worth 30 - 20 a year, and two, of whom the newer is worth 25 - 20 and the older 15 - 20.
///
/// With a single price there is no such cycle: whoever is pushed out has a higher incentive price than who pushes.
#[test]
fn each_pushes_out_the_one_before() {
    let mut horizon = Horizon::builder(&market(), Calendar::yearly(6), 0.1);
    for (name, _) in BASKETS {
        let firm = Firm::new(basket(), Simulation::new(64, 1).unwrap());
        horizon = horizon.entrant(
            Entrant::of(name)
                .stage(Stage::new("construction", 1.0))
                .run_by(firm),
        );
    }
    let entry = horizon.build().unwrap().entry().unwrap();
    assert!(entry.path().is_none());
    let Entry::Cycle { fewest, most } = entry else {
        panic!("{entry:?}")
    };
    let after = |project: &str| {
        let at = BASKETS.iter().position(|(name, _)| *name == project);
        let next = |steps: usize| BASKETS[(at.unwrap() + steps) % 3].0;
        (next(1), next(2))
    };
    let [alone] = fewest.entered() else {
        panic!("{:?}", fewest.entered())
    };
    let (next, last) = after(alone);
    close(npv(&fewest, alone), 10.0 * annuity());
    close(npv(&fewest, next), 5.0 * annuity());
    close(npv(&fewest, last), -5.0 * annuity());
    let [a, b] = most.entered() else {
        panic!("{:?}", most.entered())
    };
    let (older, newer) = if after(a).0 == b { (a, b) } else { (b, a) };
    assert_eq!(after(older).0, newer);
    close(npv(&most, older), -5.0 * annuity());
    close(npv(&most, newer), 5.0 * annuity());
    close(npv(&most, after(newer).0), -10.0 * annuity());
}
