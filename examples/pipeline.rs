//! Which projects of the pipeline clear: at the market price, with a price floor, with a public stake, with a faster permit.
//!
//! `cargo run --release --example pipeline`

#[path = "support/mod.rs"]
mod support;

use pricefloor::data::{self, Assumption, Table as Facts};
use pricefloor::finance::npv;
use support::chart::{self, Chart, Frame, Level};
use support::table::{Table, number};

type Failure = Box<dyn std::error::Error>;

/// USD for an AUD in 2022-25, as the cost table converts. Judgement.
const AUD: f64 = 0.65;
/// Years that a plant runs, and years from the first spending to the first output. Judgement.
const LIFE: usize = 20;
const BUILD: usize = 2;
/// Share of the capital that a public stake brings. Judgement; it asks for the Treasury rate and no more.
const STAKE: f64 = 0.3;
/// The last year of the floor, counted from mid-2025: the US agreement runs to the end of 2035.
const FLOOR_YEARS: f64 = 10.5;

/// Capital cost in USD million, output in t/year, operating cost in USD/kg of NdPr where it is published.
struct Project {
    name: &'static str,
    capital: f64,
    output: f64,
    operating: Option<f64>,
    source: &'static data::Provenance,
}

/// What is in place.
#[derive(Clone, Copy)]
struct Help {
    floor: bool,
    stake: bool,
    permit: bool,
}

const fn help(floor: bool, stake: bool, permit: bool) -> Help {
    Help {
        floor,
        stake,
        permit,
    }
}

const CASES: [(&str, Help); 6] = [
    ("market", help(false, false, false)),
    ("permit", help(false, false, true)),
    ("floor", help(true, false, false)),
    ("stake", help(false, true, false)),
    ("floor and permit", help(true, false, true)),
    ("all three", help(true, true, true)),
];

/// What one forecaster asks of a project, and the price at which none of those outside China gave it in early 2024.
const ASKED: (&str, &str) = (
    "Ex-China project pipeline",
    "projects that earn 15% at 54 USD/kg",
);
const RETURN: f64 = 0.15;
const LOW_PRICE: f64 = 54.0;

/// Prices, rates and waits from the data.
struct Terms {
    prices: [f64; 2],
    floor: f64,
    inflation: f64,
    treasury: f64,
    permit: usize,
    fast: usize,
}

fn main() -> Result<(), Failure> {
    let terms = terms()?;
    let projects = projects()?;
    println!(
        "A floor of ${} of the day's money until {} years from now; private capital asks for {} % ({} % real), a stake of {} % \
         for {} % ({} % real). First output after {} years, or {} with a faster permit.\n",
        number(terms.floor, 0),
        number(FLOOR_YEARS, 1),
        number(100.0 * RETURN, 0),
        number(100.0 * terms.real(RETURN), 1),
        number(100.0 * STAKE, 0),
        number(100.0 * terms.treasury, 2),
        number(100.0 * terms.real(terms.treasury), 1),
        terms.permit + BUILD,
        terms.fast + BUILD,
    );
    println!("{}", values(&projects, &terms)?);
    for project in &projects {
        println!("{}: {}", project.name, project.source);
    }
    let asked = data::fact(Facts::Costs, ASKED.0, ASKED.1, "2024-Q1")?;
    println!("the return and the low price: {}", asked.provenance());
    explain(&projects, &terms)?;
    draw(&projects, &terms)
}

impl Terms {
    fn real(&self, rate: f64) -> f64 {
        (1.0 + rate) / (1.0 + self.inflation) - 1.0
    }

    /// Real rate at which a project is valued.
    fn rate(&self, help: Help) -> f64 {
        let private = self.real(RETURN);
        match help.stake {
            true => (1.0 - STAKE) * private + STAKE * self.real(self.treasury),
            false => private,
        }
    }

    fn wait(&self, help: Help) -> usize {
        if help.permit { self.fast } else { self.permit }
    }
}

