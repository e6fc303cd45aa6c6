//! What terms a type has, found out by letting it deserialise: serde says which fields and variants it asks for. So a
//! new measure, or a new term of an old one, needs no list here.

mod entries;
mod probe;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde::de::Deserialize;
use serde_json::{Value, json};

use probe::{Missing, Probe};

/// The type of a term.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Not seen.
    #[default]
    Unknown,
    Number,
    Count,
    Text,
    Flag,
    List(Box<Shape>),
    Optional(Box<Shape>),
    /// A type with named terms or variants, listed by its name.
    Named(String),
}

/// A term of a record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Term {
    pub name: String,
    pub shape: Shape,
    pub required: bool,
}

/// A type with a name.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Type {
    /// Named terms.
    Record(Vec<Term>),
    /// One of several; each with what it carries.
    Choice(Vec<(String, Payload)>),
}

/// What a variant carries.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Payload {
    /// Not looked into.
    Unseen,
    Nothing,
    One(Shape),
    Terms(Vec<Term>),
}

/// All named types that a root type leads to.
#[derive(Default)]
pub struct Trace {
    pub types: BTreeMap<String, Type>,
    /// Which variant of a choice is taken next.
    choice: BTreeMap<String, usize>,
    /// Where each record was first met: the choices that lead to it.
    way: BTreeMap<String, BTreeMap<String, usize>>,
    open: Vec<String>,
    /// A term to leave out.
    omitted: Option<(String, String)>,
    /// Terms that no dummy satisfies, left out so that those after them are seen too.
    passed_over: BTreeSet<(String, String)>,
    /// The term that broke the last try, the innermost.
    broken: Option<(String, String)>,
    /// Whether measures are taken as they are, not looked into.
    measures_closed: bool,
}

impl Trace {
    /// Takes measures as they are, or looks into them.
    pub fn closed(&mut self, measures: bool) {
        self.measures_closed = measures;
    }

    /// An example of a type that is a class of its own elsewhere and is not looked into.
    fn example(&self, name: &str) -> Option<Value> {
        match name {
            "MarketBuilder" => Some(json!({
                "name": "x", "price_unit": "x", "regions": ["x"], "commodities": ["x"],
            })),
            "Measure" if self.measures_closed => Some(json!({
                "support_buying": { "region": "x", "commodity": "x", "floor": 1.0 },
            })),
            _ => None,
        }
    }
}

/// Dummies tried for one root; each shows one more variant.
const MOST_TRIES: usize = 10_000;

/// Finds the types of `T` and adds them.
pub fn explore<'de, T: Deserialize<'de>>(trace: &mut Trace) -> Shape {
    let mut root = Shape::Unknown;
    trace.passed_over.clear();
    for _ in 0..MOST_TRIES {
        trace.broken = None;
        // what a dummy value breaks does not matter: only what is asked for does
        let _ = T::deserialize(Probe {
            trace,
            out: &mut root,
        });
        let unseen = trace.types.iter().find_map(|(name, kind)| {
            let Type::Choice(variants) = kind else {
                return None;
            };
            let next = variants.iter().position(|v| v.1 == Payload::Unseen)?;
            (trace.choice.get(name) != Some(&next)).then(|| (name.clone(), next))
        });
        match unseen {
            Some((name, next)) => {
                if let Some(way) = trace.way.get(&name) {
                    trace.choice.extend(way.clone());
                }
                trace.choice.insert(name, next);
            }
            None => match trace.broken.take() {
                Some(term) if trace.passed_over.insert(term.clone()) => {}
                _ => break,
            },
        }
    }
    for (record, way) in trace.way.clone() {
        for term in terms_of(trace, &record) {
            trace.choice.extend(way.clone());
            trace.omitted = Some((record.clone(), term.clone()));
            let failed = T::deserialize(Probe {
                trace,
                out: &mut root,
            });
            trace.omitted = None;
            let required = matches!(failed, Err(Missing { field: Some(field) }) if field == term);
            if required {
                mark(trace, &record, &term);
            }
        }
    }
    root
}

fn split(record: &str) -> (&str, Option<&str>) {
    record
        .split_once('.')
        .map_or((record, None), |(name, variant)| (name, Some(variant)))
}

fn terms_mut<'a>(trace: &'a mut Trace, record: &str) -> Option<&'a mut Vec<Term>> {
    let (name, variant) = split(record);
    match (trace.types.get_mut(name)?, variant) {
        (Type::Record(terms), None) => Some(terms),
        (Type::Choice(variants), Some(variant)) => {
            match &mut variants.iter_mut().find(|v| v.0 == variant)?.1 {
                Payload::Terms(terms) => Some(terms),
                _ => None,
            }
        }
        _ => None,
    }
}

fn terms_of(trace: &mut Trace, record: &str) -> Vec<String> {
    let terms = terms_mut(trace, record);
    terms.map_or_else(Vec::new, |terms| {
        terms.iter().map(|term| term.name.clone()).collect()
    })
}

fn mark(trace: &mut Trace, record: &str, term: &str) {
    let terms = terms_mut(trace, record).into_iter().flatten();
    for found in terms.filter(|found| found.name == term) {
        found.required = true;
    }
}
