//! Methods cannot be called in a model; Rust functions can.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        return x.pow(2);
    }
}

fn main() {}
