"""Private storage beside a public stock that keeps the price in a band, solved slowly by another way than `storage` does it.

Usage: python benches/peers/price_band.py > tests/cases/known/st_price_band.json    (needs numpy and numba; some minutes)

The market is that of RECS STO1 with a public stock that buys at 0.95, sells at 1.15 and holds at most 0.12. What is used stands
on a lattice of states: what is there in private hands, and the public stock. It is linear between the points, and the price
follows from it by the demand curve. At each state private stock, public purchase and plan are found by bisection against the
expectation over the seven outcomes, the plan with half a step a sweep, until nothing moves by more than 1e-10. Kinks cost
accuracy: the answer is given with its difference to that on a lattice half as fine.
"""

import json
import sys

import numba
import numpy as np

ELASTICITY, SUPPLY = -0.2, 0.2
COST, LOSS, INTEREST = 0.06, 0.02, 0.03
KEPT = 1 - LOSS
KEEPS = KEPT / (1 + INTEREST)
BUYS, SELLS, CAPACITY = 0.95, 1.15, 0.12
LOW, HIGH = 0.7, 1.7
ROOTS, WEIGHTS = np.polynomial.hermite_e.hermegauss(7)
WEIGHTS = WEIGHTS / WEIGHTS.sum()
YIELDS = 1 + 0.05 * ROOTS


@numba.njit
def used(table, there, public):
    n, m = table.shape[0] - 1, table.shape[1] - 1
    x = (there - LOW) / (HIGH - LOW) * n
    y = public / CAPACITY * m
    i, j = min(max(int(x), 0), n - 1), min(max(int(y), 0), m - 1)
    u, v = x - i, y - j
    return (
        (1 - u) * ((1 - v) * table[i, j] + v * table[i, j + 1])
        + u * ((1 - v) * table[i + 1, j] + v * table[i + 1, j + 1])
    )


@numba.njit
def expect(table, private, public, plan):
    price = receipt = 0.0
    for k in range(7):
        p = used(table, KEPT * private + plan * YIELDS[k], KEPT * public) ** (1 / ELASTICITY)
        price += WEIGHTS[k] * p
        receipt += WEIGHTS[k] * YIELDS[k] * p
    return price, receipt


@numba.njit
def private_stock(table, there, public, plan):
    """Stored of `there` beside a public stock at the end of the period."""
    low, high = 0.0, there
    for k in range(48):
        s = 0.0 if k == 0 else 0.5 * (low + high)
        if (there - s) ** (1 / ELASTICITY) < KEEPS * expect(table, s, public, plan)[0] - COST:
            low = s
        elif k == 0:
            return 0.0
        else:
            high = s
    return 0.5 * (low + high)


@numba.njit
def price(table, there, public, plan):
    s = private_stock(table, there, public, plan)
    return (there - s) ** (1 / ELASTICITY)


@numba.njit
def state(table, there, public, plan):
    """Bought by the public stock, below zero sold."""
    still = price(table, there, public, plan)
    if BUYS <= still <= SELLS:
        return 0.0
    end, most = (BUYS, CAPACITY - public) if still < BUYS else (SELLS, -public)
    if most == 0.0:
        return 0.0
    extreme = price(table, there - most, public + most, plan)
    if (extreme - end) * (still - end) >= 0:
        return most
    low, high = 0.0, 1.0
    for _ in range(45):
        share = 0.5 * (low + high)
        p = price(table, there - share * most, public + share * most, plan)
        if (p - end) * (still - end) > 0:
            low = share
        else:
            high = share
    return 0.5 * (low + high) * most


@numba.njit
def sweep(table, plans):
    new, planned = np.empty_like(table), np.empty_like(plans)
    n, m = table.shape
    for i in range(n):
        there = LOW + (HIGH - LOW) * i / (n - 1)
        for j in range(m):
            public, plan = CAPACITY * j / (m - 1), plans[i, j]
            bought = state(table, there, public, plan)
            s = private_stock(table, there - bought, public + bought, plan)
            new[i, j] = there - bought - s
            receipt = expect(table, s, public + bought, plan)[1]
            planned[i, j] = 0.5 * (plan + receipt**SUPPLY)
    return new, planned, max(np.abs(new - table).max(), np.abs(planned - plans).max())


def refine(table, n, m):
    old_n, old_m = np.linspace(0, 1, table.shape[0]), np.linspace(0, 1, table.shape[1])
    rows = np.array([np.interp(np.linspace(0, 1, m + 1), old_m, row) for row in table])
    return np.array([np.interp(np.linspace(0, 1, n + 1), old_n, column) for column in rows.T]).T


def plan_at(plans, there, public):
    return used(plans, there, public)


def main():
    n, m = 100, 6
    table = np.outer(np.linspace(LOW, HIGH, n + 1), np.ones(m + 1))
    plans = np.ones_like(table)
    points = [(a / 100, g) for g in (0.0, 0.03, 0.08, 0.12) for a in range(86, 132, 2)]
    rows = [{"there": a, "public": g, "answers": []} for a, g in points]
    for level in range(5):
        for iteration in range(500):
            table, plans, change = sweep(table, plans)
            if change < 1e-10:
                break
        print(n, m, iteration, change, file=sys.stderr, flush=True)
        for row in rows:
            there, public = row["there"], row["public"]
            # the plan belongs to the state, so it is found at it
            plan = plan_at(plans, there, public)
            for _ in range(200):
                bought = state(table, there, public, plan)
                s = private_stock(table, there - bought, public + bought, plan)
                plan = 0.5 * (plan + expect(table, s, public + bought, plan)[1] ** SUPPLY)
            left = there - bought - s
            row["answers"].append(
                {"price": left ** (1 / ELASTICITY), "bought": bought, "private": s, "planned": plan}
            )
        if level < 4:
            n, m = 2 * n, 2 * m
            table, plans = refine(table, n, m), refine(plans, n, m)
    finest = [row["answers"][-1] for row in rows]
    coarser = [row["answers"][-2] for row in rows]
    gaps = {key: max(abs(a[key] - b[key]) for a, b in zip(finest, coarser)) for key in finest[0]}
    print(
        json.dumps(
            {
                "name": "st_price_band",
                "title": "Private storage beside a public stock with a band, 0.95 to 1.15, at most 0.12",
                "kind": "public_price_band",
                "source": {"citation": "model of RECS STO3 (Miranda and Helmberger 1988) with the numbers of STO1"},
                "problem": {
                    "demand": "Q = P^(-0.2)", "supply": "E[P' e'] = H^5", "storage_cost_k": COST,
                    "depreciation_delta": LOSS, "interest_r": INTEREST, "shock": "N(1, 0.05^2) on 7 Gauss-Hermite nodes",
                    "buys": BUYS, "sells": SELLS, "public_capacity": CAPACITY,
                    "state": "what is there in private hands, output included, and the public stock after losses",
                },
                "answer": [
                    {"there": row["there"], "public": row["public"], **row["answers"][-1]} for row in rows
                ],
                "difference_to_half_as_fine": gaps,
                "how_checked": "benches/peers/price_band.py on 1601 by 97 states",
            },
            indent=1,
        )
    )


main()
