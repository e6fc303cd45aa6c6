"""What a solve costs from Python beyond what it costs in Rust.

`python python/benches/overhead.py`. One solve after the other with a changed number, as a call each, against the same rows in
one call on one thread: the difference is the call, the reading of its dict, and the object that it returns. Outcomes, which
are worked out when asked for, are left out. On a loaded machine only the ratio of two runs side by side means much: the
least of several rounds is shown.
"""

from __future__ import annotations

import os

os.environ["RAYON_NUM_THREADS"] = "1"

import time

import numpy as np

import pricefloor as pf

SOLVES, ROUNDS = 10_000, 30
PATH = "measure/floor/strike"


def main() -> None:
    market = pf.Market(
        name="textbook",
        price_unit="USD/t",
        regions=["Home"],
        commodities=["oxide"],
        demands={("Home", "oxide"): pf.Demand.linear(intercept=20.0, slope=-1.0)},
        activities=[
            pf.Activity(
                name="mine",
                region="Home",
                outputs={"oxide": 1.0},
                supply=pf.Supply.linear(intercept=5.0, slope=0.5),
            )
        ],
    )
    floor = pf.ContractFloor(strike=12.0, covering=["mine"])
    compiled = market.compile(pf.Policy(floor=floor))
    rows = np.random.default_rng(1).uniform(11.0, 13.0, (SOLVES, 1))
    values = rows[:, 0].tolist()
    solve, many, outcomes = compiled.solve, compiled.solve_many, [pf.outcomes.price("Home", "oxide")]
    single, whole = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for value in values:
            solve({PATH: value})
        single.append(time.perf_counter() - began)
        began = time.perf_counter()
        many([PATH], rows, outcomes)
        whole.append(time.perf_counter() - began)
    one, rust = 1e6 * min(single) / SOLVES, 1e6 * min(whole) / SOLVES
    print(f"{one:6.2f} us a solve, one call each")
    print(f"{rust:6.2f} us a solve, {SOLVES:,} in one call on one thread")
    print(f"{one - rust:6.2f} us for the call")


if __name__ == "__main__":
    main()
