//! Instruments and the cap table against `tests/cases/known/fi_warrants_convertibles.json` and the terms of the
//! transaction of July 2025 as its filings state them.

use pricefloor::finance::{
    CapTable, Common, CommonTerms, Compounding, Conversion, ConversionTerms, CountBasis, CountedAs,
    Dividend, EquityBefore, FinanceError, FirmMarket, Holding, Note, NoteTerms, Preferred,
    PreferredTerms, Redemption, RedemptionClaim, Settled, StatedStake, Warrant, WarrantIssue,
    WarrantMarket, WarrantSettlement, WarrantTerms,
};
use serde_json::Value;

fn case() -> Value {
    crate::cases::known("fi_warrants_convertibles")
}

fn warrant(shares: f64, strike: f64, settlement: WarrantSettlement) -> Warrant {
    Warrant::new(WarrantTerms {
        shares,
        strike,
        expiry: 10.0,
        settlement,
    })
    .unwrap()
}

fn preferred_terms() -> PreferredTerms {
    PreferredTerms {
        stated_value: 400e6,
        dividend: Dividend {
            rate: 0.07,
            compounding: Compounding::Quarterly,
            settled: Settled::InKind,
            cumulative: true,
        },
        conversion: Some(
            Conversion::new(ConversionTerms {
                price: 30.03,
                from: 0.0,
            })
            .unwrap(),
        ),
        in_kind_converts: false,
        redemption: None,
        participating: false,
    }
}

/// 424B7 and 10-Q of 2025: $400m at $30.03 is 13,320,013 shares, 24,521,672 with the warrant's 11,201,659; the press
/// release calls them 15 % of the shares outstanding, from which the old count is derived.
#[test]
fn cap_table_of_july_2025() {
    let conversion = Conversion::new(ConversionTerms {
        price: 30.03,
        from: 0.0,
    })
    .unwrap();
    let converted = conversion.whole_shares(400e6);
    assert_eq!(converted, 13_320_013.0);
    let stake = converted + 11_201_659.0;
    assert_eq!(stake, 24_521_672.0);
    let before = StatedStake {
        shares: stake,
        fraction: 0.15,
    }
    .implied_count()
    .unwrap();
    assert_eq!(before, 163_477_813.0);
    let row = |holder: &str, security: &str, shares, basis| Holding {
        holder: holder.into(),
        security: security.into(),
        shares,
        basis,
    };
    let old = CapTable::new(vec![row(
        "Private owners",
        "common",
        before,
        CountBasis::Derived,
    )])
    .unwrap();
    let new = old
        .with(row(
            "Department of War",
            "preferred, as converted",
            converted,
            CountBasis::Reported,
        ))
        .and_then(|table| {
            table.with(row(
                "Department of War",
                "warrant",
                11_201_659.0,
                CountBasis::Reported,
            ))
        })
        .unwrap();
    // 24,521,672 / 187,999,485 = 13.0435 % of the enlarged count; 15 % of the old one.
    assert_eq!(new.total(), 187_999_485.0);
    let share = new.share_of("Department of War").unwrap();
    assert!((share - 24_521_672.0 / 187_999_485.0).abs() < 1e-16);
    assert_eq!(format!("{:.2} %", 100.0 * share), "13.04 %");
    assert!((new.shares_of("Department of War").unwrap() / old.total() - 0.15).abs() < 1e-8);
    assert_eq!(old.rows()[0].basis, CountBasis::Derived);
    assert!(new.to_string().contains("(derived)"));
    assert!(matches!(
        new.share_of("Nobody"),
        Err(FinanceError::Unknown { .. })
    ));
    let twice = new.with(row(
        "Department of War",
        "warrant",
        1.0,
        CountBasis::Reported,
    ));
    assert!(matches!(twice, Err(FinanceError::Duplicate { .. })));
}

#[test]
fn treasury_stock_method() {
    let answer = &case()["answer"]["treasury_stock"];
    let value = |key: &str| answer[key].as_f64().unwrap();
    let ten_million = warrant(10e6, 25.0, WarrantSettlement::NetShare);
    assert_eq!(
        ten_million.treasury_stock_shares(50.0).unwrap(),
        value("P50_K25_n10m")
    );
    assert_eq!(
        ten_million.treasury_stock_shares(20.0).unwrap(),
        value("P20_K25_n10m")
    );
    assert_eq!(
        ten_million.treasury_stock_shares(25.0).unwrap(),
        value("P25_K25")
    );
    let tranches = [(1e6, 10.0), (2e6, 30.0), (3e6, 50.0)];
    let total: f64 = tranches
        .iter()
        .map(|&(n, strike)| {
            warrant(n, strike, WarrantSettlement::NetShare)
                .treasury_stock_shares(40.0)
                .unwrap()
        })
        .sum();
    assert!((total - value("P40_two_tranches")).abs() < 1e-9 * total);
}

