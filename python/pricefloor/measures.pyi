# Written by stubs.py from what the crate asks for.
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, Self, TypeAlias, TypedDict

from ._core import Demand, Market, Measure, Record, Supply

__all__ = [
    "AntiDumpingDuty",
    "Band",
    "Bloc",
    "BorderFloor",
    "ContractFloor",
    "ContractForDifference",
    "CountervailingDuty",
    "DeficiencyPayment",
    "Embargo",
    "ExportQuota",
    "ExportTax",
    "GuaranteedOfftake",
    "ImportCommitment",
    "ImportQuota",
    "InputSubsidy",
    "MinimumEarnings",
    "OriginRequirement",
    "PriceBand",
    "PriceUndertaking",
    "ProcurementPreference",
    "ProductionQuota",
    "ProductionSubsidy",
    "ReferencePriceLadder",
    "Rung",
    "StatutoryCeiling",
    "StatutoryMinimum",
    "SupportBuying",
    "Tariff",
    "TariffRateQuota",
    "TaxCredit",
    "Tranche",
    "UpsideShare",
    "Vintage",
]

def from_json(text: str) -> Measure: ...

_Base: TypeAlias = Literal["origin", "delivered", "consumer"]

_Border_region_ = TypedDict("_Border_region_", {"region": str})
_Border_bloc_ = TypedDict("_Border_bloc_", {"bloc": Bloc})
_Border: TypeAlias = _Border_region_ | _Border_bloc_

_Coverage_share_ = TypedDict("_Coverage_share_", {"share": float})
_Coverage_first_ = TypedDict("_Coverage_first_", {"first": float})
_Coverage_deemed_ = TypedDict("_Coverage_deemed_", {"deemed": float})
_Coverage: TypeAlias = _Coverage_share_ | _Coverage_first_ | _Coverage_deemed_

_Direction: TypeAlias = Literal["exports", "imports"]

_ExportRate_specific_ = TypedDict("_ExportRate_specific_", {"specific": float})
_ExportRate_ad_valorem_ = TypedDict("_ExportRate_ad_valorem_", {"ad_valorem": float})
_ExportRate: TypeAlias = _ExportRate_specific_ | _ExportRate_ad_valorem_

_InputRate_specific_ = TypedDict("_InputRate_specific_", {"specific": float})
_InputRate_ad_valorem_ = TypedDict("_InputRate_ad_valorem_", {"ad_valorem": float})
_InputRate: TypeAlias = _InputRate_specific_ | _InputRate_ad_valorem_

_Instrument_quota_ = TypedDict("_Instrument_quota_", {"quota": _RentOwner})
_Instrument: TypeAlias = Literal["levy"] | _Instrument_quota_

_OfftakePrice_fixed_ = TypedDict("_OfftakePrice_fixed_", {"fixed": float})
_OfftakePrice_market = TypedDict("_OfftakePrice_market", {"premium": float, "floor": NotRequired[float | None]})
_OfftakePrice_market_ = TypedDict("_OfftakePrice_market_", {"market": _OfftakePrice_market})
_OfftakePrice: TypeAlias = _OfftakePrice_fixed_ | _OfftakePrice_market_

_Purchase: TypeAlias = Literal["at_market_price", "at_floor"]

_Rate_specific_ = TypedDict("_Rate_specific_", {"specific": float})
_Rate_ad_valorem = TypedDict("_Rate_ad_valorem", {"rate": float, "base": _Base})
_Rate_ad_valorem_ = TypedDict("_Rate_ad_valorem_", {"ad_valorem": _Rate_ad_valorem})
_Rate: TypeAlias = _Rate_specific_ | _Rate_ad_valorem_

_Rationing: TypeAlias = Literal["efficient", "proportional"]

_RentOwner: TypeAlias = Literal["importing_treasury", "importers", "exporting_treasury", "exporters"]

