//! What has to be met before a step that is asked for: a benefit's page lists its gates, and a step waits for all of
//! them.

use super::{
    before::{Considered, Triaged},
    fact::{ConsideredItem, Happening, TriageResult, Understanding},
    form::{FormItem, VisitingForm},
    state::State,
};
use crate::{Rule, benefit::Clause};
use std::collections::BTreeSet;

/// One thing that has to be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// All of these were considered.
    Considered(&'static [ConsideredItem]),
    /// The records were checked for indicators.
    IndicatorsChecked,
    /// No safeguarding concern is on record.
    NoSafeguardingConcern,
    /// Where there is an appointee or attorney, whether they fulfil their responsibilities was considered.
    ResponsibilitiesConsidered,
    /// Somebody spoke with the customer and is confident that they understand and are able to comply; or the records
    /// were checked, and nothing speaks against it.
    Confident,
    /// The last trace of an address did not come to nothing.
    NotUntraceable,
    /// Whoever triages found a concern, and a visit appropriate.
    Triaged,
    /// Where only a care-of address is known, a trace of another is on record.
    AddressTraced,
    /// The form carries this.
    Form(FormItem),
}

/// What is not met: why, and the rules that ask for it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unmet {
    pub(super) rules: Vec<&'static Rule>,
    pub(super) what: String,
}

impl Gate {
    fn unmet(self, state: &State, considered: &Considered, form: &VisitingForm) -> Option<String> {
        match self {
            Self::Considered(items) => {
                let left = considered.left_of(items);
                let titles: Vec<_> = left.iter().map(|item| item.title()).collect();
                (!left.is_empty()).then(|| format!("consider first {}", titles.join("; ")))
            }
            Self::IndicatorsChecked => {
                let what = "check the records for indicators, and say what they show";
                considered.indicators.is_empty().then(|| what.to_owned())
            }
            Self::NoSafeguardingConcern => {
                let what = "a safeguarding concern is on record: consider whom to contact to mitigate hardship, and \
                            conclude REFER; where it was recorded in error CorrectFact comes first";
                considered.safeguarding_concern.then(|| what.to_owned())
            }
            Self::ResponsibilitiesConsidered => {
                let item = ConsideredItem::RepresentativeResponsibilities;
                considered.responsibilities_unconsidered().then(|| format!("consider first {}", item.title()))
            }
            Self::Confident => {
                let met = match considered.understanding {
                    Some(Understanding::Confident) => true,
                    Some(Understanding::Doubt) => false,
                    None => considered.nothing_found(),
                };
                let what = "speak with the claimant and be confident that they understand and are able to comply; in \
                            doubt conclude REFER";
                (!met).then(|| what.to_owned())
            }
            Self::NotUntraceable => {
                let what = "no address could be traced with confidence, which is acted on as if two ineffective visits \
                            had taken place: conclude REFER, and refer with ReferForVisit; where an address was traced \
                            since, RecordAddressTrace comes first";
                considered.untraced.then(|| what.to_owned())
            }
            Self::Triaged => {
                let found = Triaged::of(state, state.effective_visit()).and_then(|triaged| triaged.found);
                let what = "have the concern triaged first, with the finding that a visit is appropriate: RaiseConcern, \
                            then TriageConcern";
                (found != Some(TriageResult::VisitAppropriate)).then(|| what.to_owned())
            }
            Self::AddressTraced => {
                let traced =
                    state.standing_facts().any(|(_, fact)| matches!(fact.happening, Happening::AddressTrace(_)));
                // A trace is recorded on a case, which nothing but considering the visit opens before its referral.
                let first = if state.opened.is_some() { "" } else { "open a case with ConsiderVisit, " };
                let what = format!(
                    "form.care_of: {first}trace a confident address first, and record what came of it with \
                     RecordAddressTrace"
                );
                (form.care_of && !traced).then_some(what)
            }
            Self::Form(item) => item.missing(form, &considered.situations).map(str::to_owned),
        }
    }
}

/// What is not met of a list, all of it at once; `None` where everything is.
pub(super) fn unmet(gates: &[Clause<Gate>], state: &State, form: &VisitingForm) -> Option<Unmet> {
    let considered = Considered::of(state);
    let unmet = gates.iter().filter_map(|gate| Some((gate.rules, gate.says.unmet(state, &considered, form)?)));
    let unmet: Vec<_> = unmet.collect();
    let mut rules: Vec<_> = unmet.iter().flat_map(|(rules, _)| rules.iter().copied()).collect();
    let mut seen = BTreeSet::new();
    rules.retain(|rule| seen.insert(rule.id));
    let told = unmet.iter().map(|(rules, what)| {
        let ids: Vec<_> = rules.iter().map(|rule| rule.id).collect();
        format!("{what} ({})", ids.join(", "))
    });
    (!unmet.is_empty()).then(|| Unmet { rules, what: told.collect::<Vec<_>>().join("; ") })
}
