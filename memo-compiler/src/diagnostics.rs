//! Every message of the compiler, one constructor each, and the sink that
//! collects them.

use proc_macro2::{Span, TokenStream};

/// One mistake: where, what, and how to mend it.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The offending word.
    pub span: Span,
    /// One sentence.
    pub message: String,
    /// The likely fix.
    pub help: Option<String>,
}

/// Collects the mistakes of a model so that all come out in one build.
#[derive(Debug, Default)]
pub struct Errors {
    found: Vec<Diagnostic>,
    /// Whether a statement could not be read at all: what it would have
    /// brought into the model cannot be told from what is missing.
    incomplete: bool,
}

impl Errors {
    /// An empty sink.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes one mistake and lets the phase go on.
    ///
    /// A statement that somebody foresees is read there and when it comes:
    /// what is wrong with it is told once.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let told = |d: &Diagnostic| {
            let what = d.message.split("in the frame of").next().unwrap_or_default();
            format!("{:?} {what}", d.span)
        };
        let new = told(&diagnostic);
        if !self.found.iter().any(|old| told(old) == new) {
            self.found.push(diagnostic);
        }
    }

    /// Shorthand for [`Errors::push`] with a help line.
    pub fn error(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.push(Diagnostic { span, message: message.into(), help: Some(help.into()) });
    }

    /// Takes over what another sink holds.
    pub fn extend(&mut self, other: Self) {
        self.found.extend(other.found);
        self.incomplete |= other.incomplete;
    }

    /// Says that a statement is lost, so that what only follows from its
    /// absence is not reported as well.
    pub(crate) fn lost_a_statement(&mut self) {
        self.incomplete = true;
    }

    /// [`Errors::error`] for what may follow from a lost statement.
    fn error_if_complete(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        if !self.incomplete {
            self.error(span, message, help);
        }
    }

    /// Whether nothing has gone wrong so far.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The mistakes so far, in the order found.
    #[must_use]
    pub fn found(&self) -> &[Diagnostic] {
        &self.found
    }

    /// `compile_error!` invocations, one for each mistake.
    #[must_use]
    pub fn to_compile_errors(&self) -> TokenStream {
        self.found
            .iter()
            .map(|d| {
                let text = match &d.help {
                    Some(help) => format!("{}\n  help: {help}", d.message),
                    None => d.message.clone(),
                };
                syn::Error::new(d.span, text).to_compile_error()
            })
            .collect()
    }
}

/// One constructor a message.
impl Errors {
    pub(crate) fn name_clash(&mut self, span: Span, name: &str, what: &str) {
        self.error(
            span,
            format!("the name `{name}` is already a parameter of the model"),
            format!("a parameter and {what} cannot share a name: rename one of them"),
        );
    }

    pub(crate) fn repeated_axis(&mut self, span: Span, name: &str) {
        self.error(span, format!("the axis `{name}` is declared twice"), "give each axis a name of its own");
    }

    pub(crate) fn type_as_domain(&mut self, span: Span, name: &str) {
        let help = match name {
            "bool" => "the domain of the two truth values is `Bool`".into(),
            "f32" | "f64" => {
                "name the values, `const X: Values<2> = Values::from([0.2, 0.8]);`, and write `X` here".into()
            }
            _ => format!("name the range: `const N: Range<{name}> = 0..10;`, and write `N` here"),
        };
        self.error(span, format!("`{name}` is a type, not a domain"), help);
    }

    pub(crate) fn repeated_choice(&mut self, span: Span, who: &str, name: &str, line: usize) {
        self.error(
            span,
            format!("{who} has already chosen `{name}`{}", on_line(line)),
            "pick a new name for the second choice",
        );
    }

    pub(crate) fn one_choice_to_be(&mut self, span: Span) {
        self.error(
            span,
            "`to_be` sets one choice, but several are made here",
            "write one `chooses` for each",
        );
    }

    pub(crate) fn uncertain_weight(
        &mut self,
        span: Span,
        who: &str,
        choice: &str,
        uncertain: &[String],
        place: &str,
    ) {
        self.error_if_complete(
            span,
            format!(
                "{who} chooses `{choice}` by a value that {who} does not know: {} uncertain here (in the frame of {place})",
                is_are(uncertain)
            ),
            "take an expected value, `E[…]`, or let the agent know or observe it first",
        );
    }

