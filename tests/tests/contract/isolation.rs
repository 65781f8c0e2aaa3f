//! What the service's role may do in the database: what its work needs, and nothing else.

use super::support::{admin, as_admin, awaiting_contact, everything, suite, value};
use holdfast::suite::{prepare_all, service_url};
use holdfast_store::Schema;
use holdfast_tests::suite::TestSuite;
use holdfast_visiting::SCHEMA;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

async fn as_service(suite: &TestSuite) -> PgConnection {
    PgConnection::connect(&service_url(&suite.admin_url(), &SCHEMA)).await.unwrap()
}

/// The SQLSTATE that a statement fails with; nothing where it does not fail. Never has an effect.
async fn outcome(service: &mut PgConnection, statement: &str) -> Option<String> {
    let mut trying = service.begin().await.unwrap();
    let outcome = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut *trying).await;
    trying.rollback().await.unwrap();
    outcome.err().map(|fault| fault.as_database_error().expect(statement).code().unwrap_or_default().into_owned())
}

/// insufficient_privilege
const REFUSED: &str = "42501";

/// generated_always
const NUMBERED: &str = "428C9";

const FORBIDDEN: &[&str] = &[
    // Facts are added, never changed or taken away.
    "UPDATE visiting.journal SET person = 'x'",
    "DELETE FROM visiting.journal",
    "TRUNCATE visiting.journal",
    "UPDATE visiting.narrative SET text = 'x'",
    "DELETE FROM visiting.narrative",
    "TRUNCATE visiting.narrative",
    "UPDATE visiting.narrative_reads SET purpose = 'x'",
    "DELETE FROM visiting.narrative_reads",
    "TRUNCATE visiting.narrative_reads",
    "UPDATE visiting.replays SET person = 'x'",
    "DELETE FROM visiting.replays",
    "TRUNCATE visiting.replays",
    "TRUNCATE visiting.tasks",
    "INSERT INTO visiting.journal SELECT * FROM visiting.journal ON CONFLICT (case_reference, sequence)
         DO UPDATE SET person = 'x'",
    "SELECT 1 FROM visiting.journal FOR UPDATE",
    // What holds it all is not the service's to shape.
    "SELECT * FROM visiting._sqlx_migrations",
    "INSERT INTO visiting._sqlx_migrations SELECT * FROM visiting._sqlx_migrations",
    "ALTER TABLE visiting.journal ADD COLUMN x text",
    "ALTER TABLE visiting.journal OWNER TO visiting",
    "DROP TABLE visiting.journal",
    "DROP INDEX visiting.journal_request",
    "CREATE TRIGGER x BEFORE INSERT ON visiting.journal FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE TABLE visiting.x ()",
    "CREATE TABLE public.x ()",
    "CREATE TEMPORARY TABLE journal ()",
    "CREATE VIEW visiting.x AS SELECT 1",
    "CREATE FUNCTION visiting.x() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA x",
    "DROP SCHEMA visiting CASCADE",
    "ALTER SCHEMA visiting OWNER TO visiting",
    // Nor is anything else in the cluster.
    "SELECT * FROM other.secrets",
    "INSERT INTO other.secrets VALUES ('x')",
    "UPDATE other.secrets SET secret = 'x'",
    "DELETE FROM other.secrets",
    "SELECT * FROM public.secrets",
    "INSERT INTO public.secrets VALUES ('x')",
    "SELECT rolpassword FROM pg_authid",
    "CREATE ROLE x",
    "ALTER ROLE visiting SUPERUSER",
    "ALTER ROLE visiting CREATEROLE",
    "CREATE EXTENSION file_fdw",
    "COPY visiting.journal TO PROGRAM 'cat'",
    "COPY visiting.tasks FROM '/etc/passwd'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_ls_dir('.')",
    "SET session_replication_role = replica",
];

const NEEDED: &[&str] = &[
    "SELECT * FROM visiting.journal",
    "INSERT INTO visiting.narrative_reads (reference, read_at, person, role, workload, purpose, trace_id)
         VALUES ('x', now(), 'x', 'x', 'x', 'x', '')",
    "INSERT INTO visiting.narrative VALUES ('x', 'x', now(), 'x', 'x')",
    "UPDATE visiting.cases SET calendar_revision = 0",
    "UPDATE visiting.referrals SET area = area",
    "DELETE FROM visiting.tasks",
    "DELETE FROM visiting.timers",
    "UPDATE visiting.receipts SET reply = reply",
];

