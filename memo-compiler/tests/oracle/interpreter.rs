//! The oracle: what a model means, by enumerating possible worlds.
//!
//! It interprets the syntax tree and shares nothing else with the compiler. A
//! mind is the list of what happened in it; a world of a mind gives every
//! choice that it holds a value. To ask a mind anything, its history is played
//! again from the start, in the world of whoever models it. Everything is
//! computed as often as it is asked for.

use std::collections::BTreeMap;

use memo_compiler::syntax::{
    BinaryOperator, ChoiceName, Expression, ExpressionKind, How, Model, Statement, StatementKind,
    UnaryOperator,
};

/// A choice by name: `x` is `(None, x)`, `b.y` is `(Some(b), y)`.
type Key = (Option<String>, String);

/// A value for every choice.
type World = BTreeMap<Key, f64>;

/// What happened in a mind, in order.
#[derive(Clone)]
enum Event {
    /// A statement about somebody, made in this mind.
    Statement(Statement),
    /// The mind made this choice itself: its value is that of its modeller's
    /// `(Some(me), x)`.
    Chose { me: String, name: String },
    /// The mind was told a choice of its modeller.
    Told(Key),
    /// The mind saw the first to be what its modeller's second is.
    Saw { target: Key, source: Key },
    /// The mind weighed its worlds.
    Weighed { weight: Expression, boolean: bool },
    /// The mind kept a copy of itself, with the history up to here.
    Kept(String),
}

/// A mind as modelled by another: its history, and the world around it.
#[derive(Clone)]
struct Mind<'a> {
    name: String,
    history: Vec<Event>,
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

    /// Plays the history of a mind.
    fn replay(&self, mind: &Mind<'_>) -> Beliefs {
        let mut beliefs = Beliefs { worlds: vec![(mind.axes.clone(), 1.0)], known: Vec::new() };
        beliefs.known.extend(mind.axes.keys().cloned());
        for (at, event) in mind.history.iter().enumerate() {
            let so_far = Mind { history: mind.history[..at].to_vec(), ..mind.clone() };
            match event {
                Event::Statement(statement) => self.happens(&so_far, &mut beliefs, statement),
                Event::Chose { me, name } => {
                    let value = around(mind, &(Some(me.clone()), name.clone()));
                    learn(&mut beliefs, (None, name.clone()), value);
                }
                Event::Told(key) => {
                    let value = around(mind, key);
                    learn(&mut beliefs, key.clone(), value);
                }
                Event::Saw { target, source } => {
                    let seen = around(mind, source);
                    beliefs.worlds.retain(|(world, _)| world[target] == seen);
                    normalise(&mut beliefs.worlds);
                    beliefs.known.push(target.clone());
                }
                Event::Weighed { weight: e, boolean } => {
                    let weights: Vec<f64> = beliefs
                        .worlds
                        .iter()
                        .map(|(world, _)| self.value(&so_far, &beliefs, world, e))
                        .collect();
                    for ((_, weight), w) in beliefs.worlds.iter_mut().zip(weights) {
                        *weight *= if *boolean { f64::from(u8::from(w != 0.0)) } else { w };
                    }
                    normalise(&mut beliefs.worlds);
                }
                Event::Kept(alias) => {
                    // The copy's own choices are the mind's own.
                    let own: Vec<Key> = beliefs.known.iter().filter(|k| k.0.is_none()).cloned().collect();
                    for key in own {
                        let copy = (Some(alias.clone()), key.1.clone());
                        for (world, _) in &mut beliefs.worlds {
                            let value = world[&key];
                            world.insert(copy.clone(), value);
                        }
                        beliefs.known.push(copy);
                    }
                }
            }
        }
        beliefs
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
        for name in names {
            chooser.history.push(Event::Chose { me: who.into(), name: name.clone() });
        }
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
        let mut history = Vec::new();
        for (at, event) in mind.history.iter().enumerate() {
            match event {
                Event::Statement(statement) if statement.who == who => history.extend(own_events(statement)),
                // `b: knows(c.y)` is known to b's c as well: told to it by b.
                Event::Told(key) if key.0.as_deref() == Some(who) => {
                    history.push(Event::Chose { me: who.into(), name: key.1.clone() });
                }
                Event::Kept(alias) if alias == who => {
                    // The copy lives through the same history, in the same world.
                    let mut copy = Mind { history: mind.history[..at].to_vec(), ..mind.clone() };
                    let mut later = Vec::new();
                    for event in &mind.history[at + 1..] {
                        if let Event::Statement(statement) = event
                            && statement.who == who
                        {
                            later.extend(own_events(statement));
                        }
                    }
                    // What happens to the copy later refers to the mind that
                    // keeps it; what it remembers refers to that mind's own
                    // surroundings. Only the latter is needed by the tests.
                    assert!(later.is_empty(), "the oracle does not follow a snapshot into the future");
                    copy.name = who.into();
                    return copy;
                }
                _ => {}
            }
        }
        Mind { name: who.into(), history, around: Some((mind, world)), axes: World::new() }
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
                copy.history.extend(statements.iter().cloned().map(Event::Statement));
                let known: Vec<Key> = beliefs.known.clone();
                let imagined = self.replay(&copy);
                let here = |w: &World| known.iter().all(|k| w.get(k) == world.get(k));
                let possible = imagined.worlds.iter().find(|(w, p)| *p > 0.0 && here(w));
                let found = possible.or_else(|| imagined.worlds.iter().find(|(w, _)| here(w)));
                let (w, _) = found.unwrap_or_else(|| panic!("nothing can be imagined"));
                self.value(&copy, &imagined, w, value)
            }
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

/// The value that the modeller's world gives to a choice.
fn around(mind: &Mind<'_>, key: &Key) -> f64 {
    let (_, world) = mind.around.unwrap_or_else(|| panic!("nobody models {}", mind.name));
    *world.get(key).unwrap_or_else(|| panic!("{key:?} is not around {}", mind.name))
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

/// What a statement about somebody means for that mind's own history.
fn own_events(statement: &Statement) -> Vec<Event> {
    let me = statement.who.to_string();
    match &statement.kind {
        StatementKind::Chooses { choices, .. } => {
            choices.iter().map(|c| Event::Chose { me: me.clone(), name: c.name.to_string() }).collect()
        }
        StatementKind::Thinks(inner) => inner.iter().cloned().map(Event::Statement).collect(),
        StatementKind::Observes { target, source } => {
            vec![Event::Saw { target: key(target), source: key(source) }]
        }
        StatementKind::ObservesThat(weight) => vec![Event::Weighed { weight: weight.clone(), boolean: true }],
        StatementKind::ObservesEvent(weight) => {
            vec![Event::Weighed { weight: weight.clone(), boolean: false }]
        }
        StatementKind::Knows(names) => names.iter().map(|n| Event::Told(key(n))).collect(),
        StatementKind::SnapshotsSelfAs(names) => names.iter().map(|n| Event::Kept(n.to_string())).collect(),
        _ => Vec::new(),
    }
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