fn terms() -> Result<Terms, Failure> {
    let percent = |item| -> Result<f64, Failure> {
        Ok(data::assumption(item).and_then(Assumption::number)? / 100.0)
    };
    let years = |entity, metric| -> Result<f64, Failure> {
        let fact = data::facts(Facts::Permitting)?;
        let row = fact
            .iter()
            .find(|f| f.entity() == entity && f.metric() == metric);
        let row = row.ok_or("no such row on permits")?;
        Ok(row.value().midpoint().ok_or("no number of years")?)
    };
    // the middle of 7 to 10 years; "Australia and Canada about 2-3" in the row's note
    let permit = years("United States", "permitting time for one mine")?;
    Ok(Terms {
        prices: [
            LOW_PRICE,
            data::base_case_row("price (outside China)", "Rest of world")?.value(),
        ],
        floor: data::base_case_row("floor price", "United States (MP)")?.value(),
        inflation: percent("inflation")?,
        treasury: percent("Treasury rate")?,
        permit: permit.floor() as usize,
        fast: 3,
    })
}

fn projects() -> Result<Vec<Project>, Failure> {
    let fact = |table, entity, metric, period| data::fact(table, entity, metric, period);
    let middle = |entity, metric, period| -> Result<f64, Failure> {
        let row = data::fact(Facts::Projects, entity, metric, period)?;
        Ok(row.value().midpoint().ok_or("no number")?)
    };
    let growth = data::assumption("growth capex for the oxide business")?;
    let full = data::assumption("oxide capacity after growth")?.number()?;
    let start = data::assumption("oxide capacity at start")?.number()?;
    let mesa = "Energy Fuels White Mesa Phase 2";
    let mesa_cost = "Energy Fuels White Mesa Phase 2 (with Vara Mada feed)";
    let cost = |entity, metric, period| -> Result<f64, Failure> {
        Ok(fact(Facts::Costs, entity, metric, period)?.number()?)
    };
    Ok(vec![
        Project {
            name: "Mountain Pass, growth",
            capital: growth.number()?,
            output: full - start,
            operating: Some(data::assumption("unit cost at 6000 t/year")?.number()?),
            source: growth.provenance(),
        },
        Project {
            name: "White Mesa, phase 2",
            capital: middle(mesa, "capital cost", "2026-01")?,
            output: middle(mesa, "NdPr capacity", "2026-01")?,
            operating: Some(cost(mesa_cost, "all-in operating cost", "2026-01 BFS")?),
            source: fact(Facts::Projects, mesa, "capital cost", "2026-01")?.provenance(),
        },
        Project {
            name: "Nolans",
            capital: 1e3 * AUD * middle("Arafura Nolans", "capital cost", "2022-11")?,
            output: middle("Arafura Nolans", "capacity", "2022-11")?,
            operating: Some(AUD * cost("Arafura Nolans", "operating cost", "2022 update")?),
            source: fact(Facts::Projects, "Arafura Nolans", "capital cost", "2022-11")?
                .provenance(),
        },
        Project {
            name: "Eneabba",
            capital: 1e3 * AUD * middle("Iluka Eneabba", "capital cost", "2023-12")?,
            output: middle("Iluka Eneabba", "NdPr capacity", "2024-12")?,
            operating: None,
            source: fact(Facts::Projects, "Iluka Eneabba", "capital cost", "2023-12")?.provenance(),
        },
    ])
}

/// Real cash flows from the first spending: capital over the years of building, then margins, USD million a year.
fn flows(project: &Project, cost: f64, price: f64, terms: &Terms, help: Help) -> Vec<f64> {
    let building = (0..BUILD).map(|_| -project.capital / BUILD as f64);
    let running = (0..LIFE).map(|year| {
        let now = (terms.wait(help) + BUILD + year) as f64;
        let strike = terms.floor / (1.0 + terms.inflation).powf(now);
        // the share of the year that the floor still covers
        let covered = (FLOOR_YEARS - now).clamp(0.0, 1.0);
        let gap = if help.floor {
            (strike - price).max(0.0) * covered
        } else {
            0.0
        };
        project.output * (price + gap - cost) / 1e3
    });
    building.chain(running).collect()
}

/// Present value today, before the wait for the permit, USD million.
fn value(
    project: &Project,
    cost: f64,
    price: f64,
    terms: &Terms,
    help: Help,
) -> Result<f64, Failure> {
    let rate = terms.rate(help);
    let at_start = npv(rate, &flows(project, cost, price, terms, help))?;
    Ok(at_start / (1.0 + rate).powf(terms.wait(help) as f64))
}

/// The operating cost at which a project breaks even: present value is a straight line in it.
fn bearable(project: &Project, price: f64, terms: &Terms, help: Help) -> Result<f64, Failure> {
    let free = value(project, 0.0, price, terms, help)?;
    let dear = value(project, 1.0, price, terms, help)?;
    Ok(free / (free - dear))
}

