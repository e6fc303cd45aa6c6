//! Market equilibria of all sizes against the solutions of an independent solver (see
//! `tests/cases/instances/README.md`).

#[path = "../../examples/support/instance/mod.rs"]
pub(crate) mod instance;

use crate::cases::{self, instance as file};
use instance::{Layout, Spatial};
use pricefloor::complementarity::{
    Algebra, Outcome, Problem, Settings, Start, Workspace, solve_into,
};
use serde_json::Value;

fn load(name: &str) -> Spatial {
    let read = instance::read(&file(name)).unwrap();
    assert_eq!(read.name, name);
    read.problem().unwrap()
}

pub(crate) fn reference(name: &str) -> Value {
    cases::reference(name)["solution"].take()
}

fn solve(problem: &Spatial, settings: &Settings) -> (Workspace, Outcome) {
    let mut workspace = Workspace::new(problem.structure(), settings).unwrap();
    let outcome = solve_into(problem, settings, &mut workspace, Start::Cold).unwrap();
    (workspace, outcome)
}

/// The numbers of a block in a period, or none if the reference does not have it there.
fn numbers(solution: &Value, block: &str, period: usize) -> Option<Vec<f64>> {
    let found = solution.get(block)?;
    let row = match found.get("rows") {
        Some(rows) => {
            let first = found["t0"].as_u64()? as usize;
            rows.get(period.checked_sub(first)?)?.as_array()?
        }
        None => found.as_array()?,
    };
    row.iter().map(Value::as_f64).collect()
}

fn assert_matches(name: &str, layout: &Layout, x: &[f64], solution: &Value) {
    let mut compared = 0;
    for &(block, period, first, length) in &layout.blocks {
        let Some(expected) = numbers(solution, block, period) else {
            continue;
        };
        // in the first period capacity's value is not an unknown of ours
        if expected.len() != length {
            continue;
        }
        for (found, expected) in x[first..first + length].iter().zip(&expected) {
            let close = if block == "p" {
                (found - expected).abs() <= 1e-9 * expected.abs().max(1.0)
            } else {
                (found - expected).abs() <= 1e-7
            };
            assert!(close, "{name} {block} {period}: {found} for {expected}");
            compared += 1;
        }
    }
    assert!(compared > 0, "{name}");
    if let (1, Some(expected)) = (layout.periods, numbers(solution, "q", 0)) {
        for (found, expected) in layout.demands(x).iter().zip(&expected) {
            assert!(
                (found - expected).abs() <= 1e-7,
                "{name} q: {found} for {expected}"
            );
        }
    }
}

fn assert_solves(name: &str) -> Outcome {
    let problem = load(name);
    let (workspace, outcome) = solve(&problem, &Settings::default());
    assert!(outcome.converged(), "{name}: {outcome:?}");
    assert!(
        outcome.residual() <= 1e-8 && outcome.price_error() <= 1e-8,
        "{name}: {outcome:?}"
    );
    assert_matches(
        name,
        &problem.layout,
        workspace.solution(),
        &reference(name),
    );
    outcome
}

#[test]
fn linear_markets() {
    for name in [
        "lin_R2_K1",
        "lin_R5_K1",
        "lin_R10_K1",
        "lin_R20_K1",
        "lin_R10_K4",
        "lin_R90_K1",
        "lin_R50_K4",
    ] {
        assert_solves(name);
    }
}

#[test]
fn constant_elasticity_markets() {
    for name in ["ce_R20_K1", "ce_R10_K4", "ce_R90_K1"] {
        assert_solves(name);
    }
}

#[test]
fn ad_valorem_tariffs_and_export_caps() {
    for name in ["mix_R10_K1", "mix_R10_K4"] {
        assert_solves(name);
    }
}

#[test]
fn cournot_markets() {
    for name in [
        "cournot_lin_R3",
        "cournot_lin_R50",
        "cournot_ce_R3",
        "cournot_ce_R50",
    ] {
        assert_solves(name);
    }
}

#[test]
fn perfect_foresight() {
    for name in [
        "pf_R2_K1_T10",
        "pf_R3_K2_T10",
        "pfav_R3_K2_T10",
        "pf_R10_K2_T30",
    ] {
        assert_solves(name);
    }
}

