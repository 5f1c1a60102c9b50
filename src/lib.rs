//! memo: a probabilistic programming language for reasoning about reasoning.
//!
//! Write who chooses, knows, observes and thinks what; get back a table of
//! exact probabilities.
//!
//! ```
//! use memo::prelude::*;
//!
//! #[derive(Clone, Copy, Debug, PartialEq, Domain)]
//! enum Coin { Tails, Heads }
//!
//! /// The chance that a coin of the given bias shows each face.
//! #[memo]
//! fn flip<c: Coin>(bias: f64) {
//!     model! {
//!         observer: given(face in Coin, wpp = if face == Coin::Heads { bias } else { 1.0 - bias });
//!         return Pr[observer.face == c];
//!     }
//! }
//!
//! let table = flip(0.2);
//! assert_eq!(table[Coin::Heads], 0.2);
//! assert_eq!(table.to_string().lines().nth(1), Some("| c: Coin | flip |"));
//! ```

pub use memo_macros::{Domain, memo, model};
#[doc(hidden)]
pub use memo_runtime::__private;
pub use memo_runtime::{
    Axes, Bool, Cost, Diagram, Domain, Error, LabelledArray, Linspace, ReadError, Table, Values, dist,
    linspace, plot, set_call_limit, set_memory_limit, sweep,
};

/// What a model can do with values: the traits and functions behind its comparisons
/// and numbers. Nobody needs to name them; messages of rustc do.
pub mod values {
    pub use memo_runtime::__private::{
        Equal, Number, Numeric, Ordered, Takes, Value, arg, eq, ge, gt, le, lt, ne, num, same_axes, truth,
    };
}

/// What a model needs: `use memo::prelude::*;`.
pub mod prelude {
    pub use crate::dist;
    pub use crate::dist::*;
    pub use crate::{Bool, Domain, Linspace, Table, Values, linspace, memo, model};
}
