//! What has to be met before the next step, and how far a case has come by what is met. Which musts stand before which
//! step is data on the benefit's page; here stands what each of them asks for.

use super::{
    fact::{AssuranceItem, Documentation, Documented, Finding, Participant, Party},
    stage::Stage,
    state::State,
    tasks,
};
use crate::{
    Role, Rule,
    benefit::{self, ClosingRecord, Held, Owed, Prescribed, Rules},
    draft::Because,
    handover::SafeguardingStep,
    rule::{
        general::GEN_3,
        rulings::{
            R_DEATH_VERIFIED, R_DIFFERENT_PERSONS, R_LATER_CONTACT, R_OPEN_ACTION, R_SECOND_PERSON, R_WITHDRAWAL,
        },
    },
};

/// Something that has to be met before a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// The note that keeps others from acting was made.
    PrescribedNote,
    /// The Additional Support marker was considered.
    SupportMarker,
    /// Every item of the assurance check was looked at.
    AssuranceCheck,
    /// Whether further information is required is decided.
    FurtherInformation,
    /// The conference took place, where one is due.
    Conference,
    /// The conference considered involving the local partnership manager.
    PartnershipManager,
    /// Every agreed action was taken or overtaken by events.
    ActionsTaken,
    /// Both parties of the conference are satisfied, as two persons.
    ParticipantsSatisfied,
    /// The actions considered and agreed were noted.
    ReviewNote,
    /// Whoever leads has considered what came to light or was said later.
    LaterConsidered,
    /// Whoever decides has considered it.
    LaterWeighed,
    /// A death that somebody reported is verified, or the report was found to be mistaken.
    DeathSettled,
    /// The concern is not with safeguarding.
    ConcernLookedInto,
    /// Whether there is a concern is determined, by those who were satisfied.
    Determined,
    /// The closing note was made, or the documentation gathered, where it is owed.
    ClosingRecord,
    /// DWP Visiting has not taken back what counted as two ineffective visits.
    VisitsStand,
}

/// Something that stands in the way.
pub(super) struct Unmet {
    /// The rules that ask for it.
    pub(super) rules: Because,
    /// What is missing, to follow on "… is not possible yet: ".
    pub(super) what: String,
}

/// A case before one of its steps.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before<'a> {
    pub(super) state: &'a State,
    pub(super) page: &'a Rules,
    /// Who says that they are satisfied.
    pub(super) assents: &'a [Participant],
}

impl<'a> Before<'a> {
    /// A case whose participants have said what its determination says.
    pub(super) fn of(state: &'a State, page: &'a Rules) -> Self {
        Self { state, page, assents: state.determination.as_ref().map_or(&[], |determined| &determined.assents) }
    }

    /// Everything that stands in the way, in the order of the gates.
    pub(super) fn unmet(&self, gates: &[Gate]) -> Vec<Unmet> {
        gates.iter().filter_map(|gate| gate.unmet(self)).collect()
    }

    fn rules(&self) -> &'a benefit::Conferencing {
        &self.page.conferencing
    }
}

