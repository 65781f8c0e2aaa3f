//! What follows from a command.

use super::{
    Escalation,
    advice::verb,
    command::Command,
    event::Event,
    fact::{Attempt, Basis, Concern, Review, Whom},
    gates,
    state::{ReviewDate, Stage, State},
};
use crate::{
    Context, Deadline, Decision, Fault, Late, NarrativeRef, Refusal, Role, Rule,
    benefit::Rules,
    calendar::Nation,
    directory::{Leader, Leaders},
    draft::{Because, CLOCK_SKEW, Draft, Footing},
    rule::{
        rulings::{
            R_CALL_BACK, R_LATER_CONTACT, R_LEADER_ANY_STAGE, R_LEADER_NEED, R_LEADER_OF_AREA, R_LEADER_ON_MOVE,
            R_NO_LEADER, R_RECORDED_ALWAYS,
        },
        six_point_plan::SSL_1,
    },
    term::{Term, london_date},
};
use chrono::{DateTime, NaiveDate, Utc};

type Making<'a> = Draft<'a, Escalation>;

pub(super) fn decide(state: &State, command: &Command, context: &Context<'_>) -> Result<Decision<Event>, Refusal> {
    let mut draft = Draft::of(state, context);
    if let Command::Open(concern) = command {
        open(&mut draft, concern)?;
    } else {
        let round = state.round().ok_or_else(|| Refusal::NoSuchPart("no concern was handed over".to_owned()))?;
        let benefit = round.concern.award.benefit;
        let page = draft.version(context.now).ok_or(Refusal::NotInForce(benefit))?.rules;
        carry_out(&mut draft, command, &page)?;
        reach(&mut draft, context.now);
    }
    Ok(draft.finish())
}

/// A concern was determined. An open round goes on; after a conclusion everything is owed anew.
fn open(draft: &mut Making<'_>, concern: &Concern) -> Result<(), Refusal> {
    if draft.state.round().is_some_and(|round| round.concluded.is_none()) {
        draft.notes.push("This concern is being looked into already.".to_owned());
        return Ok(());
    }
    let (benefit, at) = (concern.award.benefit, concern.occurred_at);
    let version = draft.context.guidance.in_force(benefit, at).ok_or(Refusal::NotInForce(benefit))?;
    let footing =
        Footing { rules: version.rules.conferencing.concern.rules.to_vec(), version: Some(version.name.clone()) };
    draft.add(Event::Opened { concern: Box::new(concern.clone()) }, footing, at);
    reach(draft, at);
    Ok(())
}

fn carry_out(draft: &mut Making<'_>, command: &Command, page: &Rules) -> Result<(), Refusal> {
    match command {
        Command::Open(_) => Ok(()),
        Command::RecordContactAttempt { attempt, account, late_reason } => {
            attempted(draft, page, attempt, account, late_reason.as_ref())
        }
        Command::ConsiderLeader { needed, reason } => consider_leader(draft, page, *needed, reason),
        Command::ReferToLeader { asked, leaders } => refer(draft, page, asked, leaders),
        Command::ResolveLeader { area, leader } => {
            resolve(draft, area, leader);
            Ok(())
        }
        Command::RecordLiaison { liaison, account, late_reason } => {
            let (at, late) = (liaison.occurred_at, late_reason.as_ref());
            let because =
                told(draft, "liaison.occurred_at", at, late, page.escalation.leader.rules.iter().take(1).copied())?;
            let (liaison, account, late) = (liaison.clone(), account.clone(), Late::because(late_reason));
            draft.add(Event::LiaisonRecorded { liaison, account, late }, because, at);
            Ok(())
        }
        Command::RecordDisclosure { disclosure, account, late_reason } => {
            let (at, late) = (disclosure.occurred_at, late_reason.as_ref());
            // The guidance speaks of one basis; on another a disclosure is recorded like anything that happened.
            let rules = match disclosure.basis {
                Basis::GoodFaithSafeguarding => page.escalation.disclosure.rules.to_vec(),
                Basis::Consent | Basis::LegalObligation => vec![&R_RECORDED_ALWAYS],
            };
            let because = told(draft, "disclosure.occurred_at", at, late, rules)?;
            let (disclosure, account, late) = (disclosure.clone(), account.clone(), Late::because(late_reason));
            draft.add(Event::DisclosureRecorded { disclosure, account, late }, because, at);
            Ok(())
        }
        Command::SetReviewDate { date } => set_review_date(draft, page, *date),
        Command::RecordReview { .. } => reviewed(draft, page, command),
        Command::RecordContact { contact, account, late_reason } => {
            let (at, late) = (contact.occurred_at, late_reason.as_ref());
            let because = told(draft, "contact.occurred_at", at, late, [&R_LATER_CONTACT])?;
            let owed = draft.state.owes_a_call();
            let (contact, account, late) = (contact.clone(), account.clone(), Late::because(late_reason));
            draft.add(Event::ContactRecorded { contact, account, late }, because, at);
            let lead = draft.state.round().map_or(page.conferencing.lead.says.role, |round| round.concern.lead).title();
            draft.notes.push(format!("Recorded, and passed on to the {lead}. It releases nothing (R-LATER-CONTACT)."));
            if owed && !draft.state.owes_a_call() {
                draft.notes.push("The call that a text had promised is owed no longer (R-CALL-BACK).".to_owned());
            }
            Ok(())
        }
        Command::Conclude { steps } => conclude(draft, page, steps),
        Command::Customer(command) => draft.customer(command),
        Command::Desk(command) => draft.desk(command),
    }
}

