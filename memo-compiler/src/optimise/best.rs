//! The value of the best choice: where nothing is asked of somebody who takes the
//! best but how good it is, the answer is the largest of the weights, and who
//! takes what is not computed.
//!
//! `Σ[a] argmax[a] q(a) · q(a) = max[a] q(a)`: the step of value iteration.

use super::without;
use crate::tensor::{
    Body, Definition, DefinitionId, Factor, Normaliser, Program, Query, Rule, Scalar, print_guard,
};

/// Rewrites such sums, and removes the choices.
pub(super) fn best(mut program: Program) -> Program {
    let readers = program.readers();
    let mut gone = vec![false; program.definitions.len()];
    for at in 0..program.definitions.len() {
        if let Some((choice, body)) = value_of_best(&program, &readers, &program.definitions[at]) {
            gone[choice.0] = true;
            program.definitions[at].body = body;
        }
    }
    without(program, &gone)
}

/// The choice whose value a definition asks for, and how that is computed
/// without it.
fn value_of_best(
    program: &Program,
    readers: &[usize],
    definition: &Definition,
) -> Option<(DefinitionId, Body)> {
    let Body::Query { factors, over, query, normaliser, keeps_mass: false } = &definition.body else {
        return None;
    };
    let [axis] = over.as_slice() else { return None };
    // A choice of the best always has a mass of 1.
    let pairs: &[(&Factor, &Factor)] = match (query, factors.as_slice(), normaliser) {
        (Query::Sum, [a, b], Normaliser::Nothing) => &[(a, b), (b, a)],
        (
            Query::Expectation(Scalar::Element(value)),
            [a],
            Normaliser::Nothing | Normaliser::Own | Normaliser::One,
        ) => &[(a, value)],
        _ => return None,
    };
    pairs.iter().find_map(|(chosen, value)| {
        let choice = program.definition(chosen.definition);
        let Body::Choice { over: 1, across: false, weight, rule, agent, choice: name } = &choice.body else {
            return None;
        };
        let own = chosen.axes.iter().filter(|a| *a == axis).count() == 1 && chosen.lies_along(*axis);
        if *rule == Rule::Proportional || !own || readers[chosen.definition.0] != 1 {
            return None;
        }
        let weight = where_needed(program, choice, weight, definition)?;
        let Scalar::Element(weight) = weight else { return None };
        (weight.through(&choice.axes, chosen) == **value).then(|| {
            let weight = Scalar::Element((*value).clone());
            let (agent, choice) = (agent.clone(), name.clone());
            (chosen.definition, Body::Best { over: *axis, weight, rule: *rule, agent, choice })
        })
    })
}

/// The weight of a choice where its reader is needed; `None` if elsewhere there
/// is a weight to be checked.
fn where_needed(
    program: &Program,
    choice: &Definition,
    weight: &Scalar,
    reader: &Definition,
) -> Option<Scalar> {
    let text = |part: &(Scalar, bool)| print_guard(program, std::slice::from_ref(part));
    let own: Vec<String> = choice.guard.iter().map(text).collect();
    let mut weight = weight.clone();
    for part in &reader.guard {
        if own.contains(&text(part)) {
            continue;
        }
        let condition = print_guard(program, &[(part.0.clone(), true)]);
        let mut elsewhere = weight.clone();
        elsewhere.decide(program, &condition, !part.1);
        if !matches!(elsewhere, Scalar::Number(x) if !x.is_nan()) {
            return None;
        }
        weight.decide(program, &condition, part.1);
    }
    Some(weight)
}
