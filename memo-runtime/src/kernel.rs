//! Row kernels: from weights to probabilities, and from masses to answers.
//!
//! Every kernel names its contract; weights that are negative, NaN or `+∞`
//! are refused with their place, never clipped.

use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::rows::{
    TooWide, share_out, share_out_multiples, share_out_products, share_out_quotients, weigh_row,
};
use crate::sums::total;

/// The first weight of a row that is no weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BadWeight {
    /// Its place in the row.
    pub at: usize,
    /// What it was.
    pub value: f64,
}

/// How close to the best counts as a tie, relative to the best.
const TIE: f64 = 1e-12;

/// Divides a row by its sum; a row of zeros stays as it is.
///
/// # Errors
/// The first weight that is negative, NaN or infinite.
#[inline]
pub fn normalize(row: &mut [f64]) -> Result<(), BadWeight> {
    if share_out(row) { Ok(()) } else { normalize_with_care(row) }
}

/// [`normalize`] of the products of two rows, of which the first is what the row holds
/// where it is not given.
///
/// # Errors
/// The first product that is negative, NaN or infinite.
///
/// ```
/// # use memo_runtime::__private::normalize_products;
/// let mut row = [0.5, 0.25, 0.25];
/// assert_eq!(normalize_products(&mut row, None, &[2.0, 4.0, 0.0]), Ok(()));
/// assert_eq!(row, [0.5, 0.5, 0.0]);
/// ```
#[inline(always)]
pub fn normalize_products(row: &mut [f64], first: Option<&[f64]>, times: &[f64]) -> Result<(), BadWeight> {
    if share_out_products(row, first, times) { Ok(()) } else { normalize_with_care(row) }
}

/// [`normalize`] of a row, which may be what the row holds, times two other rows, of which the
/// first has reciprocals of what all is to be divided by.
///
/// # Errors
/// The first product that is negative, NaN or infinite.
pub(crate) fn normalize_multiples(
    row: &mut [f64],
    first: Option<&[f64]>,
    by: &[f64],
    times: &[f64],
) -> Result<(), BadWeight> {
    if share_out_multiples(row, first, Some(by), times).is_some() { Ok(()) } else { normalize_with_care(row) }
}

/// [`normalize`] of the products of two rows, the first of which is divided before that, by
/// the first half of some numbers, of which the other half are the reciprocals.
///
/// # Errors
/// The first product that is negative, NaN or infinite.
pub(crate) fn normalize_quotients(
    row: &mut [f64],
    weights: &mut [f64],
    numbers: &[f64],
    times: &[f64],
) -> Result<(), BadWeight> {
    if share_out_quotients(row, weights, numbers, times) { Ok(()) } else { normalize_with_care(row) }
}

/// [`normalize`] for rows with bad weights, or whose sum overflows or sinks
/// below the normal numbers.
#[cold]
fn normalize_with_care(row: &mut [f64]) -> Result<(), BadWeight> {
    check_weights(row)?;
    let top = row.iter().copied().fold(0.0, f64::max);
    row.iter_mut().for_each(|w| *w /= top);
    let total = total(row);
    row.iter_mut().for_each(|w| *w /= total);
    Ok(())
}

/// Probabilities proportional to `factor · exp(exponent)`, without overflow;
/// the factors come in `row`. A factor of 0 wins over any exponent, and a row
/// without any weight becomes zeros.
///
/// # Errors
/// The first weight that is negative, NaN or infinite.
pub fn softmax(row: &mut [f64], exponents: &[f64]) -> Result<(), BadWeight> {
    match weigh_row(row, exponents) {
        Ok(()) => Ok(()),
        Err(TooWide) => {
            // The rare rows: to be refused, or of a range too wide for plain
            // products.
            let weights: Vec<Scaled> =
                row.iter().zip(exponents).map(|(f, e)| Scaled::plain(*f) * Scaled::exp(*e)).collect();
            row.copy_from_slice(&normalize_scaled(&weights)?);
            Ok(())
        }
    }
}

/// From which value on a value is as good as the best.
#[inline(always)]
pub(crate) fn least_of_the_best(best: f64) -> f64 {
    if best.is_finite() { best - TIE * best.abs() } else { best }
}

