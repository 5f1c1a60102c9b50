//! What each statement does to the frames.

use std::fmt::Write as _;

use proc_macro2::{Ident, Span};

use super::frames::{BeliefFactor, FrameId, Held, Key, Theory, key, show};
use super::sketch::Learned;
use super::{Analysis, Flat};
use crate::syntax::{BinaryOperator, ChoiceDeclaration, ChoiceName, How, StatementKind};
use crate::tensor::{AxisId, Body, DomainId, Factor, Rule, Scalar};

impl Analysis<'_> {
    pub(super) fn statement(&mut self, base: FrameId, flat: &Flat) {
        let mut frame = base;
        for who in &flat.path {
            self.check_cast(who, flat.statement.who.span());
            frame = self.frames.child(frame, who);
            let theory = self.frames.get(frame).theory;
            if matches!(theory, Theory::Child | Theory::NoThinks) {
                self.errors.theory_forbids(flat.statement.span, who, "think about other minds");
            }
        }
        let who = flat.who.as_str();
        let span = flat.statement.span;
        self.check_cast(who, flat.statement.who.span());
        match &flat.statement.kind {
            StatementKind::Chooses { choices, how } => self.chooses(frame, who, choices, how, span),
            StatementKind::Thinks(_) => unreachable!("bug in memo: `thinks` is flattened before it is run"),
            StatementKind::Observes { target, source } => {
                let source_key = self.choice_key(source);
                self.observes(frame, who, target, &source_key, source.name.span());
            }
            StatementKind::ObservesThat(condition) => self.observes_event(frame, who, condition, true),
            StatementKind::ObservesEvent(weight) => self.observes_event(frame, who, weight, false),
            StatementKind::Knows(names) => {
                for name in names {
                    self.knows(frame, who, name);
                }
            }
            StatementKind::ForgetsAbout(names) => {
                for name in names {
                    self.forgets(frame, who, name);
                }
            }
            StatementKind::SnapshotsSelfAs(names) => {
                for name in names {
                    let mind = self.frames.child(frame, who);
                    if self.frames.get(mind).children.contains_key(&name.to_string()) {
                        self.errors.snapshot_name_taken(name.span(), &name.to_string(), who);
                    } else {
                        self.snapshot(mind, &name.to_string());
                    }
                }
            }
            StatementKind::Wants { goal, utility } => {
                let mind = self.frames.child(frame, who);
                if self.frames.get(mind).theory == Theory::NoWants {
                    self.errors.theory_forbids(span, who, "have goals");
                }
                let old = self.frames.get_mut(mind).goals.insert(goal.to_string(), utility.clone());
                if old.is_some() {
                    self.errors.repeated_goal(goal.span(), who, &goal.to_string());
                }
            }
            StatementKind::HasTheory(name) => self.has_theory(frame, who, name),
            StatementKind::Inspect => self.inspect(frame, who, span),
        }
    }

    fn check_cast(&mut self, who: &str, span: Span) {
        if let Some(cast) = &self.model.cast
            && !cast.iter().any(|name| name == who)
            && !who.starts_with("future_")
        {
            let cast: Vec<String> = cast.iter().map(ToString::to_string).collect();
            self.errors.not_in_cast(span, who, &cast);
        }
    }

    /// The key under which the mind that speaks holds the choice.
    pub(super) fn choice_key(&self, name: &ChoiceName) -> Key {
        key(name.agent.as_ref(), &name.name)
    }

    fn chooses(
        &mut self,
        frame: FrameId,
        who: &str,
        declarations: &[ChoiceDeclaration],
        how: &How,
        span: Span,
    ) {
        let mind = self.frames.child(frame, who);
        let mut over = Vec::new();
        for declaration in declarations {
            let name = declaration.name.to_string();
            let word = declaration.name.span();
            if self.is_parameter(&name) {
                self.errors.name_clash(word, &name, "a choice");
            }
            let own = (None, name.clone());
            let held = self
                .frames
                .get(mind)
                .choices
                .get(&own)
                .or_else(|| self.frames.get(frame).choices.get(&(Some(who.to_string()), name.clone())));
            if let Some(held) = held {
                let line = held.line;
                self.errors.repeated_choice(word, who, &name, line);
            }
            self.check_domain(&declaration.domain);
            let domain = self.program.domain(&declaration.domain);
            let axis = self.program.axis(format!("{who}.{name}"), domain);
            let held = Held { axis, known: true, line: word.start().line };
            self.frames.get_mut(mind).choices.insert(own, held);
            over.push(axis);
        }
        let choice = declarations.iter().map(|d| d.name.to_string()).collect::<Vec<_>>().join(", ");
        let (weight, rule) = match how {
            How::Weight(e) => (self.value(mind, e), Rule::Proportional),
            How::SuchThat(e) => {
                // Only whether the condition holds counts, not how large it is.
                let condition = self.value(mind, e).map(|c| {
                    let (yes, no) = (Box::new(Scalar::Number(1.0)), Box::new(Scalar::Number(0.0)));
                    Scalar::If { condition: Box::new(c), then: yes, otherwise: no, fixed: false }
                });
                (condition, Rule::Proportional)
            }
            How::Maximize(e) => (self.value(mind, e), Rule::Maximize),
            How::Minimize(e) => (self.value(mind, e), Rule::Minimize),
            How::Uniformly => (Some(Scalar::Number(1.0)), Rule::Proportional),
            How::ToBe(e) => {
                if over.len() > 1 {
                    self.errors.one_choice_to_be(e.span);
                }
                let value = self.value(mind, e);
                let chosen = Box::new(Scalar::Axis(over[0], declarations[0].name.span()));
                let equal = value.map(|v| Scalar::Binary(BinaryOperator::Equal, chosen, Box::new(v), e.span));
                (equal, Rule::Proportional)
            }
        };
        let word = match how {
            How::Weight(e) | How::SuchThat(e) | How::Maximize(e) | How::Minimize(e) | How::ToBe(e) => e.span,
            How::Uniformly => span,
        };
        for (declaration, axis) in declarations.iter().zip(&over) {
            let held = Held { axis: *axis, known: false, line: declaration.name.span().start().line };
            let key = (Some(who.to_string()), declaration.name.to_string());
            self.frames.get_mut(frame).choices.insert(key, held);
        }
        let Some(weight) = weight else { return };
        let axes = weight.axes();
        if !self.frames.knows_all(mind, &axes) {
            let uncertain = self.uncertain_names(mind, &axes);
            let place = self.frames.describe(mind);
            let word = self.uncertain_word(mind, &weight, word);
            self.errors.uncertain_weight(word, who, &choice, &uncertain, &place);
            return;
        }
        if let How::Weight(e) = how {
            let same = !axes.is_empty() && over.iter().all(|axis| !axes.contains(axis));
            let text = same.then(|| format!("all that {who} may choose for `{choice}` has the same weight; help: let the weight rest on what is chosen, or write `uniformly`"));
            self.lints.look("constant_weight", e.span, text);
        }
        let names: Vec<String> = declarations.iter().map(|d| d.name.to_string()).collect();
        self.push_choice(frame, who, &names, over, weight, rule);
    }

    /// Adds a conditional distribution to the belief of whoever models the
    /// chooser.
    fn push_choice(
        &mut self,
        frame: FrameId,
        who: &str,
        names: &[String],
        over: Vec<AxisId>,
        weight: Scalar,
        rule: Rule,
    ) {
        let mut axes: Vec<AxisId> = weight.axes().into_iter().filter(|a| !over.contains(a)).collect();
        let given = axes.iter().map(|a| self.program.axes[a.0].label.clone()).collect::<Vec<_>>();
        axes.extend(&over);
        let may_vanish = rule == Rule::Proportional && !self.is_positive(&weight);
        let choice = names.join(", ");
        let about = if given.is_empty() {
            format!("The chance of each `{choice}` that {who} may choose.")
        } else {
            format!("The chance of each `{choice}` that {who} may choose, given {}.", given.join(", "))
        };
        let count = over.len();
        let body = Body::Choice { over: count, across: false, weight, rule, agent: who.to_string(), choice };
        let id = self.define(format!("{who}_{}", names.join("_")), about, axes.clone(), body);
        let factor = Factor { definition: id, axes };
        self.frames.get_mut(frame).belief.factors.push(BeliefFactor { factor, over: count, may_vanish });
    }

    pub(super) fn observes(
        &mut self,
        frame: FrameId,
        who: &str,
        target: &ChoiceName,
        source: &Key,
        source_span: Span,
    ) {
        let mind = self.frames.child(frame, who);
        let target_key = self.choice_key(target);
        let seen = self.frames.get(mind).choices.get(&target_key).cloned();
        let shown = self.frames.get(frame).choices.get(source).cloned();
        if seen.is_none() {
            let place = self.frames.describe(frame);
            let candidates = self.names_in(mind);
            let name = show(&target_key);
            self.errors.unmodelled_observation(target.name.span(), who, &name, &place, &candidates);
            // Where bob is not modelled at all, the missing choice is why.
            let agent = target_key
                .0
                .clone()
                .filter(|agent| !candidates.iter().any(|c| c.starts_with(&format!("{agent}."))));
            self.errors.lost_a_name(agent.unwrap_or(name));
        }
        if shown.is_none() {
            let candidates = self.names_in(frame);
            let place = self.frames.describe(frame);
            let sight = self.sight(frame);
            self.errors.unknown_choice(source_span, &show(source), &place, (&candidates, &sight), None);
        }
        let (Some(seen), Some(shown)) = (seen, shown) else { return };
        let (from, to) = ((frame, source.clone()), (mind, target_key.clone()));
        self.learned.push(Learned { from, to, seen: true });
        if self.frames.knows(mind, seen.axis) {
            self.errors.observed_twice(target.name.span(), who, &show(&target_key), seen.line);
            return;
        }
        let what = format!("{} and {}", show(&target_key), show(source));
        self.must_be_same(seen.axis, shown.axis, target.name.span(), what);
        self.frames.rename(mind, seen.axis, shown.axis);
        let mind = self.frames.get_mut(mind);
        if let Some(held) = mind.choices.get_mut(&target_key) {
            held.known = true;
        }
        mind.belief.observed = mind.belief.factors.len();
    }

    fn observes_event(
        &mut self,
        frame: FrameId,
        who: &str,
        event: &crate::syntax::Expression,
        boolean: bool,
    ) {
        let mind = self.frames.child(frame, who);
        let Some(mut weight) = self.value(mind, event) else { return };
        if boolean {
            let (yes, no) = (Box::new(Scalar::Number(1.0)), Box::new(Scalar::Number(0.0)));
            weight = Scalar::If { condition: Box::new(weight), then: yes, otherwise: no, fixed: false };
        }
        let (known, own): (Vec<AxisId>, Vec<AxisId>) =
            weight.axes().into_iter().partition(|axis| self.frames.knows(mind, *axis));
        let given = known.len();
        let axes: Vec<AxisId> = known.into_iter().chain(own).collect();
        let about = format!("How well each case fits what {who} observes.");
        let body = Body::Evidence { weight, agent: who.to_string(), given };
        let id = self.define(format!("{who}_evidence"), about, axes.clone(), body);
        let factor = Factor { definition: id, axes };
        let belief = &mut self.frames.get_mut(mind).belief;
        belief.factors.push(BeliefFactor { factor, over: 0, may_vanish: true });
        belief.observed = belief.factors.len();
    }

    fn knows(&mut self, frame: FrameId, who: &str, name: &ChoiceName) {
        let source = self.choice_key(name);
        let mind = self.frames.child(frame, who);
        if self.frames.get(mind).theory == Theory::NoKnows {
            self.errors.theory_forbids(name.name.span(), who, "be told of choices");
        }
        let Some(held) = self.frames.get(frame).choices.get(&source).cloned() else {
            let candidates = self.names_in(frame);
            let place = self.frames.describe(frame);
            let sight = self.sight(frame);
            self.errors.unknown_choice(name.name.span(), &show(&source), &place, (&candidates, &sight), None);
            return;
        };
        let known = Held { known: true, ..held.clone() };
        let (from, to) = ((frame, source.clone()), (mind, source.clone()));
        self.learned.push(Learned { from, to, seen: false });
        if let Some(old) = self.frames.get(mind).choices.get(&source)
            && old.axis != held.axis
        {
            let line = old.line;
            self.errors.knows_what_it_holds(name.name.span(), who, &show(&source), line);
            self.errors.lost_a_name(show(&source));
            return;
        }
        self.frames.get_mut(mind).choices.insert(source.clone(), known.clone());
        match &source.0 {
            None => {
                self.frames.get_mut(frame).choices.insert((Some(who.to_string()), source.1), held);
            }
            Some(agent) if agent == who => {}
            Some(agent) => {
                let other = self.frames.child(mind, agent);
                self.frames.get_mut(other).choices.insert((None, source.1.clone()), known);
            }
        }
    }

    fn forgets(&mut self, frame: FrameId, who: &str, name: &ChoiceName) {
        let mind = self.frames.child(frame, who);
        let key = self.choice_key(name);
        let Some(held) = self.frames.get(mind).choices.get(&key).cloned() else {
            let candidates = self.names_in(mind);
            let place = self.frames.describe(mind);
            let sight = self.sight(mind);
            let axis = key.0.is_none() && self.model.axes.iter().any(|axis| axis.name == name.name);
            let elsewhere = axis.then(|| {
                format!("`{}` is an axis of the table, which {who} never chose: leave this out", key.1)
            });
            let (word, elsewhere) = (name.name.span(), elsewhere.as_deref());
            self.errors.unknown_choice(word, &show(&key), &place, (&candidates, &sight), elsewhere);
            return;
        };
        let depends = self.frames.get(mind).belief.factors.iter().any(|f| f.factor.axes.contains(&held.axis));
        if depends || key.0.is_some() {
            self.errors.cannot_forget(name.name.span(), who, &show(&key));
            return;
        }
        self.frames.get_mut(mind).choices.remove(&key);
    }

    /// Gives the mind a copy of itself as it is now, under another name. What
    /// the copy is uncertain about becomes its own: it does not learn what
    /// the mind observes later.
    pub(super) fn snapshot(&mut self, mind: FrameId, alias: &str) -> FrameId {
        let copy = self.frames.copy(mind, Some(mind));
        for axis in self.frames.uncertain(copy) {
            let old = &self.program.axes[axis.0];
            let (label, domain) = (old.label.clone(), old.domain);
            let new = self.program.axis(label, domain);
            self.frames.rename(copy, axis, new);
        }
        self.frames.get_mut(copy).name = alias.to_string();
        self.frames.get_mut(copy).imagined = false;
        let own: Vec<(Key, Held)> = self
            .frames
            .get(mind)
            .choices
            .iter()
            .filter(|(key, _)| key.0.is_none())
            .map(|(key, held)| ((Some(alias.to_string()), key.1.clone()), held.clone()))
            .collect();
        let mind = self.frames.get_mut(mind);
        mind.choices.extend(own);
        mind.children.insert(alias.to_string(), copy);
        copy
    }

    /// The future self guesses what it will observe, with its own belief.
    pub(super) fn guess(&mut self, frame: FrameId, who: &str, target: &ChoiceName) -> Option<Key> {
        let mind = self.frames.child(frame, who);
        let target_key = self.choice_key(target);
        let held = self.frames.get(mind).choices.get(&target_key)?.clone();
        self.fresh += 1;
        let name = format!("guess_{}_{}", target.name, self.fresh);
        let domain: DomainId = self.domain_of(held.axis);
        let axis = self.program.axis(format!("{who}.{name}"), domain);
        self.frames
            .get_mut(mind)
            .choices
            .insert((None, name.clone()), Held { axis, known: true, line: held.line });
        let here = |axis| Box::new(Scalar::Axis(axis, target.name.span()));
        let (guess, truth) = (here(axis), here(held.axis));
        let equal = Scalar::Binary(BinaryOperator::Equal, guess, truth, target.name.span());
        let weight = self.expectation(mind, equal);
        let key = (Some(who.to_string()), name.clone());
        self.frames.get_mut(frame).choices.insert(key.clone(), Held { axis, known: false, line: held.line });
        self.push_choice(frame, who, &[name], vec![axis], weight, Rule::Proportional);
        Some(key)
    }

    fn has_theory(&mut self, frame: FrameId, who: &str, name: &Ident) {
        let mind = self.frames.child(frame, who);
        let theory = match name.to_string().as_str() {
            "ADULT" => Theory::Adult,
            "CHILD" => Theory::Child,
            "NO_THINKS" => Theory::NoThinks,
            "NO_KNOWS" => Theory::NoKnows,
            "NO_WANTS" => Theory::NoWants,
            other => {
                self.errors.unknown_theory(name.span(), other);
                return;
            }
        };
        self.frames.get_mut(mind).theory = theory;
    }

    fn inspect(&mut self, frame: FrameId, who: &str, span: Span) {
        let Some(mind) = self.frames.get(frame).children.get(who).copied() else {
            self.notes.push((span, format!("nobody models {who} yet")));
            return;
        };
        let mut text = format!("what {} holds here:", self.frames.describe(mind));
        let held = self.frames.get(mind);
        for (key, choice) in &held.choices {
            let domain = &self.program.domains[self.program.axes[choice.axis.0].domain.0].text;
            let state = if self.frames.knows(mind, choice.axis) { "knows" } else { "is uncertain about" };
            let _ = write!(text, "\n  {state} {} in {domain}", show(key));
        }
        for child in held.children.keys() {
            let _ = write!(text, "\n  models {child}");
        }
        for goal in held.goals.keys() {
            let _ = write!(text, "\n  wants {goal}");
        }
        self.notes.push((span, text));
    }

    /// The choices that a mind can name, for suggestions.
    pub(super) fn names_in(&self, frame: FrameId) -> Vec<String> {
        let mut names: Vec<String> = self.frames.get(frame).choices.keys().map(show).collect();
        names.extend(self.model.parameters.iter().map(|p| p.name.to_string()));
        names
    }

    /// What the mind knows and is uncertain about, in words.
    pub(super) fn sight(&self, frame: FrameId) -> String {
        let (mut known, mut uncertain) = (Vec::new(), Vec::new());
        for (key, held) in &self.frames.get(frame).choices {
            let list = if self.frames.knows(frame, held.axis) { &mut known } else { &mut uncertain };
            list.push(format!("`{}`", show(key)));
        }
        known.extend(self.model.parameters.iter().map(|p| format!("`{}`", p.name)));
        let who = self.frames.describe(frame);
        match (known.is_empty(), uncertain.is_empty()) {
            (true, true) => format!("{who} knows of nothing yet"),
            (false, true) => format!("{who} knows {}", known.join(", ")),
            (true, false) => format!("{who} is uncertain about {} and knows nothing", uncertain.join(", ")),
            (false, false) => {
                format!("{who} knows {} and is uncertain about {}", known.join(", "), uncertain.join(", "))
            }
        }
    }

    /// Which of the axes the mind is uncertain about, by its own names.
    pub(super) fn uncertain_names(&self, frame: FrameId, axes: &crate::tensor::AxisSet) -> Vec<String> {
        axes.iter()
            .filter(|axis| !self.frames.knows(frame, **axis))
            .map(|axis| {
                let held = self.frames.get(frame).choices.iter().find(|(_, held)| held.axis == *axis);
                held.map_or_else(|| self.program.axes[axis.0].label.clone(), |(key, _)| show(key))
            })
            .collect()
    }
}
