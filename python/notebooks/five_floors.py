# %% [markdown]
# # Five things called a floor
#
# One textbook market, one number, five different measures, all called a price floor of 12.

# %%
import pricefloor as pf
from pricefloor import plots

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
where = {"region": "Home", "commodity": "oxide"}
ways: dict[str, pf.Measure] = {
    "legal minimum, cheapest sell": pf.StatutoryMinimum(**where, floor=12.0, rationing="efficient"),
    "legal minimum, all sell less": pf.StatutoryMinimum(**where, floor=12.0, rationing="proportional"),
    "state buys the rest": pf.SupportBuying(**where, floor=12.0),
    "contract on all output": pf.ContractFloor(strike=12.0, covering=["mine"]),
    "contract on the first 8": pf.ContractFloor(strike=12.0, covering=["mine"], coverage={"first": 8.0}),
}
free = market.solve()
solved = {name: market.solve(pf.Policy(floor=measure)) for name, measure in ways.items()}
compared = pf.compare(free, **solved)
compared

# %% [markdown]
# They differ in who pays. Buyers gain from a contract on all output, which draws out more and lowers the price; they pay
# for a legal minimum and for state buying. State buying wastes most, because what is bought has no user.

# %%
plots.who_pays(compared)

# %%
for name, result in solved.items():
    price, total = result.price("Home", "oxide"), result.ledger().total
    print(f"{name:30} buyers pay {price:5.2f}, total surplus {total:5.1f} of {free.ledger().total:.0f}")
