//! The proximal point method: a problem held to a point, more loosely each time.
//!
//! `F(x) + strength sF/sx (x - centre)` has one solution where `F` is monotone, also where the problem itself has many,
//! or such as run off to infinity (flows in a circle of free routes). Its solutions go to one of the problem's
//! (Rockafellar, SIAM Journal on Control and Optimization 14, 1976).

use super::{
    ComplementarityError, Outcome, Problem, Scale, Settings, Start, Structure, Workspace,
    solve_into,
};

/// How strongly the points are held, one after the other.
const STRENGTHS: [f64; 10] = [1.0, 0.3, 0.1, 0.03, 0.01, 3e-3, 1e-3, 1e-4, 1e-5, 1e-6];

struct Anchored<'a, P: ?Sized> {
    inner: &'a P,
    structure: Structure,
    /// Place of each of the problem's own entries.
    places: Vec<usize>,
    diagonal: Vec<usize>,
    /// Strength in the units of each row.
    hold: Vec<f64>,
    centre: Vec<f64>,
}

impl<'a, P: Problem + ?Sized> Anchored<'a, P> {
    fn new(inner: &'a P) -> Result<Self, ComplementarityError> {
        let own = inner.structure();
        let n = own.dimension();
        let rows = own.row_starts();
        let of_row = |i: usize| {
            own.columns()[rows[i]..rows[i + 1]]
                .iter()
                .map(move |&j| (i, j))
        };
        let entries = (0..n).flat_map(of_row);
        let structure = Structure::from_entries(n, entries.chain((0..n).map(|i| (i, i))))?;
        let place = |(i, j)| structure.position(i, j);
        let places = (0..n).flat_map(of_row).filter_map(place).collect();
        let diagonal = (0..n).filter_map(|i| structure.position(i, i)).collect();
        let mut centre = vec![0.0; n];
        inner.start(&mut centre);
        for (c, (l, u)) in centre
            .iter_mut()
            .zip(inner.lower().iter().zip(inner.upper()))
        {
            *c = c.max(*l).min(*u);
        }
        Ok(Self {
            inner,
            places,
            diagonal,
            hold: vec![0.0; n],
            centre,
            structure,
        })
    }

    fn loosen(&mut self, strength: f64) {
        let Scale { variable, residual } = self.inner.scale();
        for (hold, (x, f)) in self.hold.iter_mut().zip(variable.iter().zip(residual)) {
            *hold = strength * f / x;
        }
    }
}

impl<P: Problem + ?Sized> Problem for Anchored<'_, P> {
    fn structure(&self) -> &Structure {
        &self.structure
    }

    fn lower(&self) -> &[f64] {
        self.inner.lower()
    }

    fn upper(&self) -> &[f64] {
        self.inner.upper()
    }

    fn scale(&self) -> Scale<'_> {
        self.inner.scale()
    }

    fn evaluate(&self, x: &[f64], residual: &mut [f64], jacobian: Option<&mut [f64]>) {
        match jacobian {
            Some(values) => {
                let mut own = vec![0.0; self.places.len()];
                self.inner.evaluate(x, residual, Some(&mut own));
                values.fill(0.0);
                for (&place, value) in self.places.iter().zip(own) {
                    values[place] += value;
                }
                for (&place, hold) in self.diagonal.iter().zip(&self.hold) {
                    values[place] += hold;
                }
            }
            None => self.inner.evaluate(x, residual, None),
        }
        for (f, (hold, (x, c))) in residual
            .iter_mut()
            .zip(self.hold.iter().zip(x.iter().zip(&self.centre)))
        {
            *f += hold * (x - c);
        }
    }

    fn start(&self, x: &mut [f64]) {
        x.copy_from_slice(&self.centre);
    }

    fn positive(&self) -> Option<&[bool]> {
        self.inner.positive()
    }

    fn affine(&self) -> bool {
        self.inner.affine()
    }
}

/// Solves a problem through ever looser ones, from its own start; the workspace returned holds the solution.
pub(crate) fn solve_anchored<P: Problem + ?Sized>(
    problem: &P,
    settings: &Settings,
) -> Option<(Outcome, Workspace)> {
    let mut anchored = Anchored::new(problem).ok()?;
    let mut held = Workspace::new(&anchored.structure, settings).ok()?;
    let mut own = Workspace::new(problem.structure(), settings).ok()?;
    let mut start = Start::Cold;
    for strength in STRENGTHS {
        anchored.loosen(strength);
        // twice, so that the centre is no longer that of a much stronger hold
        for _ in 0..2 {
            let outcome = solve_into(&anchored, settings, &mut held, start).ok()?;
            if !outcome.converged() {
                return None;
            }
            anchored.centre.copy_from_slice(held.solution());
            start = Start::Warm;
        }
        own.set_point(held.solution()).ok()?;
        if let Some(outcome) = own.finish_undetermined(problem, settings) {
            return Some((outcome, own));
        }
        own.set_point(held.solution()).ok()?;
        if let Ok(outcome) = solve_into(problem, settings, &mut own, Start::Warm)
            && outcome.converged()
        {
            return Some((outcome, own));
        }
    }
    None
}
