//! Numbers on the way: plain ones and those that carry derivatives.

use super::wide::Single;
use crate::elementary::exp;
use crate::kernel::{Mean, Moments, certain, is_whole};
use crate::real::{Real, Unloaded, base_slope, times};
use crate::support::remainder;

/// A plain number beside those that carry derivatives.
#[must_use]
#[inline(always)]
pub fn plain(x: f64) -> f64 {
    x
}

/// eˣ.
#[must_use]
#[inline(always)]
pub fn exp_of<const K: usize>(x: Single<K>) -> Single<K> {
    let value = exp(x.value());
    x.chain(value, value)
}

/// The natural logarithm.
#[inline(always)]
fn ln_of<const K: usize>(x: Single<K>) -> Single<K> {
    x.dual().ln().into()
}

/// `a / b`, and 0 where `b` is.
#[must_use]
#[inline(always)]
pub fn ratio_of<const K: usize>(a: Single<K>, b: Single<K>) -> Single<K> {
    if b.value() == 0.0 { Single::from(0.0) } else { a / b }
}

/// Whether a mass is some, or becomes some.
#[must_use]
#[inline(always)]
pub fn counts<const K: usize>(mass: &Single<K>) -> bool {
    mass.value() != 0.0 || mass.slopes().iter().any(|slope| *slope != 0.0)
}

/// A weighted mean of numbers that may change.
#[derive(Clone, Copy, Debug)]
pub struct Average<const K: usize> {
    plain: Mean,
    mass: Single<K>,
    sum: Single<K>,
}

impl<const K: usize> Average<K> {
    /// Nothing added yet.
    #[must_use]
    #[inline(always)]
    pub fn new() -> Self {
        Self { plain: Mean::new(), mass: Single::from(0.0), sum: Single::from(0.0) }
    }

    /// Adds a value that has the given mass, which must count.
    #[inline(always)]
    pub fn add(&mut self, mass: Single<K>, value: Single<K>) {
        if mass.value() != 0.0 {
            self.plain.add(mass.value(), value.value());
        }
        self.mass = self.mass + mass;
        self.sum = self.sum + mass * value;
    }

    /// All of the mass.
    #[must_use]
    #[inline(always)]
    pub fn mass(&self) -> Single<K> {
        self.mass
    }

    /// The mean, of masses divided by their own sum; 0 without mass.
    #[must_use]
    #[inline(always)]
    pub fn value(&self) -> Single<K> {
        // What is the same for all is exactly that.
        Single::with(self.plain.value(), *ratio_of(self.sum, self.mass).slopes())
    }

    /// The sum of mass times value, divided by `scale`; 0 for scale 0.
    #[must_use]
    #[inline(always)]
    pub fn over(&self, scale: Single<K>) -> Single<K> {
        ratio_of(self.sum, scale)
    }
}

/// [`certain`], of a chance that may change.
#[must_use]
#[inline(always)]
pub fn certain_of<const K: usize>(chance: Single<K>) -> Single<K> {
    Single::with(certain(chance.value()), *chance.slopes())
}

/// What a function has made of some numbers, given its derivatives with respect to each.
#[must_use]
#[inline(always)]
pub fn through<const K: usize, const M: usize>(
    arguments: &[Single<K>; M],
    (value, slopes): Unloaded<M>,
) -> Single<K> {
    let mut sums = [0.0; K];
    for (argument, slope) in arguments.iter().zip(slopes) {
        for (sum, rate) in sums.iter_mut().zip(argument.slopes()) {
            *sum += times(*rate, slope);
        }
    }
    Single::with(value, sums)
}

/// A power.
#[must_use]
#[inline(always)]
pub fn power_of<const K: usize>(base: Single<K>, exponent: Single<K>) -> Single<K> {
    base.dual().powf(exponent.dual()).into()
}

/// The same of an exponent that does not change.
#[must_use]
#[inline(always)]
pub fn fixed_power_of<const K: usize>(base: Single<K>, exponent: f64) -> Single<K> {
    let x = base.value();
    let value = x.to_power(exponent);
    base.chain(value, base_slope(x, exponent, value))
}

/// `a % b`, with the sign of `b`.
#[must_use]
#[inline(always)]
pub fn remainder_of<const K: usize>(a: Single<K>, b: Single<K>) -> Single<K> {
    let (x, y) = (a.value(), b.value());
    a.dual().chain2(b.dual(), remainder(x, y), (1.0, -(x / y).floor())).into()
}

/// A variance of numbers that may change. What they change by is told by their distances
/// from the first.
#[derive(Clone, Copy, Debug)]
pub struct Spread<const K: usize> {
    plain: Moments,
    origin: Option<f64>,
    mass: Single<K>,
    first: Single<K>,
    second: Single<K>,
}

