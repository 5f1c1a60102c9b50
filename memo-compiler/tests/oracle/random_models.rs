//! Random models that are right by construction: the generator keeps track of
//! what every mind knows and is uncertain about.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// SplitMix64 (Steele, Lea & Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        if list.is_empty() { None } else { list.get(self.below(list.len())) }
    }
}

/// A name as its mind writes it, and the size of its domain.
#[derive(Clone, PartialEq)]
struct Held {
    name: String,
    size: usize,
}

#[derive(Clone, Default)]
struct Mind {
    known: Vec<Held>,
    uncertain: Vec<Held>,
    children: BTreeMap<String, Mind>,
    /// How many worlds the mind holds.
    worlds: usize,
    /// What the mind wants.
    goals: Vec<String>,
    /// Whether it has looked ahead: it can be told nothing any more.
    foresees: bool,
}

impl Mind {
    fn holds(&self, name: &str) -> bool {
        self.known.iter().chain(&self.uncertain).any(|h| h.name == name)
    }

    /// Whether this mind, or one that it models, has looked ahead.
    fn any_foresees(&self) -> bool {
        self.foresees || self.children.values().any(Mind::any_foresees)
    }

    fn all(&self) -> Vec<Held> {
        self.known.iter().chain(&self.uncertain).cloned().collect()
    }
}

struct Generator {
    random: Random,
    next: usize,
    agents: usize,
    /// Whether all weights are positive, so that no belief loses mass: only
    /// there is the expectation of what is known by its structure the same as
    /// a sum over worlds, which goals need.
    positive: bool,
    /// How many goals may still be set: each multiplies the oracle's work.
    goals: usize,
    /// Whether a statement is only imagined. The oracle plays the history of
    /// an imagined world from its start, with what is imagined for a future:
    /// nothing may happen there to those who have looked ahead.
    imagining: bool,
    /// Whether all statements have been made.
    returning: bool,
}

/// A random model.
#[allow(dead_code, reason = "each test uses its part")]
pub(crate) struct RandomModel {
    /// `fn model<…>(p: f64) { model! { … } }`, a statement a line.
    pub(crate) text: String,
    /// The size of each axis `_x0`, `_x1`, …
    pub(crate) axes: Vec<usize>,
    /// What the model itself is uncertain about, and the sizes.
    pub(crate) uncertain: Vec<(String, usize)>,
    /// Whether no weight is zero.
    pub(crate) positive: bool,
}

/// The model of a seed.
pub(crate) fn random_model(seed: u64) -> RandomModel {
    let mut random = Random(seed);
    let (agents, positive) = (1 + random.below(4), random.below(3) == 0);
    let mut generator = Generator {
        random,
        next: 0,
        agents,
        positive,
        goals: usize::from(positive),
        imagining: false,
        returning: false,
    };
    let mut root = Mind { worlds: 1, ..Mind::default() };
    let mut axes = Vec::new();
    for at in 0..generator.random.below(4) {
        let size = 2 + generator.random.below(2);
        axes.push(format!("_x{at}: A{size}"));
        root.known.push(Held { name: format!("_x{at}"), size });
    }
    let mut text = format!("fn model<{}>(p: f64) {{ model! {{\n", axes.join(", "));
    for _ in 0..2 + generator.random.below(7) {
        for statement in generator.statement(&mut root, 0).unwrap_or_default() {
            let _ = writeln!(text, "    {statement};");
        }
    }
    generator.returning = true;
    for _ in 0..1 + generator.random.below(2) {
        let value = generator.known_value(&root, 2);
        let _ = writeln!(text, "    return {value};");
    }
    let sizes = |held: &[Held]| held.iter().map(|h| (h.name.clone(), h.size)).collect();
    RandomModel {
        text: text + "} }",
        axes: root.known.iter().filter(|h| h.name.starts_with("_x")).map(|h| h.size).collect(),
        uncertain: sizes(&root.uncertain),
        positive,
    }
}

