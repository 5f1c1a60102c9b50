//! Sums of products of rows.

use crate::elementary::WORTH_A_BUFFER;
use crate::machine::{Arithmetic, LANES, load, on_this_machine};

macro_rules! sums_of_products {
    ($($(#[$doc:meta])* $name:ident($first:ident $(, $other:ident)*), $many:ident, $kernel:ident;)*) => {$(
        $(#[$doc])*
        #[inline]
        #[must_use]
        pub fn $name($first: &[f64] $(, $other: &[f64])*) -> f64 {
            let n = $first.len();
            $(let $other = &$other[..n];)*
            if n >= LANES {
                return $many($first $(, $other)*);
            }
            let mut total = 0.0;
            for at in 0..n {
                total += $first[at] $(* $other[at])*;
            }
            total
        }

        #[inline(always)]
        pub(crate) fn $kernel<A: Arithmetic>($first: &[f64] $(, $other: &[f64])*) -> f64 {
            let n = $first.len();
            $(let $other = &$other[..n];)*
            let mut sums = [0.0; LANES];
            let mut at = 0;
            while at + LANES <= n {
                let $first = load(&$first[at..]);
                $(let $other = load(&$other[at..]);)*
                for lane in 0..LANES {
                    sums[lane] = A::fma($first[lane], 1.0 $(* $other[lane])*, sums[lane]);
                }
                at += LANES;
            }
            let mut total = A::add_up(sums);
            while at < n {
                total = A::fma($first[at], 1.0 $(* $other[at])*, total);
                at += 1;
            }
            total
        }

        #[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 times as fast")]
        fn $many($first: &[f64] $(, $other: &[f64])*) -> f64 {
            on_this_machine!($kernel($first: &[f64] $(, $other: &[f64])*) -> f64)
        }
    )*};
}
sums_of_products! {
    /// The sum of masses.
    total(a), total_of_many, total_by;
    /// The sum of products of two rows of one length.
    dot(a, b), dot_of_many, dot_by;
    /// The sum of products of three rows of one length.
    dot3(a, b, c), dot3_of_many, dot3_by;
}

/// Room for so many terms of a sum; none where a few are added up as they come.
#[inline]
#[must_use]
pub fn terms(count: usize) -> Vec<f64> {
    if count < WORTH_A_BUFFER { Vec::new() } else { vec![0.0; count] }
}

/// A table that stands upright: its columns one after the other, so that the sums of
/// neighbouring rows are made side by side.
#[derive(Debug)]
pub(crate) struct Upright {
    cells: Vec<f64>,
    /// Where the first column begins: with a line of the cache.
    start: usize,
    /// How far it is from one column to the next, in whole lines.
    stride: usize,
}

/// The cells of a line of the cache.
const LINE: usize = 8;

impl Upright {
    /// A table with rows of the given length, turned.
    pub(crate) fn new(table: &[f64], row: usize) -> Self {
        let stride = (table.len() / row).next_multiple_of(LINE);
        // After the last column as many are read as fill a tile, and to begin with a line takes
        // some, too.
        let mut cells = vec![0.0; stride * row + 4 * LINE];
        let start = (cells.as_ptr().addr() / size_of::<f64>()).wrapping_neg() % LINE;
        for (at, row) in table.chunks_exact(row).enumerate() {
            let places = cells[start + at..].iter_mut().step_by(stride);
            places.zip(row).for_each(|(place, cell)| *place = *cell);
        }
        Self { cells, start, stride }
    }

    /// The products of the rows from `first` on with another row, summed: a number for
    /// each.
    pub(crate) fn dots(&self, first: usize, other: &[f64], sums: &mut [f64]) {
        let columns = Columns { cells: &self.cells[self.start + first..], stride: self.stride };
        dots_on_machine(columns, other, sums);
    }
}

/// Columns of a table from some row on.
#[derive(Clone, Copy)]
struct Columns<'t> {
    cells: &'t [f64],
    stride: usize,
}

impl Columns<'_> {
    /// Sums of so many rows, which stay in registers, from row `at` on.
    #[inline(always)]
    fn tile<A: Arithmetic, const ROWS: usize>(self, at: usize, other: &[f64], sums: &mut [f64]) {
        let mut tile = [0.0; ROWS];
        let cells = &self.cells[at..];
        for (column, by) in other.iter().enumerate() {
            let cells = &cells[column * self.stride..][..ROWS];
            for row in 0..ROWS {
                tile[row] = A::fma(cells[row], *by, tile[row]);
            }
        }
        match sums[at..].first_chunk_mut() {
            Some(sums) => *sums = tile,
            None => {
                let left = sums.len() - at;
                sums[at..].copy_from_slice(&tile[..left]);
            }
        }
    }
}

