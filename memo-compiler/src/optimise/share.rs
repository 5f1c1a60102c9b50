//! Sharing: definitions that compute the same are one (hash-consing).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::rebuild;
use crate::tensor::{DefinitionId, Program, definition_key};

/// Lets whoever reads a definition read the first that is equal to it; the
/// others go, choices too, since the first one makes their checks.
pub(super) fn share(program: Program) -> Program {
    let returns = program.returns.clone();
    let mut first: BTreeMap<String, DefinitionId> = BTreeMap::new();
    rebuild(program, |out, at, definition| {
        // What is returned stays, once for each `return`.
        if returns.contains(&DefinitionId(at)) {
            return out.define(definition);
        }
        match first.entry(definition_key(out, &definition)) {
            Entry::Occupied(same) => {
                if definition.keeps_mass() {
                    out.definitions[same.get().0].keep_mass();
                }
                *same.get()
            }
            Entry::Vacant(new) => *new.insert(out.define(definition)),
        }
    })
}
