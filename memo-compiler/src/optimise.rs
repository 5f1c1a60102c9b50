//! Passes from tensor IR to tensor IR, each a pure function in its own file.

mod dead;
mod eliminate;
mod forward;
mod fuse;
mod hoist;
mod share;

use crate::tensor::Program;

/// All passes, in order.
#[must_use]
pub fn optimise(program: Program) -> Program {
    let program = share::share(program);
    let program = eliminate::eliminate(&program);
    let program = share::share(program);
    let program = forward::forward(program);
    let program = dead::remove(program);
    let program = fuse::fuse(program);
    let program = hoist::hoist(program);
    fuse::returned(program)
}
