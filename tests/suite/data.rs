//! The bundled facts: they parse, they are sourced, and they agree with one another.

use pricefloor::data::{self, Confidence, DataError, Provenance, Table};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn everything() -> Result<Vec<(String, &'static Provenance)>, DataError> {
    let mut rows = Vec::new();
    for row in data::base_case()? {
        rows.push((
            format!("{}, {}", row.item(), row.region()),
            row.provenance(),
        ));
    }
    for row in data::assumptions()? {
        rows.push((row.item().to_owned(), row.provenance()));
    }
    for row in data::contract_terms()? {
        rows.push((row.term().to_owned(), row.provenance()));
    }
    for row in data::quarters()? {
        rows.push((
            format!("{}, {}", row.quarter(), row.metric()),
            row.provenance(),
        ));
    }
    for &table in Table::ALL {
        for row in data::facts(table)? {
            rows.push((
                format!(
                    "{table}: {}, {}, {}",
                    row.entity(),
                    row.metric(),
                    row.period()
                ),
                row.provenance(),
            ));
        }
    }
    Ok(rows)
}

#[test]
fn every_row_says_where_it_comes_from() -> Outcome {
    let rows = everything()?;
    assert!(rows.len() > 1600, "{}", rows.len());
    for (name, provenance) in &rows {
        let read_somewhere = matches!(
            provenance.confidence(),
            Confidence::Verified | Confidence::SecondHand
        );
        assert!(
            !provenance.sources().is_empty() || (!read_somewhere && !provenance.note().is_empty()),
            "{name}"
        );
        for source in provenance.sources() {
            assert!(
                !source.title().is_empty() && !source.publisher().is_empty(),
                "{name}: {source}"
            );
            assert!(!source.how_verified().is_empty(), "{name}: {source}");
            // Without an address a source is at best a lead.
            assert!(
                !source.address().is_empty() || source.grade() == data::Grade::D,
                "{name}: {source}"
            );
        }
    }
    Ok(())
}

#[test]
fn every_source_is_cited_and_has_one_key() -> Outcome {
    let cited: std::collections::BTreeSet<&str> = everything()?
        .iter()
        .flat_map(|(_, provenance)| provenance.sources())
        .map(data::Source::key)
        .collect();
    let listed: Vec<&str> = data::sources()?.iter().map(data::Source::key).collect();
    assert_eq!(listed, cited.into_iter().collect::<Vec<_>>());
    Ok(())
}

/// Production = consumption + stock change + net exports, region by region and for the world: the identity by which
/// the balance was made, net of process scrap.
#[test]
fn the_base_case_balances() -> Outcome {
    let value =
        |item: &str, region: &str| data::base_case_row(item, region).map(data::BaseCaseRow::value);
    let mut sums = [0.0; 4];
    for region in ["China", "Japan", "United States", "Rest of world"] {
        // Japan separates none, so it has no row of production.
        let production = if region == "Japan" {
            0.0
        } else {
            value("production", region)?
        };
        let consumption = value("consumption", region)?;
        let stock = value("stock change", region)?;
        let exports = value("net exports", region)?;
        assert_eq!(production, consumption + stock + exports, "{region}");
        for (sum, part) in sums
            .iter_mut()
            .zip([production, consumption, stock, exports])
        {
            *sum += part;
        }
    }
    let world = [
        value("production", "World")?,
        value("consumption", "World")?,
        value("stock change", "World")?,
        0.0,
    ];
    assert_eq!(sums, world);
    for row in data::base_case()?
        .iter()
        .filter(|row| row.item() == "production" || row.item() == "consumption")
    {
        assert_eq!(row.unit(), "t NdPr oxide/year net of process scrap");
    }
    Ok(())
}

/// Chinese prices with and without value-added tax of 13 %.
#[test]
fn the_tax_bases_agree() -> Outcome {
    let price =
        |item: &str, region: &str| data::base_case_row(item, region).map(data::BaseCaseRow::value);
    let without = price("price (China domestic ex VAT)", "China")?;
    let with = price("price (outside China)", "Rest of world")?;
    assert_eq!((with / 1.13).round(), without);
    let without = price("price 2025 average ex VAT", "China")?;
    let with = price("price 2025 average", "Rest of world")?;
    assert_eq!((with / 1.13).round(), without);
    let averages = data::annual_averages("NdPr oxide")?;
    assert_eq!(
        averages.last().map(|year| (year.year(), year.price())),
        Some((2025, with))
    );
    Ok(())
}

/// A price model of NdPr is estimated on the longer Nd series, scaled by the mean ratio of 2021-25: 0.951.
#[test]
fn neodymium_stands_in_for_ndpr() -> Outcome {
    let neodymium = data::annual_averages("Nd oxide")?;
    let ndpr = data::annual_averages("NdPr oxide")?;
    let years: Vec<u16> = neodymium.iter().map(|year| year.year()).collect();
    assert_eq!(years, (2014..=2025).collect::<Vec<_>>());
    let ratios: Vec<f64> = ndpr
        .iter()
        .filter_map(|pair| {
            neodymium
                .iter()
                .find(|year| year.year() == pair.year())
                .map(|nd| pair.price() / nd.price())
        })
        .collect();
    assert_eq!(ratios.len(), 5);
    let mean = ratios.iter().sum::<f64>() / 5.0;
    assert!((mean - 0.951).abs() < 5e-4, "{mean}");
    Ok(())
}