/// Tens of thousands of unknowns, in about as many iterations as a hundred.
#[test]
fn large_markets() {
    for name in [
        "lin_R1000_K1",
        "lin_R1000_K4",
        "ce_R1000_K4",
        "mix_R1000_K4",
        "pf_R20_K4_T30",
    ] {
        let outcome = assert_solves(name);
        assert!(outcome.factorisations() <= 30, "{name}: {outcome:?}");
    }
}

#[test]
fn largest_foresight() {
    for name in ["pf_R20_K4_T50", "pf_R50_K4_T30"] {
        assert_solves(name);
    }
}

/// Dense pivoting and condensed systems agree.
#[test]
fn every_algebra_gives_the_same_answer() {
    for name in ["lin_R10_K1", "mix_R10_K1", "cournot_ce_R3", "pf_R2_K1_T10"] {
        let problem = load(name);
        for algebra in [Algebra::Dense, Algebra::Sparse] {
            let settings = Settings::builder().algebra(algebra).build().unwrap();
            let (workspace, outcome) = solve(&problem, &settings);
            assert!(outcome.converged(), "{name} {algebra:?}: {outcome:?}");
            assert_matches(
                name,
                &problem.layout,
                workspace.solution(),
                &reference(name),
            );
        }
    }
}

/// Solving again in the same workspace gives the same bits; changed numbers are followed from the previous
/// solution without an interior point.
#[test]
fn solves_again_in_the_same_workspace() {
    let settings = Settings::default();
    let mut problem = load("lin_R20_K1");
    let (mut workspace, first) = solve(&problem, &settings);
    let cold = workspace.solution().to_vec();
    let again = solve_into(&problem, &settings, &mut workspace, Start::Cold).unwrap();
    assert_eq!(first, again);
    assert_eq!(workspace.solution(), cold);

    let (q, length) = (
        problem.layout.demand[0].unwrap(),
        problem.layout.demand.len(),
    );
    for step in 1..=5 {
        for i in q..q + length {
            problem.constant[i] *= 1.002;
        }
        let outcome = solve_into(&problem, &settings, &mut workspace, Start::Warm).unwrap();
        assert!(outcome.converged(), "{step}: {outcome:?}");
        assert_eq!(
            outcome.iterations().interior_point(),
            0,
            "{step}: {outcome:?}"
        );
        let (fresh, outcome) = solve(&problem, &settings);
        assert!(outcome.converged());
        for (warm, cold) in workspace.solution().iter().zip(fresh.solution()) {
            assert!((warm - cold).abs() < 1e-8);
        }
    }
}

/// `J d = r` and `J' y = s` give `s' d = y' r`, on symmetric and nonsymmetric systems.
#[test]
fn transposed_solves_are_adjoint() {
    for name in [
        "lin_R10_K1",
        "mix_R10_K4",
        "pf_R2_K1_T10",
        "pfav_R3_K2_T10",
        "cournot_ce_R3",
    ] {
        let problem = load(name);
        let (mut workspace, _) = solve(&problem, &Settings::default());
        let n = problem.dimension();
        let free: Vec<f64> = workspace
            .positions()
            .iter()
            .map(|&at| f64::from(u8::from(at == pricefloor::complementarity::Position::Free)))
            .collect();
        let r: Vec<f64> = (0..n)
            .map(|i| free[i] * ((i * 7919 % 101) as f64 - 50.0))
            .collect();
        let s: Vec<f64> = (0..n)
            .map(|i| free[i] * ((i * 104_729 % 89) as f64 - 44.0))
            .collect();
        let (mut d, mut y) = (r.clone(), s.clone());
        let mut linearised = workspace.linearise(&problem).unwrap();
        linearised.solve(&mut d).unwrap();
        linearised.solve_transpose(&mut y).unwrap();
        let forward: f64 = s.iter().zip(&d).map(|(s, d)| s * d).sum();
        let backward: f64 = r.iter().zip(&y).map(|(r, y)| r * y).sum();
        let size: f64 = s.iter().zip(&d).map(|(s, d)| (s * d).abs()).sum();
        assert!(
            (forward - backward).abs() <= 1e-9 * size,
            "{name}: {forward} {backward}"
        );
    }
}
