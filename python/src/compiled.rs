//! A market with its measures, compiled once and solved many times.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use numpy::{IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray2};
use pricefloor::assembly::Param;
use pricefloor::equilibrium as core;
use pricefloor::equilibrium::{Outcome, SolveError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::attend::{listening, spread};
use crate::columns::Columns;
use crate::equilibrium::Equilibrium;
use crate::market::Market;
use crate::plain::{Rebuilt, read, show};
use crate::policy::Policy;
use crate::raised::Raised;
use crate::report::named_values;

/// A market with its measures, compiled once and solved many times with changed numbers.
///
/// Every number has a path, such as ``measure/floor/strike``; :attr:`params` lists them. Each :meth:`solve` starts from
/// the solution of the one before it; :meth:`restart` forgets that.
#[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
pub struct Compiled {
    pub system: Arc<core::Compiled>,
    pub market: Py<Market>,
    pub policy: Py<Policy>,
    paths: HashMap<String, Param>,
    workspace: Mutex<core::Workspace>,
}

impl Compiled {
    pub fn new(py: Python<'_>, market: Py<Market>, policy: Py<Policy>) -> Result<Self, Raised> {
        let (facts, terms) = (&market.get().0, &policy.get().0);
        let (system, workspace) = py.detach(|| {
            let system = facts.compile(terms)?;
            let workspace = system.workspace()?;
            Ok::<_, SolveError>((system, workspace))
        })?;
        let names: Vec<String> = system.params().map(|(path, _)| path.to_owned()).collect();
        let mut paths = HashMap::with_capacity(names.len());
        for path in names {
            let param = system.param(&path)?;
            paths.insert(path, param);
        }
        Ok(Self {
            system: Arc::new(system),
            market,
            policy,
            paths,
            workspace: Mutex::new(workspace),
        })
    }

    /// Compiles the same once more.
    pub fn again(&self, py: Python<'_>) -> Result<core::Compiled, Raised> {
        let (facts, terms) = (&self.market.get().0, &self.policy.get().0);
        Ok(py.detach(|| facts.compile(terms))?)
    }

    fn workspace(&self) -> MutexGuard<'_, core::Workspace> {
        self.workspace
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Paths and numbers out of a dict.
    fn changes(&self, params: Option<&Bound<'_, PyDict>>) -> Result<Vec<(Param, f64)>, Raised> {
        let Some(params) = params else {
            return Ok(Vec::new());
        };
        let mut changes = Vec::with_capacity(params.len());
        for (path, value) in params {
            let Ok(text) = path.cast::<pyo3::types::PyString>() else {
                let message = format!("params: the key {} is not a path", path.repr()?);
                return Err(Raised::input(&message, "params"));
            };
            let text = text.to_str()?;
            let Some(&param) = self.paths.get(text) else {
                self.system.param(text)?;
                continue;
            };
            let Ok(value) = value.extract::<f64>() else {
                let message = format!("{text} is {}; it must be a number", value.repr()?);
                return Err(Raised::input(&message, text));
            };
            changes.push((param, value));
        }
        Ok(changes)
    }
}

#[pymethods]
impl Compiled {
    /// Every number: its path and its value as compiled.
    #[getter]
    fn params(&self) -> HashMap<String, f64> {
        let params = self.system.params();
        params
            .map(|(path, value)| (path.to_owned(), value))
            .collect()
    }

    /// ``"integrable"`` where the equilibrium is the optimum of a convex programme, else ``"general"``.
    #[getter]
    fn problem_class<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, &self.system.class())
    }

    /// The number of unknowns.
    #[getter]
    fn unknowns(&self) -> usize {
        self.system.unknowns()
    }

    /// Solves with some numbers changed, for this and all later solves, and keeps the answer's numbers; outcomes are
    /// worked out when asked for. Firms with conduct: the first-order point, best responses not searched.
    #[pyo3(signature = (params=None))]
    fn solve(&self, py: Python<'_>, params: Option<&Bound<'_, PyDict>>) -> Result<Solved, Raised> {
        let changes = self.changes(params)?;
        let snapshot = py.detach(|| {
            let mut workspace = self.workspace();
            for (param, value) in changes {
                workspace.set(param, value)?;
            }
            self.system.solve_snapshot(&mut workspace)
        })?;
        let system = Arc::clone(&self.system);
        Ok(Solved { snapshot, system })
    }

    /// As :meth:`solve`, with names, tables, accounts and the search of best responses.
    #[pyo3(signature = (params=None))]
    fn equilibrium(
        &self,
        py: Python<'_>,
        params: Option<&Bound<'_, PyDict>>,
    ) -> Result<Equilibrium, Raised> {
        let changes = self.changes(params)?;
        let solved = listening(py, || {
            let mut workspace = self.workspace();
            for (param, value) in changes {
                workspace.set(param, value)?;
            }
            self.system.equilibrium_from(&mut workspace)
        })??;
        let (market, policy) = (self.market.clone_ref(py), self.policy.clone_ref(py));
        Ok(Equilibrium::new(solved, market, policy))
    }

    /// Forgets the previous solution: the next solve starts from the market's own starting point.
    fn restart(&self) {
        self.workspace().restart();
    }

    /// Solves once for each row of ``rows``, an array of one column for each of ``params``, on all threads.
    ///
    /// Returns an array of one column for each of ``outcomes``, and the failures: a table of rows and reasons. A row that
    /// breaks a rule or has no equilibrium gives NaN and is listed. Same rows, same bits, whatever the number of threads.
    #[pyo3(signature = (params, rows, outcomes))]
    fn solve_many<'py>(
        &self,
        py: Python<'py>,
        params: &Bound<'py, PyAny>,
        rows: &Bound<'py, PyAny>,
        outcomes: &Bound<'py, PyAny>,
    ) -> Result<(Bound<'py, PyArray2<f64>>, Bound<'py, PyAny>), Raised> {
        let paths: Vec<String> = read("params", params)?;
        let params = paths
            .iter()
            .map(|path| self.system.param(path))
            .collect::<Result<Vec<Param>, SolveError>>()?;
        let outcomes: Vec<Outcome> = read("outcomes", outcomes)?;
        let rows = rows_of("rows", rows, params.len())?;
        let width = outcomes.len();
        let mut values = Vec::with_capacity(rows.len() / params.len().max(1) * width);
        let mut failures = Vec::new();
        // in stretches of whole blocks, which start afresh anyway, so that Ctrl-C is heard between them
        const STRETCH: usize = 64 * 64;
        for (k, stretch) in rows.chunks(STRETCH * params.len().max(1)).enumerate() {
            let solve = || self.system.solve_many(&params, stretch, &outcomes);
            let batch = py.detach(|| spread(solve))??;
            values.extend_from_slice(batch.values());
            let late = batch.failures().iter();
            failures.extend(late.map(|f| (f.row() + k * STRETCH, f.reason().to_owned())));
            py.check_signals()?;
        }
        let count = values.len().checked_div(width).unwrap_or(0);
        let array = values.into_pyarray(py).reshape([count, width])?;
        Ok((array, failed(py, &failures)?))
    }

    /// Derivative of an outcome in a number, at the latest solution, in the direction in which the number moves
    /// (``"up"`` or ``"down"``), in the outcome's unit per the number's.
    #[pyo3(signature = (outcome, param, side="up"))]
    fn derivative(
        &self,
        outcome: &Bound<'_, PyAny>,
        param: &str,
        side: &str,
    ) -> Result<f64, Raised> {
        let (outcome, side) = (read("outcome", outcome)?, side_of(side)?);
        let param = self.system.param(param)?;
        let mut workspace = self.workspace();
        let mut sensitivity = self.system.sensitivity(&mut workspace)?;
        Ok(sensitivity.derivative(&outcome, param, side)?)
    }

    /// Percentage change of an outcome per percent of a number, at the latest solution.
    #[pyo3(signature = (outcome, param, side="up"))]
    fn elasticity(
        &self,
        outcome: &Bound<'_, PyAny>,
        param: &str,
        side: &str,
    ) -> Result<f64, Raised> {
        let (outcome, side) = (read("outcome", outcome)?, side_of(side)?);
        let param = self.system.param(param)?;
        let mut workspace = self.workspace();
        let mut sensitivity = self.system.sensitivity(&mut workspace)?;
        Ok(sensitivity.elasticity(&outcome, param, side)?)
    }

    /// Derivatives of one outcome in every number, at the latest solution, by the adjoint: a dict from path to number.
    fn gradient<'py>(
        &self,
        py: Python<'py>,
        outcome: &Bound<'py, PyAny>,
    ) -> Result<Bound<'py, PyDict>, Raised> {
        let outcome = read("outcome", outcome)?;
        let mut workspace = self.workspace();
        let gradient = self
            .system
            .sensitivity(&mut workspace)?
            .gradient(&outcome)?;
        let dict = PyDict::new(py);
        for ((path, _), value) in self.system.params().zip(gradient.values()) {
            dict.set_item(path, value)?;
        }
        Ok(dict)
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let (numbers, unknowns) = (self.paths.len(), self.unknowns());
        let market = self.market.bind(py).get().0.name().to_owned();
        format!("Compiled({market:?}: {unknowns} unknowns, {numbers} numbers)")
    }

    fn _repr_html_(&self, py: Python<'_>) -> Result<String, Raised> {
        let params: BTreeMap<&str, f64> = self.system.params().collect();
        named_values(py, self.market.bind(py).get().0.name(), &params)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Rebuilt<'py, (Py<Market>, Py<Policy>)>> {
        let rebuild = py.get_type::<Market>().getattr("compile")?;
        Ok((
            rebuild,
            (self.market.clone_ref(py), self.policy.clone_ref(py)),
        ))
    }
}

