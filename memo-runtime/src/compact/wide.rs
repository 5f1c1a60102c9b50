//! Four numbers of a row, or one, with or without what they change by.
//!
//! What changes is added up and multiplied as it is: nothing times an infinite slope is no
//! number then, which the general way takes care of.
//!
//! Here and in `small.rs` are no closures and few iterators around what is done with four
//! numbers: they are functions of their own, without the instructions of where they stand.

#![allow(clippy::needless_range_loop, reason = "plain counts vanish, iterators leave calls behind")]

use std::ops::{Add, Div, Mul, Neg, Sub};

use super::small::load;
use crate::four::Four;
use crate::machine::Field;
use crate::real::{Dual, Real};

/// Four numbers that do not change.
#[derive(Clone, Copy, Debug)]
pub struct Still<V>(pub(super) V);

/// Four numbers, or one, and what they change by in `K` directions.
#[derive(Clone, Copy, Debug)]
pub struct Wide<V, const K: usize> {
    pub(super) value: V,
    pub(super) slopes: [V; K],
}

/// One number and what it changes by in `K` directions.
pub type Single<const K: usize> = Wide<f64, K>;

impl<const K: usize> Single<K> {
    /// A value with what it changes by.
    #[must_use]
    #[inline(always)]
    pub const fn with(value: f64, slopes: [f64; K]) -> Self {
        Self { value, slopes }
    }

    /// What changes along a direction of its own.
    #[must_use]
    #[inline(always)]
    pub fn variable(value: f64, direction: usize) -> Self {
        Self { value, slopes: std::array::from_fn(|k| f64::from(u8::from(k == direction))) }
    }

    /// The number as functions take it.
    #[must_use]
    #[inline(always)]
    pub const fn dual(self) -> Dual<K> {
        Dual::with(self.value, self.slopes)
    }

    /// A function of the number, given its value here and its derivative.
    #[must_use]
    #[inline(always)]
    pub fn chain(self, value: f64, derivative: f64) -> Self {
        self.dual().chain(value, derivative).into()
    }

    /// The number without what it changes by.
    #[must_use]
    #[inline(always)]
    pub const fn value(&self) -> f64 {
        self.value
    }

    /// What it changes by.
    #[must_use]
    #[inline(always)]
    pub const fn slopes(&self) -> &[f64; K] {
        &self.slopes
    }
}

impl<const K: usize> From<Dual<K>> for Single<K> {
    #[inline(always)]
    fn from(number: Dual<K>) -> Self {
        Self { value: number.value(), slopes: *number.slopes() }
    }
}

impl<const K: usize> From<f64> for Single<K> {
    #[inline(always)]
    fn from(value: f64) -> Self {
        Self { value, slopes: [0.0; K] }
    }
}

impl<V: Four> Still<V> {
    /// A number four times.
    #[must_use]
    #[inline(always)]
    pub fn splat(x: f64) -> Self {
        Self(V::splat(x))
    }

    /// Four numbers of a table, from a place on.
    #[must_use]
    #[inline(always)]
    pub fn at(table: &[f64], at: usize) -> Self {
        Self(load(table, at))
    }

    /// All four added up.
    #[must_use]
    #[inline(always)]
    pub fn sum(self) -> f64 {
        let mut numbers = [0.0; 4];
        self.0.store(&mut numbers);
        (numbers[0] + numbers[1]) + (numbers[2] + numbers[3])
    }
}

impl<V: Four, const K: usize> Wide<V, K> {
    /// All four added up, as [`Still::sum`] does.
    #[must_use]
    #[inline(always)]
    pub fn sum(self) -> Single<K> {
        if K == 0 {
            return Single::from(Still(self.value).sum());
        }
        // The value and what it changes by, four sums at a time.
        let mut slopes = [0.0; K];
        let mut value = 0.0;
        for first in (0..=K).step_by(4) {
            let mut fours = [V::splat(0.0); 4];
            for lane in 0..4 {
                if first + lane == 0 {
                    fours[lane] = self.value;
                } else if first + lane <= K {
                    fours[lane] = self.slopes[first + lane - 1];
                }
            }
            let mut sums = [0.0; 4];
            V::sums(fours).store(&mut sums);
            for lane in 0..4 {
                if first + lane == 0 {
                    value = sums[lane];
                } else if first + lane <= K {
                    slopes[first + lane - 1] = sums[lane];
                }
            }
        }
        Single::with(value, slopes)
    }

    /// A number four times.
    #[must_use]
    #[inline(always)]
    pub fn splat(x: Single<K>) -> Self {
        let mut all = Self::from(Still(V::splat(x.value)));
        for k in 0..K {
            all.slopes[k] = V::splat(x.slopes[k]);
        }
        all
    }
}

