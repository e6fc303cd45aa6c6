//! Limit pricing, against the conditions of the optimum.

use approx::assert_relative_eq;
use pricefloor::rivalry::{
    Coexistence, EntrantContract, LimitPricing, LimitPricingTerms, RivalryError,
};

fn terms() -> LimitPricingTerms {
    LimitPricingTerms {
        demand_intercept: 100.0,
        demand_slope: 1.5,
        cost: 10.0,
        entry_price: 20.0,
        entry_speed: 0.4,
        discount_rate: 0.12,
    }
}

/// x* = a + b c - 2 b pe - k (pe - c) / r (Gaskins 1971): 100 + 15 - 60 - 33.333.
#[test]
fn steady_state() {
    let steady = LimitPricing::new(terms()).unwrap().steady();
    let rivals = 55.0 - 0.4 * 10.0 / 0.12;
    assert_relative_eq!(steady.rivals, rivals, epsilon = 1e-12);
    assert_eq!(
        (steady.price, steady.kind, steady.outlay),
        (20.0, Coexistence::Shared, 0.0)
    );
    assert_relative_eq!(steady.dominant, 100.0 - 30.0 - rivals, epsilon = 1e-12);
}

/// The price rule obeys the conditions of the optimum on the way. With l the worth of one more unit of rivals' output,
/// this year's margin says k l = 2 b p - a - b c + x, and along the path r l = -(p - c) + dl/dt, where
/// dl/dt = l'(x) k (p - pe).
#[test]
fn the_path_obeys_the_maximum_principle() {
    let t = terms();
    let producer = LimitPricing::new(t).unwrap();
    let price = |x: f64| producer.price(x).unwrap();
    let (a, b, c, pe) = (t.demand_intercept, t.demand_slope, t.cost, t.entry_price);
    let worth = |x: f64| (2.0 * b * price(x) - a - b * c + x) / t.entry_speed;
    for x in [0.0, 5.0, 21.0, 40.0] {
        let slope = (worth(x + 1.0) - worth(x)) / 1.0; // the rule is straight
        let drift = t.entry_speed * (price(x) - pe);
        let off = t.discount_rate * worth(x) + (price(x) - c) - slope * drift;
        assert_relative_eq!(off, 0.0, epsilon = 1e-9);
    }
    // rivals' output moves as the price says
    let (early, late) = (
        producer.rivals_after(3.0, 2.0).unwrap(),
        producer.rivals_after(3.0 + 1e-6, 2.0).unwrap(),
    );
    assert_relative_eq!(
        (late - early) / 1e-6,
        t.entry_speed * (price(early) - pe),
        max_relative = 1e-5
    );
    assert_relative_eq!(
        producer.rivals_after(400.0, 2.0).unwrap(),
        producer.steady().rivals,
        max_relative = 1e-9
    );
}

/// With a patient producer (r = 0.05) x* = 55 - 80 is below zero: rivals are kept out at the entry price. A contract at or
/// above it keeps 10 in, and pays 25 - 20 on each; one below the entry price keeps nobody.
#[test]
fn kept_out_and_covered() {
    let patient = LimitPricing::new(LimitPricingTerms {
        discount_rate: 0.05,
        ..terms()
    })
    .unwrap();
    let steady = patient.steady();
    assert_eq!(
        (steady.rivals, steady.price, steady.kind),
        (0.0, 20.0, Coexistence::KeptOut)
    );
    assert_relative_eq!(steady.dominant, 70.0);
    let contract = |strike| EntrantContract {
        strike,
        volume: 10.0,
    };
    let steady = patient.with_contract(contract(25.0)).unwrap().steady();
    assert_eq!(
        (steady.rivals, steady.price, steady.kind),
        (10.0, 20.0, Coexistence::Covered)
    );
    assert_relative_eq!(steady.outlay, 50.0);
    let steady = patient.with_contract(contract(19.0)).unwrap().steady();
    assert_eq!((steady.rivals, steady.kind), (0.0, Coexistence::KeptOut));
    // with 80 of them the producer's best price is below the entry price: (100 - 80 + 15) / 3
    let many = EntrantContract {
        strike: 25.0,
        volume: 80.0,
    };
    let steady = patient.with_contract(many).unwrap().steady();
    assert_relative_eq!(steady.price, 35.0 / 3.0, epsilon = 1e-12);
    assert!(matches!(
        patient.price(1.0),
        Err(RivalryError::NoClosedForm { .. })
    ));
}

