//! Messages of the contracts that more than one service reads, naming their faults.

use crate::{Narrative, names, wire};
use holdfast_chassis::Fields;
use holdfast_contracts::holdfast::{common::v1 as pb, visiting::v1 as visiting};
use holdfast_procedure::{
    Actor, Award, NarrativeRef, Place, Role,
    visiting::{Channel, ContactBy},
};

/// The longest account of what happened, in characters.
pub const ACCOUNT: usize = 4_000;
/// The longest reason, in characters.
pub const REASON: usize = 2_000;
/// The longest telephone number of an office, in characters.
const TELEPHONE: usize = 24;

names! {
    /// How somebody got in touch.
    pub channel, channel_from: Channel <=> visiting::Channel { Telephone, Letter, Email, Journal, InPerson }
}
names! {
    /// Who got in touch.
    pub contact_by, contact_by_from: ContactBy <=> visiting::ContactBy { Customer, Representative, ThirdParty }
}

/// An award that has to be there.
pub fn award(fields: &mut Fields, field: &str, award: Option<&pb::Award>) -> Option<Award> {
    let award = fields.message(field, award)?;
    let customer = fields.reference(&format!("{field}.customer"), &award.customer);
    let benefit = fields.choice(&format!("{field}.benefit"), award.benefit, wire::benefit_from);
    let reference = fields.reference(&format!("{field}.award"), &award.award);
    Some(Award { customer: customer?, benefit: benefit?, award: reference? })
}

/// A place that has to be there.
pub fn place(fields: &mut Fields, field: &str, place: Option<&pb::Place>) -> Option<Place> {
    let place = fields.message(field, place)?;
    let nation = fields.choice(&format!("{field}.nation"), place.nation, wire::nation_from);
    let area = fields.reference(&format!("{field}.area"), &place.area);
    Some(Place { nation: nation?, area: area? })
}

/// Who did something, as another service tells it. The suite itself has no person and no role.
pub fn actor(fields: &mut Fields, field: &str, actor: Option<&pb::Actor>) -> Option<Actor> {
    let actor = fields.message(field, actor)?;
    let role = fields.optional_choice(&format!("{field}.role"), actor.role, wire::role_from);
    let workload = fields.choice(&format!("{field}.workload"), actor.workload, wire::workload_from);
    let person = if actor.person.is_empty() {
        Some(String::new())
    } else {
        fields.person(&format!("{field}.person"), &actor.person)
    };
    Some(Actor { person: person?, role: role?.unwrap_or(Role::Suite), workload: workload? })
}

/// An account of what happened, which has to be there.
pub fn account(fields: &mut Fields, field: &str, text: &str) -> Option<Narrative> {
    fields.text(field, text, ACCOUNT).map(Narrative::new)
}

/// A reason, which has to be there.
pub fn reason(fields: &mut Fields, field: &str, text: &str) -> Option<Narrative> {
    fields.text(field, text, REASON).map(Narrative::new)
}

/// Why something is recorded late, where that is said.
pub fn late_reason(fields: &mut Fields, text: &str) -> Option<Option<Narrative>> {
    fields.optional_text("late_reason", text, REASON).map(|text| text.map(Narrative::new))
}

/// A telephone number that may be missing: digits and spaces, perhaps after a +, and nothing that could be words.
pub fn telephone(fields: &mut Fields, field: &str, given: &str) -> Option<Option<String>> {
    let digits = given.strip_prefix('+').unwrap_or(given);
    let plain = digits.chars().all(|c| c.is_ascii_digit() || c == ' ') && given.len() <= TELEPHONE;
    let has_digits = given.is_empty() || digits.contains(|c: char| c.is_ascii_digit());
    if !plain || !has_digits {
        fields.fault(field, format!("has to be at most {TELEPHONE} digits and spaces, perhaps after a +"));
        return None;
    }
    Some((!given.is_empty()).then(|| given.to_owned()))
}

/// The reference of words, where there are any.
#[must_use]
pub fn reference(narrative: Option<&Narrative>) -> Option<NarrativeRef> {
    narrative.map(Narrative::reference)
}

/// Reference of words that another service keeps; `Some(None)` where there are none.
pub fn kept_elsewhere(fields: &mut Fields, field: &str, reference: &str) -> Option<Option<NarrativeRef>> {
    fields.optional_reference(field, reference).map(|reference| reference.map(NarrativeRef))
}
