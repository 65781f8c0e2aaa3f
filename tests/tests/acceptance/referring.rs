//! What comes before a visit: it is considered, a concern is raised and triaged, an address is traced, and the customer is
//! referred with all that the benefit's form asks for.

use crate::{
    parties::{Party, party},
    world::World,
};
use chrono::{DateTime, Utc};
use cucumber::{gherkin::Step, given, when};
use holdfast_contracts::holdfast::{
    common::v1::{Award, Benefit, Nation, Place},
    visiting::v1 as pb,
};
use holdfast_tests::suite::{london, timestamp};

/// Whom a case is about.
pub(crate) struct Claim<'a> {
    pub(crate) customer: &'a str,
    pub(crate) benefit: Benefit,
    pub(crate) nation: &'a str,
    pub(crate) award: &'a str,
}

impl Claim<'_> {
    fn award(&self) -> Option<Award> {
        let (customer, benefit, award) = (self.customer.to_owned(), self.benefit.into(), self.award.to_owned());
        Some(Award { customer, benefit, award })
    }

    fn place(&self) -> Option<Place> {
        Some(place(self.nation))
    }

    /// Who refers.
    fn referrer(&self) -> Party {
        party(if self.benefit == Benefit::AccessToWork { "SPOC" } else { "referrer" })
    }
}

/// The benefit that scenarios call so.
pub(crate) fn benefit(name: &str) -> Benefit {
    match name {
        "PIP" => Benefit::Pip,
        "ESA" => Benefit::Esa,
        "UC" => Benefit::UniversalCredit,
        _ => Benefit::AccessToWork,
    }
}

fn place(nation: &str) -> Place {
    let nation = match nation {
        "England" => Nation::England,
        "Wales" => Nation::Wales,
        "Scotland" => Nation::Scotland,
        _ => Nation::NorthernIreland,
    };
    Place { nation: nation.into(), area: "Somewhere".to_owned() }
}

/// The claimant is referred with a complete form; in Access to Work after a concern was triaged.
pub(crate) async fn referred(world: &mut World, claim: &Claim<'_>, note_in: &str, at: DateTime<Utc>) {
    if claim.benefit == Benefit::AccessToWork {
        raise(world, party("AtW processor"), Some(claim), at).await;
        world.effect();
        triage(world, party("SPOC"), at, pb::TriageResult::VisitAppropriate).await;
        world.effect();
    }
    let form = complete_form(world, claim.benefit, note_in);
    refer(world, claim.referrer(), claim, at, form).await;
    world.effect();
}

