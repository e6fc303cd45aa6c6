//! Reforms beside a baseline, packages attributed to their measures, figures over ranges, and what blocs divide.

use pricefloor::assembly::Role;
use pricefloor::curve::Line;
use pricefloor::ledger::{
    Attribution, AttributionError, BlocStudy, Comparison, LedgerError, Orders, Range, Ranges, Split,
};
use pricefloor::market::Bloc;
use pricefloor::prelude::{
    ContractFloor, Coverage, DeficiencyPayment, ProductionSubsidy, ReferencePriceLadder, Sharing,
    SupportBuying,
};
use pricefloor::{Activity, Demand, Market, Policy, Supply};

fn close(a: f64, b: f64) {
    assert!(
        (a - b).abs() <= 1e-8 * b.abs().max(1.0),
        "{a}, expected {b}"
    );
}

fn demand(intercept: f64, slope: f64) -> Demand {
    Demand::linear(Line { intercept, slope }).unwrap()
}

fn supply(intercept: f64, slope: f64) -> Supply {
    Supply::linear(Line { intercept, slope }).unwrap()
}

/// P = 20 - Q, P = 5 + Q / 2: 10 at 10, surplus 75.
fn textbook() -> Market {
    Market::builder("textbook", "USD")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", demand(20.0, -1.0))
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            supply(5.0, 0.5),
        ))
        .build()
        .unwrap()
}

/// The table of the textbook market's floors of 12: contract on all (CS 98, PS 49, treasury -84), on the first 8
/// (50, 41, -16), support buying (32, 49, -72), against 50, 25, 0.
#[test]
fn floors_of_twelve_beside_the_free_market() {
    let market = textbook();
    let solve = |policy: &Policy| market.solve(policy).unwrap();
    let contract = ContractFloor::new(12.0).covering("mine");
    let mut comparison = Comparison::new("free", &solve(&Policy::none())).unwrap();
    let first = contract.clone().coverage(Coverage::First(8.0));
    for (name, policy) in [
        ("contract", Policy::new().with("floor", contract).unwrap()),
        ("first 8", Policy::new().with("floor", first).unwrap()),
        (
            "support",
            Policy::new()
                .with("floor", SupportBuying::new("Home", "oxide", 12.0))
                .unwrap(),
        ),
    ] {
        comparison.add(name, &solve(&policy)).unwrap();
    }
    let comparison = comparison.with_cost_of_funds(1.25).unwrap();
    for (name, gains, price, made) in [
        ("contract", [48.0, 24.0, -84.0], -4.0, 4.0),
        ("first 8", [0.0, 16.0, -16.0], 0.0, 0.0),
        ("support", [-18.0, 24.0, -72.0], 2.0, 4.0),
    ] {
        let reform = comparison.reform(name).unwrap();
        let incidence = reform.incidence();
        for (role, gain) in [Role::Consumers, Role::Producer, Role::Treasury]
            .into_iter()
            .zip(gains)
        {
            close(incidence.gain_of(role), gain);
        }
        close(incidence.deadweight_loss(), -gains.iter().sum::<f64>());
        close(incidence.public_cost(), -gains[2]);
        close(reform.cost_of_funds().unwrap(), -0.25 * gains[2]);
        close(
            incidence.per_public_money(Role::Producer).unwrap(),
            -gains[1] / gains[2],
        );
        close(reform.price_change("Home", "oxide").unwrap(), price);
        close(reform.output_change("Home", "oxide").unwrap(), made);
    }
    // 84 for 4 more of 14 made: 21 each, and 84 x 10 / 14 = 60 for what was made before
    let headline = comparison
        .reform("contract")
        .unwrap()
        .headline("Home", "oxide")
        .unwrap();
    close(headline.cost_per_extra_unit().unwrap(), 21.0);
    close(headline.cost_of_existing_output().unwrap(), 60.0);
    assert_eq!(headline.dominant(), "Home");
    assert_eq!(headline.cost_per_point(), None);
    // nothing more is made under a contract on the first 8: all 16 are for what was made anyway
    let headline = comparison
        .reform("first 8")
        .unwrap()
        .headline("Home", "oxide")
        .unwrap();
    assert_eq!(headline.cost_per_extra_unit(), None);
    close(headline.cost_of_existing_output().unwrap(), 16.0);

    let json = serde_json::to_string(&comparison).unwrap();
    assert_eq!(
        serde_json::from_str::<Comparison>(&json).unwrap(),
        comparison
    );
    let text = comparison.to_string();
    for word in [
        "contract",
        "first 8",
        "support",
        "cost of funds at 1.25",
        "-21.00",
    ] {
        assert!(text.contains(word), "`{word}` is not in:\n{text}");
    }
}