fn side_of(side: &str) -> Result<core::Side, Raised> {
    match side {
        "up" => Ok(core::Side::Up),
        "down" => Ok(core::Side::Down),
        _ => {
            let message = format!("side is {side:?}; it must be \"up\" or \"down\"");
            Err(Raised::input(&message, "side"))
        }
    }
}

/// Rows of numbers out of an array or nested lists.
pub fn rows_of(what: &str, rows: &Bound<'_, PyAny>, width: usize) -> Result<Vec<f64>, Raised> {
    let py = rows.py();
    // an array of another shape is refused before it is copied
    let shape = rows.getattr("shape").and_then(|shape| shape.extract());
    if let Ok((_, columns)) = shape.map(|shape: (usize, usize)| shape)
        && columns != width
    {
        return Err(wrong_width(what, columns, width));
    }
    let shaped = py
        .import("numpy")?
        .call_method1("ascontiguousarray", (rows, "float64"))
        .map_err(|cause| crate::plain::failed(py, what, cause))?;
    let Ok(array) = shaped.extract::<PyReadonlyArray2<'_, f64>>() else {
        let shape = shaped.getattr("shape")?;
        let message = format!(
            "{what} has the shape {shape}; it needs two dimensions: one column for each number"
        );
        return Err(Raised::input(&message, what));
    };
    let array = array.as_array();
    if array.ncols() != width {
        return Err(wrong_width(what, array.ncols(), width));
    }
    Ok(array.iter().copied().collect())
}