_Sharing_weights_ = TypedDict("_Sharing_weights_", {"weights": Sequence[float]})
_Sharing: TypeAlias = Literal["equal", "consumption"] | _Sharing_weights_

Band = TypedDict("Band", {"lower": float, "upper": float})

Bloc = TypedDict("Bloc", {"name": NotRequired[str], "members": NotRequired[Sequence[str]]})

Rung = TypedDict("Rung", {"commodity": str, "floor": float})

Tranche = TypedDict("Tranche", {"to_sponsor": float, "width": NotRequired[float | None]})

UpsideShare = TypedDict("UpsideShare", {"share": float, "threshold": float, "yearly_cap": NotRequired[float | None]})

Vintage = TypedDict("Vintage", {"from": NotRequired[float], "to": NotRequired[float | None], "indexation": NotRequired[float]})

class AntiDumpingDuty(Measure):
    """A duty on imports of a commodity from a region up to a stated normal value, money per unit at the origin. A ceiling
    on the duty is the lesser-duty rule. The treasury of the region, or the bloc's common purse, collects it.

    Reports `duty`, money per unit.

    A duty at the border of a region or a bloc on a commodity from a region, with the normal value.

    border
    commodity
    from_
    normal_value
    at_most: Limits the duty, money per unit: the injury margin of a lesser-duty rule.
    """
    def __new__(
        cls,
        *,
        border: _Border | None = None,
        commodity: str | None = None,
        from_: str | None = None,
        normal_value: float | None = None,
        at_most: float | None = None,
    ) -> Self: ...

class BorderFloor(Measure):
    """A floor on the price inside a region, held by a levy on imports.

    Reports `levy` (per unit; where the floor is not attained, the floor less the cheapest landed price) and
    `attained` (1 or 0).

    A floor inside a region, money per unit.

    region
    commodity
    floor
    collector: Names who collects the levy; the region's treasury unless said.
    """
    def __new__(
        cls,
        *,
        region: str,
        commodity: str,
        floor: float,
        collector: str | None = None,
    ) -> Self: ...

class ContractFloor(Measure):
    """A price floor by contract with named producers.

    Per covered unit the producer gets `max(strike - reference, 0)` from the sponsor and returns
    `share * max(reference - threshold, 0)`. On a covered share of output both move the margin. On a volume the
    upside share is owed on that volume, and does not.

    A floor at a strike, money per unit of the covered commodity, on all output.

    strike
    covering
    commodity
    coverage
    reference_region
    reference_factor
    vintage
    paused_below
    upside: Adds an upside share.
    sponsor
    """
    def __new__(
        cls,
        *,
        strike: float,
        covering: Sequence[str] | None = None,
        commodity: str | None = None,
        coverage: _Coverage | None = None,
        reference_region: str | None = None,
        reference_factor: float | None = None,
        vintage: Vintage | None = None,
        paused_below: float | None = None,
        upside: UpsideShare | None = None,
        sponsor: str | None = None,
    ) -> Self: ...

class ContractForDifference(Measure):
    """A two-sided contract for difference with named producers.

    A contract at a strike, money per unit of the covered commodity, on all output.

    strike
    covering
    commodity
    coverage
    reference_region
    reference_factor
    vintage
    paused_below
    sponsor
    """
    def __new__(
        cls,
        *,
        strike: float,
        covering: Sequence[str] | None = None,
        commodity: str | None = None,
        coverage: _Coverage | None = None,
        reference_region: str | None = None,
        reference_factor: float | None = None,
        vintage: Vintage | None = None,
        paused_below: float | None = None,
        sponsor: str | None = None,
    ) -> Self: ...

