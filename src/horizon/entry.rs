//! Who enters: every entrant earns its hurdle rate, and the next one would not.

use std::collections::BTreeSet;

use super::calendar::{NEAR, end};
use super::entrant::Entrant;
use super::error::HorizonError;
use super::facts::Horizon;
use super::firm::worth;
use super::path::Path;
use crate::finance::{DatedFlow, dated_npv};
use crate::viability::Findings;

/// What a project is worth, and at which price it would just pay.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    activity: String,
    enters: bool,
    on_line: f64,
    npv: f64,
    incentive_price: Option<f64>,
    findings: Option<Findings>,
}

impl Verdict {
    /// The project's activity.
    #[must_use]
    pub fn activity(&self) -> &str {
        &self.activity
    }

    /// Whether it enters.
    #[must_use]
    pub fn enters(&self) -> bool {
        self.enters
    }

    /// When its first output comes, years from the start.
    #[must_use]
    pub fn on_line(&self) -> f64 {
        self.on_line
    }

    /// Net present value at its hurdle rate at its decision, money: of one that enters, at the prices with all that enter;
    /// of one that stays out, at the prices there would be if it entered too.
    #[must_use]
    pub fn npv(&self) -> f64 {
        self.npv
    }

    /// The constant price at which it would just earn its hurdle rate at full output, money per unit; none where it puts
    /// out several commodities or takes any in.
    #[must_use]
    pub fn incentive_price(&self) -> Option<f64> {
        self.incentive_price
    }

    /// All that the study of its firm finds at those prices; none without a firm.
    #[must_use]
    pub fn findings(&self) -> Option<&Findings> {
        self.findings.as_ref()
    }
}

/// Those who enter together, and what each is worth then.
#[derive(Clone, Debug, PartialEq)]
pub struct Round {
    entered: Vec<String>,
    verdicts: Vec<Verdict>,
}

impl Round {
    /// Who is in.
    #[must_use]
    pub fn entered(&self) -> &[String] {
        &self.entered
    }

    /// Every project, in the order of the horizon.
    #[must_use]
    pub fn verdicts(&self) -> &[Verdict] {
        &self.verdicts
    }
}

/// Who enters a market.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Entry {
    /// Everyone in earns at least its hurdle rate; anyone else would earn less if it entered.
    Settled {
        /// Who is in, and what each is worth.
        round: Round,
        /// The path with them.
        path: Box<Path>,
    },
    /// Entry and exit lead back to where they were. Both ends of the cycle: the rounds with the fewest and the most in.
    Cycle {
        /// With the fewest in.
        fewest: Round,
        /// With the most in.
        most: Round,
    },
}

impl Entry {
    /// The path, where there is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Settled { path, .. } => Some(path),
            Self::Cycle { .. } => None,
        }
    }
}

impl Horizon {
    /// Finds out which projects enter.
    ///
    /// Starting from nobody, the one that gains most by entering enters, one at a time; whoever then falls below its
    /// hurdle rate leaves, the worst first. Each step solves the whole horizon, once for every project that is out. Where
    /// everyone in has a net present value of at least zero and nobody else would, that is the entry; where a set comes
    /// back there is none, and the cycle is told.
    ///
    /// A project with a [`Firm`](super::Firm) is worth what its study finds. Another one's payments are its owner's surplus in the yearly accounts (measures included) and the costs of its
    /// stages; after the end of the horizon it earns until the end of its life what it earned in the last period.
    ///
    /// # Errors
    /// As [`solve`](Self::solve); [`HorizonError::Unfit`] when the owner of a project has other activities.
    pub fn entry(&self) -> Result<Entry, HorizonError> {
        let mut inside: BTreeSet<usize> = BTreeSet::new();
        let mut seen: Vec<(BTreeSet<usize>, Round)> = Vec::new();
        loop {
            let path = self.with_entrants(&inside)?.solve()?;
            let mut verdicts = Vec::new();
            for (i, entrant) in self.entrants().iter().enumerate() {
                let (npv, findings) = if inside.contains(&i) {
                    self.judge(entrant, &path)?
                } else {
                    let mut tried = inside.clone();
                    tried.insert(i);
                    self.judge(entrant, &self.with_entrants(&tried)?.solve()?)?
                };
                verdicts.push(Verdict {
                    activity: entrant.activity().to_owned(),
                    enters: inside.contains(&i),
                    on_line: entrant.on_line(self.reviews(), f64::INFINITY),
                    npv,
                    incentive_price: self.incentive_price(entrant),
                    findings,
                });
            }
            let of = |i: &usize| verdicts.get(*i).map_or(0.0, |v| v.npv);
            let worst = inside
                .iter()
                .copied()
                .min_by(|a, b| of(a).total_cmp(&of(b)));
            let others = (0..verdicts.len()).filter(|i| !inside.contains(i));
            let best = others.max_by(|a, b| of(a).total_cmp(&of(b)));
            let mut next = inside.clone();
            if let Some(out) = worst.filter(|i| of(i) < 0.0) {
                next.remove(&out);
            } else if let Some(new) = best.filter(|i| of(i) >= 0.0) {
                next.insert(new);
            }
            let settled = next == inside;
            let round = Round {
                entered: inside
                    .iter()
                    .map(|&i| self.entrants()[i].activity().to_owned())
                    .collect(),
                verdicts,
            };
            if settled {
                let path = Box::new(path);
                return Ok(Entry::Settled { round, path });
            }
            seen.push((inside, round));
            if let Some(start) = seen.iter().position(|(set, _)| *set == next) {
                let cycle = &seen[start..];
                let size = |round: &&(BTreeSet<usize>, Round)| round.0.len();
                if let (Some(fewest), Some(most)) =
                    (cycle.iter().min_by_key(size), cycle.iter().max_by_key(size))
                {
                    return Ok(Entry::Cycle {
                        fewest: fewest.1.clone(),
                        most: most.1.clone(),
                    });
                }
            }
            inside = next;
        }
    }

