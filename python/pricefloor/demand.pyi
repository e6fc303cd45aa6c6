# Written by stubs.py from what the crate asks for.
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, Self, TypeAlias, TypedDict

from ._core import Demand, Market, Measure, Record, Supply

__all__ = [
    "CrossPrice",
    "Nest",
    "NestedCes",
    "Observed",
]

_Branch_good = TypedDict("_Branch_good", {"commodity": NotRequired[str], "observed": NotRequired[Observed]})
_Branch_good_ = TypedDict("_Branch_good_", {"good": _Branch_good})
_Branch_nest = TypedDict("_Branch_nest", {"name": NotRequired[str], "nest": Nest})
_Branch_nest_ = TypedDict("_Branch_nest_", {"nest": _Branch_nest})
_Branch: TypeAlias = _Branch_good_ | _Branch_nest_

Nest = TypedDict("Nest", {"substitution": NotRequired[float], "branches": NotRequired[Sequence[_Branch]]})

Observed = TypedDict("Observed", {"price": NotRequired[float], "quantity": NotRequired[float]})

class NestedCes(Record):
    """Demand for goods that substitute for one another at constant elasticities, in nests (Armington: domestic against
    imported, imports by origin).

    In calibrated share form (Rutherford 2002, "Lecture notes on constant elasticity functions"): with the observed
    prices `p0` and quantities `q0`, the price index of a nest is
    `P = (sum_c s_c P_c^(1 - substitution))^(1 / (1 - substitution))`, where `P_c` is `p / p0` for a good and the index of
    an inner nest, and `s_c` its share of the observed value. The composite of all goods is bought as `Q = P^elasticity`,
    and within a nest `Q_c = Q (P / P_c)^substitution`; a good is bought in the quantity `q0 Q_c`. With a substitution of 1
    the index is the geometric mean (Cobb-Douglas). At the observed prices the observed quantities are bought.

    The own-price elasticity of a good with the share `s` of a single nest is `s elasticity - (1 - s) substitution`, and
    that in another's price `s_other (elasticity + substitution)`, as in Francois and Hall (2003).

    Surplus is counted from the observed prices: the area under the demand for the composite, between its price index and
    one, times the observed value.

    Demand with an elasticity of the composite in its price index, below zero, and the nests.

    elasticity
    nest
    """
    def __new__(
        cls,
        *,
        elasticity: float,
        nest: Nest,
    ) -> Self: ...

class CrossPrice(Record):
    """Linear demand for several goods: what a unit of each is worth is
    `P_i = intercept_i + sum_j slope_ij Q_j`, with symmetric slopes whose matrix is negative definite (quadratic
    quasi-linear utility; Singh and Vives 1984). A good whose price is above its worth is not bought, and the others then
    follow their own lines.

    With one good it would be the straight line of `Demand::linear`(crate::curve::Demand::linear). A negative cross slope
    makes two goods substitutes, a positive one complements. Surplus is counted from the intercepts, at which nothing is
    bought.

    goods
    intercepts
    slopes
    """
    def __new__(
        cls,
        *,
        goods: Sequence[str],
        intercepts: Sequence[float],
        slopes: Sequence[Sequence[float]],
    ) -> Self: ...
