//! Markets of two curves by the million: against an independent solver and the general equilibrium.

use approx::assert_relative_eq;
use pricefloor::equilibrium::{FloorBy, SolveError, TwoCurves, TwoCurvesColumns};
use pricefloor::prelude::*;

/// Columns in the order of `TwoCurvesColumns`.
struct Table([Vec<f64>; 8]);

impl Table {
    fn columns(&self) -> TwoCurvesColumns<'_> {
        let [
            supply,
            supply_elasticity,
            demand,
            demand_elasticity,
            imports,
            import_price,
            tariff,
            floor,
        ] = &self.0;
        TwoCurvesColumns {
            supply,
            supply_elasticity,
            demand,
            demand_elasticity,
            imports,
            import_price,
            tariff,
            floor,
        }
    }
}

/// Sixty random markets, solved to 1e-11 by bracketing in a program of its own.
fn reference() -> (Table, Vec<f64>, Vec<f64>) {
    let known = crate::cases::reference("two_curves");
    let numbers = |v: &serde_json::Value| -> Vec<f64> {
        v.as_array()
            .unwrap()
            .iter()
            .map(|x| x.as_f64().unwrap())
            .collect()
    };
    let rows: Vec<Vec<f64>> = known["X"].as_array().unwrap().iter().map(numbers).collect();
    let mut table = Table(std::array::from_fn(|k| {
        rows.iter().map(|row| row[k]).collect()
    }));
    for e in &mut table.0[3] {
        *e = -*e;
    }
    (
        table,
        numbers(&known["price"]),
        numbers(&known["purchases"]),
    )
}

#[test]
fn reference_markets() {
    let (table, prices, purchases) = reference();
    let solved = TwoCurves::new(100.0)
        .unwrap()
        .solve(&table.columns())
        .unwrap();
    let given =
        serde_json::json!({ "base_price": 100.0, "floor_by": FloorBy::Buying, "columns": table.0 });
    let found = [solved.prices(), solved.bought(), solved.residuals()].concat();
    crate::parity::note("two_curves", &given, Ok(found));
    assert_eq!(prices.len(), 60);
    for i in 0..prices.len() {
        assert_relative_eq!(solved.prices()[i], prices[i], max_relative = 1e-11);
        assert_relative_eq!(solved.bought()[i], purchases[i], epsilon = 1e-10);
        assert!(solved.residuals()[i] <= 1e-12);
    }
}

/// One market as the general engine sees it. Imports `m max(p - pw - t, 0)` are a straight foreign supply.
fn general(table: &Table, row: usize, by: FloorBy) -> [f64; 2] {
    let v: Vec<f64> = table.0.iter().map(|c| c[row]).collect();
    let at = |quantity| Observed {
        price: 100.0,
        quantity,
    };
    let foreign = Supply::linear(Line {
        intercept: v[5] + v[6],
        slope: 1.0 / v[4],
    });
    let market = Market::builder("two curves", "")
        .region("Home")
        .region("Abroad")
        .commodity("good")
        .demand(
            "Home",
            "good",
            Demand::constant_elasticity(at(v[2]), v[3]).unwrap(),
        )
        .activity(Activity::producing(
            "home",
            "Home",
            "good",
            Supply::constant_elasticity(at(v[0]), v[1]).unwrap(),
        ))
        .activity(Activity::producing(
            "world",
            "Abroad",
            "good",
            foreign.unwrap(),
        ))
        .route("Abroad", "Home", "good", 0.0)
        .build()
        .unwrap();
    let policy = match by {
        FloorBy::Buying => Policy::new().with("floor", SupportBuying::new("Home", "good", v[7])),
        _ => Policy::new().with("floor", ContractFloor::new(v[7]).covering("home")),
    };
    let solved = market.solve(&policy.unwrap()).unwrap();
    let node = solved.node("Home", "good").unwrap();
    [node.price(), node.bought()]
}

#[test]
fn the_general_equilibrium_agrees() {
    let (mut table, ..) = reference();
    for m in &mut table.0[4] {
        *m += 0.01; // a foreign supply needs a slope
    }
    let columns = table.columns();
    for by in [FloorBy::Buying, FloorBy::Contract] {
        let family = TwoCurves::new(100.0).unwrap().with_floor(by);
        let solved = family.solve(&columns).unwrap();
        let mut bound = 0;
        for row in 0..60 {
            let [price, bought] = general(&table, row, by);
            assert_relative_eq!(solved.prices()[row], price, max_relative = 1e-8);
            assert_relative_eq!(solved.bought()[row], bought, epsilon = 1e-7);
            bound += usize::from(table.0[7][row] >= price * (1.0 - 1e-9));
        }
        assert!(bound > 10 && bound < 50, "{bound}");
    }
}

