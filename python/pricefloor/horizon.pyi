# Written by stubs.py from what the crate asks for.
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, Self, TypeAlias, TypedDict

from ._core import Demand, Market, Measure, Record, Supply

__all__ = [
    "Appropriation",
    "Build",
    "Calendar",
    "Capital",
    "Case",
    "Common",
    "Conversion",
    "CostPoint",
    "Covenants",
    "Covered",
    "Cure",
    "Dated",
    "Depletion",
    "DiscountRates",
    "Dividend",
    "Entrant",
    "Expansion",
    "Firm",
    "Grant",
    "Growth",
    "Guarantee",
    "Horizon",
    "Loan",
    "MeanReverting",
    "Note",
    "Operations",
    "OtherAssets",
    "Preferred",
    "PriceContract",
    "Product",
    "Project",
    "Redemption",
    "Reference",
    "Reserve",
    "Restructuring",
    "Review",
    "Revolver",
    "RoyaltySale",
    "Security",
    "Settings",
    "Stage",
    "Store",
    "Stream",
    "Study",
    "Tax",
    "TaxCredit",
    "TaxRelief",
    "Timeline",
    "UpsideShare",
    "Varying",
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

_Draws_Plain = TypedDict("_Draws_Plain", {"seed": NotRequired[int]})
_Draws_Plain_ = TypedDict("_Draws_Plain_", {"Plain": _Draws_Plain})
_Draws_Antithetic = TypedDict("_Draws_Antithetic", {"seed": NotRequired[int]})
_Draws_Antithetic_ = TypedDict("_Draws_Antithetic_", {"Antithetic": _Draws_Antithetic})
_Draws_Sobol = TypedDict("_Draws_Sobol", {"seed": NotRequired[int], "points": NotRequired[int]})
_Draws_Sobol_ = TypedDict("_Draws_Sobol_", {"Sobol": _Draws_Sobol})
_Draws: TypeAlias = _Draws_Plain_ | _Draws_Antithetic_ | _Draws_Sobol_

_EndValue_per_unit_ = TypedDict("_EndValue_per_unit_", {"per_unit": float})
_EndValue: TypeAlias = Literal["steady_state", "nothing"] | _EndValue_per_unit_

_Foresight_rolling_ = TypedDict("_Foresight_rolling_", {"rolling": float})
_Foresight: TypeAlias = Literal["perfect"] | _Foresight_rolling_

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

_Payout_FreeCash = TypedDict("_Payout_FreeCash", {"from": NotRequired[float]})
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

_Stacking: TypeAlias = Literal["add", "highest", "instead"]

_StreamPrice_Fixed_ = TypedDict("_StreamPrice_Fixed_", {"Fixed": float})
_StreamPrice_OfRealised_ = TypedDict("_StreamPrice_OfRealised_", {"OfRealised": float})
_StreamPrice: TypeAlias = _StreamPrice_Fixed_ | _StreamPrice_OfRealised_

_WarrantSettlement: TypeAlias = Literal["Cash", "NetShare"]

Appropriation = TypedDict("Appropriation", {"per_year": NotRequired[float], "shortfall": NotRequired[_Shortfall]})

Build = TypedDict("Build", {"schedule": NotRequired[Sequence[float]], "overrun": NotRequired[float], "delay": NotRequired[float], "ramp": NotRequired[Sequence[float]], "arrival": NotRequired[_Arrival]})

Calendar = TypedDict("Calendar", {"years": float, "step": float})

Capital = TypedDict("Capital", {"cash": NotRequired[float], "cash_rate": NotRequired[float], "reserve": NotRequired[float], "owners": NotRequired[str], "owners_shares": NotRequired[float], "securities": NotRequired[Sequence[Security]], "payout": NotRequired[_Payout], "other_assets": NotRequired[OtherAssets], "covenants": NotRequired[Covenants]})

Case = TypedDict("Case", {"name": NotRequired[str], "capital": NotRequired[Capital], "contracts": NotRequired[Sequence[Covered]]})

Common = TypedDict("Common", {"shares": NotRequired[float], "price": NotRequired[float]})

Conversion = TypedDict("Conversion", {"price": NotRequired[float], "from": NotRequired[float]})

CostPoint = TypedDict("CostPoint", {"output": NotRequired[float], "unit_cost": NotRequired[float]})

Covenants = TypedDict("Covenants", {"lock_up": NotRequired[float | None], "minimum": NotRequired[float | None], "cure": NotRequired[Cure | None], "remedy": NotRequired[_Remedy]})

Covered = TypedDict("Covered", {"product": NotRequired[str], "contract": NotRequired[PriceContract]})

Cure = TypedDict("Cure", {"times": NotRequired[int], "most": NotRequired[float]})

Dated = TypedDict("Dated", {"name": str, "measure": Measure, "stacking": NotRequired[_Stacking | None], "from": NotRequired[float], "until": NotRequired[float | None], "known_from": NotRequired[float], "varying": NotRequired[Sequence[Varying]]})

Depletion = TypedDict("Depletion", {"of_sales": NotRequired[float], "most": NotRequired[float]})

DiscountRates = TypedDict("DiscountRates", {"project": NotRequired[float], "owners": NotRequired[float], "sponsor": NotRequired[float]})

Dividend = TypedDict("Dividend", {"rate": NotRequired[float], "compounding": NotRequired[_Compounding], "settled": NotRequired[_Settled], "cumulative": NotRequired[bool]})

Entrant = TypedDict("Entrant", {"activity": str, "stages": NotRequired[Sequence[Stage]], "hurdle_rate": NotRequired[float | None], "life": NotRequired[float | None], "decided": NotRequired[float], "stays_out": NotRequired[bool], "firm": NotRequired[Firm | None]})

Expansion = TypedDict("Expansion", {"activity": str, "stages": NotRequired[Sequence[Stage]], "hurdle_rate": NotRequired[float | None], "life": NotRequired[float | None], "decline": NotRequired[float], "rise": NotRequired[float], "limit": NotRequired[float | None], "end": NotRequired[_EndValue]})

Firm = TypedDict("Firm", {"study": NotRequired[Study], "simulation": NotRequired[Settings], "around": NotRequired[MeanReverting | None]})

Grant = TypedDict("Grant", {"share": NotRequired[float], "most": NotRequired[float]})

Growth = TypedDict("Growth", {"region": str, "commodity": str, "rate": float, "output": NotRequired[float], "capex": NotRequired[float], "start": NotRequired[float], "complete": NotRequired[float], "build": NotRequired[Build]})

Guarantee = TypedDict("Guarantee", {"covers": NotRequired[int], "share": NotRequired[float], "fee": NotRequired[float]})

Loan = TypedDict("Loan", {"principal": NotRequired[float], "rate": NotRequired[float], "grace": NotRequired[float], "maturity": NotRequired[float], "repayment": NotRequired[_Repayment], "seniority": NotRequired[_Seniority]})

MeanReverting = TypedDict("MeanReverting", {"spot": NotRequired[float], "reversion": NotRequired[float], "log_mean": NotRequired[float], "volatility": NotRequired[float]})

Note = TypedDict("Note", {"face": NotRequired[float], "coupon": NotRequired[float], "maturity": NotRequired[float], "conversion": NotRequired[Conversion | None], "counted_as": NotRequired[_CountedAs]})

Operations = TypedDict("Operations", {"royalty": NotRequired[float], "working_capital": NotRequired[WorkingCapital], "closure": NotRequired[float]})

OtherAssets = TypedDict("OtherAssets", {"value": NotRequired[float], "growth": NotRequired[float]})

Preferred = TypedDict("Preferred", {"stated_value": NotRequired[float], "dividend": NotRequired[Dividend], "conversion": NotRequired[Conversion | None], "in_kind_converts": NotRequired[bool], "redemption": NotRequired[Redemption | None], "participating": NotRequired[bool]})

PriceContract = TypedDict("PriceContract", {"payoff": NotRequired[_Payoff], "reference": NotRequired[Reference], "coverage": NotRequired[_Coverage], "start": NotRequired[float], "end": NotRequired[float], "indexation": NotRequired[_Indexation], "upside": NotRequired[UpsideShare | None], "arrears": NotRequired[int], "appropriation": NotRequired[Appropriation | None]})

Product = TypedDict("Product", {"name": NotRequired[str], "commodity": NotRequired[int], "per_output": NotRequired[float], "realisation": NotRequired[float], "sales": NotRequired[float | None]})

Project = TypedDict("Project", {"name": NotRequired[str], "timeline": NotRequired[Timeline], "products": NotRequired[Sequence[Product]], "output": NotRequired[float], "unit_cost": NotRequired[Sequence[CostPoint]], "overhead": NotRequired[float], "sustaining_capex": NotRequired[float], "operations": NotRequired[Operations], "growth": NotRequired[Growth | None], "tax": NotRequired[Tax], "inflation": NotRequired[float], "prices": NotRequired[_MoneyBasis], "salvage": NotRequired[float], "end_value": NotRequired[_EndValue]})

Redemption = TypedDict("Redemption", {"from": NotRequired[float], "claim": NotRequired[_RedemptionClaim]})

Reference = TypedDict("Reference", {"price": NotRequired[_Quoted], "observed": NotRequired[_Observation], "factor": NotRequired[float]})

Reserve = TypedDict("Reserve", {"covering": str, "amount": float, "worth": NotRequired[float]})

Restructuring = TypedDict("Restructuring", {"haircut": NotRequired[float], "standstill": NotRequired[float], "shares": NotRequired[float], "times": NotRequired[int]})

Review = TypedDict("Review", {"name": str, "activity": str, "stage": str, "years": float, "success": NotRequired[float | None], "from": NotRequired[float], "until": NotRequired[float | None], "known_from": NotRequired[float]})

Revolver = TypedDict("Revolver", {"limit": NotRequired[float], "rate": NotRequired[float], "fee": NotRequired[float], "until": NotRequired[float]})

RoyaltySale = TypedDict("RoyaltySale", {"share": NotRequired[float], "from": NotRequired[float], "until": NotRequired[float]})

Security = TypedDict("Security", {"holder": NotRequired[str], "instrument": NotRequired[_Instrument], "paid": NotRequired[float]})

Settings = TypedDict("Settings", {"paths": NotRequired[int], "draws": NotRequired[_Draws]})

Stage = TypedDict("Stage", {"name": str, "years": float, "success": NotRequired[float], "cost": NotRequired[float]})

Store = TypedDict("Store", {"region": str, "commodity": str, "opening": NotRequired[float], "cost": NotRequired[float], "loss": NotRequired[float], "capacity": NotRequired[float | None], "worth": NotRequired[float | None]})

Stream = TypedDict("Stream", {"product": NotRequired[int], "share": NotRequired[float], "units": NotRequired[float | None], "price": NotRequired[_StreamPrice], "from": NotRequired[float], "until": NotRequired[float]})

Study = TypedDict("Study", {"project": NotRequired[Project], "sponsor": NotRequired[str], "rates": NotRequired[DiscountRates], "cases": NotRequired[Sequence[Case]]})

Tax = TypedDict("Tax", {"rate": NotRequired[float], "loss_offset": NotRequired[float], "opening_losses": NotRequired[float], "losses_last": NotRequired[int | None], "depreciation": NotRequired[_Depreciation], "relief": NotRequired[TaxRelief]})

TaxCredit = TypedDict("TaxCredit", {"of_operating_cost": NotRequired[float], "of_growth_capital": NotRequired[float], "until": NotRequired[float], "refundable": NotRequired[bool]})

TaxRelief = TypedDict("TaxRelief", {"depletion": NotRequired[Depletion | None], "credit": NotRequired[TaxCredit | None]})

Timeline = TypedDict("Timeline", {"frequency": NotRequired[_Frequency], "periods": NotRequired[int], "observations": NotRequired[int], "first_year": NotRequired[int], "first_month": NotRequired[int], "fiscal_month": NotRequired[int]})

UpsideShare = TypedDict("UpsideShare", {"share": NotRequired[float], "threshold": NotRequired[float], "reference": NotRequired[Reference], "yearly_cap": NotRequired[float | None], "from": NotRequired[float | None], "indexation": NotRequired[_Indexation]})

Varying = TypedDict("Varying", {"term": str, "points": Sequence[Sequence[float]]})

Warrant = TypedDict("Warrant", {"shares": NotRequired[float], "strike": NotRequired[float], "expiry": NotRequired[float], "settlement": NotRequired[_WarrantSettlement]})

WorkingCapital = TypedDict("WorkingCapital", {"receivable_days": NotRequired[float], "inventory_days": NotRequired[float], "payable_days": NotRequired[float], "opening": NotRequired[float]})

class Horizon(Record):
    """A market over many periods: what is built, stored and used up, and the measures with their dates.

    Prices are in real terms; all flows of a period fall at its end and are rates per year.

    market
    calendar: The horizon, checked.
    discount_rate
    foresight: How far those who store and invest look ahead; to the end unless said.
    growth: Lets the final demand for a commodity in a region grow, a fraction per year: the quantity at each price.
    measures: Adds a measure with its dates. Measures in force together stand in the order in which they were added.
    reviews: Adds a dated change of how long a stage takes.
    expansions: Lets the capacity of an activity be built, age and retire.
    entrants: Adds a project that is built whole or not at all.
    stores: Adds competitive storage.
    reserves: Limits what an activity can ever put out.
    """
    def __new__(
        cls,
        *,
        market: Market,
        calendar: Calendar | None = None,
        discount_rate: float | None = None,
        foresight: _Foresight | None = None,
        growth: Sequence[Growth] | None = None,
        measures: Sequence[Dated] | None = None,
        reviews: Sequence[Review] | None = None,
        expansions: Sequence[Expansion] | None = None,
        entrants: Sequence[Entrant] | None = None,
        stores: Sequence[Store] | None = None,
        reserves: Sequence[Reserve] | None = None,
    ) -> Self: ...
