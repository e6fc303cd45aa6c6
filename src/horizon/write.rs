//! What a horizon adds to the draft of each period, and how the periods hang together.
//!
//! Everything is written per year of its period, so that one weight for all rows of a period (its discount factor times
//! its length) makes the couplings between periods mirror images where investors ask for the discount rate.

use super::calendar::end;
use super::expansion::{EndValue, Expansion};
use super::store::{Reserve, Store};
use crate::assembly::{
    Assembly, Dimension, Draft, DraftError, Expr, Limit, Param, Period, Role, Rule, Unknown,
};
use crate::equilibrium::{At, Link};

/// (1 + rate)^-years.
pub(super) fn factor(rate: f64, years: f64) -> f64 {
    (1.0 + rate).powf(-years)
}

/// The unknowns of an expansion in one period.
#[derive(Clone, Copy, Debug)]
pub(super) struct Built {
    pub(super) capacity: Unknown,
    pub(super) rent: Unknown,
    pub(super) value: Unknown,
    pub(super) decided: Option<Unknown>,
}

/// When a decision of one period takes effect, in periods of a window; and what it costs per unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effect {
    pub(super) on_line: usize,
    /// The period in which it retires; none when that is after the window.
    pub(super) retired: Option<usize>,
    /// Value at the end of the deciding period, money per unit of capacity.
    pub(super) cost: f64,
}

impl Expansion {
    /// Writes capacity, its rent and value, and the decision where it can take effect.
    pub(super) fn write(
        &self,
        assembly: &mut Assembly,
        period: Period,
        arriving: f64,
        effect: Option<Effect>,
        last: bool,
    ) -> Result<Built, DraftError> {
        let mut draft = Draft::of_market(assembly, period);
        let name = self.activity();
        let activities = draft.activities(name)?;
        let (Some(&activity), per_year) = (activities.first(), 1.0 / period.years) else {
            return Err(DraftError::Unfit {
                place: format!("expansion of `{name}`"),
                target: format!("`{name}`"),
                rule: "is not there",
            });
        };
        let installed = draft.lift_capacity(activity)?;
        let node = draft.outputs(activity).first().copied();
        let gauge = |dimension: Dimension| node.map_or(dimension.overall(), |n| dimension.at(n));
        let (price, quantity) = (gauge(Dimension::Price), gauge(Dimension::Quantity));
        let path = format!("capacity/{name}");
        let rent = draft.unknown(&format!("{path}/rent"), price, 0.0, Limit::none(), 0.0);
        let capacity = draft.unknown(&path, quantity, Limit::below(), Limit::none(), installed);
        let value = draft.unknown(
            &format!("{path}/value"),
            price,
            Limit::below(),
            Limit::none(),
            0.0,
        );
        draft.wedge(activity, rent);
        let idle = Expr::from(capacity) - draft.level(activity);
        draft.condition(rent, quantity, idle);
        let mut worth = Expr::from(value) * per_year - rent;
        if let (EndValue::PerUnit(left), true) = (self.end(), last) {
            worth = worth - left * per_year;
        }
        draft.condition(capacity, price, worth);
        let arriving = draft.param(&format!("{path}/arriving"), arriving, Rule::Finite)?;
        draft.condition(
            value,
            quantity,
            (Expr::from(arriving) - capacity) * per_year,
        );
        let decided = match effect {
            None => None,
            Some(effect) => {
                let path = format!("{path}/decided");
                let most = match self.most_per_year() {
                    None => Limit::none(),
                    Some(most) => Limit::from(most * period.years),
                };
                let decided = draft.unknown(&path, quantity, 0.0, most, 0.0);
                let cost = draft.param(&format!("{path}/cost"), effect.cost, Rule::NonNegative)?;
                let mut margin = Expr::from(cost);
                if self.rise() > 0.0 {
                    let rise = draft.param(&format!("{path}/rise"), self.rise(), Rule::Positive)?;
                    margin = margin + Expr::from(decided) * rise * per_year;
                }
                draft.condition(decided, price, margin * per_year);
                Some(decided)
            }
        };
        Ok(Built {
            capacity,
            rent,
            value,
            decided,
        })
    }