/// Without imports p = b (d / s)^(1 / (eta + eps)); with a contract on all output at f, p = b (d / s(f))^(1 / eps).
/// Prices from 1e-60 to 1e60 times the base.
#[test]
fn closed_forms_far_from_the_base_price() {
    let mut table = Table(std::array::from_fn(|_| Vec::new()));
    for k in -60..=60 {
        let row = [
            1.0,
            0.4,
            10.0_f64.powf(f64::from(k)),
            -0.6,
            0.0,
            0.0,
            0.0,
            0.0,
        ];
        table
            .0
            .iter_mut()
            .zip(row)
            .for_each(|(column, v)| column.push(v));
    }
    let solved = TwoCurves::new(2.0)
        .unwrap()
        .solve(&table.columns())
        .unwrap();
    for (price, k) in solved.prices().iter().zip(-60..) {
        assert_relative_eq!(*price, 2.0 * 10.0_f64.powi(k), max_relative = 1e-12);
    }
    // s(f) = 3^0.5 at f = 6
    let one = Table([[1.0], [0.5], [1.0], [-0.8], [0.0], [1.0], [0.0], [6.0]].map(Vec::from));
    let family = TwoCurves::new(2.0).unwrap().with_floor(FloorBy::Contract);
    let solved = family.solve(&one.columns()).unwrap();
    assert_relative_eq!(
        solved.prices()[0],
        2.0 * 3.0_f64.powf(-0.5 / 0.8),
        max_relative = 1e-13
    );
}

#[test]
fn alone_in_company_and_on_any_number_of_threads() {
    let (table, ..) = reference();
    let family = TwoCurves::new(100.0).unwrap();
    let together = family.solve(&table.columns()).unwrap();
    for row in [0, 1, 31, 32, 47] {
        let alone = Table(std::array::from_fn(|k| vec![table.0[k][row]]));
        let solved = family.solve(&alone.columns()).unwrap();
        assert!((solved.prices()[0] / together.prices()[row] - 1.0).abs() < 1e-14);
    }
    let many = Table(std::array::from_fn(|k| table.0[k].repeat(200)));
    let threads = |n| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(n)
            .build()
            .unwrap()
    };
    let serial = threads(1).install(|| family.solve(&many.columns()).unwrap());
    let several = threads(3).install(|| family.solve(&many.columns()).unwrap());
    assert_eq!(serial, several);
}

#[test]
fn bad_numbers_are_named() {
    let base = || {
        Table(
            [
                [1.0; 3], [0.5; 3], [1.0; 3], [-0.8; 3], [0.1; 3], [1.0; 3], [0.0; 3], [0.0; 3],
            ]
            .map(Vec::from),
        )
    };
    let family = TwoCurves::new(2.0).unwrap();
    for (column, value, name) in [
        (0, 0.0, "supply"),
        (0, f64::NAN, "supply"),
        (1, -0.1, "supply elasticity"),
        (2, -1.0, "demand"),
        (3, 0.0, "demand elasticity"),
        (3, 0.5, "demand elasticity"),
        (4, -1.0, "imports"),
        (5, f64::INFINITY, "import price"),
        (6, f64::NAN, "tariff"),
        (7, -3.0, "floor"),
    ] {
        let mut table = base();
        table.0[column][2] = value;
        let error = family.solve(&table.columns()).unwrap_err();
        let SolveError::Number { path, .. } = &error else {
            panic!("{error}")
        };
        assert_eq!(path, &format!("market 2/{name}"));
    }
    let mut short = base();
    short.0[6].pop();
    let error = family.solve(&short.columns()).unwrap_err();
    assert!(matches!(
        error,
        SolveError::Column {
            column: "tariff",
            rows: 2,
            expected: 3
        }
    ));
    // a price of 1e-1000 is no number
    let mut extreme = base();
    extreme.0[2][1] = 1e-10;
    extreme.0[3][1] = -0.005;
    extreme.0[1][1] = 0.005;
    let error = family.solve(&extreme.columns()).unwrap_err();
    assert!(
        matches!(&error, SolveError::Unsolved { place, .. } if place == "market 1"),
        "{error}"
    );
    // a batch that failed holds nothing, and serves again
    let mut batch = family.solve(&base().columns()).unwrap();
    let known = batch.clone();
    assert!(family.solve_into(&extreme.columns(), &mut batch).is_err());
    assert!(batch.prices().is_empty() && batch.bought().is_empty() && batch.residuals().is_empty());
    family.solve_into(&base().columns(), &mut batch).unwrap();
    assert_eq!(batch, known);
    assert!(TwoCurves::new(-1.0).is_err());
    let text = r#"{"base_price": -1.0, "floor": "buying"}"#;
    assert!(serde_json::from_str::<TwoCurves>(text).is_err());
}
