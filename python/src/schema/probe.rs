//! A deserialiser that gives dummy values and notes what it was asked for.

use serde::de::{self, Deserializer, Visitor};

use super::entries::{Fields, Several, Single, Taken};
use super::{Payload, Shape, Term, Trace, Type};

/// Why a dummy was refused: only a missing field is of interest.
#[derive(Debug, Default)]
pub struct Missing {
    pub field: Option<&'static str>,
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
pub struct Probe<'a> {
    pub trace: &'a mut Trace,
    pub out: &'a mut Shape,
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
    pub fn record<'de, V: Visitor<'de>>(
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
