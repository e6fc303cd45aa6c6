# %% [markdown]
# # A grid on a cluster
#
# 20,000 solves over two numbers, on two processes of a Dask cluster. A part depends on the sweep and on its own number
# alone, so the bytes are those of this machine's threads, whatever the cluster; a worker that dies loses its part, which is
# handed in again. On a real cluster only the address of the client changes.

# %%
import numpy as np
from distributed import Client, LocalCluster

import pricefloor as pf

market = pf.Market(
    name="textbook",
    price_unit="USD/t",
    quantity_unit="t",
    money_unit="USD",
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
compiled = market.compile(
    pf.Policy(reserve=pf.SupportBuying(region="Home", commodity="oxide", floor=12.0))
)
sweep = pf.Sweep.grid(
    compiled,
    {
        "measure/reserve/floor": np.linspace(9.0, 15.0, 200),
        "demand/Home/oxide/intercept": np.linspace(16.0, 24.0, 100),
    },
    {"price": pf.outcomes.price("Home", "oxide"), "outlay": pf.outcomes.outlay("reserve")},
)
sweep

# %%
with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster, Client(cluster) as client:
    swept = sweep.run(executor=client.get_executor(retries=3))
here = sweep.run()
print("same bytes:", all(swept[name].tobytes() == here[name].tobytes() for name in swept))

# %%
import matplotlib.pyplot as plt

from pricefloor import plots

with plt.rc_context(plots.STYLE):
    figure, axes = plt.subplots()
floors, demands = np.unique(swept["measure/reserve/floor"]), np.unique(swept["demand/Home/oxide/intercept"])
levels = axes.contourf(demands, floors, swept["outlay"].reshape(len(floors), len(demands)), cmap="cividis")
figure.colorbar(levels, label="outlay (USD a year)")
axes.set(xlabel="demand intercept (USD/t)", ylabel="floor (USD/t)", title="What the reserve costs")
