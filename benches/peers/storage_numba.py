"""The two storage markets of benches/storage.rs by an endogenous grid in numba, and ours beside it, in one run.

Usage: python benches/peers/storage_numba.py     (needs numba; builds the Rust bench first)

The grid is even, prices are linear between its points, and iteration ends when no price moves by more than 1e-10. Errors
are measured as ours are: what is used, against what is used after one exact step, at 2001 availabilities. Both run
on one thread; the best of many runs counts. The machine is usually not idle, so compare the
two columns of one run and not with another's.
"""

import json
import math
import pathlib
import subprocess
import time

import numba
import numpy as np

ALPHA, COST, LOSS, INTEREST = -0.4, 0.02, 0.02, 0.05
KEPT = 1.0 - LOSS
KEEPS = KEPT / (1.0 + INTEREST)
FLOOR, CAPACITY, SUPPLY = 1.02, 0.4, 0.1


@numba.njit
def price_at(availability, a, p, stock_before):
    """Linear between knots; below the first one what is there, less the stock before it, is used."""
    if availability <= a[0]:
        return (availability - stock_before) ** (1.0 / ALPHA)
    low, high = 0, a.size - 1
    if availability >= a[high]:
        low = high - 1
    else:
        while high - low > 1:
            middle = (low + high) // 2
            if a[middle] <= availability:
                low = middle
            else:
                high = middle
    return p[low] + (p[low + 1] - p[low]) * (availability - a[low]) / (a[low + 1] - a[low])


@numba.njit
def market_price(availability, a, p, public):
    if not public:
        return price_at(availability, a, p, 0.0)
    used = FLOOR**ALPHA
    if availability <= used:
        return availability ** (1.0 / ALPHA)
    if availability <= used + CAPACITY:
        return FLOOR
    return price_at(availability, a, p, CAPACITY)


@numba.njit
def plan(stock, planned, a, p, e, w, public):
    """Planned supply that its own receipts call for: secant steps from the last known one."""
    if not public:
        return 1.0
    x0, x1 = planned, planned * 1.0001
    f0 = f1 = 0.0
    for k in range(e.size):
        f0 += w[k] * e[k] * market_price(KEPT * stock + x0 * e[k], a, p, public)
    f0 = x0 - f0**SUPPLY
    for _ in range(20):
        f1 = 0.0
        for k in range(e.size):
            f1 += w[k] * e[k] * market_price(KEPT * stock + x1 * e[k], a, p, public)
        f1 = x1 - f1**SUPPLY
        if abs(f1) < 1e-12 or f1 == f0:
            break
        x0, x1, f0 = x1, x1 - f1 * (x1 - x0) / (f1 - f0), f1
    return x1


@numba.njit
def worth(stock, planned, a, p, e, w, public):
    value = 0.0
    for k in range(e.size):
        value += w[k] * market_price(KEPT * stock + planned * e[k], a, p, public)
    return KEEPS * value - COST


@numba.njit
def solve(s, e, w, public):
    n = s.size
    a, p, h = s + 1.0, np.empty(n), np.ones(n)
    for i in range(n):
        p[i] = 1.0 - 0.5 * (s[i] - s[0])
    new_a, new_p = np.empty(n), np.empty(n)
    sweeps = 0
    while True:
        sweeps += 1
        change = 0.0
        for i in range(n):
            h[i] = plan(s[i], h[i], a, p, e, w, public)
            new_p[i] = worth(s[i], h[i], a, p, e, w, public)
            new_a[i] = s[i] + new_p[i] ** ALPHA
            change = max(change, abs(new_p[i] - p[i]))
        a, new_a = new_a, a
        p, new_p = new_p, p
        if change < 1e-10 or sweeps > 500:
            return a, p, sweeps


@numba.njit
def errors(points, a, p, e, w, public):
    out = np.empty(points.size)
    for i in range(points.size):
        there = points[i]
        low, high, planned = 0.0, there - 1e-9, 1.0
        for step in range(60):
            stock = 0.0 if step == 0 else 0.5 * (low + high)
            planned = plan(stock, planned, a, p, e, w, public)
            held = worth(stock, planned, a, p, e, w, public)
            if public and stock < CAPACITY:
                held = max(held, FLOOR)
            more = (there - stock) ** (1.0 / ALPHA) < held
            if step == 0:
                if not more:
                    high = 0.0
                    break
            elif more:
                low = stock
            else:
                high = stock
        used = market_price(there, a, p, public) ** ALPHA
        out[i] = abs(used / (there - 0.5 * (low + high)) - 1.0)
    return out


def hermite(deviation):
    nodes, weights = np.polynomial.hermite_e.hermegauss(5)
    return 1.0 + deviation * nodes, weights / weights.sum()


def measure(case, n):
    public = case == "S2"
    e, w = hermite(0.05 if public else 0.1)
    least = CAPACITY if public else 0.0
    s = np.linspace(least, 0.95, n)
    a, p, sweeps = solve(s, e, w, public)
    best = math.inf
    for _ in range(20 if n > 1000 else 300):
        started = time.perf_counter()
        solve(s, e, w, public)
        best = min(best, time.perf_counter() - started)
    found = errors(np.linspace(0.8 if public else 0.75, 1.9, 2001), a, p, e, w, public)
    return {
        "case": case,
        "knots": n,
        "ms": best * 1e3,
        "max": math.log10(found.max()),
        "mean": math.log10(found.mean()),
        "mean_log10": float(np.log10(np.maximum(found, 1e-16)).mean()),
    }


def ours(root):
    build = subprocess.run(
        ["cargo", "bench", "--bench", "storage", "--no-run", "--message-format=json"],
        cwd=root, check=True, capture_output=True, text=True,
    )
    programs = [json.loads(line).get("executable") for line in build.stdout.splitlines()]
    program = [path for path in programs if path and "storage" in pathlib.Path(path).name][-1]
    return lambda: json.loads(subprocess.run([program, "--json"], check=True, capture_output=True, text=True).stdout)


def line(who, row):
    print(
        f"{row['case']} {who:12} {row['knots']:5} knots {row['ms']:8.3f} ms   error (log10): mean {row['mean']:6.2f}, "
        f"mean of logs {row['mean_log10']:6.2f}, largest {row['max']:6.2f}"
    )


def main():
    run = ours(pathlib.Path(__file__).resolve().parents[2])
    mine = run()
    theirs = [measure(case, n) for case in ("S1", "S2") for n in (50, 200, 250, 300, 500, 550, 600, 1000, 5000)]
    mine = [min(pair, key=lambda row: row["ms"]) for pair in zip(mine, run())]
    for case, wanted in (("S1", -6.6), ("S2", -6.0)):
        for who, rows in (("numba", theirs), ("pricefloor", mine)):
            for row in rows:
                if row["case"] == case:
                    line(who, row)
        ones = []
        for rows in (theirs, mine):
            good = [row for row in rows if row["case"] == case and row["mean"] <= wanted]
            ones.append(min(good, key=lambda row: row["ms"]))
        ratio = ones[0]["ms"] / ones[1]["ms"]
        print(
            f"{case} at a mean of {wanted} or better: numba {ones[0]['ms']:.3f} ms ({ones[0]['mean']:.2f}), "
            f"pricefloor {ones[1]['ms']:.3f} ms ({ones[1]['mean']:.2f}), {ratio:.1f} times"
        )


if __name__ == "__main__":
    main()
