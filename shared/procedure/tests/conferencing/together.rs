//! Universal Credit and ESA: a conference always takes place, and its participants have to be satisfied. One table for
//! both: what differs are the lead, the paragraphs and what may be decided.

use super::case::{CHECKED, Case};
use super::file_samples::{esa, universal_credit};
use super::step::Step::{self, *};
use super::step::{CES, EVERYTHING, HEO, REFERRER, TEAM_LEADER, There};
use holdfast_procedure::Role;
use holdfast_procedure::conferencing::AssuranceItem::Deferral as ToDefer;
use holdfast_procedure::conferencing::Deferral::{Appropriate, NotAppropriate};
use holdfast_procedure::conferencing::FindingResult::Reviewed;
use holdfast_procedure::conferencing::PartnershipManager::{Involved, NotInvolved};
use holdfast_procedure::conferencing::Party::{Department, HealthServices, Other, Representative, SocialServices};
use holdfast_procedure::conferencing::Stage::*;
use holdfast_procedure::conferencing::{Marker as OnCase, Outcome};
use holdfast_procedure::handover::File;

/// What differs between the two.
pub(crate) struct Page {
    pub(crate) file: fn() -> File,
    pub(crate) lead: There,
    pub(crate) between: &'static [There; 2],
    /// The lead as the referrer, too: one person for both parties.
    pub(crate) same: &'static [There; 2],
    pub(crate) referred_to: &'static str,
    pub(crate) conference: &'static str,
    pub(crate) check: &'static str,
    pub(crate) manager: &'static str,
    pub(crate) satisfied: &'static str,
    pub(crate) note: &'static str,
    pub(crate) concern: &'static str,
    pub(crate) closing: &'static str,
    pub(crate) decision: &'static str,
    pub(crate) taken: Outcome,
    pub(crate) not_taken: Outcome,
}

const UC: Page = Page {
    file: universal_credit,
    lead: TEAM_LEADER,
    between: &[TEAM_LEADER, REFERRER],
    same: &[TEAM_LEADER, (Department(Role::Referrer), TEAM_LEADER.1)],
    referred_to: "UC-1",
    conference: "UC-3",
    check: "UC-4",
    manager: "UC-5",
    satisfied: "UC-6",
    note: "UC-7",
    concern: "UC-8",
    closing: "UC-11",
    decision: "UC-12",
    taken: Outcome::TakeDecision,
    not_taken: Outcome::NotTakeDecision,
};

const ESA: Page = Page {
    file: esa,
    lead: HEO,
    between: &[HEO, REFERRER],
    same: &[HEO, (Department(Role::Referrer), HEO.1)],
    referred_to: "ESA-125",
    conference: "ESA-125C",
    check: "ESA-125A",
    manager: "ESA-125L",
    satisfied: "ESA-125S",
    note: "ESA-125N",
    concern: "ESA-125H",
    closing: "ESA-126",
    decision: "ESA-126",
    taken: Outcome::Sanction,
    not_taken: Outcome::Neither,
};

pub(crate) const PAGES: [Page; 2] = [UC, ESA];

impl Page {
    pub(crate) fn given(&self, steps: &[Step]) -> Case {
        Case::with(self.file).then(steps)
    }

    pub(crate) fn role(&self) -> Role {
        match self.lead.0 {
            Department(role) => role,
            HealthServices | SocialServices | Representative | Other => panic!("the lead is of the department"),
        }
    }

    /// A conference that considers everything.
    pub(crate) fn held(&self) -> Step {
        Considered("", self.between, Some(NotInvolved), Some(NotAppropriate))
    }

    /// Everything was looked at and talked about.
    pub(crate) fn considered(&self) -> Case {
        self.given(&CHECKED).then(&[self.held()])
    }

    /// All reasonable steps were taken and noted; no concern was found.
    pub(crate) fn ready(&self) -> Case {
        self.considered().then(&[Complete("review-note", ""), Assented(false, self.between)])
    }
}

#[test]
fn a_conference_is_due_as_soon_as_the_case_arrives() {
    for page in PAGES {
        let mut case = page.given(&[]);
        assert_eq!((case.state.stage, case.cited("stage_reached")), (ConferenceDue, vec![page.conference]));
        let owed: Vec<_> = case.tasks().into_iter().map(|task| (task.key, task.owner, task.rule.id)).collect();
        let items = ["circumstances", "previous-interactions", "documents", "third-parties", "deferral"];
        let mut wanted = vec![("inform-referrer".to_owned(), Role::Referrer, page.referred_to)];
        wanted.extend(items.map(|item| (format!("assurance:{item}"), page.role(), page.check)));
        wanted.push(("conference".to_owned(), page.role(), page.conference));
        assert_eq!(owed, wanted, "no note, no marker and no ownership is prescribed");
        assert_eq!(case.task("conference").expect("a conference").due, None, "no term is prescribed");

        let (rules, why, allowed) = case.refusal(&Assented(false, page.between));
        let all = [page.check, "R-ASSURANCE-ITEMS", page.conference, page.manager, page.satisfied, "R-SATISFIED"];
        assert_eq!(rules, all, "{why}");
        let lead = page.role().title();
        assert!(why.contains(&format!("no case conference between the {lead} and the referrer has taken")), "{why}");
        let useless = ["RequireFurtherInformation", "ConsiderSupportMarker", "RecordClosingNote"];
        assert!(useless.iter().all(|verb| !allowed.contains(verb)), "{allowed:?}");
    }
}

