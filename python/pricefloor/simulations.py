"""Price paths and studies of a producer, on the threads of this machine or on any executor.

Paths are drawn in parts of whole blocks; each block has random streams of its own, so that a part depends on the process,
the simulation and its own number alone: the same bytes whatever the executor, the order, or how often it is done.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import secrets
from concurrent.futures import Executor

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._core import Findings, MarketPrices, Record, price_part, study_times, walk_study
from ._parts import done
from .errors import InputError, SweepError

__all__ = ["price_paths", "run_study"]

# blocks of 64 paths in one part
_BLOCKS = 64


class _Drawing:
    """A simulation in parts."""

    def __init__(
        self,
        process: Record | MarketPrices,
        times: ArrayLike,
        simulation: Record,
        part_paths: int | None = None,
    ) -> None:
        self.process = process
        self.times = np.asarray(times, dtype=np.float64)
        if self.times.ndim != 1 or not len(self.times):
            raise InputError("times must be a list of dates, in years", "times")
        if not isinstance(simulation, Record) or simulation.kind != "Simulation":
            raise InputError("simulation must be a Simulation", "simulation")
        self.simulation = simulation
        paths = 64 * _BLOCKS if part_paths is None else part_paths
        if paths < 64 or paths % 64:
            raise InputError(f"part_paths is {paths}; it must be a multiple of 64", "part_paths", paths)
        self.blocks = paths // 64

    @property
    def key(self) -> str:
        """What tells this drawing from others: its name in a store."""
        terms = pickle.dumps((self.process, self.times.tobytes(), self.simulation, self.blocks), 4)
        return hashlib.sha256(terms).hexdigest()[:32]

    @property
    def parts(self) -> int:
        return max(1, -(-int(self.simulation.paths) // (64 * self.blocks)))

    def drawn(self, index: int) -> NDArray[np.float64]:
        """The paths of a part."""
        first = index * self.blocks
        return price_part(self.process, self.times, self.simulation, first, self.blocks)

    def part(self, index: int, store: str | None) -> bytes:
        if store is not None and self.stored(index, store):
            return self._read(index, store)
        drawn = self.drawn(index).tobytes()
        if store is not None:
            os.makedirs(store, exist_ok=True)
            file = self._file(index, store)
            draft = f"{file}.{secrets.token_hex(8)}.draft"
            with open(draft, "wb") as out:
                out.write(hashlib.sha256(drawn).digest() + drawn)
                out.flush()
                os.fsync(out.fileno())
            os.replace(draft, file)
        return drawn

    def stored(self, index: int, store: str) -> bool:
        return os.path.exists(self._file(index, store))

    def _file(self, index: int, store: str) -> str:
        return os.path.join(store, f"{self.key}-{index:08}.paths")

    def _read(self, index: int, store: str) -> bytes:
        file = self._file(index, store)
        with open(file, "rb") as whole:
            text = whole.read()
        if hashlib.sha256(text[32:]).digest() != text[:32]:
            raise SweepError(f"{file}: it is cut short or damaged", file)
        return text[32:]


def price_paths(
    process: Record | MarketPrices,
    times: ArrayLike,
    simulation: Record,
    *,
    executor: Executor | None = None,
    store: str | os.PathLike[str] | None = None,
    retries: int = 3,
    progress: bool = False,
    part_paths: int | None = None,
) -> NDArray[np.float64]:
    """Draws prices at the given times (years from today, increasing): an array of paths x times x commodities, in money per
    unit.

    ``process`` is a price process, or :class:`MarketPrices` out of a market. Without an ``executor`` the paths are drawn on
    this machine's threads. With one they are drawn in parts, of 4096 paths unless ``part_paths`` (a multiple of 64) says
    otherwise; a part whose worker is lost is handed in again, up to ``retries`` times. With a ``store`` (a folder that all
    workers see) finished parts are kept in files, and a simulation that was stopped goes on where it was. Same simulation,
    same bytes, whatever the executor.
    """
    drawing = _Drawing(process, times, simulation, part_paths)
    if executor is None and store is None and not progress:
        every = -(-int(simulation.paths) // 64)
        return price_part(process, drawing.times, simulation, 0, every)
    parts = done(drawing, executor=executor, store=store, retries=retries, progress=progress)
    # the number of commodities is not in the bytes
    prices = np.frombuffer(b"".join(parts), dtype=np.float64)
    return prices.reshape(int(simulation.paths), len(drawing.times), -1).copy()


def run_study(
    study: Record,
    process: Record | MarketPrices,
    simulation: Record,
    *,
    executor: Executor | None = None,
    store: str | os.PathLike[str] | None = None,
    retries: int = 3,
    progress: bool = False,
    part_paths: int | None = None,
) -> Findings:
    """Walks all cases of a :class:`Study` over the same price paths.

    With an ``executor``, a ``store`` or a ``progress`` bar the paths are drawn as :func:`price_paths` draws them, which is
    where the time goes when prices come out of a market; the cases are then walked along them on this machine's threads.
    Same simulation, same findings, whatever the executor.
    """
    if executor is None and store is None and not progress:
        return walk_study(study, process, simulation)
    prices = price_paths(
        process,
        study_times(study),
        simulation,
        executor=executor,
        store=store,
        retries=retries,
        progress=progress,
        part_paths=part_paths,
    )
    return walk_study(study, prices, simulation)
