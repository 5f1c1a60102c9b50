//! Tokens → syntax tree: recursive descent with a Pratt parser for
//! expressions, recovering at `;` and `,` so that several errors come out.

mod tree;

pub use tree::*;
