//! The oracle: what a model means, by enumerating possible worlds.
//!
//! It interprets the syntax tree and shares nothing else with the compiler. A
//! mind is the list of what happened in it; a world of a mind gives every
//! choice that it holds a value. To ask a mind anything, its history is played
//! again from the start, in the world of whoever models it. Everything is
//! computed as often as it is asked for.

use std::collections::BTreeMap;

thread_local! {
    /// How often a mind has been thought through since this was last set to 0.
    pub static REPLAYS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Predictions within predictions take exponential time: some random models are
/// beyond enumeration.
const MOST_REPLAYS: u64 = 2_000_000;

/// What is thrown then.
pub struct TooLong;

use memo_compiler::syntax::{
    BinaryOperator, ChoiceName, Expression, ExpressionKind, How, Model, Statement, StatementKind,
    UnaryOperator,
};

/// A choice by name: `x` is `(None, x)`, `b.y` is `(Some(b), y)`.
type Key = (Option<String>, String);

/// A value for every choice.
type World = BTreeMap<Key, f64>;

/// What happens in a mind, in order.
#[derive(Clone)]
enum Event {
    /// A statement about somebody else, made in this mind.
    Statement(Statement),
    /// A statement about this mind, made by its modeller. A copy of a mind
    /// remembers what the original lived through in the world around it then.
    About { statement: Statement, then: Option<World> },
    /// This mind's choice of that name comes to be known to it: its value is
    /// that of its modeller's `(Some(me), name)`.
    Learned { me: String, name: String, then: Option<World> },
    /// In an imagined future, somebody guesses what they will see of a choice.
    Guess { who: String, target: ChoiceName, name: String },
}

/// A mind as modelled by another: its history, and the world around it.
#[derive(Clone)]
struct Mind<'a> {
    name: String,
    /// All that happens in it, the future included.
    history: Vec<Event>,
    /// How much of that has happened.
    now: usize,
    /// The modeller's mind and its world; none for the model itself.
    around: Option<(&'a Mind<'a>, &'a World)>,
    /// The axes of the table.
    axes: World,
}

/// Domains and parameters.
pub(crate) struct Oracle<'a> {
    pub(crate) domains: &'a dyn Fn(&str) -> Option<Vec<f64>>,
    pub(crate) parameters: &'a [(String, f64)],
}

/// The worlds of a mind with their weights, and what it knows.
struct Beliefs {
    worlds: Vec<(World, f64)>,
    known: Vec<Key>,
}

