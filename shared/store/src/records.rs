//! A case's journal and its words, as every service tells them.

use crate::{
    Store,
    ledger::{Event, Ledger},
    wire,
};
use holdfast_chassis::{Caller, Failure, Fields, page};
use holdfast_contracts::holdfast::{common::v1 as pb, visiting::v1::ReadPurpose};

impl Store {
    /// One page of a case's journal, and the token of the next.
    ///
    /// # Errors
    /// [`Failure`], as the caller is to be told.
    pub async fn told_timeline<L: Ledger>(
        &self,
        case: &str,
        page_size: u32,
        page_token: &str,
    ) -> Result<(Vec<pb::TimelineEntry>, String), Failure> {
        let mut fields = Fields::default();
        let case = fields.reference("case_reference", case);
        let limit = fields.page_size("page_size", page_size, 100, 500);
        let after = page::after::<i64>(&mut fields, &case, page_token);
        let (case, limit, after) = fields.finish(case.zip(limit).zip(after).map(|((c, l), a)| (c, l, a)))?;
        if !case.starts_with(L::CASES) {
            return Err(Failure::CaseNotFound(case));
        }
        // One more than is asked for tells whether there is more.
        let entries = self.timeline(&case, after.unwrap_or(0), i64::from(limit) + 1).await?;
        let (entries, is_more) = page::cut(entries, limit);
        let next = entries.last().filter(|_| is_more).map(|last| page::token(&Some(case), last.sequence));
        let told = |entry: &crate::Entry| {
            let event: Event<L> = serde_json::from_str(&entry.event).map_err(|_| Failure::Internal)?;
            Ok::<_, Failure>(wire::timeline_entry(entry, &event))
        };
        Ok((entries.iter().map(told).collect::<Result<_, _>>()?, next.unwrap_or_default()))
    }

    /// The words behind a reference; who read them, and why, is recorded.
    ///
    /// # Errors
    /// [`Failure`], as the caller is to be told.
    pub async fn told_narrative<L: Ledger>(
        &self,
        caller: &Caller,
        (case, narrative): (&str, &str),
        purpose: i32,
    ) -> Result<String, Failure> {
        let mut fields = Fields::default();
        let case = fields.reference("case_reference", case);
        let narrative = fields.reference("narrative", narrative);
        let known = |purpose: ReadPurpose| (purpose != ReadPurpose::Unspecified).then_some(purpose);
        let purpose = fields.choice("purpose", purpose, known);
        let read = case.zip(narrative).zip(purpose).map(|((c, n), p)| (c, n, p));
        let (case, narrative, purpose) = fields.finish(read)?;
        // What another kind of case keeps is for other readers.
        if !case.starts_with(L::CASES) {
            return Err(Failure::CaseNotFound(case));
        }
        let purpose = purpose.as_str_name().trim_start_matches("READ_PURPOSE_");
        self.read_narrative(caller, &case, &narrative, purpose).await
    }
}
