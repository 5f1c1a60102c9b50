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
//!
//! # Features
//!
//! None is on by default. `npz`, `arrow`, `parquet` and `netcdf` write tables as files of
//! numpy, Arrow, Parquet and NetCDF; `polars` makes data frames of them. CSV, JSON,
//! Markdown, HTML and LaTeX need none.

pub use memo_macros::{Domain, memo, model};
#[doc(hidden)]
pub use memo_runtime::__private;
pub use memo_runtime::{
    Axes, AxisNames, Bool, Coordinates, Cost, Dataset, Diagram, Domain, Error, LabelSlice, LabelledArray,
    Linspace, ReadError, Slice, Table, Values, dist, join, linspace, set_call_limit, set_memory_limit, sweep,
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

/// Holds the examples of the page against the code.
#[cfg(doctest)]
#[doc = include_str!("../docs/files.md")]
struct Files;
