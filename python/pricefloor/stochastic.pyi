# Written by stubs.py from what the crate asks for.
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, Self, TypeAlias, TypedDict

from ._core import Demand, Market, Measure, Record, Supply

__all__ = [
    "Basket",
    "GeometricBrownian",
    "MeanReverting",
    "Regime",
    "RegimeSwitching",
    "SchwartzSmith",
    "Simulation",
]

_BasketPrice_MeanReverting_ = TypedDict("_BasketPrice_MeanReverting_", {"MeanReverting": MeanReverting | Mapping[str, Any]})
_BasketPrice_GeometricBrownian_ = TypedDict("_BasketPrice_GeometricBrownian_", {"GeometricBrownian": GeometricBrownian | Mapping[str, Any]})
_BasketPrice: TypeAlias = _BasketPrice_MeanReverting_ | _BasketPrice_GeometricBrownian_

_Draws_Plain = TypedDict("_Draws_Plain", {"seed": NotRequired[int]})
_Draws_Plain_ = TypedDict("_Draws_Plain_", {"Plain": _Draws_Plain})
_Draws_Antithetic = TypedDict("_Draws_Antithetic", {"seed": int})
_Draws_Antithetic_ = TypedDict("_Draws_Antithetic_", {"Antithetic": _Draws_Antithetic})
_Draws_Sobol = TypedDict("_Draws_Sobol", {"seed": int, "points": int})
_Draws_Sobol_ = TypedDict("_Draws_Sobol_", {"Sobol": _Draws_Sobol})
_Draws: TypeAlias = _Draws_Plain_ | _Draws_Antithetic_ | _Draws_Sobol_

Regime = TypedDict("Regime", {"log_mean": float, "volatility": float, "exit_rate": float})

class GeometricBrownian(Record):
    """Geometric Brownian motion, dP / P = mu dt + sigma dW, with exact transitions.

    A price with these terms.

    spot: Price today, in the market's currency per unit.
    drift: Drift mu of the price, per year and continuously compounded: the expected price is spot e^(mu t).
    volatility: Volatility sigma, per square root of a year.
    """
    def __new__(
        cls,
        *,
        spot: float,
        drift: float,
        volatility: float,
    ) -> Self: ...

class MeanReverting(Record):
    """A price whose logarithm reverts to a mean: d ln P = kappa (theta - ln P) dt + sigma dW
    (the one-factor model of Schwartz 1997, in the parameters of the log price).

    Paths use the exact transition, so the time step brings no error.

    A price with these terms.

    spot: Price today, in the market's currency per unit.
    reversion: Speed of mean reversion kappa, per year (half-life ln 2 / kappa years).
    log_mean: Theta, the long-run mean of the log price. The long-run mean price is e^(theta + sigma^2 / (4 kappa)).
    volatility: Volatility sigma of the log price, per square root of a year.
    """
    def __new__(
        cls,
        *,
        spot: float,
        reversion: float,
        log_mean: float,
        volatility: float,
    ) -> Self: ...

class SchwartzSmith(Record):
    """A price with a lasting and a passing part: ln P = chi + xi, d chi = -kappa chi dt + s dW, d xi = mu dt + S dV, with
    correlated shocks (Schwartz and Smith 2000). Paths use the exact transition.

    A price with these terms.

    equilibrium: Equilibrium price today, in the market's currency per unit: e^xi.
    deviation: Short-term deviation chi of today's log price from the equilibrium: today's price is equilibrium x e^chi.
    reversion: Speed kappa at which deviations disappear, per year.
    short_volatility: Volatility of the deviation, per square root of a year.
    drift: Drift of the log of the equilibrium price, per year.
    long_volatility: Volatility of the log of the equilibrium price, per square root of a year.
    correlation: Correlation of the two shocks.
    """
    def __new__(
        cls,
        *,
        equilibrium: float,
        deviation: float,
        reversion: float,
        short_volatility: float,
        drift: float,
        long_volatility: float,
        correlation: float,
    ) -> Self: ...

class RegimeSwitching(Record):
    """A price with calm times and embargoes: the log price reverts to a mean that depends on the regime, regimes last
    exponential times, and the price jumps when an embargo begins.

    Switches happen at their exact times, between which the transition is exact, so the time step brings no error.
    Only plain draws serve, since the number of random numbers differs from path to path.

    A price with these terms.

    spot: Price today, in the market's currency per unit.
    reversion: Speed of mean reversion kappa in both regimes, per year.
    calm: The regime of free trade.
    embargo: The regime of an embargo.
    jump_mean: Mean jump of the log price when an embargo begins.
    jump_deviation: Standard deviation of that jump.
    embargo_today: Whether there is an embargo today.
    """
    def __new__(
        cls,
        *,
        spot: float,
        reversion: float,
        calm: Regime,
        embargo: Regime,
        jump_mean: float,
        jump_deviation: float,
        embargo_today: bool,
    ) -> Self: ...

class Basket(Record):
    """Several prices with correlated shocks: the oxides of one ore. Each price alone follows its own process; over a step
    the log prices have covariance rho s_i s_j (1 - e^-(k_i + k_j) h) / (k_i + k_j), exactly.

    A basket with these terms.

    prices: The price of each commodity.
    correlation: Correlation of the shocks dW, row by row.
    """
    def __new__(
        cls,
        *,
        prices: Sequence[_BasketPrice],
        correlation: Sequence[Sequence[float]],
    ) -> Self: ...

class Simulation(Record):
    """Settings

    paths
    draws
    """
    def __new__(
        cls,
        *,
        paths: int,
        draws: _Draws,
    ) -> Self: ...
