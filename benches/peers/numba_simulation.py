"""The contract strip of benches/simulation.rs in numba, and ours beside it, in one run.

Usage: python benches/peers/numba_simulation.py     (needs numba; builds the Rust bench first)

Both run on one thread and count processor time. They take turns, and the best of each counts, so that other
work on the machine weighs on both alike.
"""

import json
import math
import pathlib
import subprocess
import time

import numba
import numpy as np

PATHS, MONTHS = 100_000, 120
EXACT_MEAN = 531.8713093631
ROUNDS = 8


@numba.njit
def strip(generator, npv):
    """Net present value of each path; returns the number of paths whose cash fell below zero."""
    kappa, theta, sigma, dt = 0.6, math.log(100.0), 0.3, 1.0 / 12.0
    decay = math.exp(-kappa * dt)
    shift = theta * (1.0 - decay)
    deviation = sigma * math.sqrt((1.0 - decay * decay) / (2.0 * kappa))
    discount = np.empty(MONTHS)
    for t in range(MONTHS):
        discount[t] = 1.08 ** (-(t + 1) / 12.0)
    defaults = 0
    for path in range(npv.size):
        x, value, cash, defaulted = math.log(90.0), 0.0, 30.0, False
        for t in range(MONTHS):
            x = shift + decay * x + deviation * generator.standard_normal()
            flow = 0.5 * max(math.exp(x), 85.0) + 0.5 * 100.0 - 86.0 - 10.0
            value += discount[t] * flow
            cash += flow
            defaulted |= cash < 0.0
        npv[path] = value
        defaults += defaulted
    return defaults


def numba_rate(generator, npv):
    best = math.inf
    for _ in range(5):
        started = time.process_time()
        strip(generator, npv)
        best = min(best, time.process_time() - started)
    return PATHS * MONTHS / best * 1e-6


def bench_binary(root):
    build = subprocess.run(
        ["cargo", "bench", "--bench", "simulation", "--no-run", "--message-format=json"],
        cwd=root, check=True, capture_output=True, text=True,
    )
    for line in reversed(build.stdout.splitlines()):
        message = json.loads(line)
        if message.get("executable") and message["target"]["name"] == "simulation":
            return message["executable"]
    raise SystemExit("the bench was not built")


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    binary = bench_binary(root)
    generator = np.random.Generator(np.random.SFC64(1))
    npv = np.empty(PATHS)
    strip(generator, npv)
    error = npv.std() / math.sqrt(PATHS)
    assert abs(npv.mean() - EXACT_MEAN) < 3 * error, (npv.mean(), error)

    peer, ours = 0.0, 0.0
    for _ in range(ROUNDS):
        peer = max(peer, numba_rate(generator, npv))
        ours = max(ours, float(subprocess.run([binary, "--rate"], check=True, capture_output=True, text=True).stdout))
    print(f"numba {numba.__version__}: {peer:.0f} M path-steps/s")
    print(f"pricefloor: {ours:.0f} M path-steps/s")
    print(f"ratio: {ours / peer:.2f}")


if __name__ == "__main__":
    main()