/// Whether a value is as good as the best, the smallest or the largest.
#[must_use]
#[inline]
pub fn is_best(value: f64, best: f64, smallest: bool) -> bool {
    if smallest { -value >= least_of_the_best(-best) } else { value >= least_of_the_best(best) }
}

/// Uniform over the largest values, ties within 1e-12 of the best, relative.
///
/// # Errors
/// The first value that is NaN.
#[inline]
pub fn maximize(row: &mut [f64]) -> Result<(), BadWeight> {
    let (mut best, mut nan) = (f64::NEG_INFINITY, false);
    for &value in row.iter() {
        nan |= value.is_nan();
        best = if value > best { value } else { best };
    }
    if nan {
        let at = row.iter().position(|x| x.is_nan()).unwrap_or_default();
        return Err(BadWeight { at, value: row[at] });
    }
    let least = least_of_the_best(best);
    let mut count = 0.0;
    for value in row.iter_mut() {
        *value = f64::from(u8::from(*value >= least));
        count += *value;
    }
    if count > 1.0 {
        let share = 1.0 / count;
        row.iter_mut().for_each(|value| *value *= share);
    }
    Ok(())
}

/// [`maximize`] of the negated row.
///
/// # Errors
/// The first value that is NaN.
#[inline]
pub fn minimize(row: &mut [f64]) -> Result<(), BadWeight> {
    row.iter_mut().for_each(|x| *x = -*x);
    maximize(row)
}

/// The larger of two values; NaN if there is one.
#[must_use]
#[inline(always)]
pub fn larger(best: f64, value: f64) -> f64 {
    if value > best || value.is_nan() { value } else { best }
}

/// The smaller of two values; NaN if there is one.
#[must_use]
#[inline(always)]
pub fn smaller(best: f64, value: f64) -> f64 {
    if value < best || value.is_nan() { value } else { best }
}

/// Whether a number of a table is none.
#[must_use]
#[inline]
pub fn any_is_nan(table: &[f64]) -> bool {
    // Without a way out, so that many are looked at together.
    table.iter().fold(false, |nan, x| nan | x.is_nan())
}

/// `factor · exp(exponent)`: a weight whose exponential may be out of range.
///
/// ```
/// use memo_runtime::__private::Scaled;
/// let sum = Scaled::exp(10_000.0) + Scaled::plain(2.0) * Scaled::exp(10_000.0);
/// assert_eq!((sum / Scaled::exp(10_000.0)).value(), 3.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scaled {
    factor: f64,
    exponent: f64,
}

impl Scaled {
    /// `exp(x)`, not yet computed.
    #[must_use]
    #[inline]
    pub fn exp(x: f64) -> Self {
        if x == f64::NEG_INFINITY { Self::plain(0.0) } else { Self { factor: 1.0, exponent: x } }
    }

    /// A number as it is.
    #[must_use]
    #[inline]
    pub fn plain(x: f64) -> Self {
        Self { factor: x, exponent: 0.0 }
    }

    /// The number itself, possibly 0 or `+∞`.
    #[must_use]
    pub fn value(self) -> f64 {
        if self.factor == 0.0 { 0.0 } else { self.factor * self.exponent.exp() }
    }
}

impl Mul for Scaled {
    type Output = Self;
    #[inline]
    fn mul(self, other: Self) -> Self {
        // An exact zero wins over any finite exponent.
        let factor = self.factor * other.factor;
        let exponent = if factor == 0.0 { 0.0 } else { self.exponent + other.exponent };
        Self { factor, exponent }
    }
}

impl Div for Scaled {
    type Output = Self;
    #[inline]
    fn div(self, other: Self) -> Self {
        Self { factor: self.factor / other.factor, exponent: self.exponent - other.exponent }
    }
}

impl Neg for Scaled {
    type Output = Self;
    #[inline]
    fn neg(self) -> Self {
        Self { factor: -self.factor, ..self }
    }
}

