//! Expressions: a Pratt parser over `syn`'s token cursor.

use proc_macro2::{Ident, Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Token, bracketed, parenthesized, token};

use super::operators::{
    begins_lambda, eat_operator, expected_expression, not_here, not_of_truth, peek_operator, peek_word,
    python_word, rust_word,
};
use super::questions::QUERIES;
use super::{BinaryOperator as B, ChoiceName, Expression, ExpressionKind, UnaryOperator};
use crate::diagnostics::Errors;
use crate::diagnostics::expression::{mended, message_of, wrong};

/// How deep expressions may nest.
const DEPTH: usize = 96;

/// One expression that takes up all the tokens; `None` after an error.
pub(super) fn parse_all(tokens: TokenStream, errors: &mut Errors) -> Option<Expression> {
    let last = tokens.clone().into_iter().last().map(|t| t.span());
    let (mut inner, mut ended) = (Errors::new(), false);
    let parse = |input: ParseStream<'_>| {
        let e = ExpressionParser { errors: &mut inner, depth: 0 }.ternary(input);
        ended = input.is_empty();
        let e = e?;
        if input.is_empty() { Ok(e) } else { Err(leftover(input)) }
    };
    let result = parse.parse2(tokens);
    let sound = inner.is_empty();
    errors.extend(inner);
    match result {
        Ok(e) => sound.then_some(e),
        Err(error) => {
            let message = message_of(&error);
            // At the end of the tokens there is no word to blame but the last.
            let cut_short =
                ended && (message.starts_with("expected") || message.starts_with("unexpected end"));
            let span = last.filter(|_| cut_short).unwrap_or_else(|| error.span());
            errors.expression_syntax(span, &error.to_string());
            None
        }
    }
}

pub(super) fn leftover(input: ParseStream<'_>) -> syn::Error {
    let span = input.span();
    if input.peek(Token![:]) && input.peek2(Token![=]) {
        return wrong(
            "walrus",
            span,
            "`:=` is not part of the language",
            "give the value a name with a choice: `alice: chooses(n in N, to_be = e)`",
        );
    }
    if input.peek(Token![=]) && !input.peek(Token![=>]) {
        return mended("set_for_equality", span, "a single `=` does not compare", "write `==`", "==");
    }
    if input.peek(Token![,]) {
        return wrong(
            "missing_operator",
            span,
            "only one value stands here",
            "a model that returns several has a `return` for each",
        );
    }
    if let Ok(word) = input.call(Ident::parse_any) {
        if word == "is" {
            return mended(
                "is_for_equality",
                span,
                "`is` does not compare",
                "write `==`; `is` belongs to `observes […] is …`",
                "==",
            );
        }
        if word == "lambda" || word == "def" {
            return not_here(&word.to_string(), span);
        }
        if word == "as" {
            return rust_word(
                "as",
                span,
                "numbers become each other by themselves: leave it out with its type",
            );
        }
    }
    wrong(
        "missing_operator",
        span,
        "expected an operator or the end of the expression",
        "two values cannot stand side by side: write `a * b`, or a comma between two arguments",
    )
}

/// `x`, `self.x` or `b.y`.
pub(super) fn choice_name(input: ParseStream<'_>) -> syn::Result<ChoiceName> {
    let first = input.call(Ident::parse_any)?;
    if input.peek(Token![.]) {
        input.parse::<Token![.]>()?;
        let name = input.call(Ident::parse_any)?;
        let agent = (first != "self").then_some(first);
        return Ok(ChoiceName { agent, name });
    }
    Ok(ChoiceName { agent: None, name: first })
}

pub(super) struct ExpressionParser<'e> {
    pub(super) errors: &'e mut Errors,
    depth: usize,
}

pub(super) type Parsed = syn::Result<Expression>;

pub(super) fn make(kind: ExpressionKind, span: Span) -> Parsed {
    Ok(Expression { kind, span })
}

pub(super) fn join(a: Span, b: Span) -> Span {
    a.join(b).unwrap_or(a)
}

