//! Numbers that may carry derivatives: what functions are generic over when a
//! model that is differentiated passes through them.
//!
//! Forward mode: a [`Dual`] is a value with its derivatives in `N` directions
//! (Griewank & Walther, *Evaluating Derivatives*, 2008, chapter 3).

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use crate::value::FromNumber;

/// A real number, with or without derivatives: `f64` and [`Dual`].
///
/// A Rust function that a `#[memo(grad)]` model calls with something that
/// depends on a parameter is generic over it:
///
/// ```
/// use memo_runtime::Real;
///
/// fn utility<R: Real>(reward: R, effort: f64) -> R {
///     reward.ln() - effort * 0.5
/// }
///
/// assert_eq!(utility(1.0, 4.0), -2.0);
/// ```
pub trait Real:
    Copy
    + fmt::Debug
    + PartialEq
    + PartialOrd
    + PartialEq<f64>
    + PartialOrd<f64>
    + From<f64>
    + Neg<Output = Self>
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Add<f64, Output = Self>
    + Sub<f64, Output = Self>
    + Mul<f64, Output = Self>
    + Div<f64, Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + Sum
{
    /// The number without its derivatives.
    fn value(self) -> f64;
    /// A function of this number, given its value here and its derivative.
    #[must_use]
    fn chain(self, value: f64, derivative: f64) -> Self;
    /// A function of two numbers, given its value here and its derivatives.
    #[must_use]
    fn chain2(self, other: Self, value: f64, derivatives: (f64, f64)) -> Self;

    /// eˣ.
    #[must_use]
    fn exp(self) -> Self {
        let value = self.value().exp();
        self.chain(value, value)
    }

    /// The natural logarithm.
    #[must_use]
    fn ln(self) -> Self {
        let x = self.value();
        self.chain(x.ln(), 1.0 / x)
    }

    /// The square root.
    #[must_use]
    fn sqrt(self) -> Self {
        let root = self.value().sqrt();
        self.chain(root, 0.5 / root)
    }

    /// The absolute value; its derivative at 0 is taken to be 0.
    #[must_use]
    fn abs(self) -> Self {
        let x = self.value();
        self.chain(x.abs(), if x == 0.0 { 0.0 } else { x.signum() })
    }

    /// The sine.
    #[must_use]
    fn sin(self) -> Self {
        let x = self.value();
        self.chain(x.sin(), x.cos())
    }

    /// The cosine.
    #[must_use]
    fn cos(self) -> Self {
        let x = self.value();
        self.chain(x.cos(), -x.sin())
    }

    /// The tangent.
    #[must_use]
    fn tan(self) -> Self {
        let value = self.value().tan();
        self.chain(value, 1.0 + value * value)
    }

    /// The hyperbolic tangent.
    #[must_use]
    fn tanh(self) -> Self {
        let value = self.value().tanh();
        self.chain(value, 1.0 - value * value)
    }

    /// A whole power.
    #[must_use]
    fn powi(self, n: i32) -> Self {
        let x = self.value();
        let slope = if n == 0 { 0.0 } else { f64::from(n) * x.powi(n - 1) };
        self.chain(x.powi(n), slope)
    }

    /// A power; the derivative with respect to the exponent is 0 where the base
    /// is 0.
    #[must_use]
    fn powf(self, exponent: Self) -> Self {
        let (x, y) = (self.value(), exponent.value());
        let value = x.powf(y);
        self.chain2(exponent, value, power_slopes(x, y, value))
    }

    /// The larger of two; where they are equal, half of each derivative.
    #[must_use]
    fn max(self, other: Self) -> Self {
        let (x, y) = (self.value(), other.value());
        self.chain2(other, x.max(y), shares(x > y, y > x))
    }

    /// The smaller of two; where they are equal, half of each derivative.
    #[must_use]
    fn min(self, other: Self) -> Self {
        let (x, y) = (self.value(), other.value());
        self.chain2(other, x.min(y), shares(x < y, y < x))
    }

    /// The logarithm of the gamma function.
    #[must_use]
    fn ln_gamma(self) -> Self {
        let x = self.value();
        self.chain(libm::lgamma(x), digamma(x))
    }
}

