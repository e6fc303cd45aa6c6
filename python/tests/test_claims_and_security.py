"""Claims on a firm and on a price, bands, security of supply, estimates: what is bound of them."""

from __future__ import annotations

import math
import os
import pickle
import signal
import threading
import time

import numpy as np
import pytest

import pricefloor as pf


def test_a_warrant_exercised() -> None:
    """P = (E + n K) / (N + n): equity of 200 on 10 shares and 2 warrants at 5 give 210 / 12; for cash the holder pays 10."""
    terms = {"shares": 2.0, "strike": 5.0, "expiry": 3.0}
    done = pf.exercise_warrant(pf.finance.Warrant(**terms, settlement="Cash"), value=200.0, shares=10.0)
    assert done.price == pytest.approx(17.5) and done.paid == 10.0 and done.new_shares == 2.0
    assert done.gain == pytest.approx(2.0 * 17.5 - 10.0)
    # the treasury-stock method at a price of 20: 2 (1 - 5/20)
    assert pf.treasury_stock_shares(pf.finance.Warrant(**terms, settlement="NetShare"), 20.0) == 1.5
    with pytest.raises(pf.InputError, match="not a warrant"):
        pf.treasury_stock_shares(pf.finance.StatedStake(shares=15.0, fraction=0.15), 20.0)


def test_a_convertible_claim() -> None:
    """Far in the money it is the part of the firm that its 50 shares beside 100 have; shares are worth the rest."""
    firm = {"shares": 100.0, "rate": 0.05, "volatility": 0.3}
    rich = pf.convertible_value(400.0, years=5.0, price=8.0, value=1e7, **firm)
    assert rich.total == pytest.approx(1e7 / 3.0) and rich.total == rich.straight + rich.option
    with pytest.raises(pf.InputError, match="claim"):
        pf.convertible_value(0.0, years=5.0, price=8.0, value=1e7, **firm)


def test_a_strip_of_floors() -> None:
    """A strip is the sum of its payments; put-call parity holds for each: E[(K - P)+] - E[(P - K)+] = K - E[P]."""
    price = pf.GeometricBrownian(spot=100.0, drift=0.03, volatility=0.25)
    put = pf.expected_floor_payment(price, years=1.0, strike=80.0)
    call = pf.expected_excess(price, years=1.0, threshold=80.0)
    assert put - call == pytest.approx(80.0 - 100.0 * math.exp(0.03), rel=1e-12)
    payments = [{"time": 1.0, "volume": 10.0, "strike": 80.0, "discount_factor": 0.9}] * 2
    assert pf.floor_strip(price, payments) == pytest.approx(2 * 0.9 * 10.0 * put)
    with pytest.raises(pf.InputError, match="volume"):
        pf.floor_strip(price, [{"time": 1.0, "volume": -1.0, "strike": 80.0, "discount_factor": 0.9}])


def test_a_band() -> None:
    """1.05 units and nothing in store: without the stock the price would be below 0.9. At 0.95 units it sells at 1.1."""
    terms = pf.storage.StorageTerms(
        demand=pf.Demand.constant_elasticity(price=1.0, quantity=1.0, elasticity=-0.2),
        supply=pf.Supply.constant_elasticity(price=1.0, quantity=1.0, elasticity=0.2),
        yields=pf.normal_yields(mean=1.0, deviation=0.05, nodes=7),
        warehouse={"cost": 0.06, "deterioration": 0.02, "interest": 0.03},
    )
    rules = pf.solve_band(terms, buys=0.9, sells=1.1, capacity=0.2)
    full = rules.at(1.05, 0.0)
    assert full.price == 0.9 and full.bought > 0.0
    assert rules.at(0.95, 0.1).price == 1.1
    history = rules.simulate(periods=50, seed=3)
    assert history.rows == 50 and history == rules.simulate(periods=50, seed=3)
    assert pickle.loads(pickle.dumps(rules)).at(1.0, 0.1) == rules.at(1.0, 0.1)
    with pytest.raises(pf.InputError):
        pf.solve_band(terms, buys=1.1, sells=0.9, capacity=0.2)


