"""Pictures of results. Needs the extra ``plot``.

Drawn with matplotlib: it writes vector files that journals take, every figure can be changed afterwards, and it has
been kept up for twenty years. Colours are those of Okabe and Ito (2008), which the colour-blind tell apart. Each function
draws into ``ax`` where one is given, and returns the axes. :data:`STYLE` holds the settings of new figures: change it, or
pass an ``ax`` of your own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, ParamSpec

import numpy as np
from numpy.typing import ArrayLike

from ._core import Equilibrium, Findings, Supply
from ._extras import need
from .compare import Comparisons
from .errors import InputError

__all__ = ["STYLE", "chain_map", "default_curve", "price_fan", "supply_demand", "who_pays"]

BLUE, ORANGE, GREEN, RED, SKY, PURPLE, YELLOW, BLACK = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#56B4E9",
    "#CC79A7",
    "#F0E442",
    "#000000",
)
CYCLE = [BLUE, ORANGE, GREEN, RED, SKY, PURPLE, BLACK]

P = ParamSpec("P")

STYLE: dict[str, Any] = {
    "figure.figsize": (5.6, 3.6),
    "figure.dpi": 120,
    "figure.constrained_layout.use": True,
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "legend.fontsize": 8,
    "lines.linewidth": 1.6,
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
}


def _styled(draw: Callable[P, Any]) -> Callable[P, Any]:
    """Draws with :data:`STYLE`, unless the caller brought axes and with them a style."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Any:
        with need("matplotlib", "plot").rc_context(STYLE if kwargs.get("ax") is None else {}):
            return draw(*args, **kwargs)

    return drawn


def _axes(ax: Any | None, size: tuple[float, float] | None = None) -> Any:
    if ax is not None:
        return ax
    return need("matplotlib.pyplot", "plot").subplots(figsize=size)[1]


def _unit(label: str, unit: str) -> str:
    return f"{label} ({unit})" if unit else label


def _local_supply(result: Equilibrium, region: str, commodity: str) -> Supply | None:
    """The supply of producers whose level is their output of the commodity and who buy nothing."""
    curves = [
        activity.supply
        for activity in result.market.activities
        if activity.region == region and activity.outputs == {commodity: 1.0} and not activity.inputs
    ]
    if not curves:
        return None
    total = curves[0]
    for curve in curves[1:]:
        total = total + curve
    return total


def _node(result: Equilibrium, region: str | None, commodity: str | None) -> tuple[str, str]:
    market = result.market
    for region_ in [region] if region else market.regions:
        for commodity_ in [commodity] if commodity else market.commodities:
            if market.demand(region_, commodity_) is not None:
                return region_, commodity_
    place = f"{commodity or 'any commodity'} in {region or 'any region'}"
    raise InputError(f"there is no final demand for {place}", place)


@_styled
def supply_demand(
    result: Equilibrium,
    region: str | None = None,
    commodity: str | None = None,
    *,
    ax: Any | None = None,
) -> Any:
    """Demand and local supply at a node, its price, and the surplus of buyers and of local producers at that price.

    The first node with final demand unless said. Only producers of this commodity alone are in the supply curve: a joint
    product has no curve of its own.
    """
    region, commodity = _node(result, region, commodity)
    demand = result.market.demand(region, commodity)
    if demand is None:
        raise InputError(f"there is no final demand for {commodity} in {region}", region)
    price, bought = result.price(region, commodity), result.demanded(region, commodity)
    supply = _local_supply(result, region, commodity)
    top = demand.choke_price() or 2.0 * max(price, demand.reference_price() or price)
    prices = np.linspace(top / 400.0, top, 400)
    middle = np.array([_middle(demand.quantity(p)) for p in prices])
    axes = _axes(ax)
    axes.plot(middle, prices, color=BLUE, label="demand")
    above = prices >= price
    axes.fill_betweenx(prices[above], 0.0, middle[above], color=BLUE, alpha=0.18, lw=0, label="surplus of buyers")
    widest = max(bought, 1e-12) * 1.9
    if supply is not None:
        offered = np.array([_middle(supply.quantity(p)) for p in prices])
        axes.plot(offered, prices, color=RED, label="local supply")
        below = prices <= price
        axes.fill_betweenx(
            prices[below], 0.0, offered[below], color=ORANGE, alpha=0.28, lw=0, label="surplus of local producers"
        )
        widest = max(widest, 1.2 * _middle(supply.quantity(price)))
    axes.plot([0.0, bought], [price, price], color=BLACK, lw=0.8, ls="--")
    axes.plot([bought], [price], "o", color=BLACK, ms=5)
    axes.annotate(
        f"{price:,.4g}", (bought, price), xytext=(6, 5), textcoords="offset points", fontsize="small"
    )
    axes.set(
        xlim=(0.0, widest),
        ylim=(0.0, top),
        xlabel=_unit("quantity a year", result.quantity_unit),
        ylabel=_unit("price", result.price_unit),
        title=f"{commodity} in {region}" + (f": {', '.join(result.policy.names)}" if len(result.policy) else ""),
    )
    axes.legend(loc="upper right")
    return axes


