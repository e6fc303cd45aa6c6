//! Who has gained what over time.

use serde::{Deserialize, Serialize};

use super::calendar::{NEAR, end};
use super::error::HorizonError;
use super::path::Path;
use super::write::factor;
use crate::assembly::{Period, Role};

/// What one party gains, period by period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyAccount {
    party: String,
    role: Role,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    surplus: Vec<f64>,
}

impl PartyAccount {
    /// Name of the party.
    #[must_use]
    pub fn party(&self) -> &str {
        &self.party
    }

    /// The part it plays.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// The region it belongs to.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Surplus in each period, money: a year's surplus times the years, less what it pays for building and for holding
    /// stocks.
    #[must_use]
    pub fn surplus(&self) -> &[f64] {
        &self.surplus
    }
}

/// The accounts of a path: the surplus of every party in every period, and its present value at the start of the horizon,
/// flows falling at the end of their period.
///
/// The yearly accounts behind them are each checked against the welfare identity; what is paid for building is in no
/// yearly account and is charged here to the owner when its stage begins, the cost of holding stocks to the store.
/// Capacity and stocks that are left at the end are not valued.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    discount_rate: f64,
    money_unit: String,
    periods: Vec<Period>,
    parties: Vec<PartyAccount>,
    outlays: Vec<(String, Vec<f64>)>,
    building: Vec<(String, Vec<f64>)>,
}

impl Path {
    /// Draws up the accounts over time.
    #[must_use]
    pub fn accounts(&self) -> Accounts {
        let periods: Vec<Period> = self.periods().iter().map(|p| p.period()).collect();
        let count = periods.len();
        let market = self.horizon().market();
        let mut accounts = Accounts {
            discount_rate: self.horizon().discount_rate(),
            money_unit: market.money_unit().to_owned(),
            periods,
            parties: Vec::new(),
            outlays: Vec::new(),
            building: Vec::new(),
        };
        for (p, period) in self.periods().iter().enumerate() {
            let years = period.period().years;
            for account in period.ledger().accounts() {
                let party = accounts.party(account.party(), account.role(), account.region());
                party.surplus[p] += account.surplus() * years;
            }
            for stock in period.stores() {
                let party = accounts.party(stock.name(), Role::Trader, None);
                party.surplus[p] -= stock.holding_cost();
            }
        }
        for dated in self.horizon().measures() {
            let yearly = self.periods().iter();
            let outlay = yearly.map(|p| p.ledger().outlay(dated.name()) * p.period().years);
            accounts
                .outlays
                .push((dated.name().to_owned(), outlay.collect()));
        }
        for expansion in self.horizon().expansions() {
            let name = expansion.activity().to_owned();
            accounts.building.push((name, vec![0.0; count]));
        }
        for (e, date, amount) in self.payments() {
            let expansion = &self.horizon().expansions()[e];
            let Some(p) = accounts.period_of(date) else {
                continue;
            };
            accounts.building[e].1[p] += amount;
            let activities = market.activities().iter();
            if let Some(activity) = activities
                .clone()
                .find(|a| a.name() == expansion.activity())
            {
                let region = Some(activity.region());
                accounts
                    .party(activity.owner(), Role::Producer, region)
                    .surplus[p] -= amount;
            }
        }
        accounts
    }

    /// What is paid for building: expansion, date, money.
    fn payments(&self) -> Vec<(usize, f64, f64)> {
        let mut payments = Vec::new();
        for made in self.decisions() {
            let expansion = &self.horizon().expansions()[made.expansion];
            let (stages, name) = (expansion.stages(), expansion.activity());
            let reviews = self.horizon().reviews();
            let course = stages.course(name, reviews, made.date, f64::INFINITY);
            let built = made.amount * stages.turnout(name, reviews, made.date, f64::INFINITY);
            for (date, cost) in course.payments {
                payments.push((made.expansion, date, cost * built));
            }
            let periods = self.horizon().periods().iter();
            let years = periods
                .clone()
                .find(|p| p.start >= made.date - NEAR)
                .map_or(1.0, |p| p.years);
            let rise = 0.5 * expansion.rise() * made.amount * made.amount / years;
            payments.push((made.expansion, made.date, rise));
        }
        payments
    }
}

