# Written by stubs.py from what the crate asks for.
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, Self, TypeAlias, TypedDict

from ._core import Demand, Market, Measure, Record, Supply

__all__ = [
    "Calendar",
    "Dated",
    "Growth",
    "Horizon",
    "Varying",
]

_Foresight: TypeAlias = Literal["perfect", "rolling"]

_Stacking: TypeAlias = Literal["add", "highest", "instead"]

Calendar = TypedDict("Calendar", {"years": NotRequired[float], "step": NotRequired[float]})

Dated = TypedDict("Dated", {"name": NotRequired[str], "measure": NotRequired[Measure], "stacking": NotRequired[_Stacking | None], "from": NotRequired[float], "until": NotRequired[float | None], "known_from": NotRequired[float], "varying": NotRequired[Sequence[Varying]]})

Growth = TypedDict("Growth", {"region": NotRequired[str], "commodity": NotRequired[str], "rate": NotRequired[float]})

Varying = TypedDict("Varying", {"term": NotRequired[str], "points": NotRequired[Sequence[Any]]})

class Horizon(Record):
    """A market over many periods: what is built, stored and used up, and the measures with their dates.

    Prices are in real terms; all flows of a period fall at its end and are rates per year.

    market
    calendar: The horizon, checked.
    discount_rate
    foresight: How far those who store and invest look ahead; to the end unless said.
    growth: Lets the final demand for a commodity in a region grow, a fraction per year: the quantity at each price.
    measures: Adds a measure with its dates. Measures in force together stand in the order in which they were added.
    """
    def __new__(
        cls,
        *,
        market: Market | None = None,
        calendar: Calendar | None = None,
        discount_rate: float | None = None,
        foresight: _Foresight | None = None,
        growth: Sequence[Growth] | None = None,
        measures: Sequence[Dated] | None = None,
    ) -> Self: ...
