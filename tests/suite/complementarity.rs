//! Known complementarity problems. Every answer is checked against the conditions themselves, not only
//! against the numbers.

use pricefloor::complementarity::{
    Method, Outcome, Problem, Scale, Settings, Start, Structure, Termination, Workspace, solve_into,
};

/// `F(x) = M x + q` on a dense pattern, or any function given with its Jacobian.
type Function = Box<dyn Fn(&[f64], &mut [f64], Option<&mut [f64]>)>;

pub(crate) struct Given {
    structure: Structure,
    lower: Vec<f64>,
    upper: Vec<f64>,
    variable: Vec<f64>,
    residual: Vec<f64>,
    start: Vec<f64>,
    positive: Option<Vec<bool>>,
    affine: bool,
    function: Function,
}

impl Problem for Given {
    fn structure(&self) -> &Structure {
        &self.structure
    }
    fn lower(&self) -> &[f64] {
        &self.lower
    }
    fn upper(&self) -> &[f64] {
        &self.upper
    }
    fn scale(&self) -> Scale<'_> {
        Scale {
            variable: &self.variable,
            residual: &self.residual,
        }
    }
    fn evaluate(&self, x: &[f64], residual: &mut [f64], jacobian: Option<&mut [f64]>) {
        (self.function)(x, residual, jacobian);
    }
    fn start(&self, x: &mut [f64]) {
        x.copy_from_slice(&self.start);
    }
    fn positive(&self) -> Option<&[bool]> {
        self.positive.as_deref()
    }
    fn affine(&self) -> bool {
        self.affine
    }
}

impl Given {
    /// Says how large unknowns and conditions are.
    pub(crate) fn size(&mut self, size: f64) {
        self.variable.fill(size);
        self.residual.fill(size);
    }
}

fn dense(n: usize) -> Structure {
    Structure::from_entries(n, (0..n).flat_map(|i| (0..n).map(move |j| (i, j)))).unwrap()
}

pub(crate) fn nonlinear(
    lower: &[f64],
    upper: &[f64],
    start: &[f64],
    function: impl Fn(&[f64], &mut [f64], Option<&mut [f64]>) + 'static,
) -> Given {
    let n = lower.len();
    Given {
        structure: dense(n),
        lower: lower.to_vec(),
        upper: upper.to_vec(),
        variable: vec![1.0; n],
        residual: vec![1.0; n],
        start: start.to_vec(),
        positive: None,
        affine: false,
        function: Box::new(function),
    }
}

pub(crate) fn linear(m: &[&[f64]], q: &[f64], lower: &[f64], upper: &[f64]) -> Given {
    let n = q.len();
    let values: Vec<f64> = m.iter().flat_map(|row| row.iter().copied()).collect();
    let q = q.to_vec();
    let mut problem = nonlinear(lower, upper, &vec![1.0; n], move |x, residual, jacobian| {
        for i in 0..n {
            residual[i] = q[i];
            for j in 0..n {
                residual[i] += values[i * n + j] * x[j];
            }
        }
        if let Some(jacobian) = jacobian {
            jacobian.copy_from_slice(&values);
        }
    });
    problem.affine = true;
    problem
}

pub(crate) const INF: f64 = f64::INFINITY;
const METHODS: [Method; 4] = [
    Method::Automatic,
    Method::ActiveSet,
    Method::InteriorPoint,
    Method::Continuation,
];

fn settings(method: Method) -> Settings {
    Settings::builder().method(method).build().unwrap()
}

pub(crate) fn run<P: Problem>(problem: &P, method: Method) -> (Vec<f64>, Outcome) {
    let settings = settings(method);
    let mut workspace = Workspace::new(problem.structure(), &settings).unwrap();
    let outcome = solve_into(problem, &settings, &mut workspace, Start::Cold).unwrap();
    (workspace.solution().to_vec(), outcome)
}

/// `l <= x <= u`, and `F` has the sign that the position of `x` asks for.
pub(crate) fn assert_conditions<P: Problem>(problem: &P, x: &[f64], tolerance: f64) {
    let mut f = vec![0.0; x.len()];
    problem.evaluate(x, &mut f, None);
    for i in 0..x.len() {
        let (l, u) = (problem.lower()[i], problem.upper()[i]);
        assert!(x[i] >= l - tolerance && x[i] <= u + tolerance, "{i}: {x:?}");
        if x[i] > l + tolerance {
            assert!(f[i] <= tolerance, "{i}: x {x:?} f {f:?}");
        }
        if x[i] < u - tolerance {
            assert!(f[i] >= -tolerance, "{i}: x {x:?} f {f:?}");
        }
    }
}