/// Checks the date of something that happened, which may lie before the concern was determined, and gives what its
/// record stands on.
fn told(
    draft: &Making<'_>,
    field: &'static str,
    at: DateTime<Utc>,
    late_reason: Option<&NarrativeRef>,
    rules: impl IntoIterator<Item = &'static Rule>,
) -> Result<Because, Refusal> {
    let late = draft.dated(field, at, DateTime::<Utc>::MIN_UTC, late_reason)?;
    Ok(rules.into_iter().chain(late).collect())
}

/// Only these roles do this; others are told who they are.
fn only(
    draft: &Making<'_>,
    roles: &[Role],
    verb: &'static str,
    rules: &[&'static [&'static Rule]],
) -> Result<(), Refusal> {
    if roles.contains(&draft.context.actor.role) {
        return Ok(());
    }
    let titles: Vec<_> = roles.iter().map(|role| role.title()).collect();
    Err(draft.refused(verb, rules.concat(), format!("this is for the {} to do", titles.join(" or the "))))
}

/// Whoever leads: the party that the guidance names now and, where that is another, the one that had the case in hand
/// when the concern was handed over.
fn leads(draft: &Making<'_>, page: &Rules) -> Vec<Role> {
    let mut leads = vec![page.conferencing.lead.says.role];
    leads.extend(draft.state.round().map(|round| round.concern.lead));
    leads.dedup();
    leads
}

fn only_lead(
    draft: &Making<'_>,
    page: &Rules,
    verb: &'static str,
    rules: &'static [&'static Rule],
) -> Result<(), Refusal> {
    only(draft, &leads(draft, page), verb, &[page.conferencing.lead.rules, rules])
}

fn only_lead_or_leader(
    draft: &Making<'_>,
    page: &Rules,
    verb: &'static str,
    rules: &'static [&'static Rule],
) -> Result<(), Refusal> {
    let roles = [leads(draft, page), vec![Role::SafeguardingLeader]].concat();
    only(draft, &roles, verb, &[page.conferencing.lead.rules, rules])
}

/// What is asked for, rather than what happened, is over with the end of the case.
fn not_ended(draft: &Making<'_>, ended: &[Stage], verb: &'static str, rules: Because) -> Result<(), Refusal> {
    let stage = draft.state.stage;
    if !ended.contains(&stage) {
        return Ok(());
    }
    let why = if stage == Stage::EndedDeath {
        "the case has ended, as the customer's death is verified"
    } else {
        "the concern is concluded; another determination opens it again"
    };
    Err(draft.refused(verb, rules, why))
}

