//! Second derivatives of the objective, and the standard errors that they give.

use ndarray::Array2;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::error::FitError;
use super::target::Target;

/// How often steps are chosen anew, before the curvature is taken as it is.
const TRIALS: usize = 4;

/// The matrix of second derivatives with respect to some of the parameters where the
/// slopes have vanished: exact where the objective is composed of numbers that carry
/// derivatives, else by differences.
pub(super) fn hessian(target: &Target<'_, '_>, all: &[f64], of: &[usize]) -> Result<Array2<f64>, FitError> {
    if let Some(bent) = target.bend(all) {
        let bent = bent?;
        let found = Array2::from_shape_fn((of.len(), of.len()), |(i, j)| bent[[of[i], of[j]]]);
        // Some functions have first derivatives alone at their borders.
        if found.iter().all(|x| x.is_finite()) {
            return Ok(found);
        }
    }
    by_differences(target, all, of)
}

/// The same by differences of the exact gradient on the scale of the search:
/// the five-point rule of the fourth order, on a bound one of the third order away from it. The
/// steps are a 64th of a standard error, as a first matrix with other steps tells it, and a
/// 32nd of the way to the nearer bound at most; the two halves are averaged.
fn by_differences(target: &Target<'_, '_>, all: &[f64], of: &[usize]) -> Result<Array2<f64>, FitError> {
    let elements = &target.layout.elements;
    let room = |at: &usize| {
        let (low, high) = elements[*at].inward_bounds();
        let t = elements[*at].inward(all[*at]);
        let nearer = (t - low).min(high - t);
        (if nearer > 0.0 { nearer } else { high - low }) / 32.0
    };
    let most: Vec<f64> = of.iter().map(room).collect();
    let first = |(at, most): (&usize, &f64)| (elements[*at].step(all[*at]) / 512.0).min(*most);
    let mut steps: Vec<f64> = of.iter().zip(&most).map(first).collect();
    let mut found = differences(target, all, of, &steps)?;
    for _ in 1..TRIALS {
        let mut good = true;
        for (i, step) in steps.iter_mut().enumerate() {
            let error = (target.curvature_scale() / found[[i, i]]).sqrt();
            let better =
                if error.is_finite() && error > 0.0 { (error / 64.0).min(most[i]) } else { *step / 32.0 };
            // Below this the steps are rounding.
            let t = elements[of[i]].inward(all[of[i]]).abs();
            let better = better.max(1e-9 * t.max(f64::MIN_POSITIVE)).min(64.0 * *step);
            good &= (0.5..2.0).contains(&(better / *step));
            *step = better;
        }
        if good {
            break;
        }
        found = differences(target, all, of, &steps)?;
    }
    let slope: Vec<f64> = of.iter().map(|at| elements[*at].outward_slope(all[*at])).collect();
    // The scale of the search bends, too: (f(x(t)))″ = f″ x′² + f′ x″.
    let (_, slopes) = target.evaluate(all)?;
    let bent = |i: usize| slopes[of[i]] * elements[of[i]].outward_bend(all[of[i]]);
    Ok(Array2::from_shape_fn((of.len(), of.len()), |(i, j)| {
        (found[[i, j]] - if i == j { bent(i) } else { 0.0 }) / (slope[i] * slope[j])
    }))
}

fn differences(
    target: &Target<'_, '_>,
    all: &[f64],
    of: &[usize],
    steps: &[f64],
) -> Result<Array2<f64>, FitError> {
    let n = of.len();
    let elements = &target.layout.elements;
    let row = |i: usize| -> Result<Vec<f64>, FitError> {
        let (at, element, step) = (of[i], &elements[of[i]], steps[i]);
        let slopes = |steps: f64| {
            let mut moved = all.to_vec();
            moved[at] = element.outward(element.inward(all[at]) + steps * step);
            let (_, slopes) = target.evaluate(&moved)?;
            let inner = of.iter().map(|j| slopes[*j] * elements[*j].outward_slope(moved[*j]));
            Ok::<Vec<f64>, FitError>(inner.collect())
        };
        let (low, high) = element.inward_bounds();
        let t = element.inward(all[at]);
        if t > low && t < high {
            let [a, b, c, d] = [slopes(-2.0)?, slopes(-1.0)?, slopes(1.0)?, slopes(2.0)?];
            return Ok((0..n).map(|j| (a[j] - 8.0 * b[j] + 8.0 * c[j] - d[j]) / (12.0 * step)).collect());
        }
        let side = if t <= low { 1.0 } else { -1.0 };
        let [a, b, c, d] = [slopes(0.0)?, slopes(side)?, slopes(2.0 * side)?, slopes(3.0 * side)?];
        let difference = |j: usize| -11.0 * a[j] + 18.0 * b[j] - 9.0 * c[j] + 2.0 * d[j];
        Ok((0..n).map(|j| side * difference(j) / (6.0 * step)).collect())
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
/// Beyond this part it falls.
const FALLS: f64 = 1e-4;

/// The inverse of a matrix of second derivatives.
///
/// # Errors
/// [`FitError::NotIdentified`] where the objective is flat along some direction,
/// [`FitError::NotAMinimum`] where it falls.
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
    if let Some(at) = lowest.filter(|at| values[*at] < FLAT) {
        let parts: Vec<f64> = (0..n).map(|i| vectors[[i, at]] / units[i]).collect();
        let most = parts.iter().fold(0.0, |most: f64, x| if x.abs() > most.abs() { *x } else { most });
        let parts = names.iter().cloned().zip(parts.iter().map(|x| x / most));
        let direction = parts.filter(|(_, x)| x.abs() > 0.05).collect();
        let falls = values[at] < -FALLS;
        return Err(if falls {
            FitError::NotAMinimum { direction }
        } else {
            FitError::NotIdentified { direction }
        });
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
        let error = inverse_of(array![[1.0, 0.0], [0.0, -1.0]]).unwrap_err();
        assert_eq!(error, FitError::NotAMinimum { direction: vec![("b".into(), 1.0)] });
    }
}
