//! Fill-reducing orders.

use super::symbolic::Graph;

/// Up to this many kept unknowns one dense front is faster than any order: finding an order costs about as
/// much as a solve there.
pub(super) const DENSE: usize = if cfg!(feature = "sparse") {
    48
} else {
    usize::MAX
};

/// Approximate minimum degree.
#[cfg(feature = "sparse")]
pub(super) fn order(graph: &Graph) -> Vec<u32> {
    use faer::dyn_stack::{MemBuffer, MemStack};
    use faer::sparse::SymbolicSparseColMatRef;
    use faer::sparse::linalg::amd;

    let n = graph.len();
    let natural = || (0..n as u32).collect::<Vec<u32>>();
    let mut order = natural();
    let mut place = natural();
    let mut starts = Vec::with_capacity(n + 1);
    let mut rows = Vec::with_capacity(graph.neighbours.len() / 2);
    starts.push(0u32);
    for j in 0..n {
        rows.extend(graph.of(j).iter().copied().filter(|&i| (i as usize) < j));
        starts.push(rows.len() as u32);
    }
    let upper = SymbolicSparseColMatRef::new_unsorted_checked(n, n, &starts, None, &rows);
    let needed = amd::order_maybe_unsorted_scratch::<u32>(n, rows.len());
    let Ok(mut memory) = MemBuffer::try_new(needed) else {
        return order;
    };
    let done = amd::order_maybe_unsorted(
        &mut order,
        &mut place,
        upper,
        amd::Control::default(),
        MemStack::new(&mut memory),
    );
    if done.is_ok() { order } else { natural() }
}

/// Without sparse factorisations everything is one front, in the order it came.
#[cfg(not(feature = "sparse"))]
pub(super) fn order(graph: &Graph) -> Vec<u32> {
    (0..graph.len() as u32).collect()
}
