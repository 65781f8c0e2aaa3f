//! PIP guidance on ineffective visits, paragraph by paragraph.

use super::{Proof, Rule, Service, Source, Standing, Strength};
use crate::benefit::Benefit;

/// What identifies and classes a paragraph, in the order in which [`Rule`] has it.
type Head = (&'static str, &'static str, Strength, Service, Proof, Standing);

/// One paragraph of this source.
const fn rule((id, paragraph, strength, service, proof, standing): Head, requires: &'static str) -> Rule {
    let (benefit, source) = (Some(Benefit::Pip), Source::PipGuidance);
    Rule { id, benefit, source, paragraph, strength, service, proof, standing, requires }
}

/// Paragraph 1.
pub static PIP_1: Rule = rule(
    ("PIP-1", "1", Strength::Definition, Service::Visiting, Proof::Derived, Standing::InForce),
    "A visit counts as ineffective when the claimant is not in or does not answer the door, when the claimant will not \
     cooperate, or when DWP Visiting deems the area they live in unsafe.",
);

/// Paragraph 1.
pub static PIP_1U: Rule = rule(
    ("PIP-1U", "1", Strength::Must, Service::Visiting, Proof::Derived, Standing::InForce),
    "Where Visiting Officers deem the area unsafe, carry the case on from there just as if two visits had been made \
     and both had been ineffective.",
);

/// Paragraph 2.
pub static PIP_2: Rule = rule(
    ("PIP-2", "2", Strength::Must, Service::Visiting, Proof::TaskOwed, Standing::InForce),
    "When a first visit has been ineffective, the Visiting Officer leaves a letter at the address that asks the \
     claimant to get in touch with the Disability Service Customer Experience and Safeguarding Team (the CES Team) \
     within five working days.",
);

/// Paragraph 3.
pub static PIP_3: Rule = rule(
    ("PIP-3", "3", Strength::Must, Service::Visiting, Proof::TaskOwed, Standing::InForce),
    "If the claimant gets in touch within those five working days, write the conversation up as a communications note \
     in PIPCS and let DWP Visiting know whether or not a second visit is still needed.",
);

/// Paragraph 4.
pub static PIP_4: Rule = rule(
    ("PIP-4", "4", Strength::Must, Service::Visiting, Proof::Derived, Standing::InForce),
    "If the five working days pass without contact, the Visiting Officer tries once more to see the claimant face to \
     face, without waiting to be asked.",
);

/// Paragraph 5.
pub static PIP_5: Rule = rule(
    ("PIP-5", "5", Strength::Must, Service::Visiting, Proof::Derived, Standing::InForce),
    "Once two visits have been ineffective, the Visiting Officer hands the claimant's details back both to the CES \
     Team and to whoever made the referral, so that the case can be looked at more closely.",
);

/// Paragraph 6.
pub static PIP_6: Rule = rule(
    ("PIP-6", "6", Strength::MustNot, Service::Safeguarding, Proof::CheckProhibited, Standing::InForce),
    "After two ineffective visits, do not suspend or stop the claimant's payment before further action has been taken \
     and further advice has been given.",
);

/// Paragraph 7.
pub static PIP_7: Rule = rule(
    ("PIP-7", "7", Strength::Must, Service::Conferencing, Proof::Derived, Standing::InForce),
    "The CES Team takes the lead on the case and holds the PIPCS tasks that go with it until its enquiries are \
     finished.",
);

/// Paragraph 8.
pub static PIP_8: Rule = rule(
    ("PIP-8", "8", Strength::Must, Service::Conferencing, Proof::TaskOwed, Standing::InForce),
    "The CES Team enters this note in PIPCS, on the Person Home page, contact tab, notes section: 'Following two \
     ineffective visits on XX and XX, please do not take any further action whilst the case is with the CES Team for \
     consideration'.",
);

/// Paragraph 9.
pub static PIP_9: Rule = rule(
    ("PIP-9", "9", Strength::Must, Service::Conferencing, Proof::TaskOwed, Standing::InForce),
    "The CES Team lists the claim on its work log and considers whether the case should carry the Additional Support \
     marker. What it decides about the marker is recorded, be it yes or no.",
);

