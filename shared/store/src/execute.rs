//! One command, all the way through: load, decide, write, reply.
//!
//! The work runs in the store's own task. A caller that gives up drops only its wait for the answer: it can neither
//! poison a connection half-way through BEGIN nor undo what was written. Everything is written in one explicit
//! transaction or not at all.

use crate::{
    Store,
    calendars::InForce,
    customers,
    db::{Connection, DbFault},
    header::{Header, RequestKey},
    holds,
    journal::{self, Common, Head, History},
    ledger::{Brought, Command, Ledger, State},
    merges,
    narrative::{self, Narrative},
    outbox::{self, Calls},
    protections,
    receipts::{self, Receipt},
    refused::refused,
    tasks, timers, wire,
};
use chrono::{DateTime, Utc};
use holdfast_chassis::Failure;
use holdfast_procedure::{Context, Decider, Decision, Rule, Task, Workload, customer};
use prost::Message;
use sqlx::Row;
use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::PoisonError,
};
use tracing::Instrument;

pub use crate::order::Case;

/// How often a command is decided again after somebody else was first.
const ATTEMPTS: usize = 5;

/// A command as it arrived.
pub struct Order<L: Ledger> {
    /// The case.
    pub case: Case,
    /// What is asked or reported.
    pub command: Command<L>,
    /// Words that came with it, kept apart.
    pub narratives: Vec<Narrative>,
    /// What the reply says of it beside what the decider does.
    pub notes: Vec<String>,
    /// Who, and under which request.
    pub header: Header,
    /// Makes the reply of an outcome.
    pub render: fn(&Outcome<State<L>>) -> Vec<u8>,
}

/// What a command brought about.
#[derive(Debug, Clone)]
pub struct Outcome<S> {
    /// The service that keeps the case.
    pub service: Workload,
    /// The case.
    pub case: String,
    /// What it amounts to now.
    pub state: S,
    /// Its version.
    pub etag: String,
    /// Everything owed on it.
    pub tasks: Vec<Task>,
    /// The rules on which the outcome stands.
    pub citations: Vec<&'static Rule>,
    /// What the guidance leaves open or does not count.
    pub notes: Vec<String>,
    /// The request was carried out before; this is the present state.
    pub replayed: bool,
    /// Nothing was recorded.
    pub validated_only: bool,
}

/// Why a command was not carried out in this attempt.
enum Stop {
    Fault(DbFault),
    Answer(Failure),
}

impl<F: Into<DbFault>> From<F> for Stop {
    fn from(fault: F) -> Self {
        Self::Fault(fault.into())
    }
}

impl Store {
    /// Carries out commands, each in a transaction of its own, and answers each with its encoded reply.
    pub async fn execute<L: Ledger>(&self, orders: Vec<Order<L>>) -> Vec<Result<Vec<u8>, Failure>> {
        let mut replies = Vec::with_capacity(orders.len());
        for order in orders {
            let store = self.clone();
            let work = async move { store.carry_out(&order).await };
            let task = self.inner.in_hand.spawn(work.in_current_span());
            // A task that panicked has rolled back; the panic hook has said where.
            replies.push(task.await.unwrap_or(Err(Failure::Internal)));
        }
        replies
    }

    /// Carries out one command and decodes its reply.
    ///
    /// # Errors
    /// [`Failure`], as the caller is to be told.
    pub async fn answer<L: Ledger, R: Message + Default>(&self, order: Order<L>) -> Result<R, Failure> {
        let reply = self.execute(vec![order]).await.pop().unwrap_or(Err(Failure::Internal))?;
        R::decode(reply.as_slice()).map_err(|_| Failure::Internal)
    }