def two_regions(cost: float | None) -> pf.Record:
    harvest = pf.normal_yields(mean=1.0, deviation=0.05, nodes=3)
    joint = [
        {"values": [a["value"], b["value"]], "probability": a["probability"] * b["probability"]}
        for a in harvest
        for b in harvest
    ]
    regions = [
        {
            "name": name,
            "demand": pf.Demand.constant_elasticity(price=1.0, quantity=used, elasticity=-0.2),
            "supply": pf.Supply.fixed(quantity=made),
            "warehouse": {"cost": 0.06, "deterioration": 0.0, "interest": 0.03},
        }
        for name, used, made in (("mine", 0.8, 1.2), ("magnets", 1.2, 0.8))
    ]
    regimes = [
        {"name": "open", "yields": joint, "there": cost, "back": cost},
        {"name": "closed", "yields": joint, "there": None, "back": None},
    ]
    return pf.storage.TradeTerms(regions=regions, regimes=regimes, transition=[[0.9, 0.1], [0.5, 0.5]])


def test_storage_in_two_regions() -> None:
    """The importer pays what the exporter pays and the carriage; once the route has closed nothing is shipped."""
    rules = pf.solve_trade(two_regions(0.05), knots=[10, 10])
    trade = rules.at([1.2, 0.8])
    assert trade.prices[1] - trade.prices[0] == pytest.approx(0.05, abs=1e-12)
    assert trade.shipped > 0.0 and rules.at([1.2, 0.8], "closed").shipped == 0.0
    history = rules.simulate(periods=40, seed=3)
    assert history.rows == 40 and "price in magnets" in history
    assert pickle.loads(pickle.dumps(rules)).at([1.2, 0.8]) == trade
    with pytest.raises(pf.InputError, match="carrying a unit"):
        pf.solve_trade(two_regions(-1.0))


@pytest.mark.parametrize("of", ["rules", "band", "trade"])
def test_ctrl_c_ends_a_storage_solve(of: str) -> None:
    """Solves of minutes, each ended within seconds."""
    harvest = pf.normal_yields(mean=1.0, deviation=0.05, nodes=9)
    terms = pf.storage.StorageTerms(
        demand=pf.Demand.constant_elasticity(price=1.0, quantity=1.0, elasticity=-0.2),
        supply=pf.Supply.fixed(quantity=1.0),
        yields=harvest,
        warehouse={"cost": 0.001, "deterioration": 0.0, "interest": 0.0005},
    )
    endless = {"tolerance": 1e-300, "iterations": 10_000_000}
    solves = {
        "rules": lambda: pf.solve_storage(terms, knots=2000, **endless),
        "band": lambda: pf.solve_band(terms, buys=0.9, sells=1.1, capacity=0.2, private=2000, public=100, **endless),
        "trade": lambda: pf.solve_trade(two_regions(0.05), knots=[60, 60], **endless),
    }
    # a shell that starts this in the background has it ignore the signal
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    began = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            solves[of]()
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, before)
    assert time.monotonic() - began < 10.0


def world() -> pf.Market:
    def plant(name: str, region: str, quantity: float, elasticity: float) -> pf.Activity:
        supply = pf.Supply.constant_elasticity(price=60.0, quantity=quantity, elasticity=elasticity)
        return pf.Activity(name=name, region=region, outputs={"oxide": 1.0}, supply=supply)

    return pf.Market(
        name="example",
        price_unit="USD/kg",
        quantity_unit="t",
        regions=["China", "Elsewhere"],
        commodities=["oxide"],
        demands={("Elsewhere", "oxide"): pf.Demand.constant_elasticity(price=60.0, quantity=100.0, elasticity=-0.6)},
        activities=[plant("plants", "China", 90.0, 0.8), plant("others", "Elsewhere", 10.0, 1.2)],
        routes=[{"from": "China", "to": "Elsewhere", "commodity": "oxide", "cost": 0.0}],
    )