impl Generator {
    /// Statements made in a mind, with their effect; `None` if nothing fits.
    fn statement(&mut self, mind: &mut Mind, depth: usize) -> Option<Vec<String>> {
        let who = self.somebody(mind);
        // Changes stay only if a statement came of them.
        let mut changed = mind.clone();
        let mut child = changed.children.remove(&who).unwrap_or(Mind { worlds: 1, ..Mind::default() });
        let statements = self.about(&mut changed, &who, &mut child, depth)?;
        changed.children.insert(who, child);
        *mind = changed;
        Some(statements)
    }

    /// An agent, or now and then the past self of the mind.
    fn somebody(&mut self, mind: &Mind) -> String {
        let past: Vec<&String> = mind.children.keys().filter(|name| name.starts_with("past")).collect();
        if self.random.below(4) == 0
            && let Some(past) = self.random.pick(&past)
        {
            return (*past).clone();
        }
        ["alice", "bob", "carol", "dave"][self.random.below(self.agents)].to_string()
    }

    fn about(&mut self, mind: &mut Mind, who: &str, child: &mut Mind, depth: usize) -> Option<Vec<String>> {
        if self.imagining && child.any_foresees() {
            return None;
        }
        let one = match self.random.below(16) {
            0..4 => self.chooses(mind, who, child)?,
            4..8 if depth < 2 => {
                let inner = self.statement(child, depth + 1)?;
                return Some(if self.random.below(2) == 0 {
                    vec![format!("{who}: thinks[ {} ]", inner.join(", "))]
                } else {
                    inner.iter().map(|s| format!("{who}: thinks[ {s} ]")).collect()
                });
            }
            8 if !child.foresees => {
                let held = self.random.pick(&mind.all())?.clone();
                let own = format!("{who}.");
                if child.holds(&held.name) || held.name.starts_with(&own) {
                    return None;
                }
                let alias = format!("{own}{}", held.name);
                if !held.name.contains('.') && mind.holds(&alias) {
                    return None;
                }
                child.known.push(held.clone());
                if let Some((agent, name)) = held.name.split_once('.') {
                    let inner =
                        child.children.entry(agent.into()).or_insert(Mind { worlds: 1, ..Mind::default() });
                    let name = Held { name: name.into(), size: held.size };
                    if !inner.known.contains(&name) {
                        inner.known.push(name);
                    }
                } else {
                    let copy = Held { name: alias, size: held.size };
                    if mind.known.contains(&held) { mind.known.push(copy) } else { mind.uncertain.push(copy) }
                }
                format!("{who}: knows({})", held.name)
            }
            9 | 10 => self.observes(mind, who, child)?,
            11 => {
                let event = self.random.pick(&child.uncertain)?.name.clone();
                let other = self.any_value(child);
                match self.random.below(2) {
                    0 if !self.positive => format!("{who}: observes_that [{event} <= {other}]"),
                    _ => format!("{who}: observes_event(wpp = 0.5 + {event})"),
                }
            }
            12 => self.snapshot(who, child),
            13 | 14 if self.goals > 0 && depth < 2 => return self.looks_ahead(mind, who, child),
            15 => {
                // On what has been forgotten nothing may rest.
                if !child.uncertain.is_empty() || !child.children.is_empty() || child.known.len() < 2 {
                    return None;
                }
                let own: Vec<Held> =
                    child.known.iter().filter(|h| h.name.starts_with('v')).cloned().collect();
                let forgotten = self.random.pick(&own)?.clone();
                child.known.retain(|h| *h != forgotten);
                format!("{who}: forgets_about({})", forgotten.name)
            }
            _ => return None,
        };
        Some(vec![one])
    }

    fn observes(&mut self, mind: &Mind, who: &str, child: &mut Mind) -> Option<String> {
        let target = self.random.pick(&child.uncertain)?.clone();
        let sources: Vec<Held> = mind.all().into_iter().filter(|h| h.size == target.size).collect();
        let source = self.random.pick(&sources)?.clone();
        child.uncertain.retain(|h| *h != target);
        child.known.push(target.clone());
        Some(format!("{who}: observes [{}] is {}", target.name, source.name))
    }

