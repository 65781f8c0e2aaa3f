//! What was measured, for people and for programs.

use crate::{
    drive::Mode,
    measure::{SIDES, Sample},
};
use std::io::{self, Write};

/// The median of several values, the least and the greatest.
struct Spread {
    median: f64,
    least: f64,
    greatest: f64,
}

impl Spread {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = values.collect();
        sorted.sort_by(f64::total_cmp);
        let at = |place: usize| sorted.get(place).copied().unwrap_or(f64::NAN);
        let (below, above) = (at(sorted.len().saturating_sub(1) / 2), at(sorted.len() / 2));
        Self { median: f64::midpoint(below, above), least: at(0), greatest: at(sorted.len().saturating_sub(1)) }
    }

    fn tell(&self, digits: usize) -> String {
        let Self { median, least, greatest } = self;
        format!("{median:.digits$} ({least:.digits$}–{greatest:.digits$})")
    }
}

/// Samples of one side, in the order in which they were taken.
fn of(samples: &[Sample], mode: Mode, side: usize) -> impl Iterator<Item = &Sample> {
    samples.iter().filter(move |sample| sample.mode == mode && sample.side == side)
}

/// The line of one measurement, for programs.
pub(crate) fn line(out: &mut impl Write, repetition: u64, sample: &Sample) -> io::Result<()> {
    let Sample { mode, side, rate, server, postgres, client, bytes, others } = sample;
    writeln!(
        out,
        "sample mode={mode:?} side={} repetition={repetition} per_second={rate:.0} server_us={server:.2} \
         postgres_us={postgres:.2} client_us={client:.2} bytes={bytes:.1} others_percent={others:.1}",
        SIDES[*side].split(' ').next().unwrap_or_default()
    )
}

/// All of it as tables.
pub(crate) fn print(out: &mut impl Write, samples: &[Sample]) -> io::Result<()> {
    writeln!(out, "\nMedians (least–greatest); processor time in µs a question.\n")?;
    writeln!(out, "| | side | questions/s | server | Postgres | callers | bytes | others, % |")?;
    writeln!(out, "|---|---|---|---|---|---|---|---|")?;
    for mode in Mode::ALL {
        for (side, name) in SIDES.iter().enumerate() {
            let spread = |what: fn(&Sample) -> f64, digits| Spread::of(of(samples, mode, side).map(what)).tell(digits);
            let [server, postgres, client] =
                [|s: &Sample| s.server, |s: &Sample| s.postgres, |s: &Sample| s.client].map(|what| spread(what, 2));
            let (rate, bytes, others) = (spread(|s| s.rate, 0), spread(|s| s.bytes, 0), spread(|s| s.others, 1));
            writeln!(out, "| {mode} | {name} | {rate} | {server} | {postgres} | {client} | {bytes} | {others} |")?;
        }
    }
    writeln!(out, "\n| | B/A processor time, % | A/B questions/s, % | C/B processor time, % | target | |")?;
    writeln!(out, "|---|---|---|---|---|---|")?;
    let mut results = Vec::new();
    for mode in Mode::ALL {
        let pairs = |one: usize, other: usize, what: fn(&Sample) -> f64| {
            let pairs = of(samples, mode, one).zip(of(samples, mode, other));
            Spread::of(pairs.map(move |(one, other)| 100.0 * what(one) / what(other)))
        };
        let (cpu, raw, bare) = (pairs(1, 0, Sample::cpu), pairs(0, 1, |s| s.rate), pairs(2, 1, Sample::cpu));
        let (target, verdict) = (mode.target(), if cpu.median >= mode.target() { "met" } else { "MISSED" });
        let [told, raw_told, bare] = [&cpu, &raw, &bare].map(|spread| spread.tell(1));
        writeln!(out, "| {mode} | {told} | {raw_told} | {bare} | {target:.0} | {verdict} |")?;
        let (cpu, raw) = (cpu.median, raw.median);
        results.push(format!("result mode={mode:?} cpu_percent={cpu:.1} raw_percent={raw:.1} {verdict}"));
    }
    writeln!(out)?;
    results.iter().try_for_each(|result| writeln!(out, "{result}"))
}
