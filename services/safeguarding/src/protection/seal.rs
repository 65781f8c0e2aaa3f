//! Replies are sealed, so that no damage on their way makes them permit.

use holdfast_contracts::holdfast::safeguarding::v1 as pb;
use prost::Message;
use std::cell::RefCell;

/// A reply that can permit.
pub(crate) trait Sealable: Message {
    /// Its last field, both in the contract and on the wire.
    fn seal(&mut self) -> &mut u32;
}

macro_rules! sealable {
    ($($reply:ident),+) => {
        $(impl Sealable for pb::$reply {
            fn seal(&mut self) -> &mut u32 {
                &mut self.seal
            }
        })+
    };
}

sealable!(CheckActionResponse, BatchCheckActionsResponse, StreamCheckActionsResponse, ConfirmActionResponse);

thread_local! {
    /// What replies are encoded into to be sealed, so that none needs room of its own for that.
    static ENCODED: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The most of that room that is kept, in bytes: a reply to a batch takes more than anybody needs again soon.
const KEPT: usize = 16 * 1024;

/// The reply with its seal: the CRC-32 of what it is encoded as without one. Where that is 0, which one in 2^32 is, the
/// reply goes out without, and prohibits: another value in its place would be the seal of two different replies.
pub(crate) fn sealed<R: Sealable>(mut reply: R) -> R {
    *reply.seal() = 0;
    *reply.seal() = ENCODED.with_borrow_mut(|encoded| {
        encoded.clear();
        encoded.shrink_to(KEPT);
        reply.encode_raw(encoded);
        crc32fast::hash(encoded)
    });
    reply
}
