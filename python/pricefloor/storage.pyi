# Written by stubs.py from what the crate asks for.
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, Self, TypeAlias, TypedDict

from ._core import Demand, Measure, Record, Supply

__all__ = [
    "Observed",
    "Outcome",
    "Regime",
    "RegimeTerms",
    "Step",
    "StorageTerms",
    "Warehouse",
]

Observed = TypedDict("Observed", {"price": float, "quantity": float})

Outcome = TypedDict("Outcome", {"value": float, "probability": float})

Regime = TypedDict("Regime", {"name": NotRequired[str], "demand": NotRequired[Demand | Supply | Mapping[str, Any]], "yields": NotRequired[Sequence[Outcome]]})

Step = TypedDict("Step", {"price": float, "quantity": float, "name": NotRequired[str | None]})

Warehouse = TypedDict("Warehouse", {"cost": NotRequired[float], "deterioration": NotRequired[float], "interest": NotRequired[float]})

class StorageTerms(Record):
    """Terms of a `StorageModel`(super::StorageModel).

    yields: Output per planned unit.
    demand: What is bought for use in a period, at each price.
    supply: What is planned a period ahead, at each expected receipt per planned unit `E[price x yield]`, in money of the period in which it is delivered. A cost that is paid when it is planned counts `1 + interest` times.
    warehouse: Storage.
    public: A public stock beside the private one.
    """
    def __new__(
        cls,
        *,
        yields: Sequence[Outcome],
        demand: Demand | Supply | Mapping[str, Any] | None = None,
        supply: Demand | Supply | Mapping[str, Any] | None = None,
        warehouse: Warehouse | None = None,
        public: Demand | Supply | Mapping[str, Any] | None = None,
    ) -> Self: ...

class RegimeTerms(Record):
    """One regime of a market: free trade, restrictions, an embargo.

    regimes: The regimes. The regime of a period is known before anything is stored or planned in it.
    transition: `transition[m][n]` is the probability that regime `n` follows regime `m`.
    supply: What is planned a period ahead, as in `StorageTerms::supply`.
    warehouse: What a unit stored is worth in units delivered next period, discounted: `(1 - deterioration) / (1 + interest)`.
    public: A public stock beside the private one.
    """
    def __new__(
        cls,
        *,
        regimes: Sequence[Regime],
        transition: Sequence[Sequence[float]] | None = None,
        supply: Demand | Supply | Mapping[str, Any] | None = None,
        warehouse: Warehouse | None = None,
        public: Demand | Supply | Mapping[str, Any] | None = None,
    ) -> Self: ...
