//! The model itself has no future to look into; its agents have.

use memo::prelude::*;

const X: std::ops::Range<i64> = 0..3;

#[memo]
fn f<x: X>() {
    model! {
        alice: chooses(y in X, wpp = 1);
        return Predict[alice.y] + x;
    }
}

fn main() {}
