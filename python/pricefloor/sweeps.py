"""Many solves of one market, on the threads of this machine or on any executor, that can be stopped and taken up again."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from functools import lru_cache
from typing import Any

from numpy.typing import ArrayLike

from ._core import Compiled, SweepCore
from ._extras import need
from .errors import InputError, PricefloorError, SweepError
from .outcomes import Outcome
from .table import Table

__all__ = ["Sweep", "Swept"]

# parts that wait at an executor at once: enough for a large cluster, few enough to keep track of
_WAITING = 1000


class Swept(Table):
    """The numbers that were set and the outcomes, row by row; ``failures`` lists rows without an equilibrium, with reasons."""

    def __init__(self, settings: Table, outcomes: Mapping[str, Any], failures: Table) -> None:
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
        folder = None if store is None else os.path.abspath(os.fspath(store))
        bar = need("tqdm.auto", "progress").tqdm(total=self.parts, unit="part") if progress else None
        tick = bar.update if bar is not None else _nothing
        try:
            if executor is None:
                done = {}
                for part in range(self.parts):
                    done[part] = self._core.part(part, folder)
                    tick(1)
            else:
                done = self._spread(executor, folder, retries, tick)
        finally:
            if bar is not None:
                bar.close()
        values, failures = self._core.together([done[part] for part in range(self.parts)])
        columns = {name: values[:, k].copy() for k, name in enumerate(self._columns)}
        return Swept(self._core.settings, columns, failures)

    def _spread(
        self,
        executor: Executor,
        folder: str | None,
        retries: int,
        tick: Callable[[int], object],
    ) -> dict[int, bytes]:
        work = pickle.dumps(self._core)
        done: dict[int, bytes] = {}
        waiting: dict[Future[bytes], int] = {}
        tries = dict.fromkeys(range(self.parts), 0)
        rest = list(reversed(range(self.parts)))
        try:
            while rest or waiting:
                while rest and len(waiting) < _WAITING:
                    part = rest.pop()
                    if folder is not None and self._core.stored(part, folder):
                        done[part] = self._core.part(part, folder)
                        tick(1)
                        continue
                    tries[part] += 1
                    waiting[_submitted(executor, work, part, folder)] = part
                if not waiting:
                    continue
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    part = waiting.pop(future)
                    try:
                        done[part] = future.result()
                    except PricefloorError:
                        raise
                    except Exception as lost:
                        if tries[part] > retries:
                            raise SweepError(
                                f"part {part} was lost {tries[part]} times", f"part {part}"
                            ) from lost
                        rest.append(part)
                    else:
                        tick(1)
        finally:
            for future in waiting:
                future.cancel()
        return done


def _nothing(_: int) -> None:
    return None


def _listed(outcomes: Mapping[str, Outcome]) -> list[Outcome]:
    if not isinstance(outcomes, Mapping):
        raise InputError("outcomes must be a dict from a column's name to an outcome", "outcomes")
    return [*outcomes.values()]


def _submitted(
    executor: Executor, work: bytes, part: int, folder: str | None
) -> Future[bytes]:
    try:
        return executor.submit(_part, work, part, folder)
    except Exception as broken:
        raise SweepError(f"the executor took no part: {broken}", f"part {part}") from broken


def _part(work: bytes, part: int, folder: str | None) -> bytes:
    """What a worker does: the sweep is compiled once a process."""
    return _unpacked(work).part(part, folder)


@lru_cache(maxsize=4)
def _unpacked(work: bytes) -> SweepCore:
    core: SweepCore = pickle.loads(work)
    return core

