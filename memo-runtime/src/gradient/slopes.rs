//! What the cells of a small table change by, carried forward.

use super::bars::Bar;
use super::tangent::InputArray;
use crate::pool;
use crate::real::{Dual, times};

/// What the cells of a small table change by, with respect to a few numbers.
#[derive(Clone, Debug)]
pub(crate) struct Slopes {
    pub(crate) names: &'static [&'static str],
    /// Where some of them are elements of arrays, all in their places instead.
    pub(crate) arrays: Option<Box<[InputArray]>>,
    pub(crate) cells: usize,
    /// Those with respect to one number follow those with respect to another at such
    /// steps.
    pub(crate) step: usize,
    pub(crate) slopes: Vec<f64>,
}

/// Their room is used again.
impl Drop for Slopes {
    #[inline]
    fn drop(&mut self) {
        pool::take_back_slopes(&mut self.slopes);
    }
}

impl Slopes {
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

/// The sum of as many products.
#[inline(always)]
pub(super) fn products(slopes: &[f64], seed: &[f64]) -> f64 {
    let sum = few_products(slopes, seed);
    // An infinite cotangent of what does not change.
    if sum.is_nan() { products_that_count(slopes, seed) } else { sum }
}

/// The same, in two halves side by side. One number at a time: what a
/// user has just written so cannot soon be read in vectors.
#[inline]
fn few_products(a: &[f64], b: &[f64]) -> f64 {
    let half = a.len() / 2;
    let ((a, c), (b, d)) = (a.split_at(half), b[..a.len()].split_at(half));
    let mut sums = [0.0; 2];
    for (((a, b), c), d) in a.iter().zip(b).zip(c).zip(d) {
        sums[0] += a * b;
        sums[1] += c * d;
    }
    // One is left over where there is no half of them.
    let last = if c.len() > half { c[half] * d[half] } else { 0.0 };
    sums[0] + last + sums[1]
}

/// The same where what is 0 has no part, whatever it meets.
#[cold]
pub(super) fn products_that_count(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| times(*a, *b)).sum()
}
