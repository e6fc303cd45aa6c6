//! Published and textbook equilibria: trade in two goods, a congested network with three firms, a chain of monopolies.

use crate::parity::Noted;
use approx::assert_relative_eq;
use pricefloor::complementarity::Method;
use pricefloor::prelude::*;
use pricefloor::rivalry::Leader;
use serde_json::Value;

use crate::complementarity::{INF, assert_conditions, linear, nonlinear, run};
use crate::conduct::{case, line};

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// Takayama and Judge (1964), two goods and three regions, as the GAMS library codes it: each quantity answers to its own
/// price, with the sum of the coefficients in its row.
#[test]
fn takayama_judge_as_coded() {
    let known = case("sp_takayama_judge_spatequ");
    let (problem, answer) = (&known["problem"], &known["answer"]["as_coded_in_gamslib"]);
    let (regions, goods) = (["1", "2", "3"], ["com1", "com2"]);
    let mut builder = Market::builder("two goods", "")
        .commodity("com1")
        .commodity("com2");
    for (r, region) in regions.into_iter().enumerate() {
        builder = builder.region(region);
        for (c, good) in goods.into_iter().enumerate() {
            // Q = alpha + slope P, written as a price at a quantity
            let straight = |alpha: &str, beta: &str| {
                let slopes = &problem[beta][r][c];
                let slope = number(&slopes[0]) + number(&slopes[1]);
                line(-number(&problem[alpha][r][c]) / slope, 1.0 / slope)
            };
            let demand = Demand::linear(straight("alphaD", "betaD")).unwrap();
            let supply = Supply::linear(straight("alphaS", "betaS")).unwrap();
            builder = builder
                .demand(region, good, demand)
                .activity(Activity::producing(
                    &format!("{good} of {region}"),
                    region,
                    good,
                    supply,
                ));
            for (to, other) in regions.into_iter().enumerate().filter(|&(to, _)| to != r) {
                let cost = number(&problem["transport_cost_[from][to][commodity]"][r][to][c]);
                builder = builder.route(region, other, good, cost);
            }
        }
    }
    let solved = builder.build().unwrap().noted(&Policy::none()).unwrap();
    for (r, region) in regions.into_iter().enumerate() {
        for (c, good) in goods.into_iter().enumerate() {
            let node = solved.node(region, good).unwrap();
            let price = number(&answer["prices_region_by_commodity"][r][c]);
            assert_relative_eq!(node.price(), price, max_relative = 1e-9);
            assert_relative_eq!(
                node.demanded(),
                number(&answer["demand"][r][c]),
                max_relative = 1e-8
            );
            let made = solved.level(&format!("{good} of {region}")).unwrap();
            assert_relative_eq!(made, number(&answer["supply"][r][c]), max_relative = 1e-8);
        }
    }
    for (flow, amount) in answer["flows"].as_object().unwrap() {
        let (good, way) = flow.split_once(':').unwrap();
        let (from, to) = way.split_once("->").unwrap();
        assert_relative_eq!(
            solved.flow(from, to, good).unwrap(),
            number(amount),
            max_relative = 1e-8
        );
    }
}

/// The same with cross prices, on the engine itself: unknowns are six prices (region, then good) and twelve flows.
#[test]
fn takayama_judge_with_cross_prices() {
    let known = case("sp_takayama_judge_spatequ");
    let (problem, answer) = (&known["problem"], &known["answer"]["cross_price_version"]);
    let flows: Vec<(usize, usize, usize)> = (0..3)
        .flat_map(|from| {
            (0..3)
                .filter(move |&to| to != from)
                .flat_map(move |to| (0..2).map(move |c| (from, to, c)))
        })
        .collect();
    let n = 6 + flows.len();
    let (mut rows, mut q) = (vec![vec![0.0; n]; n], vec![0.0; n]);
    for r in 0..3 {
        for c in 0..2 {
            let i = 2 * r + c;
            q[i] = number(&problem["alphaS"][r][c]) - number(&problem["alphaD"][r][c]);
            for other in 0..2 {
                rows[i][2 * r + other] =
                    number(&problem["betaS"][r][c][other]) - number(&problem["betaD"][r][c][other]);
            }
        }
    }
    for (k, &(from, to, c)) in flows.iter().enumerate() {
        let (j, a, b) = (6 + k, 2 * from + c, 2 * to + c);
        rows[a][j] = -1.0;
        rows[b][j] = 1.0;
        rows[j][a] = 1.0;
        rows[j][b] = -1.0;
        q[j] = number(&problem["transport_cost_[from][to][commodity]"][from][to][c]);
    }
    let rows: Vec<&[f64]> = rows.iter().map(Vec::as_slice).collect();
    let given = linear(&rows, &q, &vec![0.0; n], &vec![INF; n]);
    let (x, outcome) = run(&given, Method::Automatic);
    assert!(outcome.converged());
    assert_conditions(&given, &x, 1e-8);
    for r in 0..3 {
        for c in 0..2 {
            let price = number(&answer["prices_region_by_commodity"][r][c]);
            assert_relative_eq!(x[2 * r + c], price, max_relative = 1e-9);
        }
    }
}

