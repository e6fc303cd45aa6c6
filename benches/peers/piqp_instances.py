#!/usr/bin/env python3
"""Times PIQP and this crate's engine on the same instances, in turns, and prints the ratios.

    pip install piqp numpy scipy
    cargo build --release --example solve_instance
    python benches/peers/piqp_instances.py [--runs 9] [--cpu] [--first] NAME...

PIQP solves the convex programme whose multipliers are the prices, at eps 1e-11, so that its prices are as
good as ours (its default, 1e-8, leaves price errors up to 1e-5). Its clock is setup + solve as it reports
them; ours is everything after the numbers are known. Then both solve the same draws of new numbers (every
demand intercept within a twentieth of what it was): PIQP by its update path, ours in the memory of the first
solve, cold and from the last solution; the median draw counts. `--cpu` compares processor time instead, for machines
that are busy; `--first` leaves the new numbers out, where the peer takes half a minute for each.
"""
import argparse
import gzip
import json
import pathlib
import subprocess
import time

import numpy as np
import piqp
import scipy.sparse as sp

ROOT = pathlib.Path(__file__).resolve().parents[2]
RUNNER = ROOT / "target" / "release" / "examples" / "solve_instance"
INF = 1e30
DRAWS = 16
GOLDEN = (1 + 5 ** 0.5) / 2


