//! What regions gain by acting together: coalition values, Shapley values, and whether anyone would leave or join.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::shapley::shapley;
use super::{Ledger, LedgerError};
use crate::assembly::{DraftError, Role};
use crate::equilibrium::{Equilibrium, SolveError};
use crate::intervention::{Policy, PolicyError};
use crate::market::{Bloc, Market, MarketError};

/// The most members for which every coalition is solved: 1,024 markets.
const MOST_MEMBERS: usize = 10;

/// Why a bloc cannot be studied.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum BlocError {
    /// A member that is not a region of the market, or a bloc that is none.
    #[error(transparent)]
    Market(#[from] MarketError),
    /// A policy of a coalition that is not well formed.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// A coalition whose market has no solution.
    #[error("when {members} act: {source}")]
    Solve {
        /// The coalition.
        members: String,
        /// What went wrong.
        source: Box<SolveError>,
    },
    /// Accounts that could not be drawn up.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Too many members for an exact value.
    #[error(
        "bloc `{bloc}` has {members} members; every coalition is solved for at most {MOST_MEMBERS}"
    )]
    TooMany {
        /// The bloc.
        bloc: String,
        /// How many members it has.
        members: usize,
    },
}

/// What one member gains, money per year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberResult {
    region: String,
    gain: f64,
    shapley: f64,
    by_leaving: f64,
    purse: f64,
    consumed: f64,
}

impl MemberResult {
    /// The member.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// What everyone in it gains when the whole bloc acts, over nobody acting.
    #[must_use]
    pub fn gain(&self) -> f64 {
        self.gain
    }

    /// Its Shapley value: its marginal contribution to what a coalition's members gain, averaged over all orders of
    /// joining.
    #[must_use]
    pub fn shapley(&self) -> f64 {
        self.shapley
    }

    /// What it would be paid by the others for its gain to be its Shapley value. These sum to zero.
    #[must_use]
    pub fn transfer(&self) -> f64 {
        self.shapley - self.gain
    }

    /// What it would gain by leaving while the others go on; positive for one who would rather ride free.
    #[must_use]
    pub fn by_leaving(&self) -> f64 {
        self.by_leaving
    }

    /// The part of its gain that is its treasury's: its share of what the measures bring in, net of what they cost.
    #[must_use]
    pub fn purse(&self) -> f64 {
        self.purse
    }

    /// The value of its final consumption when the whole bloc acts, money per year.
    #[must_use]
    pub fn consumed(&self) -> f64 {
        self.consumed
    }
}

/// What one region outside the bloc gains, money per year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutsiderResult {
    region: String,
    gain: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by_joining: Option<f64>,
}

impl OutsiderResult {
    /// The region.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// What everyone in it gains when the bloc acts, over nobody acting: the free ride, when positive.
    #[must_use]
    pub fn gain(&self) -> f64 {
        self.gain
    }

    /// What it would gain by joining; `None` where the policy finds nothing to act on in the larger bloc, because
    /// everyone who sells to it is then inside.
    #[must_use]
    pub fn by_joining(&self) -> Option<f64> {
        self.by_joining
    }
}

/// How much of what members stop buying of a commodity is bought elsewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leak {
    commodity: String,
    inside: f64,
    outside: f64,
}

impl Leak {
    /// The commodity.
    #[must_use]
    pub fn commodity(&self) -> &str {
        &self.commodity
    }

    /// Change of members' final purchases, units per year.
    #[must_use]
    pub fn inside(&self) -> f64 {
        self.inside
    }

    /// Change of everyone else's final purchases, units per year.
    #[must_use]
    pub fn outside(&self) -> f64 {
        self.outside
    }

    /// The share of a fall inside that reappears outside; `None` where purchases inside do not fall.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        (self.inside < 0.0).then(|| -self.outside / self.inside)
    }
}

/// What a bloc does for its members and to everyone else.
///
/// The value of a coalition S is what its members gain when S acts and the others do nothing. A bloc is internally stable
/// when no member gains by leaving, and externally stable when nobody outside gains by joining.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlocStudy {
    bloc: String,
    money_unit: String,
    value: f64,
    members: Vec<MemberResult>,
    outsiders: Vec<OutsiderResult>,
    leaks: Vec<Leak>,
}

