//! May this payment be stopped? What a payment system would be told, for the engineer who looks after it.

use crate::address::Running;
use holdfast_chassis::access::workload_name;
use holdfast_contracts::holdfast::{
    access::v1::Workload,
    common::v1::{HoldGround, Strength},
};
use holdfast_protection_client::{
    Action, ActionGround, Advisory, AdvisoryKind, Benefit, Cause, Citation, Client, Permission, Question, Reason,
    ReasonKind, Verdict, Why,
};
use std::{error::Error, io::Write, time::Duration};
use tonic::{Request, metadata::MetadataValue, service::Interceptor, transport::Channel};

/// Why the check could not be asked.
type Fault = Box<dyn Error + Send + Sync>;

/// Benefits by the letters that everybody calls them by.
const LETTERS: [(&str, &str); 2] = [("UC", "UNIVERSAL_CREDIT"), ("ATW", "ACCESS_TO_WORK")];

/// What is asked, as it is typed.
#[derive(Debug, Clone, clap::Args)]
pub struct Asked {
    /// The customer's reference.
    #[arg(long)]
    pub customer: String,
    /// pip, esa, uc or atw.
    #[arg(long, value_parser = benefit)]
    pub benefit: Benefit,
    /// The award's reference; in Access to Work before an award, the application's.
    #[arg(long)]
    pub award: String,
    /// suspend, stop, end, disallow, sanction or reduce.
    #[arg(long, value_parser = action)]
    pub action: Action,
    /// non-attendance, missing-evidence or other; without it, judged as any ground.
    #[arg(long, value_parser = ground)]
    pub ground: Option<ActionGround>,
    /// A condition or an indicator is known that could affect the claimant's understanding or compliance.
    #[arg(long)]
    pub condition_known: bool,
    /// Have it confirmed by every service that can protect the award, and write a permit.
    #[arg(long)]
    pub confirm: bool,
}

/// The form in which contracts name a value that is typed as, for example, `missing-evidence`.
fn shouted(typed: &str) -> String {
    typed.to_ascii_uppercase().replace('-', "_")
}

/// The benefit that somebody typed.
///
/// # Errors
/// What can be typed.
pub fn benefit(typed: &str) -> Result<Benefit, String> {
    let name = shouted(typed);
    let name = LETTERS.iter().find(|(letters, _)| *letters == name).map_or(name.as_str(), |(_, name)| name);
    // The contract's 0 is what is not said.
    let found = Benefit::from_str_name(&format!("BENEFIT_{name}")).filter(|found| i32::from(*found) > 0);
    found.ok_or_else(|| "pip, esa, uc or atw".to_owned())
}

fn action(typed: &str) -> Result<Action, String> {
    let found = Action::from_str_name(&format!("ACTION_{}", shouted(typed)));
    let found = found.filter(|found| *found != Action::Unspecified);
    found.ok_or_else(|| "suspend, stop, end, disallow, sanction or reduce".to_owned())
}

fn ground(typed: &str) -> Result<ActionGround, String> {
    let found = ActionGround::from_str_name(&format!("ACTION_GROUND_{}", shouted(typed)));
    let found = found.filter(|found| *found != ActionGround::Unspecified);
    found.ok_or_else(|| "non-attendance, missing-evidence or other".to_owned())
}

impl Asked {
    fn question(&self) -> Question {
        Question {
            customer: self.customer.clone(),
            benefit: self.benefit,
            award: self.award.clone(),
            action: self.action,
            ground: self.ground.unwrap_or(ActionGround::Unspecified),
            condition_known: self.condition_known,
        }
    }

    /// What is asked, in one line.
    fn told(&self) -> String {
        let action = lowered(self.action.as_str_name(), "ACTION_");
        let benefit = self.benefit.as_str_name().trim_start_matches("BENEFIT_").replace('_', " ");
        format!("{action} award {} of customer {} ({benefit})", self.award, self.customer)
    }
}

/// Asks the running suite as a payment system does and tells what it says; gives whether the action is permitted.
///
/// # Errors
/// Where no suite can be asked, or its answer cannot be written.
pub async fn tell(running: &Running, asked: &Asked, out: &mut (dyn Write + Send)) -> Result<bool, Fault> {
    let channel = Channel::from_shared(running.url.clone())?
        .connect_timeout(Duration::from_secs(5))
        .connect()
        .await
        .map_err(|_| format!("no suite answers at {}", running.url))?;
    let client = Client::new(channel, payments(running)?);
    let question = asked.question();
    let verdict = if asked.confirm {
        client.confirm(&format!("check-{}", uuid::Uuid::new_v4().simple()), &question).await
    } else {
        client.check(&question).await
    };
    match &verdict {
        Verdict::Permitted(permission) => permitted(asked, permission, out)?,
        Verdict::Prohibited(why) => prohibited(asked, why, out)?,
    }
    Ok(verdict.may_act())
}

/// Says that payments ask, by themselves.
fn payments(running: &Running) -> Result<impl Interceptor + Clone + use<>, Fault> {
    let token = running.issuer.token("payments", None, Workload::Payments, 60)?;
    let token = MetadataValue::try_from(format!("Bearer {token}"))?;
    Ok(move |mut request: Request<()>| {
        request.metadata_mut().insert("authorization", token.clone());
        Ok(request)
    })
}

