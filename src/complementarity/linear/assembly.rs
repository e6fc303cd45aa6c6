//! Where everything of a condensed system comes from and goes to, found once.

use super::plan::Plan;
use super::symbolic::{NONE, Symbolic};

/// A run of direct unknowns that touch exactly two others.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub start: usize,
    pub end: usize,
}

#[derive(Debug, Clone)]
pub(super) struct Assembly {
    /// Unknowns in the order in which they go; the first `direct` go straight from the Jacobian.
    pub gone: Vec<u32>,
    pub direct: usize,
    pub pairs: Run,
    /// Whom each touches, and, for the direct ones, where the couplings stand in the Jacobian.
    pub starts: Vec<u32>,
    pub touched: Vec<u32>,
    pub row_at: Vec<u32>,
    pub column_at: Vec<u32>,
    /// The diagonal: in the Jacobian for the direct ones, the number of the entry for the others.
    pub pivot_at: Vec<u32>,
    /// Couplings of the direct ones again, by the unknown that is touched: those unknowns, the end of each
    /// one's list, who touches it, and which coupling that is.
    pub stays: Vec<u32>,
    pub turned_ends: Vec<u32>,
    pub turned: Vec<u32>,
    pub turned_from: Vec<u32>,
    /// Numbers of entries: first those of the factorised matrix, then the diagonals and couplings of the
    /// unknowns that go later.
    pub entries: usize,
    /// For each entry: the terms that the direct unknowns add, by whom, and the couplings to multiply.
    pub term_starts: Vec<u32>,
    pub term_by: Vec<u32>,
    pub lower_pairs: Vec<(u32, u32)>,
    pub upper_pairs: Vec<(u32, u32)>,
    /// For the others: the entry of each pair they touch, and whether the pair is turned around.
    target_starts: Vec<u32>,
    targets: Vec<(u32, bool)>,
    /// Jacobian entries that stay: entry, where from, row.
    pub carried_lower: Vec<(u32, u32, u32)>,
    pub carried_upper: Vec<(u32, u32, u32)>,
    pub kept: Vec<u32>,
    pub kept_diagonal: Vec<u32>,
}

/// Products of couplings, term by term.
#[derive(Debug, Clone)]
pub(super) struct Products(Vec<f64>);

impl Products {
    pub fn new(terms: usize) -> Self {
        Self(vec![0.0; terms])
    }

    pub fn multiply(&mut self, pairs: &[(u32, u32)], column: &[f64], row: &[f64]) {
        for (product, &(of_column, of_row)) in self.0.iter_mut().zip(pairs) {
            *product = column[of_column as usize] * row[of_row as usize];
        }
    }

    /// `entries = base - sum of products times the inverse pivots`
    #[inline(always)]
    pub fn sum(
        &self,
        starts: &[u32],
        by: &[u32],
        inverse: &[f64],
        base: &[f64],
        entries: &mut [f64],
    ) {
        let Some((&first, ends)) = starts.split_first() else {
            return;
        };
        let mut from = first as usize;
        for ((entry, &base), &end) in entries.iter_mut().zip(base).zip(ends) {
            let range = from..end as usize;
            from = end as usize;
            let mut sum = 0.0;
            for (&product, &e) in self.0[range.clone()].iter().zip(&by[range]) {
                sum += product * inverse[e as usize];
            }
            *entry = base - sum;
        }
    }
}

impl Assembly {
    pub fn new(plan: &Plan, symbolic: &Symbolic) -> Self {
        let finder = Finder::new(plan, symbolic);
        let gone = finder.order();
        let mut assembly = Self {
            direct: plan.direct,
            pairs: finder.pairs(&gone),
            starts: vec![0],
            touched: Vec::with_capacity(2 * gone.len()),
            row_at: Vec::with_capacity(2 * gone.len()),
            column_at: Vec::with_capacity(2 * gone.len()),
            pivot_at: Vec::with_capacity(gone.len()),
            stays: Vec::new(),
            turned_ends: Vec::new(),
            turned: Vec::new(),
            turned_from: Vec::new(),
            entries: finder.entries,
            term_starts: Vec::new(),
            term_by: Vec::new(),
            lower_pairs: Vec::new(),
            upper_pairs: Vec::new(),
            target_starts: vec![0],
            targets: Vec::new(),
            carried_lower: Vec::new(),
            carried_upper: Vec::new(),
            kept: plan.kept.clone(),
            kept_diagonal: plan.kept.iter().map(|&i| finder.locate(i, i).0).collect(),
            gone,
        };
        assembly.list_couplings(plan, &finder);
        assembly.turn(plan);
        assembly.list_terms(plan, &finder);
        assembly.list_targets(&finder);
        assembly.carry(plan, &finder);
        assembly
    }

