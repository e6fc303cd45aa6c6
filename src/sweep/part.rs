//! One part of a sweep, and its bytes.

use super::error::SweepError;
use super::fingerprint::{Key, checksum};

/// The outcomes of one part of a sweep: the same bytes wherever, and however often, it is solved.
#[derive(Clone, Debug)]
pub struct Part {
    pub(super) key: Key,
    pub(super) index: usize,
    pub(super) values: Vec<f64>,
    /// Rows of the sweep without an equilibrium, with the reason.
    pub(super) failures: Vec<(usize, String)>,
}

const MARK: &[u8; 8] = b"pfsweep1";

impl Part {
    /// Its number, from 0.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// Outcomes, row after row; NaN where there is no equilibrium.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Its bytes, for a file or for another process: a mark, the sweep's key, the numbers in little-endian order, and a
    /// checksum.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(80 + 8 * self.values.len());
        out.extend_from_slice(MARK);
        out.extend_from_slice(&self.key.bytes());
        let mut count = |n: usize| out.extend_from_slice(&(n as u64).to_le_bytes());
        count(self.index);
        count(self.values.len());
        count(self.failures.len());
        for value in &self.values {
            out.extend_from_slice(&value.to_bits().to_le_bytes());
        }
        for (row, reason) in &self.failures {
            out.extend_from_slice(&(*row as u64).to_le_bytes());
            out.extend_from_slice(&(reason.len() as u64).to_le_bytes());
            out.extend_from_slice(reason.as_bytes());
        }
        let sum = checksum(&out);
        out.extend_from_slice(&sum);
        out
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote. `place` names the bytes in an error.
    pub(super) fn from_bytes(key: Key, place: &str, bytes: &[u8]) -> Result<Self, SweepError> {
        let foreign = |why| SweepError::Foreign {
            place: place.to_owned(),
            why,
        };
        let cut = || foreign("it is cut short or damaged");
        let (body, sum) = bytes.split_last_chunk::<16>().ok_or_else(cut)?;
        if checksum(body) != *sum {
            return Err(cut());
        }
        let mut rest = Reader(body);
        if rest.take(MARK.len()) != Some(MARK) {
            return Err(foreign("it has another format"));
        }
        if rest.take(16) != Some(&key.bytes()) {
            return Err(foreign("its market, measures, rows or outcomes are others"));
        }
        Self::body(key, &mut rest).ok_or_else(cut)
    }

    fn body(key: Key, rest: &mut Reader<'_>) -> Option<Self> {
        let (index, length, failed) = (rest.count()?, rest.count()?, rest.count()?);
        let numbers = rest.take(length.checked_mul(8)?)?.as_chunks::<8>().0;
        let values = numbers
            .iter()
            .map(|&n| f64::from_bits(u64::from_le_bytes(n)));
        let values = values.collect();
        let mut failures = Vec::new();
        for _ in 0..failed {
            let (row, length) = (rest.count()?, rest.count()?);
            let reason = String::from_utf8(rest.take(length)?.to_vec()).ok()?;
            failures.push((row, reason));
        }
        rest.0.is_empty().then_some(Self {
            key,
            index,
            values,
            failures,
        })
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn count(&mut self) -> Option<usize> {
        let bytes = self.take(8)?.first_chunk::<8>()?;
        usize::try_from(u64::from_le_bytes(*bytes)).ok()
    }
}
