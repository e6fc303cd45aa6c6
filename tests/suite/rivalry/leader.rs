//! A leader over a fringe, against closed forms.

use crate::parity::Noted;
use approx::assert_relative_eq;
use pricefloor::equilibrium::Outcome;
use pricefloor::prelude::*;
use pricefloor::rivalry::{Leader, Leadership, Place, RivalryError};

use crate::conduct::{case, line};

fn market(demand: Line, fringe: Supply, dominant: Supply) -> Market {
    Market::builder("dominant firm", "")
        .region("Home")
        .commodity("good")
        .demand("Home", "good", Demand::linear(demand).unwrap())
        .activity(Activity::producing("fringe", "Home", "good", fringe))
        .activity(Activity::producing("dominant", "Home", "good", dominant))
        .build()
        .unwrap()
}

fn flat(cost: f64) -> Supply {
    Supply::perfectly_elastic(cost).unwrap()
}

fn answer(led: &Leadership) -> [f64; 3] {
    let equilibrium = led.equilibrium();
    [
        led.choice(),
        equilibrium.price("Home", "good").unwrap(),
        equilibrium.level("fringe").unwrap(),
    ]
}

/// Inverse demand 100 - (u + y)/2, leader's marginal cost 5, follower's cost y^2/2: y = 50 - u/4, so that the leader
/// minimises 0.375 u^2 - 70 u (MacMPEC stackelberg1).
#[test]
fn stackelberg_duopoly() {
    let known = case("ol_stackelberg1");
    let follower = Supply::linear(line(0.0, 1.0)).unwrap();
    let duopoly = market(line(100.0, -0.5), follower, flat(5.0))
        .to_builder()
        .conduct("fringe", 1.0)
        .build()
        .unwrap();
    let led = duopoly
        .noted_lead(&Policy::none(), &Leader::output("dominant", 0.0..=200.0))
        .unwrap();
    let [u, _, y] = answer(&led);
    let value = |name: &str| known["answer"][name].as_f64().unwrap();
    assert_relative_eq!(u, value("u"), epsilon = 1e-7);
    assert_relative_eq!(y, value("y"), epsilon = 1e-7);
    assert_relative_eq!(led.objective(), -value("objective"), epsilon = 1e-8);
    assert_eq!(led.place(), Place::Interior);
    assert!(led.largest_gain() < 1e-9 && led.unsolved().is_empty());
}

/// Q = 11 - P against -1 + 0.2 P: residual demand 12 - 1.2 P, marginal revenue 10 - q/0.6 = 6.
/// Q = 400 - 2 P against P - 20: residual demand 420 - 3 P. Q = 1000 - 2 P against 3 (P - 120): 1360 - 5 P.
#[test]
fn textbook_dominant_firms() {
    let known = case("ol_dominant_firm_fringe");
    let fringe = |start, slope| Supply::linear(line(start, slope)).unwrap();
    let oranges = |cost| market(line(500.0, -0.5), fringe(120.0, 1.0 / 3.0), flat(cost));
    let tennis = market(line(200.0, -0.5), fringe(20.0, 1.0), flat(20.0));
    let first = market(line(11.0, -1.0), fringe(5.0, 5.0), flat(6.0));
    let answers = &known["answer"];
    for (market, top, known, fringe) in [
        (first, 11.0, &answers["A"], "fringe_quantity"),
        (tennis, 400.0, &answers["B_tennis"], "fringe_quantity"),
        (
            oranges(100.0),
            1000.0,
            &answers["C_oranges"]["mc_100"],
            "fringe_total",
        ),
        (
            oranges(50.0),
            1000.0,
            &answers["C_oranges"]["mc_50"],
            "fringe_total",
        ),
        (
            oranges(150.0),
            1000.0,
            &answers["C_oranges"]["mc_150"],
            "fringe_total",
        ),
        (
            oranges(20.0),
            1000.0,
            &answers["E_kink_mc_20"],
            "fringe_total",
        ),
    ] {
        let led = market
            .noted_lead(&Policy::none(), &Leader::output("dominant", 0.0..=top))
            .unwrap();
        let [q, p, f] = answer(&led);
        let value = |name: &str| known[name].as_f64().unwrap();
        assert_relative_eq!(q, value("dominant_quantity"), max_relative = 1e-8);
        assert_relative_eq!(p, value("price"), max_relative = 1e-8);
        assert_relative_eq!(f, value(fringe), max_relative = 1e-8);
        if known["dominant_profit"].is_number() {
            assert_relative_eq!(
                led.objective(),
                value("dominant_profit"),
                max_relative = 1e-9
            );
        }
    }
}

