//! What is told about a customer: how contracts say it, and how it reaches the customer's other cases. Told once, of one
//! case, it goes to every service that keeps cases, the own one included (GEN-3).

use crate::{
    execute::Outcome,
    ledger::{Brought, Ledger, State},
    outbox::Calls,
    reading, wire,
};
use holdfast_chassis::Fields;
use holdfast_contracts::holdfast::{
    common::v1 as common,
    customers::v1::{self as pb, pass_on_customer_fact_request::Fact as FactPassedOn},
};
use holdfast_procedure::{
    NarrativeRef, Workload,
    customer::{self, Customer, DeathEvidence, DeathSource, Fact, PassedOn, Told as Heard},
};
use prost::Message;

/// The services that keep cases of customers. Of those that have a case, the first leads it.
pub(crate) const KEEPERS: [Workload; 3] = [Workload::Conferencing, Workload::Visiting, Workload::Safeguarding];
/// The method that takes what was told elsewhere.
const PASS_ON: &str = "/holdfast.customers.v1.CustomerService/PassOnCustomerFact";
/// The method that makes every case of a customer know what any of them knows.
const SHARE: &str = "/holdfast.customers.v1.CustomerService/ShareCustomerFacts";

crate::names! {
    /// Who reported a death.
    pub(crate) source, source_from: DeathSource <=> pb::DeathSource {
        Relative, Representative, Register, Organisation, Officer,
    }
}
crate::names! {
    /// What verifies a death.
    pub(crate) evidence, evidence_from: DeathEvidence <=> pb::DeathEvidence { Certificate, Register, OfficialNotice }
}

/// What telling something about a customer brought about.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The case of which it was told.
    pub case_reference: String,
    /// What the case knows of its customer now.
    pub customer: Option<pb::CustomerStanding>,
    /// What is owed now.
    pub effect: Option<common::Effect>,
}

/// The replies of all commands about customers hold the same, so that one of them can stand for all where they are kept.
impl From<pb::ReportDeathResponse> for Told {
    fn from(reply: pb::ReportDeathResponse) -> Self {
        let pb::ReportDeathResponse { case_reference, customer, effect } = reply;
        Self { case_reference, customer, effect }
    }
}

pub(crate) fn render<L: Ledger>(outcome: &Outcome<State<L>>) -> Vec<u8> {
    let about = L::award(&outcome.state);
    let customer = about.zip(L::known_of_customer(&outcome.state));
    let customer = customer.map(|(about, known)| standing((outcome.service, &outcome.case), &about.customer, known));
    let effect = Some(wire::effect(outcome, about));
    pb::ReportDeathResponse { case_reference: outcome.case.clone(), customer, effect }.encode_to_vec()
}

/// What a case of a service knows of its customer, who goes by this reference.
#[must_use]
pub fn standing((service, case): (Workload, &str), reference: &str, known: &Customer) -> pb::CustomerStanding {
    let death = match &known.death {
        None => pb::DeathStanding::NotReported,
        Some(death) if death.confirmed_at.is_none() => pb::DeathStanding::Reported,
        Some(_) => pb::DeathStanding::Confirmed,
    };
    let mut standing = pb::CustomerStanding {
        customer: reference.to_owned(),
        formerly: known.formerly.clone(),
        death: death.into(),
        death_reported_at: known.death.as_ref().map(|death| wire::timestamp(death.reported_at)),
        death_confirmed_at: known.death.as_ref().and_then(|death| death.confirmed_at).map(wire::timestamp),
        ..Default::default()
    };
    let of_death = known.death.iter().flat_map(|death| &death.told);
    for told in of_death.chain(&known.death_ruled_out) {
        let words = |words: &Option<NarrativeRef>| words.as_ref().map(|words| kept(words, told, service, case));
        match &told.fact {
            Fact::DeathReported { occurred_at: _, source: says, account } => {
                standing.death_source = source(*says).into();
                standing.death_account = words(account);
            }
            Fact::DeathConfirmed { evidence: by, reference } => {
                standing.death_evidence = evidence(*by).into();
                standing.death_evidence_reference.clone_from(reference);
            }
            Fact::DeathReportMistaken { reason } => standing.death_correction = words(reason),
            Fact::Moved { .. } | Fact::Merged { .. } => {}
        }
    }
    standing
}