/// The share price after exercise solves P = (E + n K)/(N + n), and P = E/(N + n (1 - K/P)) for net shares: the
/// equations themselves are checked, on both sides of the strike.
#[test]
fn dilution_is_a_fixed_point() {
    let (n, strike, shares) = (11_201_659.0, 30.03, 163_477_813.0);
    for per_share in [0.0, 12.0, 30.03, 30.04, 45.0, 300.0] {
        let before = EquityBefore {
            value: per_share * shares,
            shares,
        };
        let cash = warrant(n, strike, WarrantSettlement::Cash)
            .exercise(before)
            .unwrap();
        let net = warrant(n, strike, WarrantSettlement::NetShare)
            .exercise(before)
            .unwrap();
        assert!((cash.price() - net.price()).abs() <= 1e-12 * cash.price().max(1.0));
        assert!((cash.gain() - net.gain()).abs() <= 1e-9 * (1.0 + cash.gain()));
        let total_after = before.value + cash.paid();
        assert!(
            (cash.price() * (shares + cash.new_shares()) - total_after).abs()
                <= 1e-9 * (1.0 + total_after)
        );
        assert!(
            (net.price() * (shares + net.new_shares()) - before.value).abs()
                <= 1e-9 * (1.0 + before.value)
        );
        if per_share > strike {
            assert!((net.new_shares() - n * (1.0 - strike / net.price())).abs() < 1e-6);
            assert!(
                net.price() > strike && net.price() < per_share,
                "dilution lowers the price, not below the strike"
            );
        } else {
            assert_eq!((cash.new_shares(), net.new_shares()), (0.0, 0.0));
        }
    }
}

/// Hull's warrant example: 200,000 warrants on 1,000,000 shares at 40, strike 60, five years, 3 %, volatility 30 %.
#[test]
fn warrants_before_expiry() {
    let case = case();
    let value = |path: &str| {
        case["answer"]
            .pointer(path)
            .and_then(Value::as_f64)
            .unwrap()
    };
    let terms = WarrantTerms {
        shares: 200_000.0,
        strike: 60.0,
        expiry: 5.0,
        settlement: WarrantSettlement::Cash,
    };
    let warrant = Warrant::new(terms).unwrap();
    let market = WarrantMarket {
        price: 40.0,
        shares: 1e6,
        rate: 0.03,
        dividend_yield: 0.0,
        volatility: 0.3,
        issue: WarrantIssue::Free,
    };
    let value_of = |market: &WarrantMarket| {
        let value = warrant.value_of_one(market).unwrap();
        let given = serde_json::json!({ "warrant": terms, "market": market });
        crate::parity::note("warrant", &given, Ok(vec![value]));
        value
    };
    let free = value_of(&market);
    assert!(
        (free / value("/hull/warrant_cost_each") - 1.0).abs() < 1e-9,
        "{free}"
    );
    assert!((200_000.0 * free / value("/hull/total_cost") - 1.0).abs() < 1e-9);
    let after = market.price - 200_000.0 * free / market.shares;
    assert!((after / value("/hull/share_price_after") - 1.0).abs() < 1e-9);
    let for_value = value_of(&WarrantMarket {
        issue: WarrantIssue::ForValue,
        ..market
    });
    assert!(
        (for_value / value("/galai_schneller_issue_for_value") - 1.0).abs() < 1e-9,
        "{for_value}"
    );
    let broken = WarrantMarket {
        volatility: -0.2,
        ..market
    };
    assert!(matches!(
        warrant.value_of_one(&broken),
        Err(FinanceError::Option { .. })
    ));
    assert!(matches!(
        warrant.value_of_one(&WarrantMarket {
            price: 0.0,
            ..market
        }),
        Err(FinanceError::Value { .. })
    ));
}