    pub fn terms(&self) -> usize {
        self.term_by.len()
    }

    /// The targets of the pairs that a later unknown touches, for the pairs (a, b) with `a` not before `b` in
    /// its list.
    #[inline(always)]
    pub fn targets_of(&self, e: usize) -> &[(u32, bool)] {
        let k = e - self.direct;
        &self.targets[self.target_starts[k] as usize..self.target_starts[k + 1] as usize]
    }

    fn touched_by(&self, e: usize) -> &[u32] {
        &self.touched[self.starts[e] as usize..self.starts[e + 1] as usize]
    }

    fn list_couplings(&mut self, plan: &Plan, finder: &Finder<'_>) {
        for (e, &i) in self.gone.iter().enumerate() {
            if e < plan.direct {
                for c in plan.couplings.of(i as usize) {
                    self.touched.push(c.other);
                    self.row_at.push(c.row);
                    self.column_at.push(c.column);
                }
                self.pivot_at.push(plan.couplings.diagonal[i as usize]);
            } else {
                self.touched.extend_from_slice(finder.touched_later(i));
                self.pivot_at.push(finder.locate(i, i).0);
            }
            self.starts.push(self.touched.len() as u32);
        }
    }

    /// The couplings of the direct unknowns by whom they touch.
    fn turn(&mut self, plan: &Plan) {
        let direct = self.starts[self.direct] as usize;
        let mut counts = vec![0u32; plan.turn.len() + 1];
        for &i in &self.touched[..direct] {
            counts[i as usize + 1] += 1;
        }
        for i in 0..plan.turn.len() {
            if counts[i + 1] > 0 {
                self.stays.push(i as u32);
                self.turned_ends.push(counts[i] + counts[i + 1]);
            }
            counts[i + 1] += counts[i];
        }
        self.turned = vec![0; direct];
        self.turned_from = vec![0; direct];
        for e in 0..self.direct {
            for k in self.starts[e]..self.starts[e + 1] {
                let slot = &mut counts[self.touched[k as usize] as usize];
                self.turned[*slot as usize] = e as u32;
                self.turned_from[*slot as usize] = k;
                *slot += 1;
            }
        }
    }

    /// What each direct unknown adds to each entry, sorted by entry.
    fn list_terms(&mut self, plan: &Plan, finder: &Finder<'_>) {
        let mut found: Vec<(u32, bool)> = Vec::with_capacity(3 * self.direct);
        let mut starts = vec![0u32; self.entries + 1];
        for e in 0..self.direct {
            let touched = self.touched_by(e);
            for (k, &b) in touched.iter().enumerate() {
                for &a in &touched[k..] {
                    let place = finder.locate(a, b);
                    starts[place.0 as usize + 1] += 1;
                    found.push(place);
                }
            }
        }
        for t in 0..self.entries {
            starts[t + 1] += starts[t];
        }
        let mut next = starts.clone();
        self.term_by = vec![0; found.len()];
        self.lower_pairs = vec![(0, 0); found.len()];
        self.upper_pairs = vec![(0, 0); if plan.symmetric { 0 } else { found.len() }];
        let mut found = found.into_iter();
        for e in 0..self.direct {
            let range = self.starts[e]..self.starts[e + 1];
            for b in range.clone() {
                for a in b..range.end {
                    let Some((entry, turned)) = found.next() else {
                        return;
                    };
                    let slot = next[entry as usize] as usize;
                    next[entry as usize] += 1;
                    self.term_by[slot] = e as u32;
                    // below the diagonal: the column of the later one times the row of the earlier one
                    let (later, earlier) = if turned { (b, a) } else { (a, b) };
                    self.lower_pairs[slot] = (later, earlier);
                    if !plan.symmetric {
                        self.upper_pairs[slot] = (earlier, later);
                    }
                }
            }
        }
        self.term_starts = starts;
    }