/// Somebody refers the claimant.
pub(crate) async fn refer(
    world: &mut World,
    (person, role): Party,
    claim: &Claim<'_>,
    at: DateTime<Utc>,
    form: Option<pb::VisitingForm>,
) {
    let request = pb::ReferForVisitRequest {
        request_id: world.request_id(),
        form,
        award: claim.award(),
        place: claim.place(),
        occurred_at: Some(timestamp(at)),
        circumstances: world.words(),
        ..Default::default()
    };
    let suite = world.suite().await;
    let answer = suite.visiting().refer_for_visit(suite.request(person, role, request)).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

fn known(text: String) -> Option<pb::KnownOrNot> {
    Some(pb::KnownOrNot { text, not_known: false })
}

/// The form with all that a benefit asks for, where it asks for one.
fn complete_form(world: &mut World, benefit: Benefit, note_in: &str) -> Option<pb::VisitingForm> {
    match benefit {
        Benefit::Esa => Some(pb::VisitingForm {
            condition: known(world.words()),
            representative: Some(pb::KnownOrNot { text: String::new(), not_known: true }),
            contact_attempts: known(world.words()),
            previous_visit: pb::Answer::No.into(),
            good_cause_considered: pb::Answer::No.into(),
            lone_parent_with_child_under_one: pb::Answer::No.into(),
            has_representative: pb::Answer::No.into(),
            situations: vec![pb::Situation::FailedToAttendInterview.into()],
            telephone: "020 7946 0000".to_owned(),
            telephone_staffed: true,
            ..Default::default()
        }),
        Benefit::AccessToWork => {
            let note_in = match note_in {
                "DISC" => pb::NoteIn::Disc,
                "ATWIS" => pb::NoteIn::Atwis,
                _ => pb::NoteIn::Both,
            };
            let eligibility = vec![pb::Eligibility::Concern.into(), pb::Eligibility::Vulnerable.into()];
            let note_in = note_in.into();
            Some(pb::VisitingForm { eligibility, note_in, support_exhausted: true, ..Default::default() })
        }
        Benefit::Pip | Benefit::UniversalCredit | Benefit::Unspecified => None,
    }
}

/// A complete form with one thing about it changed.
fn changed(world: &mut World, mut form: pb::VisitingForm, change: &str) -> pb::VisitingForm {
    let activity = pb::Situation::WorkRelatedActivityNotUndertaken.into();
    match change {
        "lacks the condition" => form.condition = None,
        "does not say whether anybody represents the claimant" => form.representative = None,
        "does not say whether the claimant is a lone parent" => form.lone_parent_with_child_under_one = 0,
        "lacks the action taken to contact the claimant" => form.contact_attempts = None,
        "lacks what is asked of previous visits and good cause" => {
            (form.previous_visit, form.good_cause_considered) = (0, 0);
        }
        "lacks the telephone number" => form.telephone.clear(),
        "has a number that nobody staffs" => form.telephone_staffed = false,
        "does not say which activity was not undertaken" => form.situations = vec![activity],
        "names the activity and the day it was due" => {
            form.situations = vec![activity];
            form.activity = Some(pb::Activity { what: world.words(), due_on: "2026-05-15".to_owned() });
        }
        "asks to check whether the claimant is a lone parent" => {
            form.lone_parent_with_child_under_one = pb::Answer::NotKnown.into();
        }
        "names an appointee" => {
            form.has_representative = pb::Answer::Yes.into();
            form.representative = known(world.words());
        }
        "gives a care-of address" => form.care_of = true,
        "tells of vulnerability alone" => form.eligibility = vec![pb::Eligibility::Vulnerable.into()],
        "tells of complex needs and a concern" => {
            form.eligibility = vec![pb::Eligibility::ComplexNeeds.into(), pb::Eligibility::Concern.into()];
        }
        "does not say that other support is exhausted" => form.support_exhausted = false,
        "does not say where notes are made" => form.note_in = 0,
        "tells that legislation requires a face to face meeting" => form.face_to_face_required = true,
        other => panic!("no form {other}"),
    }
    form
}

#[given(
    regex = r"^an? (PIP|ESA|UC|AtW) (?:claimant|customer) in (England|Wales|Scotland|Northern Ireland) was referred for a visit on (\S+ \S+)(?:, noted in (DISC|ATWIS|both))?$"
)]
#[when(
    regex = r"^an? (PIP|ESA|UC|AtW) (?:claimant|customer) in (England|Wales|Scotland|Northern Ireland) was referred for a visit on (\S+ \S+)(?:, noted in (DISC|ATWIS|both))?$"
)]
async fn was_referred(world: &mut World, of: String, nation: String, at: String, note_in: String) {
    let claim = Claim { customer: "C-1", benefit: benefit(&of), nation: &nation, award: "A-1" };
    referred(world, &claim, &note_in, london(&at)).await;
}

#[when(
    regex = r"^(?:the )?(referrer|SPOC|AtW adviser|AtW processor) refers an? (PIP|ESA|UC|AtW) (?:claimant|customer) for a visit on (\S+ \S+)(?:, and the form (.+))?$"
)]
async fn refers(world: &mut World, who: String, of: String, at: String, change: String) {
    let claim = Claim { customer: "C-1", benefit: benefit(&of), nation: "England", award: "A-1" };
    let form = complete_form(world, claim.benefit, "both");
    let form = match (form, change.as_str()) {
        (Some(form), change) if !change.is_empty() => Some(changed(world, form, change)),
        (form, _) => form,
    };
    refer(world, party(&who), &claim, london(&at), form).await;
}

