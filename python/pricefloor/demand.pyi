# Written by stubs.py from what the crate asks for.
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, Self, TypeAlias, TypedDict

from ._core import Demand, Market, Measure, Record, Supply

__all__ = [
    "CrossPrice",
    "Nest",
    "Observed",
]

_Branch_good = TypedDict("_Branch_good", {"commodity": NotRequired[str], "observed": NotRequired[Observed]})
_Branch_good_ = TypedDict("_Branch_good_", {"good": _Branch_good})
_Branch_nest = TypedDict("_Branch_nest", {"name": NotRequired[str], "nest": Nest})
_Branch_nest_ = TypedDict("_Branch_nest_", {"nest": _Branch_nest})
_Branch: TypeAlias = _Branch_good_ | _Branch_nest_

Nest = TypedDict("Nest", {"branches": Sequence[_Branch], "substitution": NotRequired[float]})

Observed = TypedDict("Observed", {"price": NotRequired[float], "quantity": NotRequired[float]})

class CrossPrice(Record):
    """

    nest
    goods
    intercepts
    slopes
    elasticity
    """
    def __new__(
        cls,
        *,
        nest: Nest,
        goods: Sequence[str],
        intercepts: Sequence[float],
        slopes: Sequence[Sequence[float]],
        elasticity: float | None = None,
    ) -> Self: ...
