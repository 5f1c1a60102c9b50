//! Rows of probabilities, from weights `factor · exp(exponent)` and from plain
//! ones.

use crate::elementary::{weight, weights_below};
use crate::few::{weigh_few_rows, whole_groups};
use crate::four::Four;
use crate::kernel::{BadWeight, softmax};
use crate::machine::{Arithmetic, LANES, Plain, largest, load, on_this_machine};

mod pairs;
mod share;

use share::divide;

pub use pairs::{are_pairs, normalize_pairs};

pub(crate) use share::{
    SMALLEST_TOTAL, divisible, quotient, share_out, share_out_multiples, share_out_products,
    share_out_quotients,
};

/// The factors with which plain products lose nothing: the largest is so much larger
/// than the smallest that what an exponential below the normal numbers would add to a
/// total is beyond its last bit.
pub(crate) const PLAIN: std::ops::RangeInclusive<f64> = 1e-145..=1e145;

/// Whether a weight is one that plain products lose nothing of: a factor of 0 wins
/// over any exponent.
#[inline(always)]
pub(crate) fn is_sound(factor: f64, exponent: f64) -> bool {
    (factor == 0.0) | (PLAIN.contains(&factor) & (exponent < f64::INFINITY))
}

/// The exponents whose exponentials can be multiplied with any sound factor, and the
/// products added up, as they are.
const NEAR: f64 = 300.0;

/// Whether a weight can be computed as it stands, wherever the others of its row are:
/// it is then 0 or between 1e-276 and 1e276.
#[inline(always)]
pub(crate) fn is_near(factor: f64, exponent: f64) -> bool {
    // Minus infinity is nothing.
    let near = (exponent.abs() <= NEAR) | (exponent == f64::NEG_INFINITY);
    (PLAIN.contains(&factor) & near) | (factor == 0.0)
}

/// Where exponents are near enough for plain factors, as a mask.
#[inline(always)]
pub(crate) fn are_near<V: Four>(exponents: V) -> V {
    are_close(exponents).or(exponents.equals(V::splat(f64::NEG_INFINITY)))
}

/// The same where minus infinity, which is nothing, is not one of them.
#[inline(always)]
pub(crate) fn are_close<V: Four>(exponents: V) -> V {
    exponents.without(V::splat(-0.0)).at_most(V::splat(NEAR))
}

/// Where factors are in the range of plain products, as a mask.
#[inline(always)]
pub(crate) fn are_plain<V: Four>(factors: V) -> V {
    V::splat(*PLAIN.start()).at_most(factors).and(factors.at_most(V::splat(*PLAIN.end())))
}

/// Below this many weights one at a time is as fast.
const FEW: usize = 6;

/// The factors span a range in which plain products would lose something, or
/// there is a weight that is none; the row is as it was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TooWide;

/// Turns weights `factor · exp(exponent)` into probabilities; the factors come
/// in `row`, where the probabilities are left. A factor of 0 wins over any
/// exponent.
///
/// The exponents are taken from the largest, so that none overflows. With
/// factors between 1e-145 and 1e145 what sinks below 1e-308 is then nothing
/// beside the total.
#[inline(always)]
fn weigh<A: Arithmetic>(row: &mut [f64], exponents: &[f64]) -> Result<(), TooWide> {
    let exponents = &exponents[..row.len()];
    let whole = row.len() - row.len() % LANES;
    // What does not fill all lanes is padded with weights of 0.
    let (mut last, mut last_exponents) = ([0.0; LANES], [0.0; LANES]);
    last[..row.len() - whole].copy_from_slice(&row[whole..]);
    last_exponents[..row.len() - whole].copy_from_slice(&exponents[whole..]);
    let mut tops = [f64::NEG_INFINITY; LANES];
    let mut unsound = [0.0; LANES];
    let mut look = |factors: &[f64], exponents: &[f64]| {
        for lane in 0..LANES {
            let (factor, exponent) = (factors[lane], exponents[lane]);
            unsound[lane] = if is_sound(factor, exponent) { unsound[lane] } else { 1.0 };
            let exponent = if factor == 0.0 { f64::NEG_INFINITY } else { exponent };
            tops[lane] = if exponent > tops[lane] { exponent } else { tops[lane] };
        }
    };
    let mut at = 0;
    while at < whole {
        look(&row[at..at + LANES], &exponents[at..at + LANES]);
        at += LANES;
    }
    look(&last, &last_exponents);
    let top = largest(tops);
    if unsound.iter().any(|u| *u != 0.0) {
        return Err(TooWide);
    }
    if top == f64::NEG_INFINITY {
        row.fill(0.0);
        return Ok(());
    }
    let mut sums = [0.0; LANES];
    let mut weigh = |factors: &mut [f64], exponents: &[f64]| {
        for lane in 0..LANES {
            factors[lane] = weight::<A>(factors[lane], exponents[lane] - top);
            sums[lane] += factors[lane];
        }
    };
    let mut at = 0;
    while at < whole {
        weigh(&mut row[at..at + LANES], &exponents[at..at + LANES]);
        at += LANES;
    }
    if whole < row.len() {
        weigh(&mut last, &last_exponents);
        let rest = row.len() - whole;
        row[whole..].copy_from_slice(&last[..rest]);
    }
    let total = A::add_up(sums);
    divide::<A>(row, total);
    Ok(())
}

