//! Support of prices, and joint products.

use super::*;

#[test]
fn tx_wheat_pindyck() {
    use pricefloor::assembly::Role::{Consumers, Producer};
    let case = case("tx_wheat_pindyck");
    let answer = Answer::of(&case);
    let market = closed(demand(3550.0, 266.0), supply(1800.0, 240.0));
    let free = market.noted(&Policy::none()).unwrap();
    answer.at("free").is("price", price(&free, "Home"));
    answer
        .at("free")
        .is("quantity", free.level("home").unwrap());
    let support = market
        .noted(&one(SupportBuying::new("Home", "good", 3.7)))
        .unwrap();
    let expected = answer.at("support_3.70");
    expected.is("quantity_demanded", demanded(&support, "Home"));
    expected.is("quantity_supplied", support.level("home").unwrap());
    expected.is(
        "government_purchase",
        support.figure("measure", "bought").unwrap(),
    );
    let comparison = support
        .ledger()
        .unwrap()
        .against(&free.ledger().unwrap())
        .unwrap();
    expected.is(
        "government_cost",
        support.ledger().unwrap().outlay("measure"),
    );
    expected.is("delta_consumer_surplus", comparison.gain_of(Consumers));
    expected.is("delta_producer_surplus", comparison.gain_of(Producer));
    expected.is("net_social_cost", comparison.deadweight_loss());

    let market = closed(demand(2580.0, 194.0), supply(1800.0, 240.0));
    let free = market.noted(&Policy::none()).unwrap();
    answer.at("free_1985").is("price", price(&free, "Home"));
    answer
        .at("free_1985")
        .is("quantity", free.level("home").unwrap());
    let policy = one(SupportBuying::new("Home", "good", 3.2))
        .with("quota", ProductionQuota::new("Home", "good", 2425.0))
        .unwrap();
    let both = market.noted(&policy).unwrap();
    let expected = answer.at("support_3.20_with_quota_2425_1985");
    expected.is("quantity_demanded", demanded(&both, "Home"));
    expected.is("quota", both.level("home").unwrap());
    expected.is(
        "government_purchase",
        both.figure("measure", "bought").unwrap(),
    );
    expected.is(
        "government_cost_purchases",
        both.ledger().unwrap().outlay("measure"),
    );
    let rent = both.figure("quota", "rent").unwrap();
    expected.is("marginal_cost_at_quota", price(&both, "Home") - rent);
}

#[test]
fn tx_deficiency_small() {
    use pricefloor::assembly::Role::{Consumers, Producer};
    let case = case("tx_deficiency_small");
    let answer = Answer::of(&case);
    let market = closed(demand(100.0, 10.0), supply(0.0, 10.0));
    let free = market.noted(&Policy::none()).unwrap();
    answer.at("no_policy").is("price", price(&free, "Home"));
    answer
        .at("no_policy")
        .is("quantity", free.level("home").unwrap());
    let paid = market
        .noted(&one(DeficiencyPayment::new("Home", "good", 6.0)))
        .unwrap();
    answer.is("quantity", paid.level("home").unwrap());
    answer.is("market_price", price(&paid, "Home"));
    answer.is(
        "payment_per_unit",
        paid.figure("measure", "top_up").unwrap(),
    );
    let ledger = paid.ledger().unwrap();
    answer.is("government_cost", ledger.outlay("measure"));
    let comparison = ledger.against(&free.ledger().unwrap()).unwrap();
    answer.is("delta_consumer_surplus", comparison.gain_of(Consumers));
    answer.is("delta_producer_surplus", comparison.gain_of(Producer));
    answer.is("deadweight_loss", comparison.deadweight_loss());
}