/// Somebody raises a concern: about a claim that no case is open for, or on the case.
async fn raise(world: &mut World, (person, role): Party, claim: Option<&Claim<'_>>, at: DateTime<Utc>) {
    let request = pb::RaiseConcernRequest {
        request_id: world.request_id(),
        case_reference: if claim.is_some() { String::new() } else { world.case.clone() },
        award: claim.and_then(Claim::award),
        place: claim.and_then(Claim::place),
        concern: Some(pb::Concern { occurred_at: Some(timestamp(at)), specifics: world.words() }),
        ..Default::default()
    };
    let suite = world.suite().await;
    let answer = suite.visiting().raise_concern(suite.request(person, role, request)).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

#[given(
    regex = r"^the (AtW processor|AtW adviser|officer) raised a concern about an? (PIP|ESA|UC|AtW) (?:claimant|customer) on (\S+ \S+)$"
)]
#[when(
    regex = r"^the (AtW processor|AtW adviser|officer) raises a concern about an? (PIP|ESA|UC|AtW) (?:claimant|customer) on (\S+ \S+)$"
)]
async fn raises(world: &mut World, who: String, of: String, at: String) {
    let claim = Claim { customer: "C-1", benefit: benefit(&of), nation: "England", award: "A-1" };
    raise(world, party(&who), Some(&claim), london(&at)).await;
}

#[when(regex = r"^the (AtW processor|AtW adviser|Visiting Officer|officer) raises a further concern on (\S+ \S+)$")]
async fn raises_further(world: &mut World, who: String, at: String) {
    raise(world, party(&who), None, london(&at)).await;
}

async fn triage(world: &mut World, (person, role): Party, at: DateTime<Utc>, result: pb::TriageResult) {
    let request = pb::TriageConcernRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        triage: Some(pb::Triage { occurred_at: Some(timestamp(at)), result: result.into(), reason: world.words() }),
        ..Default::default()
    };
    let suite = world.suite().await;
    let answer = suite.visiting().triage_concern(suite.request(person, role, request)).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

#[given(
    regex = r"^the (SPOC) found on (\S+ \S+) that (there is a concern and a visit is appropriate|there is a concern but no visit is appropriate|there is no concern)$"
)]
#[when(
    regex = r"^the (SPOC|AtW adviser|AtW processor) finds on (\S+ \S+) that (there is a concern and a visit is appropriate|there is a concern but no visit is appropriate|there is no concern)$"
)]
async fn triages(world: &mut World, who: String, at: String, what: String) {
    let result = match what.as_str() {
        "there is a concern and a visit is appropriate" => pb::TriageResult::VisitAppropriate,
        "there is a concern but no visit is appropriate" => pb::TriageResult::ConcernWithoutVisit,
        _ => pb::TriageResult::NoConcern,
    };
    triage(world, party(&who), london(&at), result).await;
}

#[given(regex = r"^the (Visiting Officer|referrer) traced an address in (\w+) on (\S+ \S+)$")]
#[when(regex = r"^the (Visiting Officer|referrer) traces an address in (\w+) on (\S+ \S+)$")]
async fn traces(world: &mut World, who: String, nation: String, at: String) {
    trace(world, party(&who), &at, Some(place(&nation))).await;
}

#[when(regex = r"^the (Visiting Officer|referrer) can trace no address on (\S+ \S+)$")]
async fn traces_none(world: &mut World, who: String, at: String) {
    trace(world, party(&who), &at, None).await;
}

async fn trace(world: &mut World, (person, role): Party, at: &str, place: Option<Place>) {
    let result = if place.is_some() { pb::TraceResult::Found } else { pb::TraceResult::NotFound };
    let (occurred_at, account) = (Some(timestamp(london(at))), world.words());
    let request = pb::RecordAddressTraceRequest {
        request_id: world.request_id(),
        case_reference: world.case.clone(),
        address_trace: Some(pb::AddressTrace { occurred_at, result: result.into(), place, account }),
        ..Default::default()
    };
    let suite = world.suite().await;
    let answer = suite.visiting().record_address_trace(suite.request(person, role, request)).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}

