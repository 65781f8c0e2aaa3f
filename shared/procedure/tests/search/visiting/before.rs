//! What is tried at DWP Visiting before a referral: a visit is considered, a concern is triaged, the form is filled in.

use super::asks::Asks;
use super::people::{words, words_by};
use super::subject::Moment;
use super::visiting::VisitingSubject;
use super::visiting_moves::{Step, award, place, record, refer, step, visit};
use chrono::{DateTime, NaiveDate, Utc};
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::visiting::*;
use holdfast_procedure::{NoteIn, Place, Role, Task};

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

/// Forms that differ from that in one thing each, and one on which nothing was filled in.
pub(crate) fn forms() -> Vec<VisitingForm> {
    let known = || Some(FormText::Known(words()));
    let (yes, not_known) = (Some(Answer::Yes), Some(Answer::NotKnown));
    let eligible = |eligibility: &[Eligibility]| VisitingForm { eligibility: eligibility.to_vec(), ..form() };
    let mut all = vec![
        VisitingForm::default(),
        VisitingForm { condition: known(), ..form() },
        VisitingForm { representative: known(), ..form() },
        VisitingForm { contact_attempts: known(), ..form() },
        VisitingForm { previous_visit: yes, ..form() },
        VisitingForm { previous_visit: not_known, ..form() },
        VisitingForm { good_cause_considered: Some(Answer::No), ..form() },
        VisitingForm { good_cause_considered: not_known, ..form() },
        VisitingForm { lone_parent_with_child_under_one: yes, ..form() },
        VisitingForm { lone_parent_with_child_under_one: not_known, ..form() },
        VisitingForm { has_representative: yes, ..form() },
        VisitingForm { has_representative: not_known, ..form() },
        VisitingForm { telephone: None, ..form() },
        VisitingForm { telephone_staffed: false, ..form() },
        VisitingForm { care_of: true, ..form() },
        VisitingForm { face_to_face_required: true, ..form() },
        VisitingForm { support_exhausted: false, ..form() },
        VisitingForm { note_in: None, ..form() },
        VisitingForm { note_in: Some(NoteIn::Atwis), ..form() },
        VisitingForm { note_in: Some(NoteIn::Both), ..form() },
        eligible(&[Eligibility::Vulnerable]),
        eligible(&[Eligibility::ComplexNeeds]),
        eligible(&[Eligibility::Vulnerable, Eligibility::ComplexNeeds, Eligibility::Concern]),
    ];
    for situation in SITUATIONS {
        let situations = vec![situation];
        all.push(VisitingForm { situations: situations.clone(), ..form() });
        all.push(VisitingForm { situations, activity: None, ..form() });
    }
    all
}

/// An address was traced, or none.
pub(crate) fn trace(occurred_at: DateTime<Utc>, found: bool) -> Happening {
    let elsewhere = Place { area: "South".to_owned(), ..place(Nation::England) };
    Happening::AddressTrace(AddressTrace { occurred_at, found: found.then_some(elsewhere) })
}

/// Some consideration or other, by turns.
pub(crate) fn any_consideration(at: DateTime<Utc>, turn: usize) -> Happening {
    let all = considerations(at, turn);
    let place = turn % all.len();
    Happening::Consideration(all.into_iter().nth(place).expect("there are considerations"))
}

/// A visit was considered, and is right.
pub(crate) fn considered(asks: &Asks, now: DateTime<Utc>) -> Vec<Step> {
    let told = consideration(now, &ITEMS, Some(Indicator::NoneFound), None, Conclusion::Refer, 1);
    let told = Record { happening: Happening::Consideration(told), narrative: None, late_reason: None };
    vec![step(Role::Referrer, opened(asks, told))]
}

/// A concern, and its triage, where the guidance asks for one before any referral.
pub(crate) fn triaged(asks: &Asks, now: DateTime<Utc>) -> Vec<Step> {
    let Some(by) = asks.triaged_by else { return Vec::new() };
    vec![step(Role::Officer, opened(asks, concern(now))), step(by, triage(now, TriageResult::VisitAppropriate))]
}

/// How many facts are on record where the customer was seen.
pub(crate) const SINCE_VISIT: usize = 3;

/// Triaged, referred and visited, with the customer seen.
pub(crate) fn seen(asks: &Asks, now: DateTime<Utc>) -> Vec<Step> {
    let mut steps = triaged(asks, now);
    steps.push(step(asks.referred_by[0], refer(asks.benefit, now)));
    steps.push(step(Role::VisitingOfficer, record(visit(now, Outcome::Effective))));
    steps
}

