//! Access to Work guidance on visiting referrals, paragraph by paragraph.

use super::{Proof, Rule, Service, Source, Standing, Strength};
use crate::benefit::Benefit;

/// What identifies and classes a paragraph, in the order in which [`Rule`] has it.
type Head = (&'static str, &'static str, Strength, Service, Proof, Standing);

/// One paragraph of this source.
const fn rule((id, paragraph, strength, service, proof, standing): Head, requires: &'static str) -> Rule {
    let (benefit, source) = (Some(Benefit::AccessToWork), Source::AccessToWorkVisiting);
    Rule { id, benefit, source, paragraph, strength, service, proof, standing, requires }
}

/// Paragraph 1.
pub static ATW_1: Rule = rule(
    ("ATW-1", "1", Strength::Definition, Service::Visiting, Proof::Recorded, Standing::InForce),
    "Home visits are there for customers who cannot complete their business through any other channel, because they \
     are vulnerable or the matter is complex, and for business that legislation requires to be done face to face.",
);

/// Paragraph 2.
pub static ATW_2: Rule = rule(
    ("ATW-2", "2", Strength::Definition, Service::Visiting, Proof::RefusedStep, Standing::InForce),
    "DWP Visiting can see a customer face to face who is vulnerable, has complex needs or is the subject of an \
     Advanced Customer Support concern, provided that every other source of support has been exhausted.",
);

/// Paragraph 3.
pub static ATW_3: Rule = rule(
    ("ATW-3", "3", Strength::Must, Service::Visiting, Proof::RefusedStep, Standing::InForce),
    "Every visiting referral goes first to the Access to Work Single Point of Contact (SPOC) for triage, and none goes \
     ahead without it.",
);

/// Paragraph 4.
pub static ATW_4: Rule = rule(
    ("ATW-4", "4", Strength::Must, Service::Visiting, Proof::RefusedStep, Standing::InForce),
    "The processor emails the SPOC with the particular concerns, and the SPOC checks whether they amount to an \
     Advanced Customer Support concern. If they do and a visit is appropriate, the SPOC fills in the referral form for \
     a Visiting Officer; if they do not, the SPOC gives the case to an Access to Work adviser.",
);

/// Paragraph 4, note.
pub static ATW_4N: Rule = rule(
    ("ATW-4N", "4 note", Strength::May, Service::Visiting, Proof::Recorded, Standing::InForce),
    "Anyone involved in the application may identify an Advanced Customer Support concern, whatever stage the \
     application has reached.",
);

/// Paragraph 5.
pub static ATW_5: Rule = rule(
    ("ATW-5", "5", Strength::Must, Service::Visiting, Proof::RefusedStep, Standing::InForce),
    "An adviser who comes upon an Advanced Customer Support concern emails the case back to the SPOC with the \
     particulars. The SPOC looks into whether a visit is appropriate and, if so, fills in the referral form for a \
     Visiting Officer.",
);

/// Paragraph 6.
pub static ATW_6: Rule = rule(
    ("ATW-6", "6", Strength::Definition, Service::Visiting, Proof::Derived, Standing::InForce),
    "A visit counts as ineffective when the customer is not in or does not answer the door, when the customer will not \
     cooperate, or when DWP Visiting deems the area they live in unsafe.",
);

/// Paragraph 6, note.
pub static ATW_6U: Rule = rule(
    ("ATW-6U", "6 note", Strength::Must, Service::Visiting, Proof::Derived, Standing::InForce),
    "Where Visiting Officers deem the area unsafe, carry the case on from there just as if two visits had been made \
     and both had been ineffective.",
);

/// Paragraph 7.
pub static ATW_7: Rule = rule(
    ("ATW-7", "7", Strength::Must, Service::Visiting, Proof::TaskOwed, Standing::InForce),
    "When a first visit has been ineffective, the Visiting Officer leaves a letter at the address that asks the \
     customer to get in touch with the Customer Experience Advanced Support Team (CEAST) within five working days.",
);

/// Paragraph 8.
pub static ATW_8: Rule = rule(
    ("ATW-8", "8", Strength::Must, Service::Visiting, Proof::TaskOwed, Standing::InForce),
    "If the customer gets in touch within those five working days, CEAST asks the SPOC to write the conversation up in \
     DISC, ATWIS or both, as the reason for the visit requires. DWP Visiting is told whether or not a second visit is \
     still needed.",
);

/// Paragraph 9.
pub static ATW_9: Rule = rule(
    ("ATW-9", "9", Strength::Must, Service::Visiting, Proof::Derived, Standing::InForce),
    "If the five working days pass without contact, the Visiting Officer tries once more to see the customer face to \
     face, without waiting to be asked.",
);

/// Paragraph 10.
pub static ATW_10: Rule = rule(
    ("ATW-10", "10", Strength::Must, Service::Visiting, Proof::Derived, Standing::InForce),
    "Once two visits have been ineffective, the Visiting Officer hands the customer's details back both to CEAST and \
     to the SPOC, so that the case can be looked at more closely.",
);

/// Paragraph 11.
pub static ATW_11: Rule = rule(
    ("ATW-11", "11", Strength::MustNot, Service::Safeguarding, Proof::CheckProhibited, Standing::InForce),
    "After two ineffective visits, do not suspend or stop the Access to Work award before further action has been \
     taken and further advice has been given.",
);

