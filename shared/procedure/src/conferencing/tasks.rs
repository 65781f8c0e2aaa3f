//! What a case owes between the handover and the decision.

use super::{
    advice::verb,
    state::{ReceivedCase, Stage, State},
};
use crate::{
    Deadline, Rule, Task,
    benefit::{Conferencing, PrescribedNote},
    guidance::Guidance,
    handover::{File, Happened},
    rule::{general::GEN_1, rulings::R_LATER_CONTACT},
    task::again,
    term::{Due, Term, london_date},
};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Europe::London;

/// Everything owed on the case.
pub(super) fn tasks(state: &State, guidance: &Guidance) -> Vec<Task> {
    let Some(received) = &state.received else { return Vec::new() };
    let since = state.since.unwrap_or(received.at);
    let named = |name: &str| guidance.versions().find(|version| version.name == name);
    let Some(version) = named(&state.judged_by).or_else(|| named(&received.version)) else { return Vec::new() };
    let desk =
        Desk { state, received, page: &version.rules.conferencing, handover: version.rules.handover.rules, since };
    let mut tasks = Vec::new();
    if state.stage != Stage::EndedDeath {
        tasks.extend(desk.to_take_note());
        tasks.extend(desk.agreed());
    }
    if state.stage.is_with_lead() {
        tasks.extend(desk.on_arrival());
        tasks.extend(desk.enquiries());
    }
    tasks.extend(to_consider(state, desk.page));
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
        Task::new(key, what, self.page.lead.says.role, self.received.at, first(rules))
    }

    fn blocking(&self, key: &str, what: &str, verb: &'static str, rules: &'static [&'static Rule]) -> Task {
        Task { blocking: true, discharged_by: verb, since: self.since, ..self.lead(key, what, rules) }
    }

    /// Whoever referred is told that the visits were ineffective, and who leads now.
    fn to_take_note(&self) -> Vec<Task> {
        let told = |(number, by): (usize, &crate::Actor)| {
            let lead = self.page.lead.says.role.title();
            let why = if called_twice(&self.received.file) {
                "two visits were ineffective"
            } else {
                "DWP Visiting deems the area unsafe, which counts as two ineffective visits,"
            };
            let what = format!("Take note that {why} and the {lead} leads the case");
            let key = if number == 0 { "inform-referrer".to_owned() } else { format!("inform-referrer:{number}") };
            let person = Some(by.person.clone());
            Task { person, ..Task::new(&key, &what, by.role, self.received.at, first(self.handover)) }
        };
        self.received.file.referrers().enumerate().map(told).collect()
    }

    /// What the lead owes as soon as the case arrives.
    fn on_arrival(&self) -> Vec<Task> {
        let key = again("ownership", self.state.came_back);
        let mut tasks =
            vec![self.lead(&key, self.page.lead.says.takes_over, self.page.lead.rules), self.prescribed_note()];
        if self.state.markers.is_empty() {
            let what = "Consider the Additional Support marker, and record the decision either way";
            let task = self.lead("support-marker", what, self.page.support_marker.rules);
            let (blocking, discharged_by) = (self.state.stage == Stage::ReturnDue, verb::CONSIDER_SUPPORT_MARKER);
            tasks.push(Task { blocking, discharged_by, ..task });
        }
        tasks
    }

    /// The note names the days on which somebody called.
    fn prescribed_note(&self) -> Task {
        let PrescribedNote { owner, place, wording } = self.page.prescribed_note.says;
        let file = &self.received.file;
        let what = format!("Note {place}: '{}, {wording}'", opening(&days_called(file)));
        let task = self.lead(&note_key(self.state, file), &what, self.page.prescribed_note.rules);
        Task { owner, blocking: self.state.stage == Stage::ReturnDue, ..task }
    }

    /// The assurance check, further information, the conference.
    fn enquiries(&self) -> Vec<Task> {
        let mut tasks = Vec::new();
        for item in self.page.assurance.says {
            if self.state.findings.iter().all(|finding| finding.what.item != *item) {
                let (key, what) = (format!("assurance:{}", item.name()), format!("Review {}", item.title()));
                let task = self.blocking(&key, &what, verb::RECORD_ASSURANCE_FINDING, self.page.assurance.rules);
                tasks.push(Task { since: self.received.at, ..task });
            }
        }
        let rules = self.page.conference.rules;
        match self.state.further_information.last() {
            None => {
                let what = "Decide whether further information is required, and record it either way";
                let task = self.blocking("further-information", what, verb::REQUIRE_FURTHER_INFORMATION, rules);
                tasks.push(Task { since: self.received.at, ..task });
            }
            Some(decided) if decided.what && !self.state.conference_held() => {
                let [lead, other] = self.page.conference.says.between.map(crate::Role::title);
                let what = format!("Hold a case conference between the {lead} and the {other}");
                let task = self.blocking("conference", &what, verb::RECORD_CONFERENCE, rules);
                tasks.push(Task { since: decided.at, ..task });
            }
            Some(_) => {}
        }
        tasks
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
            Stage::ClosingNoteDue => {
                let note = page.closing_note;
                let task = self.blocking("closing-note", note.says.what, verb::RECORD_CLOSING_NOTE, note.rules);
                Some(Task { owner: note.says.owner, ..task })
            }
            Stage::ReturnDue => {
                let what = format!("Return the case to the {}", page.decision.says.by.title());
                Some(self.blocking("return", &what, verb::RETURN_TO_DECISION_MAKER, page.decision.rules))
            }
            Stage::DecisionDue => {
                let outcomes: Vec<_> = page.decision.says.outcomes.iter().map(|outcome| outcome.title()).collect();
                let what = format!("Decide on the full circumstances: {}", outcomes.join(" or "));
                let task = self.blocking("decision", &what, verb::RECORD_DECISION, page.decision.rules);
                Some(Task { owner: page.decision.says.by, ..task })
            }
            Stage::Assurance | Stage::ConferenceDue | Stage::Escalated | Stage::Decided | Stage::EndedDeath => None,
        }
    }
}

