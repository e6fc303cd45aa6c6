"""Simulations on any executor: the same bytes, also when workers and runs are killed."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pricefloor as pf
from pricefloor.executors import RayExecutor

TIMES = np.arange(1, 13) / 4.0


def process() -> pf.MeanReverting:
    return pf.MeanReverting(spot=60.0, reversion=0.5, log_mean=4.0, volatility=0.3)


@pytest.fixture
def simulation() -> pf.Simulation:
    return pf.Simulation(paths=2000, draws={"Plain": {"seed": 11}})


@pytest.fixture
def prices(textbook: pf.Market, floor: pf.Policy) -> pf.MarketPrices:
    """Prices of a market whose demand is shaken."""
    demand = pf.MeanReverting(spot=1.0, reversion=0.5, log_mean=0.0, volatility=0.1)
    shocks = [(["demand/Home/oxide/intercept"], demand)]
    return pf.MarketPrices(textbook.compile(floor), shocks=shocks, prices=[("Home", "oxide")])


def test_parts_do_not_matter(simulation: pf.Simulation, tmp_path: Path) -> None:
    whole = pf.price_paths(process(), TIMES, simulation)
    assert whole.shape == (2000, 12, 1)
    with ProcessPoolExecutor(2) as pool:
        parts = pf.price_paths(
            process(), TIMES, simulation, executor=pool, part_paths=256, store=tmp_path
        )
    assert parts.tobytes() == whole.tobytes()
    assert len(list(tmp_path.glob("*.paths"))) == 8
    assert not list(tmp_path.glob("*.draft"))
    again = pf.price_paths(process(), TIMES, simulation, part_paths=256, store=tmp_path)
    assert again.tobytes() == whole.tobytes()
    damaged = sorted(tmp_path.glob("*.paths"))[2]
    damaged.write_bytes(damaged.read_bytes()[:-8])
    with pytest.raises(pf.SweepError, match="cut short or damaged"):
        pf.price_paths(process(), TIMES, simulation, part_paths=256, store=tmp_path)
    with pytest.raises(pf.InputError, match="multiple of 64"):
        pf.price_paths(process(), TIMES, simulation, part_paths=100)


def test_a_market_draws_prices(prices: pf.MarketPrices, simulation: pf.Simulation) -> None:
    whole = pf.price_paths(prices, TIMES, simulation)
    # at a price p the contract lifts supply on its first 8 units: P = 20 - Q in calm times, 10 at Q = 10
    assert abs(float(np.median(whole[:, 0, 0])) - 10.0) < 0.3
    again = pickle.loads(pickle.dumps(prices))
    with ProcessPoolExecutor(2) as pool:
        spread = pf.price_paths(again, TIMES, simulation, executor=pool, part_paths=256)
    assert spread.tobytes() == whole.tobytes()


def study() -> pf.Record:
    """A plant that makes 1000 kg a year at 60, with and without a floor of 80."""
    project = pf.finance.Project(
        name="Plant",
        timeline={"frequency": "Quarterly", "periods": 12, "observations": 1, "first_year": 2025,
                  "first_month": 1, "fiscal_month": 1},
        products=[{"name": "oxide", "commodity": 0, "per_output": 1.0, "realisation": 1.0, "sales": None}],
        output=1000.0,
        unit_cost=[{"output": 1000.0, "unit_cost": 60.0}],
        overhead=10_000.0,
        sustaining_capex=0.0,
        operations={},
        growth=None,
        tax={"rate": 0.25, "loss_offset": 0.8, "opening_losses": 0.0, "depreciation": "Expensed"},
        inflation=0.02,
        prices="Real",
        salvage=0.0,
        end_value="Nothing",
    )
    capital = pf.finance.Capital(
        cash=100_000.0, cash_rate=0.04, reserve=0.0, owners="Owners", owners_shares=1000.0, securities=[],
        payout="Retain",
    )
    cases = [{"name": "none", "capital": capital, "contracts": []}]
    rates = {"project": 0.1, "owners": 0.1, "sponsor": 0.0435}
    return pf.viability.Study(project=project, sponsor="Treasury", rates=rates, cases=cases)


def test_a_study_on_an_executor(simulation: pf.Simulation) -> None:
    whole = pf.run_study(study(), process(), simulation)
    with ProcessPoolExecutor(2) as pool:
        spread = pf.run_study(study(), process(), simulation, executor=pool, part_paths=256)
    assert spread == whole
    assert 0.0 < whole.case("none").out_of_cash < 1.0


KILLED = """
import time
from concurrent.futures import Future
import numpy as np, pricefloor as pf
class Slow:
    def submit(self, fn, *args):
        time.sleep(0.2)
        future = Future()
        future.set_result(fn(*args))
        return future
