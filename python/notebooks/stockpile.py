# %% [markdown]
# # A public stock that defends a floor
#
# Owners carry oxide over to times in which they expect to be paid for it. A public stock beside them buys what holds the
# price at a floor until it is full, and sells as soon as the price would rise above it. Under rational expectations the
# private owners know that, and store less. All numbers are relative to a normal year, and judgements.

# %%
import numpy as np

import pricefloor as pf
from pricefloor.plots import BLUE, RED, STYLE

at_one = {"price": 1.0, "quantity": 1.0}
common = {
    "demand": pf.Demand.constant_elasticity(**at_one, elasticity=-0.2),
    "supply": pf.Supply.constant_elasticity(**at_one, elasticity=0.2),
    "yields": pf.normal_yields(mean=1.0, deviation=0.05, nodes=7),
    "warehouse": {"cost": 0.06, "deterioration": 0.02, "interest": 0.03},
}
free = pf.solve_storage(pf.storage.StorageTerms(**common))
floor = pf.solve_storage(pf.storage.StorageTerms(**common, public={"price": 1.02, "capacity": 0.4}))
free

# %% [markdown]
# Price as a function of what is there: the stock that was kept, and this year's output.

# %%
import matplotlib.pyplot as plt

with plt.rc_context(STYLE):
    figure, axes = plt.subplots()
least = max(free.range[0], floor.range[0], 0.8)
availability = np.linspace(least, min(free.range[1], floor.range[1]), 300)
axes.plot(availability, free.price(availability), color=BLUE, label="private stocks only")
axes.plot(availability, floor.price(availability), color=RED, label="with the public stock")
axes.axhline(1.02, color="black", lw=0.8, ls="--")
axes.set(xlabel="available (years of normal output)", ylabel="price (normal = 1)", title="A floor of 1.02")
axes.legend()

# %%
moments = {"free": free.stationary(), "floor": floor.stationary()}
pf.Table(
    {
        "": list(moments["free"]),
        **{name: np.array(list(found.values())) for name, found in moments.items()},
    }
)

# %% [markdown]
# The floor more than halves the spread of the price. It holds only as long as there is room in the stock: `below_floor` is
# the share of years in which the stock is full and the price falls through.

# %%
history = floor.simulate(periods=60, seed=7)
with plt.rc_context(STYLE):
    figure, axes = plt.subplots()
axes.step(np.arange(60), history["price"], where="post", color=RED, label="price")
axes.step(np.arange(60), history["stock"], where="post", color=BLUE, label="stock")
axes.set(xlabel="years", title="A history with the public stock", ylim=(0.0, None))
axes.legend()
