//! The measures, each on the smallest market that shows it.

use pricefloor::Equilibrium;
use pricefloor::assembly::Role;
use pricefloor::intervention::Measure;

use super::{Area, Failure, Scene, Whose};
use pricefloor::prelude::*;

/// A measure, its market, and what to shade.
pub struct Case {
    pub measure: Measure,
    says: &'static str,
    market: Market,
    before: Policy,
    commodity: &'static str,
    producer: &'static str,
    /// What the producer pays for inputs, per unit.
    inputs: fn(&Equilibrium) -> f64,
    areas: fn(&View) -> Vec<Area>,
}

/// Numbers of the solved market that areas are made of.
pub struct View {
    pub price: f64,
    pub free: f64,
    pub bought: f64,
    pub made: f64,
    pub world: f64,
}

fn line(intercept: f64, slope: f64) -> Line {
    Line { intercept, slope }
}

/// P = 20 - Q is bought and P = 5 + Q/2 is offered: 10 at a price of 10.
fn textbook() -> Result<Market, Failure> {
    Ok(Market::builder("textbook", "USD")
        .region("Home")
        .commodity("oxide")
        .demand("Home", "oxide", Demand::linear(line(20.0, -1.0))?)
        .activity(Activity::producing(
            "mine",
            "Home",
            "oxide",
            Supply::linear(line(5.0, 0.5))?,
        ))
        .build()?)
}

/// The same with imports offered at 6.
fn open() -> Result<Market, Failure> {
    Ok(textbook()?
        .to_builder()
        .region("Abroad")
        .activity(Activity::producing(
            "world",
            "Abroad",
            "oxide",
            Supply::perfectly_elastic(6.0)?,
        ))
        .route("Abroad", "Home", "oxide", 0.0)
        .build()?)
}

/// The mine sells abroad too, where any quantity is bought at 13.
fn exporting() -> Result<Market, Failure> {
    Ok(textbook()?
        .to_builder()
        .region("Abroad")
        .demand("Abroad", "oxide", Demand::perfectly_elastic(13.0)?)
        .route("Home", "Abroad", "oxide", 0.0)
        .build()?)
}

/// A plant makes magnets of oxide, which is offered at 6, at a cost of 1 + Q/2; magnets are offered at 11.
fn chain() -> Result<Market, Failure> {
    let plant = Activity::producing("plant", "Home", "magnets", Supply::linear(line(1.0, 0.5))?)
        .with_input("oxide", 1.0);
    let abroad = |commodity: &str, price: f64| -> Result<Activity, Failure> {
        let name = format!("{commodity} abroad");
        Ok(Activity::producing(
            &name,
            "Abroad",
            commodity,
            Supply::perfectly_elastic(price)?,
        ))
    };
    Ok(Market::builder("chain", "USD")
        .region("Home")
        .region("Abroad")
        .commodity("oxide")
        .commodity("magnets")
        .demand("Home", "magnets", Demand::linear(line(20.0, -1.0))?)
        .activity(plant)
        .activity(abroad("oxide", 6.0)?)
        .activity(abroad("magnets", 11.0)?)
        .route("Abroad", "Home", "oxide", 0.0)
        .route("Abroad", "Home", "magnets", 0.0)
        .build()?)
}

fn area(units: (f64, f64), prices: (f64, f64), whose: Whose) -> Vec<Area> {
    vec![Area {
        units,
        prices,
        whose,
    }]
}

fn nothing(_: &View) -> Vec<Area> {
    Vec::new()
}

/// A duty or a rent on imports: from the offered price to the price at home.
fn on_imports(view: &View, whose: Whose) -> Vec<Area> {
    area((view.made, view.bought), (view.world, view.price), whose)
}

fn duty(view: &View) -> Vec<Area> {
    on_imports(view, Whose::Collected)
}

fn rent(view: &View) -> Vec<Area> {
    on_imports(view, Whose::Rent)
}

/// From the market price up to a strike, on all that is made.
fn top_up(view: &View) -> Vec<Area> {
    area((0.0, view.made), (view.price, 12.0), Whose::Paid)
}

/// What nobody else buys, at the market price.
fn purchase(view: &View) -> Vec<Area> {
    area((view.bought, view.made), (0.0, view.price), Whose::Paid)
}

fn case(
    market: Market,
    measure: impl Into<Measure>,
    says: &'static str,
    areas: fn(&View) -> Vec<Area>,
) -> Case {
    Case {
        measure: measure.into(),
        says,
        market,
        before: Policy::none(),
        commodity: "oxide",
        producer: "mine",
        inputs: |_| 0.0,
        areas,
    }
}

