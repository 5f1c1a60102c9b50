//! Tokens → syntax tree: recursive descent with a Pratt parser for
//! expressions, recovering at `;` and `,` so that several errors come out.

mod expressions;
mod function;
mod operators;
mod questions;
mod statements;
mod text;
mod tree;

pub use function::parse;
pub use tree::*;

use proc_macro2::{TokenStream, TokenTree};

/// Splits tokens at a punctuation mark of the top level; the mark is dropped.
fn split(tokens: TokenStream, mark: char) -> Vec<TokenStream> {
    let mut pieces = vec![Vec::new()];
    for token in tokens {
        match &token {
            TokenTree::Punct(p) if p.as_char() == mark => pieces.push(Vec::new()),
            _ => {
                if let Some(piece) = pieces.last_mut() {
                    piece.push(token);
                }
            }
        }
    }
    if pieces.last().is_some_and(Vec::is_empty) {
        pieces.pop();
    }
    pieces.into_iter().map(|piece| piece.into_iter().collect()).collect()
}

/// Splits the statements inside `thinks[…]` and `imagine[…]`, which are separated
/// by `,`: a `;` is told of, and separates them as well.
fn split_inner(tokens: TokenStream, errors: &mut crate::diagnostics::Errors) -> Vec<TokenStream> {
    let pieces = split(tokens, ',').into_iter().flat_map(|piece| {
        for token in piece.clone() {
            if matches!(&token, TokenTree::Punct(p) if p.as_char() == ';') {
                errors.semicolon_inside(token.span());
            }
        }
        split(piece, ';')
    });
    pieces.filter(|piece| !piece.is_empty()).collect()
}
