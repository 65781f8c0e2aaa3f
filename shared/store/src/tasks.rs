//! What is owed, as rows: derived from each case's state, listed for the people who owe it.

use crate::{
    Store,
    db::{Connection, DbFault},
    ledger::{Ledger, State},
    wire,
};
use chrono::{DateTime, Utc};
use holdfast_chassis::page;
use holdfast_contracts::holdfast::common::v1 as pb;
use holdfast_procedure::{Award, Benefit, Cover, Deadline, Decider, Role, Task, Workload, guidance::Guidance, rule};
use serde::{Deserialize, Serialize};
use sqlx::{Row, postgres::PgRow};
use std::collections::BTreeMap;

/// Everything owed on a case, the earliest due first, those without a date last, then the longest owed.
pub(crate) fn owed<L: Ledger>(state: &State<L>, guidance: &Guidance) -> Vec<Task> {
    let mut tasks = L::Decider::tasks(state, guidance);
    tasks.sort_by_key(|task| {
        let due = task.due.as_ref().map_or(DateTime::<Utc>::MAX_UTC, |deadline| deadline.due.ends_at);
        (due, task.since, task.key.clone())
    });
    tasks
}

/// How a task was until this transaction changed it, as far as filters look at it.
macro_rules! state_before {
    () => {
        "jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('tx', pg_current_xact_id()::text, 'owner', owner,
             'benefit', benefit, 'due_at', due_at, 'team', team, 'person', person, 'cover_person', cover_person)))"
    };
}

/// Adds to the changes of a task. How it was before each of the last sixteen is kept, so that only those are told that it
/// does not match any more whom it did.
macro_rules! noting {
    () => {
        " ON CONFLICT (case_reference, key) DO UPDATE SET tx = excluded.tx, id = excluded.id,
             forgotten = CASE WHEN jsonb_array_length(kept.before) < 16 THEN kept.forgotten
                 ELSE (kept.before -> 0 ->> 'tx')::xid8 END,
             before = CASE WHEN jsonb_array_length(kept.before) < 16 THEN kept.before ELSE kept.before - 0 END
                 || excluded.before"
    };
}

/// Makes a case's tasks these, in two statements, and notes which of them changed: a task that is as it was does not.
pub(crate) async fn keep(
    connection: &mut Connection,
    case: &str,
    award: Option<&Award>,
    tasks: &[Task],
) -> Result<(), DbFault> {
    let Some(award) = award else { return Ok(()) };
    let keys: Vec<_> = tasks.iter().map(|task| task.key.as_str()).collect();
    sqlx::query(concat!(
        "WITH gone AS (DELETE FROM tasks WHERE case_reference = $1 AND key <> ALL($2) RETURNING tasks.*)
         INSERT INTO task_changes AS kept (case_reference, key, before) SELECT $1, key, ",
        state_before!(),
        " FROM gone",
        noting!(),
    ))
    .bind(case)
    .bind(&keys)
    .execute(&mut *connection)
    .await?;
    if !tasks.is_empty() {
        put(connection, case, award, tasks).await?;
    }
    Ok(())
}

