//! An assembly turned into flat arrays that are evaluated without allocation.

use crate::assembly::{Activity, Assembly, BlockAt, CurveAt, DemandEntry, Product};
use crate::curve::Kernel;

/// A number times parameters, recomputed only when a parameter changes.
#[derive(Clone, Debug)]
pub(super) struct Coefficient {
    pub(super) number: f64,
    pub(super) params: Vec<u32>,
}

impl Coefficient {
    fn value(&self, values: &[f64]) -> f64 {
        self.params
            .iter()
            .fold(self.number, |product, &p| product * values[p as usize])
    }
}

/// Where a curve finds its numbers.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    pub(super) kernel: Kernel,
    /// Its parameters stand here among the gathered numbers.
    pub(super) start: usize,
    pub(super) len: usize,
    pub(super) offset_number: f64,
    pub(super) offset: Vec<(f64, u32)>,
    pub(super) of: usize,
    pub(super) params: Vec<u32>,
}

/// A product that is not linear in the unknowns.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub(super) row: usize,
    pub(super) coefficient: usize,
    /// Unknown factors, each with the Jacobian slot of (row, unknown).
    pub(super) unknowns: Vec<(u32, u32)>,
    /// Curve factors, each with the Jacobian slot of (row, argument).
    pub(super) curves: Vec<(u32, u32)>,
    /// Block factors, each with the Jacobian slots of (row, its unknowns).
    pub(super) blocks: Vec<(u32, Vec<usize>)>,
}

/// A product of one row, before slots are known.
#[derive(Clone, Debug)]
pub(super) struct Draught {
    pub(super) number: f64,
    pub(super) params: Vec<u32>,
    pub(super) unknowns: Vec<u32>,
    pub(super) curves: Vec<usize>,
    pub(super) blocks: Vec<usize>,
}

impl Draught {
    /// A number times parameters times unknowns.
    fn plain(number: f64, params: Vec<u32>, unknowns: Vec<u32>) -> Self {
        Self {
            number,
            params,
            unknowns,
            curves: Vec::new(),
            blocks: Vec::new(),
        }
    }

    /// Every unknown that it depends on.
    pub(super) fn arguments<'a>(
        &'a self,
        curves: &'a [Curve],
        blocks: &'a [BlockAt],
    ) -> impl Iterator<Item = usize> + 'a {
        let own = self.unknowns.iter().map(|&u| u as usize);
        let of_curves = self.curves.iter().map(|&c| curves[c].of);
        let of_blocks = self.blocks.iter().flat_map(|&b| &blocks[b].of);
        own.chain(of_curves).chain(of_blocks.map(|u| u.index()))
    }
}

/// Collects the rows of an assembly.
pub(super) struct Rows<'a> {
    assembly: &'a Assembly,
    pub(super) curves: Vec<Curve>,
    pub(super) blocks: Vec<BlockAt>,
    pub(super) rows: Vec<Vec<Draught>>,
}

impl<'a> Rows<'a> {
    pub(super) fn of(assembly: &'a Assembly) -> Self {
        let mut rows = Self {
            assembly,
            curves: Vec::new(),
            blocks: Vec::new(),
            rows: vec![Vec::new(); assembly.unknowns.len()],
        };
        rows.balances();
        rows.margins();
        for (i, unknown) in assembly.unknowns.iter().enumerate() {
            if let Some((_, expr)) = &unknown.condition {
                for product in &expr.products {
                    rows.push(i, product, 1.0);
                }
            }
        }
        rows
    }

    fn curve(&mut self, at: &CurveAt) -> usize {
        let start = self.curves.last().map_or(0, |c| c.start + c.len);
        self.curves.push(Curve {
            kernel: at.kernel,
            start,
            len: at.parameters.len(),
            offset_number: at.offset_number,
            offset: at.offset.iter().map(|&(c, p)| (c, p.0)).collect(),
            of: at.of.index(),
            params: at.parameters.iter().map(|p| p.0).collect(),
        });
        self.curves.len() - 1
    }

    /// Adds `sign` times a curve to a row. What is linear in the unknown is written out as such.
    fn push_curve(&mut self, row: usize, sign: f64, at: &CurveAt) {
        let param = |k: usize| at.parameters.get(k).map(|p| p.0);
        let product = Draught::plain;
        match (at.kernel, param(0), param(1)) {
            (Kernel::Constant, Some(price), _) => {
                self.rows[row].push(product(sign, vec![price], vec![]))
            }
            (Kernel::Linear, Some(intercept), Some(slope)) => {
                self.rows[row].push(product(sign, vec![intercept], vec![]));
                self.rows[row].push(product(sign, vec![slope], vec![at.of.0]));
                if at.offset_number != 0.0 {
                    self.rows[row].push(product(sign * at.offset_number, vec![slope], vec![]));
                }
                for &(c, p) in &at.offset {
                    self.rows[row].push(product(sign * c, vec![slope, p.0], vec![]));
                }
            }
            _ => {
                let curve = self.curve(at);
                let mut draught = Draught::plain(sign, vec![], vec![]);
                draught.curves.push(curve);
                self.rows[row].push(draught);
            }
        }
    }