/// Whatever comes to light after the handover is considered by whoever has the case in hand. The return waits for it.
fn to_consider(state: &State, page: &Conferencing) -> Vec<Task> {
    let Some(received) = &state.received else { return Vec::new() };
    let owner = match state.stage {
        Stage::DecisionDue | Stage::Decided => page.decision.says.by,
        Stage::EndedDeath => return Vec::new(),
        Stage::Assurance
        | Stage::ConferenceDue
        | Stage::DeterminationDue
        | Stage::Escalated
        | Stage::ClosingNoteDue
        | Stage::ReturnDue => page.lead.says.role,
    };
    let consider = |key: String, what: String, since: DateTime<Utc>| {
        let task = Task::new(&key, &what, owner, since.max(received.file.referral.occurred_at), &R_LATER_CONTACT);
        Task { blocking: state.stage == Stage::ReturnDue, ..task }
    };
    let came = |fact: &u32| {
        let entry = received.file.entries.iter().find(|entry| entry.fact == *fact)?;
        let day = london_date(entry.occurred_at).format("%-d %B %Y");
        let what = format!("Consider the {} of {day}, which came to light after the handover", told(entry.what));
        Some(consider(format!("came-to-light:{fact}"), what, entry.occurred_at))
    };
    let heard = |(number, contact): (usize, &super::state::Signed<super::fact::ContactHeard>)| {
        if contact.by.role == owner {
            return None;
        }
        let day = london_date(contact.what.occurred_at).format("%-d %B %Y");
        let what = format!("Consider what was said when somebody got in touch on {day}");
        Some(consider(format!("contact:{}", number + 1), what, contact.what.occurred_at))
    };
    let came_to_light = state.came_to_light.iter().filter_map(came);
    came_to_light.chain(state.contacts.iter().enumerate().filter_map(heard)).collect()
}

/// The keys of what came to light or was said later and nobody has considered.
pub(super) fn unconsidered(state: &State, page: &Conferencing) -> Vec<String> {
    let keys = to_consider(state, page).into_iter().map(|task| task.key);
    keys.filter(|key| !state.desk.completed.contains_key(key)).collect()
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

/// The days that the prescribed note names: those on which somebody called.
pub(super) fn days_called(file: &File) -> Vec<NaiveDate> {
    file.calls().into_iter().map(london_date).collect()
}

/// Two visits were made, rather than an unsafe area treated as two.
pub(super) fn called_twice(file: &File) -> bool {
    file.calls().len() > 1
}

/// How the prescribed note begins. Where fewer than two visits were made it names only the days on which somebody
/// called, and says why the case is treated as two.
fn opening(days: &[NaiveDate]) -> String {
    let told: Vec<_> = days.iter().map(|day| day.format("%-d %B %Y").to_string()).collect();
    match told.as_slice() {
        [first, .., last] => format!("Following two ineffective visits on {first} and {last}"),
        [] => {
            "As DWP Visiting deems the area unsafe, which is treated as two ineffective visits although nobody called"
                .to_owned()
        }
        [called] => format!(
            "Following an ineffective visit on {called}, and as DWP Visiting deems the area unsafe, which is treated \
             as two ineffective visits"
        ),
    }
}

fn told(what: Happened) -> &'static str {
    match what {
        Happened::IneffectiveVisit { .. } | Happened::EffectiveVisit | Happened::BrokenOffVisit => "visit",
        Happened::UnsafeArea => "finding that the area is unsafe",
        Happened::LetterPosted => "letter",
        Happened::Contact { .. } => "contact",
        Happened::Concern => "concern",
    }
}

/// A day that people agreed on, as the date of a task: its last instant in London.
fn until(from: DateTime<Utc>, day: NaiveDate) -> Deadline {
    let days = (day - london_date(from)).num_days();
    let term = Term::CalendarDays(u16::try_from(days).unwrap_or_default());
    let last = day.and_time(NaiveTime::MIN) + TimeDelta::days(1) - TimeDelta::microseconds(1);
    let ends_at = London.from_local_datetime(&last).latest().map_or_else(|| last.and_utc(), |local| local.to_utc());
    Deadline { term, from, due: Due { ends_at, provisional: false, calendar: String::new() } }
}