def _middle(ends: tuple[float, float]) -> float:
    low, high = ends
    return low if not np.isfinite(high) else 0.5 * (low + high)


@_styled
def who_pays(comparisons: Comparisons, *, ax: Any | None = None, most: int = 12) -> Any:
    """What each party gains or loses under each reform: bars to the right gain, to the left pay.

    Parties that nothing touches are left out, and beyond ``most`` those that it touches least.
    """
    table = comparisons.table
    names = list(comparisons)
    gains = np.array([table[name] for name in names])
    size = np.abs(gains).max(axis=0)
    keep = [k for k in np.argsort(-size)[: most] if size[k] > 1e-9 * max(size.max(), 1e-300)]
    keep.sort()
    axes = _axes(ax, (5.6, 1.2 + 0.22 * max(len(keep), 2) * len(names)))
    height = 0.8 / len(names)
    places = np.arange(len(keep))
    for k, name in enumerate(names):
        offset = (k - (len(names) - 1) / 2) * height
        axes.barh(places + offset, gains[k][keep], height, color=CYCLE[k % len(CYCLE)], label=name)
    axes.axvline(0.0, color=BLACK, lw=0.8)
    axes.set_yticks(places, [str(party) for party in table["party"][keep]])
    axes.invert_yaxis()
    unit = next(iter(table.units.values()), "")
    axes.set(xlabel=_unit("gain a year", unit), title="Who gains, who pays")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    if len(names) > 1 and ax is None:
        axes.figure.legend(loc="outside lower center", ncols=min(len(names), 2))
    elif len(names) > 1:
        axes.legend(loc="best")
    return axes


