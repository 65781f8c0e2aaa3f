//! The awards that are asked about, and what is known of each: what every answer is held against.

use crate::Fault;
use holdfast_contracts::holdfast::{
    access::v1::Workload,
    common::v1::{Action, Award, Benefit, Hold, HoldGround},
    safeguarding::v1::{Answer, Decision, Question, ReasonKind},
};
use std::sync::{Mutex, PoisonError};

/// Of so many questions one is about an award that is held.
const HELD_ONE_IN: u64 = 10;
/// Of so many of those one is about an award on which the hold was placed during the run.
const LATE_ONE_IN: u64 = 5;
/// Free awards that are asked about.
const FREE: u64 = 1_000_000;
/// An answer holds for no longer than this, in seconds.
const LONGEST: i64 = 5;

/// What is known of an award.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// Nothing holds it.
    Free,
    /// It was held before anything was asked.
    Held,
    /// It was held while questions were asked, and the ledger has acknowledged that.
    Late,
}

impl Known {
    /// What references of such awards begin with. All are of one length, so that answers are.
    fn word(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Held => "held",
            Self::Late => "late",
        }
    }
}

/// An award, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Subject(pub(crate) Known, pub(crate) u64);

impl Subject {
    fn award(self) -> Award {
        let Self(known, number) = self;
        let word = known.word();
        Award {
            customer: format!("{word}-customer-{number:08}"),
            benefit: Benefit::Pip.into(),
            award: format!("{word}-award-{number:08}"),
        }
    }

    /// The question whether its payment may be stopped.
    pub(crate) fn question(self) -> Question {
        Question { award: Some(self.award()), action: Action::Stop.into(), ground: 0, condition_known: false }
    }

    /// The hold on it.
    pub(crate) fn hold(self) -> Hold {
        let basis = holdfast_procedure::protection::basis(
            holdfast_procedure::benefit::Benefit::Pip,
            holdfast_procedure::protection::HoldGround::TwoIneffectiveVisits,
        );
        let award = self.award();
        let actions = [Action::Suspend, Action::Stop, Action::End, Action::Disallow, Action::Sanction, Action::Reduce];
        Hold {
            case_reference: case_of(&award.award),
            ground: HoldGround::TwoIneffectiveVisits.into(),
            version: 1,
            award: Some(award),
            holder: Workload::Visiting.into(),
            rules: basis.rules.iter().map(|rule| rule.id.to_owned()).collect(),
            actions: actions.map(Into::into).to_vec(),
            ..Default::default()
        }
    }

    /// Why an answer about it is wrong, if it is.
    pub(crate) fn fault_of(self, answer: Option<&Answer>) -> Option<String> {
        let Self(known, number) = self;
        let Some(answer) = answer else { return Some(format!("no answer about {known:?} {number}")) };
        let told_back = answer.question.as_ref().is_some_and(|question| self.is_asked_in(question));
        let right = told_back
            && match known {
                Known::Free => permits(answer),
                Known::Held | Known::Late => self.prohibits(answer),
            };
        (!right).then(|| format!("{known:?} {number}: {answer:?}"))
    }

    fn is_asked_in(self, question: &Question) -> bool {
        let Some(award) = &question.award else { return false };
        self.is_named(&award.award, "-award-")
            && self.is_named(&award.customer, "-customer-")
            && award.benefit() == Benefit::Pip
            && question.action() == Action::Stop
            && question.ground == 0
    }

    /// Whether a reference of this kind is its own. Nothing is allocated: this is done for every answer.
    fn is_named(self, reference: &str, kind: &str) -> bool {
        let Self(known, number) = self;
        let digits = reference.strip_prefix(known.word()).and_then(|rest| rest.strip_prefix(kind));
        digits.is_some_and(|digits| digits.parse() == Ok(number))
    }

    fn prohibits(self, answer: &Answer) -> bool {
        let case = |reference: &str| reference.strip_prefix("HF-").is_some_and(|case| self.is_named(case, "-"));
        answer.decision() == Decision::Prohibited
            && answer.decision_id.is_empty()
            && answer.valid_for.is_none()
            && matches!(answer.reasons.as_slice(), [reason] if reason.kind() == ReasonKind::Held
                && reason.ground() == HoldGround::TwoIneffectiveVisits
                && !reason.rules.is_empty()
                && case(&reason.case_reference))
    }
}

fn permits(answer: &Answer) -> bool {
    let holds = answer.valid_for.is_some_and(|span| {
        (span.seconds, span.nanos) > (0, 0) && (span.seconds, span.nanos) <= (LONGEST, 0) && span.nanos >= 0
    });
    answer.decision() == Decision::Permitted && !answer.decision_id.is_empty() && holds && answer.reasons.is_empty()
}

/// Whether an award is free, as its reference tells.
pub(crate) fn is_free(award: &str) -> bool {
    award.starts_with(Known::Free.word())
}

/// The case because of which an award is held, where it is.
pub(crate) fn case_of(award: &str) -> String {
    format!("HF-{}", award.replacen("-award", "", 1))
}

/// Every award there is.
#[derive(Default)]
pub(crate) struct Awards {
    /// How many were held before.
    held: u64,
    /// Those held since.
    late: Mutex<Vec<u64>>,
}

impl Awards {
    pub(crate) fn with_held(held: u64) -> Result<Self, Fault> {
        if held == 0 { Err("at least one hold is needed".into()) } else { Ok(Self { held, late: Mutex::default() }) }
    }

    /// The ledger has acknowledged that this one is held.
    pub(crate) fn acknowledged(&self, number: u64) {
        self.late.lock().unwrap_or_else(PoisonError::into_inner).push(number);
    }

    /// How many holds were acknowledged.
    pub(crate) fn late(&self) -> usize {
        self.late.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Some award to ask about.
    pub(crate) fn any(&self, chance: &mut Chance) -> Subject {
        if chance.below(HELD_ONE_IN) != 0 {
            return Subject(Known::Free, chance.below(FREE));
        }
        if chance.below(LATE_ONE_IN) == 0 {
            let late = self.late.lock().unwrap_or_else(PoisonError::into_inner);
            // The newest as often as all the others: a copy that is behind shows there.
            let place = if chance.below(2) == 0 { late.len().checked_sub(1) } else { chance.place_in(late.len()) };
            if let Some(number) = place.and_then(|place| late.get(place)) {
                return Subject(Known::Late, *number);
            }
        }
        Subject(Known::Held, chance.below(self.held))
    }
}

/// Numbers that look random and are the same in every run.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound.max(1)
    }

    fn place_in(&mut self, length: usize) -> Option<usize> {
        let length = u64::try_from(length).ok().filter(|length| *length > 0)?;
        usize::try_from(self.below(length)).ok()
    }
}