    pub(crate) fn uncertain_return(&mut self, span: Span, uncertain: &[String]) {
        self.error_if_complete(
            span,
            format!(
                "the model returns a value that is uncertain: {} not known to the model",
                is_are(uncertain)
            ),
            "wrap it in `E[…]` or `Pr[…]`",
        );
    }

    pub(crate) fn uncertain_answer(&mut self, span: Span, who: &str, uncertain: &[String], place: &str) {
        self.error_if_complete(
            span,
            format!(
                "{who} is asked for a value that {who} does not know: {} uncertain in the frame of {place}",
                is_are(uncertain)
            ),
            format!("ask for what {who} expects: `E[…]` inside the brackets"),
        );
    }

    pub(crate) fn unused_axis(&mut self, span: Span, name: &str) {
        self.error_if_complete(
            span,
            format!("nothing that is returned depends on the axis `{name}`"),
            format!("remove it, or call it `_{name}` if that is meant"),
        );
    }

    pub(crate) fn unknown_choice(
        &mut self,
        span: Span,
        name: &str,
        place: &str,
        candidates: &[String],
        elsewhere: Option<&str>,
    ) {
        let help = if let Some(elsewhere) = elsewhere {
            elsewhere.into()
        } else if let Some(near) = nearest(name, candidates) {
            format!("did you mean `{near}`?")
        } else if name.chars().all(|c| c.is_uppercase() || c == '_' || c.is_numeric()) {
            format!("a Rust constant needs braces: `{{ {name} }}`")
        } else if candidates.is_empty() {
            "nothing has been chosen here yet: declare it with `chooses(…)`, `given(…)` or as an axis".into()
        } else {
            let known = candidates.join(", ");
            if name.contains('.') {
                format!("known here: {known}")
            } else {
                format!("known here: {known}; a Rust variable needs braces: `{{ {name} }}`")
            }
        };
        self.error_if_complete(span, format!("unknown choice `{name}` in the frame of {place}"), help);
    }

    pub(crate) fn unknown_agent(&mut self, span: Span, name: &str, place: &str, known: &[String]) {
        let help = match nearest(name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None if name.starts_with(char::is_uppercase) => {
                format!("a variant of an enum is written with two colons, `{name}::…`")
            }
            None if known.is_empty() => {
                format!("say something about `{name}` first, such as `{name}: chooses(…)`")
            }
            None => format!("agents modelled here: {}", known.join(", ")),
        };
        self.error_if_complete(span, format!("unknown agent `{name}` in the frame of {place}"), help);
    }

    pub(crate) fn own_name(&mut self, span: Span, who: &str) {
        self.error(
            span,
            format!("{who} is spoken of by name in {who}'s own mind"),
            format!("write `x`, or `self.x`, for {who}'s own choice `x`; `{who}.x` would be that of another {who} whom {who} models"),
        );
    }

    pub(crate) fn unknown_goal(&mut self, span: Span, name: &str, place: &str, known: &[String]) {
        let help = match nearest(name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("declare it first: `wants({name} = …)`"),
        };
        self.error_if_complete(span, format!("unknown goal `{name}` in the frame of {place}"), help);
    }

    pub(crate) fn different_domains(&mut self, span: Span, what: &str, a: &str, b: &str) {
        self.error(
            span,
            format!("the domains of {what} differ: `{a}` and `{b}`"),
            "give both choices the same domain, under one name: `const N: Range<i64> = …;`",
        );
    }

