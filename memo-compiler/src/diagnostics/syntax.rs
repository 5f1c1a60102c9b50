//! What is wrong with how a model is written, one constructor a message.

use proc_macro2::Span;

use super::{Errors, nearest};

impl Errors {
    pub(crate) fn rust_syntax(&mut self, span: Span, message: &str) {
        self.error("rust_syntax", span, message, "this part of a model is ordinary Rust");
    }

    pub(crate) fn not_a_function(&mut self, span: Span) {
        self.error(
            "not_a_function",
            span,
            "`#[memo]` belongs on a function",
            "write `#[memo] fn f<x: X>(p: f64) { model! { … } }`",
        );
    }

    pub(crate) fn axis_needs_domain(&mut self, span: Span, name: &str) {
        self.error(
            "axis_needs_domain",
            span,
            format!("the axis `{name}` needs one domain"),
            format!("write `{name}: Domain`, a path to a domain"),
        );
    }

    pub(crate) fn not_an_axis(&mut self, span: Span) {
        self.error(
            "not_an_axis",
            span,
            "the generic parameters of a model are its axes",
            "write `fn f<x: X, y: Y>(…)`; lifetimes and constants are not needed",
        );
    }

    pub(crate) fn not_on_a_model(&mut self, span: Span, word: &str) {
        self.error(
            "not_on_a_model",
            span,
            format!("a model cannot be `{word}`"),
            format!("leave `{word}` out"),
        );
        self.replace_by((word != "where").then_some(""));
    }

    pub(crate) fn return_type(&mut self, span: Span) {
        self.error(
            "return_type",
            span,
            "a model has no return type: it returns its table",
            "leave the return type out",
        );
    }

    pub(crate) fn parameter_pattern(&mut self, span: Span) {
        self.error(
            "parameter_pattern",
            span,
            "a parameter of a model is a name and a type",
            "write `name: Type`",
        );
    }

    pub(crate) fn option_not_supported(&mut self, span: Span, word: &str) {
        self.error(
            "option_not_supported",
            span,
            format!("`{word}` is not supported yet"),
            "leave it out; the options are `cache`, `strict`, `grad`, `explain` and `crate = path`",
        );
    }