impl Accounts {
    fn party(&mut self, name: &str, role: Role, region: Option<&str>) -> &mut PartyAccount {
        let found = self
            .parties
            .iter()
            .position(|a| a.party == name && a.role == role);
        let at = found.unwrap_or_else(|| {
            self.parties.push(PartyAccount {
                party: name.to_owned(),
                role,
                region: region.map(str::to_owned),
                surplus: vec![0.0; self.periods.len()],
            });
            self.parties.len() - 1
        });
        &mut self.parties[at]
    }

    fn period_of(&self, date: f64) -> Option<usize> {
        self.periods
            .iter()
            .position(|p| p.start <= date + NEAR && date < end(p) - NEAR)
    }

    fn discounted(&self, flows: &[f64]) -> f64 {
        let dated = flows.iter().zip(&self.periods);
        dated
            .map(|(flow, period)| flow * factor(self.discount_rate, end(period)))
            .sum()
    }

    /// The periods.
    #[must_use]
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// Every party.
    #[must_use]
    pub fn parties(&self) -> &[PartyAccount] {
        &self.parties
    }

    /// Present value of what a party gains, money at the start of the horizon.
    ///
    /// # Errors
    /// [`HorizonError::Unknown`] when no party has the name.
    pub fn present_value(&self, party: &str) -> Result<f64, HorizonError> {
        let mut found = self.parties.iter().filter(|a| a.party == party).peekable();
        if found.peek().is_none() {
            let known = self.parties.iter().map(|a| a.party.as_str());
            return Err(super::facts::unknown(
                "accounts".to_owned(),
                "party",
                party,
                known,
            ));
        }
        Ok(found.map(|a| self.discounted(&a.surplus)).sum())
    }

    /// Present value of what all parties in one role gain, money at the start of the horizon.
    #[must_use]
    pub fn present_value_of(&self, role: Role) -> f64 {
        let of = self.parties.iter().filter(|a| a.role == role);
        of.map(|a| self.discounted(&a.surplus)).sum()
    }

    /// Present value of what everybody gains, money at the start of the horizon.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.parties
            .iter()
            .map(|a| self.discounted(&a.surplus))
            .sum()
    }

    /// What public purses pay for a measure less what they collect from it, money in each period.
    ///
    /// # Errors
    /// [`HorizonError::Unknown`] when there is no such measure.
    pub fn outlay(&self, measure: &str) -> Result<&[f64], HorizonError> {
        find(&self.outlays, "measure", measure)
    }

    /// What is paid for building capacity of an activity, money in each period.
    ///
    /// # Errors
    /// [`HorizonError::Unknown`] when it has no expansion.
    pub fn building(&self, activity: &str) -> Result<&[f64], HorizonError> {
        find(&self.building, "expansion of", activity)
    }
}

fn find<'a>(
    all: &'a [(String, Vec<f64>)],
    what: &'static str,
    name: &str,
) -> Result<&'a [f64], HorizonError> {
    let found = all.iter().find(|(n, _)| n == name);
    found.map(|(_, flows)| flows.as_slice()).ok_or_else(|| {
        let known = all.iter().map(|(n, _)| n.as_str());
        super::facts::unknown("accounts".to_owned(), what, name, known)
    })
}

impl std::fmt::Display for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.parties.iter().map(|a| a.party.len());
        let width = names.max().unwrap_or(0).max(5);
        writeln!(f, "{:width$} {:>16}", "party", "present value")?;
        for account in &self.parties {
            writeln!(
                f,
                "{:width$} {:>16.4}",
                account.party,
                self.discounted(&account.surplus)
            )?;
        }
        write!(
            f,
            "{:width$} {:>16.4}  {}",
            "total",
            self.total(),
            self.money_unit
        )
    }
}
