//! `holdfast.guidance.v1.GuidanceService`.

use crate::{Header, Store, calendars, kind::Kinds, wire};
use holdfast_chassis::{Caller, Failure, Fields};
use holdfast_contracts::holdfast::guidance::v1::{self as pb, guidance_service_server::GuidanceService as GuidanceRpc};
use holdfast_procedure::{
    Deadline, Rule,
    calendar::{Calendar, Division, Nation},
    rule::{self, Standing},
    term::{Day, Reckoning, Term},
};
use tonic::{Request, Response, Status};

/// The guidance as the services of these kinds of case carry it out.
pub struct Guidance {
    kinds: Kinds,
}

impl Guidance {
    /// The guidance that judges these kinds of case.
    #[must_use]
    pub fn new(kinds: Kinds) -> Self {
        Self { kinds }
    }

    /// Any store: the versions of the guidance are the same in all, and so are the calendars, which are imported into all.
    fn store(&self) -> Result<&Store, Failure> {
        self.kinds.any_store()
    }
}

#[tonic::async_trait]
impl GuidanceRpc for Guidance {
    async fn list_rules(
        &self,
        request: Request<pb::ListRulesRequest>,
    ) -> Result<Response<pb::ListRulesResponse>, Status> {
        let request = request.into_inner();
        let mut fields = Fields::default();
        let benefit = fields.optional_choice("benefit", request.benefit, wire::benefit_from);
        let benefit = fields.finish(benefit)?;
        let of_benefit = |rule: &&Rule| benefit.is_none() || rule.benefit.is_none() || rule.benefit == benefit;
        let in_force = |rule: &&Rule| !request.in_force_only || rule.standing == Standing::InForce;
        let rules = rule::all().filter(of_benefit).filter(in_force).map(told).collect();
        Ok(Response::new(pb::ListRulesResponse { rules }))
    }

    async fn get_procedure(
        &self,
        request: Request<pb::GetProcedureRequest>,
    ) -> Result<Response<pb::GetProcedureResponse>, Status> {
        let request = request.into_inner();
        let mut fields = Fields::default();
        let benefit = fields.choice("benefit", request.benefit, wire::benefit_from);
        let at = fields.optional_instant("at", request.at);
        let (benefit, at) = fields.finish(benefit.zip(at))?;
        let store = self.store()?;
        let at = at.unwrap_or_else(|| store.clock().now());
        let version = store.guidance().in_force(benefit, at);
        let version = version.ok_or_else(|| Failure::NotInForce(wire::benefit_name(benefit)))?;
        let step = |step: holdfast_procedure::benefit::Step| pb::Step {
            name: step.name.to_owned(),
            prescribed: step.prescribed,
            citations: step.rules.iter().map(|rule| wire::citation(rule)).collect(),
        };
        Ok(Response::new(pb::GetProcedureResponse {
            version: version.name.clone(),
            source: version.source.title().to_owned(),
            effective_from: version.effective_from.map(wire::timestamp),
            steps: version.rules.steps().into_iter().map(step).collect(),
        }))
    }

    async fn explain_deadline(
        &self,
        request: Request<pb::ExplainDeadlineRequest>,
    ) -> Result<Response<pb::ExplainDeadlineResponse>, Status> {
        let request = request.into_inner();
        let mut fields = Fields::default();
        let from = fields.instant("from", request.from);
        let nation = fields.choice("nation", request.nation, wire::nation_from);
        let term = fields.message("term", request.term).and_then(|term| read_term(&mut fields, term));
        let (from, nation, term) = fields.finish(from.zip(nation).zip(term).map(|((f, n), t)| (f, n, t)))?;
        let explanation = term.explain(from, nation, &self.store()?.calendars().await?);
        let due = Some(wire::due(&Deadline { term, from, due: explanation.due }));
        let days = explanation.days.iter().map(told_day).collect();
        Ok(Response::new(pb::ExplainDeadlineResponse { due, days }))
    }

    async fn import_calendar(
        &self,
        request: Request<pb::ImportCalendarRequest>,
    ) -> Result<Response<pb::ImportCalendarResponse>, Status> {
        let caller = Caller::of(&request)?;
        let (calendar, header) = read_calendar(self.store()?, &caller, &request.into_inner())?;
        Ok(Response::new(calendars::import(&self.kinds, &calendar, &header).await?))
    }

