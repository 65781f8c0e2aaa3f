//! What follows from a command.

use super::{
    Escalation,
    advice::verb,
    alert,
    command::Command,
    event::Event,
    fact::{Concern, Review},
    gates,
    stage::Stage,
    state::{Referral, ReviewDate, Said, State},
};
use crate::{
    Context, Deadline, Decision, Fault, Late, NarrativeRef, Refusal, Role, Rule,
    benefit::{LeaderAsked, Rules},
    calendar::Nation,
    directory::{Leader, Leaders},
    draft::{Because, CLOCK_SKEW, Draft, Footing},
    rule::{
        rulings::{
            R_LATER_CONTACT, R_LEADER_ANY_STAGE, R_LEADER_NEED, R_LEADER_OF_AREA, R_LEADER_ON_MOVE, R_NO_LEADER,
            R_RECORDED_ALWAYS,
        },
        six_point_plan::SSL_1,
    },
    term::{Term, london_date},
};
use chrono::{DateTime, NaiveDate, Utc};

mod correction;
mod told;

use correction::correct;
use told::{agencies, attempted};

type Making<'a> = Draft<'a, Escalation>;

pub(super) fn decide(state: &State, command: &Command, context: &Context<'_>) -> Result<Decision<Event>, Refusal> {
    let mut draft = Draft::of(state, context);
    if let Command::Open(concern) = command {
        open(&mut draft, concern)?;
    } else {
        let round = state.round().ok_or_else(|| Refusal::NoSuchPart("no concern was handed over".to_owned()))?;
        let benefit = round.concern.award.benefit;
        let page = draft.version(context.now).ok_or(Refusal::NotInForce(benefit))?.rules;
        // Whatever time has brought about by now comes first, so that nothing hangs on when a timer runs.
        alert::let_time_pass(&mut draft);
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
        Command::Open(_) | Command::LetTimePass => Ok(()),
        Command::RecordContactAttempt { attempt, account, late_reason } => {
            attempted(draft, page, attempt, account, late_reason.as_ref())
        }
        Command::ConsiderLeader { needed, reason } => consider_leader(draft, page, *needed, reason),
        Command::ReferToLeader { asked, leaders } => refer(draft, page, asked, leaders),
        Command::ResolveLeader { area, leader } => {
            resolve(draft, area, leader);
            Ok(())
        }
        Command::RecordLiaison { .. } | Command::RecordDisclosure { .. } => agencies(draft, page, command),
        Command::SetReviewDate { date } => set_review_date(draft, page, *date),
        Command::RecordReview { .. } => reviewed(draft, page, command),
        Command::RecordContact { contact, account, late_reason } => {
            let (at, late) = (contact.occurred_at, late_reason.as_ref());
            let because = told(draft, "contact.occurred_at", at, late, [&R_LATER_CONTACT])?;
            let owed = draft.state.owes_a_call();
            let (contact, account, late) = (contact.clone(), account.clone(), Late::because(late_reason));
            let fact = Some(draft.state.facts.next());
            draft.add(Event::ContactRecorded { fact, contact, account, late }, because, at);
            let lead = draft.state.round().map_or(page.conferencing.lead.says.role, |round| round.concern.lead).title();
            draft.notes.push(format!("Recorded, and passed on to the {lead}. It releases nothing (R-LATER-CONTACT)."));
            if owed && !draft.state.owes_a_call() {
                draft.notes.push("The call that a text had promised is owed no longer (R-CALL-BACK).".to_owned());
            }
            Ok(())
        }
        Command::Correct(correction) => correct(draft, page, correction),
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

/// When a term ends for this case. Neither days of any kind nor minutes depend on a nation's calendar.
fn deadline(draft: &Making<'_>, term: Term, from: DateTime<Utc>) -> Deadline {
    let nation = draft.state.round().map_or(Nation::England, |round| round.concern.place.nation);
    Deadline { term, from, due: term.due(from, nation, draft.context.calendars) }
}

/// Whether a leader is needed is decided either way, until one is asked.
fn consider_leader(draft: &mut Making<'_>, page: &Rules, needed: bool, reason: &NarrativeRef) -> Result<(), Refusal> {
    let rules = page.escalation.leader.rules;
    if page.escalation.leader.says == LeaderAsked::Always {
        let why = "a leader is always asked; ReferToLeader asks the leader of the area";
        return Err(draft.refused(verb::CONSIDER_LEADER, rules.to_vec(), why));
    }
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
    if !round.referral_is_due(page.escalation.leader.says) {
        because.push(&R_LEADER_ANY_STAGE);
    }
    if round.moved_to().is_some() {
        because.push(&R_LEADER_ON_MOVE);
    }
    if round.review_date.is_some() {
        let rule = page.escalation.review_date.rules[0].id;
        let note = "Recorded. The review date that was set before does not follow this referral; set one now";
        draft.notes.push(format!("{note} ({rule})."));
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
    let counts = review_counts(round.review_date.as_ref(), round.referrals.last(), at);
    if !counts {
        because.push(&R_RECORDED_ALWAYS);
        let why = if round.review_date.is_none() {
            "no review date was set for it since the leader was asked"
        } else {
            "it was held before the leader was asked"
        };
        draft.notes.push(format!("Recorded. This review does not count: {why} ({}).", rules[0].id));
    }
    let event = Event::Reviewed {
        fact: Some(draft.state.facts.next()),
        review: Review { occurred_at: at, counts },
        account: next_steps.clone(),
        next,
        late: Late::because(late_reason),
    };
    draft.add(event, because, at);
    Ok(())
}

/// Whether a review is the one that the guidance asks for: a day was set for it, and it was held after a leader was asked,
/// on that day or before it.
fn review_counts(set: Option<&ReviewDate>, referral: Option<&Said<Referral>>, at: DateTime<Utc>) -> bool {
    let asked = referral.map(|referral| referral.what.asked_at.unwrap_or(referral.at));
    set.is_some() && asked.is_none_or(|asked| at + CLOCK_SKEW >= asked)
}

/// Refused until everything that the guidance asks for was done; the refusal names all that is missing.
fn conclude(draft: &mut Making<'_>, page: &Rules, steps: &NarrativeRef) -> Result<(), Refusal> {
    let rules = page.conferencing.closing.rules;
    only_lead_or_leader(draft, page, verb::CONCLUDE, rules)?;
    not_ended(draft, &[Stage::Concluded, Stage::EndedDeath], verb::CONCLUDE, rules.to_vec())?;
    let unmet = gates::unmet(&draft.state, page);
    if unmet.is_empty() {
        draft.add(Event::Concluded { account: steps.clone() }, rules.to_vec(), draft.context.now);
        return Ok(());
    }
    let against: Because = unmet.iter().flat_map(|gate| gate.rules.iter().copied()).collect();
    let owed: Vec<_> = unmet.into_iter().map(|gate| gate.what).collect();
    Err(draft.refused(verb::CONCLUDE, against, owed.join("; ")))
}

/// Adds the stage that the case has come to, where that is another than before, or where another version of the
/// guidance judges an open case from now on.
fn reach(draft: &mut Making<'_>, at: DateTime<Utc>) {
    let Some(version) = draft.version(at) else { return };
    let stage = gates::stage(&draft.state, &version.rules);
    let known = draft.state.since.filter(|_| stage == draft.state.stage);
    let judged_by_another = !stage.has_ended() && draft.state.judged_by != version.name;
    if known.is_none() || judged_by_another {
        let event = Event::StageReached { stage, since: known.unwrap_or(at) };
        draft.add(event, gates::rests_on(stage, &version.rules), at);
    }
}