pub fn all() -> Result<Vec<Case>, Failure> {
    let (home, oxide) = ("Home", "oxide");
    let importers = RentOwner::Importers;
    let aid = ProductionSubsidy::new("Abroad", oxide, 2.0);
    Ok(vec![
        case(
            textbook()?,
            StatutoryMinimum::new(home, oxide, 12.0, Rationing::Efficient),
            "Nobody may sell below 12; who sells keeps the rent",
            |v| area((0.0, v.made), (5.0 + v.made / 2.0, v.price), Whose::Rent),
        ),
        case(
            textbook()?,
            StatutoryCeiling::new(home, oxide, 8.0, Rationing::Efficient),
            "Nobody may sell above 8; who is served keeps the rent",
            |v| area((0.0, v.bought), (v.price, 20.0 - v.bought), Whose::Rent),
        ),
        case(
            textbook()?,
            SupportBuying::new(home, oxide, 12.0),
            "The treasury buys what is left at 12",
            purchase,
        ),
        case(
            textbook()?,
            PriceBand::new(
                home,
                oxide,
                Band {
                    lower: 2.0,
                    upper: 8.0,
                },
            )
            .stock(10.0),
            "A stock sells at 8, and would buy at 2",
            |v| area((v.made, v.bought), (0.0, v.price), Whose::Collected),
        ),
        case(
            textbook()?,
            ContractFloor::new(12.0).covering("mine"),
            "The treasury tops the price up to 12",
            top_up,
        ),
        case(
            textbook()?,
            ContractForDifference::new(8.0)
                .covering("mine")
                .coverage(Coverage::First(6.0)),
            "Settled both ways at 8 on the first 6: the mine owes 2 a unit",
            |v| area((0.0, 6.0), (8.0, v.price), Whose::Collected),
        ),
        case(
            textbook()?,
            DeficiencyPayment::new(home, oxide, 12.0),
            "Every producer of the region is topped up to 12",
            top_up,
        ),
        case(
            open()?,
            BorderFloor::new(home, oxide, 9.0),
            "A levy lifts imports offered at 6 to 9 inside",
            duty,
        ),
        case(
            open()?,
            ReferencePriceLadder::new(home).rung(oxide, 9.0),
            "The first rung: a border floor of 9 on oxide",
            duty,
        ),
        case(
            open()?,
            Tariff::ad_valorem(home, oxide, 0.5, Base::Origin),
            "Half of the price of origin, 6, on every import",
            duty,
        ),
        case(
            exporting()?,
            ExportTax::specific(home, oxide, 2.0),
            "Sold abroad at 13, of which 2 are taxed",
            |v| area((v.bought, v.made), (v.price, 13.0), Whose::Collected),
        ),
        case(
            open()?,
            ImportQuota::new(home, oxide, 3.0, importers),
            "Three may come in; licences are worth 3 each",
            rent,
        ),
        case(
            exporting()?,
            ExportQuota::new(home, oxide, 3.0, RentOwner::Exporters),
            "Three may go out; licences are worth the difference to 13",
            |v| area((v.bought, v.made), (v.price, 13.0), Whose::Rent),
        ),
        case(
            open()?,
            TariffRateQuota::new(home, oxide, 1.5, importers)
                .duties(Rate::Specific(0.0), Rate::Specific(3.0)),
            "Free for the first 1.5, 3 a unit beyond",
            |v| {
                let mut areas = area((v.made, v.made + 1.5), (v.world, v.price), Whose::Rent);
                areas.extend(area(
                    (v.made + 1.5, v.bought),
                    (v.world, v.price),
                    Whose::Collected,
                ));
                areas
            },
        ),
        case(
            open()?,
            Embargo::on_imports(home, oxide),
            "Nothing comes in, though it is offered at 6",
            nothing,
        ),
        case(
            open()?,
            PriceUndertaking::new(home, oxide, 9.0).from("Abroad"),
            "Exporters promise to ask 9, and keep the 3",
            rent,
        ),
        case(
            open()?,
            ImportCommitment::new(home, oxide, 16.5),
            "16.5 must come in: a premium of 2.5 takes the price to 3.5",
            |v| area((v.made, v.bought), (v.price, v.world), Whose::Paid),
        ),
        Case {
            before: Policy::new().with("aid", aid)?,
            ..case(
                open()?,
                CountervailingDuty::new(home, oxide, "Abroad").against("aid"),
                "Aid of 2 abroad offers imports at 4; the duty takes it back",
                duty,
            )
        },
        case(
            open()?,
            AntiDumpingDuty::new(home, oxide, "Abroad", 9.0),
            "A normal value of 9 against an export price of 6",
            duty,
        ),
        case(
            textbook()?,
            ProductionSubsidy::new(home, oxide, 3.0),
            "Three a unit: two reach the buyers, one the mine",
            |v| area((0.0, v.made), (v.price, v.price + 3.0), Whose::Paid),
        ),
        case(
            textbook()?,
            TaxCredit::new(home, oxide, 0.2),
            "A fifth of the mine's cost is credited",
            nothing,
        ),
        Case {
            commodity: "magnets",
            producer: "plant",
            inputs: |solved| solved.price("Home", "oxide").unwrap_or(0.0),
            ..case(
                chain()?,
                InputSubsidy::specific(home, oxide, 2.0),
                "Two off every unit of oxide that the plant uses",
                |v| area((0.0, v.made), (v.price, v.price + 2.0), Whose::Paid),
            )
        },
        case(
            textbook()?,
            ProductionQuota::new(home, oxide, 6.0),
            "Six may be made; the quota is worth 6 a unit",
            |v| area((0.0, v.made), (5.0 + v.made / 2.0, v.price), Whose::Rent),
        ),
        case(
            textbook()?,
            GuaranteedOfftake::new("mine", 6.0, OfftakePrice::Fixed(12.0)),
            "The first 6 are taken at 12 and sold on at the market price",
            |v| area((0.0, 6.0), (v.price, 12.0), Whose::Paid),
        ),
        case(
            textbook()?,
            MinimumEarnings::new("mine", 40.0),
            "Earnings of 25 are made up to 40: a lump, and nothing moves",
            nothing,
        ),
        case(
            open()?,
            OriginRequirement::new(home, oxide, 0.5).named(home),
            "Half must be mined at home: imports pay what the mine gets",
            |v| area((v.made, v.bought), (v.world, v.price), Whose::Rent),
        ),
        case(
            open()?,
            ProcurementPreference::new(home, oxide, 4.0, 0.5).named(home),
            "For the first 4 mined at home a public buyer pays 1 more",
            |v| area((0.0, v.made), (v.price, 5.0 + v.made / 2.0), Whose::Paid),
        ),
    ])
}

