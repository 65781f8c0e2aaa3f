//! What was measured, for people and for programs.

use crate::{
    drive::Mode,
    measure::{Beside, SIDES, Sample},
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
pub(crate) fn line(out: &mut impl Write, sample: &Sample) -> io::Result<()> {
    let Sample { mode, repetition, side, rate, server, postgres, client, bytes, others, beside } = sample;
    let Beside { server: beside_server, postgres: beside_postgres } = beside;
    writeln!(
        out,
        "sample mode={mode:?} side={} repetition={repetition} per_second={rate:.0} server_us={server:.2} \
         postgres_us={postgres:.2} client_us={client:.2} bytes={bytes:.1} others_percent={others:.1} \
         beside_server_percent={beside_server:.2} beside_postgres_percent={beside_postgres:.2}",
        SIDES[*side].split(' ').next().unwrap_or_default()
    )
}

/// All of it as tables.
pub(crate) fn print(out: &mut impl Write, samples: &[Sample]) -> io::Result<()> {
    let modes = || Mode::ALL.into_iter().filter(|mode| is_measured(samples, *mode));
    writeln!(out, "\nMedians (least–greatest); processor time in µs a question.\n")?;
    writeln!(
        out,
        "| | side | questions/s | server | Postgres | callers | of it placing, proofs, upkeep | bytes | others, % |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|---|---|")?;
    for mode in modes() {
        for (side, name) in SIDES.iter().enumerate() {
            let spread = |what: fn(&Sample) -> f64, digits| Spread::of(of(samples, mode, side).map(what)).tell(digits);
            let [server, postgres, client] =
                [|s: &Sample| s.server, |s: &Sample| s.postgres, |s: &Sample| s.client].map(|what| spread(what, 2));
            let (rate, bytes, others) = (spread(|s| s.rate, 0), spread(|s| s.bytes, 0), spread(|s| s.others, 1));
            let not_own = Spread::of(of(samples, mode, side).map(|sample| sample.not_own(samples))).tell(2);
            writeln!(
                out,
                "| {mode} | {name} | {rate} | {server} | {postgres} | {client} | {not_own} | {bytes} | {others} |"
            )?;
        }
    }
    writeln!(
        out,
        "\n| | B/A processor time, % | with placing, proofs, upkeep | A/B questions/s, % | C/B | target | |"
    )?;
    writeln!(out, "|---|---|---|---|---|---|---|")?;
    let mut results = Vec::new();
    for mode in modes() {
        let pairs = |one: usize, other: usize, what: &dyn Fn(&Sample) -> f64| {
            let pairs = of(samples, mode, one).zip(of(samples, mode, other));
            Spread::of(pairs.map(move |(one, other)| 100.0 * what(one) / what(other)))
        };
        let (own, all) = (pairs(1, 0, &|sample| sample.own(samples)), pairs(1, 0, &Sample::cpu));
        let (raw, bare) = (pairs(0, 1, &|sample| sample.rate), pairs(2, 1, &Sample::cpu));
        let (target, verdict) = (mode.target(), if own.median >= mode.target() { "met" } else { "MISSED" });
        let [told, all_told, raw_told, bare] = [&own, &all, &raw, &bare].map(|spread| spread.tell(1));
        writeln!(out, "| {mode} | {told} | {all_told} | {raw_told} | {bare} | {target:.0} | {verdict} |")?;
        let [own, all, raw] = [own, all, raw].map(|spread| spread.median);
        results.push(format!(
            "result mode={mode:?} own_percent={own:.1} cpu_percent={all:.1} raw_percent={raw:.1} {verdict}"
        ));
    }
    writeln!(out)?;
    results.iter().try_for_each(|result| writeln!(out, "{result}"))
}

fn is_measured(samples: &[Sample], mode: Mode) -> bool {
    samples.iter().any(|sample| sample.mode == mode)
}
