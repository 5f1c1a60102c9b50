//! A model returns its table; its type follows from the axes.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() -> f64 {
    model! {
        return x;
    }
}

fn main() {}