/// [`weigh`] for a few weights.
fn weigh_few(row: &mut [f64], exponents: &[f64]) -> Result<(), TooWide> {
    let exponents = &exponents[..row.len()];
    let (mut top, mut sound) = (f64::NEG_INFINITY, true);
    for (&factor, &exponent) in row.iter().zip(exponents) {
        sound &= is_sound(factor, exponent);
        top = if factor != 0.0 && exponent > top { exponent } else { top };
    }
    if !sound {
        return Err(TooWide);
    }
    if top == f64::NEG_INFINITY {
        row.fill(0.0);
        return Ok(());
    }
    let mut total = 0.0;
    for (w, &exponent) in row.iter_mut().zip(exponents) {
        *w = weight::<Plain>(*w, exponent - top);
        total += *w;
    }
    row.iter_mut().for_each(|w| *w /= total);
    Ok(())
}

/// [`weigh`] at the speed of the machine.
#[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 to 4 times as fast")]
pub(crate) fn weigh_row(row: &mut [f64], exponents: &[f64]) -> Result<(), TooWide> {
    if row.len() < FEW {
        return weigh_few(row, exponents);
    }
    on_this_machine!(weigh(row: &mut [f64], exponents: &[f64]) -> Result<(), TooWide>)
}

/// How many rows of a few weights are worked on at a time, for a table that has
/// so many of them: as many as fill a small part of the cache.
#[inline]
fn block(rows: usize, row: usize) -> usize {
    if row < LANES { (BLOCK / row.max(1)).min(rows) } else { 1 }
}

/// How many weights are worked on at a time, where rows are short.
const BLOCK: usize = 512;

/// How many cells the exponents of a block of rows take.
///
/// ```
/// # use memo_runtime::__private::{block_cells, blocks};
/// // Short rows are taken together, long ones one at a time.
/// assert_eq!((block_cells(1000, 5), block_cells(10, 5), block_cells(10, 2000)), (510, 50, 2000));
/// // A few are filled up.
/// assert_eq!(block_cells(4, 3), 16);
/// assert_eq!(blocks(250, 5).collect::<Vec<_>>(), [0..102, 102..204, 204..250]);
/// ```
#[must_use]
#[inline]
pub fn block_cells(rows: usize, row: usize) -> usize {
    whole_groups(block(rows, row) * row)
}

/// All rows, block by block.
#[inline]
pub fn blocks(rows: usize, row: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    let (block, mut start) = (block(rows, row).max(1), 0);
    // So simple that the one block of a small table is a constant.
    std::iter::from_fn(move || {
        let next = start..rows.min(start + block);
        start = next.end;
        (!next.is_empty()).then_some(next)
    })
}

/// Turns the weights of several rows of a few into probabilities, as [`weigh`]
/// does for one, but that rows of two are not yet divided by their sums; false, with all
/// as they were, when one of them needs care.
#[inline(always)]
fn weigh_several<A: Arithmetic>(rows: &mut [f64], exponents: &mut [f64], row: usize) -> bool {
    let exponents = &mut exponents[..rows.len()];
    // What is near is sound.
    let near = are_all::<true>(rows, exponents);
    if !near && !are_all::<false>(rows, exponents) {
        return false;
    }
    // With a known length their loops are unrolled.
    match row {
        2 => weigh_rows::<A, 2>(rows, exponents, row, near),
        3 => weigh_rows::<A, 3>(rows, exponents, row, near),
        4 => weigh_rows::<A, 4>(rows, exponents, row, near),
        5 => weigh_rows::<A, 5>(rows, exponents, row, near),
        6 => weigh_rows::<A, 6>(rows, exponents, row, near),
        7 => weigh_rows::<A, 7>(rows, exponents, row, near),
        8 => weigh_rows::<A, 8>(rows, exponents, row, near),
        _ => weigh_rows::<A, 0>(rows, exponents, row, near),
    }
    true
}

