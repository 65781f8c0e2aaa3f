//! The Six Point Plan, the Senior Safeguarding Leaders and the directory of support.

use super::{Proof, Rule, Service, Source, Standing, Strength};
use crate::benefit::Benefit;

/// What identifies and classes a paragraph, in the order in which [`Rule`] has it.
type Head = (&'static str, &'static str, Strength, Service, Proof, Standing);

/// One paragraph of this source, for every benefit.
const fn rule((id, paragraph, strength, service, proof, standing): Head, requires: &'static str) -> Rule {
    let (benefit, source) = (None, Source::SixPointPlan);
    Rule { id, benefit, source, paragraph, strength, service, proof, standing, requires }
}

/// Following the incident, and question 2 of the letter.
pub static SPP_0: Rule = rule(
    (
        "SPP-0",
        "following the incident; letter Q2",
        Strength::May,
        Service::Safeguarding,
        Proof::Recorded,
        Standing::NotYet,
    ),
    "Local leaders may put a plan for their own site in place of the generic one, provided that it is built on this \
     template.",
);

/// Paragraph 1, step 1.
pub static SPP_1: Rule = rule(
    ("SPP-1", "1 step 1", Strength::Must, Service::Safeguarding, Proof::Recorded, Standing::NotYet),
    "Take every statement of an intention to self-harm or attempt suicide seriously, and open a record of it whichever \
     way it reaches you.",
);

/// Paragraphs 1, 6 and 9, step 2.
pub static SPP_2: Rule = rule(
    ("SPP-2", "1, 6 and 9 step 2", Strength::Must, Service::Safeguarding, Proof::TaskOwed, Standing::NotYet),
    "Call in a colleague as support partner and witness: by the local signal face to face or by telephone, never \
     putting the caller on hold, or through the day's support group when working from home. On a home visit contact, \
     if possible, the person who is there to support you, and do not count on a witness; a partner who cannot hear the \
     conversation supports you but is no witness to it.",
);

/// Paragraph 1, step 3.
pub static SPP_3: Rule = rule(
    ("SPP-3", "1 step 3", Strength::Must, Service::Safeguarding, Proof::Recorded, Standing::NotYet),
    "Find out what you can to judge the degree of risk, for example specific plans, what has been done already (and \
     when, and how much), whether the means are to hand, earlier attempts, treatment, where the customer is and means \
     to go, how soon it may happen, and friends or family who could help.",
);

/// Paragraph 9, step 3.
pub static SPP_3P: Rule = rule(
    ("SPP-3P", "9 step 3", Strength::Must, Service::Safeguarding, Proof::TaskOwed, Standing::NotYet),
    "When working from home, pass everything the customer tells you to your support partner in messages.",
);

/// Paragraphs 1, 6 and 9, step 4, with paragraphs 22 and 24.
pub static SPP_4: Rule = rule(
    ("SPP-4", "1, 6 and 9 step 4; 22, 24", Strength::Must, Service::Safeguarding, Proof::Guided, Standing::NotYet),
    "A customer who is at risk but not in immediate danger is encouraged to seek help: from a GP, the Community Mental \
     Health Team, friends or family, a national support organisation or local specialist support. Contact somebody on \
     the customer's behalf only with the customer's permission, and make sure that a GP or mental health team hears \
     that the customer is talking about suicide.",
);

/// Paragraphs 1, 6 and 9, step 5.
pub static SPP_5: Rule = rule(
    ("SPP-5", "1, 6 and 9 step 5", Strength::Must, Service::Safeguarding, Proof::Recorded, Standing::NotYet),
    "If the customer is at serious risk or in immediate danger, call the emergency services without delay, by your \
     office's arrangements whenever possible, and give them the location, all relevant details and, where it is so, \
     that you call from a contact centre or virtual network. No consent is needed, but tell the customer what is \
     happening and why where you can.",
);

/// Paragraph 9, step 5.
pub static SPP_5K: Rule = rule(
    ("SPP-5K", "9 step 5", Strength::Must, Service::Safeguarding, Proof::Guided, Standing::NotYet),
    "When you work from home it is the support partner who calls the emergency services, saying at once that the call \
     comes from a contact centre and in which area the customer lives. Meanwhile you try to keep the customer talking \
     until help is there.",
);

/// Paragraphs 1 and 9, step 5.
pub static SPP_5A: Rule = rule(
    ("SPP-5A", "1 and 9 step 5", Strength::Must, Service::Safeguarding, Proof::Recorded, Standing::NotYet),
    "For a customer who lives abroad, turn to the Foreign Office and its consular assistance in place of the emergency \
     services here.",
);

/// Paragraph 9, step 5.
pub static SPP_5C: Rule = rule(
    ("SPP-5C", "9 step 5", Strength::May, Service::Safeguarding, Proof::Recorded, Standing::NotYet),
    "If the emergency services say that they cannot reach the customer at once, the mental health crisis team for the \
     customer's area may be asked to help.",
);