    async fn get_calendar(
        &self,
        request: Request<pb::GetCalendarRequest>,
    ) -> Result<Response<pb::GetCalendarResponse>, Status> {
        let mut fields = Fields::default();
        let nation = fields.choice("nation", request.into_inner().nation, wire::nation_from);
        let nation: Nation = fields.finish(nation)?;
        let calendar = Some(told_calendar(self.store()?.calendars().await?.calendar(nation)));
        Ok(Response::new(pb::GetCalendarResponse { calendar }))
    }
}

fn told(rule: &'static Rule) -> pb::Rule {
    pb::Rule {
        citation: Some(wire::citation(rule)),
        benefit: rule.benefit.map(|benefit| wire::benefit(benefit).into()).unwrap_or_default(),
        service: rule.service.name().to_owned(),
        proof: rule.proof.name().to_owned(),
        in_force: rule.standing == Standing::InForce,
    }
}

/// Longer terms than this are a slip.
const LONGEST: u32 = 1_000;

fn read_term(fields: &mut Fields, term: holdfast_contracts::holdfast::common::v1::Term) -> Option<Term> {
    use holdfast_contracts::holdfast::common::v1::term::Length;
    let (length, read): (u32, fn(u16) -> Term) = match term.length {
        Some(Length::WorkingDays(days)) => (days, Term::WorkingDays),
        Some(Length::CalendarDays(days)) => (days, Term::CalendarDays),
        Some(Length::Minutes(minutes)) => (minutes, Term::Minutes),
        None => (0, Term::Minutes),
    };
    match u16::try_from(length) {
        Ok(length @ 1..) if u32::from(length) <= LONGEST => Some(read(length)),
        _ => {
            fields.fault("term", format!("has to have one length, of 1 to {LONGEST}"));
            None
        }
    }
}

fn told_day(day: &Day) -> pb::Day {
    let (counted, skipped) = match &day.what {
        Reckoning::Counted(place) => (u32::from(*place), String::new()),
        Reckoning::Weekend => (0, "weekend".to_owned()),
        Reckoning::Holiday(title) => (0, title.clone()),
    };
    pb::Day { date: day.date.to_string(), counted, skipped }
}

pub(crate) fn told_calendar(calendar: &Calendar) -> pb::Calendar {
    let holiday =
        |(date, title): (&chrono::NaiveDate, &String)| pb::Holiday { date: date.to_string(), title: title.clone() };
    pb::Calendar {
        division: calendar.division().gov_uk_name().to_owned(),
        version: calendar.version().to_owned(),
        provenance: calendar.provenance().to_owned(),
        horizon: calendar.horizon().to_string(),
        holidays: calendar.holidays().iter().map(holiday).collect(),
    }
}

fn read_calendar(
    store: &Store,
    caller: &Caller,
    request: &pb::ImportCalendarRequest,
) -> Result<(Calendar, Header), Failure> {
    let mut fields = Fields::default();
    let given = (request.request_id.as_str(), request.etag.as_str(), request.validate_only);
    let header = Header::read(store, &mut fields, caller, request, given);
    let nation = fields.choice("nation", request.nation, wire::nation_from);
    let version = fields.reference("version", &request.version);
    let provenance = fields.text("provenance", &request.provenance, 300);
    if provenance.as_ref().is_some_and(|provenance| provenance.contains(char::is_control)) {
        fields.fault("provenance", "has to be one line");
    }
    if request.gov_uk_json.len() > 200_000 {
        fields.fault("gov_uk_json", "has to be at most 200,000 bytes");
    }
    // The document is read whatever else is at fault, so that its own faults are named along with the others.
    let (division, label) = (nation.map_or(Division::EnglandAndWales, Nation::division), "unnamed");
    let (version, provenance) = (version.as_deref().unwrap_or(label), provenance.as_deref().unwrap_or(label));
    let read = match Calendar::from_gov_uk(division, version, provenance, &request.gov_uk_json) {
        Ok(calendar) => Some(calendar),
        Err(faults) => {
            for fault in faults {
                fields.fault("gov_uk_json", fault);
            }
            None
        }
    };
    // Calendars have no etag; one that is sent means nothing.
    fields.finish(read.zip(header.map(|header| Header { etag: None, ..header })))
}
