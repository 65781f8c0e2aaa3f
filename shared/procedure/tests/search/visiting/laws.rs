//! What holds at DWP Visiting, as whoever has read the guidance keeps account of it: from what was recorded alone, told
//! in the order in which it happened, and not from what the decider made of it.

use super::asks::{Asks, working_days_after};
use super::law::Law;
use super::subject::Taken;
use super::visiting::VisitingSubject;
use super::visiting_before_laws::{self, Considered, TriageOf};
use chrono::{DateTime, Utc};
use holdfast_procedure::customer::{self, Fact};
use holdfast_procedure::desk;
use holdfast_procedure::protection::{self, HoldGround, Why};
use holdfast_procedure::visiting::*;
use holdfast_procedure::{Recorded, Role};

/// What was recorded.
#[derive(Debug, Clone, Default, Hash)]
pub(crate) struct Heard {
    pub(crate) facts: Vec<HeardFact>,
    /// A referral was made: when, and whether only a care-of address was known.
    pub(crate) referred: Option<(DateTime<Utc>, bool)>,
    /// The last fact before a further referral: what happened at the visits before it is not what comes of this one.
    earlier: u32,
    /// Decisions whether a second visit is needed.
    pub(crate) decisions: Vec<Said>,
    /// Whoever the guidance asks for has said that they are confident of the customer's understanding.
    pub(crate) confident: bool,
    pub(crate) withdrawn: Option<DateTime<Utc>>,
    /// Who reported a death, and since when it is verified.
    pub(crate) death: Option<(String, Option<DateTime<Utc>>)>,
    /// Effective visits whose outcome is back with the referrer.
    pub(crate) returned: Vec<String>,
    /// The decision maker has decided.
    pub(crate) noted: bool,
    /// The facts that were last handed over as two ineffective visits.
    pub(crate) two: Option<Vec<u32>>,
    /// Who says that these were recorded in error, and how often anybody has.
    pub(crate) retracting: Option<String>,
    pub(crate) asked_to_retract: usize,
    /// A second person has confirmed that; what was held for the case elsewhere has come back since.
    pub(crate) retracted: bool,
    pub(crate) came_back: bool,
}

#[derive(Debug, Clone, Hash)]
pub(crate) struct HeardFact {
    pub(crate) number: u32,
    pub(crate) what: What,
    pub(crate) at: DateTime<Utc>,
    pub(crate) stands: bool,
    /// Something else was recorded in its place.
    pub(crate) replaced: bool,
    /// Its number, or that of what it was first recorded as.
    pub(crate) first: u32,
    /// The referrer has said with it that they are confident, or what it repeats.
    vouched: bool,
}

/// What was said of a second visit, when, and whether with confidence in the customer's understanding.
#[derive(Debug, Clone, Copy, Hash)]
pub(crate) struct Said {
    pub(crate) needed: bool,
    pub(crate) at: DateTime<Utc>,
    pub(crate) confident: Option<bool>,
}

/// A fact, as far as the guidance tells it from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum What {
    Seen,
    NotSeen,
    Unsafe,
    /// Contact by the customer or whoever acts for them, whether that settled that a second visit is needed, and
    /// whether whoever spoke with them is confident of their understanding.
    Contact(Option<bool>, Option<bool>),
    Concern,
    /// What was considered of a visit.
    Considered(Considered),
    Triaged(TriageOf),
    /// An address was traced, or none.
    Trace(bool),
    /// Neither an end nor a ground of anything.
    Other,
}

/// `vouched`: who said that they are confident is whom the guidance asks.
fn what(happening: &Happening, vouched: bool) -> What {
    match happening {
        Happening::Visit(visit) => match visit.outcome {
            Outcome::Effective => What::Seen,
            Outcome::Ineffective { ground: Ground::UnsafeArea, .. } => What::Unsafe,
            Outcome::Ineffective { .. } => What::NotSeen,
            Outcome::BrokenOff => What::Other,
        },
        Happening::UnsafeArea(_) => What::Unsafe,
        Happening::Contact(contact) if contact.by == ContactBy::ThirdParty => What::Other,
        Happening::Contact(contact) => {
            let confident = counting(contact.understanding, vouched);
            What::Contact(contact.second_visit.map(|said| said == SecondVisit::Needed), confident)
        }
        Happening::Letter(_) | Happening::FollowUp(_) | Happening::Booking(_) => What::Other,
        Happening::Concern(_) => What::Concern,
        Happening::AddressTrace(trace) => What::Trace(trace.found.is_some()),
        Happening::Consideration(told) => What::Considered(Considered::of(told)),
        Happening::Triage(told) => What::Triaged(TriageOf::of(told.result)),
    }
}