/// Whether a weight is near, or sound.
#[inline(always)]
fn is_one<const NEAR: bool>(factor: f64, exponent: f64) -> bool {
    if NEAR { is_near(factor, exponent) } else { is_sound(factor, exponent) }
}

/// Whether all weights are.
#[inline(always)]
fn are_all<const NEAR: bool>(factors: &[f64], exponents: &[f64]) -> bool {
    let (cells, exponents) = (factors.len(), &exponents[..factors.len()]);
    if cells < LANES {
        return factors.iter().zip(exponents).all(|(factor, exponent)| is_one::<NEAR>(*factor, *exponent));
    }
    let (mut others, mut at) = ([0.0; LANES], 0);
    while at < cells {
        // Some are looked at twice.
        let start = at.min(cells - LANES);
        let (factors, exponents) = (load(&factors[start..]), load(&exponents[start..]));
        for lane in 0..LANES {
            others[lane] = if is_one::<NEAR>(factors[lane], exponents[lane]) { others[lane] } else { 1.0 };
        }
        at += LANES;
    }
    others.iter().all(|lane| *lane == 0.0)
}

/// [`weigh_several`] of sound weights, `N` in a row, or `row` where `N` is 0.
#[inline(always)]
fn weigh_rows<A: Arithmetic, const N: usize>(
    rows: &mut [f64],
    exponents: &mut [f64],
    row: usize,
    near: bool,
) {
    let row = if N == 0 { row } else { N };
    if !near {
        below_the_top(rows, exponents, row);
    }
    weigh_all::<A>(rows, exponents);
    if N == 2 {
        // Apart, see `softmax_many_rows`.
        return;
    }
    for weights in rows.chunks_exact_mut(row) {
        let total: f64 = weights[..row].iter().sum();
        if total > 0.0 {
            divide::<A>(weights, total);
        }
    }
}

/// Takes the exponents of each row from the largest.
#[inline(always)]
fn below_the_top(rows: &[f64], exponents: &mut [f64], row: usize) {
    for (factors, exponents) in rows.chunks_exact(row).zip(exponents.chunks_exact_mut(row)) {
        let mut top = f64::NEG_INFINITY;
        for at in 0..row {
            let exponent = if factors[at] == 0.0 { f64::NEG_INFINITY } else { exponents[at] };
            top = if exponent > top { exponent } else { top };
        }
        // Where there is no top there are no weights.
        let top = if top == f64::NEG_INFINITY { 0.0 } else { top };
        exponents[..row].iter_mut().for_each(|exponent| *exponent -= top);
    }
}

