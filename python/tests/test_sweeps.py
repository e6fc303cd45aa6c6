"""Sweeps: the same bytes on threads, on a pool, on a Dask cluster and on Ray, also when workers and runs are killed."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pricefloor as pf
from pricefloor.executors import RayExecutor

FLOOR, DEMAND = "measure/reserve/floor", "demand/Home/oxide/intercept"
OUTCOMES = {"price": pf.outcomes.price("Home", "oxide"), "outlay": pf.outcomes.outlay("reserve")}


@pytest.fixture
def sweep(textbook: pf.Market) -> pf.Sweep:
    buying = pf.SupportBuying(region="Home", commodity="oxide", floor=12.0)
    compiled = textbook.compile(pf.Policy(reserve=buying))
    axes = {DEMAND: np.linspace(16.0, 24.0, 60), FLOOR: np.linspace(9.0, 15.0, 50)}
    return pf.Sweep.grid(compiled, axes, OUTCOMES, part_rows=192)


@pytest.fixture
def expected(sweep: pf.Sweep) -> dict[str, bytes]:
    return as_bytes(sweep.run())


def as_bytes(swept: pf.Swept) -> dict[str, bytes]:
    return {name: swept[name].tobytes() for name in swept}


def test_numbers(sweep: pf.Sweep) -> None:
    """Free price (a + 10) / 3; at a floor f above it the state buys 3 f - 10 - a."""
    swept = sweep.run()
    assert (sweep.rows, sweep.parts, swept.rows) == (3000, 16, 3000)
    a, f = swept[DEMAND], swept[FLOOR]
    assert np.allclose(swept["price"], np.maximum(f, (a + 10.0) / 3.0), atol=1e-7)
    assert np.allclose(swept["outlay"], f * np.maximum(3.0 * f - 10.0 - a, 0.0), atol=1e-4)
    assert swept.failures.rows == 0


def test_pickles(sweep: pf.Sweep, expected: dict[str, bytes]) -> None:
    again = pickle.loads(pickle.dumps(sweep))
    assert again.key == sweep.key
    assert as_bytes(again.run()) == expected


def test_draws_and_lists(textbook: pf.Market) -> None:
    buying = pf.SupportBuying(region="Home", commodity="oxide", floor=12.0)
    compiled = textbook.compile(pf.Policy(reserve=buying))
    drawn = pf.Sweep.uniform(compiled, {FLOOR: (11.0, 13.0)}, OUTCOMES, rows=256, seed=7)
    table = drawn.run()
    listed = pf.Sweep.list(compiled, [FLOOR], table[FLOOR].reshape(-1, 1), OUTCOMES).run()
    assert as_bytes(listed) == as_bytes(table)
    assert as_bytes(drawn.run()) == as_bytes(table)
    with pytest.raises(pf.InputError, match="above the low end"):
        pf.Sweep.uniform(compiled, {FLOOR: (13.0, 11.0)}, OUTCOMES, rows=256, seed=7)
    with pytest.raises(pf.InputError, match="no/such"):
        pf.Sweep.grid(compiled, {"no/such": [1.0]}, OUTCOMES)


def test_process_pool(sweep: pf.Sweep, expected: dict[str, bytes], tmp_path: Path) -> None:
    with ProcessPoolExecutor(2) as pool:
        assert as_bytes(sweep.run(executor=pool, store=tmp_path)) == expected
    assert len(list(tmp_path.glob("*.part"))) == sweep.parts
    assert not list(tmp_path.glob("*.draft"))


class Flaky(Executor):
    """Loses every third task, as a cluster does whose worker dies."""

    def __init__(self) -> None:
        self.tasks = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.tasks += 1
        future: Future[Any] = Future()
        if self.tasks % 3 == 0:
            future.set_exception(RuntimeError("the worker is gone"))
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_lost_parts_are_handed_in_again(sweep: pf.Sweep, expected: dict[str, bytes]) -> None:
    flaky = Flaky()
    assert as_bytes(sweep.run(executor=flaky)) == expected
    assert flaky.tasks > sweep.parts
    with pytest.raises(pf.errors.SweepError, match="lost 1 times"):
        sweep.run(executor=Flaky(), retries=0)


def test_resumes_from_a_store(sweep: pf.Sweep, expected: dict[str, bytes], tmp_path: Path) -> None:
    assert as_bytes(sweep.run(store=tmp_path)) == expected
    files = sorted(tmp_path.glob("*.part"))
    dates = {file: file.stat().st_mtime_ns for file in files}
    files[3].unlink()
    assert as_bytes(sweep.run(store=tmp_path)) == expected
    assert files[3].exists()
    assert all(file.stat().st_mtime_ns == date for file, date in dates.items() if file != files[3])
    files[5].write_bytes(files[5].read_bytes()[:-40])
    with pytest.raises(pf.errors.SweepError, match="cut short or damaged"):
        sweep.run(store=tmp_path)


KILLED = """
import sys, time
sys.path.insert(0, {tests!r})
import numpy as np, pricefloor as pf
from test_sweeps import DEMAND, FLOOR, OUTCOMES
market = pf.Market.from_json({market!r})
buying = pf.SupportBuying(region="Home", commodity="oxide", floor=12.0)
axes = {{DEMAND: np.linspace(16.0, 24.0, 60), FLOOR: np.linspace(9.0, 15.0, 50)}}
sweep = pf.Sweep.grid(market.compile(pf.Policy(reserve=buying)), axes, OUTCOMES, part_rows=192)
class Slow:
    def submit(self, fn, *args):
        from concurrent.futures import Future
        time.sleep(0.1)
        future = Future()
        future.set_result(fn(*args))
        return future