/// The market of tennis shoes with a floor of 100: the fringe sells 80, and the dominant firm what is left of 200, at 100 less
/// its cost of 20. Here it sells from abroad and sets its price with an export tax, and a levy at the border fills what is
/// missing to the floor: below a tax of 80 the levy takes the difference (profit 120 t, rising by 120), above it sales fall
/// by 3 t (profit t (360 - 3 t), falling by 360 - 480).
#[test]
fn a_dominant_firm_under_a_floor() {
    let known = &case("ol_dominant_firm_fringe")["answer"]["D_floor_on_B"];
    let fringe = Supply::linear(line(20.0, 1.0)).unwrap();
    let market = Market::builder("tennis", "")
        .region("Home")
        .region("Abroad")
        .commodity("good")
        .demand("Home", "good", Demand::linear(line(200.0, -0.5)).unwrap())
        .activity(Activity::producing("fringe", "Home", "good", fringe))
        .activity(Activity::producing(
            "dominant",
            "Abroad",
            "good",
            flat(20.0),
        ))
        .route("Abroad", "Home", "good", 0.0)
        .build()
        .unwrap();
    let policy = Policy::new()
        .with("tax", ExportTax::specific("Abroad", "good", 1.0))
        .unwrap()
        .with("floor", BorderFloor::new("Home", "good", 100.0))
        .unwrap();
    let leader = Leader::number("measure/tax/rate", 0.0..=120.0, Outcome::welfare("Abroad"));
    let led = market.noted_lead(&policy, &leader).unwrap();
    let value = |name: &str| known[name].as_f64().unwrap();
    let [tax, price, fringe] = [
        led.choice(),
        led.equilibrium().price("Home", "good").unwrap(),
        led.equilibrium().level("fringe").unwrap(),
    ];
    assert_relative_eq!(tax, 80.0, max_relative = 1e-8);
    assert_relative_eq!(price, value("price"), max_relative = 1e-8);
    assert_relative_eq!(fringe, value("fringe_quantity"), max_relative = 1e-8);
    let sold = led.equilibrium().level("dominant").unwrap();
    assert_relative_eq!(sold, value("dominant_quantity"), max_relative = 1e-8);
    assert_relative_eq!(sold + fringe, value("market"), max_relative = 1e-8);
    assert_relative_eq!(
        led.objective(),
        value("dominant_profit"),
        max_relative = 1e-8
    );
    assert_eq!(led.place(), Place::Kink);
    assert_relative_eq!(led.slopes()[0], 120.0, max_relative = 1e-6);
    assert_relative_eq!(led.slopes()[1], -120.0, max_relative = 1e-6);
}

/// In the market of oranges the fringe stops at P = 120, where the leader sells 760: marginal revenue drops from
/// 272 - 0.4 q = -32 to 500 - q = -260. With cost 20 and 150 wanted for each unit sold, both sides point at 760.
#[test]
fn a_strategic_weight_leads_to_the_kink() {
    let oranges = market(
        line(500.0, -0.5),
        Supply::linear(line(120.0, 1.0 / 3.0)).unwrap(),
        flat(20.0),
    );
    let leader =
        Leader::output("dominant", 0.0..=1000.0).valuing(150.0, Outcome::level("dominant"));
    let led = oranges.noted_lead(&Policy::none(), &leader).unwrap();
    assert_relative_eq!(led.choice(), 760.0, epsilon = 1e-6);
    assert_eq!(led.place(), Place::Kink);
    assert_relative_eq!(led.slopes()[0], -32.0 - 20.0 + 150.0, epsilon = 1e-6);
    assert_relative_eq!(led.slopes()[1], -260.0 - 20.0 + 150.0, epsilon = 1e-6);
    assert_relative_eq!(
        led.objective(),
        760.0 * (120.0 - 20.0 + 150.0),
        max_relative = 1e-9
    );
    // with 400 it floods the market to the end of its range: marginal revenue at 1000 is -500
    let flood = Leader::output("dominant", 0.0..=800.0).valuing(400.0, Outcome::level("dominant"));
    let led = oranges.noted_lead(&Policy::none(), &flood).unwrap();
    assert_eq!((led.choice(), led.place()), (800.0, Place::UpperEnd));
    // it would rather not sell at all at a cost above the choke price of the fringe market
    let dear = market(
        line(11.0, -1.0),
        Supply::linear(line(5.0, 5.0)).unwrap(),
        flat(20.0),
    );
    let led = dear
        .noted_lead(&Policy::none(), &Leader::output("dominant", 0.0..=10.0))
        .unwrap();
    assert_eq!((led.choice(), led.place()), (0.0, Place::LowerEnd));
    // marginal revenue of the first unit is the price without it, 10; the lower end has no slope below
    assert_relative_eq!(led.slopes()[1], -10.0, epsilon = 1e-8);
}

fn exporter(abroad: Demand, home: Supply) -> Market {
    Market::builder("large exporter", "")
        .region("Home")
        .region("Abroad")
        .commodity("good")
        .demand("Abroad", "good", abroad)
        .activity(Activity::producing("mine", "Home", "good", home))
        .route("Home", "Abroad", "good", 0.0)
        .build()
        .unwrap()
}