impl Add for Scaled {
    type Output = Self;
    #[inline]
    fn add(self, other: Self) -> Self {
        if self.factor == 0.0 {
            return other;
        }
        if other.factor == 0.0 {
            return self;
        }
        let exponent = self.exponent.max(other.exponent);
        let factor =
            self.factor * (self.exponent - exponent).exp() + other.factor * (other.exponent - exponent).exp();
        Self { factor, exponent }
    }
}

impl Sub for Scaled {
    type Output = Self;
    #[inline]
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

/// [`normalize`] for scaled weights.
///
/// # Errors
/// The first weight that is negative, NaN or infinite.
pub fn normalize_scaled(weights: &[Scaled]) -> Result<Vec<f64>, BadWeight> {
    let mut row = unscale(weights)?;
    normalize(&mut row)?;
    Ok(row)
}

/// The weights divided by the largest, as plain numbers.
///
/// # Errors
/// The first weight that is negative, NaN or infinite.
pub fn unscale(weights: &[Scaled]) -> Result<Vec<f64>, BadWeight> {
    let mut top = f64::NEG_INFINITY;
    for (at, weight) in weights.iter().enumerate() {
        let sound = weight.factor >= 0.0 && weight.factor < f64::INFINITY && weight.exponent < f64::INFINITY;
        if !sound {
            return Err(BadWeight { at, value: weight.value() });
        }
        if weight.factor > 0.0 {
            top = top.max(weight.exponent + weight.factor.ln());
        }
    }
    let shrink = |w: &Scaled| if w.factor == 0.0 { 0.0 } else { (w.exponent + w.factor.ln() - top).exp() };
    Ok(weights.iter().map(shrink).collect())
}

/// Checks evidence weights, which need not sum to one.
///
/// # Errors
/// The first weight that is negative, NaN or infinite.
pub fn check_weights(row: &[f64]) -> Result<(), BadWeight> {
    match row.iter().position(|w| !(*w >= 0.0 && *w < f64::INFINITY)) {
        Some(at) => Err(BadWeight { at, value: row[at] }),
        None => Ok(()),
    }
}

/// Fills a row, cell by cell.
#[inline(always)]
pub fn fill(row: &mut [f64], mut cell: impl FnMut(usize) -> f64) {
    for (at, place) in row.iter_mut().enumerate() {
        *place = cell(at);
    }
}

/// Fills a row, each cell from what it holds.
#[inline(always)]
pub fn update(row: &mut [f64], mut cell: impl FnMut(usize, f64) -> f64) {
    for (at, place) in row.iter_mut().enumerate() {
        *place = cell(at, *place);
    }
}

/// A mass times a value, which does not count without mass.
#[must_use]
#[inline(always)]
pub fn weighted(mass: f64, value: f64) -> f64 {
    if mass == 0.0 { 0.0 } else { mass * value }
}

/// A mean after one value more, whose share of all mass so far is `share`
/// (West 1979); where all values agree it is that value.
#[must_use]
#[inline(always)]
pub fn toward(mean: f64, value: f64, share: f64) -> f64 {
    let next = mean + (value - mean) * share;
    // Infinite values have no difference.
    let next = if next.is_nan() { mean + value } else { next };
    if value == mean { mean } else { next }
}

/// `count` cells of a table from `start`, to be filled.
#[inline(always)]
#[must_use]
pub fn row_mut(table: &mut [f64], start: usize, count: usize) -> &mut [f64] {
    &mut table[start..start + count]
}

/// `count` cells of a table from `start`.
#[inline(always)]
#[must_use]
pub fn row(table: &[f64], start: usize, count: usize) -> &[f64] {
    &table[start..start + count]
}

/// `a / b`, and 0 where `b` is: impossible evidence leaves no mass.
#[must_use]
#[inline]
pub fn ratio(a: f64, b: f64) -> f64 {
    if b == 0.0 { 0.0 } else { a / b }
}

/// Whether no mass is missing, but for what rounding has taken or given.
#[inline(always)]
pub(crate) fn is_whole(mass: f64, scale: f64) -> bool {
    (mass - scale).abs() <= 1e-12 * scale
}

/// A chance that is 1 but for rounding, as what is certain has by a sum, is 1.
///
/// ```
/// # use memo_runtime::__private::certain;
/// let sum = 0.7 + 0.2 + 0.1;
/// assert!(sum != 1.0 && certain(sum) == 1.0 && certain(0.999) == 0.999);
/// ```
#[must_use]
#[inline(always)]
pub fn certain(chance: f64) -> f64 {
    if (chance - 1.0).abs() <= 1e-14 { 1.0 } else { chance }
}

/// A weighted mean and variance, one value at a time (West 1979).
///
/// Certain values come out exact: where all values agree the mean is that
/// value and the variance is 0, whatever the weights.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moments {
    mass: f64,
    mean: f64,
    spread: f64,
}

