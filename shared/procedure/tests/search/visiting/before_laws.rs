//! What holds before a referral: the considerations of ESA 106 to 112 and the triage of Access to Work 3 to 5.

use super::asks::Asks;
use super::law::Law;
use super::visiting_laws::{Heard, HeardFact, What};
use holdfast_procedure::protection::HoldGround;
use holdfast_procedure::visiting::{
    Conclusion, Consideration, ConsideredItem, Eligibility, Indicator, Stage, TriageResult, Understanding, VisitingForm,
};

/// What one consideration says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Considered {
    /// The five things of 106, each as a bit.
    items: u8,
    safeguarding: bool,
    /// Somebody acts for the customer, and whether it was considered that they fulfil their responsibilities.
    represented: (bool, bool),
    /// Whether the records show a condition; `None`: they were not checked.
    found: Option<bool>,
    no_response: bool,
    confident: Option<bool>,
    /// Whether a visit is right; `None`: that is still open.
    refer: Option<bool>,
}

impl Considered {
    pub(crate) fn of(told: &Consideration) -> Self {
        let bit = |item: &ConsideredItem| match item {
            ConsideredItem::Deferral => 1,
            ConsideredItem::Notification => 2,
            ConsideredItem::Advocacy => 4,
            ConsideredItem::AttendanceIssues => 8,
            ConsideredItem::Reminder => 16,
            ConsideredItem::HardshipContacts | ConsideredItem::RepresentativeResponsibilities => 0,
        };
        Self {
            items: told.considered.iter().map(bit).fold(0, |all, item| all | item),
            safeguarding: told.safeguarding_concern,
            represented: (
                told.has_representative,
                told.considered.contains(&ConsideredItem::RepresentativeResponsibilities),
            ),
            found: told.indicator.map(|indicator| indicator != Indicator::NoneFound),
            no_response: told.no_response,
            confident: told.understanding.map(|said| said == Understanding::Confident),
            refer: match told.conclusion {
                Conclusion::Open => None,
                Conclusion::Refer => Some(true),
                Conclusion::NoVisit => Some(false),
            },
        }
    }

    /// What led to a referral makes no difference after it; what was found, said and is still to be considered does.
    pub(crate) fn have_led_to_referral(&mut self) {
        (self.items, self.no_response, self.refer) = (0, false, None);
    }

    /// What two considerations say together: of what replaces something said before, the later counts.
    fn and(self, later: Self) -> Self {
        Self {
            items: self.items | later.items,
            safeguarding: self.safeguarding || later.safeguarding,
            represented: (self.represented.0 || later.represented.0, self.represented.1 || later.represented.1),
            found: match (self.found, later.found) {
                (Some(one), Some(other)) => Some(one || other),
                (found, None) | (None, found) => found,
            },
            no_response: self.no_response || later.no_response,
            confident: later.confident.or(self.confident),
            refer: later.refer.or(self.refer),
        }
    }

    /// 106: a condition that could affect understanding or compliance; 111: any doubt.
    fn condition_is_known(self) -> bool {
        self.found == Some(true) || self.confident == Some(false)
    }

    /// 106, 107, 110 and 111: everything was considered, the records were checked, no safeguarding concern is among it,
    /// and somebody is confident or nothing was found.
    fn may_end(self) -> bool {
        let understood = self.confident.unwrap_or(self.found == Some(false));
        let (represented, considered) = self.represented;
        let safe = !self.safeguarding && (considered || !represented);
        self.items == 31 && self.found.is_some() && understood && safe
    }
}

/// What a triage found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum TriageOf {
    VisitIsRight,
    NoVisit,
    NoConcern,
}

impl TriageOf {
    pub(crate) fn of(result: TriageResult) -> Self {
        match result {
            TriageResult::VisitAppropriate => Self::VisitIsRight,
            TriageResult::ConcernWithoutVisit => Self::NoVisit,
            TriageResult::NoConcern => Self::NoConcern,
        }
    }
}

impl Heard {
    fn in_order(&self) -> Vec<&HeardFact> {
        let mut facts: Vec<_> = self.facts.iter().filter(|fact| fact.stands).collect();
        facts.sort_by_key(|fact| (fact.at, fact.number));
        facts
    }

    fn considered(&self) -> Option<Considered> {
        let each = self.in_order().into_iter().filter_map(|fact| match fact {
            HeardFact { what: What::Considered(considered), .. } => Some(*considered),
            HeardFact { .. } => None,
        });
        each.reduce(Considered::and)
    }