    pub(crate) fn unmodelled_observation(
        &mut self,
        span: Span,
        who: &str,
        name: &str,
        place: &str,
        candidates: &[String],
    ) {
        let help = match nearest(name, candidates) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("let {who} model it first: `{who}: thinks[ …: chooses(…) ]`"),
        };
        self.error_if_complete(
            span,
            format!("{who} does not model `{name}` and so cannot observe it (in the frame of {place})"),
            help,
        );
    }

    pub(crate) fn observed_twice(&mut self, span: Span, who: &str, name: &str, line: usize) {
        self.error(
            span,
            format!("{who} already knows `{name}`{}", on_line(line)),
            "a choice can be observed once; remove this observation",
        );
    }

    pub(crate) fn knows_what_it_holds(&mut self, span: Span, who: &str, name: &str, line: usize) {
        self.error(
            span,
            format!("{who} already holds another `{name}`{}", on_line(line)),
            "rename one of the two choices, or use `observes […] is …`",
        );
    }

    pub(crate) fn cannot_forget(&mut self, span: Span, who: &str, name: &str) {
        self.error(
            span,
            format!("{who} cannot forget `{name}`: {who}'s beliefs rest on it"),
            "only an own past choice on which no belief depends can be forgotten",
        );
    }

    pub(crate) fn snapshot_name_taken(&mut self, span: Span, alias: &str, who: &str) {
        self.error(
            span,
            format!("{who} already models somebody called `{alias}`"),
            "pick another name for the snapshot",
        );
    }

    pub(crate) fn repeated_goal(&mut self, span: Span, who: &str, goal: &str) {
        self.error(
            span,
            format!("{who} already has a goal called `{goal}`"),
            "pick another name for the goal",
        );
    }

    pub(crate) fn knows_after_wants(&mut self, span: Span, who: &str) {
        self.error(
            span,
            format!("`knows` comes after {who} has used a goal that looks ahead"),
            format!("move this `knows` before the choice that uses `EU[…]` or `Predict[…]`: {who} needs it to foresee"),
        );
    }

    pub(crate) fn predict_needs_an_agent(&mut self, span: Span) {
        self.error(
            span,
            "only an agent can look ahead, not the model itself",
            "ask an agent: `alice[ Predict[…] ]`",
        );
    }

    pub(crate) fn not_in_cast(&mut self, span: Span, who: &str, cast: &[String]) {
        let help = match nearest(who, cast) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add `{who}` to `cast: […]`"),
        };
        self.error(span, format!("`{who}` is not in the cast"), help);
    }

    pub(crate) fn theory_forbids(&mut self, span: Span, who: &str, what: &str) {
        self.error(
            span,
            format!("{who} cannot {what}, by `has_theory`"),
            "remove the statement or change the theory",
        );
    }

    pub(crate) fn unknown_theory(&mut self, span: Span, name: &str) {
        self.error(
            span,
            format!("unknown theory `{name}`"),
            "the theories are ADULT, CHILD, NO_THINKS, NO_KNOWS and NO_WANTS",
        );
    }

    pub(crate) fn measure_of_known(&mut self, span: Span, what: &str, name: &str, place: &str) {
        self.error_if_complete(
            span,
            format!("the {what} of `{name}` is asked for, but `{name}` is known in the frame of {place}"),
            "only what is uncertain has one; of a known choice it is 0",
        );
    }

    pub(crate) fn ask_one_value(&mut self, span: Span, who: &str) {
        self.error(
            span,
            format!("`{who}[…]` asks for one value"),
            "to call a model, add its arguments: `f[x, y](…)`",
        );
    }

    pub(crate) fn argument_not_static(&mut self, span: Span) {
        self.error(
            span,
            "an argument of a model must be fixed before anybody chooses",
            "only parameters, numbers and `{ rust }` may stand here; hand a choice on as an axis: `f[x](…)`",
        );
    }

    pub(crate) fn wrong_number_of_axes(&mut self, span: Span, name: &str, wanted: usize, found: usize) {
        self.error(
            span,
            format!(
                "`{name}` has {}, but {found} {given} given",
                count(wanted, "axis", "axes"),
                given = are(found)
            ),
            "name one choice for each axis, in order",
        );
    }

    pub(crate) fn wrong_number_of_arguments(&mut self, span: Span, name: &str, wanted: usize, found: usize) {
        self.error(
            span,
            format!(
                "`{name}` takes {}, but {found} {} given",
                count(wanted, "parameter", "parameters"),
                are(found)
            ),
            "write `(...)` to hand on all parameters",
        );
    }

    pub(crate) fn wrong_arity(&mut self, span: Span, name: &str, wanted: usize, found: usize) {
        self.error(
            span,
            format!(
                "`{name}` takes {}, but {found} {} given",
                count(wanted, "argument", "arguments"),
                are(found)
            ),
            "check the commas",
        );
    }

    pub(crate) fn parameter_by_value(&mut self, span: Span, ty: &str) {
        self.error(
            span,
            format!("a parameter of type `{ty}` must be a reference"),
            format!("take it as `&{ty}`: numbers and `bool` come by value, everything else by reference"),
        );
    }

    pub(crate) fn cache_needs_numbers(&mut self, span: Span, name: &str) {
        self.error(
            span,
            format!("a model with `cache` cannot take the reference `{name}`"),
            "what it refers to may change between calls: pass numbers, or leave out `cache`",
        );
    }

    pub(crate) fn bad_number(&mut self, span: Span) {
        self.error(span, "this is not a number of the language", "write a number such as `1` or `0.5`");
    }
}

