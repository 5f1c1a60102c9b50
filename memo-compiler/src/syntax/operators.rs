//! Operators and words: what binds how strongly, and what comes from Python.

use proc_macro2::{Ident, Span};
use syn::Token;
use syn::ext::IdentExt;
use syn::parse::ParseStream;

use super::{BinaryOperator as B, Expression, ExpressionKind, UnaryOperator};
use crate::diagnostics::expression::{mended, wrong};

pub(super) fn expected_expression(span: Span) -> syn::Error {
    wrong(
        "expected_expression",
        span,
        "expected an expression",
        "a value is missing here, such as `1` or `x`",
    )
}

/// A word of Python that is none of the language.
pub(super) fn python_word(word: &str, span: Span) -> syn::Result<()> {
    match word {
        "True" | "False" | "None" | "lambda" | "in" | "else" | "and" | "or" => Err(not_here(word, span)),
        _ => Ok(()),
    }
}

/// Whether `lambda` was Python's word: what follows is a parameter or a colon. Else it is a
/// name, as λ is of many a rationality.
pub(super) fn begins_lambda(after: ParseStream<'_>) -> bool {
    let joins = ["if", "else", "and", "or", "is"].iter().any(|word| peek_word(after, word));
    after.peek(Token![:]) || after.peek(Ident::peek_any) && !joins
}

pub(super) fn not_here(word: &str, span: Span) -> syn::Error {
    let (help, replacement) = match word {
        "True" => ("write `true`", "true"),
        "False" => ("write `false`", "false"),
        "None" => ("there is no `None`: every expression is a number, a truth value or a domain's value", ""),
        "lambda" | "def" => ("functions are written in Rust, outside the model", ""),
        _ => ("an expression belongs before this word", ""),
    };
    mended("python_word", span, &format!("`{word}` is not part of the language here"), help, replacement)
}

/// A word of Rust that is none of the language.
pub(super) fn rust_word(word: &str, span: Span, help: &str) -> syn::Error {
    wrong("rust_word", span, &format!("`{word}` is not part of the language"), help)
}

pub(super) fn peek_word(input: ParseStream<'_>, word: &str) -> bool {
    input.fork().call(Ident::parse_any).is_ok_and(|found| found == word)
}

/// What is wrong where an operator of truth values stands between these: elsewhere `^` is a
/// power, and `&` and `|` take bits.
pub(super) fn not_of_truth(
    operator: B,
    span: Span,
    left: &Expression,
    right: &Expression,
) -> Option<syn::Error> {
    let number = [left, right].into_iter().find(|e| is_plainly_number(e))?;
    match operator {
        B::Xor => Some(mended(
            "power_as_xor",
            span,
            "`^` is \"either or\" of truth values, and this is a number",
            "a power is written `**`",
            "**",
        )),
        B::And | B::Or => Some(wrong(
            "number_as_truth",
            number.span,
            "a truth value is expected here, and this is a number",
            "compare it with another: `a != b`",
        )),
        _ => None,
    }
}

/// Whether an expression cannot be meant as a truth value, nor as 0 or 1 for one.
fn is_plainly_number(e: &Expression) -> bool {
    match &e.kind {
        ExpressionKind::Number(syn::Lit::Int(number)) => number.base10_parse::<u64>().is_ok_and(|n| n > 1),
        ExpressionKind::Number(syn::Lit::Float(number)) => {
            number.base10_parse::<f64>().is_ok_and(|x| x != 0.0 && x != 1.0)
        }
        ExpressionKind::Unary(UnaryOperator::Negate, _)
        | ExpressionKind::Binary(B::Divide | B::Power, ..) => true,
        ExpressionKind::Unary(UnaryOperator::Plus, inner) => is_plainly_number(inner),
        // Truth values are added and multiplied, too.
        ExpressionKind::Binary(B::Add | B::Multiply, a, b) => is_plainly_number(a) || is_plainly_number(b),
        _ => false,
    }
}

/// The next operator and how strongly it binds, from `or` (1) to `*` (9).
pub(super) fn peek_operator(input: ParseStream<'_>) -> Option<(B, u8)> {
    if input.peek(Token![||]) || peek_word(input, "or") {
        Some((B::Or, 1))
    } else if input.peek(Token![&&]) || peek_word(input, "and") {
        Some((B::And, 2))
    } else if input.peek(Token![==]) {
        Some((B::Equal, 4))
    } else if input.peek(Token![!=]) {
        Some((B::NotEqual, 4))
    } else if input.peek(Token![<=]) {
        Some((B::LessEqual, 4))
    } else if input.peek(Token![>=]) {
        Some((B::GreaterEqual, 4))
    } else if input.peek(Token![<]) {
        Some((B::Less, 4))
    } else if input.peek(Token![>]) {
        Some((B::Greater, 4))
    } else if input.peek(Token![|]) {
        Some((B::Or, 5))
    } else if input.peek(Token![^]) {
        Some((B::Xor, 6))
    } else if input.peek(Token![&]) {
        Some((B::And, 7))
    } else if input.peek(Token![+]) {
        Some((B::Add, 8))
    } else if input.peek(Token![-]) {
        Some((B::Subtract, 8))
    } else if input.peek(Token![*]) {
        Some((B::Multiply, 9))
    } else if input.peek(Token![/]) {
        Some((B::Divide, 9))
    } else if input.peek(Token![%]) {
        Some((B::Remainder, 9))
    } else {
        None
    }
}

pub(super) fn eat_operator(input: ParseStream<'_>, operator: B) -> syn::Result<()> {
    let two = match operator {
        B::Equal | B::NotEqual | B::LessEqual | B::GreaterEqual => true,
        B::And => input.peek(Token![&&]),
        B::Or => input.peek(Token![||]),
        _ => false,
    };
    for _ in 0..if two { 2 } else { 1 } {
        input.step(|cursor| match cursor.token_tree() {
            Some((_, rest)) => Ok(((), rest)),
            None => Err(cursor.error("expected an operator")),
        })?;
    }
    Ok(())
}
