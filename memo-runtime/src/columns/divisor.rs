//! What makes probabilities of weights that stand upright, a row at a time.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use crate::kernel::{BadWeight, normalize_multiples, normalize_products, normalize_quotients, ratio};
use crate::machine::{Arithmetic, on_this_machine};
use crate::pool;
use crate::rows::{divisible, quotient, share_out_multiples};

/// What the columns of a table of weights are to be divided by, so that they become
/// probabilities.
#[derive(Debug, Default)]
pub struct Divisor {
    /// The sums of the columns, then what each is the reciprocal of.
    numbers: Vec<f64>,
}

impl Divisor {
    /// By these sums, if all can be divided by.
    pub(crate) fn by(sums: &[f64]) -> Option<Self> {
        let mut numbers = pool::cells(2 * sums.len());
        if take_on_machine(&mut numbers, sums) {
            return Some(Self { numbers });
        }
        pool::take_back(numbers);
        None
    }

    /// Whether there is nothing to be divided.
    #[inline]
    pub(crate) fn is_done(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Divides a row of weights, which may be what the row holds, where that is still to be
    /// done, multiplies it with another, and divides it by its sum. Weights beside the row stay
    /// what they are: see [`into_numbers`](Self::into_numbers).
    ///
    /// # Errors
    /// The first product that is negative, NaN or infinite.
    #[inline(always)]
    pub fn normalize_products(
        &self,
        row: &mut [f64],
        first: Option<&[f64]>,
        times: &[f64],
    ) -> Result<(), BadWeight> {
        if self.is_done() {
            return normalize_products(row, first, times);
        }
        // A quotient that is rounded twice is as good: it is divided by a sum of such.
        let (_, reciprocals) = self.numbers.split_at(row.len());
        normalize_multiples(row, first, reciprocals, times)
    }

    /// The same of what the row holds, which can be told from the result by its total, divided
    /// by the sum of its column: the total of the products. NaN, with rubbish in the row,
    /// where that would not be so.
    #[must_use]
    #[inline(always)]
    pub fn share_products(&self, row: &mut [f64], times: &[f64]) -> f64 {
        let reciprocals = (!self.is_done()).then(|| self.numbers.split_at(row.len()).1);
        let total = share_out_multiples(row, None, reciprocals, times);
        total.filter(tells).unwrap_or(f64::NAN)
    }

    /// Divides a row of weights where that is still to be done, and makes a row of its
    /// products with another, which is divided by its sum.
    ///
    /// # Errors
    /// The first product that is negative, NaN or infinite.
    #[inline(always)]
    pub fn divide_products(
        &self,
        row: &mut [f64],
        weights: &mut [f64],
        times: &[f64],
    ) -> Result<(), BadWeight> {
        if self.is_done() {
            return normalize_products(row, Some(weights), times);
        }
        normalize_quotients(row, weights, &self.numbers, times)
    }

    /// The sums of the columns, then what each is the reciprocal of; nothing where there is
    /// nothing to be divided.
    #[must_use]
    pub fn into_numbers(mut self) -> Vec<f64> {
        std::mem::take(&mut self.numbers)
    }

    /// Makes probabilities of some rows of weights, where that is still to be done.
    #[inline]
    pub fn divide(&self, rows: &mut [f64]) {
        if !self.is_done() {
            divide_rows(rows, &self.numbers);
        }
    }
}

impl Drop for Divisor {
    #[inline]
    fn drop(&mut self) {
        if !self.is_done() {
            pool::take_back(std::mem::take(&mut self.numbers));
        }
    }
}

/// Makes the numbers of a divisor of sums; false where one of these cannot be divided by.
#[inline(always)]
fn take<A: Arithmetic>(numbers: &mut [f64], sums: &[f64]) -> bool {
    let (totals, reciprocals) = numbers.split_at_mut(sums.len());
    let reciprocals = &mut reciprocals[..sums.len()];
    let mut bad = 0;
    for at in 0..sums.len() {
        bad |= u64::from(!divisible(sums[at], false));
        // Nothing stays nothing.
        let total = if sums[at] == 0.0 { 1.0 } else { sums[at] };
        totals[at] = total;
        reciprocals[at] = 1.0 / total;
    }
    bad == 0
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 times as fast")]
fn take_on_machine(numbers: &mut [f64], sums: &[f64]) -> bool {
    on_this_machine!(take(numbers: &mut [f64], sums: &[f64]) -> bool)
}

/// Within this the totals of products, and what probabilities are multiplied with, tell the
/// probabilities from the products.
const TELLING: RangeInclusive<f64> = 1e-150..=1e150;

/// Whether such a number is far from where numbers are no longer normal ones; what has met a 0
/// counts for nothing.
fn tells(number: &f64) -> bool {
    *number == 0.0 || TELLING.contains(number)
}

/// By what products with a row, divided by their totals, are to be divided and multiplied to be
/// what they were products of: that row, then the totals. `None` where they do not tell.
#[must_use]
pub fn scales_of_products(totals: Vec<f64>, times: &[f64]) -> Option<Vec<f64>> {
    let tell = times.iter().all(tells) && !totals.iter().any(|total| total.is_nan());
    let scales = tell.then(|| {
        let mut scales = pool::cells(times.len() + totals.len());
        let (columns, rows) = scales.split_at_mut(times.len());
        columns.copy_from_slice(times);
        rows.copy_from_slice(&totals);
        scales
    });
    pool::take_back(totals);
    scales
}

/// What makes probabilities of multiples of them that were kept in their place: of weights
/// still to be divided by their columns' sums, or of products with a row, divided by their
/// totals.
#[derive(Clone, Copy, Debug)]
pub struct Scales<'t> {
    columns: &'t [f64],
    rows: &'t [f64],
}

impl<'t> Scales<'t> {
    /// From what was kept: weights with the numbers of a [`Divisor`], or nothing with those of
    /// [`scales_of_products`]. There are none where there are no numbers.
    #[must_use]
    pub fn new(weights: &[f64], numbers: &'t [f64], row: usize) -> Self {
        let (columns, rows) = numbers.split_at(row.min(numbers.len()));
        Self { columns, rows: if weights.is_empty() { rows } else { &[] } }
    }

