//! Copy propagation: a definition that only reads another one, cell by cell,
//! goes; whoever read it reads the other.

use crate::tensor::{AxisId, Factor, Program};

/// Replaces every reference to a copy.
pub(super) fn forward(mut program: Program) -> Program {
    // For each definition that is a copy: its axes and what it copies.
    let mut copies: Vec<Option<(Vec<AxisId>, Factor)>> = Vec::new();
    let resolve = |copies: &[Option<(Vec<AxisId>, Factor)>], factor: &mut Factor| {
        if let Some((own, source)) = &copies[factor.definition.0] {
            *factor = source.through(own, factor);
        }
    };
    for definition in &mut program.definitions {
        definition.for_each_reference(&|factor| resolve(&copies, factor));
        copies.push(match definition.product() {
            Some([source]) => Some((definition.axes.clone(), source.clone())),
            _ => None,
        });
    }
    program.evidence.iter_mut().for_each(|e| resolve(&copies, &mut e.factor));
    program
}
