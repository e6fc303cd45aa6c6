"""What is bound of horizons, rivals, demand systems, reforms, blocs, cap tables, operating choices, storage."""

from __future__ import annotations

import os
import pickle
import signal
import threading
import time

import numpy as np
import pytest

import pricefloor as pf


def elastic(name: str, price: float, capacity: float | None = None) -> pf.Activity:
    supply = pf.Supply.perfectly_elastic(price=price)
    if capacity is not None:
        supply = supply.with_capacity(capacity)
    return pf.Activity(name=name, region="Home", outputs={"oxide": 1.0}, supply=supply)


def one_node(demand: pf.Demand, *activities: pf.Activity) -> pf.Market:
    return pf.Market(
        name="one node",
        price_unit="USD/t",
        regions=["Home"],
        commodities=["oxide"],
        demands={("Home", "oxide"): demand},
        activities=activities,
    )


def building(years: int = 10) -> pf.Horizon:
    """P = 20 - Q, four units a year at 5, more of it for 40 a unit and two years of building."""
    market = one_node(pf.Demand.linear(intercept=20.0, slope=-1.0), elastic("mine", 5.0, 4.0))
    subsidy = pf.ProductionSubsidy(region="Home", commodity="oxide", rate=1.0)
    stage = {"name": "construction", "years": 2.0, "cost": 40.0}
    return pf.Horizon(
        market=market,
        calendar={"years": float(years), "step": 1.0},
        discount_rate=0.1,
        expansions=[{"activity": "mine", "stages": [stage]}],
        measures=[{"name": "support", "measure": subsidy, "from": 5.0}],
    )


def test_horizon() -> None:
    """16 until the new capacity is there; a unit for ever costs 40 at 10 %, a rent of 4.4; the subsidy takes 1 off."""
    path = pf.solve_horizon(building())
    assert path.price(0.0, "Home", "oxide") == pytest.approx(16.0, abs=1e-6)
    assert path.price(2.0, "Home", "oxide") == pytest.approx(9.4, abs=1e-6)
    assert path.price(5.0, "Home", "oxide") == pytest.approx(8.4, abs=1e-6)
    assert path.prices("Home", "oxide").shape == (path.periods.rows,)
    assert path.capacities["capacity"][2] == pytest.approx(10.6, abs=1e-6)
    assert path.ledger(6.0).outlay("support") == pytest.approx(11.6, abs=1e-5)
    assert path.total == pytest.approx(sum(path.present_value(p) for p in dict.fromkeys(path.accounts["party"])))
    assert pickle.loads(pickle.dumps(path)) == path
    assert "<table>" in path._repr_html_()
    with pytest.raises(pf.InputError, match="discount rate") as caught:
        pf.Horizon(market=path.horizon.market, calendar={"years": 3.0, "step": 1.0}, discount_rate=-1.0)
    assert caught.value.value == -1.0


def test_leader() -> None:
    """Q = 400 - 2 P, a fringe at 20 + q, a dominant firm at 20: residual demand 420 - 3 P, so 180 at 80."""
    fringe = pf.Activity(
        name="fringe", region="Home", outputs={"oxide": 1.0}, supply=pf.Supply.linear(intercept=20.0, slope=1.0)
    )
    market = one_node(pf.Demand.linear(intercept=200.0, slope=-0.5), fringe, elastic("dominant", 20.0))
    leader = pf.Leader(lever={"output": {"activity": "dominant"}}, from_=0.0, to=400.0)
    led = pf.lead(market, leader)
    assert led.choice == pytest.approx(180.0, abs=1e-6)
    assert led.objective == pytest.approx(10_800.0, abs=1e-5)
    assert led.equilibrium.price("Home", "oxide") == pytest.approx(80.0, abs=1e-6)
    assert led.place == "interior" and led.largest_gain < 1e-9
    assert pickle.loads(pickle.dumps(led)) == led
    with pytest.raises(pf.InputError, match="upper end"):
        pf.lead(market, pf.Leader(lever={"output": {"activity": "dominant"}}, from_=2.0, to=1.0))


