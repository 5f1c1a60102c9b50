//! Rows of two, divided by their sums: several at a time.

use super::share::{SMALLEST_TOTAL, quotient};
use crate::four::{Four, Lanes};
use crate::kernel::{BadWeight, normalize};

/// So many rows of two are worth a kernel, and still near when they are gone over again.
const WORTH_A_KERNEL: std::ops::RangeInclusive<usize> = 8..=2048;

/// Whether rows are divided by their sums when all of them are there, and not each when it
/// is: those of two, if there are some.
#[must_use]
#[inline(always)]
pub fn are_pairs(rows: usize, row: usize) -> bool {
    row == 2 && WORTH_A_KERNEL.contains(&rows)
}

/// Divides rows of two by their sums, as [`normalize`] does one.
///
/// # Errors
/// The first row with a weight that is negative, NaN or infinite.
///
/// ```
/// # use memo_runtime::__private::normalize_pairs;
/// let mut rows = [1.0, 3.0, 0.0, 0.0, 2.0, 2.0];
/// assert_eq!(normalize_pairs(&mut rows), Ok(()));
/// assert_eq!(rows, [0.25, 0.75, 0.0, 0.0, 0.5, 0.5]);
/// ```
pub fn normalize_pairs(rows: &mut [f64]) -> Result<(), (usize, BadWeight)> {
    let done = share_pairs(rows);
    for (at, row) in rows[done..].chunks_exact_mut(2).enumerate() {
        normalize(row).map_err(|bad| (done / 2 + at, bad))?;
    }
    Ok(())
}

/// Divides rows of two by their sums until one needs care, or few are left; how many cells
/// are done.
#[allow(unsafe_code, reason = "a function for the machine's own instructions: twice as fast")]
fn share_pairs(rows: &mut [f64]) -> usize {
    #[cfg(target_arch = "x86_64")]
    {
        use crate::four::Avx2;
        use crate::machine::Machine;
        #[target_feature(enable = "avx2,fma")]
        fn avx2(rows: &mut [f64]) -> usize {
            share::<Avx2>(rows)
        }
        match Machine::this() {
            // SAFETY: the machine has these instructions.
            Machine::Avx2 | Machine::Avx512 => unsafe { avx2(rows) },
            Machine::Plain => 0,
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    share::<crate::four::Plain4>(rows)
}

/// Four rows at a time, of which the first numbers stand in one vector and the second in
/// another.
#[inline(always)]
fn share<V: Four>(rows: &mut [f64]) -> usize {
    let (zero, one) = (V::splat(0.0), V::splat(1.0));
    let all = zero.equals(zero);
    let mut done = 0;
    while let Some(cells) = rows[done..].first_chunk_mut::<8>() {
        // Number by number: what has just been written in such pieces would have to get to
        // memory before it is read in larger ones.
        let [a, b, c, d, e, f, g, h] = *cells;
        let (first, second) = V::load(&[a, b, c, d]).pairs_apart(V::load(&[e, f, g, h]));
        let total = first + second;
        let nothing = total.equals(zero);
        let normal = V::splat(SMALLEST_TOTAL).at_most(total).and(total.at_most(V::splat(f64::MAX)));
        let sound = zero.at_most(first).and(zero.at_most(second)).and(normal.or(nothing));
        if all.without(sound).any() {
            break;
        }
        // Nothing stays nothing.
        let total = total.or(nothing.and(one));
        let by = one / total;
        let first = quotient::<Lanes, _>(first, total, by);
        let (first, second) = first.pairs_apart(quotient::<Lanes, _>(second, total, by));
        let (mut shares, mut others) = ([0.0; 4], [0.0; 4]);
        first.store(&mut shares);
        second.store(&mut others);
        cells[..4].copy_from_slice(&shares);
        cells[4..].copy_from_slice(&others);
        done += 8;
    }
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::four::Plain4;

    fn weights(rows: usize) -> Vec<f64> {
        (0..2 * rows).map(|at| (at * 31 % 11) as f64).collect()
    }

    /// On this machine and on any other, they are what they are one by one.
    #[test]
    fn pairs_together_are_pairs_alone() {
        for rows in 0..30 {
            let (mut here, mut anywhere) = (weights(rows), weights(rows));
            if rows > 5 {
                // Nothing, and what is certain.
                (here[10], here[11], here[8]) = (0.0, 0.0, 0.0);
                (anywhere[10], anywhere[11], anywhere[8]) = (0.0, 0.0, 0.0);
            }
            let mut alone = here.clone();
            alone.chunks_exact_mut(2).for_each(|row| assert_eq!(normalize(row), Ok(())));
            assert_eq!(normalize_pairs(&mut here), Ok(()));
            assert_eq!(share::<Plain4>(&mut anywhere), 2 * rows / 8 * 8);
            assert_eq!(here, alone);
            assert_eq!(anywhere[..2 * rows / 8 * 8], alone[..2 * rows / 8 * 8]);
        }
    }

    /// What cannot be divided is cared for, wherever it is.
    #[test]
    fn pairs_that_need_care() {
        for at in [0, 7, 8, 13, 30] {
            let odd = |number: f64| {
                let mut rows = weights(16);
                rows[at] = number;
                (normalize_pairs(&mut rows), rows)
            };
            for number in [-1.0, f64::NAN, f64::INFINITY] {
                let (refused, _) = odd(number);
                let found = refused.is_err_and(|(row, bad)| (row, bad.at) == (at / 2, at % 2));
                assert!(found, "{number} at {at}");
            }
            for number in [1e-320, 1e308] {
                let (done, rows) = odd(number);
                let mut row = [weights(16)[at & !1], weights(16)[at | 1]];
                row[at % 2] = number;
                assert_eq!((done, normalize(&mut row)), (Ok(()), Ok(())));
                assert_eq!(rows[at & !1..][..2], row, "{number} at {at}");
            }
        }
        // Two that overflow when they are added up.
        let mut rows = [1e308; 16];
        assert_eq!(normalize_pairs(&mut rows), Ok(()));
        assert_eq!(rows, [0.5; 16]);
    }
}