#[test]
fn comparisons_refuse_what_does_not_belong() {
    let market = textbook();
    let free = market.solve(&Policy::none()).unwrap();
    let mut comparison = Comparison::new("free", &free).unwrap();
    assert_eq!(
        comparison.add("free", &free).unwrap_err(),
        LedgerError::Duplicate {
            name: "free".to_owned()
        }
    );
    let other = Market::builder("another", "USD")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", demand(20.0, -1.0))
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            supply(5.0, 0.5),
        ))
        .build()
        .unwrap();
    let other = other.solve(&Policy::none()).unwrap();
    let error = comparison.add("other", &other).unwrap_err().to_string();
    assert!(error.contains("another"), "{error}");
    assert!(comparison.reform("none").is_err());
    let json = serde_json::to_string(&comparison).unwrap();
    let doubled = json.replace("\"reforms\":[]", "\"reforms\":[],\"cost_of_funds\":0.5");
    let error = serde_json::from_str::<Comparison>(&doubled).unwrap_err();
    assert!(error.to_string().contains("0.5"), "{error}");
    let error = comparison.with_cost_of_funds(0.9).unwrap_err().to_string();
    assert!(
        error.contains("0.9") && error.contains("1 or more"),
        "{error}"
    );
}

/// A subsidy s alone: p = 10 - 2 s / 3, q = 10 + 2 s / 3, so that 1.5 costs 11 x 1.5 = 16.5. A contract floor of 12 alone costs
/// 84. Under both sellers get 13.5: q = 17, p = 3, and 17 x (9 + 1.5) = 178.5. Shapley: subsidy (16.5 + 94.5) / 2 = 55.5, floor
/// (84 + 162) / 2 = 123.
#[test]
fn a_package_of_two_that_interact() {
    let market = textbook();
    let package = Policy::new()
        .with("subsidy", ProductionSubsidy::new("Home", "oxide", 1.5))
        .unwrap()
        .with("floor", ContractFloor::new(12.0).covering("mine"))
        .unwrap();
    let outlay = Attribution::exact(
        &market,
        &Policy::none(),
        &package,
        "public cost",
        |solved| Ok(-solved.ledger()?.treasury()),
    )
    .unwrap();
    close(outlay.baseline(), 0.0);
    close(outlay.together(), 178.5);
    for (share, [alone, last, shapley]) in outlay
        .shares()
        .iter()
        .zip([[16.5, 94.5, 55.5], [84.0, 162.0, 123.0]])
    {
        close(share.alone(), alone);
        close(share.last(), last);
        close(share.shapley(), shapley);
        assert_eq!(share.standard_error(), None);
    }
    // a pair of an order and its reverse is all the orders of two measures, so that nothing is left to chance
    let orders = Orders { pairs: 3, seed: 7 };
    let drawn = Attribution::sampled(
        &market,
        &Policy::none(),
        &package,
        "public cost",
        orders,
        |solved| Ok(-solved.ledger()?.treasury()),
    )
    .unwrap();
    for (one, other) in drawn.shares().iter().zip(outlay.shares()) {
        close(one.shapley(), other.shapley());
        close(one.standard_error().unwrap(), 0.0);
    }
    let json = serde_json::to_string(&outlay).unwrap();
    assert_eq!(serde_json::from_str::<Attribution>(&json).unwrap(), outlay);
}

/// The subsidy of 1.5 of the package above holds whatever comes: the floor adds what it added last there, 162 to 16.5, and
/// has all of it. A measure of a name that the status quo has is refused.
#[test]
fn a_package_over_a_status_quo() {
    let market = textbook();
    let subsidy = |name: &str| {
        Policy::new()
            .with(name, ProductionSubsidy::new("Home", "oxide", 1.5))
            .unwrap()
    };
    let floor = Policy::new()
        .with("floor", ContractFloor::new(12.0).covering("mine"))
        .unwrap();
    let cost =
        |solved: &pricefloor::Equilibrium| Ok::<_, LedgerError>(-solved.ledger()?.treasury());
    let over = Attribution::exact(&market, &subsidy("old"), &floor, "cost", cost).unwrap();
    close(over.baseline(), 16.5);
    close(over.together(), 178.5);
    close(over.shares()[0].shapley(), 162.0);
    let twice = Attribution::exact(&market, &subsidy("floor"), &floor, "cost", cost).unwrap_err();
    assert!(matches!(twice, AttributionError::Policy { .. }), "{twice}");
}

