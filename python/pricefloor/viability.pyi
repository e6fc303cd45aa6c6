# Written by stubs.py from what the crate asks for.
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, Self, TypeAlias, TypedDict

from ._core import Demand, Market, Measure, Record, Supply

__all__ = [
    "Appropriation",
    "Build",
    "Capital",
    "Case",
    "Common",
    "Conversion",
    "CostPoint",
    "Covenants",
    "Covered",
    "Cure",
    "Depletion",
    "DiscountRates",
    "Dividend",
    "EntryExitTerms",
    "Grant",
    "Growth",
    "Guarantee",
    "Loan",
    "Mine",
    "Note",
    "Operations",
    "OtherAssets",
    "Preferred",
    "PriceContract",
    "Product",
    "Project",
    "Redemption",
    "Reference",
    "Restructuring",
    "Revolver",
    "RoyaltySale",
    "Security",
    "Stream",
    "Study",
    "Tax",
    "TaxCredit",
    "TaxRelief",
    "Timeline",
    "UpsideShare",
    "Warrant",
    "WorkingCapital",
]

_Arrival: TypeAlias = Literal["InParts", "AtOnce"]

_Compounding: TypeAlias = Literal["Annual", "HalfYearly", "Quarterly", "Monthly"]

_CountedAs: TypeAlias = Literal["Debt", "Shares"]

_Coverage_Share_ = TypedDict("_Coverage_Share_", {"Share": float})
_Coverage_First = TypedDict("_Coverage_First", {"per_year": NotRequired[float]})
_Coverage_First_ = TypedDict("_Coverage_First_", {"First": _Coverage_First})
_Coverage_Deemed = TypedDict("_Coverage_Deemed", {"per_year": NotRequired[float]})
_Coverage_Deemed_ = TypedDict("_Coverage_Deemed_", {"Deemed": _Coverage_Deemed})
_Coverage: TypeAlias = _Coverage_Share_ | _Coverage_First_ | _Coverage_Deemed_

_Depreciation_StraightLine = TypedDict("_Depreciation_StraightLine", {"years": NotRequired[float]})
_Depreciation_StraightLine_ = TypedDict("_Depreciation_StraightLine_", {"StraightLine": _Depreciation_StraightLine})
_Depreciation_DecliningBalance = TypedDict("_Depreciation_DecliningBalance", {"years": NotRequired[int], "factor": NotRequired[float]})
_Depreciation_DecliningBalance_ = TypedDict("_Depreciation_DecliningBalance_", {"DecliningBalance": _Depreciation_DecliningBalance})
_Depreciation: TypeAlias = Literal["Expensed"] | _Depreciation_StraightLine_ | _Depreciation_DecliningBalance_

_EndValue_Stated_ = TypedDict("_EndValue_Stated_", {"Stated": float})
_EndValue_Multiple_ = TypedDict("_EndValue_Multiple_", {"Multiple": float})
_EndValue: TypeAlias = Literal["Nothing"] | _EndValue_Stated_ | _EndValue_Multiple_

_Frequency: TypeAlias = Literal["Monthly", "Quarterly", "Yearly"]

_Indexation_Yearly_ = TypedDict("_Indexation_Yearly_", {"Yearly": float})
_Indexation: TypeAlias = Literal["Fixed", "Inflation"] | _Indexation_Yearly_

_Instrument_Common_ = TypedDict("_Instrument_Common_", {"Common": Common})
_Instrument_Preferred_ = TypedDict("_Instrument_Preferred_", {"Preferred": Preferred})
_Instrument_Note_ = TypedDict("_Instrument_Note_", {"Note": Note})
_Instrument_Loan_ = TypedDict("_Instrument_Loan_", {"Loan": Loan})
_Instrument_Revolver_ = TypedDict("_Instrument_Revolver_", {"Revolver": Revolver})
_Instrument_Guarantee_ = TypedDict("_Instrument_Guarantee_", {"Guarantee": Guarantee})
_Instrument_Grant_ = TypedDict("_Instrument_Grant_", {"Grant": Grant})
_Instrument_Stream_ = TypedDict("_Instrument_Stream_", {"Stream": Stream})
_Instrument_RoyaltySale_ = TypedDict("_Instrument_RoyaltySale_", {"RoyaltySale": RoyaltySale})
_Instrument_Warrant_ = TypedDict("_Instrument_Warrant_", {"Warrant": Warrant})
_Instrument: TypeAlias = _Instrument_Common_ | _Instrument_Preferred_ | _Instrument_Note_ | _Instrument_Loan_ | _Instrument_Revolver_ | _Instrument_Guarantee_ | _Instrument_Grant_ | _Instrument_Stream_ | _Instrument_RoyaltySale_ | _Instrument_Warrant_

