//! Both services, the ledger of holds, and what is on its way between them.

use chrono::{DateTime, TimeZone, Utc};
use holdfast_procedure::benefit::Benefit;
use holdfast_procedure::calendar::{Calendars, Nation};
use holdfast_procedure::conferencing::{self, AssuranceItem, Conferencing, Finding, FindingResult, Marker};
use holdfast_procedure::desk;
use holdfast_procedure::guidance::Guidance;
use holdfast_procedure::handover::{EscalationOutcome, File, TakenBack};
use holdfast_procedure::protection::HoldGround::TwoIneffectiveVisits as TwoVisits;
use holdfast_procedure::protection::{
    self, Applied, Change, DatabaseIdentity, HeldAt, Hold, HoldGround, Own, OwnHold, Raise, Refused, Settle, settle,
};
use holdfast_procedure::task::COMPLETE_TASK;
use holdfast_procedure::visiting::{
    self, Correction, Ground, Happening, Outcome, Visit, Visiting, WithdrawalGround, file,
};
use holdfast_procedure::{Actor, Award, Context, Decider, NarrativeRef, Place, Recorded, Role, Workload};
use std::collections::BTreeMap;
use std::sync::LazyLock;

const CASE: &str = "HF-1";
static GUIDANCE: LazyLock<Guidance> = LazyLock::new(Guidance::published);
static CALENDARS: LazyLock<Calendars> = LazyLock::new(Calendars::embedded);

/// Something that people do at one of the services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    FirstVisit,
    SecondVisit,
    ThirdVisit,
    FourthVisit,
    /// Somebody says that this fact never happened.
    Asked(u32),
    /// Somebody says that the referral was made in error.
    InError,
    /// Another person confirms it, where it is still asked for.
    Confirmed,
    ConcernFound,
    /// Safeguarding has concluded.
    OutcomeBack,
    /// Whoever leads does all that is owed, and whoever decides takes nothing, so far as they can by now.
    DecisionMade,
}

/// Something on its way.
#[derive(Debug, Clone)]
enum Sent {
    Told(Hold),
    TakeBack(TakenBack),
    File(Box<File>),
    Back(Vec<HeldAt>),
    Decision { decided: bool, times_taken_back: u32 },
}

impl Sent {
    /// It waits for nothing that was sent before.
    fn is_urgent(&self) -> bool {
        matches!(self, Self::Told(hold) if hold.state.protects())
    }
}

#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) visiting: visiting::State,
    pub(crate) conferencing: conferencing::State,
    pub(crate) ledger: BTreeMap<HoldGround, Hold>,
    from_visiting: Vec<Sent>,
    from_conferencing: Vec<Sent>,
    /// How much of what is done at each was done.
    done: [usize; 2],
    now: DateTime<Utc>,
}

fn words(text: &str) -> NarrativeRef {
    NarrativeRef(text.to_owned())
}

fn actor(role: Role) -> Actor {
    Actor { person: role.title().to_owned(), role, workload: Workload::Casework }
}

fn day(day: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 6, day, 9, 0, 0).unwrap()
}

/// Decides and takes in what follows; `None` where it is refused.
fn decided<D: Decider>(
    state: &mut D::State,
    by: &Actor,
    command: &D::Command,
    now: DateTime<Utc>,
) -> Option<Vec<D::Event>> {
    let context = Context { now, actor: by, calendars: &CALENDARS, guidance: &GUIDANCE };
    let decision = D::decide(state, command, &context).ok()?;
    for ruled in &decision.events {
        D::evolve(state, &Recorded { event: &ruled.event, at: now, by, version: &ruled.version });
    }
    Some(decision.events.into_iter().map(|ruled| ruled.event).collect())
}

/// What the ledger is told of a case's holds: those that stand, or those that do not.
fn told(before: &Own, after: &Own, award: &Award, here: Workload, protects: bool) -> Vec<Sent> {
    let told = after.told_since(before).into_iter().filter(|(_, hold)| hold.state.protects() == protects);
    let own = |hold: OwnHold| OwnHold { handed_to: None, ..hold };
    told.map(|(ground, hold)| Sent::Told(own(hold).told(CASE, ground, award, &[], here))).collect()
}

