//! What holds at conferencing, as whoever has read the guidance keeps account of it from what was recorded alone.

use super::asks::{Asks, day};
use super::conferencing::ConferencingSubject;
use super::conferencing_facts::{Facts, What};
use super::conferencing_recorded::is_recorded;
use super::conferencing_state_laws::may_release;
use super::law::Law;
use super::subject::Taken;
use chrono::{DateTime, NaiveDate, Utc};
use holdfast_procedure::conferencing::*;
use holdfast_procedure::customer::Fact;
use holdfast_procedure::handover::File;
use holdfast_procedure::{Recorded, Role, desk, protection};

/// What was recorded.
#[derive(Debug, Clone, Default, Hash)]
pub(crate) struct Heard {
    /// The days on which somebody called, and since when two visits count.
    file: Option<(Vec<NaiveDate>, DateTime<Utc>)>,
    /// Who asked for the visits, and stands for no other party.
    pub(crate) referrer: String,
    /// What people recorded and may have recorded wrongly.
    pub(crate) facts: Facts,
    /// Whether further information is required, and the day on which that was last found.
    required: Option<bool>,
    required_on: Option<NaiveDate>,
    /// How many actions were agreed.
    actions: usize,
    marker: bool,
    prescribed_note: bool,
    pub(crate) review_note: bool,
    /// Whether whoever is asked was satisfied, and whether there is a concern, as it was last determined and stands.
    pub(crate) determined: Option<(bool, bool)>,
    determined_on: Option<NaiveDate>,
    /// The concern is with safeguarding.
    pub(crate) escalated: bool,
    /// What was done about it is back, and nothing was recorded since.
    pub(crate) looked_into: bool,
    concern_found: bool,
    pub(crate) closed: bool,
    pub(crate) returned: bool,
    pub(crate) decided: bool,
    pub(crate) ever_decided: bool,
    pub(crate) reopened: bool,
    pub(crate) came_to_light: Vec<u32>,
    /// Something of the visits that was not known at the handover has come to light before.
    came_to_light_before: Vec<u32>,
    /// When something was last recorded while the concern was with safeguarding.
    new_there: Option<DateTime<Utc>>,
    /// Enquiries that were recorded after the return, by number, and who recorded them.
    pub(crate) after_return: Vec<(u32, &'static str)>,
    /// When safeguarding concluded, time after time, and how often it has said since that it was otherwise.
    concluded: Vec<DateTime<Utc>>,
    concluded_otherwise: usize,
    pub(crate) considered: Vec<String>,
    pub(crate) reported_by: Option<String>,
    pub(crate) died: bool,
    /// DWP Visiting has taken the case back.
    pub(crate) taken_back: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct HeardConference {
    on: NaiveDate,
    partnership_manager: bool,
    deferral: bool,
    /// Who took part for each of the two parties.
    persons: [Vec<String>; 2],
}

fn days(file: &File) -> Vec<NaiveDate> {
    file.calls().into_iter().map(day).collect()
}

fn present(participants: &[Participant], role: Role) -> Vec<String> {
    let for_it = participants.iter().filter(|there| there.party == Party::Department(role));
    for_it.map(|there| there.person.clone()).collect()
}

/// Somebody for each of the two parties, and not one person for both.
fn two_persons([one, other]: &[Vec<String>; 2]) -> bool {
    one.iter().any(|person| other.iter().any(|colleague| colleague != person))
}

impl Heard {
    pub(crate) fn hear(&mut self, asks: &Asks, recorded: &Recorded<'_, Event>) {
        self.hear_enquiries(asks, recorded);
        self.hear_conclusion(asks, recorded);
        self.hear_of_customer(recorded);
        self.hear_correction(asks, recorded);
        if let Event::Received { file } = recorded.event {
            self.file = Some((days(file), file.since));
            self.referrer.clone_from(&file.referral.by.person);
        } else if let Event::FileUpdated { file, .. } = recorded.event {
            let other = self.file.as_ref().is_none_or(|(called, _)| *called != days(file));
            self.prescribed_note &= !other;
            self.file = Some((days(file), file.since));
            let new = file.entries.iter().map(|entry| entry.fact).filter(|fact| *fact > 2);
            self.came_to_light = new.collect();
            if self.came_to_light.iter().any(|fact| !self.came_to_light_before.contains(fact)) {
                self.came_to_light_before.clone_from(&self.came_to_light);
                self.unsettle();
            }
            self.is_new(recorded.at);
        } else if let Event::TakenBack { .. } = recorded.event {
            self.taken_back = true;
        } else if let Event::ContactRecorded { passed_on_from, .. } = recorded.event {
            let by = passed_on_from.as_ref().unwrap_or(recorded.by);
            self.facts.record(What::Contact(by.role.title()), recorded.at);
            self.unsettle();
            self.is_new(recorded.at);
        } else if let Event::Task(desk::Event::Completed { key, .. }) = recorded.event {
            self.prescribed_note |= key.starts_with("prescribed-note");
            self.review_note |= key.starts_with("review-note");
            if ["contact:", "came-to-light:", "outcome-corrected:", "enquiry:"]
                .iter()
                .any(|later| key.starts_with(later))
            {
                self.considered.push(key.clone());
                self.considered.sort();
            }
        }
    }

    fn hear_enquiries(&mut self, asks: &Asks, recorded: &Recorded<'_, Event>) {
        if let Event::SupportMarkerConsidered { .. } = recorded.event {
            self.marker = true;
        } else if let Event::FindingRecorded { finding, .. } = recorded.event {
            self.facts.record(self.found(finding), recorded.at);
            self.enquired(recorded.by.role);
            self.is_new(recorded.at);
        } else if let Event::FurtherInformationDecided { required, .. } = recorded.event {
            self.required = Some(*required);
            self.required_on = if *required { Some(day(recorded.at)) } else { self.required_on };
            if *required && !self.conferred() {
                self.unsettle();
            }
            self.is_new(recorded.at);
        } else if let Event::ConferenceRecorded { conference, .. } = recorded.event {
            let held = self.held(asks, conference);
            self.review_note &= held.is_none();
            self.facts.record(What::Conference(held.clone()), recorded.at);
            if held.is_some() {
                self.enquired(recorded.by.role);
            }
            self.is_new(recorded.at);
        } else if let Event::ActionAgreed { .. } = recorded.event {
            self.actions += 1;
            self.unsettle();
            self.is_new(recorded.at);
        } else if let Event::ActionReported { action, result, .. } = recorded.event {
            let open = *result == ActionResult::NotTaken;
            self.facts.record(What::Report(*action as usize, open), recorded.at);
            if open {
                self.unsettle();
            }
            self.is_new(recorded.at);
        }
    }

    fn hear_conclusion(&mut self, asks: &Asks, recorded: &Recorded<'_, Event>) {
        if let Event::Determined { satisfied, concern, escalates, .. } = recorded.event {
            self.comes_back();
            self.determined = Some((*satisfied, *concern));
            (self.determined_on, self.facts.determined_at) = (Some(day(recorded.at)), Some(recorded.at));
            self.escalated |= *escalates;
            self.new_there = self.new_there.filter(|_| !*escalates);
            self.looked_into &= *concern && !*escalates;
            self.concern_found |= *concern;
        } else if let Event::EscalationConcluded { outcome } = recorded.event {
            if self.concluded.contains(&outcome.concluded_at) {
                self.concluded_otherwise += 1;
                return;
            }
            self.concluded.push(outcome.concluded_at);
            self.looked_into |= self.escalated && self.new_there.is_none_or(|at| at <= outcome.concluded_at);
            if self.escalated {
                self.determined_on = self.determined_on.max(Some(day(outcome.concluded_at)));
            }
            (self.escalated, self.new_there) = (false, None);
        } else if let Event::ClosingNoteRecorded { occurred_at, .. } = recorded.event {
            let closes = self.may_close(asks, false, recorded.by.role, *occurred_at);
            self.close(closes, recorded.at);
        } else if let Event::DocumentationAssembled { documentation, .. } = recorded.event {
            let complete = documentation.conference_outcome == Documented::Included;
            let closes = complete && self.may_close(asks, true, recorded.by.role, documentation.occurred_at);
            self.close(closes, recorded.at);
        } else if let Event::Returned = recorded.event {
            self.returned = true;
        } else if let Event::Decided { .. } = recorded.event {
            (self.decided, self.ever_decided) = (true, true);
        } else if let Event::Reopened { .. } = recorded.event {
            self.comes_back();
            (self.determined, self.looked_into, self.decided, self.reopened) = (None, false, false, true);
            self.concern_found = false;
        }
    }

    fn hear_of_customer(&mut self, recorded: &Recorded<'_, Event>) {
        let Event::Customer(told) = recorded.event else { return };
        let by = told.passed_on.as_ref().map_or(recorded.by, |from| &from.by);
        if let Fact::DeathReported { .. } = told.fact {
            (self.reported_by, self.died) = (Some(by.person.clone()), false);
        } else if let Fact::DeathConfirmed { .. } = told.fact {
            self.died = true;
        } else if let Fact::DeathReportMistaken { .. } = told.fact {
            (self.reported_by, self.died) = (None, false);
        }
    }

    /// Safeguarding has not looked into this, unless it concludes later.
    pub(crate) fn is_new(&mut self, at: DateTime<Utc>) {
        self.looked_into = false;
        self.new_there = Some(at).filter(|_| self.escalated);
    }

    /// What was looked at, which counts since two visits had been ineffective.
    pub(crate) fn found(&self, finding: &Finding) -> What {
        What::Finding(self.is_since(finding.occurred_at).then(|| finding.item.name()))
    }

    fn is_since(&self, at: DateTime<Utc>) -> bool {
        self.file.as_ref().is_some_and(|(_, since)| at >= *since)
    }

    /// What the determination rested on is more than it was; whoever has the file weighs that.
    fn enquired(&mut self, by: Role) {
        if self.returned {
            self.after_return.push((self.facts.last(), by.title()));
        }
        self.unsettle();
    }

    /// What was noted and returned rested on another determination.
    pub(crate) fn comes_back(&mut self) {
        self.prescribed_note &= !self.returned;
        (self.closed, self.returned) = (false, false);
        self.after_return.clear();
    }

    pub(crate) fn unsettle(&mut self) {
        if !self.returned {
            self.closed = false;
            self.determined = self.determined.map(|(_, concern)| (false, concern));
        }
    }

    /// A closing record of this instant puts on record what there is to put there.
    pub(crate) fn may_close(&self, asks: &Asks, documentation: bool, by: Role, at: DateTime<Utc>) -> bool {
        let in_hand = !self.returned && !self.decided && !self.died && !self.escalated;
        in_hand && self.would_close(asks, documentation, by, at)
    }

    /// It would, wherever the file is.
    pub(crate) fn would_close(&self, asks: &Asks, documentation: bool, by: Role, at: DateTime<Utc>) -> bool {
        let rightly = asks.closing.documentation == documentation && by == asks.closing.by;
        let after = self.determined_on.is_some_and(|on| on <= day(at));
        let noted = asks.review_noted_by.is_none() || self.review_note;
        rightly && after && self.satisfied() && self.unmet(asks).is_empty() && noted
    }

    fn close(&mut self, closes: bool, at: DateTime<Utc>) {
        self.facts.record(What::Closing(false), at);
        if closes {
            self.facts.closes(true);
            self.closed = true;
        }
    }

    /// A conference as the guidance asks for it: between the two parties, as two persons, and not too early.
    pub(crate) fn held(&self, asks: &Asks, conference: &ConferenceHeld) -> Option<HeardConference> {
        let mut persons = asks.conference.map(|role| present(&conference.participants, role));
        persons[0].retain(|person| *person != self.referrer);
        let since = self.is_since(conference.occurred_at);
        let on = day(conference.occurred_at);
        let (partnership_manager, deferral) = (conference.partnership_manager.is_some(), conference.deferral.is_some());
        let counts = two_persons(&persons) && since && self.required_on.is_none_or(|day| on >= day);
        counts.then_some(HeardConference { on, partnership_manager, deferral, persons })
    }

    pub(crate) fn satisfied(&self) -> bool {
        self.determined.is_some_and(|(satisfied, _)| satisfied)
    }

    /// A conference took place, on the day on which further information was last found to be required or later.
    fn conferred(&self) -> bool {
        self.facts.conferences().any(|held| self.required_on.is_none_or(|day| held.on >= day))
    }

    /// What stands in the way of anybody's being satisfied.
    pub(crate) fn unmet(&self, asks: &Asks) -> Vec<Law> {
        let deferred = self.facts.conferences().any(|held| held.deferral);
        let answered = |item: &AssuranceItem| self.looked_at(*item) || (*item == AssuranceItem::Deferral && deferred);
        let managed = !asks.partnership_manager || self.facts.conferences().any(|held| held.partnership_manager);
        let needs_conference = asks.always_a_conference || self.required == Some(true);
        let laws = [
            (Law::AssuranceFirst, asks.items.iter().all(answered)),
            (Law::InformationFirst, asks.always_a_conference || self.required.is_some()),
            (Law::ConferenceFirst, !needs_conference || self.conferred()),
            (Law::PartnershipManagerFirst, managed),
            (Law::ActionsFirst, self.open_actions().next().is_none()),
        ];
        laws.into_iter().filter(|(_, holds)| !holds).map(|(law, _)| law).collect()
    }

    fn looked_at(&self, item: AssuranceItem) -> bool {
        self.facts.standing().any(|what| *what == What::Finding(Some(item.name())))
    }

    /// Agreed actions that were neither taken nor overtaken by events.
    pub(crate) fn open_actions(&self) -> impl Iterator<Item = usize> {
        (1..=self.actions).filter(|action| self.facts.is_open(*action))
    }

    /// Whether the participants who say that they are satisfied are two who took part, one of each party.
    fn assented(&self, asks: &Asks, assents: &[Participant]) -> bool {
        let took_part =
            |party: usize, person: &String| self.facts.conferences().any(|held| held.persons[party].contains(person));
        let of = |party: usize| {
            let said = present(assents, asks.conference[party]);
            said.into_iter().filter(|person| took_part(party, person)).collect::<Vec<_>>()
        };
        !asks.participants_satisfied || two_persons(&[of(0), of(1)])
    }

    /// What was said or came to light that this party has not heard itself and nobody has considered.
    pub(crate) fn unheard(&self, by: Role) -> Vec<String> {
        let contact = |(number, (role, stands)): (usize, (&str, bool))| {
            (stands && role != by.title()).then(|| format!("contact:{}", number + 1))
        };
        let enquiry = |(number, role): &(u32, &str)| (*role != by.title()).then(|| format!("enquiry:{number}"));
        let contacts = self.facts.contacts().enumerate().filter_map(contact);
        let enquiries = self.after_return.iter().filter_map(enquiry);
        let came_to_light = self.unconsidered_concerns();
        let otherwise = (1..=self.concluded_otherwise).map(|number| format!("outcome-corrected:{number}"));
        let all = contacts.chain(enquiries).chain(came_to_light).chain(otherwise);
        all.filter(|key| !self.considered.contains(key)).collect()
    }

    pub(crate) fn closing_is_owed(&self, asks: &Asks) -> bool {
        !self.closed && (!asks.closing.after_concern || self.concern_found)
    }
}

/// The laws that a step breaks.
pub(crate) fn broken_by(asks: &Asks, taken: &Taken<'_, ConferencingSubject>) -> Vec<Law> {
    let (heard, by) = (&taken.before.heard, taken.step.by.role);
    let mut broken = Vec::new();
    let mut law = |law, holds: bool| broken.extend((!holds).then_some(law));
    for ruled in taken.events {
        let event = &ruled.event;
        if let Event::Determined { satisfied, concern, escalates, assents, .. } = event {
            law(Law::DecidedByWhomTheGuidanceNames, by == asks.lead);
            law(Law::SatisfiedFirst, *satisfied || *concern);
            law(Law::EscalationFirst, *escalates || heard.escalated || !*concern || heard.looked_into);
            law(Law::EscalationFirst, *concern || !heard.escalated);
            if *satisfied {
                heard.unmet(asks).into_iter().for_each(|unmet| law(unmet, false));
                law(Law::ParticipantsSatisfiedFirst, heard.assented(asks, assents));
                let own = asks.participants_satisfied && taken.step.by.person == heard.referrer;
                law(Law::ParticipantsSatisfiedFirst, !own);
                law(Law::HeardFirst, heard.unheard(asks.lead).is_empty());
            }
        } else if *event == Event::Returned {
            law(Law::DecidedByWhomTheGuidanceNames, by == asks.returned_by);
            heard.unmet(asks).into_iter().for_each(|unmet| law(unmet, false));
            law(Law::SatisfiedFirst, heard.satisfied());
            law(Law::EscalationFirst, !heard.escalated);
            law(Law::ClosingRecordFirst, !heard.closing_is_owed(asks));
            let noted = heard.prescribed_note || heard.taken_back;
            law(Law::PrescribedNoteFirst, asks.prescribed_note_by.is_none() || noted);
            law(Law::MarkerFirst, !asks.marker || heard.marker);
            law(Law::ReviewNoteFirst, asks.review_noted_by.is_none() || heard.review_note);
            law(Law::HeardFirst, heard.unheard(asks.lead).is_empty());
        } else if let Event::Decided { outcome, .. } = event {
            law(Law::DecidedByWhomTheGuidanceNames, by == asks.decided_by);
            law(Law::ReturnFirst, heard.returned && !heard.decided);
            law(Law::EscalationFirst, !heard.escalated);
            law(Law::ActionsFirst, heard.open_actions().next().is_none());
            law(Law::OutcomeAsPrescribed, asks.outcomes.contains(outcome));
            law(Law::HeardFirst, !outcome.is_adverse() || heard.unheard(asks.decided_by).is_empty());
            law(Law::DeathSettledFirst, !outcome.is_adverse() || heard.reported_by.is_none());
        } else if let Event::FactCorrected { fact, right, passed_on_from, determined_again, comes_back, .. } = event {
            let by = passed_on_from.as_ref().map_or(by, |by| by.role);
            let right = right.as_ref().map(|(_, right)| &right.happening);
            let expected = heard.corrected(asks, *fact, right, by);
            law(Law::CorrectedIsJudgedAgain, (*determined_again, *comes_back) == expected);
        } else if let Event::Customer(told) = event
            && matches!(told.fact, Fact::DeathConfirmed { .. })
            && told.passed_on.is_none()
        {
            law(Law::DeathTakesASecondPerson, heard.reported_by.as_ref().is_some_and(|by| *by != taken.step.by.person));
        } else if let Event::Protection(protection::Event::Released { ground, why, .. }) = event {
            law(Law::NothingReleasedEarly, may_release(taken, *ground, *why));
        }
    }
    law(Law::WhatHappenedIsRecorded, is_recorded(taken));
    broken
}
