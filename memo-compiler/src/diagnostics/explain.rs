//! What is in the way of an explanation.

use proc_macro2::Span;

use super::Errors;

impl Errors {
    pub(crate) fn explains_one_value(&mut self, span: Span, count: usize) {
        self.error(
            "explains_one_value",
            span,
            format!("`explain` is about one returned value, and the model returns {count}"),
            "leave `explain` out, or make a model of each value",
        );
    }

    pub(crate) fn explains_no_observation(&mut self, span: Span, model: &str) {
        self.error(
            "explains_no_observation",
            span,
            format!(
                "what `{model}` returns rests on nothing that a mind observes, so there is nothing to explain"
            ),
            "leave `explain` out, or ask a mind that observes something: `return alice[Pr[bob.x == x]]`",
        );
    }

    pub(crate) fn explains_without_observation(&mut self, span: Span, observed: &str, message: &str) {
        self.error(
            "explains_without_observation",
            span,
            format!("`explain` compares with the model without “{observed}”, and there {message}"),
            "write `E[…]` around what rests on it: with the observation that is the same, and without it what the mind expects",
        );
    }
}
