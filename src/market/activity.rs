//! What turns quantities at some nodes into quantities at others: mines, plants, recycling, routes.

use serde::{Deserialize, Serialize};

use crate::curve::Supply;

/// A commodity and how much of it one unit of an activity puts out or takes in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    pub(crate) commodity: String,
    pub(crate) per_unit: f64,
}

impl Flow {
    /// Name of the commodity.
    #[must_use]
    pub fn commodity(&self) -> &str {
        &self.commodity
    }

    /// Units of the commodity per unit of the activity.
    #[must_use]
    pub fn per_unit(&self) -> f64 {
        self.per_unit
    }
}

/// A producing activity in a region: nothing into a basket (a mine), or inputs into outputs (a plant), at a
/// rising marginal cost.
///
/// The supply curve is of the activity's level: its price is the cost of one more unit of the level, what the
/// activity buys at nodes apart. With a single output of one per unit the level is the output.
///
/// ```
/// use pricefloor::{Activity, Supply};
/// use pricefloor::curve::Line;
/// let mine = Activity::producing("Mountain Pass", "United States", "NdPr oxide",
///     Supply::linear(Line { intercept: 5.0, slope: 0.5 })?)
///     .with_output("La oxide", 2.1)
///     .owned_by("MP Materials");
/// assert_eq!(mine.outputs().len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Activity {
    name: String,
    region: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    outputs: Vec<Flow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    inputs: Vec<Flow>,
    supply: Supply,
}

impl Activity {
    /// An activity whose level is its output of a commodity, units per year.
    #[must_use]
    pub fn producing(name: &str, region: &str, commodity: &str, supply: Supply) -> Self {
        let flow = Flow {
            commodity: commodity.to_owned(),
            per_unit: 1.0,
        };
        Self {
            name: name.to_owned(),
            region: region.to_owned(),
            owner: None,
            outputs: vec![flow],
            inputs: Vec::new(),
            supply,
        }
    }

    /// An activity whose level is not yet tied to an output; give it outputs with
    /// [`with_output`](Self::with_output).
    #[must_use]
    pub fn new(name: &str, region: &str, supply: Supply) -> Self {
        Self {
            name: name.to_owned(),
            region: region.to_owned(),
            owner: None,
            outputs: Vec::new(),
            inputs: Vec::new(),
            supply,
        }
    }

    /// Adds an output: units of the commodity per unit of the level.
    #[must_use]
    pub fn with_output(mut self, commodity: &str, per_unit: f64) -> Self {
        self.outputs.push(Flow {
            commodity: commodity.to_owned(),
            per_unit,
        });
        self
    }

    /// Adds an input bought at the region's node: units of the commodity per unit of the level.
    #[must_use]
    pub fn with_input(mut self, commodity: &str, per_unit: f64) -> Self {
        self.inputs.push(Flow {
            commodity: commodity.to_owned(),
            per_unit,
        });
        self
    }

    /// Names the firm that owns it; without one the activity is a firm of its own.
    #[must_use]
    pub fn owned_by(mut self, firm: &str) -> Self {
        self.owner = Some(firm.to_owned());
        self
    }

    pub(crate) fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Puts out one commodity under another name.
    pub(crate) fn rename_output(&mut self, from: &str, to: &str) {
        for flow in self.outputs.iter_mut().filter(|f| f.commodity == from) {
            to.clone_into(&mut flow.commodity);
        }
    }

    /// Costs according to another curve.
    pub(crate) fn set_supply(&mut self, supply: Supply) {
        self.supply = supply;
    }

    /// Name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Region.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The firm that owns it.
    #[must_use]
    pub fn owner(&self) -> &str {
        self.owner.as_deref().unwrap_or(&self.name)
    }

    /// What it puts out.
    #[must_use]
    pub fn outputs(&self) -> &[Flow] {
        &self.outputs
    }

    /// What it takes in.
    #[must_use]
    pub fn inputs(&self) -> &[Flow] {
        &self.inputs
    }

    /// Its supply curve, in units of the level per year.
    #[must_use]
    pub fn supply(&self) -> &Supply {
        &self.supply
    }
}

/// A way for a commodity from one region to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) commodity: String,
    pub(crate) cost: f64,
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) margin: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) capacity: Option<f64>,
    #[serde(default = "whole", skip_serializing_if = "is_whole")]
    pub(crate) arrives: f64,
}

fn whole() -> f64 {
    1.0
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde asks for"
)]
fn is_zero(margin: &f64) -> bool {
    *margin == 0.0
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde asks for"
)]
fn is_whole(share: &f64) -> bool {
    *share == 1.0
}

impl Route {
    /// A route with a transport cost in money per unit sent, without a capacity or losses.
    #[must_use]
    pub fn new(from: &str, to: &str, commodity: &str, cost: f64) -> Self {
        Self {
            from: from.to_owned(),
            to: to.to_owned(),
            commodity: commodity.to_owned(),
            cost,
            margin: 0.0,
            capacity: None,
            arrives: 1.0,
        }
    }

    /// A fixed margin that the trader keeps on every unit sent, money per unit, on top of the cost.
    #[must_use]
    pub fn with_margin(mut self, margin: f64) -> Self {
        self.margin = margin;
        self
    }

    /// Limits what can be sent, units per year.
    #[must_use]
    pub fn with_capacity(mut self, capacity: f64) -> Self {
        self.capacity = Some(capacity);
        self
    }

    /// States the share of what is sent that arrives; 1 unless said.
    #[must_use]
    pub fn arriving(mut self, share: f64) -> Self {
        self.arrives = share;
        self
    }

    /// Name of the route: `China -> Japan: NdPr oxide`.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} -> {}: {}", self.from, self.to, self.commodity)
    }
}