_MoneyBasis: TypeAlias = Literal["Nominal", "Real"]

_Observation: TypeAlias = Literal["PeriodAverage", "PeriodEnd"]

_Payoff_Floor = TypedDict("_Payoff_Floor", {"strike": NotRequired[float]})
_Payoff_Floor_ = TypedDict("_Payoff_Floor_", {"Floor": _Payoff_Floor})
_Payoff_TwoSided = TypedDict("_Payoff_TwoSided", {"strike": NotRequired[float]})
_Payoff_TwoSided_ = TypedDict("_Payoff_TwoSided_", {"TwoSided": _Payoff_TwoSided})
_Payoff_Collar = TypedDict("_Payoff_Collar", {"floor": NotRequired[float], "cap": NotRequired[float]})
_Payoff_Collar_ = TypedDict("_Payoff_Collar_", {"Collar": _Payoff_Collar})
_Payoff: TypeAlias = _Payoff_Floor_ | _Payoff_TwoSided_ | _Payoff_Collar_

_Payout_FreeCash = TypedDict("_Payout_FreeCash", {"from": float})
_Payout_FreeCash_ = TypedDict("_Payout_FreeCash_", {"FreeCash": _Payout_FreeCash})
_Payout: TypeAlias = Literal["Retain"] | _Payout_FreeCash_

_Quoted: TypeAlias = Literal["Benchmark", "Realised", "Sales"]

_RedemptionClaim: TypeAlias = Literal["Stated", "Accreted"]

_Remedy_Restructure_ = TypedDict("_Remedy_Restructure_", {"Restructure": Restructuring})
_Remedy: TypeAlias = Literal["Liquidate"] | _Remedy_Restructure_

_Repayment_Scheduled_ = TypedDict("_Repayment_Scheduled_", {"Scheduled": Sequence[float]})
_Repayment: TypeAlias = Literal["Bullet", "Equal", "Annuity"] | _Repayment_Scheduled_

_Seniority: TypeAlias = Literal["Senior", "Subordinated"]

_Settled: TypeAlias = Literal["InCash", "InKind"]

_Shortfall: TypeAlias = Literal["Lapses", "Carried"]

_StreamPrice_Fixed_ = TypedDict("_StreamPrice_Fixed_", {"Fixed": float})
_StreamPrice_OfRealised_ = TypedDict("_StreamPrice_OfRealised_", {"OfRealised": float})
_StreamPrice: TypeAlias = _StreamPrice_Fixed_ | _StreamPrice_OfRealised_

_WarrantSettlement: TypeAlias = Literal["Cash", "NetShare"]

Appropriation = TypedDict("Appropriation", {"per_year": NotRequired[float], "shortfall": NotRequired[_Shortfall]})

Build = TypedDict("Build", {"schedule": NotRequired[Sequence[float]], "overrun": NotRequired[float], "delay": NotRequired[float], "ramp": NotRequired[Sequence[float]], "arrival": NotRequired[_Arrival]})

Capital = TypedDict("Capital", {"cash": float, "cash_rate": float, "reserve": float, "owners": str, "owners_shares": float, "securities": NotRequired[Sequence[Security]], "payout": NotRequired[_Payout], "other_assets": NotRequired[OtherAssets], "covenants": NotRequired[Covenants]})

Common = TypedDict("Common", {"shares": NotRequired[float], "price": NotRequired[float]})

Conversion = TypedDict("Conversion", {"price": float, "from": NotRequired[float]})

