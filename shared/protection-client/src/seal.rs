//! Whether a reply is what was sent.

use crate::verdict::Doubt;
use prost::Message;

/// How many bytes a seal is: which field it is, and the CRC.
const SEAL: usize = 5;
/// The key of `fixed32 seal = 15`.
const KEY: u8 = 0x7d;

/// A reply out of its bytes, where its seal is there and matches.
pub(crate) fn opened<R: Message + Default>(reply: &[u8]) -> Result<R, Doubt> {
    let (sealed, seal) = reply.split_last_chunk::<SEAL>().ok_or(Doubt::SealBroken)?;
    let [a, b, c, d] = crc32fast::hash(sealed).to_le_bytes();
    if *seal == [KEY, a, b, c, d] { R::decode(sealed).map_err(|_| Doubt::Unreadable) } else { Err(Doubt::SealBroken) }
}