    async fn carry_out<L: Ledger>(&self, order: &Order<L>) -> Result<Vec<u8>, Failure> {
        let mut hasher = DefaultHasher::new();
        match (&order.case, &order.header.request) {
            // Twins of a request that opens a case would not meet on the case's reference.
            (Case::New(_), Some(request)) => request.id.hash(&mut hasher),
            (case, _) => case.reference().hash(&mut hasher),
        }
        let lanes = self.inner.lanes.len() as u64;
        let lane = usize::try_from(hasher.finish() % lanes).unwrap_or_default();
        let _in_lane = self.inner.lanes[lane].lock().await;
        let mut attempt = 1;
        loop {
            match self.attempt(order).await {
                Ok(reply) => return Ok(reply),
                Err(Stop::Answer(failure)) => return Err(failure),
                Err(Stop::Fault(DbFault::Conflict)) if attempt < ATTEMPTS => attempt += 1,
                Err(Stop::Fault(fault)) => return Err(fault.into()),
            }
        }
    }

    async fn attempt<L: Ledger>(&self, order: &Order<L>) -> Result<Vec<u8>, Stop> {
        let case = order.case.reference();
        if !case.starts_with(L::CASES) {
            return Err(Stop::Answer(Failure::CaseNotFound(case.to_owned())));
        }
        let mut transaction = self.inner.pool.begin().await?;
        let loaded = self.load::<L>(&mut transaction, order).await?;
        if let Some(known) = &loaded.known_request {
            let reply = self.repeat::<L>(&mut transaction, order, known).await?;
            transaction.rollback().await?;
            return Ok(reply);
        }
        let mut decided = self.decide(order, &loaded, &[])?;
        if loaded.history.head == Head::none() {
            let of = (self.inner.workload, case, loaded.now);
            let merges = merges::on_opening::<L>(&mut transaction, &decided.history.state, of).await?;
            if !merges.is_empty() {
                decided = self.decide(order, &loaded, &merges)?;
            }
        }
        if order.header.validate_only || (decided.entries.is_empty() && order.header.request.is_some()) {
            transaction.rollback().await?;
            return Ok(decided.reply);
        }
        write::<L>(&mut transaction, order, &loaded, &decided).await?;
        let clock = self.inner.clock.instead_of_database();
        outbox::keep(&mut transaction, &decided.calls, &order.header.trace_id, loaded.now, clock).await?;
        transaction.commit().await?;
        self.inner.changed.send_replace(());
        if !decided.calls.is_empty() {
            self.inner.wake.notify_one();
        }
        Ok(decided.reply)
    }

    /// Everything a decision needs, in one round trip.
    async fn load<L: Ledger>(&self, connection: &mut Connection, order: &Order<L>) -> Result<Loaded<L>, Stop> {
        let actor = &order.header.actor;
        let request = order.header.request.as_ref();
        // Another case about an award that has an open one is not opened: what would open it is that one's.
        let joins = L::opens(&order.command).filter(|_| matches!(order.case, Case::New(_)));
        let belongs_to = belongs_to(&mut *connection, order).await?;
        let rows = sqlx::query(
            "SELECT clock_timestamp() AS now, calendar.revision, receipt.fingerprint, known.case_reference AS known_case,
                 known.command AS known_command,
                 journal.case_reference, journal.sequence, journal.recorded_at, journal.occurred_at, journal.person,
                 journal.role, journal.workload, journal.command, journal.request_id, journal.ordinal,
                 journal.event_name, journal.event::text AS event, journal.rules, journal.guidance_version,
                 journal.trace_id, journal.hash
             FROM (SELECT COALESCE(sum(sequence), 0)::bigint AS revision FROM cases WHERE case_reference = ANY($2))
                 AS calendar
             LEFT JOIN receipts AS receipt
                 ON receipt.workload = $3 AND receipt.person = $4 AND receipt.request_id = $5
             LEFT JOIN journal AS known
                 ON known.workload = $3 AND known.person = $4 AND known.request_id = $5 AND known.ordinal = 0
             LEFT JOIN journal ON journal.case_reference = COALESCE((
                 SELECT case_reference FROM cases
                 WHERE open AND customer IN ($6, (SELECT present FROM customer_names WHERE former = $6))
                     AND benefit = $7 AND award = $8 AND kind = $9 ORDER BY case_reference LIMIT 1), $1)
             ORDER BY journal.sequence",
        )
        .bind(belongs_to.as_deref().unwrap_or(order.case.reference()))
        .bind(InForce::cases())
        .bind(wire::stored(&actor.workload))
        .bind(&actor.person)
        .bind(request.map(|request| request.id.as_str()))
        .bind(joins.map(|award| award.customer.as_str()))
        .bind(joins.map(|award| wire::stored(&award.benefit)))
        .bind(joins.map(|award| award.award.as_str()))
        .bind(L::CASES)
        .fetch_all(&mut *connection)
        .await?;
        let Some(first) = rows.first() else { return Err(DbFault::Unreadable.into()) };
        let now: DateTime<Utc> = first.try_get("now")?;
        let revision: i64 = first.try_get("revision")?;
        let known_case: Option<String> = first.try_get("known_case")?;
        let known_command: Option<String> = first.try_get("known_command")?;
        let fingerprint: Option<Vec<u8>> = first.try_get("fingerprint")?;
        let entries: Vec<_> =
            rows.iter().filter_map(|row| journal::entry(row).transpose()).collect::<Result<_, _>>()?;
        let history = journal::fold::<L>(&entries)?;
        let now = self.inner.clock.instead_of_database().unwrap_or(now);
        Ok(Loaded {
            case: entries.first().map_or_else(|| order.case.reference().to_owned(), |entry| entry.case.clone()),
            calendars: self.calendars_at(connection, revision).await?,
            // Time never runs back within a case.
            now: history.last_recorded.map_or(now, |last| last.max(now)),
            history,
            known_request: known_case.zip(known_command).map(|(case, command)| KnownRequest {
                case,
                command,
                fingerprint,
            }),
        })
    }