/// ESA 111: anybody's doubt counts, and the referrer's confidence.
fn counting(said: Option<Understanding>, vouched: bool) -> Option<bool> {
    said.map(|said| said == Understanding::Confident).filter(|confident| !confident || vouched)
}

impl Heard {
    pub(crate) fn hear(&mut self, recorded: &Recorded<'_, Event>) {
        let by_referrer = recorded.by.role == Role::Referrer;
        if let Event::FactRecorded { fact, happening, .. } = recorded.event {
            self.keep(*fact, happening, by_referrer, None);
        } else if let Event::FactCorrected { fact, right, .. } = recorded.event {
            for known in self.facts.iter_mut().filter(|known| known.number == *fact) {
                (known.stands, known.replaced) = (false, right.is_some());
            }
            if let Some((number, happening)) = right {
                self.keep(*number, happening, by_referrer, Some(*fact));
            }
        } else if let Event::Referred { occurred_at, form, .. } = recorded.event {
            if self.referred.replace((*occurred_at, form.care_of)).is_some() {
                self.earlier = self.facts.iter().map(|fact| fact.number).max().unwrap_or_default();
                self.withdrawn = None;
            }
            for known in &mut self.facts {
                if let What::Considered(considered) = &mut known.what {
                    considered.have_led_to_referral();
                }
            }
        } else if let Event::SecondVisitDecided { second_visit, understanding, .. } = recorded.event {
            let confident = counting(*understanding, by_referrer);
            self.decisions.push(Said { needed: *second_visit == SecondVisit::Needed, at: recorded.at, confident });
            self.confident |= confident == Some(true);
        } else if let Event::Withdrawn { .. } = recorded.event {
            self.withdrawn = Some(recorded.at);
        } else if let Event::DecisionNoted { decided } = recorded.event {
            self.noted = *decided;
        } else if let Event::Customer(told) = recorded.event {
            self.hear_of_customer(told, recorded);
        } else if let Event::Task(desk::Event::Completed { key, .. }) = recorded.event
            && key.starts_with("return-outcome")
        {
            self.returned.push(key.clone());
        } else if let Event::StageReached { stage: Stage::HandedOver, facts, .. } = recorded.event {
            // What was decided on visits that were taken back is not decided on these.
            self.noted &= self.two.is_some();
            self.two = Some(facts.clone());
            (self.retracted, self.came_back) = (false, false);
        } else if let Event::RetractionAsked { .. } = recorded.event {
            self.retracting = Some(recorded.by.person.clone());
            self.asked_to_retract += 1;
        } else if let Event::RetractionConfirmed { takes_back, .. } = recorded.event {
            self.retracting = None;
            if *takes_back && !self.noted {
                (self.two, self.retracted) = (None, true);
            }
        } else if let Event::RetractionDeclined { .. } = recorded.event {
            self.retracting = None;
        } else if let Event::Protection(protection::Event::Placed { ground, .. }) = recorded.event {
            self.came_back |= self.retracted && *ground == HoldGround::TwoIneffectiveVisits;
        }
    }

    fn hear_of_customer(&mut self, told: &customer::Event, recorded: &Recorded<'_, Event>) {
        let by = || told.passed_on.as_ref().map_or(recorded.by, |from| &from.by).person.clone();
        if let Fact::DeathReported { .. } = told.fact {
            self.death = Some((by(), None));
        } else if let Fact::DeathConfirmed { .. } = told.fact {
            let reporter = self.death.take().map_or_else(by, |(reporter, _)| reporter);
            self.death = Some((reporter, Some(recorded.at)));
        } else if let Fact::DeathReportMistaken { .. } = told.fact {
            self.death = None;
        }
    }

    /// A correction repeats what the referrer has said, whoever makes it.
    fn keep(&mut self, number: u32, happening: &Happening, by_referrer: bool, corrects: Option<u32>) {
        let corrected = self.facts.iter().find(|known| Some(known.number) == corrects);
        let (first, repeats) = corrected.map_or((number, false), |known| (known.first, known.vouched));
        let vouched = repeats || (by_referrer && happening.understanding() == Some(Understanding::Confident));
        let (what, at) = (what(happening, vouched), happening.occurred_at());
        self.confident |= matches!(what, What::Contact(_, Some(true)));
        self.facts.push(HeardFact { number, what, at, stands: true, replaced: false, first, vouched });
    }

