//! What holds whatever is recorded, and that no gate before the conclusion gives way.

use super::case::{Case, concern_in, day, leader, leaders, london, words};
use chrono::{DateTime, TimeDelta, Utc};
use holdfast_procedure::Role;
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::customer::{self, DeathEvidence, DeathSource, Fact};
use holdfast_procedure::escalation::*;
use holdfast_procedure::term::london_date;
use holdfast_procedure::visiting::{Channel, ContactBy};
use holdfast_procedure::{Place, Told};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// How far clocks may differ.
const SKEW: TimeDelta = TimeDelta::minutes(1);

/// What has to hold after every command.
pub(crate) fn check(before: &State, case: &Case) {
    let state = &case.state;
    assert_eq!(&case.replayed(), state, "the journal replays to the state");
    assert!(state.rounds.len() >= before.rounds.len());
    let corrected = |state: &State| state.facts.all().filter(|(_, kept)| kept.superseded.is_some()).count();
    let corrects = corrected(before) != corrected(state);
    for (was, is) in before.rounds.iter().zip(&state.rounds).filter(|_| !corrects) {
        assert!(is.attempts.starts_with(&was.attempts) && is.liaisons.starts_with(&was.liaisons));
        assert!(is.disclosures.starts_with(&was.disclosures) && is.reviews.starts_with(&was.reviews));
        assert!(is.contacts.starts_with(&was.contacts) && is.referrals.len() >= was.referrals.len());
        assert!(was.concluded.is_none() || is.concluded == was.concluded, "a conclusion stays");
    }
    for entry in &case.journal {
        assert!(!entry.ruled.version.is_empty() && !entry.ruled.event.summary().is_empty());
        assert!(!entry.ruled.rules.is_empty(), "{:?} stands on nothing", entry.ruled.event);
    }
    let tasks = case.tasks();
    let keys: BTreeSet<_> = tasks.iter().map(|task| &task.key).collect();
    assert_eq!(keys.len(), tasks.len(), "keys are unique: {:?}", case.owed());
    if state.customer.death.is_some() {
        assert!(!tasks.iter().any(|task| task.contacts_customer), "nobody contacts a customer who may have died");
    } else if state.stage != Stage::Concluded {
        assert!(tasks.iter().any(|task| task.blocking), "the next step is owed at {:?}", state.stage);
    }
    let passed = |round: &Round| round.overdue.as_ref().is_none_or(|day| day.ends.due.ends_at < case.now);
    assert!(state.rounds.iter().all(passed), "only a day that has passed is overdue");
    let ready = tasks.iter().any(|task| task.discharged_by == "ConcludeEscalation");
    assert_eq!(ready, state.stage == Stage::ConclusionDue);
}

/// The gates, kept by a hand of their own from what was accepted, command by command.
#[derive(Debug, Default)]
struct Gates {
    /// The guidance prescribes an attempt at contact.
    contact: bool,
    /// A leader is always asked.
    always_asked: bool,
    determined: Option<DateTime<Utc>>,
    attempted: bool,
    /// Texts that promise a call: when, and their number.
    texts: Vec<(DateTime<Utc>, usize)>,
    calls: Vec<(DateTime<Utc>, usize)>,
    attempts: usize,
    considered: bool,
    needed: bool,
    asked: bool,
    /// Since when the last leader has been asked; none while the area has no leader.
    asked_at: Option<DateTime<Utc>>,
    referred_at: Option<DateTime<Utc>>,
    area: String,
    waits_for: Option<String>,
    date_stands: bool,
    reviewed: bool,
    concluded: bool,
    /// The customer is said to have died; a second person has verified it.
    reported: bool,
    died: bool,
    /// When the customer got in touch, and when that was recorded.
    rang: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    texts_recorded: Vec<DateTime<Utc>>,
}

impl Gates {
    fn opened(benefit: Benefit, at: DateTime<Utc>) -> Self {
        let led = matches!(benefit, Benefit::Pip | Benefit::AccessToWork);
        let (contact, always_asked) = (led, !led);
        Self { contact, always_asked, determined: Some(at), area: "North".to_owned(), ..Self::default() }
    }

