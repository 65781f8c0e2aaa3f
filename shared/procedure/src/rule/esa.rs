//! ESA guidance on Core Visits, paragraph by paragraph.

use super::{Proof, Rule, Service, Source, Standing, Strength};
use crate::benefit::Benefit;

/// What identifies and classes a paragraph, in the order in which [`Rule`] has it.
type Head = (&'static str, &'static str, Strength, Service, Proof, Standing);

/// One paragraph of this source.
const fn rule((id, paragraph, strength, service, proof, standing): Head, requires: &'static str) -> Rule {
    let (benefit, source) = (Some(Benefit::Esa), Source::EsaCoreVisits);
    Rule { id, benefit, source, paragraph, strength, service, proof, standing, requires }
}

/// Paragraph 106.
pub static ESA_106: Rule = rule(
    ("ESA-106", "106", Strength::Must, Service::Visiting, Proof::RefusedStep, Standing::InForce),
    "If we know of a condition that could affect how well the claimant understands or can meet what is required of \
     them, consider a Core Visit before any decision to sanction or disallow. Consider also whether the interview or \
     assessment should be deferred, whether the claimant was told its date, time and place and asked to say if they \
     cannot come, whether to encourage advocacy support, which known issues might affect attendance, and a reminder \
     beforehand.",
);

/// Paragraph 106.
pub static ESA_106P: Rule = rule(
    ("ESA-106P", "106", Strength::MustNot, Service::Safeguarding, Proof::CheckProhibited, Standing::InForce),
    "Where a known condition could affect the claimant's understanding or compliance, make no decision to sanction or \
     disallow until a Core Visit has been considered.",
);

/// Paragraph 106.
pub static ESA_106H: Rule = rule(
    ("ESA-106H", "106", Strength::Must, Service::Visiting, Proof::TaskOwed, Standing::InForce),
    "Where there are safeguarding concerns, consider contacting the claimant's appointee, attorney or next of kin, \
     community psychiatric nurse, social services or the police, so far as relevant and appropriate, to lessen the \
     risk of hardship. Considering it is owed; whether contact is then made is left to judgment.",
);

/// Paragraph 106.
pub static ESA_106N: Rule = rule(
    ("ESA-106N", "106", Strength::Must, Service::Visiting, Proof::Derived, Standing::InForce),
    "Steps that were taken are noted, so that whoever deals with the claimant next knows of them.",
);

/// Paragraph 106, note.
pub static ESA_106G: Rule = rule(
    ("ESA-106G", "106 note", Strength::MustNot, Service::Safeguarding, Proof::Recorded, Standing::InForce),
    "People and organisations whom we contact out of concern may not tell us in return how their own investigations \
     ended. Record what we shared and that it was received, never what they found.",
);

/// Paragraph 106, note.
pub static ESA_106D: Rule = rule(
    ("ESA-106D", "106 note", Strength::May, Service::Safeguarding, Proof::Recorded, Standing::InForce),
    "Anyone who acts in good faith on a genuine safeguarding concern may disclose personal data to the relevant \
     authorities, since data protection law does not stand in the way.",
);

/// Paragraph 107.
pub static ESA_107: Rule = rule(
    ("ESA-107", "107", Strength::Must, Service::Visiting, Proof::TaskOwed, Standing::InForce),
    "Look for indicators, a marker for mental health being one, and think about whether more should be done before a \
     sanction is applied or a disallowance decided. Situations that call for it are, among others, a missed mandatory \
     interview, a missed Work Capability Assessment, medical or further evidence not provided, a contributory benefit \
     about to exhaust with no answer to the claim form, and work-related activity not undertaken.",
);

/// Paragraph 107.
pub static ESA_107N: Rule = rule(
    ("ESA-107N", "107", Strength::May, Service::Visiting, Proof::Recorded, Standing::InForce),
    "A Core Visit need not follow every time a claimant fails to interact with us. Whether to make one is judged by \
     the considerations of paragraphs 111 and 112.",
);

