//! Explanations against the enumeration of possible worlds: the models without some
//! observations, and the beliefs whose worlds are shown.

#[path = "oracle/interpreter.rs"]
#[allow(dead_code, reason = "each test uses its part")]
mod interpreter;

use std::fmt::Write as _;

use interpreter::Oracle;
use memo_compiler::diagnostics::Errors;
use memo_compiler::syntax::{Model, parse};
use memo_compiler::{Explained, Place, Words, evaluate_program, explain, optimise};
use proptest::prelude::*;

/// `A3` is 0, 1, 2.
fn domains(text: &str) -> Option<Vec<f64>> {
    let size: usize = text.strip_prefix('A')?.parse().ok()?;
    Some((0..size).map(|x| x as f64).collect())
}

fn model_of(text: &str) -> Model {
    let mut errors = Errors::new();
    let tokens = text.parse().unwrap_or_else(|error| panic!("{error}: {text}"));
    let option = "explain".parse().unwrap_or_else(|error| panic!("{error}"));
    let model = parse(option, tokens, &mut errors);
    assert!(errors.is_empty(), "{errors:?}: {text}");
    model.unwrap_or_else(|| panic!("no model: {text}"))
}

fn explained(text: &str) -> (Model, Explained) {
    let model = model_of(text);
    let mut errors = Errors::new();
    let explained = explain(&model, &mut errors);
    assert!(errors.is_empty(), "{errors:?}: {text}");
    let explained = explained.unwrap_or_else(|| panic!("nothing to explain: {text}"));
    (model, explained.optimised(optimise))
}

fn oracle(text: &str) -> Vec<f64> {
    Oracle { domains: &domains, parameters: &[] }.run(&model_of(text)).remove(0)
}

fn close(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9)
}

/// An observation, an axis with what it shows.
fn sentence(words: &[Words], axes: &[&str]) -> String {
    words
        .iter()
        .map(|word| match word {
            Words::Text(text) => text.clone(),
            Words::Axis(at) => format!("<{}>", axes[*at]),
        })
        .collect()
}

/// A model in which `ann` is uncertain about choices that hang together and observes
/// this and that: its statements, what it observes with the words for it, and a
/// question.
#[derive(Debug)]
struct Case {
    signature: &'static str,
    statements: Vec<String>,
    observations: Vec<(String, String)>,
    question: String,
    /// The uncertain choices and how many values they have.
    choices: Vec<(String, usize)>,
}

impl Case {
    fn text(&self, observations: &[(String, String)], question: &str) -> String {
        let mut text = format!("fn f<{}>() {{ model! {{\n", self.signature);
        let seen = observations.iter().map(|(statement, _)| statement);
        for statement in self.statements.iter().chain(seen) {
            let _ = writeln!(text, "    {statement};");
        }
        format!("{text}    return {question};\n}} }}")
    }

    fn all(&self) -> String {
        self.text(&self.observations, &self.question)
    }
}