fn concern(occurred_at: DateTime<Utc>) -> Record {
    let happening = Happening::Concern(Concern { occurred_at });
    Record { happening, narrative: None, late_reason: None }
}

fn opened(asks: &Asks, record: Record) -> Command {
    Command::Open(Opening { award: award(asks.benefit), place: place(Nation::England), record, of_death: vec![] })
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
        situations: SITUATIONS.get(turn % 7).copied().into_iter().collect(),
        indicator,
        no_response: !turn.is_multiple_of(3),
        safeguarding_concern: turn.is_multiple_of(5),
        has_representative: turn.is_multiple_of(7),
        considered: considered.to_vec(),
        understanding,
        conclusion,
    }
}

/// Every consideration: all of it considered, or all but one thing, or by turns nothing, with what was found and what it comes to.
fn considerations(at: DateTime<Utc>, turn: usize) -> Vec<Consideration> {
    let mut but_one: Vec<_> = ITEMS.into_iter().filter(|item| *item != ITEMS[turn % ITEMS.len()]).collect();
    but_one.retain(|_| !turn.is_multiple_of(4));
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

/// What is tried to put right before the referral, once.
fn corrections_before(at: &Moment<VisitingSubject>, results: [TriageResult; 3]) -> Vec<Step> {
    let mut moves = Vec::new();
    if at.state.facts.values().any(|fact| fact.superseded) {
        return moves;
    }
    // Anybody may say that a concern never arose; where one is triaged, only whoever does so disposes of it.
    let raised = at.state.facts.iter().filter(|(_, fact)| matches!(fact.happening, Happening::Concern(_)));
    for (fact, _) in raised {
        let correction = Correction { fact: *fact, right: None, narrative: None, reason: words() };
        moves.push(step(Role::Officer, Command::Correct(correction)));
    }
    // A triage that found something else.
    let triaged = at.state.facts.iter().filter(|(_, fact)| matches!(fact.happening, Happening::Triage(_)));
    for (fact, known) in triaged {
        let told = Triage { occurred_at: known.happening.occurred_at(), result: results[at.turn % 3] };
        let (right, narrative) = (Some(Happening::Triage(told)), words_by(at.turn));
        let right = right.filter(|right| *right != known.happening);
        let correction = Correction { fact: *fact, right, narrative, reason: words() };
        moves.push(step(Role::AtwSpoc, Command::Correct(correction)));
    }
    moves
}

impl VisitingSubject {
    /// What is tried before the referral was made.
    pub(crate) fn before_referral(&self, at: &Moment<Self>) -> Vec<Step> {
        let (now, asks) = (at.now, &self.asks);
        // Where a case begins with its referral every form is tried at once, and otherwise one after the other.
        let mut forms = forms();
        let other = forms.get(at.turn % forms.len()).cloned();
        if at.state.opened.is_some() || !self.scope.before {
            forms = vec![VisitingForm::default(), VisitingForm { care_of: true, ..form() }];
            forms.extend(other.filter(|_| self.scope.before));
        }
        let refer = |filled_in| step(asks.referred_by[0], self.refer_with(now, filled_in, at.turn));
        let mut moves: Vec<_> = forms.into_iter().map(refer).collect();
        if self.scope.traced && at.state.facts.len() < self.scope.facts {
            moves.extend([false, true].map(|found| step(Role::Officer, record(trace(now, found)))));
        }
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
        moves.extend(corrections_before(at, results));
        // A concern that arises when no visit is required opens that again.
        if explored || (at.state.stage == Stage::EndedVisitNotRequired && at.state.facts.len() == self.scope.facts) {
            let told = concern(now);
            let command = if at.state.opened.is_none() { opened(asks, told) } else { Command::Record(told) };
            moves.push(step(Role::Officer, command));
            moves.extend(asks.untraceable.then(|| step(Role::Officer, record(trace(now, false)))));
        }
        if at.state.opened.is_some() {
            for ground in [WithdrawalGround::RecordedInError, WithdrawalGround::EffectiveContact] {
                moves.push(step(asks.referred_by[0], Command::Withdraw { ground, reason: words() }));
            }
        }
        moves
    }

    fn refer_with(&self, now: DateTime<Utc>, filled_in: VisitingForm, turn: usize) -> Command {
        let mut command = refer(self.asks.benefit, now);
        if let Command::Refer { form, late_reason, .. } = &mut command {
            **form = filled_in;
            *late_reason = words_by(turn);
        }
        command
    }
}
