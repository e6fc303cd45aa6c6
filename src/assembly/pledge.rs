//! What measures promise or forbid of one price or flow, so that two that contradict each other are named before
//! the solve.

use super::draft::Draft;
use super::entry::Limit;
use super::error::DraftError;
use super::handle::{Activity, Node};

/// What a pledge is about.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Subject {
    /// The price at a node, money per unit.
    Price(Node),
    /// What some activities bring to or take from a node in all, units of its commodity per year.
    Flow(Vec<Activity>),
}

/// How a measure bounds its subject.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Bound {
    /// At least this much.
    AtLeast(f64),
    /// At most this much.
    AtMost(f64),
    /// A payment per unit, this high, that asks for more of it.
    Paid(f64),
}

/// A bound that a measure puts on a price or a flow.
#[derive(Clone, Debug)]
pub(crate) struct Pledge {
    measure: usize,
    subject: Subject,
    bound: Bound,
}

impl Pledge {
    /// The numbers of two pledges that cannot both hold, and the rule that says so.
    fn against(&self, other: &Self) -> Option<(f64, f64, &'static str)> {
        let within = |inner: &Subject, outer: &Subject| match (inner, outer) {
            (Subject::Price(a), Subject::Price(b)) => a == b,
            (Subject::Flow(a), Subject::Flow(b)) => {
                !a.is_empty() && a.iter().all(|activity| b.contains(activity))
            }
            _ => false,
        };
        match (self.bound, other.bound) {
            (Bound::AtLeast(least), Bound::AtMost(most))
                if least > most && within(&self.subject, &other.subject) =>
            {
                let rule = match self.subject {
                    Subject::Price(_) => "a floor may not lie above a ceiling",
                    Subject::Flow(_) => "what must be delivered may not exceed what is allowed",
                };
                Some((least, most, rule))
            }
            (Bound::Paid(rate), Bound::AtMost(most))
                if rate > 0.0 && most == 0.0 && within(&self.subject, &other.subject) =>
            {
                Some((rate, most, "a banned flow may not be subsidised"))
            }
            _ => None,
        }
    }
}

impl Draft<'_> {
    /// States what this measure promises or forbids of a price or a flow, so that another measure that
    /// contradicts it is an error.
    ///
    /// # Errors
    /// [`DraftError::Contradiction`] when an earlier measure's pledge cannot hold beside it.
    pub fn pledge(&mut self, subject: Subject, bound: Bound) -> Result<(), DraftError> {
        let Some((measure, name)) = self.scope.clone() else {
            return Ok(());
        };
        let pledge = Pledge {
            measure,
            subject,
            bound,
        };
        for earlier in &self.assembly.pledges {
            let forward = earlier.against(&pledge);
            let clash =
                forward.or_else(|| pledge.against(earlier).map(|(a, b, rule)| (b, a, rule)));
            if let Some((first_value, second_value, rule)) = clash {
                return Err(DraftError::Contradiction {
                    first: self.assembly.measures[earlier.measure].clone(),
                    first_value,
                    second: name,
                    second_value,
                    target: self.subject_name(&pledge.subject),
                    rule,
                });
            }
        }
        self.assembly.pledges.push(pledge);
        Ok(())
    }

    fn subject_name(&self, subject: &Subject) -> String {
        match subject {
            Subject::Price(node) => {
                let (region, commodity) = self.node_name(*node);
                format!("{commodity} in {region}")
            }
            Subject::Flow(activities) => {
                let names: Vec<&str> = activities.iter().map(|&a| self.activity_name(a)).collect();
                format!("`{}`", names.join("`, `"))
            }
        }
    }

    /// The most that an activity can put out at a node, units per year: its capacity, or what an earlier measure
    /// allows it. Infinite without either.
    #[must_use]
    pub fn most(&self, activity: Activity, node: Node) -> f64 {
        let entry = &self.assembly.activities[activity.index()];
        let parts = entry.parts.iter();
        let level: f64 = parts
            .map(|part| {
                self.assembly
                    .value(&self.assembly.unknowns[part.level.index()].upper)
            })
            .sum();
        let output = if level == 0.0 {
            0.0
        } else {
            level * self.output_amount(activity, node)
        };
        let allowed = self.assembly.pledges.iter().filter_map(|pledge| {
            match (&pledge.subject, pledge.bound) {
                (Subject::Flow(flow), Bound::AtMost(most)) if flow.contains(&activity) => {
                    Some(most)
                }
                _ => None,
            }
        });
        allowed.fold(output, f64::min)
    }

    /// Bans an activity: its level is zero.
    ///
    /// # Errors
    /// [`DraftError::Contradiction`] when an earlier measure promises or subsidises it.
    pub fn ban(&mut self, activity: Activity) -> Result<(), DraftError> {
        self.pledge(Subject::Flow(vec![activity]), Bound::AtMost(0.0))?;
        let assembly = &mut *self.assembly;
        for part in &assembly.activities[activity.index()].parts {
            assembly.unknowns[part.level.index()].upper = Limit::from(0.0);
        }
        Ok(())
    }
}
