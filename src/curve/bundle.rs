//! The pieces of a curve and how they are cut, stacked and added.

use super::check::Check;
use super::prices::CORNER;
use super::segment::join;
use super::{CurveError, Piece, Segment, Side};

/// Where the units added by a positive shift are found among the parameters.
pub(super) const SHIFT: &str = "shift";
/// Where the units bought at the choke price are found.
pub(super) const CHOKE: &str = "choke";

/// The horizontal sum of chains. The pieces of one chain cover disjoint prices, in the order in which
/// their units are bought or sold.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bundle {
    pub side: Side,
    pub chains: Vec<Vec<Piece>>,
}

impl Bundle {
    pub(super) fn chain(side: Side, pieces: Vec<Piece>) -> Self {
        Self {
            side,
            chains: vec![pieces],
        }
    }

    pub(super) fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.chains.iter().flatten()
    }

    pub(super) fn check(&self) -> Check {
        Check { side: self.side }
    }

    /// Names and values of the parameters, piece by piece.
    pub(super) fn parameters(&self) -> Vec<(String, f64)> {
        let named = |piece: &Piece| {
            let parameters = piece.segment.parameters();
            let name = |(name, value)| (piece.parameter_path(name), value);
            parameters.into_iter().map(name).collect::<Vec<_>>()
        };
        self.pieces().flat_map(named).collect()
    }

    pub(super) fn total(&self) -> f64 {
        self.pieces().fold(0.0, |sum, piece| sum + piece.capacity())
    }

    /// The sum of the parts, their paths prefixed by `part 1`, `part 2`, ...
    pub(super) fn sum(side: Side, parts: Vec<Self>) -> Self {
        let mut chains = Vec::new();
        for (index, mut part) in parts.into_iter().enumerate() {
            part.rename(|path| join(&numbered(index + 1), path));
            chains.append(&mut part.chains);
        }
        Self { side, chains }
    }

    /// The sum of two curves; a count is that of the parts of a curve that is itself a sum, whose
    /// parts are numbered on.
    pub(super) fn plus(mut self, mut other: Self, counts: [Option<usize>; 2]) -> Self {
        if counts[0].is_none() {
            self.rename(|path| join(&numbered(1), path));
        }
        let before = counts[0].unwrap_or(1);
        match counts[1] {
            None => other.rename(|path| join(&numbered(before + 1), path)),
            Some(count) => {
                let parts: Vec<String> = (1..=count).map(numbered).collect();
                other.rename(|path| {
                    let (part, rest) = path.split_once('/').unwrap_or((path, ""));
                    let index = parts.iter().position(|name| name == part).unwrap_or(0);
                    join(&numbered(before + 1 + index), rest)
                });
            }
        }
        self.chains.append(&mut other.chains);
        self
    }

    fn rename(&mut self, name: impl Fn(&str) -> String) {
        for piece in self.chains.iter_mut().flatten() {
            piece.path = name(&piece.path);
        }
    }

    /// With `quantity` more at every price: taken whatever the price by demand, offered at zero cost by supply.
    pub(super) fn more(mut self, quantity: f64) -> Self {
        for piece in self.chains.iter_mut().flatten() {
            if piece.path == SHIFT {
                match &mut piece.segment {
                    Segment::Fixed { quantity: held } => *held += quantity,
                    Segment::Price { capacity, .. } => *capacity += quantity,
                    Segment::Quantity { .. } => continue,
                }
                return self;
            }
        }
        let piece = match self.side {
            Side::Demand => Piece::fixed(SHIFT, quantity),
            Side::Supply => Piece::constant(SHIFT, 0.0, quantity),
        };
        match self.chains.as_mut_slice() {
            [chain] => chain.insert(0, piece),
            _ => self.chains.push(vec![piece]),
        }
        self
    }

    /// Without the units before number `from` and after number `to`, counted in the order in which
    /// the whole curve buys or sells them. In a horizontal sum each part is cut at the price at which
    /// the sum reaches that unit.
    pub(super) fn slice(&self, from: f64, to: f64) -> Result<Self, CurveError> {
        let first = self.allocate(from)?;
        let last = if to < self.total() {
            self.allocate(to)?
        } else {
            self.pieces().map(Piece::capacity).collect()
        };
        let mut cuts = first.into_iter().zip(last);
        let mut chains = Vec::with_capacity(self.chains.len());
        for chain in &self.chains {
            let cuts: Vec<(f64, f64)> = cuts.by_ref().take(chain.len()).collect();
            let ends = cuts
                .iter()
                .map(|(low, high)| if high.is_finite() { high } else { low });
            // Less than this left of a piece that is cut is rounding.
            let sliver = CORNER * ends.fold(0.0, |sum, end| sum + end);
            let mut kept = Vec::with_capacity(chain.len());
            for (piece, (low, high)) in chain.iter().zip(cuts) {
                let whole = low == 0.0 && high == piece.capacity();
                if whole || high - low > sliver {
                    kept.push(piece.slice(low, high));
                }
            }
            if !kept.is_empty() {
                chains.push(kept);
            }
        }
        Ok(Self {
            side: self.side,
            chains,
        })
    }

    /// With nothing bought above `price`, and up to what is wanted there bought at it.
    pub(super) fn choked(&self, price: f64) -> Self {
        let mut wanted = 0.0;
        let mut chains = Vec::with_capacity(self.chains.len() + 1);
        for chain in &self.chains {
            let mut kept = Vec::with_capacity(chain.len());
            for piece in chain {
                let above = piece.at(self.side, price).high();
                wanted += above;
                if above < piece.capacity() {
                    kept.push(piece.slice(above, f64::INFINITY));
                }
            }
            chains.push(kept);
        }
        if wanted > 0.0 {
            let choke = Piece::constant(CHOKE, price, wanted);
            match chains.as_mut_slice() {
                [chain] => chain.insert(0, choke),
                _ => chains.push(vec![choke]),
            }
        }
        chains.retain(|chain| !chain.is_empty());
        Self {
            side: self.side,
            chains,
        }
    }
}

fn numbered(part: usize) -> String {
    format!("part {part}")
}
