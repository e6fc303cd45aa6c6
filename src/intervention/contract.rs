//! What price contracts with named producers have in common: whom they cover, what they settle on, when they run.

use super::coverage::{Coverage, Covered};
use super::terms::{covered_node, obey, purse};
use super::vintage::{Vintage, reference_factor};
use super::{Admission, Settled, TermError};
use crate::assembly::{Activity, Draft, DraftError, Expr, Node, Param, Party, Rule};

/// The cases of a contract that is paused below a price.
const PAUSE: &[&str] = &["running", "paused"];

/// The common terms, borrowed from a contract.
pub(super) struct Contract<'a> {
    pub(super) strike: f64,
    pub(super) covering: &'a [String],
    pub(super) commodity: Option<&'a str>,
    pub(super) coverage: Coverage,
    pub(super) reference_region: Option<&'a str>,
    pub(super) reference_factor: f64,
    pub(super) vintage: Option<Vintage>,
    pub(super) paused_below: Option<f64>,
    pub(super) sponsor: Option<&'a str>,
}

/// Builder methods of the common terms, the same for every contract.
macro_rules! common_terms {
    () => {
        /// Covers an activity, or every activity of a firm.
        #[must_use]
        pub fn covering(mut self, name: &str) -> Self {
            self.covering.push(name.to_owned());
            self
        }

        /// Names the covered commodity; needed where an activity puts out several.
        #[must_use]
        pub fn on(mut self, commodity: &str) -> Self {
            self.commodity = Some(commodity.to_owned());
            self
        }

        /// States the coverage; all output unless said.
        #[must_use]
        pub fn coverage(mut self, coverage: Coverage) -> Self {
            self.coverage = coverage;
            self
        }

        /// Settles on the commodity's price in another region; the producer's own unless said. It is the period's one
        /// price, which stands for its average.
        #[must_use]
        pub fn reference_in(mut self, region: &str) -> Self {
            self.reference_region = Some(region.to_owned());
            self
        }

        /// Settles on this multiple of the market price: 1 / 1.13 where the market price has 13 % of value-added tax in it
        /// and the contract's reference has not. One unless said.
        #[must_use]
        pub fn reference_factor(mut self, factor: f64) -> Self {
            self.reference_factor = factor;
            self
        }

        /// States when the contract runs and how its strike is indexed; always and not at all unless said.
        #[must_use]
        pub fn vintage(mut self, vintage: Vintage) -> Self {
            self.vintage = Some(vintage);
            self
        }

        /// Pays nothing while the reference is below this price, money per unit. Both cases are solved and the one that
        /// holds is reported; where neither does, because the contract itself takes the price below, that is an error
        /// with both reasons.
        #[must_use]
        pub fn paused_below(mut self, price: f64) -> Self {
            self.paused_below = Some(price);
            self
        }

        /// Names who pays and is paid; the treasury of the producer's region unless said.
        #[must_use]
        pub fn sponsor(mut self, name: &str) -> Self {
            self.sponsor = Some(name.to_owned());
            self
        }

        fn contract(&self) -> Contract<'_> {
            Contract {
                strike: self.strike,
                covering: &self.covering,
                commodity: self.commodity.as_deref(),
                coverage: self.coverage,
                reference_region: self.reference_region.as_deref(),
                reference_factor: self.reference_factor,
                vintage: self.vintage,
                paused_below: self.paused_below,
                sponsor: self.sponsor.as_deref(),
            }
        }
    };
}

pub(super) use common_terms;

/// The numbers of a contract that runs.
pub(super) struct Running {
    pub(super) strike: Param,
    pub(super) factor: Expr,
    extent: Param,
}

/// One covered activity.
pub(super) struct Site {
    pub(super) covered: Covered,
    pub(super) region: String,
    /// The node whose price is the reference.
    pub(super) reference: Node,
    pub(super) owner: Party,
    pub(super) sponsor: Party,
}

