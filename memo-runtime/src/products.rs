//! Rows of products, filled and added to.
//!
//! What a model makes of whole rows by multiplication alone is made here, by the machine's
//! own instructions: the model's own code is compiled for any machine.

use crate::machine::{Arithmetic, LANES, Plain, on_this_machine};

macro_rules! rows_of_products {
    ($(
        $(#[$doc:meta])*
        $name:ident, $kernel:ident::<$A:ident>, $many:ident: |$old:ident, $scale:ident $(, $factor:ident)*| $value:expr;
    )*) => {$(
        $(#[$doc])*
        #[inline]
        pub fn $name(row: &mut [f64], $scale: f64 $(, $factor: &[f64])*) {
            if row.len() < LANES {
                $kernel::<Plain>(row, $scale $(, $factor)*);
            } else {
                $many(row, $scale $(, $factor)*);
            }
        }

        #[inline(always)]
        fn $kernel<$A: Arithmetic>(row: &mut [f64], $scale: f64 $(, $factor: &[f64])*) {
            let n = row.len();
            $(let $factor = &$factor[..n];)*
            for at in 0..n {
                let ($old, $($factor),*) = (row[at], $($factor[at]),*);
                row[at] = $value;
            }
        }

        #[allow(unsafe_code, reason = "functions for the machine's own instructions: 2 to 3 times as fast")]
        fn $many(row: &mut [f64], $scale: f64 $(, $factor: &[f64])*) {
            on_this_machine!($kernel(row: &mut [f64], $scale: f64 $(, $factor: &[f64])*) -> ())
        }
    )*};
}
rows_of_products! {
    /// Fills a row with the products of two others and a number.
    fill_products, filled::<A>, fill_many: |_old, scale, a, b| scale * a * b;
    /// Multiplies a row by another and a number.
    multiply, multiplied::<A>, multiply_many: |old, scale, a| scale * a * old;
    /// Adds a multiple of another row to a row.
    add_multiple, added::<A>, add_many: |old, scale, a| A::fma(scale, a, old);
    /// Adds the products of two other rows and a number to a row.
    add_products, added_products::<A>, add_many_products: |old, scale, a, b| A::fma(scale * a, b, old);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whole numbers, whose products and sums are exact.
    #[test]
    fn rows_are_those_of_plain_loops() {
        for n in [0_u32, 1, 3, 15, 16, 17, 50, 100] {
            let row = |k: u32| -> Vec<f64> { (0..n).map(|at| f64::from((at * k) % 7) - 2.0).collect() };
            let (old, a, b) = (row(3), row(5), row(11));
            let expected = |cell: &dyn Fn(usize) -> f64| (0..n as usize).map(cell).collect::<Vec<f64>>();
            let made = |work: &dyn Fn(&mut [f64])| {
                let mut row = old.clone();
                work(&mut row);
                row
            };
            assert_eq!(made(&|row| fill_products(row, 3.0, &a, &b)), expected(&|at| 3.0 * a[at] * b[at]));
            assert_eq!(made(&|row| multiply(row, 3.0, &a)), expected(&|at| 3.0 * a[at] * old[at]));
            assert_eq!(made(&|row| add_multiple(row, 3.0, &a)), expected(&|at| old[at] + 3.0 * a[at]));
            let products = expected(&|at| old[at] + 3.0 * a[at] * b[at]);
            assert_eq!(made(&|row| add_products(row, 3.0, &a, &b)), products);
        }
    }
}
