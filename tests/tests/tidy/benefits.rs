//! Benefits differ by data. Code that asks which benefit it deals with would hide a rule where nobody looks for it.

use crate::{
    faults::{Excused, Faults},
    sources::{flat, is_test, lines_with, rust},
};
use syn::{BinOp, Expr, ExprBinary, ExprMatch, Macro, Pat, Path, visit::Visit};

/// Where benefits are data: a page for each, the rules, and their names on the wire.
const DATA: [&str; 3] = ["shared/procedure/src/benefit", "shared/procedure/src/rule", "shared/store/src/wire.rs"];

const EXCUSED: &[(&str, &str)] = &[
    ("shared/procedure/src/guidance.rs", "finds the version of the benefit that was asked for"),
    ("shared/procedure/src/protection/matching.rs", "finds the holds under the benefit that was asked about"),
    ("shared/store/src/rpc/guidance.rs", "lists the rules of the benefit that was asked for"),
    ("services/suite/src/demo/cast.rs", "finds the story of the benefit that was asked for"),
];

#[test]
fn no_code_branches_on_a_benefit() {
    let mut faults = Faults::new(
        "Benefits differ by data only: put the difference into the benefit's Rules in shared/procedure/src/benefit, \
         with the paragraph it comes from, and let the code read it there.",
    );
    let mut excused = Excused::new(EXCUSED);
    for file in rust() {
        let data = DATA.iter().any(|home| file.path.starts_with(home));
        if data || is_test(&file.path) {
            continue;
        }
        let found = branches(&file.text);
        if !found.is_empty() && !excused.has(&file.path) {
            found.iter().for_each(|(line, what)| faults.add(format!("{}:{line}: {what}", file.path)));
        }
    }
    excused.stale(&mut faults);
    faults.none();
}

/// The lines that tell one benefit from another, and how.
fn branches(source: &str) -> Vec<(usize, &'static str)> {
    let mut found = Branches { found: Vec::new(), in_pattern: false };
    found.visit_file(&syn::parse_file(source).expect("the sources are Rust"));
    found.found
}

struct Branches {
    found: Vec<(usize, &'static str)>,
    in_pattern: bool,
}

impl<'ast> Visit<'ast> for Branches {
    fn visit_expr_binary(&mut self, compared: &'ast ExprBinary) {
        let sign = match &compared.op {
            BinOp::Eq(sign) => Some(sign.spans[0]),
            BinOp::Ne(sign) => Some(sign.spans[0]),
            _ => None,
        };
        if let Some(sign) = sign.filter(|_| is_benefit(&compared.left) || is_benefit(&compared.right)) {
            self.found.push((sign.start().line, "compares benefits"));
        }
        syn::visit::visit_expr_binary(self, compared);
    }

    fn visit_expr_match(&mut self, chosen: &'ast ExprMatch) {
        let of_tuple = |expr: &Expr| matches!(expr, Expr::Tuple(tuple) if tuple.elems.iter().any(is_benefit));
        if is_benefit(&chosen.expr) || of_tuple(&chosen.expr) {
            self.found.push((chosen.match_token.span.start().line, "matches a benefit"));
        }
        syn::visit::visit_expr_match(self, chosen);
    }

    fn visit_pat(&mut self, pattern: &'ast Pat) {
        let outside = std::mem::replace(&mut self.in_pattern, true);
        syn::visit::visit_pat(self, pattern);
        self.in_pattern = outside;
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let first = path.segments.first().map(|segment| segment.ident.span());
        if let Some(first) = first.filter(|_| self.in_pattern && names_a_benefit(path)) {
            self.found.push((first.start().line, "has a pattern for one benefit"));
        }
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast Macro) {
        let inside = flat(called.tokens.clone());
        let asks = called.path.segments.last().is_some_and(|name| name.ident == "matches");
        let patterns = [["Benefit", ":", ":"], ["benefit", "=", "="], ["benefit", "!", "="]];
        for pattern in patterns.iter().filter(|pattern| asks || pattern[0] == "benefit") {
            let lines = lines_with(&inside, pattern);
            self.found.extend(lines.into_iter().map(|line| (line, "asks for a benefit inside a macro")));
        }
    }
}

/// `Benefit::Pip`, but not the type `pb::Benefit`.
fn names_a_benefit(path: &Path) -> bool {
    path.segments.iter().rev().skip(1).any(|segment| segment.ident == "Benefit")
}

fn is_benefit(expr: &Expr) -> bool {
    match expr {
        Expr::Path(path) => names_a_benefit(&path.path) || path.path.is_ident("benefit"),
        Expr::Field(field) => matches!(&field.member, syn::Member::Named(name) if name == "benefit"),
        Expr::MethodCall(call) => call.method == "benefit" || is_benefit(&call.receiver),
        Expr::Call(call) => call.args.iter().any(is_benefit),
        Expr::Reference(reference) => is_benefit(&reference.expr),
        Expr::Unary(unary) => is_benefit(&unary.expr),
        Expr::Paren(paren) => is_benefit(&paren.expr),
        _ => false,
    }
}

#[test]
fn branching_is_seen_in_every_guise() {
    let guises = [
        "if award.benefit == other {}",
        "if Some(Benefit::Pip) != asked {}",
        "match case.benefit() { _ => {} }",
        "match (stage, benefit) { _ => {} }",
        "match stage { (_, pb::Benefit::Esa) => {}, _ => {} }",
        "if let Benefit::Pip = of(case) {}",
        "let Some(Benefit::Pip) = of(case) else { return };",
        "let _ = matches!(of(case), Benefit::Pip | Benefit::Esa);",
        "assert!(benefit == other);",
    ];
    for guise in guises {
        assert!(!branches(&format!("fn f() {{ {guise} }}")).is_empty(), "not seen: {guise}");
    }
    let innocent = "fn f(benefit: pb::Benefit) { let a = Award { benefit: Benefit::Pip.into() }; g(benefit); }";
    assert_eq!(branches(innocent), []);
}
