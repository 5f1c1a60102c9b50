//! Elsewhere `^` is a power; here it is of truth values, as in Rust.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        a: knows(x);
        a: chooses(y in X, wpp = exp(-(x - y) ^ 2 / 2));
        return Pr[a.y == x];
    }
}

fn main() {}
