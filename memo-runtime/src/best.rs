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