/// Paragraph 107, note.
pub static ESA_107C: Rule = rule(
    ("ESA-107C", "107 note", Strength::MustNot, Service::Visiting, Proof::RefusedStep, Standing::InForce),
    "DWP Visiting makes no visit to a 'care of' address.",
);

/// Paragraph 107, note.
pub static ESA_107U: Rule = rule(
    ("ESA-107U", "107 note", Strength::Must, Service::Visiting, Proof::Derived, Standing::InForce),
    "If no address can be traced with confidence, carry the case on as if two visits had been ineffective, from \
     paragraph 123 onwards.",
);

/// Paragraph 108.
pub static ESA_108: Rule = rule(
    ("ESA-108", "108", Strength::Must, Service::Visiting, Proof::Recorded, Standing::InForce),
    "The Visiting Officer helps the claimant to understand why they have to attend, take part or undertake agreed \
     work-related activity, and what may follow if they do not. Reasons that may amount to good cause are recorded, \
     and no mandatory interview is conducted.",
);

/// Paragraph 109.
pub static ESA_109: Rule = rule(
    ("ESA-109", "109", Strength::Must, Service::Visiting, Proof::Recorded, Standing::InForce),
    "Where the claimant has an appointee or attorney, take it that this person fully understands the mandatory \
     requirements and is helping the claimant to meet them. The Core Visit is made all the same and includes them.",
);

/// Paragraph 110.
pub static ESA_110: Rule = rule(
    ("ESA-110", "110", Strength::Must, Service::Visiting, Proof::TaskOwed, Standing::InForce),
    "Consider whether missed interviews, assessments or evidence may be a sign that the appointee or attorney is not \
     doing what they are responsible for, and act on it where it is. Record both the consideration and the action \
     taken.",
);

/// Paragraph 111.
pub static ESA_111: Rule = rule(
    ("ESA-111", "111", Strength::Must, Service::Visiting, Proof::RefusedStep, Standing::InForce),
    "If a claimant has answered nothing that we sent, check whether a mental health condition or learning difficulty \
     is known that might affect their understanding or their ability to act on it. If contact has been made and you \
     are confident that the claimant understands and is able to comply, note that and that no visit is required; if \
     you have any doubt, refer for a Core Visit.",
);

/// Paragraph 112.
pub static ESA_112: Rule = rule(
    ("ESA-112", "112", Strength::MustNot, Service::Safeguarding, Proof::CheckProhibited, Standing::InForce),
    "Once a Core Visit is due, take no further action over the missed interview or assessment or the missing evidence \
     until the outcome of the visit is known.",
);

/// Paragraph 112.
pub static ESA_112A: Rule = rule(
    ("ESA-112A", "112", Strength::Must, Service::Visiting, Proof::TaskOwed, Standing::InForce),
    "Where paragraph 111 applies, arrange the Core Visit as soon as possible.",
);

/// Paragraph 112.
pub static ESA_112R: Rule = rule(
    ("ESA-112R", "112", Strength::Must, Service::Visiting, Proof::RefusedStep, Standing::InForce),
    "The referral states, so far as known, the claimant's condition, any representative or third party, what was done \
     to contact them, whether an earlier visit was made and whether good cause was considered. Where work-related \
     activity was not undertaken, it always names the activity and the date it was due; and it asks the Visiting \
     Officer to find out, unless it is already known, if the claimant is bringing up a child under one alone.",
);

/// Paragraph 112, note.
pub static ESA_112T: Rule = rule(
    ("ESA-112T", "112 note", Strength::Must, Service::Visiting, Proof::RefusedStep, Standing::InForce),
    "The referral tool is filled in completely and gives the referring officer's telephone number, at which somebody \
     has to be there to answer; a referral without a number is not accepted. The number may also be given to the \
     claimant.",
);

