//! Log lines are written by a thread of their own: whoever takes them may stop reading, and nothing but the log stops.

use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, RecvError, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

/// How many lines may wait to be written: some megabytes. What comes on top of them is lost, and counted.
const WAITING: usize = 8_192;
/// How long the end of a process waits for its last lines to be written.
const LAST_LINES: Duration = Duration::from_secs(1);

/// What the thread is handed.
enum Handed {
    Line(Vec<u8>),
    /// Everything before this is written once the other end hears of it.
    Mark(SyncSender<()>),
}

/// Where lines are handed over. It never waits.
#[derive(Clone)]
pub(super) struct Lines {
    thread: SyncSender<Handed>,
    /// Lines that found no room, since the thread looked last.
    lost: Arc<AtomicUsize>,
}

impl Lines {
    /// Starts the thread, which writes to `to` for as long as lines can come. Where lines were lost it hands their number
    /// to `tell` once everything before them is written.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn start(to: impl Write + Send + 'static, tell: fn(usize)) -> io::Result<Self> {
        let (lines, handed) = sync_channel(WAITING);
        let lost = Arc::<AtomicUsize>::default();
        let counted = Arc::clone(&lost);
        thread::Builder::new().name("log".to_owned()).spawn(move || write_all(&handed, to, &counted, tell))?;
        Ok(Self { thread: lines, lost })
    }

    /// Completes when everything handed over is written, or after a second where nobody reads it.
    pub(super) fn finish(&self) {
        let (done, written) = sync_channel(1);
        if self.thread.try_send(Handed::Mark(done)).is_ok() {
            // Nobody is left to tell that it took too long.
            let _ = written.recv_timeout(LAST_LINES);
        }
    }
}

impl Write for Lines {
    /// One event each.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.thread.try_send(Handed::Line(line.to_vec())).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write_all(handed: &Receiver<Handed>, mut to: impl Write, lost: &AtomicUsize, tell: fn(usize)) {
    loop {
        let next = handed.try_recv().or_else(|_| {
            // There is room for what `tell` says.
            match lost.swap(0, Ordering::Relaxed) {
                0 => {}
                lost => tell(lost),
            }
            handed.recv()
        });
        match next {
            // Where it cannot be written there is nowhere to say so.
            Ok(Handed::Line(line)) => drop(to.write_all(&line)),
            Ok(Handed::Mark(done)) => drop(done.send(())),
            Err(RecvError) => return,
        }
    }
}
