//! Whether a question can be asked at all, and the sizes of its unknowns and conditions.

use super::evaluation::Sizes;
use super::linear::wide;
use super::workspace::Workspace;
use super::{ComplementarityError, Problem, Scale};

/// Reads the sizes of a problem into the workspace.
///
/// # Errors
/// When the problem does not fit the workspace, or a bound, scale or weight is not one.
pub(super) fn check<P: Problem + ?Sized>(
    problem: &P,
    workspace: &mut Workspace,
) -> Result<(), ComplementarityError> {
    let n = workspace.structure.dimension();
    let structure = problem.structure();
    if structure.dimension() != n || structure.entries() != workspace.structure.entries() {
        return Err(ComplementarityError::Workspace {
            expected: n,
            expected_entries: workspace.structure.entries(),
            found: structure.dimension(),
            found_entries: structure.entries(),
        });
    }
    let (lower, upper, scale) = (problem.lower(), problem.upper(), problem.scale());
    let weights = problem.weights();
    let positive = problem.positive();
    for (what, found) in [
        ("lower bound", lower.len()),
        ("upper bound", upper.len()),
        ("variable scale", scale.variable.len()),
        ("residual scale", scale.residual.len()),
        ("row weight", weights.map_or(n, <[f64]>::len)),
        ("positivity", positive.map_or(n, <[bool]>::len)),
    ] {
        if found != n {
            return Err(ComplementarityError::Length {
                what,
                expected: n,
                found,
            });
        }
    }
    let sizes = &mut workspace.sizes;
    let sound = wide(
        #[inline(always)]
        || read_sizes(sizes, scale, weights) & are_bounds(lower, upper),
    );
    let free = positive.is_none_or(|positive| {
        positive
            .iter()
            .zip(upper)
            .all(|(&positive, &u)| !positive || u > 0.0)
    });
    if sound && free {
        return Ok(());
    }
    (0..n).try_for_each(|i| check_one(problem, i))
}

/// The sizes in the form that loops use; false if one of them is not a size.
#[inline(always)]
fn read_sizes(sizes: &mut Sizes, scale: Scale<'_>, weights: Option<&[f64]>) -> bool {
    let n = scale.variable.len();
    sizes.residual[..n].copy_from_slice(scale.residual);
    let mut sound = true;
    if let Some(weights) = weights {
        for (residual, &weight) in sizes.residual.iter_mut().zip(weights) {
            sound &= is_size(weight);
            *residual *= weight;
        }
    }
    sizes.variable[..n].copy_from_slice(scale.variable);
    let inverse = sizes
        .inverse_variable
        .iter_mut()
        .zip(&mut sizes.inverse_residual);
    let from = sizes
        .variable
        .iter()
        .zip(&sizes.residual)
        .zip(scale.residual);
    for (((by_variable, by_residual), ratio), ((&variable, &residual), &unweighted)) in
        inverse.zip(&mut sizes.ratio).zip(from)
    {
        sound &= is_size(variable) & is_size(unweighted);
        *by_variable = 1.0 / variable;
        *by_residual = 1.0 / residual;
        *ratio = variable * *by_residual;
    }
    sound
}

#[inline(always)]
fn is_size(value: f64) -> bool {
    (value > 0.0) & (value < f64::INFINITY)
}

/// Whether there is a number between all bounds.
#[inline(always)]
fn are_bounds(lower: &[f64], upper: &[f64]) -> bool {
    let mut sound = true;
    for (&l, &u) in lower.iter().zip(upper) {
        sound &= (l <= u) & (l < f64::INFINITY) & (u > f64::NEG_INFINITY);
    }
    sound
}

/// What is wrong with an unknown.
fn check_one<P: Problem + ?Sized>(problem: &P, i: usize) -> Result<(), ComplementarityError> {
    let (l, u, scale) = (problem.lower()[i], problem.upper()[i], problem.scale());
    if l.is_nan() || u.is_nan() || l > u {
        return Err(ComplementarityError::Bounds {
            name: problem.name(i),
            lower: l,
            upper: u,
        });
    }
    if l == f64::INFINITY || u == f64::NEG_INFINITY {
        return Err(ComplementarityError::Unattainable {
            name: problem.name(i),
            lower: l,
            upper: u,
        });
    }
    if problem.positive().is_some_and(|positive| positive[i]) && u <= 0.0 {
        return Err(ComplementarityError::Positive {
            name: problem.name(i),
            upper: u,
        });
    }
    let weight = problem.weights().map_or(1.0, |weights| weights[i]);
    for (what, value) in [
        ("variable scale", scale.variable[i]),
        ("residual scale", scale.residual[i]),
        ("row weight", weight),
    ] {
        if !is_size(value) {
            return Err(ComplementarityError::Scale {
                what,
                name: problem.name(i),
                value,
            });
        }
    }
    Ok(())
}
