//! Rows divided by their sums: probabilities from plain weights, and from products of some.

use crate::machine::{Arithmetic, Field, LANES, load, on_this_machine};

/// A quotient: where there is a fused multiply-add, by the reciprocal of the divisor and
/// one correction, which rounds as a division does (Markstein 1990) and is several times
/// as fast.
#[inline(always)]
pub(crate) fn quotient<A: Arithmetic<T>, T: Field>(weight: T, total: T, reciprocal: T) -> T {
    if A::FUSED {
        let quotient = weight * reciprocal;
        let rest = A::fma(-quotient, total, weight);
        A::fma(rest, reciprocal, quotient)
    } else {
        weight / total
    }
}

/// Does something with a row piece by piece: whole groups of lanes, then what is left in
/// pieces of halves of that. No two of them overlap: what is read soon after it was written
/// is to be read as it was written.
macro_rules! in_pieces {
    ($count:expr, |$at:ident| $group:expr, |$_:ident| $piece:ident::<$($kind:ident),*>$arguments:tt) => {{
        let (count, mut $at) = ($count, 0);
        while $at + LANES <= count {
            $group;
            $at += LANES;
        }
        if count & 8 != 0 {
            $piece::<$($kind,)* 8>$arguments;
            $at += 8;
        }
        if count & 4 != 0 {
            $piece::<$($kind,)* 4>$arguments;
            $at += 4;
        }
        if count & 2 != 0 {
            $piece::<$($kind,)* 2>$arguments;
            $at += 2;
        }
        if count & 1 != 0 {
            $piece::<$($kind,)* 1>$arguments;
        }
    }};
}

/// So many numbers of a row.
#[inline(always)]
fn piece<const N: usize>(row: &[f64]) -> [f64; N] {
    let mut piece = [0.0; N];
    piece.copy_from_slice(&row[..N]);
    piece
}

/// Divides a row by a number.
#[inline(always)]
pub(super) fn divide<A: Arithmetic>(row: &mut [f64], by: f64) {
    let reciprocal = 1.0 / by;
    row.iter_mut().for_each(|weight| *weight = quotient::<A, _>(*weight, by, reciprocal));
}

/// From which total on the shares of it lose nothing.
pub(crate) const SMALLEST_TOTAL: f64 = f64::MIN_POSITIVE / f64::EPSILON;

/// Whether a row of this total can be divided by it.
#[inline(always)]
pub(crate) fn divisible(total: f64, negative: bool) -> bool {
    let normal = total == 0.0 || total >= SMALLEST_TOTAL;
    normal && !negative && total != f64::INFINITY
}

/// Divides a row by its sum; false, with the row as it was, when a weight is
/// negative or the sum overflows, sinks below the normal numbers or is none.
#[inline(always)]
pub(super) fn share<A: Arithmetic>(row: &mut [f64]) -> bool {
    let (total, negative) = summed::<A, false, false, false>(row, &[], &[], &[]);
    divided::<A>(row, total, negative)
}

/// The same of the products of two rows, of which the first may be what the row holds.
#[inline(always)]
fn share_products<A: Arithmetic>(row: &mut [f64], first: Option<&[f64]>, times: &[f64]) -> bool {
    share_multiples::<A>(row, first, None, times).is_some()
}

/// The same of a row, which may be what the row holds, times one or two other rows: the total
/// that they were divided by, if they were.
#[inline(always)]
fn share_multiples<A: Arithmetic>(
    row: &mut [f64],
    first: Option<&[f64]>,
    by: Option<&[f64]>,
    times: &[f64],
) -> Option<f64> {
    let count = row.len();
    let times = &times[..count];
    let (total, negative) = match (first, by) {
        (Some(first), Some(by)) => summed::<A, true, true, true>(row, &first[..count], times, &by[..count]),
        (Some(first), None) => summed::<A, true, true, false>(row, &first[..count], times, &[]),
        (None, Some(by)) => summed::<A, false, true, true>(row, &[], times, &by[..count]),
        (None, None) => summed::<A, false, true, false>(row, &[], times, &[]),
    };
    divided::<A>(row, total, negative).then_some(total)
}

