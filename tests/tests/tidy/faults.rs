//! Everything that is wrong, told at once; and exceptions that do not outlive what they excuse.

use std::collections::BTreeSet;

/// Every fault that one check found.
pub(crate) struct Faults {
    remedy: &'static str,
    found: Vec<String>,
}

impl Faults {
    /// None yet. The remedy says what to do about any of them.
    pub(crate) fn new(remedy: &'static str) -> Self {
        Self { remedy, found: Vec::new() }
    }

    /// One more.
    pub(crate) fn add(&mut self, fault: impl Into<String>) {
        self.found.push(fault.into());
    }

    /// Fails where there is any.
    #[track_caller]
    pub(crate) fn none(self) {
        let (count, all) = (self.found.len(), self.found.join("\n  "));
        assert!(count == 0, "{count} found:\n  {all}\n{}\n", self.remedy);
    }
}

/// Exceptions from a check, each with its reason.
pub(crate) struct Excused {
    list: &'static [(&'static str, &'static str)],
    used: BTreeSet<&'static str>,
}

impl Excused {
    /// These, each a name and the reason why it is excused.
    pub(crate) fn new(list: &'static [(&'static str, &'static str)]) -> Self {
        Self { list, used: BTreeSet::new() }
    }

    /// Whether the list excuses this name.
    pub(crate) fn has(&mut self, name: &str) -> bool {
        let found = self.list.iter().find(|(excused, _)| *excused == name);
        found.is_some_and(|(excused, _)| {
            self.used.insert(excused);
            true
        })
    }

    /// Adds a fault for every entry that excused nothing, gave no reason, or stands twice.
    pub(crate) fn stale(self, faults: &mut Faults) {
        let mut seen = BTreeSet::new();
        for (name, reason) in self.list {
            if !self.used.contains(name) {
                faults.add(format!("{name}: listed as an exception, but nothing needs it any more"));
            }
            if reason.is_empty() || !seen.insert(name) {
                faults.add(format!("{name}: an exception stands once and gives its reason"));
            }
        }
    }
}

#[test]
#[should_panic(expected = "2 found")]
fn an_exception_that_excuses_nothing_is_a_fault() {
    let mut excused = Excused::new(&[("used", "a reason"), ("stale", "a reason"), ("unreasoned", "")]);
    assert!(excused.has("used") && excused.has("unreasoned") && !excused.has("unknown"));
    let mut faults = Faults::new("Nothing to do.");
    excused.stale(&mut faults);
    faults.none();
}
