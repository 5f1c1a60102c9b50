//! How far predictions are from data: a number to be minimised and its slopes.

use crate::Real;
use crate::gradient::{Surprise, add_cells};

/// What predictions are compared with the data by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Score {
    /// Minus the logarithm of the multinomial likelihood, Σ k ln p, without the number of
    /// orders, which no parameter changes.
    Counts,
    /// The mean squared error.
    Squares,
    /// One minus the correlation of Pearson.
    Correlation,
}

/// Why there is no score: the cell of the data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum NoScore {
    /// What was observed has no chance.
    ZeroChance(usize),
    /// A prediction is no number, or a chance below 0.
    BadPrediction(usize),
    /// All predictions, or all data, are the same.
    NoSpread(&'static str),
}

/// What the rounding of 1 − p leaves below 0 of a chance.
const ROUNDING: f64 = 1e-12;

impl Score {
    /// The score of predictions that carry derivatives, where there is one.
    pub(super) fn of_numbers<R: Real>(self, observed: &[f64], predicted: &[R]) -> R {
        let pairs = || observed.iter().zip(predicted).filter(|(y, _)| !y.is_nan());
        let n = present(observed);
        match self {
            Self::Counts => pairs().filter(|(k, _)| **k != 0.0).map(|(k, p)| p.ln() * -k).sum(),
            Self::Squares => pairs().map(|(y, m)| (*m - *y) * (*m - *y)).sum::<R>() / n,
            Self::Correlation => {
                let mean_y = pairs().map(|(y, _)| y).sum::<f64>() / n;
                let mean_m = pairs().map(|(_, m)| *m).sum::<R>() / n;
                let ym: R = pairs().map(|(y, m)| (*m - mean_m) * (y - mean_y)).sum();
                let yy: f64 = pairs().map(|(y, _)| (y - mean_y).powi(2)).sum();
                let mm: R = pairs().map(|(_, m)| (*m - mean_m) * (*m - mean_m)).sum();
                R::from(1.0) - ym / (mm * yy).sqrt()
            }
        }
    }

    /// The score of predictions and its derivative with respect to each.
    pub(super) fn of(self, observed: &[f64], predicted: &[f64]) -> Result<(f64, Vec<f64>), NoScore> {
        let bad = |at: &usize| {
            let p = predicted[*at];
            !observed[*at].is_nan() && (!p.is_finite() || (self == Self::Counts && p < -ROUNDING))
        };
        if let Some(at) = (0..predicted.len()).find(bad) {
            return Err(NoScore::BadPrediction(at));
        }
        match self {
            Self::Counts => counts(observed, predicted),
            Self::Squares => Ok(squares(observed, predicted)),
            Self::Correlation => {
                let (r, slopes) = correlation(observed, predicted)?;
                Ok((1.0 - r, slopes.iter().map(|slope| -slope).collect()))
            }
        }
    }
}

fn counts(observed: &[f64], predicted: &[f64]) -> Result<(f64, Vec<f64>), NoScore> {
    let cannot_be = |(count, p): (&f64, &f64)| *count != 0.0 && *p <= 0.0;
    if let Some(at) = observed.iter().zip(predicted).position(cannot_be) {
        return Err(NoScore::ZeroChance(at));
    }
    let mut slopes = vec![0.0; observed.len()];
    let (value, _) = add_cells(predicted, &mut slopes, 0, &Surprise(observed));
    Ok((value, slopes))
}

/// How many of the data there are: the others are NaN.
pub(super) fn present(observed: &[f64]) -> f64 {
    observed.iter().filter(|y| !y.is_nan()).count() as f64
}

fn squares(observed: &[f64], predicted: &[f64]) -> (f64, Vec<f64>) {
    let n = present(observed);
    let error = |(y, m): (&f64, &f64)| if y.is_nan() { 0.0 } else { m - y };
    let errors: Vec<f64> = observed.iter().zip(predicted).map(error).collect();
    let value = errors.iter().map(|e| e * e).sum::<f64>() / n;
    (value, errors.iter().map(|e| 2.0 * e / n).collect())
}

