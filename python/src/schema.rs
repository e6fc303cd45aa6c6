//! What terms a type has, found out by letting it deserialise: serde says which fields and variants it asks for. So a
//! new measure, or a new term of an old one, needs no list here.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde::de::value::StrDeserializer;
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess,
    SeqAccess, VariantAccess, Visitor,
};
use serde_json::{Value, json};

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

/// Why a dummy was refused: only a missing field is of interest.
#[derive(Debug, Default)]
struct Missing {
    field: Option<&'static str>,
}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a dummy value")
    }
}

impl std::error::Error for Missing {}

impl de::Error for Missing {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Self::default()
    }

    fn missing_field(field: &'static str) -> Self {
        Self { field: Some(field) }
    }
}

/// Gives dummy values and notes what was asked for.
struct Probe<'a> {
    trace: &'a mut Trace,
    out: &'a mut Shape,
}

macro_rules! scalars {
    ($($method:ident $visit:ident $value:expr, $shape:ident;)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Missing> {
            *self.out = Shape::$shape;
            visitor.$visit($value)
        })*
    };
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Missing;

    scalars! {
        deserialize_f64 visit_f64 0.5, Number;
        deserialize_f32 visit_f32 0.5, Number;
        deserialize_u8 visit_u8 1, Count;
        deserialize_u16 visit_u16 1, Count;
        deserialize_u32 visit_u32 1, Count;
        deserialize_u64 visit_u64 1, Count;
        deserialize_i8 visit_i8 1, Count;
        deserialize_i16 visit_i16 1, Count;
        deserialize_i32 visit_i32 1, Count;
        deserialize_i64 visit_i64 1, Count;
        deserialize_bool visit_bool false, Flag;
        deserialize_str visit_str "x", Text;
        deserialize_string visit_str "x", Text;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Missing> {
        let mut inner = Shape::Unknown;
        let seen = visitor.visit_some(Probe {
            trace: self.trace,
            out: &mut inner,
        });
        *self.out = Shape::Optional(Box::new(inner));
        seen
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Missing> {
        let mut inner = Shape::Unknown;
        let seen = visitor.visit_seq(Single {
            trace: self.trace,
            out: &mut inner,
            given: false,
        });
        *self.out = Shape::List(Box::new(inner));
        seen
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Missing> {
        let mut shapes = Vec::new();
        let seen = visitor.visit_seq(Several {
            trace: self.trace,
            shapes: &mut shapes,
            left: length,
        });
        let first = shapes.first().cloned().unwrap_or_default();
        let alike = shapes.iter().all(|shape| *shape == first);
        *self.out = Shape::List(Box::new(if alike { first } else { Shape::Unknown }));
        seen
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Missing> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Missing> {
        *self.out = Shape::Named(name.to_owned());
        if let Some(example) = self.trace.example(name) {
            let seen = example.deserialize_struct(name, fields, visitor);
            return seen.map_err(de::Error::custom);
        }
        let mut terms = Vec::new();
        let seen = self
            .trace
            .record(name.to_owned(), fields, visitor, &mut terms);
        let known = self.trace.types.entry(name.to_owned());
        merge(known.or_insert_with(|| Type::Record(Vec::new())), terms);
        seen
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Missing> {
        *self.out = Shape::Named(name.to_owned());
        if let Some(example) = self.trace.example(name) {
            let seen = example.deserialize_enum(name, variants, visitor);
            return seen.map_err(de::Error::custom);
        }
        let known = self.trace.types.entry(name.to_owned());
        known.or_insert_with(|| {
            let unseen = |v: &&str| ((*v).to_owned(), Payload::Unseen);
            Type::Choice(variants.iter().map(unseen).collect())
        });
        // a type within itself (a curve of curves) is met a second time with its first variant, and not a third time
        let within = self.trace.open.iter().filter(|open| *open == name).count();
        if within > 1 {
            return Err(Missing::default());
        }
        let mut taken = 0;
        if within == 0 {
            let way = self.trace.choice.clone();
            self.trace.way.entry(name.to_owned()).or_insert(way);
            taken = self.trace.choice.get(name).copied().unwrap_or(0);
        }
        let Probe { trace, .. } = self;
        trace.open.push(name.to_owned());
        let seen = visitor.visit_enum(Taken {
            trace: &mut *trace,
            name: name.to_owned(),
            variant: variants.get(taken).copied().unwrap_or_default(),
        });
        trace.open.pop();
        seen
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Missing> {
        Err(Missing::default())
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple_struct map identifier ignored_any
    }
}

/// Keeps the requirements found and takes shapes that were not seen before.
fn merge(known: &mut Type, terms: Vec<Term>) {
    let Type::Record(known) = known else {
        return;
    };
    for term in terms {
        match known.iter_mut().find(|old| old.name == term.name) {
            Some(old) if old.shape == Shape::Unknown => old.shape = term.shape,
            Some(_) => {}
            None => known.push(term),
        }
    }
}

impl Trace {
    fn record<'de, V: Visitor<'de>>(
        &mut self,
        name: String,
        fields: &'static [&'static str],
        visitor: V,
        terms: &mut Vec<Term>,
    ) -> Result<V::Value, Missing> {
        let way = self.choice.clone();
        self.way.entry(name.clone()).or_insert(way);
        if self.open.contains(&name) {
            return Err(Missing::default());
        }
        self.open.push(name.clone());
        let seen = visitor.visit_map(Fields {
            trace: self,
            name,
            left: fields.iter(),
            current: None,
            terms,
        });
        self.open.pop();
        seen
    }
}

struct Fields<'a> {
    trace: &'a mut Trace,
    name: String,
    left: std::slice::Iter<'static, &'static str>,
    current: Option<&'static str>,
    terms: &'a mut Vec<Term>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Missing;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Missing> {
        let omitted = self.trace.omitted.clone();
        for &field in self.left.by_ref() {
            let left_out = omitted
                .as_ref()
                .is_some_and(|(record, term)| *record == self.name && term == field);
            let key = (self.name.clone(), (*field).to_owned());
            if !left_out && !self.trace.passed_over.contains(&key) {
                self.current = Some(field);
                let key: StrDeserializer<'_, Missing> = field.into_deserializer();
                return seed.deserialize(key).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Missing> {
        let mut shape = Shape::Unknown;
        let seen = seed.deserialize(Probe {
            trace: self.trace,
            out: &mut shape,
        });
        self.terms.push(Term {
            name: self.current.unwrap_or_default().to_owned(),
            shape,
            required: false,
        });
        if seen.is_err() && self.trace.broken.is_none() {
            let field = self.current.unwrap_or_default().to_owned();
            self.trace.broken = Some((self.name.clone(), field));
        }
        seen
    }
}

struct Single<'a> {
    trace: &'a mut Trace,
    out: &'a mut Shape,
    given: bool,
}

impl<'de> SeqAccess<'de> for Single<'_> {
    type Error = Missing;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Missing> {
        if std::mem::replace(&mut self.given, true) {
            return Ok(None);
        }
        let probe = Probe {
            trace: self.trace,
            out: self.out,
        };
        seed.deserialize(probe).map(Some)
    }
}

/// The entries of a tuple.
struct Several<'a> {
    trace: &'a mut Trace,
    shapes: &'a mut Vec<Shape>,
    left: usize,
}

impl<'de> SeqAccess<'de> for Several<'_> {
    type Error = Missing;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Missing> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        let mut shape = Shape::Unknown;
        let probe = Probe {
            trace: self.trace,
            out: &mut shape,
        };
        let entry = seed.deserialize(probe);
        self.shapes.push(shape);
        entry.map(Some)
    }
}

