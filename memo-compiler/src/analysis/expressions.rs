//! What each expression means in a mind.

use std::rc::Rc;

use proc_macro2::{Ident, Span};

use super::frames::{FrameId, Key, key, show};
use super::{Analysis, Flat, ToCome, flatten};
use crate::syntax::{
    Arguments, BinaryOperator, ChoiceName, Expression, ExpressionKind, Model, StatementKind,
};
use crate::tensor::{AxisSet, Body, Query, Scalar, Word};

/// The functions of the language and how many arguments they take.
const FUNCTIONS: &[(&str, usize)] = &[
    ("exp", 1),
    ("log", 1),
    ("ln", 1),
    ("abs", 1),
    ("sqrt", 1),
    ("floor", 1),
    ("ceil", 1),
    ("round", 1),
    ("sin", 1),
    ("cos", 1),
    ("tan", 1),
    ("tanh", 1),
    ("log2", 1),
    ("log10", 1),
    ("min", 2),
    ("max", 2),
    ("pow", 2),
];

/// The functions of `memo::dist`, all on plain numbers.
const DISTRIBUTIONS: &[&str] = &[
    "normal_pdf",
    "normal_logpdf",
    "bernoulli_pmf",
    "binomial_pmf",
    "poisson_pmf",
    "beta_pdf",
    "gamma_pdf",
    "exponential_pdf",
    "uniform_pdf",
    "geometric_pmf",
    "student_t_pdf",
    "cauchy_pdf",
    "laplace_pdf",
    "logistic_pdf",
];

