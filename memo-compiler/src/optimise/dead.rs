//! Dead code: what no returned table rests on goes, except choices, whose
//! weights are checked whether or not anybody asks for them.

use crate::tensor::{Body, DefinitionId, Factor, Program};

/// Removes what is not needed and numbers the rest anew.
pub(super) fn remove(program: Program) -> Program {
    let mut needed = vec![false; program.definitions.len()];
    for id in program.returns.iter().chain(program.evidence.iter().map(|e| &e.factor.definition)) {
        needed[id.0] = true;
    }
    // Whatever a definition refers to comes before it.
    for at in (0..program.definitions.len()).rev() {
        let definition = &program.definitions[at];
        needed[at] |= matches!(definition.body, Body::Choice { .. } | Body::Evidence { .. });
        if needed[at] {
            for factor in definition.references() {
                needed[factor.definition.0] = true;
            }
        }
    }
    let mut renamed = Vec::new();
    let mut kept = Program { definitions: Vec::new(), returns: Vec::new(), ..program.clone() };
    for (at, mut definition) in program.definitions.into_iter().enumerate() {
        if needed[at] {
            let renumber = |factor: &mut Factor| factor.definition = renamed[factor.definition.0];
            definition.for_each_reference(&renumber);
            renamed.push(kept.define(definition));
        } else {
            renamed.push(DefinitionId(usize::MAX));
        }
    }
    kept.returns = program.returns.iter().map(|id| renamed[id.0]).collect();
    kept.evidence.iter_mut().for_each(|e| e.factor.definition = renamed[e.factor.definition.0]);
    kept
}