/// The derivatives of `x.powf(y)`.
#[must_use]
#[inline]
pub fn power_slopes(x: f64, y: f64, value: f64) -> (f64, f64) {
    let exponent = if x > 0.0 { value * x.ln() } else { 0.0 };
    (base_slope(x, y), exponent)
}

/// The derivative of `x.powf(y)` with respect to `x`.
#[must_use]
#[inline]
pub fn base_slope(x: f64, y: f64) -> f64 {
    if y == 0.0 { 0.0 } else { y * x.powf(y - 1.0) }
}

/// How much of the larger of two each is.
#[must_use]
#[inline]
pub fn shares(first: bool, second: bool) -> (f64, f64) {
    match (first, second) {
        (true, _) => (1.0, 0.0),
        (_, true) => (0.0, 1.0),
        _ => (0.5, 0.5),
    }
}

/// The derivative of the logarithm of the gamma function: recurrence up to 6,
/// then the asymptotic series (Abramowitz & Stegun 6.3.5 and 6.3.18); below ½ by
/// reflection (6.3.7). Its error is below 1e-13 of what is larger, 1 or the
/// result, away from the poles.
fn digamma(x: f64) -> f64 {
    use std::f64::consts::PI;
    if x < 0.5 {
        return digamma(1.0 - x) - PI / (PI * x).tan();
    }
    let (mut x, mut sum) = (x, 0.0);
    while x < 10.0 {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let r = 1.0 / (x * x);
    let series =
        [1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0, -691.0 / 32_760.0, 1.0 / 12.0];
    let tail = series.iter().rev().fold(0.0, |tail, c| (tail + c) * r);
    sum + x.ln() - 0.5 / x - tail
}

impl Real for f64 {
    #[inline(always)]
    fn value(self) -> f64 {
        self
    }

    #[inline(always)]
    fn chain(self, value: f64, _: f64) -> Self {
        value
    }

    #[inline(always)]
    fn chain2(self, _: Self, value: f64, _: (f64, f64)) -> Self {
        value
    }
}

/// Comparisons and operators of a number that carries derivatives: with its like and
/// with plain numbers.
macro_rules! number_like {
    ([$($generics:tt)*] $type:ty) => {
        impl<$($generics)*> PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                self.value == other.value
            }
        }

        impl<$($generics)*> PartialOrd for $type {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                self.value.partial_cmp(&other.value)
            }
        }

        impl<$($generics)*> PartialEq<f64> for $type {
            fn eq(&self, other: &f64) -> bool {
                self.value == *other
            }
        }

        impl<$($generics)*> PartialOrd<f64> for $type {
            fn partial_cmp(&self, other: &f64) -> Option<std::cmp::Ordering> {
                self.value.partial_cmp(other)
            }
        }

        impl<$($generics)*> Neg for $type {
            type Output = Self;
            #[inline]
            fn neg(self) -> Self {
                self.chain(-self.value, -1.0)
            }
        }

        $crate::real::number_like! { @operators [$($generics)*] $type;
            Add add AddAssign add_assign |a, b| a + b, (1.0, 1.0);
            Sub sub SubAssign sub_assign |a, b| a - b, (1.0, -1.0);
            Mul mul MulAssign mul_assign |a, b| a * b, (b, a);
            Div div DivAssign div_assign |a, b| a / b, (1.0 / b, -a / (b * b));
        }
    };
    (@operators $generics:tt $type:ty; $($trait:ident $method:ident $assign:ident $assigned:ident |$a:ident, $b:ident| $value:expr, $slopes:expr;)*) => {
        $($crate::real::number_like!(@operator $generics $type, $trait $method $assign $assigned |$a, $b| $value, $slopes);)*
    };
    (@operator [$($generics:tt)*] $type:ty, $trait:ident $method:ident $assign:ident $assigned:ident |$a:ident, $b:ident| $value:expr, $slopes:expr) => {
        impl<$($generics)*> $trait for $type {
            type Output = Self;
            #[inline]
            fn $method(self, other: Self) -> Self {
                let ($a, $b) = (self.value, other.value);
                self.chain2(other, $value, $slopes)
            }
        }
        impl<$($generics)*> $trait<f64> for $type {
            type Output = Self;
            #[inline]
            fn $method(self, other: f64) -> Self {
                let ($a, $b) = (self.value, other);
                let (slope, _) = $slopes;
                self.chain($value, slope)
            }
        }
        impl<$($generics)*> $trait<$type> for f64 {
            type Output = $type;
            #[inline]
            fn $method(self, other: $type) -> $type {
                let ($a, $b) = (self, other.value);
                let (_, slope) = $slopes;
                other.chain($value, slope)
            }
        }
        impl<$($generics)*> $assign for $type {
            #[inline]
            fn $assigned(&mut self, other: Self) {
                *self = $trait::$method(*self, other);
            }
        }
        impl<$($generics)*> $assign<f64> for $type {
            #[inline]
            fn $assigned(&mut self, other: f64) {
                *self = $trait::$method(*self, other);
            }
        }
    };
}
pub(crate) use number_like;

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
#[derive(Clone, Copy, Debug)]
pub struct Dual<const N: usize> {
    value: f64,
    slopes: [f64; N],
}

