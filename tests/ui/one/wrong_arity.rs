//! The functions of the language take a fixed number of arguments.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        return exp(x, 2);
    }
}

fn main() {}
