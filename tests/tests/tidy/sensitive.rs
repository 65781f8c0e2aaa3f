//! What a person said is marked in the contracts, and no reply but the one that was asked for it can show it.

use crate::{
    contracts::pool,
    faults::{Excused, Faults},
    strings::{ANYWHERE, CLASSED, Class},
};
use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use std::collections::{BTreeMap, BTreeSet};

/// Types from elsewhere that a contract may use: none of them can hold words.
const FOREIGN: [&str; 2] = ["google.protobuf.Duration", "google.protobuf.Timestamp"];

/// Sensitive fields that a reply can reach and still never shows: views blank them, and the canary of every scenario
/// proves it. What is missing here and can be reached is a leak.
const BLANK_IN_REPLIES: &[(&str, &str)] = &[
    ("holdfast.visiting.v1.AddressTrace.account", "a recorded fact carries the narrative's reference instead"),
    ("holdfast.visiting.v1.BrokenOffVisit.account", "a recorded fact carries the narrative's reference instead"),
    ("holdfast.visiting.v1.Concern.specifics", "a recorded fact carries the narrative's reference instead"),
    ("holdfast.visiting.v1.Consideration.account", "a recorded fact carries the narrative's reference instead"),
    ("holdfast.visiting.v1.Contact.conversation", "a recorded fact carries the narrative's reference instead"),
    ("holdfast.visiting.v1.EffectiveVisit.account", "a recorded fact carries the narrative's reference instead"),
    (
        "holdfast.visiting.v1.EffectiveVisit.good_cause_reasons",
        "a recorded fact carries the narrative's reference instead",
    ),
    ("holdfast.visiting.v1.FollowUp.account", "a recorded fact carries the narrative's reference instead"),
    ("holdfast.visiting.v1.IneffectiveVisit.account", "a recorded fact carries the narrative's reference instead"),
    ("holdfast.visiting.v1.Triage.reason", "a recorded fact carries the narrative's reference instead"),
    ("holdfast.visiting.v1.UnsafeArea.account", "a recorded fact carries the narrative's reference instead"),
];

/// Sensitive fields of the replies that are there to show them; who asks is recorded.
const SHOWN: &[(&str, &str)] = &[
    ("holdfast.conferencing.v1.ReadNarrativeResponse.text", "the words themselves, read on record and for a purpose"),
    (
        "holdfast.conferencing.v1.SanctionServiceReadNarrativeResponse.text",
        "the words themselves, read on record and for a purpose",
    ),
    (
        "holdfast.safeguarding.v1.OverrideServiceReadNarrativeResponse.text",
        "the words themselves, read on record and for a purpose",
    ),
    ("holdfast.safeguarding.v1.ReadNarrativeResponse.text", "the words themselves, read on record and for a purpose"),
    ("holdfast.visiting.v1.ReadNarrativeResponse.text", "the words themselves, read on record and for a purpose"),
];

/// Every message of our own packages.
fn messages() -> Vec<MessageDescriptor> {
    let pool = pool();
    let all = pool.all_messages().filter(|message| message.package_name().starts_with("holdfast."));
    let all: Vec<_> = all.collect();
    assert!(all.len() > 40, "only {} messages found: they are not being seen", all.len());
    all
}

/// Whether a field is marked as holding what a person said.
fn is_marked(field: &FieldDescriptor) -> bool {
    field.options().get_field_by_name("debug_redact").is_some_and(|mark| mark.as_bool() == Some(true))
}

/// What is said above a field.
fn comment(field: &FieldDescriptor) -> String {
    let file = field.parent_file();
    let source = file.file_descriptor_proto().source_code_info.as_ref().expect("source info");
    let said = source.location.iter().find(|location| location.path == field.path());
    said.map(|location| location.leading_comments().to_owned()).unwrap_or_default()
}

#[test]
fn every_string_is_marked_or_known_to_hold_no_words() {
    let mut faults = Faults::new(
        "If a person's words can get into it, mark it [debug_redact = true] and keep it as narrative. If not, say in \
         tests/tests/tidy/strings.rs what it holds instead.",
    );
    let mut classes: BTreeMap<&str, Class> = BTreeMap::new();
    for (name, class) in CLASSED {
        assert!(classes.insert(name, *class).is_none(), "{name} is listed twice");
    }
    let mut used = BTreeSet::new();
    for field in messages().iter().flat_map(MessageDescriptor::fields) {
        let full = field.full_name();
        let short = full.trim_start_matches("holdfast.");
        let anywhere = ANYWHERE.iter().map(|(name, _)| *name).find(|name| *name == field.name());
        let known = anywhere.or_else(|| classes.get_key_value(short).map(|(name, _)| *name));
        used.extend(known);
        match (field.kind(), is_marked(&field), known) {
            (Kind::String | Kind::Bytes, true, None) | (Kind::String | Kind::Bytes, false, Some(_)) => {}
            (Kind::String | Kind::Bytes, false, None) => faults.add(format!("{full}: neither marked nor listed")),
            (Kind::String | Kind::Bytes, true, Some(_)) => {
                faults.add(format!("{full}: marked, so it is not to be listed"))
            }
            (_, _, Some(_)) => faults.add(format!("{full}: listed as a string without words, but it is not one")),
            (_, true, None) => faults.add(format!("{full}: marked, but it is not a string")),
            (Kind::Message(message), false, None) => {
                let name = message.full_name();
                let known = name.starts_with("holdfast.") || FOREIGN.contains(&name);
                (!known).then(|| faults.add(format!("{full}: a {name} is not known to hold no words")));
            }
            (_, false, None) => {}
        }
        if comment(&field).contains("Kept as narrative") && !is_marked(&field) {
            faults.add(format!("{full}: said to be kept as narrative, but not marked"));
        }
    }
    let listed = classes.keys().copied().chain(ANYWHERE.iter().map(|(name, _)| *name));
    listed.filter(|name| !used.contains(name)).for_each(|name| faults.add(format!("{name}: listed, but not there")));
    faults.none();
}

#[test]
fn no_reply_can_show_what_a_person_said_unless_it_is_for_that() {
    let mut faults = Faults::new(
        "Leave the field out of the reply and give the narrative's reference. A message shared with a request is \
         listed here once its view blanks the field and a canary proves it.",
    );
    let (mut blank, mut shown) = (Excused::new(BLANK_IN_REPLIES), Excused::new(SHOWN));
    let pool = pool();
    let methods = pool.services().filter(|service| service.package_name().starts_with("holdfast."));
    for method in methods.flat_map(|service| service.methods().collect::<Vec<_>>()) {
        let mut reached = BTreeMap::new();
        reach(&method.output(), &mut reached);
        for field in reached.values().flatten() {
            let direct = field.parent_message() == &method.output();
            let allowed = if direct { shown.has(field.full_name()) } else { blank.has(field.full_name()) };
            if !allowed {
                faults.add(format!("{}: can show {}", method.full_name(), field.full_name()));
            }
        }
    }
    blank.stale(&mut faults);
    shown.stale(&mut faults);
    faults.none();
}

/// Every message that can be reached from one, with its sensitive fields.
fn reach(message: &MessageDescriptor, reached: &mut BTreeMap<String, Vec<FieldDescriptor>>) {
    if reached.contains_key(message.full_name()) {
        return;
    }
    let marked = message.fields().filter(is_marked).collect();
    reached.insert(message.full_name().to_owned(), marked);
    for field in message.fields() {
        if let Kind::Message(inner) = field.kind() {
            reach(&inner, reached);
        }
    }
}