impl<V: Four, const K: usize> From<Still<V>> for Wide<V, K> {
    #[inline(always)]
    fn from(still: Still<V>) -> Self {
        Self { value: still.0, slopes: [V::splat(0.0); K] }
    }
}

impl<V: Four> Neg for Still<V> {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl<V: Field, const K: usize> Neg for Wide<V, K> {
    type Output = Self;

    #[inline(always)]
    fn neg(mut self) -> Self {
        self.value = -self.value;
        for k in 0..K {
            self.slopes[k] = -self.slopes[k];
        }
        self
    }
}

/// An operator: of two that do not change, and what the result changes by where the first
/// does, the second, or both.
macro_rules! operator {
    ($trait:ident $name:ident $operator:tt, |$a:ident, $b:ident, $value:ident| $of_first:expr, $of_second:expr, |$da:ident, $db:ident| $of_both:expr) => {
        impl<V: Four> $trait for Still<V> {
            type Output = Self;

            #[inline(always)]
            fn $name(self, other: Self) -> Self {
                Self(self.0 $operator other.0)
            }
        }

        impl<V: Field, const K: usize> $trait<Still<V>> for Wide<V, K> {
            type Output = Self;

            #[inline(always)]
            #[allow(unused_variables, reason = "not all of them have a part in what it changes by")]
            fn $name(self, other: Still<V>) -> Self {
                let ($a, $b) = (self.value, other.0);
                let $value = $a $operator $b;
                let mut slopes = [$a; K];
                for k in 0..K {
                    let $da = self.slopes[k];
                    slopes[k] = $of_first;
                }
                Self { value: $value, slopes }
            }
        }

        impl<V: Field, const K: usize> $trait<Wide<V, K>> for Still<V> {
            type Output = Wide<V, K>;

            #[inline(always)]
            #[allow(unused_variables, reason = "not all of them have a part in what it changes by")]
            fn $name(self, other: Wide<V, K>) -> Wide<V, K> {
                let ($a, $b) = (self.0, other.value);
                let $value = $a $operator $b;
                let mut slopes = [$a; K];
                for k in 0..K {
                    let $db = other.slopes[k];
                    slopes[k] = $of_second;
                }
                Wide { value: $value, slopes }
            }
        }

        impl<V: Field, const K: usize> $trait for Wide<V, K> {
            type Output = Self;

            #[inline(always)]
            #[allow(unused_variables, reason = "not all of them have a part in what it changes by")]
            fn $name(self, other: Self) -> Self {
                let ($a, $b) = (self.value, other.value);
                let $value = $a $operator $b;
                let mut slopes = [$a; K];
                for k in 0..K {
                    let ($da, $db) = (self.slopes[k], other.slopes[k]);
                    slopes[k] = $of_both;
                }
                Self { value: $value, slopes }
            }
        }

        impl<const K: usize> $trait<f64> for Single<K> {
            type Output = Self;

            #[inline(always)]
            fn $name(self, other: f64) -> Self {
                self $operator Still(other)
            }
        }

        impl<const K: usize> $trait<Single<K>> for f64 {
            type Output = Single<K>;

            #[inline(always)]
            fn $name(self, other: Single<K>) -> Single<K> {
                Still(self) $operator other
            }
        }
    };
}
operator!(Add add +, |a, b, value| da, db, |da, db| da + db);
operator!(Sub sub -, |a, b, value| da, -db, |da, db| da - db);
operator!(Mul mul *, |a, b, value| da * b, db * a, |da, db| da.fma(b, db * a));
operator!(Div div /, |a, b, value| da / b, -(value * db) / b, |da, db| (-value).fma(db, da) / b);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::four::Plain4;

    #[test]
    fn sums_of_four() {
        fn check<const K: usize>() {
            let numbers = |of: usize| std::array::from_fn(|lane| (of * 7 + lane * 3) as f64);
            let four = |of: usize| Plain4::load(&numbers(of));
            let wide = Wide::<Plain4, K> { value: four(0), slopes: std::array::from_fn(|k| four(k + 1)) };
            let total = |of: usize| numbers(of).iter().sum::<f64>();
            let found = wide.sum();
            assert_eq!(found.value, total(0));
            assert!(found.slopes.iter().enumerate().all(|(k, slope)| *slope == total(k + 1)), "{K}");
        }
        check::<0>();
        check::<1>();
        check::<3>();
        check::<4>();
        assert_eq!(Still::<Plain4>::at(&[1.0, 2.0, 3.0, 4.0], 0).sum(), 10.0);
    }
}