    pub(crate) fn unknown_option(&mut self, span: Span, word: &str) {
        let options = ["cache".to_string(), "strict".into(), "grad".into(), "explain".into()];
        let near = nearest(word, &options);
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "the options are `cache`, `strict`, `grad`, `explain` and `crate = path`".into(),
        };
        self.error("unknown_option", span, format!("unknown option `{word}`"), help);
        self.replace_by(near);
    }

    pub(crate) fn missing_model_block(&mut self, span: Span) {
        self.error(
            "missing_model_block",
            span,
            "the body of a model is one `model! { … }` block",
            "put the statements of the model into `model! { … }` and nothing else beside it",
        );
    }

    pub(crate) fn cast_not_first(&mut self, span: Span) {
        self.error("cast_not_first", span, "`cast` comes first", "move `cast: […];` to the top of the model");
    }

    pub(crate) fn bad_cast(&mut self, span: Span) {
        self.error("bad_cast", span, "the cast is a list of agents", "write `cast: [alice, bob];`");
    }

    pub(crate) fn empty_return(&mut self, span: Span) {
        self.error(
            "empty_return",
            span,
            "nothing is returned",
            "write `return e;`, such as `return Pr[alice.x == x];`",
        );
    }

    pub(crate) fn missing_return(&mut self, span: Span) {
        self.error(
            "missing_return",
            span,
            "the model does not return anything",
            "end it with `return e;`, such as `return Pr[alice.x == x];`",
        );
    }

    pub(crate) fn statement_after_return(&mut self, span: Span) {
        self.error(
            "statement_after_return",
            span,
            "a statement comes after `return`",
            "move it before the `return`",
        );
    }

    pub(crate) fn missing_colon(&mut self, span: Span, who: &str, keyword: &str) {
        self.error(
            "missing_colon",
            span,
            format!("a `:` is missing after `{who}`"),
            format!("write `{who}: {keyword} …`"),
        );
        self.replace_by(Some(&format!("{who}:")));
    }

    pub(crate) fn not_a_statement(&mut self, span: Span, found: &str) {
        let help = match found {
            "def" | "fn" | "lambda" => {
                "functions are written in Rust, outside the model; a model is a function with `#[memo]`"
            }
            "let" => "values have no names: `alice: chooses(n in N, to_be = e)` is a choice with one option",
            "if" | "for" | "while" | "match" => {
                "statements are not conditional: the values in them are, `wpp = a if c else b`"
            }
            _ => "a statement names an agent and what it does: `alice: chooses(x in X, wpp = 1)`",
        };
        self.error("not_a_statement", span, format!("expected a statement, found `{found}`"), help);
    }

    pub(crate) fn missing_keyword(&mut self, span: Span, who: &str) {
        self.error(
            "missing_keyword",
            span,
            format!("it is not said what {who} does"),
            format!("such as `{who}: chooses(x in X, wpp = 1)`"),
        );
    }

    pub(crate) fn unknown_keyword(&mut self, span: Span, word: &str, near: Option<&str>, all: &[&str]) {
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("an agent {}", all.join(", ")),
        };
        self.error("unknown_keyword", span, format!("an agent cannot `{word}`"), help);
        self.replace_by(near);
    }

    pub(crate) fn missing_semicolon(&mut self, span: Span, who: &str) {
        self.error(
            "missing_semicolon",
            span,
            format!("a statement about {who} begins before the last one ends"),
            "put `;` between statements, and `,` inside `thinks[…]` and `imagine[…]`",
        );
    }

    pub(crate) fn semicolon_inside(&mut self, span: Span) {
        self.error(
            "semicolon_inside",
            span,
            "unexpected `;`",
            "inside `thinks[…]` and `imagine[…]` statements are separated by `,`",
        );
        self.replace_by(Some(","));
    }

    pub(crate) fn unexpected(&mut self, span: Span, found: &str, inside: bool) {
        let help = match found {
            "return" => "put `;` before it: every statement ends with one".into(),
            _ if inside => "remove it: there is no room for it in these brackets".into(),
            _ => format!(
                "the statement ends before it; another one is set off by `;`, or by `,` inside `thinks[…]`: is there one missing before `{found}`?"
            ),
        };
        self.error("unexpected", span, format!("unexpected `{found}`"), help);
    }

    pub(crate) fn missing_brackets(&mut self, span: Span, word: &str, square: bool) {
        let shape = match word {
            "INSPECT" => "INSPECT()".into(),
            _ if square => format!("{word} […]"),
            _ => format!("{word}(…)"),
        };
        self.error(
            "missing_brackets",
            span,
            format!("`{word}` needs its brackets"),
            format!("write `{shape}`"),
        );
    }

    pub(crate) fn missing_key(&mut self, span: Span, word: &str) {
        let key = if word == "wants" { "goal" } else { "wpp" };
        self.error(
            "missing_key",
            span,
            format!("`{word}` takes one entry, `{key} = …`"),
            format!("write `{word}({key} = …)`"),
        );
    }

    pub(crate) fn wrong_key(&mut self, span: Span, found: &str, wanted: &[&str], near: Option<&str>) {
        let help = match (near, wanted) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            _ if found == "uniformly" => "`uniformly` stands alone, without a value".into(),
            (None, [others @ .., last]) if !others.is_empty() => {
                format!("expected {} or {last}", others.join(", "))
            }
            _ => format!("expected {}", wanted.join("")),
        };
        self.error("wrong_key", span, format!("unknown entry `{found}`"), help);
        self.replace_by(near);
    }

    pub(crate) fn missing_domain(&mut self, span: Span, name: &str) {
        self.error(
            "missing_domain",
            span,
            format!("the choice `{name}` has no domain"),
            format!("write `{name} in Domain`"),
        );
    }

    pub(crate) fn bad_choice(&mut self, span: Span) {
        self.error(
            "bad_choice",
            span,
            "expected a choice or how it is made",
            "write `x in X, wpp = e`; a single `=` sets the weight",
        );
    }

    pub(crate) fn weight_twice(&mut self, span: Span, who: &str) {
        self.error(
            "weight_twice",
            span,
            format!("it is said twice how {who} chooses"),
            "keep one of `wpp = e`, `to_maximize = e`, `to_be = e`, `such_that = c`, `uniformly`",
        );
    }

    pub(crate) fn nothing_chosen(&mut self, span: Span, who: &str) {
        self.error("nothing_chosen", span, format!("{who} chooses nothing"), "name a choice: `x in X`");
    }

    pub(crate) fn missing_weight(&mut self, span: Span, who: &str) {
        self.error(
            "missing_weight",
            span,
            format!("it is not said how {who} chooses"),
            "add `wpp = e`, `to_maximize = e`, `to_be = e`, `such_that = c` or `uniformly`",
        );
    }

    pub(crate) fn observes_needs_is(&mut self, span: Span) {
        self.error(
            "observes_needs_is",
            span,
            "`observes` says what is seen and what it is",
            "write `observes [bob.x] is y`",
        );
    }

    pub(crate) fn observed_value(&mut self, span: Span, observed: &str, value: &str) {
        let help = if value.is_empty() {
            "write `observes [bob.x] is x`".to_string()
        } else {
            format!("write `observes_that [{observed} == {value}]`")
        };
        self.error("observed_value", span, "what stands after `is` is a choice, not a value", &help);
    }

    pub(crate) fn not_a_choice(&mut self, span: Span) {
        self.error("not_a_choice", span, "expected a choice", "write `x`, or `bob.x` for bob's");
    }

    pub(crate) fn names_expected(&mut self, span: Span, word: &str) {
        self.error("names_expected", span, format!("`{word}` takes names"), format!("write `{word}(name)`"));
    }
}