def test_security_of_supply() -> None:
    """90 of 100 come from one country: 90 squared and 10 squared. A halt loses 90, and nothing can be made in their place."""
    ordinary = world().solve()
    origins = ordinary.origins("oxide")
    assert origins is not None and origins.herfindahl == pytest.approx(8200.0) and origins.largest == "China"
    table = ordinary.supply_security()
    assert table.units["made"] == "t"
    assert table["import_reliance"][1] == pytest.approx(0.9)
    halted = ordinary.disrupted("China", "oxide", demand=-0.2, supply=0.0, backstops={"oxide": 600.0})
    assert halted.lost == pytest.approx(90.0)
    assert halted.shortages["unmet"].sum() > 0.0
    assert halted.expected_loss("Elsewhere", probability=0.05, years=1.0) == pytest.approx(0.05 * halted.loss("Elsewhere"))
    with pytest.raises(pf.InputError, match="backstop"):
        ordinary.disrupted("China", "oxide", demand=-0.2, supply=0.0, backstops={})
    with pytest.raises(pf.InputError, match="of is"):
        ordinary.disrupted("China", "oxide", demand=-0.2, supply=0.0, backstops={"oxide": 600.0}, of="all")  # type: ignore[arg-type]


def test_estimates() -> None:
    """Twenty years of months drawn at a reversion of 1 a year: the interval holds it. A short series says why it cannot tell."""
    process = pf.MeanReverting(spot=60.0, reversion=1.0, log_mean=4.1, volatility=0.3)
    months = np.arange(1, 241) / 12.0
    drawn = pf.price_paths(process, months, pf.Simulation(paths=1, draws={"Plain": {"seed": 5}}))[0, :, 0]
    fit = pf.fit_mean_reverting(drawn, spacing=1 / 12, replications=200, seed=1)
    assert fit.kind == "MeanRevertingFit"
    assert abs(fit.volatility["value"] - 0.3) < 4.0 * fit.volatility["standard_error"]
    assert abs(fit.reversion["value"] - 1.0) < 4.0 * fit.reversion["standard_error"]
    walk = pf.fit_geometric_brownian(drawn, spacing=1 / 12)
    assert walk.kind == "GeometricBrownianFit" and walk.drift["standard_error"] > 0.05
    # monthly changes of a reverting price spread as if its volatility were sigma sqrt((1 - e^-k/12) 12 / k) = 0.96 sigma
    assert abs(walk.volatility["value"] - 0.96 * 0.3) < 4.0 * walk.volatility["standard_error"]
    assert pf.fit_geometric_brownian(drawn[:3], spacing=1 / 12).kind == "NotIdentified"
    short = pf.fit_schwartz_smith(drawn[:12], spacing=1 / 12)
    assert short.kind == "NotIdentified" and "12" in short.message
    assert pf.fit_regime_switching(drawn[:12], spacing=1 / 12).kind == "NotIdentified"
    pair = pf.fit_basket([drawn, drawn[::-1]], spacing=1 / 12, replications=100)
    assert pair.kind in ("BasketFit", "NotIdentified")
    with pytest.raises(pf.InputError):
        pf.fit_mean_reverting([60.0, -1.0], spacing=1.0)


def test_a_function_that_raises() -> None:
    """An exception of the user's own function comes back as it is."""

    def cost(_from: int, _to: int, _price: float) -> float:
        raise RuntimeError("broken off")

    once = pf.Simulation(paths=64, draws={"Plain": {"seed": 1}})
    price = pf.GeometricBrownian(spot=1.0, drift=0.0, volatility=0.2)
    with pytest.raises(RuntimeError, match="broken off"):
        pf.value_choices(price, [1.0, 2.0], moves=[[1], []], cost=cost, rate=0.05, fit=once, follow=once)
