"""Executors for more than one machine.

Any :class:`concurrent.futures.Executor` does: a process pool, or Dask's ``client.get_executor(retries=3)``. Ray has none, so
:class:`RayExecutor` is one.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

from ._extras import need

__all__ = ["RayExecutor"]

P = ParamSpec("P")
T = TypeVar("T")


class RayExecutor(Executor):
    """Runs functions as tasks of a Ray cluster. Needs the extra ``ray``.

    A task whose worker dies is tried again, ``retries`` times. ``options`` go to the task: ``num_cpus``, ``resources``.
    """

    def __init__(self, *, retries: int = 3, **options: Any) -> None:
        self._ray = need("ray", "ray")
        self._options = {"max_retries": retries, **options}
        self._tasks: dict[Any, Any] = {}
        self._running: set[Future[Any]] = set()
        self._open = True

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Starts a task."""
        if not self._open:
            raise RuntimeError("the executor is shut down")
        if not self._ray.is_initialized():
            self._ray.init()
        if fn not in self._tasks:
            self._tasks[fn] = self._ray.remote(fn).options(**self._options)
        future: Future[T] = self._tasks[fn].remote(*args, **kwargs).future()
        self._running.add(future)
        future.add_done_callback(self._running.discard)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Takes no more tasks. The cluster, which is yours, stays up."""
        self._open = False
        if cancel_futures:
            for future in list(self._running):
                future.cancel()
        if wait:
            for future in list(self._running):
                if not future.cancelled():
                    future.exception()