    /// Links capacity from period to period, and decisions to what they lead to.
    pub(super) fn link(
        &self,
        periods: &[Period],
        hurdle: f64,
        built: &[Built],
        effects: &[Option<Effect>],
        links: &mut Vec<Link>,
    ) {
        let at = |part: usize, unknown: Unknown| At { part, unknown };
        let last = periods.len().saturating_sub(1);
        for (p, here) in built.iter().enumerate() {
            let per_year = 1.0 / periods[p].years;
            if let Some(next) = built.get(p + 1) {
                let years = periods[p + 1].years;
                let kept = self.kept(years);
                links.push(Link {
                    row: at(p, here.capacity),
                    column: at(p + 1, next.value),
                    coefficient: -factor(hurdle, years) * kept * per_year,
                });
                links.push(Link {
                    row: at(p + 1, next.value),
                    column: at(p, here.capacity),
                    coefficient: kept / years,
                });
            } else if self.end() == EndValue::SteadyState {
                let years = periods[p].years;
                links.push(Link {
                    row: at(p, here.capacity),
                    column: at(p, here.value),
                    coefficient: -factor(hurdle, years) * self.kept(years) * per_year,
                });
            }
            let (Some(decided), Some(effect)) = (here.decided, effects[p]) else {
                continue;
            };
            let now = end(&periods[p]);
            let on = effect.on_line;
            let mut comes = |q: usize, share: f64| {
                let ahead = end(&periods[q]) - now;
                links.push(Link {
                    row: at(p, decided),
                    column: at(q, built[q].value),
                    coefficient: -share * factor(hurdle, ahead) * per_year,
                });
                links.push(Link {
                    row: at(q, built[q].value),
                    column: at(p, decided),
                    coefficient: share / periods[q].years,
                });
            };
            comes(on, 1.0);
            let age = |date: f64| self.kept(date - end(&periods[on]));
            match (effect.retired, self.life()) {
                (Some(off), _) => comes(off, -age(end(&periods[off]))),
                (None, Some(life)) if self.end() == EndValue::SteadyState => {
                    // retired beyond the end, where rents are what they were in the last period
                    let date = periods[on].start + life + periods[last].years;
                    links.push(Link {
                        row: at(p, decided),
                        column: at(last, built[last].value),
                        coefficient: age(date) * factor(hurdle, date - now) * per_year,
                    });
                }
                (None, _) => {}
            }
        }
    }
}

/// The unknowns of a store in one period.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub(super) stock: Option<Unknown>,
    pub(super) opening: Param,
    pub(super) price: Unknown,
}

impl Store {
    /// Writes what is put in and taken out. `opening` is zero where a link brings it.
    pub(super) fn write(
        &self,
        assembly: &mut Assembly,
        period: Period,
        opening: f64,
        next: Option<Period>,
    ) -> Result<Held, DraftError> {
        let name = self.name();
        let trader = assembly.party(Role::Trader, &name, Some(self.region()));
        let mut draft = Draft::of_measure(assembly, &name, None, period);
        let node = draft.node(self.region(), self.commodity())?;
        let per_year = 1.0 / period.years;
        let opening = draft.param("opening", opening, Rule::NonNegative)?;
        let mut bought = -Expr::from(opening) * per_year;
        let price = draft.price_unknown(node);
        // what is gained by waiting, apart from the next period's price
        let held_for = match (next, self.worth()) {
            (Some(next), _) => Some(self.cost() * next.years),
            (None, Some(worth)) => Some(-worth),
            (None, None) => None,
        };
        let stock = match held_for {
            None => None,
            Some(extra) => {
                let capacity = match self.size() {
                    None => Limit::none(),
                    Some(size) => draft.param("capacity", size, Rule::NonNegative)?.into(),
                };
                let quantity = Dimension::Quantity.at(node);
                let stock = draft.unknown("stock", quantity, 0.0, capacity, 0.0);
                let condition = Expr::from(price) * per_year + extra * per_year;
                draft.condition(stock, Dimension::Price.at(node), condition);
                bought = bought + Expr::from(stock) * per_year;
                Some(stock)
            }
        };
        draft.withdraw(node, trader, bought);
        Ok(Held {
            stock,
            opening,
            price,
        })
    }

