//! What the journal tells of a customer.

use super::{Death, DeathEvidence, DeathSource, Event, Fact};
use crate::NarrativeRef;
use chrono::{DateTime, Utc};

impl Event {
    /// The event's stable name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self.fact {
            Fact::DeathReported { .. } => "death_reported",
            Fact::DeathConfirmed { .. } => "death_confirmed",
            Fact::DeathReportMistaken { .. } => "death_report_corrected",
            Fact::Moved { .. } => "customer_moved",
            Fact::Merged { .. } => "customer_merged",
        }
    }

    /// When it happened; `None` where that is when it was recorded.
    #[must_use]
    pub fn occurred_at(&self) -> Option<DateTime<Utc>> {
        match &self.fact {
            Fact::DeathReported { occurred_at, .. } | Fact::Moved { occurred_at, .. } => Some(*occurred_at),
            Fact::DeathConfirmed { .. } | Fact::DeathReportMistaken { .. } | Fact::Merged { .. } => None,
        }
    }

    /// One sentence for people.
    #[must_use]
    pub fn summary(&self) -> String {
        let told = match &self.fact {
            Fact::DeathReported { source, .. } => {
                let source = source.title();
                format!("The customer is reported to have died ({source}); nobody contacts them any more.")
            }
            Fact::DeathConfirmed { evidence, reference } => {
                format!("A second person has verified the customer's death, {}.", by(*evidence, reference))
            }
            Fact::DeathReportMistaken { .. } => "The report of the customer's death was mistaken.".into(),
            Fact::Moved { place, .. } => format!("The customer has moved; the area is now {}.", place.area),
            Fact::Merged { into } => format!("The customer is recorded twice and goes by {into} from now on."),
        };
        let from = self.passed_on.as_ref().map(|from| format!(" (told of {})", from.case)).unwrap_or_default();
        format!("{}{from}{}", told.trim_end_matches('.'), ".")
    }

    /// The references of the words kept with it, in the order that [`crate::Told::narratives`] gives. Of what was passed
    /// on, they are kept where it was told.
    #[must_use]
    pub fn narratives(&self) -> Vec<&NarrativeRef> {
        let Self { fact, passed_on } = self;
        if passed_on.is_some() {
            return Vec::new();
        }
        match fact {
            Fact::DeathReported { occurred_at: _, source: _, account: words }
            | Fact::DeathReportMistaken { reason: words } => words.iter().collect(),
            Fact::DeathConfirmed { evidence: _, reference: _ }
            | Fact::Moved { place: _, occurred_at: _ }
            | Fact::Merged { into: _ } => Vec::new(),
        }
    }
}

impl DeathSource {
    fn title(self) -> &'static str {
        match self {
            Self::Relative => "a relative or friend",
            Self::Representative => "an appointee, attorney or executor",
            Self::Register => "a register or a notification service",
            Self::Organisation => "another organisation",
            Self::Officer => "an officer",
        }
    }
}

impl DeathEvidence {
    fn title(self) -> &'static str {
        match self {
            Self::Certificate => "a death certificate",
            Self::Register => "the register of deaths",
            Self::OfficialNotice => "a coroner's or the police's notice",
        }
    }
}

fn by(evidence: DeathEvidence, reference: &str) -> String {
    format!("by {}, reference {reference}", evidence.title())
}

impl Death {
    /// By what it was verified, as a case worker says it; `None` where it is not.
    pub(super) fn verified_by(&self) -> Option<String> {
        let told = self.told.iter().rev().map(|told| &told.fact);
        told.filter_map(|fact| match fact {
            Fact::DeathConfirmed { evidence, reference } => Some(by(*evidence, reference)),
            Fact::DeathReported { .. }
            | Fact::DeathReportMistaken { .. }
            | Fact::Moved { .. }
            | Fact::Merged { .. } => None,
        })
        .next()
    }
}
