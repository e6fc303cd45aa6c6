"""Markets of two curves with a public buyer, by Newton in numba, and ours beside it, in one run.

Usage: python benches/peers/numba_two_curves.py     (needs numba; builds the Rust bench first)

Both run on one thread. They take turns, and the best of each counts, so that other work on the machine weighs on both
alike. The peer stops at a relative excess of 1e-13; its prices are checked against bisection.
"""

import json
import math
import pathlib
import subprocess
import time

import numba
import numpy as np

MARKETS = 200_000
ROUNDS = 8
# supply, its elasticity, demand, its elasticity (positive here), imports, price abroad, tariff, floor
LOW = np.array([8.0, 0.3, 9.0, 0.2, 0.0, 80.0, 0.0, 80.0])
HIGH = np.array([12.0, 1.5, 13.0, 0.9, 0.3, 110.0, 20.0, 115.0])


@numba.njit
def excess(x, p):
    logarithm = math.log(p / 100.0)
    supply = x[0] * math.exp(x[1] * logarithm)
    demand = x[2] * math.exp(-x[3] * logarithm)
    imports = x[4] * max(p - x[5] - x[6], 0.0)
    slope = (x[1] * supply + x[3] * demand) / p + (x[4] if p > x[5] + x[6] else 0.0)
    return supply + imports - demand, slope, demand


@numba.njit
def solve(markets, price, bought):
    for i in range(markets.shape[0]):
        x = markets[i]
        # without imports the price is known
        p = 100.0 * math.exp(math.log(x[2] / x[0]) / (x[1] + x[3]))
        for _ in range(60):
            gap, slope, demand = excess(x, p)
            p -= gap / slope
            if abs(gap) <= 1e-13 * demand:
                break
        bought[i] = 0.0
        if p < x[7]:
            p = x[7]
            bought[i] = excess(x, p)[0]
        price[i] = p


def bisect(x):
    low, high = 1e-3, 1e5
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if excess(x, middle)[0] < 0.0 else (low, middle)
    return max(low, x[7])


def bench_binary(root):
    build = subprocess.run(
        ["cargo", "bench", "--bench", "batch", "--no-run", "--message-format=json"],
        cwd=root, check=True, capture_output=True, text=True,
    )
    for line in reversed(build.stdout.splitlines()):
        message = json.loads(line)
        if message.get("executable") and message["target"]["name"] == "batch":
            return message["executable"]
    raise SystemExit("the bench was not built")


def numba_rate(markets, price, bought):
    best = math.inf
    for _ in range(5):
        started = time.process_time()
        solve(markets, price, bought)
        best = min(best, time.process_time() - started)
    return MARKETS / best * 1e-6


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    binary = bench_binary(root)
    markets = np.random.Generator(np.random.SFC64(1)).uniform(LOW, HIGH, (MARKETS, 8))
    price, bought = np.empty(MARKETS), np.empty(MARKETS)
    solve(markets, price, bought)
    for i in range(0, MARKETS, 2000):
        assert abs(price[i] / bisect(markets[i]) - 1.0) < 1e-12, i

    peer, ours = 0.0, 0.0
    for _ in range(ROUNDS):
        peer = max(peer, numba_rate(markets, price, bought))
        ours = max(ours, float(subprocess.run([binary, "--rate"], check=True, capture_output=True, text=True).stdout))
    print(f"numba {numba.__version__}: {peer:.1f} M markets/s")
    print(f"pricefloor: {ours:.1f} M markets/s")
    print(f"ratio: {ours / peer:.2f}")


if __name__ == "__main__":
    main()