#[test]
fn what_the_text_does_not_prescribe_is_refused_and_the_reply_says_what_is() {
    for page in PAGES {
        let mut case = page.given(&[]);
        for required in [true, false] {
            let (rules, why, _) = case.refusal(&Further(required));
            assert_eq!(rules, ["R-NOT-PRESCRIBED", page.conference]);
            assert!(why.contains("RecordConference"), "{why}");
        }
        assert_eq!(case.refusal(&Support(OnCase::PutOn)).0, ["R-NOT-PRESCRIBED"]);
        let (rules, why, _) = case.refusal(&Note(""));
        assert_eq!(rules, ["R-NOT-PRESCRIBED", page.closing]);
        assert!(why.contains("AssembleDocumentation"), "{why}");
    }
    let (rules, why, _) = Case::given(&[]).refusal(&Gather("", EVERYTHING));
    assert_eq!(rules, ["R-NOT-PRESCRIBED", "PIP-17"]);
    assert!(why.contains("RecordClosingNote"), "{why}");
}

#[test]
fn only_a_conference_of_both_parties_as_two_persons_counts_whoever_else_takes_part() {
    for page in PAGES {
        let outside: &'static [There] = Box::leak(
            [page.between.as_slice(), &[(HealthServices, "n.patel"), (SocialServices, "w.green")]].concat().into(),
        );
        let rows: [(&'static [There], bool, &[&str]); 6] = [
            (page.between, true, &[]),
            (outside, true, &["GEN-4"]),
            (&[REFERRER], false, &["R-RECORDED-ALWAYS"]),
            (Box::leak(Box::new([page.lead])), false, &["R-RECORDED-ALWAYS"]),
            (&[CES, REFERRER], false, &["R-RECORDED-ALWAYS"]),
            (page.same, false, &["R-DIFFERENT-PERSONS"]),
        ];
        for (there, counts, also) in rows {
            let case = page.given(&[Considered("", there, Some(Involved), Some(Appropriate))]);
            assert_eq!(case.state.conferences[0].1, counts, "{there:?}");
            assert_eq!(case.state.stage, if counts { Assurance } else { ConferenceDue }, "{there:?}");
            assert_eq!(case.cited("conference_recorded"), [&[page.conference, page.manager], also].concat());
        }
    }
}

#[test]
fn a_conference_has_to_consider_the_partnership_manager() {
    for page in PAGES {
        let mut case = page.given(&CHECKED).then(&[Find(ToDefer, Reviewed, ""), Conference("", page.between)]);
        assert_eq!(case.state.stage, ConferenceDue);
        assert!(
            case.notes[0].contains("partnership manager") && case.notes[0].contains(page.manager),
            "{:?}",
            case.notes
        );
        let task = case.task("partnership-manager").expect("it is owed");
        assert_eq!((task.owner, task.rule.id, task.discharged_by), (page.role(), page.manager, "RecordConference"));
        assert!(task.blocking && case.task("conference").is_none());
        assert_eq!(case.refusal(&Assented(false, page.between)).0, [page.manager]);
        // One that does not count considers nothing.
        case.when(&[Considered("", &[REFERRER], Some(Involved), None)]);
        assert_eq!(case.refusal(&Assented(false, page.between)).0, [page.manager]);
        for decided in [Involved, NotInvolved] {
            let case = case.clone().then(&[Considered("", page.between, Some(decided), None)]);
            assert_eq!((case.state.stage, case.task("partnership-manager")), (DeterminationDue, None));
        }
    }
}

#[test]
fn whether_to_defer_is_looked_at_in_the_conference_or_by_itself() {
    for page in PAGES {
        let held = |deferral| Considered("", page.between, Some(Involved), deferral);
        let mut case = page.given(&CHECKED).then(&[held(None)]);
        let (rules, why, _) = case.refusal(&Assented(false, page.between));
        assert_eq!((case.state.stage, rules), (Assurance, vec![page.check, "R-ASSURANCE-ITEMS"]));
        assert!(why.ends_with("deferring the original intervention or appointment is appropriate"), "{why}");
        for step in [held(Some(Appropriate)), held(Some(NotAppropriate)), Find(ToDefer, Reviewed, "")] {
            let case = case.clone().then(&[step]);
            assert_eq!((case.state.stage, case.task("assurance:deferral")), (DeterminationDue, None), "{step:?}");
        }
    }
}