/// Five mines, supply 2 p - 10 each and its own subsidy of k: 20 - p = 5 (2 p - 10) + 2 sum of k, so that a mine's output,
/// 2 (p + k) - 10, is linear in the subsidies and each measure's Shapley value is what it does alone. The public cost is
/// quadratic; drawn orders come within four standard errors of the exact values, and do not depend on the run.
#[test]
fn drawn_orders_agree_with_all_orders() {
    let mut builder = Market::builder("five", "USD")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", demand(20.0, -1.0));
    let mut package = Policy::new();
    for k in 1..=5_u32 {
        let mine = format!("mine {k}");
        builder = builder.activity(Activity::producing(
            &mine,
            "Home",
            "oxide",
            supply(5.0, 0.5),
        ));
        let subsidy = ProductionSubsidy::new("Home", "oxide", 0.1 * f64::from(k)).covering(&mine);
        package = package.with(&format!("subsidy {k}"), subsidy).unwrap();
    }
    let market = builder.build().unwrap();
    let output = Attribution::exact(&market, &Policy::none(), &package, "output", |solved| {
        Ok(solved.level("mine 1")?)
    })
    .unwrap();
    for share in output.shares() {
        close(share.shapley(), share.alone());
    }
    let cost =
        |solved: &pricefloor::Equilibrium| Ok::<_, LedgerError>(-solved.ledger()?.treasury());
    let exact = Attribution::exact(&market, &Policy::none(), &package, "cost", cost).unwrap();
    let orders = Orders { pairs: 40, seed: 1 };
    let drawn =
        Attribution::sampled(&market, &Policy::none(), &package, "cost", orders, cost).unwrap();
    let again =
        Attribution::sampled(&market, &Policy::none(), &package, "cost", orders, cost).unwrap();
    assert_eq!(drawn, again);
    let mut sums = [0.0; 2];
    for (one, other) in drawn.shares().iter().zip(exact.shares()) {
        let error = one.standard_error().unwrap();
        assert!((one.shapley() - other.shapley()).abs() <= 4.0 * error + 1e-9);
        sums[0] += one.shapley();
        sums[1] += other.shapley();
    }
    // efficiency: the shares are all of what the package does
    close(sums[0], drawn.together() - drawn.baseline());
    close(sums[1], exact.together() - exact.baseline());
}

#[test]
fn attribution_refuses_what_it_cannot_divide() {
    let market = textbook();
    let level = |solved: &pricefloor::Equilibrium| Ok::<_, LedgerError>(solved.level("mine")?);
    let exact =
        |policy: &Policy| Attribution::exact(&market, &Policy::none(), policy, "output", level);
    assert!(matches!(
        exact(&Policy::none()),
        Err(AttributionError::Empty { .. })
    ));
    let mut many = Policy::new();
    for k in 0..11 {
        let name = format!("payment {k}");
        many = many
            .with(&name, DeficiencyPayment::new("Home", "oxide", 12.0))
            .unwrap();
    }
    assert_eq!(
        exact(&many).unwrap_err(),
        AttributionError::TooMany { measures: 11 }
    );
    let one = Policy::new()
        .with("floor", ContractFloor::new(12.0).covering("mine"))
        .unwrap();
    let orders = Orders { pairs: 1, seed: 1 };
    assert_eq!(
        Attribution::sampled(&market, &Policy::none(), &one, "output", orders, level).unwrap_err(),
        AttributionError::TooFew { pairs: 1 }
    );
    let unknown = Attribution::exact(&market, &Policy::none(), &one, "output", |s| {
        Ok(s.level("mime")?)
    });
    let error = unknown.unwrap_err().to_string();
    assert!(
        error.contains("mime") && error.contains("no measure"),
        "{error}"
    );
}

