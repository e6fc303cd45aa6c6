//! The pattern of a supernodal factorisation: elimination tree, supernodes, row structures.
//!
//! T. A. Davis, Direct Methods for Sparse Linear Systems, SIAM 2006, chapter 4, for tree and counts; the
//! merging of small supernodes into their parents follows the relaxed amalgamation of Ashcraft and Grimes,
//! ACM Trans. Math. Softw. 15 (1989).

/// Marks the absence of a parent.
pub(super) const NONE: u32 = u32::MAX;

/// A symmetric pattern without its diagonal.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    pub starts: Vec<u32>,
    pub neighbours: Vec<u32>,
}

impl Graph {
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    pub fn of(&self, i: usize) -> &[u32] {
        &self.neighbours[self.starts[i] as usize..self.starts[i + 1] as usize]
    }

    /// A graph from edges in either direction, which may repeat.
    pub fn from_edges(n: usize, edges: &[(u32, u32)]) -> Self {
        let mut starts = vec![0u32; n + 2];
        for &(a, b) in edges {
            starts[a as usize + 2] += 1;
            starts[b as usize + 2] += 1;
        }
        for i in 2..n + 2 {
            starts[i] += starts[i - 1];
        }
        let mut neighbours = vec![0u32; 2 * edges.len()];
        for &(a, b) in edges {
            for (from, to) in [(a, b), (b, a)] {
                let next = &mut starts[from as usize + 1];
                neighbours[*next as usize] = to;
                *next += 1;
            }
        }
        // drop repetitions
        let mut seen = vec![NONE; n];
        let mut kept = 0;
        let mut begin = 0;
        for i in 0..n {
            let end = starts[i + 1] as usize;
            for k in begin..end {
                let j = neighbours[k];
                if seen[j as usize] != i as u32 {
                    seen[j as usize] = i as u32;
                    neighbours[kept] = j;
                    kept += 1;
                }
            }
            begin = end;
            starts[i + 1] = kept as u32;
        }
        starts.truncate(n + 1);
        neighbours.truncate(kept);
        Self { starts, neighbours }
    }
}

/// Supernodes in elimination order: node `k` of the order is unknown `order[k]` of the graph.
#[derive(Debug, Clone, Default)]
pub(super) struct Symbolic {
    pub order: Vec<u32>,
    pub place: Vec<u32>,
    /// First column of each supernode, and one past the last.
    pub first: Vec<u32>,
    /// Where the rows below each supernode's own stand in `rows`.
    pub row_starts: Vec<u32>,
    pub rows: Vec<u32>,
    /// For each of `rows`: its position in the front of the parent.
    pub relative: Vec<u32>,
    pub parent: Vec<u32>,
    /// Where each supernode's panel starts; panels are column-major with own rows first.
    pub panel_starts: Vec<usize>,
    /// Supernode of each column.
    pub owner: Vec<u32>,
    /// Numbers needed for the update matrices that wait for their parent.
    pub stack: usize,
    /// Where each column's entries start: its diagonal, then the entries below it, rows increasing. Rows are
    /// counted in the order of elimination.
    pub entry_starts: Vec<u32>,
    pub entry_rows: Vec<u32>,
    /// Where each entry stands within the panel of its supernode.
    pub entry_places: Vec<u32>,
}

impl Symbolic {
    pub fn supernodes(&self) -> usize {
        self.parent.len()
    }

    pub fn panel_length(&self) -> usize {
        self.panel_starts.last().copied().unwrap_or(0)
    }

    /// Multiplications of a symmetric factorisation, roughly.
    pub fn work(&self) -> f64 {
        (0..self.supernodes())
            .map(|s| {
                let own = f64::from(self.first[s + 1] - self.first[s]);
                let below = f64::from(self.row_starts[s + 1] - self.row_starts[s]);
                own * own * own / 6.0 + own * below * (own + below) / 2.0
            })
            .sum()
    }