/// The transaction of July 2025: $400m at $30.03 converts into 13,320,013 shares, with the warrant 24,521,672, which
/// is 15 % of the old count and 13.04 % of the enlarged one.
#[test]
fn the_shares_add_up() -> Outcome {
    let term = |name: &str| data::contract_term(name).and_then(data::ContractTerm::number);
    let converted =
        term("pref_shares")? * term("pref_stated_value")? / term("pref_conversion_price")?;
    assert_eq!(converted.floor(), term("pref_conversion_shares")?);
    assert_eq!(
        term("pref_conversion_shares")? + term("warrant_shares")?,
        term("dow_total_shares")?
    );
    let old = term("shares_outstanding_20250709")?;
    let new = term("dow_total_shares")?;
    assert!((new / old - term("dow_ownership")? / 100.0).abs() < 1e-8);
    assert!((new / (old + new) - term("dow_ownership_asconverted")? / 100.0).abs() < 5e-5);
    assert_eq!(
        data::contract_term("ppa_floor")?.number()?,
        data::base_case_row("floor price", "United States (MP)")?.value()
    );
    Ok(())
}

/// Quarters against fiscal years (company reports round to a tonne), and one file against the other.
#[test]
fn quarters_add_up_to_the_year() -> Outcome {
    let mut production = 0.0;
    for quarter in ["Q1 2025", "Q2 2025", "Q3 2025", "Q4 2025"] {
        production += data::quarter(quarter, "ndpr_production")?.number()?;
    }
    let year = data::fact(
        Table::MpOperations,
        "MP Materials",
        "NdPr oxide production",
        "FY2025",
    )?;
    assert_eq!(production, year.number()?);
    let mut sales = 0.0;
    for quarter in ["Q1 2025", "Q2 2025", "Q3 2025", "Q4 2025"] {
        sales += data::quarter(quarter, "ndpr_sales")?.number()?;
    }
    assert_eq!(sales, data::quarter("FY 2025", "ndpr_sales")?.number()?);
    let price = data::quarter("Q1 2026", "ndpr_revenue")?.number()? * 1e3
        / data::quarter("Q1 2026", "ndpr_sales")?.number()?;
    assert!(
        (price - data::quarter("Q1 2026", "ndpr_realised_price")?.number()?).abs() < 0.05,
        "{price}"
    );
    Ok(())
}

#[test]
fn debt_and_interest_of_the_case_agree() -> Outcome {
    let number = |item: &str| data::assumption(item).and_then(data::Assumption::number);
    assert!((862.8 + 67.7 - number("debt at start (face)")?).abs() < 1e-9);
    assert!((862.8 * 0.03 + 67.7 * 0.0025 - number("cash interest")?).abs() < 0.05);
    Ok(())
}

#[test]
fn a_question_without_an_answer_says_what_comes_near() -> Outcome {
    let error = data::assumption("growth capex").unwrap_err();
    assert_eq!(
        error.to_string(),
        "assumptions_mountain_pass.csv has no row `growth capex`; there is `growth capex for the oxide business`, \
         `oxide capacity after growth`, `sustaining capex`"
    );
    assert!(
        matches!(data::contract_term("xyz"), Err(DataError::NotFound { near, .. }) if near.is_empty())
    );
    assert!(matches!(
        data::annual_averages("Unobtainium"),
        Err(DataError::NotFound { .. })
    ));
    assert!(matches!(
        data::fact(
            Table::UsSalient,
            "United States",
            "apparent consumption, compounds and metals",
            "2021"
        ),
        Err(DataError::Ambiguous { count: 2, .. })
    ));
    assert!(matches!(
        data::contract_term("ppa_end")?.number(),
        Err(DataError::NotA {
            wanted: "number",
            ..
        })
    ));
    assert!(matches!(
        data::assumption("start of every case")?.number(),
        Err(DataError::NotA { .. })
    ));
    assert!(matches!(
        data::assumption("inflation")?.date(),
        Err(DataError::NotA { wanted: "date", .. })
    ));
    Ok(())
}

#[test]
fn rows_survive_json_and_unknown_keys_do_not() -> Outcome {
    fn round<T>(rows: &[T]) -> Outcome
    where
        T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug,
    {
        for row in rows {
            let text = serde_json::to_string(row)?;
            assert_eq!(&serde_json::from_str::<T>(&text)?, row);
            let spoiled = text.replacen('{', "{\"typo\":1,", 1);
            let error = serde_json::from_str::<T>(&spoiled)
                .expect_err("an unknown key")
                .to_string();
            assert!(error.contains("unknown field `typo`"), "{error}");
        }
        Ok(())
    }
    round(data::base_case()?)?;
    round(data::assumptions()?)?;
    round(data::contract_terms()?)?;
    round(data::quarters()?)?;
    round(data::sources()?)?;
    for &table in Table::ALL {
        round(data::facts(table)?)?;
    }
    // The same checks stand at this door.
    let row = serde_json::to_string(data::base_case_row("production", "China")?)?;
    let spoiled = row.replace("\"low\":66000.0", "\"low\":80000.0");
    assert_ne!(row, spoiled);
    let error = serde_json::from_str::<data::BaseCaseRow>(&spoiled)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`production, China` is 73000, but a range must hold its value"),
        "{error}"
    );
    Ok(())
}
