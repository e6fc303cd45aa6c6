"""Storage in two regions with trade, solved slowly by another way than `storage::TradeModel` does it.

Usage: python benches/peers/two_regions.py 60 > tests/cases/known/st_two_regions.json   (needs numpy and numba)

Expected prices stand on an even lattice of both stocks, raised to the elasticity of demand, which makes them nearly straight,
and are linear between its points. Stocks are found by bisection and the secant: of one region alone, of the other alone, and
where neither is an answer of one within the other. Plans take half a step towards what is expected, together with everything else, until
nothing moves by more than 1e-8. Twice as fine a lattice brings a quarter of the error where nothing is bent, so the
answer is given with its difference to that of half as many intervals.
"""

import json
import sys

import numba
import numpy as np

ELASTICITY = -0.2
SUPPLY = 0.2
USE = np.array([1.0, 1.2])
NODES = np.array([-2.8569700138728056, -1.3556261799742659, 0.0, 1.3556261799742659, 2.8569700138728056])
WEIGHTS = np.array([0.011257411327720693, 0.2220759220056126, 0.5333333333333333, 0.2220759220056126, 0.011257411327720693])
YIELDS = 1.0 + 0.05 * NODES
LARGEST = 0.75


@numba.njit
def lookup(table, first, second, step):
    n = table.shape[0] - 1
    x, y = min(first / step, n * 1.0), min(second / step, n * 1.0)
    i, j = min(int(x), n - 1), min(int(y), n - 1)
    u, v = x - i, y - j
    return (
        (1 - u) * (1 - v) * table[i, j]
        + u * (1 - v) * table[i + 1, j]
        + (1 - u) * v * table[i, j + 1]
        + u * v * table[i + 1, j + 1]
    )


@numba.njit
def shared(first, second, cost, total, start):
    """The price in region `first` at which both use all that is left, the other one paying `cost` more: Newton from below."""
    p = start
    for _ in range(60):
        a, b = USE[first] * p**ELASTICITY, USE[second] * (p + cost) ** ELASTICITY
        step = (a + b - total) / (ELASTICITY * (a / p + b / (p + cost)))
        p -= step
        if abs(step) < 1e-12 * p:
            break
    return p


@numba.njit
def trade(left0, left1, there, back):
    """Prices, and what is shipped from the first region to the second."""
    p0 = (left0 / USE[0]) ** (1 / ELASTICITY) if left0 > 0 else 1e9
    p1 = (left1 / USE[1]) ** (1 / ELASTICITY) if left1 > 0 else 1e9
    total = left0 + left1
    if total > 0 and there >= 0 and p1 - p0 > there:
        p = shared(0, 1, there, total, p0)
        return p, p + there, left0 - USE[0] * p**ELASTICITY
    if total > 0 and back >= 0 and p0 - p1 > back:
        p = shared(1, 0, back, total, p1)
        return p + back, p, USE[1] * p**ELASTICITY - left1
    return p0, p1, 0.0


@numba.njit
def worth(tables, regime, region, s0, s1, step, keeps, cost):
    return keeps * lookup(tables[regime, region], s0, s1, step) ** (1 / ELASTICITY) - cost


@numba.njit
def gap(region, s0, s1, a0, a1, tables, regime, step, keeps, cost, there, back):
    p0, p1, _ = trade(a0 - s0, a1 - s1, there, back)
    return (p0 if region == 0 else p1) - worth(tables, regime, region, s0, s1, step, keeps, cost)


@numba.njit
def store(region, other, a0, a1, tables, regime, step, keeps, cost, there, back):
    """The stock of a region beside a given one in the other: bisection until prices are no longer huge, then the secant."""
    low, high = 0.0, a0 + a1 - other
    f_low = gap(region, 0.0, other, a0, a1, tables, regime, step, keeps, cost, there, back) if region == 0 else gap(
        region, other, 0.0, a0, a1, tables, regime, step, keeps, cost, there, back
    )
    if f_low >= 0:
        return 0.0
    f_high, side = 1e9, 0
    for _ in range(100):
        s = 0.5 * (low + high) if f_high > 5 else high - f_high * (high - low) / (f_high - f_low)
        s0, s1 = (s, other) if region == 0 else (other, s)
        f = gap(region, s0, s1, a0, a1, tables, regime, step, keeps, cost, there, back)
        if abs(f) < 1e-11 or high - low < 1e-13:
            return s
        if f < 0:
            low, f_low = s, f
            if side < 0:
                f_high *= 0.5
            side = -1
        else:
            high, f_high = s, f
            if side > 0:
                f_low *= 0.5
            side = 1
    return s


@numba.njit
def clear(a0, a1, tables, regime, step, keeps, cost, there, back):
    s0, s1 = store(0, 0.0, a0, a1, tables, regime, step, keeps, cost, there, back), 0.0
    f_low = gap(1, s0, s1, a0, a1, tables, regime, step, keeps, cost, there, back)
    if f_low < -1e-9:
        s0, s1 = 0.0, store(1, 0.0, a0, a1, tables, regime, step, keeps, cost, there, back)
        if gap(0, s0, s1, a0, a1, tables, regime, step, keeps, cost, there, back) < -1e-9:
            # with all of it in the second region its gap is zero, and the first one's stock brings it above
            low, high, side = 0.0, s1, 0
            s0 = store(0, s1, a0, a1, tables, regime, step, keeps, cost, there, back)
            f_high = gap(1, s0, s1, a0, a1, tables, regime, step, keeps, cost, there, back)
            for _ in range(100):
                s1 = high - f_high * (high - low) / (f_high - f_low)
                s0 = store(0, s1, a0, a1, tables, regime, step, keeps, cost, there, back)
                f = gap(1, s0, s1, a0, a1, tables, regime, step, keeps, cost, there, back)
                if abs(f) < 1e-10 or high - low < 1e-12:
                    break
                if f < 0:
                    low, f_low = s1, f
                    if side < 0:
                        f_high *= 0.5
                    side = -1
                else:
                    high, f_high = s1, f
                    if side > 0:
                        f_low *= 0.5
                    side = 1
    p0, p1, shipped = trade(a0 - s0, a1 - s1, there, back)
    return s0, s1, p0, p1, shipped


