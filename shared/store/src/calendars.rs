//! The calendars in force: those that ship with the build, and over them those imported since, which are journalled as
//! cases of their own.

use crate::{
    Store,
    db::{Connection, DbFault},
    execute::{Case, Order, Outcome},
    header::Header,
    journal,
    kind::{Cases, Kinds},
    ledger::{Command, Event, Ledger, State},
    receipts,
    rpc::told_calendar,
};
use holdfast_chassis::Failure;
use holdfast_contracts::holdfast::guidance::v1 as pb;
use holdfast_procedure::{
    Award,
    calendar::{Calendar, Calendars, Division},
    calendar_import::{self, CalendarImport},
    customer::{self, Customer},
    desk,
};
use prost::Message;
use std::sync::{Arc, PoisonError};
use tracing::Instrument;

/// The calendars in force at a revision: how many calendars were imported by then.
#[derive(Debug, Clone)]
pub(crate) struct InForce {
    revision: i64,
    calendars: Calendars,
}

impl InForce {
    pub(crate) fn embedded() -> Self {
        Self { revision: 0, calendars: Calendars::embedded() }
    }

    pub(crate) fn revision(&self) -> i64 {
        self.revision
    }

    pub(crate) fn calendars(&self) -> &Calendars {
        &self.calendars
    }

    /// The cases in which imports are journalled, one a division.
    pub(crate) fn cases() -> Vec<String> {
        Division::ALL.into_iter().map(case_of).collect()
    }
}

fn case_of(division: Division) -> String {
    format!("{}{}", CalendarLedger::CASES, division.gov_uk_name())
}

/// Imported calendars, kept like any other case.
#[derive(Debug, Clone, Copy)]
pub struct CalendarLedger;

impl Ledger for CalendarLedger {
    type Decider = CalendarImport;

    const CASES: &str = "CALENDAR-";

    fn award(_: &State<Self>) -> Option<&Award> {
        None
    }

    fn desk(_: desk::Command) -> Option<Command<Self>> {
        None
    }

    fn customer(_: customer::Command) -> Option<Command<Self>> {
        None
    }

    fn customer_event(_: &Event<Self>) -> Option<&customer::Event> {
        None
    }

    fn known_of_customer(_: &State<Self>) -> Option<&Customer> {
        None
    }

    fn time_passed() -> Option<Command<Self>> {
        None
    }

    fn calendar_changed() -> Option<Command<Self>> {
        None
    }

    async fn project(_: &mut Connection, _: &str, _: &State<Self>) -> Result<(), sqlx::Error> {
        Ok(())
    }
}

impl Store {
    /// The calendars in force at a revision, from memory where they have not changed.
    pub(crate) async fn calendars_at(&self, connection: &mut Connection, revision: i64) -> Result<InForce, DbFault> {
        let cached = self.cached_calendars();
        if cached.revision == revision {
            return Ok(cached);
        }
        let (mut seen, mut calendars) = (0, Calendars::embedded());
        for case in InForce::cases() {
            let entries = journal::entries(connection, &case, 0, i64::MAX).await?;
            let history = journal::fold::<CalendarLedger>(&entries)?;
            seen += history.head.sequence;
            if let Some(calendar) = history.state {
                calendars = calendars.with(calendar);
            }
        }
        let in_force = InForce { revision: seen, calendars };
        *self.inner.calendars.write().unwrap_or_else(PoisonError::into_inner) = in_force.clone();
        Ok(in_force)
    }

    /// The calendars in force now.
    ///
    /// # Errors
    /// What the database says.
    pub async fn calendars(&self) -> Result<Calendars, Failure> {
        let mut connection = self.inner.pool.acquire().await.map_err(DbFault::from)?;
        let revision: i64 =
            sqlx::query_scalar("SELECT COALESCE(sum(sequence), 0)::bigint FROM cases WHERE case_reference = ANY($1)")
                .bind(InForce::cases())
                .fetch_one(&mut *connection)
                .await
                .map_err(DbFault::from)?;
        Ok(self.calendars_at(&mut connection, revision).await?.calendars)
    }

    /// Puts a newer calendar in force here, derives every running term of these kinds again, and answers with how many
    /// that lengthened.
    async fn import_calendar(
        &self,
        kinds: &[Arc<dyn Cases>],
        calendar: Calendar,
        header: Header,
    ) -> Result<pb::ImportCalendarResponse, Failure> {
        // Whoever else derives terms waits, so that the import which lengthened them counts them.
        let _deriving = self.inner.deriving.lock().await;
        let (actor, request) = (header.actor.clone(), header.request.clone());
        let case = Case::New(case_of(calendar.division()));
        let command = calendar_import::Command::Import(calendar);
        let order = Order::<CalendarLedger> { case, command, narratives: vec![], notes: vec![], header, render };
        let mut reply: pb::ImportCalendarResponse = self.answer(order).await?;
        if reply.validated_only {
            return Ok(reply);
        }
        let mut moved = 0;
        for kind in kinds {
            moved += kind.derive_terms_again().await?;
        }
        if let Some(request) = request.filter(|_| moved > 0) {
            // A repeat gets this reply. One that comes after a crash at this point counts what was left to derive.
            reply.terms_derived_again += moved;
            let mut connection = self.inner.pool.acquire().await.map_err(DbFault::from)?;
            receipts::amend(&mut connection, &actor, &request.id, &reply.encode_to_vec()).await?;
        }
        Ok(reply)
    }
}

/// Puts a newer calendar in force in every store of these kinds of case, and answers for all of them together. It goes on
/// where the caller gives up; where it fails in one store, a repeat catches up on that.
///
/// # Errors
/// The first [`Failure`].
pub(crate) async fn import(
    kinds: &Kinds,
    calendar: &Calendar,
    header: &Header,
) -> Result<pb::ImportCalendarResponse, Failure> {
    let imports: Vec<_> = kinds
        .stores()
        .into_iter()
        .map(|store| {
            let (of_store, calendar, header) = (kinds.of_store(store), calendar.clone(), header.clone());
            let here = store.clone();
            let work = async move { here.import_calendar(&of_store, calendar, header).await };
            store.inner.in_hand.spawn(work.in_current_span())
        })
        .collect();
    let mut whole: Option<pb::ImportCalendarResponse> = None;
    for import in imports {
        let reply = import.await.unwrap_or(Err(Failure::Internal))?;
        let before = whole.as_ref().map_or((0, false), |whole| (whole.terms_derived_again, whole.replayed));
        let (terms_derived_again, replayed) = (before.0 + reply.terms_derived_again, before.1 || reply.replayed);
        whole = Some(pb::ImportCalendarResponse { terms_derived_again, replayed, ..reply });
    }
    whole.ok_or(Failure::Internal)
}

fn render(outcome: &Outcome<State<CalendarLedger>>) -> Vec<u8> {
    let calendar = outcome.state.as_ref().map(told_calendar);
    let (replayed, validated_only) = (outcome.replayed, outcome.validated_only);
    pb::ImportCalendarResponse { calendar, replayed, validated_only, terms_derived_again: 0 }.encode_to_vec()
}
