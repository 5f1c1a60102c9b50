//! Passes from tensor IR to tensor IR, each a pure function in its own file.

mod best;
mod cone;
mod dead;
mod decide;
mod eliminate;
mod forward;
mod fuse;
mod hoist;
mod layout;
mod long;
mod share;

use crate::tensor::{Definition, DefinitionId, Factor, Program};

pub use cone::cone;
pub use long::{Long, long};

/// A pass that a model can do without, at the price of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Equal definitions are one.
    Share,
    /// Sums over many axes become sums over one.
    Eliminate,
    /// Products are multiplied where they are read.
    Fuse,
    /// The value of the best choice is the largest weight.
    Best,
    /// The best of normalised weights is the best of the weights.
    Decide,
    /// What is the same in every call is computed once.
    Hoist,
    /// Tables lie as they are read.
    Layout,
    /// There is a second layout, for one axis that is much longer than all others.
    Long,
    /// Small tables are computed on the stack.
    Compact,
}

impl Pass {
    /// The pass that the option `without_…` of a model leaves out; for tests
    /// and benchmarks, no part of the language.
    #[must_use]
    pub fn named(option: &str) -> Option<Self> {
        Some(match option {
            "without_share" => Self::Share,
            "without_eliminate" => Self::Eliminate,
            "without_fuse" => Self::Fuse,
            "without_best" => Self::Best,
            "without_decide" => Self::Decide,
            "without_hoist" => Self::Hoist,
            "without_layout" => Self::Layout,
            "without_long" => Self::Long,
            "without_compact" => Self::Compact,
            _ => return None,
        })
    }
}

/// All passes, in order.
#[must_use]
pub fn optimise(program: Program) -> Program {
    optimise_without(program, &[])
}

/// All passes but some.
#[must_use]
pub fn optimise_without(program: Program, without: &[Pass]) -> Program {
    let run = |pass: Pass, program: Program, work: fn(Program) -> Program| {
        if without.contains(&pass) { program } else { work(program) }
    };
    let program = run(Pass::Share, program, share::share);
    let program = run(Pass::Eliminate, program, eliminate::eliminate);
    let program = run(Pass::Share, program, share::share);
    let program = forward::forward(program);
    let program = dead::remove(program);
    let program = run(Pass::Fuse, program, fuse::fuse);
    let program = run(Pass::Best, program, best::best);
    let program = run(Pass::Decide, program, decide::decide);
    let program = run(Pass::Hoist, program, hoist::hoist);
    let program = fuse::returned(program);
    run(Pass::Layout, program, layout::layout)
}

/// A program without the definitions that are gone, which nobody reads.
fn without(program: Program, gone: &[bool]) -> Program {
    rebuild(
        program,
        |kept, at, definition| {
            if gone[at] { DefinitionId(usize::MAX) } else { kept.define(definition) }
        },
    )
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
