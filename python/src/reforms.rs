//! Packages attributed to their measures, and blocs to their members.

use std::cell::RefCell;

use pricefloor::Policy as CorePolicy;
use pricefloor::equilibrium::Equilibrium as CoreEquilibrium;
use pricefloor::intervention::PolicyError;
use pricefloor::ledger::{Attribution, BlocStudy, Comparison, LedgerError, Orders};
use pricefloor::market::Bloc;
use pyo3::prelude::*;
use serde_json::json;

use crate::equilibrium::Equilibrium;
use crate::market::Market;
use crate::plain::read;
use crate::policy::Policy;
use crate::raised::Raised;
use crate::report::Report;

/// What was raised inside a callback; the crate's own error only carries the search to its end.
type Held = RefCell<Option<PyErr>>;

fn settled<T, E: Into<Raised>>(held: &Held, result: Result<T, E>) -> Result<T, Raised> {
    match held.take() {
        Some(error) => Err(error.into()),
        None => result.map_err(Into::into),
    }
}

/// What each measure of a package does to an outcome: alone, last, and averaged over all orders (Shapley 1953), which sums
/// to what the package does.
///
/// ``value`` is a function from an :class:`Equilibrium` to the number that is attributed. With ``pairs`` that many random
/// orders are drawn, each with its reverse, from ``seed``, and each share has a standard error; without it all sets of
/// measures are solved, ten measures at most.
#[pyfunction]
#[pyo3(signature = (market, package, value, *, name="value", status_quo=None, pairs=None, seed=0))]
#[expect(clippy::too_many_arguments, reason = "keywords in Python")]
pub fn attribute(
    py: Python<'_>,
    market: Py<Market>,
    package: Py<Policy>,
    value: Bound<'_, PyAny>,
    name: &str,
    status_quo: Option<Py<Policy>>,
    pairs: Option<u32>,
    seed: u64,
) -> Result<Report, Raised> {
    let held = Held::default();
    let of = |solved: &CoreEquilibrium| {
        let asked = || -> PyResult<f64> {
            py.check_signals()?;
            let solved = solved.clone();
            let one = Equilibrium::new(solved, market.clone_ref(py), package.clone_ref(py));
            value.call1((one,))?.extract()
        };
        asked().map_err(|error| {
            held.borrow_mut().get_or_insert(error);
            LedgerError::Unknown {
                what: "value",
                name: name.to_owned(),
            }
        })
    };
    let none = CorePolicy::none();
    let before = status_quo.as_ref().map_or(&none, |policy| &policy.get().0);
    let (facts, measures) = (&market.get().0, &package.get().0);
    let found = match pairs {
        None => Attribution::exact(facts, before, measures, name, of),
        Some(pairs) => {
            let orders = Orders { pairs, seed };
            Attribution::sampled(facts, before, measures, name, orders, of)
        }
    };
    Report::of("Attribution", &settled(&held, found)?)
}

/// What a bloc gains by acting together, what each member should be paid for its gain to be its Shapley value, who would
/// rather leave or join, and how much leaks out. Money per year.
///
/// ``policy`` is a function from the list of members that act to the :class:`Policy` they pursue.
#[pyfunction]
#[pyo3(signature = (market, bloc, members, policy, *, status_quo=None))]
pub fn bloc_study(
    py: Python<'_>,
    market: Py<Market>,
    bloc: &str,
    members: &Bound<'_, PyAny>,
    policy: Bound<'_, PyAny>,
    status_quo: Option<Py<Policy>>,
) -> Result<Report, Raised> {
    let held = Held::default();
    let members = read::<Vec<String>>("members", members)?;
    let bloc = Bloc::new(bloc, members)?;
    let pursue = |acting: &Bloc| -> Result<CorePolicy, PolicyError> {
        let asked = || -> PyResult<CorePolicy> {
            py.check_signals()?;
            let made = policy.call1((acting.members().to_vec(),))?;
            let made = made
                .cast::<Policy>()
                .map_err(|_| PyErr::from(Raised::input("policy must give a Policy", "policy")))?;
            Ok(made.get().0.clone())
        };
        asked().or_else(|error| {
            held.borrow_mut().get_or_insert(error);
            CorePolicy::none().with("", pricefloor::intervention::MinimumEarnings::new("", 0.0))
        })
    };
    let none = CorePolicy::none();
    let before = status_quo.as_ref().map_or(&none, |policy| &policy.get().0);
    let study = settled(
        &held,
        BlocStudy::new(&market.get().0, before, &bloc, pursue),
    )?;
    let members = study.members().iter().map(|m| {
        json!({
            "region": m.region(), "gain": m.gain(), "shapley": m.shapley(), "transfer": m.transfer(),
            "by_leaving": m.by_leaving(), "purse": m.purse(), "consumed": m.consumed(),
        })
    });
    let outsiders = study
        .outsiders()
        .iter()
        .map(|o| json!({ "region": o.region(), "gain": o.gain(), "by_joining": o.by_joining() }));
    let leaks = study.leaks().iter().map(|l| {
        json!({
            "commodity": l.commodity(), "inside": l.inside(), "outside": l.outside(), "rate": l.rate(),
        })
    });
    let values = json!({
        "bloc": study.bloc(),
        "value": study.value(),
        "internally_stable": study.internally_stable(),
        "externally_stable": study.externally_stable(),
        "members": members.collect::<Vec<_>>(),
        "outsiders": outsiders.collect::<Vec<_>>(),
        "leaks": leaks.collect::<Vec<_>>(),
    });
    Report::of("BlocStudy", &values)
}

/// The headline of a reform: its public cost, and what that buys of a commodity's output in a region.
#[pyfunction]
#[pyo3(signature = (baseline, reform, region, commodity, cost_of_funds=None))]
pub fn headline(
    baseline: PyRef<'_, Equilibrium>,
    reform: PyRef<'_, Equilibrium>,
    region: &str,
    commodity: &str,
    cost_of_funds: Option<f64>,
) -> Result<Report, Raised> {
    let mut comparison = Comparison::new("baseline", baseline.solved())?;
    comparison.add("reform", reform.solved())?;
    if let Some(marginal) = cost_of_funds {
        comparison = comparison.with_cost_of_funds(marginal)?;
    }
    let reform = comparison.reform("reform")?;
    let head = reform.headline(region, commodity)?;
    let values = json!({
        "price_change": reform.price_change(region, commodity)?,
        "output_change": reform.output_change(region, commodity)?,
        "public_cost": head.public_cost(),
        "cost_of_funds": reform.cost_of_funds(),
        "extra_output": head.extra_output(),
        "cost_per_extra_unit": head.cost_per_extra_unit(),
        "dominant": head.dominant(),
        "dominant_share_before": head.dominant_share_before(),
        "dominant_share": head.dominant_share(),
        "cost_per_point": head.cost_per_point(),
    });
    Report::of("Headline", &values)
}
