//! Each axis of the called model is given one choice.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X, y: X>(n: i64) {
    model! {
        return x + y + (0 if n == 0 else f[x](n - 1));
    }
}

fn main() {}