fn wrong_width(what: &str, found: usize, width: usize) -> Raised {
    let message = format!("{what} has {found} columns; it needs one for each number: {width}");
    Raised::new("InputError", &message, Some(what), Some(found as f64))
}

/// Rows that gave no equilibrium, with their reasons.
pub fn failed<'py>(
    py: Python<'py>,
    failures: &[(usize, String)],
) -> Result<Bound<'py, PyAny>, Raised> {
    Columns::new(py)
        .counts("row", failures.iter().map(|f| f.0))?
        .text("reason", failures.iter().map(|f| f.1.as_str()))?
        .table()
}

/// The numbers of one solve of a compiled system; outcomes are worked out when asked for.
#[pyclass(frozen, module = "pricefloor", skip_from_py_object)]
pub struct Solved {
    snapshot: core::Snapshot,
    system: Arc<core::Compiled>,
}

#[pymethods]
impl Solved {
    /// The evidence: ``residual``, ``price_error``, ``mass_balance``, ``arbitrage`` (pure numbers), ``iterations``.
    #[getter]
    fn certificate<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, self.snapshot.certificate())
    }

    /// Price of a commodity in a region, money per unit.
    fn price(&self, region: &str, commodity: &str) -> Result<f64, Raised> {
        Ok(self.snapshot.outcome(&Outcome::price(region, commodity))?)
    }

    /// A number that comes out of the solve, as made by :mod:`pricefloor.outcomes`.
    fn outcome(&self, outcome: &Bound<'_, PyAny>) -> Result<f64, Raised> {
        let outcome: Outcome = read("outcome", outcome)?;
        Ok(self.snapshot.outcome(&outcome)?)
    }

    /// Several outcomes as an array, in the order in which they are given.
    fn outcomes<'py>(
        &self,
        py: Python<'py>,
        outcomes: &Bound<'py, PyAny>,
    ) -> Result<Bound<'py, PyArray1<f64>>, Raised> {
        let outcomes: Vec<Outcome> = read("outcomes", outcomes)?;
        let values = outcomes
            .iter()
            .map(|outcome| self.snapshot.outcome(outcome))
            .collect::<Result<Vec<f64>, _>>()?;
        Ok(values.into_pyarray(py))
    }

    /// A number of the system as it stood in this solve.
    fn param(&self, path: &str) -> Result<f64, Raised> {
        let param = self.system.param(path)?;
        let value = self.snapshot.param(param);
        value.ok_or_else(|| Raised::input(&format!("no number has the path {path:?}"), path))
    }

    fn __repr__(&self) -> String {
        let certificate = self.snapshot.certificate();
        let (residual, iterations) = (certificate.residual(), certificate.iterations());
        format!("Solved(scaled residual {residual:.1e} after {iterations} iterations)")
    }

    fn _repr_html_(&self, py: Python<'_>) -> Result<String, Raised> {
        named_values(py, "certificate", self.snapshot.certificate())
    }
}
