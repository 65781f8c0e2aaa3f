//! GEN-1 before a referral: guidance changes while a Core Visit is considered.

use super::benefits::{FIVE, considered, held, open, record, refused, task, when};
use super::case::{Case, london};
use holdfast_procedure::Role::Referrer;
use holdfast_procedure::benefit::{Benefit::Esa, Clause, Considering, Prescribed, Rules, esa};
use holdfast_procedure::guidance::{Guidance, Version};
use holdfast_procedure::protection::HoldGround::ConditionKnown;
use holdfast_procedure::rule::Source;
use holdfast_procedure::visiting::*;

const AT: &str = "2026-05-29 10:00";
const CHANGE: &str = "2026-06-03 00:00";
const AFTER: &str = "2026-06-03 10:00";

const PRESCRIBED: Considering = match esa::RULES.consideration {
    Prescribed::Yes(considering) => considering,
    Prescribed::No => panic!("ESA prescribes that a visit is considered"),
};
const SIX: &[ConsideredItem] = &[
    ConsideredItem::Deferral,
    ConsideredItem::Notification,
    ConsideredItem::Advocacy,
    ConsideredItem::AttendanceIssues,
    ConsideredItem::Reminder,
    ConsideredItem::HardshipContacts,
];
/// One more thing is considered in every case.
const ONE_MORE: Rules = Rules {
    consideration: Prescribed::Yes(Considering {
        items: Clause { says: SIX, ..PRESCRIBED.items },
        no_visit: &[
            Clause { says: Gate::Considered(SIX), rules: PRESCRIBED.items.rules },
            Clause { says: Gate::Confident, rules: PRESCRIBED.no_response.rules },
        ],
        ..PRESCRIBED
    }),
    ..esa::RULES
};
/// Nothing is considered before a referral any more.
const SILENT: Rules = Rules { consideration: Prescribed::No, visit_due: Prescribed::No, ..esa::RULES };

/// A case that was opened under the first version, with all that it asks for considered.
fn opened(rules: Rules) -> Case {
    let version = Version {
        name: "esa/2".to_owned(),
        source: Source::EsaCoreVisits,
        effective_from: Some(london(CHANGE)),
        rules,
    };
    let mut case = Case::unopened(AT, Guidance::published().with(version));
    let told =
        Consideration { considered: FIVE.to_vec(), understanding: Some(Understanding::Confident), ..considered(AT) };
    when(&mut case, vec![(AT, Referrer, open(Esa, Happening::Consideration(told)))]);
    case
}

fn no_visit(at: &str) -> Command {
    let told = Consideration { conclusion: Conclusion::NoVisit, ..considered(at) };
    record(Happening::Consideration(told))
}

#[test]
fn what_a_new_version_asks_for_is_listed_before_a_refusal_asks_for_it() {
    let mut case = opened(ONE_MORE);
    case.now = london(AFTER);
    let what = task(&case, "consideration").expect("a task").what;
    assert!(what.contains(ConsideredItem::HardshipContacts.title()), "{what}");
    let (rules, why) = refused(&mut case, Referrer, &no_visit(AFTER));
    assert_eq!(rules, ["ESA-106"]);
    assert!(why.contains(ConsideredItem::HardshipContacts.title()), "{why}");
}

/// A conclusion is judged by its own version, and a later one takes nothing of it back.
#[test]
fn a_conclusion_keeps_its_own_version() {
    let mut case = opened(ONE_MORE);
    when(&mut case, vec![("2026-06-02 10:00", Referrer, no_visit("2026-06-02 10:00"))]);
    assert_eq!(case.state.stage, Stage::EndedVisitNotRequired);
    when(&mut case, vec![(AFTER, Referrer, Command::LetTimePass)]);
    assert_eq!((case.state.stage, held(&case)), (Stage::EndedVisitNotRequired, vec![]));
}

/// A version that is silent leaves neither the award without protection nor the case without a task.
#[test]
fn a_silent_version_takes_nothing_from_what_protects() {
    for rules in [ONE_MORE, SILENT] {
        let mut case = opened(rules);
        when(&mut case, vec![(AFTER, Referrer, Command::LetTimePass)]);
        assert_eq!((case.state.stage, held(&case)), (Stage::ConsiderationDue, vec![ConditionKnown]));
        assert!(task(&case, "consideration").is_some());
    }
}

/// A ground that a new version names protects from then on.
#[test]
fn holds_follow_the_version_in_force() {
    const NOTHING_KNOWN: Rules = Rules {
        consideration: Prescribed::Yes(Considering {
            condition_known: Clause {
                says: holdfast_procedure::protection::HoldGround::CoreVisitDue,
                ..PRESCRIBED.condition_known
            },
            ..PRESCRIBED
        }),
        ..esa::RULES
    };
    let mut case = opened(NOTHING_KNOWN);
    assert_eq!(held(&case), [ConditionKnown]);
    when(&mut case, vec![(AFTER, Referrer, Command::LetTimePass)]);
    assert_eq!(held(&case), [holdfast_procedure::protection::HoldGround::CoreVisitDue]);
}
