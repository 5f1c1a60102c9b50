//! What is handed to the axes of a model are choices, not values.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>(n: i64) {
    model! {
        return 0 if n == 0 else f[x + 1](n - 1);
    }
}

fn main() {}