CostPoint = TypedDict("CostPoint", {"output": NotRequired[float], "unit_cost": NotRequired[float]})

Covenants = TypedDict("Covenants", {"lock_up": NotRequired[float | None], "minimum": NotRequired[float | None], "cure": NotRequired[Cure | None], "remedy": NotRequired[_Remedy]})

Covered = TypedDict("Covered", {"product": NotRequired[str], "contract": NotRequired[PriceContract]})

Cure = TypedDict("Cure", {"times": int, "most": float})

Depletion = TypedDict("Depletion", {"of_sales": NotRequired[float], "most": NotRequired[float]})

DiscountRates = TypedDict("DiscountRates", {"project": float, "owners": float, "sponsor": float})

Dividend = TypedDict("Dividend", {"rate": float, "compounding": _Compounding, "settled": _Settled, "cumulative": bool})

Grant = TypedDict("Grant", {"share": float, "most": float})

Growth = TypedDict("Growth", {"output": NotRequired[float], "capex": NotRequired[float], "start": NotRequired[float], "complete": NotRequired[float], "build": NotRequired[Build]})

Guarantee = TypedDict("Guarantee", {"covers": int, "share": float, "fee": float})

Loan = TypedDict("Loan", {"principal": float, "rate": float, "maturity": float, "repayment": _Repayment, "grace": NotRequired[float], "seniority": NotRequired[_Seniority]})

Note = TypedDict("Note", {"face": float, "coupon": float, "maturity": float, "conversion": NotRequired[Conversion | None], "counted_as": NotRequired[_CountedAs]})

Operations = TypedDict("Operations", {"royalty": NotRequired[float], "working_capital": NotRequired[WorkingCapital], "closure": NotRequired[float]})

OtherAssets = TypedDict("OtherAssets", {"value": float, "growth": float})

Preferred = TypedDict("Preferred", {"stated_value": float, "dividend": Dividend, "conversion": NotRequired[Conversion | None], "in_kind_converts": NotRequired[bool], "redemption": NotRequired[Redemption | None], "participating": NotRequired[bool]})

PriceContract = TypedDict("PriceContract", {"payoff": NotRequired[_Payoff], "reference": NotRequired[Reference], "coverage": NotRequired[_Coverage], "start": NotRequired[float], "end": NotRequired[float], "indexation": NotRequired[_Indexation], "upside": NotRequired[UpsideShare | None], "arrears": NotRequired[int], "appropriation": NotRequired[Appropriation | None]})

Product = TypedDict("Product", {"name": NotRequired[str], "commodity": NotRequired[int], "per_output": NotRequired[float], "realisation": NotRequired[float], "sales": NotRequired[float | None]})

Project = TypedDict("Project", {"name": NotRequired[str], "timeline": NotRequired[Timeline], "products": NotRequired[Sequence[Product]], "output": NotRequired[float], "unit_cost": NotRequired[Sequence[CostPoint]], "overhead": NotRequired[float], "sustaining_capex": NotRequired[float], "operations": NotRequired[Operations], "growth": NotRequired[Growth | None], "tax": NotRequired[Tax], "inflation": NotRequired[float], "prices": NotRequired[_MoneyBasis], "salvage": NotRequired[float], "end_value": NotRequired[_EndValue]})

Redemption = TypedDict("Redemption", {"from": float, "claim": _RedemptionClaim})

Reference = TypedDict("Reference", {"price": NotRequired[_Quoted], "observed": NotRequired[_Observation], "factor": NotRequired[float]})

Restructuring = TypedDict("Restructuring", {"haircut": float, "standstill": float, "shares": float, "times": int})

Revolver = TypedDict("Revolver", {"limit": float, "rate": float, "fee": float, "until": float})

RoyaltySale = TypedDict("RoyaltySale", {"share": float, "until": float, "from": NotRequired[float]})

Security = TypedDict("Security", {"instrument": _Instrument, "holder": NotRequired[str], "paid": NotRequired[float]})

Stream = TypedDict("Stream", {"product": int, "share": float, "price": _StreamPrice, "until": float, "units": NotRequired[float | None], "from": NotRequired[float]})

