use super::Kernel;

/// Every kernel with parameters of both signs of slope, and a range on which it is finite.
fn cases() -> Vec<(Kernel, Vec<f64>, [f64; 2])> {
    let mut cases = vec![
        (Kernel::Constant, vec![7.0], [1.0, 9.0]),
        (Kernel::Linear, vec![20.0, -1.0], [2.0, 15.0]),
        (Kernel::Linear, vec![5.0, 0.5], [0.0, 15.0]),
        (Kernel::LinearQuantity, vec![20.0, -1.0], [2.0, 15.0]),
        (Kernel::LinearQuantity, vec![5.0, 0.5], [6.0, 15.0]),
        (Kernel::Exponential, vec![63.0, 82.0, -0.01], [40.0, 95.0]),
        (Kernel::Exponential, vec![63.0, 82.0, 0.02], [40.0, 95.0]),
        (
            Kernel::ExponentialQuantity,
            vec![63.0, 82.0, -0.01],
            [40.0, 110.0],
        ),
        (
            Kernel::ExponentialQuantity,
            vec![63.0, 82.0, 0.02],
            [40.0, 110.0],
        ),
    ];
    // -1 is where the integral becomes a logarithm; the neighbours are where a formula may cancel.
    for elasticity in [
        -2.5,
        -1.001,
        -1.0 - 1e-9,
        -1.0,
        -1.0 + 1e-9,
        -0.999,
        -0.4,
        0.3,
        1.0,
        2.0,
    ] {
        cases.push((Kernel::Elastic, vec![63.0, 82.0, elasticity], [40.0, 95.0]));
        cases.push((
            Kernel::ElasticQuantity,
            vec![63.0, 82.0, elasticity],
            [40.0, 110.0],
        ));
    }
    cases
}

