//! What is tried at DWP Visiting before a referral: a visit is considered, a concern is triaged, the form is filled in.

use super::asks::Asks;
use super::people::words;
use super::subject::Moment;
use super::visiting::VisitingSubject;
use super::visiting_moves::{Step, award, place, record, refer, step};
use chrono::{DateTime, NaiveDate, Utc};
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::visiting::*;
use holdfast_procedure::{NoteIn, Role, Task};

/// A form with everything that any benefit's form asks for.
pub(crate) fn form() -> VisitingForm {
    let due_on = NaiveDate::from_ymd_opt(2026, 5, 1).expect("a day");
    VisitingForm {
        condition: Some(FormText::NotKnown),
        representative: Some(FormText::NotKnown),
        contact_attempts: Some(FormText::NotKnown),
        previous_visit: Some(Answer::No),
        good_cause_considered: Some(Answer::Yes),
        lone_parent_with_child_under_one: Some(Answer::No),
        has_representative: Some(Answer::No),
        activity: Some(Activity { what: words(), due_on }),
        situations: vec![Situation::FailedToAttendInterview],
        telephone: Some("0191 496 0000".to_owned()),
        telephone_staffed: true,
        care_of: false,
        eligibility: vec![Eligibility::Concern],
        face_to_face_required: false,
        support_exhausted: true,
        note_in: Some(NoteIn::Disc),
    }
}

/// A concern, and its triage, where the guidance asks for one before any referral.
pub(crate) fn triaged(asks: &Asks, now: DateTime<Utc>) -> Vec<Step> {
    let Some(by) = asks.triaged_by else { return Vec::new() };
    vec![step(Role::Officer, opened(asks, concern(now))), step(by, triage(now, TriageResult::VisitAppropriate))]
}

fn concern(occurred_at: DateTime<Utc>) -> Record {
    let happening = Happening::Concern(Concern { occurred_at });
    Record { happening, narrative: None, late_reason: None }
}

fn opened(asks: &Asks, record: Record) -> Command {
    Command::Open(Opening { award: award(asks.benefit), place: place(Nation::England), record })
}

pub(crate) fn triage(occurred_at: DateTime<Utc>, result: TriageResult) -> Command {
    record(Happening::Triage(Triage { occurred_at, result }))
}

/// What ESA 106 has considered, and what goes with a concern and a representative.
const ITEMS: [ConsideredItem; 5] = [
    ConsideredItem::Deferral,
    ConsideredItem::Notification,
    ConsideredItem::Advocacy,
    ConsideredItem::AttendanceIssues,
    ConsideredItem::Reminder,
];
const SITUATIONS: [Situation; 6] = [
    Situation::FailedToAttendInterview,
    Situation::FailedToAttendAssessment,
    Situation::EvidenceNotProvided,
    Situation::ContributoryBenefitExhausting,
    Situation::WorkRelatedActivityNotUndertaken,
    Situation::Other,
];

fn consideration(
    occurred_at: DateTime<Utc>,
    considered: &[ConsideredItem],
    indicator: Option<Indicator>,
    understanding: Option<Understanding>,
    conclusion: Conclusion,
    turn: usize,
) -> Consideration {
    Consideration {
        occurred_at,
        situations: vec![SITUATIONS[turn % SITUATIONS.len()]],
        indicator,
        no_response: !turn.is_multiple_of(3),
        safeguarding_concern: turn.is_multiple_of(5),
        has_representative: turn.is_multiple_of(7),
        considered: considered.to_vec(),
        understanding,
        conclusion,
    }
}