impl Moments {
    /// Nothing added yet.
    #[must_use]
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value that has the given mass, which must not be 0.
    #[inline]
    pub fn add(&mut self, mass: f64, value: f64) {
        let first = self.mass == 0.0;
        self.mass += mass;
        if first {
            self.mean = value;
        } else if value != self.mean {
            let delta = value - self.mean;
            self.mean += delta * (mass / self.mass);
            self.spread += mass * delta * (value - self.mean);
        }
    }

    /// All of the mass.
    #[must_use]
    pub fn mass(&self) -> f64 {
        self.mass
    }

    /// The variance, of masses that are divided by their own sum.
    #[must_use]
    pub fn variance(&self) -> f64 {
        if self.mass == 0.0 { 0.0 } else { self.spread / self.mass }
    }

    /// The variance of masses that are divided by `scale`, where some mass
    /// may be missing: the mean is then the smaller for it.
    #[must_use]
    pub fn variance_over(&self, scale: f64) -> f64 {
        if scale == 0.0 {
            return 0.0;
        }
        if is_whole(self.mass, scale) {
            return self.variance();
        }
        let mass = self.mass / scale;
        let shift = self.mean - mass * self.mean;
        self.spread / scale + mass * shift * shift
    }
}

/// A weighted mean.
///
/// A value that is certain comes out exact, whatever the weights.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mean {
    mass: f64,
    sum: f64,
    first: f64,
    varies: bool,
}

impl Mean {
    /// Nothing added yet.
    #[must_use]
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a value that has the given mass, which must not be 0.
    #[inline]
    pub fn add(&mut self, mass: f64, value: f64) {
        if self.mass == 0.0 {
            self.first = value;
        }
        self.varies |= value != self.first;
        self.mass += mass;
        self.sum += mass * value;
    }

    /// All of the mass.
    #[must_use]
    #[inline]
    pub fn mass(&self) -> f64 {
        self.mass
    }

    /// The mean, of masses divided by their own sum; 0 without mass.
    #[must_use]
    #[inline]
    pub fn value(&self) -> f64 {
        if self.mass == 0.0 {
            0.0
        } else if self.varies {
            self.sum / self.mass
        } else {
            self.first
        }
    }

    /// The sum of mass times value, divided by `scale`; 0 for scale 0.
    #[must_use]
    #[inline]
    pub fn over(&self, scale: f64) -> f64 {
        if scale == 0.0 { 0.0 } else { self.sum / scale }
    }
}

