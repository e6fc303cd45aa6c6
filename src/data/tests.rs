//! Bad files: each is a typed error that names the line and the rule. The bundled files are tested from outside.

use super::read::rows;
use super::*;

const HEAD: &str = "entity,metric,value,unit,period,note,source,confidence\n";

fn refuse(line: &str) -> String {
    rows::<Fact>("facts.csv", &format!("{HEAD}{line}\n"))
        .expect_err(line)
        .to_string()
}

#[test]
fn a_bad_line_is_refused_with_its_place_and_the_rule() {
    assert!(
        refuse("A,b,1,t,2025,,nowhere,verified")
            .starts_with("facts.csv, line 2: `A, b, 2025` cites the source")
    );
    assert!(
        refuse("A,b,1,t,2025,,,verified").contains("a verified or second-hand figure needs one")
    );
    assert!(refuse("A,b,1,t,2025,,,derived").contains("needs a source or a note"));
    assert!(refuse("A,b,,t,2025,note,,derived").contains("a row must state something"));
    assert!(refuse("A,b,inf,t,2025,note,,derived").contains("a number must be finite"));
    assert!(
        refuse("A,b,9-3,t,2025,note,,derived").contains("the lower end of a range comes first")
    );
    assert!(refuse("A,b,1,t,2025,note,,guessed").contains("unknown variant `guessed`"));
    assert!(refuse("A,b,1,t,2025").contains("found record with 5 fields"));
    let unknown = rows::<Fact>(
        "facts.csv",
        &format!(
            "{}{}",
            HEAD.replace("unit", "units"),
            "A,b,1,t,2025,n,,derived"
        ),
    );
    assert!(
        unknown
            .expect_err("a misnamed column")
            .to_string()
            .contains("unknown field `units`")
    );
}

#[test]
fn a_line_break_inside_quotes_does_not_shift_the_line_numbers() {
    let text = format!("{HEAD}A,b,1,t,2025,\"one\ntwo\",,derived\nA,b,1,t,2025,,,derived\n");
    let error = rows::<Fact>("facts.csv", &text).expect_err("the second row has no source");
    assert!(
        matches!(error, DataError::Malformed { line: 4, .. }),
        "{error}"
    );
}

#[test]
fn a_range_holds_its_value() {
    let head = "item,region,value,low,high,unit,confidence,derivation,source\n";
    let read = |line: &str| rows::<BaseCaseRow>("base.csv", &format!("{head}{line}\n"));
    assert!(read("a,b,2,1,3,t,derived,sum,").is_ok());
    assert!(read("a,b,2,,,t,derived,sum,").is_ok());
    for line in ["a,b,2,2.5,3,t,derived,sum,", "a,b,2,1,1.5,t,derived,sum,"] {
        assert!(
            read(line)
                .expect_err(line)
                .to_string()
                .contains("a range must hold its value")
        );
    }
    assert!(
        read("a,b,nan,1,3,t,derived,sum,")
            .expect_err("NaN")
            .to_string()
            .contains("must be finite")
    );

    let head = "item,value,low,high,unit,confidence,reason,source\n";
    let read = |line: &str| rows::<Assumption>("assumed.csv", &format!("{head}{line}\n"));
    assert!(read("a,2025-06-30,2025-01-01,2025-12-31,date,judgement,why,").is_ok());
    for line in [
        "a,2025-06-30,2025-07-01,2025-12-31,date,judgement,why,",
        "a,2025-06-30,1,2,date,judgement,why,",
        "a,2,1,,t,judgement,why,",
        "a,much,,,t,judgement,why,",
    ] {
        assert!(
            read(line)
                .expect_err(line)
                .to_string()
                .contains("a range has two ends that hold it")
        );
    }
}

#[test]
fn values_are_read_as_what_they_are() {
    let read = |text: &str| text.parse::<Value>().expect("a value");
    assert_eq!(read("63"), Value::Number(63.0));
    assert_eq!(read("-2.696"), Value::Number(-2.696));
    assert_eq!(
        read("190-200"),
        Value::Range {
            low: 190.0,
            high: 200.0
        }
    );
    assert_eq!(
        read("-3--1"),
        Value::Range {
            low: -3.0,
            high: -1.0
        }
    );
    assert_eq!(read("190-200").midpoint(), Some(195.0));
    assert_eq!(read(">95"), Value::Over(95.0));
    assert_eq!(read("<1.09"), Value::Under(1.09));
    assert_eq!(read("2029-Q1"), Value::Text("2029-Q1".into()));
    assert_eq!(
        read("2010-09")
            .date()
            .map(|date| (date.year(), date.month(), date.day())),
        Some((2010, 9, None))
    );
    assert_eq!(read("2024-02-29").date().and_then(Date::day), Some(29));
    for text in [
        "2023-02-29",
        "2025-13-01",
        "2025-00-10",
        "2025-06-00",
        "2025-6-30",
        "2025-06-30-1",
        "+025-06-30",
    ] {
        assert!(text.parse::<Date>().is_err(), "{text}");
    }
    for text in [
        "63",
        "-2.696",
        "190-200",
        "-3--1",
        ">95",
        "<1.09",
        "2010-09",
        "2035-12-31",
        "quarterly",
    ] {
        assert_eq!(read(text).to_string(), text);
    }
}