/// Beside the free market a contract floor of 12 gives consumers 48 (98 - 50) and the mine 24 (49 - 25) and costs 84, and one on
/// the first 8 gives the mine 16 that it costs: bars as long as that, one colour a reform, and names safe in XML.
#[test]
fn a_comparison_draws_itself() {
    let market = textbook();
    let solve = |floor: ContractFloor| {
        let policy = Policy::new().with("floor", floor.covering("mine"));
        market.solve(&policy.unwrap()).unwrap()
    };
    let free = market.solve(&Policy::none()).unwrap();
    let mut comparison = Comparison::new("free & <fair>", &free).unwrap();
    comparison
        .add("all of it", &solve(ContractFloor::new(12.0)))
        .unwrap();
    let first = ContractFloor::new(12.0).coverage(Coverage::First(8.0));
    comparison.add("the first 8", &solve(first)).unwrap();
    let picture = comparison.svg();
    let width = |title: &str| -> f64 {
        let bar = picture
            .lines()
            .find(|line| line.contains(&format!("<title>{title}</title>")));
        let bar = bar.unwrap_or_else(|| panic!("no bar `{title}`"));
        let (_, rest) = bar.split_once("width=\"").unwrap();
        rest.split_once('"').unwrap().0.parse().unwrap()
    };
    let unit = width("treasury of Home, all of it: -84.00") / 84.0;
    for (title, length) in [
        ("consumers of oxide in Home, all of it: 48.00", 48.0),
        ("mine, all of it: 24.00", 24.0),
        ("everyone, all of it: -12.00", 12.0),
        ("mine, the first 8: 16.00", 16.0),
        ("treasury of Home, the first 8: -16.00", 16.0),
    ] {
        assert!((width(title) - length * unit).abs() < 0.02, "{title}");
    }
    assert!(picture.contains("free &amp; &lt;fair&gt;"));
    assert_eq!(picture.matches("<title>").count(), 8);
    // no reform yet: an empty frame, and no number that is none
    let empty = Comparison::new("free", &free).unwrap().svg();
    assert!(empty.ends_with("</svg>\n") && !empty.contains("NaN") && !empty.contains("inf"));
}

/// Pass-through of a tax, e / (e - d), at the corners of [0.4, 1.2] x [-1, -0.3].
#[test]
fn figures_over_ranges() {
    let range = |low, central, high| Range { low, central, high };
    let ranges = Ranges::new()
        .with("supply", range(0.4, 0.8, 1.2))
        .unwrap()
        .with("demand", range(-1.0, -0.6, -0.3))
        .unwrap();
    let figures = ranges
        .spread(|at| Ok::<_, LedgerError>(vec![at[0] / (at[0] - at[1])]))
        .unwrap();
    close(figures[0].central, 0.8 / 1.4);
    close(figures[0].low, 0.4 / 1.4);
    close(figures[0].high, 1.2 / 1.5);
    let error = Ranges::new()
        .with("demand", range(-0.3, -0.6, -1.0))
        .unwrap_err();
    assert!(error.to_string().contains("demand"), "{error}");
}

/// The two buyers of `a_bloc_of_two_buyers` with demands 20 - p and 10 - p / 2, a seller 2 p: free 30 - 1.5 p = 2 p,
/// p = 60 / 7. A floor of 12 by both: 12 are sold at 6, the levy of 6 raises 72, two thirds of it on A.
#[test]
fn a_purse_divided_in_three_ways() {
    let market = Market::builder("bloc", "USD")
        .region("A")
        .region("B")
        .region("C")
        .commodity("oxide")
        .demand("A", "oxide", demand(20.0, -1.0))
        .demand("B", "oxide", demand(20.0, -2.0))
        .activity(Activity::producing("mine", "C", "oxide", supply(0.0, 0.5)))
        .route("C", "A", "oxide", 0.0)
        .route("C", "B", "oxide", 0.0)
        .build()
        .unwrap();
    let allies = Bloc::new("allies", ["A", "B"]).unwrap();
    let study = BlocStudy::new(&market, &Policy::none(), &allies, |acting| {
        let ladder = ReferencePriceLadder::new(acting).rung("oxide", 12.0);
        Policy::new().with("floor", ladder.sharing(Sharing::Equal))
    })
    .unwrap();
    close(study.purse(), 72.0);
    // consumers lose (12 - p) x (d(12) + d(p)) / 2
    let p = 60.0 / 7.0;
    let lost = (12.0 - p) * (8.0 + 20.0 - p) / 2.0;
    for (split, [a, b]) in [
        (Split::AsAgreed, [36.0, 36.0]),
        (Split::Equal, [36.0, 36.0]),
        (Split::Consumption, [48.0, 24.0]),
    ] {
        let divided = study.divided(split);
        close(divided[0].purse(), a);
        close(divided[0].gain(), a - lost);
        close(divided[1].gain(), b - lost / 2.0);
    }
    let by_value = study.divided(Split::Shapley);
    for (divided, member) in by_value.iter().zip(study.members()) {
        close(divided.gain(), member.shapley());
        // leaving brings the same whatever the division
        close(
            divided.gain() + divided.by_leaving(),
            member.gain() + member.by_leaving(),
        );
    }
    for split in [Split::Equal, Split::Consumption, Split::Shapley] {
        close(
            study.divided(split).iter().map(|d| d.gain()).sum(),
            study.value(),
        );
        let held = study.divided(split).iter().all(|d| d.by_leaving() <= 1e-9);
        assert_eq!(study.held_together_by(split), held);
    }
}