async fn put(connection: &mut Connection, case: &str, award: &Award, tasks: &[Task]) -> Result<(), DbFault> {
    fn column<'a, T>(tasks: &'a [Task], read: impl Fn(&'a Task) -> T) -> Vec<T> {
        tasks.iter().map(read).collect()
    }
    sqlx::query(concat!(
        "WITH was AS (SELECT * FROM tasks WHERE case_reference = $1),
         changed AS (
             INSERT INTO tasks AS kept (case_reference, customer, benefit, award, key, what, owner, since, due_at,
                 deadline, blocking, discharged_by, rule, team, person, cover_person, cover_until)
             SELECT $1, $2, $3, $4, key, what, owner, since, COALESCE(due_at, 'infinity'), deadline::json, blocking,
                 discharged_by, rule, team, person, cover_person, cover_until
             FROM unnest($5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[], $10::text[],
                 $11::boolean[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::timestamptz[])
                 AS row (key, what, owner, since, due_at, deadline, blocking, discharged_by, rule, team, person,
                     cover_person, cover_until)
             ON CONFLICT (case_reference, key) DO UPDATE
             SET customer = excluded.customer, benefit = excluded.benefit, award = excluded.award,
                 what = excluded.what, owner = excluded.owner, since = excluded.since, due_at = excluded.due_at,
                 deadline = excluded.deadline, blocking = excluded.blocking, discharged_by = excluded.discharged_by,
                 rule = excluded.rule, team = excluded.team, person = excluded.person,
                 cover_person = excluded.cover_person, cover_until = excluded.cover_until
             WHERE (kept.customer, kept.benefit, kept.award, kept.what, kept.owner, kept.since, kept.due_at,
                     kept.deadline::text, kept.blocking, kept.discharged_by, kept.rule, kept.team, kept.person,
                     kept.cover_person, kept.cover_until)
                 IS DISTINCT FROM (excluded.customer, excluded.benefit, excluded.award, excluded.what,
                     excluded.owner, excluded.since, excluded.due_at, excluded.deadline::text, excluded.blocking,
                     excluded.discharged_by, excluded.rule, excluded.team, excluded.person, excluded.cover_person,
                     excluded.cover_until)
             RETURNING key)
         INSERT INTO task_changes AS kept (case_reference, key, before)
         SELECT $1, key, CASE WHEN was.case_reference IS NULL THEN '[]' ELSE ",
        state_before!(),
        " END FROM changed LEFT JOIN was USING (key)",
        noting!(),
    ))
    .bind(case)
    .bind(&award.customer)
    .bind(wire::stored(&award.benefit))
    .bind(&award.award)
    .bind(column(tasks, |task| task.key.as_str()))
    .bind(column(tasks, |task| task.what.as_str()))
    .bind(column(tasks, |task| wire::stored(&task.owner)))
    .bind(column(tasks, |task| task.since))
    .bind(column(tasks, |task| task.due.as_ref().map(|deadline| deadline.due.ends_at)))
    .bind(column(tasks, |task| task.due.as_ref().and_then(|deadline| serde_json::to_string(deadline).ok())))
    .bind(column(tasks, |task| task.blocking))
    .bind(column(tasks, |task| task.discharged_by))
    .bind(column(tasks, |task| task.rule.id))
    .bind(column(tasks, |task| task.team.as_deref()))
    .bind(column(tasks, |task| task.person.as_deref()))
    .bind(column(tasks, |task| task.cover.as_ref().map(|cover| cover.person.as_str())))
    .bind(column(tasks, |task| task.cover.as_ref().map(|cover| cover.until)))
    .execute(connection)
    .await?;
    Ok(())
}

/// Which tasks to tell. All that is given must hold.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Filter {
    pub(crate) owner: Option<Role>,
    pub(crate) case: Option<String>,
    pub(crate) benefit: Option<Benefit>,
    pub(crate) due_by: Option<DateTime<Utc>>,
    pub(crate) overdue: bool,
    pub(crate) team: Option<String>,
    pub(crate) person: Option<String>,
    pub(crate) service: Option<Workload>,
}

/// A task's place in lists: the earliest due first, those without a date last.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Place {
    due_at: Option<DateTime<Utc>>,
    case: String,
    service: String,
    key: String,
}

impl Place {
    fn order(&self) -> (bool, Option<DateTime<Utc>>, &str, &str, &str) {
        (self.due_at.is_none(), self.due_at, &self.case, &self.service, &self.key)
    }
}

/// What a task's row is made of, for [`task`].
macro_rules! columns {
    () => {
        "tasks.case_reference, customer, benefit, award, tasks.key, what, owner, since,
             NULLIF(due_at, 'infinity') AS due_at, deadline::text AS deadline, blocking, discharged_by, rule, team,
             person, cover_person, cover_until"
    };
}
pub(crate) use columns;

/// When a task matches a filter whose parts, but for the case, are among the first eight parameters: at present; or, by
/// how it was before, at some time. Who stood in for somebody did so then.
macro_rules! matching {
    (alike) => {
        "($1::text IS NULL OR owner = $1) AND ($3::text IS NULL OR benefit = $3)
             AND ($4::timestamptz IS NULL OR due_at <= $4) AND (NOT $5 OR due_at < COALESCE($6, clock_timestamp()))
             AND ($7::text IS NULL OR team = $7)"
    };
    () => {
        concat!(
            $crate::tasks::matching!(alike),
            " AND ($8::text IS NULL OR person = $8
                 OR (cover_person = $8 AND cover_until >= COALESCE($6, clock_timestamp())))"
        )
    };
    (before) => {
        concat!($crate::tasks::matching!(alike), " AND ($8::text IS NULL OR person = $8 OR cover_person = $8)")
    };
}
pub(crate) use matching;

/// A statement's first eight parameters.
macro_rules! bind {
    ($statement:expr, $store:expr, $filter:expr) => {
        sqlx::query($statement)
            .bind($filter.owner.as_ref().map(crate::wire::stored))
            .bind($filter.case.as_deref())
            .bind($filter.benefit.as_ref().map(crate::wire::stored))
            .bind($filter.due_by)
            .bind($filter.overdue)
            .bind($store.inner.clock.instead_of_database())
            .bind($filter.team.as_deref())
            .bind($filter.person.as_deref())
    };
}
pub(crate) use bind;

/// What is owed next on a case.
#[derive(Debug, Clone, PartialEq)]
pub struct OwedNext {
    /// The earliest due; of what has no date that which the case waits for, and then the longest owed.
    pub task: pb::Task,
    /// How many tasks it is the first of.
    pub of: u32,
}

