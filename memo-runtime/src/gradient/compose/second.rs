//! Second derivatives of what is computed from several models.

use ndarray::Array2;

use super::{Var, followed};
use crate::Error;
use crate::real::{Dual, Real};

/// The matrix of second derivatives of a function, exact to rounding: forward over
/// reverse mode, once for each number. The cost is that of a few gradients a number.
///
/// ```
/// use memo_runtime::{Real, hessian};
///
/// let h = hessian(&[2.0, 3.0], |x| x[0] * x[0] * x[1]);
/// assert_eq!(h, ndarray::array![[6.0, 4.0], [4.0, 0.0]]);
/// ```
///
/// # Panics
/// Where [`try_hessian`] returns an error.
#[track_caller]
#[must_use]
pub fn hessian<'env>(
    at: &[f64],
    function: impl for<'t> Fn(&[Var<'t, 'env>]) -> Var<'t, 'env>,
) -> Array2<f64> {
    try_hessian(at, |x| Ok::<_, Error>(function(x))).unwrap_or_else(|error| panic!("{error}"))
}

/// [`hessian`] of a function that can fail: `f::try_traced(…)?`.
///
/// # Errors
/// Those of the function, and what goes wrong in functions of the user's on the way
/// back.
pub fn try_hessian<'env, E: From<Error>>(
    at: &[f64],
    function: impl for<'t> Fn(&[Var<'t, 'env>]) -> Result<Var<'t, 'env>, E>,
) -> Result<Array2<f64>, E> {
    let n = at.len();
    let mut rows = Array2::zeros((n, n));
    let mut along = vec![0.0; n];
    for i in 0..n {
        along[i] = 1.0;
        let (_, _, row) = try_hvp(at, &along, &function)?;
        rows.row_mut(i).iter_mut().zip(row).for_each(|(place, x)| *place = x);
        along[i] = 0.0;
    }
    // The two halves differ by rounding.
    Ok((&rows + &rows.t()) / 2.0)
}

/// The value of a function, its derivative with respect to each number, and the product
/// of the matrix of its second derivatives and a vector `along`: what the derivative
/// changes by along it. The cost is that of a few gradients, however many numbers there
/// are.
///
/// ```
/// use memo_runtime::{Real, hvp};
///
/// let (value, slopes, bends) = hvp(&[2.0, 3.0], &[1.0, -1.0], |x| x[0] * x[0] * x[1]);
/// assert_eq!((value, slopes, bends), (12.0, vec![12.0, 4.0], vec![2.0, 4.0]));
/// ```
///
/// # Panics
/// When `along` has another length than `at`, and where [`try_hvp`] returns an error.
#[track_caller]
pub fn hvp<'env>(
    at: &[f64],
    along: &[f64],
    function: impl for<'t> FnOnce(&[Var<'t, 'env>]) -> Var<'t, 'env>,
) -> (f64, Vec<f64>, Vec<f64>) {
    try_hvp(at, along, |x| Ok::<_, Error>(function(x))).unwrap_or_else(|error| panic!("{error}"))
}

/// [`hvp`] of a function that can fail: `f::try_traced(…)?`.
///
/// # Panics
/// When `along` has another length than `at`.
///
/// # Errors
/// Those of the function, and what goes wrong in functions of the user's on the way
/// back.
#[track_caller]
pub fn try_hvp<'env, E: From<Error>>(
    at: &[f64],
    along: &[f64],
    function: impl for<'t> FnOnce(&[Var<'t, 'env>]) -> Result<Var<'t, 'env>, E>,
) -> Result<(f64, Vec<f64>, Vec<f64>), E> {
    assert!(
        at.len() == along.len(),
        "a vector of {} numbers is given for a function of {}",
        along.len(),
        at.len()
    );
    let start = at.iter().zip(along).map(|(x, rate)| Dual::moving(*x, *rate));
    let (value, slopes) = followed::<Dual<1>, E>(start, function)?;
    let part = |of: fn(Dual<1>) -> f64| slopes.iter().map(|slope| of(*slope)).collect();
    Ok((value.value(), part(Real::value), part(Dual::rate)))
}
