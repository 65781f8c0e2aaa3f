//! What is owed, as rows: derived from each case's state, listed for the people who owe it.

use crate::{
    Store,
    db::{Connection, DbFault},
    ledger::{Ledger, State},
    wire,
};
use chrono::{DateTime, Utc};
use holdfast_chassis::{Failure, page};
use holdfast_contracts::holdfast::common::v1 as pb;
use holdfast_procedure::{Award, Benefit, Deadline, Decider, Role, Task, guidance::Guidance, rule};
use serde::{Deserialize, Serialize};
use sqlx::{Row, postgres::PgRow};

/// Everything owed on a case, the earliest due first, those without a date last, then the longest owed.
pub(crate) fn owed<L: Ledger>(state: &State<L>, guidance: &Guidance) -> Vec<Task> {
    let mut tasks = L::Decider::tasks(state, guidance);
    tasks.sort_by_key(|task| {
        let due = task.due.as_ref().map_or(DateTime::<Utc>::MAX_UTC, |deadline| deadline.due.ends_at);
        (due, task.since, task.key.clone())
    });
    tasks
}

/// Makes a case's tasks these, in two statements.
pub(crate) async fn keep(
    connection: &mut Connection,
    case: &str,
    award: Option<&Award>,
    tasks: &[Task],
) -> Result<(), DbFault> {
    let Some(award) = award else { return Ok(()) };
    let keys: Vec<_> = tasks.iter().map(|task| task.key.as_str()).collect();
    sqlx::query("DELETE FROM tasks WHERE case_reference = $1 AND key <> ALL($2)")
        .bind(case)
        .bind(&keys)
        .execute(&mut *connection)
        .await?;
    if tasks.is_empty() {
        return Ok(());
    }
    fn column<'a, T>(tasks: &'a [Task], read: impl Fn(&'a Task) -> T) -> Vec<T> {
        tasks.iter().map(read).collect()
    }
    sqlx::query(
        "INSERT INTO tasks (case_reference, customer, benefit, award, key, what, owner, since, due_at, deadline,
             blocking, discharged_by, rule)
         SELECT $1, $2, $3, $4, key, what, owner, since, COALESCE(due_at, 'infinity'), deadline::json, blocking,
             discharged_by, rule
         FROM unnest($5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[], $10::text[],
             $11::boolean[], $12::text[], $13::text[])
             AS row (key, what, owner, since, due_at, deadline, blocking, discharged_by, rule)
         ON CONFLICT (case_reference, key) DO UPDATE
         SET what = excluded.what, owner = excluded.owner, since = excluded.since, due_at = excluded.due_at,
             deadline = excluded.deadline, blocking = excluded.blocking, discharged_by = excluded.discharged_by,
             rule = excluded.rule",
    )
    .bind(case)
    .bind(&award.customer)
    .bind(wire::stored(&award.benefit))
    .bind(&award.award)
    .bind(&keys)
    .bind(column(tasks, |task| task.what.as_str()))
    .bind(column(tasks, |task| wire::stored(&task.owner)))
    .bind(column(tasks, |task| task.since))
    .bind(column(tasks, |task| task.due.as_ref().map(|deadline| deadline.due.ends_at)))
    .bind(column(tasks, |task| task.due.as_ref().and_then(|deadline| serde_json::to_string(deadline).ok())))
    .bind(column(tasks, |task| task.blocking))
    .bind(column(tasks, |task| task.discharged_by))
    .bind(column(tasks, |task| task.rule.id))
    .execute(connection)
    .await?;
    Ok(())
}

/// Which tasks to list. All that is given must hold.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Filter {
    pub(crate) owner: Option<Role>,
    pub(crate) case: Option<String>,
    pub(crate) benefit: Option<Benefit>,
    pub(crate) due_by: Option<DateTime<Utc>>,
    pub(crate) overdue: bool,
}

/// Where a page of tasks ended.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct After {
    /// `None`: among those without a date.
    due_at: Option<DateTime<Utc>>,
    case: String,
    key: String,
}

impl Store {
    /// Lists tasks, and where to go on if there are more.
    pub(crate) async fn list_tasks(
        &self,
        filter: &Filter,
        after: Option<After>,
        limit: u32,
    ) -> Result<(Vec<pb::Task>, Option<After>), Failure> {
        let more = i64::from(limit) + 1;
        let rows = sqlx::query(
            "SELECT case_reference, customer, benefit, award, key, what, owner, since, NULLIF(due_at, 'infinity') AS due_at,
                 deadline::text AS deadline, blocking, discharged_by, rule
             FROM tasks
             WHERE ($1::text IS NULL OR owner = $1) AND ($2::text IS NULL OR case_reference = $2)
                 AND ($3::text IS NULL OR benefit = $3) AND ($4::timestamptz IS NULL OR due_at <= $4)
                 AND (NOT $5 OR due_at < COALESCE($6, clock_timestamp()))
                 AND ($8::text IS NULL OR (tasks.due_at, case_reference, key) > (COALESCE($7, 'infinity'), $8, $9))
             ORDER BY tasks.due_at, case_reference, key
             LIMIT $10",
        )
        .bind(filter.owner.as_ref().map(wire::stored))
        .bind(filter.case.as_deref())
        .bind(filter.benefit.as_ref().map(wire::stored))
        .bind(filter.due_by)
        .bind(filter.overdue)
        .bind(self.inner.clock.instead_of_database())
        .bind(after.as_ref().and_then(|after| after.due_at))
        .bind(after.as_ref().map(|after| after.case.as_str()))
        .bind(after.as_ref().map(|after| after.key.as_str()))
        .bind(more)
        .fetch_all(&self.inner.pool)
        .await
        .map_err(DbFault::from)?;
        let (rows, is_more) = page::cut(rows, limit);
        let next = if is_more { rows.last().map(end).transpose()? } else { None };
        let tasks = rows.iter().map(task).collect::<Result<_, _>>()?;
        Ok((tasks, next))
    }
}

fn end(row: &PgRow) -> Result<After, DbFault> {
    Ok(After { due_at: row.try_get("due_at")?, case: row.try_get("case_reference")?, key: row.try_get("key")? })
}

fn task(row: &PgRow) -> Result<pb::Task, DbFault> {
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
    Ok(pb::Task {
        name: wire::task_name(&case, &key),
        case_reference: case,
        award: Some(wire::award(&award)),
        what: row.try_get("what")?,
        owner: wire::role(wire::restored(row.try_get("owner")?)?).into(),
        owed_since: Some(wire::timestamp(since)),
        due: deadline.map_err(|_| DbFault::Unreadable)?.as_ref().map(wire::due),
        blocking: row.try_get("blocking")?,
        discharged_by: row.try_get("discharged_by")?,
        citation: rule::find(&rule).map(wire::citation),
    })
}