fn case() -> impl Strategy<Value = Case> {
    let sizes = prop::collection::vec(2_usize..4, 2..4);
    (sizes, prop::collection::vec((0_usize..4, 0_usize..8, 1_usize..4), 1..4), 0_usize..4, any::<bool>())
        .prop_map(|(sizes, observations, question, chooses)| {
            let mut statements = vec!["ann: knows(_a, _b)".to_string()];
            let mut before = "1".to_string();
            for (at, size) in sizes.iter().enumerate() {
                statements.push(format!(
                    "ann: thinks[ bob: chooses(x{at} in A{size}, wpp = 1 + (x{at} + {before}) % {}) ]",
                    at + 3
                ));
                before = format!("x{at} * 2");
            }
            let mut choices: Vec<(String, usize)> =
                sizes.iter().enumerate().map(|(at, size)| (format!("bob.x{at}"), *size)).collect();
            let mut said = Vec::new();
            let mut hidden = Vec::new();
            for (number, (kind, which, weight)) in observations.into_iter().enumerate() {
                let (name, size) = choices[which % choices.len()].clone();
                match kind {
                    // `_a` has two values and `_b` three.
                    0 if !hidden.contains(&name) => {
                        let axis = if size == 2 { "_a" } else { "_b" };
                        said.push((
                            format!("ann: observes [{name}] is {axis}"),
                            format!("ann observes {name} = <{axis}>"),
                        ));
                        hidden.push(name);
                    }
                    1 => said.push((
                        format!("ann: observes_that [{name} != _b - {number}]"),
                        format!("ann observes that {name} != _b - {number}, with _b = <_b>"),
                    )),
                    _ => said.push((
                        format!("ann: observes_event(wpp = {weight} + {name} * {number})"),
                        format!("ann observes an event of weight {weight} + {name} * {number}"),
                    )),
                }
            }
            choices.retain(|(name, _)| !hidden.contains(name));
            // What is observed has a value only with the observation: it is asked for, too.
            let first = "bob.x0";
            let asked = match question {
                0 => format!("Pr[{first} == _a]"),
                1 => format!("E[{first} + bob.x1]"),
                2 => format!("Var[{first}]"),
                _ => format!("Pr[{first} <= bob.x1]"),
            };
            let question = if chooses {
                // The belief goes into an action, and that is what is asked for.
                said.push((format!("ann: chooses(act in A2, wpp = 0.1 + act * {asked})"), String::new()));
                "Pr[ann.act == _a]".to_string()
            } else {
                format!("ann[{asked}]")
            };
            Case { signature: "_a: A2, _b: A3", statements, observations: said, question, choices }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_step_is_the_model_without_what_comes_later(case in case()) {
        prop_assume!(case.observations.iter().any(|(_, words)| !words.is_empty()));
        let (model, explained) = explained(&case.all());
        let axes = ["_a", "_b"];
        let said: Vec<String> = explained.observations.iter().map(|o| sentence(&o.words, &axes)).collect();
        for (kept, state) in explained.states.iter().enumerate() {
            let tables = evaluate_program(&model, &state.program, &domains, &[]).map_err(TestCaseError::fail)?;
            // What she has seen by then may be named, too.
            let names = |said: &str, words: &str| {
                let more = [", with", " and"].map(|joint| said.starts_with(&format!("{words}{joint}")));
                said == words || more.contains(&true)
            };
            let place = |said: &String| {
                case.observations.iter().position(|(_, words)| !words.is_empty() && names(said, words))
            };
            let last = kept.checked_sub(1).map(|at| place(&said[at]));
            prop_assert_ne!(last, Some(None), "{:?}", said);
            let seen = last.flatten();
            let observations: Vec<(String, String)> = case
                .observations
                .iter()
                .enumerate()
                .filter(|(at, (_, words))| words.is_empty() || seen.is_some_and(|seen| *at <= seen))
                .map(|(_, observation)| observation.clone())
                .collect();
            let wanted = oracle(&case.text(&observations, &case.question));
            prop_assert!(close(&tables[0], &wanted), "{kept}: {:?} {wanted:?}\n{}", tables[0], case.all());
        }
    }

    #[test]
    fn the_belief_is_that_of_the_worlds(case in case()) {
        prop_assume!(!case.choices.is_empty());
        let (model, explained) = explained(&case.all());
        let [mind] = explained.minds.as_slice() else { return Err(TestCaseError::fail("one mind")) };
        let names: Vec<&String> = mind.choices.iter().map(|(name, _)| name).collect();
        prop_assert_eq!(names, case.choices.iter().map(|(name, _)| name).collect::<Vec<_>>());
        let tables = evaluate_program(&model, &mind.program, &domains, &[]).map_err(TestCaseError::fail)?;
        // The oracle, asked for the chance of each world: its values are new axes.
        let lengths: Vec<usize> = case.choices.iter().map(|(_, size)| *size).collect();
        let worlds = lengths.iter().product::<usize>();
        let told: Vec<String> = case.choices.iter().enumerate().map(|(at, (name, _))| format!("{name} == _w{at}")).collect();
        let mut asked = Case { question: format!("ann[Pr[{}]]", told.join(", ")), ..case };
        let axes: Vec<String> = lengths.iter().enumerate().map(|(at, size)| format!("_w{at}: A{size}")).collect();
        let own: Vec<String> = (0..lengths.len()).map(|at| format!("_w{at}")).collect();
        asked.statements.push(format!("ann: knows({})", own.join(", ")));
        let signature = [&["_a: A2".to_string(), "_b: A3".into()], axes.as_slice()].concat().join(", ");
        let wanted = oracle(&asked.all().replace("_a: A2, _b: A3", &signature));
        for cell in 0..6 {
            let at_cell = [cell / 3, cell % 3];
            let world = |world: usize| {
                let mut rest = world;
                let mut places = vec![0; lengths.len()];
                for (place, length) in places.iter_mut().zip(&lengths).rev() {
                    *place = rest % length;
                    rest /= length;
                }
                places
            };
            let read = |table: &[f64], places: &[Place], world: &[usize]| {
                let at = places.iter().fold(0, |at, place| match place {
                    Place::Cell(axis) => at * [2, 3][*axis] + at_cell[*axis],
                    Place::Choice(choice) => at * lengths[*choice] + world[*choice],
                });
                table[at]
            };
            let mass = |world: &[usize]| -> f64 {
                mind.belief.iter().zip(&tables).map(|(places, table)| read(table, places, world)).product()
            };
            let masses: Vec<f64> = (0..worlds).map(|at| mass(&world(at))).collect();
            let total: f64 = masses.iter().sum();
            let shares: Vec<f64> = masses.iter().map(|m| if total == 0.0 { 0.0 } else { m / total }).collect();
            prop_assert!(close(&shares, &wanted[cell * worlds..(cell + 1) * worlds]), "{shares:?}\n{}", asked.all());
        }
    }
}