#[test]
fn tx_floor_acemicro() {
    let case = case("tx_floor_acemicro");
    let answer = Answer::of(&case);
    let market = closed(demand(14.0, 1.0), supply(-2.0, 1.0));
    let free = market.noted(&Policy::none()).unwrap();
    let expected = answer.at("no_policy");
    expected.is("price", price(&free, "Home"));
    expected.is("quantity", free.level("home").unwrap());
    expected.is("total_surplus", free.ledger().unwrap().total());
    let floor = StatutoryMinimum::new("Home", "good", 10.0, Rationing::Efficient);
    let solved = market.noted(&one(floor)).unwrap();
    let (expected, ledger) = (answer.at("floor"), solved.ledger().unwrap());
    expected.is("price", price(&solved, "Home"));
    expected.is("quantity_traded", solved.level("home").unwrap());
    expected.is("consumer_surplus", ledger.consumer_surplus());
    expected.is(
        "producer_surplus_efficient_rationing",
        ledger.producer_surplus(),
    );
    expected.is("total_surplus", ledger.total());
    expected.is(
        "deadweight_loss",
        free.ledger().unwrap().total() - ledger.total(),
    );
}

#[test]
fn neg_floor_above_choke() {
    let case = case("neg_floor_above_choke");
    let answer = Answer {
        absolute: 1e-9,
        ..Answer::of(&case)
    };
    let market = closed(demand(30.0, 1.0), supply(0.0, 1.0));
    let solved = market
        .noted(&one(SupportBuying::new("Home", "good", 40.0)))
        .unwrap();
    answer.is("price", price(&solved, "Home"));
    answer.is("private_demand", demanded(&solved, "Home"));
    answer.is("supply", solved.level("home").unwrap());
    answer.is(
        "government_purchase",
        solved.figure("measure", "bought").unwrap(),
    );
    answer.is(
        "government_cost",
        solved.ledger().unwrap().outlay("measure"),
    );
}

#[test]
fn jp_beef_hides() {
    let case = case("jp_beef_hides");
    let answer = Answer {
        absolute: 1e-9,
        ..Answer::of(&case)
    };
    let line = |intercept, slope| Demand::linear(Line { intercept, slope }).unwrap();
    let market = |hides: Demand| {
        let cattle = Activity::new(
            "cattle",
            "Home",
            Supply::linear(Line {
                intercept: 20.0,
                slope: 0.5,
            })
            .unwrap(),
        )
        .with_output("beef", 4.0)
        .with_output("hides", 1.0);
        Market::builder("cattle", "USD")
            .region("Home")
            .commodity("beef")
            .commodity("hides")
            .demand("Home", "beef", line(30.0, -0.1))
            .demand("Home", "hides", hides)
            .activity(cattle)
            .build()
            .unwrap()
    };
    let at = |solved: &Equilibrium, commodity: &str| solved.price("Home", commodity).unwrap();
    let glut = market(line(40.0, -2.0)).noted(&Policy::none()).unwrap();
    let expected = answer.at("glut");
    expected.is("animals", glut.level("cattle").unwrap());
    expected.is("beef_price", at(&glut, "beef"));
    expected.is("hide_price", at(&glut, "hides"));
    expected.is("hides_used", glut.node("Home", "hides").unwrap().demanded());
    expected.is(
        "hides_discarded",
        glut.node("Home", "hides").unwrap().excess(),
    );
    let usual = market(line(100.0, -1.0));
    let both = usual.noted(&Policy::none()).unwrap();
    let expected = answer.at("both_prices_positive");
    expected.is("animals", both.level("cattle").unwrap());
    expected.is("beef_price", at(&both, "beef"));
    expected.is("hide_price", at(&both, "hides"));
    let support = usual
        .noted(&one(SupportBuying::new("Home", "hides", 50.0)))
        .unwrap();
    let expected = answer.at("support_price_on_hides_50");
    expected.is("animals", support.level("cattle").unwrap());
    expected.is("beef_price", at(&support, "beef"));
    expected.is("hide_price", at(&support, "hides"));
    expected.is(
        "hides_private",
        support.node("Home", "hides").unwrap().demanded(),
    );
    expected.is(
        "hides_purchased",
        support.figure("measure", "bought").unwrap(),
    );
    expected.is(
        "government_cost",
        support.ledger().unwrap().outlay("measure"),
    );
    let floor = StatutoryMinimum::new("Home", "beef", 7.0, Rationing::Efficient);
    let floored = usual.noted(&one(floor)).unwrap();
    let expected = answer.at("mandated_beef_floor");
    expected.is(
        "animals_if_supply_rationed_to_beef_sales",
        floored.level("cattle").unwrap(),
    );
    expected.is(
        "beef_sold",
        floored.node("Home", "beef").unwrap().demanded(),
    );
    expected.is("hide_price", at(&floored, "hides"));
    expected.is("floor", at(&floored, "beef"));
}