impl Oracle<'_> {
    /// Each returned table over the full axes, row-major.
    pub(crate) fn run(&self, model: &Model) -> Vec<Vec<f64>> {
        let mut cells = vec![World::new()];
        for axis in &model.axes {
            let domain = quote::ToTokens::to_token_stream(&axis.domain).to_string();
            let values = self.domain(&domain);
            cells = cells
                .iter()
                .flat_map(|cell| {
                    values.iter().map(move |v| {
                        let mut cell = cell.clone();
                        cell.insert((None, axis.name.to_string()), *v);
                        cell
                    })
                })
                .collect();
        }
        let history: Vec<Event> = model.statements.iter().cloned().map(Event::Statement).collect();
        let table = |e: &Expression| {
            let value = |axes: &World| {
                let root = Mind {
                    name: "observer".into(),
                    history: history.clone(),
                    now: history.len(),
                    around: None,
                    axes: axes.clone(),
                };
                self.ask(&root, e)
            };
            cells.iter().map(value).collect()
        };
        model.returns.iter().map(table).collect()
    }

    fn domain(&self, text: &str) -> Vec<f64> {
        (self.domains)(text).unwrap_or_else(|| panic!("the oracle knows no domain {text}"))
    }

    /// What a mind answers, which it must be certain of: the value in the
    /// first world that is possible, or in any if none is.
    fn ask(&self, mind: &Mind<'_>, e: &Expression) -> f64 {
        let beliefs = self.replay(mind);
        let world = beliefs.worlds.iter().find(|(_, w)| *w > 0.0).or(beliefs.worlds.first());
        let (world, _) = world.unwrap_or_else(|| panic!("{} has no worlds", mind.name));
        self.value(mind, &beliefs, world, e)
    }

    /// Plays the history of a mind up to now.
    fn replay(&self, mind: &Mind<'_>) -> Beliefs {
        REPLAYS.set(REPLAYS.get() + 1);
        if REPLAYS.get() > MOST_REPLAYS {
            std::panic::resume_unwind(Box::new(TooLong));
        }
        let mut beliefs = Beliefs { worlds: vec![(mind.axes.clone(), 1.0)], known: Vec::new() };
        beliefs.known.extend(mind.axes.keys().cloned());
        for (at, event) in mind.history[..mind.now].iter().enumerate() {
            let so_far = Mind { now: at, ..mind.clone() };
            match event {
                Event::Statement(statement) => self.happens(&so_far, &mut beliefs, statement),
                Event::Learned { me, name, then } => {
                    let value = around(mind, then.as_ref(), &(Some(me.clone()), name.clone()));
                    learn(&mut beliefs, (None, name.clone()), value);
                }
                Event::Guess { who, target, name } => {
                    self.guesses(&so_far, &mut beliefs, who, target, name);
                }
                Event::About { statement, then } => {
                    self.lives(&so_far, &mut beliefs, statement, then.as_ref());
                }
            }
        }
        beliefs
    }

    /// A statement about the mind itself.
    fn lives(&self, mind: &Mind<'_>, beliefs: &mut Beliefs, statement: &Statement, then: Option<&World>) {
        let me = statement.who.to_string();
        match &statement.kind {
            StatementKind::Chooses { choices, .. } => {
                for choice in choices {
                    let name = choice.name.to_string();
                    let value = around(mind, then, &(Some(me.clone()), name.clone()));
                    learn(beliefs, (None, name), value);
                }
            }
            StatementKind::Knows(names) => {
                for name in names {
                    learn(beliefs, key(name), around(mind, then, &key(name)));
                }
            }
            StatementKind::Observes { target, source } => {
                let seen = around(mind, then, &key(source));
                beliefs.worlds.retain(|(world, _)| world[&key(target)] == seen);
                normalise(&mut beliefs.worlds);
                beliefs.known.push(key(target));
            }
            StatementKind::ObservesThat(e) | StatementKind::ObservesEvent(e) => {
                let boolean = matches!(statement.kind, StatementKind::ObservesThat(_));
                let weights: Vec<f64> =
                    beliefs.worlds.iter().map(|(world, _)| self.value(mind, beliefs, world, e)).collect();
                for ((_, weight), w) in beliefs.worlds.iter_mut().zip(weights) {
                    *weight *= if boolean { f64::from(u8::from(w != 0.0)) } else { w };
                }
                normalise(&mut beliefs.worlds);
            }
            StatementKind::ForgetsAbout(names) => {
                for name in names {
                    beliefs.known.retain(|known| *known != key(name));
                    for (world, _) in &mut beliefs.worlds {
                        world.remove(&key(name));
                    }
                }
            }
            StatementKind::SnapshotsSelfAs(aliases) => {
                // The copy's own choices are the mind's own.
                let own: Vec<Key> = beliefs.known.iter().filter(|k| k.0.is_none()).cloned().collect();
                for (alias, key) in aliases.iter().flat_map(|a| own.iter().map(move |key| (a, key))) {
                    let copy = (Some(alias.to_string()), key.1.clone());
                    for (world, _) in &mut beliefs.worlds {
                        let value = world[key];
                        world.insert(copy.clone(), value);
                    }
                    beliefs.known.push(copy);
                }
            }
            StatementKind::Wants { .. } | StatementKind::HasTheory(_) | StatementKind::Inspect => {}
            StatementKind::Thinks(_) => panic!("what a mind thinks is not about itself"),
        }
    }

    /// `who` guesses what it will see of a choice, with its own belief.
    fn guesses(&self, mind: &Mind<'_>, beliefs: &mut Beliefs, who: &str, target: &ChoiceName, name: &str) {
        let mut worlds = Vec::new();
        for (world, weight) in &beliefs.worlds {
            let guesser = self.replay(&self.child(mind, world, who));
            let mut chances: BTreeMap<u64, f64> = BTreeMap::new();
            for (imagined, p) in &guesser.worlds {
                *chances.entry(imagined[&key(target)].to_bits()).or_insert(0.0) += p;
            }
            for (value, chance) in chances {
                let mut world = world.clone();
                world.insert((Some(who.into()), name.into()), f64::from_bits(value));
                worlds.push((world, weight * chance));
            }
        }
        beliefs.worlds = worlds;
    }

    /// A statement about `who`, in a mind: only choices make new worlds.
    fn happens(&self, mind: &Mind<'_>, beliefs: &mut Beliefs, statement: &Statement) {
        let who = statement.who.to_string();
        match &statement.kind {
            StatementKind::Chooses { choices, how } => {
                let mut rows = vec![Vec::new()];
                for choice in choices {
                    let values = self.domain(&choice.domain.to_string());
                    rows = rows
                        .iter()
                        .flat_map(|row: &Vec<f64>| {
                            values.iter().map(move |v| [row.as_slice(), &[*v]].concat())
                        })
                        .collect();
                }
                let names: Vec<String> = choices.iter().map(|c| c.name.to_string()).collect();
                let mut worlds = Vec::new();
                for (world, weight) in &beliefs.worlds {
                    let split: Vec<World> = rows
                        .iter()
                        .map(|row| {
                            let mut world = world.clone();
                            for (name, value) in names.iter().zip(row) {
                                world.insert((Some(who.clone()), name.clone()), *value);
                            }
                            world
                        })
                        .collect();
                    let weights: Vec<f64> =
                        split.iter().map(|w| self.weight(mind, w, &who, &names, how)).collect();
                    let chances = distribute(&weights, how);
                    worlds.extend(split.into_iter().zip(chances).map(|(w, p)| (w, weight * p)));
                }
                beliefs.worlds = worlds;
            }
            StatementKind::Knows(names) => {
                // What `b` is told of `x`, the mind may also call `b.x`.
                for name in names.iter().filter(|n| n.agent.is_none()) {
                    let key = key(name);
                    let copy = (Some(who.clone()), key.1.clone());
                    for (world, _) in &mut beliefs.worlds {
                        let value = world[&key];
                        world.insert(copy.clone(), value);
                    }
                    if beliefs.known.contains(&key) {
                        beliefs.known.push(copy);
                    }
                }
            }
            _ => {}
        }
    }

    /// The weight that `who` gives to the choices that the world holds.
    fn weight(&self, mind: &Mind<'_>, world: &World, who: &str, names: &[String], how: &How) -> f64 {
        let mut chooser = self.child(mind, world, who);
        // The next that happens to the chooser is this very choice.
        chooser.now += 1;
        match how {
            How::Uniformly => 1.0,
            How::Weight(e) | How::Maximize(e) => self.ask(&chooser, e),
            How::Minimize(e) => -self.ask(&chooser, e),
            How::SuchThat(e) => f64::from(u8::from(self.ask(&chooser, e) != 0.0)),
            How::ToBe(e) => f64::from(u8::from(
                self.ask(&chooser, e) == world[&(Some(who.to_string()), names[0].clone())],
            )),
        }
    }

    /// The mind of `who` as `mind` models it, in one of its worlds.
    fn child<'w>(&self, mind: &'w Mind<'w>, world: &'w World, who: &str) -> Mind<'w> {
        let (mut history, mut now) = (Vec::new(), 0);
        for (at, event) in mind.history.iter().enumerate() {
            match event {
                Event::Statement(statement) if statement.who == who => match &statement.kind {
                    StatementKind::Thinks(inner) => {
                        history.extend(inner.iter().cloned().map(Event::Statement))
                    }
                    _ => history.push(Event::About { statement: statement.clone(), then: None }),
                },
                Event::Guess { who: guesser, name, .. } if guesser == who => {
                    history.push(Event::Learned { me: who.into(), name: name.clone(), then: None });
                }
                Event::About { statement, .. } => match &statement.kind {
                    // `b: knows(c.y)` is known to b's c as well.
                    StatementKind::Knows(names) => {
                        for name in names.iter().filter(|n| n.agent.as_ref().is_some_and(|a| a == who)) {
                            let (me, name) = (who.into(), name.name.to_string());
                            history.push(Event::Learned { me, name, then: None });
                        }
                    }
                    // The copy lived through the same, in the world of then.
                    StatementKind::SnapshotsSelfAs(aliases) if aliases.iter().any(|a| a == who) => {
                        history = mind.history[..at].iter().map(|event| remembered(mind, event)).collect();
                    }
                    _ => {}
                },
                _ => {}
            }
            if at < mind.now {
                now = history.len();
            }
        }
        Mind { name: who.into(), history, now, around: Some((mind, world)), axes: World::new() }
    }

    /// What the mind expects its future self to find: a copy of it lives
    /// through what is still to come, guessing what it will see.
    fn foresee(&self, mind: &Mind<'_>, e: &Expression, utility: bool) -> f64 {
        let future = format!("{}_later", mind.name);
        let word = || syn::Ident::new(&future, proc_macro2::Span::call_site());
        let statement =
            |kind| Statement { who: word(), kind, span: proc_macro2::Span::call_site(), text: String::new() };
        let mut imagined = mind.clone();
        imagined.history.truncate(mind.now);
        let copied = statement(StatementKind::SnapshotsSelfAs(vec![word()]));
        imagined.history.push(Event::About { statement: copied, then: None });
        for (at, event) in mind.history.iter().enumerate().skip(mind.now) {
            match event {
                Event::Statement(inner) => {
                    let thought = statement(StatementKind::Thinks(vec![inner.clone()]));
                    imagined.history.push(Event::Statement(thought));
                }
                Event::About { statement: later, .. } => {
                    let mut later = Statement { who: word(), ..later.clone() };
                    if let StatementKind::Observes { target, source } = &mut later.kind {
                        let name = format!("guess_{at}");
                        *source = ChoiceName {
                            agent: Some(word()),
                            name: syn::Ident::new(&name, proc_macro2::Span::call_site()),
                        };
                        let guess = Event::Guess { who: future.clone(), target: target.clone(), name };
                        imagined.history.push(guess);
                    }
                    imagined.history.push(Event::Statement(later));
                }
                Event::Learned { .. } | Event::Guess { .. } => {}
            }
        }
        imagined.now = imagined.history.len();
        let answer = |world: &World| {
            let later = self.child(&imagined, world, &future);
            if utility {
                let beliefs = self.replay(&later);
                beliefs.worlds.iter().map(|(w, p)| p * self.value(&later, &beliefs, w, e)).sum()
            } else {
                self.ask(&later, e)
            }
        };
        self.replay(&imagined).worlds.iter().map(|(world, p)| -> f64 { p * answer(world) }).sum()
    }

    fn value(&self, mind: &Mind<'_>, beliefs: &Beliefs, world: &World, e: &Expression) -> f64 {
        let of = |e: &Expression| self.value(mind, beliefs, world, e);
        let truth = |b: bool| f64::from(u8::from(b));
        match &e.kind {
            ExpressionKind::Number(syn::Lit::Int(x)) => x.base10_parse().unwrap_or(f64::NAN),
            ExpressionKind::Number(syn::Lit::Float(x)) => x.base10_parse().unwrap_or(f64::NAN),
            ExpressionKind::Bool(b) => truth(*b),
            ExpressionKind::Name(name) => match world.get(&(None, name.to_string())) {
                Some(value) => *value,
                None => {
                    let found = self.parameters.iter().find(|(p, _)| name == p);
                    found
                        .unwrap_or_else(|| panic!("the oracle knows no {name} in the mind of {}", mind.name))
                        .1
                }
            },
            ExpressionKind::Member(base, name) => {
                let ExpressionKind::Name(agent) = &base.kind else { panic!("the oracle knows no fields") };
                let key = (Some(agent.to_string()), name.to_string());
                *world
                    .get(&key)
                    .unwrap_or_else(|| panic!("the oracle knows no {key:?} in the mind of {}", mind.name))
            }
            ExpressionKind::Bracket(base, asked) => {
                let ExpressionKind::Name(agent) = &base.kind else { panic!("only agents are asked") };
                self.ask(&self.child(mind, world, &agent.to_string()), &asked[0])
            }
            ExpressionKind::Unary(UnaryOperator::Negate, x) => -of(x),
            ExpressionKind::Unary(UnaryOperator::Not, x) => truth(of(x) == 0.0),
            ExpressionKind::Unary(UnaryOperator::Plus, x) => of(x),
            ExpressionKind::Binary(operator, l, r) => binary(*operator, of(l), of(r)),
            ExpressionKind::If { condition, then, otherwise } => {
                if of(condition) == 0.0 {
                    of(otherwise)
                } else {
                    of(then)
                }
            }
            ExpressionKind::Call { path, arguments } => {
                let x = of(&arguments[0]);
                match path.segments[0].ident.to_string().as_str() {
                    "exp" => x.exp(),
                    "abs" => x.abs(),
                    "sqrt" => x.sqrt(),
                    other => panic!("the oracle knows no function {other}"),
                }
            }
            ExpressionKind::Expectation(x) => {
                self.mean(mind, beliefs, world, &|w| self.value(mind, beliefs, w, x), x)
            }
            ExpressionKind::Probability(events) => {
                let all = |w: &World| truth(events.iter().all(|e| self.value(mind, beliefs, w, e) != 0.0));
                match events.as_slice() {
                    // One event that is a number counts as that number.
                    [x] => self.mean(mind, beliefs, world, &|w| self.value(mind, beliefs, w, x), x),
                    _ if events.iter().all(|e| self.certain(beliefs, e)) => all(world),
                    _ => consistent(beliefs, world).map(|(w, p)| p * all(w)).sum(),
                }
            }
            ExpressionKind::Variance(x) => {
                if self.certain(beliefs, x) {
                    return 0.0;
                }
                let mean = self.mean(mind, beliefs, world, &|w| self.value(mind, beliefs, w, x), x);
                let square = |w: &World| (self.value(mind, beliefs, w, x) - mean).powi(2);
                consistent(beliefs, world).map(|(w, p)| p * square(w)).sum()
            }
            ExpressionKind::Entropy(names) => {
                let masses = marginal(beliefs, world, &names.iter().map(key).collect::<Vec<_>>());
                masses.values().filter(|p| **p > 0.0).map(|p| -p * p.ln()).sum()
            }
            ExpressionKind::Imagine { statements, value } => {
                // What is imagined happens in a copy of this mind; the mind
                // itself stays in the world at hand.
                let mut copy = mind.clone();
                copy.history.truncate(mind.now);
                copy.history.extend(statements.iter().cloned().map(Event::Statement));
                copy.now = copy.history.len();
                let known: Vec<Key> = beliefs.known.clone();
                let imagined = self.replay(&copy);
                let here = |w: &World| known.iter().all(|k| w.get(k) == world.get(k));
                let possible = imagined.worlds.iter().find(|(w, p)| *p > 0.0 && here(w));
                let found = possible.or_else(|| imagined.worlds.iter().find(|(w, _)| here(w)));
                let (w, _) = found.unwrap_or_else(|| panic!("nothing can be imagined"));
                self.value(&copy, &imagined, w, value)
            }
            ExpressionKind::Divergence(p, q) => {
                let (p, q) = (marginal(beliefs, world, &[key(p)]), marginal(beliefs, world, &[key(q)]));
                let term = |(value, p): (&Vec<u64>, &f64)| p * (p.ln() - q.get(value).unwrap_or(&0.0).ln());
                p.iter().filter(|(_, p)| **p > 0.0).map(term).sum()
            }
            ExpressionKind::ExpectedUtility(goal) => {
                let wanted = mind.history[..mind.now].iter().find_map(|event| match event {
                    Event::About { statement, .. } => match &statement.kind {
                        StatementKind::Wants { goal: name, utility } if name == goal => Some(utility),
                        _ => None,
                    },
                    _ => None,
                });
                let utility = wanted.unwrap_or_else(|| panic!("{} does not want {goal}", mind.name));
                self.foresee(mind, utility, true)
            }
            ExpressionKind::Predict(e) => self.foresee(mind, e, false),
            other => panic!("the oracle does not know {other:?}"),
        }
    }

    fn mean(
        &self,
        _: &Mind<'_>,
        beliefs: &Beliefs,
        world: &World,
        x: &dyn Fn(&World) -> f64,
        e: &Expression,
    ) -> f64 {
        if self.certain(beliefs, e) {
            return x(world);
        }
        consistent(beliefs, world).filter(|(_, p)| *p != 0.0).map(|(w, p)| p * x(w)).sum()
    }

    /// Whether an expression mentions only what the mind knows.
    fn certain(&self, beliefs: &Beliefs, e: &Expression) -> bool {
        match &e.kind {
            ExpressionKind::Member(base, name) => {
                let ExpressionKind::Name(agent) = &base.kind else { return false };
                beliefs.known.contains(&(Some(agent.to_string()), name.to_string()))
            }
            ExpressionKind::Unary(_, x) => self.certain(beliefs, x),
            ExpressionKind::Binary(_, l, r) => self.certain(beliefs, l) && self.certain(beliefs, r),
            ExpressionKind::If { condition, then, otherwise } => {
                [condition, then, otherwise].into_iter().all(|e| self.certain(beliefs, e))
            }
            ExpressionKind::Call { arguments, .. } => arguments.iter().all(|a| self.certain(beliefs, a)),
            ExpressionKind::Number(_) | ExpressionKind::Bool(_) | ExpressionKind::Expectation(_) => true,
            ExpressionKind::Probability(_) | ExpressionKind::Variance(_) | ExpressionKind::Entropy(_) => true,
            ExpressionKind::ExpectedUtility(_)
            | ExpressionKind::Predict(_)
            | ExpressionKind::Divergence(..) => true,
            ExpressionKind::Name(name) => {
                let key = (None, name.to_string());
                beliefs.known.contains(&key) || self.parameters.iter().any(|(p, _)| name == p)
            }
            // What others answer depends on what they know of this mind's
            // choices: the generator asks only for it under no expectation.
            _ => false,
        }
    }
}