/// Home offers at 5 + X/2, the world pays 20 - X. The optimal tax makes marginal revenue 20 - 2 X equal to marginal
/// cost: X 6, price abroad 14, at home 8, tax 6 = X times the slope of foreign demand; welfare 14 x 6 - (30 + 9) = 45.
#[test]
fn optimal_specific_export_tax() {
    let market = exporter(
        Demand::linear(line(20.0, -1.0)).unwrap(),
        Supply::linear(line(5.0, 0.5)).unwrap(),
    );
    let policy = Policy::new()
        .with("tax", ExportTax::specific("Home", "good", 1.0))
        .unwrap();
    let leader = Leader::number("measure/tax/rate", 0.0..=20.0, Outcome::welfare("Home"));
    let led = market.noted_lead(&policy, &leader).unwrap();
    assert_relative_eq!(led.choice(), 6.0, epsilon = 1e-7);
    assert_relative_eq!(led.objective(), 45.0, epsilon = 1e-8);
    let ledger = led.equilibrium().ledger().unwrap();
    assert_relative_eq!(ledger.region("Home"), 45.0, epsilon = 1e-8);
    assert_eq!(led.place(), Place::Interior);
}

/// The optimal ad valorem tax is 1 / (e - 1) of the price at home where the world's demand has elasticity -e, whatever
/// the supply (Johnson 1954): 0.5 at e = 3.
#[test]
fn optimal_ad_valorem_export_tax() {
    let observed = Observed {
        price: 10.0,
        quantity: 10.0,
    };
    let market = exporter(
        Demand::constant_elasticity(observed, -3.0).unwrap(),
        Supply::constant_elasticity(observed, 0.8).unwrap(),
    );
    let policy = Policy::new()
        .with("tax", ExportTax::ad_valorem("Home", "good", 0.1))
        .unwrap();
    let leader = Leader::number("measure/tax/rate", 0.0..=4.0, Outcome::welfare("Home"));
    let led = market.noted_lead(&policy, &leader).unwrap();
    assert_relative_eq!(led.choice(), 0.5, epsilon = 1e-7);
}

/// Two choices of the export tax are as good where the objective is even: welfare less 45 is level at the optimum
/// only, so a flat objective is built from a tax that no longer binds: above 15 nothing is exported.
#[test]
fn a_prohibitive_tax_leaves_a_level_objective() {
    let market = exporter(
        Demand::linear(line(20.0, -1.0)).unwrap(),
        Supply::linear(line(5.0, 0.5)).unwrap(),
    );
    let policy = Policy::new()
        .with("tax", ExportTax::specific("Home", "good", 1.0))
        .unwrap();
    let leader = Leader::number("measure/tax/rate", 15.0..=20.0, Outcome::welfare("Home"));
    let led = market.noted_lead(&policy, &leader).unwrap();
    assert_relative_eq!(led.objective(), 0.0, epsilon = 1e-9);
    assert!(!led.others().is_empty());
}

#[test]
fn what_a_leader_must_be() {
    let fringe = Supply::linear(line(20.0, 1.0)).unwrap();
    let base = market(line(200.0, -0.5), fringe, flat(20.0));
    let refused = |leader: Leader| base.noted_lead(&Policy::none(), &leader).unwrap_err();
    let message = |leader: Leader| refused(leader).to_string();
    let text = message(Leader::output("nobody", 0.0..=1.0));
    assert!(
        text.contains("nobody") && text.contains("fringe, dominant"),
        "{text}"
    );
    #[allow(clippy::reversed_empty_ranges)]
    let text = message(Leader::output("dominant", 3.0..=1.0));
    assert!(text.contains("upper end") && text.contains('1'), "{text}");
    let text = message(Leader::output("dominant", -1.0..=1.0));
    assert!(text.contains("lower end") && text.contains("-1"), "{text}");
    let text = message(Leader::output("dominant", 0.0..=f64::NAN));
    assert!(text.contains("NaN"), "{text}");
    let text = message(Leader::output("dominant", 0.0..=1.0).sampled(1));
    assert!(text.contains("samples"), "{text}");
    let text = message(Leader::number(
        "measure/none/rate",
        0.0..=1.0,
        Outcome::welfare("Home"),
    ));
    assert!(text.contains("measure/none/rate"), "{text}");
    let text = message(Leader::output("dominant", 0.0..=1.0).wanting(Outcome::surplus("Nobody")));
    assert!(
        text.contains("Nobody") && text.contains("consumers of"),
        "{text}"
    );
    let both = base.to_builder().conduct("dominant", 1.0).build().unwrap();
    let error = both
        .noted_lead(&Policy::none(), &Leader::output("dominant", 0.0..=1.0))
        .unwrap_err();
    assert!(
        matches!(error, RivalryError::LeaderWithConduct { .. }),
        "{error}"
    );
    let capped = flat(20.0).with_capacity(50.0).unwrap();
    let small = market(line(200.0, -0.5), flat(90.0), capped);
    let error = small
        .noted_lead(&Policy::none(), &Leader::output("dominant", 0.0..=60.0))
        .unwrap_err();
    assert!(error.to_string().contains("capacity 50"), "{error}");
}
