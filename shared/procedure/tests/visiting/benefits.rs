//! Cases of other benefits than PIP: what opens them, and what their forms say.

use super::case::{Case, REFERRED, london, words};
use chrono::{DateTime, NaiveDate, Utc};
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::protection::HoldGround;
use holdfast_procedure::visiting::*;
use holdfast_procedure::{Award, Decider, NoteIn, Place, Refusal, Role, Task};

/// The five things that ESA 106 names.
pub(crate) const FIVE: [ConsideredItem; 5] = [
    ConsideredItem::Deferral,
    ConsideredItem::Notification,
    ConsideredItem::Advocacy,
    ConsideredItem::AttendanceIssues,
    ConsideredItem::Reminder,
];

/// A case of a benefit that nobody has opened.
pub(crate) fn unopened() -> Case {
    Case::unopened(REFERRED, Guidance::published())
}

pub(crate) fn award(benefit: Benefit) -> Award {
    Award { customer: "C-1".to_owned(), benefit, award: "A-1".to_owned() }
}

pub(crate) fn place(area: &str) -> Place {
    Place { nation: Nation::England, area: area.to_owned() }
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// The form as ESA wants it.
pub(crate) fn esa_form() -> VisitingForm {
    VisitingForm {
        condition: Some(FormText::Known(words("depression"))),
        representative: Some(FormText::NotKnown),
        contact_attempts: Some(FormText::Known(words("two letters"))),
        previous_visit: Some(Answer::No),
        good_cause_considered: Some(Answer::NotKnown),
        lone_parent_with_child_under_one: Some(Answer::No),
        has_representative: Some(Answer::No),
        situations: vec![Situation::FailedToAttendAssessment],
        telephone: Some("0191 555 0101".to_owned()),
        telephone_staffed: true,
        ..VisitingForm::default()
    }
}

/// The form as Access to Work wants it.
pub(crate) fn atw_form() -> VisitingForm {
    VisitingForm {
        eligibility: vec![Eligibility::Concern],
        support_exhausted: true,
        note_in: Some(NoteIn::Both),
        ..VisitingForm::default()
    }
}

pub(crate) fn refer(benefit: Benefit, at: DateTime<Utc>, form: VisitingForm) -> Command {
    Command::Refer {
        award: award(benefit),
        place: place("North"),
        occurred_at: at,
        circumstances: words("letters came back"),
        late_reason: None,
        form: Box::new(form),
        of_death: vec![],
    }
}

pub(crate) fn record(happening: Happening) -> Command {
    Command::Record(told(happening))
}

fn told(happening: Happening) -> Record {
    Record { happening, narrative: Some(words("n-1")), late_reason: None }
}

/// What opens a case, if the guidance lets it.
pub(crate) fn open(benefit: Benefit, happening: Happening) -> Command {
    Command::Open(Opening { award: award(benefit), place: place("North"), record: told(happening), of_death: vec![] })
}

pub(crate) fn considered(at: &str) -> Consideration {
    Consideration {
        occurred_at: london(at),
        situations: vec![Situation::FailedToAttendInterview],
        indicator: Some(Indicator::Found),
        no_response: false,
        safeguarding_concern: false,
        has_representative: false,
        considered: vec![],
        understanding: None,
        conclusion: Conclusion::Open,
    }
}

pub(crate) fn concern(at: &str) -> Happening {
    Happening::Concern(Concern { occurred_at: london(at) })
}

pub(crate) fn triage(at: &str, result: TriageResult) -> Command {
    record(Happening::Triage(Triage { occurred_at: london(at), result }))
}

pub(crate) fn trace(at: &str, found: Option<&str>) -> Command {
    record(Happening::AddressTrace(AddressTrace { occurred_at: london(at), found: found.map(place) }))
}

pub(crate) fn follow_up(at: &str, review_on: Option<&str>) -> Command {
    record(Happening::FollowUp(FollowUp { occurred_at: london(at), review_on: review_on.map(day) }))
}

pub(crate) fn visit(at: &str, outcome: Outcome) -> Command {
    record(Happening::Visit(Visit { occurred_at: london(at), outcome, seen: None }))
}

pub(crate) fn contact(at: &str, second_visit: Option<SecondVisit>, understanding: Option<Understanding>) -> Command {
    let (channel, by) = (Channel::Telephone, ContactBy::Customer);
    record(Happening::Contact(Contact { occurred_at: london(at), channel, by, second_visit, understanding }))
}

pub(crate) fn decide(second_visit: SecondVisit, understanding: Option<Understanding>) -> Command {
    Command::DecideSecondVisit { second_visit, understanding, reason: words("so") }
}

/// Does things one after the other, none of which is refused.
pub(crate) fn when(case: &mut Case, steps: Vec<(&str, Role, Command)>) {
    for (at, role, command) in steps {
        case.now = case.now.max(london(at));
        if let Err(refusal) = case.apply(role, &command) {
            panic!("{command:?} was refused: {refusal:?}");
        }
    }
}

/// A case after these steps.
pub(crate) fn given(steps: Vec<(&str, Role, Command)>) -> Case {
    let mut case = unopened();
    when(&mut case, steps);
    case
}

/// An ESA case that was referred.
pub(crate) fn esa() -> Case {
    given(vec![(REFERRED, Role::Referrer, refer(Benefit::Esa, london(REFERRED), esa_form()))])
}

/// The rules that a refusal names, and why.
pub(crate) fn refused(case: &mut Case, role: Role, command: &Command) -> (Vec<&'static str>, String) {
    let before = case.state.clone();
    match case.apply(role, command) {
        Err(Refusal::NotAllowed { rules, why, .. }) => {
            assert_eq!(case.state, before, "nothing is kept of what is refused");
            (rules.iter().map(|rule| rule.id).collect(), why)
        }
        other => panic!("not refused: {other:?}"),
    }
}

/// The tasks owed: key, owner, rule, what discharges it.
pub(crate) fn owed(case: &Case) -> Vec<(String, Role, &'static str, &'static str)> {
    tasks(case).into_iter().map(|task| (task.key, task.owner, task.rule.id, task.discharged_by)).collect()
}

pub(crate) fn tasks(case: &Case) -> Vec<Task> {
    Visiting::tasks(&case.state, &case.guidance)
}

/// The task with this key.
pub(crate) fn task(case: &Case, key: &str) -> Option<Task> {
    tasks(case).into_iter().find(|task| task.key == key)
}

/// The grounds on which the award is protected.
pub(crate) fn held(case: &Case) -> Vec<HoldGround> {
    super::told::standing(&case.state.protection)
}