/// An obstacle, where there is one.
fn missing(is: bool, rules: &[&'static Rule], what: &str) -> Option<Unmet> {
    is.then(|| Unmet { rules: rules.to_vec(), what: what.to_owned() })
}

impl Gate {
    /// What stands in the way here, if anything does.
    fn unmet(self, before: &Before<'_>) -> Option<Unmet> {
        let (state, rules) = (before.state, before.rules());
        match self {
            Self::PrescribedNote => prescribed_note(before),
            Self::SupportMarker => {
                let what = "the Additional Support marker was not considered";
                missing(state.markers.is_empty(), rules.support_marker.rules(), what)
            }
            Self::AssuranceCheck => assurance(before),
            Self::FurtherInformation => {
                let what = "whether further information is required is not decided";
                missing(state.further_information_required().is_none(), rules.conference.rules, what)
            }
            Self::Conference => conference(before),
            Self::PartnershipManager => {
                let what = "no case conference has considered whether to involve the local partnership manager";
                missing(!partnership_manager_considered(state), rules.partnership_manager.rules(), what)
            }
            Self::ActionsTaken => open_actions(before),
            Self::ParticipantsSatisfied => participants_satisfied(before),
            Self::ReviewNote => {
                let what = "the actions considered and agreed at the case conference have not been noted";
                missing(state.review_note().is_none(), rules.review_note.rules(), what)
            }
            Self::LaterConsidered => unconsidered(before, rules.satisfied.rules),
            Self::LaterWeighed => unconsidered(before, rules.decision.rules),
            Self::DeathSettled => {
                let what = "the customer is said to have died; a second person verifies it with ConfirmDeath, or \
                            CorrectDeathReport says that the report was mistaken";
                let reported = state.customer.death.is_some() && !state.customer.death_is_confirmed();
                missing(reported, &[&GEN_3, &R_DEATH_VERIFIED], what)
            }
            Self::ConcernLookedInto => {
                let what = "the concern is with safeguarding, which has not concluded";
                missing(state.escalated, rules.concern.rules, what)
            }
            Self::Determined => {
                let determined = state.determination.as_ref().is_some_and(|determination| determination.satisfied);
                let what = "whether there is a safeguarding concern is not determined";
                missing(!determined, rules.satisfied.rules, what)
            }
            Self::VisitsStand => {
                let what = "what counted as two ineffective visits was recorded in error, and DWP Visiting has taken it \
                            back; what leaves the award as it is can be decided";
                missing(state.taken_back.is_some(), &[&R_WITHDRAWAL, &R_SECOND_PERSON], what)
            }
            Self::ClosingRecord => {
                let what = match rules.closing.says.record {
                    ClosingRecord::Note => "the closing note has not been made",
                    ClosingRecord::Documentation => "the documentation has not been gathered",
                };
                missing(closing_is_owed(state, rules), rules.closing.rules, what)
            }
        }
    }
}

fn prescribed_note(before: &Before<'_>) -> Option<Unmet> {
    let Prescribed::Yes(note) = &before.rules().prescribed_note else { return None };
    let place = note.says.place.title(before.state.note_in());
    let made = tasks::prescribed_note_was_made(before.state) || before.state.taken_back.is_some();
    missing(!made, note.rules, &format!("the note for {place} has not been made"))
}

/// The items that the assurance check has not looked at.
pub(super) fn not_looked_at(state: &State, rules: &benefit::Conferencing) -> Vec<AssuranceItem> {
    rules.assurance.says.iter().copied().filter(|item| !looked_at(state, *item)).collect()
}

/// Whether to defer the appointment is looked at by itself, or in a conference that counts.
fn looked_at(state: &State, item: AssuranceItem) -> bool {
    let at_a_conference = || state.counted_conferences().any(|held| held.what.deferral.is_some());
    let found = |finding: &Finding| finding.item == item && state.is_after_visits(finding.occurred_at);
    state.findings.iter().any(|finding| found(&finding.what)) || (item == AssuranceItem::Deferral && at_a_conference())
}

fn assurance(before: &Before<'_>) -> Option<Unmet> {
    let items: Vec<_> = not_looked_at(before.state, before.rules()).into_iter().map(AssuranceItem::title).collect();
    let what = format!("the assurance check has not looked at {}", items.join("; "));
    missing(!items.is_empty(), before.rules().assurance.rules, &what)
}

/// A conference is due, as the guidance always asks for one or as further information is required, and none was held.
pub(super) fn conference_is_due(state: &State, rules: &benefit::Conferencing) -> bool {
    let required = match rules.conference.says.held {
        Held::Always => true,
        Held::WhereRequired => state.further_information_required() == Some(true),
    };
    required && !state.conference_held()
}

fn conference(before: &Before<'_>) -> Option<Unmet> {
    let clause = &before.rules().conference;
    let [lead, other] = clause.says.between.map(Role::title);
    let why = match clause.says.held {
        Held::Always => "",
        Held::WhereRequired => "further information is required, and ",
    };
    let what = format!("{why}no case conference between the {lead} and the {other} has taken place");
    missing(conference_is_due(before.state, before.rules()), clause.rules, &what)
}

/// A conference that counts considered whether to involve the local partnership manager.
pub(super) fn partnership_manager_considered(state: &State) -> bool {
    state.counted_conferences().any(|held| held.what.partnership_manager.is_some())
}

/// Agreed actions that are neither taken nor overtaken by events, if there are any.
fn open_actions(before: &Before<'_>) -> Option<Unmet> {
    let open: Vec<_> = before.state.open_actions().map(|(number, _)| number.to_string()).collect();
    let rules = [before.rules().satisfied.rules, &[&R_OPEN_ACTION]].concat();
    missing(!open.is_empty(), &rules, &format!("agreed actions are open: {}", open.join(", ")))
}

/// Both parties of the conference have to be satisfied: persons who took part in one that counts, and two of them. Nobody
/// who referred stands for whoever leads.
fn participants_satisfied(before: &Before<'_>) -> Option<Unmet> {
    let rules = before.rules();
    let [lead, other] = rules.conference.says.between;
    let parties = [(lead, other), (other, lead)].map(|(role, beside)| satisfied_for(before, role, beside));
    let [leads, _] = &parties;
    if !leads.is_empty() && leads.iter().all(|person| before.state.referred(person)) {
        let what = format!("nobody is satisfied for the {} but who referred, and they are two persons", lead.title());
        return missing(true, &[rules.satisfied.rules, &[&R_DIFFERENT_PERSONS]].concat(), &what);
    }
    let titles = [lead, other].into_iter().map(Role::title);
    let silent: Vec<_> = titles.zip(&parties).filter(|(_, said)| said.is_empty()).map(|(title, _)| title).collect();
    if !silent.is_empty() {
        let who = silent.join(" and the ");
        let what =
            format!("of those who took part in the case conference the {who} has not said that they are satisfied");
        return missing(true, rules.satisfied.rules, &what);
    }
    let [one, two] = &parties;
    let mut leads = one.iter().filter(|person| !before.state.referred(person));
    let one_person = leads.all(|person| two.iter().all(|colleague| colleague == person));
    let against = [rules.satisfied.rules, &[&R_DIFFERENT_PERSONS]].concat();
    missing(one_person, &against, "the participants who are satisfied have to be two persons")
}

/// Who is satisfied for a party, of those who took part in a conference that counts. Where nobody of the party did, as
/// another version of the guidance named another party when it took place, that one stands for it.
fn satisfied_for<'a>(before: &Before<'a>, role: Role, beside: Role) -> Vec<&'a str> {
    let there = || before.state.counted_conferences().flat_map(|held| &held.what.participants);
    let of_party = |who: &Participant| who.party == Party::Department(role);
    let in_its_place = |who: &Participant| match who.party {
        Party::Department(other) => other != beside,
        Party::HealthServices | Party::SocialServices | Party::Representative | Party::Other => false,
    };
    let took_part = there().any(of_party);
    let stands = |who: &&Participant| if took_part { of_party(who) } else { in_its_place(who) };
    let satisfied = before.assents.iter().filter(stands).filter(|who| there().any(|present| present == *who));
    satisfied.map(|who| who.person.as_str()).collect()
}