/// Paragraph 12.
pub static ATW_12: Rule = rule(
    ("ATW-12", "12", Strength::Must, Service::Conferencing, Proof::Derived, Standing::InForce),
    "CEAST takes the lead on the case and holds the visiting referral until its investigations are finished.",
);

/// Paragraph 13.
pub static ATW_13: Rule = rule(
    ("ATW-13", "13", Strength::Must, Service::Conferencing, Proof::TaskOwed, Standing::InForce),
    "CEAST has the SPOC enter this note in DISC, ATWIS or both, as the reason for the visit requires: 'Following two \
     ineffective visits on XX and XX, please do not take any further action whilst the case is with CEAST for \
     consideration'.",
);

/// Paragraph 14.
pub static ATW_14: Rule = rule(
    ("ATW-14", "14", Strength::Must, Service::Conferencing, Proof::TaskOwed, Standing::InForce),
    "CEAST lists the case on its work log and considers whether it should carry the Additional Support marker.",
);

/// Paragraph 15.
pub static ATW_15: Rule = rule(
    ("ATW-15", "15", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "Before anything further is done, CEAST goes through all it can see about the case, establishes the facts and \
     gives an assurance check. It looks, for example, at why the visit was asked for, earlier interactions about the \
     award, documents and notes on our systems, and what third parties have told us.",
);

/// Paragraph 15, note.
pub static ATW_15D: Rule = rule(
    ("ATW-15D", "15 note", Strength::May, Service::Safeguarding, Proof::Recorded, Standing::InForce),
    "Anyone who acts in good faith on a genuine Advanced Customer Support concern may disclose personal data to the \
     relevant authorities, since data protection law does not stand in the way.",
);

/// Paragraph 16.
pub static ATW_16: Rule = rule(
    ("ATW-16", "16", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "If more information is needed, CEAST and the SPOC hold a case conference within 3 days, and only then is a \
     decision made on the award.",
);

/// Paragraph 17.
pub static ATW_17: Rule = rule(
    ("ATW-17", "17", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "CEAST has to be satisfied of two things: that the actions agreed were carried out, and that everything relevant \
     was properly taken into account.",
);

/// Paragraph 18.
pub static ATW_18: Rule = rule(
    ("ATW-18", "18", Strength::Must, Service::Conferencing, Proof::Derived, Standing::InForce),
    "If CEAST finds no Advanced Customer Support concern, the case moves straight on to step 23, the return to the \
     adviser. The closing update of step 22 is not owed first.",
);

/// Paragraph 19.
pub static ATW_19: Rule = rule(
    ("ATW-19", "19", Strength::MustNot, Service::Safeguarding, Proof::CheckProhibited, Standing::InForce),
    "If CEAST finds an Advanced Customer Support concern, do not end the award and do not interrupt payments before \
     further action has been taken and further advice has been given.",
);

/// Paragraph 20.
pub static ATW_20: Rule = rule(
    ("ATW-20", "20", Strength::Must, Service::Safeguarding, Proof::RefusedStep, Standing::InForce),
    "Where there is an Advanced Customer Support concern CEAST has to try to make contact and chooses through whom: \
     for example the customer, an appointee, attorney or next of kin, a community psychiatric nurse or similar \
     support, or, where appropriate, social services or the police. None of these is compulsory and others may be \
     used; a customer who does not respond may be sent a text that says who is calling and that another call will \
     follow in half an hour.",
);

/// Paragraph 21.
pub static ATW_21: Rule = rule(
    ("ATW-21", "21", Strength::Must, Service::Safeguarding, Proof::RefusedStep, Standing::InForce),
    "Whenever more guidance or support is needed, refer the case to the Advanced Customer Support Senior Leader \
     (ACSSL) of the region, who helps to liaise with bodies such as social services, the local authority, the police \
     and local support networks.",
);

/// Paragraph 21.
pub static ATW_21R: Rule = rule(
    ("ATW-21R", "21", Strength::Must, Service::Safeguarding, Proof::TaskOwed, Standing::InForce),
    "After a referral to the Advanced Customer Support Senior Leader, set a review date on which the next steps are \
     considered.",
);

/// Paragraph 22.
pub static ATW_22: Rule = rule(
    ("ATW-22", "22", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "When all reasonable steps have been taken, CEAST has the SPOC record them in DISC, ATWIS or both, as the reason \
     for the visit requires, together with what followed from them, such as case conferences or referrals to the \
     police or other organisations.",
);

/// Paragraph 23.
pub static ATW_23: Rule = rule(
    ("ATW-23", "23", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "The case then goes back to the Access to Work adviser, who decides whether to award a grant. It is to be an \
     informed decision that takes in the full circumstances.",
);

/// Every rule of this source, in its order.
pub static RULES: &[&Rule] = &[
    &ATW_1, &ATW_2, &ATW_3, &ATW_4, &ATW_4N, &ATW_5, &ATW_6, &ATW_6U, &ATW_7, &ATW_8, &ATW_9, &ATW_10, &ATW_11,
    &ATW_12, &ATW_13, &ATW_14, &ATW_15, &ATW_15D, &ATW_16, &ATW_17, &ATW_18, &ATW_19, &ATW_20, &ATW_21, &ATW_21R,
    &ATW_22, &ATW_23,
];
