//! From the first thought of a visit to the outcome of the visits.

use super::{NOT_PRESCRIBED, Part, Said, Step, Teller, said, titles};
use crate::{
    benefit::{AfterFirstVisit, Clause, Considering, ContactInTime, CoreVisit, Prescribed, Rules, Triaging},
    visiting::{FormItem, Gate, SecondVisit},
};

const TELL: Teller = Teller(Part::Visiting);

pub(super) fn steps(page: &Rules) -> Vec<Step> {
    let mut steps = before_visits(page);
    let handed_over = handed_over(page);
    let grounds: Vec<_> = page.ineffective.says.iter().map(|ground| ground.title()).collect();
    steps.extend(TELL.may_say_all(SEEN, &page.core_visit, seen));
    steps.extend([
        TELL.says("Outcome of an effective visit", &page.returned, "goes back to whoever referred"),
        TELL.says("When a visit is ineffective", &page.ineffective, grounds.join("; ")),
        TELL.says("Unsafe area", &page.unsafe_area, "counts as two ineffective visits"),
        TELL.may_say("No address can be traced", &page.untraceable, |()| "counts as two ineffective visits".to_owned()),
    ]);
    steps.extend(TELL.may_say_all(AFTER_FIRST, &page.after_first_visit, after_first_visit));
    steps.push(TELL.told("Two ineffective visits", handed_over));
    steps
}

/// Whom the text names. The original referrer is told in any case, which is no word of a text that does not say so.
fn handed_over(page: &Rules) -> Said {
    let (mut rules, mut told) =
        said(&page.handover, format!("the details are referred back to {}", titles(page.handover.says)));
    if let Prescribed::Yes(too) = &page.to_original_referrer {
        rules.extend(too.rules);
        told.push_str(" and to the original referrer");
    }
    (rules, told)
}

fn before_visits(page: &Rules) -> Vec<Step> {
    let mut steps = TELL.may_say_all(CONSIDERED, &page.consideration, considered);
    steps.extend(TELL.may_say_all(TRIAGED, &page.triage, triaged));
    steps.push(TELL.says("Who refers for a visit", &page.referral, titles(page.referral.says)));
    let needs = "What a referral needs";
    steps.push(if page.before_referral.is_empty() {
        TELL.silent(needs)
    } else {
        TELL.told(needs, gates(page.before_referral))
    });
    steps.push(TELL.may_say("Follow-up", &page.follow_up, |follow_up| {
        format!(
            "{} looks again {} after the referral, chases where nothing has come back, and considers extending the \
             review date",
            follow_up.owner.title(),
            follow_up.within
        )
    }));
    steps
}

const CONSIDERED: [&str; 7] = [
    "Considered before a sanction or a disallowance",
    "Indicators in the records",
    "Hardship",
    "Appointee or attorney",
    "No response although a condition is known",
    "Before it is concluded that no visit is required",
    "A visit is required",
];

fn considered(page: &Considering) -> [Said; 7] {
    let items: Vec<_> = page.items.says.iter().map(|item| item.title()).collect();
    let (mut rules, before) = gates(page.no_visit);
    rules.extend([page.noted.rules, page.noted_unspoken.rules].concat());
    [
        (
            [page.by.rules, page.items.rules].concat(),
            format!("{} considers {}", titles(page.by.says), items.join("; ")),
        ),
        said(&page.indicators, "checked for"),
        said(
            &page.hardship,
            "where there is a safeguarding concern, whom to contact to mitigate hardship is considered",
        ),
        said(&page.representative, "whether they fulfil their responsibilities is considered"),
        said(&page.no_response, "a visit is due"),
        (rules, format!("{before}; then: {}; or: {}", page.noted.says, page.noted_unspoken.says)),
        said(&page.refer, "the referral is made as soon as possible"),
    ]
}

const TRIAGED: [&str; 5] = [
    "Triage of a concern",
    "Triage finds a visit appropriate",
    "Triage finds no visit appropriate",
    "Triage finds no concern",
    "Concern that arises at any stage",
];

fn triaged(page: &Triaging) -> [Said; 5] {
    let by = titles(page.by.says);
    [
        said(&page.by, format!("{by} triages before any referral")),
        said(&page.refer, format!("{by} makes the referral")),
        said(&page.stays, format!("the case stays with {by}")),
        said(&page.adviser, "the case goes to an adviser"),
        said(&page.concern, "anybody may identify it; it is triaged"),
    ]
}

