//! Tables of a few cells.
//!
//! The last axis is filled up to whole vectors of four, so that a row begins where a vector
//! does; what is beyond its length is a pad. Where the lengths are constants all loops
//! have constant counts and vanish.

#![allow(clippy::needless_range_loop, reason = "plain counts vanish, iterators leave calls behind")]

use std::ops::{Deref, Index};

use super::called::Called;
use super::wide::{Single, Still, Wide};
use crate::four::Four;

/// How many vectors the values of a last axis take.
#[must_use]
#[inline(always)]
pub const fn vectors(count: usize) -> usize {
    count.div_ceil(4)
}

/// How many cells they take.
///
/// ```
/// # use memo_runtime::__private::lanes;
/// assert_eq!([1, 3, 4, 5].map(lanes), [4, 4, 4, 8]);
/// ```
#[must_use]
#[inline(always)]
pub const fn lanes(count: usize) -> usize {
    4 * vectors(count)
}

/// The numbers from a place on.
#[inline(always)]
pub(super) fn load<V: Four>(numbers: &[f64], at: usize) -> V {
    V::load(numbers[at..].first_chunk().expect("bug in memo: part of a vector"))
}

/// Writes numbers from a place on.
#[inline(always)]
pub(super) fn store<V: Four>(four: V, numbers: &mut [f64], at: usize) {
    four.store(numbers[at..].first_chunk_mut().expect("bug in memo: part of a vector"));
}

/// Leaves out the pads of so many rows of so many cells.
#[inline(always)]
pub(super) fn pack<V: Four>(padded: &[f64], packed: &mut [f64], rows: usize, row: usize) {
    for at in 0..rows {
        for cell in (0..vectors(row)).map(|vector| 4 * vector) {
            let (four, place): (V, usize) = (load(padded, at * lanes(row) + cell), at * row + cell);
            if place + 4 <= rows * row {
                // The pads of a row are overwritten by the next.
                store(four, packed, place);
            } else {
                let mut last = [0.0; 4];
                four.store(&mut last);
                for (lane, cell) in packed[place..rows * row].iter_mut().enumerate() {
                    *cell = last[lane];
                }
            }
        }
    }
}

/// A small table: its numbers, and what they change by in `K` directions. Beyond its
/// cells all is 0.
#[derive(Clone, Copy, Debug)]
pub struct Small<const K: usize, const N: usize> {
    pub(super) cells: usize,
    /// Whether each row that weights were shared among has some.
    pub(super) is_full: bool,
    pub(super) values: [f64; N],
    pub(super) rates: [[f64; N]; K],
}

impl<const K: usize, const N: usize> Deref for Small<K, N> {
    type Target = [f64];

    #[inline(always)]
    fn deref(&self) -> &[f64] {
        &self.values[..self.cells]
    }
}

/// Of any cell that there is room for: how many there are is not looked up.
impl<const K: usize, const N: usize> Index<usize> for Small<K, N> {
    type Output = f64;

    #[inline(always)]
    fn index(&self, at: usize) -> &f64 {
        &self.values[at]
    }
}

impl<const K: usize, const N: usize> Small<K, N> {
    /// A table of so many cells, at most `N`.
    #[must_use]
    #[inline(always)]
    pub fn new(cells: usize) -> Self {
        // Constants: else one row is made and copied.
        Self { cells, is_full: false, values: const { [0.0; N] }, rates: const { [[0.0; N]; K] } }
    }

    /// The same numbers, without what they change by.
    pub(super) fn at_rest(&self) -> Small<0, N> {
        Small { cells: self.cells, is_full: self.is_full, values: self.values, rates: [] }
    }

    /// Becomes another table of so many cells, whose numbers carry `E` derivatives.
    #[inline(always)]
    pub(super) fn copy<V: Four, const E: usize>(&mut self, other: &Small<E, N>, cells: usize) {
        (self.cells, self.is_full) = (cells, other.is_full);
        for at in (0..vectors(cells)).map(|vector| 4 * vector) {
            store::<V>(load(&other.values, at), &mut self.values, at);
            for k in 0..K {
                let rates: V = if k < E { load(&other.rates[k], at) } else { V::splat(0.0) };
                store(rates, &mut self.rates[k], at);
            }
        }
    }

    /// Whether what its first cells change by are numbers.
    #[inline(always)]
    pub(super) fn rates_are_finite<V: Four>(&self, cells: usize) -> bool {
        // Two sums side by side: it is the last that is waited for. Of what adds up to more than
        // there are numbers the general way takes care.
        let mut sums = [V::splat(-0.0); 2];
        for vector in 0..vectors(cells) {
            for k in 0..K {
                let sum = &mut sums[(vector + k) % 2];
                *sum = *sum + load(&self.rates[k], 4 * vector);
            }
        }
        // Nothing times a number is nothing.
        let nothing = V::splat(0.0);
        is_everywhere(((sums[0] + sums[1]) * nothing).equals(nothing))
    }

    /// Writes a number that does not change.
    #[inline(always)]
    pub fn put(&mut self, at: usize, value: f64) {
        self.values[at] = value;
    }

    /// Writes a number.
    #[inline(always)]
    pub fn set(&mut self, at: usize, number: Single<K>) {
        self.values[at] = number.value();
        for (rates, slope) in self.rates.iter_mut().zip(number.slopes()) {
            rates[at] = *slope;
        }
    }

    /// The same table, to be read.
    #[inline(always)]
    fn read(&self) -> Called<'_, K, N> {
        Called::new(None, Some(self), self.cells)
    }

    /// The number in a cell.
    #[must_use]
    #[inline(always)]
    pub fn number(&self, at: usize) -> Single<K> {
        self.read().number(at)
    }

    /// Writes four numbers that do not change.
    #[inline(always)]
    pub fn put_four<V: Four>(&mut self, at: usize, numbers: Still<V>) {
        store(numbers.0, &mut self.values, at);
    }

    /// Writes four numbers.
    #[inline(always)]
    pub fn set_four<V: Four>(&mut self, at: usize, numbers: Wide<V, K>) {
        store(numbers.value, &mut self.values, at);
        for k in 0..K {
            store(numbers.slopes[k], &mut self.rates[k], at);
        }
    }

    /// The numbers in four cells.
    #[must_use]
    #[inline(always)]
    pub fn four<V: Four>(&self, at: usize) -> Wide<V, K> {
        self.read().four(at)
    }

    /// Makes an empty table one of so many cells.
    #[inline(always)]
    pub fn extend_to(&mut self, cells: usize) {
        self.cells = cells;
    }

    /// Whether each row that weights were shared among has some.
    #[must_use]
    #[inline(always)]
    pub fn is_full(&self) -> bool {
        self.is_full
    }
}

/// The mask with all bits.
#[inline(always)]
pub(super) fn everywhere<V: Four>() -> V {
    V::splat(0.0).equals(V::splat(0.0))
}

/// Whether all bits of a mask are set.
#[inline(always)]
pub(super) fn is_everywhere<V: Four>(mask: V) -> bool {
    !everywhere::<V>().without(mask).any()
}