class CountervailingDuty(Measure):
    """A duty on imports of a commodity from a region, set from the margin of a named subsidy: a
    `ProductionSubsidy`(super::ProductionSubsidy) or another measure with a `rate` in money per unit. The treasury of
    the region, or the bloc's common purse, collects it.

    A duty at the border of a region or a bloc on a commodity from a region; say which subsidy it answers.

    border
    commodity
    from_
    subsidy
    share: Sets the duty to a share of the subsidy, from 0 to 1; all of it unless said.
    """
    def __new__(
        cls,
        *,
        border: _Border,
        commodity: str,
        from_: str,
        subsidy: str,
        share: float,
    ) -> Self: ...

class DeficiencyPayment(Measure):
    """A target price guaranteed to every producer of a commodity in a region.

    A target price, money per unit.

    region
    commodity
    target
    sponsor: Names who pays; the region's treasury unless said.
    """
    def __new__(
        cls,
        *,
        region: str,
        commodity: str,
        target: float,
        sponsor: str | None = None,
    ) -> Self: ...

class Embargo(Measure):
    """A ban on exports of a commodity to named destinations, or on imports from named origins.

    It stops the direct routes. What reaches the target through a third region passes, because a commodity does not
    remember where it came from: where that matters, let the market track origin
    (`Market::by_origin`(crate::Market::by_origin)) and ban the tracked commodity from every side.

    border
    commodity
    direction
    with_: Names a region at the other end; may be said several times.
    """
    def __new__(
        cls,
        *,
        border: _Border,
        commodity: str,
        direction: _Direction,
        with_: Sequence[str] | None = None,
    ) -> Self: ...

class ExportQuota(Measure):
    """A limit on exports of a commodity from a region or a bloc, to everywhere or to named regions, units per year as
    they leave. Zero bans them.

    The destination is where a route ends: what goes there through a third region is not counted unless the market tracks
    origin (`Market::by_origin`(crate::Market::by_origin)).

    Reports `rent`, money per unit.

    A quota in units per year, with the owner of its rent.

    border
    commodity
    quota
    owner
    to: Counts only what goes to this region; may be said several times.
    """
    def __new__(
        cls,
        *,
        border: _Border,
        commodity: str,
        quota: float,
        owner: _RentOwner,
        to: Sequence[str] | None = None,
    ) -> Self: ...

class ExportTax(Measure):
    """A tax on a commodity that leaves a region, to everywhere or to one region.

    region
    commodity
    rate
    to: Only what goes to this region.
    collector: Names who collects; the exporting region's treasury unless said.
    """
    def __new__(
        cls,
        *,
        region: str,
        commodity: str,
        rate: _ExportRate,
        to: str | None = None,
        collector: str | None = None,
    ) -> Self: ...

class GuaranteedOfftake(Measure):
    """A contract by which a buyer takes a volume of one producer's output.

    Where the formula is below the market the producer delivers, or pays the difference on the whole volume, so that its
    margin is the market's. It may deliver less than the volume where neither pays for more, unless
    `firm`(Self::firm) obliges it to deliver all of it at its own loss.

    Reports `delivered` within the volume, units per year.

    A volume of an activity's output, units per year, at a price formula.

    covering
    volume
    price
    commodity: Names the commodity; needed where the activity puts out several.
    kept: Keeps what is taken in a stock, worth this much a unit in the accounts; it is resold unless said.
    firm: Obliges the producer to deliver the whole volume.
    buyer: Names the buyer; the treasury of the producer's region unless said.
    """
    def __new__(
        cls,
        *,
        covering: str,
        volume: float,
        price: _OfftakePrice,
        commodity: str | None = None,
        kept: float | None = None,
        firm: bool | None = None,
        buyer: str | None = None,
    ) -> Self: ...

class ImportCommitment(Measure):
    """A volume of a commodity, units per year as they arrive, that a region or a bloc promises to import, from
    everywhere or from named regions, net of what it sends there: counted gross, the commodity could go round for the
    premium. The importing treasury pays unless another payer is named.

    Reports `premium`, money per unit.

    A volume in units per year.

    border
    commodity
    volume
    from_: Counts only what comes from this region; may be said several times.
    payer: Names the purse that pays the premium.
    """
    def __new__(
        cls,
        *,
        border: _Border,
        commodity: str,
        volume: float,
        from_: Sequence[str] | None = None,
        payer: str | None = None,
    ) -> Self: ...

