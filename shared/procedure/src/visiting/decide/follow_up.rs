//! Looking again, while nothing has come back of a referral.

use crate::{
    Deadline, Role,
    benefit::{Clause, FollowingUp},
    calendar::Nation,
    draft::Draft,
    term::{Term, london_date},
    visiting::{
        Visiting,
        event::Event,
        fact::{FollowUp, Happening},
        state::FollowUpDue,
    },
};
use chrono::{DateTime, Utc};

impl Draft<'_, Visiting> {
    /// Sets the follow-up that the referral and the follow-ups since then ask for, and lets it mature.
    pub(super) fn follow_up_again(&mut self) {
        let (Some(opened), Some(referral)) = (&self.state.opened, &self.state.referral) else { return };
        let (made, nation) = (referral.occurred_at, opened.place_at(referral.occurred_at).nation);
        let Some(clause) = self.version(made).and_then(|version| version.rules.follow_up.as_option()) else { return };
        let due = self.follow_up_due(clause, made, nation);
        let set = self.state.follow_up.as_ref().map(|set| &set.due);
        if due.as_ref() != set {
            let event = due.map_or(Event::FollowUpEnded, |follow_up| Event::FollowUpSet { follow_up });
            self.add(event, clause.rules.to_vec(), self.context.now);
        }
        let runs = self.state.follow_up.as_ref().filter(|set| set.matured.is_none() && self.state.nothing_is_back());
        let since = runs.map(|set| set.due.ends.due.ends_at).filter(|ends_at| *ends_at < self.context.now);
        if let Some(since) = since {
            self.add(Event::FollowUpMatured { since }, clause.rules.to_vec(), since);
        }
    }

    /// The follow-up that stands by now. One that was made before the follow-up was due, and sets no other day, leaves
    /// it as it is.
    fn follow_up_due(&self, clause: &Clause<FollowingUp>, made: DateTime<Utc>, nation: Nation) -> Option<FollowUpDue> {
        let owner = clause.says.owner;
        let mut stands = Some(self.follow_up_of(None, clause.says.within, made, nation, owner));
        for (fact, known) in self.state.in_order() {
            let Happening::FollowUp(FollowUp { occurred_at, review_on }) = &known.happening else { continue };
            let matured = stands.as_ref().is_some_and(|set| set.ends.due.ends_at < *occurred_at);
            match review_on {
                Some(day) => {
                    // It matures when that day begins, which is when the one before it is over.
                    let days = (*day - london_date(*occurred_at)).num_days().saturating_sub(1);
                    let term = Term::CalendarDays(u16::try_from(days).unwrap_or(u16::MAX));
                    stands = Some(self.follow_up_of(Some(fact), term, *occurred_at, nation, owner));
                }
                None if matured => stands = None,
                None => {}
            }
        }
        stands
    }

    /// A follow-up; one that was set stays as it was derived then.
    fn follow_up_of(
        &self,
        after: Option<u32>,
        term: Term,
        from: DateTime<Utc>,
        nation: Nation,
        owner: Role,
    ) -> FollowUpDue {
        let set = self.state.follow_up.as_ref().map(|set| &set.due);
        let same = set.filter(|set| set.after == after && set.ends.term == term && set.ends.from == from);
        same.cloned().unwrap_or_else(|| {
            let due = term.due(from, nation, self.context.calendars);
            FollowUpDue { after, ends: Deadline { term, from, due }, owner }
        })
    }
}