def test_demand_system() -> None:
    """The calibration is replayed: each good at its observed price."""
    nest = {"substitution": 3.0, "branches": []}
    system = {"elasticity": -0.6, "nest": nest}
    for good, price in (("Japan", 70.0), ("China", 55.0)):
        nest["branches"].append({"good": {"commodity": good, "observed": {"price": price, "quantity": 4000.0}}})  # type: ignore[attr-defined]
    made = [
        pf.Activity(
            name=good,
            region="Japan",
            outputs={good: 1.0},
            supply=pf.Supply.constant_elasticity(price=price, quantity=4000.0, elasticity=1.0),
        )
        for good, price in (("Japan", 70.0), ("China", 55.0))
    ]
    market = pf.Market(
        name="magnets",
        price_unit="USD/kg",
        regions=["Japan"],
        commodities=["Japan", "China"],
        demands={},
        demand_systems={("Japan", "magnets"): pf.NestedCes(**system)},
        activities=made,
    )
    solved = market.solve()
    assert solved.price("Japan", "China") == pytest.approx(55.0, rel=1e-9)
    assert solved.price("Japan", "Japan") == pytest.approx(70.0, rel=1e-9)
    assert pf.Market.from_json(market.to_json()) == market


def two_measures() -> pf.Policy:
    return pf.Policy(
        subsidy=pf.ProductionSubsidy(region="Home", commodity="oxide", rate=1.0),
        reserve=pf.SupportBuying(region="Home", commodity="oxide", floor=11.0),
    )


def test_attribution(textbook: pf.Market) -> None:
    def treasury(solved: pf.Equilibrium) -> float:
        return solved.ledger().treasury

    shares = pf.attribute(textbook, two_measures(), treasury, name="treasury")
    together = textbook.solve(two_measures()).ledger().treasury
    assert shares.together == pytest.approx(together)
    assert sum(share["shapley"] for share in shares.shares) == pytest.approx(together)
    assert shares.shares[0]["alone"] == pytest.approx(
        textbook.solve(pf.Policy(subsidy=two_measures()["subsidy"])).ledger().treasury
    )

    def broken(_: pf.Equilibrium) -> float:
        raise RuntimeError("broken off")

    with pytest.raises(RuntimeError, match="broken off"):
        pf.attribute(textbook, two_measures(), broken)


def test_headline(textbook: pf.Market) -> None:
    """A floor of 12 buys 6 of the 14 units that are then made: 4 more, for 72."""
    floor = textbook.solve(pf.Policy(reserve=pf.SupportBuying(region="Home", commodity="oxide", floor=12.0)))
    compared = pf.compare(textbook.solve(), floor=floor)
    head = compared.headline("floor", "Home", "oxide", cost_of_funds=1.5)
    assert head.extra_output == pytest.approx(4.0)
    assert head.public_cost == pytest.approx(72.0)
    assert head.cost_of_funds == pytest.approx(36.0)
    assert pickle.loads(pickle.dumps(head)) == head
    with pytest.raises(pf.InputError, match="no reform"):
        compared.headline("ceiling", "Home", "oxide")


def test_bloc() -> None:
    market = pf.Market(
        name="allies",
        price_unit="USD",
        regions=["A", "B", "C"],
        commodities=["oxide"],
        demands={(r, "oxide"): pf.Demand.linear(intercept=20.0, slope=-1.0) for r in "ABC"},
        activities=[
            pf.Activity(
                name="mine", region="C", outputs={"oxide": 1.0}, supply=pf.Supply.linear(intercept=0.0, slope=0.5)
            )
        ],
        routes=[{"from": "C", "to": to, "commodity": "oxide", "cost": 1.0} for to in "AB"],
    )

    def floor(members: list[str]) -> pf.Policy:
        border = {"bloc": {"name": "allies", "members": members}}
        return pf.Policy(floor=pf.ReferencePriceLadder(border=border, rungs=[{"commodity": "oxide", "floor": 10.0}]))

    found = pf.bloc_study(market, "allies", ["A", "B"], floor)
    assert [member["region"] for member in found.members] == ["A", "B"]
    assert sum(member["transfer"] for member in found.members) == pytest.approx(0.0, abs=1e-9)
    assert sum(member["shapley"] for member in found.members) == pytest.approx(found.value)


def test_cap_table() -> None:
    """Mountain Pass's owners before, the Department's preferred as converted after: 7.53 %."""
    before = pf.CapTable([{"holder": "Owners", "security": "common", "shares": 163_477_813.0, "basis": "Derived"}])
    after = before.with_holding(holder="Sponsor", security="preferred, as converted", shares=13_320_013.0)
    assert after.share_of("Sponsor") == pytest.approx(13_320_013.0 / (163_477_813.0 + 13_320_013.0), rel=1e-15)
    assert after.table["fraction"].sum() == pytest.approx(1.0)
    assert pickle.loads(pickle.dumps(after)) == after
    with pytest.raises(pf.InputError, match="Nobody"):
        after.share_of("Nobody")
    stake = pf.finance.StatedStake(shares=15.0, fraction=0.15)
    assert pf.implied_count(stake) == 100.0


