//! Internal Process Reviews, their learning and its publication.

use super::{Proof, Rule, Service, Source, Standing, Strength};

/// What identifies and classes a paragraph, in the order in which [`Rule`] has it.
type Head = (&'static str, &'static str, Strength, Service, Proof, Standing);

/// One paragraph of this source, for every benefit.
const fn rule((id, paragraph, strength, service, proof, standing): Head, requires: &'static str) -> Rule {
    let (benefit, source) = (None, Source::SeriousCases2022To23);
    Rule { id, benefit, source, paragraph, strength, service, proof, standing, requires }
}

/// Criteria for conducting a review, first alternative.
pub static IPR_1: Rule = rule(
    ("IPR-1", "criteria, first", Strength::Must, Service::Learning, Proof::Derived, Standing::NotYet),
    "Accept a referral where somebody suggests or alleges that something the Department did or failed to do may have \
     made the customer's circumstances worse, and the customer also suffered serious harm, died (suicide included) or \
     is believed, with reason, to have attempted suicide.",
);

/// Criteria for conducting a review, second alternative.
pub static IPR_2: Rule = rule(
    ("IPR-2", "criteria, second", Strength::Must, Service::Learning, Proof::Derived, Standing::NotYet),
    "Accept a referral, whether or not anything is alleged, where a Safeguarding Adults Review, a Significant Case \
     Review (Scotland only) or a Domestic Homicide Review asks the Department to take part, or an inquest names it an \
     Interested Party.",
);

/// Criteria for conducting a review.
pub static IPR_3: Rule = rule(
    ("IPR-3", "criteria", Strength::Must, Service::Learning, Proof::Derived, Standing::NotYet),
    "The criteria change over time, so each assessment records which version of them it used.",
);

/// What an Internal Process Review is.
pub static IPR_4: Rule = rule(
    ("IPR-4", "what a review is", Strength::MustNot, Service::Learning, Proof::RefusedStep, Standing::NotYet),
    "Only colleagues within the Department may refer a case; a citizen, an MP, a local authority or a family may not. \
     Where the information that prompted the referral came from is recorded.",
);

/// Criteria for conducting a review, where they are not met.
pub static IPR_5: Rule = rule(
    ("IPR-5", "criteria not met", Strength::Must, Service::Learning, Proof::RefusedStep, Standing::NotYet),
    "Where the criteria are not met the referrer is told why, and the case is passed on to colleagues, for example the \
     Advanced Customer Support Senior Leaders, so that what can be learned is not lost.",
);

/// What an Internal Process Review is.
pub static IPR_6: Rule = rule(
    ("IPR-6", "what a review is", Strength::Must, Service::Learning, Proof::RefusedStep, Standing::NotYet),
    "An investigator collects the evidence and talks to those who can establish the facts, in every service line the \
     customer used. The review covers the whole of the customer's contact with us, not only the event that prompted \
     it.",
);

/// What an Internal Process Review is.
pub static IPR_7: Rule = rule(
    ("IPR-7", "what a review is", Strength::MustNot, Service::Learning, Proof::RefusedStep, Standing::NotYet),
    "A review does not examine clinical processes, does not apportion blame and does not consider events that the \
     Department knew nothing of; a finding of that kind is refused or marked as out of scope.",
);

/// Letter, question 4, with the glossary and the ESA section of the 2022/23 publication.
pub static IPR_8: Rule = Rule {
    source: Source::CommitteeLetter,
    ..rule(
        (
            "IPR-8",
            "Q4; serious cases 2022/23, glossary and ESA customers 1-2",
            Strength::Must,
            Service::Learning,
            Proof::RefusedStep,
            Standing::NotYet,
        ),
        "Each report goes to the Internal Process Review Group, which makes sure of its quality and agrees what \
         activities follow from it. Each activity names who will assure the group that it was done, which may be one \
         or several service lines or functions, or the group itself.",
    )
};

/// Letter, question 3, with the 2022/23 publication.
pub static IPR_9: Rule = Rule {
    source: Source::CommitteeLetter,
    ..rule(
        ("IPR-9", "Q3; serious cases 2022/23", Strength::Must, Service::Learning, Proof::TaskOwed, Standing::NotYet),
        "Every agreed activity is followed until it is implemented, with an owner, a due date, evidence of assurance, \
         the group's acceptance and a list of what is overdue. None may be closed without evidence and an outcome.",
    )
};