/// Mistakes of syntax.
impl Errors {
    pub(crate) fn rust_syntax(&mut self, span: Span, message: &str) {
        self.error(span, message, "this part of a model is ordinary Rust");
    }

    pub(crate) fn expression_syntax(&mut self, span: Span, message: &str) {
        self.push(Diagnostic { span, message: message.into(), help: None });
    }

    pub(crate) fn not_a_function(&mut self, span: Span) {
        self.error(
            span,
            "`#[memo]` belongs on a function",
            "write `#[memo] fn f<x: X>(p: f64) { model! { … } }`",
        );
    }

    pub(crate) fn axis_needs_domain(&mut self, span: Span, name: &str) {
        self.error(
            span,
            format!("the axis `{name}` needs one domain"),
            format!("write `{name}: Domain`, a path to a domain"),
        );
    }

    pub(crate) fn not_an_axis(&mut self, span: Span) {
        self.error(
            span,
            "the generic parameters of a model are its axes",
            "write `fn f<x: X, y: Y>(…)`; lifetimes and constants are not needed",
        );
    }

    pub(crate) fn not_on_a_model(&mut self, span: Span, word: &str) {
        self.error(span, format!("a model cannot be `{word}`"), format!("leave `{word}` out"));
    }

    pub(crate) fn return_type(&mut self, span: Span) {
        self.error(span, "a model has no return type: it returns its table", "leave the return type out");
    }

    pub(crate) fn parameter_pattern(&mut self, span: Span) {
        self.error(span, "a parameter of a model is a name and a type", "write `name: Type`");
    }

    pub(crate) fn option_not_supported(&mut self, span: Span, word: &str) {
        self.error(
            span,
            format!("`{word}` is not supported yet"),
            "leave it out; the options are `cache`, `strict` and `crate = path`",
        );
    }

    pub(crate) fn unknown_option(&mut self, span: Span, word: &str) {
        self.error(
            span,
            format!("unknown option `{word}`"),
            "the options are `cache`, `strict` and `crate = path`",
        );
    }

    pub(crate) fn missing_model_block(&mut self, span: Span) {
        self.error(
            span,
            "the body of a model is one `model! { … }` block",
            "put the statements of the model into `model! { … }` and nothing else beside it",
        );
    }

    pub(crate) fn cast_not_first(&mut self, span: Span) {
        self.error(span, "`cast` comes first", "move `cast: […];` to the top of the model");
    }

    pub(crate) fn bad_cast(&mut self, span: Span) {
        self.error(span, "the cast is a list of agents", "write `cast: [alice, bob];`");
    }

    pub(crate) fn empty_return(&mut self, span: Span) {
        self.error(span, "nothing is returned", "write `return e;`, such as `return Pr[alice.x == x];`");
    }

    pub(crate) fn missing_return(&mut self, span: Span) {
        self.error(
            span,
            "the model does not return anything",
            "end it with `return e;`, such as `return Pr[alice.x == x];`",
        );
    }

    pub(crate) fn statement_after_return(&mut self, span: Span) {
        self.error(span, "a statement comes after `return`", "move it before the `return`");
    }

    pub(crate) fn missing_colon(&mut self, span: Span, who: &str, keyword: &str) {
        self.lost_a_statement();
        self.error(span, format!("a `:` is missing after `{who}`"), format!("write `{who}: {keyword} …`"));
    }

    pub(crate) fn not_a_statement(&mut self, span: Span, found: &str) {
        self.lost_a_statement();
        self.error(
            span,
            format!("expected a statement, found `{found}`"),
            "a statement names an agent and what it does: `alice: chooses(x in X, wpp = 1)`",
        );
    }

