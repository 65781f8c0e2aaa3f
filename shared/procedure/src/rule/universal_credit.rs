//! Universal Credit guidance on the case conference, counted by its unnumbered paragraphs, and the conference before a
//! sanction.

use super::{Proof, Rule, Service, Source, Standing, Strength};
use crate::benefit::Benefit;

/// What identifies and classes a paragraph, in the order in which [`Rule`] has it.
type Head = (&'static str, &'static str, Strength, Service, Proof, Standing);

/// One paragraph of this source.
const fn rule((id, paragraph, strength, service, proof, standing): Head, requires: &'static str) -> Rule {
    let (benefit, source) = (Some(Benefit::UniversalCredit), Source::UniversalCreditConferencing);
    Rule { id, benefit, source, paragraph, strength, service, proof, standing, requires }
}

/// Paragraph 1.
pub static UC_1: Rule = rule(
    ("UC-1", "1", Strength::Must, Service::Visiting, Proof::Derived, Standing::InForce),
    "When two visits have brought no contact, the case goes back to the agent who referred it, for a case conference \
     with that agent's team leader.",
);

/// Paragraph 1.
pub static UC_2: Rule = rule(
    ("UC-2", "1", Strength::MustNot, Service::Safeguarding, Proof::CheckProhibited, Standing::InForce),
    "While the outcome of that conference is awaited, do not end the award and do not stop payments.",
);

/// Paragraph 2.
pub static UC_3: Rule = rule(
    ("UC-3", "2", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "The referrer and the team leader hold a case conference and establish all the facts, and only then is a decision \
     made on the claim. This is so in every case after two ineffective visits, not only where information is missing.",
);

/// Paragraph 3.
pub static UC_4: Rule = rule(
    ("UC-4", "3", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "The conference goes through what is known and gives an assurance check. It looks, for example, at why the visit \
     was asked for, earlier interactions including interventions under conditionality, documents and notes, what third \
     parties have told us, and whether the original intervention or appointment should be deferred until safeguarding \
     enquiries have been made.",
);

/// Paragraph 4.
pub static UC_5: Rule = rule(
    ("UC-5", "4", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "The conference considers whether to bring in the local partnership manager, who may know of local organisations \
     that can offer support.",
);

/// Paragraph 5.
pub static UC_6: Rule = rule(
    ("UC-6", "5", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "Everyone who takes part in the conference has to be satisfied of two things: that the actions agreed were carried \
     out, and that everything relevant was properly taken into account.",
);

/// Paragraph 6.
pub static UC_7: Rule = rule(
    ("UC-7", "6", Strength::Must, Service::Conferencing, Proof::TaskOwed, Standing::InForce),
    "The team leader reviews the information and writes into the claimant history of the Universal Credit account \
     which actions were considered and agreed.",
);

/// Paragraph 7.
pub static UC_8: Rule = rule(
    ("UC-8", "7", Strength::MustNot, Service::Safeguarding, Proof::CheckProhibited, Standing::InForce),
    "If a safeguarding concern remains after the conference, do not end the award and do not suspend or stop payments \
     before further action has been taken and further advice has been given.",
);

/// Paragraph 7.
pub static UC_9: Rule = rule(
    ("UC-9", "7", Strength::Must, Service::Safeguarding, Proof::RefusedStep, Standing::InForce),
    "If a safeguarding concern remains after the conference, the case always goes to a Senior Safeguarding Leader, who \
     liaises with bodies such as social services, the local authority or the police.",
);

/// Paragraph 9.
pub static UC_10: Rule = rule(
    ("UC-10", "9", Strength::Must, Service::Safeguarding, Proof::TaskOwed, Standing::InForce),
    "After the referral to the Senior Safeguarding Leader, set a review date on which the next steps are considered.",
);

/// Paragraph 10.
pub static UC_11: Rule = rule(
    ("UC-11", "10", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "When all reasonable steps have been taken, the referrer puts together the papers for the Decision Maker: the \
     safeguarding steps, any referrals to other organisations, what the conference concluded and what was done after \
     it.",
);

/// Paragraph 11.
pub static UC_12: Rule = rule(
    ("UC-12", "11", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "The Decision Maker decides with those papers in hand. It is to be an informed decision that takes in the full \
     circumstances.",
);

/// Letter, question 18.
pub static UC_SAN: Rule = Rule {
    source: Source::CommitteeLetter,
    ..rule(
        ("UC-SAN", "Q18", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
        "Where there is no good reason why a requirement was failed, the work coach and the site leader hold a case \
         conference before anyone refers the claimant for a sanction; it is not the conference that follows two \
         visits. The Decision Maker asks the claimant for an explanation and weighs every circumstance, among them \
         health, disability and any evidence of good reason, before deciding on a sanction.",
    )
};

/// Every rule of this source, in its order.
pub static RULES: &[&Rule] =
    &[&UC_1, &UC_2, &UC_3, &UC_4, &UC_5, &UC_6, &UC_7, &UC_8, &UC_9, &UC_10, &UC_11, &UC_12, &UC_SAN];
