//! Tables of calls.

use std::ops::{Deref, Index};

use super::small::{Small, load};
use super::wide::{Single, Still, Wide};
use crate::four::Four;

/// The table of a call: what the call has made, or one that rests on no parameter, read
/// where it is kept, whose numbers do not change.
#[derive(Clone, Copy, Debug)]
pub struct Called<'t, const K: usize, const N: usize> {
    cells: usize,
    values: &'t [f64; N],
    rates: Option<&'t [[f64; N]; K]>,
}

impl<'t, const K: usize, const N: usize> Called<'t, K, N> {
    /// The kept one if there is one, else what has been made, else zeros; so many cells.
    #[must_use]
    #[inline(always)]
    pub fn new(kept: Option<&'t Small<0, N>>, made: Option<&'t Small<K, N>>, cells: usize) -> Self {
        let (values, rates) = match (kept, made) {
            (Some(kept), _) => (&kept.values, None),
            (None, Some(made)) => (&made.values, Some(&made.rates)),
            (None, None) => (const { &[0.0; N] }, None),
        };
        Self { cells, values, rates }
    }

    /// The number in a cell.
    #[must_use]
    #[inline(always)]
    pub fn number(&self, at: usize) -> Single<K> {
        let rates = self.rates.map_or([0.0; K], |rates| std::array::from_fn(|k| rates[k][at]));
        Single::with(self.values[at], rates)
    }

    /// The numbers in four cells.
    #[must_use]
    #[inline(always)]
    pub fn four<V: Four>(&self, at: usize) -> Wide<V, K> {
        let mut four = Wide::from(Still(load(self.values, at)));
        if let Some(rates) = self.rates {
            for (slopes, rates) in four.slopes.iter_mut().zip(rates) {
                *slopes = load(rates, at);
            }
        }
        four
    }
}

impl<const K: usize, const N: usize> Deref for Called<'_, K, N> {
    type Target = [f64];

    #[inline(always)]
    fn deref(&self) -> &[f64] {
        &self.values[..self.cells]
    }
}

impl<const K: usize, const N: usize> Index<usize> for Called<'_, K, N> {
    type Output = f64;

    #[inline(always)]
    fn index(&self, at: usize) -> &f64 {
        &self.values[at]
    }
}
