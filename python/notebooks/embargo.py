# %% [markdown]
# # An embargo
#
# One country refines most of the world's oxide and stops selling. What does the rest pay, what do its own producers gain,
# and does a reserve help? The balance is the bundled one of mid-2025; short-run elasticities, and a choke price above which
# nobody buys (a judgement: ten times the price before), since no one replaces magnets within a year.

# %%
import pricefloor as pf
from pricefloor import facts, plots

OXIDE = "NdPr oxide"
inside = float(facts.base_case("price (China domestic ex VAT)", "China")["value"])
response = facts.base_case("demand elasticity short run", "all")
made = {region: float(facts.base_case("production", region)["value"]) for region in ["China", "Rest of world"]}
print(f"price {inside} USD/kg; demand elasticity {response['value']}: {response['source']}")

# %% [markdown]
# China consumes 72,000 t and the rest what is left: a reading inside the stated ranges of the balance.

# %%
used = {"China": 72_000.0, "Rest of world": made["China"] + made["Rest of world"] - 72_000.0}
demands = {
    (region, OXIDE): pf.Demand.constant_elasticity(
        price=inside, quantity=quantity, elasticity=float(response["value"])
    ).with_choke(10.0 * inside)
    for region, quantity in used.items()
}
market = pf.Market(
    name="NdPr oxide, mid-2025",
    price_unit="USD/kg",
    quantity_unit="t",
    money_unit="USD thousand",
    regions=list(used),
    commodities=[OXIDE],
    demands=demands,
    activities=[
        pf.Activity(
            name=f"{region}: plants",
            region=region,
            outputs={OXIDE: 1.0},
            supply=pf.Supply.constant_elasticity(price=inside, quantity=quantity, elasticity=0.2),
        )
        for region, quantity in made.items()
    ],
    routes=[
        {"from": "China", "to": "Rest of world", "commodity": OXIDE, "cost": 0.0},
        {"from": "Rest of world", "to": "China", "commodity": OXIDE, "cost": 0.0},
    ],
)
before = market.solve()
before.nodes

# %%
stopped = market.solve(
    pf.Policy(stop=pf.Embargo(border={"region": "China"}, commodity=OXIDE, direction="exports"))
)
stopped.nodes

# %%
plots.chain_map(stopped)

# %%
compared = pf.compare(before, embargo=stopped)
plots.who_pays(compared)

# %% [markdown]
# Outside, the price rises until demand fits what is made there: buyers lose, other producers gain most of it. Inside,
# the oxide that is no longer sold abroad lowers the price, so that the embargo costs the country's own producers.
