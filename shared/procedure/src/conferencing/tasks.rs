//! What a case owes between the handover and the decision.

mod words;

use super::{
    advice::verb,
    fact::{ContactHeard, Fact},
    gates::{self, Gate},
    stage::Stage,
    state::{ReceivedCase, State},
};
use crate::{
    Deadline, Rule, Task,
    benefit::{ClosingRecord, Conferencing, Held, Prescribed},
    facts::Kept,
    guidance::Guidance,
    handover::File,
    rule::{
        general::GEN_1,
        rulings::{R_CARE_OF, R_LATER_CONTACT, R_RECONSIDERATION, R_SECOND_PERSON, R_UNSAFE_AREA_NOTE},
    },
    task::again,
    term::{Due, Term, end_of_day, london_date},
};
use chrono::{DateTime, NaiveDate, Utc};
use words::opening;
pub(super) use words::what_came;

/// Everything owed on the case.
pub(super) fn tasks(state: &State, guidance: &Guidance) -> Vec<Task> {
    let Some(received) = &state.received else { return Vec::new() };
    let since = state.since.unwrap_or(received.at);
    let named = |name: &str| guidance.versions().find(|version| version.name == name);
    let Some(version) = named(&state.judged_by).or_else(|| named(&received.version)) else { return Vec::new() };
    let desk =
        Desk { state, received, page: &version.rules.conferencing, handover: version.rules.handover.rules, since };
    let mut tasks = Vec::new();
    if !state.stage.has_ended() {
        tasks.extend(desk.to_take_note().into_iter().filter(|_| state.taken_back.is_none()));
        tasks.extend(desk.agreed());
    }
    tasks.extend(desk.taken_back());
    if state.stage.is_with_lead() {
        tasks.extend(desk.on_arrival());
        tasks.extend(desk.enquiries());
        tasks.extend(desk.review_note());
    }
    tasks.extend(to_consider(state, desk.page));
    tasks.extend(desk.to_reconsider());
    tasks.extend(desk.next_step());
    state.desk.owed(&state.customer, tasks)
}

struct Desk<'a> {
    state: &'a State,
    received: &'a ReceivedCase,
    page: &'a Conferencing,
    handover: &'static [&'static Rule],
    since: DateTime<Utc>,
}

/// The rule that a task cites.
fn first(rules: &'static [&'static Rule]) -> &'static Rule {
    rules.first().copied().unwrap_or(&GEN_1)
}