impl Case {
    pub fn scene(&self) -> Result<Scene, Failure> {
        let free = self.market.solve(&self.before)?;
        let policy = self.before.clone().with("measure", self.measure.clone())?;
        let solved = self.market.solve(&policy)?;
        let node = solved.node("Home", self.commodity)?;
        let made = solved.level(self.producer)?;
        let abroad = |e: &Equilibrium| e.price("Abroad", self.commodity).ok();
        let imports_at = abroad(&free).filter(|_| self.market.demand("Abroad", "oxide").is_none());
        let view = View {
            price: node.price(),
            free: free.price("Home", self.commodity)?,
            bought: node.demanded(),
            made,
            world: abroad(&solved).unwrap_or(0.0),
        };
        let areas = (self.areas)(&view);
        let ledger = solved.ledger()?;
        self.check(&areas, ledger.outlay("measure"), ledger.licence_rents())?;
        let inputs = (self.inputs)(&solved);
        let producer = self
            .market
            .activities()
            .iter()
            .find(|a| a.name() == self.producer)
            .ok_or("no such producer")?;
        let cost = |q: f64| producer.supply().price(q).map(|p| p.low() + inputs);
        let demand = self
            .market
            .demand("Home", self.commodity)
            .ok_or("no demand")?;
        let steps = (0..=40).map(|k| f64::from(k) * 0.5);
        Ok(Scene {
            title: title(self.measure.terms().kind()),
            says: self.says.to_owned(),
            demand: steps
                .clone()
                .filter_map(|q| Some((q, demand.price(q).ok()?.low())))
                .filter(|point| point.0 > 0.0)
                .collect(),
            supply: steps
                .filter_map(|q| Some((q, cost(q).ok()?)))
                .filter(|point| point.0 > 0.0)
                .collect(),
            producer: self.producer.to_owned(),
            imports_at,
            price: view.price,
            free_price: view.free,
            free_bought: free.node("Home", self.commodity)?.demanded(),
            bought: view.bought,
            made,
            margin: cost(made)?,
            treasury: ledger.role_in(Role::Treasury, "Home") + 0.0,
            areas,
            top: 20.0,
        })
    }

    /// The shaded money is what the accounts say.
    fn check(&self, areas: &[Area], outlay: f64, rents: f64) -> Result<(), Failure> {
        let of = |whose| -> f64 {
            let of = areas.iter().filter(|a| a.whose == whose);
            of.map(Area::money).sum()
        };
        let public = of(Whose::Paid) - of(Whose::Collected);
        let drawn = !areas.is_empty();
        // a rent may be a firm's own, without a party that holds licences
        let rents_agree = rents == 0.0 || (of(Whose::Rent) - rents).abs() < 1e-6;
        if drawn && ((public - outlay).abs() > 1e-6 || !rents_agree) {
            let name = self.measure.terms().kind();
            return Err(format!(
                "{name}: {public} and {} are shaded, {outlay} and {rents} were paid",
                of(Whose::Rent)
            )
            .into());
        }
        Ok(())
    }
}

/// `border_floor` as words.
fn title(kind: &str) -> String {
    let words = kind.replace('_', " ").replace("anti d", "anti-d");
    let mut letters = words.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