impl BlocStudy {
    /// Solves the market for every coalition of the members, for nobody acting, and for each other region joining.
    /// `policy` says what a coalition does on top of the status quo, which holds whoever acts.
    ///
    /// ```
    /// # use pricefloor::{Activity, Demand, Market, Policy, Supply, curve::Line};
    /// # use pricefloor::intervention::ReferencePriceLadder;
    /// # use pricefloor::ledger::BlocStudy;
    /// # use pricefloor::market::Bloc;
    /// # let line = |intercept, slope| Line { intercept, slope };
    /// # let mut builder = Market::builder("example", "USD").commodity("oxide");
    /// # for region in ["A", "B", "C"] {
    /// #     builder = builder.region(region).demand(region, "oxide", Demand::linear(line(20.0, -1.0))?);
    /// # }
    /// # let market = builder
    /// #     .activity(Activity::producing("mine", "C", "oxide", Supply::linear(line(0.0, 0.5))?))
    /// #     .route("C", "A", "oxide", 1.0).route("C", "B", "oxide", 1.0)
    /// #     .build()?;
    /// let allies = Bloc::new("allies", ["A", "B"])?;
    /// let study = BlocStudy::new(&market, &Policy::none(), &allies, |acting| {
    ///     Policy::new().with("floor", ReferencePriceLadder::new(acting).rung("oxide", 10.0))
    /// })?;
    /// assert!(study.transfers_sum().abs() < 1e-9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`BlocError`] when a member is not a region of the market, there are more than ten, or a coalition's market cannot
    /// be solved.
    pub fn new(
        market: &Market,
        status_quo: &Policy,
        bloc: &Bloc,
        policy: impl Fn(&Bloc) -> Result<Policy, PolicyError>,
    ) -> Result<Self, BlocError> {
        bloc.check_in(market)?;
        let members = bloc.members();
        let n = members.len();
        if n > MOST_MEMBERS {
            return Err(BlocError::TooMany {
                bloc: bloc.name().to_owned(),
                members: n,
            });
        }
        let act = |acting: &[String]| -> Result<(Equilibrium, Ledger), BlocError> {
            let policy = if acting.is_empty() {
                status_quo.clone()
            } else {
                status_quo.and(&policy(&Bloc::new(bloc.name(), acting)?)?)?
            };
            let solved = market.solve(&policy).map_err(|source| BlocError::Solve {
                members: acting.join(", "),
                source: Box::new(source),
            })?;
            let ledger = solved.ledger()?;
            Ok((solved, ledger))
        };
        let chosen = |set: usize| -> Vec<String> {
            let in_set = (0..n).filter(|i| set >> i & 1 == 1);
            in_set.map(|i| members[i].clone()).collect()
        };
        let (before, free) = act(&[])?;
        let gains = |ledger: &Ledger, region: &str| ledger.region(region) - free.region(region);
        let whole = (1_usize << n) - 1;
        let mut values = vec![0.0; whole + 1];
        let mut left = vec![0.0; n];
        let mut full = None;
        for (set, value) in values.iter_mut().enumerate().skip(1) {
            let acting = chosen(set);
            let (solved, ledger) = act(&acting)?;
            *value = acting.iter().fold(0.0, |sum, m| sum + gains(&ledger, m));
            if (whole ^ set).count_ones() == 1 {
                let gone = (whole ^ set).trailing_zeros() as usize;
                left[gone] = gains(&ledger, &members[gone]);
            }
            if set == whole {
                full = Some((solved, ledger));
            }
        }
        let Some((after, together)) = full else {
            return Err(MarketError::NoMember {
                bloc: bloc.name().to_owned(),
            }
            .into());
        };
        let results = (0..n)
            .map(|i| {
                let gain = gains(&together, &members[i]);
                let purse = |ledger: &Ledger| ledger.role_in(Role::Treasury, &members[i]);
                let here = after.nodes().iter().filter(|n| *n.region() == members[i]);
                MemberResult {
                    region: members[i].clone(),
                    gain,
                    shapley: shapley(&values, n, i),
                    by_leaving: left[i] - gain,
                    purse: purse(&together) - purse(&free),
                    consumed: here.map(|n| n.price() * n.demanded()).sum(),
                }
            })
            .collect();
        let mut outsiders = Vec::new();
        for region in market.regions().iter().filter(|r| !members.contains(r)) {
            let mut larger = members.to_vec();
            larger.push(region.clone());
            let gain = gains(&together, region);
            let unfit =
                |error: &SolveError| matches!(error, SolveError::Draft(DraftError::Unfit { .. }));
            let by_joining = match act(&larger) {
                Ok((_, joined)) => Some(gains(&joined, region) - gain),
                Err(BlocError::Solve { source, .. }) if unfit(&source) => None,
                Err(other) => return Err(other),
            };
            outsiders.push(OutsiderResult {
                region: region.clone(),
                gain,
                by_joining,
            });
        }
        Ok(Self {
            bloc: bloc.name().to_owned(),
            money_unit: market.money_unit().to_owned(),
            value: values[whole],
            members: results,
            outsiders,
            leaks: leaks(market, members, &before, &after),
        })
    }

