//! The entries of records, lists, tuples and choices, as a probe is asked for them.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::probe::{Missing, Probe};
use super::{Payload, Shape, Term, Trace, Type};

pub struct Fields<'a> {
    pub trace: &'a mut Trace,
    pub name: String,
    pub left: std::slice::Iter<'static, &'static str>,
    pub current: Option<&'static str>,
    pub terms: &'a mut Vec<Term>,
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

pub struct Single<'a> {
    pub trace: &'a mut Trace,
    pub out: &'a mut Shape,
    pub given: bool,
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
pub struct Several<'a> {
    pub trace: &'a mut Trace,
    pub shapes: &'a mut Vec<Shape>,
    pub left: usize,
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

pub struct Taken<'a> {
    pub trace: &'a mut Trace,
    pub name: String,
    pub variant: &'static str,
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