impl ExpressionParser<'_> {
    fn deeper<T>(&mut self, span: Span, parse: impl FnOnce(&mut Self) -> syn::Result<T>) -> syn::Result<T> {
        if self.depth >= DEPTH {
            return Err(wrong(
                "too_deep",
                span,
                "this expression is nested too deeply",
                "move a part of it into a Rust function",
            ));
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    /// `a if c else b`, the loosest of all.
    pub(super) fn ternary(&mut self, input: ParseStream<'_>) -> Parsed {
        self.deeper(input.span(), |this| {
            let then = this.binary(input, 0)?;
            if !input.peek(Token![if]) {
                return Ok(then);
            }
            input.parse::<Token![if]>()?;
            let condition = this.binary(input, 0)?;
            if !input.peek(Token![else]) {
                return Err(wrong(
                    "missing_else",
                    input.span(),
                    "expected `else`: every expression has a value",
                    "write `a if condition else b`",
                ));
            }
            input.parse::<Token![else]>()?;
            let otherwise = this.ternary(input)?;
            let span = join(then.span, otherwise.span);
            make(conditional(condition, then, otherwise), span)
        })
    }

    fn binary(&mut self, input: ParseStream<'_>, least: u8) -> Parsed {
        self.deeper(input.span(), |this| {
            let mut left = this.unary(input, least)?;
            let mut compared = false;
            while let Some((operator, strength)) = peek_operator(input) {
                if strength < least {
                    break;
                }
                let comparison = strength == 4;
                let span = input.span();
                if comparison && compared {
                    return Err(wrong(
                        "chained_comparison",
                        span,
                        "comparisons do not chain",
                        "write `a < b && b < c`",
                    ));
                }
                compared |= comparison;
                eat_operator(input, operator)?;
                let right = this.binary(input, strength + 1)?;
                if let Some(error) = not_of_truth(operator, span, &left, &right) {
                    return Err(error);
                }
                let whole = join(left.span, right.span);
                left = Expression {
                    kind: ExpressionKind::Binary(operator, Box::new(left), Box::new(right)),
                    span: whole,
                };
            }
            Ok(left)
        })
    }

    fn unary(&mut self, input: ParseStream<'_>, least: u8) -> Parsed {
        let span = input.span();
        let operator = if input.peek(Token![-]) {
            input.parse::<Token![-]>()?;
            UnaryOperator::Negate
        } else if input.peek(Token![+]) {
            input.parse::<Token![+]>()?;
            UnaryOperator::Plus
        } else if input.peek(Token![!]) {
            input.parse::<Token![!]>()?;
            UnaryOperator::Not
        } else if input.peek(Token![~]) {
            input.parse::<Token![~]>()?;
            UnaryOperator::Not
        } else if peek_word(input, "not") {
            input.call(Ident::parse_any)?;
            // `not` is looser than comparisons, tighter than `and`.
            let inner = self.binary(input, 4.max(least))?;
            let whole = join(span, inner.span);
            return make(ExpressionKind::Unary(UnaryOperator::Not, Box::new(inner)), whole);
        } else {
            return self.power(input);
        };
        let inner = self.deeper(span, |this| this.unary(input, 10))?;
        let whole = join(span, inner.span);
        make(ExpressionKind::Unary(operator, Box::new(inner)), whole)
    }

    /// `a ** b`: tighter than a sign on its left, to the right.
    fn power(&mut self, input: ParseStream<'_>) -> Parsed {
        let base = self.postfix(input)?;
        if !(input.peek(Token![*]) && input.peek2(Token![*])) {
            return Ok(base);
        }
        input.parse::<Token![*]>()?;
        input.parse::<Token![*]>()?;
        let exponent = self.deeper(input.span(), |this| this.unary(input, 10))?;
        let span = join(base.span, exponent.span);
        make(ExpressionKind::Binary(B::Power, Box::new(base), Box::new(exponent)), span)
    }

    fn postfix(&mut self, input: ParseStream<'_>) -> Parsed {
        let mut e = self.primary(input)?;
        loop {
            if input.peek(Token![.]) && !input.peek(Token![..]) {
                input.parse::<Token![.]>()?;
                e = self.member(input, e)?;
            } else if input.peek(token::Bracket) {
                let list;
                let brackets = bracketed!(list in input);
                let arguments = self.list(&list)?;
                let span = join(e.span, brackets.span.close());
                e = Expression { kind: ExpressionKind::Bracket(Box::new(e), arguments), span };
            } else {
                return Ok(e);
            }
        }
    }

    fn member(&mut self, input: ParseStream<'_>, base: Expression) -> Parsed {
        if input.peek(syn::LitFloat) {
            // `pair.0.1` arrives as `pair . 0.1`.
            let literal: syn::LitFloat = input.parse()?;
            let mut e = base;
            for part in literal.base10_digits().split('.') {
                let at = part.parse().map_err(|_| {
                    wrong("field_number", literal.span(), "expected the number of a field", "write `pair.0`")
                })?;
                let span = join(e.span, literal.span());
                e = Expression { kind: ExpressionKind::TupleMember(Box::new(e), at), span };
            }
            return Ok(e);
        }
        if input.peek(syn::LitInt) {
            let literal: syn::LitInt = input.parse()?;
            let span = join(base.span, literal.span());
            return make(ExpressionKind::TupleMember(Box::new(base), literal.base10_parse()?), span);
        }
        let name = input.call(Ident::parse_any)?;
        if input.peek(token::Paren) {
            return Err(wrong(
                "method",
                name.span(),
                "methods cannot be called in a model",
                "call a Rust function, `f(x)`, or write braces around Rust that no choice stands in",
            ));
        }
        // Without joined spans, the choice is the word to blame, not its agent.
        let span = base.span.join(name.span()).unwrap_or_else(|| name.span());
        make(ExpressionKind::Member(Box::new(base), name), span)
    }

    pub(super) fn list(&mut self, input: ParseStream<'_>) -> syn::Result<Vec<Expression>> {
        let mut items = Vec::new();
        while !input.is_empty() {
            items.push(self.ternary(input)?);
            if input.is_empty() {
                break;
            }
            if !input.peek(Token![,]) {
                return Err(leftover(input));
            }
            input.parse::<Token![,]>()?;
        }
        Ok(items)
    }

    fn primary(&mut self, input: ParseStream<'_>) -> Parsed {
        let span = input.span();
        if input.is_empty() {
            return Err(expected_expression(span));
        }
        if input.peek(token::Paren) {
            let inner;
            let parens = parenthesized!(inner in input);
            let e = self.ternary(&inner)?;
            if !inner.is_empty() {
                return Err(leftover(&inner));
            }
            return Ok(Expression { span: parens.span.join(), ..e });
        }
        if input.peek(token::Brace) {
            let inner;
            let braces = syn::braced!(inner in input);
            return make(ExpressionKind::Rust(inner.parse()?), braces.span.join());
        }
        if input.peek(Token![if]) {
            return self.if_else(input);
        }
        if input.peek(syn::LitBool) {
            let literal: syn::LitBool = input.parse()?;
            return make(ExpressionKind::Bool(literal.value), span);
        }
        if input.peek(syn::LitInt) || input.peek(syn::LitFloat) {
            return make(ExpressionKind::Number(input.parse()?), span);
        }
        if input.peek(syn::Lit) {
            return Err(wrong(
                "literal",
                span,
                "only numbers, `true` and `false` may be written as literals",
                "name the values of a domain by an enum: `Word::Hello`",
            ));
        }
        if input.peek(Ident::peek_any) || input.peek(Token![::]) {
            return self.word(input);
        }
        Err(expected_expression(span))
    }

    fn if_else(&mut self, input: ParseStream<'_>) -> Parsed {
        let span = input.span();
        input.parse::<Token![if]>()?;
        let condition = self.binary(input, 0)?;
        let then = self.block(input)?;
        if !input.peek(Token![else]) {
            return Err(wrong(
                "missing_else",
                span,
                "an `if` needs its `else`: every expression has a value",
                "write `if condition { a } else { b }`",
            ));
        }
        input.parse::<Token![else]>()?;
        let otherwise = if input.peek(Token![if]) {
            self.deeper(span, |this| this.if_else(input))?
        } else {
            self.block(input)?
        };
        let whole = join(span, otherwise.span);
        make(conditional(condition, then, otherwise), whole)
    }

    /// The braces of an `if` hold an expression of the language.
    fn block(&mut self, input: ParseStream<'_>) -> Parsed {
        if !input.peek(token::Brace) {
            return Err(wrong(
                "missing_braces",
                input.span(),
                "expected `{ value }`",
                "write `if condition { a } else { b }`",
            ));
        }
        let inner;
        syn::braced!(inner in input);
        let e = self.ternary(&inner)?;
        if inner.is_empty() { Ok(e) } else { Err(leftover(&inner)) }
    }

    /// Names, paths, calls and the words of the language.
    fn word(&mut self, input: ParseStream<'_>) -> Parsed {
        let span = input.span();
        let fork = input.fork();
        let first = fork.call(Ident::parse_any).map(|i| i.to_string()).unwrap_or_default();
        if fork.peek(Token![@]) {
            return self.cost(input, &first);
        }
        if first != "lambda" || begins_lambda(&fork) {
            python_word(&first, span)?;
        }
        if first == "match" {
            let help = "write `if … { … } else { … }`, or a function outside the model";
            return Err(rust_word("match", span, help));
        }
        let path = parse_path(input)?;
        let simple = path.get_ident().cloned();
        if input.peek(token::Paren) {
            let inner;
            let parens = parenthesized!(inner in input);
            if QUERIES.contains(&first.as_str()) && path.segments.len() == 1 {
                inner.parse::<TokenStream>()?;
                let message = format!("`{first}` takes square brackets");
                return Err(wrong("square_brackets", span, &message, &format!("write `{first}[…]`")));
            }
            let arguments = self.list(&inner)?;
            return make(ExpressionKind::Call { path, arguments }, join(span, parens.span.close()));
        }
        if input.peek(token::Bracket) {
            if let Some(call) = self.model_call(input, &path)? {
                return Ok(call);
            }
            if let Some(name) = &simple
                && let Some(query) = self.query(input, name)?
            {
                return Ok(query);
            }
        }
        match simple {
            Some(name) => make(ExpressionKind::Name(name), span),
            None => make(ExpressionKind::Path(path), span),
        }
    }
}

fn conditional(condition: Expression, then: Expression, otherwise: Expression) -> ExpressionKind {
    ExpressionKind::If {
        condition: Box::new(condition),
        then: Box::new(then),
        otherwise: Box::new(otherwise),
    }
}

pub(super) fn parse_path(input: ParseStream<'_>) -> syn::Result<syn::Path> {
    // Keywords may be agents (`self`) and path heads (`crate`, `super`).
    let mut path = syn::Path { leading_colon: input.parse()?, segments: syn::punctuated::Punctuated::new() };
    loop {
        path.segments.push(syn::PathSegment::from(input.call(Ident::parse_any)?));
        if !input.peek(Token![::]) {
            return Ok(path);
        }
        path.segments.push_punct(input.parse()?);
    }
}
