"""Markets that several tests use."""

from __future__ import annotations

import pytest

import pricefloor as pf


@pytest.fixture
def textbook() -> pf.Market:
    """P = 20 - Q is bought and P = 5 + Q/2 is offered: 10 at a price of 10, and a surplus of 75."""
    return pf.Market(
        name="textbook",
        price_unit="USD/t",
        quantity_unit="t",
        money_unit="USD",
        regions=["Home"],
        commodities=["oxide"],
        demands={("Home", "oxide"): pf.Demand.linear(intercept=20.0, slope=-1.0)},
        activities=[
            pf.Activity(
                name="mine",
                region="Home",
                outputs={"oxide": 1.0},
                supply=pf.Supply.linear(intercept=5.0, slope=0.5),
            )
        ],
    )


@pytest.fixture
def floor() -> pf.Policy:
    """A contract floor of 12 on the first 8 units."""
    return pf.Policy(floor=pf.ContractFloor(strike=12.0, covering=["mine"], coverage={"first": 8.0}))
