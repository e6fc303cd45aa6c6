//! The Python package `pricefloor`: the crate's types as Python classes. It computes nothing of its own.

mod attend;
mod band;
mod choices;
mod claims;
mod columns;
mod compiled;
mod curve;
mod docs;
mod equilibrium;
mod estimate;
mod facts;
mod finance;
mod horizon;
mod ledger;
mod market;
mod operating;
mod plain;
mod policy;
mod raised;
mod record;
mod reforms;
mod report;
mod rivalry;
mod schema;
mod security;
mod simulation;
mod storage;
mod sweep;
mod trade;
mod two_curves;
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
    module.add_class::<band::BandRules>()?;
    module.add_class::<trade::TradeRules>()?;
    module.add_class::<security::Concentration>()?;
    module.add_class::<security::Disruption>()?;
    module.add_class::<viability::Findings>()?;
    module.add_class::<viability::CaseFindings>()?;
    module.add_class::<finance::CapTable>()?;
    module.add_class::<horizon::HorizonPath>()?;
    module.add_class::<report::Report>()?;
    module.add_class::<rivalry::Leadership>()?;
    module.add_class::<simulation::MarketPrices>()?;
    functions(module)
}

fn functions(module: &Bound<'_, PyModule>) -> PyResult<()> {
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
    module.add_function(wrap_pyfunction!(viability::walk_study, module)?)?;
    module.add_function(wrap_pyfunction!(viability::break_even, module)?)?;
    module.add_function(wrap_pyfunction!(viability::runway, module)?)?;
    module.add_function(wrap_pyfunction!(viability::cash_flow, module)?)?;
    module.add_function(wrap_pyfunction!(finance::implied_count, module)?)?;
    module.add_function(wrap_pyfunction!(horizon::solve_horizon, module)?)?;
    module.add_function(wrap_pyfunction!(horizon::horizon_entry, module)?)?;
    module.add_function(wrap_pyfunction!(operating::value_by_simulation, module)?)?;
    module.add_function(wrap_pyfunction!(operating::value_by_differences, module)?)?;
    module.add_function(wrap_pyfunction!(operating::entry_and_exit, module)?)?;
    module.add_function(wrap_pyfunction!(operating::extraction_path, module)?)?;
    module.add_function(wrap_pyfunction!(reforms::attribute, module)?)?;
    module.add_function(wrap_pyfunction!(reforms::bloc_study, module)?)?;
    module.add_function(wrap_pyfunction!(reforms::headline, module)?)?;
    module.add_function(wrap_pyfunction!(rivalry::lead, module)?)?;
    module.add_function(wrap_pyfunction!(rivalry::free_entry, module)?)?;
    module.add_function(wrap_pyfunction!(rivalry::predation, module)?)?;
    module.add_function(wrap_pyfunction!(rivalry::reply_game, module)?)?;
    module.add_function(wrap_pyfunction!(rivalry::limit_pricing, module)?)?;
    module.add_function(wrap_pyfunction!(simulation::price_part, module)?)?;
    module.add_function(wrap_pyfunction!(simulation::study_times, module)?)?;
    module.add_function(wrap_pyfunction!(storage::storage_steady_state, module)?)?;
    module.add_function(wrap_pyfunction!(storage::run_stockpile, module)?)?;
    module.add_function(wrap_pyfunction!(trade::solve_trade, module)?)?;
    module.add_function(wrap_pyfunction!(trade::trade_steady_state, module)?)?;
    module.add_function(wrap_pyfunction!(two_curves::two_curves, module)?)?;
    module.add_function(wrap_pyfunction!(band::solve_band, module)?)?;
    module.add_function(wrap_pyfunction!(choices::value_choices, module)?)?;
    module.add_function(wrap_pyfunction!(claims::warrant_value, module)?)?;
    module.add_function(wrap_pyfunction!(claims::convertible_value, module)?)?;
    module.add_function(wrap_pyfunction!(claims::exercise_warrant, module)?)?;
    module.add_function(wrap_pyfunction!(claims::treasury_stock_shares, module)?)?;
    module.add_function(wrap_pyfunction!(claims::expected_floor_payment, module)?)?;
    module.add_function(wrap_pyfunction!(claims::expected_excess, module)?)?;
    module.add_function(wrap_pyfunction!(claims::floor_strip, module)?)?;
    module.add_function(wrap_pyfunction!(estimate::fit_geometric_brownian, module)?)?;
    module.add_function(wrap_pyfunction!(estimate::fit_mean_reverting, module)?)?;
    module.add_function(wrap_pyfunction!(estimate::fit_schwartz_smith, module)?)?;
    module.add_function(wrap_pyfunction!(estimate::fit_regime_switching, module)?)?;
    module.add_function(wrap_pyfunction!(estimate::fit_basket, module)?)?;
    module.add_function(wrap_pyfunction!(finance::dated_npv, module)?)?;
    module.add_function(wrap_pyfunction!(finance::dated_irr, module)?)?;
    module.add_function(wrap_pyfunction!(finance::modified_irr, module)?)?;
    Ok(())
}
