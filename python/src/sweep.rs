//! Sweeps: the crate's parts, for any executor.

use std::sync::Arc;

use numpy::{IntoPyArray, PyArray2, PyArrayMethods};
use pricefloor::equilibrium::Outcome;
use pricefloor::sweep::{Axis, Job, Part, Plan, Range, Store, Sweep as CoreSweep, SweepError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::attend::attentive;
use crate::columns::Columns;
use crate::compiled::{Compiled, failed, rows_of};
use crate::plain::{Rebuilt, from_json, read, show, to_json};
use crate::raised::Raised;

/// What a sweep gives: the numbers that were set, the outcomes, and the rows that failed.
type Results<'py> = (Bound<'py, PyArray2<f64>>, Bound<'py, PyAny>);

/// A market, the rows of numbers to solve it with, and the outcomes to keep. Made by :func:`pricefloor.sweeps.grid` and its
/// neighbours; a part of it depends on the sweep and the part's number alone.
#[pyclass(frozen, module = "pricefloor._core", skip_from_py_object)]
pub struct SweepCore {
    job: Job<Arc<pricefloor::equilibrium::Compiled>>,
    compiled: Py<Compiled>,
}

#[pymethods]
impl SweepCore {
    /// From a grid: a dict from path to values, the last one fastest.
    #[staticmethod]
    fn grid(
        compiled: Py<Compiled>,
        axes: &Bound<'_, PyAny>,
        outcomes: &Bound<'_, PyAny>,
        part_rows: Option<usize>,
    ) -> Result<Self, Raised> {
        let axes = pairs("axes", axes)?.into_iter();
        let axes = axes.map(|(path, values)| Axis { path, values });
        Self::new(compiled, Plan::grid(axes.collect())?, outcomes, part_rows)
    }

    /// From rows: one column for each path.
    #[staticmethod]
    fn list(
        compiled: Py<Compiled>,
        paths: &Bound<'_, PyAny>,
        rows: &Bound<'_, PyAny>,
        outcomes: &Bound<'_, PyAny>,
        part_rows: Option<usize>,
    ) -> Result<Self, Raised> {
        let paths: Vec<String> = read("paths", paths)?;
        let rows = rows_of("rows", rows, paths.len())?;
        Self::new(compiled, Plan::list(paths, rows)?, outcomes, part_rows)
    }

    /// From ranges: a dict from path to (low, high), drawn evenly.
    #[staticmethod]
    fn uniform(
        compiled: Py<Compiled>,
        ranges: &Bound<'_, PyAny>,
        rows: usize,
        seed: u64,
        outcomes: &Bound<'_, PyAny>,
        part_rows: Option<usize>,
    ) -> Result<Self, Raised> {
        let mut list = Vec::new();
        for (path, ends) in pairs("ranges", ranges)? {
            let [low, high] = ends[..] else {
                let message = format!("{path}: a range has two ends, not {}", ends.len());
                return Err(Raised::input(&message, &path));
            };
            list.push(Range { path, low, high });
        }
        Self::new(
            compiled,
            Plan::uniform(list, rows, seed)?,
            outcomes,
            part_rows,
        )
    }

    /// What tells this sweep from others: its name in a store.
    #[getter]
    fn key(&self) -> String {
        self.job.key().to_string()
    }

    /// How many parts there are.
    #[getter]
    fn parts(&self) -> usize {
        self.job.sweep().parts()
    }

    /// How many rows there are.
    #[getter]
    fn rows(&self) -> usize {
        self.job.sweep().plan().rows()
    }

    /// Solves a part, or takes it from the store, and gives its bytes.
    fn part<'py>(
        &self,
        py: Python<'py>,
        index: usize,
        store: Option<String>,
    ) -> Result<Bound<'py, PyBytes>, Raised> {
        let part = attentive(py, |_| {
            Ok::<Part, SweepError>(match store {
                Some(folder) => self.job.part_in(&Store::open(folder)?, index)?,
                None => self.job.part(index)?,
            })
        })??;
        Ok(PyBytes::new(py, &part.to_bytes()))
    }

    /// Whether a part is in the store, whole.
    fn stored(&self, index: usize, store: String) -> Result<bool, Raised> {
        Ok(Store::open(store)?.load(self.job.key(), index)?.is_some())
    }

    /// Puts the bytes of all parts together: outcomes, one column for each, and the failures.
    fn together<'py>(
        &self,
        py: Python<'py>,
        parts: Vec<Bound<'py, PyBytes>>,
    ) -> Result<Results<'py>, Raised> {
        let parts = parts.iter().map(|bytes| self.job.read(bytes.as_bytes()));
        let swept = self
            .job
            .together(parts.collect::<Result<Vec<Part>, _>>()?)?;
        let shape = [self.rows(), self.job.sweep().outcomes().len()];
        let values = swept.values().to_vec().into_pyarray(py).reshape(shape)?;
        Ok((values, failed(py, swept.failures())?))
    }

    /// The numbers that are set: a table of one column for each path.
    #[getter]
    fn settings<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        let plan = self.job.sweep().plan();
        let (paths, values) = (plan.paths(), plan.values(0, plan.rows()));
        let mut columns = Columns::new(py);
        for (k, path) in paths.iter().enumerate() {
            let column = values.iter().skip(k).step_by(paths.len()).copied();
            columns = columns.numbers(path, "", column)?;
        }
        columns.table()
    }

    /// The outcomes that are kept, as in files.
    #[getter]
    fn outcomes<'py>(&self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Raised> {
        show(py, &self.job.sweep().outcomes())
    }

    #[staticmethod]
    fn _restore(compiled: Py<Compiled>, text: &str) -> Result<Self, Raised> {
        let sweep: CoreSweep = from_json("sweep", text)?;
        let job = sweep.on(Arc::clone(&compiled.get().system))?;
        Ok(Self { job, compiled })
    }

    fn __reduce__<'py>(
        &self,
        py: Python<'py>,
    ) -> Result<Rebuilt<'py, (Py<Compiled>, String)>, Raised> {
        let rebuild = py.get_type::<Self>().getattr("_restore")?;
        let text = to_json("sweep", self.job.sweep())?;
        Ok((rebuild, (self.compiled.clone_ref(py), text)))
    }

    fn __repr__(&self) -> String {
        format!("SweepCore({} rows in {} parts)", self.rows(), self.parts())
    }
}

impl SweepCore {
    fn new(
        compiled: Py<Compiled>,
        plan: Plan,
        outcomes: &Bound<'_, PyAny>,
        part_rows: Option<usize>,
    ) -> Result<Self, Raised> {
        let mut sweep = CoreSweep::new(plan, read::<Vec<Outcome>>("outcomes", outcomes)?)?;
        if let Some(part_rows) = part_rows {
            sweep = sweep.with_part_rows(part_rows)?;
        }
        let job = sweep.on(Arc::clone(&compiled.get().system))?;
        Ok(Self { job, compiled })
    }
}

/// A dict from path to numbers, in its order.
fn pairs(what: &str, given: &Bound<'_, PyAny>) -> Result<Vec<(String, Vec<f64>)>, Raised> {
    let Ok(dict) = given.cast::<pyo3::types::PyDict>() else {
        let message = format!("{what} must be a dict from path to numbers");
        return Err(Raised::input(&message, what));
    };
    dict.iter()
        .map(|(path, values)| {
            let path: String = read(what, &path)?;
            let values = read(&path, &values)?;
            Ok((path, values))
        })
        .collect()
}