#[inline(always)]
fn dots_by<A: Arithmetic>(columns: Columns<'_>, other: &[f64], sums: &mut [f64]) {
    // With what is left over from a line, whose sums nobody reads.
    let all = sums.len().next_multiple_of(LINE);
    let mut at = 0;
    if A::PICKS {
        // Whole columns, as long as there are registers for them: what comes next in memory is
        // there soonest.
        macro_rules! whole_columns {
            ($($lines:literal)*) => {
                match all.div_ceil(2 * LINE) {
                    $($lines => return columns.tile::<A, { $lines * 2 * LINE }>(0, other, sums),)*
                    _ => {}
                }
            };
        }
        whole_columns!(5 6 7 8 9 10 11 12);
        while at + 128 <= all {
            columns.tile::<A, 128>(at, other, sums);
            at += 128;
        }
    }
    while at + 64 <= all {
        columns.tile::<A, 64>(at, other, sums);
        at += 64;
    }
    while at + 32 <= all {
        columns.tile::<A, 32>(at, other, sums);
        at += 32;
    }
    if at < all && all >= 32 {
        // Many at a time, some of them for the second time, take no longer than few.
        columns.tile::<A, 32>(all - 32, other, sums);
        return;
    }
    while at + 16 <= all {
        columns.tile::<A, 16>(at, other, sums);
        at += 16;
    }
    while at < all {
        columns.tile::<A, LINE>(at, other, sums);
        at += LINE;
    }
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 times as fast")]
fn dots_on_machine(columns: Columns<'_>, other: &[f64], sums: &mut [f64]) {
    on_this_machine!(dots_by(columns: Columns<'_>, other: &[f64], sums: &mut [f64]) -> ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{Fused, Plain};

    /// Whole numbers, of which every order of summing gives the same.
    #[test]
    fn sums_are_exact_where_numbers_are_whole() {
        for n in [0_u32, 1, 3, 15, 16, 17, 31, 50, 1000] {
            let row = |k: u32| -> Vec<f64> { (0..n).map(|i| f64::from((i * k) % 7)).collect() };
            let (a, b, c) = (row(3), row(5), row(11));
            let sum = |term: &dyn Fn(usize) -> f64| (0..n as usize).map(term).sum::<f64>();
            assert_eq!(total(&a), sum(&|i| a[i]), "{n}");
            assert_eq!(dot(&a, &b), sum(&|i| a[i] * b[i]), "{n}");
            assert_eq!(dot3(&a, &b, &c), sum(&|i| a[i] * b[i] * c[i]), "{n}");
            assert_eq!(dot3_by::<Plain>(&a, &b, &c), dot3_by::<Fused>(&a, &b, &c), "{n}");
        }
    }

    /// Any rows of a table, of any number, at the ends and in between.
    #[test]
    fn sums_of_rows_are_those_of_each() {
        let shapes =
            [(3, 5), (8, 1), (21, 9), (40, 17), (77, 3), (96, 4), (150, 50), (192, 2), (203, 8), (300, 5)];
        for (rows, row) in shapes {
            let table: Vec<f64> = (0..rows * row).map(|at| f64::from((at * at % 113) as u32)).collect();
            let other: Vec<f64> = (0..row).map(|at| at as f64 - 2.0).collect();
            let upright = Upright::new(&table, row);
            for first in [0, 1, 7, 8, rows / 2].into_iter().filter(|first| *first < rows) {
                for count in [1, 7, 8, 15, 33, 70, 81, 100, 113, 130, 145, 161, 177, rows - first] {
                    let mut sums = vec![f64::NAN; count.min(rows - first)];
                    upright.dots(first, &other, &mut sums);
                    for (at, sum) in sums.iter().enumerate() {
                        assert_eq!(*sum, dot(&table[(first + at) * row..][..row], &other), "{rows} {first}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_no_number_shows() {
        let mut row = vec![1.0; 40];
        row[20] = f64::NAN;
        assert!(total(&row).is_nan() && dot(&row, &row).is_nan());
        row[20] = f64::INFINITY;
        assert_eq!(total(&row), f64::INFINITY);
    }
}
