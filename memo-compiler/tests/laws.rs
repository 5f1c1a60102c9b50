//! Laws that hold for every model: what people and axes are called, and in
//! which order the axes stand, changes nothing; chances sum to one.

#[path = "oracle/models.rs"]
mod models;
#[path = "oracle/random_models.rs"]
mod random_models;

use models::{domains, model_of};
use proptest::prelude::*;
use random_models::random_model;

fn run(text: &str) -> Result<Vec<Vec<f64>>, String> {
    memo_compiler::evaluate(&model_of(text)?, &domains, &[("p".into(), 0.7)])
}

fn close(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-9 * a.abs().max(b.abs()) + 1e-12 || (a.is_nan() && b.is_nan())
}

/// The place along each axis of a cell, row-major.
fn places(mut cell: usize, lengths: &[usize]) -> Vec<usize> {
    let mut places = vec![0; lengths.len()];
    for (place, length) in places.iter_mut().zip(lengths).rev() {
        *place = cell % length;
        cell /= length;
    }
    places
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn renaming_agents_changes_nothing(seed: u64) {
        let text = random_model(seed).text;
        let mut renamed = text.clone();
        // The order of the names is turned around, too.
        for (old, new) in [("alice", "zora"), ("bob", "yves"), ("carol", "xenia"), ("dave", "anna")] {
            renamed = renamed.replace(old, new);
        }
        if let Ok(tables) = run(&text) {
            let others = run(&renamed).map_err(TestCaseError::fail)?;
            for (a, b) in tables.iter().flatten().zip(others.iter().flatten()) {
                prop_assert!(close(*a, *b), "{a} is not {b}:\n{text}");
            }
        }
    }

    #[test]
    fn permuting_axes_permutes_the_table(seed: u64) {
        let model = random_model(seed);
        let (start, end) = (model.text.find('<').unwrap_or(0) + 1, model.text.find('>').unwrap_or(0));
        let mut axes: Vec<&str> = model.text[start..end].split(", ").collect();
        axes.reverse();
        let permuted = format!("{}{}{}", &model.text[..start], axes.join(", "), &model.text[end..]);
        let reversed: Vec<usize> = model.axes.iter().rev().copied().collect();
        if let Ok(tables) = run(&model.text) {
            let others = run(&permuted).map_err(TestCaseError::fail)?;
            for (table, other) in tables.iter().zip(&others) {
                for (cell, value) in table.iter().enumerate() {
                    let mut at = places(cell, &model.axes);
                    at.reverse();
                    let there = at.iter().zip(&reversed).fold(0, |there, (at, length)| there * length + at);
                    prop_assert!(close(*value, other[there]), "{value} is not {}:\n{permuted}", other[there]);
                }
            }
        }
    }

    /// Where there are chances: a weight like `exp(0 * KL[…])` of an infinite divergence is none.
    #[test]
    fn chances_sum_to_one(seed: u64) {
        let model = random_model(seed);
        for (name, size) in &model.uncertain {
            let chances: Vec<String> = (0..*size).map(|value| format!("Pr[{name} == {value}]")).collect();
            let line = format!("    return {};\n}} }}", chances.join(" + "));
            let text = model.text.replace("} }", &line);
            if let Ok(tables) = run(&text) {
                for total in &tables[tables.len() - 1] {
                    let sound = if model.positive { close(*total, 1.0) } else { *total < 1.0 + 1e-9 };
                    prop_assert!(sound, "the chances of {name} sum to {total}:\n{text}");
                }
            }
        }
    }
}

/// A weight that is no number is an error, not a chance.
#[test]
fn chances_of_what_is_no_number() {
    let text = "fn model(p: f64) { model! {
        alice: thinks[ bob: chooses(u in A2, wpp = 1), bob: chooses(v in A2, wpp = v) ];
        alice: chooses(w in A2, wpp = exp(p * w * KL[bob.u | bob.v]));
        return Pr[alice.w == 0];
    } }";
    assert_eq!(run(text), Err("NaN is no weight".into()));
}
