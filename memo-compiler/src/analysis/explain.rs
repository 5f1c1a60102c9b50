//! What `#[memo(explain)]` asks of a model: the model with only the first of its
//! observations, the second as well, and so on; and the worlds of a mind.

use std::collections::BTreeSet;

use super::frames::{FrameId, show};
use super::{Analysis, Flat, flatten};
use crate::diagnostics::Errors;
use crate::optimise::cone;
use crate::syntax::{Expression, ExpressionKind, Model, StatementKind};
use crate::tensor::{AxisId, AxisSet, Body, DomainId, Program, Scalar};

/// A model whose answer is explained.
#[derive(Clone, Debug)]
pub struct Explained {
    /// What is returned, as text.
    pub question: String,
    /// Whether that is a chance.
    pub probability: bool,
    /// What is observed, in order.
    pub observations: Vec<Observation>,
    /// The model with none of the observations, with the first, …, with all.
    pub states: Vec<State>,
    /// The minds whose worlds are of interest.
    pub minds: Vec<Mind>,
}

/// One observation that the answer rests on.
#[derive(Clone, Debug)]
pub struct Observation {
    /// Who observes, “bob, as modelled by alice”.
    pub who: String,
    /// What is observed.
    pub words: Vec<Words>,
}

/// Part of a sentence about one cell of the table.
#[derive(Clone, Debug, PartialEq)]
pub enum Words {
    /// As it stands.
    Text(String),
    /// The value of an axis of the table, by position.
    Axis(usize),
}

/// The model with some of its observations.
#[derive(Clone, Debug)]
pub struct State {
    /// Its first table is the model's, then come the chances of all that each
    /// observer has observed, of which there may be fewer.
    pub program: Program,
    /// For each of the observations, if the cell settles it: which of the tables
    /// holds the chance of all that its observer has observed, and the axes of that.
    pub chances: Vec<Option<(usize, Vec<Place>)>>,
}

/// Where the index along an axis comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// An axis of the model's table, by position.
    Cell(usize),
    /// An uncertain choice of the mind, by position.
    Choice(usize),
}

/// What a mind is uncertain about in the end.
#[derive(Clone, Debug)]
pub struct Mind {
    /// “bob, as modelled by alice”.
    pub name: String,
    /// Its uncertain choices and their domains.
    pub choices: Vec<(String, DomainId)>,
    /// Whose belief is the product of the first tables; the last may be the value of
    /// the question in each world.
    pub program: Program,
    /// The axes of the tables of the belief.
    pub belief: Vec<Vec<Place>>,
    /// Those of the value of the question, if it has one in each world.
    pub value: Option<Vec<Place>>,
    /// What the mind knows and the cell does not settle: there is no belief then.
    pub unsettled: Option<String>,
}

impl Explained {
    /// Its programs after some passes.
    #[must_use]
    pub fn optimised(mut self, pass: impl Fn(Program) -> Program) -> Self {
        let states = self.states.iter_mut().map(|state| &mut state.program);
        for program in states.chain(self.minds.iter_mut().map(|mind| &mut mind.program)) {
            *program = pass(std::mem::take(program));
        }
        self
    }
}

/// Which mind is told all that it is uncertain about, and after which statement.
#[derive(Clone, Debug)]
pub(super) struct Told {
    path: Vec<String>,
    from: usize,
    /// What it has been told so far.
    axes: AxisSet,
}