    /// Answers a request that was carried out before.
    async fn repeat<L: Ledger>(
        &self,
        connection: &mut Connection,
        order: &Order<L>,
        known: &KnownRequest,
    ) -> Result<Vec<u8>, Stop> {
        let Some(request) = &order.header.request else { return Err(DbFault::Unreadable.into()) };
        let same_case = matches!(order.case, Case::New(_)) || order.case.reference() == known.case;
        let same = known.fingerprint.as_ref().is_none_or(|fingerprint| *fingerprint == request.fingerprint);
        if !same || !same_case || known.command != order.header.method {
            return Err(Stop::Answer(Failure::RequestIdReused(request.id.clone())));
        }
        if let Some(reply) = receipts::reply(connection, &order.header.actor, &request.id).await? {
            return Ok(reply);
        }
        let entries = journal::entries(connection, &known.case, 0, i64::MAX).await?;
        let history = journal::fold::<L>(&entries)?;
        let outcome = self.outcome::<L>(&known.case, &history, vec![], vec![]);
        Ok((order.render)(&Outcome { replayed: true, ..outcome }))
    }

    fn decide<L: Ledger>(
        &self,
        order: &Order<L>,
        loaded: &Loaded<L>,
        merges: &[customer::Command],
    ) -> Result<Decided<L>, Stop> {
        let (case, header, history) = (loaded.case.as_str(), &order.header, &loaded.history);
        let is_new = history.head == Head::none();
        if is_new && matches!(order.case, Case::Known(_)) {
            return Err(Stop::Answer(Failure::CaseNotFound(case.to_owned())));
        }
        if let Some(etag) = &header.etag
            && !is_new
            && *etag != history.head.etag()
        {
            return Err(Stop::Answer(Failure::EtagMismatch { current: history.head.etag() }));
        }
        let context = Context {
            now: loaded.now,
            actor: &header.actor,
            calendars: loaded.calendars.calendars(),
            guidance: &self.inner.guidance,
        };
        let Decision { events, notes } = L::Decider::decide(&history.state, &order.command, &context)
            // A case that was not opened has no reference.
            .map_err(|refusal| Stop::Answer(refused(if is_new { "" } else { case }, refusal)))?;
        let common = Common {
            case,
            at: loaded.now,
            actor: &header.actor,
            command: &header.method,
            request_id: header.request.as_ref().map(|request| request.id.as_str()),
            trace_id: &header.trace_id,
        };
        let events = merges::opened_with::<L>(history, events, merges, (&context, &common)).map_err(Stop::Answer)?;
        let notes = order.notes.iter().cloned().chain(notes).collect();
        let (entries, after) = journal::extend::<L>(history, &events, &common)?;
        let mut calls = Calls::new(case, self.inner.workload, &after.head);
        if !events.is_empty() {
            let (before, actor) = (&history.state, &header.actor);
            let brought = Brought { case, before, events: &events, after: &after.state, actor, at: loaded.now };
            holds::place(&brought, self.inner.workload, &mut calls);
            L::calls(&brought, &mut calls);
            customers::pass_on(&brought, self.inner.workload, &mut calls);
            holds::release(&brought, self.inner.workload, &mut calls);
            calls.check()?;
        }
        let mut citations: Vec<&'static Rule> = Vec::new();
        for rule in events.iter().flat_map(|ruled| ruled.rules.iter().copied()) {
            if !citations.contains(&rule) {
                citations.push(rule);
            }
        }
        let outcome = self.outcome::<L>(case, &after, citations, notes);
        let outcome = Outcome { validated_only: header.validate_only, ..outcome };
        let reply = (order.render)(&outcome);
        Ok(Decided { entries, history: after, tasks: outcome.tasks, calls, reply })
    }

