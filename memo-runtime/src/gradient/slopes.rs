//! What the cells of a small table change by, carried forward.

use super::bars::Bar;
use super::tangent::InputArray;
use crate::pool;
use crate::real::{Dual, times};

/// What the cells of a small table change by, with respect to a few numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slopes {
    pub(super) names: &'static [&'static str],
    /// Where some of them are elements of arrays, all in their places.
    pub(super) inputs: Vec<InputArray>,
    pub(super) cells: usize,
    /// Those with respect to one number follow those with respect to another at such
    /// steps.
    pub(super) step: usize,
    pub(super) slopes: Vec<f64>,
}

/// Their room is used again.
impl Drop for Slopes {
    #[inline]
    fn drop(&mut self) {
        pool::take_back_slopes(&mut self.slopes);
    }
}

impl Slopes {
    /// The place of those with respect to these numbers, of so many cells, which follow each
    /// other at such steps.
    #[inline(always)]
    pub(crate) fn place(
        &mut self,
        names: &'static [&'static str],
        cells: usize,
        step: usize,
        room: Vec<f64>,
    ) -> &mut [f64] {
        (self.names, self.cells, self.step) = (names, cells, step);
        self.slopes = room;
        &mut self.slopes
    }

    /// The same of those with respect to these inputs.
    #[inline]
    pub(crate) fn place_of_inputs(
        &mut self,
        inputs: Vec<InputArray>,
        cells: usize,
        step: usize,
        room: Vec<f64>,
    ) -> &mut [f64] {
        self.inputs = inputs;
        self.place(&[], cells, step, room)
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

/// The sum of as many products, in two halves side by side. One number at a time: what a
/// user has just written so cannot soon be read in vectors.
#[inline(never)]
pub(super) fn few_products(a: &[f64], b: &[f64]) -> f64 {
    let (half, is_odd) = (a.len() / 2, a.len() % 2 == 1);
    let ((a, a_rest), (b, b_rest)) = (a.split_at(half), b[..a.len()].split_at(half));
    let (c, d) = (&a_rest[..half], &b_rest[..half]);
    let mut sums = [0.0; 2];
    for at in 0..half {
        sums[0] += a[at] * b[at];
        sums[1] += c[at] * d[at];
    }
    let last = if is_odd { a_rest[half] * b_rest[half] } else { 0.0 };
    sums[0] + sums[1] + last
}

/// The same where what is 0 has no part, whatever it meets.
#[cold]
pub(super) fn products_that_count(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| times(*a, *b)).sum()
}