impl<const N: usize> Dual<N> {
    /// A number that does not change.
    #[must_use]
    #[inline]
    pub fn constant(value: f64) -> Self {
        Self { value, slopes: [0.0; N] }
    }

    /// The variable of one of the directions.
    ///
    /// # Panics
    /// When there is no such direction.
    #[must_use]
    #[inline]
    pub fn variable(value: f64, direction: usize) -> Self {
        let mut slopes = [0.0; N];
        slopes[direction] = 1.0;
        Self { value, slopes }
    }

    /// The derivatives, one a direction.
    #[must_use]
    #[inline]
    pub fn slopes(&self) -> &[f64; N] {
        &self.slopes
    }
}

impl<const N: usize> Real for Dual<N> {
    #[inline]
    fn value(self) -> f64 {
        self.value
    }

    #[inline]
    fn chain(self, value: f64, derivative: f64) -> Self {
        Self { value, slopes: self.slopes.map(|s| if s == 0.0 { 0.0 } else { s * derivative }) }
    }

    #[inline]
    fn chain2(self, other: Self, value: f64, (a, b): (f64, f64)) -> Self {
        let along = |s: f64, d: f64| if s == 0.0 { 0.0 } else { s * d };
        let slopes = std::array::from_fn(|i| along(self.slopes[i], a) + along(other.slopes[i], b));
        Self { value, slopes }
    }
}

impl<const N: usize> From<f64> for Dual<N> {
    #[inline]
    fn from(value: f64) -> Self {
        Self::constant(value)
    }
}

number_like!([const N: usize] Dual<N>);

impl<const N: usize> Sum for Dual<N> {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self::constant(0.0), Add::add)
    }
}

impl<const N: usize> fmt::Display for Dual<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// What a function may take in the place of a number that carries derivatives.
#[diagnostic::on_unimplemented(
    message = "a derivative cannot pass through a function of `{Self}`",
    label = "this function stands between a parameter and the result of a model that is differentiated",
    note = "make it generic over real numbers: `fn f<R: memo::Real>(x: R, …) -> R`",
    note = "or leave the parameter out: `#[memo(grad(…))]` names those with respect to which is differentiated"
)]
pub trait Carries<const N: usize>: Sized {
    /// The number in this type.
    fn carry(number: Dual<N>) -> Self;
}

