# Written by stubs.py from what the crate asks for.
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, Self, TypeAlias, TypedDict

from ._core import Demand, Measure, Record, Supply

__all__ = [
    "Appropriation",
    "Capital",
    "Case",
    "Common",
    "Conversion",
    "CostPoint",
    "Covered",
    "DiscountRates",
    "Dividend",
    "Growth",
    "Note",
    "OtherAssets",
    "Preferred",
    "PriceContract",
    "Product",
    "Project",
    "Redemption",
    "Reference",
    "Security",
    "Study",
    "Tax",
    "Timeline",
    "UpsideShare",
    "Warrant",
]

_Compounding: TypeAlias = Literal["Annual", "HalfYearly", "Quarterly", "Monthly"]

_CountedAs: TypeAlias = Literal["Debt", "Shares"]

_Coverage_Share_ = TypedDict("_Coverage_Share_", {"Share": float})
_Coverage_First = TypedDict("_Coverage_First", {"per_year": float})
_Coverage_First_ = TypedDict("_Coverage_First_", {"First": _Coverage_First})
_Coverage_Deemed = TypedDict("_Coverage_Deemed", {"per_year": float})
_Coverage_Deemed_ = TypedDict("_Coverage_Deemed_", {"Deemed": _Coverage_Deemed})
_Coverage: TypeAlias = _Coverage_Share_ | _Coverage_First_ | _Coverage_Deemed_

_Depreciation_StraightLine = TypedDict("_Depreciation_StraightLine", {"years": float})
_Depreciation_StraightLine_ = TypedDict("_Depreciation_StraightLine_", {"StraightLine": _Depreciation_StraightLine})
_Depreciation: TypeAlias = Literal["Expensed"] | _Depreciation_StraightLine_

_EndValue_Stated_ = TypedDict("_EndValue_Stated_", {"Stated": float})
_EndValue_Multiple_ = TypedDict("_EndValue_Multiple_", {"Multiple": float})
_EndValue: TypeAlias = Literal["Nothing"] | _EndValue_Stated_ | _EndValue_Multiple_

_Frequency: TypeAlias = Literal["Monthly", "Quarterly", "Yearly"]

_Indexation_Yearly_ = TypedDict("_Indexation_Yearly_", {"Yearly": float})
_Indexation: TypeAlias = Literal["Fixed", "Inflation"] | _Indexation_Yearly_

_Instrument_Common_ = TypedDict("_Instrument_Common_", {"Common": Common})
_Instrument_Preferred_ = TypedDict("_Instrument_Preferred_", {"Preferred": Preferred})
_Instrument_Note_ = TypedDict("_Instrument_Note_", {"Note": Note})
_Instrument_Warrant_ = TypedDict("_Instrument_Warrant_", {"Warrant": Warrant})
_Instrument: TypeAlias = _Instrument_Common_ | _Instrument_Preferred_ | _Instrument_Note_ | _Instrument_Warrant_

_MoneyBasis: TypeAlias = Literal["Nominal", "Real"]

_Observation: TypeAlias = Literal["PeriodAverage", "PeriodEnd"]

_Payoff_Floor = TypedDict("_Payoff_Floor", {"strike": NotRequired[float]})
_Payoff_Floor_ = TypedDict("_Payoff_Floor_", {"Floor": _Payoff_Floor})
_Payoff_TwoSided = TypedDict("_Payoff_TwoSided", {"strike": float})
_Payoff_TwoSided_ = TypedDict("_Payoff_TwoSided_", {"TwoSided": _Payoff_TwoSided})
_Payoff_Collar = TypedDict("_Payoff_Collar", {"floor": float, "cap": float})
_Payoff_Collar_ = TypedDict("_Payoff_Collar_", {"Collar": _Payoff_Collar})
_Payoff: TypeAlias = _Payoff_Floor_ | _Payoff_TwoSided_ | _Payoff_Collar_

_Payout_FreeCash = TypedDict("_Payout_FreeCash", {"from": float})
_Payout_FreeCash_ = TypedDict("_Payout_FreeCash_", {"FreeCash": _Payout_FreeCash})
_Payout: TypeAlias = Literal["Retain"] | _Payout_FreeCash_

_Quoted: TypeAlias = Literal["Benchmark", "Realised", "Sales"]

_RedemptionClaim: TypeAlias = Literal["Stated", "Accreted"]

_Settled: TypeAlias = Literal["InCash", "InKind"]

_Shortfall: TypeAlias = Literal["Lapses", "Carried"]

_WarrantSettlement: TypeAlias = Literal["Cash", "NetShare"]

Appropriation = TypedDict("Appropriation", {"per_year": float, "shortfall": _Shortfall})