fn permitted(asked: &Asked, permission: &Permission, out: &mut (dyn Write + Send)) -> Result<(), Fault> {
    let left = permission.left().as_secs_f64();
    let how = if asked.confirm { "confirmed, under permit" } else { "under decision" };
    writeln!(out, "PERMITTED for {left:.1} s: {}, {how} {}", asked.told(), permission.decision_id())?;
    advised(permission.advisories(), permission.citations(), out)
}

fn prohibited(asked: &Asked, why: &Why, out: &mut (dyn Write + Send)) -> Result<(), Fault> {
    writeln!(out, "PROHIBITED: do not {}", asked.told())?;
    match &why.cause {
        Cause::Told(reasons) => {
            for reason in reasons {
                writeln!(out, "  {}", reason_told(reason))?;
                rules_told(&reason.rules, &why.citations, out)?;
            }
        }
        Cause::NoAnswer(_) | Cause::Doubted(_) => writeln!(out, "  {why}")?,
    }
    advised(&why.advisories, &why.citations, out)
}

fn advised(advisories: &[Advisory], citations: &[Citation], out: &mut (dyn Write + Send)) -> Result<(), Fault> {
    for advisory in advisories {
        let told = match AdvisoryKind::try_from(advisory.kind) {
            Ok(AdvisoryKind::OpenReferral) => "a visiting referral is open for the award, and no concern is on record",
            Ok(AdvisoryKind::AnotherAwardHeld) => "another award of the customer's is held",
            Ok(AdvisoryKind::OtherActionsHeld) => "the award is held, but not against this action on this ground",
            Ok(AdvisoryKind::Unspecified) | Err(_) => "something that this build has no name for",
        };
        writeln!(out, "  beside it: {told}{}", case_told(&advisory.case_reference))?;
        rules_told(&advisory.rules, citations, out)?;
    }
    Ok(())
}

/// The rules behind a reason, each with what it says.
fn rules_told(rules: &[String], citations: &[Citation], out: &mut (dyn Write + Send)) -> Result<(), Fault> {
    for rule in rules {
        match citations.iter().find(|citation| citation.rule == *rule) {
            Some(citation) => {
                let of = if citation.strength() == Strength::Ruling { "ruling on" } else { "paragraph" };
                writeln!(out, "    {rule} ({of} {}): {}", citation.paragraph, citation.requires)?;
            }
            None => writeln!(out, "    {rule}")?,
        }
    }
    Ok(())
}

/// A reason, in a few words.
fn reason_told(reason: &Reason) -> String {
    let source = Workload::try_from(reason.source).unwrap_or_default();
    let known = (source != Workload::Unspecified).then(|| workload_name(source).to_lowercase());
    let service = known.clone().unwrap_or_else(|| "a service".to_owned());
    match ReasonKind::try_from(reason.kind) {
        Ok(ReasonKind::Held) => {
            let undelivered = known.map(|source| format!("; {source} has not delivered it yet")).unwrap_or_default();
            format!("the award is held: {}{}{undelivered}", ground_told(reason), case_told(&reason.case_reference))
        }
        Ok(ReasonKind::NotRecognised) => format!("the question is not recognised in {}", reason.fields.join(", ")),
        Ok(ReasonKind::NotVerified) => "the ledger's database does not answer".to_owned(),
        Ok(ReasonKind::NoSources) => "no service is required to prove that its holds have arrived".to_owned(),
        Ok(ReasonKind::SourceMissing) => format!("{service} has proved nothing since the check began"),
        Ok(ReasonKind::SourceStale) => format!("the last proof of {service} is too old"),
        Ok(ReasonKind::SourceNotReconciled) => format!("{service} has not been compared with the ledger"),
        Ok(ReasonKind::SourceProtects) => format!("{service} itself protects the award"),
        Ok(ReasonKind::SourceChanged) => format!("something changed at {service} while it was asked: ask again"),
        Ok(ReasonKind::SourceUnreachable) => format!("{service} does not answer"),
        Ok(ReasonKind::ConditionStated) => {
            "a condition is known, and no Core Visit is known to have been considered for the award".to_owned()
        }
        Ok(ReasonKind::Unspecified) | Err(_) => "a reason that this build has no name for".to_owned(),
    }
}

fn ground_told(reason: &Reason) -> &'static str {
    match HoldGround::try_from(reason.ground) {
        Ok(HoldGround::OpenReferral) => "a visiting referral is open",
        Ok(HoldGround::ConcernOnRecord) => "a concern is on record while a visiting referral is open",
        Ok(HoldGround::TwoIneffectiveVisits) => "two visits were ineffective, or count as two",
        Ok(HoldGround::ConcernDetermined) => "a concern was determined",
        Ok(HoldGround::Reconsideration) => "the decision is reconsidered",
        Ok(HoldGround::ConditionKnown) => "a condition or an indicator is known, and no Core Visit was considered yet",
        Ok(HoldGround::CoreVisitDue) => "a Core Visit is due and its outcome not known",
        Ok(HoldGround::Unspecified) | Err(_) => "on a ground that this build has no name for",
    }
}

fn case_told(case: &str) -> String {
    if case.is_empty() { String::new() } else { format!(" (case {case})") }
}

fn lowered(name: &str, prefix: &str) -> String {
    name.trim_start_matches(prefix).replace('_', " ").to_lowercase()
}