impl World {
    /// A customer was referred for a visit, and the ledger knows it.
    pub(crate) fn begun() -> Self {
        let now = Utc.with_ymd_and_hms(2026, 5, 29, 8, 0, 0).unwrap();
        let mut world = Self {
            visiting: visiting::State::default(),
            conferencing: conferencing::State::default(),
            ledger: BTreeMap::new(),
            from_visiting: Vec::new(),
            from_conferencing: Vec::new(),
            done: [0, 0],
            now,
        };
        let refer = visiting::Command::Refer {
            award: Award { customer: "C-1".to_owned(), benefit: Benefit::Pip, award: "A-1".to_owned() },
            place: Place { nation: Nation::England, area: "North".to_owned() },
            occurred_at: now,
            circumstances: words("letters came back"),
            late_reason: None,
            form: Box::default(),
            of_death: vec![],
        };
        assert!(world.at_visiting(Role::Referrer, &refer));
        world.deliver(Workload::Visiting, 0).expect("the ledger hears of the referral")
    }

    /// Tells worlds apart.
    pub(crate) fn fingerprint(&self) -> String {
        let Self { visiting, conferencing, ledger, from_visiting, from_conferencing, done, now } = self;
        format!("{visiting:?}{conferencing:?}{ledger:?}{from_visiting:?}{from_conferencing:?}{done:?}{now:?}")
    }

    pub(crate) fn told(&self) -> String {
        let own = |own: &Own| own.iter().map(|(ground, hold)| format!("{ground:?} {hold:?}")).collect::<Vec<_>>();
        format!(
            "visiting {} {:?}, taken back {} times; conferencing {} {:?}; ledger {:?}; on their way {:?} and {:?}",
            self.visiting.stage.name(),
            own(&self.visiting.protection),
            self.visiting.times_taken_back,
            self.conferencing.stage.name(),
            own(&self.conferencing.protection),
            self.ledger,
            self.from_visiting,
            self.from_conferencing,
        )
    }

    pub(crate) fn is_delivered(&self) -> bool {
        self.from_visiting.is_empty() && self.from_conferencing.is_empty()
    }

    /// Between the second ineffective visit and the confirmed retraction, and again once the case was handed over anew,
    /// the ledger holds the award as soon as what places the hold has arrived, until the decision is informed.
    pub(crate) fn check(&self) {
        let two = self.visiting.handover.is_some() && self.conferencing.decision.is_none();
        let arriving = |sent: &Vec<Sent>| sent.iter().any(|sent| sent.is_urgent() || matches!(sent, Sent::File(_)));
        // What was decided was released; anew it is placed by whoever receives the file.
        let was_decided = self.visiting.times_taken_back > 0
            && self.ledger.get(&TwoVisits).is_some_and(|hold| hold.holder == Workload::Conferencing)
            && (arriving(&self.from_visiting) || arriving(&self.from_conferencing));
        let placing = self.from_visiting.iter().any(Sent::is_urgent);
        if two && !placing && !was_decided {
            let stands = self.ledger.get(&TwoVisits).is_some_and(|hold| hold.state.protects());
            assert!(stands, "nothing protects the award: {}", self.told());
        }
    }

    /// Every world that may come next.
    pub(crate) fn next(&self, visiting: &[Done], conferencing: &[Done]) -> Vec<Self> {
        let mut next = Vec::new();
        for (place, script) in [visiting, conferencing].into_iter().enumerate() {
            if let Some(done) = script.get(self.done[place]) {
                let mut world = self.clone();
                world.done[place] += 1;
                world.act(*done);
                next.push(world);
            }
        }
        for from in [Workload::Visiting, Workload::Conferencing] {
            let urgent = self.sent(from).iter().position(Sent::is_urgent);
            let first = (!self.sent(from).is_empty()).then_some(0);
            let places: Vec<_> = first.into_iter().chain(urgent.filter(|place| *place > 0)).collect();
            next.extend(places.into_iter().filter_map(|place| self.deliver(from, place)));
        }
        next
    }

    fn sent(&self, from: Workload) -> &Vec<Sent> {
        if from == Workload::Visiting { &self.from_visiting } else { &self.from_conferencing }
    }