impl<const N: usize> Carries<N> for Dual<N> {
    #[inline(always)]
    fn carry(number: Self) -> Self {
        number
    }
}

/// The argument of a function, in one of `N` directions.
#[inline(always)]
pub fn carried<const N: usize, T: Carries<N>>(value: f64, direction: usize) -> T {
    T::carry(Dual::variable(value, direction))
}

/// What a function has returned: its value and its derivatives.
#[inline(always)]
pub fn unloaded<const N: usize>(result: Dual<N>) -> (f64, [f64; N]) {
    (result.value, result.slopes)
}

/// A bar times a derivative; what has no bar has no share, whatever its derivative.
#[must_use]
#[inline(always)]
pub fn times(bar: f64, slope: f64) -> f64 {
    // Without a branch, so that many can be computed together.
    let counts = u64::from(bar != 0.0).wrapping_neg();
    f64::from_bits((bar * slope).to_bits() & counts)
}

/// Values as arguments beside those that carry derivatives.
pub trait Beside<T> {
    /// The value as the function takes it.
    fn beside(self) -> T;
}

impl<T> Beside<T> for T {
    #[inline(always)]
    fn beside(self) -> T {
        self
    }
}

macro_rules! numbers_beside {
    ($($t:ty)*) => {$(
        impl<const N: usize> Beside<Dual<N>> for $t {
            #[inline(always)]
            fn beside(self) -> Dual<N> {
                Dual::constant(self as f64)
            }
        }
    )*};
}
numbers_beside!(f64 f32 i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

impl<const N: usize> FromNumber for Dual<N> {
    #[inline(always)]
    fn from_number(number: f64) -> Option<Self> {
        Some(Self::constant(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Central differences of an analytic function.
    fn slope(f: impl Fn(f64) -> f64, x: f64) -> f64 {
        let h = 1e-5 * x.abs().max(1.0);
        (f(x - 2.0 * h) - 8.0 * f(x - h) + 8.0 * f(x + h) - f(x + 2.0 * h)) / (12.0 * h)
    }

    #[test]
    fn functions_have_the_slopes_of_their_differences() {
        fn all<R: Real>(x: R) -> [R; 13] {
            let c = R::from(0.7);
            [
                x.exp(),
                x.ln(),
                x.sqrt(),
                (-x).abs(),
                x.sin(),
                x.cos(),
                x.tan(),
                x.tanh(),
                x.powi(3) / (x - c),
                x.powf(c),
                c.powf(x),
                x.max(c) * x.min(R::from(9.0)) - x,
                x.ln_gamma(),
            ]
        }
        for x in [0.3, 1.2, 2.9, 7.5] {
            let exact = all(Dual::<1>::variable(x, 0));
            for (at, dual) in exact.iter().enumerate() {
                let found = slope(|x| all(x)[at], x);
                assert!(
                    (dual.slopes()[0] - found).abs() < 1e-8 * found.abs().max(1.0),
                    "{at} at {x}: {dual:?}, {found}"
                );
            }
        }
        let square = Dual::<2>::variable(3.0, 0) * Dual::variable(4.0, 1) + 1.0;
        assert_eq!((square.value(), square.slopes()), (13.0, &[4.0, 3.0]));
        assert!(square > 12.0 && square == 13.0);
    }

    #[test]
    fn digamma_at_known_places() {
        // Abramowitz & Stegun, table 6.1, and ψ(½) = −γ − 2 ln 2.
        let gamma = 0.577_215_664_901_532_9;
        for (x, value) in [
            (1.0, -gamma),
            (0.5, -gamma - 2.0 * 2.0_f64.ln()),
            (2.0, 1.0 - gamma),
            (-0.5, 0.036_489_973_978_576_52),
        ] {
            assert!((digamma(x) - value).abs() < 1e-13, "{x}: {}", digamma(x));
        }
    }
}