#[test]
fn what_cannot_be() {
    let with = |change: fn(&mut LimitPricingTerms)| {
        let mut t = terms();
        change(&mut t);
        LimitPricing::new(t).unwrap_err().to_string()
    };
    assert!(with(|t| t.demand_slope = 0.0).contains("demand slope"));
    assert!(with(|t| t.entry_price = 9.0).contains("entry price is 9"));
    assert!(with(|t| t.discount_rate = f64::NAN).contains("discount rate is NaN"));
    assert!(with(|t| t.demand_intercept = 20.0).contains("demand intercept"));
    assert!(with(|t| t.entry_speed = -1.0).contains("entry speed"));
    let producer = LimitPricing::new(terms()).unwrap();
    let text = serde_json::to_string(&producer).unwrap();
    assert_eq!(
        serde_json::from_str::<LimitPricing>(&text).unwrap(),
        producer
    );
    assert!(serde_json::from_str::<LimitPricing>(&text.replace("10.0", "-10.0")).is_err());
}

/// Present value of following the yearly rule from an output of rivals on, by adding up 3,000 years; flows fall at year ends.
fn following(t: &LimitPricingTerms, price: impl Fn(usize, f64) -> f64, rivals: f64) -> f64 {
    let (mut x, mut value, mut weight) = (rivals, 0.0, 1.0);
    for year in 0..3_000 {
        let p = price(year, x);
        weight /= 1.0 + t.discount_rate;
        value += weight * (p - t.cost) * (t.demand_intercept - t.demand_slope * p - x);
        x += t.entry_speed * (p - t.entry_price);
    }
    value
}

/// The yearly rule is the best one: no other price in a year, or in two, with the rule before and after, is worth more; and
/// its rest is that of Gaskins, 100 + 15 - 60 - 33.333.
#[test]
fn the_yearly_rule_is_the_best_one() {
    let t = terms();
    let producer = LimitPricing::new(t).unwrap();
    let yearly = producer.yearly().unwrap();
    for rivals in [0.0, 10.0, 30.0] {
        let best = following(&t, |_, x| yearly.price(x), rivals);
        for off in [-1.0, -0.1, 0.1, 1.0] {
            for until in [1, 2, 20] {
                let other =
                    |year: usize, x: f64| yearly.price(x) + if year < until { off } else { 0.0 };
                assert!(following(&t, other, rivals) < best, "{off} at {rivals}");
            }
        }
        // a small deviation costs its square: the rule is where the slope is zero
        let by = |off: f64| {
            following(
                &t,
                |year, x| yearly.price(x) + if year == 0 { off } else { 0.0 },
                rivals,
            )
        };
        assert_relative_eq!(by(1.0), by(-1.0), max_relative = 1e-10);
    }
    let mut rivals = 0.0;
    for _ in 0..2_000 {
        rivals = yearly.next_rivals(rivals);
    }
    assert_relative_eq!(rivals, 55.0 - 0.4 * 10.0 / 0.12, max_relative = 1e-10);
    assert_relative_eq!(yearly.price(rivals), 20.0, max_relative = 1e-10);
    // entry ten times as fast overshoots
    let fast = LimitPricingTerms {
        entry_speed: 4.0,
        entry_price: 10.5,
        ..t
    };
    assert!(matches!(
        LimitPricing::new(fast).unwrap().yearly(),
        Err(RivalryError::NoClosedForm { .. })
    ));
}

/// On the horizon model: the market of `Q = 100 - 1.5 P` has no other seller. Price and rivals follow the rule year by year
/// and come to rest at the entry price with 21.667 of rivals' output.
#[test]
fn limit_pricing_over_a_horizon() {
    use pricefloor::curve::Line;
    use pricefloor::horizon::{Calendar, Dated, Horizon};
    use pricefloor::{Demand, Market};
    let t = terms();
    let producer = LimitPricing::new(t).unwrap();
    let yearly = producer.yearly().unwrap();
    let demand = Demand::linear(Line {
        intercept: t.demand_intercept / t.demand_slope,
        slope: -1.0 / t.demand_slope,
    });
    let market = Market::builder("limit pricing", "USD")
        .region("World")
        .commodity("oxide")
        .demand("World", "oxide", demand.unwrap())
        .build()
        .unwrap();
    let sellers = yearly.in_market("World", "oxide", 2.0);
    let path = Horizon::builder(&market, Calendar::yearly(120), t.discount_rate)
        .measure(Dated::new("sellers", sellers))
        .build()
        .unwrap()
        .solve()
        .unwrap();
    let mut rivals = 2.0;
    for period in path.periods() {
        let price = yearly.price(rivals);
        assert_relative_eq!(
            period.price("World", "oxide").unwrap(),
            price,
            max_relative = 1e-8
        );
        let sold = period.equilibrium().figure("sellers", "dominant").unwrap();
        assert_relative_eq!(sold, 100.0 - 1.5 * price - rivals, max_relative = 1e-7);
        rivals = yearly.next_rivals(rivals);
    }
    let steady = producer.steady();
    let last = path.periods().last().unwrap();
    assert_relative_eq!(
        last.price("World", "oxide").unwrap(),
        steady.price,
        max_relative = 1e-3
    );
    assert_relative_eq!(rivals, steady.rivals, max_relative = 1e-2);
}
