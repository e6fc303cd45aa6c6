use super::super::StorageError;
use super::clear::{Block, Stance, clear};
use super::outcome::{CommodityPeriod, CommodityRun, StockpileRun};
use super::outlook::{Action, Outlook};
use super::terms::{Stockpile, StockpiledCommodity};

/// What is in store and what it has cost.
#[derive(Debug, Clone, Copy)]
struct Holding {
    stock: f64,
    book_value: f64,
}

impl Stockpile {
    /// Runs the stockpile through the outlook.
    ///
    /// # Errors
    /// [`StorageError`] for an outlook that does not fit, for an order to release more than is in store or to buy more
    /// than there is money for, and for a market that no price clears.
    pub fn run(&self, outlook: &Outlook) -> Result<StockpileRun, StorageError> {
        let terms = self.terms();
        outlook.check(terms)?;
        let funds = terms.funds;
        let mut money = funds.capital + funds.loan;
        let mut holdings = Vec::new();
        let mut run = StockpileRun {
            commodities: Vec::new(),
            interest: Vec::new(),
            money: Vec::new(),
        };
        let idle = Stance {
            blocks: Vec::new(),
            buy_below: 0.0,
            room: 0.0,
            money: 0.0,
            ordered: 0.0,
        };
        let mut wanted = Vec::new();
        for (index, commodity) in terms.commodities.iter().enumerate() {
            let base = clear(commodity, 1.0, &idle)?;
            run.commodities
                .push(CommodityRun::new(terms, index, base.price));
            wanted.push(base.served);
            holdings.push(Holding {
                stock: commodity.opening,
                book_value: commodity.opening * commodity.opening_price,
            });
        }
        for period in 0..outlook.periods {
            let lots = terms.commodities.iter().zip(&mut run.commodities);
            for ((commodity, outcome), (holding, wanted)) in
                lots.zip(holdings.iter_mut().zip(&wanted))
            {
                outcome.periods.push(step(
                    commodity, outlook, period, holding, wanted, &mut money,
                )?);
            }
            let drawn = (funds.loan - money).clamp(0.0, funds.loan);
            run.interest
                .push(drawn * ((1.0 + funds.interest).powf(outlook.years) - 1.0));
            run.money.push(money);
        }
        Ok(run)
    }
}

/// One commodity through one period.
fn step(
    commodity: &StockpiledCommodity,
    outlook: &Outlook,
    period: usize,
    holding: &mut Holding,
    wanted: &[f64],
    money: &mut f64,
) -> Result<CommodityPeriod, StorageError> {
    let (years, rules) = (outlook.years, commodity.rules);
    let left = outlook.left(&commodity.name, period);
    let emergency = left < 1.0;
    let (mut order_buy, mut order_release, mut ordered) = (0.0, 0.0, false);
    for order in &outlook.orders {
        if order.period == period && order.commodity == commodity.name {
            ordered = true;
            match order.action {
                Action::Buy(quantity) => order_buy += quantity,
                Action::Release(quantity) => order_release += quantity,
            }
        }
    }
    if order_release > holding.stock {
        return Err(StorageError::ReleaseBeyondStock {
            name: commodity.name.clone(),
            period,
            release: order_release,
            stock: holding.stock,
        });
    }
    // What members may take is theirs first; the sponsor sells from the rest.
    let mut blocks: Vec<Block> = commodity
        .members
        .iter()
        .map(|member| Block {
            above: member.price,
            quantity: member.share * (holding.stock - order_release) / years,
        })
        .collect();
    let reserved: f64 = blocks.iter().map(|block| block.quantity).sum();
    let sells = rules
        .sell_above
        .filter(|_| !ordered && (emergency || !rules.emergency_only));
    blocks.push(Block {
        above: sells.unwrap_or(f64::INFINITY),
        quantity: ((holding.stock - order_release) / years - reserved).max(0.0),
    });
    blocks.push(Block {
        above: 0.0,
        quantity: order_release / years,
    });
    let target = commodity.target();
    let room = (target - holding.stock)
        .min(rules.pace * target * years)
        .max(0.0);
    // Nobody fills a stockpile out of a market that is short.
    let buys = rules.buy_below.filter(|_| !ordered && !emergency);
    let stance = Stance {
        blocks,
        buy_below: buys.unwrap_or(0.0),
        room: if buys.is_some() { room / years } else { 0.0 },
        money: money.max(0.0) / years,
        ordered: order_buy / years,
    };
    let cleared = clear(commodity, left, &stance)?;
    let (bought, price) = (cleared.bought * years, cleared.price);
    let paid = bought * price;
    if order_buy > 0.0 && paid > *money * (1.0 + 1e-12) {
        return Err(StorageError::Budget {
            name: commodity.name.clone(),
            cost: paid,
            budget: *money,
        });
    }
    let members = commodity.members.len();
    let taken: Vec<f64> = cleared.released[..members]
        .iter()
        .map(|rate| rate * years)
        .collect();
    let sold = cleared.released[members..].iter().sum::<f64>() * years;
    let from_members: f64 = taken
        .iter()
        .zip(&commodity.members)
        .map(|(quantity, member)| quantity * member.price)
        .sum();
    let received = sold * price + from_members;
    let out = sold + taken.iter().sum::<f64>();
    let cost = if holding.stock > 0.0 {
        holding.book_value * (out / holding.stock).min(1.0)
    } else {
        0.0
    };
    *money += received - paid;
    let kept = (holding.stock - out).max(0.0);
    // What is turned over is fresh; the rest deteriorates over the length of the period.
    let share = (rules.rotation * years).min(1.0);
    let lost = kept * (1.0 - share) * (1.0 - (1.0 - commodity.deterioration).powf(years));
    let turned = kept * share * price * rules.rotation_cost;
    holding.stock = kept - lost + bought;
    holding.book_value += paid - cost;
    let unmet = wanted
        .iter()
        .zip(&cleared.served)
        .map(|(wanted, served)| (wanted - served).max(0.0) * years)
        .collect();
    Ok(CommodityPeriod {
        price,
        served: cleared.served.iter().map(|rate| rate * years).collect(),
        unmet,
        bought,
        paid,
        sold,
        taken,
        received,
        gain: received - cost,
        lost,
        stock: holding.stock,
        book_value: holding.book_value,
        upkeep: holding.stock * commodity.holding_cost * years + turned,
        emergency,
    })
}
