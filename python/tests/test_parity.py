"""The same numbers as Rust, bit for bit. The Rust suite writes what it solves of its case files, with the bits of its answers."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pricefloor as pf

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
FILES = sorted((TARGET / "answers").glob("*.json"))


def record(module: Any, kind: str, terms: dict[str, Any]) -> Any:
    return getattr(module, kind)(**terms)


def market_of(given: Any) -> pf.Market:
    market = pf.Market.from_json(json.dumps(given["market"]))
    # what Python writes is what Rust wrote
    assert json.loads(market.to_json()) == given["market"]
    return market


def policy_of(given: Any) -> pf.Policy:
    policy = pf.Policy.from_json(json.dumps(given["policy"]))
    assert json.loads(policy.to_json()) == given["policy"]
    return policy


def solve(given: Any) -> Iterable[float]:
    solved = market_of(given).solve(policy_of(given))
    yield from solved.nodes["price"]
    yield from solved.nodes["demanded"]
    yield from solved.activities["level"]
    try:
        ledger = solved.ledger()
    except pf.AccountsError:
        return
    yield from ledger.accounts["surplus"]
    yield from ledger.payments["amount"]


def lead(given: Any) -> Iterable[float]:
    leader = pf.records.from_json("Leader", json.dumps(given["leader"]))
    led = pf.lead(market_of(given), leader, policy_of(given))
    return [led.choice, led.objective, led.own_cost, *led.equilibrium.nodes["price"]]


def horizon(given: Any) -> Iterable[float]:
    path = pf.solve_horizon(pf.records.from_json("Horizon", json.dumps(given)))
    nodes, activities = path.nodes, path.activities
    for start in path.periods["start"]:
        yield from nodes["price"][nodes["start"] == start]
        yield from activities["level"][activities["start"] == start]
    yield from path.accounts["surplus"]


def storage(given: Any) -> Iterable[float]:
    rules = pf.solve_storage(record(pf.storage, given["kind"], given["terms"]), **given["settings"])
    least, largest = rules.range
    at = [least + (largest - least) * k / 20.0 for k in range(1, 20)]
    return np.column_stack([rules.price(at), rules.stock(at), rules.planned(at)]).ravel()


def band(given: Any) -> Iterable[float]:
    rules = pf.solve_band(record(pf.storage, given["kind"], given["terms"]), **given["band"])
    for private, public in given["at"]:
        found = rules.at(private, public)
        yield from (found.price, found.bought, found.sold, found.private, found.planned)


def trade(given: Any) -> Iterable[float]:
    rules = pf.solve_trade(record(pf.storage, given["kind"], given["terms"]), **given["settings"])
    for regime, availability in given["at"]:
        found = rules.at(availability, regime)
        yield from (*found.prices, *found.stocks, *found.planned, found.shipped)


def policy(given: Any) -> Iterable[float]:
    policy_of({"policy": given})
    return []


def flows(given: Any) -> Iterable[float]:
    found = pf.irr(given)
    (kind, rates), = found.items()
    rates = {"One": [rates], "Several": rates}.get(kind, [])
    return [pf.npv(0.1, given), *rates]


def option(given: Any) -> Iterable[float]:
    values = pf.option(record(pf.finance, given["kind"], given["terms"]))
    return [values[name] for name in ("call", "put", "call_delta", "put_delta", "gamma", "vega")]


def paths(given: Any) -> Iterable[float]:
    process = record(pf.stochastic, given["process"]["kind"], given["process"]["terms"])
    simulation = pf.Simulation(**given["simulation"])
    return pf.price_paths(process, given["times"], simulation).ravel()


def two_curves(given: Any) -> Iterable[float]:
    names = "supply supply_elasticity demand demand_elasticity imports import_price tariff floor".split()
    columns = dict(zip(names, given["columns"], strict=True))
    table = pf.solve_two_curves(base_price=given["base_price"], floor_by=given["floor_by"], **columns)
    return np.concatenate([table["price"], table["bought"], table["residual"]])


def dated_flows(given: Any) -> Iterable[float]:
    return [pf.dated_npv(given["rate"], given["flows"]), pf.dated_irr(given["flows"])["One"]]


def modified_flows(given: Any) -> Iterable[float]:
    rate = pf.modified_irr(given["flows"], finance=given["finance"], reinvestment=given["reinvestment"])
    assert rate is not None
    return [rate]


def curve(given: Any) -> Iterable[float]:
    terms = getattr(pf, given["side"]).from_json(json.dumps(given["curve"]))
    return np.ravel(getattr(terms, given["asked"])(*given["at"]))


def concentration(given: Any) -> Iterable[float]:
    shares = pf.Concentration(of=given["of"], suppliers={s["name"]: s["quantity"] for s in given["suppliers"]})
    return [shares.herfindahl, shares.effective_number, shares.share_of_largest(4)]


def warrant(given: Any) -> Iterable[float]:
    return [pf.warrant_value(pf.finance.Warrant(**given["warrant"]), **given["market"])]


def convertible(given: Any) -> Iterable[float]:
    value = pf.convertible_value(given["claim"], years=given["years"], price=given["price"], **given["market"])
    return [value.straight, value.option]


def floor_payment(given: Any) -> Iterable[float]:
    process = record(pf.stochastic, given["process"]["kind"], given["process"]["terms"])
    return [pf.expected_floor_payment(process, years=given["years"], strike=given["strike"])]


def american_put(given: Any) -> Iterable[float]:
    """Alive or exercised; the paths are those of the paper."""
    strike, later = given["strike"], np.array(given["paths"])[:, 1:, None]
    once = pf.Simulation(paths=len(later), draws={"Plain": {"seed": 0}})
    values = pf.value_choices(
        later,
        [1.0, 2.0, 3.0],
        moves=[[1], []],
        cost=lambda _from, _to, price: price - strike,
        rate=given["rate"],
        fit=once,
        follow=once,
        **given["settings"],
    )
    return [values.states[0]["fitted"]]


def derivatives(given: Any) -> Iterable[float]:
    compiled = market_of(given).compile(policy_of(given))
    compiled.solve()
    for outcome in given["outcomes"]:
        for param in given["params"]:
            yield compiled.derivative(outcome, param, "down")


ASKS: dict[str, Callable[[Any], Iterable[float]]] = {
    ask.__name__: ask
    for ask in (
        solve,
        lead,
        horizon,
        storage,
        band,
        trade,
        policy,
        flows,
        dated_flows,
        modified_flows,
        option,
        paths,
        two_curves,
        curve,
        concentration,
        warrant,
        convertible,
        floor_payment,
        american_put,
        derivatives,
    )
}


@pytest.mark.skipif(not FILES, reason="the Rust suite has not run: ./test rust")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_bits_of_the_rust_suite(file: Path) -> None:
    case = json.loads(file.read_text(encoding="utf-8"))
    ask = ASKS[case["ask"]]
    if "error" in case:
        with pytest.raises(pf.PricefloorError) as refused:
            list(ask(case["given"]))
        assert case["error"] in str(refused.value)
        return
    found = [struct.pack(">d", value).hex() for value in ask(case["given"])]
    assert found == case["found"]


# What no solve of the crate answers, and why.
NOT_ASKED = {
    "known/sp_harker_cournot_oligopoly_average_cost_transport.json": "transport costs of average, which no market here has; the crate's engine solves the conditions",
    "known/sa_ishigami.json": "exact Sobol indices of a function; the crate has no indices of sensitivity",
}


@pytest.mark.skipif(not FILES, reason="the Rust suite has not run: ./test rust")
def test_every_case_is_asked() -> None:
    """A new case file is asked from here, or has its reason above."""
    files = {str(path.relative_to(CASES)) for folder in ("known", "instances") for path in (CASES / folder).glob("*.json*")}
    references = {name for name in files if name.replace(".reference", "") in files - {name}}
    asked = {name for file in FILES for name in json.loads(file.read_text(encoding="utf-8"))["cases"]}
    assert files - references - asked == set(NOT_ASKED)
    assert not asked - files