    fn all_met(&self) -> bool {
        let texts = || self.texts.iter().zip(&self.texts_recorded);
        let called_back = self.reported
            || !self.contact
            || texts().all(|(text, recorded)| {
                let rang_back = self.rang.iter().any(|rang| *rang > (text.0, *recorded));
                rang_back || self.calls.iter().any(|call| call > text)
            });
        let settled = self.asked || (!self.always_asked && self.considered && !self.needed);
        let reviewed = !self.date_stands && (!self.asked || self.reviewed);
        !self.concluded
            && !self.died
            && (self.attempted || !self.contact)
            && called_back
            && settled
            && self.waits_for.is_none()
            && reviewed
    }

    fn take(&mut self, command: &Command, now: DateTime<Utc>) {
        match command {
            Command::Open(concern) if self.concluded => {
                let (attempts, died, reported) = (self.attempts, self.died, self.reported);
                let area = concern.place.area.clone();
                let opened = Self::opened(concern.award.benefit, concern.occurred_at);
                *self = Self { attempts, died, reported, area, ..opened };
            }
            Command::RecordContactAttempt { attempt, .. } => {
                self.attempts += 1;
                self.attempted |= Some(attempt.occurred_at + SKEW) >= self.determined;
                let this = (attempt.occurred_at, self.attempts);
                if attempt.text_sent {
                    self.texts.push(this);
                    self.texts_recorded.push(now);
                }
                if attempt.whom == Whom::Customer && attempt.channel != AttemptChannel::TextMessage {
                    self.calls.push(this);
                }
            }
            Command::ConsiderLeader { needed, .. } => (self.considered, self.needed) = (true, *needed),
            Command::ReferToLeader { .. } => {
                let led = leaders().contains_key(&self.area);
                (self.asked, self.reviewed, self.date_stands) = (true, false, false);
                (self.referred_at, self.asked_at) = (Some(now), led.then_some(now));
                self.waits_for = (!led).then(|| self.area.clone());
            }
            Command::ResolveLeader { area, .. } if self.waits_for.as_ref() == Some(area) => {
                (self.waits_for, self.asked_at, self.reviewed) = (None, Some(now), false);
                self.date_stands = false;
            }
            Command::SetReviewDate { .. } => self.date_stands = true,
            Command::RecordReview { occurred_at, next_date, .. } => {
                let in_order = self.asked_at.or(self.referred_at).is_none_or(|asked| asked <= *occurred_at + SKEW);
                let counts = self.date_stands && in_order;
                self.reviewed |= counts;
                self.date_stands = next_date.is_some() || (self.date_stands && !counts);
            }
            Command::Conclude { .. } => self.concluded = true,
            Command::Customer(customer::Command { fact, .. }) => match fact {
                Fact::DeathReported { .. } => self.reported = true,
                Fact::DeathConfirmed { .. } => (self.reported, self.died) = (true, true),
                Fact::DeathReportMistaken { .. } => (self.reported, self.died) = (false, false),
                Fact::Moved { place, .. } => self.area.clone_from(&place.area),
                Fact::Merged { .. } => {}
            },
            Command::Open(_) | Command::ResolveLeader { .. } | Command::RecordLiaison { .. } | Command::LetTimePass => {
            }
            Command::RecordContact { contact, .. } if contact.by != ContactBy::ThirdParty => {
                self.rang.push((contact.occurred_at, now));
            }
            Command::RecordDisclosure { .. } | Command::RecordContact { .. } | Command::Desk(_) => {}
            Command::Correct(_) => unreachable!("no correction is among the moves"),
        }
    }
}