/// Paragraph 112.
pub static ESA_112F: Rule = rule(
    ("ESA-112F", "112", Strength::Must, Service::Visiting, Proof::TaskOwed, Standing::InForce),
    "Set a follow-up for 10 working days after the referral. If nothing has come back by then, chase the referral as \
     local procedures provide and consider moving the review date.",
);

/// Paragraph 113.
pub static ESA_113: Rule = rule(
    ("ESA-113", "113", Strength::Must, Service::Visiting, Proof::Recorded, Standing::InForce),
    "The visit establishes whether the claimant understands what is required of them: attending and taking part in \
     interviews or assessments, undertaking work-related activity, and providing the evidence or information asked \
     for.",
);

/// Paragraph 114.
pub static ESA_114: Rule = rule(
    ("ESA-114", "114", Strength::Must, Service::Visiting, Proof::TaskOwed, Standing::InForce),
    "The Visiting Officer agrees a date and time with both the claimant and the referrer, for whichever applies: the \
     rebooked interview or assessment, an interview to review the work-related activity, or the next steps on missing \
     evidence.",
);

/// Paragraph 114.
pub static ESA_114N: Rule = rule(
    ("ESA-114N", "114", Strength::MustNot, Service::Visiting, Proof::RefusedStep, Standing::InForce),
    "The Visiting Officer carries out no mandatory interview activity and makes no decision on deferral, good cause or \
     the like.",
);

/// Paragraph 115.
pub static ESA_115: Rule = rule(
    ("ESA-115", "115", Strength::Must, Service::Visiting, Proof::TaskOwed, Standing::InForce),
    "If it looks as though an interview ought to be deferred, the Visiting Officer contacts the referrer at once, \
     where possible by telephone during the visit.",
);

/// Paragraph 116.
pub static ESA_116: Rule = rule(
    ("ESA-116", "116", Strength::Must, Service::Visiting, Proof::TaskOwed, Standing::InForce),
    "When the referrer confirms that the appointment is booked, the Visiting Officer completes an appointment letter.",
);

/// Paragraph 117.
pub static ESA_117: Rule = rule(
    ("ESA-117", "117", Strength::Must, Service::Visiting, Proof::Derived, Standing::InForce),
    "After the visit the Visiting Officer returns the referral and everything learned to the referrer, who considers \
     good cause.",
);

/// Paragraphs 118 and 119.
pub static ESA_119: Rule = rule(
    ("ESA-119", "118-119", Strength::Definition, Service::Visiting, Proof::Derived, Standing::InForce),
    "A visit counts as ineffective when the claimant is not in, when the claimant will not cooperate, or when DWP \
     Visiting deems the area they live in unsafe.",
);

/// Paragraph 120.
pub static ESA_120: Rule = rule(
    ("ESA-120", "120", Strength::Must, Service::Visiting, Proof::TaskOwed, Standing::InForce),
    "When a first visit has been ineffective, the Visiting Officer leaves a letter at the address that asks the \
     claimant to get in touch with the referrer within five working days.",
);

/// Paragraph 121.
pub static ESA_121: Rule = rule(
    ("ESA-121", "121", Strength::Must, Service::Visiting, Proof::TaskOwed, Standing::InForce),
    "If the claimant gets in touch within those five working days, the referrer tells DWP Visiting, so that no \
     needless second visit is made.",
);

/// Paragraph 122.
pub static ESA_122: Rule = rule(
    ("ESA-122", "122", Strength::Must, Service::Visiting, Proof::Derived, Standing::InForce),
    "If the five working days pass without contact, the Visiting Officer has to try once more to see the claimant face \
     to face.",
);

/// Paragraphs 123 and 124.
pub static ESA_124: Rule = rule(
    ("ESA-124", "123-124", Strength::Must, Service::Visiting, Proof::Derived, Standing::InForce),
    "Where the area is deemed unsafe a Core Visit may not be possible. The HEO then carries the case on as if two \
     visits had been made and both had been ineffective.",
);

/// Paragraph 125.
pub static ESA_125: Rule = rule(
    ("ESA-125", "125", Strength::Must, Service::Visiting, Proof::Derived, Standing::InForce),
    "Once two visits have been ineffective, the claimant's details go to the referrer's HEO.",
);