@_styled
def price_fan(
    times: ArrayLike,
    paths: ArrayLike,
    *,
    unit: str = "",
    floor: float | None = None,
    shown: int = 3,
    ax: Any | None = None,
) -> Any:
    """Simulated prices (paths x times, as :func:`pricefloor.price_paths` gives them): median, bands of 50 % and 90 % of the
    paths, and the first ``shown`` paths; ``floor`` draws a line."""
    years = np.asarray(times, dtype=float)
    prices = np.asarray(paths, dtype=float)
    if prices.ndim == 3:
        prices = prices[:, :, 0]
    if prices.ndim != 2 or prices.shape[1] != years.size:
        raise InputError(f"paths have the shape {prices.shape}, times {years.shape}", "paths")
    low, lower, median, upper, high = np.quantile(prices, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
    axes = _axes(ax)
    axes.fill_between(years, low, high, color=SKY, alpha=0.35, lw=0, label="90 % of paths")
    axes.fill_between(years, lower, upper, color=BLUE, alpha=0.35, lw=0, label="50 %")
    for path in prices[:shown]:
        axes.plot(years, path, color=BLACK, lw=0.5, alpha=0.5)
    axes.plot(years, median, color=BLUE, label="median")
    if floor is not None:
        axes.axhline(floor, color=RED, lw=1.2, ls="--", label=f"floor {floor:,.4g}")
    axes.set(xlabel="years", ylabel=_unit("price", unit), title="Simulated prices", xlim=(years[0], years[-1]))
    # room for the legend above the bands; a path that leaves it is cut
    axes.set_ylim(0.0, 1.35 * max(high.max(), floor or 0.0))
    axes.legend(loc="upper left", ncols=4, columnspacing=1.2)
    return axes


@_styled
def default_curve(findings: Findings, *, ax: Any | None = None) -> Any:
    """The probability of having run out of cash by the end of each year, in each case."""
    axes = _axes(ax)
    for k, name in enumerate(findings.cases):
        by_year = [0.0, *findings.case(name).out_of_cash_by_year]
        # a line under another one shows at its sides
        width = 1.8 + 1.1 * (len(findings.cases) - 1 - k)
        color = CYCLE[k % len(CYCLE)]
        axes.step(range(len(by_year)), by_year, where="post", color=color, label=name, linewidth=width)
    axes.set(xlabel="years", ylabel="share of paths", title="Out of cash", xlim=(0, None), ylim=(0.0, None))
    axes.yaxis.set_major_formatter(need("matplotlib.ticker", "plot").PercentFormatter(1.0))
    axes.legend(loc="best")
    return axes


@_styled
def chain_map(result: Equilibrium, *, ax: Any | None = None) -> Any:
    """Where each commodity is bought and sold and how it travels: regions side by side, commodities from the first stage
    down; circles by final demand, arrows by what is sent, prices beside the circles."""
    market = result.market
    regions, commodities = market.regions, market.commodities
    axes = _axes(ax, (1.6 + 1.5 * len(regions), 1.6 + 1.1 * len(commodities)))
    place = {
        (region, commodity): (float(x), -float(y))
        for x, region in enumerate(regions)
        for y, commodity in enumerate(commodities)
    }
    demanded = {key: result.demanded(*key) for key in place if _has(result, key)}
    flows = _flows(result, market.routes)
    largest = {
        commodity: max(
            [amount for (_, c), amount in demanded.items() if c == commodity]
            + [amount for _, _, c, amount in flows if c == commodity]
            + [1e-300]
        )
        for commodity in commodities
    }
    patches = need("matplotlib.patches", "plot")
    for origin, destination, commodity, amount in flows:
        width = 0.6 + 4.4 * amount / largest[commodity]
        start, end = place[origin, commodity], place[destination, commodity]
        axes.add_patch(
            patches.FancyArrowPatch(
                start,
                end,
                connectionstyle="arc3,rad=0.22",
                arrowstyle="-|>",
                mutation_scale=8 + 2 * width,
                shrinkA=12,
                shrinkB=12,
                lw=width,
                color=CYCLE[commodities.index(commodity) % len(CYCLE)],
                alpha=0.65,
            )
        )
    for (region, commodity), amount in demanded.items():
        x, y = place[region, commodity]
        share = amount / largest[commodity]
        axes.scatter([x], [y], s=30 + 420 * share, color="white", edgecolor=BLACK, lw=1.0, zorder=3)
        axes.annotate(
            f"{result.price(region, commodity):,.4g}",
            (x, y),
            xytext=(0, 15),
            textcoords="offset points",
            ha="center",
            fontsize="small",
            zorder=4,
        )
    axes.set_xticks(range(len(regions)), regions)
    axes.set_yticks([-float(y) for y in range(len(commodities))], commodities)
    axes.set(xlim=(-0.6, len(regions) - 0.4), ylim=(-len(commodities) + 0.4, 0.6))
    axes.set_title(f"{market.name}: prices" + (f" in {result.price_unit}" if result.price_unit else ""))
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    return axes


def _has(result: Equilibrium, node: tuple[str, str]) -> bool:
    nodes = result.nodes
    return bool(np.any((nodes["region"] == node[0]) & (nodes["commodity"] == node[1])))


def _flows(
    result: Equilibrium, routes: Iterable[Mapping[str, Any]]
) -> Sequence[tuple[str, str, str, float]]:
    found = [
        (r["from"], r["to"], r["commodity"], result.flow(r["from"], r["to"], r["commodity"])) for r in routes
    ]
    return [flow for flow in found if flow[3] > 1e-9]