/// Paragraph 1, step 6.
pub static SPP_6: Rule = rule(
    ("SPP-6", "1 step 6", Strength::Must, Service::Safeguarding, Proof::TaskOwed, Standing::NotYet),
    "Talk the incident through with your line manager afterwards.",
);

/// Paragraphs 3 to 6, step 1.
pub static SPP_7H: Rule = rule(
    ("SPP-7H", "3-6 step 1", Strength::Must, Service::Safeguarding, Proof::Recorded, Standing::NotYet),
    "On a home visit your own safety comes first: if you feel unsafe or see any sign of a weapon, leave, get to a safe \
     place and then call the emergency services. Visits booked for later are rearranged or cancelled as needed.",
);

/// Paragraphs 7 and 8.
pub static SPP_8: Rule = rule(
    ("SPP-8", "7-8", Strength::Must, Service::Safeguarding, Proof::TaskOwed, Standing::NotYet),
    "After a home visit, tell your line manager what happened and what you did. Where you need to pause or to stop for \
     the day, the line manager sees to it that the visits you had planned are postponed and rearranged.",
);

/// Paragraph 9.
pub static SPP_9: Rule = rule(
    ("SPP-9", "9", Strength::Must, Service::Safeguarding, Proof::Guided, Standing::NotYet),
    "Colleagues who work from home set up a support group at the start of each working day, so that somebody can be \
     alerted at once. Officer and manager keep the record and the review in a secure place.",
);

/// Paragraphs 10, 22 and 24.
pub static SPP_10: Rule = rule(
    ("SPP-10", "10, 22, 24", Strength::MustNot, Service::Safeguarding, Proof::Guided, Standing::NotYet),
    "You are not a counsellor: do not counsel, do not try to resolve the customer's personal crisis and do not promise \
     to keep a secret.",
);

/// Paragraph 11.
pub static SPP_11: Rule = rule(
    ("SPP-11", "11", Strength::Must, Service::Safeguarding, Proof::TaskOwed, Standing::NotYet),
    "A call about a written declaration is made by an office-based colleague where that is practicable; otherwise it \
     is recommended to have the support partner present or conferenced in. Agree what to do with the line manager \
     first, if possible.",
);

/// Following the incident.
pub static SPP_PIP: Rule = Rule {
    benefit: Some(Benefit::Pip),
    ..rule(
        ("SPP-PIP", "following the incident", Strength::Must, Service::Safeguarding, Proof::Derived, Standing::NotYet),
        "Staff in a PIP office, whatever the customer's own benefit, keep to PIP procedures and tell the Customer \
         Champion of the benefit centre, who takes it further.",
    )
};

/// Paragraphs 11 to 13.
pub static SPP_12: Rule = rule(
    ("SPP-12", "11-13", Strength::Must, Service::Safeguarding, Proof::TaskOwed, Standing::NotYet),
    "For a declaration by letter, journal, e-mail or the like, consider whether it is specific and urgent; where the \
     risk is specific, think through the Six Point Plan and what would be appropriate and reasonable here. You may \
     call the emergency services and have to tell your line manager that you are considering it, but the call never \
     waits for that; incident and action are recorded.",
);

/// Paragraph 12.
pub static SPP_12S: Rule = rule(
    ("SPP-12S", "12", Strength::Must, Service::Safeguarding, Proof::Derived, Standing::NotYet),
    "A declaration on social media goes to the Regional Social Media Manager, who acts on the separate plan for social \
     media.",
);

/// Paragraph 14.
pub static SPP_14: Rule = rule(
    ("SPP-14", "14", Strength::Must, Service::Safeguarding, Proof::Recorded, Standing::NotYet),
    "A customer who speaks of suicide or self-harm in support of a claim is treated as someone who will act on it.",
);

/// Paragraph 15.
pub static SPP_15: Rule = rule(
    ("SPP-15", "15", Strength::May, Service::Safeguarding, Proof::Derived, Standing::NotYet),
    "If what the customer gave is general information and not a specific declaration, you may leave it to the benefit \
     assessment and need take no further action. If you are unsure, ask your line manager.",
);

/// Paragraphs 16 to 18.
pub static SPP_17: Rule = rule(
    ("SPP-17", "16-18", Strength::Must, Service::Safeguarding, Proof::TaskOwed, Standing::NotYet),
    "When somebody else tells us, it is reasonable to expect them to manage the situation; you may give them contacts \
     and advise them to ring the emergency services where they see serious risk or immediate danger. Unless you call \
     for help yourself because you doubt that they can manage, tell them that we will take no further action, and \
     record the incident and the discussion.",
);

/// Paragraph 19.
pub static SPP_19: Rule = rule(
    ("SPP-19", "19", Strength::May, Service::Safeguarding, Proof::Recorded, Standing::NotYet),
    "If you doubt that the third party can manage, and the customer seems to you at serious risk or in immediate \
     danger, you may yourself call the emergency services. Telling the third party is good practice. The discussion \
     and the action are recorded.",
);

