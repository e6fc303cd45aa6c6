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

TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or Path(__file__).parents[2] / "target")
FILES = sorted((TARGET / "answers").glob("*.json"))


def record(module: Any, kind: str, terms: dict[str, Any]) -> Any:
    return getattr(module, kind)(**terms)


def market_of(given: Any) -> pf.Market:
    return pf.Market.from_json(json.dumps(given["market"]))


def policy_of(given: Any) -> pf.Policy:
    return pf.Policy.from_json(json.dumps(given["policy"]))


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
    rules = pf.solve_storage(record(pf.storage, given["kind"], given["terms"]))
    least, largest = rules.range
    at = [least + (largest - least) * k / 20.0 for k in range(1, 20)]
    return np.column_stack([rules.price(at), rules.stock(at), rules.planned(at)]).ravel()


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


ASKS: dict[str, Callable[[Any], Iterable[float]]] = {
    ask.__name__: ask for ask in (solve, lead, horizon, storage, flows, option, paths, two_curves)
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
