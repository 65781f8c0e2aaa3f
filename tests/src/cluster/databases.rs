//! Databases of a test's own, copied from templates which are made once for the whole cluster.

use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use uuid::Uuid;

use super::TestCluster;

/// How long to try while somebody is still connected to a template.
const FREE_WITHIN: Duration = Duration::from_secs(30);

/// The state that Postgres reports when a database is being used.
const OBJECT_IN_USE: &str = "55006";

impl TestCluster {
    /// Makes the template `name`, once for the cluster whichever process or thread comes first: `prepare` gets the
    /// administrator's URL of a new, empty database and fills it. The others wait and find it made. If `prepare` fails,
    /// the next one tries again.
    ///
    /// # Panics
    ///
    /// When Postgres refuses something, or `prepare` panics.
    pub async fn template(&self, name: &str, prepare: impl AsyncFnOnce(String)) {
        let mut connection = self.connect().await;
        // It belongs to the connection, so that it is given up however this process ends.
        let lock = sqlx::query("SELECT pg_advisory_lock(hashtextextended($1, 0))").bind(name);
        lock.execute(&mut connection).await.unwrap_or_else(|error| panic!("cannot lock template {name}: {error}"));
        if !exists(&mut connection, name).await {
            let unfinished = format!("{name}_unfinished");
            let (from, to) = (quote(&unfinished), quote(name));
            run(&mut connection, format!("DROP DATABASE IF EXISTS {from} WITH (FORCE)")).await;
            run(&mut connection, format!("CREATE DATABASE {from}")).await;
            prepare(self.admin_url(&unfinished)).await;
            // It gets its name when it is complete. Nobody can connect to it then, which would block copying it.
            disconnect(&mut connection, &unfinished).await;
            run(&mut connection, format!("ALTER DATABASE {from} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false")).await;
            run(&mut connection, format!("ALTER DATABASE {from} RENAME TO {to}")).await;
        }
        close(connection).await;
    }

    /// Makes a database for one test as a copy of a template, and returns its name.
    ///
    /// # Panics
    ///
    /// When Postgres refuses.
    pub async fn database_from_template(&self, template: &str) -> String {
        let name = format!("test_{}", Uuid::new_v4().simple());
        let mut connection = self.connect().await;
        run(&mut connection, format!("CREATE DATABASE {} TEMPLATE {}", quote(&name), quote(template))).await;
        close(connection).await;
        name
    }

    /// Drops a database, whoever is connected to it. Databases go with the cluster anyway: this is for tests that make
    /// many of them.
    ///
    /// # Panics
    ///
    /// When Postgres refuses.
    pub async fn drop_database(&self, name: &str) {
        let mut connection = self.connect().await;
        run(&mut connection, format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", quote(name))).await;
        close(connection).await;
    }

    /// A connection to a database that is always there.
    async fn connect(&self) -> PgConnection {
        let connected = PgConnection::connect(&self.admin_url("postgres")).await;
        connected.unwrap_or_else(|error| panic!("cannot connect to the test cluster: {error}"))
    }
}

/// Closes a connection in order, so that its end does not depend on when the runtime gets to it.
async fn close(connection: PgConnection) {
    connection.close().await.unwrap_or_else(|error| panic!("cannot close the connection: {error}"));
}

/// Whether there is a database of this name.
async fn exists(connection: &mut PgConnection, name: &str) -> bool {
    let query = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)").bind(name);
    query.fetch_one(connection).await.unwrap_or_else(|error| panic!("cannot look for database {name}: {error}"))
}

/// Ends all connections to a database.
async fn disconnect(connection: &mut PgConnection, name: &str) {
    let query = sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1").bind(name);
    query.execute(connection).await.unwrap_or_else(|error| panic!("cannot end connections to {name}: {error}"));
}

/// Runs a statement about databases, again while Postgres says that one of them is in use: a connection which was
/// closed at one end takes a moment to be gone at the other.
async fn run(connection: &mut PgConnection, statement: String) {
    let until = Instant::now() + FREE_WITHIN;
    loop {
        // Names of databases cannot be parameters; they are quoted.
        let Err(error) = connection.execute(AssertSqlSafe(statement.clone())).await else { return };
        let in_use = error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == OBJECT_IN_USE);
        if !in_use || Instant::now() > until {
            panic!("{statement}: {error}");
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A name as an identifier in SQL.
fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
