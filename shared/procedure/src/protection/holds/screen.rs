//! What tells of most words that no hold mentions them, so that nothing larger has to be looked into.
//!
//! A Bloom filter in blocks of one word of memory: a look takes one place of a table that is a twentieth of all that is
//! known, and the looks of many questions wait for none of each other. It may say yes of a word that nobody mentions, and
//! never no of one that somebody does.

/// Words for which there is room in a block. Of a word that nobody mentions it says yes in one case of a hundred, where
/// all blocks are as full as that.
const IN_A_BLOCK: usize = 4;
/// Blocks at first.
const FEWEST: usize = 64;

/// The screen, by what words are hashed to.
#[derive(Debug, Clone, Default)]
pub(super) struct Screen {
    /// As many as a power of two; none at first.
    blocks: Vec<u64>,
    /// How many words have been added.
    words: usize,
}

impl Screen {
    /// For so many words, and as many again.
    pub(super) fn for_twice(words: usize) -> Self {
        let blocks = (2 * words / IN_A_BLOCK).next_power_of_two().max(FEWEST);
        Self { blocks: vec![0; blocks], words: 0 }
    }

    /// Whether there is no room for another word.
    pub(super) fn is_full(&self) -> bool {
        self.words >= self.blocks.len() * IN_A_BLOCK
    }

    /// Adds a word, for which there has to be room.
    pub(super) fn add(&mut self, hash: u64) {
        let place = self.place(hash);
        if let Some(block) = self.blocks.get_mut(place) {
            *block |= bits(hash);
            self.words += 1;
        }
    }

    /// Whether the word may be among those added.
    pub(super) fn may_hold(&self, hash: u64) -> bool {
        self.blocks.get(self.place(hash)).is_some_and(|block| block & bits(hash) == bits(hash))
    }

    /// The memory that it takes, in bytes.
    pub(super) fn bytes(&self) -> usize {
        self.blocks.capacity() * size_of::<u64>()
    }

    fn place(&self, hash: u64) -> usize {
        (hash >> 32) as usize & self.blocks.len().wrapping_sub(1)
    }
}

/// The bits that stand for a word in its block.
fn bits(hash: u64) -> u64 {
    1 << (hash & 63) | 1 << (hash >> 6 & 63) | 1 << (hash >> 12 & 63)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::hash::{BuildHasher, RandomState};

    #[test]
    fn a_word_that_was_added_is_never_denied_and_of_others_few_are_affirmed() {
        let hasher = RandomState::new();
        let mut screen = Screen::for_twice(5_000);
        let hash = |word: u32| hasher.hash_one(word);
        (0..10_000).for_each(|word| screen.add(hash(word)));
        assert!((0..10_000).all(|word| screen.may_hold(hash(word))));
        let affirmed = (10_000..110_000).filter(|word| screen.may_hold(hash(*word))).count();
        assert!(affirmed < 2_000, "{affirmed} of 100,000");
    }

    #[test]
    fn one_to_which_nothing_was_added_affirms_nothing_and_has_no_room() {
        let screen = Screen::default();
        assert!(screen.is_full() && (0..1_000).all(|hash| !screen.may_hold(hash << 30)));
    }
}
