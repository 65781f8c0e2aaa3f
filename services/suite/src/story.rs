//! A case as a whole: the journals of every service that has it, merged in the order in which things were recorded.

use crate::address::Running;
use chrono::{DateTime, Utc};
use chrono_tz::Europe::London;
use holdfast_chassis::access::role_name;
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    common::v1::TimelineEntry,
    conferencing::v1 as conferencing,
    safeguarding::v1 as safeguarding,
    visiting::v1 as visiting,
};
use std::{error::Error, io::Write, time::Duration};
use tonic::{Code, Request, Response, Status, metadata::MetadataValue, transport::Channel};

/// Why the story could not be told.
type Fault = Box<dyn Error + Send + Sync>;

/// Entries asked for at a time.
const PAGE: u32 = 500;

/// One entry, and the service whose journal it is from.
struct Told {
    service: &'static str,
    entry: TimelineEntry,
}

/// Reads one service's whole journal of a case; nothing where the service does not have the case.
macro_rules! journal {
    ($reader:ident, $of:ident, $service:literal, $client:expr) => {{
        let (mut told, mut page_token) = (Vec::new(), String::new());
        loop {
            let case_reference = $reader.case.clone();
            let request = $of::GetTimelineRequest { case_reference, page_size: PAGE, page_token };
            let reply: Result<Response<$of::GetTimelineResponse>, Status> =
                $client.get_timeline($reader.request(request)?).await;
            let page = match reply {
                Ok(reply) => reply.into_inner(),
                Err(status) if status.code() == Code::NotFound => break,
                Err(status) => return Err(status.into()),
            };
            told.extend(page.entries.into_iter().map(|entry| Told { service: $service, entry }));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        told
    }};
}

struct Reader<'a> {
    running: &'a Running,
    case: String,
}

impl Reader<'_> {
    fn request<T>(&self, message: T) -> Result<Request<T>, Fault> {
        let token = self.running.issuer.token("storyteller", Some(Role::Auditor), Workload::Operations, 60)?;
        let mut request = Request::new(message);
        request.metadata_mut().insert("authorization", MetadataValue::try_from(format!("Bearer {token}"))?);
        request.set_timeout(Duration::from_secs(10));
        Ok(request)
    }

    /// Every entry of every service, in the order in which they were recorded.
    async fn read(&self) -> Result<Vec<Told>, Fault> {
        let channel = Channel::from_shared(self.running.url.clone())?
            .connect_timeout(Duration::from_secs(5))
            .connect()
            .await
            .map_err(|_| format!("no suite answers at {}", self.running.url))?;
        let mut at_visiting = visiting::visiting_service_client::VisitingServiceClient::new(channel.clone());
        let mut at_conferencing =
            conferencing::conferencing_service_client::ConferencingServiceClient::new(channel.clone());
        let mut at_safeguarding = safeguarding::escalation_service_client::EscalationServiceClient::new(channel);
        let mut told: Vec<Told> = journal!(self, visiting, "visiting", at_visiting);
        told.extend(journal!(self, conferencing, "conferencing", at_conferencing));
        told.extend(journal!(self, safeguarding, "safeguarding", at_safeguarding));
        // The sort keeps each journal's own order, and that of the services where two recorded at the same instant.
        told.sort_by_key(|told| told.entry.recorded_at.map(|at| (at.seconds, at.nanos)));
        Ok(told)
    }
}

/// Tells a case as a whole: who did what when, what followed by itself, and the rules behind it.
///
/// # Errors
/// Where no suite answers, or none of its services has the case.
pub async fn tell(running: &Running, case: &str, out: &mut (dyn Write + Send)) -> Result<(), Fault> {
    let told = Reader { running, case: case.to_owned() }.read().await?;
    if told.is_empty() {
        return Err(format!("no service has a case {case}").into());
    }
    writeln!(
        out,
        "\n{case}, from the journals of all services, in the order in which things were recorded; the time is London's:\n"
    )?;
    let has_words = told.iter().any(|told| !told.entry.narratives.is_empty());
    for Told { service, entry } in told {
        let recorded = instant(entry.recorded_at);
        let occurred = instant(entry.occurred_at);
        let when = recorded.map(|at| in_london(at, "%a %d %b %Y %H:%M:%S")).unwrap_or_default();
        let rules = if entry.rules.is_empty() { String::new() } else { format!("  [{}]", entry.rules.join(", ")) };
        writeln!(out, "{when}  {service:<12}  {}{rules}", entry.summary)?;
        let happened =
            occurred.filter(|occurred| recorded.is_some_and(|recorded| (recorded - *occurred).num_minutes() > 0));
        let happened = happened.map(|at| format!("; happened {}", in_london(at, "%a %d %b %Y %H:%M")));
        let words = entry.narratives.join(", ");
        let words = if words.is_empty() { words } else { format!("; words {words}") };
        let hash: String = entry.hash.chars().take(8).collect();
        writeln!(out, "{:25}{:14}{} {}{}{words}", "", "", by(&entry), hash, happened.unwrap_or_default())?;
    }
    if has_words {
        writeln!(out, "\n{}", how_words_are_read(case))?;
    }
    Ok(())
}

/// What people said or wrote is not told here: it is read by its reference, for a purpose, and that is recorded.
fn how_words_are_read(case: &str) -> String {
    format!(
        "Words are read by their reference, with ReadNarrative of the service in whose journal it stands; who reads them, \
         and why, is recorded:\n  \
         holdfast.visiting.v1.VisitingService, holdfast.conferencing.v1.ConferencingService or \
         holdfast.safeguarding.v1.EscalationService\n  \
         /ReadNarrative {{\"case_reference\":\"{case}\",\"narrative\":\"N-…\",\"purpose\":\"READ_PURPOSE_NEXT_STEP\"}}"
    )
}

fn in_london(at: DateTime<Utc>, format: &str) -> String {
    at.with_timezone(&London).format(format).to_string()
}

fn by(entry: &TimelineEntry) -> String {
    match entry.actor.as_ref().filter(|actor| !actor.person.is_empty()) {
        Some(actor) => format!("{} ({})", actor.person, role_name(actor.role()).replace('_', " ").to_lowercase()),
        None => "by itself".to_owned(),
    }
}

fn instant(at: Option<prost_types::Timestamp>) -> Option<DateTime<Utc>> {
    at.and_then(|at| DateTime::from_timestamp(at.seconds, u32::try_from(at.nanos).unwrap_or_default()))
}
