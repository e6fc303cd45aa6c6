//! Quotas, duties and undertakings at the border.

use super::*;
use crate::parity::Noted;

/// Imports of 3 at 6: 20 - p = 2 (p - 5) + 3 gives p = 9, as a border floor or a tariff of 3 would; the rent of 9 goes
/// to whoever is named.
#[test]
fn an_import_quota_equals_a_tariff_but_for_who_is_paid() {
    for (owner, treasury, licences, region) in [
        (RentOwner::ImportingTreasury, 9.0, 0.0, "Home"),
        (RentOwner::Importers, 0.0, 9.0, "Home"),
        (RentOwner::ExportingTreasury, 9.0, 0.0, "Abroad"),
        (RentOwner::Exporters, 0.0, 9.0, "Abroad"),
    ] {
        let solved = solve(&open(), ImportQuota::new("Home", "oxide", 3.0, owner));
        let ledger = check(&solved, 9.0, [60.5, 16.0, treasury, licences]);
        close(solved.flow("Abroad", "Home", "oxide").unwrap(), 3.0);
        close(solved.figure("measure", "rent").unwrap(), 3.0);
        let role = if treasury > 0.0 {
            Role::Treasury
        } else {
            Role::Licensee
        };
        close(ledger.role_in(role, region), 9.0);
    }
}

#[test]
fn a_quota_of_zero_and_an_embargo_leave_autarky() {
    let nothing = ImportQuota::new("Home", "oxide", 0.0, RentOwner::Importers);
    check(&solve(&open(), nothing), 10.0, [50.0, 25.0, 0.0, 0.0]);
    for embargo in [
        Embargo::on_imports("Home", "oxide"),
        Embargo::on_exports("Abroad", "oxide").with("Home"),
    ] {
        check(&solve(&open(), embargo), 10.0, [50.0, 25.0, 0.0, 0.0]);
    }
}

/// Exports of 10 from abroad: prices 1.75 and 1.25 as under a tariff of 0.5, and 5 for the holders of licences.
#[test]
fn an_export_quota() {
    let solved = solve(
        &wheat(),
        ExportQuota::new("Abroad", "wheat", 10.0, RentOwner::Exporters),
    );
    close(solved.price("Home", "wheat").unwrap(), 1.75);
    close(solved.price("Abroad", "wheat").unwrap(), 1.25);
    close(
        solved.ledger().unwrap().role_in(Role::Licensee, "Abroad"),
        5.0,
    );
    close(solved.figure("measure", "rent").unwrap(), 0.5);
}

/// Thirty units take a premium of 0.5, as an export subsidy of the same height would move: prices 1.25 and 1.75.
#[test]
fn an_import_commitment() {
    let solved = solve(
        &wheat(),
        ImportCommitment::new("Home", "wheat", 30.0).from("Abroad"),
    );
    close(solved.price("Home", "wheat").unwrap(), 1.25);
    close(solved.price("Abroad", "wheat").unwrap(), 1.75);
    close(solved.figure("measure", "premium").unwrap(), 0.5);
    close(solved.ledger().unwrap().outlay("measure"), 15.0);
    // ten are imported anyway
    let idle = solve(&wheat(), ImportCommitment::new("Home", "wheat", 10.0));
    close(idle.price("Home", "wheat").unwrap(), 1.5);
    // a free way back does not let the wheat go round for the premium
    let round = wheat()
        .to_builder()
        .route("Home", "Abroad", "wheat", 0.0)
        .build()
        .unwrap();
    let solved = solve(&round, ImportCommitment::new("Home", "wheat", 30.0));
    close(solved.price("Home", "wheat").unwrap(), 1.25);
    close(solved.ledger().unwrap().outlay("measure"), 15.0);
}

/// The minimum of 9 stands where a quota of 3 would, and the exporters keep the 9.
#[test]
fn a_price_undertaking_leaves_the_rent_abroad() {
    let solved = solve(
        &open(),
        PriceUndertaking::new("Home", "oxide", 9.0).from("Abroad"),
    );
    let ledger = check(&solved, 9.0, [60.5, 16.0, 0.0, 9.0]);
    close(ledger.role_in(Role::Licensee, "Abroad"), 9.0);
    close(solved.figure("measure", "markup").unwrap(), 3.0);
}

/// Ad valorem on the price of origin of 6: 10 % inside, 60 % beyond. With a quota of 3 the price is 9 and the rent
/// 9 - 6.6 = 2.4 a unit; with 1 unit it is 9.6, imports are 1.2, and the licence is worth 3.
#[test]
fn a_tariff_rate_quota_ad_valorem() {
    use pricefloor::intervention::Base;
    let rate = |rate| Rate::AdValorem {
        rate,
        base: Base::Origin,
    };
    let quota = |size| {
        TariffRateQuota::new("Home", "oxide", size, RentOwner::Importers)
            .duties(rate(0.1), rate(0.6))
    };
    let three = solve(&open(), quota(3.0));
    check(&three, 9.0, [60.5, 16.0, 1.8, 7.2]);
    close(three.figure("measure", "rent").unwrap(), 0.4);
    let one = solve(&open(), quota(1.0));
    check(&one, 9.6, [54.08, 21.16, 0.6 + 0.2 * 3.6, 3.0]);
}

/// A subsidy of 0.5 abroad alone gives 80 - 40 p = 40 p - 30. With the duty, exports 40 p - 30 meet imports
/// 60 - 40 p at p = 1.125 abroad, 1.625 at home.
#[test]
fn a_countervailing_duty_follows_the_subsidy() {
    let aid = Policy::new()
        .with("aid", ProductionSubsidy::new("Abroad", "wheat", 0.5))
        .unwrap();
    close(
        wheat().noted(&aid).unwrap().price("Home", "wheat").unwrap(),
        1.375,
    );
    let duty = CountervailingDuty::new("Home", "wheat", "Abroad").against("aid");
    let policy = aid.with("duty", duty).unwrap();
    let solved = wheat().noted(&policy).unwrap();
    close(solved.price("Home", "wheat").unwrap(), 1.625);
    close(solved.price("Abroad", "wheat").unwrap(), 1.125);
    close(solved.ledger().unwrap().outlay("duty"), -7.5);
    // the duty moves with the subsidy's own number
    let compiled = wheat().compile(&policy).unwrap();
    let mut workspace = compiled.workspace().unwrap();
    workspace
        .set(compiled.param("measure/aid/rate").unwrap(), 0.0)
        .unwrap();
    let free = compiled.equilibrium_from(&mut workspace).unwrap();
    close(free.price("Home", "wheat").unwrap(), 1.5);
}

/// A normal value of 9 against an export price of 6: 3 a unit on imports of 3. At most 1: price 7, imports 9.
#[test]
fn an_anti_dumping_duty() {
    let duty = || AntiDumpingDuty::new("Home", "oxide", "Abroad", 9.0);
    check(&solve(&open(), duty()), 9.0, [60.5, 16.0, 9.0, 0.0]);
    let lesser = solve(&open(), duty().at_most(1.0));
    check(&lesser, 7.0, [84.5, 4.0, 9.0, 0.0]);
    close(lesser.figure("measure", "duty").unwrap(), 1.0);
}
