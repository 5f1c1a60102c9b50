//! Copy propagation: a definition that only reads another one, cell by cell,
//! goes; whoever read it reads the other.

use crate::tensor::{AxisId, Body, DefinitionId, Factor, Normaliser, Program, Query};

/// Replaces every reference to a copy.
pub(super) fn forward(mut program: Program) -> Program {
    // For each definition that is a copy: its axes and what it copies.
    let mut copies: Vec<Option<(Vec<AxisId>, Factor)>> = Vec::new();
    for at in 0..program.definitions.len() {
        let resolve = |factor: &mut Factor| {
            if let Some((places, source)) = &copies[factor.definition.0] {
                *factor = through(places, source, factor);
            }
        };
        program.definitions[at].for_each_reference(&resolve);
        copies.push(copy_of(&program, DefinitionId(at)));
    }
    for evidence in &mut program.evidence {
        if let Some((places, source)) = &copies[evidence.factor.definition.0] {
            evidence.factor = through(places, source, &evidence.factor);
        }
    }
    program
}

/// What the definition copies, if it does.
fn copy_of(program: &Program, id: DefinitionId) -> Option<(Vec<AxisId>, Factor)> {
    let definition = program.definition(id);
    let Body::Query { factors, over, query: Query::Sum, normaliser: Normaliser::Nothing, .. } =
        &definition.body
    else {
        return None;
    };
    let [source] = factors.as_slice() else { return None };
    over.is_empty().then(|| (definition.axes.clone(), source.clone()))
}

/// The source of a copy, read where the copy is read.
fn through(places: &[AxisId], source: &Factor, reader: &Factor) -> Factor {
    let axes = source
        .axes
        .iter()
        .map(|axis| match places.iter().position(|place| place == axis) {
            Some(at) => reader.axes[at],
            None => unreachable!("bug in memo: a copy has all axes of its source"),
        })
        .collect();
    Factor { definition: source.definition, axes }
}