/// Paragraph 10.
pub static PIP_10: Rule = rule(
    ("PIP-10", "10", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "Before anything further is done on the claim, the CES Team goes through all it can see about the case, \
     establishes the facts and gives an assurance check. It looks, for example, at why the visit was asked for, \
     earlier interactions with the claimant, documents and notes on our systems, and what third parties have told us.",
);

/// Paragraph 10, note.
pub static PIP_10D: Rule = rule(
    ("PIP-10D", "10 note", Strength::May, Service::Safeguarding, Proof::Recorded, Standing::InForce),
    "Anyone who acts in good faith on a genuine safeguarding concern may disclose personal data to the relevant \
     authorities, since data protection law does not stand in the way. Record each disclosure and that this was its \
     basis.",
);

/// Paragraph 11.
pub static PIP_11: Rule = rule(
    ("PIP-11", "11", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "If more information is needed, the CES Team and the referrer hold a case conference first, and only then is a \
     decision made on the claim.",
);

/// Paragraph 12.
pub static PIP_12: Rule = rule(
    ("PIP-12", "12", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "The CES Team has to be satisfied of two things: that the actions agreed were carried out, and that everything \
     relevant was properly taken into account.",
);

/// Paragraph 13.
pub static PIP_13: Rule = rule(
    ("PIP-13", "13", Strength::Must, Service::Conferencing, Proof::Derived, Standing::InForce),
    "If the CES Team finds no safeguarding concern, the case moves straight on to the closing note of step 17.",
);

/// Paragraph 14.
pub static PIP_14: Rule = rule(
    ("PIP-14", "14", Strength::MustNot, Service::Safeguarding, Proof::CheckProhibited, Standing::InForce),
    "If the CES Team finds a safeguarding concern, do not end the award and do not stop payments before further action \
     has been taken and further advice has been given.",
);

/// Paragraph 15.
pub static PIP_15: Rule = rule(
    ("PIP-15", "15", Strength::Must, Service::Safeguarding, Proof::RefusedStep, Standing::InForce),
    "Where there is a safeguarding concern the CES Team has to try to make contact and chooses through whom: for \
     example the claimant, an appointee, attorney or next of kin, a community psychiatric nurse or similar support, \
     or, where appropriate, social services or the police. None of these is compulsory and others may be used; a \
     claimant who does not respond may be sent a text that says who is calling and that another call will follow in \
     half an hour.",
);

/// Paragraph 16.
pub static PIP_16: Rule = rule(
    ("PIP-16", "16", Strength::Must, Service::Safeguarding, Proof::RefusedStep, Standing::InForce),
    "Whenever more guidance or support is needed, refer the case to the Senior Safeguarding Leader of the region, who \
     helps to liaise with bodies such as social services, the local authority, the police and local support networks.",
);

/// Paragraph 16.
pub static PIP_16R: Rule = rule(
    ("PIP-16R", "16", Strength::Must, Service::Safeguarding, Proof::TaskOwed, Standing::InForce),
    "After a referral to the Senior Safeguarding Leader, set a review date on which the next steps are considered.",
);

/// Paragraph 17.
pub static PIP_17: Rule = rule(
    ("PIP-17", "17", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "When all reasonable steps have been taken, the CES Team records in PIPCS what was done to safeguard the claimant \
     and what followed from it, such as case conferences or referrals to the police or other organisations.",
);

/// Paragraph 18.
pub static PIP_18: Rule = rule(
    ("PIP-18", "18", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "The case then goes back to the Case Manager, who decides whether to disallow entitlement. It is to be an informed \
     decision that takes in the full circumstances.",
);

/// Every rule of this source, in its order.
pub static RULES: &[&Rule] = &[
    &PIP_1, &PIP_1U, &PIP_2, &PIP_3, &PIP_4, &PIP_5, &PIP_6, &PIP_7, &PIP_8, &PIP_9, &PIP_10, &PIP_10D, &PIP_11,
    &PIP_12, &PIP_13, &PIP_14, &PIP_15, &PIP_16, &PIP_16R, &PIP_17, &PIP_18,
];