impl Contract<'_> {
    pub(super) fn check(&self) -> Result<(), TermError> {
        obey("strike", self.strike, Rule::NonNegative)?;
        obey("reference factor", self.reference_factor, Rule::Positive)?;
        let pause = self.paused_below.unwrap_or(0.0);
        obey("price below which it is paused", pause, Rule::NonNegative)?;
        self.vintage.unwrap_or_default().check()?;
        self.coverage.check()?;
        if self.covering.is_empty() {
            return Err(TermError {
                term: "number of covered producers",
                value: 0.0,
                rule: "at least one",
            });
        }
        Ok(())
    }

    /// The contract's numbers; `None` outside its term, or in the case in which it is paused.
    pub(super) fn run(&self, draft: &mut Draft<'_>) -> Result<Option<Running>, DraftError> {
        let vintage = self.vintage.unwrap_or_default();
        let Some(strike) = vintage.strike(self.strike, draft.period()) else {
            return Ok(None);
        };
        let strike = draft.param("strike", strike, Rule::NonNegative)?;
        let factor = reference_factor(draft, self.reference_factor)?;
        let extent = self.coverage.param(draft)?;
        if let Some(pause) = self.paused_below {
            draft.param("paused_below", pause, Rule::NonNegative)?;
            if draft.switch(PAUSE) == 1 {
                return Ok(None);
            }
        }
        Ok(Some(Running {
            strike,
            factor,
            extent,
        }))
    }

    fn activities(&self, draft: &Draft<'_>) -> Result<Vec<Activity>, DraftError> {
        let mut activities = Vec::new();
        for name in self.covering {
            activities.extend(draft.activities(name)?);
        }
        self.coverage.single(draft, &activities)?;
        Ok(activities)
    }

    pub(super) fn sites(
        &self,
        draft: &mut Draft<'_>,
        running: &Running,
    ) -> Result<Vec<Site>, DraftError> {
        let mut sites: Vec<Site> = Vec::new();
        for activity in self.activities(draft)? {
            let node = covered_node(draft, activity, self.commodity)?;
            let (region, commodity) = draft.node_name(node);
            let (region, commodity) = (region.to_owned(), commodity.to_owned());
            let reference = match self.reference_region {
                Some(region) => draft.node(region, &commodity)?,
                None => node,
            };
            if self.paused_below.is_some() && sites.iter().any(|s| s.reference != reference) {
                let rule = "settles on another price than the rest; a pause needs one reference";
                return Err(draft.unfit(activity, rule));
            }
            let sponsor = purse(draft, self.sponsor, &region);
            sites.push(Site {
                covered: Covered {
                    coverage: self.coverage,
                    extent: running.extent,
                    activity,
                    node,
                },
                owner: draft.owner(activity),
                region,
                reference,
                sponsor,
            });
        }
        Ok(sites)
    }

    /// Whether the case of the pause holds: it runs at a reference at or above the price, and is paused below it.
    pub(super) fn pause_admits(&self, settled: &Settled<'_>) -> Admission {
        let (Some(pause), Some(case)) = (settled.param("paused_below"), settled.case(0)) else {
            return Admission::Holds;
        };
        if self.paused_below.is_none() {
            return Admission::Holds;
        }
        let activities = self.covering.iter().flat_map(|n| settled.activities(n));
        let references = activities.filter_map(|activity| {
            let node = settled.covered(activity, self.commodity)?;
            let node = match self.reference_region {
                Some(region) => settled.node(region, settled.node_name(node).1)?,
                None => node,
            };
            let factor = settled.param("reference_factor").unwrap_or(1.0);
            Some(settled.price(node) * factor)
        });
        for reference in references {
            let slack = 1e-9 * pause.max(reference);
            if case == 0 && reference < pause - slack {
                return Admission::Contradicted(format!(
                    "it runs at a reference of {reference}, below {pause}"
                ));
            }
            if case == 1 && reference >= pause {
                return Admission::Contradicted(format!(
                    "it is paused at a reference of {reference}, at or above {pause}"
                ));
            }
        }
        Admission::Holds
    }

    /// How many of the measure's switches belong to the pause.
    pub(super) fn switches(&self) -> usize {
        usize::from(self.paused_below.is_some())
    }
}