    /// What the latest triage found, once every concern was triaged that ever arose: after it arose, and by somebody who
    /// could know of it. That one was recorded in error, too, is for a triage to say. Where the customer was seen, whoever
    /// called could look at what had arisen and was known; what was triaged before then says nothing any more.
    fn triaged(&self) -> Option<TriageOf> {
        let seen = self.standing(What::Seen).max_by_key(|seen| seen.number);
        let since = seen.map_or(0, |seen| seen.first);
        let triages = || self.in_order().into_iter().filter(|fact| matches!(fact.what, What::Triaged(_)));
        let covered = |concern: &HeardFact| {
            let looked = |fact: &HeardFact| fact.at >= concern.at && fact.first > concern.first;
            triages().chain(seen).any(looked)
        };
        let triages = || triages().filter(|triage| triage.first > since);
        let mut concerns = self.facts.iter().filter(|fact| fact.what == What::Concern && !fact.replaced);
        match triages().next_back()? {
            HeardFact { what: What::Triaged(found), .. } if concerns.all(covered) => Some(*found),
            HeardFact { .. } => None,
        }
    }

    /// An effective visit's outcome is back with the referrer.
    pub(crate) fn seen_and_told(&self) -> bool {
        self.standing(What::Seen).any(|seen| self.returned.contains(&format!("return-outcome:{}", seen.number)))
    }

    /// A concern was recorded after the customer was seen, and nobody has triaged it or withdrawn the case since.
    pub(crate) fn concern_waits_since_visit(&self, asks: &Asks) -> bool {
        let Some(seen) = self.standing(What::Seen).max_by_key(|seen| seen.number) else { return false };
        let triaged = |concern: &HeardFact| {
            let triages = self.facts.iter().filter(|fact| fact.stands && matches!(fact.what, What::Triaged(_)));
            triages.into_iter().any(|triage| triage.at >= concern.at && triage.first > concern.first)
        };
        let mut raised = self.facts.iter().filter(|fact| fact.what == What::Concern && !fact.replaced);
        let waits = raised.any(|concern| concern.first > seen.first && !triaged(concern));
        asks.triaged_by.is_some() && self.withdrawn.is_none() && waits
    }

    /// A concern was triaged never, or not since another arose, and no referral was made.
    fn waits_for_triage(&self) -> bool {
        let triaged = self.facts.iter().any(|fact| matches!(fact.what, What::Triaged(_)));
        self.referred.is_none() && triaged && self.triaged().is_none()
    }

    /// Somebody has raised a concern, found one in a triage, or said of one when the visit was considered.
    pub(crate) fn concern_is_on_record(&self) -> bool {
        let triages = [TriageOf::VisitIsRight, TriageOf::NoVisit].map(What::Triaged);
        let told = [What::Concern].into_iter().chain(triages).any(|what| self.standing(what).next().is_some());
        told || self.considered().is_some_and(|all| all.safeguarding)
    }

    /// No visit is required.
    fn no_visit_is_right(&self) -> bool {
        let concluded = self.considered().is_some_and(|all| all.may_end() && all.refer == Some(false));
        concluded && !self.concern_is_on_record() && !self.is_untraced()
    }

    /// The last that was heard of the address is that none could be traced.
    fn is_untraced(&self) -> bool {
        let mut traces = self.in_order().into_iter().filter(|fact| matches!(fact.what, What::Trace(_)));
        traces.next_back().is_some_and(|fact| fact.what == What::Trace(false))
    }

    /// Effective contact ends the case: before a referral with all that ends it without a visit, and not before a concern
    /// was triaged; afterwards where the guidance asks for confidence, with that.
    pub(crate) fn contact_may_end(&self, asks: &Asks) -> bool {
        let confidence = asks.between_visits.is_some_and(|between| between.confidence);
        if self.referred.is_some() {
            return !confidence || self.confident;
        }
        let considered = self.considered().is_some_and(Considered::may_end) && !self.concern_is_on_record();
        let considered = considered && !self.is_untraced();
        (!asks.considered || considered) && (asks.triaged_by.is_none() || self.triaged().is_some())
    }