    pub(crate) fn outcome<L: Ledger>(
        &self,
        case: &str,
        history: &History<State<L>>,
        citations: Vec<&'static Rule>,
        notes: Vec<String>,
    ) -> Outcome<State<L>> {
        let notes = notes.into_iter().chain(L::Decider::outlook(&history.state)).collect();
        Outcome {
            service: self.inner.workload,
            case: case.to_owned(),
            tasks: tasks::owed::<L>(&history.state, &self.inner.guidance),
            state: history.state.clone(),
            etag: history.head.etag(),
            citations,
            notes,
            replayed: false,
            validated_only: false,
        }
    }

    pub(crate) fn cached_calendars(&self) -> InForce {
        self.inner.calendars.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

struct Loaded<L: Ledger> {
    /// The case that the command is for.
    case: String,
    now: DateTime<Utc>,
    calendars: InForce,
    history: History<State<L>>,
    known_request: Option<KnownRequest>,
}

struct KnownRequest {
    case: String,
    command: String,
    /// `None` once its receipt is gone.
    fingerprint: Option<Vec<u8>>,
}

struct Decided<L: Ledger> {
    entries: Vec<journal::Entry>,
    history: History<State<L>>,
    tasks: Vec<Task>,
    calls: Calls,
    reply: Vec<u8>,
}

/// The case that an order which would open one belongs to, where its award alone does not say so.
async fn belongs_to<L: Ledger>(connection: &mut Connection, order: &Order<L>) -> Result<Option<String>, sqlx::Error> {
    match order.case {
        Case::New(_) => L::belongs_to(connection, &order.command).await,
        Case::Known(_) => Ok(None),
    }
}

/// Writes everything that follows from a decision, one statement a table.
async fn write<L: Ledger>(
    connection: &mut Connection,
    order: &Order<L>,
    loaded: &Loaded<L>,
    decided: &Decided<L>,
) -> Result<(), Stop> {
    let case = loaded.case.as_str();
    let History { state, head, .. } = &decided.history;
    if !decided.entries.is_empty() {
        journal::append(connection, &decided.entries).await?;
        narrative::keep(connection, case, loaded.now, &order.header.actor, &order.narratives).await?;
        if let Some(RequestKey { id, fingerprint }) = &order.header.request {
            let receipt =
                Receipt { actor: &order.header.actor, request_id: id, fingerprint, case, reply: &decided.reply };
            receipts::keep(connection, &receipt, loaded.now).await?;
        }
        tasks::keep(connection, case, L::award(state), &decided.tasks).await?;
        protections::keep::<L>(connection, case, Some(&loaded.history.state), state).await?;
        timers::keep(connection, case, &L::Decider::timers(state)).await?;
        L::project(connection, case, state).await?;
        let (revision, is_new) = (loaded.calendars.revision(), loaded.history.head == Head::none());
        journal::keep_head::<L>(connection, case, &decided.history, revision, is_new).await?;
    } else {
        journal::derived_with(connection, case, head, loaded.calendars.revision()).await?;
    }
    Ok(())
}
