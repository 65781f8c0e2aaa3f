//! What is told about a customer: how contracts say it, and how it reaches the customer's other cases. Told once, of one
//! case, it goes to every service that keeps cases, the own one included (GEN-3).

use crate::{
    execute::Outcome,
    ledger::{Brought, Ledger, State},
    outbox::Calls,
    wire,
};
use holdfast_chassis::Fields;
use holdfast_contracts::holdfast::{
    common::v1 as common,
    customers::v1::{self as pb, pass_on_customer_fact_request::Fact as PassedOn},
};
use holdfast_procedure::{
    NarrativeRef, Place, Workload,
    customer::{Customer, DeathEvidence, DeathSource, Fact},
};
use prost::Message;

/// The services that keep cases of customers. Of those that have a case, the first leads it.
pub(crate) const KEEPERS: [Workload; 3] = [Workload::Conferencing, Workload::Visiting, Workload::Safeguarding];
/// The method that takes what was told elsewhere.
const PASS_ON: &str = "/holdfast.customers.v1.CustomerService/PassOnCustomerFact";

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
    let customer = customer.map(|(about, known)| standing(&about.customer, known));
    let effect = Some(wire::effect(outcome, about));
    pb::ReportDeathResponse { case_reference: outcome.case.clone(), customer, effect }.encode_to_vec()
}

fn standing(reference: &str, known: &Customer) -> pb::CustomerStanding {
    let death = match &known.death {
        None => pb::DeathStanding::NotReported,
        Some(death) if death.confirmed_at.is_none() => pb::DeathStanding::Reported,
        Some(_) => pb::DeathStanding::Confirmed,
    };
    pb::CustomerStanding {
        customer: reference.to_owned(),
        formerly: known.formerly.clone(),
        death: death.into(),
        death_reported_at: known.death.as_ref().map(|death| wire::timestamp(death.reported_at)),
        death_confirmed_at: known.death.as_ref().and_then(|death| death.confirmed_at).map(wire::timestamp),
    }
}

/// Adds the calls by which what was told of this case reaches the customer's others. What was passed on to this case
/// goes no further.
pub(crate) fn pass_on<L: Ledger>(brought: &Brought<'_, L>, from: Workload, calls: &mut Calls) {
    let Some(about) = L::award(brought.before) else { return };
    let told = brought.events.iter().filter_map(|ruled| L::customer_event(&ruled.event));
    // The own service first: it needs nobody else to be there.
    let others = KEEPERS.into_iter().filter(|keeper| *keeper != from);
    let all: Vec<_> = KEEPERS.into_iter().filter(|keeper| *keeper == from).chain(others).collect();
    for event in told.filter(|event| event.passed_on_from.is_none()) {
        for to in all.iter().copied() {
            let request = |request_id| pb::PassOnCustomerFactRequest {
                request_id,
                service: wire::workload(to).into(),
                customer: about.customer.clone(),
                from_case: brought.case.to_owned(),
                told_by: Some(wire::actor(brought.actor)),
                fact: Some(passed_on(&event.fact)),
                ..Default::default()
            };
            calls.add(to, PASS_ON, request);
        }
    }
}

/// Adds the calls by which a service that takes a case over learns what is known of its customer already. What was told
/// before did not reach it, as it had no case to tell it of.
pub fn introduce(case: &str, customer: &str, known: &Customer, to: Workload, calls: &mut Calls) {
    let Some(death) = &known.death else { return };
    for fact in &death.told {
        calls.add(to, PASS_ON, |request_id| pb::PassOnCustomerFactRequest {
            request_id,
            service: wire::workload(to).into(),
            customer: customer.to_owned(),
            from_case: case.to_owned(),
            told_by: Some(wire::actor(&death.reported_by)),
            fact: Some(passed_on(fact)),
            ..Default::default()
        });
    }
}

fn passed_on(fact: &Fact) -> PassedOn {
    let narrative = |words: &Option<NarrativeRef>| words.as_ref().map(|words| words.0.clone()).unwrap_or_default();
    match fact {
        Fact::DeathReported { occurred_at, source: says, account } => {
            PassedOn::DeathReported(pb::PassedOnDeathReport {
                occurred_at: Some(wire::timestamp(*occurred_at)),
                source: source(*says).into(),
                narrative: narrative(account),
            })
        }
        Fact::DeathConfirmed { evidence: by, reference } => PassedOn::DeathConfirmed(pb::PassedOnDeathConfirmation {
            evidence: evidence(*by).into(),
            reference: reference.clone(),
        }),
        Fact::DeathReportMistaken { reason } => {
            PassedOn::DeathReportMistaken(pb::PassedOnDeathCorrection { narrative: narrative(reason) })
        }
        Fact::Moved { place, occurred_at } => PassedOn::Moved(pb::PassedOnMove {
            place: Some(wire::place(place)),
            occurred_at: Some(wire::timestamp(*occurred_at)),
        }),
        Fact::Merged { into } => PassedOn::Merged(pb::PassedOnMerge { into: into.clone() }),
    }
}

/// Reads what was passed on.
pub(crate) fn read_passed_on(fields: &mut Fields, told: Option<&PassedOn>) -> Option<Fact> {
    match fields.message("fact", told)? {
        PassedOn::DeathReported(told) => {
            let occurred_at = fields.instant("death_reported.occurred_at", told.occurred_at);
            let source = fields.choice("death_reported.source", told.source, source_from);
            let account = fields.optional_reference("death_reported.narrative", &told.narrative);
            Some(Fact::DeathReported {
                occurred_at: occurred_at?,
                source: source?,
                account: account?.map(NarrativeRef),
            })
        }
        PassedOn::DeathConfirmed(told) => {
            let evidence = fields.choice("death_confirmed.evidence", told.evidence, evidence_from);
            let reference = fields.reference("death_confirmed.reference", &told.reference);
            Some(Fact::DeathConfirmed { evidence: evidence?, reference: reference? })
        }
        PassedOn::DeathReportMistaken(told) => {
            let reason = fields.optional_reference("death_report_mistaken.narrative", &told.narrative);
            Some(Fact::DeathReportMistaken { reason: reason?.map(NarrativeRef) })
        }
        PassedOn::Moved(told) => {
            let place = read_place(fields, "moved.place", told.place.as_ref());
            let occurred_at = fields.instant("moved.occurred_at", told.occurred_at);
            Some(Fact::Moved { place: place?, occurred_at: occurred_at? })
        }
        PassedOn::Merged(told) => Some(Fact::Merged { into: fields.reference("merged.into", &told.into)? }),
    }
}

/// Reads where a customer lives.
pub(crate) fn read_place(fields: &mut Fields, field: &str, place: Option<&common::Place>) -> Option<Place> {
    let place = fields.message(field, place)?;
    let nation = fields.choice(&format!("{field}.nation"), place.nation, wire::nation_from);
    let area = fields.reference(&format!("{field}.area"), &place.area);
    Some(Place { nation: nation?, area: area? })
}
