//! Perfect foresight with several regions and commodities, against an independent solver (see
//! `tests/cases/instances/README.md`).

use crate::cases::instance as file;
use crate::complementarity_instances::{instance, reference};

/// Prices to 1e-9, as the references are good for; each period is certified.
#[test]
fn horizons_have_the_prices_of_the_references() {
    for name in [
        "pf_R2_K1_T10",
        "pf_R3_K2_T10",
        "pf_R10_K2_T30",
        "pf_R20_K4_T50",
    ] {
        let read = instance::read(&file(name)).unwrap();
        let path = read.horizon().unwrap().solve().unwrap();
        let solution = reference(name);
        let rows = solution["p"]["rows"].as_array().unwrap();
        assert_eq!(rows.len(), path.periods().len());
        for (period, row) in path.periods().iter().zip(rows) {
            let certificate = period.equilibrium().certificate();
            assert!(certificate.residual() < 1e-9 && certificate.mass_balance() < 1e-9);
            let row = row.as_array().unwrap();
            for (found, expected) in read.prices(period).unwrap().iter().zip(row) {
                let expected = expected.as_f64().unwrap();
                assert!(
                    (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
                    "{name}, year {}: {found} for {expected}",
                    period.period().start
                );
            }
        }
    }
}
