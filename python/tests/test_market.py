"""Curves, markets, policies, solves and accounts. Expected numbers are those of the textbook market by hand."""

from __future__ import annotations

import copy
import json
import pickle

import numpy as np
import pytest

import pricefloor as pf


def test_free_market(textbook: pf.Market) -> None:
    free = textbook.solve()
    assert free.price("Home", "oxide") == pytest.approx(10.0, abs=1e-9)
    assert free.ledger().total == pytest.approx(75.0, abs=1e-8)
    assert free.certificate["residual"] <= 1e-8


# surplus of buyers, producers and treasury under five floors of 12: areas of triangles and rectangles
FLOORS = [
    (pf.StatutoryMinimum(region="Home", commodity="oxide", floor=12.0, rationing="efficient"), 32, 40, 0),
    (pf.StatutoryMinimum(region="Home", commodity="oxide", floor=12.0, rationing="proportional"), 32, 28, 0),
    (pf.SupportBuying(region="Home", commodity="oxide", floor=12.0), 32, 49, -72),
    (pf.ContractFloor(strike=12.0, covering=["mine"]), 98, 49, -84),
    (pf.ContractFloor(strike=12.0, covering=["mine"], coverage={"first": 8.0}), 50, 41, -16),
]


@pytest.mark.parametrize(("measure", "buyers", "producers", "treasury"), FLOORS)
def test_five_floors(
    textbook: pf.Market, measure: pf.Measure, buyers: float, producers: float, treasury: float
) -> None:
    ledger = textbook.solve(pf.Policy(floor=measure)).ledger()
    assert ledger.consumer_surplus == pytest.approx(buyers, abs=1e-6)
    assert ledger.producer_surplus == pytest.approx(producers, abs=1e-6)
    assert ledger.treasury == pytest.approx(treasury, abs=1e-6)
    assert ledger.total == pytest.approx(buyers + producers + treasury, abs=1e-6)


def test_comparison_names_every_party(textbook: pf.Market, floor: pf.Policy) -> None:
    compared = pf.compare(textbook.solve(), textbook.solve(floor), none=textbook.solve())
    assert list(compared) == ["floor", "none"]
    table = compared.table
    gains = dict(zip(table["party"].tolist(), table["floor"].tolist(), strict=True))
    assert gains["treasury of Home"] == pytest.approx(-16.0, abs=1e-8)
    assert gains["mine"] == pytest.approx(16.0, abs=1e-8)
    assert table.units == {"floor": "USD", "none": "USD"}
    assert compared["floor"].deadweight_loss == pytest.approx(0.0, abs=1e-8)


def test_results_are_numpy_columns(textbook: pf.Market) -> None:
    nodes = textbook.solve().nodes
    assert nodes["price"].dtype == np.float64
    assert nodes["region"].tolist() == ["Home"]
    assert nodes.units["price"] == "USD/t"
    assert "price (USD/t)" in repr(nodes)
    assert "<th>price (USD/t)</th>" in nodes._repr_html_()


def test_compiled_changes_numbers(textbook: pf.Market) -> None:
    compiled = textbook.compile(
        pf.Policy(buying=pf.SupportBuying(region="Home", commodity="oxide", floor=12.0))
    )
    assert compiled.params["measure/buying/floor"] == 12.0
    assert compiled.problem_class == "integrable"
    # at a floor of 13 the state buys 16 - 7 = 9 for 117
    solved = compiled.solve({"measure/buying/floor": 13.0})
    assert solved.price("Home", "oxide") == pytest.approx(13.0, abs=1e-9)
    assert solved.outcome(pf.outcomes.outlay("buying")) == pytest.approx(117.0, abs=1e-6)
    assert solved.param("measure/buying/floor") == 13.0
    # the outlay is f (3 f - 30): its slope is 6 f - 30 = 48
    slope = compiled.derivative(pf.outcomes.outlay("buying"), "measure/buying/floor")
    assert slope == pytest.approx(48.0, abs=1e-6)
    assert compiled.gradient(pf.outcomes.outlay("buying"))["measure/buying/floor"] == pytest.approx(slope)
    assert compiled.equilibrium().price("Home", "oxide") == pytest.approx(13.0, abs=1e-9)


def test_many_solves_in_one_call(textbook: pf.Market) -> None:
    compiled = textbook.compile(
        pf.Policy(buying=pf.SupportBuying(region="Home", commodity="oxide", floor=12.0))
    )
    floors = np.array([[9.0], [11.0], [-1.0], [13.0]])
    values, failures = compiled.solve_many(
        ["measure/buying/floor"], floors, [pf.outcomes.price("Home", "oxide")]
    )
    assert values.shape == (4, 1)
    assert values[[0, 1, 3], 0] == pytest.approx([10.0, 11.0, 13.0], abs=1e-8)
    assert np.isnan(values[2, 0])
    assert failures["row"].tolist() == [2]
    assert "measure/buying/floor is set to -1" in failures["reason"][0]


def test_files_are_the_same_in_both_languages(textbook: pf.Market, floor: pf.Policy) -> None:
    market = json.loads(textbook.to_json())
    assert market["demands"][0]["demand"] == {"linear": {"intercept": 20.0, "slope": -1.0}}
    assert json.loads(floor.to_json()) == [
        {
            "name": "floor",
            "measure": {
                "contract_floor": {"strike": 12.0, "covering": ["mine"], "coverage": {"first": 8.0}}
            },
        }
    ]
    assert pf.Market.from_json(textbook.to_json()) == textbook
    assert pf.Policy.from_json(floor.to_json()) == floor


def test_everything_pickles_and_copies(textbook: pf.Market, floor: pf.Policy) -> None:
    solved = textbook.solve(floor)
    things = [textbook, floor, floor["floor"], solved, solved.ledger(), textbook.activities[0]]
    things += [textbook.demand("Home", "oxide"), pf.Simulation(paths=64, draws={"Plain": {"seed": 1}})]
    for thing in things:
        for again in (pickle.loads(pickle.dumps(thing)), copy.copy(thing), copy.deepcopy(thing)):
            assert again == thing
            assert type(again) is type(thing)
    again = pickle.loads(pickle.dumps(solved))
    assert again.ledger() == solved.ledger()
    assert again.nodes == solved.nodes
    assert pickle.loads(pickle.dumps(textbook.compile(floor))).params == textbook.compile(floor).params


def test_measures_are_those_of_the_crate() -> None:
    assert "ContractFloor" in pf.measures.__all__
    assert pf.Tariff(region="US", commodity="magnets", rate={"specific": 2.0}, from_="China").from_ == "China"
    assert "money per unit" in (pf.ContractFloor.__doc__ or "")
    with pytest.raises(TypeError, match="strike"):
        pf.ContractFloor(covering=["mine"])  # type: ignore[call-arg]


def test_stacking(textbook: pf.Market) -> None:
    low = pf.SupportBuying(region="Home", commodity="oxide", floor=11.0)
    high = pf.SupportBuying(region="Home", commodity="oxide", floor=12.0)
    with pytest.raises(pf.PolicyError, match="`low` and `high` both set"):
        textbook.solve(pf.Policy(low=low, high=high))
    policy = pf.Policy(low=low).stacked("high", high, stacking="instead")
    assert textbook.solve(policy).price("Home", "oxide") == pytest.approx(12.0, abs=1e-8)
