//! The calendars in force: those that ship with the build, and over them those imported since, which are journalled as
//! cases of their own.

use crate::{
    Store,
    db::{Connection, DbFault},
    execute::{Case, Order, Outcome},
    header::Header,
    journal,
    ledger::{Command, Ledger, State, TaskDone},
    receipts,
    rpc::told_calendar,
};
use holdfast_chassis::Failure;
use holdfast_contracts::holdfast::guidance::v1 as pb;
use holdfast_procedure::{
    Award,
    calendar::{Calendar, Calendars, Division},
    calendar_import::{self, CalendarImport},
};
use prost::Message;
use std::sync::PoisonError;
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

    fn task_done(_: TaskDone) -> Option<Command<Self>> {
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

    /// Puts a newer calendar in force, derives every running term again, and answers with how many that lengthened. It
    /// goes on where the caller gives up.
    ///
    /// # Errors
    /// [`Failure`], as the caller is to be told.
    pub(crate) async fn import_calendar<L: Ledger>(
        &self,
        calendar: Calendar,
        header: Header,
    ) -> Result<pb::ImportCalendarResponse, Failure> {
        let store = self.clone();
        let work = async move { store.import_and_derive::<L>(calendar, header).await };
        self.inner.in_hand.spawn(work.in_current_span()).await.unwrap_or(Err(Failure::Internal))
    }

    async fn import_and_derive<L: Ledger>(
        &self,
        calendar: Calendar,
        header: Header,
    ) -> Result<pb::ImportCalendarResponse, Failure> {
        // Whoever else derives terms waits, so that the import which lengthened them counts them.
        let _deriving = self.inner.deriving.lock().await;
        let (actor, request) = (header.actor.clone(), header.request.clone());
        let case = Case::New(case_of(calendar.division()));
        let command = calendar_import::Command::Import(calendar);
        let order = Order::<CalendarLedger> { case, command, narratives: vec![], header, render };
        let mut reply: pb::ImportCalendarResponse = self.answer(order).await?;
        if reply.validated_only {
            return Ok(reply);
        }
        let moved = self.derive_terms_again::<L>().await?;
        if let Some(request) = request.filter(|_| moved > 0) {
            // A repeat gets this reply. One that comes after a crash at this point counts what was left to derive.
            reply.terms_derived_again += moved;
            let mut connection = self.inner.pool.acquire().await.map_err(DbFault::from)?;
            receipts::amend(&mut connection, &actor, &request.id, &reply.encode_to_vec()).await?;
        }
        Ok(reply)
    }
}

fn render(outcome: &Outcome<State<CalendarLedger>>) -> Vec<u8> {
    let calendar = outcome.state.as_ref().map(told_calendar);
    let (replayed, validated_only) = (outcome.replayed, outcome.validated_only);
    pb::ImportCalendarResponse { calendar, replayed, validated_only, terms_derived_again: 0 }.encode_to_vec()
}
