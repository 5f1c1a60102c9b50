//! The best of each column of a few rows: what the best choice is worth, many times
//! over.

use crate::machine::{Arithmetic, LANES, on_this_machine};

/// Which of two numbers is the better.
trait Better {
    /// Worse than any number.
    const WORST: f64;
    /// The better of two numbers; of equals, the first. One that is none may get lost.
    fn better(best: f64, value: f64) -> f64;
}

struct Largest;

impl Better for Largest {
    const WORST: f64 = f64::NEG_INFINITY;
    #[inline(always)]
    fn better(best: f64, value: f64) -> f64 {
        if value > best { value } else { best }
    }
}

struct Smallest;

impl Better for Smallest {
    const WORST: f64 = f64::INFINITY;
    #[inline(always)]
    fn better(best: f64, value: f64) -> f64 {
        if value < best { value } else { best }
    }
}

/// The largest number of each column of some rows, which lie one after the other, and
/// whether there is one that is no number: then what is in `best` does not count.
///
/// ```
/// use memo_runtime::__private::largest;
/// let mut best = [0.0; 2];
/// assert!(!largest(&[3.0, 1.0, 2.0, 5.0], &mut best));
/// assert_eq!(best, [3.0, 5.0]);
/// assert!(largest(&[3.0, f64::NAN, 2.0, 5.0], &mut best));
/// ```
#[must_use]
#[inline]
pub fn largest(rows: &[f64], best: &mut [f64]) -> bool {
    if best.len() < LANES { best_from::<Largest>(0, rows, best) } else { largest_on_machine(rows, best) }
}

/// The same for the smallest.
#[must_use]
#[inline]
pub fn smallest(rows: &[f64], best: &mut [f64]) -> bool {
    if best.len() < LANES { best_from::<Smallest>(0, rows, best) } else { smallest_on_machine(rows, best) }
}

/// The columns from one on, one by one.
#[inline(always)]
fn best_from<B: Better>(first: usize, rows: &[f64], best: &mut [f64]) -> bool {
    let columns = best.len();
    let best = &mut best[first..];
    best.fill(B::WORST);
    let mut nan = false;
    // Where there is no column there is no row either.
    for row in rows.chunks_exact(columns.max(1)) {
        for (best, value) in best.iter_mut().zip(&row[first..]) {
            *best = B::better(*best, *value);
            nan |= value.is_nan();
        }
    }
    nan
}

#[inline(always)]
fn best_by<B: Better>(rows: &[f64], best: &mut [f64]) -> bool {
    let columns = best.len();
    // What is no number differs from itself.
    let mut differ = [false; LANES];
    let mut at = 0;
    while at + LANES <= columns {
        let mut lanes = [B::WORST; LANES];
        let mut start = at;
        while start < rows.len() {
            let row: &[f64] = &rows[start..start + LANES];
            for lane in 0..LANES {
                lanes[lane] = B::better(lanes[lane], row[lane]);
                differ[lane] |= row[lane].is_nan();
            }
            start += columns;
        }
        best[at..at + LANES].copy_from_slice(&lanes);
        at += LANES;
    }
    differ.contains(&true) | best_from::<B>(at, rows, best)
}

#[inline(always)]
fn largest_by<A: Arithmetic>(rows: &[f64], best: &mut [f64]) -> bool {
    best_by::<Largest>(rows, best)
}