/// The payoffs min(V, claim) and max(c V - claim, 0) under the lognormal density, by quadrature with 30 digits (mpmath). The
/// shares have what the claim leaves, which is never negative; far in the money the claim is the part c of the firm, and
/// far below the claim it is the firm.
#[test]
fn convertible_claims_before_they_are_due() {
    let firm = |value, shares, rate, volatility| FirmMarket {
        value,
        shares,
        rate,
        volatility,
    };
    let right = |price| Conversion::new(ConversionTerms { price, from: 1.0 }).unwrap();
    for (price, years, firm, straight, option) in [
        (
            8.0,
            5.0,
            firm(1000.0, 100.0, 0.05, 0.3),
            305.550605890731,
            96.0175550771496,
        ),
        (
            2.0,
            10.0,
            firm(500.0, 300.0, 0.03, 0.6),
            129.425667173733,
            117.455538641067,
        ),
        (
            8.0,
            1.0,
            firm(3000.0, 100.0, 0.0, 0.2),
            400.0,
            600.000058487675,
        ),
    ] {
        let value = right(price).value(400.0, years, &firm).unwrap();
        assert!(
            (value.straight() / straight - 1.0).abs() < 1e-12,
            "{value:?}"
        );
        assert!((value.option() / option - 1.0).abs() < 1e-12, "{value:?}");
        let terms = serde_json::json!({
            "price": price, "from": 1.0, "claim": 400.0, "years": years, "market": firm,
        });
        let found = vec![value.straight(), value.option()];
        crate::parity::note("convertible", &terms, Ok(found));
    }
    for value in [1e-3, 10.0, 400.0, 1200.0, 1e4, 1e7] {
        let market = firm(value, 100.0, 0.04, 0.4);
        let found = right(8.0).value(400.0, 3.0, &market).unwrap();
        assert!(found.option() >= 0.0 && found.total() <= value, "{found:?}");
        assert!(
            found.total() >= (value / 3.0).min(value) - 1e-9,
            "{found:?}"
        );
    }
    let rich = right(8.0).value(400.0, 3.0, &firm(1e7, 100.0, 0.04, 0.4));
    assert!((rich.unwrap().total() / (1e7 / 3.0) - 1.0).abs() < 1e-12);
    let poor = right(8.0).value(400.0, 3.0, &firm(1e-3, 100.0, 0.04, 0.4));
    assert!((poor.unwrap().total() / 1e-3 - 1.0).abs() < 1e-12);
}