def test_operating_choices() -> None:
    """Simulation and finite differences value the same mine; Dixit's thresholds; Miranda and Fackler's mine."""
    mine = pf.viability.Mine(
        output=1.0, reserve=None, step=1.0, unit_cost=50.0, upkeep=5.0, opening=2.0, closing=2.0, leaving=0.0,
        royalty=0.0, income_tax=0.0, floor=None,
    )
    process = pf.GeometricBrownian(spot=60.0, drift=0.0, volatility=0.2)
    times = np.arange(1.0, 6.0)
    plain = {"Plain": {"seed": 5}}
    simulated = pf.value_by_simulation(
        mine, process, times, rate=0.05, fit=pf.Simulation(paths=20_000, draws=plain),
        follow=pf.Simulation(paths=20_000, draws={"Plain": {"seed": 6}}),
    )
    solved = pf.value_by_differences(mine, process, times, rate=0.05)
    exact = {state["state"]: state["value"] for state in solved.states}
    for state in simulated.states:
        close = 4.0 * state["standard_error"] + 0.02 * abs(exact[state["state"]])
        assert abs(state["value"] - exact[state["state"]]) <= close
    terms = pf.viability.EntryExitTerms(
        mean=0.0, persistence=0.7, deviation=1.0, entry_cost=10.0, exit_cost=5.0, discount=0.9, nodes=15
    )
    thresholds = pf.entry_and_exit(terms)
    assert thresholds.leave < 0.0 < thresholds.enter

    def profit(stock: int, taken: int) -> float:
        return taken - taken * taken / (1.0 + stock)

    assert pf.extraction_path(100, discount=0.9, profit=profit)[:4] == [24, 18, 14, 11]


def test_two_curves() -> None:
    """Supply and demand of unit elasticity through (100, 10): at a floor of 110, 11 - 100 / 11 is bought."""
    table = pf.solve_two_curves(
        base_price=100.0, supply=10.0, supply_elasticity=1.0, demand=10.0, demand_elasticity=-1.0, import_price=90.0,
        floor=[0.0, 110.0],
    )
    assert table["price"] == pytest.approx([100.0, 110.0])
    assert table["bought"][1] == pytest.approx(11.0 - 100.0 / 11.0)
    with pytest.raises(pf.InputError, match="demand elasticity"):
        pf.solve_two_curves(base_price=100.0, supply=1.0, supply_elasticity=1.0, demand=1.0, demand_elasticity=1.0)


def test_storage() -> None:
    """The steady state of RECS STO1 is a price of 1, and the rules hold between their knots."""
    terms = pf.storage.StorageTerms(
        demand=pf.Demand.constant_elasticity(price=1.0, quantity=1.0, elasticity=-0.2),
        supply=pf.Supply.fixed(quantity=1.0),
        yields=pf.normal_yields(mean=1.0, deviation=0.05, nodes=7),
        warehouse={"cost": 0.06, "deterioration": 0.02, "interest": 0.03},
    )
    assert pf.storage_steady_state(terms).price == pytest.approx(1.0)
    rules = pf.solve_storage(terms)
    assert rules.euler_errors(0.9, 1.2).max < 1e-5
    assert len(rules.regimes) == 1 and rules.floor_holds is None


def chain(years: int) -> pf.Horizon:
    """A world whose path takes seconds."""
    regions = [f"R{k}" for k in range(12)]
    market = pf.Market(
        name="world",
        price_unit="USD",
        regions=regions,
        commodities=["oxide"],
        demands={(r, "oxide"): pf.Demand.constant_elasticity(price=10.0, quantity=5.0 + k, elasticity=-0.7)
                 for k, r in enumerate(regions)},
        activities=[
            pf.Activity(
                name=f"mine {k}", region=r, outputs={"oxide": 1.0},
                supply=pf.Supply.constant_elasticity(price=10.0, quantity=5.0 + (7 * k) % 12, elasticity=0.8)
                .with_capacity(30.0),
            )
            for k, r in enumerate(regions)
        ],
        routes=[{"from": a, "to": b, "commodity": "oxide", "cost": 1.0} for a in regions for b in regions if a != b],
    )
    stage = {"name": "construction", "years": 2.0, "cost": 40.0}
    return pf.Horizon(
        market=market,
        calendar={"years": float(years), "step": 1.0},
        discount_rate=0.1,
        foresight={"rolling": float(min(years, 40))},
        expansions=[{"activity": f"mine {k}", "stages": [stage], "rise": 1.0} for k in range(12)],
    )


def test_ctrl_c_ends_one_long_solve() -> None:
    horizon = chain(200)
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer.start()
    began = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            pf.solve_horizon(horizon)
        timer.join()
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, before)
    assert time.monotonic() - began < 5.0
