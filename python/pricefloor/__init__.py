"""What happens to a market, to its producers and to the public purse when a government intervenes?

The engine is the Rust crate of the same name. Money is in the market's currency, quantities in the commodity's unit, rates
are per year as fractions, time in years.
"""

from __future__ import annotations

from . import errors, executors, facts, finance, measures, outcomes, plots, stochastic, sweeps, viability
from ._core import (
    Activity,
    CaseFindings,
    Comparison,
    Compiled,
    Demand,
    Equilibrium,
    Findings,
    Ledger,
    Market,
    Measure,
    Policy,
    Record,
    Solved,
    Supply,
    break_even,
    cash_flow,
    price_paths,
    run_study,
    runway,
)
from .compare import Comparisons, compare
from .errors import *
from .measures import *
from .stochastic import *
from .sweeps import Sweep, Swept
from .table import Table

__all__ = [
    "Activity",
    "CaseFindings",
    "Comparison",
    "Comparisons",
    "Compiled",
    "Demand",
    "Equilibrium",
    "Findings",
    "Ledger",
    "Market",
    "Measure",
    "Policy",
    "Record",
    "Solved",
    "Supply",
    "Sweep",
    "Swept",
    "Table",
    "break_even",
    "cash_flow",
    "compare",
    "errors",
    "executors",
    "facts",
    "finance",
    "measures",
    "outcomes",
    "plots",
    "price_paths",
    "run_study",
    "runway",
    "stochastic",
    "sweeps",
    "viability",
]
__all__ += errors.__all__
__all__ += measures.__all__
__all__ += stochastic.__all__
