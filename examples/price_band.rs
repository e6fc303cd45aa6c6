//! Three ways to keep the price of an oxide up over two hundred years: a buffer stock, a floor at the border, a contract.
//!
//! `cargo run --release --example price_band`

#[path = "support/mod.rs"]
mod support;

use pricefloor::data;
use pricefloor::prelude::*;
use pricefloor::storage::{
    BandSettings, BandStock, Regime, RegimeTerms, StorageModel, StorageSettings, Warehouse, Yields,
};
use support::chart::{self, Frame, Level, Line as Curve};
use support::table::{Table, number};

type Failure = Box<dyn std::error::Error>;

const YEARS: usize = 200;
const SEED: u64 = 2026;

/// Judgements, each with its reason; everything else is read from the bundled facts.
mod judged {
    /// Yearly demand: between the short and the long run of the facts.
    pub const DEMAND: f64 = -0.4;
    /// Standard deviation of a year's output: breakdowns and grades.
    pub const OUTPUT: f64 = 0.05;
    /// In a flood the same imports are offered this much cheaper, USD/kg, about what the benchmark fell from 2023 to 2024.
    pub const CHEAPER: f64 = 20.0;
    /// Under restrictions this share of imports comes, as in the months after April 2025.
    pub const LEFT: f64 = 0.6;
    /// One year in ten each begins with a flood or with restrictions; floods last two and a half years on average,
    /// restrictions two.
    pub const BEGINS: f64 = 0.1;
    pub const FLOOD_STAYS: f64 = 0.6;
    pub const RESTRICTION_STAYS: f64 = 0.5;
    /// Storage a year, as a share of the price, and what is lost in handling.
    pub const HOLDING: f64 = 0.005;
    pub const LOSS: f64 = 0.01;
    /// The buffer stock is chosen before anything is run: its band reaches as far above the usual price as the floor lies
    /// below it, and it holds a quarter of a year's imports. Both are varied: the upper end by these multiples of its
    /// distance from the usual price, the capacity by these multiples of it.
    pub const QUARTER: f64 = 0.25;
    pub const REACHES: [f64; 3] = [1.0, 4.0, 8.0];
    pub const SIZES: [f64; 3] = [0.5, 1.0, 2.0];
    /// The levy at the border is let go over this many USD/kg above the floor.
    pub const SLACK: f64 = 0.05;
}

/// The market outside China, in t and USD/kg, so that money is in thousand USD.
struct World {
    price: f64,
    /// Used, what comes in magnets included; made; and the difference, which China sends.
    used: f64,
    made: f64,
    sent: f64,
    /// Imports per USD/kg.
    response: f64,
    medium_run: f64,
    interest: f64,
    /// What a mine outside China needs for a kg: the floor of all three ways.
    floor: f64,
    /// The strike of the contract that was signed.
    signed: f64,
}

impl World {
    fn read() -> Result<Self, Failure> {
        let base = |item: &str, region: &str| -> Result<f64, Failure> {
            Ok(data::base_case_row(item, region)?.value())
        };
        let price = base("price (outside China)", "Rest of world")?;
        let used = base("consumption", "World")? - base("consumption", "China")?
            + base("embodied NdPr oxide in Chinese magnet exports", "China")?;
        let china = base("production", "China")?;
        let made = base("production", "World")? - china;
        Ok(Self {
            price,
            used,
            made,
            sent: used - made,
            response: base("supply elasticity short run", "China")? * china / price,
            medium_run: base("supply elasticity medium run (4-5 years)", "Rest of world")?,
            interest: base("discount rate", "projects")?,
            floor: base("unit cost", "United States (MP)")?,
            signed: base("floor price", "United States (MP)")?,
        })
    }

    /// The upper end of the band at a multiple of its distance from the usual price, USD/kg.
    fn sells(&self, reach: f64) -> f64 {
        self.price + reach * (self.price - self.floor)
    }

