//! What a returned table rests on, as a text: two models whose texts are the same
//! return the same.

use std::fmt::Write as _;

use super::rebuild;
use crate::tensor::{DefinitionId, Program, definition_key};

/// All definitions that the first returned table rests on.
#[must_use]
pub fn cone(program: &Program) -> String {
    let mut needed = vec![false; program.definitions.len()];
    if let Some(id) = program.returns.first() {
        needed[id.0] = true;
    }
    for at in (0..program.definitions.len()).rev() {
        if needed[at] {
            program.definitions[at].references().iter().for_each(|f| needed[f.definition.0] = true);
        }
    }
    let mut part = program.clone();
    part.returns.truncate(1);
    // The marks are those of what is read.
    part.evidence.clear();
    let part = rebuild(
        part,
        |kept, at, definition| {
            if needed[at] { kept.define(definition) } else { DefinitionId(usize::MAX) }
        },
    );
    part.definitions.iter().fold(String::new(), |mut out, definition| {
        let _ = writeln!(out, "{}", definition_key(&part, definition));
        out
    })
}