/// Takes a model apart for its explanations; what is in the way is an error.
pub fn explain(model: &Model, errors: &mut Errors) -> Option<Explained> {
    let option = model.options.explain?;
    let [question] = model.returns.as_slice() else {
        let span = model.returns.get(1).map_or(option, |second| second.span);
        errors.explains_one_value(span, model.returns.len());
        return None;
    };
    let flats = flatten(&model.statements);
    let asked = asked(model, question);
    let (observations, idle) = observations(model, &flats, &asked);
    if observations.is_empty() {
        errors.explains_no_observation(option, &model.name.to_string());
        return None;
    }
    let path = |at: &usize| path_of(&flats[*at]);
    let observers: Vec<Vec<String>> = observations.iter().map(path).collect();
    // What is seen without effect would have one without what was seen before.
    let idle = idle.into_iter().filter(|at| observers.contains(&path(at)));
    let coming: BTreeSet<usize> = observations.iter().copied().chain(idle).collect();
    // From the whole model down: where it breaks, the next that is left out is why.
    let states = (0..=observations.len()).rev().map(|kept| {
        let last = kept.checked_sub(1).map(|at| observations[at]);
        let left_out = coming.iter().copied().filter(|at| last.is_none_or(|last| *at > last)).collect();
        let next = observations.get(kept).map(|at| &flats[*at]);
        state(model, &flats, &left_out, next, &observers, errors)
    });
    let mut states: Vec<State> = states.collect::<Option<_>>()?;
    states.reverse();
    // Who is asked; where nobody is, those who observe.
    let mut minds: Vec<Vec<String>> = asked.into_iter().filter(|path| !path.is_empty()).collect();
    if minds.is_empty() {
        minds = observers;
    }
    let mut seen = BTreeSet::new();
    minds.retain(|path| seen.insert(path.clone()));
    let last = observations.last().copied().unwrap_or_default();
    let minds = minds.iter().filter_map(|path| mind(model, &flats, path, last)).collect();
    let words = |at: &usize| {
        // As things are when it is observed.
        let (mut errors, later) = (Errors::new(), (*at..flats.len()).collect());
        let (analysis, root) = without(model, &flats, &later, &mut errors);
        analysis.observation(root, &flats[*at])
    };
    let observations = observations.iter().map(words).collect();
    Some(Explained {
        question: model.returned[0].clone(),
        probability: is_chance(model, question),
        observations,
        states,
        minds,
    })
}

fn path_of(flat: &Flat) -> Vec<String> {
    flat.path.iter().chain([&flat.who]).cloned().collect()
}

fn observes(flat: &Flat) -> bool {
    matches!(
        flat.statement.kind,
        StatementKind::Observes { .. } | StatementKind::ObservesThat(_) | StatementKind::ObservesEvent(_)
    )
}

/// The observations that the returned value rests on, of the agents of the model and
/// of the minds that are asked; and those that change nothing.
///
/// One matters if the value rests on something else without it: with all others, or
/// with those before it, since a later one may settle what it had a say in.
fn observations(model: &Model, flats: &[Flat], asked: &[Vec<String>]) -> (Vec<usize>, Vec<usize>) {
    let of_interest =
        |flat: &Flat| flat.path.is_empty() || asked.iter().any(|asked| asked.starts_with(&path_of(flat)));
    let candidates: Vec<usize> =
        (0..flats.len()).filter(|at| observes(&flats[*at]) && of_interest(&flats[*at])).collect();
    let rests_on = |left_out: &dyn Fn(usize) -> bool| {
        let left_out = candidates.iter().copied().filter(|at| left_out(*at)).collect();
        table_cone(model, flats, &left_out)
    };
    let whole = rests_on(&|_| false);
    candidates.iter().partition(|at| {
        rests_on(&|other| other == **at) != whole
            || rests_on(&|other| other >= **at) != rests_on(&|other| other > **at)
    })
}

/// What the returned table rests on, without some of the statements; `None` where it
/// cannot be made sense of then.
fn table_cone(model: &Model, flats: &[Flat], left_out: &BTreeSet<usize>) -> Option<String> {
    // What is wrong elsewhere does not matter here.
    let mut errors = Errors::new();
    let (analysis, _) = without(model, flats, left_out, &mut errors);
    (!analysis.program.returns.is_empty()).then(|| cone(&analysis.program))
}

/// The model without some of its statements, up to what it returns.
fn without<'m>(
    model: &'m Model,
    flats: &[Flat],
    left_out: &BTreeSet<usize>,
    errors: &'m mut Errors,
) -> (Analysis<'m>, FrameId) {
    let (mut analysis, root) = Analysis::new(model, errors);
    analysis.lenient = true;
    analysis.declare_axes(root);
    let kept = flats.iter().enumerate().filter(|(at, _)| !left_out.contains(at));
    analysis.run(root, kept.map(|(_, flat)| flat.clone()).collect());
    analysis.returns(root);
    (analysis, root)
}