/// What came to light or was said since the handover and nobody has considered, under the paragraph that asks for it.
fn unconsidered(before: &Before<'_>, rules: &'static [&'static Rule]) -> Option<Unmet> {
    let keys = tasks::unconsidered(before.state, before.rules());
    let rules: Because = rules.iter().take(1).copied().chain([&R_LATER_CONTACT]).collect();
    let what = format!("nobody has considered what came to light later: {}", keys.join(", "));
    missing(!keys.is_empty(), &rules, &what)
}

/// The closing note or the documentation is owed, and was not made.
pub(super) fn closing_is_owed(state: &State, rules: &benefit::Conferencing) -> bool {
    let made = match rules.closing.says.record {
        ClosingRecord::Note => state.closing_note.is_some(),
        ClosingRecord::Documentation => state.documentation.is_some(),
    };
    let owed = match rules.closing.says.owed {
        Owed::Always => true,
        Owed::AfterConcern => state.concern_found,
    };
    owed && !made
}

/// What the documentation says that there is nothing of, although something is on record.
pub(super) fn left_out(state: &State, documentation: &Documentation) -> Vec<&'static str> {
    let steps = || state.outcomes.iter().flat_map(|outcome| &outcome.steps);
    let said = [
        (documentation.safeguarding_steps, "safeguarding steps", steps().next().is_some()),
        (
            documentation.referrals,
            "referrals to other organisations",
            steps().any(|taken| matches!(taken.step, SafeguardingStep::Liaison | SafeguardingStep::Disclosure)),
        ),
        (documentation.conference_outcome, "the outcome of the case conference", state.conference_held()),
        (documentation.subsequent_actions, "subsequent actions", !state.actions.is_empty()),
    ];
    let none = said.into_iter().filter(|(said, _, on_record)| *on_record && *said == Documented::None);
    none.map(|(_, what, _)| what).collect()
}

