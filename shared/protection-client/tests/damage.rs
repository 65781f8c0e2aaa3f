//! No damage to a reply permits what was not permitted.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "tests fail by panicking")]

#[path = "support/replies.rs"]
mod replies;
#[path = "support/seal.rs"]
mod seal;

use holdfast_contracts::holdfast::safeguarding::v1 as pb;
use holdfast_protection_client::{Doubt, LONGEST, Verdict, judge, judge_all, judge_confirmed};
use proptest::{collection::vec, prelude::*, sample::Index};
use prost::Message;
use replies::{
    ASKED, NOW, asked, batch, citations, confirmation, doubt, echo, permits, permitted, prohibited, question,
    questions, reply, unsealed,
};
use seal::sealed;

/// A reply with one byte replaced, put in or taken out, or one stretch said twice: all of them.
fn damaged(whole: &[u8]) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for at in 0..whole.len() {
        let (before, after) = whole.split_at(at);
        all.push([before, &after[1..]].concat());
        for byte in 0..=u8::MAX {
            all.push([before, &[byte], after].concat());
            if byte != whole[at] {
                all.push([before, &[byte], &after[1..]].concat());
            }
        }
        for end in at + 1..=whole.len() {
            all.push([&whole[..end], &whole[at..]].concat());
        }
    }
    all
}

#[test]
fn a_seal_is_the_crc_that_other_languages_have() {
    // As Python's zlib.crc32 gives it for the same bytes.
    let unsealed = unsealed(permitted(&question()));
    let seal = 0x3530_e924_u32.to_le_bytes();
    assert!(permits(&[&unsealed[..], &[0x7d], &seal].concat()));
    let whole =
        pb::CheckActionResponse { answer: Some(permitted(&question())), citations: citations(), seal: 0x3530_e924 };
    assert_eq!(whole.encode_to_vec(), sealed(&unsealed), "the contract's own field");
}

/// What is made of a reply.
type Judged = fn(&[u8]) -> Verdict;

#[test]
fn every_damage_in_one_place_to_a_permission_prohibits() {
    let confirmed = confirmation(Some(prost_types::Timestamp { seconds: 1_782_291_600, nanos: 0 }), false);
    let judged: [(_, Judged); 3] = [
        (reply(permitted(&question())), asked),
        (batch(vec![permitted(&question())]), |reply| judge_all(&[question()], reply, ASKED, NOW).remove(0)),
        (confirmed, |reply| judge_confirmed(&question(), reply, ASKED, NOW)),
    ];
    for (whole, judged) in judged {
        assert!(matches!(judged(&whole), Verdict::Permitted(_)));
        let damaged = damaged(&whole);
        assert!(damaged.len() > 50_000, "{}", damaged.len());
        for reply in damaged {
            assert_eq!(doubt(&judged(&reply)), Some(Doubt::SealBroken), "{reply:?}");
        }
    }
}

#[test]
fn no_cut_of_a_permission_permits() {
    let whole = reply(permitted(&question()));
    for from in 0..whole.len() {
        for to in from + 1..=whole.len() {
            // At the beginning, at the end, and in between.
            let cut = [&whole[..from], &whole[to..]].concat();
            assert_eq!(doubt(&asked(&cut)), Some(Doubt::SealBroken), "{from}..{to} of {}", whole.len());
        }
    }
}

#[test]
fn no_damage_in_one_place_makes_a_prohibition_permit_even_where_the_seal_does_not_tell() {
    let damaged = damaged(&unsealed(prohibited(&question())));
    assert!(damaged.len() > 50_000, "{}", damaged.len());
    for unsealed in damaged {
        assert!(!permits(&unsealed));
        assert!(!permits(&sealed(&unsealed)), "{unsealed:?}");
    }
}