    /// What the multiples are to be divided by, by column; 0 where all are 0. Empty for 1.
    #[must_use]
    pub fn columns(self) -> &'t [f64] {
        self.columns
    }

    /// What a row of multiples is to be multiplied with.
    #[must_use]
    #[inline(always)]
    pub fn of_row(self, at: usize) -> f64 {
        self.rows.get(at).copied().unwrap_or(1.0)
    }
}

/// The probabilities that there are multiples of: weights, see [`Scales`], or else products.
#[must_use]
pub fn restored<'t>(weights: &'t [f64], products: &[f64], numbers: &[f64], row: usize) -> Cow<'t, [f64]> {
    if numbers.is_empty() {
        return Cow::Borrowed(weights);
    }
    let scales = Scales::new(weights, numbers, row);
    let mut shares = if weights.is_empty() { products } else { weights }.to_vec();
    for (at, cells) in shares.chunks_exact_mut(row).enumerate() {
        let scale = scales.of_row(at);
        cells.iter_mut().zip(scales.columns()).for_each(|(cell, by)| *cell = ratio(*cell * scale, *by));
    }
    Cow::Owned(shares)
}

/// Divides rows by the first half of the numbers, of which the other half are the
/// reciprocals.
#[inline(always)]
fn divide<A: Arithmetic>(rows: &mut [f64], numbers: &[f64]) {
    let columns = numbers.len() / 2;
    let (totals, by) = numbers.split_at(columns);
    for cells in rows.chunks_exact_mut(columns) {
        let by = &by[..columns];
        for at in 0..columns {
            cells[at] = quotient::<A, _>(cells[at], totals[at], by[at]);
        }
    }
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: twice as fast")]
fn divide_rows(rows: &mut [f64], numbers: &[f64]) {
    on_this_machine!(divide(rows: &mut [f64], numbers: &[f64]) -> ())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weights of three rows, by columns of which one has none, and what they are multiplied with.
    fn weights() -> (Vec<f64>, [f64; 4], [f64; 4]) {
        let weights = vec![1.0, 0.0, 0.0, 4.0, 0.0, 0.0, 0.0, 0.0, 3.0, 2.0, 0.0, 4.0];
        (weights, [4.0, 2.0, 0.0, 8.0], [0.5, 0.0, 3.0, 1e-3])
    }

    #[test]
    fn products_tell_what_they_are_made_of() {
        let (weights, sums, times) = weights();
        let divisor = Divisor::by(&sums).expect("sums of weights");
        let mut chances = weights.clone();
        divisor.divide(&mut chances);
        for divisor in [divisor, Divisor::default()] {
            // What is divided already is divided no more.
            let given = if divisor.is_done() { &chances } else { &weights };
            let mut products = given.clone();
            let rows = products.chunks_exact_mut(4);
            let totals: Vec<f64> = rows.map(|row| divisor.share_products(row, &times)).collect();
            assert_eq!(totals, [0.25 * 0.5 + 0.5 * 1e-3, 0.0, 0.75 * 0.5 + 0.5 * 1e-3]);
            for (row, chances) in products.chunks_exact(4).zip(chances.chunks_exact(4)) {
                let mut beside = [7.0; 4];
                let made = Divisor::default().normalize_products(&mut beside, Some(chances), &times);
                assert_eq!((made, row), (Ok(()), &beside[..]));
            }
            let numbers = scales_of_products(totals, &times).expect("they tell");
            let found = restored(&[], &products, &numbers, 4);
            let scales = Scales::new(&[], &numbers, 4);
            for (at, (found, chance)) in found.iter().zip(&chances).enumerate() {
                // What meets no chance counts for nothing, whatever it is.
                let wanted = if times[at % 4] == 0.0 { 0.0 } else { *chance };
                assert!((found - wanted).abs() <= 1e-15 * wanted, "{found} is not {wanted}");
                let (column, row) = (scales.columns()[at % 4], scales.of_row(at / 4));
                assert_eq!(*found, if column == 0.0 { 0.0 } else { products[at] * row / column });
            }
        }
        // Weights that were kept are divided by the sums, their rows by nothing.
        let numbers = Divisor::by(&sums).expect("sums of weights").into_numbers();
        assert_eq!(restored(&weights, &[], &numbers, 4), chances);
        let scales = Scales::new(&weights, &numbers, 4);
        assert_eq!((scales.columns(), scales.of_row(2)), (&[4.0, 2.0, 1.0, 8.0][..], 1.0));
        // Chances are what they are.
        assert_eq!(restored(&chances, &[], &[], 4), chances);
        let scales = Scales::new(&chances, &[], 4);
        assert_eq!((scales.columns(), scales.of_row(2)), (&[][..], 1.0));
    }

    #[test]
    fn what_does_not_tell_is_known() {
        let (weights, sums, times) = weights();
        let divisor = Divisor::by(&sums).expect("sums of weights");
        for (factor, tells) in
            [(1e-140, true), (1e-160, false), (1e160, false), (f64::NAN, false), (-1.0, false)]
        {
            let total =
                divisor.share_products(&mut weights[..4].to_vec(), &times.map(|times| times * factor));
            assert_eq!(!total.is_nan(), tells, "{factor}");
            let mut rare = times;
            rare[1] = factor.abs();
            assert_eq!(scales_of_products(vec![total, 1.0], &rare).is_some(), tells, "{factor}");
        }
        assert_eq!(Divisor::by(&[1.0, f64::INFINITY]).map(Divisor::into_numbers), None);
    }
}