    fn act(&mut self, done: Done) {
        let outcome = Outcome::Ineffective { ground: Ground::NoAnswer, letter_left: true };
        let visited = |on| {
            let happening = Happening::Visit(Visit { occurred_at: day(on), outcome, seen: None });
            visiting::Command::Record(visiting::Record { happening, narrative: None, late_reason: None })
        };
        let on = match done {
            Done::FirstVisit => 1,
            Done::SecondVisit => 9,
            Done::ThirdVisit => 10,
            Done::FourthVisit => 11,
            Done::Asked(fact) => {
                let asked = Correction { fact, right: None, narrative: None, reason: words("another door") };
                self.at_visiting(Role::VisitingOfficer, &visiting::Command::Correct(asked));
                return;
            }
            Done::InError => {
                let (ground, reason) = (WithdrawalGround::RecordedInError, words("another customer"));
                self.at_visiting(Role::Referrer, &visiting::Command::Withdraw { ground, reason });
                return;
            }
            Done::Confirmed => {
                self.at_visiting(
                    Role::LineManager,
                    &visiting::Command::ConfirmRetraction { reason: words("so it was") },
                );
                return;
            }
            Done::ConcernFound | Done::OutcomeBack => {
                self.follow_up(done);
                return;
            }
            Done::DecisionMade => {
                self.lead_to_a_decision();
                return;
            }
        };
        self.now = day(on);
        assert!(self.at_visiting(Role::VisitingOfficer, &visited(on)), "what happened is recorded");
    }

    fn follow_up(&mut self, done: Done) {
        let command = if done == Done::ConcernFound {
            let reasons = words("nobody has seen her");
            conferencing::Command::Determine { satisfied: false, concern: true, assents: vec![], reasons }
        } else {
            let (concluded_at, narrative) = (self.now, words("seen"));
            let outcome = EscalationOutcome { concluded_at, steps: vec![], leader: None, narrative };
            conferencing::Command::RecordEscalationOutcome(outcome)
        };
        self.at_conferencing(Role::CesTeam, &command);
    }

    fn lead_to_a_decision(&mut self) {
        for _ in 0..20 {
            let owed = Conferencing::tasks(&self.conferencing, &GUIDANCE).into_iter().find(|task| task.blocking);
            let Some(task) = owed else { return };
            let (occurred_at, account) = (self.now, words("looked at"));
            let (system, reference) = ("PIPCS".to_owned(), "note 1".to_owned());
            let command = match (task.discharged_by, task.key.split_once(':')) {
                ("RecordAssuranceFinding", Some((_, name))) => {
                    use AssuranceItem::{Circumstances, Documents, PreviousInteractions, ThirdParties};
                    let items = [Circumstances, PreviousInteractions, Documents, ThirdParties];
                    let item = items.into_iter().find(|item| item.name() == name).expect("an item");
                    let finding = Finding { item, result: FindingResult::Reviewed, occurred_at, account };
                    conferencing::Command::RecordFinding { finding, late_reason: None }
                }
                ("RequireFurtherInformation", _) => {
                    conferencing::Command::DecideFurtherInformation { required: false, reason: account }
                }
                ("RecordDetermination", _) => conferencing::Command::Determine {
                    satisfied: true,
                    concern: false,
                    assents: vec![],
                    reasons: account,
                },
                ("ConsiderSupportMarker", _) => {
                    conferencing::Command::ConsiderSupportMarker { marker: Marker::NotPutOn, reason: account }
                }
                (COMPLETE_TASK, _) => {
                    let key = task.key.clone();
                    let late_reason = None;
                    conferencing::Command::Desk(desk::Command::Complete {
                        key,
                        occurred_at,
                        system,
                        reference,
                        late_reason,
                    })
                }
                ("RecordClosingNote", _) => {
                    conferencing::Command::RecordClosingNote { occurred_at, system, reference, late_reason: None }
                }
                ("ReturnToDecisionMaker", _) => conferencing::Command::Return,
                ("RecordDecision", _) => {
                    conferencing::Command::Decide { outcome: conferencing::Outcome::NotDisallow, weighed: account }
                }
                (other, _) => panic!("{other} does not lead on"),
            };
            assert!(self.at_conferencing(task.owner, &command), "{} is refused", task.key);
        }
    }

