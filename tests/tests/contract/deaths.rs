//! What is known of a death, and where its words are.

use super::customers::{confirmation, death};
use super::support::{ask, open, present, suite};
use holdfast_contracts::holdfast::{
    access::v1::{Role, Workload},
    customers::v1 as pb,
    visiting::v1 as visiting,
};

/// Who said so, by what it was verified and why it was wrong: every case of the customer tells where that can be read.
#[tokio::test]
async fn what_is_known_of_a_death_is_told_wherever_it_is_known() {
    let suite = suite().await;
    let (one, _) = open(&suite, "one").await;
    let (two, _) = open(&suite, "two").await;
    let standing = async |case: &str| present(&suite, case).await.referral.unwrap().customer.unwrap();
    let text = async |kept: pb::WordsKept| {
        assert_eq!((kept.service(), kept.case_reference.as_str()), (Workload::Visiting, one.as_str()));
        let request = visiting::ReadNarrativeRequest {
            case_reference: kept.case_reference,
            narrative: kept.narrative,
            purpose: visiting::ReadPurpose::NextStep.into(),
        };
        let told = ask("VisitingService/ReadNarrative", Role::CaseManager, &request);
        told.reply::<visiting::ReadNarrativeResponse>(&suite).await.text
    };
    ask("CustomerService/ReportDeath", Role::Officer, &death("d-1", &one)).by("o.first").send(&suite).await.unwrap();
    let confirm = |id: &str| ask("CustomerService/ConfirmDeath", Role::Officer, &confirmation(id, &one)).by("o.second");
    confirm("c-1").send(&suite).await.unwrap();
    suite.settle().await;
    for case in [&one, &two] {
        let told = standing(case).await;
        assert_eq!(
            (told.death_source(), told.death_evidence()),
            (pb::DeathSource::Relative, pb::DeathEvidence::Certificate)
        );
        assert_eq!((told.death_evidence_reference.as_str(), told.death_correction.as_ref()), ("D-1", None));
        assert_eq!(text(told.death_account.unwrap()).await, "what the daughter said");
    }

    // What is verified already is not verified once more, and whoever tries is told so.
    let other = pb::ConfirmDeathRequest { reference: "D-2".to_owned(), ..confirmation("c-2", &one) };
    let again: pb::ConfirmDeathResponse =
        ask("CustomerService/ConfirmDeath", Role::Officer, &other).by("o.second").reply(&suite).await;
    let notes = again.effect.unwrap().notes;
    let kept = "This death is verified already, by a death certificate, reference D-1; nothing new is kept (GEN-3).";
    assert_eq!(notes, [kept]);
    assert_eq!(again.customer.unwrap().death_evidence_reference, "D-1");

    let mistaken = pb::CorrectDeathReportRequest {
        request_id: "m-1".to_owned(),
        case_reference: one.clone(),
        reason: "the customer rang".to_owned(),
        ..Default::default()
    };
    ask("CustomerService/CorrectDeathReport", Role::Officer, &mistaken).send(&suite).await.unwrap();
    suite.settle().await;
    for case in [&one, &two] {
        let told = standing(case).await;
        assert_eq!((told.death_source(), told.death_account.as_ref()), (pb::DeathSource::Unspecified, None));
        assert_eq!(
            (told.death_evidence(), told.death_evidence_reference.as_str()),
            (pb::DeathEvidence::Unspecified, "")
        );
        assert_eq!(text(told.death_correction.unwrap()).await, "the customer rang");
    }
    suite.stop().await;
}