    fn list_targets(&mut self, finder: &Finder<'_>) {
        for e in self.direct..self.gone.len() {
            let touched = &self.touched[self.starts[e] as usize..self.starts[e + 1] as usize];
            for (k, &b) in touched.iter().enumerate() {
                for &a in &touched[k..] {
                    self.targets.push(finder.locate(a, b));
                }
            }
            self.target_starts.push(self.targets.len() as u32);
        }
    }

    /// Jacobian entries among the unknowns that are not direct.
    fn carry(&mut self, plan: &Plan, finder: &Finder<'_>) {
        let direct = |j: u32| {
            plan.turn[j as usize] != NONE && (plan.turn[j as usize] as usize) < plan.direct
        };
        for i in 0..plan.turn.len() as u32 {
            if direct(i) {
                continue;
            }
            let diagonal = plan.couplings.diagonal[i as usize];
            if diagonal != NONE {
                self.carried_lower
                    .push((finder.locate(i, i).0, diagonal, i));
            }
            for c in plan.couplings.of(i as usize) {
                // of a symmetric pair one entry counts, and it counts once
                let twice = plan.symmetric && c.column != NONE && c.other > i;
                if c.row == NONE || direct(c.other) || twice {
                    continue;
                }
                // row i, column c.other: below the diagonal when the column goes first
                let (entry, turned) = finder.locate(i, c.other);
                if turned && !plan.symmetric {
                    self.carried_upper.push((entry, c.row, i));
                } else {
                    self.carried_lower.push((entry, c.row, i));
                }
            }
        }
    }
}

/// Finds entries.
struct Finder<'a> {
    plan: &'a Plan,
    symbolic: &'a Symbolic,
    /// The number of the diagonal of each later unknown; its couplings follow.
    later: Vec<u32>,
    entries: usize,
}

impl<'a> Finder<'a> {
    fn new(plan: &'a Plan, symbolic: &'a Symbolic) -> Self {
        let mut next = symbolic.entry_rows.len();
        let mut later = Vec::with_capacity(plan.touched_starts.len());
        for ends in plan.touched_starts.windows(2) {
            later.push(next as u32);
            next += 1 + (ends[1] - ends[0]) as usize;
        }
        Self {
            plan,
            symbolic,
            later,
            entries: next,
        }
    }

    /// The direct unknowns by how many others they touch, then the later ones in their order.
    fn order(&self) -> Vec<u32> {
        let mut gone = self.plan.gone.clone();
        let touches = |i: &u32| self.plan.couplings.of(*i as usize).len();
        gone[..self.plan.direct].sort_by_key(touches);
        gone
    }

    fn pairs(&self, gone: &[u32]) -> Run {
        let touches = |i: &u32| self.plan.couplings.of(*i as usize).len();
        let direct = &gone[..self.plan.direct];
        Run {
            start: direct.partition_point(|i| touches(i) < 2),
            end: direct.partition_point(|i| touches(i) <= 2),
        }
    }

    fn touched_later(&self, i: u32) -> &[u32] {
        let k = self.plan.turn[i as usize] as usize - self.plan.direct;
        &self.plan.touched
            [self.plan.touched_starts[k] as usize..self.plan.touched_starts[k + 1] as usize]
    }

    /// The number of the entry of two unknowns that are not direct, and whether they are turned around: the
    /// first of them goes before the second.
    fn locate(&self, a: u32, b: u32) -> (u32, bool) {
        let (turn_a, turn_b) = (self.plan.turn[a as usize], self.plan.turn[b as usize]);
        if turn_a == NONE && turn_b == NONE {
            let (entry, a_later) = self
                .symbolic
                .entry(self.plan.core[a as usize], self.plan.core[b as usize]);
            return (entry, !a_later);
        }
        let a_first = turn_a < turn_b;
        let (first, other) = if a_first { (a, b) } else { (b, a) };
        let at = self.later[self.plan.turn[first as usize] as usize - self.plan.direct];
        if a == b {
            return (at, false);
        }
        let touched = self.touched_later(first);
        (
            at + 1 + touched.partition_point(|&j| j < other) as u32,
            a_first,
        )
    }
}
