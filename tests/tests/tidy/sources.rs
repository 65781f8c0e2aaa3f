//! Rust sources as tokens: comments and the insides of strings are not mistaken for code.

use crate::tree::{Text, below};
use proc_macro2::{TokenStream, TokenTree};

/// Where our code is.
const HOMES: [&str; 3] = ["services", "shared", "tests"];

/// A word or a sign of a source, and the line it is on.
pub(crate) struct Token {
    /// An identifier, a literal, one sign, or one side of a pair of brackets.
    pub(crate) text: String,
    /// From 1.
    pub(crate) line: usize,
}

/// Every Rust source of ours.
pub(crate) fn rust() -> Vec<Text> {
    let all = HOMES.into_iter().flat_map(below).filter(|file| file.path.ends_with(".rs"));
    let all: Vec<_> = all.collect();
    assert!(all.len() > 100, "only {} sources found: the tests look in the wrong place", all.len());
    all
}

/// Whether a source is a test, by where it is.
pub(crate) fn is_test(path: &str) -> bool {
    path.starts_with("tests/") || path.contains("/tests/") || path.ends_with("/tests.rs")
}

/// The tokens of a source, brackets included.
pub(crate) fn tokens(file: &Text) -> Vec<Token> {
    let stream = file.text.parse().unwrap_or_else(|fault| panic!("{}: does not read as Rust: {fault}", file.path));
    flat(stream)
}

/// The tokens of a stream, brackets included.
pub(crate) fn flat(stream: TokenStream) -> Vec<Token> {
    let mut found = Vec::new();
    flatten(stream, &mut found);
    found
}

fn flatten(stream: TokenStream, found: &mut Vec<Token>) {
    for tree in stream {
        let line = tree.span().start().line;
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    proc_macro2::Delimiter::Brace => ("{", "}"),
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    proc_macro2::Delimiter::None => ("", ""),
                };
                found.push(Token { text: open.to_owned(), line });
                flatten(group.stream(), found);
                found.push(Token { text: close.to_owned(), line: group.span_close().start().line });
            }
            TokenTree::Ident(ident) => found.push(Token { text: ident.to_string(), line }),
            TokenTree::Punct(punct) => found.push(Token { text: punct.as_char().to_string(), line }),
            TokenTree::Literal(literal) => found.push(Token { text: literal.to_string(), line }),
        }
    }
}

/// The lines where these words and signs stand one after the other. Signs are single: `::` is `:`, `:`.
pub(crate) fn lines_with(tokens: &[Token], wanted: &[&str]) -> Vec<usize> {
    let stands = |at: &&[Token]| at.iter().zip(wanted).all(|(token, wanted)| token.text == *wanted);
    tokens.windows(wanted.len()).filter(stands).map(|at| at[0].line).collect()
}