    pub(crate) fn standing(&self, what: What) -> impl Iterator<Item = &HeardFact> {
        self.facts.iter().filter(move |fact| fact.stands && fact.what == what)
    }

    /// What counts as two visits: an area deemed unsafe, and that no address could be traced; before the referral only
    /// the last trace, and only where the referral knows no other address.
    pub(crate) fn counts_as_two(&self) -> impl Iterator<Item = &HeardFact> {
        let traces = self.facts.iter().filter(|fact| fact.stands && matches!(fact.what, What::Trace(_)));
        let before = |fact: &&HeardFact| self.referred.is_none_or(|(referred, _)| fact.at <= referred);
        let last = traces.filter(before).max_by_key(|fact| (fact.at, fact.number)).map(|fact| fact.number);
        let care_of = self.referred.is_some_and(|(_, care_of)| care_of);
        let untraced = move |fact: &HeardFact| {
            fact.what == What::Trace(false) && (!before(&fact) || (care_of && last == Some(fact.number)))
        };
        self.facts.iter().filter(move |fact| fact.stands && (fact.what == What::Unsafe || untraced(fact)))
    }

    /// Contact by the customer, and whether that settled that a second visit is needed: in doubt it is.
    fn contacts(&self) -> impl Iterator<Item = (&HeardFact, Option<bool>)> {
        let contact = |fact: &'_ HeardFact| {
            let What::Contact(settled, confident) = fact.what else { return None };
            Some(if confident == Some(false) { Some(true) } else { settled })
        };
        self.facts.iter().filter(|fact| fact.stands).filter_map(move |fact| Some((fact, contact(fact)?)))
    }

    pub(crate) fn died_at(&self) -> Option<DateTime<Utc>> {
        self.death.as_ref().and_then(|(_, verified)| *verified)
    }

    /// Contact within the days that a letter gave. A letter is not taken back from whoever was told its date, so that
    /// those of visits which were recorded wrongly count, too.
    pub(crate) fn contact_in_time(&self, asks: &Asks) -> impl Iterator<Item = (&HeardFact, Option<bool>)> {
        let days = asks.between_visits.map(|between| between.working_days);
        let called: Vec<_> = self.facts.iter().filter(|fact| fact.what == What::NotSeen).map(|fact| fact.at).collect();
        self.contacts().filter(move |(contact, _)| {
            days.is_some_and(|days| {
                called.iter().any(|at| *at <= contact.at && contact.at <= working_days_after(*at, days))
            })
        })
    }

    /// The case had ended before `at`, by what was recorded.
    pub(crate) fn had_ended_before(&self, at: DateTime<Utc>) -> bool {
        let seen = self.standing(What::Seen).any(|seen| seen.first > self.earlier && seen.at < at);
        seen || self.withdrawn.is_some_and(|then| then < at) || self.died_at().is_some_and(|then| then < at)
    }

    /// It had been said that no second visit is needed, and nothing else since, before `at`. Which of two came first
    /// that happened at one instant, nobody can tell.
    fn was_not_needed(&self, asks: &Asks, at: DateTime<Utc>) -> bool {
        let called = self.standing(What::NotSeen).map(|fact| fact.at).min();
        let after = |contact: &HeardFact| called.is_some_and(|called| called < contact.at);
        // Contact within the days that the first letter gave, be that of a visit that was recorded wrongly since. A visit
        // that was made too early gives no others.
        let ever = self.facts.iter().filter(|fact| fact.what == What::NotSeen).map(|fact| fact.at).min();
        let within = |contact: &HeardFact| {
            let days = asks.between_visits.map(|between| between.working_days);
            let first = |from: DateTime<Utc>| days.is_some_and(|days| contact.at <= working_days_after(from, days));
            after(contact) && ever.into_iter().chain(called).any(first)
        };
        let about_contact = self.contact_in_time(asks).any(|(contact, _)| within(contact));
        // That it is needed may have been said after the visit at the same instant.
        let at_once = |contact: &HeardFact, said: Option<bool>| said == Some(true) && called == Some(contact.at);
        let clear = self.contact_in_time(asks).filter(|(contact, said)| within(contact) || at_once(contact, *said));
        let otherwise = asks.between_visits.and_then(|between| between.otherwise);
        let otherwise = otherwise.map(|otherwise| otherwise == SecondVisit::Needed);
        let said = clear.filter_map(|(contact, said)| Some((said.or(otherwise)?, contact.at, said.is_some())));
        let decided = self.decisions.iter().filter(|_| about_contact).map(|said| (said.needed, said.at, true));
        let mut all: Vec<_> = said.chain(decided).filter(|(_, said, _)| *said < at).collect();
        all.sort_by_key(|(_, said, _)| *said);
        // What holds unless somebody says otherwise is not said again of further contact.
        let expressly = all.iter().rev().find(|(_, _, expressly)| *expressly);
        expressly.or(all.first()).is_some_and(|(needed, _, _)| !needed) && !self.in_doubt(asks, at, true)
    }

    /// 121: in contact in time somebody was in doubt, and nobody has said since, and before `at`, that they are confident.
    /// `together`: contact at the very instant of the visit may have followed it.
    pub(crate) fn in_doubt(&self, asks: &Asks, at: DateTime<Utc>, together: bool) -> bool {
        let Some(between) = asks.between_visits.filter(|between| between.confidence) else { return false };
        let Some(called) = self.standing(What::NotSeen).map(|fact| fact.at).min() else { return false };
        let in_time = |fact: &&HeardFact| {
            fact.stands
                && (called < fact.at || (together && called == fact.at))
                && fact.at < at
                && fact.at <= working_days_after(called, between.working_days)
        };
        let doubted = |fact: &HeardFact| matches!(fact.what, What::Contact(_, Some(false))).then_some(fact.at);
        let Some(doubt) = self.facts.iter().filter(in_time).filter_map(doubted).max() else { return false };
        let vouched =
            |fact: &HeardFact| fact.stands && fact.at >= doubt && matches!(fact.what, What::Contact(_, Some(true)));
        let decided = |said: &Said| said.at >= doubt && said.confident == Some(true);
        !self.facts.iter().any(vouched) && !self.decisions.iter().any(decided)
    }

    /// Two visits were ineffective, or count as such: there is no handing over without.
    fn may_be_two(&self, asks: &Asks) -> bool {
        let counts = |fact: &&HeardFact| !self.had_ended_before(fact.at);
        let days = asks.between_visits.map(|between| between.working_days);
        let second = |first: &HeardFact, second: &HeardFact| {
            let waited = days.is_none_or(|days| second.at > working_days_after(first.at, days));
            let lifted =
                self.contact_in_time(asks).any(|(contact, _)| first.at <= contact.at && contact.at <= second.at);
            first.number != second.number && first.at <= second.at && (waited || lifted)
        };
        let pair = |later: &HeardFact| self.standing(What::NotSeen).any(|earlier| second(earlier, later));
        self.counts_as_two().any(|fact| counts(&fact))
            || self
                .standing(What::NotSeen)
                .filter(counts)
                .any(|later| pair(later) && !self.was_not_needed(asks, later.at))
    }

    /// Two visits were ineffective, or count as such, beyond any doubt: nothing else was recorded that could matter.
    pub(crate) fn is_two(&self, asks: &Asks) -> bool {
        let nothing_else = self.withdrawn.is_none() && self.death.is_none() && self.decisions.is_empty();
        let quiet = self.contacts().next().is_none() && self.standing(What::Seen).next().is_none();
        let called: Vec<_> = self.standing(What::NotSeen).map(|fact| fact.at).collect();
        let ever = self.facts.iter().filter(|fact| fact.what == What::NotSeen).map(|fact| fact.at).min();
        let (first, last) = (ever, called.iter().max());
        let days = asks.between_visits.map(|between| between.working_days);
        let waited = match (first, last) {
            (Some(first), Some(last)) if called.len() > 1 => {
                let others = self.facts.iter().filter(|fact| fact.what == What::NotSeen && fact.at < *last);
                let over = |at| days.is_none_or(|days| *last > working_days_after(at, days));
                first < *last && others.map(|fact| fact.at).all(over)
            }
            (Some(_) | None, Some(_) | None) => false,
        };
        self.referred.is_some() && nothing_else && quiet && (waited || self.counts_as_two().next().is_some())
    }
}