Capital = TypedDict("Capital", {"cash": float, "cash_rate": float, "reserve": float, "owners": str, "owners_shares": float, "securities": NotRequired[Sequence[Security]], "payout": NotRequired[_Payout], "other_assets": NotRequired[OtherAssets]})

Common = TypedDict("Common", {"shares": NotRequired[float], "price": NotRequired[float]})

Conversion = TypedDict("Conversion", {"price": float, "from": NotRequired[float]})

CostPoint = TypedDict("CostPoint", {"output": float, "unit_cost": float})

Covered = TypedDict("Covered", {"contract": PriceContract, "product": NotRequired[str]})

DiscountRates = TypedDict("DiscountRates", {"project": NotRequired[float], "owners": NotRequired[float], "sponsor": NotRequired[float]})

Dividend = TypedDict("Dividend", {"rate": float, "compounding": _Compounding, "settled": _Settled, "cumulative": bool})

Growth = TypedDict("Growth", {"output": float, "capex": float, "start": float, "complete": float})

Note = TypedDict("Note", {"face": float, "coupon": float, "maturity": float, "conversion": NotRequired[Conversion | None], "counted_as": NotRequired[_CountedAs]})

OtherAssets = TypedDict("OtherAssets", {"value": float, "growth": float})

Preferred = TypedDict("Preferred", {"stated_value": float, "dividend": Dividend, "conversion": NotRequired[Conversion | None], "in_kind_converts": NotRequired[bool], "redemption": NotRequired[Redemption | None], "participating": NotRequired[bool]})

PriceContract = TypedDict("PriceContract", {"payoff": _Payoff, "reference": Reference, "coverage": _Coverage, "start": float, "end": float, "indexation": NotRequired[_Indexation], "upside": NotRequired[UpsideShare | None], "arrears": NotRequired[int], "appropriation": NotRequired[Appropriation | None]})

Product = TypedDict("Product", {"name": str, "commodity": int, "per_output": float, "realisation": float, "sales": NotRequired[float | None]})

Project = TypedDict("Project", {"name": str, "timeline": Timeline, "products": Sequence[Product], "output": float, "unit_cost": Sequence[CostPoint], "overhead": float, "sustaining_capex": float, "tax": Tax, "inflation": float, "prices": _MoneyBasis, "growth": NotRequired[Growth | None], "salvage": NotRequired[float], "end_value": NotRequired[_EndValue]})

Redemption = TypedDict("Redemption", {"from": float, "claim": _RedemptionClaim})

Reference = TypedDict("Reference", {"price": _Quoted, "observed": _Observation, "factor": NotRequired[float]})

Security = TypedDict("Security", {"holder": str, "instrument": _Instrument, "paid": NotRequired[float]})

Tax = TypedDict("Tax", {"rate": float, "loss_offset": float, "opening_losses": NotRequired[float], "depreciation": NotRequired[_Depreciation]})

Timeline = TypedDict("Timeline", {"frequency": _Frequency, "periods": int, "observations": int, "first_year": int, "first_month": int, "fiscal_month": int})

UpsideShare = TypedDict("UpsideShare", {"share": float, "threshold": float, "reference": Reference, "yearly_cap": NotRequired[float | None], "from": NotRequired[float | None], "indexation": NotRequired[_Indexation]})

Warrant = TypedDict("Warrant", {"shares": float, "strike": float, "expiry": float, "settlement": _WarrantSettlement})

class Case(Record):
    """One combination of capital and contracts to look at.

    name: Its name.
    capital: The capital that carries the project.
    contracts: The contracts that support it.
    """
    def __new__(
        cls,
        *,
        name: str | None = None,
        capital: Capital | None = None,
        contracts: Sequence[Covered] | None = None,
    ) -> Self: ...

class Study(Record):
    """A producer under uncertainty, in several cases side by side on the same price paths.

    **The decision to grow** is taken at the start, case by case, on what is then known: it is taken if the expected
    net present value of growing is at least that of staying, both over the whole timeline, at the project's discount
    rate, before financing, contracts and tax included. The money is then spent path by path, each instalment when the
    firm can pay it and keep its reserve. If the decision is not to grow, output stays as it is on every path.

    A study with these terms.

    project: The project, the same in every case.
    sponsor: Who pays the contracts and may hold securities: its holdings are found by this name.
    rates: Discount rates.
    cases: The cases. The first is the one that the others are compared with.
    """
    def __new__(
        cls,
        *,
        project: Project | None = None,
        sponsor: str | None = None,
        rates: DiscountRates | None = None,
        cases: Sequence[Case | Mapping[str, Any]] | None = None,
    ) -> Self: ...
