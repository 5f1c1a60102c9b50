//! How surprising counts are by the chances of a table, and what the chances count in that.

use super::loss::OfCells;
use crate::elementary::ln_by;
use crate::machine::{Arithmetic, LANES, load};
use crate::real::times;

/// How often each cell of a table was seen: what the loss `-Σ count ln p` is made of.
pub(crate) struct Surprise<'a>(pub(crate) &'a [f64]);

impl OfCells for Surprise<'_> {
    #[inline(always)]
    fn one<A: Arithmetic>(&self, at: usize, cell: f64) -> (f64, f64) {
        of_cell::<A>(cell, self.0[at])
    }

    /// The counts of all are read before any is used, so that logarithms are found side by side.
    #[inline(always)]
    fn group<A: Arithmetic>(&self, at: usize, cells: &[f64; LANES]) -> [(f64, f64); LANES] {
        let (counts, mut found) = (load(&self.0[at..]), [(0.0, 0.0); LANES]);
        for lane in 0..LANES {
            found[lane] = of_cell::<A>(cells[lane], counts[lane]);
        }
        found
    }
}

/// What a cell adds, and its slope.
#[inline(always)]
fn of_cell<A: Arithmetic>(p: f64, count: f64) -> (f64, f64) {
    let (log, slope) = (ln_by::<A>(p), -count / p);
    // Of what was not seen the chance may be anything.
    (times(-count, log), if count == 0.0 { 0.0 } else { slope })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gradient::loss::add_cells;

    fn surprise(cells: &[f64], counts: &[f64], slopes: &mut [f64]) -> (f64, f64) {
        add_cells(cells, slopes, 0, &Surprise(counts))
    }

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