impl Desk<'_> {
    fn lead(&self, key: &str, what: &str, rules: &'static [&'static Rule]) -> Task {
        self.since_visits(Task::new(key, what, self.page.lead.says.role, self.received.at, first(rules)))
    }

    /// What the second ineffective visit gives rise to may have been done since then, whenever the case arrived here.
    fn since_visits(&self, task: Task) -> Task {
        Task { arose_at: Some(self.received.file.since), ..task }
    }

    fn blocking(&self, key: &str, what: &str, verb: &'static str, rules: &'static [&'static Rule]) -> Task {
        Task { blocking: true, discharged_by: verb, since: self.since, ..self.lead(key, what, rules) }
    }

    /// Whoever referred is told that the visits were ineffective, and who leads now.
    fn to_take_note(&self) -> Vec<Task> {
        let told = |(number, by): (usize, &crate::Actor)| {
            let lead = self.page.lead.says.role.title();
            let why = match grounds(&self.received.file) {
                Grounds::TwoVisits => "two visits were ineffective",
                Grounds::UnsafeArea => "DWP Visiting deems the area unsafe, which counts as two ineffective visits,",
                Grounds::NoAddress => "no confident address was traced, which counts as two ineffective visits,",
            };
            let what = format!("Take note that {why} and the {lead} leads the case");
            let key = if number == 0 { "inform-referrer".to_owned() } else { format!("inform-referrer:{number}") };
            // What was told of visits that were taken back does not tell of others.
            let key = again(&key, self.received.file.times_taken_back as usize);
            let person = Some(by.person.clone());
            let task = Task::new(&key, &what, by.role, self.received.at, first(self.handover));
            Task { person, ..self.since_visits(task) }
        };
        self.received.file.referrers().enumerate().map(told).collect()
    }

    /// The step that the case waits for waits for this.
    fn waited_for(&self, gate: Gate) -> bool {
        gates::ahead(self.state.stage, self.page).contains(&gate)
    }

    /// What is owed as soon as the case arrives.
    fn on_arrival(&self) -> Vec<Task> {
        let lead = &self.page.lead;
        let key = again("ownership", self.state.came_back);
        let takes_over = lead.says.takes_over.as_option().map(|what| self.lead(&key, what, lead.rules));
        let mut tasks: Vec<_> = takes_over.into_iter().chain(self.prescribed_note()).collect();
        if let Prescribed::Yes(marker) = self.page.support_marker
            && self.state.markers.is_empty()
        {
            let what = "Consider the Additional Support marker, and record the decision either way";
            let task = self.lead("support-marker", what, marker.rules);
            let (blocking, discharged_by) = (self.waited_for(Gate::SupportMarker), verb::CONSIDER_SUPPORT_MARKER);
            tasks.push(Task { blocking, discharged_by, ..task });
        }
        tasks
    }

    /// The note names the days on which somebody called.
    fn prescribed_note(&self) -> Option<Task> {
        // Nobody notes two ineffective visits that were taken back.
        let note = self.page.prescribed_note.as_option().filter(|_| self.state.taken_back.is_none())?;
        let file = &self.received.file;
        let (place, wording) = (note.says.place.title(file.note_in), note.says.wording);
        let what = format!("Note {place}: '{}, {wording}'", opening(&days_called(file)));
        let task = self.lead(&note_key(self.state, file), &what, note.rules);
        Some(Task { owner: note.says.owner, blocking: self.waited_for(Gate::PrescribedNote), ..task })
    }

    /// The assurance check, further information, the conference.
    fn enquiries(&self) -> Vec<Task> {
        let mut tasks = Vec::new();
        for item in gates::not_looked_at(self.state, self.page) {
            let (key, what) = (format!("assurance:{}", item.name()), format!("Review {}", item.title()));
            let task = self.blocking(&key, &what, verb::RECORD_ASSURANCE_FINDING, self.page.assurance.rules);
            tasks.push(Task { since: self.received.at, ..task });
        }
        let decided = self.state.further_information.last();
        if self.page.conference.says.held == Held::WhereRequired && decided.is_none() {
            let what = "Decide whether further information is required, and record it either way";
            let rules = self.page.conference.rules;
            let task = self.blocking("further-information", what, verb::REQUIRE_FURTHER_INFORMATION, rules);
            tasks.push(Task { since: self.received.at, ..task });
        }
        tasks.extend(self.conference());
        tasks
    }

    /// The conference, and what it has to consider.
    fn conference(&self) -> Option<Task> {
        if gates::conference_is_due(self.state, self.page) {
            let [lead, other] = self.page.conference.says.between.map(crate::Role::title);
            let what = format!("Hold a case conference between the {lead} and the {other}");
            let task = self.blocking("conference", &what, verb::RECORD_CONFERENCE, self.page.conference.rules);
            let required = self.state.further_information.last().filter(|decided| decided.what);
            let since = required.map_or(self.received.at, |decided| decided.at);
            return Some(Task { since, due: self.state.conference_by.clone(), ..task });
        }
        let clause = self.page.partnership_manager.as_option()?;
        let held = self.state.counted_conferences().last()?;
        let what = "Consider in a case conference whether to involve the local partnership manager";
        let owed = || self.blocking("partnership-manager", what, verb::RECORD_CONFERENCE, clause.rules);
        let unconsidered = !gates::partnership_manager_considered(self.state);
        unconsidered.then(|| Task { since: held.what.occurred_at, ..owed() })
    }

    /// What was considered and agreed at a conference that counts is noted.
    fn review_note(&self) -> Option<Task> {
        let note = self.page.review_note.as_option()?;
        let held = self.state.counted_conferences().last()?;
        let task = self.lead(&review_note_key(self.state), note.says.what, note.rules);
        // It may have been made before anybody recorded the conference here.
        let (since, blocking) = (held.what.occurred_at, self.waited_for(Gate::ReviewNote));
        Some(Task { owner: note.says.owner, since, arose_at: None, blocking, ..task })
    }

    /// Whoever decided is told what was corrected since, and considers whether the decision stands.
    fn to_reconsider(&self) -> Vec<Task> {
        let owed = |fact: &u32| {
            let superseded = self.state.facts.all().find(|(number, _)| number == fact)?.1.superseded.as_ref()?;
            let what = format!(
                "Consider whether the decision is to be reconsidered: fact {fact}, which it rested on, was corrected; \
                 ReopenCase opens the case again"
            );
            let (key, owner) = (format!("corrected:{fact}"), self.page.decision.says.by);
            Some(Task::new(&key, &what, owner, superseded.at, &R_RECONSIDERATION))
        };
        let decided = self.state.stage == Stage::Decided;
        self.state.corrected_since_decision.iter().filter(|_| decided).filter_map(owed).collect()
    }

    /// Whoever has the case in hand is told that it was taken back; whoever decided without knowing it considers what
    /// that means for the decision.
    fn taken_back(&self) -> Option<Task> {
        let taken = self.state.taken_back.as_ref().filter(|_| self.state.stage != Stage::EndedDeath)?;
        let (what, owner, rule): (_, _, &'static Rule) = if self.state.decided_unaware {
            let what = "Consider whether the decision is to be reconsidered: what counted as two ineffective visits was \
                        recorded in error; ReopenCase opens the case again";
            (what, self.page.decision.says.by, &R_RECONSIDERATION)
        } else {
            let what = "Take note that DWP Visiting has taken the case back, as what counted as two ineffective visits \
                        was recorded in error";
            (what, self.page.lead.says.role, &R_SECOND_PERSON)
        };
        let key = format!("taken-back:{}", self.state.times_taken_back);
        Some(Task::new(&key, what, owner, taken.at, rule))
    }

    fn agreed(&self) -> Vec<Task> {
        let owed = |(number, action): (u32, &super::state::Action)| {
            let what = format!("Take agreed action {number} and report what became of it");
            let task =
                self.blocking(&format!("action:{number}"), &what, verb::REPORT_ACTION, self.page.satisfied.rules);
            let due = action.by.map(|day| until(action.agreed_at, day));
            let blocking = self.state.stage != Stage::Decided;
            Task { owner: action.owner, since: action.agreed_at, due, blocking, ..task }
        };
        self.state.open_actions().map(owed).collect()
    }

    /// The one step that takes the case on.
    fn next_step(&self) -> Option<Task> {
        let page = self.page;
        match self.state.stage {
            Stage::DeterminationDue => {
                let what = "Determine whether there is a safeguarding concern, once satisfied that agreed actions were \
                            taken and all relevant information was considered";
                Some(self.blocking("determination", what, verb::RECORD_DETERMINATION, page.satisfied.rules))
            }
            Stage::ClosingNoteDue | Stage::DocumentationDue => {
                let closing = page.closing;
                let (key, verb) = match closing.says.record {
                    ClosingRecord::Note => ("closing-note", verb::RECORD_CLOSING_NOTE),
                    ClosingRecord::Documentation => ("documentation", verb::ASSEMBLE_DOCUMENTATION),
                };
                let task = self.blocking(key, closing.says.what, verb, closing.rules);
                Some(Task { owner: closing.says.owner, ..task })
            }
            Stage::ReturnDue => {
                let what = format!("Return the case to the {}", page.decision.says.by.title());
                let task = self.blocking("return", &what, verb::RETURN_TO_DECISION_MAKER, page.returning.rules);
                Some(Task { owner: page.returning.says, ..task })
            }
            Stage::DecisionDue => {
                let outcomes: Vec<_> = page.decision.says.outcomes.iter().map(|outcome| outcome.title()).collect();
                let what = format!("Decide on the full circumstances: {}", outcomes.join(" or "));
                let task = self.blocking("decision", &what, verb::RECORD_DECISION, page.decision.rules);
                Some(Task { owner: page.decision.says.by, ..task })
            }
            Stage::Assurance
            | Stage::ConferenceDue
            | Stage::Escalated
            | Stage::Decided
            | Stage::EndedDeath
            | Stage::EndedTakenBack => None,
        }
    }
}

