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
    /// Past selves, which take no part in anything that happens.
    past: Vec<String>,
}

impl Mind {
    fn holds(&self, name: &str) -> bool {
        self.known.iter().chain(&self.uncertain).any(|h| h.name == name)
    }

    fn all(&self) -> Vec<Held> {
        self.known.iter().chain(&self.uncertain).cloned().collect()
    }
}

struct Generator {
    random: Random,
    next: usize,
    agents: usize,
}

/// The text of a model: `fn model<…>(p: f64) { model! { … } }`.
pub(crate) fn random_model(seed: u64) -> String {
    let mut generator = Generator { random: Random(seed), next: 0, agents: 0 };
    generator.agents = 1 + generator.random.below(4);
    let mut root = Mind { worlds: 1, ..Mind::default() };
    let mut axes = Vec::new();
    for at in 0..generator.random.below(4) {
        let size = 2 + generator.random.below(2);
        axes.push(format!("_x{at}: A{size}"));
        root.known.push(Held { name: format!("_x{at}"), size });
    }
    let mut text = format!("fn model<{}>(p: f64) {{ model! {{\n", axes.join(", "));
    for _ in 0..2 + generator.random.below(7) {
        if let Some(statement) = generator.statement(&mut root, 0) {
            let _ = writeln!(text, "    {statement};");
        }
    }
    for _ in 0..1 + generator.random.below(2) {
        let value = generator.known_value(&root, 2);
        let _ = writeln!(text, "    return {value};");
    }
    text + "} }"
}

impl Generator {
    /// A statement made in a mind, with its effect; `None` if nothing fits.
    fn statement(&mut self, mind: &mut Mind, depth: usize) -> Option<String> {
        let who = ["alice", "bob", "carol", "dave"][self.random.below(self.agents)].to_string();
        // Changes stay only if a statement came of them.
        let mut changed = mind.clone();
        let mut child = changed.children.remove(&who).unwrap_or(Mind { worlds: 1, ..Mind::default() });
        let statement = self.about(&mut changed, &who, &mut child, depth)?;
        changed.children.insert(who, child);
        *mind = changed;
        Some(statement)
    }

    fn about(&mut self, mind: &mut Mind, who: &str, child: &mut Mind, depth: usize) -> Option<String> {
        match self.random.below(12) {
            0..4 => self.chooses(mind, who, child),
            4..7 if depth < 2 => Some(format!("{who}: thinks[ {} ]", self.statement(child, depth + 1)?)),
            7 => {
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
                Some(format!("{who}: knows({})", held.name))
            }
            8 | 9 => {
                let target = self.random.pick(&child.uncertain)?.clone();
                let sources: Vec<Held> = mind.all().into_iter().filter(|h| h.size == target.size).collect();
                let source = self.random.pick(&sources)?.clone();
                child.uncertain.retain(|h| *h != target);
                child.known.push(target.clone());
                Some(format!("{who}: observes [{}] is {}", target.name, source.name))
            }
            10 => {
                let event = self.random.pick(&child.uncertain)?.name.clone();
                let other = self.any_value(child);
                Some(match self.random.below(2) {
                    0 => format!("{who}: observes_that [{event} <= {other}]"),
                    _ => format!("{who}: observes_event(wpp = 0.5 + {event})"),
                })
            }
            _ => {
                self.next += 1;
                let past = format!("past_{}", self.next);
                let mut copy = child.clone();
                copy.past.clear();
                child.past.push(past.clone());
                child.children.insert(past.clone(), copy.clone());
                for held in copy.known.iter().filter(|h| !h.name.contains('.')) {
                    child.known.push(Held { name: format!("{past}.{}", held.name), size: held.size });
                }
                Some(format!("{who}: snapshots_self_as({past})"))
            }
        }
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
        let how = match self.random.below(10) {
            0 => "uniformly".to_string(),
            1 => format!("such_that = {own} <= {whole}"),
            2 => format!("to_maximize = {own} * ({whole} - 1)"),
            3 => format!("to_minimize = abs({own} - {whole})"),
            4 if names.len() == 1 => format!("to_be = {whole} % {}", names[0].size),
            5 => format!("wpp = exp(p * {own} * {value})"),
            6 => format!("wpp = {own} == {whole}"),
            7 => format!("wpp = 1 + abs({value}) * {own}"),
            8 => format!("wpp = abs({own} - {value})"),
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
        match self.random.below(if depth == 0 { 3 } else { 9 }) {
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
            _ => {
                let mut imagined = mind.clone();
                match self.statement(&mut imagined, 1) {
                    Some(statement) => {
                        format!("imagine[ {statement}, {} ]", self.known_value_in(&imagined, mind, depth - 1))
                    }
                    None => "1".into(),
                }
            }
        }
    }

    /// A value known in an imagined world; it may not name choices that only
    /// exist there, except under an expectation.
    fn known_value_in(&mut self, imagined: &Mind, _: &Mind, depth: usize) -> String {
        let value = self.any_value(imagined);
        if depth == 0 { format!("E[{value}]") } else { self.known_value(imagined, depth) }
    }
}
