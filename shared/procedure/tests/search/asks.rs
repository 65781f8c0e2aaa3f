//! What the guidance of each benefit asks for, read off the texts once more and not off the pages: what the pages and
//! the deciders come to is held against this.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use holdfast_procedure::Role;
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::conferencing::{AssuranceItem, Outcome};
use holdfast_procedure::visiting::SecondVisit;

/// What one benefit's guidance asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asks {
    pub(crate) benefit: Benefit,
    pub(crate) referred_by: &'static [Role],
    /// A visit is considered before the referral, and the award is protected from then on.
    pub(crate) considered: bool,
    /// Who triages a concern before the referral, where one does.
    pub(crate) triaged_by: Option<Role>,
    /// The referral form carries what the guidance asks for.
    pub(crate) form: bool,
    /// Between the visits; `None`: the text is silent.
    pub(crate) between_visits: Option<BetweenVisits>,
    /// That no address can be traced counts as two visits.
    pub(crate) untraceable: bool,
    /// Who leads after two ineffective visits.
    pub(crate) lead: Role,
    /// Who makes the note that keeps others from acting, where one is asked for.
    pub(crate) prescribed_note_by: Option<Role>,
    /// The Additional Support marker is considered.
    pub(crate) marker: bool,
    pub(crate) items: &'static [AssuranceItem],
    /// The two parties of the conference.
    pub(crate) conference: [Role; 2],
    /// A conference takes place in any case, and not only where further information is required.
    pub(crate) always_a_conference: bool,
    /// It considers the local partnership manager.
    pub(crate) partnership_manager: bool,
    /// Its participants have to be satisfied, and not only whoever leads.
    pub(crate) participants_satisfied: bool,
    /// Who notes what was considered and agreed, where that is asked for.
    pub(crate) review_noted_by: Option<Role>,
    pub(crate) closing: Closing,
    pub(crate) returned_by: Role,
    pub(crate) decided_by: Role,
    pub(crate) outcomes: &'static [Outcome],
    /// Contact has to be attempted over a concern; minutes within which a text promises another call.
    pub(crate) call_back: Option<i64>,
    /// A leader is asked in any case.
    pub(crate) always_a_leader: bool,
}

/// What puts on record which steps were taken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Closing {
    pub(crate) by: Role,
    /// Documentation for whoever decides, and not a note.
    pub(crate) documentation: bool,
    /// Only where a concern was identified.
    pub(crate) after_concern: bool,
}

/// What the guidance asks for between the first and the second visit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BetweenVisits {
    /// The letter gives this many working days.
    pub(crate) working_days: u8,
    /// Whom it asks the customer to contact.
    pub(crate) contact: Role,
    /// Who says whether a second visit is needed.
    pub(crate) decided_by: &'static [Role],
    /// What holds unless they say so.
    pub(crate) otherwise: Option<SecondVisit>,
    /// Who makes a note of the conversation, where one is asked for.
    pub(crate) noted_by: Option<Role>,
    /// Contact ends the protection only where somebody is confident of the customer's understanding.
    pub(crate) confidence: bool,
}

/// Every benefit.
pub(crate) const ALL: &[Asks] = &[PIP, ESA, UNIVERSAL_CREDIT, ACCESS_TO_WORK];

const NAMED_ITEMS: &[AssuranceItem] = &[
    AssuranceItem::Circumstances,
    AssuranceItem::PreviousInteractions,
    AssuranceItem::Documents,
    AssuranceItem::ThirdParties,
];

const ITEMS_AND_DEFERRAL: &[AssuranceItem] = &[
    AssuranceItem::Circumstances,
    AssuranceItem::PreviousInteractions,
    AssuranceItem::Documents,
    AssuranceItem::ThirdParties,
    AssuranceItem::Deferral,
];

