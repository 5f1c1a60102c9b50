//! Numbers on the way: plain ones and those that carry derivatives.

use crate::elementary::exp;
use crate::kernel::Mean;
use crate::real::{Dual, Real};

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

impl<const K: usize> Default for Average<K> {
    fn default() -> Self {
        Self::new()
    }
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
