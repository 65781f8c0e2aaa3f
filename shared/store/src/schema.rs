//! A service's schema and role, and the connections under that role.

use sqlx::{
    AssertSqlSafe, Connection, PgConnection, PgPool,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{borrow::Cow, str::FromStr, time::Duration};

/// A service's own schema. The role that works in it has the same name.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    /// The name of the schema and of the role: lower-case letters only.
    pub name: &'static str,
    /// The service's own migrations, in order: description and SQL. They follow on the store's.
    pub migrations: &'static [(&'static str, &'static str)],
    /// The service's own tables to which facts are added, never changed or taken away.
    pub append_only: &'static [&'static str],
}

/// The migrations that every service shares.
const SHARED: &[(&str, &str)] = &[
    ("store", include_str!("../migrations/0001_store.sql")),
    ("merges", include_str!("../migrations/0002_merges.sql")),
];
/// Numbers of a service's own migrations begin here.
const OWN: i64 = 1_000;

/// What the service's role may do. Facts are added, never changed or taken away.
const APPEND_ONLY: [&str; 4] = ["journal", "narrative", "narrative_reads", "replays"];

impl Schema {
    /// Connections under the service's role, that see its schema only.
    ///
    /// # Errors
    /// What the driver says of the address, or of the first connection.
    pub async fn connect(&self, url: &str) -> Result<PgPool, sqlx::Error> {
        let options = PgConnectOptions::from_str(url)?
            .options([
                ("search_path", self.name),
                ("lock_timeout", "2s"),
                ("idle_in_transaction_session_timeout", "5s"),
                // Statements are short: to compile one takes a hundred times as long as to carry it out, and is done
                // wherever the planner expects far more rows than there are.
                ("jit", "off"),
            ])
            .application_name(self.name);
        Self::pool().max_connections(12).connect_with(options).await
    }

    /// So many more connections like those of a pool, made when they are first needed: what uses them waits for nobody
    /// who uses the others.
    pub(crate) fn beside(pool: &PgPool, connections: u32, options: &[(&str, &str)]) -> PgPool {
        let like = pool.connect_options().as_ref().clone().options(options.iter().copied());
        Self::pool().max_connections(connections).connect_lazy_with(like)
    }

    fn pool() -> PgPoolOptions {
        PgPoolOptions::new()
            .acquire_timeout(Duration::from_secs(5))
            // One round trip less; a dead connection shows itself in the statement and is retried by the caller.
            .test_before_acquire(false)
    }

    fn migrator(&self) -> Migrator {
        let number = |base: i64, all: &'static [(&str, &str)]| {
            (base + 1..).zip(all).map(|(version, (description, sql))| {
                let (description, sql) = (Cow::Borrowed(*description), sqlx::SqlStr::from_static(sql));
                Migration::new(version, description, MigrationType::Simple, sql, false)
            })
        };
        Migrator::with_migrations(number(0, SHARED).chain(number(OWN, self.migrations)).collect())
    }
}

/// Makes a service's schema and role, brings the schema up to date, and grants the role what it needs and no more.
/// Needs a role that may create roles and schemas. Running it again changes nothing.
///
/// # Errors
/// What the database or a migration says.
pub async fn prepare(admin_url: &str, schema: &Schema, password: &str) -> Result<(), sqlx::Error> {
    let name = schema.name;
    let mut admin = PgConnection::connect(admin_url).await?;
    // Replicas that start at once take turns.
    sqlx::query("SELECT pg_advisory_lock(hashtext('holdfast'), hashtext($1))").bind(name).execute(&mut admin).await?;
    let known: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)")
        .bind(name)
        .fetch_one(&mut admin)
        .await?;
    let quoted: String = sqlx::query_scalar("SELECT quote_literal($1)").bind(password).fetch_one(&mut admin).await?;
    let database: String = sqlx::query_scalar("SELECT quote_ident(current_database())").fetch_one(&mut admin).await?;
    let verb = if known { "ALTER" } else { "CREATE" };
    let superuser: bool =
        sqlx::query_scalar("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetch_one(&mut admin).await?;
    let mut statements = vec![
        format!("{verb} ROLE {name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {quoted}"),
        format!("CREATE SCHEMA IF NOT EXISTS {name}"),
        format!("REVOKE ALL ON SCHEMA {name} FROM PUBLIC"),
        "REVOKE ALL ON SCHEMA public FROM PUBLIC".to_owned(),
        // What a role makes for itself for a while would hide the tables of its schema.
        format!("REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC"),
        format!("GRANT USAGE ON SCHEMA {name} TO {name}"),
        format!("SET search_path = {name}"),
    ];
    if superuser {
        // Large objects belong to no schema. Only the cluster's owner can take them away.
        let makers = ["lo_creat(integer)", "lo_create(oid)", "lo_from_bytea(oid, bytea)"];
        statements.push(format!("REVOKE EXECUTE ON FUNCTION {} FROM PUBLIC", makers.join(", ")));
    }
    run(&mut admin, &statements).await?;
    schema.migrator().run(&mut admin).await?;
    let mut grants = vec![format!("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {name} TO {name}")];
    for table in APPEND_ONLY.iter().chain(schema.append_only) {
        grants.push(format!("REVOKE UPDATE, DELETE ON {name}.{table} FROM {name}"));
    }
    grants.push(format!("REVOKE ALL ON {name}._sqlx_migrations FROM {name}"));
    run(&mut admin, &grants).await?;
    admin.close().await
}

/// Why a database could not be prepared, in a sentence, where another build has been at work in it; `None` where it is
/// anything else.
#[must_use]
pub fn of_another_build(fault: &sqlx::Error) -> Option<&'static str> {
    let sqlx::Error::Migrate(fault) = fault else { return None };
    if matches!(**fault, MigrateError::VersionMismatch(_)) {
        Some("the data were written by an earlier build, whose journals this one does not read")
    } else if matches!(**fault, MigrateError::VersionMissing(_)) {
        Some("the data were written by a later build, whose journals this one does not read")
    } else {
        None
    }
}

/// Runs statements together, all or none. Role and schema names cannot be bound; they are constants of the services,
/// never input.
async fn run(admin: &mut PgConnection, statements: &[String]) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(statements.join(";\n"))).execute(admin).await?;
    Ok(())
}
