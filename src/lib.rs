//! memo: a probabilistic programming language for reasoning about reasoning.
//!
//! Write who chooses, knows, observes and thinks what; get back a table of
//! exact probabilities. The folder `docs/` of the repository is a book that begins
//! with a first model; [`Table`] tells what can be done with the result.
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
//! Markdown, HTML and LaTeX need none. `fit` fits models to data.

/// Derives [`trait@Domain`] for an enum, whose values are its variants, or for a
/// struct, whose values are all combinations of its fields, the first slowest. A
/// field ranges over the domain of its type, or over what `#[domain(…)]` says.
///
/// ```
/// use memo::prelude::*;
///
/// #[derive(Clone, Copy, Debug, PartialEq, Domain)]
/// enum Facing { North, South }
///
/// #[derive(Clone, Copy, Debug, PartialEq, Domain)]
/// struct Place {
///     #[domain(0..3)]
///     x: i64,
///     facing: Facing,
/// }
///
/// // The type is a domain, and so is the constant of the same name.
/// assert_eq!(Place.len(), 6);
/// assert_eq!(Place.value(4), Place { x: 2, facing: Facing::North });
/// ```
///
/// Whoever has renamed this crate says so, as with `#[memo(crate = path)]`:
///
/// ```
/// extern crate memo as other;
/// use other::prelude::*;
///
/// #[derive(Clone, Copy, Debug, PartialEq, Domain)]
/// #[domain(crate = other)]
/// enum Coin { Tails, Heads }
///
/// #[memo(crate = other)]
/// fn fair<c: Coin>() {
///     model! {
///         alice: chooses(c in Coin, uniformly);
///         return Pr[alice.c == c];
///     }
/// }
///
/// assert_eq!(fair()[Coin::Heads], 0.5);
/// ```
pub use memo_macros::Domain;
/// Makes a function a model. Its generic parameters are the axes of the table that
/// it returns, its parameters what it is called with; the body is one [`model!`].
///
/// ```
/// use memo::prelude::*;
///
/// const X: std::ops::Range<i64> = 0..3;
///
/// #[memo]
/// fn softmax<x: X>(beta: f64) {
///     model! {
///         ann: chooses(x in X, wpp = exp(beta * x));
///         return Pr[ann.x == x];
///     }
/// }
///
/// assert_eq!(softmax(0.0)[2], 1.0 / 3.0);
/// // What can only go wrong at run time is a panic of `softmax`, and an error here.
/// let error = softmax::try_call(f64::NAN).unwrap_err();
/// assert!(matches!(error, memo::Error::BadWeight { .. }));
/// // What it costs, how it is computed, and who knows what in it.
/// assert!(softmax::cost(1.0).flops > 0);
/// assert!(softmax::plan().contains("O(|X|)"));
/// assert!(softmax::diagram().to_string().contains("knows x: X"));
/// ```
///
/// Options: `#[memo(cache)]` keeps tables between calls, until `f::clear_cache()`;
/// `#[memo(grad)]` adds derivatives with respect to the parameters, `f::jacobian`,
/// `f::vjp` and `f::value_and_grad`; `#[memo(explain)]` adds `f::explain`, see [`Explanation`];
/// `#[memo(strict)]` makes impossible evidence an error; `#[memo(crate = path)]` is
/// for whoever has renamed this crate, with `#[domain(crate = path)]` on types that derive
/// [`macro@Domain`].
pub use memo_macros::memo;
/// The statements of a model: the body of a function marked [`macro@memo`].
///
/// ```
/// use memo::prelude::*;
///
/// #[memo]
/// fn two_heads() {
///     model! {
///         player: draws(first in Bool, second in Bool, uniformly);
///         return Pr[player.first and player.second];
///     }
/// }
///
/// assert_eq!(two_heads().value(), 0.25);
/// ```
pub use memo_macros::model;
#[doc(hidden)]
pub use memo_runtime::__private;
/// The minds of a model, one in the other, as text and as a picture.
///
/// ```
/// use memo::prelude::*;
///
/// #[memo]
/// fn belief<seen: Bool>() {
///     model! {
///         ann: thinks[ bob: chooses(coin in Bool, uniformly) ];
///         ann: observes [bob.coin] is seen;
///         return ann[Pr[bob.coin]];
///     }
/// }
///
/// let diagram = belief::diagram();
/// assert!(diagram.to_string().contains("ann sees bob.coin"));
/// assert!(diagram.to_dot().starts_with("digraph"));
/// assert!(diagram.to_mermaid().starts_with("flowchart"));
/// assert!(diagram.to_svg().starts_with("<svg"));
/// ```
pub use memo_runtime::Diagram;
/// What each observation did to an answer, and the worlds of a belief.
///
/// ```
/// use memo::prelude::*;
///
/// /// Bob throws heads twice as often as tails; Ann, who is right in three of four
/// /// cases, thinks that she sees `seen`.
/// #[memo(explain)]
/// fn coin<seen: Bool>() {
///     model! {
///         ann: knows(seen);
///         ann: thinks[ bob: draws(coin in Bool, wpp = 2 if coin else 1) ];
///         ann: observes_event(wpp = 3 if bob.coin == seen else 1);
///         return ann[Pr[bob.coin]];
///     }
/// }
///
/// let why = coin::explain(true);
/// // Odds of 2 to 1 become 6 to 1.
/// assert_eq!((why.prior(), why.value()), (2.0 / 3.0, 6.0 / 7.0));
/// let step = &why.steps()[0];
/// assert_eq!(step.observed(), "ann observes an event of weight 3 if bob.coin == seen else 1, with seen = true");
/// assert!((step.weight().unwrap() - 10.0 * 3_f64.log10()).abs() < 1e-9);
/// let best = &why.worlds()[0];
/// assert_eq!((best.choices(), best.value()), (&[("bob.coin".into(), "true".into())][..], Some(1.0)));
/// assert!(why.to_string().contains("+4.77"));
/// assert!(why.to_html().starts_with("<div"));
/// ```
pub use memo_runtime::Explanation;
/// A call that has been made, with all that its derivatives need: `f::record(…)` of a
/// model with `#[memo(grad)]`.
///
/// ```
/// use memo::prelude::*;
///
/// const X: std::ops::Range<i64> = 0..3;
///
/// #[memo(grad)]
/// fn softmax<x: X>(beta: f64, w: &[f64]) {
///     model! {
///         ann: chooses(x in X, wpp = exp(beta * w[x]));
///         return Pr[ann.x == x];
///     }
/// }
///
/// let w = [0.0, 1.0, 2.0];
/// let mut call = softmax::record(0.5, &w);
/// // The mean, and what it changes by.
/// let mean = call.value().expectation(|x| x as f64);
/// let gradient = call.vjp(&[0.0, 1.0, 2.0]);
/// let variance = call.value().expectation(|x| (x as f64 - mean).powi(2));
/// assert!((gradient["beta"] - variance).abs() < 1e-12);
/// // One number for each element of an array; all change the sum of chances by nothing.
/// assert!(gradient.array("w").sum().abs() < 1e-12);
/// // Every cell: the chances sum to 1, whatever beta is.
/// let all = softmax::jacobian(0.5, &w);
/// assert!(all.table("beta").values().iter().sum::<f64>().abs() < 1e-12);
/// assert_eq!(all.array("w").shape(), [3, 3]);
/// ```
pub use memo_runtime::Record;
/// A table of numbers whose derivatives are wanted: `f::traced(…)` within [`grad`].
///
/// ```
/// use memo::{Real, prelude::*};
///
/// #[memo(grad)]
/// fn rain<wet: Bool>(p: f64) {
///     model! {
///         sky: chooses(wet in Bool, wpp = p if wet else 1 - p);
///         return Pr[sky.wet == wet];
///     }
/// }
///
/// // Seven wet days of ten: the log likelihood and its slope at p = 0.5.
/// let (value, slope) = memo::grad(&[0.5], |x| {
///     let sky = rain::traced(x[0]);
///     sky[true].ln() * 7.0 + sky[false].ln() * 3.0
/// });
/// assert!((value - 10.0 * 0.5_f64.ln()).abs() < 1e-12);
/// assert!((slope[0] - (7.0 / 0.5 - 3.0 / 0.5)).abs() < 1e-12);
/// // And how it bends.
/// let bend = memo::hessian(&[0.7], |x| {
///     let sky = rain::traced(x[0]);
///     sky[true].ln() * 7.0 + sky[false].ln() * 3.0
/// });
/// assert!((bend[[0, 0]] + 7.0 / 0.49 + 3.0 / 0.09).abs() < 1e-6);
/// ```
pub use memo_runtime::TracedTable;
#[cfg(feature = "fit")]
pub use memo_runtime::fit;
pub use memo_runtime::{
    Axes, AxisNames, Bool, Coordinates, Cost, Cotangent, Dataset, Domain, Dual, Error, Gradient, Jacobian,
    LabelSlice, LabelledArray, Linspace, ReadError, Real, Seeds, Slice, Step, Table, TracedArray, Values,
    Var, World, dist, grad, hessian, hvp, join, linspace, plot, set_call_limit, set_memory_limit, sweep,
    try_grad, try_hessian, try_hvp,
};

/// What a model can do with values: the traits and functions behind its comparisons
/// and numbers. Nobody needs to name them; messages of rustc do.
pub mod values {
    pub use memo_runtime::__private::{
        Beside, Derivative, Differentiated, Equal, Number, Numeric, Ordered, PassesThrough, Takes, Value,
        arg, differentiated, eq, ge, gt, le, loaded, lt, ne, num, same_axes, truth,
    };
}

/// What a model needs: `use memo::prelude::*;`.
pub mod prelude {
    pub use crate::dist;
    pub use crate::dist::*;
    pub use crate::{Bool, Domain, Linspace, Table, Values, linspace, memo, model};
}
