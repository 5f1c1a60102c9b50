//! Sharing: definitions that compute the same are one (hash-consing).

use std::collections::BTreeMap;

use crate::tensor::{DefinitionId, Factor, Program, definition_key};

/// Lets whoever reads a definition read the first that is equal to it.
pub(super) fn share(mut program: Program) -> Program {
    let mut first: BTreeMap<String, DefinitionId> = BTreeMap::new();
    let mut instead: Vec<DefinitionId> = Vec::new();
    for at in 0..program.definitions.len() {
        let redirect = |factor: &mut Factor| factor.definition = instead[factor.definition.0];
        program.definitions[at].for_each_reference(&redirect);
        let id = DefinitionId(at);
        let key = definition_key(&program, program.definition(id));
        // What is returned stays, once for each `return`.
        let same = if program.returns.contains(&id) { id } else { *first.entry(key).or_insert(id) };
        if program.definitions[at].keeps_mass() {
            program.definitions[same.0].keep_mass();
        }
        instead.push(same);
    }
    program.evidence.iter_mut().for_each(|e| e.factor.definition = instead[e.factor.definition.0]);
    drop_repeated(&mut program, &instead);
    program
}

/// A repeated choice would be kept for the sake of its checks, which the first
/// one makes.
fn drop_repeated(program: &mut Program, instead: &[DefinitionId]) {
    let mut renamed = Vec::new();
    let mut kept = Vec::new();
    for (at, mut definition) in std::mem::take(&mut program.definitions).into_iter().enumerate() {
        if instead[at].0 == at {
            let renumber = |factor: &mut Factor| factor.definition = renamed[factor.definition.0];
            definition.for_each_reference(&renumber);
            renamed.push(DefinitionId(kept.len()));
            kept.push(definition);
        } else {
            renamed.push(renamed[instead[at].0]);
        }
    }
    program.definitions = kept;
    program.returns.iter_mut().for_each(|id| *id = renamed[id.0]);
    program.evidence.iter_mut().for_each(|e| e.factor.definition = renamed[e.factor.definition.0]);
}
