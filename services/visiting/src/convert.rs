//! Requests into commands. Every field is read, every fault is named, nothing is decided.

use crate::{CASE_PREFIX, Referrals, view};
use chrono::{DateTime, Utc};
use holdfast_chassis::{Caller, Failure, Fields};
use holdfast_contracts::holdfast::visiting::v1 as pb;
use holdfast_procedure::{
    Award, NarrativeRef, Place,
    visiting::{Command, Contact, Correction, Ground, Happening, Letter, Outcome, Record, UnsafeArea, Visit},
};
use holdfast_store::{Case, Header, Narrative, Order, Store, new_reference, wire};
use prost::Message;

pub(crate) mod reply;

use reply::{Reply, channel_from, contact_by_from, ground_from, letter_from, second_visit_from, withdrawal_from};

/// The longest account of what happened, in characters.
const ACCOUNT: usize = 4_000;
/// The longest reason, in characters.
const REASON: usize = 2_000;

/// What a request asks, and the words that came with it.
struct Asked {
    command: Command,
    narratives: Vec<Narrative>,
}

/// A fact as a request tells it.
struct Told {
    happening: Happening,
    account: Option<Narrative>,
}

/// The parts that every command carries.
struct Common<'a, R> {
    store: &'a Store,
    caller: &'a Caller,
    request: &'a R,
    header: (&'a str, &'a str, bool),
}

impl<R: Message> Common<'_, R> {
    /// Reads the header and the case, then what is asked, and makes an order of it.
    fn order<A: Reply>(
        self,
        case: Option<&str>,
        read: impl FnOnce(&mut Fields) -> Option<Asked>,
    ) -> Result<Order<Referrals>, Failure> {
        let mut fields = Fields::default();
        let header = Header::read(self.store, &mut fields, self.caller, self.request, self.header);
        let case = match case {
            None => Some(Case::New(new_reference(CASE_PREFIX))),
            Some(case) => fields.reference("case_reference", case).map(Case::Known),
        };
        let asked = read(&mut fields);
        let (header, case, asked) = fields.finish(header.zip(case).zip(asked).map(|((h, c), a)| (h, c, a)))?;
        let Asked { command, narratives } = asked;
        Ok(Order { case, command, narratives, header, render: reply::render::<A> })
    }
}

macro_rules! common {
    ($store:expr, $caller:expr, $request:expr) => {
        Common {
            store: $store,
            caller: $caller,
            request: $request,
            header: ($request.request_id.as_str(), $request.etag.as_str(), $request.validate_only),
        }
    };
}

pub(crate) fn refer(
    store: &Store,
    caller: &Caller,
    request: &pb::ReferForVisitRequest,
) -> Result<Order<Referrals>, Failure> {
    common!(store, caller, request).order::<pb::ReferForVisitResponse>(None, |fields| {
        let award = fields.message("award", request.award.clone()).and_then(|award| {
            let customer = fields.reference("award.customer", &award.customer);
            let benefit = fields.choice("award.benefit", award.benefit, wire::benefit_from);
            let award = fields.reference("award.award", &award.award);
            Some(Award { customer: customer?, benefit: benefit?, award: award? })
        });
        let place = fields.message("place", request.place.clone()).and_then(|place| {
            let nation = fields.choice("place.nation", place.nation, wire::nation_from);
            let area = fields.reference("place.area", &place.area);
            Some(Place { nation: nation?, area: area? })
        });
        let occurred_at = fields.instant("occurred_at", request.occurred_at);
        let circumstances = fields.text("circumstances", &request.circumstances, ACCOUNT).map(Narrative::new);
        let late = late_reason(fields, &request.late_reason);
        let (circumstances, late) = (circumstances?, late?);
        let command = Command::Refer {
            award: award?,
            place: place?,
            occurred_at: occurred_at?,
            circumstances: circumstances.reference(),
            late_reason: reference(late.as_ref()),
        };
        Some(Asked { command, narratives: [circumstances].into_iter().chain(late).collect() })
    })
}

/// Reads a fact and why it is late, if it is.
fn recorded(fields: &mut Fields, told: impl FnOnce(&mut Fields) -> Option<Told>, late: &str) -> Option<Asked> {
    let told = told(fields);
    let late = late_reason(fields, late);
    let (Told { happening, account }, late) = told.zip(late)?;
    let (narrative, late_reason) = (reference(account.as_ref()), reference(late.as_ref()));
    let command = Command::Record(Record { happening, narrative, late_reason });
    Some(Asked { command, narratives: account.into_iter().chain(late).collect() })
}

