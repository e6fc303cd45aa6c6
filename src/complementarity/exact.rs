//! Numbers written to files bit by bit.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// Numbers that come back from any file format with the same bits, infinities and NaN among them: sixteen hexadecimal
/// digits each.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Exact(pub Vec<f64>);

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digits = self
            .0
            .iter()
            .map(|number| format!("{:016x}", number.to_bits()));
        serializer.serialize_str(&digits.collect::<String>())
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = |digits: &[u8]| {
            let digits = std::str::from_utf8(digits).ok()?;
            Some(f64::from_bits(u64::from_str_radix(digits, 16).ok()?))
        };
        let (whole, rest) = text.as_bytes().as_chunks::<16>();
        let numbers: Option<Vec<f64>> = whole.iter().map(|digits| number(digits)).collect();
        match numbers {
            Some(numbers) if rest.is_empty() => Ok(Self(numbers)),
            _ => Err(D::Error::custom(
                "numbers must be written as sixteen hexadecimal digits each",
            )),
        }
    }
}
