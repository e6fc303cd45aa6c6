//! The chain of the worked examples, constant elasticities throughout, behind a floor at every border that they ask about.

#[path = "../../examples/support/magnets.rs"]
mod magnets;

use magnets::{STAGES, central, market, rungs, status_quo};
use pricefloor::market::Bloc;
use pricefloor::prelude::*;

/// Every coalition of three allies with a floor on one, two or all stages. A floor is not attained exactly where imports have
/// stopped, and where a levy is charged the lowest price inside is the floor. Europe and Canada alone, who make no oxide and
/// buy it from three sources at one price, were once beyond the solver.
#[test]
fn every_coalition_at_every_height_of_the_ladder() {
    let market = market(&central().unwrap()).unwrap();
    let free = market.solve(&status_quo().unwrap()).unwrap();
    let heights = rungs(&free, 110.0).unwrap();
    let allies = ["United States", "Japan", "Europe and Canada"];
    for set in 1..8_usize {
        let members: Vec<&str> = (0..3)
            .filter(|i| set >> i & 1 == 1)
            .map(|i| allies[i])
            .collect();
        let bloc = Bloc::new("allies", members.clone()).unwrap();
        for top in 1..=STAGES.len() {
            let ladder = ReferencePriceLadder::new(&bloc).sharing(Sharing::Consumption);
            let ladder = heights[..top]
                .iter()
                .fold(ladder, |l, &(stage, floor)| l.rung(stage, floor));
            let policy = status_quo().unwrap().with("ladder", ladder).unwrap();
            let case = format!("{members:?} with {top} floors");
            let solved = market
                .solve(&policy)
                .unwrap_or_else(|error| panic!("{case}: {error}"));
            // the welfare identity is checked when the accounts are drawn up
            solved
                .ledger()
                .unwrap_or_else(|error| panic!("{case}: {error}"));
            for &(stage, floor) in &heights[..top] {
                let into = market.routes().iter().filter(|route| {
                    let name = route.name();
                    name.ends_with(&format!(": {stage}"))
                        && members.iter().any(|m| name.contains(&format!("-> {m}:")))
                        && !members.iter().any(|m| name.starts_with(&format!("{m} ->")))
                });
                let flows = into.map(|route| solved.level(&route.name()).unwrap());
                let imports: f64 = flows.sum();
                let attained = solved
                    .figure("ladder", &format!("attained {stage}"))
                    .unwrap();
                let levy = solved.figure("ladder", &format!("levy {stage}")).unwrap();
                assert!(
                    (0.0..=floor).contains(&levy),
                    "{case}: levy {levy} on {stage}"
                );
                if attained == 0.0 {
                    assert!(imports < 1e-3, "{case}: {imports} of {stage} come in");
                }
                if imports > 1e-3 {
                    let revenue = solved
                        .figure("ladder", &format!("revenue {stage}"))
                        .unwrap();
                    assert!(
                        (revenue - levy * imports).abs() <= 1e-6 * revenue.abs().max(1.0),
                        "{case}"
                    );
                }
            }
        }
    }
}