/// Composite Gauss-Legendre quadrature, five points on each of 64 parts: independent of the closed forms.
fn quadrature(f: impl Fn(f64) -> f64, from: f64, to: f64) -> f64 {
    const NODES: [(f64, f64); 5] = [
        (0.0, 0.568_888_888_888_888_9),
        (-0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
        (0.538_469_310_105_683_1, 0.478_628_670_499_366_47),
        (-0.906_179_845_938_664, 0.236_926_885_056_189_08),
        (0.906_179_845_938_664, 0.236_926_885_056_189_08),
    ];
    let half = 0.5 * (to - from) / 64.0;
    (0..64)
        .flat_map(|part| NODES.map(|(x, w)| (from + half * (2.0 * f64::from(part) + 1.0 + x), w)))
        .fold(0.0, |sum, (x, w)| sum + w * half * f(x))
}

fn close(a: f64, b: f64, tolerance: f64, what: &str) {
    assert!(
        (a - b).abs() <= tolerance * (1.0 + a.abs().max(b.abs())),
        "{what}: {a} against {b}"
    );
}

#[test]
fn slope_is_the_difference_quotient() {
    for (kernel, parameters, [from, to]) in cases() {
        let (x, h) = (0.4 * from + 0.6 * to, 1e-4);
        let f = |x| kernel.value(&parameters, x);
        let (value, slope) = kernel.value_and_slope(&parameters, x);
        assert_eq!(value, f(x));
        // Central difference: error of order h^2, rounding of order 1e-16 / h.
        close(slope, (f(x + h) - f(x - h)) / (2.0 * h), 1e-8, "slope");
    }
}

#[test]
fn integral_is_the_quadrature() {
    for (kernel, parameters, [from, to]) in cases() {
        let exact = kernel.integral(&parameters, from, to);
        let numeric = quadrature(|x| kernel.value(&parameters, x), from, to);
        close(exact, numeric, 1e-12, &format!("{kernel:?} {parameters:?}"));
        close(
            kernel.integral(&parameters, to, from),
            -exact,
            1e-14,
            "reversed",
        );
    }
}

#[test]
fn partials_are_difference_quotients() {
    for (kernel, parameters, [from, to]) in cases() {
        let x = 0.4 * from + 0.6 * to;
        let count = kernel.parameter_names().len();
        let (mut value, mut integral) = (vec![0.0; count], vec![0.0; count]);
        kernel.partials(&parameters, x, &mut value);
        kernel.integral_partials(&parameters, from, to, &mut integral);
        for index in 0..count {
            let h = 1e-5 * parameters[index].abs();
            let moved = |by: f64| {
                let mut moved = parameters.clone();
                moved[index] += by;
                moved
            };
            let (up, down) = (moved(h), moved(-h));
            let quotient = (kernel.value(&up, x) - kernel.value(&down, x)) / (2.0 * h);
            let what = format!("{kernel:?} {parameters:?} in parameter {index}");
            close(value[index], quotient, 1e-7, &what);
            let area = |p: &[f64]| quadrature(|x| kernel.value(p, x), from, to);
            let quotient = (area(&up) - area(&down)) / (2.0 * h);
            close(integral[index], quotient, 1e-7, &what);
        }
    }
}

#[test]
fn inverse_undoes_the_value() {
    for (kernel, parameters, [from, to]) in cases() {
        let Some(inverse) = kernel.inverse() else {
            continue;
        };
        assert_eq!(inverse.inverse(), Some(kernel));
        let x = 0.3 * from + 0.7 * to;
        close(
            inverse.value(&parameters, kernel.value(&parameters, x)),
            x,
            1e-14,
            "inverse",
        );
    }
}

#[test]
fn integral_passes_through_the_logarithm() {
    // Elasticity -1: P = p0 q0 / x, so the area from a to b is p0 q0 ln(b / a). Next to it, with
    // g = 1 + 1/e, the area is p0 q0 (L + g (ln^2(b/q0) - ln^2(a/q0)) / 2 + O(g^2)).
    let (price, quantity, from, to) = (3.0_f64, 5.0_f64, 2.0_f64, 40.0_f64);
    let (low, high) = ((from / quantity).ln(), (to / quantity).ln());
    for step in [0.0, 1e-15, 1e-12, 1e-9, 1e-7] {
        let elasticity = -1.0 + step;
        let g = 1.0 + 1.0 / elasticity;
        let expected = price * quantity * ((to / from).ln() + g * (high * high - low * low) / 2.0);
        let area = Kernel::Elastic.integral(&[price, quantity, elasticity], from, to);
        close(area, expected, 1e-13, "area near the logarithm");
    }
}

#[test]
fn close_limits_do_not_cancel() {
    // Over a width of 1e-9 of x the area is the width times the middle value, to 1e-18.
    for (kernel, parameters, [from, _]) in cases() {
        let to = from + 1e-9 * (1.0 + from);
        let area = kernel.integral(&parameters, from, to);
        let middle = kernel.value(&parameters, 0.5 * (from + to)) * (to - from);
        assert!(
            (area / middle - 1.0).abs() < 1e-9,
            "{kernel:?} {parameters:?}: {area} against {middle}"
        );
    }
}

#[test]
fn limits_at_zero_are_not_nan() {
    let limits = |kernel: Kernel, third: f64| {
        let parameters = [63.0, 82.0, third];
        let mut partials = [0.0; 3];
        kernel.partials(&parameters, 0.0, &mut partials);
        let (value, slope) = kernel.value_and_slope(&parameters, 0.0);
        let mut areas = [0.0; 3];
        kernel.integral_partials(&parameters, 0.0, 50.0, &mut areas);
        let area = kernel.integral(&parameters, 0.0, 50.0);
        for number in [value, slope, area]
            .into_iter()
            .chain(partials)
            .chain(areas)
        {
            assert!(!number.is_nan(), "{kernel:?} {third}");
        }
        (value, slope, area)
    };
    // P = 63 (x / 82)^(1/e): with e = 2 the area to 50 is 63 * 82 (50/82)^1.5 / 1.5.
    let (value, slope, area) = limits(Kernel::Elastic, 2.0);
    assert_eq!((value, slope), (0.0, f64::INFINITY));
    close(
        area,
        63.0 * 82.0 * (50.0_f64 / 82.0).powf(1.5) / 1.5,
        1e-14,
        "area",
    );
    assert_eq!(limits(Kernel::Elastic, 1.0).1, 63.0 / 82.0);
    assert_eq!(limits(Kernel::Elastic, 0.5).1, 0.0);
    // e = -0.4: the area from zero diverges; e = -2: 63 * 82 (50/82)^0.5 / 0.5.
    assert_eq!(limits(Kernel::Elastic, -0.4).2, f64::INFINITY);
    close(
        limits(Kernel::Elastic, -2.0).2,
        63.0 * 82.0 * (50.0_f64 / 82.0).sqrt() / 0.5,
        1e-14,
        "area",
    );
    for third in [-2.0, -1.0, -0.4, 0.4, 1.0, 2.0] {
        limits(Kernel::ElasticQuantity, third);
        limits(Kernel::Exponential, third);
        limits(Kernel::ExponentialQuantity, third);
    }
}

#[test]
fn areas_to_infinity() {
    // Q = 82 (P/63)^-2 above P = 40: 82 * 63^2 / 40. Q = 82 exp(-0.01 (P - 63)): Q(40) / 0.01.
    let area =
        |kernel: Kernel, third: f64| kernel.integral(&[63.0, 82.0, third], 40.0, f64::INFINITY);
    let isoelastic = 82.0 * 63.0 * 63.0 / 40.0;
    close(
        area(Kernel::ElasticQuantity, -2.0),
        isoelastic,
        1e-14,
        "e -2",
    );
    let exponential = 82.0 * (0.23_f64).exp() / 0.01;
    close(
        area(Kernel::ExponentialQuantity, -0.01),
        exponential,
        1e-14,
        "rate",
    );
    assert_eq!(area(Kernel::ElasticQuantity, -1.0), f64::INFINITY);
    assert_eq!(area(Kernel::ElasticQuantity, -0.5), f64::INFINITY);
}