    /// Links each period's stock to the next one's opening.
    pub(super) fn link(
        &self,
        periods: &[Period],
        discount: f64,
        held: &[Held],
        links: &mut Vec<Link>,
    ) {
        for (p, pair) in held.windows(2).enumerate() {
            let [here, next] = pair else { continue };
            let Some(stock) = here.stock else { continue };
            let years = periods[p + 1].years;
            let kept = self.kept(years);
            let stock = At {
                part: p,
                unknown: stock,
            };
            let price = At {
                part: p + 1,
                unknown: next.price,
            };
            links.push(Link {
                row: stock,
                column: price,
                coefficient: -factor(discount, years) * kept / periods[p].years,
            });
            links.push(Link {
                row: price,
                column: stock,
                coefficient: kept / years,
            });
        }
    }
}

/// The unknowns of a reserve in one period.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mined {
    pub(super) left: Unknown,
    pub(super) rent: Unknown,
    pub(super) opening: Param,
}

impl Reserve {
    /// Writes what is left, and the rent of a unit.
    pub(super) fn write(
        &self,
        assembly: &mut Assembly,
        period: Period,
        opening: f64,
        last: bool,
    ) -> Result<Mined, DraftError> {
        let mut draft = Draft::of_market(assembly, period);
        let activities = draft.activities(self.covering())?;
        let first = activities.first().map(|&a| draft.outputs(a));
        let node = first.and_then(|nodes| nodes.first().copied());
        let gauge = |dimension: Dimension| node.map_or(dimension.overall(), |n| dimension.at(n));
        let (price, quantity) = (gauge(Dimension::Price), gauge(Dimension::Quantity));
        let (path, per_year) = (format!("reserve/{}", self.covering()), 1.0 / period.years);
        let opening = draft.param(&format!("{path}/opening"), opening, Rule::NonNegative)?;
        let left = draft.unknown(&path, quantity, 0.0, Limit::none(), self.amount());
        let rent = draft.unknown(
            &format!("{path}/rent"),
            price,
            Limit::below(),
            Limit::none(),
            0.0,
        );
        let mut taken = Expr::zero();
        for activity in activities {
            draft.wedge(activity, rent);
            taken = taken + draft.level(activity);
        }
        draft.condition(
            rent,
            quantity,
            (Expr::from(opening) - left) * per_year - taken,
        );
        let mut worth = Expr::from(rent) * per_year;
        if last && self.worth() > 0.0 {
            worth = worth - self.worth() * per_year;
        }
        draft.condition(left, price, worth);
        Ok(Mined {
            left,
            rent,
            opening,
        })
    }

    /// Links what is left from period to period.
    pub(super) fn link(
        &self,
        periods: &[Period],
        discount: f64,
        mined: &[Mined],
        links: &mut Vec<Link>,
    ) {
        for (p, pair) in mined.windows(2).enumerate() {
            let [here, next] = pair else { continue };
            let years = periods[p + 1].years;
            let left = At {
                part: p,
                unknown: here.left,
            };
            let rent = At {
                part: p + 1,
                unknown: next.rent,
            };
            links.push(Link {
                row: left,
                column: rent,
                coefficient: -factor(discount, years) / periods[p].years,
            });
            links.push(Link {
                row: rent,
                column: left,
                coefficient: 1.0 / years,
            });
        }
    }
}
