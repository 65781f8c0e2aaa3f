//! Which values of enumerated arguments there are, read off the sources, and which were tried, read off the commands as
//! they show themselves: so that a value that is added and never tried is found.
//!
//! ```text
//! pub struct Contact { pub channel: Channel }    ─► wanted  Contact.channel=Letter, …
//! Record(Record { happening: Contact(Contact { channel: Letter, … ─► tried   Contact.channel=Letter, …
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

/// What one type of the sources has.
#[derive(Debug, Clone, Default)]
struct Shape {
    /// The module that it is of, whose names its fields use.
    module: String,
    /// The names of its variants, where it is an enum.
    variants: Vec<String>,
    /// Whose field it is, the type's or the variant's; its name, or its place in a tuple; and its type.
    fields: Vec<(String, String, String)>,
}

/// The types in the sources of a decider's commands, by their names, and by those with their module before them.
#[derive(Debug, Default)]
struct Shapes(BTreeMap<String, Shape>);

impl Shapes {
    /// Takes in one source; what an earlier one calls by a name keeps that name.
    fn read(&mut self, module: &str, source: &str) {
        let mut of: Option<(String, Shape)> = None;
        for line in source.lines() {
            if let Some(name) = begun("pub struct ", line).or_else(|| begun("pub enum ", line)) {
                of = Some((name, Shape { module: module.to_owned(), ..Shape::default() }));
            } else if line == "}" {
                if let Some((name, shape)) = of.take() {
                    self.0.insert(format!("{module}::{name}"), shape.clone());
                    self.0.entry(name).or_insert(shape);
                }
            } else if let Some((name, shape)) = &mut of {
                shape.member(name, line);
            }
        }
    }

    /// The type of this name, as a module calls it, and the name that it goes by here.
    fn of(&self, module: &str, name: &str) -> Option<(String, &Shape)> {
        let last = name.rsplit("::").next().unwrap_or(name);
        let names = [format!("{module}::{name}"), name.to_owned(), last.to_owned()];
        names.into_iter().find_map(|name| self.0.get(&name).map(|shape| (name, shape)))
    }

    /// Every value that a type can have, and each field of whatever it holds, as far as there are any to enumerate.
    fn wanted(&self, root: &str) -> BTreeSet<String> {
        let (mut wanted, mut known, mut open) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        let named = |variant: &String| format!("={variant}");
        if let Some((name, shape)) = self.of("", root) {
            wanted.extend(shape.variants.iter().map(named));
            open.push((name, shape));
        }
        while let Some((_, shape)) = open.pop() {
            for (owner, field, of_type) in &shape.fields {
                let (values, base) = unwrapped(of_type);
                let held = self.of(&shape.module, base);
                let variants = held.iter().flat_map(|(_, shape)| shape.variants.iter().map(String::as_str));
                let values = values.into_iter().chain(variants);
                wanted.extend(values.map(|value| format!("{owner}.{field}={value}")));
                open.extend(held.filter(|(name, _)| known.insert(name.clone())));
            }
        }
        wanted
    }
}

/// What a type can be beside what it is made of, and that.
fn unwrapped(of_type: &str) -> (Vec<&'static str>, &str) {
    let (mut values, mut base) = (Vec::new(), of_type);
    while let Some((outer, inner)) = base.strip_suffix('>').and_then(|base| base.split_once('<')) {
        match outer {
            "Option" => values.extend(["None", "Some"]),
            "Vec" => values.push("[]"),
            _ => {}
        }
        base = inner;
    }
    if base == "bool" {
        values.extend(["true", "false"]);
    }
    (values, base)
}

impl Shape {
    fn member(&mut self, name: &str, line: &str) {
        let field = |line: &str| {
            let (field, of_type) = line.trim_end_matches(',').split_once(": ")?;
            let named = field.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            named.then(|| (field.to_owned(), of_type.to_owned()))
        };
        if let Some((field, of_type)) = line.strip_prefix("        ").and_then(field) {
            let owner = self.variants.last().cloned().unwrap_or_default();
            self.fields.push((owner, field, of_type));
        } else if let Some((field, of_type)) = line.strip_prefix("    pub ").and_then(field) {
            self.fields.push((name.to_owned(), field, of_type));
        } else if let Some(rest) = line.strip_prefix("    ").filter(|rest| starts_upper(rest)) {
            let variant: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
            let tuple = rest.strip_prefix(&variant).and_then(|rest| rest.strip_prefix('(')?.strip_suffix("),"));
            let parts = |all: &'_ str| if all.contains('<') { vec![all.to_owned()] } else { split(all) };
            for (place, of_type) in tuple.map(parts).unwrap_or_default().into_iter().enumerate() {
                self.fields.push((variant.clone(), place.to_string(), of_type));
            }
            self.variants.push(variant);
        }
    }
}

