//! Random measures of every kind.

use super::curves::Size;
use super::dice::Dice;
use super::world::World;
use pricefloor::Policy;
use pricefloor::intervention::*;
use pricefloor::market::Bloc;

/// A policy of up to two measures that fit the world.
pub fn draw(dice: &mut Dice, world: &World) -> Policy {
    let mut policy = Policy::none();
    let wanted = *dice.pick(&[0, 1, 1, 1, 1, 2]);
    let mut tries = 0;
    while policy.entries().len() < wanted && tries < 20 {
        tries += 1;
        let measure = if world.plain {
            plain_measure(dice, world)
        } else {
            measure(dice, world)
        };
        let Some(measure) = measure else { continue };
        let name = format!("measure {}", policy.entries().len());
        let Ok(next) = policy.clone().with(&name, measure) else {
            continue;
        };
        if !matches!(
            world.market.compile(&next),
            Err(pricefloor::equilibrium::SolveError::Draft(_))
        ) {
            policy = next;
        }
    }
    policy
}

/// A price of a measure: mostly near the market's, sometimes beyond every choke price or below every cost.
fn level(dice: &mut Dice, size: Size) -> f64 {
    match dice.below(10) {
        0 => size.price * dice.wide(20.0, 1e3),
        1 => size.price * dice.wide(1e-3, 0.05),
        _ => size.price(dice, 0.2, 3.0),
    }
}

fn owner(dice: &mut Dice) -> RentOwner {
    *dice.pick(&[
        RentOwner::ImportingTreasury,
        RentOwner::Importers,
        RentOwner::ExportingTreasury,
        RentOwner::Exporters,
    ])
}

fn amount(dice: &mut Dice, size: Size) -> f64 {
    size.quantity * *dice.pick(&[0.0, 1e-6, 0.05, 0.2, 0.5, 1.0, 1e3])
}

fn coverage(dice: &mut Dice, size: Size) -> Coverage {
    match dice.below(4) {
        0 => Coverage::First(amount(dice, size)),
        1 => Coverage::Deemed(amount(dice, size)),
        2 => Coverage::Share(1.0),
        _ => Coverage::Share(dice.between(0.0, 1.0)),
    }
}

fn rate(dice: &mut Dice, size: Size) -> Rate {
    if dice.chance(0.4) {
        return Rate::Specific(size.price(dice, 0.0, 0.5));
    }
    let base = *dice.pick(&[Base::Origin, Base::Delivered, Base::Consumer]);
    Rate::AdValorem {
        rate: dice.between(0.0, 0.8),
        base,
    }
}

/// Measures that leave the system symmetric.
fn plain_measure(dice: &mut Dice, world: &World) -> Option<Measure> {
    let k = dice.below(world.commodities.len());
    let (size, commodity) = (world.sizes[k], &world.commodities[k]);
    let region = dice.pick(&world.regions);
    Some(match dice.below(8) {
        0 => SupportBuying::new(region, commodity, level(dice, size)).into(),
        1 => SupportBuying::new(region, commodity, level(dice, size))
            .limit(amount(dice, size))
            .into(),
        2 => Tariff::specific(region, commodity, size.price(dice, 0.0, 0.5)).into(),
        3 => ExportTax::specific(region, commodity, size.price(dice, 0.0, 0.5)).into(),
        4 => ImportQuota::new(region.as_str(), commodity, amount(dice, size), owner(dice)).into(),
        5 => ExportQuota::new(region.as_str(), commodity, amount(dice, size), owner(dice)).into(),
        6 => ProductionSubsidy::new(region, commodity, size.price(dice, 0.0, 0.5)).into(),
        _ => ProductionQuota::new(region, commodity, amount(dice, size)).into(),
    })
}