fn assert_solved<P: Problem>(problem: &P, methods: &[Method], expected: &[f64]) {
    for &method in methods {
        let (x, outcome) = run(problem, method);
        assert!(outcome.converged(), "{method:?}: {outcome:?} at {x:?}");
        assert_conditions(problem, &x, 1e-8);
        for (found, wanted) in x.iter().zip(expected) {
            assert!((found - wanted).abs() < 1e-8, "{method:?}: {x:?}");
        }
    }
}

/// The problem on the first page of the PATH solver's Julia interface; its answer is given there.
#[test]
fn path_readme() {
    let m: [&[f64]; 4] = [
        &[0.0, 0.0, -1.0, -1.0],
        &[0.0, 0.0, 1.0, -2.0],
        &[1.0, -1.0, 2.0, -2.0],
        &[1.0, 2.0, -2.0, 4.0],
    ];
    let problem = linear(&m, &[2.0, 2.0, -2.0, -6.0], &[0.0; 4], &[10.0; 4]);
    assert_solved(
        &problem,
        &[
            Method::Automatic,
            Method::ActiveSet,
            Method::InteriorPoint,
            Method::Continuation,
        ],
        &[2.8, 0.0, 0.8, 1.2],
    );
}

/// GAMS test library model mcp09: `x - 10 = 0` when the bounds are infinite, checked by its author in every
/// combination of bounds.
#[test]
fn gams_mcp09_bounds_at_infinity() {
    for (l, u, expected) in [
        (-INF, INF, 10.0),
        (0.0, INF, 10.0),
        (-INF, 20.0, 10.0),
        (15.0, INF, 15.0),
        (-INF, 5.0, 5.0),
        (3.0, 3.0, 3.0),
        (10.0, 10.0, 10.0),
        (-20.0, -10.0, -10.0),
    ] {
        let problem = linear(&[&[1.0]], &[-10.0], &[l], &[u]);
        assert_solved(&problem, &METHODS, &[expected]);
    }
}

/// M. Kojima and S. Shindo, J. Oper. Res. Soc. Japan 29 (1986): two solutions, one of them degenerate.
#[test]
fn kojima_shindo() {
    let problem = nonlinear(&[0.0; 4], &[INF; 4], &[1.0; 4], |x, f, jacobian| {
        let (a, b, c, d) = (x[0], x[1], x[2], x[3]);
        f[0] = 3.0 * a * a + 2.0 * a * b + 2.0 * b * b + c + 3.0 * d - 6.0;
        f[1] = 2.0 * a * a + a + b * b + 10.0 * c + 2.0 * d - 2.0;
        f[2] = 3.0 * a * a + a * b + 2.0 * b * b + 2.0 * c + 9.0 * d - 9.0;
        f[3] = a * a + 3.0 * b * b + 2.0 * c + 3.0 * d - 3.0;
        if let Some(j) = jacobian {
            j.copy_from_slice(&[
                6.0 * a + 2.0 * b,
                2.0 * a + 4.0 * b,
                1.0,
                3.0,
                4.0 * a + 1.0,
                2.0 * b,
                10.0,
                2.0,
                6.0 * a + b,
                a + 4.0 * b,
                2.0,
                9.0,
                2.0 * a,
                6.0 * b,
                2.0,
                3.0,
            ]);
        }
    });
    let root = (6.0_f64).sqrt() / 2.0;
    let known = [[root, 0.0, 0.0, 0.5], [1.0, 0.0, 3.0, 0.0]];
    for method in [Method::Automatic, Method::InteriorPoint] {
        let (x, outcome) = run(&problem, method);
        assert!(outcome.converged(), "{method:?}: {outcome:?}");
        assert_conditions(&problem, &x, 1e-7);
        assert!(
            known.iter().any(|known| known
                .iter()
                .zip(&x)
                .all(|(known, found)| (known - found).abs() < 1e-6)),
            "{method:?}: {x:?}"
        );
    }
}

/// K. G. Murty, Linear Complementarity (1988), example 2.8, as QuantEcon's tests state it.
#[test]
fn murty_example_2_8() {
    let m: [&[f64]; 4] = [
        &[1.0, -1.0, -1.0, -1.0],
        &[-1.0, 1.0, -1.0, -1.0],
        &[1.0, 1.0, 2.0, 0.0],
        &[1.0, 1.0, 0.0, 2.0],
    ];
    let q = [3.0, 5.0, -9.0, -5.0];
    let problem = linear(&m, &q, &[0.0; 4], &[INF; 4]);
    for method in METHODS {
        let (x, outcome) = run(&problem, method);
        assert!(outcome.converged(), "{method:?}: {outcome:?} {x:?}");
        assert_conditions(&problem, &x, 1e-8);
    }
}