    fn snapshot(&mut self, who: &str, child: &mut Mind) -> String {
        self.next += 1;
        let past = format!("past_{}", self.next);
        let copy = child.clone();
        for held in copy.known.iter().filter(|h| !h.name.contains('.')) {
            child.known.push(Held { name: format!("{past}.{}", held.name), size: held.size });
        }
        child.children.insert(past.clone(), copy);
        format!("{who}: snapshots_self_as({past})")
    }

    /// `who` wants something that rests on what it will choose, and acts on it
    /// now; in between it may think of others and see what they do.
    fn looks_ahead(&mut self, mind: &mut Mind, who: &str, child: &mut Mind) -> Option<Vec<String>> {
        if mind.worlds > 8 || child.worlds > 8 {
            return None;
        }
        self.goals -= 1;
        self.next += 3;
        let [goal, now, later] = [("g", 2), ("v", 1), ("v", 0)].map(|(c, n)| format!("{c}{}", self.next - n));
        let held = self.any_value(child);
        let mut statements =
            vec![format!("{who}: wants({goal} = {held} * {now} - {later} * {now} + {later} * p)")];
        child.goals.push(goal.clone());
        child.foresees = true;
        let choose = |generator: &mut Self, mind: &mut Mind, child: &mut Mind, name: &str| {
            child.known.push(Held { name: name.into(), size: 2 });
            mind.uncertain.push(Held { name: format!("{who}.{name}"), size: 2 });
            mind.worlds *= 2;
            let weight = match generator.random.below(4) {
                0 => format!("1 + Predict[E[{held}]] * {name}"),
                1 => format!("exp(Var[{held}] + {name} * EU[{goal}])"),
                _ => format!("exp(EU[{goal}] * p)"),
            };
            format!("{who}: chooses({name} in A2, wpp = {weight})")
        };
        statements.push(choose(self, mind, child, &now));
        if self.random.below(2) == 0 {
            let mut inner = child.clone();
            if let Some(thoughts) = self.statement(&mut inner, 2) {
                *child = inner;
                child.foresees = true;
                statements.extend(thoughts.iter().map(|s| format!("{who}: thinks[ {s} ]")));
            }
        }
        if self.random.below(3) > 0 {
            statements.extend(self.observes(mind, who, child));
        }
        if self.random.below(5) == 0 {
            statements.push(self.snapshot(who, child));
        }
        statements.push(choose(self, mind, child, &later));
        Some(statements)
    }

    fn chooses(&mut self, mind: &mut Mind, who: &str, child: &mut Mind) -> Option<String> {
        let mut names = Vec::new();
        for _ in 0..1 + usize::from(self.random.below(5) == 0) {
            let size = 2 + self.random.below(3);
            if mind.worlds * size > 64 {
                return None;
            }
            mind.worlds *= size;
            self.next += 1;
            names.push(Held { name: format!("v{}", self.next), size });
        }
        child.known.extend(names.iter().cloned());
        let own = names[0].name.clone();
        let value = self.known_value(child, 1);
        // What is decided by comparison rests on whole numbers: there rounding
        // must not matter.
        let whole = self.random.pick(&child.known).map_or("1".to_string(), |h| h.name.clone());
        let kind = if self.positive { [0, 5, 7, 9][self.random.below(4)] } else { self.random.below(10) };
        let how = match kind {
            0 => "uniformly".to_string(),
            1 => format!("such_that = {own} <= {whole}"),
            2 => format!("to_maximize = {own} * ({whole} - 1)"),
            3 => format!("to_minimize = abs({own} - {whole})"),
            4 if names.len() == 1 => format!("to_be = {whole} % {}", names[0].size),
            5 => format!("wpp = exp(p * {own} * {value})"),
            6 => format!("wpp = {own} == {whole}"),
            7 => format!("wpp = 1 + abs({value}) * {own}"),
            // Not 0 where the two are equal but for rounding.
            8 => format!("wpp = 0.125 + abs({own} - {value})"),
            _ => format!("wpp = 1 + ({own} * 2 + {whole}) % 3"),
        };
        let declarations: Vec<String> = names.iter().map(|h| format!("{} in A{}", h.name, h.size)).collect();
        for held in names {
            mind.uncertain.push(Held { name: format!("{who}.{}", held.name), size: held.size });
        }
        Some(format!("{who}: chooses({}, {how})", declarations.join(", ")))
    }

