//! What processes use, as the kernel counts it.

use crate::Fault;
use std::{fs, time::Duration};

/// How often in a second the kernel counts; the same on every machine that matters.
const TICKS: u64 = 100;

/// A process, or a whole family of them.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Process {
    /// One.
    One(u32),
    /// One and its children, those that have ended included: a Postgres.
    Family(u32),
}

/// The fields of `/proc/<pid>/stat` after the name, which may hold anything.
fn fields(pid: &str) -> Option<Vec<u64>> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    Some(rest.split_whitespace().map(|field| field.parse().unwrap_or_default()).collect())
}

fn sum(fields: &[u64], places: &[usize]) -> u64 {
    places.iter().filter_map(|place| fields.get(*place)).sum()
}

/// Places among those fields: the parent, own time in user and kernel mode, and that of children waited for.
const PARENT: usize = 1;
const OWN: [usize; 2] = [11, 12];
const WAITED_FOR: [usize; 2] = [13, 14];

impl Process {
    /// The processor time it has used so far.
    pub(crate) fn used(self) -> Result<Duration, Fault> {
        let ticks = match self {
            Self::One(pid) => sum(&fields(&pid.to_string()).ok_or("a process is gone")?, &OWN),
            Self::Family(pid) => {
                let head = fields(&pid.to_string()).ok_or("a process is gone")?;
                let entries = fs::read_dir("/proc")?.flatten();
                let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
                let children = names.filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
                let children = children.filter_map(|name| fields(&name));
                let children = children.filter(|child| child.get(PARENT) == Some(&u64::from(pid)));
                sum(&head, &OWN) + sum(&head, &WAITED_FOR) + children.map(|child| sum(&child, &OWN)).sum::<u64>()
            }
        };
        Ok(Duration::from_millis(ticks * 1_000 / TICKS))
    }
}

/// The processor time that everything on this machine has used so far.
pub(crate) fn of_machine() -> Result<Duration, Fault> {
    let stat = fs::read_to_string("/proc/stat")?;
    let line = stat.lines().next().ok_or("/proc/stat is empty")?;
    let fields: Vec<u64> = line.split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
    // User, nice, system, interrupts, soft interrupts.
    Ok(Duration::from_millis(sum(&fields, &[0, 1, 2, 5, 6]) * 1_000 / TICKS))
}

/// The parent of a process.
pub(crate) fn parent(pid: u32) -> Result<u32, Fault> {
    let fields = fields(&pid.to_string()).ok_or("a process is gone")?;
    Ok(u32::try_from(*fields.get(PARENT).ok_or("a process has no parent")?)?)
}

/// What a process holds in memory, now and at most so far, in MiB.
pub(crate) fn resident(pid: u32) -> Result<(f64, f64), Fault> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        let kib: f64 = line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(f64::NAN);
        kib / 1_024.0
    };
    Ok((of("VmRSS:"), of("VmHWM:")))
}