struct Taken<'a> {
    trace: &'a mut Trace,
    name: String,
    variant: &'static str,
}

impl Taken<'_> {
    fn note(&mut self, payload: Payload) {
        if let Some(Type::Choice(variants)) = self.trace.types.get_mut(&self.name) {
            let variants = variants.iter_mut().filter(|v| v.0 == self.variant);
            for known in variants.filter(|v| v.1 == Payload::Unseen) {
                known.1 = payload.clone();
            }
        }
    }
}

impl<'de> EnumAccess<'de> for Taken<'_> {
    type Error = Missing;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Missing> {
        let key: StrDeserializer<'_, Missing> = self.variant.into_deserializer();
        Ok((seed.deserialize(key)?, self))
    }
}

impl<'de> VariantAccess<'de> for Taken<'_> {
    type Error = Missing;

    fn unit_variant(mut self) -> Result<(), Missing> {
        self.note(Payload::Nothing);
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(
        mut self,
        seed: S,
    ) -> Result<S::Value, Missing> {
        let mut shape = Shape::Unknown;
        let seen = seed.deserialize(Probe {
            trace: self.trace,
            out: &mut shape,
        });
        self.note(Payload::One(shape));
        seen
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Missing> {
        Err(Missing::default())
    }

    fn struct_variant<V: Visitor<'de>>(
        mut self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Missing> {
        let record = format!("{}.{}", self.name, self.variant);
        let mut terms = Vec::new();
        let seen = self.trace.record(record, fields, visitor, &mut terms);
        self.note(Payload::Terms(terms));
        seen
    }
}
