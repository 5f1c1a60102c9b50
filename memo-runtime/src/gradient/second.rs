//! What generated code calls on the way back where all numbers carry what they change
//! by. It stands for the module of plain numbers there: what has the same name does the
//! same.

use std::ops::{Add, Div, Mul, Neg, Sub};

pub use crate::__private::*;
use crate::kernel;
use crate::real;
pub use crate::real::Real;

/// A number with what it changes by.
pub type Moving = Dual<1>;

/// What is 0 and stays so.
pub const NOTHING: Moving = Dual::moving(0.0, 0.0);

/// A number with what it changes by.
#[must_use]
#[inline(always)]
pub fn moving(value: f64, rate: f64) -> Moving {
    Dual::moving(value, rate)
}

/// A number that may be one that does not change.
#[must_use]
#[inline(always)]
pub fn lifted(number: impl Into<Moving>) -> Moving {
    number.into()
}

/// Whether something has reached a cotangent.
#[must_use]
#[inline(always)]
pub fn counts(bar: Moving) -> bool {
    !bar.vanishes()
}

/// [`plain::times`](crate::__private::times).
#[must_use]
#[inline(always)]
pub fn times(bar: impl Into<Moving>, slope: impl Into<Moving>) -> Moving {
    let (bar, slope) = (bar.into(), slope.into());
    let (b, s) = (bar.value(), slope.value());
    moving(real::times(b, s), real::times(bar.rate(), s) + real::times(b, slope.rate()))
}

/// [`plain::steep`](crate::__private::steep).
#[must_use]
#[inline(always)]
pub fn steep(slope: impl Into<Moving>, instead: f64) -> Moving {
    let slope = slope.into();
    // What an infinite derivative changes by is of no use.
    let rate = if slope.value().is_infinite() && instead.is_finite() { 0.0 } else { slope.rate() };
    moving(super::steep::steep(slope.value(), instead), super::steep::steep(rate, instead))
}

/// A mass times a value, which does not count without mass.
#[must_use]
#[inline(always)]
pub fn weighted(mass: impl Into<Moving>, value: impl Into<Moving>) -> Moving {
    mass.into().times(value.into())
}

/// `a / b`, and 0 where `b` is.
#[must_use]
#[inline(always)]
pub fn ratio(a: impl Into<Moving>, b: impl Into<Moving>) -> Moving {
    let b = b.into();
    if b == 0.0 { NOTHING } else { a.into() / b }
}

/// eˣ.
#[must_use]
#[inline(always)]
pub fn exp<R: Real>(x: R) -> R {
    x.exp()
}

/// `%` with the sign of the divisor.
#[must_use]
pub fn moving_remainder(a: impl Into<Moving>, b: impl Into<Moving>) -> Moving {
    let (a, b) = (a.into(), b.into());
    let (x, y) = (a.value(), b.value());
    a.chain2(b, crate::support::remainder(x, y), (1.0, -(x / y).floor()))
}

/// A power.
#[must_use]
pub fn powf(x: impl Into<Moving>, y: impl Into<Moving>) -> Moving {
    x.into().powf(y.into())
}

/// The derivatives of a power.
#[must_use]
pub fn power_slopes(
    x: impl Into<Moving>,
    y: impl Into<Moving>,
    value: impl Into<Moving>,
) -> (Moving, Moving) {
    real::power_slopes(x.into(), y.into(), value.into())
}

/// The derivative of a power with respect to its base.
#[must_use]
pub fn base_slope(x: impl Into<Moving>, y: impl Into<Moving>, value: impl Into<Moving>) -> Moving {
    real::base_slope(x.into(), y.into(), value.into())
}

/// Whether a value is the best.
#[must_use]
pub fn is_best(value: impl Into<Moving>, best: impl Into<Moving>, smallest: bool) -> bool {
    kernel::is_best(value.into().value(), best.into().value(), smallest)
}

/// The cells of a table from `start`.
#[must_use]
#[inline(always)]
pub fn row<N>(table: &[N], start: usize, count: usize) -> &[N] {
    &table[start..start + count]
}

/// The same, to be changed.
#[must_use]
#[inline(always)]
pub fn row_mut<N>(table: &mut [N], start: usize, count: usize) -> &mut [N] {
    &mut table[start..start + count]
}

/// A table of its own, to be filled.
#[must_use]
pub fn cells(count: usize) -> Vec<Moving> {
    crate::pool::cells_that_move(count)
}

/// Takes back what is used again.
pub fn take_back(bar: Vec<Moving>) {
    crate::pool::take_back_moving(bar);
}

/// A value and its derivatives, all of which change.
pub type Unloaded<const N: usize> = (Moving, [Moving; N]);

/// `factor · exp(exponent)` with what it changes by.
#[derive(Clone, Copy, Debug)]
pub struct Scaled {
    value: kernel::Scaled,
    rate: kernel::Scaled,
}

impl Scaled {
    /// `exp(x)`, not yet computed.
    #[must_use]
    #[inline]
    pub fn exp(x: impl Into<Moving>) -> Self {
        let x = x.into();
        let value = kernel::Scaled::exp(x.value());
        Self { value, rate: value * kernel::Scaled::plain(x.rate()) }
    }

    /// A number as it is.
    #[must_use]
    #[inline]
    pub fn plain(x: impl Into<Moving>) -> Self {
        let x = x.into();
        Self { value: kernel::Scaled::plain(x.value()), rate: kernel::Scaled::plain(x.rate()) }
    }

    /// The number itself.
    #[must_use]
    pub fn value(self) -> Moving {
        moving(self.value.value(), self.rate.value())
    }
}

impl Mul for Scaled {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self { value: self.value * other.value, rate: self.rate * other.value + self.value * other.rate }
    }
}

impl Div for Scaled {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let value = self.value / other.value;
        Self { value, rate: (self.rate - value * other.rate) / other.value }
    }
}

impl Neg for Scaled {
    type Output = Self;
    fn neg(self) -> Self {
        Self { value: -self.value, rate: -self.rate }
    }
}

impl Add for Scaled {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { value: self.value + other.value, rate: self.rate + other.rate }
    }
}

impl Sub for Scaled {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}
