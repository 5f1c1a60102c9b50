//! Rust does not chain comparisons, and neither does the language.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        return 0 < x < 2;
    }
}

fn main() {}
