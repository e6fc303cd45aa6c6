# Written by stubs.py from what the crate asks for.
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, Self, TypeAlias, TypedDict

from ._core import Demand, Market, Measure, Record, Supply

__all__ = [
    "Buyers",
    "Cover",
    "Funds",
    "Interruption",
    "JointOutcome",
    "Member",
    "Observed",
    "Order",
    "Outcome",
    "Outlook",
    "Regime",
    "RegimeTerms",
    "Rules",
    "Step",
    "Stockpile",
    "StockpiledCommodity",
    "StorageTerms",
    "Supplies",
    "TradeRegime",
    "TradeTerms",
    "TradingRegion",
    "Warehouse",
]

_Action_Buy_ = TypedDict("_Action_Buy_", {"Buy": float})
_Action_Release_ = TypedDict("_Action_Release_", {"Release": float})
_Action: TypeAlias = _Action_Buy_ | _Action_Release_

Buyers = TypedDict("Buyers", {"name": NotRequired[str], "demand": NotRequired[Demand | Supply | Mapping[str, Any]]})

Cover = TypedDict("Cover", {"name": NotRequired[str], "per_year": NotRequired[float]})

Funds = TypedDict("Funds", {"capital": float, "loan": float, "interest": float})

Interruption = TypedDict("Interruption", {"from": int, "to": int, "left": float, "commodity": NotRequired[str | None]})

JointOutcome = TypedDict("JointOutcome", {"values": NotRequired[Sequence[float]], "probability": NotRequired[float]})

Member = TypedDict("Member", {"name": NotRequired[str], "share": NotRequired[float], "price": NotRequired[float]})

Observed = TypedDict("Observed", {"price": float, "quantity": float})

Order = TypedDict("Order", {"commodity": str, "period": int, "action": _Action})

Outcome = TypedDict("Outcome", {"value": NotRequired[float], "probability": NotRequired[float]})

Regime = TypedDict("Regime", {"name": NotRequired[str], "demand": NotRequired[Demand | Supply | Mapping[str, Any]], "yields": NotRequired[Sequence[Outcome]], "imports": NotRequired[Demand | Supply | Mapping[str, Any] | None]})

Rules = TypedDict("Rules", {"buy_below": NotRequired[float | None], "target_days": NotRequired[float], "pace": NotRequired[float], "sell_above": NotRequired[float | None], "emergency_only": NotRequired[bool], "rotation": NotRequired[float], "rotation_cost": NotRequired[float]})

Step = TypedDict("Step", {"price": float, "quantity": float, "name": NotRequired[str | None]})

StockpiledCommodity = TypedDict("StockpiledCommodity", {"name": NotRequired[str], "buyers": NotRequired[Sequence[Buyers]], "supplies": NotRequired[Supplies], "cover": NotRequired[Sequence[Cover]], "capacity": NotRequired[float], "opening": NotRequired[float], "opening_price": NotRequired[float], "holding_cost": NotRequired[float], "deterioration": NotRequired[float], "rules": NotRequired[Rules], "members": NotRequired[Sequence[Member]]})

Supplies = TypedDict("Supplies", {"safe": NotRequired[Demand | Supply | Mapping[str, Any] | None], "exposed": NotRequired[Demand | Supply | Mapping[str, Any] | None]})

TradeRegime = TypedDict("TradeRegime", {"name": NotRequired[str], "yields": NotRequired[Sequence[JointOutcome]], "there": NotRequired[float | None], "back": NotRequired[float | None]})

TradingRegion = TypedDict("TradingRegion", {"name": NotRequired[str], "demand": NotRequired[Demand | Supply | Mapping[str, Any]], "supply": NotRequired[Demand | Supply | Mapping[str, Any]], "warehouse": NotRequired[Warehouse]})

Warehouse = TypedDict("Warehouse", {"cost": float, "deterioration": float, "interest": float})

class StorageTerms(Record):
    """Terms of a `StorageModel`(super::StorageModel).

    demand: What is bought for use in a period, at each price.
    supply: What is planned a period ahead, at each expected receipt per planned unit `E[price x yield]`, in money of the period in which it is delivered. A cost that is paid when it is planned counts `1 + interest` times.
    yields: Output per planned unit.
    warehouse: Storage.
    public: A public stock beside the private one.
    contract_floor: Strike of a contract floor on all that is planned, in currency per unit: producers plan on what they get, `E[max(price, strike) x yield]`, and their sponsor pays the difference, while buyers and owners of stocks see the market price.
    """
    def __new__(
        cls,
        *,
        demand: Demand | Supply | Mapping[str, Any],
        supply: Demand | Supply | Mapping[str, Any] | None = None,
        yields: Sequence[Outcome] | None = None,
        warehouse: Warehouse | None = None,
        public: Demand | Supply | Mapping[str, Any] | None = None,
        contract_floor: float | None = None,
    ) -> Self: ...

class RegimeTerms(Record):
    """One regime of a market: free trade, restrictions, an embargo.

    regimes: The regimes. The regime of a period is known before anything is stored or planned in it.
    transition: `transition[m][n]` is the probability that regime `n` follows regime `m`.
    supply: What is planned a period ahead, as in `StorageTerms::supply`.
    warehouse: What a unit stored is worth in units delivered next period, discounted: `(1 - deterioration) / (1 + interest)`.
    public: A public stock beside the private one.
    contract_floor: Strike of a contract floor on all that is planned, in currency per unit: producers plan on what they get, `E[max(price, strike) x yield]`, and their sponsor pays the difference, while buyers and owners of stocks see the market price.
    """
    def __new__(
        cls,
        *,
        regimes: Sequence[Regime],
        transition: Sequence[Sequence[float]] | None = None,
        supply: Demand | Supply | Mapping[str, Any] | None = None,
        warehouse: Warehouse | None = None,
        public: Demand | Supply | Mapping[str, Any] | None = None,
        contract_floor: float | None = None,
    ) -> Self: ...

class TradeTerms(Record):
    """Terms of a `TradeModel`(super::TradeModel).

    regions: The two regions.
    regimes: The regimes. The regime of a period is known before anything is shipped, stored or planned in it.
    transition: `transition[m][n]` is the probability that regime `n` follows regime `m`.
    """
    def __new__(
        cls,
        *,
        regions: Sequence[TradingRegion],
        regimes: Sequence[TradeRegime] | None = None,
        transition: Sequence[Sequence[float]] | None = None,
    ) -> Self: ...

class Stockpile(Record):
    """A public stockpile with a budget, beside the markets that it buys from and sells to.

    In each period and for each commodity the market clears with what the stockpile does in it:

    A stockpile with these terms.

    funds: What it buys with.
    commodities: What it holds. One budget serves all: the first buys first.
    """
    def __new__(
        cls,
        *,
        funds: Funds,
        commodities: Sequence[StockpiledCommodity],
    ) -> Self: ...

class Outlook(Record):
    """The years that a stockpile is run through.

    periods: Number of periods.
    years: Length of a period, in years.
    interruptions: Closed sources.
    orders: Orders.
    """
    def __new__(
        cls,
        *,
        periods: int,
        years: float,
        interruptions: Sequence[Interruption] | None = None,
        orders: Sequence[Order] | None = None,
    ) -> Self: ...