#[test]
fn ill_posed_convertible_claims_are_refused() {
    let right = Conversion::new(ConversionTerms {
        price: 8.0,
        from: 1.0,
    })
    .unwrap();
    let market = FirmMarket {
        value: 1000.0,
        shares: 100.0,
        rate: 0.05,
        volatility: 0.3,
    };
    let refused =
        |claim, years, market| right.value(claim, years, &market).unwrap_err().to_string();
    let broken = FirmMarket {
        volatility: -0.3,
        ..market
    };
    let no_shares = FirmMarket {
        shares: 0.0,
        ..market
    };
    let messages = [
        refused(0.0, 5.0, market),
        refused(400.0, 0.5, market),
        refused(400.0, 5.0, no_shares),
        refused(400.0, 5.0, broken),
    ];
    insta::assert_snapshot!(messages.join("\n"), @r"
    claim is 0, but it must be finite and above 0
    first conversion date is 1, but it must be finite and at most 0.5
    shares outstanding is 0, but it must be finite and above 0
    the value of a convertible claim could not be worked out
    ");
}

/// 400 x 1.0175^40 = 800.6 after ten years; 13.3 m shares without the dividends in kind, 26.7 m with them.
#[test]
fn preferred_in_kind() {
    let accreted = 400e6 * 1.0175f64.powi(40);
    let plain = Preferred::new(preferred_terms()).unwrap();
    assert!((plain.accreted(10.0) - accreted).abs() < 1e-3);
    assert_eq!((accreted / 1e5).round(), 8006.0);
    assert!((plain.conversion_shares(10.0) - 400e6 / 30.03).abs() < 1e-6);
    let with_kind = Preferred::new(PreferredTerms {
        in_kind_converts: true,
        ..preferred_terms()
    })
    .unwrap();
    assert!((with_kind.conversion_shares(10.0) - accreted / 30.03).abs() < 1e-3);
    assert_eq!((with_kind.conversion_shares(10.0) / 1e5).round(), 267.0);
    // Two years and a month: eight whole quarters compound, a third of a quarter accrues simply.
    let months = 2.0 + 1.0 / 12.0;
    let expected = 400e6 * 1.0175f64.powi(8) * (1.0 + 0.0175 / 3.0);
    assert!((plain.accreted(months) - expected).abs() < 1e-3);
    // A stated value is no put: without a redemption in the terms there is nothing to demand.
    assert_eq!(plain.redemption_claim(10.0), None);
    let redeemable = PreferredTerms {
        redemption: Some(Redemption {
            from: 5.0,
            claim: RedemptionClaim::Accreted,
        }),
        ..preferred_terms()
    };
    let redeemable = Preferred::new(redeemable).unwrap();
    assert_eq!(redeemable.redemption_claim(4.75), None);
    assert!((redeemable.redemption_claim(10.0).unwrap() - accreted).abs() < 1e-3);
    // In cash: 400m at 7 % is 7m a quarter, and the stated value stays.
    let cash = PreferredTerms {
        dividend: Dividend {
            settled: Settled::InCash,
            ..preferred_terms().dividend
        },
        ..preferred_terms()
    };
    let cash = Preferred::new(cash).unwrap();
    assert!((cash.cash_dividend(0.25) - 7e6).abs() < 1e-6);
    assert_eq!(cash.accreted(10.0), 400e6);
}

/// The 3.00 % notes due March 2030: 862.8 x 3 % / 4 = 6.471 a quarter as debt, 862.8 / 21.74 = 39.7m shares otherwise.
#[test]
fn notes_count_as_debt_or_as_shares() {
    let terms = NoteTerms {
        face: 862.8e6,
        coupon: 0.03,
        maturity: 4.667,
        conversion: Some(
            Conversion::new(ConversionTerms {
                price: 21.74,
                from: 0.0,
            })
            .unwrap(),
        ),
        counted_as: CountedAs::Debt,
    };
    let debt = Note::new(terms).unwrap();
    assert!((debt.interest(0.0, 0.25) - 6.471e6).abs() < 1e-6);
    assert!(
        (debt.interest(4.5, 4.75) - 862.8e6 * 0.03 * 0.167).abs() < 1e-3,
        "interest stops at maturity"
    );
    assert_eq!(debt.principal_due(4.25, 4.5), 0.0);
    assert_eq!(debt.principal_due(4.5, 4.75), 862.8e6);
    assert_eq!(debt.principal_due(4.75, 5.0), 0.0);
    assert_eq!(
        (debt.owed(4.5), debt.owed(4.75), debt.shares()),
        (862.8e6, 0.0, 0.0)
    );
    let shares = Note::new(NoteTerms {
        counted_as: CountedAs::Shares,
        ..terms
    })
    .unwrap();
    assert!((shares.shares() - 862.8e6 / 21.74).abs() < 1e-6);
    assert_eq!(
        (
            shares.interest(0.0, 0.25),
            shares.principal_due(4.5, 4.75),
            shares.owed(1.0)
        ),
        (0.0, 0.0, 0.0)
    );
    let plain = NoteTerms {
        conversion: None,
        counted_as: CountedAs::Shares,
        ..terms
    };
    assert!(matches!(
        Note::new(plain),
        Err(FinanceError::Together { .. })
    ));
}

#[test]
fn bad_terms_are_typed_errors_that_name_the_thing() {
    let error = Warrant::new(WarrantTerms {
        shares: -1.0,
        strike: 30.0,
        expiry: 10.0,
        settlement: WarrantSettlement::Cash,
    })
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "warrant shares is -1, but it must be finite and above 0"
    );
    assert!(
        Common::new(CommonTerms {
            shares: 1e6,
            price: f64::NAN
        })
        .is_err()
    );
    assert!(
        Conversion::new(ConversionTerms {
            price: 0.0,
            from: 0.0
        })
        .is_err()
    );
    assert!(
        Preferred::new(PreferredTerms {
            stated_value: 0.0,
            ..preferred_terms()
        })
        .is_err()
    );
    let kind = PreferredTerms {
        conversion: None,
        in_kind_converts: true,
        ..preferred_terms()
    };
    assert!(matches!(
        Preferred::new(kind),
        Err(FinanceError::Together { .. })
    ));
}

#[test]
fn files_are_checked_like_constructors() {
    let preferred = Preferred::new(preferred_terms()).unwrap();
    let text = serde_json::to_string(&preferred).unwrap();
    assert_eq!(serde_json::from_str::<Preferred>(&text).unwrap(), preferred);
    for (good, bad) in [
        ("\"stated_value\":400000000.0", "\"stated_value\":-1.0"),
        ("\"stated_value\"", "\"stated\""),
        ("\"rate\"", "\"rat\""),
        ("\"price\"", "\"prize\""),
        ("\"InKind\"", "\"InGold\""),
    ] {
        let broken = text.replace(good, bad);
        assert_ne!(broken, text);
        assert!(
            serde_json::from_str::<Preferred>(&broken).is_err(),
            "{broken}"
        );
    }
    assert!(
        serde_json::from_str::<Warrant>(
            r#"{"shares":1,"strike":1,"expiry":1,"settlement":"Cash","strik":2}"#
        )
        .is_err()
    );
    assert!(serde_json::from_str::<Common>(r#"{"shares":1,"price":1,"prise":1}"#).is_err());
    assert!(
        serde_json::from_str::<Note>(r#"{"face":1,"coupon":0,"maturity":1,"matures":1}"#).is_err()
    );
    assert!(
        serde_json::from_str::<CapTable>(r#"[{"holder":"a","security":"b","shares":1,"sares":1}]"#)
            .is_err()
    );
    assert!(
        serde_json::from_str::<CapTable>(r#"[{"holder":"a","security":"b","shares":-1}]"#).is_err()
    );
}
