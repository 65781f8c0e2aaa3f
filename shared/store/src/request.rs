//! Names that the suite gives: references of cases and narratives.

use uuid::Uuid;

/// Digits that people do not confuse when they read them out (Crockford's base 32).
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new reference, for example `HF-7K3M-9QXW-2D4F`: 60 random bits, short enough to be read out on the telephone, and
/// too sparse for a slip of the tongue to name another case.
#[must_use]
pub fn new_reference(prefix: &str) -> String {
    let mut bits = Uuid::new_v4().as_u128();
    // A version 4 UUID fixes six bits; the lowest sixty are all random.
    let mut reference = prefix.to_owned();
    for place in 0..12 {
        if place % 4 == 0 {
            reference.push('-');
        }
        let digit = usize::try_from(bits & 31).unwrap_or_default();
        reference.push(char::from(DIGITS[digit]));
        bits = bits.rotate_right(5);
    }
    reference
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn references_read_well_and_do_not_repeat() {
        let all: HashSet<_> = (0..10_000).map(|_| new_reference("HF")).collect();
        assert_eq!(all.len(), 10_000);
        for reference in all {
            assert_eq!(reference.len(), "HF-XXXX-XXXX-XXXX".len());
            assert!(!reference[3..].contains(['I', 'L', 'O', 'U']), "{reference}");
        }
    }
}
