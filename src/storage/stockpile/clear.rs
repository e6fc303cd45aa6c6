//! One market in one period: the price at which what is there meets what is wanted, the stockpile included.

use super::super::StorageError;
use super::terms::StockpiledCommodity;

/// A quantity that is released as soon as the price is above a threshold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    pub above: f64,
    pub quantity: f64,
}

/// What the stockpile offers and asks for in a period, in units a year.
#[derive(Debug, Clone)]
pub(super) struct Stance {
    /// Released above their prices.
    pub blocks: Vec<Block>,
    /// Bought below this price.
    pub buy_below: f64,
    /// Room for purchases.
    pub room: f64,
    /// Money for purchases, a year.
    pub money: f64,
    /// Bought whatever the price.
    pub ordered: f64,
}

/// A cleared market.
#[derive(Debug, Clone)]
pub(super) struct Cleared {
    pub price: f64,
    /// Served, by group of buyers.
    pub served: Vec<f64>,
    pub bought: f64,
    /// Released, block by block.
    pub released: Vec<f64>,
}

/// The least and greatest that a quantity can be at a price.
type Range = (f64, f64);

impl Stance {
    fn bought(&self, price: f64) -> Range {
        let most = self.room.min(self.money / price).max(0.0);
        if price < self.buy_below {
            (most, most)
        } else if price == self.buy_below {
            (0.0, most)
        } else {
            (0.0, 0.0)
        }
    }

    fn released(&self, price: f64) -> Range {
        self.blocks.iter().fold((0.0, 0.0), |(low, high), block| {
            (
                low + if price > block.above {
                    block.quantity
                } else {
                    0.0
                },
                high + if price >= block.above {
                    block.quantity
                } else {
                    0.0
                },
            )
        })
    }
}

struct Market<'a> {
    commodity: &'a StockpiledCommodity,
    left: f64,
    stance: &'a Stance,
}

impl Market<'_> {
    fn demand(&self, price: f64) -> Result<Range, StorageError> {
        let mut sum = (0.0, 0.0);
        for buyers in &self.commodity.buyers {
            let wanted = buyers.demand.quantity(price)?;
            sum = (sum.0 + wanted.low(), sum.1 + wanted.high());
        }
        Ok(sum)
    }

    fn supply(&self, price: f64) -> Result<Range, StorageError> {
        let mut sum = (0.0, 0.0);
        let sources = [
            (&self.commodity.supplies.safe, 1.0),
            (&self.commodity.supplies.exposed, self.left),
        ];
        for (source, share) in sources {
            if let Some(source) = source
                && share > 0.0
            {
                let offered = source.quantity(price)?;
                sum = (
                    sum.0 + share * offered.low(),
                    sum.1 + share * offered.high(),
                );
            }
        }
        Ok(sum)
    }

    /// Least and greatest of what is wanted beyond what is there.
    fn excess(&self, price: f64) -> Result<Range, StorageError> {
        let (demand, supply) = (self.demand(price)?, self.supply(price)?);
        let (bought, released) = (self.stance.bought(price), self.stance.released(price));
        let ordered = self.stance.ordered;
        Ok((
            demand.0 + bought.0 + ordered - supply.1 - released.1,
            demand.1 + bought.1 + ordered - supply.0 - released.0,
        ))
    }

    fn price(&self) -> Result<f64, StorageError> {
        let steps = self.stance.blocks.iter().map(|block| block.above);
        let chokes = self.commodity.buyers.iter();
        let chokes = chokes.filter_map(|buyers| buyers.demand.choke_price());
        let mut marks: Vec<f64> = steps
            .chain(chokes)
            .chain([self.stance.buy_below])
            .filter(|price| price.is_finite() && *price > 0.0)
            .collect();
        marks.sort_by(f64::total_cmp);
        // The price may stand at one of the prices at which something jumps.
        let (mut low, mut high) = (None, None);
        for &mark in &marks {
            let (least, most) = self.excess(mark)?;
            if least <= 0.0 && most >= 0.0 {
                return Ok(mark);
            }
            if least > 0.0 {
                low = Some(mark);
            } else if high.is_none() {
                high = Some(mark);
            }
        }
        let unpriced = || StorageError::Unpriced {
            name: self.commodity.name.clone(),
        };
        let mut top = high.unwrap_or_else(|| 2.0 * low.unwrap_or(1.0));
        for _ in 0..1000 {
            if self.excess(top)?.1 < 0.0 {
                break;
            }
            top *= 2.0;
        }
        let mut bottom = low.unwrap_or(0.5 * top);
        for _ in 0..1000 {
            if self.excess(bottom)?.0 > 0.0 {
                break;
            }
            bottom *= 0.5;
        }
        if !(self.excess(top)?.1 <= 0.0 && self.excess(bottom)?.0 >= 0.0) {
            return Err(unpriced());
        }
        for _ in 0..200 {
            let middle = 0.5 * (bottom + top);
            if middle <= bottom || middle >= top {
                break;
            }
            let (least, most) = self.excess(middle)?;
            if least > 0.0 {
                bottom = middle;
            } else if most < 0.0 {
                top = middle;
            } else {
                return Ok(middle);
            }
        }
        Ok(0.5 * (bottom + top))
    }
}

/// Clears the market of a commodity of whose exposed supply a share is left.
pub(super) fn clear(
    commodity: &StockpiledCommodity,
    left: f64,
    stance: &Stance,
) -> Result<Cleared, StorageError> {
    let market = Market {
        commodity,
        left,
        stance,
    };
    let price = market.price()?;
    let (demand, supply) = (market.demand(price)?, market.supply(price)?);
    let (can_buy, can_release) = (stance.bought(price), stance.released(price));
    // Where a choke price leaves demand open, all of it is served that can be.
    let supplied = supply
        .1
        .min((demand.1 + can_buy.1 + stance.ordered - can_release.0).max(supply.0));
    let short = demand.1 + stance.ordered - supplied;
    let released = (short + can_buy.0).clamp(can_release.0, can_release.1);
    let bought = (released - short).clamp(can_buy.0, can_buy.1);
    let mut there = supplied + released - bought - stance.ordered;
    let mut served = Vec::with_capacity(commodity.buyers.len());
    let mut open = Vec::with_capacity(commodity.buyers.len());
    for buyers in &commodity.buyers {
        let wanted = buyers.demand.quantity(price)?;
        served.push(wanted.low());
        open.push(wanted.high() - wanted.low());
        there -= wanted.low();
    }
    // At a choke price the first group is served first; without one nothing is open and the rest is rounding.
    for (served, open) in served.iter_mut().zip(open) {
        let more = open.min(there.max(0.0));
        *served += more;
        there -= more;
    }
    let mut rest = released;
    let mut blocks: Vec<usize> = (0..stance.blocks.len()).collect();
    blocks.sort_by(|&a, &b| stance.blocks[a].above.total_cmp(&stance.blocks[b].above));
    let mut by_block = vec![0.0; stance.blocks.len()];
    for block in blocks {
        by_block[block] = rest.min(stance.blocks[block].quantity);
        rest -= by_block[block];
    }
    Ok(Cleared {
        price,
        served,
        bought: bought + stance.ordered,
        released: by_block,
    })
}