fn attempted(
    draft: &mut Making<'_>,
    page: &Rules,
    attempt: &Attempt,
    account: &NarrativeRef,
    late_reason: Option<&NarrativeRef>,
) -> Result<(), Refusal> {
    let rules = page.escalation.contact.rules;
    only_lead(draft, page, verb::RECORD_CONTACT_ATTEMPT, rules)?;
    if attempt.text_sent && attempt.whom != Whom::Customer {
        let why = "is for the customer; a text to somebody else is an attempt of its own";
        return Err(Refusal::Invalid(vec![Fault::new("attempt.text_sent", why)]));
    }
    let at = attempt.occurred_at;
    let mut because = told(draft, "attempt.occurred_at", at, late_reason, rules.iter().copied())?;
    let Some(round) = draft.state.round() else { return Ok(()) };
    let counts = at + CLOCK_SKEW >= round.concern.occurred_at;
    let mut notes = Vec::new();
    if !counts {
        because.push(&R_RECORDED_ALWAYS);
        notes.push(format!(
            "Recorded. This attempt does not count: it was made before the concern was determined ({}).",
            rules[0].id
        ));
    }
    if draft.state.customer.death.is_some() && attempt.whom == Whom::Customer {
        notes.push("The customer is reported to have died; nobody contacts them any more (GEN-3).".to_owned());
    }
    let before: Vec<_> =
        round.open_call_backs().into_iter().map(|(text, due)| (text.number, due.due.ends_at)).collect();
    let call_back = attempt.text_sent.then(|| promised(draft, page, at));
    if call_back.is_some() {
        because.push(&R_CALL_BACK);
    }
    let event = Event::ContactAttempted {
        attempt: draft.state.next_attempt(),
        made: attempt.clone(),
        call_back,
        counts,
        account: account.clone(),
        late: Late { late_reason: late_reason.cloned() },
    };
    draft.add(event, because, at);
    let stands = |number| {
        draft.state.round().is_some_and(|round| round.open_call_backs().iter().any(|(text, _)| text.number == number))
    };
    if before.into_iter().any(|(number, ends_at)| ends_at < at && !stands(number)) {
        notes.push("Recorded. The call came later than the text had promised (R-CALL-BACK).".to_owned());
    }
    draft.notes.extend(notes);
    Ok(())
}

/// By when a text sent at `at` promises another call: as the version of the guidance in force then has it.
fn promised(draft: &Making<'_>, page: &Rules, at: DateTime<Utc>) -> Deadline {
    let term = draft.version(at).map_or(page, |version| &version.rules).escalation.contact.says.call_back;
    deadline(draft, term, at)
}

/// When a term ends for this case. Neither days of any kind nor minutes depend on a nation's calendar.
fn deadline(draft: &Making<'_>, term: Term, from: DateTime<Utc>) -> Deadline {
    let nation = draft.state.round().map_or(Nation::England, |round| round.concern.place.nation);
    Deadline { term, from, due: term.due(from, nation, draft.context.calendars) }
}

/// Whether a leader is needed is decided either way, until one is asked.
fn consider_leader(draft: &mut Making<'_>, page: &Rules, needed: bool, reason: &NarrativeRef) -> Result<(), Refusal> {
    let rules = page.escalation.leader.rules;
    only_lead(draft, page, verb::CONSIDER_LEADER, rules)?;
    not_ended(draft, &[Stage::Concluded, Stage::EndedDeath], verb::CONSIDER_LEADER, rules.to_vec())?;
    if draft.state.round().is_some_and(|round| !round.referrals.is_empty()) {
        let why = "a leader was asked, which settles that one is needed";
        return Err(draft.refused(verb::CONSIDER_LEADER, vec![&R_LEADER_NEED], why));
    }
    draft.add(Event::LeaderConsidered { needed, reason: reason.clone() }, rules.to_vec(), draft.context.now);
    Ok(())
}

/// The leader is that of the area where the customer lives now; an area without one is recorded all the same.
fn refer(draft: &mut Making<'_>, page: &Rules, asked: &NarrativeRef, leaders: &Leaders) -> Result<(), Refusal> {
    let rules = page.escalation.leader.rules;
    only_lead(draft, page, verb::REFER_TO_LEADER, rules)?;
    not_ended(draft, &[Stage::EndedDeath], verb::REFER_TO_LEADER, rules.to_vec())?;
    let Some(round) = draft.state.round() else { return Ok(()) };
    let area = round.concern.place.area.clone();
    let mut because = rules.to_vec();
    because.push(&R_LEADER_OF_AREA);
    if !round.referral_is_due() {
        because.push(&R_LEADER_ANY_STAGE);
    }
    if round.moved_to().is_some() {
        because.push(&R_LEADER_ON_MOVE);
    }
    let leader = leaders.get(&area).cloned();
    because.push(if leader.is_some() { &SSL_1 } else { &R_NO_LEADER });
    draft.add(Event::LeaderAsked { area, leader, account: asked.clone() }, because, draft.context.now);
    Ok(())
}