#[test]
fn a_prohibition_and_a_permission_in_one_prohibit() {
    let (yes, no) = (unsealed(permitted(&question())), unsealed(prohibited(&question())));
    for (one, other) in [(&yes, &no), (&no, &yes), (&yes, &yes)] {
        assert_eq!(doubt(&asked(&[sealed(one), sealed(other)].concat())), Some(Doubt::SealBroken));
    }
    // Sealed together, which no damage does, the fields that come twice are merged: the reasons are still there.
    for merged in [[&yes[..], &no].concat(), [&no[..], &yes].concat()] {
        assert!(!permits(&sealed(&merged)));
    }
}

#[test]
fn what_a_later_contract_adds_is_passed_over_where_it_is_sealed() {
    let mut further = unsealed(permitted(&question()));
    // A field 14 that no contract has yet.
    further.extend([0x70, 1]);
    assert!(permits(&sealed(&further)));
    let behind = [&reply(permitted(&question()))[..], &[0x70, 1]].concat();
    assert_eq!(doubt(&asked(&behind)), Some(Doubt::SealBroken));
    // What is sealed and cannot be read is of another contract altogether.
    assert_eq!(doubt(&asked(&sealed(&[0x0a, 1]))), Some(Doubt::Unreadable));
}

#[test]
fn a_reply_whose_crc_is_0_has_no_seal_and_prohibits() {
    // Of all replies the empty one has it.
    assert_eq!(sealed(&[]), [0x7d, 0, 0, 0, 0]);
    assert_eq!(doubt(&asked(&pb::CheckActionResponse::default().encode_to_vec())), Some(Doubt::SealBroken));
    assert_eq!(doubt(&asked(&sealed(&[]))), Some(Doubt::AnswersMiscounted));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_permit_nothing(bytes in vec(any::<u8>(), 0..300)) {
        prop_assert!(!permits(&bytes) && !permits(&sealed(&bytes)));
    }

    #[test]
    fn a_prohibition_cut_together_from_pieces_of_itself_permits_nothing(
        question in questions(),
        cuts in vec((any::<Index>(), any::<Index>()), 1..6),
        changes in vec((any::<Index>(), any::<u8>()), 0..3),
    ) {
        let whole = unsealed(prohibited(&question));
        let mut pieces: Vec<u8> = cuts.iter().flat_map(|(from, to)| {
            let (from, to) = (from.index(whole.len()), to.index(whole.len() + 1));
            whole[from.min(to)..from.max(to)].to_vec()
        }).collect();
        for (at, byte) in &changes {
            let at = at.index(pieces.len().max(1));
            pieces.iter_mut().skip(at).take(1).for_each(|place| *place = *byte);
        }
        prop_assert!(!matches!(judge(&question, &sealed(&pieces), ASKED, NOW), Verdict::Permitted(_)));
    }

    #[test]
    fn damage_within_four_bytes_in_a_row_is_seen(
        question in questions(),
        place in any::<Index>(),
        damage in 1..=u32::MAX,
    ) {
        let mut damaged = reply(permitted(&question));
        let at = place.index(damaged.len() - 3);
        damaged[at..at + 4].iter_mut().zip(damage.to_le_bytes()).for_each(|(byte, damage)| *byte ^= damage);
        prop_assert_eq!(doubt(&judge(&question, &damaged, ASKED, NOW)), Some(Doubt::SealBroken));
    }

    #[test]
    fn a_permission_with_several_bytes_changed_permits_nothing_but_what_was_asked_even_where_the_seal_does_not_tell(
        question in questions(),
        changes in vec((any::<Index>(), any::<u8>()), 1..5),
    ) {
        let mut changed = unsealed(permitted(&question));
        for (at, byte) in &changes {
            let at = at.index(changed.len());
            changed[at] = *byte;
        }
        if let Verdict::Permitted(permission) = judge(&question, &sealed(&changed), ASKED, NOW) {
            let read = pb::CheckActionResponse::decode(changed.as_slice()).unwrap().answer.unwrap();
            prop_assert_eq!(read.question, Some(echo(&question)));
            prop_assert!(permission.expires().since(ASKED).unwrap() <= LONGEST);
        }
    }
}