/// Paragraph 25.
pub static SPP_25: Rule = rule(
    ("SPP-25", "25", Strength::Must, Service::Safeguarding, Proof::TaskOwed, Standing::NotYet),
    "An unacceptable customer behaviour report has to be made where you felt threatened or intimidated, or where the \
     customer threatened to harm you or somebody else. In all other cases consider whether to make one, and record \
     what you decided.",
);

/// Paragraph 26.
pub static SPP_26: Rule = rule(
    ("SPP-26", "26", Strength::Must, Service::Safeguarding, Proof::TaskOwed, Standing::NotYet),
    "The customer declaration form is completed every time, whether or not a behaviour report is due. It is good \
     practice to do it within a day.",
);

/// Paragraphs 27 and 28.
pub static SPP_28: Rule = rule(
    ("SPP-28", "27-28", Strength::Must, Service::Safeguarding, Proof::Recorded, Standing::NotYet),
    "Make the record as full as you can: what the customer said and did, their behaviour and demeanour, what you \
     decided and what you did. Time and duration, key information you gave and what the customer said they would do \
     are useful to add, though the record is complete without them.",
);

/// Paragraphs 29 and 30, which the plan leaves unnumbered.
pub static SPP_29: Rule = rule(
    ("SPP-29", "29-30 (unnumbered)", Strength::Must, Service::Safeguarding, Proof::TaskOwed, Standing::NotYet),
    "Give your line manager a copy of the record. Line managers keep these records for six years.",
);

/// Paragraphs 31 and 33.
pub static SPP_31: Rule = rule(
    ("SPP-31", "31, 33", Strength::Must, Service::Safeguarding, Proof::TaskOwed, Standing::NotYet),
    "Officer and line manager review every declaration together: how it was handled, whether local procedures worked, \
     and what can be learned. A day or two after the incident is good practice.",
);

/// Paragraph 34.
pub static SPP_34: Rule = rule(
    ("SPP-34", "34", Strength::Must, Service::Safeguarding, Proof::TaskOwed, Standing::NotYet),
    "In the review, consider once more whether an unacceptable customer behaviour report should be made.",
);

/// Paragraph 35.
pub static SPP_35: Rule = rule(
    ("SPP-35", "35", Strength::Must, Service::Safeguarding, Proof::TaskOwed, Standing::NotYet),
    "The line manager keeps the record of the review for six years and sends copies of the records to the manager in \
     charge of the office's local plan.",
);

/// Paragraphs 36 to 40.
pub static SPP_39: Rule = rule(
    ("SPP-39", "36-40", Strength::Must, Service::Safeguarding, Proof::TaskOwed, Standing::NotYet),
    "The line manager sees to it that the officer is supported: time away from duties, somebody to listen, and knowing \
     of the employee assistance programme. The offer is recorded.",
);

/// Annex C, and questions 7 and 8 of the letter.
pub static SSL_1: Rule = Rule {
    source: Source::SafeguardingLeader,
    ..rule(
        ("SSL-1", "Annex C; letter Q7-8", Strength::Must, Service::Safeguarding, Proof::Derived, Standing::NotYet),
        "A directory of Senior Safeguarding Leaders (or Advanced Customer Support Senior Leaders) covers every area of \
         Great Britain; there were 25 of them in 2020. Each referral is matched to the leader of its area, who is the \
         central contact there for all service lines and for outside bodies.",
    )
};

/// Annex C.
pub static SSL_2: Rule = Rule {
    source: Source::SafeguardingLeader,
    ..rule(
        ("SSL-2", "Annex C", Strength::Must, Service::Learning, Proof::TaskOwed, Standing::NotYet),
        "The leader of the area answers for seeing Internal Investigations and Internal Process Reviews through to \
         their conclusion, together with the Customer Experience team, and attends Adult Safeguarding Boards in \
         person.",
    )
};

/// Letter, question 10, with Annex B paragraph 1 step 4 and Annex C.
pub static SUP_1: Rule = Rule {
    source: Source::CommitteeLetter,
    ..rule(
        (
            "SUP-1",
            "Q10; Annex B 1 step 4; Annex C",
            Strength::Must,
            Service::Safeguarding,
            Proof::Guided,
            Standing::NotYet,
        ),
        "A directory of local and national support organisations, kept by district and by need, lets you signpost a \
         customer to help that fits.",
    )
};

/// Every rule of this source, in its order.
pub static RULES: &[&Rule] = &[
    &SPP_0, &SPP_1, &SPP_2, &SPP_3, &SPP_3P, &SPP_4, &SPP_5, &SPP_5K, &SPP_5A, &SPP_5C, &SPP_6, &SPP_7H, &SPP_8,
    &SPP_9, &SPP_10, &SPP_11, &SPP_PIP, &SPP_12, &SPP_12S, &SPP_14, &SPP_15, &SPP_17, &SPP_19, &SPP_25, &SPP_26,
    &SPP_28, &SPP_29, &SPP_31, &SPP_34, &SPP_35, &SPP_39, &SSL_1, &SSL_2, &SUP_1,
];
