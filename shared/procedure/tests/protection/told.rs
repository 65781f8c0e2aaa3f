//! A ledger that is told what a case's own holds come to, and takes every word of it.

use holdfast_procedure::protection::{
    Applied, Change, DatabaseIdentity, Hold, HoldGround, HoldKey, Own, OwnHold, Raise, Standing, Version, Why,
};
use holdfast_procedure::{Award, Workload};
use std::collections::BTreeMap;

const CASE: &str = "HF-1";

/// What becomes of a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Is {
    /// It protects from here.
    Standing,
    /// It went over with the case.
    Gone,
    Released(Why),
}

/// The holds of a case: ground, version, what became of it.
pub(crate) fn holds(own: &Own) -> Vec<(HoldGround, u64, Is)> {
    let told = own.iter().map(|(ground, hold)| {
        let is = match (hold.state, hold.handed_to) {
            (Standing::Released { why }, None) => Is::Released(why),
            (Standing::Standing, None) => Is::Standing,
            (Standing::Standing, Some(_)) => Is::Gone,
            (Standing::Released { .. }, Some(_)) => panic!("released here after it was handed over"),
        };
        (ground, hold.version.0, is)
    });
    told.collect()
}

/// The grounds on which an award is protected from here.
pub(crate) fn standing(own: &Own) -> Vec<HoldGround> {
    own.iter().filter(|(_, hold)| hold.stands_here()).map(|(ground, _)| ground).collect()
}

/// The ledger as far as it concerns one case.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ledger(BTreeMap<HoldGround, Hold>);

pub(crate) fn hold(ground: HoldGround, version: Version, award: &Award, holder: Workload) -> Hold {
    let key = HoldKey { case: CASE.to_owned(), ground };
    Hold { version, ..Hold::placed(key, award.clone(), vec![], holder) }
}

impl Ledger {
    pub(crate) fn take_in(&mut self, hold: Hold, from: Workload) -> Applied {
        let sent_from = DatabaseIdentity { system: 1, timeline: 1 };
        let change = Change { hold: Hold { holder: from, ..hold }, from, sent_from: sent_from.clone() };
        let applied = change.judge(self.0.get(&change.hold.key.ground), Some(&sent_from));
        if applied == Applied::Applied {
            self.0.insert(change.hold.key.ground, change.hold);
        }
        applied
    }

    /// It knows more than it was told by whoever keeps the case, where that is so.
    pub(crate) fn is_ahead(&mut self, own: &Own, raise: &Raise, award: &Award, here: Workload) {
        let knows_no_more = |own: &OwnHold| {
            let same = own.state.protects() != raise.known_released;
            own.version > raise.known || (own.version == raise.known && same)
        };
        if own.get(raise.ground).is_none_or(knows_no_more) {
            return;
        }
        let state = if raise.known_released { Standing::Released { why: Why::Replaced } } else { Standing::Standing };
        let known = Hold { state, ..hold(raise.ground, raise.known, award, here) };
        self.0.insert(raise.ground, known);
    }

    /// It is told what changed, takes it all in, and then knows what the case knows.
    pub(crate) fn hears(&mut self, here: Workload, before: &Own, after: &Own, award: &Award, formerly: &[String]) {
        for (ground, own) in after.told_since(before) {
            let hold = own.told(CASE, ground, award, formerly, here);
            let applied = self.take_in(hold.clone(), here);
            assert!(
                matches!(applied, Applied::Applied | Applied::AlreadyKnown),
                "{hold:?} is not taken in: {applied:?}"
            );
        }
        for (ground, own) in after.iter() {
            let known = self.0.get(&ground).expect("it was told");
            assert_eq!((known.version, known.state), (own.version, own.state), "{ground:?}");
            let names = (&known.award.customer, known.formerly.as_slice());
            assert!(!own.stands_here() || names == (&award.customer, formerly), "{ground:?} names somebody else");
        }
    }
}

/// Versions only rise, whatever stood stays on record, and what is handed over is neither placed nor released here
/// again, unless the ledger is ahead or whoever has it hands it back.
pub(crate) fn only_rise(before: &Own, after: &Own, may_be_ours: bool) {
    for (ground, was) in before.iter() {
        let is = after.get(ground).unwrap_or_else(|| panic!("{ground:?} is forgotten"));
        let hands_over = was.handed_to.is_none() && is.handed_to.is_some();
        let goes = hands_over && OwnHold { handed_to: is.handed_to, since: is.since, ..*was } == *is;
        assert!(is.version > was.version || is == was || goes, "{ground:?}: {was:?} became {is:?}");
        if let Some(to) = was.handed_to.filter(|_| !may_be_ours) {
            assert!(is == was, "{ground:?} is {to:?}'s: {is:?}");
        }
    }
}

/// Why holds that stood here before do not any more.
pub(crate) fn released(before: &Own, after: &Own) -> Vec<Why> {
    let over = after.iter().filter_map(|(ground, hold)| match hold.state {
        Standing::Released { why } => before.get(ground).is_none_or(|was| was.state.protects()).then_some(why),
        Standing::Standing => None,
    });
    over.collect()
}
