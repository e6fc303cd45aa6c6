"""One object of every public class, for tests of what all of them must do."""

from __future__ import annotations

import inspect
from functools import cache
from typing import Any

import pricefloor as pf
from test_over_time_and_rivals import building
from test_simulations import process, study

#: Classes without an object here, and why.
ABSENT = {
    "Record": "what the classes of terms are made from",
    "Measure": "what the classes of measures are made from",
}


@cache
def every() -> dict[str, Any]:
    """Objects by the name of their class."""
    line, rising = pf.Demand.linear(intercept=20.0, slope=-1.0), pf.Supply.linear(intercept=5.0, slope=0.5)
    mine = pf.Activity(name="mine", region="Home", outputs={"oxide": 1.0}, supply=rising)
    market = pf.Market(
        name="textbook",
        price_unit="USD/t",
        regions=["Home", "Away"],
        commodities=["oxide"],
        demands={("Home", "oxide"): line},
        activities=[mine],
        routes=[{"from": "Home", "to": "Away", "commodity": "oxide", "cost": 1.0}],
    )
    measure = pf.ContractFloor(strike=12.0, covering=["mine"], coverage={"first": 8.0})
    policy = pf.Policy(floor=measure)
    free, floored, compiled = market.solve(), market.solve(policy), market.compile(policy)
    terms = pf.storage.StorageTerms(
        demand=pf.Demand.constant_elasticity(price=1.0, quantity=1.0, elasticity=-0.2),
        supply=pf.Supply.fixed(quantity=1.0),
        yields=pf.normal_yields(mean=1.0, deviation=0.05, nodes=5),
        warehouse={"cost": 0.06, "deterioration": 0.02, "interest": 0.03},
    )
    region = {"demand": terms.demand, "supply": terms.supply, "warehouse": terms.warehouse}
    trade = pf.storage.TradeTerms(
        regions=[{"name": "here", **region}, {"name": "there", **region}],
        regimes=[{"name": "open", "yields": [{"values": [1.0, 1.0], "probability": 1.0}], "there": 0.1, "back": 0.1}],
        transition=[[1.0]],
    )
    simulation = pf.Simulation(paths=64, draws={"Plain": {"seed": 1}})
    findings = pf.run_study(study(), process(), simulation)
    outcomes = {"price": pf.outcomes.price("Home", "oxide")}
    sweep = pf.Sweep.grid(compiled, {"measure/floor/strike": [8.0, 12.0]}, outcomes)
    leader = pf.Leader(lever={"output": {"activity": "mine"}}, from_=0.0, to=20.0)
    objects = [
        line,
        rising,
        mine,
        market,
        measure,
        policy,
        floored,
        floored.ledger(),
        floored.ledger().against(free.ledger()),
        floored.nodes,
        compiled,
        compiled.solve(),
        pf.compare(free, floored),
        sweep,
        sweep.run(),
        pf.solve_storage(terms, knots=20),
        pf.solve_band(terms, buys=0.9, sells=1.1, capacity=0.1, private=20, public=4),
        pf.solve_trade(trade, knots=[5, 5]),
        trade,
        pf.Concentration(of="oxide", suppliers={"A": 3.0, "B": 1.0}),
        free.disrupted("Home", "oxide", demand=-0.2, supply=0.1, backstops={"oxide": 60.0}, of="production", share=0.5),
        findings,
        findings.case("none"),
        pf.CapTable([{"holder": "Owners", "security": "common", "shares": 10.0, "basis": "Reported"}]),
        pf.solve_horizon(building(3)),
        pf.headline(free, floored, "Home", "oxide"),
        pf.lead(market, leader),
        pf.MarketPrices(
            compiled,
            shocks=[(["demand/Home/oxide/intercept"], pf.GeometricBrownian(spot=20.0, drift=0.0, volatility=0.1))],
            prices=[("Home", "oxide")],
        ),
        terms,
        simulation,
        building(3),
    ]
    return {type(one).__name__: one for one in objects}


def classes() -> dict[str, type]:
    """Public classes that a user meets as objects, by name; those made from the crate's terms are one kind."""
    made = {name for part in (pf.measures, pf.finance, pf.stochastic, pf.viability, pf.storage, pf.demand, pf.horizon, pf.rivalry) for name in part.__all__}
    found = {name: getattr(pf, name) for name in pf.__all__}
    return {
        name: one
        for name, one in found.items()
        if inspect.isclass(one) and not issubclass(one, BaseException) and name not in made | {*ABSENT}
    }