class ImportQuota(Measure):
    """A limit on imports of a commodity into a region or a bloc, from everywhere or from named regions, units per
    year as they arrive. Zero bans them.

    Reports `rent`, money per unit.

    A quota in units per year, with the owner of its rent.

    border
    commodity
    quota
    owner
    from_: Counts only what comes from this region; may be said several times.
    """
    def __new__(
        cls,
        *,
        border: _Border,
        commodity: str,
        quota: float,
        owner: _RentOwner,
        from_: Sequence[str] | None = None,
    ) -> Self: ...

class InputSubsidy(Measure):
    """A payment per unit of a commodity used by the plants of a region, or by named ones among them. Final buyers and
    exporters get nothing. The region's treasury pays unless another sponsor is named.

    region
    commodity
    rate
    covering: Pays only this activity, or this firm's activities; may be said several times.
    sponsor: Names who pays; the region's treasury unless said.
    """
    def __new__(
        cls,
        *,
        region: str,
        commodity: str,
        rate: _InputRate,
        covering: Sequence[str] | None = None,
        sponsor: str | None = None,
    ) -> Self: ...

class MinimumEarnings(Measure):
    """A guarantee of a firm's yearly earnings (sales less purchases, payments per unit and cost of its activities).

    Reports `guarantee`, `earnings` (before the lump), `lump` (to the producer, negative when it pays) and `at_plan`
    (1 when output is held at a plan, 0 when it is as if the guarantee were absent).

    A guarantee to an activity, or to all of a firm's, money per year at the start.

    covering
    guarantee
    growth: Lets the guarantee grow, a fraction per year from the start of the first period.
    tranches: Adds the next slice of the earnings above the guarantee; the producer keeps what no slice covers.
    plan: Holds output at a contracted level, units per year of the one covered activity.
    sponsor: Names who guarantees; the treasury of the producer's region unless said.
    """
    def __new__(
        cls,
        *,
        covering: str,
        guarantee: float,
        growth: float | None = None,
        tranches: Sequence[Tranche] | None = None,
        plan: float | None = None,
        sponsor: str | None = None,
    ) -> Self: ...

class OriginRequirement(Measure):
    """A share of all deliveries of a commodity to a region that must come from named origins.

    An origin is a region (the route decides: what the region passes on for others counts as its own, unless the market
    tracks origin, see `Market::by_origin`(crate::Market::by_origin)), an activity or a firm.

    Reports `premium`: the price of a certificate, money per unit.

    A share of deliveries, from 0 to 1.

    region
    commodity
    share
    named: Names an origin that counts; may be said several times.
    """
    def __new__(
        cls,
        *,
        region: str,
        commodity: str,
        share: float,
        named: Sequence[str] | None = None,
    ) -> Self: ...

class PriceBand(Measure):
    """Support buying inside a band, from a stock with limits. The sponsor buys and sells at the market price.

    Reports `bought` and `sold`, units per year, and `held` (1 when the price is inside the band, else 0).

    A band held by a stock that is empty at first and has room without limit.

    region
    commodity
    band
    stock: States what the stock holds and can sell, units within the year.
    room: Limits what can be bought, units within the year.
    stock_value: States what a unit held is worth in the accounts, money per unit; zero unless said.
    sponsor: Names who holds the stock; the region's treasury unless said.
    """
    def __new__(
        cls,
        *,
        region: str,
        commodity: str,
        band: Band,
        stock: float | None = None,
        room: float | None = None,
        stock_value: float | None = None,
        sponsor: str | None = None,
    ) -> Self: ...

