//! The visiting referral form, as it is given and as it is shown.

use super::{
    facts::choices,
    words::{answer, answer_from, eligibility, eligibility_from, situation, situation_from},
};
use holdfast_chassis::Fields;
use holdfast_contracts::holdfast::visiting::v1 as pb;
use holdfast_procedure::visiting::{Activity, FormText, VisitingForm};
use holdfast_store::{
    Narrative,
    handing::{note_in, note_in_from},
    reading::{ACCOUNT, account, telephone},
};

/// Reads a form, and the words in it.
pub(super) fn read(fields: &mut Fields, given: &pb::VisitingForm) -> Option<(VisitingForm, Vec<Narrative>)> {
    let mut words = Vec::new();
    let condition = known_or_not(fields, "form.condition", given.condition.as_ref(), &mut words);
    let representative = known_or_not(fields, "form.representative", given.representative.as_ref(), &mut words);
    let contact_attempts = known_or_not(fields, "form.contact_attempts", given.contact_attempts.as_ref(), &mut words);
    let activity = read_activity(fields, given.activity.as_ref(), &mut words);
    let mut said = |name: &str, value| fields.optional_choice(&format!("form.{name}"), value, answer_from);
    let previous_visit = said("previous_visit", given.previous_visit);
    let good_cause_considered = said("good_cause_considered", given.good_cause_considered);
    let lone_parent = said("lone_parent_with_child_under_one", given.lone_parent_with_child_under_one);
    let has_representative = said("has_representative", given.has_representative);
    let situations = choices(fields, "form.situations", &given.situations, situation_from);
    let eligibility = choices(fields, "form.eligibility", &given.eligibility, eligibility_from);
    let number = telephone(fields, "form.telephone", &given.telephone);
    let noted = fields.optional_choice("form.note_in", given.note_in, note_in_from);
    let form = VisitingForm {
        condition: condition?,
        representative: representative?,
        contact_attempts: contact_attempts?,
        previous_visit: previous_visit?,
        good_cause_considered: good_cause_considered?,
        lone_parent_with_child_under_one: lone_parent?,
        has_representative: has_representative?,
        situations: situations?,
        activity: activity?,
        telephone: number?,
        telephone_staffed: given.telephone_staffed,
        care_of: given.care_of,
        eligibility: eligibility?,
        face_to_face_required: given.face_to_face_required,
        support_exhausted: given.support_exhausted,
        note_in: noted?,
    };
    Some((form, words))
}

fn known_or_not(
    fields: &mut Fields,
    field: &str,
    given: Option<&pb::KnownOrNot>,
    words: &mut Vec<Narrative>,
) -> Option<Option<FormText>> {
    let Some(given) = given else { return Some(None) };
    let text = fields.optional_text(&format!("{field}.text"), &given.text, ACCOUNT)?;
    match (text, given.not_known) {
        (Some(text), false) => {
            let narrative = Narrative::new(text);
            let known = FormText::Known(narrative.reference());
            words.push(narrative);
            Some(Some(known))
        }
        (None, true) => Some(Some(FormText::NotKnown)),
        (Some(_), true) | (None, false) => {
            fields.fault(&format!("{field}.text"), "has to say what is known; or else not_known is set, and not both");
            None
        }
    }
}

fn read_activity(
    fields: &mut Fields,
    given: Option<&pb::Activity>,
    words: &mut Vec<Narrative>,
) -> Option<Option<Activity>> {
    let Some(given) = given else { return Some(None) };
    let what = account(fields, "form.activity.what", &given.what);
    let due_on = fields.day("form.activity.due_on", &given.due_on);
    let (what, due_on) = what.zip(due_on)?;
    let activity = Activity { what: what.reference(), due_on };
    words.push(what);
    Some(Some(activity))
}

/// The form as it is shown: words by reference.
pub(super) fn kept(form: &VisitingForm) -> pb::KeptForm {
    pb::KeptForm {
        condition: form.condition.as_ref().map(kept_text),
        representative: form.representative.as_ref().map(kept_text),
        contact_attempts: form.contact_attempts.as_ref().map(kept_text),
        previous_visit: form.previous_visit.map(answer).unwrap_or_default().into(),
        good_cause_considered: form.good_cause_considered.map(answer).unwrap_or_default().into(),
        lone_parent_with_child_under_one: form.lone_parent_with_child_under_one.map(answer).unwrap_or_default().into(),
        has_representative: form.has_representative.map(answer).unwrap_or_default().into(),
        situations: form.situations.iter().map(|said| situation(*said).into()).collect(),
        activity: form.activity.as_ref().map(|activity| pb::KeptActivity {
            narrative: activity.what.0.clone(),
            due_on: activity.due_on.to_string(),
        }),
        telephone: form.telephone.clone().unwrap_or_default(),
        telephone_staffed: form.telephone_staffed,
        care_of: form.care_of,
        eligibility: form.eligibility.iter().map(|said| eligibility(*said).into()).collect(),
        face_to_face_required: form.face_to_face_required,
        support_exhausted: form.support_exhausted,
        note_in: form.note_in.map(note_in).unwrap_or_default().into(),
    }
}

fn kept_text(text: &FormText) -> pb::KeptText {
    match text {
        FormText::Known(narrative) => pb::KeptText { narrative: narrative.0.clone(), not_known: false },
        FormText::NotKnown => pb::KeptText { narrative: String::new(), not_known: true },
    }
}