    /// Name of the bloc.
    #[must_use]
    pub fn bloc(&self) -> &str {
        &self.bloc
    }

    /// What all members gain when the bloc acts, over nobody acting, money per year.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The members, in the order of the bloc.
    #[must_use]
    pub fn members(&self) -> &[MemberResult] {
        &self.members
    }

    /// Every other region.
    #[must_use]
    pub fn outsiders(&self) -> &[OutsiderResult] {
        &self.outsiders
    }

    /// Leakage by commodity.
    #[must_use]
    pub fn leaks(&self) -> &[Leak] {
        &self.leaks
    }

    /// Whether no member gains by leaving.
    #[must_use]
    pub fn internally_stable(&self) -> bool {
        self.members.iter().all(|m| m.by_leaving <= self.slack())
    }

    /// Whether nobody outside gains by joining.
    #[must_use]
    pub fn externally_stable(&self) -> bool {
        self.outsiders
            .iter()
            .filter_map(|o| o.by_joining)
            .all(|gain| gain <= self.slack())
    }

    /// Sum of the transfers that turn gains into Shapley values: zero up to rounding.
    #[must_use]
    pub fn transfers_sum(&self) -> f64 {
        self.members.iter().fold(0.0, |sum, m| sum + m.transfer())
    }

    /// A gain below rounding is none.
    pub(super) fn slack(&self) -> f64 {
        let sizes = self.members.iter().map(|m| m.gain.abs());
        1e-9 * sizes
            .chain(self.outsiders.iter().map(|o| o.gain.abs()))
            .fold(1e-12, f64::max)
    }
}

fn leaks(
    market: &Market,
    members: &[String],
    before: &Equilibrium,
    after: &Equilibrium,
) -> Vec<Leak> {
    let mut leaks = Vec::new();
    for commodity in market.commodities() {
        let (mut inside, mut outside) = (0.0, 0.0);
        for (old, new) in before.nodes().iter().zip(after.nodes()) {
            if old.commodity() == commodity {
                let change = new.demanded() - old.demanded();
                if members.iter().any(|m| m == old.region()) {
                    inside += change;
                } else {
                    outside += change;
                }
            }
        }
        leaks.push(Leak {
            commodity: commodity.clone(),
            inside,
            outside,
        });
    }
    leaks
}

impl fmt::Display for BlocStudy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.members.iter().map(|m| m.region.len());
        let names = names.chain(self.outsiders.iter().map(|o| o.region.len()));
        let width = names.max().unwrap_or(0).max(8);
        writeln!(
            f,
            "{:width$} {:>14} {:>14} {:>14} {:>14}",
            self.bloc, "gain", "Shapley", "by leaving", "by joining"
        )?;
        for m in &self.members {
            writeln!(
                f,
                "{:width$} {:>+14.4} {:>+14.4} {:>+14.4}",
                m.region, m.gain, m.shapley, m.by_leaving
            )?;
        }
        for o in &self.outsiders {
            let joining = o
                .by_joining
                .map_or_else(|| "-".to_owned(), |gain| format!("{gain:+.4}"));
            writeln!(
                f,
                "{:width$} {:>+14.4} {:>14} {:>14} {joining:>14}",
                o.region, o.gain, "", ""
            )?;
        }
        let (inside, outside) = (self.internally_stable(), self.externally_stable());
        let word = |stable| if stable { "nobody" } else { "someone" };
        write!(
            f,
            "{} gains by leaving, {} by joining; members gain {:.4} {} in all",
            word(inside),
            word(outside),
            self.value,
            self.money_unit
        )
    }
}
