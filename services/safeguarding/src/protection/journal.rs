//! What was permitted, as it is kept and told again.
//!
//! A row of `answers` holds what was permitted by one statement, as far as a page has room for it: each request's caller
//! and those of its questions. The id of a decision is the row's and the place in it; the id of a permit is the row's
//! alone.

use super::{Protection, confirm::permits};
use chrono::{DateTime, Utc};
use holdfast_chassis::{Caller, Failure, Fields};
use holdfast_contracts::holdfast::{common::v1 as common, safeguarding::v1 as pb};
use holdfast_store::{DbFault, wire};
use prost::{
    Message,
    encoding::{WireType, encode_key, encode_varint, int32, message, string},
};
use sqlx::Row as _;
use tonic::{Request, Response, Status};
use uuid::Uuid;

/// The body of a row.
#[derive(Clone, PartialEq, Message)]
struct Body {
    #[prost(message, repeated, tag = "1")]
    permitted: Vec<Permitted>,
}

/// What was permitted of one request.
#[derive(Clone, PartialEq, Message)]
struct Permitted {
    #[prost(string, tag = "1")]
    person: String,
    /// The role by its number in the contract.
    #[prost(int32, tag = "2")]
    role: i32,
    /// The workload by its number in the contract.
    #[prost(int32, tag = "3")]
    workload: i32,
    #[prost(message, repeated, tag = "4")]
    questions: Vec<pb::Question>,
}

/// The most that the body of a row takes, in bytes: with it the row fits into a page of the database's. What does not is
/// kept in pieces of 2 kB elsewhere, each with an entry in an index of its own.
const ROOM: usize = 7_900;

/// What the key and the length before a request take of that, at most.
const BEFORE: usize = 4;

/// A row to be written.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) id: Uuid,
    /// How many decisions it holds.
    pub(super) permitted: usize,
    /// An encoded [`Body`].
    pub(super) body: Vec<u8>,
}

/// What is to be kept, without a copy of what is in it: for each request who asks and what, of which only the questions
/// at these places count, counted over all requests in ascending order.
pub(super) fn rows<'a>(requests: impl Iterator<Item = (&'a Caller, &'a [pb::Question])>, places: &[usize]) -> Vec<Row> {
    let (mut rows, mut places, mut all) = (Vec::new(), places, 0);
    for (caller, questions) in requests {
        let (begins, ends) = (all, all + questions.len());
        let (mut own, later) = places.split_at(places.partition_point(|place| *place < ends));
        while !own.is_empty() {
            let permitted = own.iter().filter_map(|place| questions.get(*place - begins));
            own = &own[add(&mut rows, caller, permitted).max(1)..];
        }
        (places, all) = (later, ends);
    }
    rows
}

/// Adds as many of a caller's questions to the last row as it has room for, or else to a new one, and says how many.
fn add<'a>(rows: &mut Vec<Row>, caller: &Caller, questions: impl Iterator<Item = &'a pb::Question> + Clone) -> usize {
    let (role, workload) = (caller.role.into(), caller.workload.into());
    let mut length =
        string::encoded_len(1, &caller.person) + int32::encoded_len(2, &role) + int32::encoded_len(3, &workload);
    let lengths = questions.clone().map(|question| message::encoded_len(4, question));
    let begun = rows.last().map_or(ROOM, |row| row.body.len());
    let is_new = lengths.clone().next().is_none_or(|first| begun + BEFORE + length + first > ROOM);
    let room = ROOM - BEFORE - if is_new { 0 } else { begun };
    let mut taken = 0;
    for more in lengths {
        if taken > 0 && length + more > room {
            break;
        }
        (length, taken) = (length + more, taken + 1);
    }
    if is_new {
        rows.push(Row { id: Uuid::now_v7(), ..Row::default() });
    }
    if let Some(Row { permitted, body, .. }) = rows.last_mut() {
        *permitted += taken;
        encode_key(1, WireType::LengthDelimited, body);
        encode_varint(length as u64, body);
        string::encode(1, &caller.person, body);
        int32::encode(2, &role, body);
        int32::encode(3, &workload, body);
        questions.take(taken).for_each(|question| message::encode(4, question, body));
    }
    taken
}

/// The id of the decision at a place of a row.
pub(super) fn decision_id(row: &str, place: usize) -> String {
    [row, itoa::Buffer::new().format(place)].join("-")
}

/// The row and the place that an id names; a permit has no place.
fn named(id: &str) -> Option<(Uuid, Option<usize>)> {
    let (row, place) = match id.split_once('-') {
        None => (id, None),
        Some((row, place)) => (row, Some(place.parse().ok()?)),
    };
    let row = Uuid::try_parse(row).ok()?;
    // Only the id as it was given, and no other spelling of it.
    let given = row.simple().to_string();
    let given = place.map_or_else(|| given.clone(), |place| decision_id(&given, place));
    (given == id).then_some((row, place))
}

