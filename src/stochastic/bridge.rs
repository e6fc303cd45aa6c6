//! The Brownian bridge: which Sobol dimension settles which part of a path.

use super::sobol::Net;
use super::source::PATHS;

/// Builds a Brownian motion from its end inwards (Caflisch and Moskowitz 1995) and hands back its normalised
/// increments, which are independent standard normals whatever order they were built in.
#[derive(Debug)]
pub(super) struct Bridge {
    factors: usize,
    nodes: Vec<Node>,
    /// One over the standard deviation of each step's increment; the last time is first.
    steps: Vec<Scale>,
}

/// A point of the motion given its neighbours: left * W(left) + right * W(right) + deviation * z.
#[derive(Debug)]
struct Node {
    at: usize,
    left: Option<(usize, f64)>,
    right: Option<(usize, f64)>,
    deviation: f64,
}

#[derive(Debug)]
struct Scale {
    at: usize,
    previous: Option<usize>,
    reciprocal: f64,
}

impl Bridge {
    /// `times` are increasing. At time zero nothing has moved, so such a step has nothing to settle and its normal
    /// is a dimension of its own, the last.
    pub fn new(times: &[f64], factors: usize) -> Self {
        let first = usize::from(times.first() == Some(&0.0));
        let time = |k: Option<usize>| k.map_or(0.0, |k| times[k]);
        let mut nodes = Vec::with_capacity(times.len());
        if let Some(last) = times.len().checked_sub(1).filter(|&last| last >= first) {
            nodes.push(Node {
                at: last,
                left: None,
                right: None,
                deviation: times[last].sqrt(),
            });
            // Breadth first, so that coarse points come in early dimensions. None on the left is the origin.
            let mut gaps = std::collections::VecDeque::from([(None, last)]);
            while let Some((left, right)) = gaps.pop_front() {
                let low: usize = left.map_or(first, |left: usize| left + 1);
                if low >= right {
                    continue;
                }
                let at = low + (right - low) / 2;
                let (before, after) = (times[at] - time(left), times[right] - times[at]);
                let whole = before + after;
                nodes.push(Node {
                    at,
                    left: left.map(|left| (left, after / whole)),
                    right: Some((right, before / whole)),
                    deviation: (before * after / whole).sqrt(),
                });
                gaps.push_back((left, at));
                gaps.push_back((Some(at), right));
            }
        }
        let steps = (first..times.len())
            .rev()
            .map(|at| {
                let previous = at.checked_sub(1).filter(|&k| k >= first);
                Scale {
                    at,
                    previous,
                    reciprocal: 1.0 / (times[at] - time(previous)).sqrt(),
                }
            })
            .collect();
        if first == 1 {
            nodes.push(Node {
                at: 0,
                left: None,
                right: None,
                deviation: 1.0,
            });
        }
        Self {
            factors,
            nodes,
            steps,
        }
    }

    /// Normals of the points from `first` on, in rows `time * factors + factor`.
    pub fn build(&self, net: &Net, first: u32, rows: &mut [[f64; PATHS]]) {
        let mut z = [0.0; PATHS];
        for (number, node) in self.nodes.iter().enumerate() {
            for factor in 0..self.factors {
                net.fill(first, number * self.factors + factor, &mut z);
                for z in &mut z {
                    *z *= node.deviation;
                }
                for &(neighbour, weight) in node.left.iter().chain(&node.right) {
                    let other = &rows[neighbour * self.factors + factor];
                    for (z, w) in z.iter_mut().zip(other) {
                        *z += weight * w;
                    }
                }
                rows[node.at * self.factors + factor] = z;
            }
        }
        for step in &self.steps {
            for factor in 0..self.factors {
                let before = step
                    .previous
                    .map_or([0.0; PATHS], |k| rows[k * self.factors + factor]);
                for (w, before) in rows[step.at * self.factors + factor].iter_mut().zip(before) {
                    *w = (*w - before) * step.reciprocal;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::normals::Normals;
    use super::super::stream::Draws;
    use super::super::{PATHS, TimeGrid};

    /// Over one whole net of Sobol points the normals have mean 0, variance 1 and no correlation between steps or
    /// factors, to far better than the 1/sqrt(n) of random points.
    #[test]
    fn increments_are_independent_standard_normals() {
        let grid = TimeGrid::new(vec![0.0, 0.3, 0.5, 1.0, 2.5, 2.6]).unwrap();
        let points = 1 << 13;
        let normals = Normals::new(&grid, 2, Draws::Sobol { seed: 4, points }).unwrap();
        let rows = normals.rows();
        assert_eq!(rows, 12);
        let mut block = vec![0.0; rows * PATHS];
        let mut sums = vec![0.0; rows];
        let mut products = vec![0.0; rows * rows];
        for number in 0..u64::from(points) / PATHS as u64 {
            normals.fill(number, &mut block).unwrap();
            let (block, _) = block.as_chunks::<PATHS>();
            for i in 0..rows {
                sums[i] += block[i].iter().sum::<f64>();
                for j in 0..rows {
                    products[i * rows + j] += block[i]
                        .iter()
                        .zip(&block[j])
                        .map(|(a, b)| a * b)
                        .sum::<f64>();
                }
            }
        }
        let n = f64::from(points);
        for i in 0..rows {
            assert!(
                (sums[i] / n).abs() < 2e-3,
                "mean of row {i}: {}",
                sums[i] / n
            );
            for j in 0..rows {
                let expected = f64::from(u8::from(i == j));
                let found = products[i * rows + j] / n;
                assert!((found - expected).abs() < 1e-2, "rows {i} and {j}: {found}");
            }
        }
    }
}
