"""10,000 tries of bad input: a typed exception each time, no crash, and no memory kept."""

from __future__ import annotations

import gc
import json
import math
import os
import pickle
import random
import signal
import threading
import time
from typing import Any

import numpy as np
import pytest

import pricefloor as pf

TRIES = 10_000


def junk(chance: random.Random) -> Any:
    """A value that is wrong in most places."""

    def fails() -> Any:
        yield 1.0
        raise RuntimeError("broken off")

    return chance.choice(
        [
            math.nan,
            math.inf,
            -math.inf,
            -1.0,
            0.0,
            1e308,
            -1e-320,
            10**400,
            "oxide",
            "",
            "\x00\ud800",
            None,
            True,
            b"bytes",
            [],
            [[]],
            {},
            {"price": math.nan},
            {1: 2},
            object(),
            fails(),
            np.zeros((2, 3)),
            np.array(["a"]),
            np.datetime64("2025-01-01"),
            1j,
            range(3),
            {"share": 2.0},
            {"first": -1.0},
            lambda: None,
            pf,
        ]
    )


def attempt(chance: random.Random, market: pf.Market, compiled: pf.Compiled) -> None:
    """Something wrong, from one of the doors of the package."""
    j = lambda: junk(chance)  # noqa: E731
    names = [name for name in pf.measures.__all__ if isinstance(getattr(pf.measures, name), type)]
    door = chance.randrange(14)
    if door == 0:
        pf.Demand.linear(intercept=j(), slope=j())
    elif door == 1:
        pf.Supply.steps(j())
    elif door == 2:
        pf.Demand.tabulated([{"price": j(), "quantity": j()}, j()])
    elif door == 3:
        pf.Market(name="m", price_unit="USD", regions=j(), commodities=j(), demands=j(), routes=j())
    elif door == 4:
        made = getattr(pf.measures, chance.choice(names))
        made(**{name: j() for name in getattr(made, "__signature__").parameters} if hasattr(made, "__signature__") else {})
    elif door == 5:
        pf.Policy({"a": j()})
    elif door == 6:
        text = market.to_json()
        pf.Market.from_json(text[: chance.randrange(len(text))])
    elif door == 7:
        text = pf.Policy(floor=pf.SupportBuying(region="Home", commodity="oxide", floor=12.0)).to_json()
        pf.Policy.from_json(text.replace(chance.choice(text), chance.choice(text)))
    elif door == 8:
        compiled.solve({chance.choice([*compiled.params, "no/such"]): j()})
    elif door == 9:
        compiled.solve_many([*compiled.params][:2], j(), [pf.outcomes.price("Home", "oxide")])
    elif door == 10:
        compiled.solve_many(j(), [[1.0]], j())
    elif door == 11:
        facts = json.loads(market.to_json())
        facts[chance.choice([*facts])] = chance.choice([None, -1, "x", [], {}, [None], [{}]])
        pf.Market.from_json(json.dumps(facts))
    elif door == 12:
        pf.finance.Timeline(frequency=j(), periods=j(), observations=j(), first_year=j(), first_month=j(), fiscal_month=j())
    else:
        pf.price_paths(
            pf.MeanReverting(spot=j(), reversion=j(), log_mean=j(), volatility=j()),
            j(),
            pf.Simulation(paths=j(), draws={"Plain": {"seed": j()}}),
        )


def resident() -> int:
    """Memory of this process, in bytes."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


# ours, and what Python itself raises for a value of another type than a signature asks for
TYPED = (pf.PricefloorError, TypeError, ValueError, OverflowError)


def test_ten_thousand_tries(textbook: pf.Market, floor: pf.Policy) -> None:
    chance, compiled = random.Random(7), textbook.compile(floor)
    refused, named = 0, 0

    def tries(count: int) -> None:
        nonlocal refused, named
        for _ in range(count):
            try:
                attempt(chance, textbook, compiled)
            except TYPED as error:
                refused += 1
                named += bool(str(error))

    tries(TRIES // 5)
    gc.collect()
    before = resident()
    tries(TRIES - TRIES // 5)
    gc.collect()
    grown = resident() - before
    assert refused > 0.8 * TRIES
    assert named >= 0.95 * refused
    # 8,000 tries: a leak of a kilobyte each would show
    assert grown < 8_000_000, f"{grown} bytes more"
    compiled = textbook.compile(floor)
    assert compiled.solve({"measure/floor/strike": 12.0}).price("Home", "oxide") == pytest.approx(10.0)


def test_pickles_cut_short(textbook: pf.Market, floor: pf.Policy) -> None:
    data = pickle.dumps(textbook.solve(floor))
    for cut in range(len(data)):
        with pytest.raises((pickle.UnpicklingError, EOFError, ValueError, TypeError, AttributeError, IndexError)):
            pickle.loads(data[:cut])


def test_ctrl_c_ends_a_long_run() -> None:
    price = pf.MeanReverting(spot=60.0, reversion=0.5, log_mean=4.0, volatility=0.3)
    times = np.arange(1, 361) / 12.0
    long = pf.Simulation(paths=500_000, draws={"Plain": {"seed": 1}})
    timer = threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT))
    # a shell that starts this in the background has it ignore the signal
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer.start()
    began = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            pf.price_paths(price, times, long)
        timer.join()
    finally:
        signal.signal(signal.SIGINT, before)
    assert time.monotonic() - began < 30.0


def test_other_threads_run_while_rust_computes(textbook: pf.Market, floor: pf.Policy) -> None:
    compiled = textbook.compile(floor)
    rows = np.linspace(8.0, 15.0, 200_000).reshape(-1, 1)
    count, stop = 0, threading.Event()

    def work() -> None:
        nonlocal count
        while not stop.is_set():
            count += 1
            time.sleep(0)

    thread = threading.Thread(target=work)
    thread.start()
    before = count
    compiled.solve_many(["measure/floor/strike"], rows, [pf.outcomes.price("Home", "oxide")])
    during = count - before
    stop.set()
    thread.join()
    assert during > 10