    /// Adds `sign` times a product to a row, its activity levels written out as their parts.
    fn push(&mut self, row: usize, product: &Product, sign: f64) {
        let mut open = vec![Draught {
            number: sign * product.coefficient,
            params: product.params.iter().map(|p| p.0).collect(),
            unknowns: product.unknowns.iter().map(|u| u.0).collect(),
            curves: Vec::new(),
            blocks: Vec::new(),
        }];
        for at in &product.curves {
            let curve = self.curve(at);
            for draught in &mut open {
                draught.curves.push(curve);
            }
        }
        for at in &product.blocks {
            self.blocks.push(at.clone());
            for draught in &mut open {
                draught.blocks.push(self.blocks.len() - 1);
            }
        }
        for &activity in &product.levels {
            open = open
                .iter()
                .flat_map(|draught| self.written_out(draught, activity))
                .collect();
        }
        self.rows[row].extend(open);
    }

    /// A product times the realised level of an activity: its parts, less the share that finds no buyer.
    fn written_out(&self, draught: &Draught, activity: Activity) -> Vec<Draught> {
        let entry = &self.assembly.activities[activity.index()];
        let mut out = Vec::new();
        for part in &entry.parts {
            let mut whole = draught.clone();
            whole.unknowns.push(part.level.0);
            if let Some(unserved) = entry.unserved {
                let mut lost = whole.clone();
                lost.number = -lost.number;
                lost.unknowns.push(unserved.0);
                out.push(lost);
            }
            out.push(whole);
        }
        out
    }

    fn balances(&mut self) {
        let assembly = self.assembly;
        for (i, activity) in assembly.activities.iter().enumerate() {
            for &(node, _, amount) in &activity.column {
                let row = assembly.nodes[node.index()].price.index();
                let one = Draught::plain(1.0, vec![amount.0], Vec::new());
                let written = self.written_out(&one, Activity::new(i));
                self.rows[row].extend(written);
            }
        }
        for node in &assembly.nodes {
            let row = node.price.index();
            for demand in &node.demands {
                let (params, unknowns) = match demand {
                    DemandEntry::Fixed { quantity } => (vec![quantity.0], vec![]),
                    DemandEntry::Quantity { curve } => {
                        self.push_curve(row, -1.0, curve);
                        continue;
                    }
                    DemandEntry::Price { quantity, worth } => {
                        let price = node.worth.unwrap_or(node.price).0;
                        self.rows[quantity.index()].push(Draught::plain(1.0, vec![], vec![price]));
                        self.push_curve(quantity.index(), -1.0, worth);
                        (vec![], vec![quantity.0])
                    }
                    DemandEntry::Nested { quantity, .. } => {
                        let mut draught = Draught::plain(-1.0, vec![], vec![]);
                        draught.blocks.push(self.blocks.len());
                        self.blocks.push(quantity.clone());
                        self.rows[row].push(draught);
                        continue;
                    }
                    DemandEntry::Linked {
                        quantity,
                        intercept,
                        slopes,
                    } => {
                        let price = node.worth.unwrap_or(node.price).0;
                        let margin = &mut self.rows[quantity.index()];
                        margin.push(Draught::plain(1.0, vec![], vec![price]));
                        margin.push(Draught::plain(-1.0, vec![intercept.0], vec![]));
                        for (slope, of) in slopes {
                            margin.push(Draught::plain(-1.0, vec![slope.0], vec![of.0]));
                        }
                        (vec![], vec![quantity.0])
                    }
                };
                let whole = Draught::plain(-1.0, params, unknowns);
                if let Some(unserved) = node.unserved {
                    let mut lost = whole.clone();
                    lost.number = 1.0;
                    lost.unknowns.push(unserved.0);
                    self.rows[row].push(lost);
                }
                self.rows[row].push(whole);
            }
            for withdrawal in &node.withdrawals {
                for product in &withdrawal.quantity.products {
                    self.push(row, product, -1.0);
                }
            }
        }
    }

    fn margins(&mut self) {
        let assembly = self.assembly;
        for (i, entry) in assembly.activities.iter().enumerate() {
            let activity = Activity::new(i);
            for (k, part) in entry.parts.iter().enumerate() {
                let row = part.level.index();
                self.push_curve(row, 1.0, &part.cost);
                for &(node, _, amount) in &entry.column {
                    let price = assembly.nodes[node.index()].price.0;
                    self.rows[row].push(Draught::plain(-1.0, vec![amount.0], vec![price]));
                }
                for charge in assembly
                    .charges_on(activity)
                    .filter(|c| c.reaches(assembly, k))
                {
                    let sign = charge.sign(assembly);
                    if sign != 0.0 {
                        for product in &charge.amount.products {
                            self.push(row, product, sign);
                        }
                    }
                }
                for wedge in assembly
                    .wedges_on(activity)
                    .filter(|w| w.reaches(assembly, k))
                {
                    for product in &wedge.amount.products {
                        self.push(row, product, 1.0);
                    }
                }
                for relief in assembly.reliefs.iter().filter(|r| r.activity == activity) {
                    let mut product = Product::number(-1.0);
                    product.params.push(relief.share);
                    product.curves.push(part.cost.clone());
                    self.push(row, &product, 1.0);
                }
            }
        }
    }
}

/// A coefficient's value at given numbers.
pub(super) fn coefficients(list: &[Coefficient], values: &[f64], out: &mut [f64]) {
    for (value, coefficient) in out.iter_mut().zip(list) {
        *value = coefficient.value(values);
    }
}
