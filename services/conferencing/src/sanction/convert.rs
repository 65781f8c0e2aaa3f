//! Failed requirements: requests into commands. Every field is read, every fault is named, nothing is decided.

mod correction;

use super::{PREFIX, Sanctions, reply, view};
use crate::convert::read_participants;
use holdfast_chassis::{Caller, Failure, Fields};
use holdfast_contracts::holdfast::conferencing::v1 as pb;
use holdfast_procedure::{
    NarrativeRef,
    sanction::{self, Check, Command, Conference, Decided, Explanation, Invitation, Withdrawal},
};
use holdfast_store::{
    Asked, For, Narrative, Order, Store, given,
    reading::{account, award, channel_from, late_reason, place, reason, reference},
};
use reply::{
    answer_from, assurance_from, good_reason_from, ground_from, outcome_from, render, requirement_from, stage_from,
    weighed_from,
};

/// What is reported, with an account of it and perhaps why it comes late.
fn told(
    fields: &mut Fields,
    (text, late): (&str, &str),
    command: impl FnOnce(NarrativeRef, Option<NarrativeRef>) -> Option<Command>,
) -> Option<Asked<Sanctions>> {
    let words = account(fields, "account", text);
    let late = late_reason(fields, late);
    let (words, late) = words.zip(late)?;
    let command = command(words.reference(), reference(late.as_ref()))?;
    Some(Asked { command, narratives: [words].into_iter().chain(late).collect() })
}

/// What is asked with words of its own.
fn with_words(words: Narrative, command: impl FnOnce(NarrativeRef) -> Command) -> Asked<Sanctions> {
    Asked { command: command(words.reference()), narratives: vec![words] }
}

/// A failure, which opens a case.
pub(super) fn failure(
    store: &Store,
    caller: &Caller,
    asked: &pb::RecordFailedRequirementRequest,
) -> Result<Order<Sanctions>, Failure> {
    let render = render::<pb::RecordFailedRequirementResponse>;
    Order::read(store, caller, given!(asked), &For::New(PREFIX), render, |fields| {
        let about = award(fields, "award", asked.award.as_ref());
        let whereabouts = place(fields, "place", asked.place.as_ref());
        let requirement = fields.choice("requirement", asked.requirement, requirement_from);
        let failed_at = fields.instant("failed_at", asked.failed_at);
        told(fields, (&asked.account, &asked.late_reason), |account, late_reason| {
            let (award, place, requirement, occurred_at) = (about?, whereabouts?, requirement?, failed_at?);
            let failure = sanction::Failure { award, place, requirement, occurred_at, account };
            // The award's other cases are looked up once the request is read.
            Some(Command::RecordFailure { failure: Box::new(failure), late_reason, others: Vec::new() })
        })
    })
}

/// One function a command: `name: Request => Reply; how the rest is read`.
macro_rules! commands {
    ($($name:ident: $request:ident => $reply:ident, |$fields:ident, $asked:ident| $read:expr;)+) => {
        $(pub(super) fn $name(
            store: &Store,
            caller: &Caller,
            $asked: &pb::$request,
        ) -> Result<Order<Sanctions>, Failure> {
            let case = For::Known(&$asked.case_reference);
            Order::read(store, caller, given!($asked), &case, render::<pb::$reply>, |$fields| $read)
        })+
    };
}

