//! The model returns a number for each cell of its table. A choice is uncertain
//! until its chance or its expected value is asked for.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: chooses(y in X, wpp = 1);
        return alice.y + x;
    }
}

fn main() {}
