//! Which unknowns are eliminated before the factorisation, in which order, and what touches what then.

use super::symbolic::{Graph, NONE};
use crate::complementarity::{Side, Structure, Symmetry};

/// Where the two halves of a coupling stand among the Jacobian's values; `NONE` where there is no entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Coupling {
    pub other: u32,
    /// Entry in the row of the unknown.
    pub row: u32,
    /// Entry in its column.
    pub column: u32,
}

/// The couplings of each unknown, from the pattern and its transpose.
pub(super) struct Couplings {
    starts: Vec<u32>,
    list: Vec<Coupling>,
    pub diagonal: Vec<u32>,
}

impl Couplings {
    pub fn new(structure: &Structure) -> Self {
        let n = structure.dimension();
        let (row_starts, columns) = (structure.row_starts(), structure.columns());
        // the transpose, by counting
        let mut transposed_starts = vec![0u32; n + 1];
        for &column in columns {
            transposed_starts[column + 1] += 1;
        }
        for i in 0..n {
            transposed_starts[i + 1] += transposed_starts[i];
        }
        let mut next = transposed_starts.clone();
        let mut transposed = vec![(0u32, 0u32); columns.len()];
        for row in 0..n {
            for k in row_starts[row]..row_starts[row + 1] {
                let slot = &mut next[columns[k]];
                transposed[*slot as usize] = (row as u32, k as u32);
                *slot += 1;
            }
        }
        let mut diagonal = vec![NONE; n];
        let mut starts = Vec::with_capacity(n + 1);
        starts.push(0);
        let mut list = Vec::with_capacity(columns.len());
        for i in 0..n {
            let mut k = row_starts[i];
            let mut t = transposed_starts[i] as usize;
            loop {
                let of_row = if k < row_starts[i + 1] {
                    columns[k] as u32
                } else {
                    NONE
                };
                let of_column = if t < transposed_starts[i + 1] as usize {
                    transposed[t].0
                } else {
                    NONE
                };
                let other = of_row.min(of_column);
                if other == NONE {
                    break;
                }
                let mut coupling = Coupling {
                    other,
                    row: NONE,
                    column: NONE,
                };
                if of_row == other {
                    coupling.row = k as u32;
                    k += 1;
                }
                if of_column == other {
                    coupling.column = transposed[t].1;
                    t += 1;
                }
                if other as usize == i {
                    diagonal[i] = coupling.row;
                } else {
                    list.push(coupling);
                }
            }
            starts.push(list.len() as u32);
        }
        Self {
            starts,
            list,
            diagonal,
        }
    }

    pub fn of(&self, i: usize) -> &[Coupling] {
        &self.list[self.starts[i] as usize..self.starts[i + 1] as usize]
    }
}

/// The order of elimination.
pub(super) struct Plan {
    pub couplings: Couplings,
    /// Unknowns in the order in which they go.
    pub gone: Vec<u32>,
    /// How many of them go straight from the Jacobian.
    pub direct: usize,
    /// When each unknown goes; `NONE` if it is kept.
    pub turn: Vec<u32>,
    /// For those after the direct ones: what they touch when they go.
    pub touched_starts: Vec<u32>,
    pub touched: Vec<u32>,
    pub kept: Vec<u32>,
    /// Place of each unknown among the kept; `NONE` if it goes.
    pub core: Vec<u32>,
    pub graph: Graph,
    /// Whether the kept matrix is symmetric, with the signs of the rows that make it so.
    pub symmetric: bool,
}

impl Plan {
    pub fn new(structure: &Structure) -> Self {
        let n = structure.dimension();
        let couplings = Couplings::new(structure);
        let stages = structure.stages();
        let mut turn = vec![NONE; n];
        let mut gone = Vec::new();
        for i in 0..n {
            let alone = || {
                couplings
                    .of(i)
                    .iter()
                    .all(|c| turn[c.other as usize] == NONE)
            };
            if stages[i] == 1 && alone() {
                turn[i] = gone.len() as u32;
                gone.push(i as u32);
            }
        }
        let direct = gone.len();
        let mut edges = Vec::with_capacity(2 * direct);
        for i in 0..n {
            if turn[i] == NONE {
                for c in couplings.of(i) {
                    if c.other < i as u32 && turn[c.other as usize] == NONE {
                        edges.push((i as u32, c.other));
                    }
                }
            }
        }
        for &i in &gone {
            let touched = couplings.of(i as usize);
            for (k, a) in touched.iter().enumerate() {
                for b in &touched[..k] {
                    edges.push((a.other, b.other));
                }
            }
        }
        let mut touched_starts = vec![0];
        let mut touched = Vec::new();
        let mut later: Vec<u8> = stages.iter().copied().filter(|&stage| stage > 1).collect();
        later.sort_unstable();
        later.dedup();
        for stage in later {
            let graph = Graph::from_edges(n, &edges);
            let before = gone.len() as u32;
            for i in 0..n {
                if stages[i] != stage || turn[i] != NONE {
                    continue;
                }
                let alone = graph
                    .of(i)
                    .iter()
                    .all(|&j| turn[j as usize] == NONE || turn[j as usize] < before);
                if alone {
                    turn[i] = gone.len() as u32;
                    gone.push(i as u32);
                    let from = touched.len();
                    touched.extend_from_slice(graph.of(i));
                    touched[from..].sort_unstable();
                    touched_starts.push(touched.len() as u32);
                }
            }
            edges.retain(|&(a, b)| turn[a as usize] == NONE && turn[b as usize] == NONE);
            for k in before as usize..gone.len() {
                let at = k - direct;
                let range = touched_starts[at] as usize..touched_starts[at + 1] as usize;
                let touched = &touched[range];
                for (k, &a) in touched.iter().enumerate() {
                    for &b in &touched[..k] {
                        edges.push((a, b));
                    }
                }
            }
        }
        let mut core = vec![NONE; n];
        let mut kept = Vec::new();
        for i in 0..n {
            if turn[i] == NONE {
                core[i] = kept.len() as u32;
                kept.push(i as u32);
            }
        }
        for edge in &mut edges {
            *edge = (core[edge.0 as usize], core[edge.1 as usize]);
        }
        let graph = Graph::from_edges(kept.len(), &edges);
        let one_sided = kept
            .windows(2)
            .all(|pair| structure.sides()[pair[0] as usize] == structure.sides()[pair[1] as usize]);
        Self {
            couplings,
            gone,
            direct,
            turn,
            touched_starts,
            touched,
            kept,
            core,
            graph,
            symmetric: structure.symmetry() == Symmetry::Skew && one_sided,
        }
    }

    /// The sign of each row that makes a skew problem symmetric, positive on the side that is kept.
    pub fn signs(&self, structure: &Structure) -> Vec<f64> {
        let kept = self
            .kept
            .first()
            .map_or(Side::Dual, |&i| structure.sides()[i as usize]);
        structure
            .sides()
            .iter()
            .map(|&side| {
                if side == kept || !self.symmetric {
                    1.0
                } else {
                    -1.0
                }
            })
            .collect()
    }
}