#[tokio::test]
async fn the_services_role_can_do_its_work_and_nothing_else() {
    let suite = suite().await;
    awaiting_contact(&suite, "one").await;
    // Grants on the database itself are not copied with a template.
    prepare_all(&suite.admin_url()).await.unwrap();
    as_admin(&suite, "CREATE SCHEMA other").await;
    as_admin(&suite, "CREATE TABLE other.secrets (secret text)").await;
    as_admin(&suite, "CREATE TABLE public.secrets (secret text)").await;
    let before = everything(&suite).await;
    let mut service = as_service(&suite).await;
    for statement in FORBIDDEN {
        assert_eq!(outcome(&mut service, statement).await.as_deref(), Some(REFUSED), "{statement}");
    }
    for statement in NEEDED {
        assert_eq!(outcome(&mut service, statement).await, None, "{statement}");
    }
    let superior = value(&suite, "SELECT quote_ident(current_user)").await;
    for statement in [format!("SET ROLE {superior}"), format!("SET SESSION AUTHORIZATION {superior}")] {
        assert_eq!(outcome(&mut service, &statement).await.as_deref(), Some(REFUSED), "{statement}");
    }
    assert_eq!(everything(&suite).await, before);
    service.close().await.unwrap();
    suite.stop().await;
}

/// The catalogue's own word on it, so that no table is forgotten.
#[tokio::test]
async fn the_services_role_has_no_privilege_outside_its_schema() {
    let suite = suite().await;
    let beyond = "SELECT format('%I.%I', nspname, relname) FROM pg_class
        JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND nspname NOT IN ('pg_catalog', 'information_schema', 'visiting')
            AND nspname NOT LIKE 'pg_toast%'
            AND has_table_privilege('visiting', pg_class.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')";
    let mut admin = admin(&suite).await;
    let found: Vec<String> = sqlx::query_scalar(beyond).fetch_all(&mut admin).await.unwrap();
    assert_eq!(found, Vec::<String>::new());
    let schemas: Vec<String> = sqlx::query_scalar(
        "SELECT nspname::text FROM pg_namespace WHERE has_schema_privilege('visiting', oid, 'CREATE')
             OR (nspname NOT IN ('pg_catalog', 'information_schema', 'visiting')
                 AND has_schema_privilege('visiting', oid, 'USAGE'))",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    assert_eq!(schemas, Vec::<String>::new());
    let role: (bool, bool, bool, bool, bool, i64) = sqlx::query_as(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls,
             (SELECT count(*) FROM pg_auth_members WHERE member = pg_roles.oid)
         FROM pg_roles WHERE rolname = 'visiting'",
    )
    .fetch_one(&mut admin)
    .await
    .unwrap();
    assert_eq!(role, (false, false, false, false, false, 0));
    admin.close().await.unwrap();
    suite.stop().await;
}

const SCHEMAS: [Schema; 3] = [SCHEMA, holdfast_conferencing::SCHEMA, holdfast_safeguarding::SCHEMA];

/// Every service's role works in its own schema, adds to what it may only add to, and reaches no other service's.
#[tokio::test]
async fn a_services_role_reaches_no_other_services_schema() {
    let suite = suite().await;
    let mut admin = admin(&suite).await;
    let tables: Vec<(String, String)> = sqlx::query_as(
        "SELECT schemaname::text, tablename::text FROM pg_tables
         WHERE schemaname = ANY (ARRAY['visiting', 'conferencing', 'safeguarding'])",
    )
    .fetch_all(&mut admin)
    .await
    .unwrap();
    admin.close().await.unwrap();
    assert!(tables.len() > 30, "{tables:?}");
    for own in SCHEMAS {
        let mut service = PgConnection::connect(&service_url(&suite.admin_url(), &own)).await.unwrap();
        for (schema, table) in &tables {
            let of_every_service = ["journal", "narrative", "narrative_reads", "replays"];
            let append_only = of_every_service.iter().chain(own.append_only).any(|kept| kept == table);
            let mine = schema == own.name && table != "_sqlx_migrations";
            for (statement, may) in [
                (format!("SELECT 1 FROM {schema}.{table}"), mine),
                (format!("INSERT INTO {schema}.{table} SELECT * FROM {schema}.{table} WHERE false"), mine),
                (format!("DELETE FROM {schema}.{table}"), mine && !append_only),
                (format!("TRUNCATE {schema}.{table}"), false),
                (format!("ALTER TABLE {schema}.{table} ADD COLUMN more text"), false),
                (format!("DROP TABLE {schema}.{table}"), false),
            ] {
                let expected = (!may).then_some(REFUSED);
                // A column that numbers itself takes no number; a role that got so far may insert.
                let found = outcome(&mut service, &statement).await.filter(|code| code != NUMBERED);
                assert_eq!(found.as_deref(), expected, "{} does {statement}", own.name);
            }
        }
        let beyond = format!("CREATE TABLE {}.more ()", own.name);
        assert_eq!(outcome(&mut service, &beyond).await.as_deref(), Some(REFUSED), "{beyond}");
        service.close().await.unwrap();
    }
    suite.stop().await;
}
