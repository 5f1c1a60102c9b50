//! Layout: which axis of a table varies fastest.
//!
//! Inner loops should run along the memory of what they read and write. A
//! choice whose weights are read from tables with a given axis innermost, and
//! that is read along that axis, is computed upright: its rows run down the
//! columns of its table. Tables that can lie either way lie as they are read.

use crate::tensor::{AxisId, Body, DefinitionId, Program};

/// Orders the axes of the tables that can have any order.
pub(super) fn layout(mut program: Program) -> Program {
    // Readers first: they say along which axis they read.
    for at in (0..program.definitions.len()).rev() {
        let definition = &program.definitions[at];
        let id = DefinitionId(at);
        let kept =
            program.returns.contains(&id) || program.evidence.iter().any(|e| e.factor.definition == id);
        if kept || definition.axes.len() < 2 {
            continue;
        }
        let order = match &definition.body {
            Body::Choice { over: 1, across: false, weight, .. } => {
                let sparse = definition.fixed && weight.is_often_zero();
                let fits = !sparse && weight.is_one_exponential();
                if fits { upright(&program, at) } else { None }
            }
            body if can_lie_either_way(body) => as_read(&program, at),
            _ => None,
        };
        if let Some(order) = order {
            reorder(&mut program, id, &order);
            if let Body::Choice { across, .. } = &mut program.definitions[at].body {
                *across = true;
            }
        }
    }
    program
}

/// Whether the table may have its axes in any order.
pub(super) fn can_lie_either_way(body: &Body) -> bool {
    matches!(body, Body::Map(_) | Body::Best { .. } | Body::Query { keeps_mass: false, .. })
}

/// How many more readers of a table run along its axis in place `a` than along
/// that in place `b`.
fn readers(program: &Program, of: usize, a: usize, b: usize) -> i32 {
    let mut votes = 0;
    for reader in &program.definitions[of + 1..] {
        let Some(along) = reader.innermost(program) else { continue };
        for factor in reader.body.references().iter().filter(|f| f.definition.0 == of) {
            votes += i32::from(factor.axes[a] == along) - i32::from(factor.axes[b] == along);
        }
    }
    votes
}

/// The same for the tables that it reads, which lie along one or the other.
fn sources(program: &Program, of: usize, a: AxisId, b: AxisId) -> i32 {
    let definition = &program.definitions[of];
    let mut votes = 0;
    for factor in definition.body.references() {
        let source = program.definition(factor.definition);
        // One that can lie either way will follow; one that has only one of the
        // axes is read in a row or as a single number, both of which is good.
        if can_lie_either_way(&source.body) || !factor.axes.contains(&a) || !factor.axes.contains(&b) {
            continue;
        }
        votes += i32::from(factor.lies_along(a)) - i32::from(factor.lies_along(b));
    }
    votes
}

/// The order of the axes of a choice that is better computed upright.
fn upright(program: &Program, at: usize) -> Option<Vec<usize>> {
    let axes = &program.definitions[at].axes;
    let own = axes.len() - 1;
    let gain =
        |given: &usize| readers(program, at, *given, own) + sources(program, at, axes[*given], axes[own]);
    // Many blocks, of a few columns each perhaps, want a better reason than one.
    let enough = if own == 1 { 1 } else { 2 };
    let best = (0..own).rev().max_by_key(gain).filter(|given| gain(given) >= enough)?;
    let mut order: Vec<usize> = (0..own).filter(|place| *place != best).collect();
    order.extend([own, best]);
    Some(order)
}

/// The order of the axes of a table that can lie either way, if another is
/// better.
fn as_read(program: &Program, at: usize) -> Option<Vec<usize>> {
    let definition = &program.definitions[at];
    let last = definition.axes.len() - 1;
    let gain = |place: &usize| {
        let read = readers(program, at, *place, last);
        let written = sources(program, at, definition.axes[*place], definition.axes[last]);
        if definition.fixed { read } else { read + written }
    };
    let best = (0..last).rev().max_by_key(gain).filter(|place| gain(place) > 0)?;
    let mut order: Vec<usize> = (0..=last).filter(|place| *place != best).collect();
    order.push(best);
    Some(order)
}

/// Moves the axes of a definition, and of all that refer to it.
pub(super) fn reorder(program: &mut Program, id: DefinitionId, order: &[usize]) {
    let moved = |axes: &[AxisId]| -> Vec<AxisId> { order.iter().map(|from| axes[*from]).collect() };
    program.definitions[id.0].axes = moved(&program.definitions[id.0].axes);
    for definition in &mut program.definitions[id.0 + 1..] {
        definition.for_each_reference(&|factor| {
            if factor.definition == id {
                factor.axes = moved(&factor.axes);
            }
        });
    }
}