commands! {
    conference: HoldSanctionConferenceRequest => HoldSanctionConferenceResponse, |fields, asked| {
        let occurred_at = fields.instant("occurred_at", asked.occurred_at);
        let participants = read_participants(fields, "participants", &asked.participants);
        let good_reason = fields.choice("good_reason", asked.good_reason, good_reason_from);
        let requirement = fields.choice("requirement", asked.requirement, assurance_from);
        told(fields, (&asked.account, &asked.late_reason), |account, late_reason| {
            let (occurred_at, participants) = (occurred_at?, participants?);
            let (good_reason, requirement) = (good_reason?, requirement?);
            let conference = Conference { occurred_at, participants, good_reason, requirement, account };
            Some(Command::HoldConference { conference, late_reason })
        })
    };
    referral: ReferForSanctionRequest => ReferForSanctionResponse, |fields, asked| {
        Some(with_words(reason(fields, "reason", &asked.reason)?, |reason| Command::Refer { reason }))
    };
    invitation: InviteExplanationRequest => InviteExplanationResponse, |fields, asked| {
        let occurred_at = fields.instant("occurred_at", asked.occurred_at);
        let channel = fields.choice("channel", asked.channel, channel_from);
        let late = late_reason(fields, &asked.late_reason)?;
        let invitation = Invitation { occurred_at: occurred_at?, channel: channel? };
        let command = Command::Invite { invitation, late_reason: reference(late.as_ref()) };
        Some(Asked { command, narratives: late.into_iter().collect() })
    };
    explanation: RecordExplanationRequest => RecordExplanationResponse, |fields, asked| {
        let occurred_at = fields.instant("occurred_at", asked.occurred_at);
        let answer = fields.choice("answer", asked.answer, answer_from);
        told(fields, (&asked.account, &asked.late_reason), |account, late_reason| {
            let explanation = Explanation { occurred_at: occurred_at?, answer: answer?, account };
            Some(Command::RecordExplanation { explanation, late_reason })
        })
    };
    reconsideration: ReconsiderSanctionRequest => ReconsiderSanctionResponse, |fields, asked| {
        Some(with_words(reason(fields, "reason", &asked.reason)?, |reason| Command::Reconsider { reason }))
    };
    correction: SanctionServiceCorrectFactRequest => SanctionServiceCorrectFactResponse, |fields, asked| {
        correction::read(fields, asked)
    };
    withdrawal: WithdrawSanctionCaseRequest => WithdrawSanctionCaseResponse, |fields, asked| {
        let ground = fields.choice("ground", asked.ground, ground_from);
        let (why, ground) = reason(fields, "reason", &asked.reason).zip(ground)?;
        Some(with_words(why, |reason| Command::Withdraw(Withdrawal { ground, reason })))
    };
    decision: DecideSanctionRequest => DecideSanctionResponse, |fields, asked| {
        let outcome = fields.choice("outcome", asked.outcome, outcome_from);
        let weighed =
            [("circumstances", asked.circumstances), ("health", asked.health), ("good_reason", asked.good_reason)];
        let [circumstances, health, good_reason] =
            weighed.map(|(field, given)| fields.choice(field, given, weighed_from));
        let words = account(fields, "weighed", &asked.weighed)?;
        let decided = Decided {
            outcome: outcome?,
            weighed_circumstances: circumstances?,
            weighed_health: health?,
            weighed_good_reason: good_reason?,
            weighed: words.reference(),
        };
        // What keeps the award from being sanctioned is looked up for the case once the request is read.
        let command = Command::Decide { decided, holds: Vec::new(), check: Check::CannotSay };
        Some(Asked { command, narratives: vec![words] })
    };
}

/// A filter and where to begin, from a request for a list.
pub(super) fn list(
    fields: &mut Fields,
    request: &pb::ListSanctionCasesRequest,
) -> Option<(view::Filter, Option<view::After>, u32)> {
    let customer = fields.optional_reference("customer", &request.customer);
    let award = fields.optional_reference("award", &request.award);
    let area = fields.optional_reference("area", &request.area);
    let stage = fields.optional_choice("stage", request.stage, stage_from);
    let opened_by = if request.opened_by.is_empty() {
        Some(None)
    } else {
        fields.person("opened_by", &request.opened_by).map(Some)
    };
    let until = fields.optional_instant("opened_until", request.opened_until);
    let limit = fields.page_size("page_size", request.page_size, 50, 200);
    let filter = view::Filter {
        customer: customer?,
        award: award?,
        area: area?,
        stage: stage?,
        opened_by: opened_by?,
        opened_until: until?,
    };
    let after = holdfast_chassis::page::after(fields, &filter, &request.page_token);
    Some((filter, after?, limit?))
}
