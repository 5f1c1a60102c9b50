//! What makes probabilities of weights that stand upright, a row at a time.

use std::borrow::Cow;

use crate::kernel::{BadWeight, normalize_multiples, normalize_products, normalize_quotients};
use crate::machine::{Arithmetic, on_this_machine};
use crate::pool;
use crate::rows::{divisible, quotient};

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

/// The probabilities that some weights are, which are still to be divided by the first half of
/// the numbers, if there are any.
#[must_use]
pub fn divided<'t>(weights: &'t [f64], numbers: &[f64]) -> Cow<'t, [f64]> {
    if numbers.is_empty() {
        return Cow::Borrowed(weights);
    }
    let mut shares = weights.to_vec();
    divide_rows(&mut shares, numbers);
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