/// The constant price at which a project breaks even without a floor.
fn break_even(project: &Project, terms: &Terms, help: Help) -> Result<Option<f64>, Failure> {
    let help = Help {
        floor: false,
        ..help
    };
    let Some(cost) = project.operating else {
        return Ok(None);
    };
    let [price, _] = terms.prices;
    Ok(Some(price - bearable(project, price, terms, help)? + cost))
}

fn values(projects: &[Project], terms: &Terms) -> Result<Table, Failure> {
    let mut header = vec![
        "",
        "capital, USD per kg a year",
        "operating, USD/kg",
        "breaks even at",
        "price",
    ];
    header.extend(CASES.iter().map(|(name, _)| *name));
    let mut table = Table::new(
        "Present value in USD million, mid-2025 (for Eneabba: the operating cost in USD/kg that it can bear)",
        &header,
    );
    for project in projects {
        for price in terms.prices {
            let or_dash =
                |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |v| number(v, 0));
            let mut cells = vec![
                project.name.to_owned(),
                number(1e3 * project.capital / project.output, 0),
                or_dash(project.operating),
                or_dash(break_even(project, terms, CASES[0].1)?),
                number(price, 0),
            ];
            for (_, help) in CASES {
                cells.push(match project.operating {
                    Some(cost) => number(value(project, cost, price, terms, help)?, 0),
                    None => format!("({})", number(bearable(project, price, terms, help)?, 0)),
                });
            }
            table.row(cells);
        }
    }
    Ok(table)
}

fn explain(projects: &[Project], terms: &Terms) -> Result<(), Failure> {
    println!();
    let known = projects.iter().filter(|p| p.operating.is_some()).count();
    for price in terms.prices {
        for (name, help) in CASES {
            let mut clear = Vec::new();
            for project in projects {
                if let Some(cost) = project.operating
                    && value(project, cost, price, terms, help)? >= 0.0
                {
                    clear.push(project.name);
                }
            }
            println!(
                "at ${}, {name}: {} of {known} clear ({})",
                number(price, 0),
                clear.len(),
                clear.join("; ")
            );
        }
    }
    let covered = |help: Help| (FLOOR_YEARS - (terms.wait(help) + BUILD) as f64).max(0.0);
    println!(
        "\nA floor that ends in {} years pays a plant whose permit is slow for {} years of its life and one with a fast permit \
         for {}. A permit alone turns no project that does not clear into one that does; it brings forward what clears, and \
         with a floor the years that the floor still covers. A stake that asks for less than private capital lowers the \
         rate from {} to {} % real. The slow permit is that of the United States for all of them; in Australia the fast one is \
         usual. Capital and costs are those of studies, in the money of their years, before tax; two of the projects build \
         on what is there. The forecaster found that none of its projects earned {} % at ${}.\n",
        number(FLOOR_YEARS, 1),
        number(covered(CASES[0].1), 1),
        number(covered(CASES[1].1), 1),
        number(100.0 * terms.rate(CASES[0].1), 1),
        number(100.0 * terms.rate(CASES[3].1), 1),
        number(100.0 * RETURN, 0),
        number(LOW_PRICE, 0),
    );
    Ok(())
}

fn draw(projects: &[Project], terms: &Terms) -> Result<(), Failure> {
    let mut groups = Vec::new();
    for project in projects {
        if let (Some(without), Some(with)) = (
            break_even(project, terms, CASES[0].1)?,
            break_even(project, terms, CASES[3].1)?,
        ) {
            groups.push((project.name, vec![without, with]));
        }
    }
    // the dearest first, so that the labels of the lines stand clear of the bars
    groups.sort_by(|a, b| b.1[0].total_cmp(&a.1[0]));
    let levels = [
        ("early 2024", terms.prices[0]),
        ("mid-2025, outside China", terms.prices[1]),
        ("US floor", terms.floor),
    ];
    let levels = levels.map(|(label, value)| Level {
        value,
        label,
        at: None,
    });
    let frame = Frame {
        title: "The price at which a project breaks even",
        says: "At the return that private capital asks for, and with a public stake that asks for less. Studies' own figures.",
        x: "",
        y: "USD/kg NdPr oxide",
    };
    let series = ["private capital", "with a public stake"];
    let bars = chart::bars(frame, &series, &groups, None).y_range(0.0, 120.0);
    let path = levels.iter().fold(bars, Chart::level).save("pipeline")?;
    println!("wrote {}", path.display());
    Ok(())
}
