//! What differs between the benefits once a concern was determined: whether contact is prescribed, when a leader is asked,
//! and what may be disclosed.

use super::case::Step::*;
use super::case::{Case, Step, cited, lead_of, london};
use holdfast_procedure::Role;
use holdfast_procedure::benefit::Benefit::{self, *};
use holdfast_procedure::escalation::{Agency, Basis, Command, Disclosure, Liaison, Stage};

const CALLED: Step = Call("2026-06-01 10:00");

/// A benefit, its paragraphs on contact (if any), the leader, the rulings on when which is asked, the review and the end.
type Page = (Benefit, Option<&'static str>, &'static str, &'static [&'static str], &'static str, &'static str);

const PAGES: [Page; 4] = [
    (Pip, Some("PIP-15"), "PIP-16", &["R-LEADER-NEED"], "PIP-16R", "PIP-17"),
    (AccessToWork, Some("ATW-20"), "ATW-21", &["R-LEADER-NEED", "R-ONE-OFFICE"], "ATW-21R", "ATW-22"),
    (UniversalCredit, None, "UC-9", &["R-LEADER-ALWAYS"], "UC-10", "UC-11"),
    (Esa, None, "ESA-125R", &["R-LEADER-ALWAYS"], "ESA-125R", "ESA-126"),
];

#[test]
fn what_is_owed_as_soon_as_a_concern_is_determined() {
    for (benefit, contact, leader, ..) in PAGES {
        let case = Case::opened_in(benefit);
        let owed: Vec<_> = case.tasks().into_iter().map(|task| (task.key, task.owner, task.rule.id)).collect();
        let lead = lead_of(benefit);
        let wanted = match contact {
            Some(contact) => vec![("contact:1", contact), ("leader-need:1", leader)],
            None => vec![("leader:1", leader)],
        };
        let wanted: Vec<_> = wanted.into_iter().map(|(key, rule)| (key.to_owned(), lead, rule)).collect();
        assert_eq!(owed, wanted, "{benefit:?}");
        let stage = if contact.is_some() { Stage::ContactDue } else { Stage::ReferralDue };
        assert_eq!(case.state.stage, stage, "{benefit:?}");
    }
}

#[test]
fn the_conclusion_waits_for_what_the_text_asks_for_and_for_no_more() {
    for (benefit, contact, leader, rulings, review, end) in PAGES {
        let mut case = Case::opened_in(benefit);
        let (rules, why) = case.refused(&Conclude);
        let attempt = contact.map(|contact| vec![contact, "R-CONTACT-ATTEMPT"]).unwrap_or_default();
        assert_eq!(rules, [&attempt[..], &[leader], rulings].concat(), "{benefit:?}");
        assert_eq!(why.contains("contact"), contact.is_some(), "{why}");
        case.when(&[Refer]);
        let rules = case.refused(&Conclude).0;
        assert_eq!(rules.last(), Some(&review), "{benefit:?}");
        assert_eq!(rules.len(), if contact.is_some() { 3 } else { 1 }, "{rules:?}");
        case.when(&[ReviewOn("2026-06-15")]);
        assert_eq!(case.refused(&Conclude).0.last(), Some(&review));
        case.when(&[Review("2026-06-15 10:00")]);
        if contact.is_some() {
            case.when(&[Now("2026-06-15 11:00"), Call("2026-06-15 11:00")]);
        }
        assert_eq!(case.task("conclusion:1").rule.id, end);
        case.when(&[Conclude]);
        assert_eq!((case.state.stage, cited(case.last("escalation_concluded"))), (Stage::Concluded, vec![end]));
    }
}

#[test]
fn whether_a_leader_is_needed_is_not_asked_where_one_always_is() {
    for (benefit, contact, leader, rulings, ..) in PAGES {
        for needed in [true, false] {
            let mut case = Case::opened_in(benefit);
            if contact.is_some() {
                case.when(&[Consider(needed)]);
                assert_eq!(cited(case.last("leader_considered")), [&[leader], rulings].concat());
                continue;
            }
            let (rules, why) = case.refused(&Consider(needed));
            assert_eq!(rules, [&[leader], rulings].concat(), "{benefit:?}");
            assert!(why.contains("ReferToLeader"), "{why}");
            let told = case.attempt(&Consider(needed));
            let Err(holdfast_procedure::Refusal::NotAllowed { allowed, .. }) = told else { panic!("{told:?}") };
            assert!(allowed.contains(&"ReferToLeader") && !allowed.contains(&"ConsiderLeader"), "{allowed:?}");
            let told = case.attempt(&Conclude);
            let Err(holdfast_procedure::Refusal::NotAllowed { allowed, .. }) = told else { panic!("{told:?}") };
            assert!(!allowed.contains(&"ConsiderLeader"), "no other refusal offers it: {allowed:?}");
        }
    }
}