class PriceUndertaking(Measure):
    """A minimum price, money per unit delivered at the border before duties, for a commodity from named regions.

    Reports `markup`, money per unit, of the first route.

    A minimum price at the border of a region or a bloc, money per unit.

    border
    commodity
    minimum
    from_: Binds only exporters of this region; may be said several times.
    """
    def __new__(
        cls,
        *,
        border: _Border,
        commodity: str,
        minimum: float,
        from_: Sequence[str] | None = None,
    ) -> Self: ...

class ProcurementPreference(Measure):
    """A preference for named origins in public purchases of a commodity in a region. The purchases are part of the region's
    demand; the sponsor, the region's treasury unless another is named, pays the premium.

    Reports `premium`, money per unit, and `margin`, the part of the price that it is.

    A volume of public purchases, units per year, and the most paid over the price as a fraction of it.

    region
    commodity
    volume
    margin
    named: Names an origin that is preferred: a region, an activity or a firm; may be said several times.
    sponsor: Names who pays the premium; the region's treasury unless said.
    """
    def __new__(
        cls,
        *,
        region: str,
        commodity: str,
        volume: float,
        margin: float,
        named: Sequence[str] | None = None,
        sponsor: str | None = None,
    ) -> Self: ...

class ProductionQuota(Measure):
    """A limit on the output of a commodity in a region, or of named producers there, units per year. The producers keep
    the rent unless the quota is auctioned.

    Reports `rent`, money per unit.

    A quota in units per year for all producers of a commodity in a region together.

    region
    commodity
    quota
    covering: Limits only this activity, or this firm's activities; may be said several times.
    auctioned: Sells the quota, so that a public purse collects the rent: the region's treasury unless named by `collector`(Self::collector).
    collector: Names who collects the rent of an auctioned quota.
    """
    def __new__(
        cls,
        *,
        region: str,
        commodity: str,
        quota: float,
        covering: Sequence[str] | None = None,
        auctioned: bool | None = None,
        collector: str | None = None,
    ) -> Self: ...

class ProductionSubsidy(Measure):
    """A payment per unit to the producers of a commodity in a region, or to named ones among them.

    A subsidy in money per unit to every producer of the commodity in the region. A negative rate is a tax.

    region
    commodity
    rate
    covering: Pays only this activity, or this firm's activities.
    sponsor: Names who pays; the region's treasury unless said.
    """
    def __new__(
        cls,
        *,
        region: str,
        commodity: str,
        rate: float,
        covering: Sequence[str] | None = None,
        sponsor: str | None = None,
    ) -> Self: ...

class ReferencePriceLadder(Measure):
    """Border floors on the stages of a chain, for one region or for a bloc whose members are exempt.

    A floor on a material alone is paid for by whoever turns it into the next stage at home; what is imported at that
    next stage is free of it. Each further rung closes that gap at its own stage and leaves it at the one after. A rung on
    a commodity that no route brings in has nothing to put a levy on: it raises nothing, and is attained or not.

    Reports for each commodity `levy COMMODITY` (or the rent per unit, under a quota), `attained COMMODITY` (1 or 0) and
    `revenue COMMODITY`, money per year.

    A ladder without rungs yet, held by adjustable tariffs.

    border
    rungs: Adds a floor on a commodity, money per unit.
    by: Holds the floors by licences instead of by tariffs.
    sharing: States how members divide what the levies raise; equally unless said.
    measured_in: Measures the price inside in one member instead of where it is lowest.
    """
    def __new__(
        cls,
        *,
        border: _Border,
        rungs: Sequence[Rung],
        by: _Instrument | None = None,
        sharing: _Sharing | None = None,
        measured_in: str | None = None,
    ) -> Self: ...