    /// The price at which `imports` are offered.
    fn offered(&self, regime: usize, imports: f64) -> f64 {
        let (cheaper, left) = [(0.0, 1.0), (judged::CHEAPER, 1.0), (0.0, judged::LEFT)][regime];
        self.price - cheaper + (imports / left - self.sent) / self.response
    }

    /// What is offered at a price.
    fn imports(&self, regime: usize, price: f64) -> f64 {
        let (cheaper, left) = [(0.0, 1.0), (judged::CHEAPER, 1.0), (0.0, judged::LEFT)][regime];
        left * (self.sent + self.response * (price + cheaper - self.price)).max(0.0)
    }

    /// What comes in, with a levy that keeps the price inside at a floor or above where there is one.
    fn border(&self, regime: usize, floor: Option<f64>) -> Result<Supply, Failure> {
        const MOST: f64 = 1_000.0;
        let from = floor.map_or(0.0, |floor| floor + judged::SLACK);
        let mut points = vec![from, MOST]
            .into_iter()
            .map(|price| Observed {
                price,
                quantity: self.imports(regime, price),
            })
            .collect::<Vec<_>>();
        if let Some(price) = floor {
            points.push(Observed {
                price,
                quantity: 0.0,
            });
        }
        Ok(Supply::tabulated(points)?)
    }

    fn model(&self, border: Option<f64>, contract: Option<f64>) -> Result<StorageModel, Failure> {
        let at = |quantity| Observed {
            price: self.price,
            quantity,
        };
        let demand = Demand::constant_elasticity(at(self.used), judged::DEMAND)?;
        let regimes = ["usual", "flood", "restrictions"];
        let regime = |(index, name): (usize, &&str)| -> Result<Regime, Failure> {
            Ok(Regime {
                name: (*name).to_owned(),
                demand: demand.clone(),
                yields: Yields::normal(1.0, judged::OUTPUT, 3)?,
                imports: Some(self.border(index, border)?),
            })
        };
        let (b, f, r) = (
            judged::BEGINS,
            judged::FLOOD_STAYS,
            judged::RESTRICTION_STAYS,
        );
        Ok(StorageModel::with_regimes(RegimeTerms {
            regimes: regimes
                .iter()
                .enumerate()
                .map(regime)
                .collect::<Result<_, _>>()?,
            transition: vec![
                vec![1.0 - 2.0 * b, b, b],
                vec![1.0 - f, f, 0.0],
                vec![1.0 - r, 0.0, r],
            ],
            supply: Supply::constant_elasticity(at(self.made), self.medium_run)?,
            warehouse: Warehouse {
                cost: judged::HOLDING * self.price,
                deterioration: judged::LOSS,
                interest: self.interest,
            },
            public: None,
            contract_floor: contract,
        })?)
    }
}

/// One year of one way.
#[derive(Clone, Copy)]
struct Year {
    price: f64,
    /// What a producer gets.
    paid: f64,
    made: f64,
    /// What the purse pays, thousand USD.
    cost: f64,
    public: f64,
    run: bool,
}

struct Way {
    name: String,
    years: Vec<Year>,
}

impl Way {
    fn mean(&self, of: impl Fn(&Year) -> f64) -> f64 {
        self.years.iter().map(of).sum::<f64>() / self.years.len() as f64
    }

    fn share(&self, holds: impl Fn(&Year) -> bool) -> f64 {
        self.mean(|year| f64::from(u8::from(holds(year))))
    }
}

/// Without a public stock: nothing, a floor at the border, or a contract.
fn plain(
    world: &World,
    name: &str,
    border: Option<f64>,
    contract: Option<f64>,
) -> Result<Way, Failure> {
    let settings = StorageSettings {
        tolerance: 1e-9,
        ..StorageSettings::default()
    };
    let rules = world.model(border, contract)?.solve(&settings)?;
    let mut planned = rules.planned_after(0.0);
    let mut years = Vec::new();
    for period in rules.simulate(YEARS, SEED)? {
        let price = period.decision.price;
        let made = planned * period.output;
        planned = period.decision.planned;
        let paid = price.max(contract.unwrap_or(0.0));
        let levy = match border {
            Some(floor) => {
                let within = ((price - floor) / judged::SLACK).clamp(0.0, 1.0);
                let imports =
                    within * world.imports(period.regime, price.max(floor + judged::SLACK));
                imports * (price - world.offered(period.regime, imports)).max(0.0)
            }
            None => 0.0,
        };
        years.push(Year {
            price,
            paid,
            made,
            cost: (paid - price) * made - levy,
            public: 0.0,
            run: false,
        });
    }
    Ok(Way {
        name: name.to_owned(),
        years,
    })
}

