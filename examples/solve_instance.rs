//! Solves an instance file and prints the equilibrium as one JSON object.
//!
//! `cargo run --release --example solve_instance -- FILE [--repeat N] [--over-time]`; the file may be gzipped. Exits with
//! status 0 only when the instance was solved. With `--over-time` a perfect-foresight instance is solved as a
//! `pricefloor::horizon::Horizon`, as a user would write it.

#[path = "support/instance/mod.rs"]
mod instance;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use instance::{Instance, Spatial};
use pricefloor::complementarity::{Problem, Settings, Start, Workspace, solve_into};
use pricefloor::equilibrium::Certificate;
use serde_json::{Value, json};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut file = None;
    let (mut repeat, mut over_time) = (1, false);
    while let Some(argument) = arguments.next() {
        if argument == "--repeat" {
            repeat = arguments.next().ok_or("--repeat needs a number")?.parse()?;
        } else if argument == "--over-time" {
            over_time = true;
        } else {
            file = Some(argument);
        }
    }
    let file = file.ok_or("usage: solve_instance FILE [--repeat N] [--over-time]")?;

    let began = Instant::now();
    let read = instance::read(Path::new(&file))?;
    if over_time {
        return walk(&read);
    }
    let mut problem = read.problem()?;
    let assemble = began.elapsed().as_secs_f64() * 1e3;

    let settings = Settings::default();
    // the clock covers everything after the numbers are known: ordering, memory, iterations
    let mut times = Vec::new();
    let mut kept = None;
    let cpu = cpu_ms();
    for _ in 0..repeat.max(1) {
        let began = Instant::now();
        let mut workspace = Workspace::new(problem.structure(), &settings)?;
        let outcome = solve_into(&problem, &settings, &mut workspace, Start::Cold)?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
        kept = Some((workspace, outcome));
    }
    let (mut workspace, outcome) = kept.ok_or("no run")?;
    let x = workspace.solution().to_vec();
    let solve_cpu = (cpu_ms() - cpu) / times.len() as f64;
    // the same numbers again in the memory and the ordering of the first solve
    let mut again = Vec::new();
    let cpu = cpu_ms();
    for _ in 0..repeat.max(1) {
        let began = Instant::now();
        solve_into(&problem, &settings, &mut workspace, Start::Cold)?;
        again.push(began.elapsed().as_secs_f64() * 1e3);
    }
    let again_cpu = (cpu_ms() - cpu) / again.len() as f64;
    let ensemble = ensemble(&mut problem, &settings, &mut workspace, repeat)?;
    times.sort_by(f64::total_cmp);
    again.sort_by(f64::total_cmp);

    let status = if outcome.converged() {
        "solved".to_string()
    } else {
        format!("{:?}", outcome.termination())
    };
    let object = json!({
        "name": read.name,
        "status": status,
        "unknowns": problem.dimension(),
        "prices": prices(&problem, &x),
        "quantities": quantities(&problem, &x),
        "iterations": outcome.iterations().total(),
        "interior_point_iterations": outcome.iterations().interior_point(),
        "active_set_iterations": outcome.iterations().active_set(),
        "factorisations": outcome.factorisations(),
        "algebra": format!("{:?}", outcome.factorisation()),
        "solve_ms": times[times.len() / 2],
        "solve_ms_least": times[0],
        "solve_cpu_ms": solve_cpu,
        "again_cpu_ms": again_cpu,
        "again_ms": again[again.len() / 2],
        "again_ms_least": again[0],
        "resolve_ms": ensemble.as_ref().map(|e| e.median),
        "resolve_ms_least": ensemble.as_ref().map(|e| e.least),
        "resolve_cpu_ms": ensemble.as_ref().map(|e| e.cpu),
        "resolve_iterations": ensemble.as_ref().map(|e| e.iterations),
        "resolve_prices": ensemble.map(|e| e.prices),
        "assemble_ms": assemble,
        "residual": outcome.residual(),
        "peak_memory_mb": peak_memory_mb(),
        "certificate": {
            "scaled_residual": outcome.residual(),
            "price_error_bound": finite(outcome.price_error()),
            "worst": problem.name(outcome.worst().index),
        },
    });
    println!("{object}");
    Ok(if outcome.converged() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Solves the instance as a horizon.
fn walk(read: &Instance) -> Result<ExitCode, Box<dyn Error>> {
    let began = Instant::now();
    let horizon = read.horizon()?;
    let assemble = began.elapsed().as_secs_f64() * 1e3;
    let (began, cpu) = (Instant::now(), cpu_ms());
    let path = horizon.solve()?;
    let (took, cpu) = (began.elapsed().as_secs_f64() * 1e3, cpu_ms() - cpu);
    let worst = |of: fn(&Certificate) -> f64| {
        let periods = path.periods().iter();
        periods
            .map(|p| of(p.equilibrium().certificate()))
            .fold(0.0, f64::max)
    };
    let prices: Vec<_> = path
        .periods()
        .iter()
        .map(|period| read.prices(period))
        .collect::<Result<_, _>>()?;
    let object = json!({
        "name": read.name,
        "status": "solved",
        "periods": path.periods().len(),
        "prices": prices,
        "assemble_ms": assemble,
        "solve_ms": took,
        "solve_cpu_ms": cpu,
        "peak_memory_mb": peak_memory_mb(),
        "certificate": {
            "scaled_residual": worst(Certificate::residual),
            "price_error_bound": finite(worst(Certificate::price_error)),
            "mass_balance": worst(Certificate::mass_balance),
        },
    });
    println!("{object}");
    Ok(ExitCode::SUCCESS)
}

/// The most memory that the process has held, in megabytes, where the system tells it.
fn peak_memory_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? / 1024.0)
}

