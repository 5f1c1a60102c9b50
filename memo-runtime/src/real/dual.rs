//! Dual numbers: forward mode (Griewank & Walther, *Evaluating Derivatives*, 2008,
//! chapter 3).

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use super::{Real, number_like};

/// A value with its derivatives in `N` directions.
///
/// ```
/// use memo_runtime::{Dual, Real};
///
/// // The derivative of x·eˣ at 2 is (1 + 2)·e².
/// let x = Dual::<1>::variable(2.0, 0);
/// let y = x * x.exp();
/// assert!((y.slopes()[0] - 3.0 * 2.0_f64.exp()).abs() < 1e-12);
/// ```
///
/// Where the value is a dual number itself, the derivatives carry their own: the second
/// ones.
///
/// ```
/// use memo_runtime::{Dual, Real};
///
/// // The second derivative of x·eˣ is (2 + x)·eˣ.
/// let x = Dual::<1, Dual<1>>::variable(Dual::variable(2.0, 0), 0);
/// let y = x * x.exp();
/// assert!((y.slopes()[0].slopes()[0] - 4.0 * 2.0_f64.exp()).abs() < 1e-12);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Dual<const N: usize, T = f64> {
    pub(super) value: T,
    pub(super) slopes: [T; N],
}

impl<const N: usize, T: Real> Dual<N, T> {
    /// A number that does not change.
    #[must_use]
    #[inline]
    pub fn constant(value: T) -> Self {
        Self { value, slopes: [T::from(0.0); N] }
    }

    /// The variable of one of the directions.
    ///
    /// # Panics
    /// When there is no such direction.
    #[must_use]
    #[inline]
    pub fn variable(value: T, direction: usize) -> Self {
        let mut slopes = [T::from(0.0); N];
        slopes[direction] = T::from(1.0);
        Self { value, slopes }
    }

    /// The derivatives, one a direction.
    #[must_use]
    #[inline]
    pub fn slopes(&self) -> &[T; N] {
        &self.slopes
    }
}

impl<const N: usize> Dual<N> {
    /// A value with its derivatives.
    #[must_use]
    #[inline(always)]
    pub const fn with(value: f64, slopes: [f64; N]) -> Self {
        Self { value, slopes }
    }
}

impl Dual<1> {
    /// A number and what it changes by.
    #[must_use]
    #[inline(always)]
    pub(crate) const fn moving(value: f64, rate: f64) -> Self {
        Self { value, slopes: [rate] }
    }

    /// Whether it is 0 and stays so.
    #[must_use]
    #[inline(always)]
    pub(crate) fn vanishes(self) -> bool {
        self.value == 0.0 && self.slopes[0] == 0.0
    }

    /// What it changes by.
    #[must_use]
    #[inline(always)]
    pub(crate) fn rate(self) -> f64 {
        self.slopes[0]
    }
}

impl<const N: usize, T: Real> Real for Dual<N, T> {
    type Primal = T;

    #[inline]
    fn value(self) -> f64 {
        self.value.value()
    }

    #[inline]
    fn primal(self) -> T {
        self.value
    }

    #[inline]
    fn chain(self, value: T, derivative: T) -> Self {
        Self { value, slopes: self.slopes.map(|slope| slope.times(derivative)) }
    }

    #[inline]
    fn chain2(self, other: Self, value: T, (a, b): (T, T)) -> Self {
        let slopes = std::array::from_fn(|i| self.slopes[i].times(a) + other.slopes[i].times(b));
        Self { value, slopes }
    }

    #[inline]
    fn shifted(self, value: T, sign: f64) -> Self {
        Self { value, slopes: self.slopes.map(|slope| if sign < 0.0 { -slope } else { slope }) }
    }

    #[inline]
    fn joined(self, other: Self, value: T, sign: f64) -> Self {
        let slope = |i: usize| {
            let (a, b) = (self.slopes[i], other.slopes[i]);
            if sign < 0.0 { a - b } else { a + b }
        };
        Self { value, slopes: std::array::from_fn(slope) }
    }

    #[inline]
    fn times(self, derivative: Self) -> Self {
        let along =
            |i: usize| self.slopes[i].times(derivative.value) + self.value.times(derivative.slopes[i]);
        Self { value: self.value.times(derivative.value), slopes: std::array::from_fn(along) }
    }
}

impl<const N: usize, T: Real> From<f64> for Dual<N, T> {
    #[inline]
    fn from(value: f64) -> Self {
        Self::constant(T::from(value))
    }
}

number_like!([const N: usize, T: Real] Dual<N, T>, T);

impl<const N: usize, T: Real> Dual<N, T> {
    /// `q = a / b`, whose rate is `(ȧ - q ḃ) / b`, also where the square of `b` is 0.
    #[inline(always)]
    fn quotient(a: Self, b: Self) -> Self {
        let (value, inverse) = (a.value / b.value, T::from(1.0) / b.value);
        let slope = |i: usize| (a.slopes[i] - b.slopes[i].times(value)).times(inverse);
        Self { value, slopes: std::array::from_fn(slope) }
    }
}