/// Where words are kept that this case knows of.
fn kept(words: &NarrativeRef, told: &Heard, service: Workload, case: &str) -> pb::WordsKept {
    let first = first_told(told, service, case);
    pb::WordsKept {
        narrative: words.0.clone(),
        service: wire::workload(first.service).into(),
        case_reference: first.case,
    }
}

/// Adds the calls by which what is told of this case reaches the customer's others. What was told here goes to every
/// service that keeps cases, the own one included; what was passed on to this case goes on with it, to wherever the case
/// itself has gone, as it may have been on its way there when that was told.
pub(crate) fn pass_on<L: Ledger>(brought: &Brought<'_, L>, from: Workload, calls: &mut Calls) {
    let Some(about) = L::award(brought.before) else { return };
    // The own service first: it needs nobody else to be there.
    let others = KEEPERS.into_iter().filter(|keeper| *keeper != from);
    let all: Vec<_> = KEEPERS.into_iter().filter(|keeper| *keeper == from).chain(others).collect();
    for event in brought.events.iter().filter_map(|ruled| L::customer_event(&ruled.event)) {
        let told_here = || {
            let (case, by, known_as) = (brought.case.to_owned(), brought.actor.clone(), about.customer.clone());
            PassedOn { service: from, case, by, at: brought.at, known_as, taken_in: false }
        };
        // Whoever hears that a death is verified, and does not take that for their own, has heard of the death by then.
        let reports = reports_first::<L>(event, brought.after);
        let before = |told: &Heard| (told.fact.clone(), first_told(told, from, brought.case));
        let before: Vec<_> = reports.into_iter().map(before).collect();
        let (to, first) = match &event.passed_on {
            None => (all.clone(), told_here()),
            Some(first) => (L::gone_on_to(brought.after).into_iter().collect(), first.clone()),
        };
        for to in to {
            for (fact, first) in &before {
                tell(brought.case, &about.customer, (fact, first), to, calls);
            }
            tell(brought.case, &about.customer, (&event.fact, &first), to, calls);
            if let (Fact::Merged { into }, None) = (&event.fact, &event.passed_on) {
                // The customer's cases under that reference may know what these do not, and the other way round.
                share(to, into, calls);
            }
        }
    }
}

/// What was reported of a death that an event says was verified here.
fn reports_first<'a, L: Ledger>(event: &customer::Event, after: &'a State<L>) -> Vec<&'a Heard> {
    let (Fact::DeathConfirmed { .. }, None) = (&event.fact, &event.passed_on) else { return Vec::new() };
    let death = L::known_of_customer(after).and_then(|known| known.death.as_ref());
    let told = death.into_iter().flat_map(|death| &death.told);
    told.filter(|told| matches!(told.fact, Fact::DeathReported { .. })).collect()
}

fn tell(case: &str, customer: &str, (fact, first): (&Fact, &PassedOn), to: Workload, calls: &mut Calls) {
    calls.add(to, PASS_ON, |request_id| pb::PassOnCustomerFactRequest {
        request_id,
        service: wire::workload(to).into(),
        customer: customer.to_owned(),
        from_case: case.to_owned(),
        told: Some(pb::ToldFirst {
            service: wire::workload(first.service).into(),
            case_reference: first.case.clone(),
            by: Some(wire::actor(&first.by)),
            at: Some(wire::timestamp(first.at)),
            customer: first.known_as.clone(),
        }),
        fact: Some(passed_on(fact)),
        ..Default::default()
    });
}

/// Adds the call by which a service makes every case of a customer that it keeps know what any of them knows.
pub fn share(of: Workload, customer: &str, calls: &mut Calls) {
    calls.add(of, SHARE, |request_id| pb::ShareCustomerFactsRequest {
        request_id,
        service: wire::workload(of).into(),
        customer: customer.to_owned(),
        ..Default::default()
    });
}

/// Adds the calls by which the service `to`, which takes a case over from `from`, learns what is known of its customer
/// already. What was told before did not reach it, as it had no case to tell it of.
pub fn introduce(case: &str, customer: &str, known: &Customer, (from, to): (Workload, Workload), calls: &mut Calls) {
    let Some(death) = &known.death else { return };
    for told in &death.told {
        tell(case, customer, (&told.fact, &first_told(told, from, case)), to, calls);
    }
}