/// What has to be met before the step that a stage waits for.
pub(super) fn ahead(stage: Stage, rules: &benefit::Conferencing) -> &'static [Gate] {
    match stage {
        Stage::Assurance | Stage::ConferenceDue | Stage::DeterminationDue => rules.gates.determination,
        Stage::ClosingNoteDue | Stage::DocumentationDue => rules.gates.closing,
        Stage::ReturnDue => rules.gates.returning,
        Stage::DecisionDue => rules.gates.decision,
        Stage::Escalated | Stage::Decided | Stage::EndedDeath | Stage::EndedTakenBack => &[],
    }
}

/// How far a case has come, and the rules that say so.
pub(super) fn stage(state: &State, page: &Rules) -> (Stage, Because) {
    let rules = &page.conferencing;
    let satisfied = state.determination.as_ref().filter(|determination| determination.satisfied);
    if state.customer.death_is_confirmed() {
        (Stage::EndedDeath, vec![&GEN_3, &R_DEATH_VERIFIED])
    } else if state.decision.is_some() {
        (Stage::Decided, rules.decision.rules.to_vec())
    } else if state.ends_as_taken_back() {
        (Stage::EndedTakenBack, vec![&R_WITHDRAWAL, &R_SECOND_PERSON])
    } else if state.escalated {
        (Stage::Escalated, rules.concern.rules.to_vec())
    } else if state.returned_at.is_some() {
        (Stage::DecisionDue, rules.decision.rules.to_vec())
    } else if let Some(determination) = satisfied {
        let due = match rules.closing.says.record {
            _ if !closing_is_owed(state, rules) => (Stage::ReturnDue, rules.returning.rules),
            ClosingRecord::Note => (Stage::ClosingNoteDue, rules.closing.rules),
            ClosingRecord::Documentation => (Stage::DocumentationDue, rules.closing.rules),
        };
        let straight_on = if determination.concern { &[] } else { rules.no_concern.rules };
        (due.0, [straight_on, due.1].concat())
    } else {
        still_to_determine(state, rules)
    }
}

/// Where a conference always takes place it is the next step; where it depends on what is missing, the check comes first.
fn still_to_determine(state: &State, rules: &benefit::Conferencing) -> (Stage, Because) {
    let checked = not_looked_at(state, rules).is_empty();
    let (decided, at_once) = match rules.conference.says.held {
        Held::Always => (true, true),
        Held::WhereRequired => (state.further_information_required().is_some(), false),
    };
    let unconsidered = rules.partnership_manager.as_option().is_some() && !partnership_manager_considered(state);
    if (checked || at_once) && conference_is_due(state, rules) {
        (Stage::ConferenceDue, rules.conference.rules.to_vec())
    } else if at_once && unconsidered {
        (Stage::ConferenceDue, rules.partnership_manager.rules().to_vec())
    } else if checked && decided {
        (Stage::DeterminationDue, rules.satisfied.rules.to_vec())
    } else {
        (Stage::Assurance, [rules.lead.rules, rules.assurance.rules].concat())
    }
}
