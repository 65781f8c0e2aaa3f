//! What the contracts say of themselves: every name in them is explained where it stands.

use crate::faults::Faults;
use prost_reflect::DescriptorPool;
use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorProto};
use std::collections::BTreeMap;

/// Numbers of the fields of `google/protobuf/descriptor.proto` that lead to the parts of a contract.
mod number {
    pub(super) const FILE_MESSAGE: i32 = 4;
    pub(super) const FILE_ENUM: i32 = 5;
    pub(super) const FILE_SERVICE: i32 = 6;
    pub(super) const FILE_EXTENSION: i32 = 7;
    pub(super) const SERVICE_METHOD: i32 = 2;
    pub(super) const MESSAGE_FIELD: i32 = 2;
    pub(super) const MESSAGE_NESTED: i32 = 3;
    pub(super) const MESSAGE_ENUM: i32 = 4;
    pub(super) const MESSAGE_ONEOF: i32 = 8;
    pub(super) const ENUM_VALUE: i32 = 2;
}

/// Every contract of ours, as a pool.
pub(crate) fn pool() -> DescriptorPool {
    holdfast_contracts::descriptor_pool().expect("the contracts decode")
}

/// The contracts of our own packages, as they were compiled.
fn ours() -> Vec<FileDescriptorProto> {
    let ours: Vec<_> = pool()
        .files()
        .filter(|file| file.package_name().starts_with("holdfast."))
        .map(|file| file.file_descriptor_proto().clone())
        .collect();
    assert!(ours.len() > 10, "only {} contracts found: they are not being seen", ours.len());
    ours
}

#[test]
fn every_name_of_the_contracts_is_explained() {
    let mut faults = Faults::new("Say above it what it means to a caller: the contract is its documentation.");
    let mut seen = 0;
    for file in ours() {
        for part in parts(&file) {
            seen += 1;
            if part.comment.trim().is_empty() {
                faults.add(format!("proto/{}:{}: {} has no comment", file.name(), part.line, part.name));
            }
        }
    }
    assert!(seen > 300, "only {seen} names found: they are not being seen");
    faults.none();
}

#[test]
fn a_part_without_a_comment_is_seen() {
    for mut file in ours() {
        let parts_before = parts(&file);
        let source = file.source_code_info.as_mut().expect("source info");
        source.location.iter_mut().for_each(|location| location.leading_comments = None);
        let bare = parts(&file);
        assert_eq!(bare.len(), parts_before.len());
        assert!(bare.iter().all(|part| part.comment.is_empty() && part.line > 0), "{}", file.name());
    }
}

/// A named part of a contract.
struct Part {
    name: String,
    comment: String,
    line: i32,
}

/// Where each part stands and what is said above it, by its path within the file's descriptor.
type Said = BTreeMap<Vec<i32>, (i32, String)>;

/// Every service, method, message, field, choice, enumeration and value of a contract.
fn parts(file: &FileDescriptorProto) -> Vec<Part> {
    let source = file.source_code_info.as_ref().expect("the descriptor set carries the contracts' comments");
    let locations = source.location.iter();
    let said: Said = locations
        .map(|at| (at.path.clone(), (at.span.first().map_or(0, |line| line + 1), at.leading_comments().to_owned())))
        .collect();
    let mut parts = Parts { said, found: Vec::new() };
    for (place, message) in (0..).zip(&file.message_type) {
        parts.message(&[number::FILE_MESSAGE, place], message);
    }
    for (place, enumeration) in (0..).zip(&file.enum_type) {
        parts.enumeration(&[number::FILE_ENUM, place], enumeration);
    }
    for (place, service) in (0..).zip(&file.service) {
        let path = [number::FILE_SERVICE, place];
        parts.add(&path, service.name());
        for (place, method) in (0..).zip(&service.method) {
            parts.add(&[path[0], path[1], number::SERVICE_METHOD, place], method.name());
        }
    }
    for (place, extension) in (0..).zip(&file.extension) {
        parts.add(&[number::FILE_EXTENSION, place], extension.name());
    }
    parts.found
}

struct Parts {
    said: Said,
    found: Vec<Part>,
}

impl Parts {
    fn add(&mut self, path: &[i32], name: &str) {
        let (line, comment) = self.said.get(path).cloned().unwrap_or_default();
        self.found.push(Part { name: name.to_owned(), comment, line });
    }

    fn message(&mut self, path: &[i32], message: &DescriptorProto) {
        let below = |number: i32, place: i32| [path, &[number, place]].concat();
        let name = message.name();
        self.add(path, name);
        for (place, field) in (0..).zip(&message.field) {
            self.add(&below(number::MESSAGE_FIELD, place), &format!("{name}.{}", field.name()));
        }
        // The choice behind an `optional` field is the compiler's own.
        let chosen = |place: i32| {
            let fields = message.field.iter().filter(move |field| field.oneof_index == Some(place));
            fields.filter(|field| !field.proto3_optional()).count()
        };
        for (place, choice) in (0..).zip(&message.oneof_decl).filter(|(place, _)| chosen(*place) > 0) {
            self.add(&below(number::MESSAGE_ONEOF, place), &format!("{name}.{}", choice.name()));
        }
        for (place, enumeration) in (0..).zip(&message.enum_type) {
            self.enumeration(&below(number::MESSAGE_ENUM, place), enumeration);
        }
        let maps = |nested: &DescriptorProto| nested.options.as_ref().is_some_and(|options| options.map_entry());
        for (place, nested) in (0..).zip(&message.nested_type).filter(|(_, nested)| !maps(nested)) {
            self.message(&below(number::MESSAGE_NESTED, place), nested);
        }
    }

    fn enumeration(&mut self, path: &[i32], enumeration: &EnumDescriptorProto) {
        self.add(path, enumeration.name());
        for (place, value) in (0..).zip(&enumeration.value) {
            let path = [path, &[number::ENUM_VALUE, place]].concat();
            self.add(&path, &format!("{}.{}", enumeration.name(), value.name()));
        }
    }
}
