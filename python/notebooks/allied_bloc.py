# %% [markdown]
# # A bloc of allies with a common floor
#
# Two importers raise a levy at a common border so that the price inside does not fall below a floor. Inside, buyers pay
# and producers gain; the seller outside loses the market; the levy goes into a common purse. Compared: one member alone.

# %%
import pricefloor as pf
from pricefloor import plots

OXIDE = "oxide"
market = pf.Market(
    name="allies",
    price_unit="USD/kg",
    quantity_unit="t",
    money_unit="USD thousand",
    regions=["Atlantica", "Borealia", "Exporter"],
    commodities=[OXIDE],
    demands={
        ("Atlantica", OXIDE): pf.Demand.linear(intercept=140.0, slope=-0.02),
        ("Borealia", OXIDE): pf.Demand.linear(intercept=130.0, slope=-0.04),
        ("Exporter", OXIDE): pf.Demand.linear(intercept=100.0, slope=-0.001),
    },
    activities=[
        pf.Activity(
            name=f"{region} mine",
            region=region,
            outputs={OXIDE: 1.0},
            supply=pf.Supply.linear(intercept=intercept, slope=slope),
        )
        for region, intercept, slope in [
            ("Atlantica", 55.0, 0.03),
            ("Borealia", 60.0, 0.03),
            ("Exporter", 20.0, 0.0008),
        ]
    ],
    routes=[
        {"from": origin, "to": destination, "commodity": OXIDE, "cost": cost}
        for origin, destination, cost in [
            ("Exporter", "Atlantica", 2.0),
            ("Exporter", "Borealia", 3.0),
            ("Atlantica", "Borealia", 1.0),
            ("Borealia", "Atlantica", 1.0),
        ]
    ],
)
free = market.solve()
free.nodes

# %%
FLOOR = 75.0
rungs = [{"commodity": OXIDE, "floor": FLOOR}]
alone = pf.ReferencePriceLadder(border={"region": "Atlantica"}, rungs=rungs)
together = pf.ReferencePriceLadder(
    border={"bloc": {"name": "Allies", "members": ["Atlantica", "Borealia"]}}, rungs=rungs
)
compared = pf.compare(
    free,
    alone=market.solve(pf.Policy(floor=alone)),
    together=market.solve(pf.Policy(floor=together)),
)
compared

# %%
plots.who_pays(compared)

# %% [markdown]
# The policy is a file like any other, and the Rust crate reads the same one.

# %%
policy = pf.Policy(floor=together)
assert pf.Policy.from_json(policy.to_json()) == policy
plots.chain_map(market.solve(policy))
