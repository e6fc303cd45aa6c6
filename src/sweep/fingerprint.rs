//! A short number that tells sweeps apart.

use std::fmt::{self, Write};

/// Identifies a sweep: the market, the measures, the rows, the outcomes and the size of its parts. 128 bits, FNV-1a
/// (Fowler, Noll and Vo) over their text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(u128);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl Key {
    /// The key of values with a faithful `Debug`, in this order.
    pub(super) fn of(values: &[&dyn fmt::Debug]) -> Self {
        let mut hash = Hash::default();
        for value in values {
            // writing into a hash does not fail, and a `Debug` that does gives the key of what it wrote
            let _ = write!(hash, "{value:?};");
        }
        Self(hash.0)
    }

    pub(super) fn bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }
}

/// The checksum of a part's bytes.
pub(super) fn checksum(bytes: &[u8]) -> [u8; 16] {
    let mut hash = Hash::default();
    hash.add(bytes);
    hash.0.to_le_bytes()
}

struct Hash(u128);

impl Default for Hash {
    fn default() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Hash {
    fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 ^= u128::from(byte);
            self.0 = self
                .0
                .wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
}

impl Write for Hash {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.add(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Hash;

    /// From the list of the authors' test vectors: the offset basis for no bytes, and "a".
    #[test]
    fn known_values() {
        let mut hash = Hash::default();
        assert_eq!(hash.0, 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        hash.add(b"a");
        assert_eq!(hash.0, 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }
}
