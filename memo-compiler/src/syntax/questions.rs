//! Expressions that ask something: calls of models, what they cost, `E[…]` and its kin, and
//! `imagine`.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Token, bracketed, parenthesized, token};

use super::expressions::{
    ExpressionParser, Parsed, choice_name, join, leftover, make, parse_all, parse_path,
};
use super::statements::{Statements, looks_like_statement};
use super::{Arguments, Expression, ExpressionKind, Measure, split_inner};
use crate::diagnostics::expression::wrong;

/// The words that ask a question of a belief.
pub(super) const QUERIES: &[&str] = &["E", "Pr", "Var", "H", "KL", "Predict", "EU", "imagine"];

impl ExpressionParser<'_> {
    pub(super) fn cost(&mut self, input: ParseStream<'_>, word: &str) -> Parsed {
        let span = input.span();
        let measure = match word {
            "cost" | "time" => Measure::Time,
            "space" => Measure::Space,
            "size" => Measure::Size,
            _ => {
                return Err(wrong(
                    "unknown_measure",
                    span,
                    "expected `cost @`, `time @`, `space @` or `size @`",
                    "write `cost @ f(…)`",
                ));
            }
        };
        input.call(Ident::parse_any)?;
        input.parse::<Token![@]>()?;
        let path = parse_path(input)?;
        if !input.peek(token::Paren) {
            return Err(wrong(
                "cost_of_a_model",
                input.span(),
                "expected the arguments of the model",
                "write `cost @ f(…)`",
            ));
        }
        let (arguments, end) = self.arguments(input)?;
        make(ExpressionKind::Cost { measure, path, arguments }, join(span, end))
    }

    fn arguments(&mut self, input: ParseStream<'_>) -> syn::Result<(Arguments, Span)> {
        let inner;
        let parens = parenthesized!(inner in input);
        let end = parens.span.close();
        if inner.peek(Token![...]) {
            inner.parse::<Token![...]>()?;
            return Ok((Arguments::All, end));
        }
        Ok((Arguments::List(self.list(&inner)?), end))
    }

    /// `f[x](…)` and `f[1][x](…)`; nothing is consumed when it is neither.
    pub(super) fn model_call(
        &mut self,
        input: ParseStream<'_>,
        path: &syn::Path,
    ) -> syn::Result<Option<Expression>> {
        let span = path.segments[0].ident.span();
        let fork = input.fork();
        let mut groups = 0;
        while fork.peek(token::Bracket) {
            let _inner;
            bracketed!(_inner in fork);
            groups += 1;
        }
        if !fork.peek(token::Paren) || groups > 2 {
            return Ok(None);
        }
        let mut which = None;
        if groups == 2 {
            let inner;
            bracketed!(inner in input);
            let literal: syn::LitInt = inner.parse().map_err(|e| {
                wrong(
                    "which_value",
                    e.span(),
                    "expected the number of the returned value",
                    "write `f[1][x](…)` for the second",
                )
            })?;
            which = Some(literal.base10_parse()?);
        }
        let list;
        bracketed!(list in input);
        let axes = list.parse_terminated(choice_name, Token![,]).map_err(|e| {
            wrong(
                "axis_not_a_choice",
                e.span(),
                "what is handed to the axes of a model are choices",
                "write `x` or `b.y`; give another value a name first, by a choice with `to_be = …`",
            )
        })?;
        let axes = axes.into_iter().collect();
        let (arguments, end) = self.arguments(input)?;
        let kind = ExpressionKind::ModelCall { path: path.clone(), which, axes, arguments };
        Ok(Some(Expression { kind, span: join(span, end) }))
    }

    /// `E[…]` and its kin; nothing is consumed when the word is none of them.
    pub(super) fn query(&mut self, input: ParseStream<'_>, word: &Ident) -> syn::Result<Option<Expression>> {
        let text = word.to_string();
        if !QUERIES.contains(&text.as_str()) {
            return Ok(None);
        }
        let list;
        let brackets = bracketed!(list in input);
        let span = join(word.span(), brackets.span.close());
        if list.is_empty() {
            return Err(wrong(
                "empty_brackets",
                span,
                &format!("`{text}[]` is empty"),
                "say what is asked for",
            ));
        }
        let kind = match text.as_str() {
            "imagine" => self.imagine(&list)?,
            "EU" => ExpressionKind::ExpectedUtility(list.call(Ident::parse_any)?),
            "H" => {
                let names = list.parse_terminated(choice_name, Token![,]);
                let names = names.map_err(|e| {
                    wrong("entropy_of_choices", e.span(), "`H[…]` takes choices", "write `H[a.x, b.y]`")
                })?;
                ExpressionKind::Entropy(names.into_iter().collect())
            }
            "KL" => {
                let p = choice_name(&list)?;
                if !list.peek(Token![|]) {
                    return Err(wrong(
                        "divergence_of_two",
                        list.span(),
                        "expected `|`",
                        "write `KL[a.x | b.y]`",
                    ));
                }
                list.parse::<Token![|]>()?;
                ExpressionKind::Divergence(p, choice_name(&list)?)
            }
            "Pr" => ExpressionKind::Probability(self.list(&list)?),
            _ => {
                let inner = Box::new(self.ternary(&list)?);
                if list.peek(Token![,]) {
                    return Err(wrong(
                        "one_expression",
                        list.span(),
                        &format!("`{text}[…]` takes one expression"),
                        "is there a stray comma?",
                    ));
                }
                match text.as_str() {
                    "E" => ExpressionKind::Expectation(inner),
                    "Var" => ExpressionKind::Variance(inner),
                    _ => ExpressionKind::Predict(inner),
                }
            }
        };
        if !list.is_empty() {
            return Err(leftover(&list));
        }
        Ok(Some(Expression { kind, span }))
    }

    fn imagine(&mut self, list: ParseStream<'_>) -> syn::Result<ExpressionKind> {
        let span = list.span();
        let mut pieces = split_inner(list.parse()?, self.errors);
        let last = pieces
            .pop()
            .ok_or_else(|| wrong("empty_brackets", span, "`imagine[]` is empty", "say what is asked for"))?;
        let statements = Statements { errors: self.errors }.parse_all(pieces, span);
        if looks_like_statement(&last) {
            let at = last.into_iter().next().map_or(span, |t| t.span());
            return Err(wrong(
                "imagine_without_value",
                at,
                "the last entry of `imagine[…]` is the value asked for, not a statement",
                "add a value: `imagine[ bob: knows(x), E[bob.y] ]`",
            ));
        }
        let value = parse_all(last, self.errors);
        let value = value.ok_or_else(|| {
            wrong(
                "imagine_without_value",
                span,
                "this `imagine` has no value",
                "add a value: `imagine[ bob: knows(x), E[bob.y] ]`",
            )
        })?;
        Ok(ExpressionKind::Imagine { statements, value: Box::new(value) })
    }
}
