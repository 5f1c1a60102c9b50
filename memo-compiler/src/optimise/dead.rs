//! Dead code: what no returned table rests on goes, except choices, whose
//! weights are checked whether or not anybody asks for them.

use super::rebuild;
use crate::tensor::{Body, DefinitionId, Program};

/// Removes what is not needed and numbers the rest anew.
pub(super) fn remove(program: Program) -> Program {
    let mut needed = vec![false; program.definitions.len()];
    for id in program.returns.iter().chain(program.evidence.iter().map(|e| &e.factor.definition)) {
        needed[id.0] = true;
    }
    // Whatever a definition refers to comes before it.
    for at in (0..program.definitions.len()).rev() {
        let definition = &program.definitions[at];
        needed[at] |=
            matches!(definition.body, Body::Choice { .. } | Body::Best { .. } | Body::Evidence { .. });
        if needed[at] {
            for factor in definition.references() {
                needed[factor.definition.0] = true;
            }
        }
    }
    rebuild(
        program,
        |kept, at, definition| {
            if needed[at] { kept.define(definition) } else { DefinitionId(usize::MAX) }
        },
    )
}