/// The names in a cell, one after the other, as the contract numbers them.
fn numbers(cell: &str, number: impl Fn(&str) -> Option<i32>) -> Vec<i32> {
    cell.split(", ").map(|name| number(&crate::then::spelled(name)).unwrap_or_else(|| panic!("{name:?}"))).collect()
}

fn consideration(world: &mut World, at: &str, step: &Step) -> pb::Consideration {
    let mut told = pb::Consideration {
        occurred_at: Some(timestamp(london(at))),
        account: world.words(),
        conclusion: pb::Conclusion::Open.into(),
        ..Default::default()
    };
    for row in step.table.iter().flat_map(|table| &table.rows) {
        let (what, cell) = (row[0].as_str(), row[1].as_str());
        match what {
            "situation" => {
                told.situations =
                    numbers(cell, |name| Some(pb::Situation::from_str_name(&format!("SITUATION_{name}"))?.into()));
            }
            "records show" => {
                let name = format!("INDICATOR_{}", cell.to_uppercase().replace(' ', "_"));
                told.indicator = pb::Indicator::from_str_name(&name).expect("found or none found").into();
            }
            "considered" => {
                told.considered = numbers(cell, |name| {
                    Some(pb::ConsideredItem::from_str_name(&format!("CONSIDERED_ITEM_{name}"))?.into())
                });
            }
            "correspondence" => told.no_response = cell == "no response",
            "safeguarding concern" => told.safeguarding_concern = cell == "yes",
            "appointee" => told.has_representative = cell == "yes",
            "spoken with, staff are" => {
                told.understanding = understanding(cell).into();
            }
            "conclusion" => {
                let name = format!("CONCLUSION_{}", crate::then::spelled(cell));
                told.conclusion = pb::Conclusion::from_str_name(&name).expect("a conclusion").into();
            }
            other => panic!("a consideration has no {other:?}"),
        }
    }
    told
}

/// Whether staff are confident, as scenarios say it.
pub(crate) fn understanding(said: &str) -> pb::Understanding {
    match said {
        "" => pb::Understanding::Unspecified,
        "confident" => pb::Understanding::Confident,
        "in doubt" => pb::Understanding::Doubt,
        other => panic!("nobody is {other}"),
    }
}

#[given(regex = r"^the referrer considered a Core Visit for an? (ESA|PIP|UC|AtW) (?:claimant|customer) on (\S+ \S+)$")]
#[when(regex = r"^the referrer considers a Core Visit for an? (ESA|PIP|UC|AtW) (?:claimant|customer) on (\S+ \S+)$")]
async fn considers(world: &mut World, #[step] step: &Step, of: String, at: String) {
    let claim = Claim { customer: "C-1", benefit: benefit(&of), nation: "England", award: "A-1" };
    consider(world, Some(&claim), &at, step).await;
}

#[when(regex = r"^the referrer goes on considering on (\S+ \S+)$")]
async fn goes_on(world: &mut World, #[step] step: &Step, at: String) {
    consider(world, None, &at, step).await;
}

async fn consider(world: &mut World, claim: Option<&Claim<'_>>, at: &str, step: &Step) {
    let consideration = consideration(world, at, step);
    let request = pb::ConsiderVisitRequest {
        request_id: world.request_id(),
        case_reference: if claim.is_some() { String::new() } else { world.case.clone() },
        award: claim.and_then(Claim::award),
        place: claim.and_then(Claim::place),
        consideration: Some(consideration),
        ..Default::default()
    };
    let (person, role) = party("referrer");
    let suite = world.suite().await;
    let answer = suite.visiting().consider_visit(suite.request(person, role, request)).await;
    world.answered(answer, |reply| (reply.referral, reply.effect)).await;
}