/// `Σ p (ln p − ln q)` of two rows of probabilities; `+∞` where the second
/// says that what the first says may be cannot be.
#[must_use]
pub fn divergence(p: &[f64], q: &[f64]) -> f64 {
    let terms = p.iter().zip(q).filter(|(p, _)| **p > 0.0);
    let total: f64 = terms.map(|(p, q)| p * (p.ln() - q.ln())).sum();
    // No terms sum to -0.
    total + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_moves_towards_each_value() {
        let mean = |values: &[(f64, f64)]| {
            let (mut total, mut mean) = (0.0, 0.0);
            for (mass, value) in values {
                total += mass;
                mean = toward(mean, *value, mass / total);
            }
            mean
        };
        assert_eq!(mean(&[(0.5, 1.0), (0.5, 3.0)]), 2.0);
        assert_eq!(mean(&[(0.1, 0.3), (0.7, 0.3), (0.2, 0.3)]), 0.3);
        let infinite = f64::NEG_INFINITY;
        assert_eq!(mean(&[(0.5, infinite), (0.5, 3.0)]), infinite);
        assert_eq!(mean(&[(0.5, 3.0), (0.3, infinite), (0.2, infinite)]), infinite);
        assert!(mean(&[(0.5, 3.0), (0.5, f64::NAN)]).is_nan());
        assert_eq!((weighted(0.0, infinite), weighted(0.5, 4.0)), (0.0, 2.0));
    }

    #[test]
    fn a_row_of_zeros_stays() {
        let mut row = [0.0, 0.0];
        assert_eq!(normalize(&mut row), Ok(()));
        assert_eq!(row, [0.0, 0.0]);
    }

    #[test]
    fn bad_weights_are_named() {
        assert_eq!(normalize(&mut [1.0, -2.0]), Err(BadWeight { at: 1, value: -2.0 }));
        assert!(normalize(&mut [f64::NAN]).is_err());
        assert!(softmax(&mut [1.0, 1.0], &[0.0, f64::INFINITY]).is_err());
        assert!(softmax(&mut [1.0, 1.0], &[0.0, f64::NAN]).is_err());
        assert!(softmax(&mut [1.0, -1.0], &[0.0, 0.0]).is_err());
        assert_eq!(softmax(&mut [1.0, 0.0], &[0.0, f64::INFINITY]), Ok(()));
    }

    #[test]
    fn huge_and_tiny_weights_keep_their_ratios() {
        let mut row = [f64::MAX, f64::MAX];
        normalize(&mut row).unwrap_or_else(|bad| panic!("{bad:?}"));
        assert_eq!(row, [0.5, 0.5]);
        let mut row = [5e-324, 5e-324];
        normalize(&mut row).unwrap_or_else(|bad| panic!("{bad:?}"));
        assert_eq!(row, [0.5, 0.5]);
        let mut row = [1.0, 1.0];
        softmax(&mut row, &[10_000.0, 10_000.0 + 2.0_f64.ln()]).unwrap_or_else(|bad| panic!("{bad:?}"));
        assert!((row[1] - 2.0 / 3.0).abs() < 1e-12);
        // The one with the largest exponent is not the largest.
        let mut row = [1e-300, 1e300, 0.0];
        softmax(&mut row, &[1_000.0, 0.0, 5_000.0]).unwrap_or_else(|bad| panic!("{bad:?}"));
        assert!(row[1] == 1.0 && row[0] < 1e-100 && row[2] == 0.0, "{row:?}");
        let mut row = [2.0, 3.0];
        softmax(&mut row, &[f64::NEG_INFINITY, f64::NEG_INFINITY]).unwrap_or_else(|bad| panic!("{bad:?}"));
        assert_eq!(row, [0.0, 0.0]);
    }

    #[test]
    fn certain_values_are_exact() {
        let (mut mean, mut moments) = (Mean::default(), Moments::default());
        for mass in [0.1, 0.2, 0.3, 1.0 / 3.0] {
            mean.add(mass, 0.7);
            moments.add(mass, 0.7);
        }
        assert_eq!((mean.value(), moments.variance()), (0.7, 0.0));
        // The masses are 0.9333333333333332 in all, 14 / 15 by rounding.
        let whole = 14.0 / 15.0;
        assert_eq!(moments.variance_over(whole), 0.0);
        // What is missing counts.
        assert!((mean.over(1.0) - 0.7 * whole).abs() < 1e-15);
        assert!((moments.variance_over(1.0) - 0.49 * whole * (1.0 - whole).powi(2)).abs() < 1e-15);
    }

    #[test]
    fn ties_within_rounding_share() {
        let mut row = [0.1 + 0.2, 0.3, 0.2];
        maximize(&mut row).unwrap_or_else(|bad| panic!("{bad:?}"));
        assert_eq!(row, [0.5, 0.5, 0.0]);
    }

    #[test]
    fn scaled_weights_meet_far_out_of_range() {
        let weights = [Scaled::plain(2.0) * Scaled::exp(-9_000.0), Scaled::exp(-9_000.0), Scaled::plain(0.0)];
        let row = normalize_scaled(&weights).unwrap_or_else(|bad| panic!("{bad:?}"));
        assert!((row[0] - 2.0 / 3.0).abs() < 1e-12 && row[2] == 0.0);
    }
}
