"""Bad input: a typed exception that names the thing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import pricefloor as pf


def broken() -> Iterator[str]:
    yield "Home"
    raise RuntimeError("the file ended early")


def nested() -> list[Any]:
    deep: list[Any] = []
    deep.append(deep)
    return deep


LINE = pf.Demand.linear(intercept=20.0, slope=-1.0)
FACTS: dict[str, Any] = {
    "name": "m",
    "price_unit": "USD",
    "regions": ["Home"],
    "commodities": ["oxide"],
    "demands": {("Home", "oxide"): LINE},
}

CASES: list[tuple[Callable[[], object], type[Exception], str | None]] = [
    (lambda: pf.Demand.linear(intercept=math.nan, slope=-1.0), pf.InputError, "intercept"),
    (lambda: pf.Demand.linear(intercept=20.0, slope=1.0), pf.InputError, "slope"),
    (lambda: pf.Demand.steps([{"price": 1.0, "quantity": "x"}]), pf.InputError, "steps.[0].quantity"),
    (lambda: pf.Market(**(FACTS | {"regions": broken()})), pf.InputError, "regions"),
    (lambda: pf.Market(**(FACTS | {"regions": nested()})), pf.InputError, None),
    (lambda: pf.Market(**(FACTS | {"regions": 3})), pf.InputError, "regions"),
    (lambda: pf.Market(**(FACTS | {"demands": [LINE]})), pf.InputError, "demands"),
    (lambda: pf.Market(**(FACTS | {"demands": {"Home": LINE}})), pf.InputError, "demands"),
    (lambda: pf.Market(**(FACTS | {"demands": {("Away", "oxide"): LINE}})), pf.InputError, "demand for oxide in Away"),
    (lambda: pf.ContractFloor(strike=-1.0, covering=["m"]), pf.PolicyError, "contract_floor"),
    (lambda: pf.ContractFloor(strike=math.nan, covering=["m"]), pf.PolicyError, "contract_floor"),
    (lambda: pf.ContractFloor(strike="12", covering=["m"]), pf.InputError, "measure.contract_floor.strike"),  # type: ignore[arg-type]
    (lambda: pf.Policy({"a/b": pf.ContractFloor(strike=1.0, covering=["m"])}), pf.PolicyError, "a/b"),
    (lambda: pf.Market(**FACTS).solve().price("Away", "oxide"), pf.InputError, "Away"),
    (lambda: pf.Market(**FACTS).compile().param_("x"), AttributeError, None),  # type: ignore[attr-defined]
    (lambda: pf.Market(**FACTS).compile().solve({"no/such": 1.0}), pf.InputError, "no/such"),
    (lambda: pf.Market(**FACTS).compile().solve({"demand/Home/oxide/slope": "x"}), pf.InputError, "demand/Home/oxide/slope"),  # type: ignore[dict-item]
    (lambda: pf.Market(**FACTS).compile().solve({"demand/Home/oxide/slope": math.nan}), pf.InputError, "demand/Home/oxide/slope"),
    (lambda: pf.Market(**FACTS).compile().solve_many(["demand/Home/oxide/slope"], [1.0], []), pf.InputError, "rows"),
    (lambda: pf.Market(**FACTS).compile().solve_many(["demand/Home/oxide/slope"], [[1.0, 2.0]], []), pf.InputError, "rows"),
    (lambda: pf.Market.from_json("{"), pf.InputError, "market"),
    (lambda: pf.Policy.from_json('[{"name": "a", "measure": {"tax": {}}}]'), pf.InputError, "policy"),
    (lambda: pf.MeanReverting(spot=-1.0, reversion=1.0, log_mean=4.0, volatility=0.3), pf.InputError, "spot"),
    (lambda: pf.price_paths(pf.Simulation(paths=1, draws={"Plain": {"seed": 1}}), [1.0], pf.Simulation(paths=1, draws={"Plain": {"seed": 1}})), pf.InputError, "process"),
]


@pytest.mark.parametrize(("wrong", "error", "place"), CASES)
def test_bad_input(
    wrong: Callable[[], object], error: type[Exception], place: str | None
) -> None:
    with pytest.raises(error) as caught:
        wrong()
    if place is not None:
        assert getattr(caught.value, "place", None) == place
        assert str(caught.value)


def test_fields_and_causes() -> None:
    with pytest.raises(pf.InputError) as caught:
        pf.Demand.linear(intercept=20.0, slope=1.0)
    assert caught.value.value == 1.0
    assert isinstance(caught.value, ValueError)
    with pytest.raises(pf.InputError, match="the file ended early") as caught:
        pf.Market(**(FACTS | {"regions": broken()}))
    assert isinstance(caught.value.__cause__, RuntimeError)
