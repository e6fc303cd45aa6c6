//! Integrals of an exponential that stay accurate as its rate goes through zero.

/// Integral of `e^(rate t)` over `[ends[0], ends[1]]`; `width` is `ends[1] - ends[0]` as accurately
/// as the caller knows it. The ends and the width may be infinite.
#[inline]
pub(super) fn exponential_integral(rate: f64, ends: [f64; 2], width: f64) -> f64 {
    if rate == 0.0 {
        return width;
    }
    let (top, step) = from_the_top(rate, ends, width);
    let sign = if step == width { 1.0 } else { -1.0 };
    sign * (rate * top).exp() * decay(rate, step)
}

/// Integral of `t e^(rate t)` over `[ends[0], ends[1]]`.
#[inline]
pub(super) fn exponential_moment(rate: f64, ends: [f64; 2], width: f64) -> f64 {
    if rate == 0.0 {
        return width * (0.5 * (ends[0] + ends[1]));
    }
    let (top, step) = from_the_top(rate, ends, width);
    let sign = if step == width { 1.0 } else { -1.0 };
    if top.is_infinite() {
        // The integrand grows without bound towards this end.
        return if width > 0.0 { top } else { -top };
    }
    sign * (rate * top).exp() * (top * decay(rate, step) + decay_moment(rate, step))
}

/// The end where the integrand is largest, and the signed way from there to the other end: factored
/// out there, the remaining exponentials lie in `[0, 1]` and cannot overflow.
#[inline]
fn from_the_top(rate: f64, ends: [f64; 2], width: f64) -> (f64, f64) {
    if rate * width <= 0.0 {
        (ends[0], width)
    } else {
        (ends[1], -width)
    }
}

/// Integral of `e^(rate s)` for `s` from 0 to `step`, where `rate * step <= 0`.
#[inline]
fn decay(rate: f64, step: f64) -> f64 {
    let product = rate * step;
    if product == 0.0 {
        step
    } else {
        product.exp_m1() / rate
    }
}

/// Integral of `s e^(rate s)` for `s` from 0 to `step`, where `rate * step <= 0`.
#[inline]
fn decay_moment(rate: f64, step: f64) -> f64 {
    let z = rate * step;
    if z == f64::NEG_INFINITY {
        1.0 / (rate * rate)
    } else if z > -1.0 {
        // Integral of v e^(z v) over [0, 1] by its series, since the closed form cancels here.
        let mut term = 1.0;
        let mut sum = 0.5;
        for n in 1..20 {
            term *= z / f64::from(n);
            sum += term / f64::from(n + 2);
        }
        step * step * sum
    } else {
        (z.exp() * (z - 1.0) + 1.0) / (rate * rate)
    }
}
