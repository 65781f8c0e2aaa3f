//! What was measured, as a table.

use std::{
    io::{self, Write},
    time::Duration,
};

/// One thing that was measured often.
pub(crate) struct Row {
    what: String,
    sorted: Vec<Duration>,
    rate: Option<f64>,
}

impl Row {
    pub(crate) fn of(what: &str, mut measured: Vec<Duration>, rate: Option<f64>) -> Self {
        measured.sort_unstable();
        Self { what: what.to_owned(), sorted: measured, rate }
    }

    /// The least value that this share of all, in percent, does not exceed, in milliseconds.
    fn percentile(&self, percent: usize) -> f64 {
        let place = (self.sorted.len() * percent).div_ceil(100).saturating_sub(1);
        self.sorted.get(place).map_or(f64::NAN, |value| value.as_secs_f64() * 1e3)
    }
}

/// Prints rows, in milliseconds.
pub(crate) fn print(out: &mut impl Write, rows: &[Row]) -> io::Result<()> {
    writeln!(
        out,
        "\n{:34} {:>7} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "milliseconds", "count", "p50", "p90", "p99", "max", "per s"
    )?;
    for row in rows {
        let [p50, p90, p99, max] = [50, 90, 99, 100].map(|percent| row.percentile(percent));
        let rate = row.rate.map(|rate| format!("{rate:.0}")).unwrap_or_default();
        let count = row.sorted.len();
        writeln!(out, "{:34} {count:>7} {p50:>9.1} {p90:>9.1} {p99:>9.1} {max:>9.1} {rate:>9}", row.what)?;
    }
    Ok(())
}
