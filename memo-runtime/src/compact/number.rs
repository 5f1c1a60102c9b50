//! Numbers on the way: plain ones and those that carry derivatives.

use crate::elementary::exp;
use crate::kernel::{Mean, Moments};
use crate::real::{Dual, Real, Unloaded, base_slope, times};
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
pub fn exp_of<const K: usize>(x: Dual<K>) -> Dual<K> {
    let value = exp(x.value());
    x.chain(value, value)
}

/// `a / b`, and 0 where `b` is.
#[must_use]
#[inline(always)]
pub fn ratio_of<const K: usize>(a: Dual<K>, b: Dual<K>) -> Dual<K> {
    if b.value() == 0.0 { Dual::from(0.0) } else { a / b }
}

/// Whether a mass is some, or becomes some.
#[must_use]
#[inline(always)]
pub fn counts<const K: usize>(mass: &Dual<K>) -> bool {
    mass.value() != 0.0 || mass.slopes().iter().any(|slope| *slope != 0.0)
}

/// A weighted mean of numbers that may change.
#[derive(Clone, Copy, Debug)]
pub struct Average<const K: usize> {
    plain: Mean,
    mass: Dual<K>,
    sum: Dual<K>,
}

impl<const K: usize> Average<K> {
    /// Nothing added yet.
    #[must_use]
    #[inline(always)]
    pub fn new() -> Self {
        Self { plain: Mean::new(), mass: Dual::from(0.0), sum: Dual::from(0.0) }
    }

    /// Adds a value that has the given mass, which must count.
    #[inline(always)]
    pub fn add(&mut self, mass: Dual<K>, value: Dual<K>) {
        if mass.value() != 0.0 {
            self.plain.add(mass.value(), value.value());
        }
        self.mass += mass;
        self.sum += mass * value;
    }

    /// All of the mass.
    #[must_use]
    #[inline(always)]
    pub fn mass(&self) -> Dual<K> {
        self.mass
    }

    /// The mean, of masses divided by their own sum; 0 without mass.
    #[must_use]
    #[inline(always)]
    pub fn value(&self) -> Dual<K> {
        // What is the same for all is exactly that.
        Dual::with(self.plain.value(), *ratio_of(self.sum, self.mass).slopes())
    }

    /// The sum of mass times value, divided by `scale`; 0 for scale 0.
    #[must_use]
    #[inline(always)]
    pub fn over(&self, scale: Dual<K>) -> Dual<K> {
        ratio_of(self.sum, scale)
    }
}

/// What a function has made of some numbers, given its derivatives with respect to each.
#[must_use]
#[inline(always)]
pub fn through<const K: usize, const M: usize>(
    arguments: &[Dual<K>; M],
    (value, slopes): Unloaded<M>,
) -> Dual<K> {
    let mut sums = [0.0; K];
    for (argument, slope) in arguments.iter().zip(slopes) {
        for (sum, rate) in sums.iter_mut().zip(argument.slopes()) {
            *sum += times(*rate, slope);
        }
    }
    Dual::with(value, sums)
}

/// An element of an array, which changes along a direction of its own.
#[must_use]
#[inline(always)]
pub fn element<const K: usize>(value: f64, direction: usize) -> Dual<K> {
    Dual::with(value, std::array::from_fn(|k| f64::from(u8::from(k == direction))))
}

/// A power.
#[must_use]
#[inline(always)]
pub fn power_of<const K: usize>(base: Dual<K>, exponent: Dual<K>) -> Dual<K> {
    base.powf(exponent)
}

/// The same of an exponent that does not change.
#[must_use]
#[inline(always)]
pub fn fixed_power_of<const K: usize>(base: Dual<K>, exponent: f64) -> Dual<K> {
    let x = base.value();
    let value = x.to_power(exponent);
    base.chain(value, base_slope(x, exponent, value))
}

/// `a % b`, with the sign of `b`.
#[must_use]
#[inline(always)]
pub fn remainder_of<const K: usize>(a: Dual<K>, b: Dual<K>) -> Dual<K> {
    let (x, y) = (a.value(), b.value());
    a.chain2(b, remainder(x, y), (1.0, -(x / y).floor()))
}

/// A variance of numbers that may change. What they change by is told by their distances
/// from the first.
#[derive(Clone, Copy, Debug)]
pub struct Spread<const K: usize> {
    plain: Moments,
    origin: Option<f64>,
    mass: Dual<K>,
    first: Dual<K>,
    second: Dual<K>,
}

