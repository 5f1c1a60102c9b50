//! The compiler of memo: syntax → analysis → tensor IR → code.

mod analysis;
mod codegen;
pub mod diagnostics;
mod evaluate;
mod optimise;
pub mod syntax;
pub mod tensor;

pub use analysis::analyse;
pub use evaluate::evaluate;
pub use optimise::optimise;