/// The value of a choice in the world around a mind, or in that of then.
fn around(mind: &Mind<'_>, then: Option<&World>, key: &Key) -> f64 {
    let world = then.or(mind.around.map(|(_, world)| world));
    let world = world.unwrap_or_else(|| panic!("nobody models {}", mind.name));
    *world.get(key).unwrap_or_else(|| panic!("{key:?} is not around {}", mind.name))
}

/// The event as a copy of the mind remembers it.
fn remembered(mind: &Mind<'_>, event: &Event) -> Event {
    let mut event = event.clone();
    if let Event::About { then, .. } | Event::Learned { then, .. } = &mut event
        && then.is_none()
    {
        *then = mind.around.map(|(_, world)| world.clone());
    }
    event
}

fn learn(beliefs: &mut Beliefs, key: Key, value: f64) {
    for (world, _) in &mut beliefs.worlds {
        world.insert(key.clone(), value);
    }
    beliefs.known.push(key);
}

/// The worlds that agree with what is known in the world at hand. A mind's
/// known choices have one value in all its possible worlds, so this is all of
/// them, except where a choice is known by name only in a copy.
fn consistent<'b>(beliefs: &'b Beliefs, _: &World) -> impl Iterator<Item = (&'b World, f64)> {
    beliefs.worlds.iter().map(|(w, p)| (w, *p))
}