    /// Net present value of an entrant that is in, at its decision, money; and what its firm's study says.
    fn judge(
        &self,
        entrant: &Entrant,
        path: &Path,
    ) -> Result<(f64, Option<Findings>), HorizonError> {
        let activities = self.market().activities();
        let found = activities.iter().find(|a| a.name() == entrant.activity());
        match (entrant.firm(), found) {
            (Some(firm), Some(activity)) => {
                let findings = firm.judge(activity, entrant.date(), path)?;
                Ok((worth(&findings), Some(findings)))
            }
            _ => Ok((self.worth(entrant, path)?, None)),
        }
    }

    /// Net present value of an entrant without a firm that is in, at its decision, money.
    fn worth(&self, entrant: &Entrant, path: &Path) -> Result<f64, HorizonError> {
        let market = self.market();
        let name = entrant.activity();
        let found = market.activities().iter().find(|a| a.name() == name);
        let owner = found.map_or(name, |a| a.owner());
        let capacity = found.and_then(|a| a.supply().capacity()).unwrap_or(0.0);
        let mut flows = Vec::new();
        let course = entrant
            .stages()
            .course(name, self.reviews(), entrant.date(), f64::INFINITY);
        let years = self
            .periods()
            .iter()
            .find(|p| p.start >= entrant.date() - NEAR);
        let years = years.map_or(0.0, |p| p.years);
        for (date, cost) in &course.payments {
            flows.push(DatedFlow {
                years: date - entrant.date() + years,
                amount: -cost * capacity,
            });
        }
        for period in path.periods() {
            if entrant.runs(self.reviews(), period.period().start, f64::INFINITY) {
                flows.push(DatedFlow {
                    years: end(&period.period()) - entrant.date(),
                    amount: period.ledger().surplus(owner)? * period.period().years,
                });
            }
        }
        let hurdle = entrant.hurdle(self.discount_rate());
        let mut npv = dated_npv(hurdle, &flows)?;
        if let Some(last) = path.periods().last().map(|p| (p.period(), p.ledger())) {
            let (period, ledger) = last;
            let gone = entrant
                .life()
                .map_or(f64::INFINITY, |life| course.on_line + life);
            let beyond = (gone - end(&period)).max(0.0);
            if beyond > 0.0 && entrant.runs(self.reviews(), period.start, f64::INFINITY) {
                let per_year = ledger.surplus(owner)?;
                let annuity = annuity(hurdle, beyond);
                npv += per_year
                    * annuity
                    * super::write::factor(hurdle, end(&period) - entrant.date());
            }
        }
        Ok(npv)
    }

    fn incentive_price(&self, entrant: &Entrant) -> Option<f64> {
        if let Some(firm) = entrant.firm() {
            return firm.incentive_price();
        }
        let activities = self.market().activities();
        let activity = activities.iter().find(|a| a.name() == entrant.activity())?;
        let ([output], []) = (activity.outputs(), activity.inputs()) else {
            return None;
        };
        let capacity = activity.supply().capacity()?;
        let running = activity.supply().cost(capacity).ok()? / capacity;
        let hurdle = entrant.hurdle(self.discount_rate());
        let reviews = self.reviews();
        let course =
            entrant
                .stages()
                .course(entrant.activity(), reviews, entrant.date(), f64::INFINITY);
        let mut building = 0.0;
        for (date, cost) in &course.payments {
            building += cost * super::write::factor(hurdle, date - course.on_line);
        }
        let annuity = annuity(hurdle, entrant.life().unwrap_or(f64::INFINITY));
        // the first output is paid for a year after the first payments of its year
        let rent = building / annuity / (1.0 + hurdle);
        Some((running + rent) / output.per_unit())
    }
}

/// Present value of one a year for some years, paid at their ends.
fn annuity(rate: f64, years: f64) -> f64 {
    if rate == 0.0 {
        years
    } else {
        (1.0 - (1.0 + rate).powf(-years)) / rate
    }
}