/// M. M. Kostreva, Cycling in linear complementarity problems, Math. Program. 16 (1979), example 1: Lemke's
/// method cycles on it without careful tie breaking.
#[test]
fn kostreva_example_1() {
    let m: [&[f64]; 3] = [&[1.0, 2.0, 0.0], &[0.0, 1.0, 2.0], &[2.0, 0.0, 1.0]];
    let problem = linear(&m, &[-1.0; 3], &[0.0; 3], &[INF; 3]);
    assert_solved(
        &problem,
        &[
            Method::Automatic,
            Method::InteriorPoint,
            Method::Continuation,
        ],
        &[1.0 / 3.0; 3],
    );
}

/// Demand 20 - p, supply 2 (p - 5), purchases at a floor of 12: supply 14, demand 8, purchases 6, by hand.
#[test]
fn purchases_at_a_price_floor() {
    let at = |floor: f64| {
        linear(
            &[&[3.0, -1.0], &[1.0, 0.0]],
            &[-30.0, -floor],
            &[0.0; 2],
            &[INF; 2],
        )
    };
    assert_solved(&at(12.0), &METHODS, &[12.0, 6.0]);
    // a floor below the free price of 10 buys nothing; one at that price is the degenerate case
    assert_solved(&at(8.0), &METHODS, &[10.0, 0.0]);
    assert_solved(&at(10.0), &METHODS, &[10.0, 0.0]);
}

/// Two routes at equal cost share the trade in any proportion: prices are determined, flows are not.
#[test]
fn equal_cost_routes() {
    // unknowns: price at home, price abroad, flow over either route (cost 2)
    // home: supply p - 1 sold abroad only; abroad: demand 10 - p
    let m: [&[f64]; 4] = [
        &[1.0, 0.0, -1.0, -1.0],
        &[0.0, 1.0, 1.0, 1.0],
        &[1.0, -1.0, 0.0, 0.0],
        &[1.0, -1.0, 0.0, 0.0],
    ];
    let problem = linear(&m, &[-1.0, -10.0, 2.0, 2.0], &[0.0; 4], &[INF; 4]);
    for method in METHODS {
        let (x, outcome) = run(&problem, method);
        assert!(outcome.converged(), "{method:?}: {outcome:?} {x:?}");
        assert_conditions(&problem, &x, 1e-8);
        // p - 1 = 10 - (p + 2) gives 4.5 and 6.5, trade 3.5
        assert!(
            (x[0] - 4.5).abs() < 1e-8 && (x[1] - 6.5).abs() < 1e-8,
            "{x:?}"
        );
        assert!((x[2] + x[3] - 3.5).abs() < 1e-8, "{x:?}");
    }
}

/// A capacity of zero, where both bounds hold at once, and an unknown that appears nowhere.
#[test]
fn zero_capacity_and_an_idle_unknown() {
    // p: z + g - (10 - p); z in [0, 0] against 1 - p; g in [0, 3] against 2 - p; idle >= 0 against 0
    let m: [&[f64]; 4] = [
        &[1.0, 1.0, 1.0, 0.0],
        &[-1.0, 0.0, 0.0, 0.0],
        &[-1.0, 0.0, 0.0, 0.0],
        &[0.0, 0.0, 0.0, 0.0],
    ];
    let problem = linear(
        &m,
        &[-10.0, 1.0, 2.0, 0.0],
        &[0.0; 4],
        &[INF, 0.0, 3.0, INF],
    );
    for method in METHODS {
        let (x, outcome) = run(&problem, method);
        assert!(outcome.converged(), "{method:?}: {outcome:?} {x:?}");
        assert_conditions(&problem, &x, 1e-8);
        assert!((x[0] - 7.0).abs() < 1e-8 && x[1] == 0.0 && (x[2] - 3.0).abs() < 1e-8);
    }
}

/// Supply fixed at 5, demand fixed at 7: nothing balances.
#[test]
fn without_a_solution() {
    // p against z - 7 >= 0, z in [0, 5] against 1 - p
    let problem = linear(
        &[&[0.0, 1.0], &[-1.0, 0.0]],
        &[-7.0, 1.0],
        &[0.0; 2],
        &[INF, 5.0],
    );
    for method in METHODS {
        let (_, outcome) = run(&problem, method);
        assert!(!outcome.converged(), "{method:?}");
        assert_ne!(outcome.termination(), &Termination::Converged);
        assert!(outcome.residual() > 1e-3);
    }
}