/// What solving an instance with new numbers takes, over several draws of them.
struct Ensemble {
    median: f64,
    least: f64,
    cpu: f64,
    /// Iterations a draw, on average.
    iterations: f64,
    /// Prices of the last draw.
    prices: Value,
}

/// Draws of the numbers.
const DRAWS: usize = 16;

/// Solves an instance with the intercept of every straight demand within a twentieth of what it was, each draw from the
/// solution of the one before. The i-th intercept of draw k takes the share 0.95 + 0.1 frac(k i g) with g the golden
/// ratio, k and i from 1. None without straight demands, for a single run, or where a draw was not solved.
fn ensemble(
    problem: &mut Spatial,
    settings: &Settings,
    workspace: &mut Workspace,
    repeat: usize,
) -> Result<Option<Ensemble>, Box<dyn Error>> {
    let rows = straight_demands(problem);
    if rows.is_empty() || repeat < 2 {
        return Ok(None);
    }
    let base = problem.constant.clone();
    let golden = 0.5 * (1.0 + 5f64.sqrt());
    let (mut times, mut iterations, mut passed) = (Vec::new(), 0, 0.0);
    for run in 0..DRAWS * repeat.div_ceil(4) {
        let draw = (run % DRAWS + 1) as f64;
        for (&row, i) in rows.iter().zip(1..) {
            let share = 0.95 + 0.1 * (draw * f64::from(i) * golden).fract();
            problem.constant[row] = base[row] * share;
        }
        let (cpu, began) = (cpu_ms(), Instant::now());
        let outcome = solve_into(&*problem, settings, workspace, Start::Warm)?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
        passed += cpu_ms() - cpu;
        iterations += outcome.iterations().total();
        if !outcome.converged() {
            return Ok(None);
        }
    }
    times.sort_by(f64::total_cmp);
    Ok(Some(Ensemble {
        median: times[times.len() / 2],
        least: times[0],
        cpu: passed / times.len() as f64,
        iterations: iterations as f64 / times.len() as f64,
        prices: prices(problem, workspace.solution()),
    }))
}

/// The rows of the straight demands, whose constants are their intercepts.
fn straight_demands(problem: &Spatial) -> Vec<usize> {
    let layout = &problem.layout;
    let blocks = layout.blocks.iter().filter(|block| block.0 == "q");
    let in_blocks = blocks.flat_map(|block| block.2..block.2 + block.3);
    let listed = layout.demand.iter().flatten().copied();
    listed.chain(in_blocks).collect()
}

/// Processor time of this thread where the system tells it, else 0.
fn cpu_ms() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told
        .split_whitespace()
        .next()
        .and_then(|ns| ns.parse::<f64>().ok());
    nanoseconds.unwrap_or(0.0) * 1e-6
}

fn finite(value: f64) -> Value {
    if value.is_finite() {
        json!(value)
    } else {
        Value::Null
    }
}

fn block(problem: &Spatial, x: &[f64], name: &str, period: usize) -> Option<Vec<f64>> {
    let (first, length) = problem.layout.block(name, period)?;
    Some(x[first..first + length].to_vec())
}

fn prices(problem: &Spatial, x: &[f64]) -> Value {
    let layout = &problem.layout;
    if layout.periods == 1 {
        json!(block(problem, x, "p", 0))
    } else {
        let by_period: Vec<_> = (0..layout.periods)
            .map(|t| block(problem, x, "p", t))
            .collect();
        json!(by_period)
    }
}

fn quantities(problem: &Spatial, x: &[f64]) -> Value {
    let layout = &problem.layout;
    let mut names: Vec<&str> = layout.blocks.iter().map(|block| block.0).collect();
    names.sort_unstable();
    names.dedup();
    let mut object = serde_json::Map::new();
    for name in names.into_iter().filter(|&name| name != "p") {
        let value = if layout.periods == 1 {
            json!(block(problem, x, name, 0))
        } else {
            let rows: Vec<_> = (0..layout.periods)
                .filter_map(|t| block(problem, x, name, t))
                .collect();
            json!(rows)
        };
        object.insert(name.to_string(), value);
    }
    if layout.periods == 1 {
        object.insert("q".to_string(), json!(layout.demands(x)));
    }
    Value::Object(object)
}