/// Harker (1986): three Cournot producers ship over a network whose arcs cost `kappa + nu flow^2` a unit, paid by all who
/// use them. Each firm ships over its own copy of the network, so that unknowns are, firm by firm, output, fourteen flows,
/// three sales, and the worth of the good at six nodes.
#[test]
fn harker_oligopoly_on_a_network() {
    let known = case("sp_harker_cournot_oligopoly_average_cost_transport");
    let (problem, answer) = (&known["problem"], &known["answer"]);
    let names: Vec<&str> = problem["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_str().unwrap())
        .collect();
    let place = |v: &Value| {
        names
            .iter()
            .position(|n| *n == v.as_str().unwrap())
            .unwrap()
    };
    let arcs: Vec<(usize, usize, f64, f64)> = problem["arcs_from_to_kappa_nu"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| (place(&a[0]), place(&a[1]), number(&a[2]), number(&a[3])))
        .collect();
    let firms: Vec<[f64; 4]> = ["one", "two", "three"]
        .iter()
        .map(|name| {
            std::array::from_fn(|k| number(&problem["coefficients_alpha_beta_rho_eta"][name][k]))
        })
        .collect();
    let (count, block) = (arcs.len(), 1 + arcs.len() + 3 + 6);
    let n = 3 * block;
    let (flow, sale, worth) = (
        move |i: usize, a: usize| i * block + 1 + a,
        move |i: usize, l: usize| i * block + 1 + count + l,
        move |i: usize, v: usize| i * block + 1 + count + 3 + v,
    );
    let (network, curves) = (arcs.clone(), firms.clone());
    let lower: Vec<f64> = (0..n)
        .map(|j| if j % block < 1 + count + 3 { 0.0 } else { -INF })
        .collect();
    let mut given = nonlinear(
        &lower,
        &vec![INF; n],
        &vec![1.0; n],
        move |x, f, jacobian| {
            let mut entries = vec![0.0; n * n];
            let mut put = |i: usize, j: usize, value: f64| entries[i * n + j] += value;
            f.fill(0.0);
            for (i, &[alpha, beta, ..]) in curves.iter().enumerate() {
                let output = i * block;
                f[output] = alpha + 2.0 * beta * x[output] - x[worth(i, i)];
                put(output, output, 2.0 * beta);
                put(output, worth(i, i), -1.0);
                f[worth(i, i)] += x[output];
                put(worth(i, i), output, 1.0);
                for (a, &(from, to, kappa, nu)) in network.iter().enumerate() {
                    let total: f64 = (0..3).map(|k| x[flow(k, a)]).sum();
                    let row = flow(i, a);
                    f[row] = x[worth(i, from)] + kappa + nu * total * total - x[worth(i, to)];
                    put(row, worth(i, from), 1.0);
                    put(row, worth(i, to), -1.0);
                    (0..3).for_each(|k| put(row, flow(k, a), 2.0 * nu * total));
                    f[worth(i, from)] -= x[row];
                    f[worth(i, to)] += x[row];
                    put(worth(i, from), row, -1.0);
                    put(worth(i, to), row, 1.0);
                }
                for (l, &[_, _, rho, eta]) in curves.iter().enumerate() {
                    let row = sale(i, l);
                    let sold: f64 = (0..3).map(|k| x[sale(k, l)]).sum();
                    f[row] = x[worth(i, l)] - (rho - eta * sold - eta * x[row]);
                    put(row, worth(i, l), 1.0);
                    (0..3).for_each(|k| put(row, sale(k, l), eta));
                    put(row, row, eta);
                    f[worth(i, l)] -= x[row];
                    put(worth(i, l), row, -1.0);
                }
            }
            if let Some(jacobian) = jacobian {
                jacobian.copy_from_slice(&entries);
            }
        },
    );
    given.size(10.0);
    let (x, outcome) = run(&given, Method::Automatic);
    assert!(outcome.converged(), "{outcome:?}");
    assert_conditions(&given, &x, 1e-7);
    for l in 0..3 {
        let sold: f64 = (0..3).map(|k| x[sale(k, l)]).sum();
        assert_relative_eq!(sold, number(&answer["demand"][l]), max_relative = 1e-7);
        let price = firms[l][2] - firms[l][3] * sold;
        assert_relative_eq!(price, number(&answer["price"][l]), max_relative = 1e-7);
        assert_relative_eq!(
            x[l * block],
            number(&answer["supply"][l]),
            max_relative = 1e-7
        );
        for k in 0..3 {
            let expected = number(&answer["sales_producer_by_market"][k][l]);
            assert_relative_eq!(x[sale(k, l)], expected, epsilon = 1e-6);
        }
    }
    for (a, &(from, to, ..)) in arcs.iter().enumerate() {
        let total: f64 = (0..3).map(|k| x[flow(k, a)]).sum();
        let expected = &answer["total_arc_flow"][format!("{}->{}", names[from], names[to])];
        assert_relative_eq!(total, expected.as_f64().unwrap_or(0.0), epsilon = 1e-6);
    }
}

/// P = 100 - Q, upstream cost 20. Retailers turn one unit bought upstream into one sold; `n` of them with conduct.
fn chain(upstream: f64, retailers: usize) -> Market {
    let mut builder = Market::builder("chain", "")
        .region("Home")
        .commodity("wholesale")
        .commodity("retail")
        .demand("Home", "retail", Demand::linear(line(100.0, -1.0)).unwrap())
        .activity(Activity::producing(
            "upstream",
            "Home",
            "wholesale",
            Supply::perfectly_elastic(upstream).unwrap(),
        ));
    for k in 0..retailers {
        let name = format!("retailer {k}");
        let free = Supply::perfectly_elastic(0.0).unwrap();
        builder = builder
            .activity(
                Activity::producing(&name, "Home", "retail", free).with_input("wholesale", 1.0),
            )
            .conduct(&name, 1.0);
    }
    builder.build().unwrap()
}

/// Spengler (1950): one firm at both stages sells 40 at 60; a monopoly on each stage 20 at 80, wholesale at 60. Upstream
/// leads n Cournot retailers, whose demand for its good is w = 100 - Q (n + 1) / n, so that Q = 40 n / (n + 1). With a
/// wholesale price held at 70 a single retailer sells 15.
#[test]
fn a_chain_of_monopolies() {
    let answer = &case("sc_double_margin")["answer"];
    let integrated = chain(20.0, 1).noted(&Policy::none()).unwrap();
    let known = &answer["integrated"];
    assert_relative_eq!(
        integrated.price("Home", "retail").unwrap(),
        number(&known["retail_price"]),
        epsilon = 1e-8
    );
    let profit = integrated.ledger().unwrap().surplus("retailer 0").unwrap();
    assert_relative_eq!(profit, number(&known["profit"]), epsilon = 1e-7);
    let lead = |n| {
        chain(20.0, n)
            .noted_lead(
                &Policy::none(),
                &Leader::output("upstream", 0.0..=100.0).sampled(32),
            )
            .unwrap()
    };
    for (n, known) in answer["upstream_monopoly_n_cournot_retailers"]
        .as_object()
        .unwrap()
    {
        let led = lead(n.parse().unwrap());
        let price = |good| led.equilibrium().price("Home", good).unwrap();
        assert_relative_eq!(led.choice(), number(&known["quantity"]), epsilon = 1e-6);
        assert_relative_eq!(
            price("wholesale"),
            number(&known["wholesale_price"]),
            epsilon = 1e-6
        );
        assert_relative_eq!(
            price("retail"),
            number(&known["retail_price"]),
            epsilon = 1e-6
        );
    }
    let (led, known) = (lead(1), &answer["successive_monopoly"]);
    assert_relative_eq!(
        led.objective(),
        number(&known["upstream_profit"]),
        epsilon = 1e-6
    );
    let downstream = led
        .equilibrium()
        .ledger()
        .unwrap()
        .surplus("retailer 0")
        .unwrap();
    assert_relative_eq!(
        downstream,
        number(&known["downstream_profit"]),
        epsilon = 1e-5
    );
    let held = chain(70.0, 1).noted(&Policy::none()).unwrap();
    let known = &answer["successive_with_mandated_wholesale_floor_70"];
    assert_relative_eq!(
        held.price("Home", "retail").unwrap(),
        number(&known["retail_price"]),
        epsilon = 1e-8
    );
    assert_relative_eq!(
        held.level("retailer 0").unwrap(),
        number(&known["quantity"]),
        epsilon = 1e-8
    );
}