/// The laws that a step breaks.
pub(crate) fn broken_by(asks: &Asks, taken: &Taken<'_, VisitingSubject>) -> Vec<Law> {
    let (before, after) = (&taken.before.heard, &taken.after.heard);
    let mut broken = Vec::new();
    if let Command::Record(record) = &taken.step.command {
        let recorded = taken.events.iter().any(
            |ruled| matches!(&ruled.event, Event::FactRecorded { happening, .. } if *happening == record.happening),
        );
        let kept = taken.after.state.standing_facts().any(|(_, fact)| fact.happening == record.happening);
        broken.extend((!recorded || !kept).then_some(Law::WhatHappenedIsRecorded));
    }
    broken.extend((!second_person_undoes(taken)).then_some(Law::RetractionTakesTwo));
    for ruled in taken.events {
        if let Event::StageReached { stage: Stage::HandedOver, facts, .. } = &ruled.event {
            let anew = before.two.as_ref() != Some(facts);
            broken.extend((anew && !after.may_be_two(asks)).then_some(Law::TwoVisitsFirst));
        } else if let Event::SecondVisitDecided { .. } = ruled.event {
            let by = asks.between_visits.map_or(&[][..], |between| between.decided_by);
            broken.extend((!by.contains(&taken.step.by.role)).then_some(Law::DecidedByWhomTheGuidanceNames));
        } else if let Event::Referred { form, .. } = &ruled.event {
            broken.extend(visiting_before_laws::broken_by_referral(asks, before, form));
            let may = asks.referred_by.contains(&taken.step.by.role);
            broken.extend((!may).then_some(Law::DecidedByWhomTheGuidanceNames));
        } else if let Event::Withdrawn { ground: WithdrawalGround::EffectiveContact, .. } = ruled.event {
            broken.extend((!before.contact_may_end(asks)).then_some(Law::NothingReleasedEarly));
        } else if let Event::Customer(told) = &ruled.event
            && matches!(told.fact, Fact::DeathConfirmed { .. })
        {
            let reporter = || before.death.as_ref().is_none_or(|(reporter, _)| *reporter == taken.step.by.person);
            let nobody = told.passed_on.as_ref().map_or_else(reporter, |from| from.known_as != "C-1");
            broken.extend(nobody.then_some(Law::DeathTakesASecondPerson));
        } else if let Event::Protection(protection::Event::Released { ground, why, .. }) = ruled.event {
            broken.extend((!may_release(asks, taken, ground, why)).then_some(Law::NothingReleasedEarly));
        }
    }
    broken
}