def load(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt") as file:
        return json.load(file)


def limit(value):
    return INF if value is None else value


class Programme:
    """min x'Px/2 + c'x, G x <= h, A x = b, l <= x <= u, built column by column."""

    def __init__(self):
        self.diagonal, self.cost, self.upper = [], [], []
        self.rows, self.columns, self.values, self.bound = [], [], [], []
        self.eq_rows, self.eq_columns, self.eq_values, self.eq_bound = [], [], [], []
        self.free, self.demands = [], []

    def variable(self, diagonal, cost, upper, free=False):
        self.diagonal.append(diagonal)
        self.cost.append(cost)
        self.upper.append(upper)
        self.free.append(free)
        return len(self.cost) - 1

    def row(self, bound):
        self.bound.append(bound)
        return len(self.bound) - 1

    def add(self, row, column, value):
        self.rows.append(row), self.columns.append(column), self.values.append(value)

    def equation(self, bound):
        self.eq_bound.append(bound)
        return len(self.eq_bound) - 1

    def add_equation(self, row, column, value):
        self.eq_rows.append(row), self.eq_columns.append(column), self.eq_values.append(value)

    def data(self):
        n = len(self.cost)
        upper = np.array(self.upper)
        lower = np.where(self.free, -INF, 0.0)
        p = sp.diags(self.diagonal).tocsc()
        g = sp.csc_matrix((self.values, (self.rows, self.columns)), (len(self.bound), n))
        a = sp.csc_matrix((self.eq_values, (self.eq_rows, self.eq_columns)), (len(self.eq_bound), n))
        return dict(P=p, c=np.array(self.cost), A=a, b=np.array(self.eq_bound), G=g,
                    h_l=np.full(len(self.bound), -INF), h_u=np.array(self.bound), x_l=lower, x_u=upper)


def balances(programme, nodes, weight=1.0):
    # demand - supply <= 0; the multiplier is the price
    return [programme.row(0.0) for _ in range(nodes)]


def spatial(instance):
    q, goods = Programme(), instance["goods"]
    rows = balances(q, instance["regions"] * goods)
    for process in instance["processes"]:
        x = q.variable(process["cost"]["b"], process["cost"]["a"], limit(process["cap"]))
        for good, amount in process["yield"]:
            q.add(rows[process["region"] * goods + good], x, -amount)
    for demand in instance["demands"]:
        x = q.variable(demand["curve"]["b"], -demand["curve"]["a"], INF)
        q.demands.append(x)
        q.add(rows[demand["region"] * goods + demand["good"]], x, 1.0)
    arcs = instance["arcs"]
    for a in range(len(arcs["from"])):
        assert arcs["adval"][a] == 0.0, "not a programme"
        x = q.variable(0.0, arcs["cost"][a] + arcs["tariff"][a], limit(arcs["quota"][a]))
        q.add(rows[arcs["from"][a] * goods + arcs["good"][a]], x, 1.0)
        q.add(rows[arcs["to"][a] * goods + arcs["good"][a]], x, -1.0)
    for floor in instance["floors"]:
        x = q.variable(0.0, -floor["price"], limit(floor["cap"]))
        q.add(rows[floor["region"] * goods + floor["good"]], x, 1.0)
    return q, lambda z: z[:len(rows)]


def foresight(instance):
    q, goods, periods = Programme(), instance["goods"], instance["periods"]
    nodes, beta = instance["regions"] * goods, instance["discount"]
    kept = 1.0 - instance["depreciation"]
    processes, arcs = instance["processes"], instance["arcs"]
    rows = [balances(q, nodes) for _ in range(periods)]
    caps = []
    for t in range(periods):
        w = beta ** t
        for j, process in enumerate(processes):
            cap = process["cap0"] if t == 0 else INF
            x = q.variable(w * process["cost"]["b"], w * process["cost"]["a"], cap)
            for good, amount in process["yield"]:
                q.add(rows[t][process["region"] * goods + good], x, -amount)
            if t > 0:
                row = q.row(0.0)
                q.add(row, x, 1.0)
                q.add(row, caps[t - 1][j], -1.0)
        for demand in instance["demands"]:
            x = q.variable(w * demand["b"], -w * demand["a"][t], INF)
            q.demands.append(x)
            q.add(rows[t][demand["region"] * goods + demand["good"]], x, 1.0)
        for a in range(len(arcs["from"])):
            assert arcs["adval"][a] == 0.0, "not a programme"
            x = q.variable(0.0, w * (arcs["cost"][a] + arcs["tariff"][a]), limit(arcs["quota"][a]))
            q.add(rows[t][arcs["from"][a] * goods + arcs["good"][a]], x, 1.0)
            q.add(rows[t][arcs["to"][a] * goods + arcs["good"][a]], x, -1.0)
        for floor in instance["floors"]:
            x = q.variable(0.0, -w * floor["price"], limit(floor["cap"]))
            q.add(rows[t][floor["region"] * goods + floor["good"]], x, 1.0)
        for store in instance["storage"]:
            node = store["region"] * goods + store["good"]
            if t == 0:
                q.bound[rows[0][node]] += store["stock0"]
            if t < periods - 1:
                x = q.variable(0.0, w * store["cost"], store["cap"])
                q.add(rows[t][node], x, 1.0)
                q.add(rows[t + 1][node], x, -1.0)
        if t < periods - 1:
            invest = [q.variable(w * p["inv_quad"], w * p["inv_cost"], INF) for p in processes]
            caps.append([q.variable(0.0, 0.0, INF, free=True) for _ in processes])
            for j, process in enumerate(processes):
                row = q.equation(kept * process["cap0"] if t == 0 else 0.0)
                q.add_equation(row, caps[t][j], 1.0)
                q.add_equation(row, invest[j], -1.0)
                if t > 0:
                    q.add_equation(row, caps[t - 1][j], -kept)
    def prices(z):
        return np.concatenate([z[rows[t]] / beta ** t for t in range(periods)])
    return q, prices


def solver(eps):
    s = piqp.SparseSolver()
    s.settings.compute_timings = True
    s.settings.eps_abs = s.settings.eps_rel = eps
    s.settings.eps_duality_gap_abs = s.settings.eps_duality_gap_rel = eps
    s.settings.max_iter = 500
    return s


def draw(data, demands, k):
    """The costs with other demand intercepts; the i-th is its share 0.95 + 0.1 frac(k i g), g the golden ratio."""
    c = data["c"].copy()
    c[demands] *= 0.95 + 0.1 * np.modf(k * np.arange(1, len(demands) + 1) * GOLDEN)[0]
    return c


def run_piqp(data, demands, eps, draws):
    s = solver(eps)
    cpu = time.thread_time()
    s.setup(**data)
    status = s.solve()
    cpu = time.thread_time() - cpu
    info = s.result.info
    result = dict(wall=1e3 * (info.setup_time + info.solve_time), cpu=1e3 * cpu, iterations=info.iter,
                  z=np.array(s.result.z_u), status=status)
    if not draws:
        return dict(result, again=np.nan, again_cpu=np.nan)
    walls, cpus = [], []
    for k in range(1, draws + 1):
        c = draw(data, demands, k)
        before = time.thread_time()
        s.update(c=c)
        s.solve()
        cpus.append(1e3 * (time.thread_time() - before))
        walls.append(1e3 * (s.result.info.update_time + s.result.info.solve_time))
    return dict(result, again=np.median(walls), again_cpu=np.mean(cpus), last=np.array(s.result.z_u))


def run_ours(path, repeat):
    done = subprocess.run([RUNNER, path, "--repeat", str(repeat)], capture_output=True, text=True)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--eps", type=float, default=1e-11)
    parser.add_argument("--cpu", action="store_true")
    parser.add_argument("--first", action="store_true")
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / "tests" / "cases" / "instances")
    arguments = parser.parse_args()
    names = arguments.names or ["lin_R5_K1", "lin_R20_K1", "lin_R90_K1", "lin_R50_K4", "pf_R3_K2_T10",
                                "lin_R1000_K1", "lin_R1000_K4"]
    clock = "cpu" if arguments.cpu else "wall"
    print(f"| instance | PIQP ms | ours ms | ratio | PIQP update ms | cold again ms | warm ms | ratio of the better"
          f" | factorisations | price difference |   ({clock}, least of {arguments.runs})")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name in names:
        path = next(p for p in (arguments.folder / f"{name}.json", arguments.folder / f"{name}.json.gz")
                    if p.exists())
        instance = load(path)
        build = foresight if instance["schema"] == "pfe-1" else spatial
        programme, prices = build(instance)
        data = programme.data()
        peer_keys, keys = ("wall", "again"), ("solve_ms_least", "again_ms", "resolve_ms")
        if arguments.cpu:
            peer_keys, keys = ("cpu", "again_cpu"), ("solve_cpu_ms", "again_cpu_ms", "resolve_cpu_ms")
        theirs, ours = np.full(2, np.inf), np.full(3, np.inf)
        for _ in range(arguments.runs):
            peer = run_piqp(data, programme.demands, arguments.eps, 0 if arguments.first else DRAWS)
            mine = run_ours(path, arguments.repeat)
            assert mine["status"] == "solved", (name, mine["status"])
            theirs = np.minimum(theirs, [peer[key] for key in peer_keys])
            ours = np.minimum(ours, [mine[key] or np.inf for key in keys])
        pairs = [("prices", "z")] + [("resolve_prices", "last")] * (not arguments.first)
        gap = max(np.abs(np.ravel(mine[found]) / prices(peer[known]) - 1.0).max() for found, known in pairs)
        print(f"| {name} | {theirs[0]:.4g} | {ours[0]:.4g} | {ours[0] / theirs[0]:.2f} | {theirs[1]:.4g}"
              f" | {ours[1]:.4g} | {ours[2]:.4g} | {ours[1:].min() / theirs[1]:.2f}"
              f" | {peer['iterations']} : {mine['factorisations']} | {gap:.1e} |", flush=True)


if __name__ == "__main__":
    main()