Tax = TypedDict("Tax", {"rate": NotRequired[float], "loss_offset": NotRequired[float], "opening_losses": NotRequired[float], "losses_last": NotRequired[int | None], "depreciation": NotRequired[_Depreciation], "relief": NotRequired[TaxRelief]})

TaxCredit = TypedDict("TaxCredit", {"of_operating_cost": NotRequired[float], "of_growth_capital": NotRequired[float], "until": NotRequired[float], "refundable": NotRequired[bool]})

TaxRelief = TypedDict("TaxRelief", {"depletion": NotRequired[Depletion | None], "credit": NotRequired[TaxCredit | None]})

Timeline = TypedDict("Timeline", {"frequency": NotRequired[_Frequency], "periods": NotRequired[int], "observations": NotRequired[int], "first_year": NotRequired[int], "first_month": NotRequired[int], "fiscal_month": NotRequired[int]})

UpsideShare = TypedDict("UpsideShare", {"share": NotRequired[float], "threshold": NotRequired[float], "reference": NotRequired[Reference], "yearly_cap": NotRequired[float | None], "from": NotRequired[float | None], "indexation": NotRequired[_Indexation]})

Warrant = TypedDict("Warrant", {"shares": float, "strike": float, "expiry": float, "settlement": _WarrantSettlement})

WorkingCapital = TypedDict("WorkingCapital", {"receivable_days": NotRequired[float], "inventory_days": NotRequired[float], "payable_days": NotRequired[float], "opening": NotRequired[float]})

class Case(Record):
    """One combination of capital and contracts to look at.

    name: Its name.
    capital: The capital that carries the project.
    contracts: The contracts that support it.
    """
    def __new__(
        cls,
        *,
        name: str,
        capital: Capital,
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
        project: Project,
        sponsor: str | None = None,
        rates: DiscountRates | None = None,
        cases: Sequence[Case | Mapping[str, Any]] | None = None,
    ) -> Self: ...

class Mine(Record):
    """A mine that can be closed, opened again and abandoned (Brennan and Schwartz 1985).

    While open it earns q (max(P, floor) (1 - royalty) - cost) a year, less tax, and its reserve shrinks by q; closed it
    costs its upkeep. A yearly tax on the mine's own value is part of the discount rate.

    A mine with these terms.

    output: Output while open, units a year.
    step: Years from one decision date to the next: the grid of dates must keep this step.
    unit_cost: Cost of a unit, currency per unit.
    upkeep: Cost of keeping a closed mine, money a year.
    opening: Cost of opening a closed mine, money.
    closing: Cost of closing an open one, money.
    leaving: Cost of leaving for good, money; negative where something is got for the plant.
    royalty: Royalty, as a share of revenue.
    income_tax: Income tax on what an open mine earns in a step, as a share; a loss is neither refunded nor carried forward.
    reserve: Units in the ground; none where they last for ever.
    floor: Strike of a contract floor on all output, currency per unit: the sponsor pays what the price lacks.
    """
    def __new__(
        cls,
        *,
        output: float,
        step: float,
        unit_cost: float,
        upkeep: float,
        opening: float,
        closing: float,
        leaving: float,
        royalty: float,
        income_tax: float,
        reserve: float | None = None,
        floor: float | None = None,
    ) -> Self: ...

class EntryExitTerms(Record):
    """The profits at which a firm enters and leaves.

    mean: Mean of the profit that the market offers in a period, in currency.
    persistence: How much of a departure from the mean is left a period later, from 0 to 1.
    deviation: Standard deviation of what is new in a period, in currency.
    entry_cost: What it costs to enter, in currency.
    exit_cost: What it costs to leave, in currency.
    discount: Discount factor of a period, below 1.
    nodes: Points of the Gauss-Hermite quadrature that stands for the normal distribution of what is new.
    """
    def __new__(
        cls,
        *,
        mean: float,
        persistence: float,
        deviation: float,
        entry_cost: float,
        exit_cost: float,
        discount: float,
        nodes: int,
    ) -> Self: ...
