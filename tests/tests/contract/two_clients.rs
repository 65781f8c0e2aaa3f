//! Two clients, each at a server of its own, drive the same case at the same time: it ends in one consistent history.

use super::{
    cases::{tell, with},
    support::{Ask, Replica, VISITING, ask, reason, suite},
};
use holdfast_chassis::serve::Limits;
use holdfast_contracts::holdfast::{
    access::v1::Role::{self, AtwProcessor, AtwSpoc, Ceast, Officer, VisitingOfficer},
    visiting::v1::{self as pb, Stage},
};
use holdfast_store::verify;
use holdfast_tests::suite::TestSuite;
use prost::Message;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What every reply to a command at DWP Visiting has in it.
fn replied(reply: &[u8]) -> pb::GetReferralResponse {
    pb::GetReferralResponse::decode(reply).unwrap()
}

fn case_of(reply: &[u8]) -> String {
    replied(reply).referral.unwrap().case_reference
}

/// Both clients, and what both have asked for so far.
struct Two<'a> {
    suite: &'a TestSuite,
    other: Replica,
    asked: u32,
}

impl Two<'_> {
    /// Each client makes its call, at once; both are carried out.
    async fn both(&mut self, one: (&'static str, Role, Value), other: (&'static str, Role, Value)) -> [Vec<u8>; 2] {
        let [one, other] = [self.call(one), self.call(other)];
        let (one, other) = tokio::join!(one.send(self.suite), self.other.send(self.suite, &other));
        self.suite.settle().await;
        [one.unwrap(), other.unwrap()]
    }

    /// The same, where only one of the two can be carried out. Gives how the other was refused.
    async fn either(&mut self, one: (&'static str, Role, Value), other: (&'static str, Role, Value)) -> String {
        let [one, other] = [self.call(one), self.call(other)];
        let (one, other) = tokio::join!(one.send(self.suite), self.other.send(self.suite, &other));
        self.suite.settle().await;
        match (one, other) {
            (Ok(_), Err(status)) | (Err(status), Ok(_)) => reason(&status),
            both => panic!("one of the two was to be carried out: {both:?}"),
        }
    }

    fn call(&mut self, (method, role, said): (&'static str, Role, Value)) -> Ask {
        self.asked += 1;
        tell(method, role, with(json!({"request_id": format!("asked-{}", self.asked)}), said))
            .by(&format!("person-{}", self.asked))
    }

    /// The case as both servers tell it, which is the same.
    async fn standing(&self, case: &str) -> pb::GetReferralResponse {
        let read = ask("VisitingService/GetReferral", Officer, &pb::GetReferralRequest { case_reference: case.into() });
        let (one, other) = tokio::join!(read.send(self.suite), self.other.send(self.suite, &read));
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!(one, other);
        replied(&one)
    }
}

/// A concern or a referral about the award, with what is said of it.
fn about(said: Value) -> Value {
    let award = json!({"customer": "C-1", "benefit": "BENEFIT_ACCESS_TO_WORK", "award": "A-1"});
    with(json!({"award": award, "place": {"nation": "NATION_SCOTLAND", "area": "North"}}), said)
}

fn concern(at: &str) -> Value {
    json!({"concern": {"occurred_at": format!("2026-06-01T07:{at}:00Z"), "specifics": "words"}})
}

fn triage(case: &str, at: &str) -> Value {
    let occurred_at = format!("2026-06-01T07:{at}:00Z");
    let triage = json!({"occurred_at": occurred_at, "result": "TRIAGE_RESULT_VISIT_APPROPRIATE", "reason": "words"});
    json!({"case_reference": case, "triage": triage})
}

fn referral() -> Value {
    let form = json!({"eligibility": ["ELIGIBILITY_CONCERN"], "support_exhausted": true, "note_in": "NOTE_IN_BOTH"});
    about(json!({"occurred_at": "2026-06-01T07:20:00Z", "circumstances": "words", "form": form}))
}

fn nobody(case: &str, at: &str) -> Value {
    let went = json!({"ground": "INEFFECTIVE_GROUND_NO_ANSWER", "letter": "LETTER_LEFT_LEFT"});
    let visit = json!({"occurred_at": format!("2026-06-01T07:{at}:00Z"), "ineffective": went});
    json!({"case_reference": case, "visit": visit})
}

fn rang(case: &str, at: &str) -> Value {
    let contact = json!({
        "occurred_at": format!("2026-06-01T07:{at}:00Z"), "channel": "CHANNEL_TELEPHONE", "by": "CONTACT_BY_CUSTOMER",
        "conversation": "words",
    });
    json!({"case_reference": case, "contact": contact})
}

fn decision(case: &str, etag: &str, second_visit: &str) -> Value {
    json!({"case_reference": case, "etag": etag, "second_visit": second_visit, "reason": "words"})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_clients_at_one_case_end_in_one_history() {
    let suite = suite().await;
    let mut two = Two { other: Replica::start(&suite, Limits::default()).await, suite: &suite, asked: 0 };

    // Both open the case; there is one.
    let raise = "VisitingService/RaiseConcern";
    let opened = two.both((raise, AtwProcessor, about(concern("05"))), (raise, Officer, about(concern("06")))).await;
    let case = case_of(&opened[0]);
    assert_eq!(case_of(&opened[1]), case);

    // Both triage, and both refer: one referral is the case's, the other has joined it.
    let triaged = "VisitingService/TriageConcern";
    two.both((triaged, AtwSpoc, triage(&case, "10")), (triaged, AtwSpoc, triage(&case, "11"))).await;
    let refer = "VisitingService/ReferForVisit";
    two.both((refer, AtwSpoc, referral()), (refer, AtwSpoc, referral())).await;

    // A visit, and contact after it, are told at once; then two different decisions by those who have read the same.
    two.both(
        ("VisitingService/RecordVisit", VisitingOfficer, nobody(&case, "30")),
        ("VisitingService/RecordContact", Ceast, rang(&case, "40")),
    )
    .await;
    let read = two.standing(&case).await;
    assert_eq!(read.referral.as_ref().unwrap().stage(), Stage::SecondVisitUndecided);
    let (etag, decide) = (read.effect.unwrap().etag, "VisitingService/DecideSecondVisit");
    let refused = two
        .either(
            (decide, Ceast, decision(&case, &etag, "SECOND_VISIT_NEEDED")),
            (decide, AtwSpoc, decision(&case, &etag, "SECOND_VISIT_NOT_NEEDED")),
        )
        .await;
    assert_eq!(refused, "ETAG_MISMATCH");

    let ended = two.standing(&case).await.referral.unwrap();
    assert_eq!(ended.facts.len(), 6);
    assert_eq!(ended.facts.iter().map(|fact| fact.fact).collect::<BTreeSet<_>>(), (1..=6).collect());
    assert_eq!((ended.joined.len(), ended.second_visit_decisions.len()), (1, 1));
    let needed = ended.second_visit_decisions[0].second_visit() == pb::SecondVisit::Needed;
    assert_eq!(ended.stage(), if needed { Stage::SecondVisitDue } else { Stage::EndedNoSecondVisit });

    // What each asked for stands in the journal once and together, whichever came first.
    let entries = suite.store(VISITING).timeline(&case, 0, i64::MAX).await.unwrap();
    verify(&entries).unwrap();
    let requests: Vec<_> = entries.iter().filter_map(|entry| entry.request_id.clone()).collect();
    let mut together = requests.clone();
    together.dedup();
    assert_eq!(together.len(), requests.iter().collect::<BTreeSet<_>>().len());
    assert_eq!(together.len(), 9);
    two.other.stop().await.unwrap();
    suite.stop().await;
}