#[inline(always)]
fn smallest_by<A: Arithmetic>(rows: &[f64], best: &mut [f64]) -> bool {
    best_by::<Smallest>(rows, best)
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 times as fast")]
fn largest_on_machine(rows: &[f64], best: &mut [f64]) -> bool {
    on_this_machine!(largest_by(rows: &[f64], best: &mut [f64]) -> bool)
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 times as fast")]
fn smallest_on_machine(rows: &[f64], best: &mut [f64]) -> bool {
    on_this_machine!(smallest_by(rows: &[f64], best: &mut [f64]) -> bool)
}

/// The same as [`largest`] of many blocks of `chosen` rows of so many columns, for each a row of
/// `best`.
///
/// ```
/// use memo_runtime::__private::largest_of_all;
/// let mut best = [0.0; 4];
/// let blocks = [3.0, 1.0, 2.0, 5.0, /* the second */ -1.0, 4.0, -2.0, 7.0];
/// assert!(!largest_of_all(&blocks, 2, &mut best, 2));
/// assert_eq!(best, [3.0, 5.0, -1.0, 7.0]);
/// ```
#[must_use]
#[inline]
pub fn largest_of_all(blocks: &[f64], chosen: usize, best: &mut [f64], columns: usize) -> bool {
    best_of_all::<Largest>(blocks, chosen, best, columns, largest)
}

/// The same for the smallest.
#[must_use]
#[inline]
pub fn smallest_of_all(blocks: &[f64], chosen: usize, best: &mut [f64], columns: usize) -> bool {
    best_of_all::<Smallest>(blocks, chosen, best, columns, smallest)
}

#[inline(always)]
fn best_of_all<B: Better>(
    blocks: &[f64],
    chosen: usize,
    best: &mut [f64],
    columns: usize,
    of_rows: fn(&[f64], &mut [f64]) -> bool,
) -> bool {
    match (chosen, columns) {
        (2, 2) => best_of_few::<B, 2, 2>(blocks, best),
        (3, 2) => best_of_few::<B, 3, 2>(blocks, best),
        (4, 2) => best_of_few::<B, 4, 2>(blocks, best),
        (2, 4) => best_of_few::<B, 2, 4>(blocks, best),
        (3, 4) => best_of_few::<B, 3, 4>(blocks, best),
        (4, 4) => best_of_few::<B, 4, 4>(blocks, best),
        _ => {
            let blocks = blocks.chunks_exact((chosen * columns).max(1));
            let pairs = best.chunks_exact_mut(columns.max(1)).zip(blocks);
            pairs.fold(false, |nan, (best, rows)| nan | of_rows(rows, best))
        }
    }
}

/// A few rows as long as a small vector.
#[inline(always)]
fn best_of_few<B: Better, const CHOSEN: usize, const COLUMNS: usize>(
    blocks: &[f64],
    best: &mut [f64],
) -> bool {
    let rows = blocks.as_chunks::<COLUMNS>().0;
    // As bits, which stay in vectors where truth values do not.
    let mut differ = [0_u64; COLUMNS];
    for (at, best) in best.as_chunks_mut::<COLUMNS>().0.iter_mut().enumerate() {
        // A block that may be out of range is looked at by itself: rustc would else take
        // several, and gather their columns.
        let rows = &rows[at * CHOSEN..][..CHOSEN];
        let mut lanes = rows[0];
        for row in &rows[1..] {
            for lane in 0..COLUMNS {
                lanes[lane] = B::better(lanes[lane], row[lane]);
            }
        }
        *best = lanes;
        for row in rows {
            for lane in 0..COLUMNS {
                differ[lane] |= if row[lane].is_nan() { u64::MAX } else { 0 };
            }
        }
    }
    differ.iter().any(|differ| *differ != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{any_is_nan, larger, smaller};
    use crate::machine::Plain;

    /// Row by row, as a person would do it.
    fn one_by_one(rows: &[f64], columns: usize, worst: f64, better: fn(f64, f64) -> f64) -> Vec<f64> {
        let column = |at| rows.iter().skip(at).step_by(columns).copied().fold(worst, better);
        (0..columns).map(column).collect()
    }

    #[test]
    fn the_best_of_each_column() {
        for (columns, count) in [(1, 1), (3, 5), (15, 2), (16, 4), (17, 3), (40, 5), (64, 1), (5, 0)] {
            let cell = |at: usize| ((at * 37 + 11) % 101) as f64 - 50.0;
            let rows: Vec<f64> = (0..columns * count).map(cell).collect();
            let (mut best, mut plain) = (vec![7.0; columns], vec![7.0; columns]);
            assert!(!largest(&rows, &mut best) && !largest_by::<Plain>(&rows, &mut plain));
            assert_eq!(best, one_by_one(&rows, columns, f64::NEG_INFINITY, larger));
            assert_eq!(best, plain);
            assert!(!smallest(&rows, &mut best) && !smallest_by::<Plain>(&rows, &mut plain));
            assert_eq!(best, one_by_one(&rows, columns, f64::INFINITY, smaller));
            assert_eq!(best, plain);
        }
        assert!(!largest(&[], &mut []));
    }

    #[test]
    fn many_blocks_are_their_blocks() {
        for (columns, chosen, count) in [
            (1, 3, 4),
            (2, 2, 5),
            (2, 3, 4),
            (2, 4, 7),
            (2, 8, 3),
            (3, 2, 5),
            (4, 2, 9),
            (4, 3, 5),
            (4, 4, 3),
            (16, 2, 3),
            (20, 3, 2),
        ] {
            let cell = |at: usize| ((at * 37 + 11) % 101) as f64 - 50.0;
            let blocks: Vec<f64> = (0..columns * chosen * count).map(cell).collect();
            let expected = |worst, better| -> Vec<f64> {
                let blocks = blocks.chunks(columns * chosen);
                blocks.flat_map(|rows| one_by_one(rows, columns, worst, better)).collect()
            };
            let mut best = vec![7.0; columns * count];
            assert!(!largest_of_all(&blocks, chosen, &mut best, columns));
            assert_eq!(best, expected(f64::NEG_INFINITY, larger));
            assert!(!smallest_of_all(&blocks, chosen, &mut best, columns));
            assert_eq!(best, expected(f64::INFINITY, smaller));
            for place in 0..blocks.len() {
                let mut blocks = blocks.clone();
                blocks[place] = f64::NAN;
                assert!(largest_of_all(&blocks, chosen, &mut best, columns), "{columns} {place}");
                assert!(smallest_of_all(&blocks, chosen, &mut best, columns), "{columns} {place}");
            }
        }
    }

    #[test]
    fn what_is_no_number_is_told_wherever_it_stands() {
        for columns in [3, 16, 21] {
            for place in 0..4 * columns {
                let mut rows = vec![1.0; 4 * columns];
                rows[place] = f64::NAN;
                let mut best = vec![0.0; columns];
                assert!(largest(&rows, &mut best) && smallest(&rows, &mut best), "{columns} {place}");
            }
        }
    }

    #[test]
    fn infinite_numbers_are_numbers() {
        let rows = [f64::INFINITY, f64::NEG_INFINITY, 1.0, f64::NEG_INFINITY];
        let mut best = [0.0; 2];
        assert!(!largest(&rows, &mut best));
        assert_eq!(best, [f64::INFINITY, f64::NEG_INFINITY]);
        assert!(!any_is_nan(&best));
    }
}