fn measure(dice: &mut Dice, world: &World) -> Option<Measure> {
    let k = dice.below(world.commodities.len());
    let (size, commodity) = (world.sizes[k], &world.commodities[k]);
    let region = dice.pick(&world.regions);
    let mine = dice.pick(&world.mines);
    let of_mine = world.sizes[mine.commodity];
    let good = &world.commodities[mine.commodity];
    let other = dice.pick(&world.regions);
    let border: Border = if dice.chance(0.3) {
        Bloc::new("bloc", [region.clone(), other.clone()])
            .ok()?
            .into()
    } else {
        region.as_str().into()
    };
    let price = level(dice, size);
    let strike = level(dice, of_mine);
    let rationing = *dice.pick(&[Rationing::Efficient, Rationing::Proportional]);
    Some(match dice.below(27) {
        0 | 1 => StatutoryMinimum::new(region, commodity, price, rationing).into(),
        2 => StatutoryCeiling::new(region, commodity, price, rationing).into(),
        3 => {
            let mut buying = SupportBuying::new(region, commodity, price)
                .budget(price * amount(dice, size))
                .paying(*dice.pick(&[Purchase::AtMarketPrice, Purchase::AtFloor]));
            if dice.chance(0.3) {
                buying = buying.limit(amount(dice, size));
            }
            buying.into()
        }
        4 | 5 => {
            let mut floor = ContractFloor::new(strike)
                .covering(&mine.name)
                .on(good)
                .coverage(coverage(dice, of_mine));
            if dice.chance(0.3) {
                floor = floor.with_upside(UpsideShare {
                    share: dice.between(0.0, 0.6),
                    threshold: strike * dice.between(0.8, 1.5),
                    yearly_cap: dice
                        .chance(0.4)
                        .then_some(of_mine.price * amount(dice, of_mine)),
                });
            }
            if dice.chance(0.2) {
                floor = floor.reference_in(other);
            }
            floor.into()
        }
        6 => {
            let mut contract = ContractForDifference::new(strike)
                .covering(&mine.name)
                .on(good)
                .coverage(coverage(dice, of_mine));
            if dice.chance(0.2) {
                contract = contract.reference_factor(dice.between(0.7, 1.1));
            }
            contract.into()
        }
        7 => DeficiencyPayment::new(region, commodity, price).into(),
        8 | 9 => BorderFloor::new(region, commodity, price).into(),
        10 => {
            let mut ladder = ReferencePriceLadder::new(border).rung(commodity, price);
            if dice.chance(0.3) {
                ladder = ladder.by_quota(owner(dice));
            }
            ladder.into()
        }
        11 => Tariff::new(region, commodity, rate(dice, size)).into(),
        12 => ExportTax::ad_valorem(region, commodity, dice.between(0.0, 0.6)).into(),
        13 => ImportQuota::new(border, commodity, amount(dice, size), owner(dice)).into(),
        14 => ExportQuota::new(border, commodity, amount(dice, size), owner(dice)).into(),
        15 => TariffRateQuota::new(border, commodity, amount(dice, size), owner(dice))
            .duties(
                Rate::Specific(size.price(dice, 0.0, 0.1)),
                Rate::Specific(size.price(dice, 0.1, 0.6)),
            )
            .into(),
        16 => Embargo::on_exports(border, commodity).into(),
        17 => PriceUndertaking::new(border, commodity, price).into(),
        18 => AntiDumpingDuty::new(border, commodity, other, price)
            .at_most(size.price(dice, 0.1, 1.0))
            .into(),
        19 => ImportCommitment::new(border, commodity, size.quantity(dice, 0.0, 0.2)).into(),
        20 => {
            let terms = if dice.chance(0.5) {
                OfftakePrice::Fixed(strike)
            } else {
                OfftakePrice::Market {
                    premium: of_mine.price(dice, -0.1, 0.2),
                    floor: dice.chance(0.5).then_some(strike),
                }
            };
            let mut offtake =
                GuaranteedOfftake::new(&mine.name, amount(dice, of_mine), terms).on(good);
            if dice.chance(0.4) {
                offtake = offtake.kept(of_mine.price(dice, 0.1, 1.0));
            }
            if dice.chance(0.2) {
                offtake = offtake.firm();
            }
            offtake.into()
        }
        21 => MinimumEarnings::new(&mine.name, of_mine.price * amount(dice, of_mine)).into(),
        22 => OriginRequirement::new(region, commodity, dice.between(0.0, 0.8))
            .named(region)
            .into(),
        23 => ProcurementPreference::new(
            region,
            commodity,
            amount(dice, size),
            dice.between(0.0, 0.8),
        )
        .named(region)
        .into(),
        24 => {
            let upper = price * dice.between(1.0, 1.5);
            PriceBand::new(
                region,
                commodity,
                Band {
                    lower: price,
                    upper,
                },
            )
            .room(amount(dice, size))
            .stock(amount(dice, size))
            .stock_value(price)
            .into()
        }
        25 => TaxCredit::new(region, commodity, dice.between(0.0, 0.6)).into(),
        _ => InputSubsidy::ad_valorem(region, commodity, dice.between(0.0, 0.5)).into(),
    })
}