/// With a buffer stock whose upper end and capacity are these multiples of what was chosen.
fn buffer(world: &World, name: &str, reach: f64, size: f64) -> Result<Way, Failure> {
    let capacity = size * judged::QUARTER * world.sent;
    let band = BandStock::new(world.floor, world.sells(reach), capacity)?;
    let settings = BandSettings {
        private: 60,
        public: 20,
        ..BandSettings::default()
    };
    let rules = world.model(None, None)?.solve_band(band, &settings)?;
    let upkeep = judged::HOLDING * world.price + world.interest * band.buys();
    let mut years = Vec::new();
    let mut planned = None;
    for period in rules.simulate(YEARS, SEED)? {
        let now = period.decision;
        years.push(Year {
            price: now.price,
            paid: now.price,
            made: planned.unwrap_or(world.made) * period.output,
            cost: now.price * (now.bought - now.sold) + upkeep * now.public,
            public: now.public,
            run: now.sold > 0.5 * band.capacity() && now.public < 1e-9 * band.capacity(),
        });
        planned = Some(now.planned);
    }
    Ok(Way {
        name: name.to_owned(),
        years,
    })
}

/// The buffer stock over the ranges of its two judgements.
fn ranges(world: &World) -> Result<(), Failure> {
    let mut table = Table::new(
        "The buffer stock, its upper end and its size varied",
        &[
            "sells at",
            "holds, t",
            "mean price",
            "variance",
            "years below the floor",
            "years above the band",
            "years empty",
            "cost",
            "runs",
        ],
    );
    let percent = |share: f64| format!("{} %", number(100.0 * share, 0));
    let (mut variances, mut costs) = (Vec::new(), Vec::new());
    for reach in judged::REACHES {
        for size in judged::SIZES {
            let way = buffer(world, "", reach, size)?;
            let sells = world.sells(reach);
            let mean = way.mean(|year| year.price);
            let variance = way.mean(|year| (year.price - mean).powi(2));
            let cost = way.mean(|year| year.cost) / 1e3;
            variances.push(variance);
            costs.push(cost);
            table.row([
                number(sells, 0),
                number(size * judged::QUARTER * world.sent, 0),
                number(mean, 1),
                number(variance, 0),
                percent(way.share(|year| year.price < world.floor - 1e-6)),
                percent(way.share(|year| year.price > sells + 1e-6)),
                percent(way.share(|year| year.public < 1.0)),
                number(cost, 0),
                number(way.years.iter().filter(|year| year.run).count() as f64, 0),
            ]);
        }
    }
    println!("{table}");
    let span = |all: &[f64]| {
        let (low, high) = all
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &x| {
                (low.min(x), high.max(x))
            });
        format!("{} to {}", number(low, 0), number(high, 0))
    };
    println!(
        "Over these ranges the variance goes from {} and the yearly cost from {} million USD: its size \
         decides both; how often it is empty is decided by its upper end.\n",
        span(&variances),
        span(&costs)
    );
    Ok(())
}

