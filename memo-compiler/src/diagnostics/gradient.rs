//! What is in the way of a derivative.

use proc_macro2::Span;

use super::{Errors, nearest};

impl Errors {
    pub(crate) fn gradient_of_unknown(&mut self, span: Span, word: &str, known: &[String]) {
        let near = nearest(word, known);
        let help = match &near {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => {
                "the model has no parameter that is a real number or an array of such".into()
            }
            None => format!("the parameters that are real numbers or arrays of such: {}", known.join(", ")),
        };
        self.error(
            "gradient_of_unknown",
            span,
            format!("there is no parameter `{word}` with respect to which could be differentiated"),
            help,
        );
        self.replace_by(near);
    }

    pub(crate) fn gradient_of_nothing(&mut self, span: Span, model: &str) {
        self.error(
            "gradient_of_nothing",
            span,
            format!("`{model}` has no parameter with respect to which could be differentiated"),
            "leave `grad` out, or make a number that should change a parameter: `fn f(beta: f64)`",
        );
    }

    pub(crate) fn gradient_through_rust(&mut self, span: Span, parameter: &str) {
        self.error(
            "gradient_through_rust",
            span,
            format!("the derivative with respect to `{parameter}` cannot pass through Rust code in braces"),
            format!("write it without braces, as an expression of the model; or leave `{parameter}` out: `#[memo(grad(…))]` names the parameters"),
        );
    }

    pub(crate) fn gradient_through_function(&mut self, span: Span, parameter: &str, function: &str) {
        self.error(
            "gradient_through_function",
            span,
            format!("the derivative with respect to the elements of `{parameter}` cannot pass through `{function}`"),
            format!("index it in the model, `{parameter}[…]`; or leave `{parameter}` out: `#[memo(grad(…))]` names the parameters"),
        );
    }
}