/// Paragraph 125.
pub static ESA_125P: Rule = rule(
    ("ESA-125P", "125", Strength::MustNot, Service::Safeguarding, Proof::CheckProhibited, Standing::InForce),
    "While the outcome of the case conference is awaited, do not end the award and do not stop payments.",
);

/// Paragraph 125.
pub static ESA_125C: Rule = rule(
    ("ESA-125C", "125", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "The HEO and the referrer hold a case conference and establish all the facts, and only then is a decision made on \
     the claim. This is so in every case after two ineffective visits.",
);

/// Paragraph 125.
pub static ESA_125A: Rule = rule(
    ("ESA-125A", "125", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "The conference goes through what is known and gives an assurance check. It looks, for example, at why the visit \
     was asked for, earlier interactions including interventions under ESA conditionality, documents such as a report \
     after a Work Capability Assessment, what third parties have told us, and whether the original interview or \
     appointment should be deferred until safeguarding enquiries have been made.",
);

/// Paragraph 125.
pub static ESA_125L: Rule = rule(
    ("ESA-125L", "125", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "The conference considers whether to bring in the local partnership manager, who may know of local organisations \
     that can offer support.",
);

/// Paragraph 125.
pub static ESA_125S: Rule = rule(
    ("ESA-125S", "125", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "Everyone who takes part in the conference has to be satisfied of two things: that the actions agreed were carried \
     out, and that everything relevant was properly taken into account.",
);

/// Paragraph 125.
pub static ESA_125N: Rule = rule(
    ("ESA-125N", "125", Strength::Must, Service::Conferencing, Proof::TaskOwed, Standing::InForce),
    "The HEO reviews the information and enters the actions considered and agreed on the relevant systems.",
);

/// Paragraph 125.
pub static ESA_125H: Rule = rule(
    ("ESA-125H", "125", Strength::MustNot, Service::Safeguarding, Proof::CheckProhibited, Standing::InForce),
    "If a safeguarding concern remains after the conference, do not end the award and do not suspend or stop payments \
     before further action has been taken and further advice has been given.",
);

/// Paragraph 125.
pub static ESA_125R: Rule = rule(
    ("ESA-125R", "125", Strength::Must, Service::Safeguarding, Proof::RefusedStep, Standing::InForce),
    "If a safeguarding concern remains after the conference, the case always goes to a Senior Safeguarding Leader, who \
     liaises with bodies such as social services, the local authority or the police. A review date is set on which the \
     next steps are considered.",
);

/// Paragraph 126.
pub static ESA_126: Rule = rule(
    ("ESA-126", "126", Strength::Must, Service::Conferencing, Proof::RefusedStep, Standing::InForce),
    "When all reasonable steps have been taken, the referrer puts together the papers for the Decision Maker: the \
     safeguarding steps, any referrals, what the conference concluded and what was done after it. The Decision Maker \
     then makes an informed decision, in the full circumstances, whether to disallow entitlement or apply a sanction.",
);

/// Every rule of this source, in its order.
pub static RULES: &[&Rule] = &[
    &ESA_106, &ESA_106P, &ESA_106H, &ESA_106N, &ESA_106G, &ESA_106D, &ESA_107, &ESA_107N, &ESA_107C, &ESA_107U,
    &ESA_108, &ESA_109, &ESA_110, &ESA_111, &ESA_112, &ESA_112A, &ESA_112R, &ESA_112T, &ESA_112F, &ESA_113, &ESA_114,
    &ESA_114N, &ESA_115, &ESA_116, &ESA_117, &ESA_119, &ESA_120, &ESA_121, &ESA_122, &ESA_124, &ESA_125, &ESA_125P,
    &ESA_125C, &ESA_125A, &ESA_125L, &ESA_125S, &ESA_125N, &ESA_125H, &ESA_125R, &ESA_126,
];