#[test]
fn both_participants_have_to_be_satisfied_as_two_persons_who_were_there() {
    for page in PAGES {
        let absent: &'static [There] = Box::leak(Box::new([page.lead, (Department(Role::Referrer), "somebody.else")]));
        let only_lead: &'static [There] = Box::leak(Box::new([page.lead]));
        let nobody: [(&'static [There], &str); 5] = [
            (&[], &format!("the {} and the referrer has not said", page.role().title())),
            (&[REFERRER], &format!("the {} has not said", page.role().title())),
            (only_lead, "the referrer has not said"),
            (absent, "the referrer has not said"),
            (&[CES, REFERRER], "has not said"),
        ];
        for (assents, said) in nobody {
            let (rules, why, _) = page.considered().refusal(&Assented(false, assents));
            assert_eq!(rules, [page.satisfied, "R-SATISFIED"], "{assents:?}");
            assert!(why.contains(said), "{why}");
        }
        // The lead took part as the referrer, too: one person cannot be satisfied for both.
        let three: &'static [There] = Box::leak([page.same.as_slice(), &[REFERRER]].concat().into());
        let mut case = page.given(&CHECKED).then(&[Considered("", three, Some(Involved), Some(Appropriate))]);
        let (rules, why, _) = case.refusal(&Assented(true, page.same));
        assert_eq!(rules, [page.satisfied, "R-SATISFIED", "R-DIFFERENT-PERSONS"]);
        assert!(why.contains("two persons"), "{why}");
        case.when(&[Assented(false, three)]);
        assert_eq!(case.state.determination.as_ref().expect("determined").assents.len(), 3);
        assert_eq!(page.considered().then(&[Assented(false, page.between)]).state.stage, DocumentationDue);
    }
}

/// A concern is taken up whenever it is found; only being satisfied waits.
#[test]
fn a_concern_goes_to_safeguarding_before_any_conference() {
    for page in PAGES {
        let mut case = page.given(&[Determine(false, true)]);
        assert_eq!((case.state.stage, case.cited("stage_reached")), (Escalated, vec![page.concern]));
        assert!(case.notes[0].contains("the participants in the case conference still have to be satisfied"));
        case.when(&[Concluded("")]);
        assert_eq!(case.state.stage, ConferenceDue);
        let (rules, why, _) = page.given(&[]).refusal(&Determine(false, false));
        assert_eq!(rules, [page.satisfied, "R-SATISFIED"]);
        assert!(why.starts_with("the participants"), "{why}");
    }
}

#[test]
fn the_lead_notes_what_was_considered_and_agreed_at_each_conference() {
    for page in PAGES {
        assert_eq!(page.given(&CHECKED).task("review-note"), None, "there was no conference yet");
        let mut case = page.considered();
        let task = case.task("review-note").expect("it is owed");
        assert_eq!((task.owner, task.rule.id, task.blocking), (page.role(), page.note, false));
        case.when(&[Assented(false, page.between)]);
        assert!(case.task("review-note").expect("still owed").blocking, "the documentation waits for it");
        case.when(&[Gather("", EVERYTHING)]);
        assert_eq!((case.state.stage, &case.state.documentation), (DocumentationDue, &None));
        assert!(case.notes[0].contains("not all reasonable steps had been taken"), "{:?}", case.notes);
        let (rules, why, _) = case.refusal(&Return);
        assert_eq!(rules, [page.note, page.closing]);
        assert!(why.contains("have not been noted") && why.contains("has not been gathered"), "{why}");
        case.when(&[Complete("review-note", "")]);
        assert_eq!(case.state.review_note().expect("made").reference, "note 1");
        case.when(&[Gather("", EVERYTHING)]);
        assert_eq!(case.state.stage, ReturnDue);
        // What another conference agrees is noted, too, before the case returns.
        case.when(&[page.held(), Assented(false, page.between)]);
        assert_eq!(case.refusal(&Return).0, [page.note, page.closing]);
        assert_eq!(case.state.review_note(), None);
        case.when(&[Complete("review-note:again-1", ""), Gather("", EVERYTHING), Return]);
    }
}

/// The note may have been made before anybody recorded the conference here, and not before it took place.
#[test]
fn the_note_is_owed_since_the_conference_took_place() {
    for page in PAGES {
        let held = Considered("2026-06-10 10:00", page.between, Some(Involved), Some(Appropriate));
        let mut case = page.given(&CHECKED).then(&[Now("2026-06-10 15:00"), held]);
        assert_eq!(case.faults(&Complete("review-note", "2026-06-10 09:00")), ["occurred_at"]);
        case.when(&[Complete("review-note", "2026-06-10 11:00")]);
        assert!(case.state.review_note().is_some());
    }
}
