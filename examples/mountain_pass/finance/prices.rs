//! The price: a mean-reverting process estimated on yearly averages of neodymium oxide.

use pricefloor::data;
use pricefloor::stochastic::{
    EstimationSettings, Identification, MeanReverting, MeanRevertingFit, MeanRevertingTerms,
    NotIdentified, PriceSeries,
};

use super::{Failure, Table, number};

/// Mean ratio of the NdPr to the Nd price in 2021-25.
const NDPR_TO_ND: f64 = 0.951;

/// Chinese value-added tax in a year: 17 % to 30 April 2018, 16 % to 31 March 2019, 13 % since.
fn tax(year: u16) -> f64 {
    match year {
        ..=2017 => 0.17,
        2018 => (4.0 * 0.17 + 8.0 * 0.16) / 12.0,
        2019 => (3.0 * 0.16 + 9.0 * 0.13) / 12.0,
        _ => 0.13,
    }
}

/// Which of the averages are taken to hold the tax.
#[derive(Clone, Copy, PartialEq)]
enum Basis {
    WithTax,
    WithoutTax,
    /// The source does not say of the early averages whether they hold it: here they do not.
    EarlyWithout,
}

fn fit(basis: Basis) -> Result<Identification<MeanRevertingFit>, Failure> {
    let averages = data::annual_averages("Nd oxide")?;
    let prices = averages.iter().map(|average| {
        let year = average.year();
        let divide = basis == Basis::WithoutTax || (basis == Basis::EarlyWithout && year >= 2018);
        average.price() * NDPR_TO_ND / if divide { 1.0 + tax(year) } else { 1.0 }
    });
    let series = PriceSeries::averages(1.0, prices.collect())?;
    Ok(MeanReverting::estimate(
        &series,
        &EstimationSettings::default(),
    ))
}

/// The estimate that the study runs on, and its neighbours at plus and minus one standard error.
pub struct Prices {
    pub base: MeanReverting,
    pub neighbours: Vec<(String, MeanReverting)>,
    pub without_early: MeanReverting,
    /// With a log mean one standard error up.
    pub higher: MeanReverting,
}

pub fn estimate(spot: f64) -> Result<(Prices, Table), Failure> {
    let mut table = Table::new(
        "NdPr oxide price, yearly averages of Nd oxide 2014-2025 x 0.951, corrected for averaging and small-sample bias",
        &[
            "averages taken as",
            "reversion a year",
            "(one error)",
            "log mean",
            "(s.e.)",
            "volatility",
            "(s.e.)",
            "long run, $/kg",
        ],
    );
    let mut found = Vec::new();
    for (basis, name) in [
        (Basis::WithTax, "with Chinese tax, as published"),
        (Basis::WithoutTax, "without tax (used)"),
        (Basis::EarlyWithout, "without tax; 2014-17 did not hold it"),
    ] {
        let fit = match fit(basis)? {
            Identification::Identified(fit) => fit,
            Identification::NotIdentified(reason) => {
                table.row([name.to_owned(), reason.to_string()]);
                found.push(Err(reason));
                continue;
            }
            _ => continue,
        };
        let price = fit.price(spot)?;
        let (reversion, mean, volatility) = (fit.reversion(), fit.log_mean(), fit.volatility());
        table.row([
            name.to_owned(),
            number(reversion.value(), 2),
            format!(
                "{} to {}",
                number(reversion.low(), 2),
                number(reversion.high(), 2)
            ),
            number(mean.value(), 2),
            number(mean.standard_error(), 2),
            number(volatility.value(), 2),
            number(volatility.standard_error(), 2),
            number(price.long_run_price(), 0),
        ]);
        found.push(Ok(fit));
    }
    let identified = |place: usize| -> Result<MeanRevertingFit, Failure> {
        match found.get(place) {
            Some(Ok(fit)) => Ok(*fit),
            Some(Err(reason)) => Err(unusable(reason)),
            None => Err("no estimate".into()),
        }
    };
    let fit = identified(1)?;
    let without_early = identified(2)?.price(spot)?;
    Ok((
        Prices {
            base: fit.price(spot)?,
            neighbours: neighbours(&fit, spot)?,
            without_early,
            higher: MeanReverting::new(MeanRevertingTerms {
                log_mean: fit.log_mean().high(),
                ..fit.price(spot)?.terms()
            })?,
        },
        table,
    ))
}

fn unusable(reason: &NotIdentified) -> Failure {
    format!("the price process is {reason}").into()
}

/// One parameter at a time at the ends of its interval. Where the interval of the reversion reaches zero (a random walk
/// cannot be excluded), its low end is taken as a half-life of twenty years.
fn neighbours(fit: &MeanRevertingFit, spot: f64) -> Result<Vec<(String, MeanReverting)>, Failure> {
    const SLOW: f64 = std::f64::consts::LN_2 / 20.0;
    let terms = fit.price(spot)?.terms();
    let (reversion, mean, volatility) = (fit.reversion(), fit.log_mean(), fit.volatility());
    let slow = reversion.low().max(SLOW);
    [
        (
            format!("reversion {}", number(slow, 2)),
            MeanRevertingTerms {
                reversion: slow,
                ..terms
            },
        ),
        (
            format!("reversion {}", number(reversion.high(), 2)),
            MeanRevertingTerms {
                reversion: reversion.high(),
                ..terms
            },
        ),
        (
            "log mean - 1 s.e.".to_owned(),
            MeanRevertingTerms {
                log_mean: mean.low(),
                ..terms
            },
        ),
        (
            "log mean + 1 s.e.".to_owned(),
            MeanRevertingTerms {
                log_mean: mean.high(),
                ..terms
            },
        ),
        (
            "volatility - 1 s.e.".to_owned(),
            MeanRevertingTerms {
                volatility: volatility.low(),
                ..terms
            },
        ),
        (
            "volatility + 1 s.e.".to_owned(),
            MeanRevertingTerms {
                volatility: volatility.high(),
                ..terms
            },
        ),
    ]
    .into_iter()
    .map(|(name, terms)| Ok((name, MeanReverting::new(terms)?)))
    .collect()
}