/// The paths to the minds that an expression asks in the end: none of its questions
/// stands outside of an agent's brackets, or the path is empty.
fn asked(model: &Model, e: &Expression) -> Vec<Vec<String>> {
    fn visit(model: &Model, e: &Expression, path: &mut Vec<String>, out: &mut Vec<Vec<String>>) {
        let mut inner = |list: &[&Expression], path: &mut Vec<String>| {
            list.iter().for_each(|e| visit(model, e, path, out));
        };
        match &e.kind {
            ExpressionKind::Bracket(base, arguments) => {
                let agent = match &base.kind {
                    ExpressionKind::Name(name)
                        if !model.parameters.iter().any(|p| p.name == *name) && arguments.len() == 1 =>
                    {
                        Some(name.to_string())
                    }
                    _ => None,
                };
                match agent {
                    Some(agent) => {
                        path.push(agent);
                        inner(&[&arguments[0]], path);
                        path.pop();
                    }
                    None => inner(&arguments.iter().collect::<Vec<_>>(), path),
                }
            }
            // Who is asked within an expectation is asked in each of its worlds.
            ExpressionKind::Expectation(_)
            | ExpressionKind::Variance(_)
            | ExpressionKind::Probability(_)
            | ExpressionKind::Entropy(_)
            | ExpressionKind::Divergence(..)
            | ExpressionKind::Predict(_)
            | ExpressionKind::ExpectedUtility(_) => out.push(path.clone()),
            ExpressionKind::Member(e, _)
            | ExpressionKind::TupleMember(e, _)
            | ExpressionKind::Unary(_, e) => inner(&[e], path),
            ExpressionKind::Binary(_, a, b) => inner(&[a, b], path),
            ExpressionKind::If { condition, then, otherwise } => inner(&[condition, then, otherwise], path),
            ExpressionKind::Call { arguments, .. } => inner(&arguments.iter().collect::<Vec<_>>(), path),
            _ => {}
        }
    }
    let mut out = Vec::new();
    visit(model, e, &mut Vec::new(), &mut out);
    out
}

/// Whether an answer is a chance: `a[Pr[…]]`, `Pr[…]`, or `E[…]` of what holds or not.
fn is_chance(model: &Model, e: &Expression) -> bool {
    use crate::syntax::{BinaryOperator as B, UnaryOperator};
    fn holds_or_not(e: &Expression) -> bool {
        match &e.kind {
            ExpressionKind::Bool(_) | ExpressionKind::Unary(UnaryOperator::Not, _) => true,
            ExpressionKind::Binary(B::And | B::Or | B::Xor, a, b) => holds_or_not(a) && holds_or_not(b),
            ExpressionKind::Binary(operator, ..) => !operator.is_arithmetic(),
            _ => false,
        }
    }
    match &e.kind {
        ExpressionKind::Probability(_) => true,
        ExpressionKind::Expectation(inner) => holds_or_not(inner),
        ExpressionKind::Bracket(base, arguments) => match (&base.kind, arguments.as_slice()) {
            (ExpressionKind::Name(name), [inner]) => {
                !model.parameters.iter().any(|p| p.name == *name) && is_chance(model, inner)
            }
            _ => false,
        },
        _ => false,
    }
}

/// The model without some of its observations.
fn state(
    model: &Model,
    flats: &[Flat],
    left_out: &BTreeSet<usize>,
    next: Option<&Flat>,
    observers: &[Vec<String>],
    errors: &mut Errors,
) -> Option<State> {
    let mut found = Errors::new();
    let (mut analysis, root) = without(model, flats, left_out, &mut found);
    let mut chances = Vec::new();
    for path in observers {
        let frame = analysis.walk(root, path);
        let chance = frame.and_then(|frame| {
            let mass = analysis.evidence_mass(frame);
            let (axes, places) = analysis.places(&mass.axes, &[])?;
            let which = analysis.return_also(axes, Scalar::Element(mass));
            Some((which, places))
        });
        chances.push(chance);
    }
    let program = std::mem::take(&mut analysis.program);
    if let Some(first) = found.found().first() {
        let words = next.map(short).unwrap_or_default();
        errors.explains_without_observation(first.span, &words, &first.message);
        return None;
    }
    Some(State { program, chances })
}

