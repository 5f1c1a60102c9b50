//! What the cells of a small table change by, carried forward.

use std::mem::ManuallyDrop;

use super::bars::Bar;
use super::tangent::InputArray;
use crate::pool::SlopesRoom;
use crate::real::{Dual, times};

/// What the cells of a small table change by, with respect to a few numbers.
#[derive(Clone, Debug)]
pub(crate) struct Slopes {
    pub(crate) names: &'static [&'static str],
    /// Where some of them are elements of arrays, all in their places instead.
    pub(crate) arrays: ManuallyDrop<Option<Box<[InputArray]>>>,
    pub(crate) cells: usize,
    /// Those with respect to one number follow those with respect to another at such
    /// steps.
    pub(crate) step: usize,
    pub(crate) slopes: ManuallyDrop<SlopesRoom>,
}

/// Their room is used again, and mostly nothing else is to be let go of.
impl Drop for Slopes {
    #[inline(always)]
    fn drop(&mut self) {
        if self.arrays.is_some() || !self.slopes.take_back() {
            self.let_go();
        }
    }
}

impl Slopes {
    #[cold]
    #[inline(never)]
    fn let_go(&mut self) {
        *self.arrays = None;
        if !self.slopes.take_back() {
            *self.slopes = SlopesRoom::default();
        }
    }

    /// What the numbers are, where some of them are elements of arrays.
    #[inline]
    pub(super) fn inputs(&self) -> &[InputArray] {
        self.arrays.as_deref().unwrap_or_default()
    }

    #[inline]
    pub(super) fn of(&self, number: usize) -> &[f64] {
        &self.slopes[number * self.step..][..self.cells]
    }

    /// What cotangents come to, by what their cells change by with respect to a number;
    /// `instead` stands for infinite ones.
    pub(super) fn sum<N: Bar>(&self, number: usize, seed: &[N], instead: f64) -> N {
        let mut sum = N::from(0.0);
        for (slope, bar) in self.of(number).iter().zip(seed) {
            sum += bar.steep(instead).share(Dual::moving(*slope, 0.0), instead);
        }
        sum
    }
}

/// The sum of as many products as there are cotangents, in two halves side by side. One number
/// at a time: what a user has just written so cannot soon be read in vectors.
#[inline(always)]
pub(super) fn products(slopes: &[f64], seed: &[f64]) -> f64 {
    let slopes = &slopes[..seed.len()];
    let half = seed.len() / 2;
    let ((a, c), (b, d)) = (slopes.split_at(half), seed.split_at(half));
    let mut sums = [0.0; 2];
    for at in 0..half {
        sums[0] += product(a[at], b[at]);
        sums[1] += product(c[at], d[at]);
    }
    // One is left over where there is no half of them.
    if c.len() > half {
        sums[0] += product(c[half], d[half]);
    }
    let sum = sums[0] + sums[1];
    // An infinite cotangent of what does not change.
    if sum.is_nan() { products_that_count(slopes, seed) } else { sum }
}

/// A product with a cotangent; 0 of one that is 0. Where that is known when the caller is
/// compiled, as it is of the cells that a loss leaves out, nothing is left to be computed.
#[inline(always)]
fn product(slope: f64, bar: f64) -> f64 {
    f64::from_bits((slope * bar).to_bits() & u64::from(bar != 0.0).wrapping_neg())
}

/// The same where what is 0 has no part, whatever it meets.
#[cold]
#[inline(never)]
pub(super) fn products_that_count(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| times(*a, *b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_cotangent_has_no_share() {
        let slopes = [1.0, -2.0, 4.0, 0.5, 0.0];
        assert_eq!(products(&slopes, &[3.0, 0.0, 0.5, -2.0, 7.0]), 4.0);
        assert_eq!(products(&slopes, &[0.0, 1.0, 0.0, 0.0]), -2.0);
        assert_eq!(products(&slopes, &[]), 0.0);
        // Neither a slope that is infinite, nor a cotangent of what does not change.
        assert_eq!(products(&[f64::INFINITY, 2.0], &[-0.0, 1.5]), 3.0);
        assert_eq!(products(&slopes, &[1.0, 0.0, 0.0, 0.0, f64::INFINITY]), 1.0);
        assert!(products(&slopes, &[f64::NAN, 0.0]).is_nan());
    }
}
