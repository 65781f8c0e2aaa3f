//! Whose death a verification verifies, and who verifies it.

use super::{Customer, Death, Fact, New, PassedOn, about};
use crate::{
    Refusal,
    draft::{Draft, Procedure},
    rule::rulings::{R_DEATH_VERIFIED, R_DIFFERENT_PERSONS},
};
use chrono::{DateTime, Utc};

impl Death {
    /// When it was last verified, wherever that was.
    fn last_verified_at(&self) -> Option<DateTime<Utc>> {
        let verified = self.told.iter().filter(|told| matches!(told.fact, Fact::DeathConfirmed { .. }));
        verified.map(|told| told.at).max()
    }
}

impl Customer {
    /// Nobody has verified the death, or not since others turned out to be the same customer, for whom that counts for
    /// nothing.
    fn owes_confirmation(&self) -> bool {
        let verified = self.death.as_ref().and_then(Death::last_verified_at);
        verified.is_none_or(|verified| self.merges.iter().any(|merge| merge.at > verified))
    }

    /// Whether a verification that was told elsewhere verifies the death of this customer, who goes by `known_as`: they
    /// went by that reference then, and whoever verified it has not said since the report that it is theirs.
    fn counts(&self, known_as: &str, from: &PassedOn) -> bool {
        let same = self.known_as_at(known_as, from.at) == from.known_as;
        from.taken_in || (same && !self.merged_since_report(&from.by.person))
    }

    /// Whether this person has said, since the death was reported, that the customer is the same as another. Whoever says
    /// so of somebody dead has said that this one is.
    fn merged_since_report(&self, person: &str) -> bool {
        let reported = self.death.as_ref().and_then(|death| death.told.first()).map(|told| told.at);
        let since = |at| reported.is_none_or(|reported| at >= reported);
        self.merges.iter().any(|merge| merge.by.person == person && since(merge.at))
    }
}

/// A verification counts for the reference under which it was told: for a case whose customer turned out later to go by
/// that one, nobody has verified anything yet.
pub(super) fn death_confirmed<P: Procedure>(
    draft: &mut Draft<'_, P>,
    passed_on: Option<&PassedOn>,
) -> Result<New, Refusal> {
    let known_as = about(draft)?.award.customer.as_str();
    let customer = P::customer(&draft.state);
    let owed = customer.owes_confirmation();
    let new = match passed_on {
        None => {
            may_confirm(draft, customer)?;
            let known = customer.death.as_ref().and_then(Death::verified_by);
            let known = known.map(|by| format!("This death is verified already, {by}; nothing new is kept (GEN-3)."));
            draft.notes.extend(known.filter(|_| !owed));
            owed
        }
        Some(from) => owed && !customer.was_ruled_out_since(from.at) && customer.counts(known_as, from),
    };
    Ok(new.then(|| (vec![&R_DEATH_VERIFIED], draft.context.now)))
}

/// A death is verified by another person than the one who recorded the report, or said later whose else it is.
fn may_confirm<P: Procedure>(draft: &Draft<'_, P>, customer: &Customer) -> Result<(), Refusal> {
    const VERB: &str = "ConfirmDeath";
    let Some(death) = &customer.death else {
        return Err(draft.refused(VERB, vec![&R_DEATH_VERIFIED], "no report of a death is on record"));
    };
    if death.reported_by.person == draft.context.actor.person {
        let why = "whoever recorded the report cannot verify it; this takes a second person";
        return Err(draft.refused(VERB, vec![&R_DEATH_VERIFIED, &R_DIFFERENT_PERSONS], why));
    }
    if customer.merged_since_report(&draft.context.actor.person) {
        let why =
            "whoever said since the report that this is the same customer cannot verify it; this takes a second person";
        return Err(draft.refused(VERB, vec![&R_DEATH_VERIFIED, &R_DIFFERENT_PERSONS], why));
    }
    Ok(())
}