const SEEN: [&str; 8] = [
    "What the officer explains",
    "What the officer establishes",
    "Appointee or attorney at the visit",
    "Lone parent with a child under one",
    "Booking",
    "Deferral looks appropriate",
    "Letter about a confirmed appointment",
    "Good cause",
];

fn seen(page: &CoreVisit) -> [Said; 8] {
    let decides = titles(page.good_cause.says);
    let not = page.decides_nothing.says.title();
    [
        said(&page.explains, "why the customer has to take part, and what follows from not doing so"),
        said(&page.establishes, "whether the customer understands what is required of them"),
        said(&page.representative, "included"),
        said(&page.lone_parent, "found out where it is not known"),
        said(&page.booking, "a date and time is agreed with the customer and the referrer"),
        said(&page.deferral, "the referrer is contacted at once"),
        said(&page.letter, "completed for an appointment that the referrer has confirmed"),
        (
            [page.good_cause.rules, page.decides_nothing.rules].concat(),
            format!("{decides} decides, once the outcome is back; {not} does not"),
        ),
    ]
}

const AFTER_FIRST: [&str; 4] =
    ["First visit ineffective", "Contact in time", "Confidence in the customer's understanding", "No contact in time"];

fn after_first_visit(page: &AfterFirstVisit) -> [Said; 4] {
    let letter = &page.letter.says;
    let confidence = &page.contact_in_time.says.confidence;
    let confident = TELL.may_say(AFTER_FIRST[2], confidence, |confidence| {
        format!("{} says whether there is any; in doubt the second visit is due", confidence.owner.title())
    });
    [
        said(
            &page.letter,
            format!("a letter asks the customer to contact {} within {}", letter.contact.title(), letter.within),
        ),
        said(&page.contact_in_time, contact_in_time(&page.contact_in_time.says)),
        (confident.rules, confident.prescribed),
        said(&page.no_contact, "the Visiting Officer attempts another visit"),
    ]
}

fn contact_in_time(contact: &ContactInTime) -> String {
    let note = contact
        .note
        .as_option()
        .map_or_else(|| NOT_PRESCRIBED.to_owned(), |note| format!("{}: {}", note.owner.title(), note.what));
    let unless = match contact.unless_decided {
        Some(SecondVisit::Needed) => "; it is needed unless they say otherwise",
        Some(SecondVisit::NotNeeded) => "; it is not needed unless they say otherwise",
        None => "",
    };
    let decides = titles(contact.second_visit_decided_by);
    format!("note of the conversation: {note}; {decides} tells DWP Visiting whether a second visit is needed{unless}")
}

/// What has to be met, all of it, and every rule behind it.
fn gates(gates: &[Clause<Gate>]) -> Said {
    let rules = gates.iter().flat_map(|gate| gate.rules).copied().collect();
    let told: Vec<_> = gates.iter().map(|gate| met(gate.says)).collect();
    (rules, told.join("; "))
}

fn met(gate: Gate) -> &'static str {
    match gate {
        Gate::Considered(_) => "everything was considered",
        Gate::IndicatorsChecked => "the records were checked for indicators",
        Gate::NoSafeguardingConcern => "no safeguarding concern is on record",
        Gate::ResponsibilitiesConsidered => {
            "where there is an appointee or attorney, their responsibilities were considered"
        }
        Gate::Confident => "staff are confident that the customer understands and is able to comply",
        Gate::NotUntraceable => "the last trace of an address did not come to nothing",
        Gate::Triaged => "the concern was triaged, and a visit found appropriate",
        Gate::AddressTraced => "an address was looked for where only a care-of address is known",
        Gate::Form(item) => on_form(item),
    }
}

fn on_form(item: FormItem) -> &'static str {
    match item {
        FormItem::Condition => "the form says what the condition is, or that it is not known",
        FormItem::Representative => "who represents the customer, or that nobody is known to",
        FormItem::ContactAttempts => "what was done to contact them",
        FormItem::PreviousVisit => "whether a visit was made before",
        FormItem::GoodCauseConsidered => "whether good cause was considered",
        FormItem::LoneParent => "whether the customer is a lone parent with a child under one",
        FormItem::Activity => "the work-related activity that was not undertaken, and by when it was due",
        FormItem::Telephone => "the referring officer's telephone number",
        FormItem::TelephoneStaffed => "that this number is staffed",
        FormItem::Concern => "the form names an identified concern",
        FormItem::SupportExhausted => "it says that all other sources of support have been exhausted",
        FormItem::NoteIn => "it says where notes about the visit are made",
    }
}