    /// A value over everything that the mind holds.
    fn any_value(&mut self, mind: &Mind) -> String {
        let held = mind.all();
        let name = |g: &mut Self| match g.random.pick(&held) {
            Some(held) => held.name.clone(),
            None => "1".into(),
        };
        let (a, b) = (name(self), name(self));
        match self.random.below(6) {
            0 => format!("({a} + {b})"),
            1 => format!("({a} * {b})"),
            2 => format!("({a} == {b})"),
            3 => format!("({a} < {b})"),
            4 => format!("(if {a} > 0 {{ {b} }} else {{ 1 }})"),
            _ => a,
        }
    }

    /// A value that the mind knows.
    fn known_value(&mut self, mind: &Mind, depth: usize) -> String {
        let uncertain = mind.uncertain.clone();
        let one = |g: &mut Self| g.random.pick(&uncertain).map(|h| h.name.clone());
        let askable: Vec<&String> = mind.children.keys().collect();
        match self.random.below(if depth == 0 { 3 } else { 12 }) {
            0 => match self.random.pick(&mind.known) {
                Some(held) => held.name.clone(),
                None => "2".into(),
            },
            1 | 2 => {
                let value = self.any_value(mind);
                format!("E[{value}]")
            }
            3 => match (one(self), self.random.pick(&mind.known)) {
                (Some(a), Some(b)) => format!("Pr[{a} == {}]", b.name),
                _ => "1".into(),
            },
            4 => {
                let (a, b) = (self.any_value(mind), self.any_value(mind));
                format!("Pr[{a} == 1, {b} >= 1]")
            }
            5 => format!("Var[{}]", self.any_value(mind)),
            6 => one(self).map_or("3".into(), |a| format!("H[{a}]")),
            7 => match self.random.pick(&askable) {
                // The answer may rest on what this mind is uncertain about; the
                // second term makes it so for certain.
                Some(who) => {
                    let answer = self.known_value(&mind.children[*who], depth - 1);
                    match one(self) {
                        Some(any) => format!("E[{who}[{answer}] + 0 * {any}]"),
                        None => format!("{who}[{answer}]"),
                    }
                }
                None => "1".into(),
            },
            8 => match (one(self), one(self)) {
                (Some(a), Some(b)) if a != b => format!("H[{a}, {b}]"),
                _ => "4".into(),
            },
            9 => {
                let first = self.random.pick(&uncertain).cloned();
                let same: Vec<Held> = uncertain
                    .iter()
                    .filter(|h| Some(h.size) == first.as_ref().map(|f| f.size))
                    .cloned()
                    .collect();
                match (first, self.random.pick(&same)) {
                    (Some(p), Some(q)) => format!("KL[{} | {}]", p.name, q.name),
                    _ => "5".into(),
                }
            }
            10 => match self.random.pick(&mind.goals) {
                Some(goal) => format!("EU[{goal}]"),
                None => "6".into(),
            },
            _ => {
                if mind.any_foresees() && !self.returning {
                    return "7".into();
                }
                let mut imagined = mind.clone();
                let outer = std::mem::replace(&mut self.imagining, true);
                let statements = self.statement(&mut imagined, 1);
                self.imagining = outer;
                match statements {
                    Some(statements) => {
                        let value = self.known_value_in(&imagined, depth - 1);
                        format!("imagine[ {}, {value} ]", statements.join(", "))
                    }
                    None => "1".into(),
                }
            }
        }
    }

    /// A value known in an imagined world; it may not name choices that only
    /// exist there, except under an expectation.
    fn known_value_in(&mut self, imagined: &Mind, depth: usize) -> String {
        let value = self.any_value(imagined);
        if depth == 0 { format!("E[{value}]") } else { self.known_value(imagined, depth) }
    }
}