/// PIP 1 to 18.
pub(crate) const PIP: Asks = Asks {
    benefit: Benefit::Pip,
    referred_by: &[Role::Referrer],
    considered: false,
    triaged_by: None,
    form: false,
    untraceable: false,
    between_visits: Some(BetweenVisits {
        working_days: 5,
        contact: Role::CesTeam,
        decided_by: &[Role::CesTeam],
        otherwise: None,
        noted_by: Some(Role::CesTeam),
        confidence: false,
    }),
    lead: Role::CesTeam,
    prescribed_note_by: Some(Role::CesTeam),
    marker: true,
    items: NAMED_ITEMS,
    conference: [Role::CesTeam, Role::Referrer],
    always_a_conference: false,
    partnership_manager: false,
    participants_satisfied: false,
    review_noted_by: None,
    closing: Closing { by: Role::CesTeam, documentation: false, after_concern: false },
    returned_by: Role::CesTeam,
    decided_by: Role::CaseManager,
    outcomes: &[Outcome::Disallow, Outcome::NotDisallow],
    call_back: Some(30),
    always_a_leader: false,
};

/// ESA 106 to 126.
pub(crate) const ESA: Asks = Asks {
    benefit: Benefit::Esa,
    referred_by: &[Role::Referrer],
    considered: true,
    triaged_by: None,
    form: true,
    untraceable: true,
    between_visits: Some(BetweenVisits {
        working_days: 5,
        contact: Role::Referrer,
        decided_by: &[Role::Referrer],
        otherwise: Some(SecondVisit::NotNeeded),
        noted_by: None,
        confidence: true,
    }),
    lead: Role::Heo,
    prescribed_note_by: None,
    marker: false,
    items: ITEMS_AND_DEFERRAL,
    conference: [Role::Heo, Role::Referrer],
    always_a_conference: true,
    partnership_manager: true,
    participants_satisfied: true,
    review_noted_by: Some(Role::Heo),
    closing: Closing { by: Role::Referrer, documentation: true, after_concern: false },
    returned_by: Role::Referrer,
    decided_by: Role::DecisionMaker,
    outcomes: &[Outcome::Disallow, Outcome::Sanction, Outcome::Neither],
    call_back: None,
    always_a_leader: true,
};

/// Universal Credit 1 to 11.
pub(crate) const UNIVERSAL_CREDIT: Asks = Asks {
    benefit: Benefit::UniversalCredit,
    considered: false,
    form: false,
    untraceable: false,
    between_visits: None,
    lead: Role::TeamLeader,
    conference: [Role::TeamLeader, Role::Referrer],
    review_noted_by: Some(Role::TeamLeader),
    outcomes: &[Outcome::TakeDecision, Outcome::NotTakeDecision],
    ..ESA
};

/// Access to Work 1 to 23.
pub(crate) const ACCESS_TO_WORK: Asks = Asks {
    benefit: Benefit::AccessToWork,
    referred_by: &[Role::AtwSpoc],
    triaged_by: Some(Role::AtwSpoc),
    form: true,
    between_visits: Some(BetweenVisits {
        working_days: 5,
        contact: Role::Ceast,
        decided_by: &[Role::Ceast, Role::AtwSpoc],
        otherwise: None,
        noted_by: Some(Role::AtwSpoc),
        confidence: false,
    }),
    lead: Role::Ceast,
    prescribed_note_by: Some(Role::AtwSpoc),
    conference: [Role::Ceast, Role::AtwSpoc],
    closing: Closing { by: Role::AtwSpoc, documentation: false, after_concern: true },
    returned_by: Role::Ceast,
    decided_by: Role::AtwAdviser,
    outcomes: &[Outcome::AwardGrant, Outcome::NotAwardGrant],
    ..PIP
};

/// The day in London, in summer.
pub(crate) fn day(at: DateTime<Utc>) -> NaiveDate {
    let day = (at.naive_utc() + SUMMER).date();
    assert!((4..10).contains(&day.month()), "{day}: the search stays in summer");
    day
}

/// London's clocks are an hour ahead in summer.
const SUMMER: TimeDelta = TimeDelta::hours(1);

/// A reading of the clock in London, in summer.
pub(crate) fn london(text: &str) -> DateTime<Utc> {
    let reading = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a reading of the clock");
    (reading - SUMMER).and_utc()
}

/// The last instant of the nth working day after an event: weekends do not count, and there is no bank holiday in June.
pub(crate) fn working_days_after(event: DateTime<Utc>, days: u8) -> DateTime<Utc> {
    let mut date = day(event);
    for _ in 0..days {
        date = date + Days::new(1);
        while matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
            date = date + Days::new(1);
        }
    }
    ((date + Days::new(1)).and_time(NaiveTime::MIN) - SUMMER).and_utc() - TimeDelta::microseconds(1)
}
