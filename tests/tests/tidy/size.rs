//! A file is read in one sitting, a function at one glance.

use crate::{faults::Faults, sources::rust};
use syn::{Block, ImplItemFn, ItemFn, Signature, TraitItemFn, visit::Visit};

/// Lines a file may have.
const FILE: usize = 400;
/// Lines a function may have, from its `fn` to its closing brace.
const FUNCTION: usize = 60;

#[test]
fn no_file_is_long() {
    let mut faults = Faults::new("A file has at most 400 lines: split it by what it is about.");
    for file in rust() {
        let lines = file.text.lines().count();
        if lines > FILE {
            faults.add(format!("{}:{lines}: {lines} lines", file.path));
        }
    }
    faults.none();
}

#[test]
fn no_function_is_long() {
    let mut faults = Faults::new("A function has at most 60 lines: give its parts names of their own.");
    let mut seen = 0;
    for file in rust() {
        let parsed = syn::parse_file(&file.text).unwrap_or_else(|fault| panic!("{}: {fault}", file.path));
        let mut functions = Functions(Vec::new());
        functions.visit_file(&parsed);
        seen += functions.0.len();
        for (name, line, lines) in functions.0.into_iter().filter(|(_, _, lines)| *lines > FUNCTION) {
            faults.add(format!("{}:{line}: fn {name} has {lines} lines", file.path));
        }
    }
    assert!(seen > 500, "only {seen} functions found: they are not being seen");
    faults.none();
}

/// Every function's name, first line and number of lines. What a macro's rules hold is not looked into, and a closure
/// counts with the function around it.
struct Functions(Vec<(String, usize, usize)>);

impl Functions {
    fn measure(&mut self, signature: &Signature, body: &Block) {
        let first = signature.fn_token.span.start().line;
        let last = body.brace_token.span.close().end().line;
        self.0.push((signature.ident.to_string(), first, last - first + 1));
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.measure(&function.sig, &function.block);
        syn::visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.measure(&function.sig, &function.block);
        syn::visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(body) = &function.default {
            self.measure(&function.sig, body);
        }
        syn::visit::visit_trait_item_fn(self, function);
    }
}

#[test]
fn functions_are_measured_from_their_keyword_to_their_closing_brace() {
    let source = "/// Said of it.\n#[must_use]\npub fn outer() {\n    struct S;\n    impl S {\n        fn inner(&self)\n\
                  -> u8 {\n 1\n }\n    }\n}\ntrait T {\n fn without();\n fn with() {}\n}\n";
    let mut functions = Functions(Vec::new());
    functions.visit_file(&syn::parse_file(source).unwrap());
    let expected = [("outer", 3, 9), ("inner", 6, 4), ("with", 14, 1)];
    assert_eq!(functions.0, expected.map(|(name, line, lines)| (name.to_owned(), line, lines)));
}