    pub(crate) fn missing_keyword(&mut self, span: Span, who: &str) {
        self.error(
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
        self.error(span, format!("an agent cannot `{word}`"), help);
    }

    pub(crate) fn missing_semicolon(&mut self, span: Span, who: &str) {
        self.error(
            span,
            format!("a statement about {who} begins before the last one ends"),
            "put `;` between statements, and `,` inside `thinks[…]` and `imagine[…]`",
        );
    }

    pub(crate) fn unexpected(&mut self, span: Span, found: &str) {
        let help = match found {
            ";" => "inside `thinks[…]` and `imagine[…]` statements are separated by `,`".into(),
            "return" => "put `;` before it: every statement ends with one".into(),
            _ => format!(
                "the statement ends before it; another one is set off by `;`, or by `,` inside `thinks[…]`: is there one missing before `{found}`?"
            ),
        };
        self.error(span, format!("unexpected `{found}`"), help);
    }

    pub(crate) fn missing_brackets(&mut self, span: Span, word: &str, square: bool) {
        let shape = if square { format!("{word} […]") } else { format!("{word}(…)") };
        self.error(span, format!("`{word}` needs its brackets"), format!("write `{shape}`"));
    }

    pub(crate) fn missing_key(&mut self, span: Span, word: &str) {
        let key = if word == "wants" { "goal" } else { "wpp" };
        self.error(
            span,
            format!("`{word}` takes one entry, `{key} = …`"),
            format!("write `{word}({key} = …)`"),
        );
    }

    pub(crate) fn wrong_key(&mut self, span: Span, found: &str, wanted: &str) {
        self.error(span, format!("unknown entry `{found}`"), format!("expected {wanted}"));
    }

    pub(crate) fn missing_domain(&mut self, span: Span, name: &str) {
        self.error(span, format!("the choice `{name}` has no domain"), format!("write `{name} in Domain`"));
    }

    pub(crate) fn bad_choice(&mut self, span: Span) {
        self.error(
            span,
            "expected a choice or how it is made",
            "write `x in X, wpp = e`; a single `=` sets the weight",
        );
    }

    pub(crate) fn weight_twice(&mut self, span: Span, who: &str) {
        self.error(
            span,
            format!("it is said twice how {who} chooses"),
            "keep one of `wpp = e`, `to_maximize = e`, `to_be = e`, `such_that = c`, `uniformly`",
        );
    }

    pub(crate) fn nothing_chosen(&mut self, span: Span, who: &str) {
        self.error(span, format!("{who} chooses nothing"), "name a choice: `x in X`");
    }

    pub(crate) fn missing_weight(&mut self, span: Span, who: &str) {
        self.error(
            span,
            format!("it is not said how {who} chooses"),
            "add `wpp = e`, `to_maximize = e`, `to_be = e`, `such_that = c` or `uniformly`",
        );
    }

    pub(crate) fn observes_needs_is(&mut self, span: Span) {
        self.error(span, "`observes` says what is seen and what it is", "write `observes [bob.x] is y`");
    }

    pub(crate) fn not_a_choice(&mut self, span: Span) {
        self.error(span, "expected a choice", "write `x`, or `bob.x` for bob's");
    }

    pub(crate) fn names_expected(&mut self, span: Span, word: &str) {
        self.error(span, format!("`{word}` takes names"), format!("write `{word}(name)`"));
    }
}

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

fn are(n: usize) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

fn on_line(line: usize) -> String {
    if line == 0 { String::new() } else { format!(" on line {line}") }
}

fn is_are(names: &[String]) -> String {
    let list = names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
    format!("{list} {}", if names.len() == 1 { "is" } else { "are" })
}

/// The known name closest to what was written, if one is close.
fn nearest<'a>(word: &str, candidates: &'a [String]) -> Option<&'a str> {
    let limit = 1 + word.chars().count() / 4;
    candidates
        .iter()
        .map(|candidate| (edit_distance(word, candidate), candidate.as_str()))
        .filter(|(distance, _)| *distance <= limit && *distance > 0)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance in characters.
pub(crate) fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