/// One thing done after some minutes, by somebody.
#[derive(Debug, Clone)]
pub(crate) struct Move {
    after: i64,
    role: Role,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Attempt(i64, Whom, AttemptChannel, bool),
    Consider(bool),
    Refer,
    Resolve(&'static str),
    Date(i64),
    Review(i64, Option<i64>),
    Moved(&'static str),
    Died,
    Verified,
    Mistaken,
    Determine,
    Rang(i64, ContactBy),
    Conclude,
    Pass,
}

impl What {
    fn command(&self, benefit: Benefit, now: DateTime<Utc>) -> Command {
        let ago = |minutes: i64| now - TimeDelta::minutes(minutes);
        let ahead = |days: i64| london_date(now) + TimeDelta::days(days);
        let told = |fact| Command::Customer(customer::Command { fact, passed_on: None });
        match self {
            Self::Attempt(minutes, whom, channel, text) => {
                let (occurred_at, outcome) = (ago(*minutes), AttemptOutcome::NoReply);
                let text_sent = *text && *whom == Whom::Customer;
                let attempt = Attempt { occurred_at, whom: *whom, channel: *channel, outcome, text_sent };
                Command::RecordContactAttempt { attempt, account: words("said"), late_reason: Some(words("ill")) }
            }
            Self::Consider(needed) => Command::ConsiderLeader { needed: *needed, reason: words("why") },
            Self::Refer => Command::ReferToLeader { asked: words("asked"), leaders: leaders() },
            Self::Resolve(area) => Command::ResolveLeader { area: (*area).to_owned(), leader: leader("leader-x") },
            Self::Date(days) => Command::SetReviewDate { date: ahead(*days) },
            Self::Review(minutes, next) => Command::RecordReview {
                occurred_at: ago(*minutes),
                next_steps: words("next"),
                next_date: next.map(ahead),
                late_reason: Some(words("ill")),
            },
            Self::Moved(area) => {
                let place = Place { nation: Nation::England, area: (*area).to_owned() };
                told(Fact::Moved { place, occurred_at: now })
            }
            Self::Died => told(Fact::DeathReported { occurred_at: now, source: DeathSource::Relative, account: None }),
            Self::Verified => {
                told(Fact::DeathConfirmed { evidence: DeathEvidence::Register, reference: "C-7".to_owned() })
            }
            Self::Mistaken => told(Fact::DeathReportMistaken { reason: None }),
            Self::Rang(minutes, by) => {
                let contact = Contact { occurred_at: ago(*minutes), channel: Channel::Telephone, by: *by };
                Command::RecordContact { contact, account: words("said"), late_reason: Some(words("ill")) }
            }
            Self::Determine => Command::Open(Box::new(concern_in(benefit, now))),
            Self::Conclude => Command::Conclude { steps: words("steps") },
            Self::Pass => Command::LetTimePass,
        }
    }
}

/// Any benefit.
pub(crate) fn benefits() -> impl Strategy<Value = Benefit> {
    prop::sample::select(vec![Benefit::Pip, Benefit::Esa, Benefit::UniversalCredit, Benefit::AccessToWork])
}

pub(crate) fn moves() -> impl Strategy<Value = Move> {
    let whom = prop::sample::select(vec![Whom::Customer, Whom::Customer, Whom::NextOfKin, Whom::Police]);
    let channel = prop::sample::select(vec![
        AttemptChannel::Telephone,
        AttemptChannel::Telephone,
        AttemptChannel::TextMessage,
        AttemptChannel::InPerson,
    ]);
    let by = prop::sample::select(vec![ContactBy::Customer, ContactBy::Representative, ContactBy::ThirdParty]);
    // Now, within the half hour that a text promises, at its edge, and days ago.
    let ago = || prop_oneof![3 => Just(0), 2 => 0..40_i64, 1 => 0..6_000_i64];
    let area = || prop::sample::select(vec!["North", "South", "Ulster"]);
    let what = prop_oneof![
        6 => (ago(), whom, channel, any::<bool>()).prop_map(|(a, w, c, t)| What::Attempt(a, w, c, t)),
        3 => any::<bool>().prop_map(What::Consider),
        3 => Just(What::Refer),
        2 => area().prop_map(What::Resolve),
        3 => (0..20_i64).prop_map(What::Date),
        4 => (ago(), prop::option::weighted(0.2, 0..20_i64)).prop_map(|(ago, next)| What::Review(ago, next)),
        2 => area().prop_map(What::Moved),
        1 => Just(What::Died),
        1 => Just(What::Verified),
        2 => Just(What::Mistaken),
        2 => Just(What::Determine),
        2 => (ago(), by).prop_map(|(ago, by)| What::Rang(ago, by)),
        6 => Just(What::Conclude),
        2 => Just(What::Pass),
    ];
    let roles = prop::sample::select(vec![
        Role::CesTeam,
        Role::CesTeam,
        Role::CesTeam,
        Role::SafeguardingLeader,
        Role::Officer,
    ]);
    (prop_oneof![Just(0), 0..60_i64, 0..6_000_i64], roles, what).prop_map(|(after, role, what)| Move {
        after,
        role,
        what,
    })
}

/// Does one thing, be it refused or not, and says whether it went through.
fn make(case: &mut Case, gates: &mut Gates, step: &Move) -> bool {
    case.now += TimeDelta::minutes(step.after);
    let command = step.what.command(case.benefit, case.now);
    let before = case.state.clone();
    let done = case.apply(case.usually(step.role), &command).is_ok();
    if done {
        gates.take(&command, case.now);
    } else {
        assert_eq!(case.state, before, "nothing is kept of what is refused");
    }
    done
}

/// Moves a case on, be it refused or not.
pub(crate) fn reach(case: &mut Case, steps: &[Move]) {
    let mut gates = Gates::opened(case.benefit, case.now);
    for step in steps {
        make(case, &mut gates, step);
    }
}

/// Does whatever is owed until the concern is concluded.
pub(crate) fn finish(case: &mut Case) {
    case.now += TimeDelta::minutes(2);
    // What is owed follows from the version in force once anything is recorded under it, be it that time has passed.
    case.apply(Role::Suite, &Command::LetTimePass).expect("time passes");
    if case.state.customer.death.is_some() {
        case.apply(Role::Officer, &What::Mistaken.command(case.benefit, case.now)).expect("a correction");
    }
    for _ in 0..9 {
        if case.state.stage == Stage::Concluded {
            return;
        }
        let next = case.tasks().into_iter().find(|task| task.blocking).expect("the next step is owed");
        let what = match next.discharged_by {
            "RecordContactAttempt" => What::Attempt(0, Whom::Customer, AttemptChannel::Telephone, false),
            "ConsiderLeader" => What::Consider(true),
            "ReferToLeader" => What::Refer,
            "SetLeader" if next.key == "name-leader:Ulster" => What::Resolve("Ulster"),
            "SetReviewDate" => What::Date(3),
            "RecordReview" => What::Review(0, None),
            "ConcludeEscalation" => What::Conclude,
            other => panic!("{other} does not lead on"),
        };
        case.apply(next.owner, &what.command(case.benefit, case.now)).expect("whoever owes a step may take it");
        case.now += TimeDelta::minutes(1);
    }
    assert_eq!(case.state.stage, Stage::Concluded, "after nine steps");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn a_conclusion_is_accepted_when_every_gate_is_met_and_never_before(
        benefit in benefits(), steps in prop::collection::vec(moves(), 1..40),
    ) {
        let mut case = Case::opened_in(benefit);
        let mut gates = Gates::opened(case.benefit, case.now);
        for step in steps {
            let may = matches!(step.role, Role::CesTeam | Role::SafeguardingLeader) && gates.all_met();
            let concludes = matches!(step.what, What::Conclude);
            let done = make(&mut case, &mut gates, &step);
            if concludes {
                prop_assert_eq!(done, may, "{:?} at {:?}: {:?}", step, case.state.stage, gates);
            }
            prop_assert_eq!(case.state.stage == Stage::ConclusionDue, gates.all_met(), "{:?}: {:?}", case.state.stage, gates);
        }
    }

    #[test]
    fn doing_what_is_owed_always_leads_to_the_conclusion(
        benefit in benefits(), steps in prop::collection::vec(moves(), 0..25),
    ) {
        let mut case = Case::opened_in(benefit);
        reach(&mut case, &steps);
        finish(&mut case);
    }
}

#[test]
fn every_stage_is_reached_and_has_a_name_of_its_own() {
    let names: BTreeSet<_> = Stage::ALL.iter().map(|stage| stage.name()).collect();
    assert_eq!(names.len(), Stage::ALL.len());
    assert_eq!(Stage::ALL.iter().filter(|stage| stage.has_ended()).count(), 2);
    assert_eq!(london_date(london("2026-06-01 00:30")), day("2026-06-01"));
}