/// `GetDecision`.
pub(crate) async fn get_decision(
    protection: &Protection,
    request: Request<pb::GetDecisionRequest>,
) -> Result<Response<pb::GetDecisionResponse>, Status> {
    let mut fields = Fields::default();
    let id = fields.reference("decision_id", &request.into_inner().decision_id);
    let id = fields.finish(id)?;
    let found = match named(&id) {
        Some((row, Some(place))) => answered(protection, row, place).await,
        Some((_, None)) => permits::told(protection, &id).await,
        None => Ok(None),
    };
    let found = found.map_err(Failure::from)?;
    let found = found.ok_or_else(|| Failure::PartNotFound("no decision has this id".to_owned()))?;
    Ok(Response::new(found))
}

/// A decision that was answered.
async fn answered(
    protection: &Protection,
    row: Uuid,
    place: usize,
) -> Result<Option<pb::GetDecisionResponse>, DbFault> {
    let found = sqlx::query("SELECT decided_at, body FROM answers WHERE id = $1").bind(row);
    let Some(found) = found.fetch_optional(protection.store.pool()).await? else { return Ok(None) };
    let decided_at: DateTime<Utc> = found.try_get("decided_at")?;
    let body = Body::decode(found.try_get::<&[u8], _>("body")?).map_err(|_| DbFault::Unreadable)?;
    let mut before = place;
    for Permitted { person, role, workload, mut questions } in body.permitted {
        if before < questions.len() {
            return Ok(Some(pb::GetDecisionResponse {
                question: Some(questions.swap_remove(before)),
                decided_at: Some(wire::timestamp(decided_at)),
                asked_by: Some(common::Actor { person, role, workload }),
                permit_expires_at: None,
                recalls: Vec::new(),
            }));
        }
        before -= questions.len();
    }
    Ok(None)
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use holdfast_chassis::Policy;
    use holdfast_contracts::holdfast::access::v1::{Effect, Role, Workload};
    use std::sync::Arc;

    pub(crate) fn caller(person: &str, role: Role) -> Caller {
        let policy = Policy {
            path: String::new(),
            roles: vec![],
            any_person: true,
            workload_alone: true,
            workloads: vec![],
            effect: Effect::Read,
            etag_required: false,
        };
        let (person, policy) = (person.to_owned(), Arc::new(policy));
        Caller { person, role, workload: Workload::Payments, policy, room: None }
    }

    fn question(award: &str) -> pb::Question {
        let condition_known = award == "B";
        let award = common::Award { customer: "C-1".to_owned(), benefit: 1, award: award.to_owned() };
        pb::Question { award: Some(award), action: 2, ground: 0, condition_known }
    }

    #[test]
    fn a_body_holds_what_was_permitted_and_who_asked() {
        let (one, two) = (caller("p-1", Role::CaseManager), caller("", Role::Unspecified));
        let asked = [vec![question("A"), question("B")], vec![question("C")], vec![question("D"), question("E")]];
        let requests = [(&one, asked[0].as_slice()), (&one, asked[1].as_slice()), (&two, asked[2].as_slice())];
        let rows = rows(requests.into_iter(), &[1, 3, 4]);
        let [Row { permitted: 3, body, .. }] = rows.as_slice() else { panic!("{rows:?}") };
        let body = Body::decode(body.as_slice()).unwrap();
        let permitted = |person: &str, role: Role, questions: &[&str]| Permitted {
            person: person.to_owned(),
            role: role.into(),
            workload: Workload::Payments.into(),
            questions: questions.iter().map(|award| question(award)).collect(),
        };
        let expected = [permitted("p-1", Role::CaseManager, &["B"]), permitted("", Role::Unspecified, &["D", "E"])];
        assert_eq!(body.permitted, expected);
    }

    #[test]
    fn what_one_page_has_no_room_for_goes_on_in_the_next_row_with_who_asked() {
        let one = caller("p-1", Role::CaseManager);
        let awards: Vec<String> = (0..1_000).map(|number| format!("award-{number:04}")).collect();
        let asked: Vec<_> = awards.iter().map(|award| question(award)).collect();
        let places: Vec<usize> = (0..1_000).filter(|place| *place != 3).collect();
        let rows = rows([(&one, &asked[..400]), (&one, &asked[400..])].into_iter(), &places);
        assert!(rows.len() > 2 && rows.iter().all(|row| row.body.len() <= ROOM), "{}", rows.len());
        let told = rows.iter().flat_map(|row| {
            let permitted = Body::decode(row.body.as_slice()).unwrap().permitted;
            assert!(permitted.iter().all(|permitted| permitted.person == "p-1"));
            let questions: Vec<_> = permitted.into_iter().flat_map(|permitted| permitted.questions).collect();
            assert_eq!(questions.len(), row.permitted);
            questions
        });
        let expected: Vec<_> = places.iter().map(|place| asked[*place].clone()).collect();
        assert_eq!(told.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn an_id_names_its_row_and_place_and_has_one_spelling() {
        let row = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_00ab);
        let simple = row.simple().to_string();
        assert_eq!(named(&decision_id(&simple, 17)), Some((row, Some(17))));
        assert_eq!(named(&simple), Some((row, None)));
        let spelled = [format!("{simple}-017"), format!("{simple}-"), format!("{simple}-+1"), row.to_string()];
        for other in spelled.iter().map(String::as_str).chain(["", "-", "x-1", &simple.to_uppercase()]) {
            assert_eq!(named(other), None, "{other:?}");
        }
    }
}