/// Letter, questions 3 and 11.
pub static IPR_10: Rule = Rule {
    source: Source::CommitteeLetter,
    ..rule(
        ("IPR-10", "Q3, Q11", Strength::Must, Service::Learning, Proof::Published, Standing::NotYet),
        "The Serious Case Panel looks at systemic issues and themes, drawing also on formal complaints, reports of the \
         Independent Case Examiner and other customer insight, makes recommendations and follows them until they are \
         implemented. A yearly summary of what was implemented may be published but need not be.",
    )
};

/// Letter, question 3.
pub static IPR_10N: Rule = Rule {
    source: Source::CommitteeLetter,
    ..rule(
        ("IPR-10N", "Q3", Strength::MustNot, Service::Learning, Proof::Published, Standing::NotYet),
        "The Serious Case Panel does not itself follow up the recommendations of individual Internal Process Reviews; \
         that is for the Internal Process Review Group.",
    )
};

/// Data on reviews completed in the year, and on the learning they identified.
pub static IPR_11: Rule = rule(
    ("IPR-11", "data on completed reviews", Strength::Must, Service::Learning, Proof::Published, Standing::NotYet),
    "Each year, by date of completion, publish how many reviews were completed, how many of them were also under \
     external scrutiny, how many fall to each primary service line (one case may have several), and the cases with \
     learning and the agreed activities, by service line.",
);

/// The learning sections of the publication.
pub static IPR_12: Rule = rule(
    ("IPR-12", "learning sections", Strength::Must, Service::Learning, Proof::Published, Standing::NotYet),
    "Each service line's section lists its customers by number only, counted afresh in that section, with what was \
     learned, the activity agreed and the outcome. A case whose learning spans several lines stands once, in the \
     cross-benefit section; a line with a section of its own still counts it in that section's table, and the \
     cross-benefit table counts only lines that have none.",
);

/// Information being published.
pub static IPR_13: Rule = rule(
    (
        "IPR-13",
        "information being published",
        Strength::MustNot,
        Service::Learning,
        Proof::RefusedStep,
        Standing::NotYet,
    ),
    "Nothing that is published may let anyone be identified, whether living or dead.",
);

/// Note 1 to the table of completed reviews.
pub static IPR_14: Rule = rule(
    ("IPR-14", "table note 1", Strength::Must, Service::Learning, Proof::Published, Standing::NotYet),
    "Keep the figures for reviews completed in a year apart from those for referrals received and accepted in it, and \
     have both to hand.",
);

/// Information being published.
pub static IPR_15: Rule = rule(
    (
        "IPR-15",
        "information being published",
        Strength::MustNot,
        Service::Learning,
        Proof::RefusedStep,
        Standing::NotYet,
    ),
    "Full reports of Internal Process Reviews are not published.",
);

/// Information being published.
pub static IPR_16: Rule = rule(
    ("IPR-16", "information being published", Strength::Must, Service::Learning, Proof::Published, Standing::NotYet),
    "Each edition shows what was identified, the activity agreed, and its outcome or the progress so far, so a \
     completed review appears even while an activity is unfinished. Editions for past years reach back to 2020.",
);

/// Notes 2 and 3 to the table of completed reviews.
pub static IPR_17: Rule = rule(
    ("IPR-17", "table notes 2, 3", Strength::Definition, Service::Learning, Proof::Derived, Standing::NotYet),
    "External scrutiny is that of safeguarding adult boards, Significant Case Reviews, Domestic Homicide Reviews, \
     coroners or the like, and it may begin after a review was completed. Primary service lines are the benefits or \
     services the customer received at the time of the event; the lines that learning and activities belong to need \
     not be among them.",
);

/// Every rule of this source, in its order.
pub static RULES: &[&Rule] = &[
    &IPR_1, &IPR_2, &IPR_3, &IPR_4, &IPR_5, &IPR_6, &IPR_7, &IPR_8, &IPR_9, &IPR_10, &IPR_10N, &IPR_11, &IPR_12,
    &IPR_13, &IPR_14, &IPR_15, &IPR_16, &IPR_17,
];