/// The same of the products of two rows, the first of which is divided before that, by the
/// first half of some numbers, of which the other half are the reciprocals.
#[inline(always)]
fn share_quotients<A: Arithmetic>(
    row: &mut [f64],
    weights: &mut [f64],
    numbers: &[f64],
    times: &[f64],
) -> bool {
    let count = row.len();
    let (totals, by) = numbers.split_at(count);
    let (weights, by, times) = (&mut weights[..count], &by[..count], &times[..count]);
    let (mut sums, mut least) = ([0.0; LANES], [0.0; LANES]);
    let mut at = 0;
    while at + LANES <= count {
        let mut cells = load(&weights[at..]);
        let (totals, by, times) = (load(&totals[at..]), load(&by[at..]), load(&times[at..]));
        for lane in 0..LANES {
            cells[lane] = quotient::<A, _>(cells[lane], totals[lane], by[lane]);
        }
        weights[at..at + LANES].copy_from_slice(&cells);
        for lane in 0..LANES {
            cells[lane] *= times[lane];
            sums[lane] += cells[lane];
            least[lane] = if cells[lane] < least[lane] { cells[lane] } else { least[lane] };
        }
        row[at..at + LANES].copy_from_slice(&cells);
        at += LANES;
    }
    let start = at;
    while at < count {
        weights[at] = quotient::<A, _>(weights[at], totals[at], by[at]);
        row[at] = weights[at] * times[at];
        at += 1;
    }
    // As all others add it up.
    let (rest, negative) = summed::<A, false, false, false>(&mut row[start..], &[], &[], &[]);
    divided::<A>(row, A::add_up(sums) + rest, negative || A::add_up(least) < 0.0)
}

#[inline(always)]
fn divided<A: Arithmetic>(row: &mut [f64], total: f64, negative: bool) -> bool {
    if !divisible(total, negative) {
        return false;
    }
    if total > 0.0 {
        divide::<A>(row, total);
    }
    true
}

/// The sum of a row, and whether a cell of it is negative; before that the row becomes
/// another, if it is to, and is multiplied.
#[inline(always)]
fn summed<A: Arithmetic, const FIRST: bool, const TIMES: bool, const BY: bool>(
    row: &mut [f64],
    first: &[f64],
    times: &[f64],
    by: &[f64],
) -> (f64, bool) {
    let (mut sums, mut least) = ([0.0; LANES], [0.0; LANES]);
    let (mut rest, mut negative) = (0.0, false);
    in_pieces!(
        row.len(),
        |at| {
            let weights = weighed::<FIRST, TIMES, BY, LANES>(row, first, times, by, at);
            for lane in 0..LANES {
                sums[lane] += weights[lane];
                least[lane] = if weights[lane] < least[lane] { weights[lane] } else { least[lane] };
            }
        },
        |at| sum_piece::<FIRST, TIMES, BY>(row, first, times, by, at, &mut rest, &mut negative)
    );
    (A::add_up(sums) + rest, negative || A::add_up(least) < 0.0)
}

/// What so many cells of a row become.
#[inline(always)]
fn weighed<const FIRST: bool, const TIMES: bool, const BY: bool, const N: usize>(
    row: &mut [f64],
    first: &[f64],
    times: &[f64],
    by: &[f64],
    at: usize,
) -> [f64; N] {
    let mut weights = piece::<N>(if FIRST { &first[at..] } else { &row[at..] });
    if BY {
        let by = piece::<N>(&by[at..]);
        for lane in 0..N {
            weights[lane] *= by[lane];
        }
    }
    if TIMES {
        let times = piece::<N>(&times[at..]);
        for lane in 0..N {
            weights[lane] *= times[lane];
        }
    }
    if FIRST || TIMES {
        row[at..at + N].copy_from_slice(&weights);
    }
    weights
}

/// A piece of what does not fill all lanes, added up apart.
#[inline(always)]
fn sum_piece<const FIRST: bool, const TIMES: bool, const BY: bool, const N: usize>(
    row: &mut [f64],
    first: &[f64],
    times: &[f64],
    by: &[f64],
    at: usize,
    rest: &mut f64,
    negative: &mut bool,
) {
    let mut weights = weighed::<FIRST, TIMES, BY, N>(row, first, times, by, at);
    *negative |= weights.iter().any(|weight| *weight < 0.0);
    let mut half = N / 2;
    while half > 0 {
        for lane in 0..half {
            weights[lane] += weights[lane + half];
        }
        half /= 2;
    }
    *rest += weights[0];
}

/// [`share`] at the speed of the machine.
#[inline]
pub(crate) fn share_out(row: &mut [f64]) -> bool {
    if row.len() < LANES { share_few(row) } else { share_many(row) }
}

