"""What happens to a market, to its producers and to the public purse when a government intervenes?

The engine is the Rust crate of the same name. Money is in the market's currency, quantities in the commodity's unit, rates
are per year as fractions, time in years.
"""

from __future__ import annotations

from . import errors, executors, facts, finance, measures, outcomes, plots, stochastic, storage, sweeps, viability
from ._core import (
    Activity,
    CaseFindings,
    Compiled,
    Demand,
    Equilibrium,
    Findings,
    Incidence,
    Ledger,
    Market,
    Measure,
    Policy,
    Record,
    Solved,
    StorageRules,
    Supply,
    break_even,
    cash_flow,
    claim,
    irr,
    normal_yields,
    npv,
    option,
    price_paths,
    run_study,
    runway,
    solve_storage,
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
    "Comparisons",
    "Compiled",
    "Demand",
    "Equilibrium",
    "Findings",
    "Incidence",
    "Ledger",
    "Market",
    "Measure",
    "Policy",
    "Record",
    "Solved",
    "StorageRules",
    "Supply",
    "Sweep",
    "Swept",
    "Table",
    "break_even",
    "cash_flow",
    "claim",
    "compare",
    "errors",
    "executors",
    "facts",
    "finance",
    "irr",
    "measures",
    "normal_yields",
    "npv",
    "option",
    "outcomes",
    "plots",
    "price_paths",
    "run_study",
    "runway",
    "solve_storage",
    "stochastic",
    "storage",
    "sweeps",
    "viability",
]
__all__ += errors.__all__
__all__ += measures.__all__
__all__ += stochastic.__all__
