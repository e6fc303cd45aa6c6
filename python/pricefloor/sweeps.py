"""Many solves of one market, on the threads of this machine or on any executor, that can be stopped and taken up again."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

from numpy.typing import ArrayLike

from ._core import Compiled, SweepCore
from ._parts import done
from .errors import InputError
from .outcomes import Outcome
from .table import Table

__all__ = ["Sweep", "Swept"]


class Swept(Table):
    """The numbers that were set and the outcomes, row by row; ``failures`` lists rows without an equilibrium, with reasons."""

    def __init__(self, settings: Table, outcomes: Mapping[str, Any], failures: Table) -> None:
        if not isinstance(settings, Table):
            raise InputError("settings must be a Table", "settings")
        super().__init__({**settings, **outcomes}, settings.units)
        self.failures = failures


class Sweep:
    """The rows of numbers with which a market is solved, and the outcomes to keep of each.

    Made by :meth:`grid`, :meth:`list` or :meth:`uniform`. ``outcomes`` maps a column's name to an outcome of
    :mod:`pricefloor.outcomes`. Rows are done in parts, of 4096 rows unless ``part_rows`` (a multiple of 64) says
    otherwise. A part depends on the sweep and its own number alone: the same bytes whatever the executor, the order, or
    how often it is done.
    """

    def __init__(self, core: SweepCore, columns: Sequence[str]) -> None:
        if not isinstance(core, SweepCore) or not isinstance(columns, Sequence):
            raise InputError("a Sweep is made by grid, list or uniform", "core")
        self._core = core
        self._columns = list(columns)

    @classmethod
    def grid(
        cls,
        compiled: Compiled,
        axes: Mapping[str, ArrayLike],
        outcomes: Mapping[str, Outcome],
        *,
        part_rows: int | None = None,
    ) -> Sweep:
        """Every combination of the values of each path; the last path changes fastest."""
        core = SweepCore.grid(compiled, dict(axes), _listed(outcomes), part_rows)
        return cls(core, list(outcomes))

    @classmethod
    def list(
        cls,
        compiled: Compiled,
        paths: Sequence[str],
        rows: ArrayLike,
        outcomes: Mapping[str, Outcome],
        *,
        part_rows: int | None = None,
    ) -> Sweep:
        """Rows as given, one column for each path."""
        core = SweepCore.list(compiled, paths, rows, _listed(outcomes), part_rows)
        return cls(core, [*outcomes])

    @classmethod
    def uniform(
        cls,
        compiled: Compiled,
        ranges: Mapping[str, tuple[float, float]],
        outcomes: Mapping[str, Outcome],
        *,
        rows: int,
        seed: int,
        part_rows: int | None = None,
    ) -> Sweep:
        """Rows drawn evenly and independently from ``(low, high)`` of each path, one random stream for each 64 rows."""
        core = SweepCore.uniform(compiled, dict(ranges), rows, seed, _listed(outcomes), part_rows)
        return cls(core, [*outcomes])

    @property
    def key(self) -> str:
        """What tells this sweep from others: its name in a store."""
        return self._core.key

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return self._core.parts

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self._core.rows

    def __repr__(self) -> str:
        return f"Sweep({self.rows} rows in {self.parts} parts, {', '.join(self._columns)})"

    def run(
        self,
        *,
        executor: Executor | None = None,
        store: str | os.PathLike[str] | None = None,
        retries: int = 3,
        progress: bool = False,
    ) -> Swept:
        """Solves all rows.

        Without an ``executor`` the parts are done on this machine's threads. With one, a part whose worker is lost is
        handed in again, up to ``retries`` times. With a ``store`` (a folder that all workers see) finished parts are kept
        in files, and a sweep that was stopped goes on where it was. ``progress`` shows a bar (extra ``progress``).
        """
        parts = done(
            self._core, executor=executor, store=store, retries=retries, progress=progress
        )
        values, failures = self._core.together(parts)
        columns = {name: values[:, k].copy() for k, name in enumerate(self._columns)}
        return Swept(self._core.settings, columns, failures)


def _listed(outcomes: Mapping[str, Outcome]) -> list[Outcome]:
    if not isinstance(outcomes, Mapping):
        raise InputError("outcomes must be a dict from a column's name to an outcome", "outcomes")
    return [*outcomes.values()]