/// The same of the products of two rows, of which the first may be what the row holds.
#[inline(always)]
pub(crate) fn share_out_products(row: &mut [f64], first: Option<&[f64]>, times: &[f64]) -> bool {
    if row.len() >= LANES {
        return share_many_products(row, first, times);
    }
    let times = &times[..row.len()];
    if let Some(first) = first {
        row.copy_from_slice(&first[..row.len()]);
    }
    row.iter_mut().zip(times).for_each(|(weight, times)| *weight *= times);
    share_few(row)
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: twice as fast")]
fn share_many(row: &mut [f64]) -> bool {
    on_this_machine!(share(row: &mut [f64]) -> bool)
}

/// The same of a row, which may be what the row holds, times one or two other rows: the total
/// that they were divided by, if they were.
#[allow(unsafe_code, reason = "functions for the machine's own instructions: twice as fast")]
pub(crate) fn share_out_multiples(
    row: &mut [f64],
    first: Option<&[f64]>,
    by: Option<&[f64]>,
    times: &[f64],
) -> Option<f64> {
    on_this_machine!(share_multiples(row: &mut [f64], first: Option<&[f64]>, by: Option<&[f64]>, times: &[f64]) -> Option<f64>)
}

/// The same of the products of two rows, the first of which is divided before that, by the
/// first half of some numbers, of which the other half are the reciprocals.
#[allow(unsafe_code, reason = "functions for the machine's own instructions: twice as fast")]
pub(crate) fn share_out_quotients(
    row: &mut [f64],
    weights: &mut [f64],
    numbers: &[f64],
    times: &[f64],
) -> bool {
    on_this_machine!(share_quotients(row: &mut [f64], weights: &mut [f64], numbers: &[f64], times: &[f64]) -> bool)
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: twice as fast")]
fn share_many_products(row: &mut [f64], first: Option<&[f64]>, times: &[f64]) -> bool {
    on_this_machine!(share_products(row: &mut [f64], first: Option<&[f64]>, times: &[f64]) -> bool)
}

/// [`share`] for a few weights; part of the model's own code, where their
/// number may be known.
#[inline]
fn share_few(row: &mut [f64]) -> bool {
    let (mut total, mut least) = (0.0, 0.0);
    for w in row.iter() {
        total += *w;
        least = if *w < least { *w } else { least };
    }
    let divisible = (SMALLEST_TOTAL..=f64::MAX).contains(&total) & (least >= 0.0);
    if divisible {
        row.iter_mut().for_each(|w| *w /= total);
    }
    // Nothing stays nothing.
    divisible || (total == 0.0 && least >= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{Fused, Plain};

    #[test]
    fn the_quick_division_is_a_division() {
        let mut x = 0.731;
        for n in [1, 7, 49, 100] {
            let row: Vec<f64> = (0..n)
                .map(|_| {
                    x = (x * 3.99 * (1.0 - x) + 0.001_f64).fract();
                    x
                })
                .collect();
            let by: f64 = row.iter().sum();
            let (mut quick, mut slow) = (row.clone(), row);
            divide::<Fused>(&mut quick, by);
            divide::<Plain>(&mut slow, by);
            assert_eq!(quick, slow);
        }
        // Certain is certain.
        let mut certain = vec![0.0; 49];
        certain[3] = 49.0;
        assert!(share::<Fused>(&mut certain));
        assert_eq!(certain[3], 1.0);
    }

    /// Whatever is left over beside whole groups counts, and what cannot be divided stays.
    #[test]
    fn rows_of_all_lengths_are_shared_out() {
        for n in 1..70 {
            let weights: Vec<f64> = (0..n).map(|at| ((at * 7) % 5) as f64 + 0.5).collect();
            let times: Vec<f64> = (0..n).map(|at| ((at * 3) % 4) as f64 + 0.25).collect();
            let products: Vec<f64> = weights.iter().zip(&times).map(|(a, b)| a * b).collect();
            let (mut plain, mut by, mut of) = (weights.clone(), weights.clone(), vec![9.0; n]);
            assert!(share_out(&mut plain) && share_out_products(&mut by, None, &times));
            assert!(share_out_products(&mut of, Some(&weights), &times));
            assert_eq!(by, of);
            for (shares, weights) in [(&plain, &weights), (&by, &products)] {
                let total: f64 = weights.iter().sum();
                for (share, weight) in shares.iter().zip(weights) {
                    assert!((share - weight / total).abs() <= 1e-15, "{n}: {share}");
                }
            }
            for at in [0, n - 1] {
                let mut bad = weights.clone();
                bad[at] = -1.0;
                let (mut row, mut many) = (bad.clone(), bad.clone());
                assert!(!share_out(&mut row) && !share_out_products(&mut many, None, &times));
                assert_eq!((row[at], many[at]), (-1.0, -times[at]), "{n}");
            }
        }
    }
}