    /// Everything in one front.
    pub fn dense(graph: &Graph) -> Self {
        let n = graph.len();
        let order: Vec<u32> = (0..n as u32).collect();
        let mut symbolic = Self {
            place: order.clone(),
            order,
            first: vec![0, n as u32],
            row_starts: vec![0, 0],
            parent: vec![NONE],
            panel_starts: vec![0, n * n],
            owner: vec![0; n],
            ..Self::default()
        };
        symbolic.number_entries(graph);
        symbolic
    }

    /// Numbers the entries of the matrix by columns in the order of elimination.
    fn number_entries(&mut self, graph: &Graph) {
        let n = graph.len();
        self.entry_starts = Vec::with_capacity(n + 1);
        self.entry_starts.push(0);
        self.entry_rows = Vec::with_capacity(n + graph.neighbours.len() / 2);
        for (j, &i) in self.order.iter().enumerate() {
            let from = self.entry_rows.len();
            self.entry_rows.push(j as u32);
            for &neighbour in graph.of(i as usize) {
                let row = self.place[neighbour as usize];
                if row as usize > j {
                    self.entry_rows.push(row);
                }
            }
            self.entry_rows[from + 1..].sort_unstable();
            self.entry_starts.push(self.entry_rows.len() as u32);
        }
        self.entry_places = Vec::with_capacity(self.entry_rows.len());
        for j in 0..n {
            let s = self.owner[j] as usize;
            let (first, end) = (self.first[s], self.first[s + 1]);
            let own = end - first;
            let rows = &self.rows[self.row_starts[s] as usize..self.row_starts[s + 1] as usize];
            let column = (j as u32 - first) * (own + rows.len() as u32);
            let mut k = 0;
            for at in self.entry_starts[j] as usize..self.entry_starts[j + 1] as usize {
                let row = self.entry_rows[at];
                let local = if row < end {
                    row - first
                } else {
                    while rows[k] != row {
                        k += 1;
                    }
                    own + k as u32
                };
                self.entry_places.push(column + local);
            }
        }
    }

    /// The number of the entry of two unknowns of the graph, and whether the first of them goes later.
    pub fn entry(&self, a: u32, b: u32) -> (u32, bool) {
        let (i, j) = (self.place[a as usize], self.place[b as usize]);
        let (row, column) = if i >= j { (i, j) } else { (j, i) };
        let start = self.entry_starts[column as usize];
        let rows =
            &self.entry_rows[start as usize..self.entry_starts[column as usize + 1] as usize];
        (start + rows.partition_point(|&r| r < row) as u32, i >= j)
    }

    /// The factorisation of a graph in a given order.
    pub fn new(graph: &Graph, order: Vec<u32>) -> Self {
        let n = graph.len();
        let place = inverse(&order);
        let parent = tree(graph, &order, &place);
        let post = postorder(&parent);
        let order: Vec<u32> = post.iter().map(|&k| order[k as usize]).collect();
        let place = inverse(&order);
        let renamed = inverse(&post);
        let parent: Vec<u32> = post
            .iter()
            .map(|&k| match parent[k as usize] {
                NONE => NONE,
                p => renamed[p as usize],
            })
            .collect();
        let counts = column_counts(graph, &order, &place, &parent);
        let first = supernodes(&parent, &counts);
        let mut symbolic = Self {
            owner: vec![0; n],
            order,
            place,
            first,
            ..Self::default()
        };
        symbolic.find_rows(graph, &parent);
        symbolic.number_entries(graph);
        symbolic
    }

