//! `holdfast.guidance.v1.GuidanceService`.

use crate::{Header, Store, calendars, kind::Kinds, wire};
use chrono::{DateTime, Utc};
use holdfast_chassis::{Caller, Failure, Fields};
use holdfast_contracts::holdfast::guidance::v1::{self as pb, guidance_service_server::GuidanceService as GuidanceRpc};
use holdfast_procedure::{
    Benefit, Deadline, Rule,
    benefit::{self, Part, Step},
    calendar::{Calendar, Division, Nation},
    guidance::Version,
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

    /// The version of a benefit's guidance in force at an instant, or now.
    fn in_force(&self, (benefit, at): (Benefit, Option<DateTime<Utc>>)) -> Result<&Version, Failure> {
        let store = self.store()?;
        let version = store.guidance().in_force(benefit, at.unwrap_or_else(|| store.clock().now()));
        version.ok_or_else(|| Failure::NotInForce(wire::benefit_name(benefit)))
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
        let strength = fields.optional_choice("strength", request.strength, wire::strength_from);
        let (benefit, strength) = fields.finish(benefit.zip(strength))?;
        let of_strength = |rule: &&Rule| strength.is_none_or(|strength| rule.strength == strength);
        let of_benefit = |rule: &&Rule| benefit.is_none() || rule.benefit.is_none() || rule.benefit == benefit;
        let in_force = |rule: &&Rule| !request.in_force_only || rule.standing == Standing::InForce;
        let rules = rule::all().filter(of_benefit).filter(in_force).filter(of_strength).map(told).collect();
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
        let version = self.in_force(fields.finish(benefit.zip(at))?)?;
        Ok(Response::new(pb::GetProcedureResponse {
            version: version.name.clone(),
            source: version.source.title().to_owned(),
            effective_from: version.effective_from.map(wire::timestamp),
            steps: version.rules.steps().into_iter().map(told_step).collect(),
        }))
    }

    async fn compare_procedures(
        &self,
        request: Request<pb::CompareProceduresRequest>,
    ) -> Result<Response<pb::CompareProceduresResponse>, Status> {
        let request = request.into_inner();
        let mut fields = Fields::default();
        let one = read_side(&mut fields, ["one", "one.benefit", "one.at"], request.one);
        let other = read_side(&mut fields, ["other", "other.benefit", "other.at"], request.other);
        let (one, other) = fields.finish(one.zip(other))?;
        let (one, other) = (self.in_force(one)?, self.in_force(other)?);
        let asked = |step: &benefit::Compared| !request.different_only || !step.same();
        let steps = benefit::compare(&one.rules, &other.rules).into_iter().filter(asked).map(told_both).collect();
        Ok(Response::new(pb::CompareProceduresResponse {
            one: Some(told_version(one)),
            other: Some(told_version(other)),
            steps,
        }))
    }

    async fn explain_deadline(
        &self,
        request: Request<pb::ExplainDeadlineRequest>,
    ) -> Result<Response<pb::ExplainDeadlineResponse>, Status> {
        let request = request.into_inner();
        let mut fields = Fields::default();
        let from = fields.instant("from", request.from);
        let term = fields.message("term", request.term).and_then(|term| read_term(&mut fields, term));
        let nation = read_nation(&mut fields, term, request.nation);
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

fn told_step(step: Step) -> pb::Step {
    pb::Step {
        name: step.name.to_owned(),
        prescribed: step.prescribed,
        citations: step.rules.into_iter().map(wire::citation).collect(),
        part: part(step.part).into(),
    }
}

fn part(part: Part) -> pb::Part {
    match part {
        Part::Visiting => pb::Part::Visiting,
        Part::Conferencing => pb::Part::Conferencing,
        Part::Escalation => pb::Part::Escalation,
        Part::Decision => pb::Part::Decision,
        Part::Protection => pb::Part::Protection,
    }
}

fn told_both(step: benefit::Compared) -> pb::ComparedStep {
    let same = step.same();
    let told = |told: benefit::Told| pb::PrescribedStep {
        prescribed: told.prescribed,
        citations: told.rules.into_iter().map(wire::citation).collect(),
    };
    pb::ComparedStep {
        name: step.name.to_owned(),
        part: part(step.part).into(),
        one: Some(told(step.one)),
        other: Some(told(step.other)),
        same,
    }
}

fn told_version(version: &Version) -> pb::ProcedureVersion {
    pb::ProcedureVersion {
        benefit: wire::benefit(version.rules.benefit).into(),
        version: version.name.clone(),
        source: version.source.title().to_owned(),
        effective_from: version.effective_from.map(wire::timestamp),
    }
}

/// One side of a comparison, which may be left at "now" but not without its benefit.
fn read_side(
    fields: &mut Fields,
    [side, benefit, at]: [&str; 3],
    asked: Option<pb::ProcedureAt>,
) -> Option<(Benefit, Option<DateTime<Utc>>)> {
    let asked = fields.message(side, asked)?;
    let benefit = fields.choice(benefit, asked.benefit, wire::benefit_from);
    benefit.zip(fields.optional_instant(at, asked.at))
}

/// The nation whose working days count. Where none do, any nation's calendar serves.
fn read_nation(fields: &mut Fields, term: Option<Term>, nation: i32) -> Option<Nation> {
    if term.is_some_and(Term::counts_working_days) {
        return fields.choice("nation", nation, wire::nation_from);
    }
    fields.optional_choice("nation", nation, wire::nation_from).map(|nation| nation.unwrap_or(Nation::England))
}

/// More working days than this are a slip; the guidance counts them in tens. A day that people agreed on may be years
/// ahead.
const MOST_WORKING_DAYS: u32 = 1_000;

fn read_term(fields: &mut Fields, term: holdfast_contracts::holdfast::common::v1::Term) -> Option<Term> {
    use holdfast_contracts::holdfast::common::v1::term::Length;
    let read: Option<Term> = match term.length {
        Some(Length::WorkingDays(days)) if days > MOST_WORKING_DAYS => None,
        Some(Length::WorkingDays(days)) => u16::try_from(days).ok().map(Term::WorkingDays),
        Some(Length::CalendarDays(days)) => u16::try_from(days).ok().map(Term::CalendarDays),
        Some(Length::Minutes(minutes)) => u16::try_from(minutes).ok().map(Term::Minutes),
        None => None,
    };
    if read.is_none() {
        let most = u16::MAX;
        fields.fault(
            "term",
            format!("has to have one length, of at most {MOST_WORKING_DAYS} working days or {most} of another unit"),
        );
    }
    read
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