/// Two ineffective visits are undone only as a second person confirms what another has said of them.
fn second_person_undoes(taken: &Taken<'_, VisitingSubject>) -> bool {
    let (before, after, step) = (taken.before, taken.after, taken.step);
    let other = || before.heard.retracting.as_ref().is_some_and(|person| *person != step.by.person);
    let confirms = matches!(step.command, Command::ConfirmRetraction { .. }) && other();
    let confirmed = taken.events.iter().any(|ruled| matches!(ruled.event, Event::RetractionConfirmed { .. }));
    let undone = before.state.handover.is_some() && after.state.handover.is_none();
    // What one person asks for changes nothing else.
    let asked = taken.events.iter().any(|ruled| matches!(ruled.event, Event::RetractionAsked { .. }));
    (!undone && !confirmed || confirms) && (!asked || taken.events.len() == 1)
}

/// R-HOLD-UNTIL, reason by reason.
fn may_release(asks: &Asks, taken: &Taken<'_, VisitingSubject>, ground: HoldGround, why: Why) -> bool {
    let (heard, own) = (&taken.after.heard, &taken.after.state.protection);
    if taken.before.state.protection.get(ground).is_some_and(|hold| !hold.state.protects()) {
        // What was released before is released again above what the ledger knew.
        return true;
    }
    match why {
        Why::EffectiveVisit => heard.seen_and_told(),
        Why::ContactInTime => {
            let confidence = asks.between_visits.is_some_and(|between| between.confidence);
            heard.contact_in_time(asks).next().is_some() && (!confidence || heard.confident)
        }
        Why::Withdrawn => {
            let in_error = ground == HoldGround::TwoIneffectiveVisits && heard.retracted;
            heard.withdrawn.is_some() || heard.was_taken_back(ground) || in_error
        }
        Why::VerifiedDeath => heard.died_at().is_some(),
        Why::Replaced => own.iter().any(|(other, hold)| other != ground && hold.state.protects()),
        Why::VisitConsidered => heard.was_considered(ground),
        Why::InformedDecision => false,
    }
}
