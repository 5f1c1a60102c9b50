//! Second derivatives of the objective, and the standard errors that they give.

use ndarray::Array2;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::error::FitError;
use super::target::Target;

/// The matrix of second derivatives with respect to some of the parameters, by
/// differences of the exact gradient: the five-point rule of the fourth order. The steps
/// are a 64th of a standard error, as a first matrix with coarser steps tells it,
/// and never leave the bounds; the two halves are averaged.
pub(super) fn hessian(target: &Target<'_, '_>, all: &[f64], of: &[usize]) -> Result<Array2<f64>, FitError> {
    let size = |at: &usize| target.layout.elements[*at].size(all[*at]) / 512.0;
    let coarse: Vec<f64> = of.iter().map(size).collect();
    let first = differences(target, all, of, &coarse)?;
    let fine = |(i, coarse): (usize, &f64)| {
        let step = (1.0 / first[[i, i]]).sqrt() / 64.0;
        if step.is_finite() && step > 1e-10 * all[of[i]].abs() { step.min(64.0 * coarse) } else { *coarse }
    };
    let fine: Vec<f64> = coarse.iter().enumerate().map(fine).collect();
    differences(target, all, of, &fine)
}

fn differences(
    target: &Target<'_, '_>,
    all: &[f64],
    of: &[usize],
    steps: &[f64],
) -> Result<Array2<f64>, FitError> {
    let n = of.len();
    let row = |i: usize| -> Result<Vec<f64>, FitError> {
        let (at, element) = (of[i], &target.layout.elements[of[i]]);
        let room = (all[at] - element.low).min(element.high - all[at]);
        let step = steps[i].min(0.45 * room);
        let slopes = |steps: f64| {
            let mut moved = all.to_vec();
            moved[at] += steps * step;
            target.evaluate(&moved).map(|(_, slopes)| slopes)
        };
        let [a, b, c, d] = [slopes(-2.0)?, slopes(-1.0)?, slopes(1.0)?, slopes(2.0)?];
        Ok(of.iter().map(|j| (a[*j] - 8.0 * b[*j] + 8.0 * c[*j] - d[*j]) / (12.0 * step)).collect())
    };
    let rows: Vec<Vec<f64>> = (0..n).into_par_iter().map(row).collect::<Result<_, _>>()?;
    Ok(Array2::from_shape_fn((n, n), |(i, j)| 0.5 * (rows[i][j] + rows[j][i])))
}

/// Eigenvalues and eigenvectors (columns) of a symmetric matrix, by the cyclic method of
/// Jacobi (Golub & Van Loan, *Matrix Computations*, 2013, §8.5).
pub(super) fn eigen(matrix: &Array2<f64>) -> (Vec<f64>, Array2<f64>) {
    let n = matrix.nrows();
    let (mut a, mut v) = (matrix.clone(), Array2::eye(n));
    for _ in 0..60 {
        let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|at| a[at] * a[at]).sum();
        if off <= 1e-32 * a.diag().iter().map(|x| x * x).sum::<f64>() {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                if a[[p, q]] == 0.0 {
                    continue;
                }
                let tau = (a[[q, q]] - a[[p, p]]) / (2.0 * a[[p, q]]);
                let t = tau.signum() / (tau.abs() + (1.0 + tau * tau).sqrt());
                let c = 1.0 / (1.0 + t * t).sqrt();
                let s = t * c;
                for k in 0..n {
                    let (x, y) = (a[[k, p]], a[[k, q]]);
                    (a[[k, p]], a[[k, q]]) = (c * x - s * y, s * x + c * y);
                }
                for k in 0..n {
                    let (x, y) = (a[[p, k]], a[[q, k]]);
                    (a[[p, k]], a[[q, k]]) = (c * x - s * y, s * x + c * y);
                    let (x, y) = (v[[k, p]], v[[k, q]]);
                    (v[[k, p]], v[[k, q]]) = (c * x - s * y, s * x + c * y);
                }
            }
        }
    }
    (a.diag().to_vec(), v)
}

/// Below this part of the curvature along the parameters themselves, a direction is flat.
const FLAT: f64 = 1e-7;

/// The inverse of a matrix of second derivatives.
///
/// # Errors
/// [`FitError::NotIdentified`] where the objective is flat along some direction, or falls.
pub(super) fn inverse(hessian: &Array2<f64>, names: &[String]) -> Result<Array2<f64>, FitError> {
    let n = hessian.nrows();
    // As if all parameters had the same curvature, whatever their units.
    let largest = hessian.diag().iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let unit = |i: usize| {
        let own = hessian[[i, i]].abs();
        if own > 1e-24 * largest { own.sqrt() } else { 0.0 }
    };
    let units: Vec<f64> = (0..n).map(unit).collect();
    if let Some(flat) = units.iter().position(|unit| *unit == 0.0) {
        return Err(FitError::NotIdentified { direction: vec![(names[flat].clone(), 1.0)] });
    }
    let scaled = Array2::from_shape_fn((n, n), |(i, j)| hessian[[i, j]] / (units[i] * units[j]));
    let (values, vectors) = eigen(&scaled);
    let lowest = (0..n).min_by(|a, b| values[*a].total_cmp(&values[*b]));
    if let Some(lowest) = lowest.filter(|at| values[*at] < FLAT) {
        let parts: Vec<f64> = (0..n).map(|i| vectors[[i, lowest]] / units[i]).collect();
        let most = parts.iter().fold(0.0, |most: f64, x| if x.abs() > most.abs() { *x } else { most });
        let parts = names.iter().cloned().zip(parts.iter().map(|x| x / most));
        return Err(FitError::NotIdentified { direction: parts.filter(|(_, x)| x.abs() > 0.05).collect() });
    }
    let cell = |(i, j): (usize, usize)| {
        let sum: f64 = (0..n).map(|k| vectors[[i, k]] * vectors[[j, k]] / values[k]).sum();
        sum / (units[i] * units[j])
    };
    Ok(Array2::from_shape_fn((n, n), cell))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn eigenvalues_of_known_matrices() {
        // Of [[2, 1], [1, 2]]: 1 and 3.
        let (mut values, _) = eigen(&array![[2.0, 1.0], [1.0, 2.0]]);
        values.sort_by(f64::total_cmp);
        assert!((values[0] - 1.0).abs() < 1e-14 && (values[1] - 3.0).abs() < 1e-14);
        // A diagonal and what it is turned by are found again.
        let matrix = array![[4.0, 1.0, -2.0], [1.0, 3.0, 0.5], [-2.0, 0.5, 5.0]];
        let (values, v) = eigen(&matrix);
        let again = v.dot(&Array2::from_diag(&ndarray::Array1::from(values))).dot(&v.t());
        assert!((&again - &matrix).iter().all(|x| x.abs() < 1e-13), "{again}");
    }

    #[test]
    fn inverses_and_flat_directions() {
        let names = ["a".to_string(), "b".to_string()];
        let inverse_of = |matrix: Array2<f64>| inverse(&matrix, &names);
        // Units of a million apart do not matter.
        let matrix = array![[2e12, 1e6], [1e6, 2.0]];
        let found = inverse_of(matrix.clone()).unwrap_or_else(|error| panic!("{error}"));
        assert!((&found.dot(&matrix) - &Array2::<f64>::eye(2)).iter().all(|x| x.abs() < 1e-6), "{found}");
        // Only a − b matters.
        let error = inverse_of(array![[1.0, -1.0], [-1.0, 1.0]]).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("hardly changes along +1.00 a +1.00 b"), "{text}");
    }
}