/// Constant elasticities need positive prices: supply p, demand 8 p^-2 meet at 2, by hand.
#[test]
fn stays_where_the_functions_are_defined() {
    let mut problem = nonlinear(&[0.0], &[INF], &[100.0], |x, f, jacobian| {
        f[0] = if x[0] > 0.0 {
            x[0] - 8.0 * x[0].powf(-2.0)
        } else {
            f64::NAN
        };
        if let Some(j) = jacobian {
            j[0] = 1.0 + 16.0 * x[0].powf(-3.0);
        }
    });
    problem.positive = Some(vec![true]);
    for start in [1e-3, 1.0, 100.0, 1e4] {
        problem.start = vec![start];
        assert_solved(&problem, &METHODS, &[2.0]);
    }
}

/// A warm re-solve with changed numbers lands on the new solution in few steps.
#[test]
fn warm_start_follows_the_numbers() {
    let settings = Settings::default();
    let market = |floor: f64| {
        linear(
            &[&[3.0, -1.0], &[1.0, 0.0]],
            &[-30.0, -floor],
            &[0.0; 2],
            &[INF; 2],
        )
    };
    let first = market(12.0);
    let mut workspace = Workspace::new(first.structure(), &settings).unwrap();
    let cold = solve_into(&first, &settings, &mut workspace, Start::Cold).unwrap();
    assert!(cold.converged());
    for floor in [12.5, 11.0, 9.0, 10.0, 13.0] {
        let outcome = solve_into(&market(floor), &settings, &mut workspace, Start::Warm).unwrap();
        assert!(outcome.converged());
        assert_eq!(outcome.iterations().interior_point(), 0);
        assert!(outcome.iterations().active_set() <= 2, "{outcome:?}");
        let bought = (3.0 * floor - 30.0).max(0.0);
        assert!((workspace.solution()[1] - bought).abs() < 1e-9);
    }
}

/// Derivatives by the implicit function theorem against the closed form: with purchases active, the price
/// follows the floor one for one and purchases by the sum of the slopes.
#[test]
fn linearised_conditions() {
    let settings = Settings::default();
    let problem = linear(
        &[&[3.0, -1.0], &[1.0, 0.0]],
        &[-30.0, -12.0],
        &[0.0; 2],
        &[INF; 2],
    );
    let mut workspace = Workspace::new(problem.structure(), &settings).unwrap();
    solve_into(&problem, &settings, &mut workspace, Start::Cold).unwrap();
    let mut linearised = workspace.linearise(&problem).unwrap();
    let mut forward = [0.0, 1.0];
    linearised.solve(&mut forward).unwrap();
    assert!((forward[0] - 1.0).abs() < 1e-14 && (forward[1] - 3.0).abs() < 1e-14);
    let mut adjoint = [0.0, 1.0];
    linearised.solve_transpose(&mut adjoint).unwrap();
    // the gradient of purchases in the second row's constant
    assert!((adjoint[1] - 3.0).abs() < 1e-14, "{adjoint:?}");
    assert!(linearised.solve(&mut [0.0; 3]).is_err());
}

/// argmin's executor and the plain loop run the same step: same bits, same counts.
#[test]
fn both_doors_give_the_same_bits() {
    use argmin::core::{Executor, State};
    use pricefloor::argmin::EquilibriumSolver;
    let m: [&[f64]; 4] = [
        &[0.0, 0.0, -1.0, -1.0],
        &[0.0, 0.0, 1.0, -2.0],
        &[1.0, -1.0, 2.0, -2.0],
        &[1.0, 2.0, -2.0, 4.0],
    ];
    let problem = linear(&m, &[2.0, 2.0, -2.0, -6.0], &[0.0; 4], &[10.0; 4]);
    for method in METHODS {
        let (x, outcome) = run(&problem, method);
        let solver = EquilibriumSolver::new(&problem, settings(method)).unwrap();
        let result = Executor::new(&problem, solver)
            .configure(|state| state.max_iters(500))
            .run()
            .unwrap();
        assert_eq!(result.solver.outcome(), outcome);
        assert_eq!(result.solver.workspace().solution(), x);
        assert_eq!(result.state().get_best_param(), Some(&x));
    }
}
