//! Random markets: regions, chains, joint products, routes, firms with conduct, and what is degenerate about them.

use super::curves::Size;
use super::dice::Dice;
use pricefloor::market::Route;
use pricefloor::{Activity, Market, Supply};

/// A producer, what it puts out first, and what it puts out (negative: takes in) in all, per unit of level.
#[derive(Clone, Debug)]
pub struct Mine {
    pub name: String,
    pub commodity: usize,
    pub region: String,
    pub supply: Supply,
    pub basket: Vec<(usize, f64)>,
}

/// A route as drawn.
#[derive(Clone, Debug)]
pub struct Lane {
    pub from: String,
    pub to: String,
    pub commodity: usize,
    pub cost: f64,
    pub arriving: f64,
    pub capacity: f64,
}

#[derive(Debug)]
pub struct World {
    pub market: Market,
    pub regions: Vec<String>,
    pub commodities: Vec<String>,
    pub sizes: Vec<Size>,
    pub mines: Vec<Mine>,
    pub lanes: Vec<Lane>,
    /// Whether some firms reckon with their effect on prices.
    pub conduct: bool,
    /// Whether measures are to leave the system symmetric.
    pub plain: bool,
}

impl World {
    pub fn draw(dice: &mut Dice) -> Self {
        let conduct = dice.chance(0.15);
        let regions: Vec<String> = (0..1 + dice.below(5)).map(|r| format!("R{r}")).collect();
        let chain = if conduct { 1 } else { 1 + dice.below(3) };
        let commodities: Vec<String> = (0..chain).map(|k| format!("C{k}")).collect();
        let ties = dice.chance(0.25);
        let plain = dice.chance(0.35);
        let sizes: Vec<Size> = commodities
            .iter()
            .map(|_| {
                let price = if dice.chance(0.3) {
                    dice.wide(1e-3, 1e3)
                } else {
                    10.0
                };
                Size {
                    price,
                    quantity: 100.0 / price,
                    ties,
                    bounded: !plain,
                }
            })
            .collect();
        let mut builder = Market::builder("drawn", "USD");
        for region in &regions {
            builder = builder.region(region);
        }
        for commodity in &commodities {
            builder = builder.commodity(commodity);
        }
        let free_transport = dice.chance(0.2);
        let mut mines = Vec::new();
        let mut lanes = Vec::new();
        let mut firms = Vec::new();
        for (r, region) in regions.iter().enumerate() {
            let empty = r > 0 && !conduct && dice.chance(0.15);
            for (k, commodity) in commodities.iter().enumerate() {
                let size = sizes[k];
                let final_good = k + 1 == commodities.len();
                if conduct {
                    builder = builder.demand(region, commodity, size.smooth_demand(dice));
                } else if !empty && dice.chance(if final_good { 0.8 } else { 0.3 }) {
                    builder = builder.demand(region, commodity, size.demand(dice));
                }
                let most = if empty {
                    0
                } else {
                    dice.below(if k == 0 { 4 } else { 2 })
                };
                for m in 0..most {
                    let name = format!("mine {m} of {commodity} in {region}");
                    let supply = size.supply(dice);
                    let mut basket = vec![(k, 1.0)];
                    let mut activity =
                        Activity::producing(&name, region, commodity, supply.clone());
                    if commodities.len() > 1 && dice.chance(0.25) {
                        let other = (k + 1 + dice.below(commodities.len() - 1)) % commodities.len();
                        let per_unit = sizes[other].quantity(dice, 0.1, 2.0) / size.quantity;
                        activity = activity.with_output(&commodities[other], per_unit);
                        basket.push((other, per_unit));
                    }
                    if conduct && dice.chance(0.7) {
                        let firm = format!("firm {}", dice.below(3));
                        activity = activity.owned_by(&firm);
                        firms.push(firm);
                    }
                    builder = builder.activity(activity);
                    mines.push(Mine {
                        name,
                        commodity: k,
                        region: region.clone(),
                        supply,
                        basket,
                    });
                }
                if k > 0 && !empty && dice.chance(0.6) {
                    let name = format!("plant of {commodity} in {region}");
                    let cost = if plain && dice.chance(0.4) {
                        Supply::perfectly_elastic(size.price(dice, 0.0, 0.3)).unwrap()
                    } else {
                        size.supply(dice)
                    };
                    let input = sizes[k - 1].quantity(dice, 0.3, 1.5) / size.quantity;
                    builder = builder.activity(
                        Activity::producing(&name, region, commodity, cost.clone())
                            .with_input(&commodities[k - 1], input),
                    );
                    mines.push(Mine {
                        name,
                        commodity: k,
                        region: region.clone(),
                        supply: cost,
                        basket: vec![(k, 1.0), (k - 1, -input)],
                    });
                }
            }
            for to in (0..regions.len()).filter(|&to| to != r) {
                for (k, commodity) in commodities.iter().enumerate() {
                    if !dice.chance(0.6) {
                        continue;
                    }
                    let cost = if free_transport || dice.chance(0.2) {
                        0.0
                    } else {
                        sizes[k].price(dice, 0.02, 0.3)
                    };
                    let mut route = Route::new(region, &regions[to], commodity, cost);
                    let mut lane = Lane {
                        from: region.clone(),
                        to: regions[to].clone(),
                        commodity: k,
                        cost,
                        arriving: 1.0,
                        capacity: f64::INFINITY,
                    };
                    if dice.chance(0.2) {
                        let share = *dice.pick(&[0.0, 1e-6, 0.1, 0.5, 1.0]);
                        lane.capacity = share * sizes[k].quantity;
                        route = route.with_capacity(lane.capacity);
                    }
                    if dice.chance(0.1) {
                        lane.arriving = dice.between(0.7, 1.0);
                        route = route.arriving(lane.arriving);
                    }
                    if dice.chance(0.1) {
                        let margin = sizes[k].price(dice, 0.0, 0.1);
                        lane.cost += margin;
                        route = route.with_margin(margin);
                    }
                    builder = builder.add_route(route);
                    lanes.push(lane);
                }
            }
        }
        firms.sort();
        firms.dedup();
        for firm in &firms {
            let variation = if dice.chance(0.7) {
                1.0
            } else {
                dice.between(0.0, 1.0)
            };
            builder = builder.conduct(firm, variation);
        }
        if mines.is_empty() {
            let name = "last mine".to_owned();
            let supply = sizes[0].supply(dice);
            builder = builder.activity(Activity::producing(
                &name,
                &regions[0],
                &commodities[0],
                supply.clone(),
            ));
            mines.push(Mine {
                name,
                commodity: 0,
                region: regions[0].clone(),
                supply,
                basket: vec![(0, 1.0)],
            });
        }
        let market = builder.build().unwrap();
        Self {
            market,
            regions,
            commodities,
            sizes,
            mines,
            lanes,
            conduct,
            plain,
        }
    }
}