    /// Something is done at DWP Visiting, and what follows is sent in the order in which the service sends it.
    fn at_visiting(&mut self, role: Role, command: &visiting::Command) -> bool {
        let (before, by) = (self.visiting.clone(), actor(role));
        let Some(events) = decided::<Visiting>(&mut self.visiting, &by, command, self.now) else { return false };
        let Some(opened) = &self.visiting.opened else { return false };
        let (held, holds) = (&before.protection, &self.visiting.protection);
        let tell = |protects| told(held, holds, &opened.award, Workload::Visiting, protects);
        let mut sent = tell(true);
        let confirmed =
            |event: &visiting::Event| matches!(event, visiting::Event::RetractionConfirmed { takes_back: true, .. });
        if let Some(asked) = before.retraction.as_ref().filter(|_| events.iter().any(confirmed)) {
            let (asked_by, narrative) = (asked.by.clone(), asked.retracting.reason().clone());
            sent.push(Sent::TakeBack(TakenBack { asked_by, confirmed_by: by, at: self.now, narrative }));
        }
        let told = file(&self.visiting).filter(|told| file(&before).as_ref() != Some(told));
        sent.extend(told.map(|file| Sent::File(Box::new(file))));
        sent.extend(tell(false));
        self.from_visiting.extend(sent);
        true
    }

    /// And at conferencing.
    fn at_conferencing(&mut self, role: Role, command: &conferencing::Command) -> bool {
        let (before, by) = (self.conferencing.clone(), actor(role));
        let Some(events) = decided::<Conferencing>(&mut self.conferencing, &by, command, self.now) else {
            return false;
        };
        let Some(received) = &self.conferencing.received else { return false };
        let (held, holds) = (&before.protection, &self.conferencing.protection);
        let tell = |protects| told(held, holds, &received.file.award, Workload::Conferencing, protects);
        let mut sent = tell(true);
        for event in &events {
            if let conferencing::Event::Protection(protection::Event::HandedOver { to: Workload::Visiting, .. }) = event
            {
                sent.push(Sent::Back(holds.handed_to(Workload::Visiting)));
            } else if matches!(event, conferencing::Event::Decided { .. }) {
                let times_taken_back = received.file.times_taken_back;
                sent.push(Sent::Decision { decided: true, times_taken_back });
            }
        }
        sent.extend(tell(false));
        self.from_conferencing.extend(sent);
        true
    }

    /// The world once something that a service sent has arrived; `None` where it has to be tried again later.
    fn deliver(&self, from: Workload, place: usize) -> Option<Self> {
        let mut world = self.clone();
        let queue = if from == Workload::Visiting { &mut world.from_visiting } else { &mut world.from_conferencing };
        let taken = match queue.remove(place) {
            Sent::Told(hold) => world.hear(from, hold)?,
            Sent::TakeBack(taken) => world.at_conferencing(Role::Suite, &conferencing::Command::TakeBack(taken)),
            Sent::File(file) => world.at_conferencing(Role::Suite, &conferencing::Command::Receive(file)),
            Sent::Back(holds) => world.at_visiting(Role::Suite, &visiting::Command::ReceiveBack { holds }),
            Sent::Decision { decided, times_taken_back } => {
                world.at_visiting(Role::Suite, &visiting::Command::NoteDecision { decided, times_taken_back })
            }
        };
        assert!(taken, "a service refuses what another tells it: {}", self.told());
        Some(world)
    }

    /// The ledger hears of a hold; what it refuses is settled as the sender settles it.
    fn hear(&mut self, from: Workload, hold: Hold) -> Option<bool> {
        let sent_from = DatabaseIdentity { system: 1, timeline: 1 };
        let change = Change { hold, from, sent_from: sent_from.clone() };
        let ground = change.hold.key.ground;
        match change.judge(self.ledger.get(&ground), Some(&sent_from)) {
            Applied::Applied => {
                self.ledger.insert(ground, change.hold);
            }
            Applied::AlreadyKnown => {}
            Applied::Refused(refused) => return self.settle(&change, &refused),
        }
        Some(true)
    }

    fn settle(&mut self, change: &Change, refused: &Refused) -> Option<bool> {
        let (ground, award) = (change.hold.key.ground, &change.hold.award);
        let here = change.from;
        let own = if here == Workload::Visiting { &self.visiting.protection } else { &self.conferencing.protection };
        let own = own.get(ground).expect("a hold of the case").told(CASE, ground, award, &[], here);
        match settle(&own, change, refused) {
            Settle::OutOfDate => Some(true),
            Settle::TryAgain => None,
            Settle::RaiseAbove(known) => {
                let known_released = !self.ledger[&ground].state.protects();
                let raise = Raise { ground, known, known_released };
                Some(if here == Workload::Visiting {
                    self.at_visiting(Role::Suite, &visiting::Command::RaiseHold(raise))
                } else {
                    self.at_conferencing(Role::Suite, &conferencing::Command::RaiseHold(raise))
                })
            }
        }
    }
}
