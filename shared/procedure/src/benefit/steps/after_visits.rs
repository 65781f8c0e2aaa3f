//! From the handover to the decision.

use super::{NOT_PRESCRIBED, Part, Step, Teller};
use crate::{
    Role,
    benefit::{
        Benefit, Closing, Conference, Conferencing, Decision, Escalation, Held, Lead, LeaderAsked, Owed,
        PrescribedNote, Satisfied,
    },
    rule::{rulings::R_SANCTION_CONFERENCE, universal_credit::UC_SAN},
};

pub(super) fn conferencing(page: &Conferencing) -> Vec<Step> {
    const TELL: Teller = Teller(Part::Conferencing);
    let items: Vec<_> = page.assurance.says.iter().map(|item| item.title()).collect();
    let checked = format!("looks at {}", items.join("; "));
    let manager = |(): &()| "the conference considers involving the local partnership manager".to_owned();
    vec![
        TELL.says("Who leads", &page.lead, leads(&page.lead.says)),
        TELL.may_say("Note that keeps others from acting", &page.prescribed_note, noted),
        TELL.may_say("Additional Support marker", &page.support_marker, |()| {
            "considered, and decided either way".to_owned()
        }),
        TELL.says("Assurance check", &page.assurance, checked),
        TELL.says("Case conference", &page.conference, held(&page.conference.says)),
        TELL.may_say("Local partnership manager", &page.partnership_manager, manager),
        TELL.says("Who has to be satisfied", &page.satisfied, satisfied(page)),
        TELL.may_say("Note of the actions considered and agreed", &page.review_note, |note| {
            format!("{}: {}", note.owner.title(), note.what)
        }),
        TELL.says("No concern identified", &page.no_concern, without_concern(&page.closing.says)),
        TELL.says(
            "Concern identified",
            &page.concern,
            "nothing ends and nothing stops until further action has been taken and further advice given",
        ),
    ]
}

fn without_concern(closing: &Closing) -> &'static str {
    match closing.owed {
        Owed::Always => "the record of the steps taken comes next",
        Owed::AfterConcern => {
            "the case goes straight back to whoever decides; no record of the steps taken comes first"
        }
    }
}

fn leads(lead: &Lead) -> String {
    let takes_over = lead.takes_over.as_option().map(|what| format!(": {what}"));
    format!("{} leads{}", lead.role.title(), takes_over.unwrap_or_default())
}

fn noted(note: &PrescribedNote) -> String {
    format!(
        "{} notes {}: 'Following two ineffective visits on … and …, {}'",
        note.owner.title(),
        note.place.title(None),
        note.wording
    )
}

fn held(conference: &Conference) -> String {
    let [lead, other] = conference.between.map(Role::title);
    let when = match conference.held {
        Held::WhereRequired => "where further information is required",
        Held::Always => "always",
    };
    let within = conference.within.map_or_else(
        || format!("within what time is {NOT_PRESCRIBED}"),
        |within| format!("within {within} of the finding that it is required"),
    );
    format!("between {lead} and {other}, {when}; {within}")
}

fn satisfied(page: &Conferencing) -> String {
    let who = match page.satisfied.says {
        Satisfied::Lead => page.lead.says.role.title().to_owned(),
        Satisfied::Participants => {
            format!("both parties ({})", page.conference.says.between.map(Role::title).join(", "))
        }
    };
    format!("{who}, that agreed actions were taken and all relevant information was considered")
}

pub(super) fn escalation(page: &Escalation) -> Vec<Step> {
    const TELL: Teller = Teller(Part::Escalation);
    let leader = match page.leader.says {
        LeaderAsked::WhereNeeded => "asked wherever further guidance or support is needed",
        LeaderAsked::Always => "always asked where a concern remains",
    };
    vec![
        TELL.may_say("Attempt at contact", &page.contact, |attempt| {
            format!(
                "through whomever the lead chooses; a text to the customer promises another call within {}",
                attempt.call_back
            )
        }),
        TELL.says("Senior Safeguarding Leader", &page.leader, leader),
        TELL.says("Review date", &page.review_date, "set after the leader was asked, to consider the next steps"),
        TELL.may_say("Disclosure", &page.disclosure, |()| {
            "allowed to relevant authorities, in good faith on a genuine safeguarding concern".to_owned()
        }),
        TELL.may_say("What agencies find", &page.nothing_reported_back, |()| {
            "never reported back, nor recorded".to_owned()
        }),
    ]
}

pub(super) fn decision(page: &Conferencing, benefit: Benefit) -> Vec<Step> {
    const TELL: Teller = Teller(Part::Decision);
    const SANCTION: &str = "Sanction over a failed requirement";
    let returned = format!("{} returns the file", page.returning.says.title());
    vec![
        TELL.says("Record of the steps taken", &page.closing, closed(&page.closing.says)),
        TELL.says("Return to whoever decides", &page.returning, returned),
        TELL.says("Informed decision", &page.decision, decided(&page.decision.says)),
        // A procedure of its own, whatever visits there were, of the benefit that its rule governs.
        if UC_SAN.benefit.as_slice().contains(&benefit) {
            TELL.told(SANCTION, (vec![&UC_SAN, &R_SANCTION_CONFERENCE], before_sanction()))
        } else {
            TELL.silent(SANCTION)
        },
    ]
}

fn before_sanction() -> String {
    let [coach, leader] = [Role::WorkCoach, Role::SiteLeader].map(Role::title);
    format!(
        "{coach} and {leader} confer before anybody refers the claimant for it; {} invites the claimant to explain and \
         weighs every circumstance before deciding",
        Role::DecisionMaker.title()
    )
}

fn closed(closing: &Closing) -> String {
    let when = match closing.owed {
        Owed::Always => "",
        Owed::AfterConcern => ", where a concern was identified",
    };
    format!("{}{when}: {}", closing.owner.title(), closing.what)
}

fn decided(decision: &Decision) -> String {
    let outcomes: Vec<_> = decision.outcomes.iter().map(|outcome| outcome.title()).collect();
    format!("{}, on the full circumstances: {}", decision.by.title(), outcomes.join(" or "))
}