/// Nodes and weights of Gauss-Hermite quadrature for a standard normal (Golub and Welsch 1969): eigenvalues of the Jacobi
/// matrix with off-diagonal sqrt k, and the squared first entries of its eigenvectors.
fn normal_nodes(count: usize) -> Vec<(f64, f64)> {
    let jacobi = nalgebra::DMatrix::from_fn(count, count, |i, j| match i.abs_diff(j) {
        1 => (i.max(j) as f64).sqrt(),
        _ => 0.0,
    });
    let eigen = jacobi.symmetric_eigen();
    (0..count)
        .map(|k| (eigen.eigenvalues[k], eigen.eigenvectors[(0, k)].powi(2)))
        .collect()
}

/// Each yield is a market of its own once the acreage is planted; the acreage answers to the mean of what farmers are paid.
/// Prices, payments and cost are the library's; the fixed point in acreage is found by iteration, whose slope is small.
#[test]
fn tx_target_price_random_yield() {
    let case = case("tx_target_price_random_yield");
    let answer = Answer::of(&case).at("quadrature_25");
    let nodes = normal_nodes(25);
    let harvest = |acreage: f64| -> Vec<(f64, [f64; 4])> {
        let of = |&(node, weight): &(f64, f64)| {
            let crop = acreage * (-0.02 + 0.04_f64.sqrt() * node).exp();
            let inverse = Demand::linear(Line {
                intercept: 1.5,
                slope: -0.5,
            });
            let market = closed(inverse.unwrap(), Supply::fixed(crop).unwrap());
            let payment = DeficiencyPayment::new("Home", "good", 1.0);
            let solved = market.noted(&one(payment)).unwrap();
            let market_price = price(&solved, "Home");
            let paid = market_price + solved.figure("measure", "top_up").unwrap();
            let cost = solved.ledger().unwrap().outlay("measure");
            // beyond 3 the source follows its line below zero, where the market leaves the rest in the field
            let line = 1.5 - 0.5 * crop;
            if line < 0.0 {
                assert!(market_price == 0.0 && (paid - 1.0).abs() < 1e-12);
                return (weight, [line, 1.0, crop, (1.0 - line) * crop]);
            }
            (weight, [market_price, paid, paid * crop, cost])
        };
        nodes.iter().map(of).collect()
    };
    let mean = |of: &[(f64, [f64; 4])], k: usize| of.iter().map(|(w, v)| w * v[k]).sum::<f64>();
    let mut acreage = 1.0;
    let mut outcome = harvest(acreage);
    for _ in 0..60 {
        let next = 0.5 + 0.5 * mean(&outcome, 1);
        let moved = (next - acreage).abs();
        acreage = next;
        outcome = harvest(acreage);
        if moved < 1e-14 {
            break;
        }
    }
    answer.is("acreage", acreage);
    for (k, name) in ["market_price", "farm_price", "revenue", "government_cost"]
        .into_iter()
        .enumerate()
    {
        let expected = |i: usize| answer.value[name][i].as_f64().unwrap();
        let first = mean(&outcome, k);
        let spread = outcome
            .iter()
            .map(|(w, v)| w * (v[k] - first).powi(2))
            .sum::<f64>();
        for (found, expected) in [(first, expected(0)), (spread.sqrt(), expected(1))] {
            assert!(
                (found - expected).abs() <= answer.absolute,
                "{name}: {found}, {expected}"
            );
        }
    }
}
