"""Numbers that come out of an equilibrium, for batches, derivatives and sweeps."""

from __future__ import annotations

from typing import TypedDict

__all__ = ["bought", "demanded", "level", "outlay", "price", "unknown"]


class Outcome(TypedDict, total=False):
    """An outcome as it stands in files."""

    price: dict[str, str]
    demanded: dict[str, str]
    level: dict[str, str]
    bought: dict[str, str]
    unknown: dict[str, str]
    outlay: dict[str, str]


def price(region: str, commodity: str) -> Outcome:
    """Price at a node, money per unit.

    >>> price("Home", "oxide")
    {'price': {'region': 'Home', 'commodity': 'oxide'}}
    """
    return {"price": {"region": region, "commodity": commodity}}


def demanded(region: str, commodity: str) -> Outcome:
    """Bought by final users at a node, per year."""
    return {"demanded": {"region": region, "commodity": commodity}}


def level(activity: str) -> Outcome:
    """Realised level of an activity or route, per year."""
    return {"level": {"activity": activity}}


def bought(region: str, commodity: str) -> Outcome:
    """What measures take from a node, per year."""
    return {"bought": {"region": region, "commodity": commodity}}


def unknown(path: str) -> Outcome:
    """An unknown that a measure added, by its path: ``measure/border/levy``."""
    return {"unknown": {"path": path}}


def outlay(measure: str) -> Outcome:
    """What public purses pay for a measure less what they collect from it, money per year."""
    return {"outlay": {"measure": measure}}