/// Whatever comes to light after the handover is considered by whoever has the case in hand. The determination and the
/// return wait for it.
fn to_consider(state: &State, page: &Conferencing) -> Vec<Task> {
    let Some(received) = &state.received else { return Vec::new() };
    let owner = match state.stage {
        Stage::DecisionDue | Stage::Decided => page.decision.says.by,
        Stage::EndedDeath | Stage::EndedTakenBack => return Vec::new(),
        Stage::Assurance
        | Stage::ConferenceDue
        | Stage::DeterminationDue
        | Stage::Escalated
        | Stage::ClosingNoteDue
        | Stage::DocumentationDue
        | Stage::ReturnDue => page.lead.says.role,
    };
    let consider = |key: String, what: String, since: DateTime<Utc>| {
        let task = Task::new(&key, &what, owner, since.max(received.file.referral.occurred_at), &R_LATER_CONTACT);
        Task { blocking: gates::ahead(state.stage, page).contains(&Gate::LaterConsidered), ..task }
    };
    let came = |fact: &u32| {
        let entry = received.file.entries.iter().find(|entry| entry.fact == *fact)?;
        let day = london_date(entry.occurred_at).format("%-d %B %Y");
        let what = format!("Consider the {} of {day}, which came to light after the handover", what_came(entry.what));
        Some(consider(came_to_light_key(*fact), what, entry.occurred_at))
    };
    // What is right of a contact is another one to consider.
    let heard = |(number, (contact, kept)): (usize, (&ContactHeard, &Kept<Fact>))| {
        if kept.by.role == owner || kept.superseded.is_some() {
            return None;
        }
        let day = london_date(contact.occurred_at).format("%-d %B %Y");
        let what = format!("Consider what was said when somebody got in touch on {day}");
        Some(consider(format!("contact:{}", number + 1), what, contact.occurred_at))
    };
    let other = |(number, concluded_at): (usize, &DateTime<Utc>)| {
        let day = london_date(*concluded_at).format("%-d %B %Y");
        let what = format!("Consider what safeguarding corrected in its outcome of {day}");
        consider(format!("outcome-corrected:{}", number + 1), what, *concluded_at)
    };
    // What is right of an enquiry is another one to consider, too.
    let found = |number: &u32| {
        let kept = state.facts.get(*number).filter(|kept| kept.by.role != owner)?;
        let (_, at) = kept.what.happening.occurred_at();
        let day = london_date(at).format("%-d %B %Y");
        let what = format!("Consider what was found or talked about on {day}, which was recorded after the return");
        Some(consider(format!("enquiry:{number}"), what, at))
    };
    let after_return = state.after_return.iter().filter_map(found);
    let came_to_light = state.came_to_light.iter().filter_map(came);
    let corrected = state.corrected_outcomes.iter().enumerate().map(other);
    let contacts = state.every_contact().enumerate().filter_map(heard);
    came_to_light.chain(contacts).chain(corrected).chain(after_return).collect()
}