impl Store {
    /// What is owed next on each of these cases on which anything is owed, by the case's reference.
    ///
    /// # Errors
    /// [`DbFault`] where the database does not answer or a row does not read.
    pub async fn owed_next(&self, cases: &[String]) -> Result<BTreeMap<String, OwedNext>, DbFault> {
        let statement = concat!(
            "SELECT DISTINCT ON (tasks.case_reference) ",
            columns!(),
            ", count(*) OVER (PARTITION BY tasks.case_reference) AS owed
             FROM tasks WHERE tasks.case_reference = ANY($1)
             ORDER BY tasks.case_reference, tasks.due_at, blocking DESC, since, tasks.key",
        );
        let rows = sqlx::query(statement).bind(cases).fetch_all(&self.inner.pool).await?;
        let next = |row: &PgRow| {
            let (task, owed) = (task(row, self.inner.workload)?, row.try_get::<i64, _>("owed")?);
            Ok((task.case_reference.clone(), OwedNext { task, of: u32::try_from(owed).unwrap_or(u32::MAX) }))
        };
        rows.iter().map(next).collect()
    }

    /// The tasks that a filter matches, at most `limit`, after `after`, each with its place.
    pub(crate) async fn list_tasks(
        &self,
        filter: &Filter,
        after: Option<&Place>,
        limit: u32,
    ) -> Result<Vec<(Place, pb::Task)>, DbFault> {
        let service = wire::stored(&self.inner.workload);
        let statement = concat!(
            "SELECT ",
            columns!(),
            " FROM tasks WHERE ",
            matching!(),
            " AND ($2::text IS NULL OR case_reference = $2)
             AND ($10::text IS NULL OR (tasks.due_at, case_reference, $9::text, key)
                 > (COALESCE($11, 'infinity'), $10, $12, $13))
             ORDER BY tasks.due_at, case_reference, key
             LIMIT $14",
        );
        let rows = bind!(statement, self, filter)
            .bind(&service)
            .bind(after.map(|after| after.case.as_str()))
            .bind(after.and_then(|after| after.due_at))
            .bind(after.map(|after| after.service.as_str()))
            .bind(after.map(|after| after.key.as_str()))
            .bind(i64::from(limit))
            .fetch_all(&self.inner.pool)
            .await?;
        let told = |row: &PgRow| {
            let due_at: Option<DateTime<Utc>> = row.try_get("due_at")?;
            let (case, key) = (row.try_get("case_reference")?, row.try_get("key")?);
            let place = Place { due_at, case, service: service.clone(), key };
            Ok((place, task(row, self.inner.workload)?))
        };
        rows.iter().map(told).collect()
    }
}

/// Merges what several stores list, and cuts it to a page.
pub(crate) fn merged(mut found: Vec<(Place, pb::Task)>, limit: u32) -> (Vec<pb::Task>, Option<Place>) {
    found.sort_by(|(one, _), (other, _)| one.order().cmp(&other.order()));
    let (found, is_more) = page::cut(found, limit);
    let next = found.last().filter(|_| is_more).map(|(place, _)| place.clone());
    (found.into_iter().map(|(_, task)| task).collect(), next)
}

/// A task from a row that holds its columns.
pub(crate) fn task(row: &PgRow, service: Workload) -> Result<pb::Task, DbFault> {
    let case: String = row.try_get("case_reference")?;
    let award = Award {
        customer: row.try_get("customer")?,
        benefit: wire::restored(row.try_get("benefit")?)?,
        award: row.try_get("award")?,
    };
    let deadline: Option<String> = row.try_get("deadline")?;
    let deadline = deadline.map(|json| serde_json::from_str::<Deadline>(&json)).transpose();
    let rule: String = row.try_get("rule")?;
    let since: DateTime<Utc> = row.try_get("since")?;
    let key: String = row.try_get("key")?;
    let until: Option<DateTime<Utc>> = row.try_get("cover_until")?;
    let cover = row.try_get::<Option<String>, _>("cover_person")?.zip(until);
    Ok(pb::Task {
        name: wire::task_name(service, &case, &key),
        case_reference: case,
        award: Some(wire::award(&award)),
        what: row.try_get("what")?,
        owner: wire::role(wire::restored(row.try_get("owner")?)?).into(),
        owed_since: Some(wire::timestamp(since)),
        due: deadline.map_err(|_| DbFault::Unreadable)?.as_ref().map(wire::due),
        blocking: row.try_get("blocking")?,
        discharged_by: row.try_get("discharged_by")?,
        citation: rule::find(&rule).map(wire::citation),
        team: row.try_get::<Option<String>, _>("team")?.unwrap_or_default(),
        person: row.try_get::<Option<String>, _>("person")?.unwrap_or_default(),
        cover: cover.map(|(person, until)| wire::cover(&Cover { person, until })),
    })
}