sweep.run(executor=Slow(), store={store!r})
"""


def test_a_killed_run_is_taken_up(
    textbook: pf.Market, sweep: pf.Sweep, expected: dict[str, bytes], tmp_path: Path
) -> None:
    script = KILLED.format(tests=str(Path(__file__).parent), market=textbook.to_json(), store=str(tmp_path))
    run = subprocess.Popen([sys.executable, "-c", script])
    deadline = time.monotonic() + 120.0
    while len(list(tmp_path.glob("*.part"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    run.send_signal(signal.SIGKILL)
    run.wait()
    kept = {file: file.stat().st_mtime_ns for file in tmp_path.glob("*.part")}
    assert 3 <= len(kept) < sweep.parts
    assert as_bytes(sweep.run(store=tmp_path)) == expected
    assert all(file.stat().st_mtime_ns == date for file, date in kept.items())


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.mark.filterwarnings("default")
def test_dask_cluster(client: Any, sweep: pf.Sweep, expected: dict[str, bytes]) -> None:
    assert as_bytes(sweep.run(executor=client.get_executor(retries=3))) == expected


def die_once(work: bytes, part: int, folder: str | None, mark: str) -> bytes:
    """A part whose first worker dies in the middle of it."""
    from pricefloor._parts import _part

    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return _part(work, part, folder)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("it is dead")


@pytest.mark.filterwarnings("default")
def test_a_dask_worker_is_killed(
    client: Any, sweep: pf.Sweep, expected: dict[str, bytes], tmp_path: Path
) -> None:
    class Deadly(Executor):
        def __init__(self) -> None:
            self.inner = client.get_executor(retries=3)

        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            if args[1] == 7:
                return self.inner.submit(die_once, *args, str(tmp_path / "died"), pure=False)  # type: ignore[no-any-return]
            return self.inner.submit(fn, *args)  # type: ignore[no-any-return]

    assert as_bytes(sweep.run(executor=Deadly())) == expected
    assert (tmp_path / "died").exists()


@pytest.mark.filterwarnings("default")
def test_ray(sweep: pf.Sweep, expected: dict[str, bytes]) -> None:
    ray = pytest.importorskip("ray")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    try:
        with RayExecutor(retries=3) as executor:
            assert as_bytes(sweep.run(executor=executor)) == expected
    finally:
        ray.shutdown()


def test_progress(sweep: pf.Sweep, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("tqdm")
    sweep.run(progress=True)
    assert "16/16" in capsys.readouterr().err