fn marginal(beliefs: &Beliefs, world: &World, keys: &[Key]) -> BTreeMap<Vec<u64>, f64> {
    let mut masses = BTreeMap::new();
    for (w, p) in consistent(beliefs, world) {
        let values: Vec<u64> = keys.iter().map(|k| w[k].to_bits()).collect();
        *masses.entry(values).or_insert(0.0) += p;
    }
    masses
}

fn normalise(worlds: &mut [(World, f64)]) {
    let total: f64 = worlds.iter().map(|(_, w)| w).sum();
    for (_, weight) in worlds {
        *weight = if total == 0.0 { 0.0 } else { *weight / total };
    }
}

fn distribute(weights: &[f64], how: &How) -> Vec<f64> {
    let weights: Vec<f64> = if matches!(how, How::Maximize(_) | How::Minimize(_)) {
        let best = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        weights.iter().map(|w| f64::from(u8::from(best - w <= 1e-12 * best.abs()))).collect()
    } else {
        weights.to_vec()
    };
    let total: f64 = weights.iter().sum();
    weights.iter().map(|w| if total == 0.0 { 0.0 } else { w / total }).collect()
}

fn key(name: &ChoiceName) -> Key {
    (name.agent.as_ref().map(ToString::to_string), name.name.to_string())
}

fn binary(operator: BinaryOperator, l: f64, r: f64) -> f64 {
    use BinaryOperator as B;
    let truth = |b: bool| f64::from(u8::from(b));
    match operator {
        B::Add => l + r,
        B::Subtract => l - r,
        B::Multiply => l * r,
        B::Divide => l / r,
        B::Remainder => l - (l / r).floor() * r,
        B::Power => l.powf(r),
        B::Equal => truth(l == r),
        B::NotEqual => truth(l != r),
        B::Less => truth(l < r),
        B::LessEqual => truth(l <= r),
        B::Greater => truth(l > r),
        B::GreaterEqual => truth(l >= r),
        B::And => truth(l != 0.0 && r != 0.0),
        B::Or => truth(l != 0.0 || r != 0.0),
        B::Xor => truth((l != 0.0) != (r != 0.0)),
    }
}