impl<const K: usize> Spread<K> {
    /// Nothing added yet.
    #[must_use]
    #[inline(always)]
    pub fn new() -> Self {
        let zero = Single::from(0.0);
        Self { plain: Moments::new(), origin: None, mass: zero, first: zero, second: zero }
    }

    /// Adds a value that has the given mass, which must count.
    #[inline(always)]
    pub fn add(&mut self, mass: Single<K>, value: Single<K>) {
        if mass.value() != 0.0 {
            self.plain.add(mass.value(), value.value());
        }
        let away = value - *self.origin.get_or_insert(value.value());
        self.mass = self.mass + mass;
        self.first = self.first + mass * away;
        self.second = self.second + mass * away * away;
    }

    /// All of the mass.
    #[must_use]
    #[inline(always)]
    pub fn mass(&self) -> Single<K> {
        self.mass
    }

    /// The variance, of masses divided by their own sum; 0 without mass.
    #[must_use]
    #[inline(always)]
    pub fn value(&self) -> Single<K> {
        let mean = ratio_of(self.first, self.mass);
        let spread = ratio_of(self.second, self.mass) - mean * mean;
        Single::with(self.plain.variance(), *spread.slopes())
    }

    /// The variance, of masses divided by `scale`, of which some may be missing: the mean
    /// is then the smaller for it.
    #[must_use]
    #[inline(always)]
    pub fn over(&self, scale: Single<K>) -> Single<K> {
        let (mass, origin) = (ratio_of(self.mass, scale), self.origin.unwrap_or(0.0));
        let first = ratio_of(self.first, scale);
        // The mean of what is there and of 0 for what is missing, from the first value.
        let mean = first - (Single::from(1.0) - mass) * origin;
        let spread = ratio_of(self.second, scale) - first * mean * 2.0 + mass * mean * mean;
        Single::with(self.plain.variance_over(scale.value()), *spread.slopes())
    }
}

/// The entropy of masses, in nats.
#[derive(Clone, Copy, Debug)]
pub struct Information<const K: usize> {
    mass: Single<K>,
    /// Of each mass times its logarithm.
    sum: Single<K>,
}

impl<const K: usize> Information<K> {
    /// Nothing added yet.
    #[must_use]
    #[inline(always)]
    pub fn new() -> Self {
        Self { mass: Single::from(0.0), sum: Single::from(0.0) }
    }

    /// Adds a mass.
    #[inline(always)]
    pub fn add(&mut self, mass: Single<K>) {
        self.mass = self.mass + mass;
        let m = mass.value();
        if m > 0.0 {
            let ln = m.ln();
            self.sum = self.sum + mass.chain(m * ln, ln + 1.0);
        } else {
            // Something that comes from nothing has a slope that is infinite.
            self.sum = self.sum + mass.chain(m * 0.0, f64::NEG_INFINITY);
        }
    }

    /// All of the mass.
    #[must_use]
    #[inline(always)]
    pub fn mass(&self) -> Single<K> {
        self.mass
    }

    /// The entropy of masses divided by their own sum.
    #[must_use]
    #[inline(always)]
    pub fn value(&self) -> Single<K> {
        self.over(self.mass)
    }

    /// The same divided by `scale`; 0 for scale 0.
    #[must_use]
    #[inline(always)]
    pub fn over(&self, scale: Single<K>) -> Single<K> {
        if scale.value() == 0.0 {
            return Single::from(0.0);
        }
        // -0 is none.
        let by = |scale| (self.mass * ln_of(scale) - self.sum) / scale + 0.0;
        let found: Single<K> = by(scale);
        // What is certain has no entropy, whatever rounding took.
        let value = if is_whole(self.mass.value(), scale.value()) {
            by(Single::from(self.mass.value())).value()
        } else {
            found.value()
        };
        Single::with(value, *found.slopes())
    }
}

/// The divergence of chances from others, in nats.
#[derive(Clone, Copy, Debug)]
pub struct Divergence<const K: usize>(Single<K>);

impl<const K: usize> Divergence<K> {
    /// Nothing added yet.
    #[must_use]
    #[inline(always)]
    pub fn new() -> Self {
        Self(Single::from(0.0))
    }

    /// Adds a chance of the one and of the other.
    #[inline(always)]
    pub fn add(&mut self, p: Single<K>, q: Single<K>) {
        if p.value() > 0.0 {
            self.0 = self.0 + p * (ln_of(p) - ln_of(q));
        } else {
            self.0 = self.0 + p.chain(0.0, f64::NEG_INFINITY);
        }
    }

    /// All of it.
    #[must_use]
    #[inline(always)]
    pub fn value(&self) -> Single<K> {
        self.0
    }
}

/// What sums begin with.
macro_rules! begin_with_nothing {
    ($($sum:ident)*) => {$(
        impl<const K: usize> Default for $sum<K> {
            fn default() -> Self {
                Self::new()
            }
        }
    )*};
}
begin_with_nothing!(Average Spread Information Divergence);