/// Where something that this case knows was told first.
pub(crate) fn first_told(told: &Heard, service: Workload, case: &str) -> PassedOn {
    let (case, by, known_as) = (case.to_owned(), told.by.clone(), told.known_as.clone());
    let here = PassedOn { service, case, by, at: told.at, known_as, taken_in: false };
    told.passed_on.clone().map_or(here, |first| PassedOn { taken_in: false, ..first })
}

/// Reads where something was told first.
pub(crate) fn read_first_told(fields: &mut Fields, told: Option<&pb::ToldFirst>) -> Option<PassedOn> {
    let told = fields.message("told", told)?;
    let service = fields.choice("told.service", told.service, wire::workload_from);
    let case = fields.reference("told.case_reference", &told.case_reference);
    let by = reading::actor(fields, "told.by", told.by.as_ref());
    let at = fields.instant("told.at", told.at);
    let known_as = fields.optional_reference("told.customer", &told.customer)?.unwrap_or_default();
    Some(PassedOn { service: service?, case: case?, by: by?, at: at?, known_as, taken_in: false })
}

fn passed_on(fact: &Fact) -> FactPassedOn {
    let narrative = |words: &Option<NarrativeRef>| words.as_ref().map(|words| words.0.clone()).unwrap_or_default();
    match fact {
        Fact::DeathReported { occurred_at, source: says, account } => {
            FactPassedOn::DeathReported(pb::PassedOnDeathReport {
                occurred_at: Some(wire::timestamp(*occurred_at)),
                source: source(*says).into(),
                narrative: narrative(account),
            })
        }
        Fact::DeathConfirmed { evidence: by, reference } => {
            FactPassedOn::DeathConfirmed(pb::PassedOnDeathConfirmation {
                evidence: evidence(*by).into(),
                reference: reference.clone(),
            })
        }
        Fact::DeathReportMistaken { reason } => {
            FactPassedOn::DeathReportMistaken(pb::PassedOnDeathCorrection { narrative: narrative(reason) })
        }
        Fact::Moved { place, occurred_at } => FactPassedOn::Moved(pb::PassedOnMove {
            place: Some(wire::place(place)),
            occurred_at: Some(wire::timestamp(*occurred_at)),
        }),
        Fact::Merged { into } => FactPassedOn::Merged(pb::PassedOnMerge { into: into.clone() }),
    }
}

/// Reads what was passed on.
pub(crate) fn read_passed_on(fields: &mut Fields, told: Option<&FactPassedOn>) -> Option<Fact> {
    match fields.message("fact", told)? {
        FactPassedOn::DeathReported(told) => {
            let occurred_at = fields.instant("death_reported.occurred_at", told.occurred_at);
            let source = fields.choice("death_reported.source", told.source, source_from);
            let account = fields.optional_reference("death_reported.narrative", &told.narrative);
            Some(Fact::DeathReported {
                occurred_at: occurred_at?,
                source: source?,
                account: account?.map(NarrativeRef),
            })
        }
        FactPassedOn::DeathConfirmed(told) => {
            let evidence = fields.choice("death_confirmed.evidence", told.evidence, evidence_from);
            let reference = fields.reference("death_confirmed.reference", &told.reference);
            Some(Fact::DeathConfirmed { evidence: evidence?, reference: reference? })
        }
        FactPassedOn::DeathReportMistaken(told) => {
            let reason = fields.optional_reference("death_report_mistaken.narrative", &told.narrative);
            Some(Fact::DeathReportMistaken { reason: reason?.map(NarrativeRef) })
        }
        FactPassedOn::Moved(told) => {
            let place = reading::place(fields, "moved.place", told.place.as_ref());
            let occurred_at = fields.instant("moved.occurred_at", told.occurred_at);
            Some(Fact::Moved { place: place?, occurred_at: occurred_at? })
        }
        FactPassedOn::Merged(told) => Some(Fact::Merged { into: fields.reference("merged.into", &told.into)? }),
    }
}
