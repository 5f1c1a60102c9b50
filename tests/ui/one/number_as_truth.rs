//! `&` and `|` are of truth values, not of bits.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        return x & 2;
    }
}

fn main() {}
