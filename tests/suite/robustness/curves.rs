//! Random demand and supply curves of every kind.

use super::dice::Dice;
use pricefloor::curve::{Line, Observed, Step};
use pricefloor::{Demand, Supply};

/// Typical price and quantity of a commodity.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub price: f64,
    pub quantity: f64,
    /// Whether numbers come from a coarse grid, so that many are equal.
    pub ties: bool,
    /// Whether constant costs have a capacity, without which many measures have no bounded answer.
    pub bounded: bool,
}

impl Size {
    pub fn number(&self, dice: &mut Dice, low: f64, high: f64) -> f64 {
        if self.ties {
            low + (high - low) * dice.below(4) as f64 / 3.0
        } else {
            dice.between(low, high)
        }
    }

    pub fn price(&self, dice: &mut Dice, low: f64, high: f64) -> f64 {
        self.price * self.number(dice, low, high)
    }

    pub fn quantity(&self, dice: &mut Dice, low: f64, high: f64) -> f64 {
        self.quantity * self.number(dice, low, high)
    }

    fn observed(&self, dice: &mut Dice) -> Observed {
        Observed {
            price: self.price(dice, 0.5, 2.0),
            quantity: self.quantity(dice, 0.3, 2.0),
        }
    }

    fn steps(&self, dice: &mut Dice, low: f64, high: f64) -> Vec<Step> {
        let count = 1 + dice.below(4);
        (0..count)
            .map(|_| Step {
                price: self.price(dice, low, high),
                quantity: self.quantity(dice, 0.1, 1.0),
                name: None,
            })
            .collect()
    }

    /// A demand with one smooth piece, whose slope a firm can reckon with; elastic enough for a monopoly.
    pub fn smooth_demand(&self, dice: &mut Dice) -> Demand {
        let observed = self.observed(dice);
        match dice.below(4) {
            0 => Demand::linear(Line {
                intercept: self.price(dice, 1.2, 4.0),
                slope: -self.price / self.quantity * self.number(dice, 0.2, 2.0),
            }),
            1 => Demand::linear_through(observed, -self.number(dice, 0.1, 3.0)),
            2 => Demand::constant_elasticity(observed, -self.number(dice, 1.1, 3.0)),
            _ => Demand::exponential(observed, -self.number(dice, 0.2, 3.0)),
        }
        .unwrap()
    }

    pub fn demand(&self, dice: &mut Dice) -> Demand {
        let simple = self.simple_demand(dice);
        match dice.below(14) {
            0 => simple + self.simple_demand(dice),
            1 => simple.shifted(self.quantity(dice, 0.05, 0.3)).unwrap(),
            2 => {
                let kept = simple.clone();
                simple
                    .shifted(-self.quantity(dice, 0.02, 0.2))
                    .unwrap_or(kept)
            }
            3 => simple.with_choke(self.price(dice, 0.5, 5.0)).unwrap(),
            4 => simple.with_capacity(self.quantity(dice, 0.1, 2.0)).unwrap(),
            5 => simple.scaled(dice.wide(1e-3, 1e3)).unwrap(),
            _ => simple,
        }
    }

    fn simple_demand(&self, dice: &mut Dice) -> Demand {
        match dice.below(12) {
            0 | 1 => Demand::constant_elasticity(self.observed(dice), -self.number(dice, 0.2, 3.0)),
            2 => Demand::exponential(self.observed(dice), -self.number(dice, 0.2, 3.0)),
            3 | 4 => Demand::steps(self.steps(dice, 0.3, 3.0)),
            5 => {
                let top = self.price(dice, 1.0, 3.0);
                let most = self.quantity(dice, 0.5, 2.0);
                let point = |price: f64, quantity: f64| Observed { price, quantity };
                Demand::tabulated(vec![
                    point(top, 0.1 * most),
                    point(0.6 * top, 0.5 * most),
                    point(0.2 * top, if dice.chance(0.3) { 0.5 * most } else { most }),
                ])
            }
            6 if dice.chance(0.4) => Demand::fixed(self.quantity(dice, 0.05, 0.4)),
            7 if dice.chance(0.5) => Demand::perfectly_elastic(self.price(dice, 0.5, 2.0))
                .and_then(|d| d.with_capacity(self.quantity(dice, 0.2, 2.0))),
            8 => Demand::linear_through(self.observed(dice), -self.number(dice, 0.1, 3.0)),
            _ => Demand::linear(Line {
                intercept: self.price(dice, 1.2, 4.0),
                slope: -self.price / self.quantity * self.number(dice, 0.2, 2.0),
            }),
        }
        .unwrap()
    }

    pub fn supply(&self, dice: &mut Dice) -> Supply {
        let simple = self.simple_supply(dice);
        let whole = match dice.below(12) {
            0 => simple + self.simple_supply(dice),
            1 => simple.shifted(self.quantity(dice, 0.05, 0.3)).unwrap(),
            2 => {
                let kept = simple.clone();
                simple
                    .shifted(-self.quantity(dice, 0.02, 0.2))
                    .unwrap_or(kept)
            }
            3 => simple.scaled(dice.wide(1e-3, 1e3)).unwrap(),
            _ => simple,
        };
        if dice.chance(0.08) {
            whole.with_capacity(1e-6 * self.quantity).unwrap()
        } else if dice.chance(0.35) {
            whole.with_capacity(self.quantity(dice, 0.3, 2.0)).unwrap()
        } else {
            whole
        }
    }

    fn simple_supply(&self, dice: &mut Dice) -> Supply {
        match dice.below(12) {
            0 | 1 => Supply::constant_elasticity(self.observed(dice), self.number(dice, 0.2, 3.0)),
            2 => Supply::exponential(self.observed(dice), self.number(dice, 0.2, 3.0)),
            3 | 4 => Supply::steps(self.steps(dice, 0.1, 1.5)),
            5 => {
                let top = self.price(dice, 0.8, 3.0);
                let most = self.quantity(dice, 0.5, 2.0);
                let point = |price: f64, quantity: f64| Observed { price, quantity };
                Supply::tabulated(vec![
                    point(0.1 * top, 0.0),
                    point(0.5 * top, 0.4 * most),
                    point(if dice.chance(0.3) { 0.5 * top } else { top }, most),
                ])
            }
            6 => Supply::fixed(self.quantity(dice, 0.1, 1.0)),
            7 => Supply::perfectly_elastic(self.price(dice, 0.2, 1.0)).and_then(|supply| {
                if self.bounded {
                    supply.with_capacity(self.quantity(dice, 1.0, 20.0))
                } else {
                    Ok(supply)
                }
            }),
            8 => Supply::linear_through(self.observed(dice), self.number(dice, 0.1, 3.0)),
            _ => Supply::linear(Line {
                intercept: self.price(dice, -0.5, 0.8),
                slope: self.price / self.quantity * self.number(dice, 0.1, 2.0),
            }),
        }
        .unwrap()
    }
}
