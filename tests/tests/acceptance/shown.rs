//! What a case shows of the conference, of the notes and of what was shared.

use crate::{conferencing::participants, world::World};
use cucumber::then;
use holdfast_contracts::holdfast::{common::v1::TimelineEntry, conferencing::v1::Documented};
use holdfast_procedure::rule::Proof;
use holdfast_tests::suite::{london, timestamp};

#[then(regex = r"^the case shows the assent of (.+)$")]
async fn assents(world: &mut World, of: String) {
    let determined = world.conferencing_case().await.0.determination.expect("a determination");
    assert_eq!(determined.assents, participants(&of));
}

#[then(regex = r"^the case shows the review note in (\S+)$")]
async fn review_note(world: &mut World, system: String) {
    let note = world.conferencing_case().await.0.review_note.expect("a review note");
    assert_eq!((note.system, note.reference.as_str()), (system, "NOTE-8"));
}

#[then("the case shows the documentation, without referrals to other organisations")]
async fn documentation(world: &mut World) {
    let kept = world.conferencing_case().await.0.documentation.expect("the documentation");
    assert_eq!((kept.safeguarding_steps(), kept.referrals()), (Documented::Included, Documented::None));
    assert_eq!((kept.conference_outcome(), kept.subsequent_actions()), (Documented::Included, Documented::None));
    assert_eq!(kept.reference, "BUNDLE-1");
}

#[then(regex = r"^under (\S+) the conference is due by the end of (\S+)$")]
async fn conference_due(world: &mut World, rule: String, day: String) {
    let due = world.conferencing_case().await.0.conference_due.expect("a date");
    assert_eq!(due.at, Some(timestamp(london(&format!("{day} 23:59:59.999999")))));
    let journal = world.conferencing_timeline().await;
    let decided = |entry: &&TimelineEntry| entry.event == "further_information_decided";
    let decided = journal.iter().rfind(decided).expect("the decision");
    assert!(decided.rules.contains(&rule), "the date stands on {:?}", decided.rules);
    world.assert(&rule, Proof::Derived);
}

#[then(regex = r"^under (\S+) the (disclosure|liaison) is read back as received$")]
async fn received(world: &mut World, rule: String, what: String) {
    let cited: Vec<_> = world.effect().citations.iter().map(|citation| citation.rule.clone()).collect();
    assert!(cited.contains(&rule), "{cited:?}");
    let round = world.escalation().await.0.round.expect("a round");
    let received = if what == "disclosure" {
        round.disclosures.last().and_then(|recorded| recorded.disclosure).expect("a disclosure").received
    } else {
        round.liaisons.last().and_then(|recorded| recorded.liaison).expect("a liaison").received
    };
    assert!(received, "what was shared was received");
    world.assert(&rule, Proof::Recorded);
}
