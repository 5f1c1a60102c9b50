use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>(n: i64) {
    model! {
        return x if n == 0 else f[x](n - 1);
    }
}
