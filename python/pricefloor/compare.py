"""Reforms against a baseline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ._core import Equilibrium, Incidence, Report, headline
from .errors import InputError
from .table import Table

__all__ = ["Comparisons", "compare"]


class Comparisons(Mapping[str, Incidence]):
    """Several reforms against one baseline, by name."""

    def __init__(
        self,
        comparisons: Mapping[str, Incidence],
        baseline: Equilibrium,
        reforms: Mapping[str, Equilibrium],
    ) -> None:
        if not isinstance(baseline, Equilibrium):
            raise InputError("baseline must be an Equilibrium", "baseline")
        self._comparisons = dict(comparisons)
        self._baseline, self._reforms = baseline, dict(reforms)
        self._money_unit = baseline.ledger().money_unit

    def __getitem__(self, name: str) -> Incidence:
        return self._comparisons[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._comparisons)

    def __len__(self) -> int:
        return len(self._comparisons)

    @property
    def table(self) -> Table:
        """What each party gains under each reform, money per year; a party that a reform does not know gains nothing."""
        gains = {name: _gains(comparison) for name, comparison in self._comparisons.items()}
        parties = list(dict.fromkeys(party for changes in gains.values() for party in changes))
        columns = {
            name: np.array([changes.get(party, 0.0) for party in parties] + [-self[name].deadweight_loss])
            for name, changes in gains.items()
        }
        return Table(
            {"party": [*parties, "everyone"], **columns}, dict.fromkeys(columns, self._money_unit)
        )

    def headline(
        self, reform: str, region: str, commodity: str, *, cost_of_funds: float | None = None
    ) -> Report:
        """The public cost of a reform, money per year, and what it buys of a commodity's output in a region, per year.

        ``cost_of_funds`` is what taxpayers lose for each unit of public money that is raised, 1 or more.
        """
        if reform not in self._reforms:
            raise InputError(f"no reform is named {reform!r}", reform)
        return headline(self._baseline, self._reforms[reform], region, commodity, cost_of_funds)

    def __repr__(self) -> str:
        return repr(self.table)

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def _gains(comparison: Incidence) -> dict[str, float]:
    changes = comparison.changes
    return dict(zip(changes["party"].tolist(), changes["gain"].tolist(), strict=True))


def compare(baseline: Equilibrium, *reforms: Equilibrium, **named: Equilibrium) -> Comparisons:
    """What every party gains under each reform, over the baseline.

    Reforms given in order are named after their measures; keywords name them.

    >>> import pricefloor as pf
    >>> market = pf.Market(
    ...     name="textbook", price_unit="USD/t", regions=["Home"], commodities=["oxide"],
    ...     demands={("Home", "oxide"): pf.Demand.linear(intercept=20.0, slope=-1.0)},
    ...     activities=[pf.Activity(name="mine", region="Home", outputs={"oxide": 1.0},
    ...                             supply=pf.Supply.linear(intercept=5.0, slope=0.5))],
    ... )
    >>> floor = pf.Policy(floor=pf.SupportBuying(region="Home", commodity="oxide", floor=12.0))
    >>> compared = pf.compare(market.solve(), floor=market.solve(floor))
    >>> round(compared["floor"].public_cost, 6)
    72.0
    """
    given = {"baseline": baseline, **named} | {f"reform {k}": reform for k, reform in enumerate(reforms)}
    for name, one in given.items():
        if not isinstance(one, Equilibrium):
            raise InputError(f"{name} is of type {type(one).__name__}; it must be an Equilibrium", name)
    base = baseline.ledger()
    every: dict[str, Equilibrium] = {}
    for reform in reforms:
        name = ", ".join(reform.policy.names) or "no measure"
        while name in every:
            name += "'"
        every[name] = reform
    if twice := sorted(every.keys() & named.keys()):
        raise InputError(f"two reforms are named {twice[0]!r}", twice[0])
    every |= named
    compared = {name: reform.ledger().against(base) for name, reform in every.items()}
    return Comparisons(compared, baseline, every)