macro_rules! record {
    ($(#[$doc:meta])* $name:ident, $request:ident => $reply:ident, $field:ident, $read:ident) => {
        $(#[$doc])*
        pub(crate) fn $name(
            store: &Store,
            caller: &Caller,
            request: &pb::$request,
        ) -> Result<Order<Referrals>, Failure> {
            common!(store, caller, request).order::<pb::$reply>(Some(&request.case_reference), |fields| {
                let told = |fields: &mut Fields| {
                    fields.message(stringify!($field), request.$field.as_ref()).and_then(|told| $read(fields, told))
                };
                recorded(fields, told, &request.late_reason)
            })
        }
    };
}

record!(visit, RecordVisitRequest => RecordVisitResponse, visit, read_visit);
record!(unsafe_area, RecordUnsafeAreaRequest => RecordUnsafeAreaResponse, unsafe_area, read_unsafe_area);
record!(letter, RecordLetterRequest => RecordLetterResponse, letter, read_letter);
record!(contact, RecordContactRequest => RecordContactResponse, contact, read_contact);

pub(crate) fn decide_second_visit(
    store: &Store,
    caller: &Caller,
    request: &pb::DecideSecondVisitRequest,
) -> Result<Order<Referrals>, Failure> {
    common!(store, caller, request).order::<pb::DecideSecondVisitResponse>(Some(&request.case_reference), |fields| {
        let second_visit = fields.choice("second_visit", request.second_visit, second_visit_from);
        let reason = fields.text("reason", &request.reason, REASON).map(Narrative::new);
        let (second_visit, reason) = second_visit.zip(reason)?;
        let command = Command::DecideSecondVisit { second_visit, reason: reason.reference() };
        Some(Asked { command, narratives: vec![reason] })
    })
}

pub(crate) fn withdraw(
    store: &Store,
    caller: &Caller,
    request: &pb::WithdrawReferralRequest,
) -> Result<Order<Referrals>, Failure> {
    common!(store, caller, request).order::<pb::WithdrawReferralResponse>(Some(&request.case_reference), |fields| {
        let ground = fields.choice("ground", request.ground, withdrawal_from);
        let reason = fields.text("reason", &request.reason, REASON).map(Narrative::new);
        let (ground, reason) = ground.zip(reason)?;
        let command = Command::Withdraw { ground, reason: reason.reference() };
        Some(Asked { command, narratives: vec![reason] })
    })
}

pub(crate) fn correct(
    store: &Store,
    caller: &Caller,
    request: &pb::CorrectFactRequest,
) -> Result<Order<Referrals>, Failure> {
    use pb::correct_fact_request::Right;
    common!(store, caller, request).order::<pb::CorrectFactResponse>(Some(&request.case_reference), |fields| {
        if request.fact == 0 {
            fields.fault("fact", "is required");
        }
        let right = match &request.right {
            Some(Right::Visit(visit)) => read_visit(fields, visit).map(Some),
            Some(Right::Contact(contact)) => read_contact(fields, contact).map(Some),
            Some(Right::UnsafeArea(area)) => read_unsafe_area(fields, area).map(Some),
            Some(Right::Letter(letter)) => read_letter(fields, letter).map(Some),
            Some(Right::NeverHappened(true)) => Some(None),
            Some(Right::NeverHappened(false)) | None => {
                fields.fault("right", "is required: what is right, or never_happened");
                None
            }
        };
        let reason = fields.text("reason", &request.reason, REASON).map(Narrative::new);
        let (right, reason) = right.zip(reason)?;
        let (happening, account) = right.map_or((None, None), |told| (Some(told.happening), told.account));
        let correction = Correction {
            fact: request.fact,
            right: happening,
            narrative: reference(account.as_ref()),
            reason: reason.reference(),
        };
        let narratives = [reason].into_iter().chain(account).collect();
        Some(Asked { command: Command::Correct(correction), narratives })
    })
}

/// A filter and where to begin, from a request for a list.
pub(crate) fn list(
    fields: &mut Fields,
    request: &pb::ListReferralsRequest,
) -> Option<(view::Filter, Option<view::After>, u32)> {
    let customer = fields.optional_reference("customer", &request.customer);
    let award = fields.optional_reference("award", &request.award);
    let area = fields.optional_reference("area", &request.area);
    let referred_by = if request.referred_by.is_empty() {
        Some(None)
    } else {
        fields.person("referred_by", &request.referred_by).map(Some)
    };
    let benefit = fields.optional_choice("benefit", request.benefit, wire::benefit_from);
    let stage = fields.optional_choice("stage", request.stage, reply::stage_from);
    let until = fields.optional_instant("referred_by_date", request.referred_by_date);
    let limit = fields.page_size("page_size", request.page_size, 50, 200);
    let filter = view::Filter {
        customer: customer?,
        award: award?,
        benefit: benefit?,
        stage: stage?,
        area: area?,
        referred_by: referred_by?,
        referred_until: until?,
    };
    let after = holdfast_chassis::page::after(fields, &filter, &request.page_token);
    Some((filter, after?, limit?))
}

fn read_visit(fields: &mut Fields, visit: &pb::Visit) -> Option<Told> {
    use pb::visit::Outcome as Went;
    let occurred_at = fields.instant("visit.occurred_at", visit.occurred_at);
    let mut account =
        |field: &str, text: &str| fields.text(field, text, ACCOUNT).map(|text| Some(Narrative::new(text)));
    let (outcome, account) = match &visit.outcome {
        Some(Went::Effective(seen)) => (Some(Outcome::Effective), account("visit.effective.account", &seen.account)),
        Some(Went::BrokenOff(broken)) => {
            (Some(Outcome::BrokenOff), account("visit.broken_off.account", &broken.account))
        }
        Some(Went::Ineffective(ineffective)) => read_ineffective(fields, ineffective),
        None => {
            fields.fault("visit.outcome", "is required: effective, ineffective or broken_off");
            (None, None)
        }
    };
    let happening = Happening::Visit(Visit { occurred_at: occurred_at?, outcome: outcome? });
    Some(Told { happening, account: account? })
}

fn read_ineffective(
    fields: &mut Fields,
    ineffective: &pb::IneffectiveVisit,
) -> (Option<Outcome>, Option<Option<Narrative>>) {
    let ground = fields.choice("visit.ineffective.ground", ineffective.ground, ground_from);
    let letter = fields.optional_choice("visit.ineffective.letter", ineffective.letter, letter_from);
    if letter == Some(None) && ground.is_some_and(|ground| ground != Ground::UnsafeArea) {
        fields.fault("visit.ineffective.letter", "is required: whether the letter was left");
    }
    let account = fields.optional_text("visit.ineffective.account", &ineffective.account, ACCOUNT);
    let outcome = ground.zip(letter).map(|(ground, left)| {
        let letter_left = left.unwrap_or(false);
        Outcome::Ineffective { ground, letter_left }
    });
    (outcome, account.map(|text| text.map(Narrative::new)))
}

fn read_unsafe_area(fields: &mut Fields, area: &pb::UnsafeArea) -> Option<Told> {
    let occurred_at = fields.instant("unsafe_area.occurred_at", area.occurred_at);
    let account = fields.text("unsafe_area.account", &area.account, ACCOUNT).map(Narrative::new);
    let happening = Happening::UnsafeArea(UnsafeArea { occurred_at: occurred_at? });
    Some(Told { happening, account: Some(account?) })
}

fn read_letter(fields: &mut Fields, letter: &pb::Letter) -> Option<Told> {
    let occurred_at: DateTime<Utc> = fields.instant("letter.occurred_at", letter.occurred_at)?;
    Some(Told { happening: Happening::Letter(Letter { occurred_at }), account: None })
}

fn read_contact(fields: &mut Fields, contact: &pb::Contact) -> Option<Told> {
    let occurred_at = fields.instant("contact.occurred_at", contact.occurred_at);
    let channel = fields.choice("contact.channel", contact.channel, channel_from);
    let by = fields.choice("contact.by", contact.by, contact_by_from);
    let account = fields.text("contact.conversation", &contact.conversation, ACCOUNT).map(Narrative::new);
    let second_visit = fields.optional_choice("contact.second_visit", contact.second_visit, second_visit_from);
    let happening = Happening::Contact(Contact {
        occurred_at: occurred_at?,
        channel: channel?,
        by: by?,
        second_visit: second_visit?,
    });
    Some(Told { happening, account: Some(account?) })
}

fn late_reason(fields: &mut Fields, text: &str) -> Option<Option<Narrative>> {
    fields.optional_text("late_reason", text, REASON).map(|text| text.map(Narrative::new))
}

fn reference(narrative: Option<&Narrative>) -> Option<NarrativeRef> {
    narrative.map(Narrative::reference)
}
