//! Models fitted to data: estimates with standard errors, profiles, grids, comparisons.
//!
//! An [`Objective`] is data with [`Predictions`] of a model ([`counts`], [`squares`],
//! [`correlation`]) or any function ([`log_likelihood`], [`loss`]). A [`Fit`] names its
//! parameters, with bounds, starts, transforms and priors; [`Fit::run`] finds the best
//! ones, a [`Fitted`] tells about them.
//!
//! ```
//! use memo_runtime::Real;
//! use memo_runtime::fit::{Fit, Prior, log_likelihood};
//!
//! // 65 of 180 people took the one, 115 the other, by the logistic function of beta.
//! let choices = || {
//!     log_likelihood(180.0, |p| {
//!         let first = 1.0 / ((p["beta"] * 0.5).exp() + 1.0);
//!         Ok(first.ln() * 65.0 + (1.0 - first).ln() * 115.0)
//!     })
//! };
//! let fitted = Fit::new(choices()).parameter("beta", 0.0..=10.0).starts(5).run()?;
//! // The most likely chance is 65 / 180.
//! assert!((fitted.estimate("beta") - 2.0 * (115.0_f64 / 65.0).ln()).abs() < 1e-9);
//! println!("{fitted}");
//! let (low, high) = fitted.profile("beta")?.interval(0.95)?;
//! assert!(low.unwrap() > 0.5 && high.unwrap() < 1.8);
//! // The same with a prior.
//! let map = Fit::new(choices()).parameter("beta", 0.0..).prior("beta", Prior::normal(0.0, 0.5)).run()?;
//! assert!(map.estimate("beta") < fitted.estimate("beta"));
//! # Ok::<(), memo_runtime::fit::FitError>(())
//! ```

mod builder;
mod chance;
mod compare;
mod curvature;
mod error;
mod fitted;
mod grid;
mod objective;
mod parameters;
mod predict;
mod prior;
mod profile;
mod resample;
mod score;
mod search;
mod target;
mod text;
mod validate;

pub use builder::Fit;
pub use compare::{Comparison, Ratio, compare, likelihood_ratio};
pub use error::FitError;
pub use fitted::{Derived, Fitted};
pub use grid::{Grid, GridBuilder};
pub use objective::{
    Objective, correlation, counts, log_likelihood, log_likelihood_with_gradient, loss, loss_with_gradient,
    squares,
};
pub use parameters::{Point, Transform, Vars};
pub use predict::{Predictions, from_record, from_traced, from_vars};
pub use prior::Prior;
pub use profile::Profile;
pub use resample::{Bootstrap, Check};
pub use search::Optimizer;
pub use validate::{Folds, Validation};
