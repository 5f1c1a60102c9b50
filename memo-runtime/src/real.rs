//! Numbers that may carry derivatives: what functions are generic over when a
//! model that is differentiated passes through them.

mod argument;
mod dual;
mod operators;

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

pub use argument::{Beside, Derivative, PassesThrough, Unloaded, loaded};
pub use dual::Dual;
pub(crate) use operators::number_like;

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
///
/// A function of its own gives a value and a derivative, both as numbers of the same
/// kind but one derivative less, so that second derivatives are right as well:
///
/// ```
/// use memo_runtime::{Dual, Real};
///
/// fn softplus<R: Real>(x: R) -> R {
///     let odds = x.primal().exp();
///     x.chain((odds + 1.0).ln(), odds / (odds + 1.0))
/// }
///
/// assert_eq!(softplus(Dual::<1>::variable(0.0, 0)).slopes(), &[0.5]);
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
    /// What the derivatives of this number are numbers of: `f64`, and where second
    /// derivatives are wanted, a number that carries the first.
    type Primal: Real;

    /// The number without its derivatives.
    fn value(self) -> f64;
    /// The number without the derivatives that [`chain`](Self::chain) is to carry on.
    fn primal(self) -> Self::Primal;
    /// A function of this number, given its value here and its derivative.
    #[must_use]
    fn chain(self, value: Self::Primal, derivative: Self::Primal) -> Self;
    /// A function of two numbers, given its value here and its derivatives.
    #[must_use]
    fn chain2(self, other: Self, value: Self::Primal, derivatives: (Self::Primal, Self::Primal)) -> Self;

    /// This many times a derivative; where one of them is 0, so is the product: see [`times`].
    #[doc(hidden)]
    #[must_use]
    fn times(self, derivative: Self) -> Self {
        self * derivative
    }

    /// A function of this number whose derivative is a sign, 1 or −1.
    #[doc(hidden)]
    #[must_use]
    fn shifted(self, value: Self::Primal, sign: f64) -> Self {
        self.chain(value, number::<Self>(sign))
    }

    /// This number and, with a sign, another, added up.
    #[doc(hidden)]
    #[must_use]
    fn joined(self, other: Self, value: Self::Primal, sign: f64) -> Self {
        self.chain2(other, value, (number::<Self>(1.0), number::<Self>(sign)))
    }

    /// eˣ.
    #[must_use]
    fn exp(self) -> Self {
        let value = self.primal().exp();
        self.chain(value, value)
    }

    /// The natural logarithm.
    #[must_use]
    fn ln(self) -> Self {
        let x = self.primal();
        self.chain(x.ln(), number::<Self>(1.0) / x)
    }

    /// The logarithm to base 2.
    #[must_use]
    fn log2(self) -> Self {
        let x = self.primal();
        self.chain(x.log2(), number::<Self>(std::f64::consts::LOG2_E) / x)
    }

    /// The logarithm to base 10.
    #[must_use]
    fn log10(self) -> Self {
        let x = self.primal();
        self.chain(x.log10(), number::<Self>(std::f64::consts::LOG10_E) / x)
    }

    /// The square root.
    #[must_use]
    fn sqrt(self) -> Self {
        let root = self.primal().sqrt();
        self.chain(root, number::<Self>(0.5) / root)
    }

    /// The absolute value; its derivative at 0 is taken to be 0.
    #[must_use]
    fn abs(self) -> Self {
        let x = self.primal();
        self.chain(x.abs(), number::<Self>(if x == 0.0 { 0.0 } else { self.value().signum() }))
    }

    /// The sine.
    #[must_use]
    fn sin(self) -> Self {
        let x = self.primal();
        self.chain(x.sin(), x.cos())
    }

    /// The cosine.
    #[must_use]
    fn cos(self) -> Self {
        let x = self.primal();
        self.chain(x.cos(), -x.sin())
    }

    /// The tangent.
    #[must_use]
    fn tan(self) -> Self {
        let value = self.primal().tan();
        self.chain(value, value * value + 1.0)
    }

    /// The hyperbolic tangent.
    #[must_use]
    fn tanh(self) -> Self {
        let value = self.primal().tanh();
        self.chain(value, -(value * value) + 1.0)
    }

    /// A whole power.
    #[must_use]
    fn powi(self, n: i32) -> Self {
        let x = self.primal();
        let slope = if n == 0 { number::<Self>(0.0) } else { x.powi(n - 1) * f64::from(n) };
        self.chain(x.powi(n), slope)
    }

    /// A power; the derivative with respect to the exponent is 0 where the base
    /// is 0.
    #[must_use]
    fn powf(self, exponent: Self) -> Self {
        let (x, y) = (self.primal(), exponent.primal());
        let value = x.to_power(y);
        self.chain2(exponent, value, power_slopes(x, y, value))
    }

    /// The same, quick where the base is 0, as chances are of what cannot be.
    #[doc(hidden)]
    #[must_use]
    #[inline]
    fn to_power(self, exponent: Self) -> Self {
        self.powf(exponent)
    }

    /// The larger of two; where they are equal, half of each derivative.
    #[must_use]
    fn max(self, other: Self) -> Self {
        let (x, y) = (self.primal(), other.primal());
        let (a, b) = shares(x > y, y > x);
        self.chain2(other, x.max(y), (a.into(), b.into()))
    }

    /// The smaller of two; where they are equal, half of each derivative.
    #[must_use]
    fn min(self, other: Self) -> Self {
        let (x, y) = (self.primal(), other.primal());
        let (a, b) = shares(x < y, y < x);
        self.chain2(other, x.min(y), (a.into(), b.into()))
    }

    /// The logarithm of the gamma function.
    #[must_use]
    fn ln_gamma(self) -> Self {
        let x = self.primal();
        self.chain(x.ln_gamma(), digamma(x))
    }
}