class StatutoryCeiling(Measure):
    """A price above which nobody may sell a commodity in a region. Final buyers, plants that use it and routes out are
    rationed alike; what a measure takes from the node is served first.

    Reports `rationed`: the premium per unit under efficient rationing, the unserved share under proportional.

    A maximum price, money per unit, with the rule by which purchases are rationed.

    region
    commodity
    ceiling
    rationing
    """
    def __new__(
        cls,
        *,
        region: str,
        commodity: str,
        ceiling: float,
        rationing: _Rationing,
    ) -> Self: ...

class StatutoryMinimum(Measure):
    """A price below which nobody may sell a commodity in a region.

    Reports `rationed`: the rent per unit under efficient rationing, the unserved share under proportional.

    A minimum price, money per unit, with the rule by which sales are rationed.

    region
    commodity
    floor
    rationing
    """
    def __new__(
        cls,
        *,
        region: str,
        commodity: str,
        floor: float,
        rationing: _Rationing,
    ) -> Self: ...

class SupportBuying(Measure):
    """A floor held by buying.

    Reports `bought` per year and `attained` (1 or 0).

    Buying at a floor, money per unit, without limit.

    region
    commodity
    floor
    limit: Limits what is bought, units per year.
    budget: Limits what is spent, money per year.
    fund: Limits what is spent in all, money: over all years in which the measure is in force, one after another. In a market of a single year it is that year's budget.
    purchase: States what is paid once the budget or the fund binds.
    stock_value: States what a unit held is worth in the accounts, money per unit; zero unless said.
    sponsor: Names who buys; the region's treasury unless said.
    """
    def __new__(
        cls,
        *,
        region: str,
        commodity: str,
        floor: float,
        limit: float | None = None,
        budget: float | None = None,
        fund: float | None = None,
        purchase: _Purchase | None = None,
        stock_value: float | None = None,
        sponsor: str | None = None,
    ) -> Self: ...

class Tariff(Measure):
    """A duty on a commodity that enters a region, from everywhere or from one region.

    A duty on imports into a region.

    region
    commodity
    rate
    from_: Only what comes from this region.
    exempt: Exempts what comes from this region; may be said several times. The route decides, not where a thing was made.
    collector: Names who collects; the importing region's treasury unless said.
    """
    def __new__(
        cls,
        *,
        region: str,
        commodity: str,
        rate: _Rate,
        from_: str | None = None,
        exempt: Sequence[str] | None = None,
        collector: str | None = None,
    ) -> Self: ...

class TariffRateQuota(Measure):
    """Two duties on imports of a commodity, with a quota in units per year as they arrive.

    The importing treasury collects the duties; the owner of the rent is named. Where several routes share the quota,
    they share it in proportion to what they bring.

    Reports `rent`: money per unit, or a share of the base when the rates are ad valorem.

    A quota in units per year, with the owner of its rent, and no duties yet.

    border
    commodity
    quota
    owner
    in_quota: States the duty inside the quota and the one beyond it, of one kind and on one base.
    over_quota
    from_: Counts and charges only what comes from this region; may be said several times.
    """
    def __new__(
        cls,
        *,
        border: _Border,
        commodity: str,
        quota: float,
        owner: _RentOwner,
        in_quota: _Rate,
        over_quota: _Rate,
        from_: Sequence[str] | None = None,
    ) -> Self: ...

class TaxCredit(Measure):
    """A credit on the cost of the producers of a commodity in a region, or of named ones among them. The region's treasury
    pays unless another sponsor is named.

    Cost is the producer's own, the area under its supply curve; materials bought in markets count when
    `with_inputs`(Self::with_inputs) says so.

    A credit of a share of cost, from 0 to 1.

    region
    commodity
    share
    inputs: Counts what producers buy in markets as cost too.
    covering: Pays only this activity, or this firm's activities; may be said several times.
    sponsor: Names who pays; the region's treasury unless said.
    """
    def __new__(
        cls,
        *,
        region: str,
        commodity: str,
        share: float,
        inputs: bool | None = None,
        covering: Sequence[str] | None = None,
        sponsor: str | None = None,
    ) -> Self: ...