#[test]
fn contact_that_is_not_prescribed_is_recorded_and_promises_nothing() {
    for (benefit, contact, ..) in PAGES {
        let case = Case::opened_in(benefit).then(&[CallAndText("2026-06-01 10:00")]);
        let owes_a_call = case.owed().contains(&"call-back:1".to_owned());
        assert_eq!(owes_a_call, contact.is_some(), "{benefit:?}");
        let stands_on = cited(case.last("contact_attempted"));
        assert_eq!(stands_on[0], contact.unwrap_or("R-NOT-PRESCRIBED"));
        assert_eq!(case.notes.iter().any(|note| note.contains("R-NOT-PRESCRIBED")), contact.is_none());
        assert_eq!(case.round().attempts.len(), 1);
    }
    // Nor does it matter when it was made.
    let case = Case::opened_in(UniversalCredit).then(&[Now("2026-06-01 12:00"), Call("2026-05-31 10:00")]);
    assert!(case.round().attempts[0].what.counts && case.notes.len() == 1, "{:?}", case.notes);
    assert_eq!(Case::opened_in(UniversalCredit).then(&[CALLED]).state.stage, Stage::ReferralDue);
}

/// A benefit, and the rules of a disclosure in good faith.
const DISCLOSED: [(Benefit, &[&str]); 4] = [
    (Pip, &["PIP-10D"]),
    (AccessToWork, &["ATW-15D"]),
    (UniversalCredit, &["R-NOT-PRESCRIBED"]),
    (Esa, &["ESA-106D", "ESA-106G"]),
];

#[test]
fn a_disclosure_is_recorded_where_the_text_is_silent_too() {
    const IN_GOOD_FAITH: Step = Disclose("2026-06-01 11:00", Agency::Police, Basis::GoodFaithSafeguarding);
    for (benefit, rules) in DISCLOSED {
        let case = Case::opened_in(benefit).then(&[IN_GOOD_FAITH]);
        assert_eq!(cited(case.last("disclosure_recorded")), rules, "{benefit:?}");
        let told = |id: &str| case.notes.iter().any(|note| note.contains(id));
        assert_eq!(told("R-NOT-PRESCRIBED"), benefit == UniversalCredit, "{:?}", case.notes);
        assert_eq!(told("ESA-106G"), benefit == Esa, "{:?}", case.notes);
        let case = case.then(&[Disclose("2026-06-01 11:00", Agency::Police, Basis::Consent)]);
        assert_eq!(cited(case.last("disclosure_recorded"))[0], "R-RECORDED-ALWAYS");
    }
}

/// The record holds what was shared and that it was received, never what they found.
#[test]
fn that_something_was_received_is_on_record() {
    let at = london("2026-06-01 09:00");
    for received in [true, false] {
        let mut case = Case::opened_in(Esa);
        let (account, late_reason) = (super::case::words("n-1"), None);
        let liaison = Liaison { occurred_at: at, agency: Agency::Police, received };
        let dealt = Command::RecordLiaison { liaison, account: account.clone(), late_reason: None };
        case.apply(Role::SafeguardingLeader, &dealt).expect("dealings");
        let (round, event) = (case.round(), case.last("liaison_recorded"));
        assert_eq!(round.liaisons[0].what.received, received);
        assert_eq!(cited(event), ["ESA-125R", "ESA-106G"]);
        let summary = holdfast_procedure::Told::summary(&event.event);
        assert_eq!(summary.contains("received"), received, "{summary}");
        let disclosure =
            Disclosure { occurred_at: at, to: Agency::Police, basis: Basis::GoodFaithSafeguarding, received };
        let disclosed = Command::RecordDisclosure { disclosure, account, late_reason };
        case.apply(Role::SafeguardingLeader, &disclosed).expect("a disclosure");
        assert_eq!(case.round().disclosures[0].what.received, received);
    }
}

#[test]
fn the_lead_of_the_benefit_acts_and_nobody_elses() {
    for (benefit, _, leader, ..) in PAGES {
        let lead = lead_of(benefit);
        for role in [Role::CesTeam, Role::Ceast, Role::TeamLeader, Role::Heo, Role::Referrer, Role::AtwSpoc] {
            let mut case = Case::opened_in(benefit);
            let asked = Command::ReferToLeader { asked: super::case::words("n-1"), leaders: super::case::leaders() };
            match case.apply(role, &asked) {
                Ok(()) => assert_eq!(role, lead),
                Err(holdfast_procedure::Refusal::NotAllowed { rules, why, .. }) => {
                    assert!(role != lead && why.contains(lead.title()), "{why}");
                    assert!(rules.iter().any(|rule| rule.id == leader), "{rules:?}");
                }
                Err(refusal) => panic!("{refusal:?}"),
            }
        }
    }
}
