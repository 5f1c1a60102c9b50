//! Passes from tensor IR to tensor IR, each a pure function in its own file.

mod dead;
mod eliminate;
mod forward;
mod fuse;
mod hoist;
mod layout;
mod share;

use crate::tensor::{Definition, DefinitionId, Factor, Program};

/// All passes, in order.
#[must_use]
pub fn optimise(program: Program) -> Program {
    let program = share::share(program);
    let program = eliminate::eliminate(program);
    let program = share::share(program);
    let program = forward::forward(program);
    let program = dead::remove(program);
    let program = fuse::fuse(program);
    let program = hoist::hoist(program);
    let program = fuse::returned(program);
    layout::layout(program)
}

/// Builds a program anew, a definition at a time: `place` gets each with its
/// references renumbered, and says where it has gone.
fn rebuild(
    mut program: Program,
    mut place: impl FnMut(&mut Program, usize, Definition) -> DefinitionId,
) -> Program {
    let definitions = std::mem::take(&mut program.definitions);
    let mut renamed: Vec<DefinitionId> = Vec::with_capacity(definitions.len());
    for (at, mut definition) in definitions.into_iter().enumerate() {
        let renumber = |factor: &mut Factor| factor.definition = renamed[factor.definition.0];
        definition.for_each_reference(&renumber);
        let id = place(&mut program, at, definition);
        renamed.push(id);
    }
    program.returns.iter_mut().for_each(|id| *id = renamed[id.0]);
    program.evidence.iter_mut().for_each(|e| e.factor.definition = renamed[e.factor.definition.0]);
    program
}