/// Every consideration: all of it considered or all but one thing, with what was found and what it comes to.
fn considerations(at: DateTime<Utc>, turn: usize) -> Vec<Consideration> {
    let but_one: Vec<_> = ITEMS.into_iter().filter(|item| *item != ITEMS[turn % ITEMS.len()]).collect();
    let mut all = Vec::new();
    for conclusion in [Conclusion::Open, Conclusion::Refer, Conclusion::NoVisit] {
        for understanding in [None, Some(Understanding::Confident), Some(Understanding::Doubt)] {
            for indicator in [None, Some(Indicator::NoneFound), Some(Indicator::Found)] {
                for considered in [&ITEMS[..], &but_one] {
                    all.push(consideration(at, considered, indicator, understanding, conclusion, turn));
                }
            }
        }
    }
    all
}

/// How whoever considers a visit does what is owed of it.
pub(crate) fn discharged(task: &Task, at: DateTime<Utc>) -> Command {
    let concludes = if task.key == "consideration" { Conclusion::Refer } else { Conclusion::Open };
    let goes_with = [ConsideredItem::HardshipContacts, ConsideredItem::RepresentativeResponsibilities];
    let considered = [&ITEMS[..], &goes_with].concat();
    let told = consideration(at, &considered, Some(Indicator::NoneFound), None, concludes, 0);
    record(Happening::Consideration(told))
}

impl VisitingSubject {
    /// What is tried before the referral was made.
    pub(crate) fn before_referral(&self, at: &Moment<Self>) -> Vec<Step> {
        let (now, asks) = (at.now, &self.asks);
        let mut moves = vec![step(asks.referred_by[0], self.refer_with(now, VisitingForm::default()))];
        let care_of = VisitingForm { care_of: true, ..form() };
        moves.push(step(asks.referred_by[0], self.refer_with(now, care_of)));
        if !self.scope.before {
            return moves;
        }
        let explored = at.state.facts.len() < self.scope.facts;
        let told = if at.state.opened.is_none() && asks.considered { 1 } else { at.turn };
        for considered in considerations(now, told) {
            let told = Record { happening: Happening::Consideration(considered), narrative: None, late_reason: None };
            let command = if at.state.opened.is_none() { opened(asks, told) } else { Command::Record(told) };
            if explored || !asks.considered {
                moves.push(step(Role::Referrer, command));
            }
        }
        let results = [TriageResult::VisitAppropriate, TriageResult::ConcernWithoutVisit, TriageResult::NoConcern];
        for result in results {
            moves.push(step(Role::Auditor, triage(now, result)));
            moves.extend(explored.then(|| step(Role::AtwSpoc, triage(now, result))));
        }
        // Anybody may say that a concern never arose; where one is triaged, only whoever does so disposes of it.
        if at.state.facts.values().all(|fact| !fact.superseded) {
            let raised = at.state.facts.iter().filter(|(_, fact)| matches!(fact.happening, Happening::Concern(_)));
            for (fact, _) in raised {
                let correction = Correction { fact: *fact, right: None, narrative: None, reason: words() };
                moves.push(step(Role::Officer, Command::Correct(correction)));
            }
        }
        // A concern that arises when no visit is required opens that again.
        if explored || (at.state.stage == Stage::EndedVisitNotRequired && at.state.facts.len() == self.scope.facts) {
            let told = concern(now);
            let command = if at.state.opened.is_none() { opened(asks, told) } else { Command::Record(told) };
            moves.push(step(Role::Officer, command));
            let none = record(Happening::AddressTrace(AddressTrace { occurred_at: now, found: None }));
            moves.extend(asks.untraceable.then(|| step(Role::Officer, none)));
        }
        if at.state.opened.is_some() {
            for ground in [WithdrawalGround::RecordedInError, WithdrawalGround::EffectiveContact] {
                moves.push(step(asks.referred_by[0], Command::Withdraw { ground, reason: words() }));
            }
        }
        moves
    }

    fn refer_with(&self, now: DateTime<Utc>, filled_in: VisitingForm) -> Command {
        let mut command = refer(self.asks.benefit, now);
        if let Command::Refer { form, .. } = &mut command {
            **form = filled_in;
        }
        command
    }
}
