//! What is wrong with what a model says, one constructor a message.

use proc_macro2::Span;

use super::{Errors, are, count, is_are, nearest, on_line};

impl Errors {
    /// The last mistake is a misspelt name: the word to be replaced is its last.
    fn replace_word(&mut self, wanted: &str, near: Option<&str>) {
        let (agent, near_agent) = (wanted.rsplit_once('.'), near.and_then(|near| near.rsplit_once('.')));
        let word = match (agent, near_agent) {
            (None, None) => near,
            (Some((who, _)), Some((same, word))) if who == same => Some(word),
            _ => None,
        };
        if self.found.last().is_some_and(|last| last.message.contains(&format!("`{wanted}`"))) {
            self.replace_by(word);
        }
    }

    pub(crate) fn name_clash(&mut self, span: Span, name: &str, what: &str) {
        self.error(
            "name_clash",
            span,
            format!("the name `{name}` is already a parameter of the model"),
            format!("a parameter and {what} cannot share a name: rename one of them"),
        );
    }

    pub(crate) fn repeated_axis(&mut self, span: Span, name: &str) {
        self.error(
            "repeated_axis",
            span,
            format!("the axis `{name}` is declared twice"),
            "give each axis a name of its own",
        );
    }

    pub(crate) fn type_as_domain(&mut self, span: Span, name: &str) {
        let help = match name {
            "bool" => "the domain of the two truth values is `Bool`".into(),
            "f32" | "f64" => {
                "name the values, `const X: Values<2> = Values::from([0.2, 0.8]);`, and write `X` here".into()
            }
            _ => format!("name the range: `const N: Range<{name}> = 0..10;`, and write `N` here"),
        };
        self.error("type_as_domain", span, format!("`{name}` is a type, not a domain"), help);
        self.replace_by((name == "bool").then_some("Bool"));
    }

    pub(crate) fn number_as_domain(&mut self, span: Span, text: &str) {
        self.error(
            "number_as_domain",
            span,
            format!("`{text}` is one value, not a domain to choose from"),
            "the integers from 0 on are a range, `0..n`; other numbers are a list, `Values::from([0.2, 0.8])`",
        );
    }

    pub(crate) fn repeated_choice(&mut self, span: Span, who: &str, name: &str, line: usize) {
        self.error(
            "repeated_choice",
            span,
            format!("{who} has already chosen `{name}`{}", on_line(line)),
            "pick a new name for the second choice",
        );
    }