    fn find_rows(&mut self, graph: &Graph, column_parent: &[u32]) {
        let n = graph.len();
        let count = self.first.len() - 1;
        for s in 0..count {
            self.owner[self.first[s] as usize..self.first[s + 1] as usize].fill(s as u32);
        }
        // children of a supernode, as a list per supernode
        let mut child = vec![NONE; count];
        let mut sibling = vec![NONE; count];
        self.parent = (0..count)
            .map(|s| match column_parent[self.first[s + 1] as usize - 1] {
                NONE => NONE,
                p => self.owner[p as usize],
            })
            .collect();
        let mut seen = vec![NONE; n];
        self.row_starts.push(0);
        self.panel_starts.push(0);
        for s in 0..count {
            let (begin, end) = (self.first[s] as usize, self.first[s + 1] as usize);
            let from = self.rows.len();
            for k in begin..end {
                for &neighbour in graph.of(self.order[k] as usize) {
                    let row = self.place[neighbour as usize];
                    if row as usize >= end && seen[row as usize] != s as u32 {
                        seen[row as usize] = s as u32;
                        self.rows.push(row);
                    }
                }
            }
            let mut c = child[s];
            while c != NONE {
                let range =
                    self.row_starts[c as usize] as usize..self.row_starts[c as usize + 1] as usize;
                for k in range {
                    let row = self.rows[k];
                    if row as usize >= end && seen[row as usize] != s as u32 {
                        seen[row as usize] = s as u32;
                        self.rows.push(row);
                    }
                }
                c = sibling[c as usize];
            }
            self.rows[from..].sort_unstable();
            self.row_starts.push(self.rows.len() as u32);
            let own = end - begin;
            self.panel_starts
                .push(self.panel_starts[s] + own * (own + self.rows.len() - from));
            if self.parent[s] != NONE {
                let p = self.parent[s] as usize;
                sibling[s] = child[p];
                child[p] = s as u32;
            }
        }
        self.find_relative();
        self.find_stack();
    }

    fn find_relative(&mut self) {
        self.relative = vec![0; self.rows.len()];
        for s in 0..self.supernodes() {
            if self.parent[s] == NONE {
                continue;
            }
            let p = self.parent[s] as usize;
            let (begin, end) = (self.first[p], self.first[p + 1]);
            let mut k = self.row_starts[p] as usize;
            for at in self.row_starts[s] as usize..self.row_starts[s + 1] as usize {
                let row = self.rows[at];
                self.relative[at] = if row < end {
                    row - begin
                } else {
                    while self.rows[k] != row {
                        k += 1;
                    }
                    end - begin + (k as u32 - self.row_starts[p])
                };
            }
        }
    }

    /// Peak of the update matrices that wait, each after those of its children, before it moves down.
    fn find_stack(&mut self) {
        let mut waiting: Vec<(u32, usize)> = Vec::new();
        let (mut height, mut peak) = (0, 0);
        for s in 0..self.supernodes() {
            let below = (self.row_starts[s + 1] - self.row_starts[s]) as usize;
            let own = below * below;
            peak = peak.max(height + own);
            while let Some(&(parent, size)) = waiting.last() {
                if parent as usize != s {
                    break;
                }
                height -= size;
                waiting.pop();
            }
            if self.parent[s] != NONE {
                waiting.push((self.parent[s], own));
                height += own;
            }
        }
        self.stack = peak;
    }
}

fn inverse(order: &[u32]) -> Vec<u32> {
    let mut place = vec![0; order.len()];
    for (k, &i) in order.iter().enumerate() {
        place[i as usize] = k as u32;
    }
    place
}

fn tree(graph: &Graph, order: &[u32], place: &[u32]) -> Vec<u32> {
    let n = order.len();
    let mut parent = vec![NONE; n];
    let mut ancestor = vec![NONE; n];
    for k in 0..n {
        for &neighbour in graph.of(order[k] as usize) {
            let mut j = place[neighbour as usize];
            while j != NONE && (j as usize) < k {
                let next = ancestor[j as usize];
                ancestor[j as usize] = k as u32;
                if next == NONE {
                    parent[j as usize] = k as u32;
                }
                j = next;
            }
        }
    }
    parent
}

fn postorder(parent: &[u32]) -> Vec<u32> {
    let n = parent.len();
    let mut child = vec![NONE; n];
    let mut sibling = vec![NONE; n];
    for k in (0..n).rev() {
        if parent[k] != NONE {
            sibling[k] = child[parent[k] as usize];
            child[parent[k] as usize] = k as u32;
        }
    }
    let mut post = Vec::with_capacity(n);
    let mut stack = Vec::new();
    for root in 0..n {
        if parent[root] != NONE {
            continue;
        }
        stack.push(root as u32);
        while let Some(&top) = stack.last() {
            let next = child[top as usize];
            if next == NONE {
                post.push(top);
                stack.pop();
            } else {
                child[top as usize] = sibling[next as usize];
                stack.push(next);
            }
        }
    }
    post
}

