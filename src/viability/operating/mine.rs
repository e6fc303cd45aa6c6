use super::Operation;
use crate::finance::{Rule, require};
use crate::viability::ViabilityError;
use serde::{Deserialize, Serialize};

/// Terms of a [`Mine`]. Money and prices on one basis, real or nominal, as the price process and the discount rate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MineTerms {
    /// Output while open, units a year.
    pub output: f64,
    /// Units in the ground; none where they last for ever.
    pub reserve: Option<f64>,
    /// Years from one decision date to the next: the grid of dates must keep this step.
    pub step: f64,
    /// Cost of a unit, currency per unit.
    pub unit_cost: f64,
    /// Cost of keeping a closed mine, money a year.
    pub upkeep: f64,
    /// Cost of opening a closed mine, money.
    pub opening: f64,
    /// Cost of closing an open one, money.
    pub closing: f64,
    /// Cost of leaving for good, money; negative where something is got for the plant.
    pub leaving: f64,
    /// Royalty, as a share of revenue.
    pub royalty: f64,
    /// Income tax on what an open mine earns in a step, as a share; a loss is neither refunded nor carried forward.
    pub income_tax: f64,
    /// Strike of a contract floor on all output, currency per unit: the sponsor pays what the price lacks.
    pub floor: Option<f64>,
}

/// A mine that can be closed, opened again and abandoned (Brennan and Schwartz 1985).
///
/// While open it earns q (max(P, floor) (1 - royalty) - cost) a year, less tax, and its reserve shrinks by q; closed it
/// costs its upkeep. A yearly tax on the mine's own value is part of the discount rate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "MineTerms", into = "MineTerms")]
pub struct Mine {
    terms: MineTerms,
    /// Steps that the reserve lasts; none where for ever.
    lots: Option<usize>,
    /// Moves of an open and of a closed state, by state.
    moves: Vec<Vec<usize>>,
}

impl Mine {
    /// A mine with these terms.
    ///
    /// # Errors
    /// [`ViabilityError::Finance`] for a number out of range or a reserve that is not a whole number of steps of output.
    pub fn new(terms: MineTerms) -> Result<Self, ViabilityError> {
        for (thing, value, rule) in [
            ("output of the mine", terms.output, Rule::Positive),
            ("step between decisions", terms.step, Rule::Positive),
            ("unit cost", terms.unit_cost, Rule::NotNegative),
            ("upkeep of a closed mine", terms.upkeep, Rule::NotNegative),
            ("cost of opening", terms.opening, Rule::NotNegative),
            ("cost of closing", terms.closing, Rule::NotNegative),
            ("cost of leaving", terms.leaving, Rule::Finite),
            ("royalty", terms.royalty, Rule::Share),
            ("income tax", terms.income_tax, Rule::Share),
            (
                "strike of the floor",
                terms.floor.unwrap_or(0.0),
                Rule::NotNegative,
            ),
        ] {
            require(thing, value, rule)?;
        }
        let lots = match terms.reserve {
            None => None,
            Some(reserve) => {
                let thing = "reserve in steps of output";
                let lots = reserve / (terms.output * terms.step);
                require(thing, lots, Rule::AtLeast(1.0))?;
                require(thing, lots, Rule::AtMost(MOST_LOTS))?;
                let whole = lots.round();
                // Steps such as a twelfth of a year are not exact in binary.
                let lots = if (lots - whole).abs() <= 1e-9 * whole {
                    whole
                } else {
                    lots
                };
                require(thing, lots, Rule::Whole)?;
                Some(lots as usize)
            }
        };
        let levels = lots.unwrap_or(1);
        let mut moves = vec![vec![]];
        moves.extend((0..levels).map(|k| vec![1 + levels + k, 0]));
        moves.extend((0..levels).map(|k| vec![1 + k, 0]));
        Ok(Self { terms, lots, moves })
    }

    /// The terms.
    pub fn terms(&self) -> MineTerms {
        self.terms
    }

    /// The state of a mine that was left for good.
    pub fn abandoned(&self) -> usize {
        0
    }

    /// The state of a closed mine with its whole reserve.
    pub fn closed(&self) -> usize {
        self.levels()
    }

    /// The state of an open mine with its whole reserve.
    pub fn open(&self) -> usize {
        2 * self.levels()
    }

    fn levels(&self) -> usize {
        self.lots.unwrap_or(1)
    }
}

/// Steps beyond which a reserve is taken for a mistake.
const MOST_LOTS: f64 = 10_000.0;

/// States: abandoned; closed with one step's output left, two, ...; open likewise.
impl Operation for Mine {
    fn states(&self) -> usize {
        1 + 2 * self.levels()
    }

    fn moves(&self, state: usize) -> &[usize] {
        self.moves.get(state).map_or(&[], Vec::as_slice)
    }

    fn cost(&self, from: usize, to: usize, _price: f64) -> f64 {
        if to == 0 {
            self.terms.leaving
        } else if from > self.levels() {
            self.terms.closing
        } else {
            self.terms.opening
        }
    }

    fn flow(&self, state: usize, price: f64, years: f64) -> f64 {
        let terms = &self.terms;
        if state == 0 {
            return 0.0;
        }
        if state <= self.levels() {
            return -terms.upkeep * years;
        }
        let revenue = price.max(terms.floor.unwrap_or(0.0)) * (1.0 - terms.royalty);
        let earned = terms.output * (revenue - terms.unit_cost) * years;
        earned - terms.income_tax * earned.max(0.0)
    }

    fn next(&self, state: usize) -> usize {
        let levels = self.levels();
        match self.lots {
            Some(_) if state == levels + 1 => 0,
            Some(_) if state > levels => state - 1,
            _ => state,
        }
    }
}

impl TryFrom<MineTerms> for Mine {
    type Error = ViabilityError;

    fn try_from(terms: MineTerms) -> Result<Self, ViabilityError> {
        Self::new(terms)
    }
}

impl From<Mine> for MineTerms {
    fn from(mine: Mine) -> Self {
        mine.terms
    }
}