    pub(crate) fn one_choice_to_be(&mut self, span: Span) {
        self.error(
            "one_choice_to_be",
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
        if uncertain.iter().any(|name| self.is_lost(name)) {
            return;
        }
        self.error(
            "uncertain_weight",
            span,
            format!(
                "{who} chooses `{choice}` by a value that {who} does not know: {} uncertain here (in the frame of {place})",
                is_are(uncertain)
            ),
            "take an expected value, `E[…]`, or let the agent know or observe it first",
        );
    }

    pub(crate) fn uncertain_return(&mut self, span: Span, uncertain: &[String]) {
        if uncertain.iter().any(|name| self.is_lost(name)) {
            return;
        }
        self.error(
            "uncertain_return",
            span,
            format!(
                "the model returns a value that is uncertain: {} not known to the model",
                is_are(uncertain)
            ),
            "wrap it in `E[…]` or `Pr[…]`",
        );
    }

    pub(crate) fn uncertain_answer(&mut self, span: Span, who: &str, uncertain: &[String], place: &str) {
        if uncertain.iter().any(|name| self.is_lost(name)) {
            return;
        }
        self.error(
            "uncertain_answer",
            span,
            format!(
                "{who} is asked for a value that {who} does not know: {} uncertain in the frame of {place}",
                is_are(uncertain)
            ),
            format!("ask for what {who} expects: `E[…]` inside the brackets"),
        );
    }

    pub(crate) fn unused_axis(&mut self, span: Span, name: &str) {
        self.error(
            "unused_axis",
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
        (candidates, sight): (&[String], &str),
        elsewhere: Option<&str>,
    ) {
        if self.is_lost(name) {
            return;
        }
        let help = if let Some(elsewhere) = elsewhere {
            elsewhere.into()
        } else if let Some(near) = nearest(name, candidates) {
            format!("did you mean `{near}`?")
        } else if name.eq_ignore_ascii_case("uniform") {
            "all have the same weight with `wpp = 1`, or `uniformly`".into()
        } else if name.chars().all(|c| c.is_uppercase() || c == '_' || c.is_numeric()) {
            format!("a Rust constant needs braces: `{{ {name} }}`")
        } else if name.starts_with(char::is_uppercase) {
            format!(
                "a variant of an enum is written after its name, `…::{name}`; a Rust constant needs braces: `{{ {name} }}`"
            )
        } else if candidates.is_empty() {
            "nothing has been chosen here yet: declare it with `chooses(…)`, `given(…)` or as an axis".into()
        } else if name.contains('.') {
            sight.into()
        } else {
            format!("{sight}; a Rust variable needs braces: `{{ {name} }}`")
        };
        let near = elsewhere.is_none().then(|| nearest(name, candidates)).flatten();
        self.error("unknown_choice", span, format!("unknown choice `{name}` in the frame of {place}"), help);
        self.replace_word(name, near);
    }

    pub(crate) fn unknown_agent(
        &mut self,
        span: Span,
        name: &str,
        (place, who): (&str, Option<&str>),
        known: &[String],
        indexed: bool,
    ) {
        if self.is_lost(name) {
            return;
        }
        let help = match nearest(name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None if ["P", "Prob", "Probability"].contains(&name) => "a probability is `Pr[…]`".into(),
            None if ["Exp", "Expectation", "Mean"].contains(&name) => "an expectation is `E[…]`".into(),
            None if indexed && name.starts_with(char::is_uppercase) => {
                let parameter = name.to_lowercase();
                format!(
                    "a Rust array is handed in as a parameter, `{parameter}: &[f64]`; one of its elements may stand in braces: `{{ {name}[0] }}`"
                )
            }
            None if name.starts_with(char::is_uppercase) => {
                format!("a variant of an enum is written with two colons, `{name}::…`")
            }
            None if known.is_empty() => match who {
                Some(who) => format!("let {who} model {name} first: `{who}: thinks[ {name}: chooses(…) ]`"),
                None => format!("say something about `{name}` first, such as `{name}: chooses(…)`"),
            },
            None => format!("agents modelled here: {}", known.join(", ")),
        };
        self.error("unknown_agent", span, format!("unknown agent `{name}` in the frame of {place}"), help);
        self.replace_word(name, nearest(name, known));
    }

    pub(crate) fn own_name(&mut self, span: Span, who: &str) {
        self.error(
            "own_name",
            span,
            format!("{who} is spoken of by name in {who}'s own mind"),
            format!("write `x`, or `self.x`, for {who}'s own choice `x`; `{who}.x` would be that of another {who} whom {who} models"),
        );
    }

    pub(crate) fn unknown_goal(&mut self, span: Span, name: &str, place: &str, known: &[String]) {
        if self.is_lost(name) {
            return;
        }
        let help = match nearest(name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("declare it first: `wants({name} = …)`"),
        };
        self.error("unknown_goal", span, format!("unknown goal `{name}` in the frame of {place}"), help);
        self.replace_word(name, nearest(name, known));
    }

    pub(crate) fn different_domains(&mut self, span: Span, what: &str, a: &str, b: &str) {
        self.error(
            "different_domains",
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
        if self.is_lost(name) {
            return;
        }
        let help = match nearest(name, candidates) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let agent = name.split('.').next().unwrap_or_default();
                let of_agent =
                    |other: &&String| other.strip_prefix(agent).is_some_and(|rest| rest.starts_with('.'));
                let others: Vec<String> =
                    candidates.iter().filter(of_agent).map(|c| format!("`{c}`")).collect();
                if others.is_empty() {
                    format!("let {who} model it first: `{who}: thinks[ {agent}: chooses(…) ]`")
                } else {
                    format!("of {agent}, {who} models {}", others.join(", "))
                }
            }
        };
        self.error(
            "unmodelled_observation",
            span,
            format!("{who} does not model `{name}` and so cannot observe it (in the frame of {place})"),
            help,
        );
    }

    pub(crate) fn observed_twice(&mut self, span: Span, who: &str, name: &str, line: usize) {
        self.error(
            "observed_twice",
            span,
            format!("{who} already knows `{name}`{}", on_line(line)),
            "a choice can be observed once; remove this observation",
        );
    }

    pub(crate) fn knows_what_it_holds(&mut self, span: Span, who: &str, name: &str, line: usize) {
        self.error(
            "knows_what_it_holds",
            span,
            format!("{who} already holds another `{name}`{}", on_line(line)),
            "rename one of the two choices, or use `observes […] is …`",
        );
    }

    pub(crate) fn cannot_forget(&mut self, span: Span, who: &str, name: &str) {
        self.error(
            "cannot_forget",
            span,
            format!("{who} cannot forget `{name}`: {who}'s beliefs rest on it"),
            "only an own past choice on which no belief depends can be forgotten",
        );
    }

    pub(crate) fn snapshot_name_taken(&mut self, span: Span, alias: &str, who: &str) {
        self.error(
            "snapshot_name_taken",
            span,
            format!("{who} already models somebody called `{alias}`"),
            "pick another name for the snapshot",
        );
    }

    pub(crate) fn repeated_goal(&mut self, span: Span, who: &str, goal: &str) {
        self.error(
            "repeated_goal",
            span,
            format!("{who} already has a goal called `{goal}`"),
            "pick another name for the goal",
        );
    }

    pub(crate) fn knows_after_wants(&mut self, span: Span, who: &str) {
        self.error(
            "knows_after_wants",
            span,
            format!("`knows` comes after {who} has used a goal that looks ahead"),
            format!("move this `knows` before the choice that uses `EU[…]` or `Predict[…]`: {who} needs it to foresee"),
        );
    }

    pub(crate) fn predict_needs_an_agent(&mut self, span: Span) {
        self.error(
            "predict_needs_an_agent",
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
        self.error("not_in_cast", span, format!("`{who}` is not in the cast"), help);
        self.replace_word(who, nearest(who, cast));
    }

    pub(crate) fn theory_forbids(&mut self, span: Span, who: &str, what: &str) {
        self.error(
            "theory_forbids",
            span,
            format!("{who} cannot {what}, by `has_theory`"),
            "remove the statement or change the theory",
        );
    }

    pub(crate) fn unknown_theory(&mut self, span: Span, name: &str) {
        let theories = ["ADULT", "CHILD", "NO_THINKS", "NO_KNOWS", "NO_WANTS"].map(String::from);
        let near = nearest(name, &theories);
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the theories are {}", theories.join(", ")),
        };
        self.error("unknown_theory", span, format!("unknown theory `{name}`"), help);
        self.replace_by(near);
    }

    pub(crate) fn measure_of_known(&mut self, span: Span, what: &str, name: &str, place: &str) {
        if self.is_lost(name) {
            return;
        }
        self.error(
            "measure_of_known",
            span,
            format!("the {what} of `{name}` is asked for, but `{name}` is known in the frame of {place}"),
            "only what is uncertain has one; of a known choice it is 0",
        );
    }

    pub(crate) fn ask_one_value(&mut self, span: Span, who: &str) {
        self.error(
            "ask_one_value",
            span,
            format!("`{who}[…]` asks for one value"),
            "to call a model, add its arguments: `f[x, y](…)`",
        );
    }

    pub(crate) fn argument_not_static(&mut self, span: Span) {
        self.error(
            "argument_not_static",
            span,
            "an argument of a model must be fixed before anybody chooses",
            "only parameters, numbers and `{ rust }` may stand here; hand a choice on as an axis: `f[x](…)`",
        );
    }

    pub(crate) fn wrong_number_of_axes(&mut self, span: Span, name: &str, wanted: usize, found: usize) {
        self.error(
            "wrong_number_of_axes",
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
            "wrong_number_of_arguments",
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
            "wrong_arity",
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
            "parameter_by_value",
            span,
            format!("a parameter of type `{ty}` must be a reference"),
            format!("take it as `&{ty}`: numbers and `bool` come by value, everything else by reference"),
        );
    }

    pub(crate) fn cache_needs_numbers(&mut self, span: Span, name: &str) {
        self.error(
            "cache_needs_numbers",
            span,
            format!("a model with `cache` cannot take the reference `{name}`"),
            "what it refers to may change between calls: pass numbers, or leave out `cache`",
        );
    }

    pub(crate) fn bad_number(&mut self, span: Span) {
        self.error(
            "bad_number",
            span,
            "this is not a number of the language",
            "write a number such as `1` or `0.5`",
        );
    }
}
