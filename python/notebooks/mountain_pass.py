# %% [markdown]
# # Mountain Pass: does the floor, or the stake, keep it alive, and who pays?
#
# In July 2025 the Department of War agreed a price floor of $110 a kilogram of NdPr with MP Materials and bought a stake.
# Here the oxide business is walked over price paths with and without each. Facts and judged inputs come with the crate;
# each has its source or its reason. The full case, with ranges, is the Rust example `mountain_pass`; this one leaves out
# the old notes and the warrant.

# %%
import math

import numpy as np

import pricefloor as pf
from pricefloor import facts, plots


def judged(item: str, scale: float = 1.0) -> float:
    return scale * float(facts.assumption(item)["value"])


strike = facts.contract_term("ppa_floor")
print(strike["value"], strike["unit"], "-", strike["source"])

# %% [markdown]
# ## The plan

# %%
TONNE, MILLION = 1000.0, 1e6
now, grown = judged("oxide capacity at start", TONNE), judged("oxide capacity after growth", TONNE)
timeline = pf.finance.Timeline(
    frequency="Quarterly", periods=60, observations=3, first_year=2025, first_month=7, fiscal_month=10
)
project = pf.finance.Project(
    name="Mountain Pass, oxide",
    timeline=timeline,
    products=[
        {
            "name": "NdPr oxide",
            "commodity": 0,
            "per_output": 1.0,
            "realisation": judged("realisation factor on the benchmark"),
        }
    ],
    output=now,
    unit_cost=[
        {"output": now, "unit_cost": judged("unit cost at 2600 t/year")},
        {"output": grown, "unit_cost": judged("unit cost at 6000 t/year")},
    ],
    overhead=judged("SG&A carried by the oxide business", MILLION),
    sustaining_capex=judged("sustaining capex", MILLION),
    growth={
        "output": grown,
        "capex": judged("growth capex for the oxide business", MILLION),
        "start": 0.0,
        "complete": 1.5,
    },
    tax={
        "rate": judged("corporate tax rate", 0.01),
        "loss_offset": judged("tax losses offset at most", 0.01),
        "opening_losses": judged("opening tax losses", MILLION),
    },
    inflation=judged("inflation", 0.01),
    prices="Real",
)

# %% [markdown]
# ## Money and measures
#
# The stake here is the $400m of preferred shares. They convert at $30.03, so that the sponsor holds shares of the firm.

# %%
paid = 400.0 * MILLION
cash = judged("cash and short-term investments at start", MILLION)
floor = pf.finance.PriceContract(
    payoff={"Floor": {"strike": float(strike["value"])}},
    reference={"price": "Benchmark", "observed": "PeriodAverage", "factor": 1.0},
    coverage={"Share": 1.0},
    start=0.25,
    end=10.5,
    indexation="Fixed",
    arrears=0,
)
common = pf.finance.Common(shares=paid / 30.03, price=30.03)


def capital(stake: bool) -> pf.finance.Capital:
    securities = [
        pf.finance.Security(holder="Department of War", instrument={"Common": common}, paid=paid)
    ]
    return pf.finance.Capital(
        cash=cash,
        cash_rate=judged("Treasury rate", 0.01),
        reserve=0.0,
        owners="Owners",
        owners_shares=163_477_813.0,
        securities=securities if stake else [],
        payout="Retain",
    )


def case(name: str, *, contract: bool, stake: bool) -> pf.viability.Case:
    covered = [pf.finance.Covered(product="NdPr oxide", contract=floor)] if contract else []
    return pf.viability.Case(name=name, capital=capital(stake), contracts=covered)


study = pf.viability.Study(
    project=project,
    sponsor="Department of War",
    rates={
        "project": judged("project discount rate", 0.01),
        "owners": judged("project discount rate", 0.01),
        "sponsor": judged("Treasury rate", 0.01),
    },
    cases=[
        case("no measure", contract=False, stake=False),
        case("floor", contract=True, stake=False),
        case("stake", contract=False, stake=True),
        case("both", contract=True, stake=True),
    ],
)

# %% [markdown]
# ## Prices
#
# A log price that reverts to its mean. The numbers of the process are a judgement here; the Rust example estimates them
# and shows their standard errors.

# %%
price = pf.MeanReverting(spot=56.0, reversion=0.6, log_mean=math.log(62.0), volatility=0.35)
months = np.arange(1, 181) / 12.0
paths = pf.price_paths(price, months, pf.Simulation(paths=2048, draws={"Plain": {"seed": 7}}))
plots.price_fan(months, paths, unit="USD/kg", floor=float(strike["value"]))

# %%
findings = pf.run_study(study, price, pf.Simulation(paths=2048, draws={"Plain": {"seed": 7}}))
findings

# %%
plots.default_curve(findings)

# %% [markdown]
# The floor is a strip of puts: it carries the firm through years of low prices and makes growth worth its money. The stake
# alone buys time. What the sponsor pays under the floor it partly gets back as an owner.
