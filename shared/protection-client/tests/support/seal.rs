//! Seals, as the protection check makes them.

/// A reply out of its encoding without a seal.
pub(crate) fn sealed(unsealed: &[u8]) -> Vec<u8> {
    [unsealed, &[0x7d], &crc32fast::hash(unsealed).to_le_bytes()].concat()
}
