//! Passes from tensor IR to tensor IR, each a pure function in its own file.

mod eliminate;

use crate::tensor::Program;

/// All passes, in order.
#[must_use]
pub fn optimise(program: Program) -> Program {
    eliminate::eliminate(&program)
}