fn split(all: &str) -> Vec<String> {
    all.split(", ").map(str::to_owned).collect()
}

fn begun(what: &str, line: &str) -> Option<String> {
    line.strip_prefix(what)?.strip_suffix(" {").map(str::to_owned)
}

fn starts_upper(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_uppercase())
}

/// The values that a decider's commands can carry, by the module and the text of each source; the first has `Command`.
pub(crate) fn wanted(sources: &[(&str, &str)]) -> BTreeSet<String> {
    let mut shapes = Shapes::default();
    for (module, source) in sources {
        shapes.read(module, source);
    }
    shapes.wanted("Command")
}

/// Takes in the values that a command carries, as it shows itself.
pub(crate) fn tried(command: &impl Debug, into: &mut BTreeSet<String>) {
    let shown = format!("{command:?}");
    let mut reading = Reading { left: &shown, into };
    reading.value("", "");
}

struct Reading<'a> {
    left: &'a str,
    into: &'a mut BTreeSet<String>,
}

impl<'a> Reading<'a> {
    /// Reads one value, and whatever it holds.
    fn value(&mut self, owner: &str, field: &str) {
        if self.skip("[") {
            if self.skip("]") {
                return self.keep(owner, field, "[]");
            }
            self.values("]", |reading, _| reading.value(owner, field));
        } else if self.skip("{") {
            if self.skip("}") {
                return self.keep(owner, field, "[]");
            }
            self.values("}", |reading, _| {
                reading.value(owner, field);
                reading.skip(": ");
                reading.value(owner, field);
            });
        } else if self.left.starts_with('"') {
            self.text();
        } else {
            let name = self.token();
            self.keep(owner, field, name);
            if self.skip("(") {
                let inner = name == "Some";
                self.values(")", |reading, place| {
                    if inner { reading.value(owner, field) } else { reading.value(name, &place.to_string()) }
                });
            } else if self.skip(" { ") {
                self.values(" }", |reading, _| {
                    let field = reading.token();
                    reading.skip(": ");
                    reading.value(name, field);
                });
            }
        }
    }

    fn values(&mut self, end: &str, mut each: impl FnMut(&mut Self, usize)) {
        for place in 0.. {
            each(self, place);
            if !self.skip(", ") {
                assert!(self.skip(end), "{end} is missing before {}", self.left);
                return;
            }
        }
    }

    fn skip(&mut self, what: &str) -> bool {
        let rest = self.left.strip_prefix(what);
        self.left = rest.unwrap_or(self.left);
        rest.is_some()
    }

    fn text(&mut self) {
        let mut escaped = false;
        let end = self.left.char_indices().skip(1).find(|(_, letter)| {
            let ends = *letter == '"' && !escaped;
            escaped = *letter == '\\' && !escaped;
            ends
        });
        self.left = end.map_or("", |(at, _)| &self.left[at + 1..]);
    }

    /// A name, a number or an instant.
    fn token(&mut self) -> &'a str {
        let ends = |(at, letter): (usize, char)| match letter {
            ' ' | ',' | '(' | ')' | '[' | ']' | '{' | '}' => true,
            ':' => self.left[at..].starts_with(": "),
            _ => false,
        };
        let end = self.left.char_indices().find(|found| ends(*found)).map_or(self.left.len(), |(at, _)| at);
        let (token, rest) = self.left.split_at(end);
        self.left = rest;
        token
    }

    fn keep(&mut self, owner: &str, field: &str, value: &str) {
        let is_name = starts_upper(value) || ["true", "false", "[]"].contains(&value);
        if is_name {
            let dot = if owner.is_empty() { "" } else { "." };
            self.into.insert(format!("{owner}{dot}{field}={value}"));
        }
    }
}

#[test]
fn what_a_command_carries_is_read_off_it() {
    #[derive(Debug)]
    #[allow(dead_code, reason = "it is shown, and not read")]
    enum Command {
        Told { how: Option<bool>, words: &'static str, at: Vec<Command> },
        Done(u8),
    }
    let mut found = BTreeSet::new();
    let inner = vec![Command::Done(1), Command::Told { how: None, words: "(a, \"b\")", at: Vec::new() }];
    tried(&Command::Told { how: Some(true), words: "]", at: inner }, &mut found);
    let expected =
        ["=Told", "Told.at=Done", "Told.at=Told", "Told.at=[]", "Told.how=None", "Told.how=Some", "Told.how=true"];
    assert_eq!(found.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    let source = "pub enum Command {\n    Told {\n        how: Option<bool>,\n    },\n    Done(u8),\n}\n";
    let wanted = wanted(&[("told", source)]);
    let expected = ["=Done", "=Told", "Told.how=None", "Told.how=Some", "Told.how=false", "Told.how=true"];
    assert_eq!(wanted.iter().map(String::as_str).collect::<Vec<_>>(), expected);
}
