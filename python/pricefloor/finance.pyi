# Written by stubs.py from what the crate asks for.
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, Self, TypeAlias, TypedDict

from ._core import Demand, Market, Measure, Record, Supply

__all__ = [
    "Appropriation",
    "Black76",
    "BlackScholes",
    "Build",
    "Capital",
    "Common",
    "Conversion",
    "CostPoint",
    "Covenants",
    "Covered",
    "Cure",
    "Depletion",
    "Dividend",
    "Grant",
    "Growth",
    "Guarantee",
    "Loan",
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
    "StatedStake",
    "Stream",
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
_Coverage_First = TypedDict("_Coverage_First", {"per_year": float})
_Coverage_First_ = TypedDict("_Coverage_First_", {"First": _Coverage_First})
_Coverage_Deemed = TypedDict("_Coverage_Deemed", {"per_year": float})
_Coverage_Deemed_ = TypedDict("_Coverage_Deemed_", {"Deemed": _Coverage_Deemed})
_Coverage: TypeAlias = _Coverage_Share_ | _Coverage_First_ | _Coverage_Deemed_

_Depreciation_StraightLine = TypedDict("_Depreciation_StraightLine", {"years": float})
_Depreciation_StraightLine_ = TypedDict("_Depreciation_StraightLine_", {"StraightLine": _Depreciation_StraightLine})
_Depreciation_DecliningBalance = TypedDict("_Depreciation_DecliningBalance", {"years": int, "factor": float})
_Depreciation_DecliningBalance_ = TypedDict("_Depreciation_DecliningBalance_", {"DecliningBalance": _Depreciation_DecliningBalance})
_Depreciation: TypeAlias = Literal["Expensed"] | _Depreciation_StraightLine_ | _Depreciation_DecliningBalance_

_EndValue_Stated_ = TypedDict("_EndValue_Stated_", {"Stated": float})
_EndValue_Multiple_ = TypedDict("_EndValue_Multiple_", {"Multiple": float})
_EndValue: TypeAlias = Literal["Nothing"] | _EndValue_Stated_ | _EndValue_Multiple_

_Frequency: TypeAlias = Literal["Monthly", "Quarterly", "Yearly"]

_Indexation_Yearly_ = TypedDict("_Indexation_Yearly_", {"Yearly": float})
_Indexation: TypeAlias = Literal["Fixed", "Inflation"] | _Indexation_Yearly_

_Instrument_Common_ = TypedDict("_Instrument_Common_", {"Common": Common | Mapping[str, Any]})
_Instrument_Preferred_ = TypedDict("_Instrument_Preferred_", {"Preferred": Preferred | Mapping[str, Any]})
_Instrument_Note_ = TypedDict("_Instrument_Note_", {"Note": Note | Mapping[str, Any]})
_Instrument_Loan_ = TypedDict("_Instrument_Loan_", {"Loan": Loan | Mapping[str, Any]})
_Instrument_Revolver_ = TypedDict("_Instrument_Revolver_", {"Revolver": Revolver | Mapping[str, Any]})
_Instrument_Guarantee_ = TypedDict("_Instrument_Guarantee_", {"Guarantee": Guarantee | Mapping[str, Any]})
_Instrument_Grant_ = TypedDict("_Instrument_Grant_", {"Grant": Grant | Mapping[str, Any]})
_Instrument_Stream_ = TypedDict("_Instrument_Stream_", {"Stream": Stream | Mapping[str, Any]})
_Instrument_RoyaltySale_ = TypedDict("_Instrument_RoyaltySale_", {"RoyaltySale": RoyaltySale | Mapping[str, Any]})
_Instrument_Warrant_ = TypedDict("_Instrument_Warrant_", {"Warrant": Warrant | Mapping[str, Any]})
_Instrument: TypeAlias = _Instrument_Common_ | _Instrument_Preferred_ | _Instrument_Note_ | _Instrument_Loan_ | _Instrument_Revolver_ | _Instrument_Guarantee_ | _Instrument_Grant_ | _Instrument_Stream_ | _Instrument_RoyaltySale_ | _Instrument_Warrant_

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

Appropriation = TypedDict("Appropriation", {"per_year": float, "shortfall": _Shortfall})

Build = TypedDict("Build", {"schedule": NotRequired[Sequence[float]], "overrun": NotRequired[float], "delay": NotRequired[float], "ramp": NotRequired[Sequence[float]], "arrival": NotRequired[_Arrival]})

CostPoint = TypedDict("CostPoint", {"output": float, "unit_cost": float})

Covenants = TypedDict("Covenants", {"lock_up": NotRequired[float | None], "minimum": NotRequired[float | None], "cure": NotRequired[Cure | None], "remedy": NotRequired[_Remedy]})

Cure = TypedDict("Cure", {"times": int, "most": float})

Depletion = TypedDict("Depletion", {"of_sales": float, "most": float})

Dividend = TypedDict("Dividend", {"rate": float, "compounding": _Compounding, "settled": _Settled, "cumulative": bool})

Growth = TypedDict("Growth", {"output": float, "capex": float, "start": float, "complete": float, "build": NotRequired[Build]})

Operations = TypedDict("Operations", {"royalty": NotRequired[float], "working_capital": NotRequired[WorkingCapital], "closure": NotRequired[float]})

OtherAssets = TypedDict("OtherAssets", {"value": float, "growth": float})

Product = TypedDict("Product", {"name": str, "commodity": int, "per_output": float, "realisation": float, "sales": NotRequired[float | None]})

Redemption = TypedDict("Redemption", {"from": float, "claim": _RedemptionClaim})

Reference = TypedDict("Reference", {"price": _Quoted, "observed": _Observation, "factor": NotRequired[float]})

Restructuring = TypedDict("Restructuring", {"haircut": float, "standstill": float, "shares": float, "times": int})

Tax = TypedDict("Tax", {"rate": float, "loss_offset": float, "opening_losses": NotRequired[float], "losses_last": NotRequired[int | None], "depreciation": NotRequired[_Depreciation], "relief": NotRequired[TaxRelief]})

TaxCredit = TypedDict("TaxCredit", {"of_operating_cost": float, "of_growth_capital": float, "until": float, "refundable": bool})

TaxRelief = TypedDict("TaxRelief", {"depletion": NotRequired[Depletion | None], "credit": NotRequired[TaxCredit | None]})

UpsideShare = TypedDict("UpsideShare", {"share": float, "threshold": float, "reference": Reference, "yearly_cap": NotRequired[float | None], "from": NotRequired[float | None], "indexation": NotRequired[_Indexation]})

WorkingCapital = TypedDict("WorkingCapital", {"receivable_days": NotRequired[float], "inventory_days": NotRequired[float], "payable_days": NotRequired[float], "opening": NotRequired[float]})

class Timeline(Record):
    """The periods of a cash flow, and the dates on them. Time zero is the first day of the first period.

    A timeline with these terms.

    frequency: Length of a period.
    periods: Number of periods.
    observations: Price observations in a period, equally spaced, the last on its last day.
    first_year: Calendar year in which the first period begins.
    first_month: Month in which the first period begins, 1 to 12; it begins on the first day of it.
    fiscal_month: Month in which the sponsor's fiscal year begins, 1 to 12 (10 for the United States). A fiscal year carries the number of the calendar year in which it ends.
    """
    def __new__(
        cls,
        *,
        frequency: _Frequency,
        periods: int,
        observations: int,
        first_year: int,
        first_month: int,
        fiscal_month: int,
    ) -> Self: ...

class Project(Record):
    """A producer's plan: what it makes, at what cost, with which expansion.

    A project with these terms.

    name: Its name.
    timeline: Periods and dates.
    products: What it sells.
    output: Units of output a year without the expansion; zero for a plant that is yet to be built.
    unit_cost: Cost of a unit at different rates of output, ascending; between two rates it is linear.
    overhead: Overhead (selling, general and administrative, and other fixed cost) a year, in money of the start.
    sustaining_capex: Capital spending that keeps the plant going, a year, in money of the start.
    tax: Tax.
    inflation: Inflation, as a fraction a year.
    prices: What prices from the source mean.
    operations: Royalty, working capital and closure.
    growth: An expansion, if one is planned.
    salvage: What the plant fetches when the firm defaults, in money of the start.
    end_value: What it is worth at the end.
    """
    def __new__(
        cls,
        *,
        name: str,
        timeline: Timeline | Mapping[str, Any],
        products: Sequence[Product],
        output: float,
        unit_cost: Sequence[CostPoint],
        overhead: float,
        sustaining_capex: float,
        tax: Tax,
        inflation: float,
        prices: _MoneyBasis,
        operations: Operations | None = None,
        growth: Growth | None = None,
        salvage: float | None = None,
        end_value: _EndValue | None = None,
    ) -> Self: ...

class Capital(Record):
    """A capital structure. Its shares are those of its owners, of common securities, and of notes that count as shares.

    A capital structure with these terms.

    cash: Cash at the start, before what new securities bring, in money.
    cash_rate: Effective yearly rate that cash earns.
    reserve: Cash that growth capital and payouts must leave in the firm, in money.
    owners: Name of the holders of the shares outstanding at the start.
    owners_shares: Their shares.
    securities: Everything else. Senior loans and revolvers rank before notes, these before subordinated loans, these before preferred shares and these before common shares; within a class the order here is the order of rank.
    payout: What becomes of cash.
    other_assets: Assets beside the project.
    covenants: What is agreed for bad times.
    """
    def __new__(
        cls,
        *,
        cash: float,
        cash_rate: float,
        reserve: float,
        owners: str,
        owners_shares: float,
        securities: Sequence[Security | Mapping[str, Any]] | None = None,
        payout: _Payout | None = None,
        other_assets: OtherAssets | None = None,
        covenants: Covenants | None = None,
    ) -> Self: ...

class PriceContract(Record):
    """A price contract between a sponsor and a producer, settled period by period.

    A contract with these terms.

    payoff: What is due for a unit.
    reference: The price it settles on.
    coverage: Which units.
    start: First day, in years from the start of the cash flow.
    end: Last day, in years from the start of the cash flow.
    indexation: How the strike (or floor and cap) moves.
    upside: The producer's share of a high price.
    arrears: Settlement periods between the one that earns a payment and the one that pays it.
    appropriation: Limit on the sponsor's payments.
    """
    def __new__(
        cls,
        *,
        payoff: _Payoff,
        reference: Reference,
        coverage: _Coverage,
        start: float,
        end: float,
        indexation: _Indexation | None = None,
        upside: UpsideShare | None = None,
        arrears: int | None = None,
        appropriation: Appropriation | None = None,
    ) -> Self: ...

class Covered(Record):
    """A contract and the product that it covers.

    product: Name of the product.
    contract: The contract.
    """
    def __new__(
        cls,
        *,
        product: str,
        contract: PriceContract | Mapping[str, Any],
    ) -> Self: ...

class Common(Record):
    """New common shares, paid for in cash.

    A subscription with these terms.

    shares: New shares.
    price: Price paid, in money a share.
    """
    def __new__(
        cls,
        *,
        shares: float,
        price: float,
    ) -> Self: ...

class Preferred(Record):
    """Preferred shares. In an insolvency or a deemed liquidation the holder claims the accreted value, ahead of the
    common shares. In a solvent firm the holder has what the terms give: conversion, and repayment only where a
    `Redemption` is agreed.

    Preferred shares with these terms.

    stated_value: Stated value, which is also what is paid for them, in money.
    dividend: The dividend.
    conversion: Right to convert into common shares, if any.
    in_kind_converts: Whether dividends added in kind convert too, or the stated value at issue alone.
    redemption: Right to be repaid while the firm is solvent, if any.
    participating: Whether they share what is paid out to common shares, as if they had converted.
    """
    def __new__(
        cls,
        *,
        stated_value: float,
        dividend: Dividend,
        conversion: Conversion | Mapping[str, Any] | None = None,
        in_kind_converts: bool | None = None,
        redemption: Redemption | None = None,
        participating: bool | None = None,
    ) -> Self: ...

class Note(Record):
    """A note: a coupon each period, the principal at maturity.

    A note with these terms.

    face: Principal, in money.
    coupon: Quoted yearly coupon, as a fraction of the face.
    maturity: When the principal is due, in years from the start.
    conversion: Right to convert, if any.
    counted_as: Debt, or the shares it would become.
    """
    def __new__(
        cls,
        *,
        face: float,
        coupon: float,
        maturity: float,
        conversion: Conversion | Mapping[str, Any] | None = None,
        counted_as: _CountedAs | None = None,
    ) -> Self: ...

class Conversion(Record):
    """A right to turn a claim into common shares at a fixed price. It is the holder's option; it is not a put:
    what the holder has without converting is what the instrument's other terms give.

    A right with these terms.

    price: Conversion price, in money of claim given up for each share.
    from_: First date on which the holder may convert, in years from the start.
    """
    def __new__(
        cls,
        *,
        price: float,
        from_: float | None = None,
    ) -> Self: ...

class Warrant(Record):
    """A warrant: an option on shares that the firm will issue, so that its exercise dilutes.

    A warrant with these terms.

    shares: Shares covered.
    strike: Strike, in money a share.
    expiry: Expiry, in years from the start.
    settlement: Cash or net share.
    """
    def __new__(
        cls,
        *,
        shares: float,
        strike: float,
        expiry: float,
        settlement: _WarrantSettlement,
    ) -> Self: ...

class Security(Record):
    """An instrument, who holds it, and what the firm received for it.

    instrument: The instrument.
    holder: Who holds it.
    paid: Cash that the firm receives for it at the start, in money; zero for what is outstanding already or is given.
    """
    def __new__(
        cls,
        *,
        instrument: _Instrument,
        holder: str | None = None,
        paid: float | None = None,
    ) -> Self: ...

class Black76(Record):
    """A European option on a futures price, valued as in Black (1976): the put is e^(-rT) [K Phi(-d2) - F Phi(-d1)],
    d1 = ln(F / K) / (sigma sqrt T) + sigma sqrt T / 2, d2 = d1 - sigma sqrt T. Without volatility or time left it
    is the discounted payoff.

    An option with these terms.

    futures: Futures price for delivery at expiry, in currency per unit.
    strike: Strike, in currency per unit.
    rate: Riskless rate, per year, continuously compounded.
    volatility: Volatility of the futures price, per square root of a year.
    years: Years to expiry.
    """
    def __new__(
        cls,
        *,
        futures: float,
        strike: float,
        rate: float,
        volatility: float,
        years: float,
    ) -> Self: ...

class BlackScholes(Record):
    """A European option on an asset (Black and Scholes 1973, with Merton's dividend yield): Black (1976) at the
    futures price S e^((r - q) T).

    An option with these terms.

    spot: Price of the asset today, in currency per unit.
    strike: Strike, in currency per unit.
    rate: Riskless rate, per year, continuously compounded.
    dividend_yield: Dividend or convenience yield, per year, continuously compounded.
    volatility: Volatility, per square root of a year.
    years: Years to expiry.
    """
    def __new__(
        cls,
        *,
        spot: float,
        strike: float,
        rate: float,
        dividend_yield: float,
        volatility: float,
        years: float,
    ) -> Self: ...

class Grant(Record):
    """A grant that reimburses growth capital as it is spent. It is not repaid, and lowers what is deducted from taxable income.
    A grant paid out at the start is cash: `Security::paid`.

    A grant with these terms.

    share: Part of each instalment of growth capital that is reimbursed.
    most: The most that is paid in all, in money.
    """
    def __new__(
        cls,
        *,
        share: float,
        most: float,
    ) -> Self: ...

class Guarantee(Record):
    """A guarantee, held by the guarantor: it receives the fee, and pays the lender its share of what the estate or a
    restructuring leaves unpaid. That payment does not pass through the firm.

    A guarantee with these terms.

    covers: Position of the covered loan, revolver or note in the list of securities.
    share: Part of the lender's loss that the guarantor bears.
    fee: Yearly fee that the firm pays, as a fraction of the covered part of what is owed when a period begins.
    """
    def __new__(
        cls,
        *,
        covers: int,
        share: float,
        fee: float,
    ) -> Self: ...

class Loan(Record):
    """A term loan: interest each period on what is owed, principal by a schedule.

    A loan with these terms.

    principal: Principal owed at the start, in money.
    rate: Yearly rate, as a fraction; a period of a quarter bears a quarter of it on what is owed when it begins.
    maturity: When the last repayment is due, in years.
    repayment: When principal is repaid.
    grace: Years in which interest alone is paid.
    seniority: Who is paid first.
    """
    def __new__(
        cls,
        *,
        principal: float,
        rate: float,
        maturity: float,
        repayment: _Repayment,
        grace: float | None = None,
        seniority: _Seniority | None = None,
    ) -> Self: ...

class Revolver(Record):
    """A revolving credit: drawn when cash does not cover a period's bills and debt service, repaid as soon as cash is above
    the firm's reserve. It cannot be drawn while a covenant is broken. It ranks with senior loans.

    A revolving credit with these terms.

    limit: The most that may be drawn, in money.
    rate: Yearly rate on what is drawn when a period begins, as a fraction.
    fee: Yearly fee on what is not drawn then, as a fraction.
    until: When what is drawn is due, in years. Drawings are made before that date.
    """
    def __new__(
        cls,
        *,
        limit: float,
        rate: float,
        fee: float,
        until: float,
    ) -> Self: ...

class RoyaltySale(Record):
    """A royalty on sales that was sold for cash at the start (`Security::paid`). It is paid before any debt.

    A royalty with these terms.

    share: Fraction of sales at the realised price.
    until: Last date, in years.
    from_: First date, in years.
    """
    def __new__(
        cls,
        *,
        share: float,
        until: float,
        from_: float | None = None,
    ) -> Self: ...

class Stream(Record):
    """A stream: for cash at the start (`Security::paid`) the holder buys part of the output at less than its price. The firm
    loses the difference between the realised price and what is paid on delivery, before any debt. In a liquidation
    nothing is owed for what was not delivered.

    A stream with these terms.

    product: Position of the product among those of the project.
    share: Fraction of its output that is delivered.
    price: What is paid on delivery.
    until: Last date of a delivery, in years.
    units: Units after which the stream ends, if it does. A prepayment has such an end: the units it bought.
    from_: First date of a delivery, in years.
    """
    def __new__(
        cls,
        *,
        product: int,
        share: float,
        price: _StreamPrice,
        until: float,
        units: float | None = None,
        from_: float | None = None,
    ) -> Self: ...

class StatedStake(Record):
    """A stake as a press release gives it: shares, and the fraction of the outstanding count that they are.

    shares: Shares of the stake.
    fraction: Fraction of the count before the stake.
    """
    def __new__(
        cls,
        *,
        shares: float,
        fraction: float,
    ) -> Self: ...