fn main() -> Result<(), Failure> {
    let world = World::read()?;
    let floor = world.floor;
    let dollars = number(floor, 0);
    println!(
        "Chosen before anything is run: a buffer stock that buys at {dollars} and sells at {}, as far above the usual {} as \
         the floor is below it, and holds a quarter of a year's imports, {} t.\n",
        number(world.sells(1.0), 0),
        number(world.price, 0),
        number(judged::QUARTER * world.sent, 0)
    );
    let ways = [
        plain(&world, "nothing", None, None)?,
        buffer(
            &world,
            &format!("buffer stock, {dollars} to {}", number(world.sells(1.0), 0)),
            1.0,
            1.0,
        )?,
        plain(
            &world,
            &format!("border floor of {dollars}"),
            Some(floor),
            None,
        )?,
        plain(&world, &format!("contract at {dollars}"), None, Some(floor))?,
        plain(
            &world,
            &format!("contract at {}", number(world.signed, 0)),
            None,
            Some(world.signed),
        )?,
    ];
    let mut table = Table::new(
        &format!(
            "NdPr oxide outside China over {YEARS} years of the same luck (USD/kg, million USD a year; below zero: collected)"
        ),
        &[
            "",
            "mean price",
            "variance",
            "producers get",
            "made, t",
            "cost",
            "years at the floor or below",
            "years below it",
            "runs",
        ],
    );
    let at = |year: &Year| year.price <= floor + judged::SLACK;
    let below = |year: &Year| year.price < floor - 1e-6;
    for way in &ways {
        let mean = way.mean(|year| year.price);
        let money = way.mean(|year| year.paid * year.made) / way.mean(|year| year.made);
        let runs = way.years.iter().filter(|year| year.run).count();
        table.row([
            way.name.clone(),
            number(mean, 1),
            number(way.mean(|year| (year.price - mean).powi(2)), 0),
            number(money, 1),
            number(way.mean(|year| year.made), 0),
            number(way.mean(|year| year.cost) / 1e3, 0),
            format!("{} %", number(100.0 * way.share(at), 0)),
            format!("{} %", number(100.0 * way.share(below), 0)),
            number(runs as f64, 0),
        ]);
    }
    println!("{table}");
    let [nothing, stock, border, contract, signed] = &ways;
    let percent = |share: f64| number(100.0 * share, 0);
    let million = |way: &Way| number(way.mean(|year| year.cost).abs() / 1e3, 0);
    let mean = |way: &Way| number(way.mean(|year| year.price), 1);
    println!(
        "The stock holds the floor while it has room: the price is below it in {} % of years, against {} % without it. It is empty \
         in {} % of years, and on it there was a run, more than half of its capacity within one year until it was empty, {}. It costs \
         {} million a year with interest. The levy holds the floor as long as there are imports to tax, and brings {} million a \
         year, borne by buyers inside and sellers abroad. A contract at the same level \
         costs {} million a year; the market price falls below the floor as often as without it ({} % of years), but not what its \
         holders get. At {} it costs {} million, brings out more, and lowers the mean price from {} to {}, which those who make \
         oxide without a contract would feel.\n",
        percent(stock.share(below)),
        percent(nothing.share(below)),
        percent(stock.share(|year| year.public < 1.0)),
        match stock.years.iter().filter(|year| year.run).count() {
            0 => "never".to_owned(),
            1 => "once".to_owned(),
            more => format!("{more} times"),
        },
        million(stock),
        million(border),
        million(contract),
        percent(contract.share(below)),
        number(world.signed, 0),
        million(signed),
        mean(nothing),
        mean(signed),
    );
    ranges(&world)?;
    println!(
        "Floor: what a kg costs at Mountain Pass. Imports, output and prices are those of mid-2025; floods, restrictions, their \
         odds, and how the band was chosen are judgements, marked in the source."
    );

    let shown = |way: &Way| {
        let years = way.years.iter().take(60).enumerate();
        Curve::new(&way.name, years.map(|(t, y)| (t as f64, y.price)).collect())
    };
    let frame = Frame {
        title: "NdPr oxide outside China with a floor, three ways",
        says: "The first 60 years, the same floods, restrictions and outputs in each.",
        x: "year",
        y: "USD/kg",
    };
    let level = Level {
        value: floor,
        label: "floor",
        at: Some(12.0),
    };
    let path = chart::lines(
        frame,
        &[
            shown(contract),
            shown(stock),
            shown(border),
            shown(nothing).dashed(),
        ],
        &[level],
    )
    .save("price_band")?;
    println!("wrote {}", path.display());
    Ok(())
}
