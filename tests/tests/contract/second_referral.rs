//! What a referrer is told whose referral joined the case that was open for the award.

use super::support::{Ask, ask, at, open, present, referral, suite};
use holdfast_contracts::holdfast::{
    access::v1::Role,
    common::v1::{Award, Benefit, Nation, Place},
    visiting::v1 as pb,
};
use holdfast_tests::suite::TestSuite;

/// A referral for the award of another, under a request id of its own.
fn again(id: &str, of: &str) -> pb::ReferForVisitRequest {
    pb::ReferForVisitRequest { award: referral(of).award, ..referral(id) }
}

async fn referred(suite: &TestSuite, call: &Ask) -> (pb::Referral, Vec<String>) {
    let reply: pb::ReferForVisitResponse = call.reply(suite).await;
    (reply.referral.unwrap(), reply.effect.unwrap().notes)
}

#[tokio::test]
async fn a_second_referral_joins_the_case_that_is_open() {
    let suite = suite().await;
    let (case, _) = open(&suite, "one").await;
    let before = present(&suite, &case).await.referral.unwrap();
    suite.move_clock("2026-06-03 09:00").await;
    let elsewhere = Some(Place { nation: Nation::Wales.into(), area: "South".to_owned() });
    let second =
        pb::ReferForVisitRequest { place: elsewhere, occurred_at: at("2026-06-02 10:00"), ..again("two", "one") };
    let call = ask("VisitingService/ReferForVisit", Role::Referrer, &second).by("another-referrer");
    let (joined, notes) = referred(&suite, &call).await;
    assert_eq!(joined.case_reference, case);
    let by: Vec<_> = joined.joined.iter().map(|joined| joined.referred_by.as_ref().unwrap().person.as_str()).collect();
    assert_eq!(by, ["another-referrer"]);
    assert_eq!(joined.joined[0].referred_at, at("2026-06-02 10:00"));
    assert!(!joined.joined[0].circumstances.is_empty());
    assert_eq!((joined.referred_by, joined.place), (before.referred_by, before.place));
    assert!(notes[0].contains("has been open since 2026-06-01") && notes[1].contains("ChangeAddress"), "{notes:?}");
    assert_eq!(call.send(&suite).await.unwrap(), call.send(&suite).await.unwrap(), "and joins once");
    assert_eq!(present(&suite, &case).await.referral.unwrap().joined.len(), 1);
    suite.stop().await;
}

/// The form as ESA wants it, with the condition in these words.
fn esa_form(condition: &str) -> pb::VisitingForm {
    let known = |text: &str| Some(pb::KnownOrNot { text: text.to_owned(), not_known: false });
    pb::VisitingForm {
        condition: known(condition),
        representative: Some(pb::KnownOrNot { text: String::new(), not_known: true }),
        contact_attempts: known("two letters"),
        previous_visit: pb::Answer::No.into(),
        good_cause_considered: pb::Answer::No.into(),
        lone_parent_with_child_under_one: pb::Answer::No.into(),
        has_representative: pb::Answer::No.into(),
        situations: vec![pb::Situation::FailedToAttendInterview.into()],
        telephone: "020 7946 0000".to_owned(),
        telephone_staffed: true,
        ..Default::default()
    }
}

/// What somebody wrote, as whoever decides reads it.
async fn read(suite: &TestSuite, case: &str, narrative: &str) -> String {
    let (case_reference, narrative) = (case.to_owned(), narrative.to_owned());
    let purpose = pb::ReadPurpose::Decision.into();
    let request = pb::ReadNarrativeRequest { case_reference, narrative, purpose };
    let reply: pb::ReadNarrativeResponse =
        ask("VisitingService/ReadNarrative", Role::DecisionMaker, &request).reply(suite).await;
    reply.text
}

/// The form of a referral that joins is kept beside the first one's, and its words are read by their references.
#[tokio::test]
async fn the_form_of_a_second_referral_is_read_back() {
    let suite = suite().await;
    let esa = |id: &str, condition: &str| {
        let award = Award { customer: "C-1".to_owned(), benefit: Benefit::Esa.into(), award: "A-1".to_owned() };
        pb::ReferForVisitRequest { award: Some(award), form: Some(esa_form(condition)), ..referral(id) }
    };
    let first = ask("VisitingService/ReferForVisit", Role::Referrer, &esa("one", "depression"));
    let case = referred(&suite, &first).await.0.case_reference;
    let form = pb::VisitingForm { telephone: "020 7946 0001".to_owned(), ..esa_form("and a broken leg") };
    let second = pb::ReferForVisitRequest { form: Some(form), ..esa("two", "") };
    let second = ask("VisitingService/ReferForVisit", Role::Referrer, &second).by("another-referrer");
    let (_, notes) = referred(&suite, &second).await;
    assert!(notes.iter().any(|note| note.contains("yours is kept beside it")), "{notes:?}");
    let kept = present(&suite, &case).await.referral.unwrap();
    let (first, joined) = (kept.form.unwrap(), kept.joined[0].form.clone().unwrap());
    assert_eq!((first.telephone.as_str(), joined.telephone.as_str()), ("020 7946 0000", "020 7946 0001"));
    let condition = |form: &pb::KeptForm| form.condition.clone().unwrap().narrative;
    let (first, second) = (condition(&first), condition(&joined));
    assert_ne!(first, second);
    assert_eq!(read(&suite, &case, &first).await, "depression");
    assert_eq!(read(&suite, &case, &second).await, "and a broken leg");
    let attempts = joined.contact_attempts.unwrap().narrative;
    assert_eq!(read(&suite, &case, &attempts).await, "two letters");
    assert!(joined.representative.unwrap().not_known);
    suite.stop().await;
}
