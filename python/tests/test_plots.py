"""Pictures: that each is drawn, with what it must show. How they look is checked by eye."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

import pricefloor as pf
from pricefloor import plots
from test_simulations import process, study

matplotlib = pytest.importorskip("matplotlib")
matplotlib.use("agg")


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


def test_supply_and_demand(textbook: pf.Market, floor: pf.Policy) -> None:
    axes = textbook.solve(floor).plot()
    assert axes.get_xlabel() == "quantity a year (t)"
    assert axes.get_ylabel() == "price (USD/t)"
    labels = {text.get_text() for text in axes.get_legend().get_texts()}
    assert labels == {"demand", "local supply", "surplus of buyers", "surplus of local producers"}
    # the areas drawn end at the price
    assert all(np.isfinite(line.get_xdata()).all() for line in axes.get_lines())
    with pytest.raises(pf.InputError, match="no final demand"):
        textbook.solve().plot("Away")


def test_into_axes_of_the_user(textbook: pf.Market) -> None:
    import matplotlib.pyplot as plt

    _, mine = plt.subplots()
    assert textbook.solve().plot("Home", "oxide", ax=mine) is mine


def test_who_pays(textbook: pf.Market, floor: pf.Policy) -> None:
    axes = plots.who_pays(pf.compare(textbook.solve(), textbook.solve(floor)))
    assert [text.get_text() for text in axes.get_yticklabels()] == ["mine", "treasury of Home"]


def test_price_fan() -> None:
    price = pf.GeometricBrownian(spot=50.0, drift=0.0, volatility=0.2)
    times = np.arange(1, 13) / 4.0
    paths = pf.price_paths(price, times, pf.Simulation(paths=256, draws={"Plain": {"seed": 1}}))
    axes = plots.price_fan(times, paths, unit="USD/kg", floor=45.0)
    assert axes.get_ylabel() == "price (USD/kg)"
    with pytest.raises(pf.InputError, match="shape"):
        plots.price_fan(times[1:], paths)


def test_default_curve() -> None:
    simulation = pf.Simulation(paths=256, draws={"Plain": {"seed": 1}})
    findings = pf.run_study(study(), process(), simulation)
    axes = plots.default_curve(findings)
    # it begins at zero, and ends at what the findings say for the last year
    drawn = axes.get_lines()[0].get_ydata()
    assert drawn[0] == 0.0 and drawn[-1] == findings.case("none").out_of_cash_by_year[-1]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["none"]


def test_chain_map() -> None:
    market = pf.Market(
        name="two",
        price_unit="USD/t",
        regions=["A", "B"],
        commodities=["oxide"],
        demands={("B", "oxide"): pf.Demand.linear(intercept=20.0, slope=-1.0)},
        activities=[
            pf.Activity(name="mine", region="A", outputs={"oxide": 1.0}, supply=pf.Supply.linear(intercept=5.0, slope=0.5))
        ],
        routes=[{"from": "A", "to": "B", "commodity": "oxide", "cost": 0.0}],
    )
    axes = plots.chain_map(market.solve())
    assert [text.get_text() for text in axes.get_xticklabels()] == ["A", "B"]
    assert len(axes.patches) == 1 and {"10"} <= {text.get_text() for text in axes.texts}


def test_a_missing_extra_is_named(textbook: pf.Market, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(pf.MissingExtraError, match=r"pricefloor\[plot\]"):
        textbook.solve().plot()