    pub(crate) fn visit_is_right(&self) -> bool {
        let considered = self.considered();
        let right = considered.is_some_and(|all| all.confident == Some(false) || all.refer == Some(true));
        right || self.triaged() == Some(TriageOf::VisitIsRight)
    }

    /// That no visit is required rests on everything that has to be considered.
    pub(crate) fn no_visit_rests_on_facts(&self, stage: Stage) -> bool {
        stage != Stage::EndedVisitNotRequired || self.no_visit_is_right()
    }

    /// A Core Visit was considered, or a concern triaged as none: what protected the award before it does so no more.
    pub(crate) fn was_considered(&self, ground: HoldGround) -> bool {
        let no_visit = self.no_visit_is_right();
        match ground {
            HoldGround::ConditionKnown => no_visit || self.referred.is_some() || self.visit_is_right(),
            // The triage found none, or it was recorded in error.
            HoldGround::ConcernOnRecord => self.triaged() == Some(TriageOf::NoConcern) || self.was_taken_back(ground),
            HoldGround::OpenReferral
            | HoldGround::TwoIneffectiveVisits
            | HoldGround::ConcernDetermined
            | HoldGround::Reconsideration
            | HoldGround::CoreVisitDue
            | HoldGround::Other(_) => no_visit,
        }
    }

    /// What a hold stood on was recorded in error.
    pub(crate) fn was_taken_back(&self, ground: HoldGround) -> bool {
        let considered = self.considered();
        let known = considered.is_some_and(Considered::condition_is_known);
        match ground {
            HoldGround::ConcernOnRecord => !self.concern_is_on_record() && !self.waits_for_triage(),
            HoldGround::ConditionKnown => !known,
            HoldGround::CoreVisitDue => {
                self.referred.is_none()
                    && !(known && considered.is_some_and(|all| all.no_response))
                    && !self.visit_is_right()
            }
            HoldGround::OpenReferral
            | HoldGround::TwoIneffectiveVisits
            | HoldGround::ConcernDetermined
            | HoldGround::Reconsideration
            | HoldGround::Other(_) => false,
        }
    }

    /// What has to protect the award before a referral was made.
    pub(crate) fn is_protected_before(&self, asks: &Asks, stage: Stage, here: &dyn Fn(HoldGround) -> bool) -> bool {
        let concern = self.concern_is_on_record() || stage == Stage::TriageDue;
        let known = self.considered().filter(|all| all.condition_is_known());
        let (due, known_first) = match stage {
            Stage::ReferralDue => (asks.considered, false),
            Stage::ConsiderationDue => (known.is_some_and(|all| all.no_response), known.is_some()),
            Stage::TriageDue | Stage::ConcernWithSpoc => (false, false),
            Stage::WithAdviser
            | Stage::FirstVisitDue
            | Stage::AwaitingContact
            | Stage::SecondVisitUndecided
            | Stage::SecondVisitDue
            | Stage::HandedOver
            | Stage::EndedVisitNotRequired
            | Stage::EndedVisitEffective
            | Stage::EndedNoSecondVisit
            | Stage::EndedWithdrawn
            | Stage::EndedDeath
            | Stage::EndedDecided => return true,
        };
        (!due || here(HoldGround::CoreVisitDue))
            && (!known_first || here(HoldGround::ConditionKnown))
            && (!concern || here(HoldGround::ConcernOnRecord))
    }
}

/// The laws that a referral breaks by being made.
pub(crate) fn broken_by_referral(asks: &Asks, before: &Heard, form: &VisitingForm) -> Vec<Law> {
    let told = form.condition.is_some()
        && form.representative.is_some()
        && form.contact_attempts.is_some()
        && form.previous_visit.is_some()
        && form.good_cause_considered.is_some()
        && form.telephone.is_some()
        && form.telephone_staffed;
    let traced = || before.facts.iter().any(|fact| fact.stands && matches!(fact.what, What::Trace(_)));
    let eligible = form.eligibility.contains(&Eligibility::Concern) && form.support_exhausted;
    let complete =
        (!asks.considered || (told && (!form.care_of || traced()))) && (asks.triaged_by.is_none() || eligible);
    let triaged = asks.triaged_by.is_none() || before.triaged() == Some(TriageOf::VisitIsRight);
    let laws = [(Law::FormComplete, !asks.form || complete), (Law::TriagedFirst, triaged)];
    laws.into_iter().filter(|(_, holds)| !holds).map(|(law, _)| law).collect()
}