/// The keys of what came to light or was said later and nobody has considered.
pub(super) fn unconsidered(state: &State, page: &Conferencing) -> Vec<String> {
    let keys = to_consider(state, page).into_iter().map(|task| task.key);
    keys.filter(|key| !state.desk.completed.contains_key(key)).collect()
}

/// The key of the task to consider something of the file that came to light after the handover.
pub(super) fn came_to_light_key(fact: u32) -> String {
    format!("came-to-light:{fact}")
}

/// Whether the note that names the days on which somebody called was made since the lead has had the file.
pub(super) fn prescribed_note_was_made(state: &State) -> bool {
    let Some(received) = &state.received else { return false };
    state.desk.completed.contains_key(&note_key(state, &received.file))
}

/// The prescribed note's key. Where the days turn out to be others, or the file comes back, the note is owed anew.
fn note_key(state: &State, file: &File) -> String {
    let days = days_called(file).into_iter().map(|day| format!(":{day}"));
    again(&format!("prescribed-note{}", days.collect::<String>()), state.came_back)
}

/// The key of the note of what was considered and agreed. Where another conference takes place, or one turns out to have
/// been otherwise, it is owed anew.
pub(super) fn review_note_key(state: &State) -> String {
    again("review-note", state.review_notes_owed().saturating_sub(1))
}

/// The days that the prescribed note names: those on which somebody called.
pub(super) fn days_called(file: &File) -> Vec<NaiveDate> {
    file.calls().into_iter().map(london_date).collect()
}

/// What counts as two ineffective visits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grounds {
    /// Two visits that were made.
    TwoVisits,
    /// An unsafe area, treated as two.
    UnsafeArea,
    /// No confident address, treated as two.
    NoAddress,
}

impl Grounds {
    /// The ruling on what is treated as two visits, and on what a prescribed note says of that.
    pub(super) fn ruling(self, page: &Conferencing) -> Option<&'static Rule> {
        match self {
            Self::TwoVisits => None,
            Self::UnsafeArea => page.prescribed_note.as_option().map(|_| &R_UNSAFE_AREA_NOTE),
            Self::NoAddress => Some(&R_CARE_OF),
        }
    }
}

/// What counts as two ineffective visits in this file.
pub(super) fn grounds(file: &File) -> Grounds {
    if file.calls().len() > 1 {
        Grounds::TwoVisits
    } else if file.no_address_was_traced() {
        Grounds::NoAddress
    } else {
        Grounds::UnsafeArea
    }
}

/// A day that people agreed on, as the date of a task: its last instant in London.
fn until(from: DateTime<Utc>, day: NaiveDate) -> Deadline {
    let days = (day - london_date(from)).num_days();
    let term = Term::CalendarDays(u16::try_from(days).unwrap_or_default());
    let due = Due { ends_at: end_of_day(day), provisional: false, calendar: String::new(), nation: None };
    Deadline { term, from, due }
}
