//! Sums of products of rows.

use crate::elementary::WORTH_A_BUFFER;
use crate::machine::{Arithmetic, LANES, add_up, load, on_this_machine};

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
            let mut total = add_up(sums);
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

/// The products of some rows of a table with another row, summed: a number for each.
/// The table stands upright, its columns one after the other with a cell for each of
/// `rows` rows, so that neighbouring sums are made side by side.
pub(crate) fn dots(columns: &[f64], rows: usize, first: usize, other: &[f64], sums: &mut [f64]) {
    let table = Upright { columns, rows, first };
    dots_on_machine(table, other, sums);
}

/// A table by its columns, from some row on.
#[derive(Clone, Copy)]
struct Upright<'t> {
    columns: &'t [f64],
    rows: usize,
    first: usize,
}

#[inline(always)]
fn dots_by<A: Arithmetic>(table: Upright<'_>, other: &[f64], sums: &mut [f64]) {
    let count = sums.len();
    let column = |at: usize| &table.columns[at * table.rows + table.first..][..count];
    sums.fill(0.0);
    let mut at = 0;
    // Several columns at a time, for the sums are read and written each time.
    while at + 4 <= other.len() {
        let (a, b, c, d) = (column(at), column(at + 1), column(at + 2), column(at + 3));
        let by = [other[at], other[at + 1], other[at + 2], other[at + 3]];
        for (row, sum) in sums.iter_mut().enumerate() {
            let sum_of_two = A::fma(b[row], by[1], A::fma(a[row], by[0], *sum));
            *sum = A::fma(d[row], by[3], A::fma(c[row], by[2], sum_of_two));
        }
        at += 4;
    }
    while at < other.len() {
        for (sum, cell) in sums.iter_mut().zip(column(at)) {
            *sum = A::fma(*cell, other[at], *sum);
        }
        at += 1;
    }
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 times as fast")]
fn dots_on_machine(table: Upright<'_>, other: &[f64], sums: &mut [f64]) {
    on_this_machine!(dots_by(table: Upright<'_>, other: &[f64], sums: &mut [f64]) -> ())
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
            let columns: Vec<f64> = (0..n as usize).flat_map(|i| [a[i], b[i], c[i]]).collect();
            let mut sums = [7.0; 2];
            dots(&columns, 3, 1, &b, &mut sums);
            assert_eq!(sums, [dot(&b, &b), dot(&c, &b)], "{n}");
            assert_eq!(dot3_by::<Plain>(&a, &b, &c), dot3_by::<Fused>(&a, &b, &c), "{n}");
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
