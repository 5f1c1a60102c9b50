//! The number in the first brackets says which of several returned values is meant.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>(n: i64) {
    model! {
        return x;
        return 1 if n == 0 else f[x, x][x](n - 1);
    }
}

fn main() {}