/// Entries of each column of the factor, the diagonal included; the order is a postorder.
fn column_counts(graph: &Graph, order: &[u32], place: &[u32], parent: &[u32]) -> Vec<u32> {
    let n = order.len();
    let mut first = vec![NONE; n];
    let mut delta = vec![0i64; n];
    for k in 0..n {
        delta[k] = i64::from(first[k] == NONE);
        let mut j = k as u32;
        while j != NONE && first[j as usize] == NONE {
            first[j as usize] = k as u32;
            j = parent[j as usize];
        }
    }
    let mut largest_first = vec![NONE; n];
    let mut previous_leaf = vec![NONE; n];
    let mut ancestor: Vec<u32> = (0..n as u32).collect();
    for j in 0..n {
        if parent[j] != NONE {
            delta[parent[j] as usize] -= 1;
        }
        for &neighbour in graph.of(order[j] as usize) {
            let i = place[neighbour as usize] as usize;
            // j is a leaf of the row subtree of i when its first descendant is new there
            if i <= j || (largest_first[i] != NONE && first[j] <= largest_first[i]) {
                continue;
            }
            largest_first[i] = first[j];
            let previous = previous_leaf[i];
            previous_leaf[i] = j as u32;
            delta[j] += 1;
            if previous != NONE {
                let mut q = previous;
                while q != ancestor[q as usize] {
                    q = ancestor[q as usize];
                }
                let mut walk = previous;
                while walk != q {
                    let next = ancestor[walk as usize];
                    ancestor[walk as usize] = q;
                    walk = next;
                }
                delta[q as usize] -= 1;
            }
        }
        if parent[j] != NONE {
            ancestor[j] = parent[j];
        }
    }
    for j in 0..n {
        if parent[j] != NONE {
            delta[parent[j] as usize] += delta[j];
        }
    }
    delta.into_iter().map(|count| count.max(1) as u32).collect()
}

/// Share of explicit zeros that a merged supernode of a number of columns may have.
fn zeros_allowed(columns: u32) -> f64 {
    match columns {
        0..=4 => 1.0,
        5..=16 => 0.8,
        17..=48 => 0.15,
        _ => 0.05,
    }
}

/// First columns of supernodes after merging.
fn supernodes(parent: &[u32], counts: &[u32]) -> Vec<u32> {
    let n = parent.len();
    struct Super {
        first: u32,
        columns: u32,
        rows: u32,
        zeros: f64,
    }
    // a stack of finished supernodes; the last one before a supernode is its last child, if it is one
    let mut done: Vec<Super> = Vec::new();
    let mut j = 0;
    while j < n {
        let begin = j;
        while j + 1 < n && parent[j] == (j + 1) as u32 && counts[j] == counts[j + 1] + 1 {
            j += 1;
        }
        j += 1;
        let mut current = Super {
            first: begin as u32,
            columns: (j - begin) as u32,
            rows: counts[begin],
            zeros: 0.0,
        };
        while let Some(child) = done.last() {
            let last_of_child = child.first + child.columns - 1;
            let adopted = parent[last_of_child as usize];
            if adopted == NONE
                || adopted < current.first
                || adopted >= current.first + current.columns
            {
                break;
            }
            let columns = child.columns + current.columns;
            let rows = child.columns + current.rows;
            let added = f64::from(child.columns) * f64::from(rows - child.rows);
            let zeros = child.zeros + current.zeros + added;
            let size = f64::from(columns) * (f64::from(rows) - 0.5 * f64::from(columns - 1));
            if zeros > zeros_allowed(columns) * size {
                break;
            }
            current = Super {
                first: child.first,
                columns,
                rows,
                zeros,
            };
            done.pop();
        }
        done.push(current);
    }
    let mut first: Vec<u32> = done.iter().map(|s| s.first).collect();
    first.push(n as u32);
    first
}
