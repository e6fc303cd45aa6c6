//! The Python package `pricefloor`: the crate's types as Python classes. It computes nothing of its own.

mod attend;
mod columns;
mod compiled;
mod curve;
mod docs;
mod equilibrium;
mod facts;
mod finance;
mod ledger;
mod market;
mod plain;
mod policy;
mod raised;
mod record;
mod schema;
mod storage;
mod sweep;
mod viability;

use pyo3::prelude::*;

#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<curve::Demand>()?;
    module.add_class::<curve::Supply>()?;
    module.add_class::<market::Activity>()?;
    module.add_class::<market::Market>()?;
    module.add_class::<policy::Measure>()?;
    module.add_class::<policy::Policy>()?;
    module.add_class::<equilibrium::Equilibrium>()?;
    module.add_class::<ledger::Ledger>()?;
    module.add_class::<ledger::Incidence>()?;
    module.add_class::<compiled::Compiled>()?;
    module.add_class::<compiled::Solved>()?;
    module.add_class::<record::Record>()?;
    module.add_class::<sweep::SweepCore>()?;
    module.add_class::<storage::StorageRules>()?;
    module.add_class::<viability::Findings>()?;
    module.add_class::<viability::CaseFindings>()?;
    module.add_function(wrap_pyfunction!(policy::split_measure, module)?)?;
    module.add_function(wrap_pyfunction!(facts::assumption, module)?)?;
    module.add_function(wrap_pyfunction!(facts::base_case, module)?)?;
    module.add_function(wrap_pyfunction!(facts::contract_term, module)?)?;
    module.add_function(wrap_pyfunction!(finance::npv, module)?)?;
    module.add_function(wrap_pyfunction!(finance::irr, module)?)?;
    module.add_function(wrap_pyfunction!(finance::option, module)?)?;
    module.add_function(wrap_pyfunction!(finance::claim, module)?)?;
    module.add_function(wrap_pyfunction!(storage::normal_yields, module)?)?;
    module.add_function(wrap_pyfunction!(storage::solve_storage, module)?)?;
    module.add_function(wrap_pyfunction!(record::read_record, module)?)?;
    module.add_function(wrap_pyfunction!(record::schema, module)?)?;
    module.add_function(wrap_pyfunction!(viability::price_paths, module)?)?;
    module.add_function(wrap_pyfunction!(viability::run_study, module)?)?;
    module.add_function(wrap_pyfunction!(viability::break_even, module)?)?;
    module.add_function(wrap_pyfunction!(viability::runway, module)?)?;
    module.add_function(wrap_pyfunction!(viability::cash_flow, module)?)?;
    Ok(())
}