/// A plain number as a derivative.
#[inline(always)]
fn number<R: Real>(x: f64) -> R::Primal {
    x.into()
}

/// The derivatives of `x.powf(y)`.
#[must_use]
#[inline]
pub fn power_slopes<R: Real>(x: R, y: R, value: R) -> (R, R) {
    let exponent = if x > 0.0 { value * x.ln() } else { R::from(0.0) };
    (base_slope(x, y, value), exponent)
}

/// The derivative of `value`, which is `x.powf(y)`, with respect to `x`: made of the value
/// where that says all.
#[must_use]
#[inline]
pub fn base_slope<R: Real>(x: R, y: R, value: R) -> R {
    if value.value().is_normal() && x != 0.0 { y.times(value / x) } else { y.times(x.to_power(y - 1.0)) }
}

/// `x.powf(y)`, of which is known what it is, but for rounding; where that is no normal
/// number it is not known.
#[must_use]
#[inline]
pub fn power_known(x: f64, y: f64, known: f64) -> f64 {
    if known.is_normal() { known } else { x.to_power(y) }
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
fn digamma<R: Real>(x: R) -> R {
    use std::f64::consts::PI;
    if x < 0.5 {
        return digamma(-x + 1.0) - R::from(PI) / (x * PI).tan();
    }
    let one = R::from(1.0);
    let (mut x, mut sum) = (x, R::from(0.0));
    while x < 10.0 {
        sum -= one / x;
        x += one;
    }
    let r = one / (x * x);
    let series =
        [1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0, -691.0 / 32_760.0, 1.0 / 12.0];
    let tail = series.iter().rev().fold(R::from(0.0), |tail, c| (tail + *c) * r);
    sum + x.ln() - R::from(0.5) / x - tail
}

/// Functions as they are, without a derivative.
macro_rules! plain_functions {
    ($($name:ident)*) => {$(
        #[inline(always)]
        fn $name(self) -> Self {
            f64::$name(self)
        }
    )*};
}

impl Real for f64 {
    type Primal = Self;

    #[inline(always)]
    fn value(self) -> f64 {
        self
    }

    #[inline(always)]
    fn primal(self) -> Self {
        self
    }

    #[inline(always)]
    fn chain(self, value: Self, _: Self) -> Self {
        value
    }

    #[inline(always)]
    fn chain2(self, _: Self, value: Self, _: (Self, Self)) -> Self {
        value
    }

    #[inline(always)]
    fn times(self, derivative: Self) -> Self {
        times(self, derivative)
    }

    plain_functions!(exp ln log2 log10 sqrt abs sin cos tan tanh);

    #[inline(always)]
    fn powi(self, n: i32) -> Self {
        f64::powi(self, n)
    }

    #[inline(always)]
    fn powf(self, exponent: Self) -> Self {
        f64::powf(self, exponent)
    }

    #[inline]
    fn to_power(self, exponent: Self) -> Self {
        // Not that with a sign.
        if self.to_bits() != 0 || exponent == 0.0 || exponent.is_nan() {
            f64::powf(self, exponent)
        } else if exponent > 0.0 {
            0.0
        } else {
            f64::INFINITY
        }
    }

    #[inline(always)]
    fn max(self, other: Self) -> Self {
        f64::max(self, other)
    }

    #[inline(always)]
    fn min(self, other: Self) -> Self {
        f64::min(self, other)
    }

    fn ln_gamma(self) -> Self {
        libm::lgamma(self)
    }
}

/// A bar times a derivative. What has no bar has no share, whatever its derivative; and
/// what does not change has none, whatever its bar, as on the way forward: `sqrt(a * x)`
/// does not change with `a` where `x` is 0, though the root's derivative is infinite there.
#[must_use]
#[inline(always)]
pub fn times(bar: f64, slope: f64) -> f64 {
    // Without a branch, so that many can be computed together.
    let counts = u64::from((bar != 0.0) & (slope != 0.0)).wrapping_neg();
    f64::from_bits((bar * slope).to_bits() & counts)
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
        fn all<R: Real>(x: R) -> [R; 15] {
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
                x.log2(),
                x.log10(),
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
            // Second derivatives are the slopes of the slopes.
            let twice = all(Dual::<1, Dual<1>>::variable(Dual::variable(x, 0), 0));
            for (at, dual) in twice.iter().enumerate() {
                let found = slope(|x| all(Dual::<1>::variable(x, 0))[at].slopes()[0], x);
                let bend = dual.slopes()[0].slopes()[0];
                assert!((bend - found).abs() < 1e-8 * found.abs().max(1.0), "{at} at {x}: {bend}, {found}");
            }
        }
        let square = Dual::<2>::variable(3.0, 0) * Dual::variable(4.0, 1) + 1.0;
        assert_eq!((square.value(), square.slopes()), (13.0, &[4.0, 3.0]));
        assert!(square > 12.0 && square == 13.0);
    }

    #[test]
    fn powers_of_nothing_are_powers() {
        for y in [0.0, -0.0, 0.5, 1.0, 3.0, -0.5, -1.0, -2.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            for x in [0.0, -0.0, 0.3, -2.0, f64::NAN] {
                let (ours, theirs) = (x.to_power(y), f64::powf(x, y));
                assert!(ours.to_bits() == theirs.to_bits() || ours.is_nan() && theirs.is_nan(), "{x} {y}");
                // What is known is taken, unless it says nothing.
                assert_eq!(power_known(x, y, 2.5), 2.5);
                assert_eq!(power_known(x, y, 0.0).to_bits(), ours.to_bits());
                assert_eq!(power_known(x, y, f64::NAN).to_bits(), ours.to_bits());
            }
        }
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
