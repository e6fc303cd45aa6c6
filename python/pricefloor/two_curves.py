"""Many markets of one supply and one demand curve each."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from . import _core
from .errors import InputError
from .table import Table

__all__ = ["solve_two_curves"]


def solve_two_curves(
    *,
    base_price: float,
    supply: ArrayLike,
    supply_elasticity: ArrayLike,
    demand: ArrayLike,
    demand_elasticity: ArrayLike,
    imports: ArrayLike = 0.0,
    import_price: ArrayLike = 0.0,
    tariff: ArrayLike = 0.0,
    floor: ArrayLike = 0.0,
    floor_by: Literal["buying", "contract"] = "buying",
) -> Table:
    """Solves markets by the million, a row each, on all threads: ``price``, ``bought`` (public purchases, per year) and
    ``residual`` (excess supply left over, as a share of demand).

    At the price p, with b the base price, ``supply (p/b)^supply_elasticity + imports max(p - import_price - tariff, 0) =
    demand (p/b)^demand_elasticity``. Quantities are per year at the base price, prices and tariffs money per unit,
    ``imports`` quantity per year and unit of price. A floor of zero is none; it holds by public purchases, or as a contract
    of home producers. A number stands for a column of it.

    >>> table = solve_two_curves(
    ...     base_price=100.0, supply=10.0, supply_elasticity=1.0, demand=10.0, demand_elasticity=-1.0, import_price=90.0,
    ...     floor=[0.0, 110.0],
    ... )
    >>> table["price"].round(9).tolist()
    [100.0, 110.0]
    """
    columns = {
        "supply": supply,
        "supply_elasticity": supply_elasticity,
        "demand": demand,
        "demand_elasticity": demand_elasticity,
        "imports": imports,
        "import_price": import_price,
        "tariff": tariff,
        "floor": floor,
    }
    arrays = []
    for name, column in columns.items():
        try:
            arrays.append(np.asarray(column, dtype=np.float64))
        except (TypeError, ValueError) as error:
            raise InputError(f"{name}: {error}", name) from error
        if arrays[-1].ndim > 1:
            shape = arrays[-1].shape
            raise InputError(f"{name} has the shape {shape}; it needs one dimension", name)
    rows = {len(array) for array in arrays if array.ndim and len(array) != 1} or {1}
    if len(rows) > 1:
        raise InputError(f"columns have the lengths {sorted(rows)}; they must have one", "columns")
    every = [np.ascontiguousarray(np.broadcast_to(array, rows.copy().pop())) for array in arrays]
    return _core.two_curves(base_price, floor_by, every)