/// Settles a referral that waits for this area; whoever waits for another, or no more, is not concerned.
fn resolve(draft: &mut Making<'_>, area: &str, leader: &Leader) {
    let waits = draft.state.round().and_then(|round| round.waits_for_leader());
    if waits.is_some_and(|referral| referral.what.area == area) {
        let event = Event::LeaderNamed { area: area.to_owned(), leader: leader.clone() };
        draft.add(event, vec![&R_NO_LEADER, &R_LEADER_OF_AREA, &SSL_1], draft.context.now);
    }
}

fn set_review_date(draft: &mut Making<'_>, page: &Rules, date: NaiveDate) -> Result<(), Refusal> {
    let rules = page.escalation.review_date.rules;
    only_lead_or_leader(draft, page, verb::SET_REVIEW_DATE, rules)?;
    not_ended(draft, &[Stage::EndedDeath], verb::SET_REVIEW_DATE, rules.to_vec())?;
    let review = review_on(draft, "review_on", date)?;
    draft.add(Event::ReviewDateSet { review }, rules.to_vec(), draft.context.now);
    Ok(())
}

/// A day from today on, to its last instant in London.
fn review_on(draft: &Making<'_>, field: &'static str, date: NaiveDate) -> Result<ReviewDate, Refusal> {
    let now = draft.context.now;
    let days = date.signed_duration_since(london_date(now)).num_days();
    let fault = |why| Refusal::Invalid(vec![Fault::new(field, why)]);
    if days < 0 {
        return Err(fault("lies in the past"));
    }
    let term = Term::CalendarDays(u16::try_from(days).map_err(|_| fault("lies too far ahead"))?);
    Ok(ReviewDate { date, ends: deadline(draft, term, now) })
}

/// The next steps were considered. It counts where a day was set for it and, once a leader was asked, it came after.
fn reviewed(draft: &mut Making<'_>, page: &Rules, command: &Command) -> Result<(), Refusal> {
    let Command::RecordReview { occurred_at, next_steps, next_date, late_reason } = command else { return Ok(()) };
    let rules = page.escalation.review_date.rules;
    only_lead_or_leader(draft, page, verb::RECORD_REVIEW, rules)?;
    let at = *occurred_at;
    let mut because = told(draft, "occurred_at", at, late_reason.as_ref(), rules.iter().copied())?;
    let next = next_date.map(|date| review_on(draft, "next_review_on", date)).transpose()?;
    let Some(round) = draft.state.round() else { return Ok(()) };
    let asked = round.referrals.last().map(|referral| referral.what.asked_at.unwrap_or(referral.at));
    let counts = round.review_date.is_some() && asked.is_none_or(|asked| at + CLOCK_SKEW >= asked);
    if !counts {
        because.push(&R_RECORDED_ALWAYS);
        let why = if round.review_date.is_none() {
            "no review date was set for it"
        } else {
            "it was held before the leader was asked"
        };
        draft.notes.push(format!("Recorded. This review does not count: {why} ({}).", rules[0].id));
    }
    let event = Event::Reviewed {
        review: Review { occurred_at: at, counts },
        account: next_steps.clone(),
        next,
        late: Late::because(late_reason),
    };
    draft.add(event, because, at);
    Ok(())
}

/// Refused until everything that the guidance asks for was done; the refusal names all that is missing.
fn conclude(draft: &mut Making<'_>, page: &Rules, steps: &NarrativeRef) -> Result<(), Refusal> {
    let rules = page.conferencing.closing_note.rules;
    only_lead_or_leader(draft, page, verb::CONCLUDE, rules)?;
    not_ended(draft, &[Stage::Concluded, Stage::EndedDeath], verb::CONCLUDE, rules.to_vec())?;
    let unmet = gates::unmet(&draft.state, page);
    if unmet.is_empty() {
        draft.add(Event::Concluded { account: steps.clone() }, rules.to_vec(), draft.context.now);
        return Ok(());
    }
    let mut against = Because::new();
    for rule in unmet.iter().flat_map(|gate| &gate.rules) {
        if !against.contains(rule) {
            against.push(rule);
        }
    }
    let owed: Vec<_> = unmet.into_iter().map(|gate| gate.what).collect();
    Err(draft.refused(verb::CONCLUDE, against, owed.join("; ")))
}

/// Adds the stage that the case has come to, where that is another than before.
fn reach(draft: &mut Making<'_>, since: DateTime<Utc>) {
    let stage = gates::stage(&draft.state);
    if stage == draft.state.stage && draft.state.since.is_some() {
        return;
    }
    let because = draft.version(since).map(|version| gates::rests_on(stage, &version.rules)).unwrap_or_default();
    draft.add(Event::StageReached { stage, since }, because, since);
}