@numba.njit
def sweep(tables, plans, step, kept, keeps, cost, there, back, chain):
    n = tables.shape[2]
    new_tables, new_plans = np.empty_like(tables), np.empty_like(plans)
    change = 0.0
    for regime in range(tables.shape[0]):
        for i in range(n):
            for j in range(n):
                h0, h1 = plans[regime, 0, i, j], plans[regime, 1, i, j]
                e0 = e1 = r0 = r1 = 0.0
                for after in range(tables.shape[0]):
                    if chain[regime, after] == 0:
                        continue
                    for k in range(5):
                        for m in range(5):
                            w = chain[regime, after] * WEIGHTS[k] * WEIGHTS[m]
                            _, _, p0, p1, _ = clear(
                                kept * i * step + h0 * YIELDS[k],
                                kept * j * step + h1 * YIELDS[m],
                                tables, after, step, keeps, cost, there[after], back[after],
                            )
                            e0 += w * p0
                            e1 += w * p1
                            r0 += w * p0 * YIELDS[k]
                            r1 += w * p1 * YIELDS[m]
                new_tables[regime, 0, i, j] = e0**ELASTICITY
                new_tables[regime, 1, i, j] = e1**ELASTICITY
                new_plans[regime, 0, i, j] = 0.5 * (h0 + r0**SUPPLY)
                new_plans[regime, 1, i, j] = 0.5 * (h1 + r1**SUPPLY)
    change = max(np.abs(new_tables - tables).max(), np.abs(new_plans - plans).max())
    return new_tables, new_plans, change


def refine(table, n):
    old = np.linspace(0, 1, table.shape[-1])
    new = np.linspace(0, 1, n + 1)
    along = np.apply_along_axis(lambda row: np.interp(new, old, row), -1, table)
    return np.apply_along_axis(lambda row: np.interp(new, old, row), -2, along)


def solve(case, largest_n, points):
    regimes = len(case["there"])
    keeps = (1 - case["deterioration"]) / (1 + case["interest"])
    there, back = np.array(case["there"]), np.array(case["back"])
    chain = np.array(case["chain"])
    n = 15
    tables, plans = np.ones((regimes, 2, n + 1, n + 1)), np.ones((regimes, 2, n + 1, n + 1))
    answers = {}
    while n <= largest_n:
        step = LARGEST / n
        for iteration in range(400):
            tables, plans, change = sweep(
                tables, plans, step, 1 - case["deterioration"], keeps, case["cost"], there, back, chain
            )
            if change < 1e-8:
                break
        print(case["name"], n, iteration, change, file=sys.stderr, flush=True)
        rows = []
        for regime in range(regimes):
            for a0, a1 in points:
                s0, s1, p0, p1, shipped = clear(
                    a0, a1, tables, regime, step, keeps, case["cost"], there[regime], back[regime]
                )
                rows.append(
                    {
                        "regime": regime,
                        "availability": [a0, a1],
                        "prices": [p0, p1],
                        "stocks": [s0, s1],
                        "shipped": shipped,
                        "planned": [lookup(plans[regime, k], s0, s1, step) for k in range(2)],
                    }
                )
        answers[n] = rows
        n *= 2
        if n <= largest_n:
            tables, plans = refine(tables, n), refine(plans, n)
    return answers


CASES = [
    {
        "name": "always open",
        "interest": 0.03, "cost": 0.06, "deterioration": 0.0,
        "there": [0.1], "back": [0.16], "chain": [[1.0]],
    },
    {
        "name": "open and closed",
        "interest": 0.03, "cost": 0.06, "deterioration": 0.02,
        "there": [0.1, -1.0], "back": [0.1, -1.0], "chain": [[0.8, 0.2], [0.5, 0.5]],
    },
]

if __name__ == "__main__":
    finest = int(sys.argv[1])
    points = [(0.85, 0.95), (0.9, 1.2), (1.0, 1.0), (1.0, 1.4), (1.1, 0.9), (1.1, 1.1), (1.2, 1.3), (1.3, 0.8), (1.4, 1.4)]
    cases = []
    for case in CASES:
        answers = solve(case, finest, points)
        levels = sorted(answers)
        rows, coarser = answers[levels[-1]], answers[levels[-2]]
        differ = {
            key: max(float(np.abs(np.subtract(a[key], b[key])).max()) for a, b in zip(rows, coarser))
            for key in ("prices", "stocks", "shipped", "planned")
        }
        cases.append({**case, "answer": rows, "difference_to_half_as_fine": differ})
    print(
        json.dumps(
            {
                "name": "st_two_regions",
                "title": "Storage in two regions with trade, and a route that may close",
                "kind": "two_region_storage",
                "source": {"citation": "model of RECS STO5 (Miranda and Glauber 1995)"},
                "problem": {
                    "demand": "Q = P^(-0.2) and 1.2 P^(-0.2)", "supply": "E[P' e'] = H^5 in both",
                    "shock": "N(1, 0.05^2) on 5 Gauss-Hermite nodes in each, independent",
                    "route": "a negative cost is a closed route",
                },
                "cases": cases,
                "how_checked": f"benches/peers/two_regions.py {finest}",
            },
            indent=1,
        )
    )
