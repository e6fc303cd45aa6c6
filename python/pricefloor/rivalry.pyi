# Written by stubs.py from what the crate asks for.
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, Self, TypeAlias, TypedDict

from ._core import Demand, Market, Measure, Record, Supply

__all__ = [
    "EntrantContract",
    "FreeEntry",
    "Leader",
    "LimitPricing",
    "LimitPricingTerms",
    "Player",
    "Predation",
    "ReplyGame",
]

_Lever_output = TypedDict("_Lever_output", {"activity": NotRequired[str]})
_Lever_output_ = TypedDict("_Lever_output_", {"output": _Lever_output})
_Lever_number = TypedDict("_Lever_number", {"path": str})
_Lever_number_ = TypedDict("_Lever_number_", {"number": _Lever_number})
_Lever: TypeAlias = _Lever_output_ | _Lever_number_

_Outcome_price = TypedDict("_Outcome_price", {"region": NotRequired[str], "commodity": NotRequired[str]})
_Outcome_price_ = TypedDict("_Outcome_price_", {"price": _Outcome_price})
_Outcome_demanded = TypedDict("_Outcome_demanded", {"region": str, "commodity": str})
_Outcome_demanded_ = TypedDict("_Outcome_demanded_", {"demanded": _Outcome_demanded})
_Outcome_level = TypedDict("_Outcome_level", {"activity": str})
_Outcome_level_ = TypedDict("_Outcome_level_", {"level": _Outcome_level})
_Outcome_bought = TypedDict("_Outcome_bought", {"region": str, "commodity": str})
_Outcome_bought_ = TypedDict("_Outcome_bought_", {"bought": _Outcome_bought})
_Outcome_unknown = TypedDict("_Outcome_unknown", {"path": str})
_Outcome_unknown_ = TypedDict("_Outcome_unknown_", {"unknown": _Outcome_unknown})
_Outcome_outlay = TypedDict("_Outcome_outlay", {"measure": str})
_Outcome_outlay_ = TypedDict("_Outcome_outlay_", {"outlay": _Outcome_outlay})
_Outcome_surplus = TypedDict("_Outcome_surplus", {"party": str})
_Outcome_surplus_ = TypedDict("_Outcome_surplus_", {"surplus": _Outcome_surplus})
_Outcome_welfare = TypedDict("_Outcome_welfare", {"region": str})
_Outcome_welfare_ = TypedDict("_Outcome_welfare_", {"welfare": _Outcome_welfare})
_Outcome: TypeAlias = _Outcome_price_ | _Outcome_demanded_ | _Outcome_level_ | _Outcome_bought_ | _Outcome_unknown_ | _Outcome_outlay_ | _Outcome_surplus_ | _Outcome_welfare_

EntrantContract = TypedDict("EntrantContract", {"strike": float, "volume": float})

LimitPricingTerms = TypedDict("LimitPricingTerms", {"demand_intercept": float, "demand_slope": float, "cost": float, "entry_price": float, "entry_speed": float, "discount_rate": float})

Player = TypedDict("Player", {"name": str, "moves": Leader | Mapping[str, Any]})

class Leader(Record):
    """Who moves first, knowing how the market answers.

    The leader chooses one number `y` in a range and wants `sum of weight x outcome(y) - own cost(y)`, each outcome that
    of the market's equilibrium at `y`. A competitive fringe is every firm without conduct; firms with conduct answer as
    Cournot rivals who take the leader's output as given.

    lever
    from_
    to
    main: Wants this outcome instead of its owner's profit: the welfare of its region, say, of which the profit is a part. The cost of an output that it sets is taken off all the same.
    extras: Also wants so many units of money for each unit of an outcome: a strategic weight. Negative to want less of it, as of a rival's output.
    samples: Points over the range at which the search starts, and cells between them that are searched. 64 unless set; more for an objective with many peaks.
    """
    def __new__(
        cls,
        *,
        lever: _Lever,
        from_: float,
        to: float,
        main: _Outcome | None = None,
        extras: Sequence[Sequence[Any]] | None = None,
        samples: int | None = None,
    ) -> Self: ...

class FreeEntry(Record):
    """Identical firms that enter while their profit covers a fixed cost.

    The market holds one of them: an activity owned by a firm that owns nothing else, with the conduct that each of them
    has. `n` such firms are that activity with `n` times the quantity at each marginal cost and a conjectural variation
    divided by `n`, which is their symmetric equilibrium for any `n`, whole or not. A measure that covers the activity
    covers all of them together.

    With `P = a - b Q`, constant marginal cost `c`, Cournot conduct and fixed cost `F`, profit is zero at
    `n = (a - c) / sqrt(b F) - 1` (Mankiw and Whinston 1986, who show that this is more firms than is best for all).

    Firms like the owner of this activity, each with a fixed cost in money per year.

    activity
    fixed_cost
    most: The number of firms beyond which entry counts as unlimited; a million unless set.
    """
    def __new__(
        cls,
        *,
        activity: str,
        fixed_cost: float,
        most: int | None = None,
    ) -> Self: ...

class ReplyGame(Record):
    """A game of replies: each player sets one number of the system, such as the rate of its tariff or export tax, and wants
    an outcome, such as the welfare of its region, knowing how the market answers and taking the others' numbers as given.

    Best replies go round from every corner of the ranges and from their middle. Where nobody moves any more is a Nash
    equilibrium in pure strategies, certified by a search of each player's whole range. There can be several, or none: then
    the replies go round for ever, and that cycle is the outcome.

    A game without players yet.

    players: Adds a player: the number that it sets, its range and what it wants, as `Leader::number` says them.
    """
    def __new__(
        cls,
        *,
        players: Sequence[Player],
    ) -> Self: ...

class Predation(Record):
    """A rival that can flood a market, and the producer it would drive out.

    In each of `T` years the rival sells what brings the price down to a flood price, and earns `pi_flood` instead of the
    `pi_0` of its best choice beside the producer; the producer then leaves for `N` years, in which the rival earns
    `pi_alone`. With a discount factor `b` and flows at the end of the year, flooding pays when

    `sum over t <= T of b^t (pi_0 - pi_flood) <= sum over T < t <= T + N of b^t (pi_alone - pi_0)`.

    A contract floor on a volume `V` of the producer's output, at a strike that covers its avoidable cost, keeps `V` in the
    market whatever the price: what the rival can gain shrinks with `V`, and what it gives up grows.

    A rival activity that can set its output within a range, per year, against the owner of another activity. It floods
    for three years, discounts at 10 % a year and stays alone for ever unless said.

    rival
    prey
    from_
    to
    flood_price: The price to which the rival floods, money per unit; the marginal cost of the producer's first unit unless said.
    years: Years of flooding after which the producer leaves.
    alone: Years for which the rival is then alone, before somebody enters again.
    discount_rate: The rival's discount rate, a fraction per year.
    fixed_cost: What the producer avoids by leaving, beyond the cost curve of its activity: money per year.
    wants: What the rival wants instead of its owner's profit: the welfare of its region, say.
    """
    def __new__(
        cls,
        *,
        rival: str,
        prey: str,
        from_: float,
        to: float,
        flood_price: float | None = None,
        years: int | None = None,
        alone: int | None = None,
        discount_rate: float | None = None,
        fixed_cost: float | None = None,
        wants: _Outcome | None = None,
    ) -> Self: ...

class LimitPricing(Record):
    """LimitPricingFile

    terms
    contract
    """
    def __new__(
        cls,
        *,
        terms: LimitPricingTerms,
        contract: EntrantContract | None = None,
    ) -> Self: ...