/// What a statement says, without the values of a cell.
fn short(flat: &Flat) -> String {
    match &flat.statement.kind {
        StatementKind::Observes { target, source } => {
            format!("{} observes {} is {}", flat.who, named(target), named(source))
        }
        _ => format!("{} observes {}", flat.who, flat.statement.text),
    }
}

fn named(name: &crate::syntax::ChoiceName) -> String {
    match &name.agent {
        Some(agent) => format!("{agent}.{}", name.name),
        None => name.name.to_string(),
    }
}

/// The worlds of a mind; `None` where it holds nothing of its own.
fn mind(model: &Model, flats: &[Flat], path: &[String], last: usize) -> Option<Mind> {
    // With nothing left to see, the mind knows its world.
    let last_of_its_own = flats.iter().rposition(|flat| observes(flat) && path.starts_with(&path_of(flat)));
    let from = last_of_its_own.unwrap_or(0).max(last);
    let worlds = |told: bool| {
        let mut found = Errors::new();
        let (mut analysis, root) = Analysis::new(model, &mut found);
        analysis.lenient = true;
        analysis.told = told.then(|| Told { path: path.to_vec(), from, axes: AxisSet::new() });
        analysis.declare_axes(root);
        analysis.run(root, flats.to_vec());
        let mind = analysis.worlds(root, path);
        found.is_empty().then_some(mind).flatten()
    };
    worlds(true).or_else(|| worlds(false))
}

