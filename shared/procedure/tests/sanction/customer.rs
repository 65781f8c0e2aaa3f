//! What becomes known of the claimant while the case runs.

use super::case::{COACH, Case, DECIDER, conferred, explain, heard, hour, invite, reconsider, refer, sanction, told};
use holdfast_procedure::calendar::Nation;
use holdfast_procedure::customer::{DeathEvidence, DeathSource, Fact};
use holdfast_procedure::sanction::{Answer, Stage};
use holdfast_procedure::{Place, Role};

fn reported() -> Fact {
    Fact::DeathReported { occurred_at: hour(3), source: DeathSource::Relative, account: None }
}

fn confirmed() -> Fact {
    Fact::DeathConfirmed { evidence: DeathEvidence::Register, reference: "GRO-1".to_owned() }
}

/// Whoever was told of it and where: nobody invites somebody who is said to have died.
#[test]
fn contact_stops_with_a_report_of_death_and_resumes_where_it_was_mistaken() {
    for report in [told(reported()), heard(reported(), hour(3))] {
        let case = Case::referred().then(hour(3), COACH, &report);
        let owed = "confirm-death by officer through ConfirmDeath; consider-review by officer through CompleteTask";
        assert_eq!(case.owes(), owed);
        assert_eq!(case.state.stage(), Stage::InvitationDue);
        let mistaken = told(Fact::DeathReportMistaken { reason: None });
        let resumed = case.then(hour(4), COACH, &mistaken);
        assert_eq!(resumed.owes(), "invitation by Decision Maker through InviteExplanation");
    }
}

#[test]
fn a_verified_death_ends_it_at_every_stage() {
    let stages = [
        Case::failed(),
        Case::conferred(),
        Case::referred(),
        Case::invited(),
        Case::answered(Answer::NoAnswer),
        Case::decided(),
    ];
    for before in stages {
        let reported = before.then(hour(6), COACH, &told(reported()));
        let case = reported.then(hour(7), ("p-9", Role::Officer), &told(confirmed()));
        assert_eq!(case.state.stage(), Stage::EndedDeath);
        assert_eq!(case.owes(), "consider-review by officer through CompleteTask");
        for (by, command) in [(COACH, refer()), (DECIDER, sanction()), (COACH, reconsider())] {
            let came_of = case.came_of(hour(8), by, &command);
            assert_eq!(came_of, "GEN-3 R-DEATH-VERIFIED at ENDED_DEATH", "{command:?}");
        }
        // What happened is recorded all the same.
        for command in [conferred(hour(1)), invite(hour(2)), explain(hour(2), Answer::NoAnswer)] {
            let came_of = case.came_of(hour(8), COACH, &command);
            assert!(!came_of.contains(" at "), "{came_of}");
        }
    }
}

#[test]
fn it_follows_the_customer_to_their_address_and_to_the_reference_that_they_go_by() {
    let place = Place { nation: Nation::Scotland, area: "Lothian".to_owned() };
    let moved = Fact::Moved { place: place.clone(), occurred_at: hour(2) };
    let merged = heard(Fact::Merged { into: "C-2".to_owned() }, hour(3));
    let case = Case::conferred().then(hour(3), COACH, &told(moved)).then(hour(3), COACH, &merged);
    let failure = &case.state.failure.as_ref().unwrap().what;
    assert_eq!((failure.award.customer.as_str(), &failure.place), ("C-2", &place));
    assert_eq!(
        (case.state.customer.formerly.clone(), case.state.stage()),
        (vec!["C-1".to_owned()], Stage::ReferralOpen)
    );
    let entries = case.journal.len();
    assert_eq!(case.then(hour(4), COACH, &merged).journal.len(), entries, "the same again changes nothing");
}