/// `factor · exp(exponent)` in the place of the factors.
#[inline(always)]
fn weigh_all<A: Arithmetic>(factors: &mut [f64], exponents: &[f64]) {
    let (cells, exponents) = (factors.len(), &exponents[..factors.len()]);
    if cells < LANES {
        for (factor, exponent) in factors.iter_mut().zip(exponents) {
            *factor = weight::<A>(*factor, *exponent);
        }
        return;
    }
    // The last group overlaps the one before it: what it is made of is read first.
    let last = weights_below::<A>(load(&factors[cells - LANES..]), &load(&exponents[cells - LANES..]));
    let mut at = 0;
    while at + LANES < cells {
        let weights = weights_below::<A>(load(&factors[at..]), &load(&exponents[at..]));
        factors[at..at + LANES].copy_from_slice(&weights);
        at += LANES;
    }
    factors[cells - LANES..].copy_from_slice(&last);
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: twice as fast")]
fn weigh_block(rows: &mut [f64], exponents: &mut [f64], row: usize) -> bool {
    on_this_machine!(weigh_several(rows: &mut [f64], exponents: &mut [f64], row: usize) -> bool)
}

/// Probabilities proportional to `factor · exp(exponent)` for several rows, as
/// [`softmax`] makes them of one. The exponents are changed.
///
/// # Errors
/// The first row with a weight that is negative, NaN or infinite.
#[inline(always)]
pub fn softmax_rows(rows: &mut [f64], exponents: &mut [f64], row: usize) -> Result<(), (usize, BadWeight)> {
    if weigh_few_rows(rows, exponents, row) { Ok(()) } else { softmax_many_rows(rows, exponents, row) }
}

fn softmax_many_rows(rows: &mut [f64], exponents: &mut [f64], row: usize) -> Result<(), (usize, BadWeight)> {
    let several = row < LANES && rows.len() > row;
    if several && weigh_block(rows, exponents, row) {
        if row == 2 {
            return normalize_pairs(rows);
        }
        return Ok(());
    }
    for (at, (row, exponents)) in rows.chunks_exact_mut(row).zip(exponents.chunks_exact(row)).enumerate() {
        softmax(row, exponents).map_err(|bad| (at, bad))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_agree_on_all_machines() {
        for n in [2, 3, 15, 16, 17, 50, 1000] {
            let factors: Vec<f64> = (0..n).map(|i| f64::from(i % 5)).collect();
            let exponents: Vec<f64> = (0..n).map(|i| f64::from(i * 37 % 101) / 7.0).collect();
            let (mut fast, mut slow) = (factors.clone(), factors.clone());
            assert_eq!(weigh_row(&mut fast, &exponents), Ok(()));
            assert_eq!(weigh::<Plain>(&mut slow, &exponents), Ok(()));
            assert!((fast.iter().sum::<f64>() - 1.0).abs() < 1e-14);
            for (a, b) in fast.iter().zip(&slow) {
                assert!((a - b).abs() <= 1e-15, "{a} is not {b}");
            }
        }
    }

    /// An exponential below the normal numbers may count for something after all.
    #[test]
    fn a_large_factor_outweighs_a_small_exponential() {
        for n in [2, 5, 8, 16, 40] {
            let (mut row, mut exponents) = (vec![0.0; n], vec![0.0; n]);
            (row[0], row[n - 1]) = (1e-149, 1e149);
            exponents[n - 1] = -708.5;
            let odds = (298.0 * std::f64::consts::LN_10 - 708.5).exp();
            let expected = odds / (1.0 + odds);
            let mut together = row.clone();
            assert_eq!(softmax(&mut row, &exponents), Ok(()));
            assert!((row[n - 1] / expected - 1.0).abs() < 1e-12, "{} is not {expected}", row[n - 1]);
            assert_eq!(softmax_rows(&mut together, &mut exponents, n), Ok(()));
            assert_eq!(together, row);
        }
    }

    /// Several rows at a time are what they are one by one, and what needs care
    /// is cared for.
    #[test]
    fn rows_together_are_rows_alone() {
        for n in [1, 2, 3, 5, 8, 11, 15, 16, 40] {
            let count = 7 * n;
            let mut factors: Vec<f64> = (0..count).map(|i| ((i * 31 % 11) as f64 - 2.0).max(0.0)).collect();
            factors[n..2 * n].fill(0.0);
            let exponents: Vec<f64> = (0..count).map(|i| (i * 37 % 101) as f64 * 3.0 - 700.0).collect();
            for strange in [None, Some((0, 1e-200)), Some((count - 1, 1e200))] {
                let mut factors = factors.clone();
                strange.iter().for_each(|(at, factor)| factors[*at] = *factor);
                let (mut together, mut alone) = (factors.clone(), factors);
                assert_eq!(softmax_rows(&mut together, &mut exponents.clone(), n), Ok(()));
                for (row, exponents) in alone.chunks_exact_mut(n).zip(exponents.chunks_exact(n)) {
                    assert_eq!(softmax(row, exponents), Ok(()));
                }
                for (a, b) in together.iter().zip(&alone) {
                    assert!((a - b).abs() <= 1e-15, "{a} is not {b}");
                }
            }
            let mut bad = factors.clone();
            bad[4 * n] = -1.0;
            let refused = softmax_rows(&mut bad, &mut exponents.clone(), n);
            assert!(refused.is_err_and(|(row, bad)| (row, bad.at) == (4, 0) && bad.value < 0.0));
            let mut logits = exponents.clone();
            (bad[4 * n], logits[5 * n]) = (1.0, f64::NAN);
            bad[5 * n] = 2.0;
            assert!(
                softmax_rows(&mut bad, &mut logits, n)
                    .is_err_and(|(row, bad)| row == 5 && bad.value.is_nan())
            );
        }
    }
}