impl Analysis<'_> {
    /// The value of an expression in a mind; `None` after an error.
    pub(super) fn value(&mut self, frame: FrameId, e: &Expression) -> Option<Scalar> {
        let before = self.named.len();
        let value = self.meaning(frame, e)?;
        self.note_words(e, &value, before);
        Some(value)
    }

    fn meaning(&mut self, frame: FrameId, e: &Expression) -> Option<Scalar> {
        match &e.kind {
            ExpressionKind::Number(literal) => self.number(literal, e.span),
            ExpressionKind::Bool(b) => Some(Scalar::Bool(*b)),
            ExpressionKind::Name(name) => self.name(frame, name),
            ExpressionKind::Path(path) => Some(Scalar::Path(path.clone())),
            ExpressionKind::Rust(tokens) => Some(Scalar::Rust(tokens.clone())),
            ExpressionKind::Member(base, name) => self.member(frame, base, name),
            ExpressionKind::TupleMember(base, at) => {
                Some(Scalar::TupleMember(Box::new(self.value(frame, base)?), *at))
            }
            ExpressionKind::Bracket(base, arguments) => self.bracket(frame, base, arguments, e.span),
            ExpressionKind::Unary(operator, inner) => {
                Some(Scalar::Unary(*operator, Box::new(self.value(frame, inner)?)))
            }
            ExpressionKind::Binary(operator, left, right) => {
                let (left, right) = (self.value(frame, left), self.value(frame, right));
                Some(Scalar::Binary(*operator, Box::new(left?), Box::new(right?), e.span))
            }
            ExpressionKind::If { condition, then, otherwise } => {
                self.conditional(frame, condition, then, otherwise)
            }
            ExpressionKind::Call { path, arguments } => self.call(frame, path, arguments, e.span),
            ExpressionKind::Expectation(inner) => {
                let value = self.value(frame, inner)?;
                let axes = value.axes();
                // Where observations are left out, it is not known.
                let known = !axes.is_empty()
                    && self.model.options.explain.is_none()
                    && self.frames.knows_all(frame, &axes);
                let text = known.then(|| {
                    let place = self.frames.describe(frame);
                    format!("the expected value is asked for of what is known in the frame of {place}; help: leave out `E[…]`")
                });
                self.lints.look("expectation_of_known", e.span, text);
                Some(self.expectation(frame, value))
            }
            ExpressionKind::Probability(events) => self.probability(frame, events),
            ExpressionKind::Variance(inner) => {
                let value = self.value(frame, inner)?;
                Some(self.variance(frame, value))
            }
            ExpressionKind::Entropy(choices) => self.entropy(frame, choices),
            ExpressionKind::Divergence(p, q) => self.divergence(frame, p, q),
            ExpressionKind::Predict(inner) => self.predict(frame, inner, false, e.span),
            ExpressionKind::ExpectedUtility(goal) => self.expected_utility(frame, goal),
            ExpressionKind::Imagine { statements, value } => self.imagine(frame, flatten(statements), value),
            ExpressionKind::ModelCall { path, which, axes, arguments } => {
                self.model_call(frame, path, *which, axes, arguments)
            }
            ExpressionKind::Cost { measure, path, arguments } => {
                let arguments = self.arguments(frame, arguments)?;
                Some(Scalar::Cost(*measure, path.clone(), arguments))
            }
        }
    }

    fn number(&mut self, literal: &syn::Lit, span: Span) -> Option<Scalar> {
        let value = match literal {
            syn::Lit::Int(int) => int.base10_parse::<u128>().ok().map(|x| x as f64),
            syn::Lit::Float(float) => float.base10_parse::<f64>().ok(),
            _ => None,
        };
        let value = value.filter(|x| x.is_finite());
        if value.is_none() {
            self.errors.bad_number(span);
        }
        value.map(Scalar::Number)
    }

    fn name(&mut self, frame: FrameId, name: &Ident) -> Option<Scalar> {
        if let Some(held) = self.frames.get(frame).choices.get(&(None, name.to_string())) {
            return Some(self.at_word(held.axis, name.span()));
        }
        if let Some(at) = self.model.parameters.iter().position(|p| p.name == *name) {
            return Some(Scalar::Parameter(at, Word(name.span())));
        }
        self.unknown(frame, &(None, name.to_string()), name.span());
        None
    }

    /// Reports a choice that the mind does not hold.
    fn unknown(&mut self, frame: FrameId, wanted: &Key, span: Span) {
        let candidates = self.names_in(frame);
        let place = self.frames.describe(frame);
        // Somebody else may hold a choice of this name: that is the likely cause.
        let this = self.frames.get(frame);
        let theirs = this
            .choices
            .keys()
            .find(|held| wanted.0.is_none() && held.0.is_some() && held.1 == wanted.1)
            .map(|held| {
                let whose = held.0.as_deref().unwrap_or_default();
                format!("`{}` is {whose}'s: write `{}`", held.1, show(held))
            });
        let outside = this.parent.and_then(|parent| {
            let held = self.frames.get(parent).choices.keys().find(|held| **held == *wanted)?;
            let (who, holder) = (&this.name, self.frames.describe(parent));
            Some(format!("{holder} holds `{0}`: let {who} know it first, `{who}: knows({0})`", show(held)))
        });
        let elsewhere = match (theirs, outside) {
            (Some(theirs), Some(outside)) => Some(format!("{theirs}; or {outside}")),
            (theirs, outside) => theirs.or(outside),
        };
        let sight = self.sight(frame);
        self.errors.unknown_choice(span, &show(wanted), &place, (&candidates, &sight), elsewhere.as_deref());
    }

    fn member(&mut self, frame: FrameId, base: &Expression, name: &Ident) -> Option<Scalar> {
        if let ExpressionKind::Name(agent) = &base.kind {
            if agent == "self" {
                return self.name(frame, name);
            }
            let wanted = key(Some(agent), name);
            let this = self.frames.get(frame);
            let is_value = this.choices.contains_key(&(None, agent.to_string()))
                || self.is_parameter(&agent.to_string());
            if !is_value || this.choices.contains_key(&wanted) {
                return self.choice_of(frame, agent, name);
            }
        }
        Some(Scalar::Member(Box::new(self.value(frame, base)?), name.clone()))
    }

    /// `b.y` in a mind.
    fn choice_of(&mut self, frame: FrameId, agent: &Ident, name: &Ident) -> Option<Scalar> {
        let wanted = key(Some(agent), name);
        if let Some(held) = self.frames.get(frame).choices.get(&wanted) {
            return Some(self.at_word(held.axis, name.span()));
        }
        if let Some(child) = self.frames.get(frame).children.get(&agent.to_string()).copied() {
            if let Some(held) = self.frames.get(child).choices.get(&(None, name.to_string())) {
                return Some(self.at_word(held.axis, name.span()));
            }
            let (own, others): (Vec<String>, Vec<String>) =
                self.names_in(frame).into_iter().partition(|n| n.starts_with(&format!("{agent}.")));
            let candidates = if own.is_empty() { others } else { own };
            let place = self.frames.describe(frame);
            let sight = self.sight(frame);
            self.errors.unknown_choice(name.span(), &show(&wanted), &place, (&candidates, &sight), None);
        } else {
            self.unknown_agent(frame, agent, false);
        }
        None
    }

    /// Reports an agent whom the mind does not model; as one that is asked, it stands
    /// where an array would.
    fn unknown_agent(&mut self, frame: FrameId, agent: &Ident, asked: bool) {
        let this = self.frames.get(frame);
        if this.parent.is_some() && *agent == this.name {
            self.errors.own_name(agent.span(), &this.name);
            return;
        }
        let known: Vec<String> = this.children.keys().cloned().collect();
        let place = self.frames.describe(frame);
        let who = (this.parent.is_some() && place.starts_with(&this.name)).then_some(this.name.as_str());
        self.errors.unknown_agent(agent.span(), &agent.to_string(), (&place, who), &known, asked);
    }

    fn bracket(
        &mut self,
        frame: FrameId,
        base: &Expression,
        arguments: &[Expression],
        span: Span,
    ) -> Option<Scalar> {
        if let ExpressionKind::Name(name) = &base.kind {
            let word = name.to_string();
            if let Some(at) = self.model.parameters.iter().position(|p| p.name == *name) {
                let indices: Vec<Option<Scalar>> = arguments.iter().map(|a| self.value(frame, a)).collect();
                return Some(Scalar::Index(at, indices.into_iter().collect::<Option<_>>()?, span));
            }
            let is_agent = self.frames.get(frame).children.contains_key(&word);
            let is_choice = self.frames.get(frame).choices.contains_key(&(None, word));
            if !is_choice || is_agent {
                let [asked] = arguments else {
                    self.errors.ask_one_value(span, &name.to_string());
                    return None;
                };
                return self.ask(frame, name, asked);
            }
        }
        let mut value = self.value(frame, base)?;
        for argument in arguments {
            let index = self.value(frame, argument)?;
            value = Scalar::ElementOf(Box::new(value), Box::new(index));
        }
        Some(value)
    }

    /// `a[e]`: `a`'s answer, which `a` must be certain of.
    fn ask(&mut self, frame: FrameId, who: &Ident, asked: &Expression) -> Option<Scalar> {
        if who == "self" {
            return self.value(frame, asked);
        }
        let Some(mind) = self.frames.get(frame).children.get(&who.to_string()).copied() else {
            self.unknown_agent(frame, who, true);
            return None;
        };
        let answer = self.value(mind, asked)?;
        self.certain_answer(mind, &who.to_string(), answer, asked.span)
    }

    fn certain_answer(&mut self, mind: FrameId, who: &str, answer: Scalar, span: Span) -> Option<Scalar> {
        let axes = answer.axes();
        if self.frames.knows_all(mind, &axes) {
            return Some(answer);
        }
        if self.lenient {
            return Some(self.expectation(mind, answer));
        }
        let uncertain = self.uncertain_names(mind, &axes);
        let place = self.frames.describe(mind);
        let span = self.uncertain_word(mind, &answer, span);
        self.errors.uncertain_answer(span, who, &uncertain, &place);
        None
    }

    fn conditional(
        &mut self,
        frame: FrameId,
        condition: &Expression,
        then: &Expression,
        otherwise: &Expression,
    ) -> Option<Scalar> {
        let condition = self.value(frame, condition)?;
        let fixed = condition.is_static();
        if fixed {
            self.guard.push((condition.clone(), true));
        }
        let then = self.value(frame, then);
        if fixed {
            self.guard.pop();
            self.guard.push((condition.clone(), false));
        }
        let otherwise = self.value(frame, otherwise);
        if fixed {
            self.guard.pop();
        }
        let (then, otherwise) = (Box::new(then?), Box::new(otherwise?));
        Some(Scalar::If { condition: Box::new(condition), then, otherwise, fixed })
    }

    fn call(
        &mut self,
        frame: FrameId,
        path: &syn::Path,
        arguments: &[Expression],
        span: Span,
    ) -> Option<Scalar> {
        let values: Vec<Option<Scalar>> = arguments.iter().map(|a| self.value(frame, a)).collect();
        let last = path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
        let built_in = FUNCTIONS.iter().find(|(name, _)| path.segments.len() == 1 && *name == last);
        if let Some((name, arity)) = built_in
            && values.len() != *arity
        {
            self.errors.wrong_arity(span, name, *arity, values.len());
            return None;
        }
        let values: Vec<Scalar> = values.into_iter().collect::<Option<_>>()?;
        if let Some((name, _)) = built_in {
            return Some(Scalar::BuiltIn(name, values));
        }
        let of_memo =
            path.segments.len() == 1 || path.segments.iter().rev().nth(1).is_some_and(|s| s.ident == "dist");
        if of_memo && DISTRIBUTIONS.contains(&last.as_str()) {
            return Some(Scalar::Distribution(path.clone(), values));
        }
        Some(Scalar::Call(path.clone(), values))
    }

    /// `Pr[c, d]`: the chance that all hold.
    fn probability(&mut self, frame: FrameId, events: &[Expression]) -> Option<Scalar> {
        let values: Vec<Option<Scalar>> = events.iter().map(|e| self.value(frame, e)).collect();
        let mut values = values.into_iter().collect::<Option<Vec<_>>>()?.into_iter();
        let first = values.next()?;
        let span = events[0].span;
        let all =
            values.fold(first, |a, b| Scalar::Binary(BinaryOperator::And, Box::new(a), Box::new(b), span));
        Some(self.expectation(frame, all))
    }

    fn uncertain_axis(
        &mut self,
        frame: FrameId,
        choice: &ChoiceName,
        what: &str,
    ) -> Option<crate::tensor::AxisId> {
        let wanted = self.choice_key(choice);
        let Some(held) = self.frames.get(frame).choices.get(&wanted).cloned() else {
            match &choice.agent {
                Some(agent) if !self.frames.get(frame).children.contains_key(&agent.to_string()) => {
                    self.unknown_agent(frame, agent, false);
                }
                _ => self.unknown(frame, &wanted, choice.name.span()),
            }
            return None;
        };
        if self.frames.knows(frame, held.axis) {
            let place = self.frames.describe(frame);
            self.errors.measure_of_known(choice.name.span(), what, &show(&wanted), &place);
            return None;
        }
        self.at_word(held.axis, choice.name.span());
        Some(held.axis)
    }

    fn entropy(&mut self, frame: FrameId, choices: &[ChoiceName]) -> Option<Scalar> {
        let axes: Vec<_> = choices.iter().map(|c| self.uncertain_axis(frame, c, "entropy")).collect();
        let axes: AxisSet = axes.into_iter().collect::<Option<_>>()?;
        let query = Query::Entropy(axes.iter().copied().collect());
        Some(self.query(frame, query, &axes, "entropy"))
    }

    fn divergence(&mut self, frame: FrameId, p: &ChoiceName, q: &ChoiceName) -> Option<Scalar> {
        let first = self.uncertain_axis(frame, p, "divergence");
        let second = self.uncertain_axis(frame, q, "divergence");
        let (first, second) = (first?, second?);
        self.must_be_same(first, second, q.name.span(), format!("{} and {}", p.name, q.name));
        let p = self.marginal(frame, &AxisSet::from([first]));
        let mut q = self.marginal(frame, &AxisSet::from([second]));
        for axis in &mut q.axes {
            if *axis == second {
                *axis = first;
            }
        }
        let axes: AxisSet = p.axes.iter().chain(&q.axes).copied().filter(|axis| *axis != first).collect();
        let about = "How far the second distribution is from the first, in nats.".into();
        let body = Body::Divergence { p, q, over: first };
        let id = self.define("divergence".into(), about, axes.into_iter().collect(), body);
        Some(self.element(id))
    }

    /// `imagine[ …, e ]`: the statements happen in a copy of the mind.
    fn imagine(&mut self, frame: FrameId, statements: Vec<Flat>, value: &Expression) -> Option<Scalar> {
        let imagined = self.imagined_copy(frame);
        self.run(imagined, statements);
        let answer = self.in_base(imagined, ToCome::default(), |analysis| analysis.value(imagined, value))?;
        let name = self.frames.get(frame).name.clone();
        self.certain_answer(imagined, &name, answer, value.span)
    }

    fn imagined_copy(&mut self, frame: FrameId) -> FrameId {
        let parent = self.frames.get(frame).parent;
        let imagined = self.frames.copy(frame, parent);
        self.frames.get_mut(imagined).imagined = true;
        imagined
    }

    /// Works in another frame with what is still to come there.
    fn in_base<T>(&mut self, base: FrameId, to_come: ToCome, work: impl FnOnce(&mut Self) -> T) -> T {
        let saved = (self.base, std::mem::replace(&mut self.continuation, to_come));
        self.base = base;
        let value = work(self);
        (self.base, self.continuation) = saved;
        value
    }

    fn expected_utility(&mut self, frame: FrameId, goal: &Ident) -> Option<Scalar> {
        let Some(utility) = self.frames.get(frame).goals.get(&goal.to_string()).cloned() else {
            let known: Vec<String> = self.frames.get(frame).goals.keys().cloned().collect();
            let place = self.frames.describe(frame);
            self.errors.unknown_goal(goal.span(), &goal.to_string(), &place, &known);
            return None;
        };
        self.predict(frame, &utility, true, goal.span())
    }

    /// What the mind expects its future self to find: a future self lives
    /// through the agent's later statements in an imagined world, guessing
    /// what it will observe with the beliefs that it has by then.
    fn predict(&mut self, frame: FrameId, e: &Expression, utility: bool, span: Span) -> Option<Scalar> {
        let Some(path) = self.path_from_base(frame) else {
            self.errors.predict_needs_an_agent(span);
            return None;
        };
        let imagined = self.imagined_copy(frame);
        self.fresh += 1;
        let future = format!("future_{}_{}", self.frames.get(frame).name, self.fresh);
        let mind = self.snapshot(imagined, &future);
        let to_come: Rc<[Flat]> = self.statements_to_come(&path, &future).into();
        for (at, flat) in to_come.iter().enumerate() {
            let rest = ToCome { all: Rc::clone(&to_come), from: at + 1 };
            match &flat.statement.kind {
                StatementKind::Observes { target, .. } if flat.path.is_empty() => {
                    self.in_base(imagined, rest, |analysis| {
                        if let Some(guess) = analysis.guess(imagined, &future, target) {
                            analysis.observes(imagined, &future, target, &guess, target.name.span());
                        }
                    });
                }
                _ => self.in_base(imagined, rest, |analysis| analysis.statement(imagined, flat)),
            }
        }
        let value = self.in_base(imagined, ToCome::default(), |analysis| analysis.value(mind, e))?;
        let value = if utility { self.expectation(mind, value) } else { value };
        let name = self.frames.get(frame).name.clone();
        let value = self.certain_answer(mind, &name, value, e.span)?;
        let value = self.expectation(imagined, value);
        self.certain_answer(imagined, &name, value, e.span)
    }

    /// What is still to come for the agent at the end of `path`, told of its
    /// future self.
    fn statements_to_come(&mut self, path: &[String], future: &str) -> Vec<Flat> {
        let mut to_come = Vec::new();
        let continuation = self.continuation.clone();
        for later in continuation.all[continuation.from..].iter().cloned() {
            let names: Vec<&String> = later.path.iter().chain([&later.who]).collect();
            if path.is_empty() || names.len() < path.len() || names.iter().zip(path).any(|(a, b)| *a != b) {
                continue;
            }
            let mut path: Vec<String> = later.path.iter().skip(path.len() - 1).cloned().collect();
            let (mut who, mut statement) = (later.who, later.statement);
            if let Some(first) = path.first_mut() {
                *first = future.to_string();
            } else if let StatementKind::Knows(names) = &statement.kind {
                self.errors.knows_after_wants(statement.span, &who);
                for name in names {
                    self.errors.lost_a_name(name.name.to_string());
                }
                continue;
            } else {
                who = future.to_string();
            }
            statement.who = Ident::new(&who, statement.who.span());
            to_come.push(Flat { path, who, statement });
        }
        to_come
    }

    /// The agents from the frame whose statements are run down to `frame`:
    /// none for an agent that imagines, nothing for the model itself.
    fn path_from_base(&self, frame: FrameId) -> Option<Vec<String>> {
        let mut path = Vec::new();
        let mut at = frame;
        self.frames.get(at).parent?;
        while at != self.base {
            let this = self.frames.get(at);
            if this.imagined {
                break;
            }
            path.insert(0, this.name.clone());
            at = this.parent?;
        }
        Some(path)
    }

    fn arguments(&mut self, frame: FrameId, arguments: &Arguments) -> Option<Vec<Scalar>> {
        match arguments {
            Arguments::All => {
                let words = self.model.parameters.iter().map(|p| Word(p.name.span()));
                Some(words.enumerate().map(|(at, word)| Scalar::Parameter(at, word)).collect())
            }
            Arguments::List(list) => {
                let mut values = Vec::new();
                for argument in list {
                    let value = self.value(frame, argument);
                    if let Some(value) = &value
                        && !value.is_static()
                    {
                        let word = self.first_word(value, argument.span, &|_| true);
                        self.errors.argument_not_static(word);
                        values.push(None);
                        continue;
                    }
                    values.push(value);
                }
                values.into_iter().collect()
            }
        }
    }

    fn model_call(
        &mut self,
        frame: FrameId,
        path: &syn::Path,
        which: Option<usize>,
        axes: &[ChoiceName],
        arguments: &Arguments,
    ) -> Option<Scalar> {
        let held: Vec<_> = axes
            .iter()
            .map(|choice| {
                let wanted = self.choice_key(choice);
                if let Some(axis) = self.frames.get(frame).choices.get(&wanted).map(|held| held.axis) {
                    self.at_word(axis, choice.name.span());
                    return Some(axis);
                }
                match &choice.agent {
                    Some(agent) => match self.choice_of(frame, agent, &choice.name)? {
                        Scalar::Axis(axis, _) => Some(axis),
                        _ => None,
                    },
                    None => {
                        self.unknown(frame, &wanted, choice.name.span());
                        None
                    }
                }
            })
            .collect();
        let arguments = self.arguments(frame, arguments);
        let axes: Vec<_> = held.into_iter().collect::<Option<_>>()?;
        let arguments = arguments?;
        self.check_own_call(path, axes.len(), arguments.len());
        let text = crate::tensor::path_text(path);
        let name = path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
        let site = self.program.sites;
        self.program.sites += 1;
        let body = Body::Call { path: path.clone(), which: which.unwrap_or(0), arguments, site };
        let id =
            self.define(format!("{name}_table"), format!("The table of the model `{text}`."), axes, body);
        Some(self.element(id))
    }

    /// A model that calls itself is known here: the numbers must agree.
    fn check_own_call(&mut self, path: &syn::Path, axes: usize, arguments: usize) {
        let model: &Model = self.model;
        if !path.is_ident(&model.name) {
            return;
        }
        let span = path.segments[0].ident.span();
        if axes != model.axes.len() {
            self.errors.wrong_number_of_axes(span, &model.name.to_string(), model.axes.len(), axes);
        }
        if arguments != model.parameters.len() {
            self.errors.wrong_number_of_arguments(
                span,
                &model.name.to_string(),
                model.parameters.len(),
                arguments,
            );
        }
    }
}
