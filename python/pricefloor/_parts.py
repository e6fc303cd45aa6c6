"""Work in parts that any executor can do, in any order, as often as it takes."""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from functools import lru_cache
from typing import Protocol

from ._extras import need
from .errors import PricefloorError, SweepError

__all__ = ["Work", "done"]

# parts that wait at an executor at once: enough for a large cluster, few enough to keep track of
_WAITING = 1000


class Work(Protocol):
    """What is done in parts. It pickles; a part depends on it and the part's number alone."""

    @property
    def parts(self) -> int:
        """How many parts there are."""

    def part(self, index: int, store: str | None) -> bytes:
        """Does a part, or takes it from the store."""

    def stored(self, index: int, store: str) -> bool:
        """Whether a part is in the store, whole."""


def done(
    work: Work,
    *,
    executor: Executor | None,
    store: str | os.PathLike[str] | None,
    retries: int,
    progress: bool,
) -> list[bytes]:
    """Does all parts: on this machine's threads, or on an executor, which gets a lost part again."""
    folder = None if store is None else os.path.abspath(os.fspath(store))
    bar = need("tqdm.auto", "progress").tqdm(total=work.parts, unit="part") if progress else None
    tick = bar.update if bar is not None else _nothing
    try:
        if executor is not None:
            return _spread(work, executor, folder, retries, tick)
        parts = []
        for part in range(work.parts):
            parts.append(work.part(part, folder))
            tick(1)
        return parts
    finally:
        if bar is not None:
            bar.close()


def _spread(
    work: Work,
    executor: Executor,
    folder: str | None,
    retries: int,
    tick: Callable[[int], object],
) -> list[bytes]:
    packed = pickle.dumps(work)
    finished: dict[int, bytes] = {}
    waiting: dict[Future[bytes], int] = {}
    tries = dict.fromkeys(range(work.parts), 0)
    rest = list(reversed(range(work.parts)))
    try:
        while rest or waiting:
            while rest and len(waiting) < _WAITING:
                part = rest.pop()
                if folder is not None and work.stored(part, folder):
                    finished[part] = work.part(part, folder)
                    tick(1)
                    continue
                tries[part] += 1
                waiting[_submitted(executor, packed, part, folder)] = part
            if not waiting:
                continue
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                part = waiting.pop(future)
                try:
                    finished[part] = future.result()
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
    return [finished[part] for part in range(work.parts)]


def _nothing(_: int) -> None:
    return None


def _submitted(
    executor: Executor, packed: bytes, part: int, folder: str | None
) -> Future[bytes]:
    try:
        return executor.submit(_part, packed, part, folder)
    except Exception as broken:
        raise SweepError(f"the executor took no part: {broken}", f"part {part}") from broken


def _part(packed: bytes, part: int, folder: str | None) -> bytes:
    """What a worker does: the work is unpacked once a process."""
    return _unpacked(packed).part(part, folder)


@lru_cache(maxsize=4)
def _unpacked(packed: bytes) -> Work:
    work: Work = pickle.loads(packed)
    return work
