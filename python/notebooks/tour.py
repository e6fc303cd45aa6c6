# %% [markdown]
# # A tour in ten minutes
#
# What happens to a market, to its producers and to the public purse when a government intervenes? A market is facts:
# who wants what, who makes it at what cost, and how it travels. A policy is a list of measures. Solving gives prices and
# quantities at which nobody wants to move, with a certificate, and accounts that say who pays whom.

# %%
import numpy as np

import pricefloor as pf

# %% [markdown]
# ## Facts
#
# Demand `P = 20 - Q` and supply `P = 5 + Q/2`: 10 tonnes at a price of 10, and a surplus of 75. Curves have other forms
# (constant elasticity through an observed point, steps, tables), and always carry their sign.

# %%
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
free = market.solve()
free

# %% [markdown]
# ## A measure
#
# A contract floor pays the mine the gap between 12 and the market price on its first 8 tonnes. It moves no price, because
# it pays for units that would be made anyway.

# %%
policy = pf.Policy(floor=pf.ContractFloor(strike=12.0, covering=["mine"], coverage={"first": 8.0}))
floored = market.solve(policy)
pf.compare(free, floored)

# %% [markdown]
# The accounts list every payment, and the sum over parties is checked against benefit less cost, worked out from
# quantities alone.

# %%
floored.ledger().payments

# %%
floored.plot()

# %% [markdown]
# ## What a mistake looks like
#
# Errors name the thing, the value and the rule, and are typed.

# %%
try:
    pf.Demand.linear(intercept=20.0, slope=1.0)
except pf.InputError as error:
    print(f"{type(error).__name__}: {error}  (value {error.value})")

# %% [markdown]
# ## Many numbers
#
# Every number has a path. A compiled market solves again with changed numbers in microseconds, differentiates, and sweeps
# a grid on all cores.

# %%
buying = pf.Policy(reserve=pf.SupportBuying(region="Home", commodity="oxide", floor=12.0))
compiled = market.compile(buying)
compiled.solve()
print(compiled.derivative(pf.outcomes.outlay("reserve"), "measure/reserve/floor"), "USD more for each USD of floor")

# %%
sweep = pf.Sweep.grid(
    compiled,
    {"measure/reserve/floor": np.linspace(9.0, 15.0, 7), "demand/Home/oxide/intercept": [19.0, 21.0]},
    {"price": pf.outcomes.price("Home", "oxide"), "outlay": pf.outcomes.outlay("reserve")},
)
sweep.run()

# %% [markdown]
# Above the free price each further dollar of floor costs more than the one before: the state buys more, at a higher price.
#
# The table goes to polars, pandas or DuckDB as it stands (`polars.DataFrame(table)`), and markets, policies and results
# are stored as JSON that the Rust crate reads.

# %%
print(policy.to_json())