impl<const K: usize> Spread<K> {
    /// Nothing added yet.
    #[must_use]
    #[inline(always)]
    pub fn new() -> Self {
        let zero = Dual::from(0.0);
        Self { plain: Moments::new(), origin: None, mass: zero, first: zero, second: zero }
    }

    /// Adds a value that has the given mass, which must count.
    #[inline(always)]
    pub fn add(&mut self, mass: Dual<K>, value: Dual<K>) {
        if mass.value() != 0.0 {
            self.plain.add(mass.value(), value.value());
        }
        let away = value - *self.origin.get_or_insert(value.value());
        self.mass += mass;
        self.first += mass * away;
        self.second += mass * away * away;
    }

    /// All of the mass.
    #[must_use]
    #[inline(always)]
    pub fn mass(&self) -> Dual<K> {
        self.mass
    }

    /// The variance, of masses divided by their own sum; 0 without mass.
    #[must_use]
    #[inline(always)]
    pub fn value(&self) -> Dual<K> {
        let mean = ratio_of(self.first, self.mass);
        let spread = ratio_of(self.second, self.mass) - mean * mean;
        Dual::with(self.plain.variance(), *spread.slopes())
    }

    /// The variance, of masses divided by `scale`, of which some may be missing: the mean
    /// is then the smaller for it.
    #[must_use]
    #[inline(always)]
    pub fn over(&self, scale: Dual<K>) -> Dual<K> {
        let (mass, origin) = (ratio_of(self.mass, scale), self.origin.unwrap_or(0.0));
        let first = ratio_of(self.first, scale);
        // The mean of what is there and of 0 for what is missing, from the first value.
        let mean = first - (Dual::from(1.0) - mass) * origin;
        let spread = ratio_of(self.second, scale) - first * mean * 2.0 + mass * mean * mean;
        Dual::with(self.plain.variance_over(scale.value()), *spread.slopes())
    }
}

/// The entropy of masses, in nats.
#[derive(Clone, Copy, Debug)]
pub struct Information<const K: usize> {
    mass: Dual<K>,
    /// Of each mass times its logarithm.
    sum: Dual<K>,
}

impl<const K: usize> Information<K> {
    /// Nothing added yet.
    #[must_use]
    #[inline(always)]
    pub fn new() -> Self {
        Self { mass: Dual::from(0.0), sum: Dual::from(0.0) }
    }

    /// Adds a mass.
    #[inline(always)]
    pub fn add(&mut self, mass: Dual<K>) {
        self.mass += mass;
        let m = mass.value();
        if m > 0.0 {
            let ln = m.ln();
            self.sum += mass.chain(m * ln, ln + 1.0);
        } else {
            // Something that comes from nothing has a slope that is infinite.
            self.sum += mass.chain(m * 0.0, f64::NEG_INFINITY);
        }
    }

    /// All of the mass.
    #[must_use]
    #[inline(always)]
    pub fn mass(&self) -> Dual<K> {
        self.mass
    }

    /// The entropy of masses divided by their own sum.
    #[must_use]
    #[inline(always)]
    pub fn value(&self) -> Dual<K> {
        self.over(self.mass)
    }

    /// The same divided by `scale`; 0 for scale 0.
    #[must_use]
    #[inline(always)]
    pub fn over(&self, scale: Dual<K>) -> Dual<K> {
        if scale.value() == 0.0 {
            return Dual::from(0.0);
        }
        // -0 is none.
        (self.mass * scale.ln() - self.sum) / scale + 0.0
    }
}

/// The divergence of chances from others, in nats.
#[derive(Clone, Copy, Debug)]
pub struct Divergence<const K: usize>(Dual<K>);

impl<const K: usize> Divergence<K> {
    /// Nothing added yet.
    #[must_use]
    #[inline(always)]
    pub fn new() -> Self {
        Self(Dual::from(0.0))
    }

    /// Adds a chance of the one and of the other.
    #[inline(always)]
    pub fn add(&mut self, p: Dual<K>, q: Dual<K>) {
        if p.value() > 0.0 {
            self.0 += p * (p.ln() - q.ln());
        } else {
            self.0 += p.chain(0.0, f64::NEG_INFINITY);
        }
    }

    /// All of it.
    #[must_use]
    #[inline(always)]
    pub fn value(&self) -> Dual<K> {
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