process = pf.MeanReverting(spot=60.0, reversion=0.5, log_mean=4.0, volatility=0.3)
simulation = pf.Simulation(paths=2000, draws={{"Plain": {{"seed": 11}}}})
pf.price_paths(process, np.arange(1, 13) / 4.0, simulation, executor=Slow(), part_paths=256, store={store!r})
"""


def test_a_killed_simulation_is_taken_up(simulation: pf.Simulation, tmp_path: Path) -> None:
    run = subprocess.Popen([sys.executable, "-c", KILLED.format(store=str(tmp_path))])
    deadline = time.monotonic() + 120.0
    while len(list(tmp_path.glob("*.paths"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    run.send_signal(signal.SIGKILL)
    run.wait()
    kept = {file: file.stat().st_mtime_ns for file in tmp_path.glob("*.paths")}
    assert 3 <= len(kept) < 8
    whole = pf.price_paths(process(), TIMES, simulation)
    again = pf.price_paths(process(), TIMES, simulation, part_paths=256, store=tmp_path)
    assert again.tobytes() == whole.tobytes()
    assert all(file.stat().st_mtime_ns == date for file, date in kept.items())


def die_once(work: bytes, part: int, folder: str | None, mark: str) -> bytes:
    """A part whose first worker dies in the middle of it."""
    from pricefloor._parts import _part

    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return _part(work, part, folder)
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("it is dead")


class Deadly(Executor):
    """Kills the worker of one part the first time."""

    def __init__(self, inner: Executor, part: int, mark: Path, **options: Any) -> None:
        self.inner, self.part, self.mark, self.options = inner, part, mark, options

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        if args[1] == self.part:
            return self.inner.submit(die_once, *args, str(self.mark), **self.options)
        return self.inner.submit(fn, *args)


@pytest.mark.filterwarnings("default")
def test_a_dask_worker_dies_within_a_simulation(simulation: pf.Simulation, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    whole = pf.price_paths(process(), TIMES, simulation)
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
        distributed.Client(cluster) as client,
    ):
        deadly = Deadly(client.get_executor(retries=3), 4, tmp_path / "died", pure=False)
        spread = pf.price_paths(process(), TIMES, simulation, executor=deadly, part_paths=256)
    assert spread.tobytes() == whole.tobytes()
    assert (tmp_path / "died").exists()


@pytest.mark.filterwarnings("default")
def test_a_ray_worker_dies_within_a_simulation(simulation: pf.Simulation, tmp_path: Path) -> None:
    ray = pytest.importorskip("ray")
    whole = pf.price_paths(process(), TIMES, simulation)
    # a worker finds this module as the test run does
    paths = {"env_vars": {"PYTHONPATH": str(Path(__file__).parent)}}
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, runtime_env=paths)
    try:
        with RayExecutor(retries=3) as executor:
            deadly = Deadly(executor, 4, tmp_path / "died")
            spread = pf.price_paths(process(), TIMES, simulation, executor=deadly, part_paths=256)
    finally:
        ray.shutdown()
    assert spread.tobytes() == whole.tobytes()
    assert (tmp_path / "died").exists()
