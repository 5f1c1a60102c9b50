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

/// The products of the rows of a table with another row, summed: a number for each.
#[inline]
pub(crate) fn dots(table: &[f64], other: &[f64], sums: &mut [f64]) {
    if other.len() >= LANES {
        return dots_of_many(table, other, sums);
    }
    for (sum, row) in sums.iter_mut().zip(table.chunks_exact(other.len().max(1))) {
        *sum = dot(row, other);
    }
}

#[inline(always)]
fn dots_by<A: Arithmetic>(table: &[f64], other: &[f64], sums: &mut [f64]) {
    let n = other.len();
    for (sum, row) in sums.iter_mut().zip(table.chunks_exact(n)) {
        let mut lanes = [0.0; LANES];
        let mut at = 0;
        while at + LANES <= n {
            let (a, b) = (load(&row[at..]), load(&other[at..]));
            for lane in 0..LANES {
                lanes[lane] = A::fma(a[lane], b[lane], lanes[lane]);
            }
            at += LANES;
        }
        // Through memory: else LLVM adds up pairs of lanes all along. While one row is
        // added up the next is under way.
        *sum = add_up(std::hint::black_box(lanes));
        while at < n {
            *sum = A::fma(row[at], other[at], *sum);
            at += 1;
        }
    }
}

#[allow(unsafe_code, reason = "functions for the machine's own instructions: 3 times as fast")]
fn dots_of_many(table: &[f64], other: &[f64], sums: &mut [f64]) {
    on_this_machine!(dots_by(table: &[f64], other: &[f64], sums: &mut [f64]) -> ())
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
            let (mut sums, table) = ([7.0; 3], [a.clone(), b.clone(), c.clone()].concat());
            dots(&table, &b, &mut sums);
            let one_by_one = if n == 0 { sums } else { [dot(&a, &b), dot(&b, &b), dot(&c, &b)] };
            assert_eq!(sums, one_by_one, "{n}");
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