/// The correlation of Pearson and its derivative with respect to each prediction:
/// ∂r/∂m = (y − ȳ) / √(Sₘₘ Sᵧᵧ) − r (m − m̄) / Sₘₘ.
pub(super) fn correlation(observed: &[f64], predicted: &[f64]) -> Result<(f64, Vec<f64>), NoScore> {
    let n = present(observed);
    let pairs = || observed.iter().zip(predicted).filter(|(y, _)| !y.is_nan());
    let (mean_y, mean_m) =
        (pairs().map(|(y, _)| y).sum::<f64>() / n, pairs().map(|(_, m)| m).sum::<f64>() / n);
    let sum = |f: &dyn Fn(f64, f64) -> f64| pairs().map(|(y, m)| f(y - mean_y, m - mean_m)).sum::<f64>();
    let (ym, yy, mm) = (sum(&|y, m| y * m), sum(&|y, _| y * y), sum(&|_, m| m * m));
    if yy <= 0.0 {
        return Err(NoScore::NoSpread("data"));
    }
    if mm <= 0.0 {
        return Err(NoScore::NoSpread("predictions"));
    }
    let root = (yy * mm).sqrt();
    let r = ym / root;
    let slope = |(y, m): (&f64, &f64)| {
        if y.is_nan() { 0.0 } else { (y - mean_y) / root - r * (m - mean_m) / mm }
    };
    Ok((r, observed.iter().zip(predicted).map(slope).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dual;

    #[test]
    fn slopes_are_those_of_differences() {
        let observed = [3.0, 0.0, f64::NAN, 5.0, 2.0];
        let predicted = [0.3, 0.1, 0.2, 0.25, 0.15];
        for score in [Score::Counts, Score::Squares, Score::Correlation] {
            let observed = if score == Score::Counts { [3.0, 0.0, 0.0, 5.0, 2.0] } else { observed };
            let value = |predicted: &[f64]| score.of(&observed, predicted).map(|(value, _)| value);
            let (plain, slopes) = score.of(&observed, &predicted).unwrap_or_else(|e| panic!("{e:?}"));
            let numbers = std::array::from_fn::<_, 5, _>(|at| Dual::<5>::variable(predicted[at], at));
            let numbers = score.of_numbers(&observed, &numbers);
            assert!((numbers.value() - plain).abs() < 1e-14, "{score:?}: {numbers} is not {plain}");
            for (at, slope) in numbers.slopes().iter().enumerate() {
                assert!((slope - slopes[at]).abs() < 1e-12, "{score:?}, {at}: {slope}");
            }
            for at in 0..5 {
                let moved = |h: f64| {
                    let mut all = predicted;
                    all[at] += h;
                    value(&all).unwrap_or_else(|e| panic!("{e:?}"))
                };
                let found = (moved(1e-5) - moved(-1e-5)) / 2e-5;
                assert!((slopes[at] - found).abs() < 1e-6 * found.abs().max(1.0), "{score:?}, {at}");
            }
        }
    }

    #[test]
    fn what_has_no_score() {
        assert_eq!(Score::Counts.of(&[1.0, 2.0], &[1.0, 0.0]), Err(NoScore::ZeroChance(1)));
        assert_eq!(Score::Counts.of(&[0.0, 2.0], &[0.0, 1.0]).map(|s| s.0), Ok(0.0));
        // 1 − 0.93 − 0.07 is below 0 by rounding.
        assert_eq!(Score::Counts.of(&[0.0, 2.0], &[-1e-17, 1.0]).map(|s| s.0), Ok(0.0));
        assert_eq!(Score::Counts.of(&[1.0, 2.0], &[-1e-17, 1.0]), Err(NoScore::ZeroChance(0)));
        assert_eq!(Score::Counts.of(&[0.0, 2.0], &[-0.1, 1.1]), Err(NoScore::BadPrediction(0)));
        assert_eq!(Score::Squares.of(&[1.0], &[f64::NAN]), Err(NoScore::BadPrediction(0)));
        assert_eq!(Score::Correlation.of(&[1.0, 2.0], &[3.0, 3.0]), Err(NoScore::NoSpread("predictions")));
    }
}
