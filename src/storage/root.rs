/// The root between two points of opposite sign (the method of Illinois).
pub(super) fn root(
    of: impl Fn(f64) -> f64,
    (mut a, mut fa): (f64, f64),
    (mut b, mut fb): (f64, f64),
) -> f64 {
    let wide = (b - a).abs();
    for _ in 0..100 {
        let middle = b - fb * (b - a) / (fb - fa);
        let value = of(middle);
        if value == 0.0 || (b - a).abs() <= 1e-13 * wide {
            return middle;
        }
        if (value > 0.0) == (fb > 0.0) {
            fa *= 0.5;
        } else {
            (a, fa) = (b, fb);
        }
        if (middle - b).abs() <= 1e-14 * wide {
            return middle;
        }
        (b, fb) = (middle, value);
    }
    b
}