impl Analysis<'_> {
    /// The mind at the end of a path, if anybody models it.
    fn walk(&self, root: FrameId, path: &[String]) -> Option<FrameId> {
        path.iter().try_fold(root, |frame, who| self.frames.get(frame).children.get(who).copied())
    }

    /// After a statement of the model: tells the mind all that it is uncertain about,
    /// and those around it, if that is wanted.
    pub(super) fn tell(&mut self, root: FrameId, at: usize) {
        let Some(mut told) = self.told.take() else { return };
        if at >= told.from
            && let Some(mind) = self.walk(root, &told.path)
        {
            let news = self.frames.uncertain(mind);
            let around = (0..=told.path.len()).filter_map(|n| self.walk(root, &told.path[..n]));
            for frame in around.collect::<Vec<_>>() {
                for axis in &news {
                    let held = super::Held { axis: *axis, known: true, line: 0 };
                    // A name that nobody can write.
                    let key = (None, format!("world {}", axis.0));
                    self.frames.get_mut(frame).choices.insert(key, held);
                }
            }
            told.axes.extend(news);
        }
        self.told = Some(told);
    }

    /// Adds a table to those that are returned; its place among them.
    fn return_also(&mut self, axes: Vec<AxisId>, value: Scalar) -> usize {
        let about = "A table for the explanation.".into();
        let id =
            self.define(format!("explained_{}", self.program.returns.len()), about, axes, Body::Map(value));
        self.program.returns.push(id);
        self.program.returns.len() - 1
    }

    /// The different ones of some axes, and where their indices come from; `None` if
    /// neither the cell nor the world settles one of them.
    fn places(&self, axes: &[AxisId], choices: &[AxisId]) -> Option<(Vec<AxisId>, Vec<Place>)> {
        let mut distinct: Vec<AxisId> = Vec::new();
        axes.iter().for_each(|axis| {
            if !distinct.contains(axis) {
                distinct.push(*axis);
            }
        });
        let place = |axis: &AxisId| {
            let cell = self.program.table.iter().position(|own| own == axis).map(Place::Cell);
            cell.or_else(|| choices.iter().position(|own| own == axis).map(Place::Choice))
        };
        let places = distinct.iter().map(place).collect::<Option<_>>()?;
        Some((distinct, places))
    }

    /// What the mind at the end of the path is uncertain about now, and its belief.
    fn worlds(&mut self, root: FrameId, path: &[String]) -> Option<Mind> {
        let frame = self.walk(root, path)?;
        let told = self.told.as_ref().map(|told| told.axes.clone());
        let value = match (&told, self.model.returns.as_slice()) {
            (Some(_), [question]) => {
                let value = self.value(root, question)?;
                self.frames.knows_all(root, &value.axes()).then_some(value)
            }
            _ => None,
        };
        let uncertain = told.unwrap_or_else(|| self.frames.uncertain(frame));
        let mut choices: Vec<(String, AxisId)> = Vec::new();
        for (key, held) in &self.frames.get(frame).choices {
            let own = !key.1.starts_with("world ");
            if own && uncertain.contains(&held.axis) && !choices.iter().any(|(_, axis)| *axis == held.axis) {
                choices.push((show(key), held.axis));
            }
        }
        // In the order in which they were made.
        choices.sort_by_key(|(_, axis)| *axis);
        let axes: Vec<AxisId> = choices.iter().map(|(_, axis)| *axis).collect();
        let factors: Vec<_> =
            self.frames.get(frame).belief.factors.iter().map(|f| f.factor.clone()).collect();
        let mut mind = Mind {
            name: self.frames.describe(frame),
            choices: choices.into_iter().map(|(name, axis)| (name, self.domain_of(axis))).collect(),
            program: Program::default(),
            belief: Vec::new(),
            value: None,
            unsettled: None,
        };
        for factor in factors {
            match self.places(&factor.axes, &axes) {
                Some((distinct, places)) => {
                    self.return_also(distinct, Scalar::Element(factor));
                    mind.belief.push(places);
                }
                None => {
                    let other =
                        factor.axes.iter().find(|a| !axes.contains(a) && !self.program.table.contains(a))?;
                    mind.unsettled = Some(self.program.axes[other.0].label.clone());
                }
            }
        }
        if let Some(value) = value {
            let own: Vec<AxisId> = value.axes().into_iter().collect();
            if let Some((distinct, places)) = self.places(&own, &axes) {
                self.return_also(distinct, value);
                mind.value = Some(places);
            }
        }
        mind.program = std::mem::take(&mut self.program);
        Some(mind)
    }

    /// What is observed, with places for the values of a cell.
    fn observation(&self, root: FrameId, flat: &Flat) -> Observation {
        let who = flat.who.as_str();
        let (around, mind) = (self.walk(root, &flat.path), self.walk(root, &path_of(flat)));
        let place = |axis: AxisId| self.program.table.iter().position(|own| *own == axis);
        let text = |text: String| Words::Text(text);
        let mut words = match &flat.statement.kind {
            StatementKind::Observes { target, source } => {
                let key = self.choice_key(source);
                let held = around.and_then(|frame| self.frames.get(frame).choices.get(&key));
                match held.and_then(|held| place(held.axis)) {
                    Some(at) => {
                        vec![text(format!("{who} observes {} = ", named(target))), Words::Axis(at)]
                    }
                    None => vec![text(format!("{who} observes {} is {}", named(target), named(source)))],
                }
            }
            kind => {
                let said = &flat.statement.text;
                let mut words = vec![text(match kind {
                    StatementKind::ObservesThat(_) => format!("{who} observes that {said}"),
                    _ => {
                        let weight = said.split_once('=').map_or(said.as_str(), |(_, weight)| weight).trim();
                        format!("{who} observes an event of weight {weight}")
                    }
                })];
                // The values of the cell that it mentions.
                let mut joint = ", with ";
                for (key, held) in mind.iter().flat_map(|mind| &self.frames.get(*mind).choices) {
                    if let Some(at) = place(held.axis)
                        && held.known
                        && mentions(said, &show(key))
                    {
                        words.extend([text(format!("{joint}{} = ", show(key))), Words::Axis(at)]);
                        joint = " and ";
                    }
                }
                words
            }
        };
        let name = mind.map_or_else(|| who.to_string(), |mind| self.frames.describe(mind));
        if !flat.path.is_empty() {
            let rest = name.strip_prefix(who).unwrap_or_default().to_string();
            words.push(text(rest));
        }
        Observation { who: name, words }
    }
}

/// Whether a choice of this name stands in a text, as a whole word.
fn mentions(text: &str, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(part);
        let after = text[at + name.len()..].chars().next();
        // `cell.x` mentions the choice `cell`.
        !before && !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}
