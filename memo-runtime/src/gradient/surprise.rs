//! How surprising counts are by the chances of a table, and what the chances count in that.

use super::loss::OfCells;
use crate::elementary::ln_by;
use crate::machine::{Arithmetic, LANES, on_this_machine};
use crate::real::times;

/// How often each cell of a table was seen.
pub(crate) struct Surprise<'a>(pub(crate) &'a [f64]);

impl OfCells for Surprise<'_> {
    fn add(&self, cells: &[f64], slopes: &mut [f64], first: usize) -> (f64, f64) {
        surprise(cells, &self.0[first..][..cells.len()], slopes)
    }
}

/// What a cell adds, its slope, and the product of that and the cell.
#[inline(always)]
fn of_cell<A: Arithmetic>(p: f64, count: f64) -> (f64, f64, f64) {
    let (log, slope) = (ln_by::<A>(p), -count / p);
    // Of what was not seen the chance may be anything.
    let slope = if count == 0.0 { 0.0 } else { slope };
    (times(-count, log), slope, times(slope, p))
}

/// `-Σ count ln p`, and the sum of the products of chances and slopes; the slopes,
/// `-count / p`, are left where they are to be.
#[inline(always)]
fn surprise_by<A: Arithmetic>(cells: &[f64], counts: &[f64], slopes: &mut [f64]) -> (f64, f64) {
    let ((groups, last), (seen, of_last)) = (cells.as_chunks::<LANES>(), counts.as_chunks::<LANES>());
    let (places, rest) = slopes.as_chunks_mut::<LANES>();
    let (mut lanes, mut products) = ([0.0; LANES], [0.0; LANES]);
    for ((cells, counts), slopes) in groups.iter().zip(seen).zip(places) {
        for lane in 0..LANES {
            let (loss, slope, product) = of_cell::<A>(cells[lane], counts[lane]);
            lanes[lane] += loss;
            products[lane] += product;
            slopes[lane] = slope;
        }
    }
    let (mut loss, mut product) = (A::add_up(lanes), A::add_up(products));
    for ((cell, count), slope) in last.iter().zip(of_last).zip(rest) {
        let (of_one, in_all);
        (of_one, *slope, in_all) = of_cell::<A>(*cell, *count);
        loss += of_one;
        product += in_all;
    }
    (loss, product)
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: four logarithms for one")]
pub(crate) fn surprise(cells: &[f64], counts: &[f64], slopes: &mut [f64]) -> (f64, f64) {
    on_this_machine!(surprise_by(cells: &[f64], counts: &[f64], slopes: &mut [f64]) -> (f64, f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fewer than the lanes, as many, and more.
    #[test]
    fn what_was_seen_is_as_surprising_as_one_by_one() {
        for n in [0, 1, 5, LANES, 37] {
            let cells: Vec<f64> = (0..n).map(|at| (at as f64 + 0.5) / 40.0).collect();
            let counts: Vec<f64> = (0..n).map(|at| (at * 7 % 5) as f64).collect();
            let mut slopes = vec![f64::NAN; n];
            let (loss, product) = surprise(&cells, &counts, &mut slopes);
            let pairs = || cells.iter().zip(&counts);
            let expected: f64 = pairs().map(|(p, count)| -count * p.ln()).sum();
            assert!((loss - expected).abs() <= 1e-14 * expected.abs(), "{n}: {loss}, {expected}");
            assert!((product + counts.iter().sum::<f64>()).abs() <= 1e-13 * product.abs(), "{n}: {product}");
            assert_eq!(slopes, pairs().map(|(p, count)| 0.0 - count / p).collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_is_impossible_surprises_only_where_it_was_seen() {
        let mut slopes = [0.0; 2];
        assert_eq!(surprise(&[0.0, 1.0], &[0.0, 3.0], &mut slopes), (0.0, -3.0));
        assert_eq!(slopes, [0.0, -3.0]);
        assert_eq!(surprise(&[0.0, 1.0], &[2.0, 3.0], &mut slopes).0, f64::INFINITY);
        assert_eq!(slopes, [f64::NEG_INFINITY, -3.0]);
    }
}
