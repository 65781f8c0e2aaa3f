//! A word that occurs nowhere else in every free-text field of every scenario, and a search for it everywhere but where
//! words belong.

use crate::{kept, world::World};
use holdfast_tests::observed::Observed;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::sync::Mutex;

/// The canaries planted so far.
#[derive(Default)]
pub(crate) struct Canaries {
    planted: Mutex<Vec<String>>,
}

impl Canaries {
    /// Searches a scenario's replies and every table but the narrative's.
    pub(crate) async fn look_behind_the_wire(&self, world: &World) {
        let words = world.canaries().to_vec();
        let Some(suite) = world.started() else { return };
        let mut connection = PgConnection::connect(&suite.admin_url()).await.expect("the scenario's database");
        kept::all_words_are_told_of(suite, &mut connection).await;
        let tables: Vec<String> = sqlx::query_scalar(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
             WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'narrative'",
        )
        .fetch_all(&mut connection)
        .await
        .expect("its tables");
        assert!(!tables.is_empty(), "the database has no tables");
        for table in tables {
            let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!("SELECT t::text FROM {table} AS t")))
                .fetch_all(&mut connection)
                .await
                .expect("its rows");
            for word in &words {
                // Bytes are shown in hexadecimal.
                let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
                let leaks = rows.iter().any(|row| row.contains(word) || row.contains(&hex));
                assert!(!leaks, "{word} is in {table}");
            }
        }
        for word in &words {
            assert!(!world.wire().contains(word), "{word} came back over the wire");
        }
        let kept = "SELECT (SELECT count(*) FROM visiting.narrative) + (SELECT count(*) FROM conferencing.narrative)";
        let kept: i64 = sqlx::query_scalar(kept).fetch_one(&mut connection).await.expect("a count");
        assert!(words.is_empty() || kept > 0, "no narrative was kept, so nothing was proved");
        self.planted.lock().unwrap().extend(words);
    }

    /// Searches logs and spans of the whole run.
    pub(crate) fn look_outside(&self, observed: &Observed) -> Vec<String> {
        let (logs, spans) = observed.everything();
        let planted = self.planted.lock().unwrap();
        let mut leaks = observed.leaks(&planted);
        if planted.is_empty() || spans.is_empty() {
            leaks.push(format!(
                "nothing was proved: {} canaries, {} spans, {} bytes of logs",
                planted.len(),
                spans.len(),
                logs.len()
            ));
        }
        leaks
    }
}
