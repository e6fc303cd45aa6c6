"""10,000 tries of bad input: a typed exception each time, no crash, and no memory kept."""

from __future__ import annotations

import copy
import gc
import inspect
import math
import os
import pickle
import random
import re
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pricefloor as pf
from examples import classes, every

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
            np.broadcast_to(0.5, (1 << 8, 1 << 6)),
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


# What a call would do beyond its own answer: start clusters, write files where told, draw.
NOT_TRIED = {"RayExecutor", "to_parquet", "plot"}


def doors() -> list[tuple[str, Callable[..., Any]]]:
    """Every public function, constructor and method of the package, by its name: a new one is tried from now on."""
    found: list[tuple[str, Callable[..., Any]]] = []
    modules = [pf, *(part for part in vars(pf).values() if inspect.ismodule(part) and part.__name__ in PARTS)]
    for module in modules:
        for name in getattr(module, "__all__", []):
            thing = getattr(module, name)
            if callable(thing) and not (inspect.isclass(thing) and issubclass(thing, BaseException)):
                found.append((name, thing))
    for owner, one in every().items():
        for name in dir(one):
            method = getattr(one, name) if not name.startswith("_") else None
            if callable(method):
                found.append((f"{owner}.{name}", method))
    return [(name, door) for name, door in found if name.split(".")[-1] not in NOT_TRIED and not is_typed_dict(door)]


PARTS = {
    f"pricefloor.{name}"
    for name in "measures finance stochastic storage viability demand horizon rivalry outcomes facts executors sweeps".split()
}


def is_typed_dict(thing: object) -> bool:
    return isinstance(thing, type) and hasattr(thing, "__total__")


def attempt(chance: random.Random, door: Callable[..., Any], right: list[Any]) -> None:
    """A call with what is wrong in most places, and right in some."""

    def value() -> Any:
        return chance.choice(right) if chance.random() < 0.3 else junk(chance)

    try:
        parameters = list(inspect.signature(door).parameters.values())
    except ValueError:
        parameters = []
    given: list[Any] = []
    named: dict[str, Any] = {}
    for parameter in parameters:
        if parameter.kind is parameter.VAR_POSITIONAL:
            given += [value() for _ in range(chance.randrange(3))]
        elif parameter.kind is parameter.VAR_KEYWORD:
            named.setdefault("no_such", value())
        elif parameter.default is not parameter.empty and chance.random() < 0.5:
            continue
        elif parameter.kind is parameter.KEYWORD_ONLY:
            named[parameter.name] = value()
        elif named:
            named[parameter.name] = value()
        else:
            given.append(value())
    if chance.random() < 0.05:
        named["no_such_keyword"] = 1.0
    door(*given, **named)


def resident() -> int:
    """Memory of this process, in bytes."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


# ours, and what Python itself raises for a value of another type than a signature asks for
TYPED = (pf.PricefloorError, TypeError, ValueError, OverflowError)


def test_every_class_is_here() -> None:
    """A new class needs an object in examples.py, and then all of the below holds for it."""
    assert classes().keys() - every().keys() == set()


def test_ten_thousand_tries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # what a call takes for a folder is made here
    monkeypatch.chdir(tmp_path)
    chance, found = random.Random(7), doors()
    right = [*every().values(), "Home", "oxide", "mine", 1.0, 2, [1.0, 2.0], ["Home"], {"oxide": 1.0}, [[1.0]]]
    refused, named, reached = 0, 0, set()

    def tries(count: int) -> None:
        nonlocal refused, named
        for k in range(count):
            name, door = found[k % len(found)]
            try:
                attempt(chance, door, right)
            except TYPED as error:
                refused += 1
                named += bool(str(error))
                reached.add(name)

    tries(TRIES // 2)
    gc.collect()
    before = resident()
    tries(TRIES)
    gc.collect()
    grown = resident() - before
    assert refused > 0.7 * 1.5 * TRIES, refused
    assert named >= 0.95 * refused
    # 10,000 tries: a leak of a kilobyte each would show
    assert grown < 8_000_000, f"{grown} bytes more"
    assert len(reached) > 0.8 * len(found)


@pytest.mark.parametrize("number", [math.nan, -1.0, "text", [[1.0]], np.ones((3, 3)), 1e400, 10**400], ids=str)
def test_numbers_that_are_none(number: Any) -> None:
    """Where a number belongs, the error names the term, for every class of measures and terms."""
    for module in (pf.measures, pf.finance, pf.stochastic, pf.viability, pf.storage, pf.rivalry):
        for name in module.__all__:
            made = getattr(module, name)
            if not inspect.isclass(made) or is_typed_dict(made):
                continue
            terms = [*inspect.signature(made).parameters]
            with pytest.raises(TYPED) as caught:
                made(**dict.fromkeys(terms, number))
            said = str(caught.value).replace("_", " ").lower()
            words = [word.lower() for word in re.findall("[A-Z][a-z]+", name)]
            assert any(word in said for word in [*words, *(term.rstrip("_").replace("_", " ") for term in terms)]), said


def test_a_huge_array(textbook: pf.Market, floor: pf.Policy) -> None:
    """Two gigabytes of a wrong shape are refused without being copied."""
    huge = np.broadcast_to(np.float64(1.0), (1 << 14, 1 << 14))
    compiled, before = textbook.compile(floor), resident()
    with pytest.raises(pf.InputError, match="2 columns|16384 columns"):
        compiled.solve_many([*compiled.params][:2], huge, [pf.outcomes.price("Home", "oxide")])
    with pytest.raises(pf.InputError, match="price_paths|times|increasing|number"):
        pf.price_paths(pf.GeometricBrownian(spot=1.0, drift=0.0, volatility=0.1), huge, every()["Simulation"])
    assert resident() - before < 100_000_000


def test_pickles() -> None:
    """What can be pickled comes back the same; a pickle cut short is refused wherever it is cut."""
    for name, one in every().items():
        if name == "Solved":
            with pytest.raises(TypeError, match="pickle"):
                pickle.dumps(one)
            continue
        data = pickle.dumps(one)
        again = pickle.loads(data)
        if name not in ("Compiled", "Sweep", "MarketPrices", "StorageRules", "BandRules", "TradeRules", "Comparisons", "Swept"):
            assert again == one, name
        for cut in {len(data) * k // 40 for k in range(40)} | {len(data) - 1}:
            with pytest.raises((pickle.UnpicklingError, EOFError, *TYPED, AttributeError, IndexError)):
                pickle.loads(data[:cut])


def test_every_object_is_shown() -> None:
    for name, one in every().items():
        assert repr(one), name
        if name not in ("Sweep", "MarketPrices"):
            assert "<table" in one._repr_html_(), name


def test_copies() -> None:
    """Objects never change, so that a copy may be the object itself."""
    for name, one in every().items():
        if name != "Solved":
            assert type(copy.copy(one)) is type(one)
            assert type(copy.deepcopy(one)) is type(one)


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
